package plan

import (
	"bremen/lp"
	"bremen/network"
)

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
