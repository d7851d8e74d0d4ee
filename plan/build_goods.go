package plan

import (
	"fmt"
	"slices"

	"bremen/lp"
	"bremen/network"
)

// activate decides where each product is kept apart: where it comes from,
// where it is used, and on the way between (only sites that allow transit).
// Balance rows are made for these pairs of site and product.
func (b *builder) activate() {
	nP, nS := len(b.n.Products), len(b.ix.siteID)
	source, use := make([]bool, nS*nP), make([]bool, nS*nP)
	b.markRecipes(source, use)
	b.markRest(source, use)
	b.balance = slices.Repeat([]int32{-1}, nS*nP)
	for p := range b.n.Products {
		if b.n.Products[p].Reach == network.Anywhere {
			continue
		}
		here, gets := make([]bool, nS), make([]bool, nS)
		for s := range nS {
			k := b.pair(int32(s), int32(p))
			here[s] = source[k]
			gets[s] = use[k]
		}
		b.spread(int32(p), here, gets)
		for s := range nS {
			k := b.pair(int32(s), int32(p))
			if source[k] || use[k] || (here[s] && gets[s]) {
				b.balance[k] = int32(b.balanceRows(int32(s), int32(p)))
			}
		}
	}
	b.available0()
}

// spread extends here along links to where the product can get, and gets
// backwards to where it can be of use.
func (b *builder) spread(p int32, here, gets []bool) {
	through := func(s int32, uses []bool) bool { return uses[s] || b.ix.transit[s] }
	useAt := slices.Clone(gets)
	for changed := true; changed; {
		changed = false
		for i, a := range b.arcs {
			if !b.carries(i, p) {
				continue
			}
			if here[a.from] && !here[a.to] && through(a.to, useAt) {
				here[a.to], changed = true, true
			}
			if gets[a.to] && !gets[a.from] && b.ix.transit[a.from] {
				gets[a.from], changed = true, true
			}
		}
	}
}

func (b *builder) balanceRows(site, product int32) int {
	first := b.LP.Rows()
	for t := 1; t <= b.T; t++ {
		for age := range b.ages[product] {
			b.LP.AddRow(0, 0)
			b.rows = append(b.rows, row{kind: rowBalance, age: uint8(age), t: int16(t), a: site, b: product})
		}
	}
	return first
}

// available0 drops the accepted products that cannot reach where a class is.
func (b *builder) available0() {
	for s := range b.supplies {
		sp := &b.supplies[s]
		kept := sp.accepts[:0:0]
		for _, a := range sp.accepts {
			ok := true
			if b.n.Products[a.product].Reach != network.Anywhere {
				for _, at := range b.classes[sp.class].sites {
					ok = ok && b.balance[b.pair(at.site, a.product)] >= 0
				}
			}
			if ok {
				kept = append(kept, a)
			}
		}
		sp.accepts = kept
	}
}

// carries tells whether an arc carries a product.
func (b *builder) carries(i int, p int32) bool {
	pr := &b.n.Products[p]
	if pr.Reach != network.ByLink {
		return false
	}
	l := &b.n.Links[b.arcs[i].link]
	switch {
	case l.What == "":
		return !pr.Durable
	case l.What == pr.ID:
		return true
	}
	return slices.ContainsFunc(b.ix.kind[l.What], func(a accept) bool { return a.product == p })
}

func (b *builder) markRecipes(source, use []bool) {
	for _, f := range b.n.Flows {
		rec := &b.n.Recipes[b.ix.recipe[f.Recipe]]
		site := b.ix.siteOf(rec.Site, rec.Agent)
		p, ok := b.ix.product[f.What]
		switch f.Direction {
		case network.Out:
			source[b.pair(site, p)] = true
		case network.In:
			if ok {
				use[b.pair(site, p)] = true
			}
			for _, a := range b.ix.kind[f.What] {
				if !ok {
					use[b.pair(site, a.product)] = true
				}
			}
		case network.Use:
			source[b.pair(site, p)] = true
		}
	}
}

func (b *builder) markRest(source, use []bool) {
	for _, s := range b.n.Stocks {
		site, p := b.ix.siteOf(s.Site, s.Agent), b.ix.product[s.Product]
		if b.n.Products[p].Reach == network.Anywhere {
			continue // needs no site
		}
		k := b.pair(site, p)
		source[k] = source[k] || s.Start > 0
		use[k] = use[k] || s.End > 0
	}
	for _, tr := range b.n.Trade {
		p := b.ix.product[tr.Product]
		if b.n.Products[p].Reach == network.Anywhere {
			continue
		}
		k := b.pair(b.ix.siteOf(tr.Site, tr.Agent), p)
		if tr.Type == "sell" {
			use[k] = true
		} else {
			source[k] = true
		}
	}
	for _, a := range b.arcs {
		for _, f := range b.linkUse[a.link] {
			if f.Direction == network.In {
				use[b.pair(a.from, b.ix.product[f.What])] = true
			}
		}
	}
	// What is consumed counts as used only where it can get to, or the rows
	// would outnumber the goods; spread finds out, so mark all and clear below.
	for _, sp := range b.supplies {
		for _, at := range b.classes[sp.class].sites {
			for _, a := range sp.accepts {
				if b.n.Products[a.product].Reach != network.Anywhere {
					use[b.pair(at.site, a.product)] = true
				}
				for _, r := range b.returns[a.product] {
					source[b.pair(at.site, b.ix.product[r.Returned])] = true
				}
			}
		}
	}
}

// buildMoves makes transfers: one column per arc, product, period of departure
// and age, and one per arc and period for what they load on it together. What
// carrying takes hangs on the load alone, which keeps the program sparse.
func (b *builder) buildMoves() {
	for i, a := range b.arcs {
		l := &b.n.Links[a.link]
		for p := range b.n.Products {
			product := int32(p)
			if !b.carries(i, product) || b.balance[b.pair(a.from, product)] < 0 || b.balance[b.pair(a.to, product)] < 0 {
				continue
			}
			for t := 1; t+l.Delay <= b.T; t++ {
				for age := 0; age < b.ages[p]; age++ {
					arrival := 0
					if b.ages[p] > 1 {
						arrival = age + l.Delay
					}
					if arrival >= b.ages[p] {
						break
					}
					b.col(column{kind: colMove, age: uint8(age), t: int16(t), a: int32(i), b: product}, 0, lp.Inf)
					b.entry(b.balanceRow(a.from, product, t, age), -1)
					b.entry(b.balanceRow(a.to, product, t+l.Delay, arrival), 1)
					if kg, _ := b.weighs(l, product); kg != 0 && b.burdened(l, a) {
						b.entry(b.rowAt(row{kind: rowLoad, t: int16(t), a: int32(i)}, 0, 0), kg)
					}
				}
			}
		}
		b.carry(i)
	}
}

// weighs returns what a unit of a product weighs on a link, and the tonnes that
// a kilogram of its load counts. What is carried by a link of its own may be without weight: then its unit counts.
func (b *builder) weighs(l *network.Link, product int32) (kg, tonnes float64) {
	pr := &b.n.Products[product]
	if pr.Weight == 0 && l.What == pr.ID {
		return 1, 1
	}
	return pr.Weight, 1.0 / 1000
}

// burdened tells whether carrying on a link takes anything.
func (b *builder) burdened(l *network.Link, a arc) bool {
	return l.Capacity != nil || l.Money != 0 || len(b.linkUse[a.link]) > 0
}

// carry makes the loads of an arc: what a kilogram takes of room, hours, energy, impacts, money.
func (b *builder) carry(i int) {
	a := b.arcs[i]
	l := &b.n.Links[a.link]
	tonnes := 1.0 / 1000
	if p, ok := b.ix.product[l.What]; ok {
		_, tonnes = b.weighs(l, p)
	}
	for t := 1; t <= b.T; t++ {
		load, ok := b.byRow[row{kind: rowLoad, t: int16(t), a: int32(i)}]
		if !ok {
			continue
		}
		b.col(column{kind: colLoad, t: int16(t), a: int32(i)}, 0, lp.Inf)
		b.entry(load, -1)
		if l.Capacity != nil {
			b.entry(b.rowAt(row{kind: rowLink, t: int16(t), a: int32(i)}, -lp.Inf, *l.Capacity), 1)
		}
		if l.Money != 0 {
			b.money(l.Agent, t, l.Money*tonnes)
		}
		for _, f := range b.linkUse[a.link] {
			q := (f.PerTonne + f.PerKm*l.Distance) * tonnes
			switch f.Direction {
			case network.Labour:
				b.entry(b.workRow(b.ix.agent[l.Agent], b.ix.skill[f.What], t), q)
			case network.Burdens:
				b.impact(f.What, l.Agent, t, q)
			default:
				if q != 0 {
					b.drain(a.from, b.ix.product[f.What], t, q)
				}
			}
		}
	}
}

// sigmas makes the elements: satisfactions of supplies and wanted stocks, preferences, rest.
func (b *builder) sigmas() {
	add := func(e Element) int {
		e.Col = b.LP.Cols()
		b.Elements = append(b.Elements, e)
		b.col(column{kind: colSigma, a: int32(len(b.Elements) - 1), t: int16(e.Period)}, 0, 1)
		return len(b.Elements) - 1
	}
	for s := range b.supplies {
		sp := &b.supplies[s]
		total, persons := 0.0, 0.0
		seen := map[int]bool{}
		for _, q := range sp.quantity {
			total += q
		}
		for _, t := range sp.takers {
			if !seen[t.agent] {
				seen[t.agent] = true
				persons += max(1, b.n.Agents[t.agent].Persons)
			}
		}
		period := 0
		if len(sp.periods) == 1 {
			period = sp.periods[0]
		}
		sp.row = b.rowAt(row{kind: rowSupply, a: int32(s), t: int16(period)}, 0, b.overSupply(s))
		for u, q := range sp.quantity {
			if q <= 0 {
				continue
			}
			sp.element[u] = add(Element{Kind: elementNeed, Urgency: u, Quantity: q, Persons: persons, Period: period, supply: s})
			b.entry(sp.row, -q/total)
		}
		if slices.ContainsFunc(sp.accepts, func(a accept) bool { return a.preference != 1 }) {
			sp.prefer = add(Element{Kind: elementPreference, Quantity: total, Persons: persons, Period: period, supply: s})
			b.entry(b.rowAt(row{kind: rowPrefer, a: int32(s), t: int16(period)}, 0, lp.Inf), -1)
		}
	}
	for i, s := range b.n.Stocks {
		if s.End <= 0 || s.Urgency == network.Committed {
			continue
		}
		e := add(Element{Kind: elementStock, Urgency: b.ix.urgency[s.Urgency], Quantity: s.End, Period: b.T, index: i})
		b.wantedStocks = append(b.wantedStocks, e)
		b.entry(b.rowAt(row{kind: rowSupply, a: int32(-1 - e)}, 0, lp.Inf), -1)
	}
	b.sigmasOfRest(add)
}

// sigmasOfRest makes one element per agent that offers work felt as a burden.
func (b *builder) sigmasOfRest(add func(Element) int) {
	offered := make([]float64, len(b.n.Agents))
	for _, w := range b.n.Work {
		for t := 1; t <= b.T; t++ {
			if w.Periods.Has(t) {
				offered[b.ix.agent[w.Agent]] += w.Burden * w.Hours * b.ix.factor(w.Profile, t)
			}
		}
	}
	for a, q := range offered {
		if q > 0 {
			add(Element{Kind: elementRest, Quantity: q, Persons: b.n.Agents[a].Persons, index: a})
			b.entry(b.rowAt(row{kind: rowRest, a: int32(a)}, -lp.Inf, 1), 1)
		}
	}
}

// restOf returns the rest element of an agent, -1 without.
func (b *builder) restOf(agent int) int {
	for e := len(b.Elements) - 1; e >= 0 && b.Elements[e].Kind == elementRest; e-- {
		if b.Elements[e].index == agent {
			return e
		}
	}
	return -1
}

// elsewhere counts the accepted products of a supply that also count for
// something else of the same class in the same periods.
func (b *builder) elsewhere(s int) (counts, of int) {
	sp := &b.supplies[s]
	for _, a := range sp.accepts {
		if b.extra(s, a.product) {
			counts++
		}
	}
	return counts, len(sp.accepts)
}

// extra tells whether a product accepted by supply s serves another supply of its class.
func (b *builder) extra(s int, product int32) bool {
	sp := &b.supplies[s]
	for _, o := range b.classes[sp.class].supplies {
		other := &b.supplies[o]
		if o == s || (!other.property && b.n.Counting != network.CountAll) || !overlap(sp.periods, other.periods) || b.alike(s, o) {
			continue
		}
		if slices.ContainsFunc(other.accepts, func(a accept) bool { return a.product == product }) {
			return true
		}
	}
	return false
}

// alike tells whether two supplies are the same want of different members of
// one basket, so that what is consumed counts for both, each member's part for its own.
func (b *builder) alike(s, o int) bool {
	x, y := &b.supplies[s], &b.supplies[o]
	return b.isBasket(x.class) && x.what == y.what && x.of == y.of && slices.Equal(x.periods, y.periods)
}

func overlap(a, b []int) bool {
	return slices.ContainsFunc(a, func(t int) bool { return slices.Contains(b, t) })
}

// overSupply returns the upper bound of a supply's row: 0 keeps deliveries at
// what is asked; where every accepted product also counts for another need
// (bread for kcal), more of it may be consumed for that one.
func (b *builder) overSupply(s int) float64 {
	sp := &b.supplies[s]
	counts, of := b.elsewhere(s)
	if sp.property || (of > 0 && counts == of) || (counts > 0 && b.n.Counting == network.CountAll) {
		return lp.Inf
	}
	return 0
}

// buildConsumption makes what each class takes of each product in each period,
// one column per supply it counts for.
func (b *builder) buildConsumption() {
	for c := range b.classes {
		cl := &b.classes[c]
		for t := 1; t <= b.T; t++ {
			for _, p := range b.productsOf(cl, t) {
				var counts []int
				property := false
				more := false
				for _, s := range cl.supplies {
					sp := &b.supplies[s]
					if !slices.Contains(sp.periods, t) || !slices.ContainsFunc(sp.accepts, func(a accept) bool { return a.product == p }) {
						continue
					}
					if sp.property {
						property = true
						continue
					}
					counts = append(counts, s)
					more = more || b.LP.RowUpper[sp.row] == 0
				}
				none := len(counts) == 0
				if b.n.Counting == network.CountAll {
					b.consume(c, p, t, counts, -1)
					continue
				}
				for len(counts) > 0 {
					s := counts[0]
					same := func(o int) bool { return o == s || b.alike(s, o) }
					b.consume(c, p, t, slices.DeleteFunc(slices.Clone(counts), func(o int) bool { return !same(o) }), s)
					counts = slices.DeleteFunc(counts, same)
				}
				if property && (more || none) {
					b.consume(c, p, t, nil, -1)
				}
			}
		}
	}
}

func (b *builder) productsOf(cl *class, t int) []int32 {
	var out []int32
	for _, s := range cl.supplies {
		if !slices.Contains(b.supplies[s].periods, t) {
			continue
		}
		for _, a := range b.supplies[s].accepts {
			out = append(out, a.product)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// consume makes one consumption column that counts for the given product and
// kind supplies, and for every property supply of the class.
func (b *builder) consume(c int, p int32, t int, counts []int, of int) {
	cl := &b.classes[c]
	b.col(column{kind: colConsume, t: int16(t), a: int32(c), b: p, c: int32(of)}, 0, lp.Inf)
	for _, at := range cl.sites {
		b.drain(at.site, p, t, at.share)
		for _, r := range b.returns[p] {
			if t+r.Offset <= b.T {
				b.source(at.site, b.ix.product[r.Returned], t+r.Offset, r.Quantity*at.share)
			}
		}
	}
	for _, s := range cl.supplies {
		sp := &b.supplies[s]
		if !slices.Contains(sp.periods, t) || (!sp.property && !slices.Contains(counts, s)) {
			continue
		}
		for _, a := range sp.accepts {
			if a.product == p {
				b.counted(s, a)
			}
		}
	}
	b.ratios(cl, c, p, t)
}

// counted adds the current column to supply s at the rate of a.
func (b *builder) counted(s int, a accept) {
	sp := &b.supplies[s]
	total := 0.0
	for _, q := range sp.quantity {
		total += q
	}
	if total > 0 {
		b.entry(sp.row, a.rate*sp.part/total)
		if sp.prefer >= 0 {
			b.entry(b.rowAt(row{kind: rowPrefer, a: int32(s), t: int16(b.Elements[sp.prefer].Period)}, 0, lp.Inf), a.rate*a.preference*sp.part/total)
		}
	}
	if sp.maximum > 0 {
		b.entry(b.rowAt(row{kind: rowMaximum, a: int32(s)}, -lp.Inf, sp.maximum), a.rate*sp.part)
	}
}

// ratios adds the current column to the ratio bounds of its class's agents.
func (b *builder) ratios(cl *class, c int, p int32, t int) {
	done := map[string]bool{}
	for k, r := range b.n.Ratios {
		if !slices.ContainsFunc(cl.members, func(m member) bool { return b.n.Agents[m.agent].ID == r.Agent }) || !r.Periods.Has(t) {
			continue
		}
		if r.Of != "" && !slices.ContainsFunc(b.ix.kind[r.Of], func(a accept) bool { return a.product == p }) {
			continue
		}
		key := fmt.Sprint(r.Property, "|", r.To, "|", r.Of, "|", r.Least != nil, "|", r.Most != nil)
		if r.Least != nil {
			key += fmt.Sprint(*r.Least)
		}
		if r.Most != nil {
			key += fmt.Sprint("|", *r.Most)
		}
		if done[key] {
			continue // members of a basket state the same bound
		}
		done[key] = true
		num, den := b.ix.content[r.Property][p], b.ix.content[r.To][p]
		at := row{kind: rowRatio, t: int16(t), a: int32(k), b: int32(c)}
		if r.Least != nil {
			b.entry(b.rowAt(at, 0, lp.Inf), num-*r.Least*den)
		}
		if r.Most != nil {
			at.c = 1
			b.entry(b.rowAt(at, -lp.Inf, 0), num-*r.Most*den)
		}
	}
}

// flush puts late entries where they belong.
func (b *builder) flush() {
	if len(b.late) == 0 {
		return
	}
	p := b.LP
	slices.SortStableFunc(b.late, func(a, c lateEntry) int { return a.col - c.col })
	index := make([]int32, 0, len(p.Index)+len(b.late))
	value := make([]float64, 0, len(p.Index)+len(b.late))
	start := make([]int, len(p.Start))
	k := 0
	for j := range p.Cols() {
		rows, vals := p.Column(j)
		index, value = append(index, rows...), append(value, vals...)
		for ; k < len(b.late) && b.late[k].col == j; k++ {
			index, value = append(index, int32(b.late[k].row)), append(value, b.late[k].v)
		}
		start[j+1] = len(value)
	}
	p.Start, p.Index, p.Value = start, index, value
}
