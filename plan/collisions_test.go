package plan

import (
	"context"
	"slices"
	"strings"
	"testing"

	"bremen/network"
)

// teahouse is the bakery with a cake that takes the same oven: an hour gives 5 kg of 100 wanted in week 2.
func teahouse() *network.Network {
	n := bakery()
	n.Work[0].Hours = 400
	n.Products = append(n.Products, network.Product{ID: "cake", Name: "Kuchen", Unit: "kg"})
	n.Recipes = append(n.Recipes, network.Recipe{ID: "bake_cake", Name: "Kuchen backen", Agent: "bakehouse", Unit: "Backgang"})
	n.Flows = append(n.Flows,
		network.Flow{Recipe: "bake_cake", Direction: network.Out, What: "cake", Quantity: 5},
		network.Flow{Recipe: "bake_cake", Direction: network.Use, What: "oven", Quantity: 1},
		network.Flow{Recipe: "bake_cake", Direction: network.Labour, What: "baking", Quantity: 0.1})
	n.Needs = []network.Need{
		{ID: "n1", Agent: "people", What: "bread", Quantity: 500, Periods: network.Periods{{From: 2, To: 2}}, Urgency: "vital"},
		{ID: "n2", Agent: "people", What: "cake", Quantity: 100, Periods: network.Periods{{From: 2, To: 2}}, Urgency: "wish"},
	}
	return n
}

func TestBreadAndCakeCollideInTheOven(t *testing.T) {
	pl := planned(t, teahouse())
	got, err := Collide(context.Background(), pl, testSolver(t), CollideOptions{Points: 3})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 {
		t.Fatalf("got %+v", got)
	}
	c := got[0]
	if !slices.Equal(c.Wanted, []string{"n2", "n1"}) || !slices.Equal(c.Bounds, []string{"oven"}) {
		t.Errorf("got %+v", c)
	}
	// Bread takes 50 of 60 hours, cake in full 20.
	want := [][2]float64{{0.5, 1}, {0.75, 0.9}, {1, 0.8}}
	for i := range c.Curve {
		if len(c.Curve) != 3 || !near6(c.Curve[i][0], want[i][0]) || !near6(c.Curve[i][1], want[i][1]) {
			t.Errorf("got curve %v, want %v", c.Curve, want)
		}
	}
	const de = "Diese Wünsche lassen sich nicht alle zugleich erfüllen; gäbe einer der Wünsche oder eine der Grenzen nach, ginge das Übrige. " +
		"Gewünscht wird Kuchen in Woche 2 zu 100 % (Dorf). Gewünscht wird Brot in Woche 2 zu 100 % (Dorf). " +
		"Von „Ofen“ gibt es bei Backhaus in Woche 2 nur 60 Stunden."
	if plain(c.Sentence["de"]) != de || !strings.HasPrefix(c.Sentence["en"], "These wishes cannot all be met together;") {
		t.Errorf("got %s\nwant %s", c.Sentence["de"], de)
	}
}

// Cut down to the rows of a dual the set is the same, but said with less certainty.
func TestCollisionsOfLargePrograms(t *testing.T) {
	pl := planned(t, teahouse())
	x := &colliding{pl: pl, p: pl.Program, w: newWording(pl.Program), solver: testSolver(t), o: CollideOptions{Most: 5, Tries: 20, Points: -1}, cut: true}
	got, err := x.worst(context.Background())
	if err != nil || len(got) != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if !slices.Equal(got[0].Wanted, []string{"n2", "n1"}) || !slices.Equal(got[0].Bounds, []string{"oven"}) || !strings.Contains(got[0].Sentence["en"], "perhaps some of them suffice") {
		t.Errorf("got %+v", got[0])
	}
}

func TestNeedThatIsAloneInTheWayIsNoCollision(t *testing.T) {
	got, err := Collide(context.Background(), planned(t, bakery()), testSolver(t), CollideOptions{})
	if err != nil || len(got) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWantedTogether(t *testing.T) {
	pl := planned(t, teahouse())
	for _, c := range []struct {
		name string
		want []Wish
		ids  []string
	}{
		{"all in full", []Wish{{What: "bread"}, {What: "cake"}}, []string{"n1", "n2"}},
		{"bread to four fifths leaves room for cake", []Wish{{What: "bread", To: 0.8}, {What: "cake"}}, nil},
		{"nobody of that name", []Wish{{What: "bread", Agent: "nobody"}, {What: "cake"}}, nil},
		{"another week", []Wish{{What: "bread", Periods: network.Periods{{From: 1, To: 1}}}, {What: "cake"}}, nil},
	} {
		got, err := Collide(context.Background(), pl, testSolver(t), CollideOptions{Wanted: c.want, Points: -1})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != pick(c.ids == nil, 0, 1) || (c.ids != nil && !slices.Equal(got[0].Wanted, c.ids)) {
			t.Errorf("%s: got %+v", c.name, got)
		}
	}
}

func TestTradeOff(t *testing.T) {
	pl := planned(t, teahouse())
	s := testSolver(t)
	got, err := TradeOff(context.Background(), pl, "bread", "cake", 0, s)
	if err != nil || len(got) != 7 {
		t.Fatalf("got %v, %v", got, err)
	}
	for i, q := range got {
		// 50 hours for bread in full and 20 for cake, 60 there are
		if !near6(50*q[0]+20*q[1], 60) || (i > 0 && q[0] <= got[i-1][0]) {
			t.Errorf("point %d: %v", i, q)
		}
	}
	n := teahouse()
	n.Stocks[0].Start = 80
	if got, err = TradeOff(context.Background(), planned(t, n), "n1", "n2", 5, s); err != nil || len(got) != 1 || got[0] != [2]float64{1, 1} {
		t.Errorf("an oven that is large enough: got %v, %v", got, err)
	}
	if _, err = TradeOff(context.Background(), pl, "bread", "tea", 5, s); err == nil {
		t.Error("tea is unknown")
	}
	if _, err = TradeOff(context.Background(), pl, "bread", "n1", 5, s); err == nil {
		t.Error("a need against itself")
	}
}

// A third need as urgent as the two keeps what it has; what is less urgent may give way.
func TestTradeOffKeepsWhatIsAsUrgent(t *testing.T) {
	n := teahouse()
	n.Products = append(n.Products, network.Product{ID: "roll", Unit: "kg"})
	n.Recipes = append(n.Recipes, network.Recipe{ID: "bake_roll", Agent: "bakehouse"})
	n.Flows = append(n.Flows,
		network.Flow{Recipe: "bake_roll", Direction: network.Out, What: "roll", Quantity: 10},
		network.Flow{Recipe: "bake_roll", Direction: network.Use, What: "oven", Quantity: 1})
	n.Needs = append(n.Needs, network.Need{ID: "n3", Agent: "people", What: "roll", Quantity: 100, Periods: network.Periods{{From: 2, To: 2}}, Urgency: "vital"})
	// Bread takes 50 hours, rolls 10: nothing is left for cakes.
	got, err := TradeOff(context.Background(), planned(t, n), "bread", "cake", 2, testSolver(t))
	if err != nil || len(got) != 2 || !near6(got[0][0], 0.6) || !near6(got[0][1], 1) || !near6(got[1][0], 1) || got[1][1] > 1e-4 {
		t.Errorf("got %v, %v", got, err)
	}
}
