package plan

import (
	"strings"
	"testing"
	"time"

	"bremen/network"
)

// industries is an economy of one good per industry: a[i][j] of good i per unit
// of good j, labour and final demand per good.
func industries(a [][]float64, labour, demand []float64) *network.Network {
	n := &network.Network{Settings: network.Settings{
		ID:        "industries",
		Calendar:  network.Calendar{Start: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Unit: network.Year, Periods: 1},
		Allowance: "none",
		Ladders: map[string]network.Ladder{"default": {
			{Goal: "demand", Kind: network.Leximin, Sets: []network.Set{{To: 1}}},
			{Goal: "hours", Kind: network.Least, Terms: []network.Term{{Of: "hours"}}},
		}},
	}}
	n.Agents = []network.Agent{{ID: "economy", Type: network.Organisation, Site: "land"}, {ID: "people", Type: network.Group, Persons: 10, Site: "land"}}
	n.Work = []network.WorkOffer{{Agent: "economy", Skill: "labour", Hours: 1e9}}
	for j := range labour {
		id := "g" + string(rune('1'+j))
		n.Products = append(n.Products, network.Product{ID: id, Unit: "unit", Storable: false})
		n.Recipes = append(n.Recipes, network.Recipe{ID: "make_" + id, Agent: "economy"})
		n.Flows = append(n.Flows, network.Flow{Recipe: "make_" + id, Direction: network.Out, What: id, Quantity: 1},
			network.Flow{Recipe: "make_" + id, Direction: network.Labour, What: "labour", Quantity: labour[j]})
		for i := range labour {
			n.Flows = append(n.Flows, network.Flow{Recipe: "make_" + id, Direction: network.In, What: "g" + string(rune('1'+i)), Quantity: a[i][j]})
		}
		n.Needs = append(n.Needs, network.Need{Agent: "people", What: id, Quantity: demand[j]})
	}
	return n
}

// Labour values of three industries: Ochoa, E. M. (1984), as printed by Theil's exercise table.
func TestLabourValuesOfThreeIndustries(t *testing.T) {
	n := industries([][]float64{{0.265, 0.968, 0.00681}, {0.0121, 0.391, 0.0169}, {0.0408, 0.808, 0.165}},
		[]float64{0.193, 3.562, 0.616}, []float64{1000, 500, 2000})
	pl := planned(t, n)
	for id, want := range map[string]float64{"g1": 0.4398417, "g2": 7.739431, "g3": 0.8979541} {
		r, err := Origin(&pl.Document, n, id)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Embodied) != 1 || r.Embodied[0].Kind != "work" || !closeTo(r.Embodied[0].Quantity, want, 1e-6) {
			t.Errorf("%s: got %+v, want %g", id, r.Embodied, want)
		}
		if len(r.Keys) != 0 || r.Measure != "work" || len(r.Chain.Inputs) == 0 {
			t.Errorf("%s: got keys %v, measure %q, %d inputs", id, r.Keys, r.Measure, len(r.Chain.Inputs))
		}
	}
}

func closeTo(a, b, relative float64) bool {
	return a-b <= relative*b && b-a <= relative*b
}

// A field gives 10 kg of grain per 4 h of work and 2 kg of seed; a mill makes 8 kg of flour and 2 kg
// of bran of 10 kg of grain and 1 h; bran is thrown away. Flour goes 50 km to the village by bike.
func TestOriginThroughSeedMillAndTransport(t *testing.T) {
	n := bakery()
	n.Needs = []network.Need{{Agent: "people", What: "flour", Quantity: 40, Basis: network.InTotal, Urgency: "vital"}}
	n.Impacts = []network.Impact{{ID: "co2", Name: "CO2", Unit: "kg"}}
	n.Agents = append(n.Agents, network.Agent{ID: "farm", Name: "Hof", Type: network.Organisation})
	for _, id := range []string{"grain", "flour", "bran"} {
		n.Products = append(n.Products, network.Product{ID: id, Unit: "kg", Weight: 1, Storable: true})
	}
	n.Products = append(n.Products, network.Product{ID: "land", Unit: "ha", Durable: true, Storable: true, Reach: network.OnSite})
	n.Stocks = append(n.Stocks, network.Stock{Agent: "farm", Product: "land", Start: 100})
	n.Recipes = []network.Recipe{{ID: "grow", Agent: "farm"}, {ID: "mill", Agent: "farm"}}
	n.Flows = []network.Flow{
		{Recipe: "grow", Direction: network.Out, What: "grain", Quantity: 12},
		{Recipe: "grow", Direction: network.In, What: "grain", Quantity: 2},
		{Recipe: "grow", Direction: network.Labour, What: "growing", Quantity: 4},
		{Recipe: "grow", Direction: network.Use, What: "land", Quantity: 0.5},
		{Recipe: "mill", Direction: network.In, What: "grain", Quantity: 10},
		{Recipe: "mill", Direction: network.Out, What: "flour", Quantity: 8},
		{Recipe: "mill", Direction: network.Out, What: "bran", Quantity: 2},
		{Recipe: "mill", Direction: network.Labour, What: "milling", Quantity: 1},
		{Recipe: "mill", Direction: network.Burdens, What: "co2", Quantity: 0.8},
	}
	n.Work = []network.WorkOffer{
		{Agent: "farm", Skill: "growing", Hours: 1000}, {Agent: "farm", Skill: "milling", Hours: 1000}, {Agent: "bakehouse", Skill: "riding", Hours: 1000},
	}
	n.Links = []network.Link{{ID: "ride", Agent: "bakehouse", From: "farm", To: "village", Mode: "bike", Distance: 50}}
	n.LinkFlows = []network.LinkFlow{{Link: "bike", Direction: network.Labour, What: "riding", PerKm: 0.4}}
	pl := planned(t, n)
	r, err := Origin(&pl.Document, n, "flour")
	if err != nil {
		t.Fatal(err)
	}
	// 1 kg of flour: 1/8 run of the mill: 1.25 kg of grain at 0.4 h, 1/8 h, 0.1 kg of CO2; 50 km · 0.4 h/t·km = 0.02 h of riding;
	// 0.125 runs of growing net, half a hectare each, one week.
	want := map[string]float64{"work growing": 0.5, "work milling": 0.125, "work riding": 0.02, "impact co2": 0.1, "use land": 0.0625}
	if len(r.Embodied) != len(want) {
		t.Errorf("got %+v", r.Embodied)
	}
	for _, e := range r.Embodied {
		if v := want[e.Kind+" "+e.What]; !closeTo(e.Quantity, v, 1e-6) {
			t.Errorf("%s %s: got %g, want %g", e.Kind, e.What, e.Quantity, v)
		}
	}
	if !near6(r.Quantity, 40) || len(r.Keys) != 0 {
		t.Errorf("got quantity %g, keys %v", r.Quantity, r.Keys)
	}
	c := r.Chain
	if len(c.Inputs) != 1 || c.Inputs[0].Product != "grain" || !near6(c.Inputs[0].Quantity, 1.25) || !closeTo(c.Inputs[0].Share, 0.5/0.645, 1e-6) {
		t.Errorf("got chain %+v", c.Inputs)
	}
	if got := plain(r.Sentences[0]["de"]); got != "Für 1 kg flour braucht es 0,645 Stunden Arbeit." {
		t.Errorf("got %q", got)
	}
}

// Milk and manure share by mass; what is thrown away bears nothing.
func TestOriginSharesJointProducts(t *testing.T) {
	n := bakery()
	n.Products = []network.Product{{ID: "milk", Unit: "kg", Weight: 1}, {ID: "manure", Unit: "kg", Weight: 1}, {ID: "veg", Unit: "kg", Weight: 1}}
	n.Stocks = nil
	n.Recipes = []network.Recipe{{ID: "keep", Agent: "bakehouse"}, {ID: "grow", Agent: "bakehouse"}}
	n.Flows = []network.Flow{
		{Recipe: "keep", Direction: network.Out, What: "milk", Quantity: 30},
		{Recipe: "keep", Direction: network.Out, What: "manure", Quantity: 40},
		{Recipe: "keep", Direction: network.Labour, What: "baking", Quantity: 2},
		{Recipe: "grow", Direction: network.In, What: "manure", Quantity: 1},
		{Recipe: "grow", Direction: network.Out, What: "veg", Quantity: 1},
	}
	n.Needs = []network.Need{
		{Agent: "people", What: "milk", Quantity: 300, Urgency: "vital"},
		{Agent: "people", What: "veg", Quantity: 100, Urgency: "vital"},
	}
	pl := planned(t, n)
	milk, err := Origin(&pl.Document, n, "milk")
	if err != nil {
		t.Fatal(err)
	}
	// 10 runs, 20 h a week: 300 kg of milk and, of 400, 100 kg of manure are used.
	if !closeTo(milk.Embodied[0].Quantity, 20.0/400, 1e-6) || len(milk.Keys) != 1 || milk.Keys[0] != "mass" {
		t.Errorf("got %+v, keys %v", milk.Embodied, milk.Keys)
	}
	veg, err := Origin(&pl.Document, n, "veg")
	if err != nil {
		t.Fatal(err)
	}
	if !closeTo(veg.Embodied[0].Quantity, 20.0/400, 1e-6) {
		t.Errorf("got %+v", veg.Embodied)
	}
	if last := veg.Sentences[len(veg.Sentences)-1]["en"]; !strings.Contains(last, "share by mass") {
		t.Errorf("got %q", last)
	}
}

func TestOriginOfOpeningStockAndOfNothing(t *testing.T) {
	n := bakery()
	n.Products[0].Storable = true
	n.Stocks = append(n.Stocks, network.Stock{Agent: "bakehouse", Product: "bread", Start: 450})
	n.Products = append(n.Products, network.Product{ID: "fish", Unit: "kg", Storable: true})
	pl := planned(t, n)
	r, err := Origin(&pl.Document, n, "bread")
	if err != nil {
		t.Fatal(err)
	}
	var opening float64
	for _, e := range r.Embodied {
		if e.Kind == "opening" {
			opening = e.Quantity
		}
	}
	if !closeTo(opening, 450/r.Quantity, 1e-6) {
		t.Errorf("got %+v of %g", r.Embodied, r.Quantity)
	}
	if _, err := Origin(&pl.Document, n, "gold"); err == nil {
		t.Error("an unknown product has no origin")
	}
	if r, err := Origin(&pl.Document, n, "fish"); err != nil || r.Quantity != 0 || len(r.Sentences) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
}
