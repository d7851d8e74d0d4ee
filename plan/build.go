package plan

import (
	"fmt"
	"math"
	"slices"

	"bremen/lp"
	"bremen/network"
)

// fit gives back what the program's arrays have room for beyond their length:
// a program is kept for as long as its plan is.
func (p *Program) fit() {
	q := p.LP
	for _, v := range []*[]float64{&q.Cost, &q.Lower, &q.Upper, &q.RowLower, &q.RowUpper, &q.Value} {
		*v = fitted(*v)
	}
	q.Start, q.Index = fitted(q.Start), fitted(q.Index)
	p.cols, p.rows = fitted(p.cols), fitted(p.rows)
}

func fitted[T any](s []T) []T { return append(make([]T, 0, len(s)), s...) }

// Build makes the linear program of a valid network (DESIGN 4.1): balances,
// capacities, hours, money, limits, needs; no goal yet. The network is put into
// canonical order first, so that the order of its rows does not matter.
//
// Where inForce is given, columns for the change of runs from that plan are
// added, for goals that keep movement small.
func Build(n *network.Network, inForce *Document) (*Program, error) {
	n = n.Ordered()
	if n.Calendar.Periods <= 0 {
		return nil, fmt.Errorf("network %s: the calendar has no periods", n.ID)
	}
	b := &builder{
		Program:       &Program{LP: &lp.Problem{}, Net: n, ix: newIndex(n), levels: len(n.Urgencies)},
		n:             n,
		T:             n.Calendar.Periods,
		supplyKey:     map[string]int{},
		hasPreference: map[string]bool{},
		alone:         map[string]bool{},
		returns:       map[int32][]network.Return{},
		byRow:         map[row]int{},
		purseOf:       map[string]int{},
	}
	b.ix = b.Program.ix
	if err := b.prepare(); err != nil {
		return nil, err
	}
	b.classify()
	b.activate()
	b.sigmas()
	b.buildImpacts()
	b.buildStocks()
	b.buildWork()
	b.buildRecipes()
	b.buildMoves()
	b.buildConsumption()
	b.buildTrade()
	b.buildMoney()
	b.buildChange(inForce)
	if err := b.commit(); err != nil {
		return nil, err
	}
	b.flush()
	p := b.Program
	p.LP.ColName, p.LP.RowName = p.colName, p.rowName
	p.LP.Compact()
	p.fit()
	return p, p.LP.Validate()
}

// builder holds what only building needs.
type builder struct {
	*Program
	n  *network.Network
	ix *index
	T  int

	supplyKey     map[string]int
	hasPreference map[string]bool
	alone         map[string]bool // agents that may not be merged with others: rules speak of them by name
	returns       map[int32][]network.Return

	balance []int32 // per site·products + product: first balance row, -1 where the product is not kept apart there
	ages    []int   // per product: 1, or shelf life + 1
	byRow   map[row]int
	purseOf map[string]int
	linkUse [][]network.LinkFlow
	late    []lateEntry

	wantedStocks []int // elements
}

// lateEntry is one for a column that is no longer the last.
type lateEntry struct {
	col, row int
	v        float64
}

func (b *builder) prepare() error {
	n, x := b.n, b.ix
	b.named()
	for _, r := range n.Returns {
		p := x.product[r.Product]
		b.returns[p] = append(b.returns[p], r)
	}
	b.ages = make([]int, len(n.Products))
	for i, p := range n.Products {
		b.ages[i] = 1
		if p.ShelfLife > 0 && p.ShelfLife < b.T { // what outlives the calendar just keeps
			b.ages[i] = p.ShelfLife + 1
		}
	}
	for i, l := range n.Links {
		b.arcs = append(b.arcs, arc{i, x.site[l.From], x.site[l.To], l.ID})
		if l.TwoWay {
			b.arcs = append(b.arcs, arc{i, x.site[l.To], x.site[l.From], l.ID + " back"})
		}
		var use []network.LinkFlow
		for _, f := range n.LinkFlows {
			if f.Link == l.ID || (f.Link == l.Mode && l.Mode != "") {
				if f.Direction == network.Labour && l.Agent == "" {
					return fmt.Errorf("link %s takes work of %q, but names no agent who carries", l.ID, f.What)
				}
				use = append(use, f)
			}
		}
		b.linkUse = append(b.linkUse, use)
	}
	for _, bu := range n.Budgets {
		if _, ok := b.purseOf[bu.Agent]; !ok {
			b.purseOf[bu.Agent] = len(b.purses)
			b.purses = append(b.purses, purse{bu.Agent})
		}
	}
	return nil
}

// named marks the agents that ratios, preferences, promised deliveries and
// goals single out: merged with others they would share what is meant for them alone.
func (b *builder) named() {
	n := b.n
	for _, r := range n.Ratios {
		b.alone[r.Agent] = true
	}
	for _, p := range n.Preferences {
		b.hasPreference[p.Agent] = true
		b.alone[p.Agent] = true
	}
	promised := map[string]bool{}
	for _, c := range n.Commitments {
		if c.Type == network.Delivery {
			promised[c.Of] = true
		}
	}
	for _, d := range n.Needs {
		if promised[d.ID] {
			b.alone[d.Agent] = true
		}
	}
	for _, l := range n.Ladders {
		for _, r := range l {
			for _, s := range r.Sets {
				b.alone[s.Agent] = true
			}
			for _, t := range r.Terms {
				b.alone[t.Agent] = true
			}
		}
	}
}

// col appends a column.
func (b *builder) col(c column, lower, upper float64) int {
	b.cols = append(b.cols, c)
	return b.LP.AddColumn(0, lower, upper)
}

// rowAt returns the row that r means, making it with the given bounds on first use.
func (b *builder) rowAt(r row, lower, upper float64) int {
	if i, ok := b.byRow[r]; ok {
		return i
	}
	i := b.LP.AddRow(lower, upper)
	b.rows = append(b.rows, r)
	b.byRow[r] = i
	return i
}

// entry adds to the column appended last.
func (b *builder) entry(i int, v float64) {
	if v != 0 {
		b.LP.Entry(i, v)
	}
}

func (b *builder) pair(site, product int32) int { return int(site)*len(b.n.Products) + int(product) }

// balanceRow returns the balance of a product at a site in period t and age.
func (b *builder) balanceRow(site, product int32, t, age int) int {
	base := b.balance[b.pair(site, product)]
	return int(base) + (t-1)*b.ages[product] + age
}

// source adds +v where what comes in of a fresh product is balanced.
func (b *builder) source(site, product int32, t int, v float64) {
	if b.n.Products[product].Reach == network.Anywhere {
		b.entry(b.poolRow(product, t), v)
		return
	}
	b.entry(b.balanceRow(site, product, t, 0), v)
}

// drain adds −v where what is used of a product is balanced.
func (b *builder) drain(site, product int32, t int, v float64) {
	switch {
	case b.n.Products[product].Reach == network.Anywhere:
		b.entry(b.poolRow(product, t), -v)
	case b.ages[product] > 1:
		b.entry(b.rowAt(row{kind: rowDraw, t: int16(t), a: site, b: product}, 0, 0), -v)
	default:
		b.entry(b.balanceRow(site, product, t, 0), -v)
	}
}

func (b *builder) poolRow(product int32, t int) int {
	upper := lp.Inf
	if b.n.Products[product].Keep {
		upper = 0
	}
	return b.rowAt(row{kind: rowPool, t: int16(t), b: product}, 0, upper)
}

// buildImpacts makes one column per impact and period, and the limits.
func (b *builder) buildImpacts() {
	for i := range b.n.Impacts {
		for t := 1; t <= b.T; t++ {
			lower, upper := 0.0, lp.Inf
			if b.relieved(b.n.Impacts[i].ID) {
				lower = -lp.Inf
			}
			for _, l := range b.n.Limits {
				if l.What == b.n.Impacts[i].ID && l.Agent == "" && l.Basis != network.InTotal && l.Periods.Has(t) {
					upper = min(upper, l.Quantity)
				}
			}
			b.col(column{kind: colImpact, t: int16(t), a: int32(i)}, lower, upper)
			b.entry(b.rowAt(row{kind: rowImpact, t: int16(t), a: int32(i)}, 0, 0), -1)
			for k, l := range b.n.Limits {
				if l.What == b.n.Impacts[i].ID && l.Agent == "" && l.Basis == network.InTotal && l.Periods.Has(t) {
					b.entry(b.rowAt(row{kind: rowLimit, a: int32(k)}, -lp.Inf, l.Quantity), 1)
				}
			}
		}
	}
}

// relieved tells whether anything takes an impact back, so that it may fall below zero.
func (b *builder) relieved(id string) bool {
	return slices.ContainsFunc(b.n.Flows, func(f network.Flow) bool {
		return f.Direction == network.Burdens && f.What == id && f.Quantity < 0
	}) || slices.ContainsFunc(b.n.LinkFlows, func(f network.LinkFlow) bool {
		return f.Direction == network.Burdens && f.What == id && (f.PerTonne < 0 || f.PerKm < 0)
	})
}

// impact adds what the current column burdens of an impact in period t.
func (b *builder) impact(id, agent string, t int, v float64) {
	i, ok := b.ix.impact[id]
	if !ok || t > b.T {
		return
	}
	b.entry(b.rowAt(row{kind: rowImpact, t: int16(t), a: i}, 0, 0), v)
	for k, l := range b.n.Limits {
		if l.What != id || l.Agent == "" || l.Agent != agent || !l.Periods.Has(t) {
			continue
		}
		at := row{kind: rowLimit, a: int32(k)}
		if l.Basis != network.InTotal {
			at.t = int16(t)
		}
		b.entry(b.rowAt(at, -lp.Inf, l.Quantity), v)
	}
}

// money adds what the current column spends (earns, when negative) in period t.
func (b *builder) money(agent string, t int, v float64) {
	if k, ok := b.purse(agent); ok && t <= b.T {
		b.entry(b.rowAt(row{kind: rowPurse, t: int16(t), a: int32(k)}, 0, 0), -v)
	}
}

// purse returns who pays for an agent: its own budget, or the network's.
func (b *builder) purse(agent string) (int, bool) {
	if k, ok := b.purseOf[agent]; ok {
		return k, true
	}
	k, ok := b.purseOf[""]
	return k, ok
}

// buildMoney closes the budgets: balance = last balance + income − spending ≥ 0.
func (b *builder) buildMoney() {
	for k, p := range b.purses {
		for t := 1; t <= b.T; t++ {
			income := 0.0
			for _, bu := range b.n.Budgets {
				if bu.Agent != p.agent {
					continue
				}
				if bu.Periods.Has(t) {
					income += bu.Income
				}
				if t == 1 {
					income += bu.Opening
				}
			}
			i := b.rowAt(row{kind: rowPurse, t: int16(t), a: int32(k)}, 0, 0)
			b.LP.RowLower[i], b.LP.RowUpper[i] = -income, -income
			b.col(column{kind: colMoney, t: int16(t), a: int32(k)}, 0, lp.Inf)
			b.entry(i, -1)
			if t < b.T {
				b.entry(b.rowAt(row{kind: rowPurse, t: int16(t + 1), a: int32(k)}, 0, 0), 1)
			}
		}
	}
}

// buildStocks makes stock, disposal and draw columns of every kept product,
// with opening and committed closing stocks, and the rows that storage bounds.
func (b *builder) buildStocks() {
	start := make(map[int]float64)
	hard := make(map[int]float64)
	for _, s := range b.n.Stocks {
		site, p := b.ix.siteOf(s.Site, s.Agent), b.ix.product[s.Product]
		if b.n.Products[p].Reach == network.Anywhere {
			b.pooledStock(&s, p)
			continue
		}
		k := b.pair(site, p)
		start[k] += s.Start
		if s.Urgency == network.Committed {
			hard[k] += s.End
		}
	}
	for site := range b.ix.siteID {
		for p := range b.n.Products {
			k := b.pair(int32(site), int32(p))
			if b.balance[k] < 0 {
				continue
			}
			i := int(b.balance[k])
			b.LP.RowLower[i], b.LP.RowUpper[i] = -start[k], -start[k]
			b.keep(int32(site), int32(p), hard[k])
		}
	}
}

// pooledStock adds a stock of a pooled product to its pool: of a durable in
// every period, of what is used up in the first, since pools keep nothing.
func (b *builder) pooledStock(s *network.Stock, p int32) {
	for t := 1; t <= b.T; t++ {
		v := s.Start
		switch {
		case b.n.Products[p].Durable:
			v *= b.ix.factor(s.Profile, t)
		case t > 1:
			return
		}
		i := b.poolRow(p, t)
		b.LP.RowLower[i] -= v
		b.LP.RowUpper[i] -= v
	}
}

// keep makes the columns of one product at one site.
func (b *builder) keep(site, product int32, hard float64) {
	pr := &b.n.Products[product]
	last := b.ages[product] - 1
	loss, rows := pr.Loss, b.storageOf(site, product)
	if pr.Durable {
		loss = pr.Wear
	}
	for _, all := range []bool{true, false} { // a store for one product or kind overrides one for all
		for _, s := range rows {
			if st := b.n.Storage[s]; st.Loss != nil && (st.What == "") == all {
				loss = *st.Loss
			}
		}
	}
	for t := 1; t <= b.T; t++ {
		for age := 0; age <= last; age++ {
			here := b.balanceRow(site, product, t, age)
			if last > 0 {
				b.col(column{kind: colDraw, age: uint8(age), t: int16(t), a: site, b: product}, 0, lp.Inf)
				b.entry(here, -1)
				b.entry(b.rowAt(row{kind: rowDraw, t: int16(t), a: site, b: product}, 0, 0), 1)
			}
			if !pr.Keep && !pr.Durable {
				b.col(column{kind: colDispose, age: uint8(age), t: int16(t), a: site, b: product}, 0, lp.Inf)
				b.entry(here, -1)
			}
			if (last > 0 && age == last) || !(pr.Storable || pr.Durable) {
				continue
			}
			least := 0.0
			if t == b.T && last == 0 {
				least = hard
			}
			j := b.col(column{kind: colStock, age: uint8(age), t: int16(t), a: site, b: product}, least, lp.Inf)
			b.entry(here, -1)
			if t < b.T {
				next := 0
				if last > 0 {
					next = age + 1
				}
				b.entry(b.balanceRow(site, product, t+1, next), 1-loss)
			} else if last > 0 && hard > 0 {
				b.entry(b.rowAt(row{kind: rowCommit, a: -1 - site, b: product, t: int16(t)}, hard, lp.Inf), 1)
			}
			b.stockUses(j, site, product, t, rows)
		}
	}
}

// stockUses adds the rows a stock column takes part in: capacity of durables,
// storage, its money, wanted end stocks.
func (b *builder) stockUses(j int, site, product int32, t int, rows []int) {
	pr := &b.n.Products[product]
	if pr.Durable {
		b.entry(b.rowAt(row{kind: rowCapacity, t: int16(t), a: site, b: product}, -lp.Inf, 0), -b.available(site, product, t))
	}
	for _, s := range rows {
		st := &b.n.Storage[s]
		if st.Capacity != nil {
			v := 1.0
			if st.What == "" {
				v = pr.Weight / 1000
			} else if k, ok := b.ix.kind[st.What]; ok {
				for _, a := range k {
					if a.product == product {
						v = a.rate
					}
				}
			}
			b.entry(b.rowAt(row{kind: rowStorage, t: int16(t), a: int32(s)}, -lp.Inf, *st.Capacity), v)
		}
		if st.Money != 0 {
			b.money(b.hostOf(site), t, st.Money)
		}
	}
	if t != b.T {
		return
	}
	for _, e := range b.wantedStocks {
		el := &b.Elements[e]
		s := &b.n.Stocks[el.index]
		if b.ix.siteOf(s.Site, s.Agent) == site && b.ix.product[s.Product] == product {
			b.entry(b.rowAt(row{kind: rowSupply, a: int32(-1 - e)}, 0, lp.Inf), 1/el.Quantity)
		}
	}
}

// hostOf names the first agent at a site; it pays for what is stored there.
func (b *builder) hostOf(site int32) string {
	for _, a := range b.n.Agents {
		if b.ix.site[a.Site] == site && a.Type == network.Organisation {
			return a.ID
		}
	}
	return ""
}

// available returns the profile of a durable at a site.
func (b *builder) available(site, product int32, t int) float64 {
	for _, s := range b.n.Stocks {
		if s.Profile != "" && b.ix.siteOf(s.Site, s.Agent) == site && b.ix.product[s.Product] == product {
			return b.ix.factor(s.Profile, t)
		}
	}
	return 1
}

// storageOf lists the storage rows that hold for a product at a site.
func (p *Program) storageOf(site, product int32) []int {
	var out []int
	id := p.Net.Products[product].ID
	for i, s := range p.Net.Storage {
		if p.ix.site[s.Site] != site || (s.What == "" && p.Net.Products[product].Durable) {
			continue
		}
		if s.What == "" || s.What == id || slices.ContainsFunc(p.ix.kind[s.What], func(a accept) bool { return a.product == product }) {
			out = append(out, i)
		}
	}
	return out
}

// buildWork makes a column per offer, organisation it may work for, and period.
func (b *builder) buildWork() {
	needed := b.workNeeded()
	for i, w := range b.n.Work {
		skill := b.ix.skill[w.Skill]
		a := b.ix.agent[w.Agent]
		var orgs []int
		switch {
		case w.For != "":
			orgs = []int{b.ix.agent[w.For]}
		case b.n.Agents[a].Type == network.Organisation:
			orgs = []int{a}
		default:
			orgs = needed[skill]
		}
		for t := 1; t <= b.T; t++ {
			hours := w.Hours * b.ix.factor(w.Profile, t)
			if !w.Periods.Has(t) || hours <= 0 {
				continue
			}
			for _, o := range orgs {
				b.col(column{kind: colWork, t: int16(t), a: int32(i), b: int32(o)}, 0, hours)
				b.entry(b.workRow(o, skill, t), -1)
				if len(orgs) > 1 {
					b.entry(b.rowAt(row{kind: rowOffer, t: int16(t), a: int32(i)}, -lp.Inf, hours), 1)
				}
				if e := b.restOf(a); e >= 0 && w.Burden > 0 {
					b.entry(b.rowAt(row{kind: rowRest, a: int32(a)}, -lp.Inf, 1), w.Burden/b.Elements[e].Quantity)
				}
			}
		}
	}
}

func (b *builder) workRow(org int, skill int32, t int) int {
	return b.rowAt(row{kind: rowWork, t: int16(t), a: int32(org), b: skill}, 0, 0)
}

// workNeeded lists, per skill, the organisations whose recipes or links take it.
func (b *builder) workNeeded() map[int32][]int {
	out := map[int32][]int{}
	add := func(skill string, agent string) {
		s, a := b.ix.skill[skill], b.ix.agent[agent]
		if !slices.Contains(out[s], a) {
			out[s] = append(out[s], a)
		}
	}
	for _, f := range b.n.Flows {
		if f.Direction == network.Labour {
			add(f.What, b.n.Recipes[b.ix.recipe[f.Recipe]].Agent)
		}
	}
	for i, uses := range b.linkUse {
		for _, f := range uses {
			if f.Direction == network.Labour {
				add(f.What, b.n.Links[i].Agent)
			}
		}
	}
	for s := range out {
		slices.Sort(out[s])
	}
	return out
}

// buildRecipes makes the runs: one column per recipe and period it may start in.
func (b *builder) buildRecipes() {
	for r := range b.n.Recipes {
		rec := &b.n.Recipes[r]
		for s := 1; s <= b.T; s++ {
			if !rec.Starts.Has(s) {
				continue
			}
			most := lp.Inf
			f := b.ix.factor(rec.Season, s)
			if rec.Most > 0 {
				most = rec.Most * f
			} else if f == 0 {
				most = 0
			}
			if most == 0 && rec.Least == 0 {
				continue
			}
			b.col(column{kind: colRun, t: int16(s), a: int32(r)}, rec.Least, most)
			if rec.Money != 0 {
				b.money(rec.Agent, s, rec.Money)
			}
			for _, f := range b.ix.flows[r] {
				b.flow(r, f, s)
			}
			for _, f := range b.ix.flows[r] {
				b.mix(r, f, s)
			}
		}
	}
	b.cutOffs()
}

// flow adds the entries of one flow of a run that starts in s.
func (b *builder) flow(r, f, s int) {
	rec, fl := &b.n.Recipes[r], &b.n.Flows[f]
	q := fl.Quantity * b.ix.factor(fl.Profile, s)
	site := b.ix.siteOf(rec.Site, rec.Agent)
	product, isProduct := b.ix.product[fl.What]
	for off := fl.Offset.From; off <= fl.Offset.To; off++ {
		t := s + off
		if t > b.T {
			return
		}
		switch fl.Direction {
		case network.Out:
			b.source(site, product, t, q)
		case network.In:
			if isProduct {
				b.drain(site, product, t, q)
			} else if q != 0 {
				b.entry(b.rowAt(row{kind: rowMix, t: int16(s), a: int32(f), c: int32(off)}, 0, 0), -q)
			}
		case network.Use:
			if b.n.Products[product].Reach == network.Anywhere {
				b.drain(site, product, t, q)
				continue
			}
			b.entry(b.rowAt(row{kind: rowCapacity, t: int16(t), a: site, b: product}, -lp.Inf, 0), q)
		case network.Labour:
			b.entry(b.workRow(b.ix.agent[rec.Agent], b.ix.skill[fl.What], t), q)
		case network.Burdens:
			b.impact(fl.What, rec.Agent, t, q)
		}
	}
}

// mix makes the columns of what a run takes for a kind, with the bounds on the blend.
func (b *builder) mix(r, f, s int) {
	rec, fl := &b.n.Recipes[r], &b.n.Flows[f]
	if fl.Direction != network.In || b.ix.factor(fl.Profile, s) == 0 || fl.Quantity == 0 {
		return
	}
	if _, ok := b.ix.product[fl.What]; ok {
		return
	}
	site := b.ix.siteOf(rec.Site, rec.Agent)
	for off := fl.Offset.From; off <= fl.Offset.To && s+off <= b.T; off++ {
		for _, a := range b.ix.kind[fl.What] {
			if b.n.Products[a.product].Reach != network.Anywhere && b.balance[b.pair(site, a.product)] < 0 {
				continue
			}
			b.col(column{kind: colMix, t: int16(s), a: int32(f), b: a.product, c: int32(off)}, 0, lp.Inf)
			b.entry(b.rowAt(row{kind: rowMix, t: int16(s), a: int32(f), c: int32(off)}, 0, 0), a.rate)
			b.drain(site, a.product, s+off, 1)
			for k, bl := range b.n.Blends {
				if bl.Recipe != rec.ID || bl.Kind != fl.What {
					continue
				}
				content := b.ix.content[bl.Property][a.product]
				at := row{kind: rowBlend, t: int16(s), a: int32(k), b: int32(f), c: int32(off)}
				if bl.Least != nil {
					b.entry(b.rowAt(at, 0, lp.Inf), content-*bl.Least)
				}
				if bl.Most != nil {
					at.age = 1
					b.entry(b.rowAt(at, -lp.Inf, 0), content-*bl.Most)
				}
			}
		}
	}
}

// cutOffs lists, per run, what falls after the last period; read back multiplies by the runs.
func (b *builder) cutOffs() {
	for _, f := range b.n.Flows {
		rec := &b.n.Recipes[b.ix.recipe[f.Recipe]]
		first := b.T
		for s := 1; s <= b.T; s++ {
			if rec.Starts.Has(s) {
				first = s
				break
			}
		}
		if first+f.Offset.To > b.T || b.T+f.Offset.To > b.T && len(rec.Starts) == 0 {
			b.cut = append(b.cut, CutOff{Recipe: f.Recipe, Kind: string(f.Direction), What: f.What, Quantity: f.Quantity})
		}
	}
}

// buildTrade makes purchases and sales.
func (b *builder) buildTrade() {
	for i := range b.n.Trade {
		tr := &b.n.Trade[i]
		site := b.ix.siteOf(tr.Site, tr.Agent)
		p := b.ix.product[tr.Product]
		for t := 1; t <= b.T; t++ {
			if !tr.Periods.Has(t) {
				continue
			}
			most := lp.Inf
			if tr.Most != nil {
				most = *tr.Most
			}
			price := tr.Price * b.ix.factor(tr.Profile, t)
			if tr.Type == "sell" {
				b.col(column{kind: colSell, t: int16(t), a: int32(i)}, 0, most)
				b.drain(site, p, t, 1)
				b.money(tr.Agent, t, -price)
			} else {
				if t+tr.Delay > b.T {
					continue
				}
				b.col(column{kind: colBuy, t: int16(t), a: int32(i)}, 0, most)
				b.source(site, p, t+tr.Delay, 1)
				b.money(tr.Agent, t, price)
			}
			if tr.Total != nil {
				b.entry(b.rowAt(row{kind: rowTrade, a: int32(i)}, -lp.Inf, *tr.Total), 1)
			}
		}
	}
}

// buildChange makes columns for how far runs depart from the plan in force.
func (b *builder) buildChange(inForce *Document) {
	if inForce == nil {
		return
	}
	b.force = []RunLine{} // none at all is a plan, too
	was := map[row]float64{}
	for _, r := range inForce.Runs {
		if i, ok := b.ix.recipe[r.Recipe]; ok {
			was[row{a: int32(i), t: int16(r.Period)}] = r.Runs
			b.force = append(b.force, RunLine{Recipe: r.Recipe, Period: r.Period, Runs: r.Runs})
		}
	}
	for j := range slices.Clone(b.cols) {
		c := b.cols[j]
		if c.kind != colRun {
			continue
		}
		old := was[row{a: c.a, t: c.t}]
		i := b.rowAt(row{kind: rowChange, t: c.t, a: c.a}, old, old)
		b.late = append(b.late, lateEntry{j, i, 1})
		for sign := range 2 {
			b.col(column{kind: colChange, t: c.t, a: c.a, b: int32(sign)}, 0, lp.Inf)
			b.entry(i, float64(2*sign-1))
		}
	}
}

func finite(v float64) bool { return !math.IsInf(v, 0) }
