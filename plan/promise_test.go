package plan

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"bremen/network"
)

// Every promise makes the plan do what it would not do by itself, or keeps it
// from doing what it would.
func TestWhatIsPromisedStands(t *testing.T) {
	farming := func(d *draft) {
		d.good("bread")
		d.recipe("bake", 20)
		d.flow(network.Out, "bread", 1)
		d.flow(network.Labour, "work", 0.5)
		d.Work = []network.WorkOffer{{ID: "help", Agent: "people", Skill: "work", Hours: 10}, {ID: "own", Agent: "farm", Skill: "work", Hours: 10}}
		d.link("farm", "town")
		d.need("bread", "people", "bread", 10)
	}
	for name, c := range map[string]struct {
		promise func(d *draft)
		figure  func(d *Document) float64
		want    float64
		needs   wants
	}{
		"runs at least": {func(d *draft) { d.promise(network.Runs, "bake", figure(15), nil, in(2)) },
			func(d *Document) float64 { return runsIn(d, "bake", 2) }, 15, wants{"bread@1": 1, "bread@2": 1}},
		"runs at most": {func(d *draft) { d.promise(network.Runs, "bake", nil, figure(4), nil) },
			func(d *Document) float64 { return runsIn(d, "bake", 1) }, 4, wants{"bread@1": 0.4, "bread@2": 0.4}},
		"a delivery at least": {func(d *draft) {
			d.Recipes[0].Most = 5
			d.promise(network.Delivery, "bread", figure(7), nil, in(2))
		}, func(d *Document) float64 { return d.Needs[1].Delivered }, 7, wants{"bread@1": 0.3, "bread@2": 0.7}},
		"a delivery at most": {func(d *draft) { d.promise(network.Delivery, "bread", nil, figure(2), in(1)) },
			func(d *Document) float64 { return d.Needs[0].Delivered }, 2, wants{"bread@1": 0.2, "bread@2": 1}},
		"a transfer": {func(d *draft) { d.promise(network.Transfer, "farm-town", figure(12), nil, in(1)).Product = "bread" },
			func(d *Document) float64 { return d.Transfers[0].Quantity }, 12, wants{"bread@1": 1, "bread@2": 1}},
		"a purchase": {func(d *draft) {
			d.buy("town", "bread", 1)
			d.promise(network.Purchase, "buy bread", figure(3), nil, in(1))
		}, func(d *Document) float64 { return d.Purchases[0].Quantity }, 3, wants{"bread@1": 1, "bread@2": 1}},
		"a sale": {func(d *draft) {
			d.sell("farm", "bread", 1)
			d.promise(network.Sale, "sell bread", figure(6), nil, in(2))
		}, func(d *Document) float64 { return d.Sales[0].Quantity }, 6, wants{"bread@1": 1, "bread@2": 1}},
		"a stock": {func(d *draft) { d.promise(network.Holding, "farm", figure(5), nil, in(1)).Product = "bread" },
			func(d *Document) float64 { return stockIn(d, "farm", "bread", 1) }, 5, wants{"bread@1": 1, "bread@2": 1}},
		"hours of work": {func(d *draft) { d.promise(network.Working, "help", figure(4), figure(4), nil) },
			func(d *Document) float64 { return hoursIn(d, "help", 2) }, 4, wants{"bread@1": 1, "bread@2": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			d := drafted(2)
			farming(d)
			c.promise(d)
			pl := plannedRight(t, d.Network, c.needs)
			if got := c.figure(&pl.Document); !near6(got, c.want) {
				t.Errorf("got %g, want %g", got, c.want)
			}
		})
	}
}

func runsIn(d *Document, recipe string, t int) float64 {
	for _, l := range d.Runs {
		if l.Recipe == recipe && l.Period == t {
			return l.Runs
		}
	}
	return 0
}

func stockIn(d *Document, site, product string, t int) float64 {
	for _, l := range d.Stocks {
		if l.Site == site && l.Product == product && l.Period == t {
			return l.Quantity
		}
	}
	return 0
}

func hoursIn(d *Document, offer string, t int) float64 {
	sum := 0.0
	for _, l := range d.Work {
		if l.Offer == offer && l.Period == t {
			sum += l.Hours
		}
	}
	return sum
}

func TestADeliveryPromisedInTotalBindsOnce(t *testing.T) {
	d := drafted(3)
	d.good("wood")
	d.stock("town", "wood", 10)
	d.need("total", "people", "wood", 12).Basis = network.InTotal
	d.need("week", "people", "wood", 4)
	d.promise(network.Delivery, "total", figure(9), nil, nil)
	pl := plannedRight(t, d.Network, wants{"total@0": 0.75})
	if !slices.ContainsFunc(pl.Needs, func(l NeedLine) bool { return l.Need == "week" && l.Satisfaction < 0.1 }) {
		t.Errorf("got %+v", pl.Needs)
	}
}

// Two groups alike: what one is promised is not owed to the other.
func TestAPromiseToOneOfManyAlikeIsItsOwn(t *testing.T) {
	d := drafted(1)
	d.good("bread")
	d.stock("town", "bread", 10)
	d.group("others", "town", 10)
	d.need("ours", "people", "bread", 10)
	d.need("theirs", "others", "bread", 10)
	d.promise(network.Delivery, "ours", figure(8), nil, nil)
	plannedRight(t, d.Network, wants{"ours@1": 0.8, "theirs@1": 0.2})
}

func TestAGoalForOneOfManyAlikeIsItsOwn(t *testing.T) {
	for _, reach := range []network.Reach{network.ByLink, network.Anywhere} {
		d := drafted(1)
		d.good("care", func(p *network.Product) { p.Reach = reach })
		d.stock("town", "care", 10)
		d.group("others", "town", 10)
		d.need("ours", "people", "care", 10)
		d.need("theirs", "others", "care", 10)
		d.Ladders["default"] = network.Ladder{
			{Goal: "first", Kind: network.Leximin, Sets: []network.Set{{Agent: "others", To: 1}}},
			{Goal: "then", Kind: network.Leximin, Sets: []network.Set{{To: 1}}},
		}
		plannedRight(t, d.Network, wants{"ours@1": 0, "theirs@1": 1})
	}
}

func TestWhoNeedsTheSamePerHeadAtOnePlaceIsOneClass(t *testing.T) {
	d := drafted(2)
	d.good("bread", life(1))
	d.buy("town", "bread", 1).Most = figure(21)
	for i, persons := range []float64{3, 7, 20} {
		id := fmt.Sprint("g", i)
		d.group(id, "town", persons)
		n := d.need(id, id, "bread", 1.4)
		n.PerPerson = true
	}
	pl := plannedRight(t, d.Network, wants{"g0@1": 0.5, "g1@1": 0.5, "g2@2": 0.5})
	if k := len(pl.Program.classes); k != 1 {
		t.Errorf("got %d classes, want 1", k)
	}
	for _, c := range pl.Consumed {
		persons := map[string]float64{"g0": 3, "g1": 7, "g2": 20}[c.Agent]
		if !near6(c.Quantity, 0.7*persons) {
			t.Errorf("%s takes %g in %d, want %g", c.Agent, c.Quantity, c.Period, 0.7*persons)
		}
	}
	d = drafted(1)
	d.good("bread")
	d.stock("town", "bread", 10)
	d.group("other", "town", 10)
	d.need("a", "people", "bread", 10)
	d.need("b", "other", "bread", 10.1)
	if k := len(plannedRight(t, d.Network, nil).Program.classes); k != 2 {
		t.Errorf("needs that differ: got %d classes, want 2", k)
	}
}

// Of a pooled service each takes what it was allotted at its own urgency.
func TestPooledGoodsAreDividedAsDelivered(t *testing.T) {
	d := drafted(1)
	d.good("care", pooled)
	d.stock("", "care", 20)
	d.group("others", "farm", 10)
	d.need("people", "people", "care", 10).Urgency = "vital"
	d.need("vital", "others", "care", 10).Urgency = "vital"
	d.need("wish", "others", "care", 10).Urgency = "wish"
	d.Ladders["default"] = network.Ladder{
		{Goal: "vital", Kind: network.Leximin, Sets: []network.Set{{Urgency: "vital", To: 1}}},
		{Goal: "wish", Kind: network.Leximin, Sets: []network.Set{{Urgency: "wish", To: 1}}},
	}
	pl := plannedRight(t, d.Network, wants{"people@1": 1, "vital@1": 1, "wish@1": 0})
	for _, c := range pl.Consumed {
		if !near6(c.Quantity, 10) {
			t.Errorf("%s takes %g, want 10", c.Agent, c.Quantity)
		}
	}
}

func TestWhatFallsAfterTheLastPeriodIsReported(t *testing.T) {
	d := drafted(2)
	d.good("salad")
	d.recipe("sow", 4).Least = 4
	d.flow(network.Out, "salad", 2, 1, 3)
	d.flow(network.Labour, "work", 0.5, 2)
	d.Work = []network.WorkOffer{{Agent: "farm", Skill: "work", Hours: 10}}
	d.link("farm", "town")
	d.need("salad", "people", "salad", 8)
	pl := plannedRight(t, d.Network, wants{"salad@1": 0, "salad@2": 1})
	// Started in 1, two of three harvests and all work fall into 3 and 4; started in 2, everything.
	want := []CutOff{{Recipe: "sow", Kind: "out", What: "salad", Quantity: 4*2*2 + 4*2*3}, {Recipe: "sow", Kind: "work", What: "work", Quantity: 4*0.5 + 4*0.5}}
	if len(pl.CutOff) != len(want) {
		t.Fatalf("got %+v, want %+v", pl.CutOff, want)
	}
	for i, w := range want {
		got := pl.CutOff[i]
		if got.Kind != w.Kind || got.What != w.What || !near6(got.Quantity, w.Quantity) {
			t.Errorf("got %+v, want %+v", got, w)
		}
	}
}

func TestPreferredVariantsAreChosenWhereNothingElseIsLost(t *testing.T) {
	d := drafted(1)
	d.good("rye")
	d.good("wheat")
	d.stock("town", "rye", 10)
	d.stock("town", "wheat", 10)
	d.group("others", "town", 10)
	d.Variants = []network.Variant{{Kind: "bread", Product: "rye", Preference: 0.2}, {Kind: "bread", Product: "wheat", Preference: 1}}
	d.Preferences = []network.Preference{{Agent: "others", Kind: "bread", Product: "rye", Preference: 1}, {Agent: "others", Kind: "bread", Product: "wheat", Preference: 0.5}}
	d.need("a", "people", "bread", 10)
	d.need("b", "others", "bread", 10)
	d.Ladders["default"] = slices.Insert(d.Ladders["default"], 1, network.Rung{Goal: "liked", Kind: network.Leximin, Sets: []network.Set{{Of: network.SetPreferences, To: 1}}})
	pl := plannedRight(t, d.Network, wants{"a@1": 1, "b@1": 1})
	for _, c := range pl.Consumed {
		if want := map[string]string{"people": "wheat", "others": "rye"}[c.Agent]; c.Product != want {
			t.Errorf("%s takes %g of %s, likes %s", c.Agent, c.Quantity, c.Product, want)
		}
	}
}

// The burden is spread evenly over those who offer: 6 hours of 4 and 8 at burden 1 are half of each.
func TestWorkIsSpreadEvenly(t *testing.T) {
	d := drafted(1)
	worked(d)
	d.Needs[0].Quantity = 6
	d.Agents = append(d.Agents, network.Agent{ID: "anna", Type: network.Person, Site: "town"}, network.Agent{ID: "ben", Type: network.Person, Site: "town"})
	d.Work = []network.WorkOffer{{ID: "anna", Agent: "anna", Skill: "work", Hours: 4, Burden: 1}, {ID: "ben", Agent: "ben", Skill: "work", Hours: 8, Burden: 1}}
	d.Ladders["default"] = append(d.Ladders["default"], network.Rung{Goal: "rest", Kind: network.Leximin, Sets: []network.Set{{Of: network.SetRest, To: 1}}})
	pl := plannedRight(t, d.Network, wants{"bread@1": 1})
	for _, l := range pl.Work {
		if want := l.Offered / 2; math.Abs(l.Hours-want) > 1e-4 {
			t.Errorf("%s works %g of %g, want %g", l.Agent, l.Hours, l.Offered, want)
		}
	}
}
