package plan

import (
	"slices"

	"bremen/lp"
	"bremen/network"
)

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
		b.entry(b.rowAt(row{kind: rowCapacity, t: int16(t), a: site, b: product}, -lp.Inf, 0), -b.availability(site, product, t))
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
