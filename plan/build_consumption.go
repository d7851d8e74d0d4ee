package plan

import (
	"fmt"
	"slices"

	"bremen/lp"
	"bremen/network"
)

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
