package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bremen/network"
)

func figure(v float64) *float64 { return &v }

// overbooked: two kinds of baking are promised that take 100 hours of an oven of 80.
func overbooked() *network.Network {
	n := bakery()
	n.Work[0].Hours = 400
	n.Stocks[0].Start = 80
	n.Products = append(n.Products, network.Product{ID: "cake", Name: "Kuchen", Unit: "kg"})
	n.Recipes = append(n.Recipes, network.Recipe{ID: "bake_cake", Name: "Kuchen backen", Agent: "bakehouse", Unit: "Backgang"})
	n.Flows = append(n.Flows,
		network.Flow{Recipe: "bake_cake", Direction: network.Out, What: "cake", Quantity: 5},
		network.Flow{Recipe: "bake_cake", Direction: network.Use, What: "oven", Quantity: 1})
	n.Commitments = []network.Commitment{
		{ID: "c1", Type: network.Runs, Of: "bake", Least: figure(90), Periods: network.Periods{{From: 2, To: 2}}, Agent: "bakehouse"},
		{ID: "c2", Type: network.Runs, Of: "bake_cake", Least: figure(10), Periods: network.Periods{{From: 2, To: 2}}, Agent: "bakehouse"},
		{ID: "c3", Type: network.Runs, Of: "bake", Least: figure(5), Periods: network.Periods{{From: 3, To: 3}}, Agent: "bakehouse"},
	}
	return n
}

func memberNames(list []Member) []string {
	var out []string
	for _, m := range list {
		out = append(out, fmt.Sprintf("%s %s %d", m.Kind, m.What, m.Period))
	}
	slices.Sort(out)
	return out
}

func TestCommitmentsThatExceedTheOven(t *testing.T) {
	n := overbooked()
	n.Commitments[0].Least, n.Commitments[1].Least = figure(70), figure(30) // neither alone is too much
	c := contradicted(t, n)
	want := []string{"capacity oven 2", "commitment c1 2", "commitment c2 2"}
	if got := memberNames(c.Members); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// 20 hours are missing: a quarter of the oven, 2/7 of c1, 2/3 of c2.
	if len(c.Repair) != 1 || c.Repair[0].Kind != "capacity" || !near6(c.Repair[0].Change, 20) {
		t.Errorf("got repair %+v", c.Repair)
	}
	for _, part := range []string{
		"Es gibt keinen Plan: 3 Angaben können nicht alle zugleich gelten",
		"Die Zusage „Brot backen“ verlangt in Woche 2 mindestens 70 Backgang.",
		"Von „Ofen“ gibt es bei Backhaus in Woche 2 nur 80 Stunden. Nötig wäre: 100 Stunden, also 20 Stunden mehr.",
	} {
		if !strings.Contains(plain(c.Sentence["de"]), part) {
			t.Errorf("got\n%s\nwithout\n%s", c.Sentence["de"], part)
		}
	}
}

func TestOneCommitmentBeyondTheOven(t *testing.T) {
	c := contradicted(t, overbooked())
	// c1 alone exceeds the oven: c2 has no part in the conflict.
	want := []string{"capacity oven 2", "commitment c1 2"}
	if got := memberNames(c.Members); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// 20 hours are missing in all: 20/80 of the oven, but 20/90 of c1.
	if len(c.Repair) != 1 || c.Repair[0].What != "c1" || !near6(c.Repair[0].Change, -20) {
		t.Errorf("got repair %+v", c.Repair)
	}
}

func TestCommittedStockBeyondWhatIsThere(t *testing.T) {
	n := bakery()
	n.Products = append(n.Products, network.Product{ID: "flour", Name: "Mehl", Unit: "kg", Storable: true})
	n.Stocks = append(n.Stocks, network.Stock{Agent: "bakehouse", Product: "flour", Start: 50, End: 70, Urgency: network.Committed})
	c := contradicted(t, n)
	want := []string{"end flour 0", "stock flour 0"}
	if got := memberNames(c.Members); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(c.Repair) != 1 || c.Repair[0].Kind != "end" || !near6(c.Repair[0].Change, -20) {
		t.Errorf("got repair %+v", c.Repair)
	}
	if !strings.Contains(c.Sentence["en"], "what there is of Mehl") {
		t.Errorf("got %s", c.Sentence["en"])
	}
}

func TestHardRatioAndBudgetContradictions(t *testing.T) {
	n := bakery()
	n.Recipes[0].Least, n.Recipes[0].Money = 10, 3
	n.Currency = "EUR"
	n.Budgets = []network.Budget{{Opening: 60}}
	c := contradicted(t, n)
	// 10 runs a week at 3 EUR over three weeks cost 90, 60 are there.
	want := []string{"budget EUR 1", "least bake 1", "least bake 2", "least bake 3"}
	if got := memberNames(c.Members); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(c.Repair) != 1 || c.Repair[0].Kind != "budget" || !near6(c.Repair[0].Change, 30) {
		t.Errorf("got repair %+v", c.Repair)
	}
}

func contradicted(t *testing.T, n *network.Network) *Contradiction {
	t.Helper()
	pl := planned(t, n)
	if pl.Status != Infeasible || pl.Contradiction == nil {
		t.Fatalf("got status %s", pl.Status)
	}
	return pl.Contradiction
}
