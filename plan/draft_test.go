package plan

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"bremen/network"
)

// draft is a network being put together for one test: a farm, a mill in
// between and a town, where ten people live. All needs rise together, then
// little is made and carried.
type draft struct{ *network.Network }

func drafted(periods int) *draft {
	n := &network.Network{Settings: network.Settings{
		ID: "draft", Allowance: "none", Calendar: bakery().Calendar, Currency: "EUR", MoneyPerHour: 1,
		Ladders: map[string]network.Ladder{"default": {
			{Goal: "all", Kind: network.Leximin, Sets: []network.Set{{To: 1}}},
			{Goal: "little", Kind: network.Least, Terms: []network.Term{{Of: "runs"}, {Of: "transport"}, {Of: "purchases", Weight: 3}, {Of: "sales", Weight: 0.1}}},
		}},
	}}
	n.Calendar.Periods = periods
	n.Sites = []network.Site{{ID: "farm"}, {ID: "mill"}, {ID: "town"}}
	n.Agents = []network.Agent{
		{ID: "farm", Type: network.Organisation, Site: "farm"},
		{ID: "people", Type: network.Group, Persons: 10, Site: "town"},
	}
	n.Skills = []network.Skill{{ID: "work"}}
	n.Impacts = []network.Impact{{ID: "co2", Unit: "kg"}}
	return &draft{n}
}

func in(t int) network.Periods { return network.Periods{{From: t, To: t}} }

func (d *draft) good(id string, change ...func(*network.Product)) {
	p := network.Product{ID: id, Unit: "kg", Weight: 1, Storable: true}
	for _, c := range change {
		c(&p)
	}
	d.Products = append(d.Products, p)
}

func pooled(p *network.Product) { p.Reach = network.Anywhere }

func machine(p *network.Product) { p.Durable, p.Reach, p.Unit = true, network.OnSite, "h" }

func life(periods int) func(*network.Product) {
	return func(p *network.Product) { p.ShelfLife = periods }
}

func (d *draft) need(id, agent, what string, q float64, periods ...network.Periods) *network.Need {
	for _, p := range append([]network.Periods{}, periods...) {
		d.Needs = append(d.Needs, network.Need{ID: id, Agent: agent, What: what, Quantity: q, Periods: p})
	}
	if len(periods) == 0 {
		d.Needs = append(d.Needs, network.Need{ID: id, Agent: agent, What: what, Quantity: q})
	}
	return &d.Needs[len(d.Needs)-1]
}

func (d *draft) group(id, site string, persons float64) *network.Agent {
	d.Agents = append(d.Agents, network.Agent{ID: id, Type: network.Group, Site: site, Persons: persons})
	return &d.Agents[len(d.Agents)-1]
}

func (d *draft) stock(site, product string, start float64) *network.Stock {
	d.Stocks = append(d.Stocks, network.Stock{Site: site, Product: product, Start: start})
	return &d.Stocks[len(d.Stocks)-1]
}

func (d *draft) link(from, to string) *network.Link {
	d.Links = append(d.Links, network.Link{ID: from + "-" + to, From: from, To: to})
	return &d.Links[len(d.Links)-1]
}

// recipe is the farm's; flows are of the recipe added last.
func (d *draft) recipe(id string, most float64) *network.Recipe {
	d.Recipes = append(d.Recipes, network.Recipe{ID: id, Agent: "farm", Most: most})
	return &d.Recipes[len(d.Recipes)-1]
}

func (d *draft) flow(dir network.Direction, what string, q float64, offset ...int) {
	f := network.Flow{Recipe: d.Recipes[len(d.Recipes)-1].ID, Direction: dir, What: what, Quantity: q}
	if len(offset) > 0 {
		f.Offset = network.Span{From: offset[0], To: offset[len(offset)-1]}
	}
	d.Flows = append(d.Flows, f)
}

func (d *draft) buy(site, product string, price float64) *network.Trade {
	d.Trade = append(d.Trade, network.Trade{ID: "buy " + product, Type: "buy", Site: site, Product: product, Price: price, Most: figure(1000)})
	return &d.Trade[len(d.Trade)-1]
}

func (d *draft) sell(site, product string, price float64) *network.Trade {
	d.Trade = append(d.Trade, network.Trade{ID: "sell " + product, Type: "sell", Site: site, Product: product, Price: price, Most: figure(1000)})
	return &d.Trade[len(d.Trade)-1]
}

func (d *draft) promise(kind network.CommitmentType, of string, least, most *float64, periods network.Periods) *network.Commitment {
	d.Commitments = append(d.Commitments, network.Commitment{ID: "promise", Type: kind, Of: of, Least: least, Most: most, Periods: periods})
	return &d.Commitments[len(d.Commitments)-1]
}

// wants says, per need and period ("bread@2", in total "bread@0"), which satisfaction is right.
type wants map[string]float64

// plannedRight plans a draft that must be valid, checks its balances and its
// proofs, and compares satisfactions.
func plannedRight(t *testing.T, n *network.Network, want wants) *Plan {
	t.Helper()
	n.Normalise()
	if problems := n.Validate(); len(problems) > 0 {
		t.Fatalf("the draft is not valid: %v", problems)
	}
	pl := planned(t, n)
	if pl.Status != Optimal {
		t.Fatalf("got status %s: %+v", pl.Status, pl.Contradiction)
	}
	for _, w := range audited(n, &pl.Document) {
		t.Error(w)
	}
	if v := holds(t, n, &pl.Document, pl.Proofs); !v.Holds {
		t.Errorf("not proven: %v", v.Failures)
	}
	got := wants{}
	for _, l := range pl.Needs {
		got[fmt.Sprintf("%s@%d", l.Need, l.Period)] = l.Satisfaction
	}
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if v, ok := got[k]; !ok || !near6(v, want[k]) {
			t.Errorf("%s is met to %g, want %g; all: %v", k, v, want[k], got)
		}
	}
	return pl
}
