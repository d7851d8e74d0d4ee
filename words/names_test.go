package words

import (
	"testing"

	"bremen/network"
)

func TestNames(t *testing.T) {
	m := NewNames(&network.Network{
		Agents: []network.Agent{
			{ID: "bakery", Name: "Bakery", Type: network.Organisation, Site: "village"},
			{ID: "mill_lane", Name: "Mill Lane", Site: "village"},
			{ID: "farmers", Name: "Farm cooperative", Type: network.Organisation, Site: "farm"},
			{ID: "nameless", Site: "farm"},
		},
		Sites:      []network.Site{{ID: "village", Name: "Village"}, {ID: "farm"}},
		Products:   []network.Product{{ID: "rye", Name: "Rye bread"}},
		Variants:   []network.Variant{{Kind: "bread", Name: "Bread", Product: "rye"}, {Kind: "bread", Product: "wheat"}},
		Properties: []network.Property{{ID: "kcal", Name: "Energy"}},
		Recipes:    []network.Recipe{{ID: "rye", Name: "Bake rye bread"}},
		Skills:     []network.Skill{{ID: "baking", Name: "Baking"}},
		Impacts:    []network.Impact{{ID: "co2e", Name: "Greenhouse gases"}},
		Links:      []network.Link{{ID: "up", From: "farm", To: "village", TwoWay: true}},
	})
	for got, want := range map[string]string{
		m.Agent("bakery"): "Bakery", m.Agent("nameless"): "nameless", m.Site("village"): "Village",
		m.Site("farm"):  "Farm cooperative", // the only organisation there
		m.Thing("kcal"): "Energy", m.Thing("bread"): "Bread", m.Thing("rye"): "Rye bread", m.Recipe("rye"): "Bake rye bread", m.Skill("baking"): "Baking",
		m.Impact("co2e"): "Greenhouse gases", m.Link("up"): "Farm cooperative → Village", m.Any("up back"): "Village → Farm cooperative", m.Place("up"): "Farm cooperative → Village",
		m.Any("rye"): "Rye bread", m.Thing("oat_flakes"): "oat flakes",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
