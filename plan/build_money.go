package plan

import (
	"bremen/lp"
)

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
