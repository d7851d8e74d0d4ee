package plan

import (
	"slices"

	"bremen/lp"
	"bremen/network"
)

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
