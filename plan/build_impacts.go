package plan

import (
	"slices"

	"bremen/lp"
	"bremen/network"
)

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
