package network

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// hamlet is a small network that leaves much to defaults. Rows are in no particular order.
func hamlet() *Network {
	two := 2.0
	return &Network{
		Settings:   Settings{ID: "village", Calendar: Calendar{Periods: 4}},
		Properties: []Property{{ID: "kcal", Unit: "kcal"}},
		Impacts:    []Impact{{ID: "co2e", Unit: "kg"}},
		Skills:     []Skill{{ID: "baking"}},
		Agents:     []Agent{{ID: "people", Persons: 40}, {ID: "bakery"}, {ID: "anna", Type: Person}},
		Products: []Product{
			{ID: "flour", Unit: "kg", Storable: true},
			{ID: "bread_rye", Unit: "kg", Storable: true},
			{ID: "bread_wheat", Unit: "kg", Storable: true},
			{ID: "oven", Unit: "h", Durable: true},
		},
		Contents: []Content{{Product: "bread_rye", Property: "kcal", Quantity: 220, Unit: "kcal/100 g"}},
		Variants: []Variant{{Kind: "bread", Product: "bread_rye", Rate: 0.945, Preference: 1}, {Kind: "bread", Product: "bread_wheat", Preference: 1}},
		Needs: []Need{
			{Agent: "people", What: "bread", Quantity: 500, Unit: "g", PerPerson: true, Periods: Periods{{3, 4}, {1, 2}}},
			{Agent: "people", What: "kcal", Quantity: 2000, PerPerson: true, Basis: PerDay, Urgency: "vital"},
			{Agent: "anna", What: "bread", Quantity: 1, Urgency: "vital"},
			{Agent: "anna", What: "bread", Quantity: 1, Urgency: "wish"},
		},
		Recipes: []Recipe{{ID: "bake", Agent: "bakery"}},
		Flows: []Flow{
			{Recipe: "bake", Direction: In, What: "flour", Quantity: 700, Unit: "g"},
			{Recipe: "bake", Direction: Out, What: "bread_rye", Quantity: 1},
			{Recipe: "bake", Direction: Labour, What: "baking", Quantity: 3, Unit: "min"},
			{Recipe: "bake", Direction: Use, What: "oven", Quantity: 0.1},
			{Recipe: "bake", Direction: Burdens, What: "co2e", Quantity: 100, Unit: "g"},
		},
		Work:   []WorkOffer{{Agent: "anna", Skill: "baking", Hours: 5, Burden: 3}, {Agent: "anna", Skill: "baking", Hours: 20}, {Agent: "bakery", Skill: "baking", Hours: 9}},
		Stocks: []Stock{{Agent: "bakery", Product: "flour", Start: 1, Unit: "t"}, {Agent: "bakery", Product: "oven", Start: 40, End: 40}},
		Links:  []Link{{From: "bakery", To: "people", Mode: "van"}, {From: "bakery", To: "people", Mode: "bike"}, {From: "bakery", To: "anna"}},
		Trade:  []Trade{{Agent: "bakery", Type: "buy", Product: "flour", Price: 2, Most: &two}, {Agent: "bakery", Type: "buy", Product: "flour", Price: 1}},
		Limits: []Limit{{What: "co2e", Quantity: 1, Unit: "t"}},
	}
}

func TestNormaliseFillsDefaults(t *testing.T) {
	n := hamlet()
	n.Normalise()
	if ps := n.Validate(); len(ps) > 0 {
		t.Fatal(ps)
	}
	check := func(what string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	check("agents", [][]any{{n.Agents[0].Type, n.Agents[0].Site}, {n.Agents[1].Type, n.Agents[1].Persons}, {n.Agents[2].Persons}},
		[][]any{{Group, "people"}, {Organisation, 0.0}, {1.0}})
	check("sites", len(n.Sites), 3)
	check("need", []any{n.Needs[0].ID, n.Needs[0].Quantity, n.Needs[0].Unit, n.Needs[0].Periods.String(), n.Needs[0].Urgency, n.Needs[0].Basis},
		[]any{"people:bread", 0.5, "kg", "1-4", "important", PerPeriod})
	check("needs told apart", []string{n.Needs[2].ID, n.Needs[3].ID}, []string{"anna:bread:vital", "anna:bread:wish"})
	check("contents", n.Contents[0].Quantity, 2200.0)
	check("kind", []any{n.Variants[1].Rate, n.Variants[1].Unit}, []any{1.0, "kg"})
	check("flows", []float64{n.Flows[0].Quantity, n.Flows[2].Quantity, n.Flows[4].Quantity}, []float64{0.7, 0.05, 0.1})
	check("recipe", n.Recipes[0].Site, "bakery")
	check("work", []string{n.Work[0].ID, n.Work[1].ID, n.Work[2].ID, n.Work[2].For, n.Work[0].For},
		[]string{"anna:baking:2", "anna:baking:1", "bakery:baking", "bakery", ""})
	check("stocks", []any{n.Stocks[0].Start, n.Stocks[0].Site, n.Stocks[0].Urgency, n.Stocks[1].Urgency}, []any{1000.0, "bakery", "", Committed})
	check("links", []string{n.Links[0].ID, n.Links[1].ID, n.Links[2].ID}, []string{"bakery-people-van", "bakery-people-bike", "bakery-anna"})
	check("trade", []string{n.Trade[0].ID, n.Trade[1].ID, n.Trade[0].Site}, []string{"buy:flour:bakery:2", "buy:flour:bakery:1", "bakery"})
	check("limit", []any{n.Limits[0].ID, n.Limits[0].Quantity, n.Limits[0].Basis}, []any{"co2e", 1000.0, PerPeriod})
	check("settings", []any{n.Calendar.Unit, n.Counting, n.Allowance, len(n.Urgencies)}, []any{Week, CountOnce, AllowTwiceMedian, 3})
}

func TestNormaliseIsIdempotent(t *testing.T) {
	n, again := hamlet(), hamlet()
	n.Normalise()
	again.Normalise()
	again.Normalise()
	if !reflect.DeepEqual(n, again) {
		t.Errorf("a second time changed something:\n%+v\n%+v", n, again)
	}
}

// shuffled puts the rows of every table in a random order.
func shuffled(n *Network, r *rand.Rand) *Network {
	for i := range Tables {
		c := Tables[i].Cursor(n)
		c.rows.permute(r.Perm(c.Len()))
	}
	return n
}

func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	n := hamlet()
	n.Normalise()
	n.Canonical()
	hash := Hash(n)
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		m := shuffled(hamlet(), r)
		m.Normalise()
		if got := Hash(m); got != hash {
			t.Fatalf("hash %s in another order, %s before", got, hash)
		}
		m.Canonical()
		if !reflect.DeepEqual(m, n) {
			t.Fatal("the canonical form differs")
		}
	}
}

func TestHashSeesEveryFigure(t *testing.T) {
	n := hamlet()
	n.Normalise()
	seen := map[string]string{Hash(n): "nothing"}
	change := func(what string, f func()) {
		t.Helper()
		f()
		h := Hash(n)
		if before, ok := seen[h]; ok {
			t.Errorf("changing %s gives the hash of changing %s", what, before)
		}
		seen[h] = what
	}
	change("a quantity", func() { n.Needs[0].Quantity = 0.25 })
	change("a bound to zero", func() { zero := 0.0; n.Trade[1].Most = &zero })
	change("periods", func() { n.Needs[0].Periods = Periods{{1, 3}} })
	change("a rung", func() { n.Ladders = map[string]Ladder{"x": {{Goal: "a", Kind: Least, Terms: []Term{{Of: "money"}}}}} })
	change("the title", func() { n.Title = Plain("x") })
	n.Needs[0].Position = Position{File: "needs.csv", Line: 3}
	if seen[Hash(n)] != "the title" {
		t.Error("the position changed the hash")
	}
}

func TestDefaultLadder(t *testing.T) {
	n := hamlet()
	n.Normalise()
	goals := func(l Ladder) []string {
		var out []string
		for _, r := range l {
			out = append(out, r.Goal)
		}
		return out
	}
	want := []string{"vital-half", "vital-most", "vital", "important", "wish", "effort", "money", "rest", "least-co2e", "movement", "stock-and-transport"}
	if got := goals(DefaultLadder(n)); !slices.Equal(got, want) {
		t.Errorf("goals %v, want %v", got, want)
	}
	n.MoneyPerHour = 12
	n.Variants[0].Preference = 0.5
	l := DefaultLadder(n)
	if got := goals(l); !slices.Equal(got, []string{"vital-half", "vital-most", "vital", "important", "wish", "preferences", "effort", "rest", "least-co2e", "movement", "stock-and-transport"}) {
		t.Errorf("goals %v", got)
	}
	if effort := l[6]; len(effort.Terms) != 2 || effort.Terms[0].Weight != 12 || effort.Kind != Sum {
		t.Errorf("effort %+v", effort)
	}
	n.Ladders = map[string]Ladder{"default": l}
	if ps := n.Validate(); len(ps) > 0 {
		t.Errorf("the default ladder is invalid: %v", ps)
	}
	five := &Network{Settings: Settings{Urgencies: []Urgency{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}, {ID: "e"}}}}
	if r := DefaultLadder(five)[1]; len(r.Sets) != 5 || r.Sets[0].To != 0.8 || r.Sets[1].To != 0.5 || r.Sets[4].To != 0.3 {
		t.Errorf("five levels: %+v", r)
	}
	if r := DefaultLadder(five)[4]; r.Goal != "c" || len(r.Sets) != 3 {
		t.Errorf("five levels, all later ones: %+v", r)
	}
	one := &Network{Settings: Settings{Urgencies: []Urgency{{ID: "a"}}}}
	if got := goals(DefaultLadder(one)); !slices.Equal(got, []string{"a-half", "a-most", "a", "effort", "movement", "stock-and-transport"}) {
		t.Errorf("one level: %v", got)
	}
}

func TestLadderByName(t *testing.T) {
	n := hamlet()
	n.Ladders = map[string]Ladder{"weighted": {{Goal: "x"}}}
	if l, err := n.Ladder("weighted"); err != nil || l[0].Goal != "x" {
		t.Errorf("%v, %v", l, err)
	}
	if l, err := n.Ladder(""); err != nil || len(l) < 5 {
		t.Errorf("%v, %v", l, err)
	}
	if _, err := n.Ladder("weigthed"); err == nil || err.Error() != `ladder: unknown ladder "weigthed"; did you mean "weighted"?` {
		t.Errorf("%v", err)
	}
}

func TestProblemsOfNetworksBuiltInGoNameTheRow(t *testing.T) {
	n := hamlet()
	n.Needs[1].What = "kcla"
	n.Needs[2].Quantity = -1
	n.Normalise()
	got := n.Validate()
	want := `needs, row 2: column "what": unknown product, kind or property "kcla"; did you mean "kcal"?
needs, row 3: column "quantity": "-1" is negative; a number from 0 is expected`
	if got.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
	if de := got[0].In("de"); de != `needs, Zeile 2: Spalte „was“ (what): unbekannt als Gut, Art oder Eigenschaft: „kcla“; meintest du „kcal“?` {
		t.Errorf("got %s", de)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	n := &Network{}
	for range MaxProblems + 500 {
		n.Skills = append(n.Skills, Skill{})
	}
	n.Normalise()
	ps := n.Validate()
	if len(ps) != MaxProblems+1 || ps[len(ps)-1].Code != CodeTooManyMistakes {
		t.Errorf("%d problems, the last %v", len(ps), ps[len(ps)-1])
	}
}
