package plan

import (
	flags "flag"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"bremen/network"
)

// Laws are checked with few networks unless -rapid.checks says otherwise:
// each takes a climb or more. What failed is told by its seed.
func init() {
	for name, value := range map[string]string{"checks": "15", "nofailfile": "true", "shrinktime": "5s"} {
		if err := flags.Set("rapid."+name, value); err != nil {
			panic(err)
		}
	}
}

// drawing makes a small random network: up to three sites, three periods, four
// products, three recipes, a machine, a kind, a property, trade and money. Every
// quantity has a bound of its own, and nothing is promised that may not be kept.
type drawing struct {
	t *rapid.T
	n *network.Network

	sites, orgs, groups, products []string
}

func (d *drawing) of(label string, values ...float64) float64 {
	return rapid.SampledFrom(values).Draw(d.t, label)
}

func (d *drawing) whole(label string, from, to int) int {
	return rapid.IntRange(from, to).Draw(d.t, label)
}

// yes is true once in of times.
func (d *drawing) yes(label string, of int) bool { return d.whole(label, 1, of) == 1 }

func (d *drawing) id(label string, ids []string) string {
	return rapid.SampledFrom(ids).Draw(d.t, label)
}

func drawNetwork(t *rapid.T) *network.Network {
	d := &drawing{t: t, n: &network.Network{Settings: network.Settings{
		ID:           "random",
		Calendar:     network.Calendar{Start: time.Date(2027, 5, 3, 0, 0, 0, 0, time.UTC), Unit: network.Week, Periods: rapid.IntRange(1, 3).Draw(t, "T")},
		Currency:     "EUR",
		MoneyPerHour: 10,
		Allowance:    rapid.SampledFrom([]string{"none", "none", "twice-median"}).Draw(t, "allowance"),
		Counting:     rapid.SampledFrom([]network.Counting{network.CountOnce, network.CountAll}).Draw(t, "counting"),
	}}}
	d.who()
	d.things()
	d.making()
	d.moving()
	d.needs()
	d.rules()
	d.ladders()
	d.n.Normalise()
	if problems := d.n.Validate(); len(problems) > 0 {
		t.Fatalf("the generator made an invalid network: %v", problems)
	}
	return d.n
}

func (d *drawing) who() {
	for i := range d.whole("sites", 1, 3) {
		id := fmt.Sprintf("s%d", i+1)
		d.sites = append(d.sites, id)
		d.n.Sites = append(d.n.Sites, network.Site{ID: id, Transit: d.yes("transit", 2)})
	}
	for i := range d.whole("organisations", 1, 2) {
		id := fmt.Sprintf("o%d", i+1)
		d.orgs = append(d.orgs, id)
		d.n.Agents = append(d.n.Agents, network.Agent{ID: id, Type: network.Organisation, Site: d.id("site", d.sites)})
	}
	basket := d.yes("basket", 5)
	for i := range d.whole("groups", 1, 3) {
		id := fmt.Sprintf("g%d", i+1)
		d.groups = append(d.groups, id)
		a := network.Agent{ID: id, Type: network.Group, Site: d.id("site", d.sites), Persons: d.of("persons", 5, 10, 20)}
		if basket && i < 2 {
			a.Basket = "common"
		}
		d.n.Agents = append(d.n.Agents, a)
	}
	d.n.Skills = []network.Skill{{ID: "work"}}
	d.n.Impacts = []network.Impact{{ID: "co2", Unit: "kg"}}
}

func (d *drawing) things() {
	for i := range d.whole("products", 2, 4) {
		id := fmt.Sprintf("p%d", i+1)
		d.products = append(d.products, id)
		p := network.Product{ID: id, Unit: "kg", Weight: 1, Storable: !d.yes("service", 4), Loss: d.of("loss", 0, 0, 0.125), Keep: d.yes("keep", 12)}
		if d.yes("perishable", 4) {
			p.ShelfLife = d.whole("life", 1, 2)
		}
		if d.yes("pooled", 5) {
			p.Reach = network.Anywhere
		}
		d.n.Products = append(d.n.Products, p)
		if p.Storable && p.Reach != network.Anywhere && d.yes("stock", 2) {
			d.n.Stocks = append(d.n.Stocks, network.Stock{Site: d.id("site", d.sites), Product: id, Start: d.of("start", 5, 20, 60)})
		}
	}
	d.n.Properties = []network.Property{{ID: "kcal", Unit: "kcal"}}
	for _, p := range d.products {
		if d.yes("content", 2) {
			d.n.Contents = append(d.n.Contents, network.Content{Product: p, Property: "kcal", Quantity: d.of("kcal", 1, 2, 3.5)})
		}
	}
	liking := d.of("liking", 1, 1, 0.5)
	d.n.Variants = []network.Variant{{Kind: "kind", Product: "p1", Preference: 1}, {Kind: "kind", Product: "p2", Rate: d.of("rate", 1, 0.5), Preference: liking}}
}

func (d *drawing) making() {
	site := d.n.Agents[0].Site
	if d.yes("machine", 2) {
		d.n.Products = append(d.n.Products, network.Product{ID: "machine", Unit: "h", Durable: true, Storable: true, Reach: network.OnSite, Wear: d.of("wear", 0, 0.25)})
		d.n.Stocks = append(d.n.Stocks, network.Stock{Site: site, Product: "machine", Start: d.of("capacity", 4, 10)})
	}
	machine := len(d.n.Products) > len(d.products)
	for i := range d.whole("recipes", 1, 3) {
		id := fmt.Sprintf("r%d", i+1)
		r := network.Recipe{ID: id, Agent: d.id("maker", d.orgs), Most: d.of("most", 2, 5, 12), Money: d.of("money", 0, 0, 2)}
		d.n.Recipes = append(d.n.Recipes, r)
		flow := func(dir network.Direction, what string, q float64, most int) {
			off := d.whole("offset", 0, most)
			d.n.Flows = append(d.n.Flows, network.Flow{Recipe: id, Direction: dir, What: what, Quantity: q, Offset: network.Span{From: off, To: off}})
		}
		out := d.whole("out", 0, len(d.products)-1)
		flow(network.Out, d.products[out], d.of("yield", 1, 4, 10), 1)
		if d.yes("joint", 4) {
			flow(network.Out, d.products[(out+1)%len(d.products)], d.of("yield", 1, 2), 1)
		}
		if d.yes("takes", 2) {
			flow(network.In, d.id("in", append(slices.Clone(d.products), "kind")), d.of("take", 0.5, 1, 2), 0)
		}
		if d.yes("work", 2) {
			flow(network.Labour, "work", d.of("hours", 0.5, 1), 1)
		}
		if d.yes("burden", 2) {
			flow(network.Burdens, "co2", d.of("co2", 1, 3), 0)
		}
		if machine && r.Agent == d.orgs[0] && d.yes("use", 2) {
			flow(network.Use, "machine", d.of("use", 1, 2), 0)
		}
	}
	for i := range d.whole("offers", 0, 2) {
		w := network.WorkOffer{ID: fmt.Sprintf("w%d", i+1), Agent: d.id("worker", append(slices.Clone(d.groups), d.orgs...)), Skill: "work", Hours: d.of("hours", 2, 6, 15), Burden: d.of("felt", 0, 1, 3)}
		d.n.Work = append(d.n.Work, w)
	}
}

func (d *drawing) moving() {
	for i := 1; i < len(d.sites); i++ {
		l := network.Link{
			ID: fmt.Sprintf("l%d", i), Agent: d.orgs[0], From: d.sites[d.whole("from", 0, i-1)], To: d.sites[i],
			TwoWay: d.yes("two-way", 2), Delay: d.whole("delay", 0, 1), Distance: 10, Money: d.of("freight", 0, 0, 100), Mode: "van",
		}
		most := d.of("room", 10, 40, 100)
		l.Capacity = &most
		d.n.Links = append(d.n.Links, l)
	}
	if len(d.n.Links) > 0 && d.yes("driving", 3) {
		d.n.LinkFlows = []network.LinkFlow{{Link: "van", Direction: network.Burdens, What: "co2", PerKm: 5}, {Link: "van", Direction: network.Labour, What: "work", PerTonne: 20}}
	}
	for i := range d.whole("trade", 0, 2) {
		t := network.Trade{
			ID: fmt.Sprintf("t%d", i+1), Site: d.id("site", d.sites), Type: rapid.SampledFrom([]string{"buy", "buy", "sell"}).Draw(d.t, "type"),
			Product: d.id("product", d.products), Price: d.of("price", 1, 2, 5), Delay: d.whole("delay", 0, 1),
		}
		most := d.of("most", 5, 20)
		t.Most = &most
		if d.yes("total", 2) {
			total := d.of("in all", 10, 30)
			t.Total = &total
		}
		d.n.Trade = append(d.n.Trade, t)
	}
	if d.yes("budget", 2) {
		d.n.Budgets = []network.Budget{{Opening: d.of("opening", 0, 20, 100), Income: d.of("income", 0, 10)}}
	}
	if d.yes("returns", 4) {
		d.n.Returns = []network.Return{{Product: "p1", Returned: "p2", Quantity: 0.25, Offset: d.whole("later", 0, 1)}}
	}
}

func (d *drawing) needs() {
	whats := append(slices.Clone(d.products), "kind", "kcal")
	urgencies := []string{"vital", "important", "wish"}
	for _, g := range d.groups {
		seen := map[string]bool{}
		for range d.whole("needs", 1, 3) {
			what := d.id("what", whats)
			need := network.Need{Agent: g, What: what, Quantity: d.of("quantity", 0.5, 1, 3), PerPerson: true, Urgency: rapid.SampledFrom(urgencies).Draw(d.t, "urgency")}
			if d.yes("total", 6) {
				need.Basis = network.InTotal
			}
			if need.ID = g + ":" + what + ":" + need.Urgency; seen[need.ID] {
				continue
			}
			seen[need.ID] = true
			if what == "kcal" && d.yes("maximum", 3) {
				need.Maximum = 2 * need.Quantity
			}
			d.n.Needs = append(d.n.Needs, need)
		}
	}
}

func (d *drawing) rules() {
	if d.yes("limit", 3) {
		basis := network.PerPeriod
		if d.yes("over all", 2) {
			basis = network.InTotal
		}
		d.n.Limits = []network.Limit{{ID: "cap", What: "co2", Quantity: d.of("co2 limit", 5, 15), Basis: basis}}
	}
	if d.yes("store", 3) {
		room := d.of("store", 0.01, 0.05)
		d.n.Storage = []network.Storage{{Site: d.sites[0], Capacity: &room, Money: d.of("rent", 0, 0.5)}}
		if d.yes("cold", 2) {
			d.n.Storage[0].Loss = new(float64)
		}
	}
	if d.yes("wanted stock", 4) {
		for i := range d.n.Stocks {
			if s := &d.n.Stocks[i]; s.Product != "machine" {
				s.End, s.Urgency = d.of("end", 2, 10), "important"
				break
			}
		}
	}
}

// ladders draws how goals follow each other: one rung for all, strict order, or the default.
func (d *drawing) ladders() {
	set := func(urgency string, to float64) network.Set { return network.Set{Urgency: urgency, To: to} }
	hours := network.Rung{Goal: "hours", Kind: network.Least, Terms: []network.Term{{Of: "hours"}, {Of: "runs", Weight: 0.1}}}
	switch d.whole("ladder", 1, 4) {
	case 1:
		d.n.Ladders = map[string]network.Ladder{"default": {
			{Goal: "all", Kind: network.Leximin, Sets: []network.Set{set("", 1)}}, hours,
		}}
	case 2:
		d.n.Ladders = map[string]network.Ladder{"default": {
			{Goal: "vital", Kind: network.Leximin, Sets: []network.Set{set("vital", 1)}},
			{Goal: "important", Kind: network.Leximin, Sets: []network.Set{set("important", 1)}},
			{Goal: "wish", Kind: network.Leximin, Sets: []network.Set{set("wish", 1)}}, hours,
		}}
	case 3:
		d.n.Ladders = map[string]network.Ladder{"default": {
			{Goal: "some", Kind: network.Leximin, Sets: []network.Set{set("vital", 0.8), set("important", 0.5), set("wish", 0.3)}},
			{Goal: "all", Kind: network.Leximin, Sets: []network.Set{set("vital", 1), set("important", 1), set("wish", 1)}}, hours,
		}}
	}
}
