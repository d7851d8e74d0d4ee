package plan

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"bremen/lp"
	"bremen/lp/highs"
	"bremen/lp/interior"
	"bremen/network"
)

// testPool is shared by tests: compiling the solver takes longer than they do.
var testPool *highs.Pool

// testSolver is what the program solves with.
func testSolver(t testing.TB) lp.Solver {
	t.Helper()
	if testPool == nil {
		p, err := highs.New(highs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		testPool = p
	}
	return &interior.Solver{Else: testPool}
}

// bakery: 100 people want 1000 kg of bread in weeks 2 and 3, 500 kg in week 1;
// one run of an hour in the oven gives 10 kg and takes half an hour of work.
// The oven is there for 60 hours a week, 40 hours of work are offered.
func bakery() *network.Network {
	return &network.Network{
		Settings: network.Settings{
			ID:        "bakery",
			Calendar:  network.Calendar{Start: time.Date(2027, 5, 3, 0, 0, 0, 0, time.UTC), Unit: network.Week, Periods: 3},
			Allowance: "none",
			Urgencies: []network.Urgency{{ID: "vital"}, {ID: "wish"}},
			Ladders: map[string]network.Ladder{"default": {
				{Goal: "vital", Kind: network.Leximin, Sets: []network.Set{{Urgency: "vital", To: 1}}},
				{Goal: "wish", Kind: network.Leximin, Sets: []network.Set{{Urgency: "wish", To: 1}}},
				{Goal: "effort", Kind: network.Least, Terms: []network.Term{{Of: "hours"}}},
			}},
		},
		Skills: []network.Skill{{ID: "baking", Name: "Backen"}},
		Agents: []network.Agent{
			{ID: "bakehouse", Name: "Backhaus", Type: network.Organisation, Site: "village"},
			{ID: "people", Name: "Dorf", Type: network.Group, Persons: 100, Site: "village"},
			{ID: "anna", Name: "Anna", Type: network.Person, Site: "village"},
		},
		Products: []network.Product{
			{ID: "bread", Name: "Brot", Unit: "kg", ShelfLife: 0, Storable: false},
			{ID: "oven", Name: "Ofen", Unit: "h", Durable: true, Storable: true, Reach: network.OnSite},
		},
		Needs: []network.Need{
			{ID: "n1", Agent: "people", What: "bread", Quantity: 500, Periods: network.Periods{{From: 1, To: 1}}, Urgency: "vital"},
			{ID: "n1", Agent: "people", What: "bread", Quantity: 1000, Periods: network.Periods{{From: 2, To: 3}}, Urgency: "vital"},
		},
		Recipes: []network.Recipe{{ID: "bake", Name: "Brot backen", Agent: "bakehouse", Unit: "Backgang"}},
		Flows: []network.Flow{
			{Recipe: "bake", Direction: network.Out, What: "bread", Quantity: 10},
			{Recipe: "bake", Direction: network.Use, What: "oven", Quantity: 1},
			{Recipe: "bake", Direction: network.Labour, What: "baking", Quantity: 0.5},
		},
		Work:   []network.WorkOffer{{ID: "w1", Agent: "anna", Skill: "baking", For: "bakehouse", Hours: 40, Burden: 1}},
		Stocks: []network.Stock{{Agent: "bakehouse", Product: "oven", Start: 60}},
	}
}

func planned(t *testing.T, n *network.Network) *Plan {
	t.Helper()
	n.Normalise()
	pl, err := Make(context.Background(), n, testSolver(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return pl
}

func explained(t *testing.T, pl *Plan, o ExplainOptions) *Explanation {
	t.Helper()
	x, err := Explain(context.Background(), pl, testSolver(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func near6(a, b float64) bool { return math.Abs(a-b) <= 1e-6*(1+math.Abs(b)) }

func TestOvenHoursHoldBreadDown(t *testing.T) {
	pl := planned(t, bakery())
	x := explained(t, pl, ExplainOptions{})
	if len(x.Shortfalls) != 1 {
		t.Fatalf("got %d shortfalls, want 1: %+v", len(x.Shortfalls), x.Shortfalls)
	}
	s := x.Shortfalls[0]
	if !near6(s.Level, 0.6) || s.Periods != "2-3" || s.Rung != "vital" || len(s.Causes) != 1 {
		t.Fatalf("got %+v", s)
	}
	c := s.Causes[0]
	if c.Kind != "capacity" || c.What != "oven" || c.Periods != "2-3" || !c.Confirmed {
		t.Errorf("got cause %+v", c)
	}
	// 10 hours more give 100 kg more of 1000; at 80 runs the 40 hours of work are used up.
	if !near6(c.More, 10) || !near6(c.From, 0.6) || !near6(c.To, 0.7) || !near6(c.Price, 0.01) {
		t.Errorf("got more %g from %g to %g price %g, want 10, 0.6, 0.7, 0.01", c.More, c.From, c.To, c.Price)
	}
	if !near6(c.Range[0], 0) || !near6(c.Range[1], 20) {
		t.Errorf("got range %v, want 0 to 20", c.Range)
	}
	for lang, want := range map[string]string{
		"de": "Der Bedarf an Brot wird in den Wochen 2–3 zu 60 % gedeckt (Dorf). Die Kapazität „Ofen“ bei Backhaus ist in den Wochen 2–3 voll belegt. " +
			"Mit 10 Stunden mehr je Woche steigt die Erfüllung von Brot von 60 % auf 70 %. Jede weitere Einheit bringt ebenso viel, bis insgesamt 20 Stunden je Woche.",
		"en": "60% of the need for Brot is met in weeks 2–3 (Dorf).",
	} {
		if got := plain(s.Sentence[lang]); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", lang, got, want)
		}
	}
	if len(x.Questions) != 1 || x.Questions[0].To_ != "bakehouse" {
		t.Errorf("got questions %+v", x.Questions)
	}
	const ask = "Lässt sich bei Backhaus in den Wochen 2–3 mehr von „Ofen“ bereitstellen, nämlich 10 Stunden je Woche? Damit stiege die Erfüllung von Brot von 60 % auf 70 %."
	if got := plain(x.Questions[0].Question["de"]); got != ask {
		t.Errorf("got question\n%s\nwant\n%s", got, ask)
	}
}

func TestHoursAreAskedOfTheOneWhoOffersThem(t *testing.T) {
	n := bakery()
	n.Work[0].Hours = 20
	x := explained(t, planned(t, n), ExplainOptions{})
	if len(x.Shortfalls) != 2 || !near6(x.Shortfalls[0].Level, 0.4) || !near6(x.Shortfalls[1].Level, 0.8) || len(x.Shortfalls[0].Causes) != 1 {
		t.Fatalf("got %+v", x.Shortfalls)
	}
	// 40 runs: 400 kg of 1000 in weeks 2 and 3, of 500 in week 1. The oven allows 60 runs, so 10 hours more are the most.
	c := x.Shortfalls[0].Causes[0]
	if c.Kind != "work" || !near6(c.From, 0.4) || !near6(c.Price, 0.02) || c.Range[0] != 0 || !near6(c.Range[1], 8) {
		t.Errorf("got %+v", c)
	}
	q := x.Questions[0]
	if q.To_ != "anna" || !strings.HasPrefix(plain(q.Question["en"]), "Would you work 2 hours more a week for Backen in weeks 2–3?") {
		t.Errorf("got %q asked of %q", q.Question["en"], q.To_)
	}
}

func TestWhatBringsNothingAloneIsSaidSo(t *testing.T) {
	n := bakery()
	n.Work[0].Hours = 30 // as tight as the oven
	x := explained(t, planned(t, n), ExplainOptions{})
	c := x.Shortfalls[0].Causes[0]
	if !c.Confirmed || c.To != c.From || !strings.Contains(c.Sentence["de"], "bringt nichts") {
		t.Errorf("got %+v", c)
	}
	if len(x.Questions) != 0 {
		t.Errorf("asked for what brings nothing: %+v", x.Questions)
	}
}

func TestWithoutProgramsToSolveFiguresAreEstimates(t *testing.T) {
	x := explained(t, planned(t, bakery()), ExplainOptions{Solves: -1})
	c := x.Shortfalls[0].Causes[0]
	if c.Confirmed || !near6(c.To, 0.7) || !strings.Contains(c.Sentence["en"], "not recomputed") {
		t.Errorf("got %+v", c)
	}
}

func TestNeedThatNobodyCanServeFallsThrough(t *testing.T) {
	n := bakery()
	n.Products = append(n.Products, network.Product{ID: "fish", Name: "Fisch", Unit: "kg", Storable: true})
	n.Needs = append(n.Needs, network.Need{ID: "n2", Agent: "people", What: "fish", Quantity: 3, Urgency: "wish"})
	x := explained(t, planned(t, n), ExplainOptions{})
	if len(x.Fallen) != 1 || x.Fallen[0].Need != "n2" {
		t.Errorf("got fallen %+v", x.Fallen)
	}
	s := x.Shortfalls[len(x.Shortfalls)-1]
	want := "Vom Bedarf an Fisch wird im ganzen Zeitraum nichts gedeckt (Dorf). Niemand im Netzwerk stellt es her, kauft es ein oder hat es vorrätig."
	if plain(s.Sentence["de"]) != want || len(s.Causes) != 0 {
		t.Errorf("got %+v\nwant %s", s, want)
	}
}

// An hour of oven for cakes, a wish, is an hour less for bread.
func TestExchangeRateOfAnEarlierRung(t *testing.T) {
	n := bakery()
	n.Products = append(n.Products, network.Product{ID: "cake", Name: "Kuchen", Unit: "kg"})
	n.Recipes = append(n.Recipes, network.Recipe{ID: "bake_cake", Agent: "bakehouse", Unit: "Backgang"})
	n.Flows = append(n.Flows,
		network.Flow{Recipe: "bake_cake", Direction: network.Out, What: "cake", Quantity: 5},
		network.Flow{Recipe: "bake_cake", Direction: network.Use, What: "oven", Quantity: 1})
	n.Needs = append(n.Needs, network.Need{ID: "n2", Agent: "people", What: "cake", Quantity: 100, Urgency: "wish", Periods: network.Periods{{From: 1, To: 1}}})
	pl := planned(t, n)
	explained(t, pl, ExplainOptions{})
	// Week 1: bread takes 50 of 60 hours and leaves 10 of the 20 that all cakes want.
	// One percent of bread less in week 1 frees half an hour, 2.5 % of the cakes. One percent of the rung
	// is 2.2/3 points of its mean satisfaction: 100 %, 60 % and 60 %.
	want := []ExchangeRate{{Rung: "wish", What: "cake", Rate: 2.5 / (2.2 / 3)}}
	got := pl.Ladder[0].Exchange
	if len(got) == 0 || got[0].Rung != want[0].Rung || got[0].What != want[0].What || !closeTo(got[0].Rate, want[0].Rate, 1e-4) {
		t.Errorf("got %+v, want %+v first", got, want)
	}
}

// Bread needs flour, flour needs the mill: the mill's hours hold bread down through flour.
func TestTheChainFromTheBoundToTheNeedIsNamed(t *testing.T) {
	n := bakery()
	n.Products = append(n.Products,
		network.Product{ID: "flour", Name: "Mehl", Unit: "kg", Storable: false},
		network.Product{ID: "mill", Name: "Mühle", Unit: "h", Durable: true, Storable: true, Reach: network.OnSite})
	n.Recipes = append(n.Recipes, network.Recipe{ID: "grind", Agent: "bakehouse"})
	n.Flows = append(n.Flows,
		network.Flow{Recipe: "bake", Direction: network.In, What: "flour", Quantity: 8},
		network.Flow{Recipe: "grind", Direction: network.Out, What: "flour", Quantity: 20},
		network.Flow{Recipe: "grind", Direction: network.Use, What: "mill", Quantity: 1})
	n.Stocks = append(n.Stocks, network.Stock{Agent: "bakehouse", Product: "mill", Start: 20})
	x := explained(t, planned(t, n), ExplainOptions{})
	// 400 kg of flour a week bake 50 times: 500 kg of bread.
	c := x.Shortfalls[0].Causes[0]
	if c.What != "mill" || len(c.Via) != 1 || c.Via[0] != "flour" || !near6(c.From, 0.5) {
		t.Fatalf("got %+v", c)
	}
	if !strings.Contains(c.Sentence["de"], "Die Kapazität „Mühle“ bei Backhaus ist in den Wochen 2–3 voll belegt. Das wirkt über Mehl.") {
		t.Errorf("got %s", c.Sentence["de"])
	}
}

// Bread and cake need one oven. Bread, vital, takes all of it in week 2:
// more hours would go to bread first, and those who wish for cake are told so.
func TestWhatWouldGoToOthersFirstIsSaidSo(t *testing.T) {
	n := bakery()
	n.Products = append(n.Products, network.Product{ID: "cake", Name: "Kuchen", Unit: "kg"})
	n.Recipes = append(n.Recipes, network.Recipe{ID: "bake_cake", Agent: "bakehouse"})
	n.Flows = append(n.Flows,
		network.Flow{Recipe: "bake_cake", Direction: network.Out, What: "cake", Quantity: 5},
		network.Flow{Recipe: "bake_cake", Direction: network.Use, What: "oven", Quantity: 1})
	n.Needs = append(n.Needs, network.Need{ID: "n2", Agent: "people", What: "cake", Quantity: 100, Urgency: "wish", Periods: network.Periods{{From: 2, To: 2}}})
	x := explained(t, planned(t, n), ExplainOptions{})
	s := x.Shortfalls[len(x.Shortfalls)-1]
	want := "Vom Bedarf an Kuchen wird in Woche 2 nichts gedeckt (Dorf). Die Kapazität „Ofen“ bei Backhaus ist in Woche 2 voll belegt. " +
		"Mehr davon käme zuerst denen zugute, die dringender brauchen oder weniger haben."
	if plain(s.Sentence["de"]) != want {
		t.Errorf("got\n%s\nwant\n%s", s.Sentence["de"], want)
	}
	for _, q := range x.Questions {
		if strings.Contains(q.Question["de"], "Kuchen") {
			t.Errorf("asked %q", q.Question["de"])
		}
	}
}

// Bread that is baked over two weeks cannot be there in the first.
func TestWhatCannotBeReadyInTimeIsSaidSo(t *testing.T) {
	n := bakery()
	for i := range n.Flows {
		if n.Flows[i].Direction == network.Out {
			n.Flows[i].Offset = network.Span{From: 1, To: 1}
		}
	}
	x := explained(t, planned(t, n), ExplainOptions{})
	got := ""
	for _, s := range x.Shortfalls {
		got += s.Sentence["en"] + "\n"
	}
	const want = "None of the need for Brot is met in week 1 (Dorf). Nothing of it can be there by then: making it or bringing it takes longer"
	if !strings.Contains(got, want) {
		t.Errorf("got %s\nwithout %s", got, want)
	}
}
