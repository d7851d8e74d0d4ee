package plan

import (
	"fmt"
	"math"

	"bremen/network"
)

// audit recomputes a plan's balances from its lists and the network's rows
// alone: neither the program nor the package's index has a part in it.
type audit struct {
	n *network.Network
	d *Document

	product map[string]*network.Product
	recipe  map[string]*network.Recipe
	agent   map[string]*network.Agent
	link    map[string]*network.Link
	size    map[string]float64 // per product: the largest amount of it anywhere
	wrong   []string
}

// audited returns what does not add up in a plan.
func audited(n *network.Network, d *Document) []string {
	n = n.Ordered()
	a := &audit{
		n: n, d: d, product: map[string]*network.Product{}, recipe: map[string]*network.Recipe{},
		agent: map[string]*network.Agent{}, link: map[string]*network.Link{}, size: map[string]float64{},
	}
	for i := range n.Products {
		a.product[n.Products[i].ID] = &n.Products[i]
	}
	for i := range n.Recipes {
		a.recipe[n.Recipes[i].ID] = &n.Recipes[i]
	}
	for i := range n.Agents {
		a.agent[n.Agents[i].ID] = &n.Agents[i]
	}
	for i := range n.Links {
		a.link[n.Links[i].ID] = &n.Links[i]
	}
	a.sizes()
	a.goods()
	a.work()
	a.money()
	a.impacts()
	a.needs()
	a.bounds()
	return a.wrong
}

// equal notes that two figures differ by more than rounding and dust of this size.
func (a *audit) equal(what string, got, want, size float64) {
	if math.Abs(got-want) > 2e-6*(1+size) {
		a.wrong = append(a.wrong, fmt.Sprintf("%s: %.9g, should be %.9g", what, got, want))
	}
}

func (a *audit) atMost(what string, got, most float64) {
	if got > most+2e-6*(1+math.Abs(most)) {
		a.wrong = append(a.wrong, fmt.Sprintf("%s: %.9g exceeds %.9g", what, got, most))
	}
}

func (a *audit) factor(profile string, t int) float64 {
	for _, p := range a.n.Profiles {
		if p.ID == profile && p.Periods.Has(t) {
			return p.Factor
		}
	}
	return 1
}

func (a *audit) sizes() {
	add := func(p string, q float64) { a.size[p] += q }
	for _, l := range a.d.Stocks {
		add(l.Product, l.Quantity)
	}
	for _, l := range a.d.Transfers {
		add(l.Product, l.Quantity)
	}
	for _, l := range a.d.Consumed {
		add(l.Product, l.Quantity)
	}
	for _, r := range a.d.Runs {
		for _, f := range a.n.Flows {
			if f.Recipe == r.Recipe {
				add(f.What, r.Runs*f.Quantity)
			}
		}
	}
	for _, l := range append(append([]TradeLine{}, a.d.Purchases...), a.d.Sales...) {
		add(l.Product, l.Quantity)
	}
}

// account is what comes in and goes out of a product at a site in a period;
// site "" stands for pooled products.
type account struct {
	site, product string
	t             int
}

func (a *audit) place(product, site string) string {
	if a.product[product].Reach == network.Anywhere {
		return ""
	}
	return site
}

// goods checks: opening + made + bought + arrived + returned = used + consumed
// + departed + sold + disposed + closing.
func (a *audit) goods() {
	net := map[account]float64{}
	T := a.n.Calendar.Periods
	add := func(site, product string, t int, v float64) {
		if t >= 1 && t <= T {
			net[account{a.place(product, site), product, t}] += v
		}
	}
	for _, r := range a.d.Runs {
		a.run(&r, add)
	}
	for _, l := range a.d.Purchases {
		add(l.Site, l.Product, l.Arrival, l.Quantity)
	}
	for _, l := range a.d.Sales {
		add(l.Site, l.Product, l.Period, -l.Quantity)
	}
	for _, l := range a.d.Disposals {
		add(l.Site, l.Product, l.Period, -l.Quantity)
	}
	for _, l := range a.d.Transfers {
		a.transfer(&l, add)
	}
	for _, l := range a.d.Consumed {
		site := a.agent[l.Agent].Site
		add(site, l.Product, l.Period, -l.Quantity)
		for _, r := range a.n.Returns {
			if r.Product == l.Product {
				add(site, r.Returned, l.Period+r.Offset, r.Quantity*l.Quantity)
			}
		}
	}
	constant := map[account]bool{} // durables whose stock no list names
	for i := range a.n.Products {
		p := &a.n.Products[i]
		if p.Durable && !a.listed(p) {
			constant[account{product: p.ID}] = true
		}
	}
	for _, s := range a.n.Stocks {
		if !a.product[s.Product].Durable || !constant[account{product: s.Product}] {
			add(s.Site, s.Product, 1, s.Start)
		}
	}
	for _, l := range a.d.Stocks {
		if l.Period == 0 {
			continue // the network's own statement, added above
		}
		add(l.Site, l.Product, l.Period, -l.Quantity)
		add(l.Site, l.Product, l.Period+1, l.Quantity*(1-a.loss(l.Site, l.Product)))
	}
	for k, v := range net {
		p := a.product[k.product]
		if p.Reach == network.Anywhere && !p.Keep {
			a.atMost(fmt.Sprintf("use of pooled %s in %d beyond what is made", k.product, k.t), -v, 2e-6*a.size[k.product])
			continue
		}
		a.equal(fmt.Sprintf("balance of %s at %s in %d", k.product, k.site, k.t), v, 0, a.size[k.product])
	}
}

// listed tells whether the plan lists a durable's stock period by period.
func (a *audit) listed(p *network.Product) bool {
	for _, l := range a.d.Stocks {
		if l.Product == p.ID && l.Period > 0 {
			return true
		}
	}
	return p.Wear > 0
}

func (a *audit) loss(site, product string) float64 {
	p := a.product[product]
	if p.Durable {
		return p.Wear
	}
	loss := p.Loss
	for _, s := range a.n.Storage {
		if s.Site == site && s.Loss != nil && (s.What == product || s.What == "" && !p.Durable) {
			loss = *s.Loss
		}
	}
	return loss
}

func (a *audit) run(r *RunLine, add func(site, product string, t int, v float64)) {
	for _, f := range a.n.Flows {
		if f.Recipe != r.Recipe {
			continue
		}
		q := f.Quantity * a.factor(f.Profile, r.Period) * r.Runs
		for off := f.Offset.From; off <= f.Offset.To; off++ {
			_, isProduct := a.product[f.What]
			switch {
			case f.Direction == network.Out:
				add(r.Site, f.What, r.Period+off, q)
			case f.Direction == network.In && isProduct:
				add(r.Site, f.What, r.Period+off, -q)
			case f.Direction == network.In: // a kind: what was taken for it stands in the mix
				kind := 0.0
				for _, m := range r.Mix {
					add(r.Site, m.Product, r.Period+off, -m.Quantity)
					kind += m.Quantity * a.rate(f.What, m.Product)
				}
				if r.Period+off <= a.n.Calendar.Periods {
					a.equal(fmt.Sprintf("mix for %s of %s in %d", f.What, r.Recipe, r.Period), kind, q, q)
				}
			}
		}
	}
}

func (a *audit) rate(kind, product string) float64 {
	for _, v := range a.n.Variants {
		if v.Kind == kind && v.Product == product {
			return v.Rate
		}
	}
	return 0
}

func (a *audit) transfer(l *Transfer, add func(site, product string, t int, v float64)) {
	k := a.link[l.Link]
	if l.Arrival != l.Period+k.Delay {
		a.wrong = append(a.wrong, fmt.Sprintf("transfer %+v arrives in %d, the link takes %d", l, l.Arrival, k.Delay))
	}
	add(l.From, l.Product, l.Period, -l.Quantity)
	add(l.To, l.Product, l.Arrival, l.Quantity)
	for _, f := range a.n.LinkFlows {
		if f.Direction == network.In && (f.Link == k.ID || f.Link == k.Mode) {
			add(l.From, f.What, l.Period, -a.tonnes(l)*(f.PerTonne+f.PerKm*k.Distance))
		}
	}
}

// tonnes is what a transfer weighs; what has no weight counts in its own unit on a link of its own.
func (a *audit) tonnes(l *Transfer) float64 {
	if w := a.product[l.Product].Weight; w > 0 || a.link[l.Link].What != l.Product {
		return l.Quantity * w / 1000
	}
	return l.Quantity
}

// work checks that hours worked are hours needed, and no more than offered.
func (a *audit) work() {
	type desk struct {
		org, skill string
		t          int
	}
	net := map[desk]float64{}
	offers := map[[2]any]float64{}
	for _, l := range a.d.Work {
		net[desk{l.For, l.Skill, l.Period}] += l.Hours
		offers[[2]any{l.Offer, l.Period}] += l.Hours
		a.atMost(fmt.Sprintf("hours of %s in %d", l.Offer, l.Period), offers[[2]any{l.Offer, l.Period}], l.Offered)
	}
	for _, r := range a.d.Runs {
		for _, f := range a.n.Flows {
			if f.Recipe != r.Recipe || f.Direction != network.Labour {
				continue
			}
			for off := f.Offset.From; off <= f.Offset.To && r.Period+off <= a.n.Calendar.Periods; off++ {
				net[desk{r.Agent, f.What, r.Period + off}] -= f.Quantity * a.factor(f.Profile, r.Period) * r.Runs
			}
		}
	}
	for _, l := range a.d.Transfers {
		k := a.link[l.Link]
		for _, f := range a.n.LinkFlows {
			if f.Direction == network.Labour && (f.Link == k.ID || f.Link == k.Mode) {
				net[desk{k.Agent, f.What, l.Period}] -= a.tonnes(&l) * (f.PerTonne + f.PerKm*k.Distance)
			}
		}
	}
	for k, v := range net {
		a.equal(fmt.Sprintf("hours of %s at %s in %d", k.skill, k.org, k.t), v, 0, 100)
	}
}

// money checks every purse: last balance + income + earned − spent, never below zero.
func (a *audit) money() {
	if len(a.n.Budgets) == 0 {
		return
	}
	type page struct {
		agent string
		t     int
	}
	owner := map[string]bool{}
	for _, b := range a.n.Budgets {
		owner[b.Agent] = true
	}
	flow := map[page]float64{}
	pay := func(agent string, t int, v float64) {
		if !owner[agent] {
			agent = ""
		}
		flow[page{agent, t}] -= v
	}
	trade := map[string]network.Trade{}
	for _, t := range a.n.Trade {
		trade[t.ID] = t
	}
	for _, l := range a.d.Purchases {
		price := trade[l.Trade].Price * a.factor(trade[l.Trade].Profile, l.Period)
		a.equal("money of "+l.Trade, l.Money, l.Quantity*price, l.Money)
		pay(l.Agent, l.Period, l.Quantity*price)
	}
	for _, l := range a.d.Sales {
		pay(l.Agent, l.Period, -l.Quantity*trade[l.Trade].Price*a.factor(trade[l.Trade].Profile, l.Period))
	}
	for _, r := range a.d.Runs {
		pay(r.Agent, r.Period, r.Runs*a.recipe[r.Recipe].Money)
	}
	for _, l := range a.d.Transfers {
		pay(l.Agent, l.Period, a.tonnes(&l)*a.link[l.Link].Money)
	}
	for _, l := range a.d.Stocks {
		for _, s := range a.n.Storage {
			if s.Site == l.Site && l.Period > 0 && (s.What == l.Product || s.What == "" && !a.product[l.Product].Durable) {
				pay(a.host(l.Site), l.Period, s.Money*l.Quantity)
			}
		}
	}
	balance := map[page]float64{}
	for _, l := range a.d.Money {
		balance[page{l.Agent, l.Period}] = l.Balance
	}
	for agent := range owner {
		last := 0.0
		for t := 1; t <= a.n.Calendar.Periods; t++ {
			for _, b := range a.n.Budgets {
				if b.Agent == agent && t == 1 {
					last += b.Opening
				}
				if b.Agent == agent && b.Periods.Has(t) {
					last += b.Income
				}
			}
			last += flow[page{agent, t}]
			a.equal(fmt.Sprintf("purse of %q in %d", agent, t), balance[page{agent, t}], last, 100)
			a.atMost(fmt.Sprintf("debt of %q in %d", agent, t), -last, 1e-4)
		}
	}
}

func (a *audit) host(site string) string {
	for _, g := range a.n.Agents {
		if g.Site == site && g.Type == network.Organisation {
			return g.ID
		}
	}
	return ""
}

func (a *audit) impacts() {
	caused := map[account]float64{}
	for _, r := range a.d.Runs {
		for _, f := range a.n.Flows {
			if f.Recipe != r.Recipe || f.Direction != network.Burdens {
				continue
			}
			for off := f.Offset.From; off <= f.Offset.To && r.Period+off <= a.n.Calendar.Periods; off++ {
				caused[account{product: f.What, t: r.Period + off}] += f.Quantity * a.factor(f.Profile, r.Period) * r.Runs
			}
		}
	}
	for _, l := range a.d.Transfers {
		k := a.link[l.Link]
		for _, f := range a.n.LinkFlows {
			if f.Direction == network.Burdens && (f.Link == k.ID || f.Link == k.Mode) {
				caused[account{product: f.What, t: l.Period}] += a.tonnes(&l) * (f.PerTonne + f.PerKm*k.Distance)
			}
		}
	}
	stated := map[account]float64{}
	for _, l := range a.d.Impacts {
		stated[account{product: l.Impact, t: l.Period}] = l.Quantity
	}
	total := map[string]float64{}
	for _, m := range a.n.Impacts {
		for t := 1; t <= a.n.Calendar.Periods; t++ {
			k := account{product: m.ID, t: t}
			a.equal(fmt.Sprintf("%s in %d", m.ID, t), stated[k], caused[k], 100)
			total[m.ID] += caused[k]
			for _, l := range a.n.Limits {
				if l.What == m.ID && l.Agent == "" && l.Basis != network.InTotal && l.Periods.Has(t) {
					a.atMost("limit "+l.ID, caused[k], l.Quantity)
				}
			}
		}
		for _, l := range a.n.Limits {
			if l.What == m.ID && l.Agent == "" && l.Basis == network.InTotal && len(l.Periods) == 0 {
				a.atMost("limit "+l.ID, total[m.ID], l.Quantity)
			}
		}
	}
}
