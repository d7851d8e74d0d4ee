package network

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// told lists findings as "check id".
func told(found []Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, strings.TrimSpace(string(f.Check)+" "+f.ID))
	}
	return out
}

func TestCheckFinds(t *testing.T) {
	some := 5.0
	tests := []struct {
		name   string
		change func(n *Network)
		want   []string // besides what the village already has
	}{
		{"nothing more in the village", func(*Network) {}, nil},
		{"a product nobody makes, buys or has", func(n *Network) {
			n.Stocks = n.Stocks[1:]
			n.Trade = nil
		}, []string{"product-without-source flour", "recipe-cannot-start bake", "need-never-served bread", "need-never-served kcal", "-money-per-hour-not-decided money_per_hour"}},
		{"a cycle without a start", func(n *Network) {
			n.Products = append(n.Products, Product{ID: "dough", Unit: "kg"}, Product{ID: "leaven", Unit: "kg"})
			n.Recipes = append(n.Recipes, Recipe{ID: "knead", Agent: "bakery"}, Recipe{ID: "feed", Agent: "bakery"})
			n.Flows = append(n.Flows, Flow{Recipe: "knead", Direction: In, What: "leaven", Quantity: 1}, Flow{Recipe: "knead", Direction: Out, What: "dough", Quantity: 2, Offset: Span{1, 1}},
				Flow{Recipe: "feed", Direction: In, What: "dough", Quantity: 1}, Flow{Recipe: "feed", Direction: Out, What: "leaven", Quantity: 1, Offset: Span{1, 1}},
				Flow{Recipe: "bake", Direction: In, What: "dough", Quantity: 1})
		}, []string{"cycle-without-start dough", "recipe-cannot-start bake", "need-never-served bread", "need-never-served kcal"}},
		{"the same cycle within one period", func(n *Network) {
			n.Products = append(n.Products, Product{ID: "dough", Unit: "kg"}, Product{ID: "leaven", Unit: "kg"})
			n.Recipes = append(n.Recipes, Recipe{ID: "knead", Agent: "bakery"}, Recipe{ID: "feed", Agent: "bakery"})
			n.Flows = append(n.Flows, Flow{Recipe: "knead", Direction: In, What: "leaven", Quantity: 1}, Flow{Recipe: "knead", Direction: Out, What: "dough", Quantity: 2},
				Flow{Recipe: "feed", Direction: In, What: "dough", Quantity: 1}, Flow{Recipe: "feed", Direction: Out, What: "leaven", Quantity: 1})
		}, nil},
		{
			"a skill nobody offers", func(n *Network) { n.Work = nil },
			[]string{"recipe-cannot-start bake", "need-never-served bread", "need-never-served kcal", "skill-not-offered baking", "-money-per-hour-not-decided money_per_hour"},
		},
		{"a skill offered to another only", func(n *Network) {
			for i := range n.Work {
				n.Work[i].For = "people"
			}
		}, []string{"recipe-cannot-start bake", "need-never-served bread", "need-never-served kcal", "skill-offered-to-others-only baking"}},
		{
			"a need out of reach", func(n *Network) { n.Links = n.Links[2:] },
			[]string{"need-out-of-reach bread", "need-out-of-reach kcal", "site-without-link people"},
		},
		{"recipes without flows, bound, or time", func(n *Network) {
			n.Recipes = append(n.Recipes, Recipe{ID: "idle", Agent: "bakery"}, Recipe{ID: "free", Agent: "bakery"}, Recipe{ID: "slow", Agent: "bakery", Most: 1, Starts: Periods{{3, 3}}})
			n.Flows = append(n.Flows, Flow{Recipe: "free", Direction: Out, What: "flour", Quantity: 1}, Flow{Recipe: "slow", Direction: Out, What: "flour", Quantity: 1, Offset: Span{2, 3}})
		}, []string{"recipe-without-flows idle", "recipe-ends-too-late slow", "recipe-without-bound free"}},
		{"links and weights", func(n *Network) {
			n.Links = append(n.Links, Link{ID: "round", From: "bakery", To: "bakery", Capacity: &some})
		}, []string{"link-to-itself round", "product-without-weight bread_rye", "product-without-weight bread_wheat", "product-without-weight flour", "product-without-weight oven"}},
		{"small groups, gaps, assumptions", func(n *Network) {
			n.Agents[0].Persons = 4
			n.Agents[0].Type = Group
			n.Profiles = []Profile{{ID: "summer", Periods: Periods{{2, 3}}, Factor: 2}}
			n.Assumptions = []Assumption{{ID: "yield", Statement: "s", Review: "2027-01-01"}, {ID: "price", Statement: "s", Review: "2028-01-01"}}
		}, []string{"small-group people", "profile-with-gaps summer", "assumption-to-review yield"}},
		{"money and hours weighed", func(n *Network) { n.MoneyPerHour = 10 }, []string{"-money-per-hour-not-decided money_per_hour"}},
	}
	today := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	base := []string{"purchase-without-bound flour", "money-per-hour-not-decided money_per_hour"}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			build := func() *Network { n := hamlet(); tt.change(n); return n }
			n := build()
			n.Normalise()
			if ps := n.Validate(); len(ps) > 0 {
				t.Fatalf("not valid: %v", ps)
			}
			got := n.Check(today)
			want := slices.Clone(base)
			for _, w := range tt.want {
				if gone, ok := strings.CutPrefix(w, "-"); ok {
					want = slices.DeleteFunc(want, func(s string) bool { return s == gone })
				} else {
					want = append(want, w)
				}
			}
			if len(n.Trade) == 0 {
				want = slices.DeleteFunc(want, func(s string) bool { return s == base[0] })
			}
			sorted := told(got)
			slices.Sort(sorted)
			slices.Sort(want)
			if !slices.Equal(sorted, want) {
				t.Errorf("got %q\nwant %q", sorted, want)
			}
			for _, f := range got {
				if f.In("de") == "" || f.In("en") == "" || f.Advice("de") == "" || f.Advice("en") == "" || strings.Contains(f.In("en")+f.Advice("en"), "{") {
					t.Errorf("no words for %+v", f)
				}
			}
			m := shuffled(build(), rand.New(rand.NewPCG(3, 4)))
			m.Normalise()
			if again := m.Check(today); !reflect.DeepEqual(again, got) {
				t.Errorf("in another order of rows:\n%+v\n%+v", again, got)
			}
		})
	}
}
