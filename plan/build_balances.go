package plan

import (
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
	b.dropUnreachable()
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

// dropUnreachable drops the accepted products that cannot reach where a class is.
func (b *builder) dropUnreachable() {
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
