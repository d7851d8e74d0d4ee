package plan

import (
	"fmt"
	"slices"

	"bremen/lp"
	"bremen/network"
)

// commit makes what has been promised stand: bounds on single columns, rows on sums.
func (b *builder) commit() error {
	columns := map[column][]int{}
	for j, c := range b.cols {
		c.age = 0
		switch c.kind {
		case colWork:
			c.b = 0
		case colSigma, colConsume:
			continue
		}
		columns[c] = append(columns[c], j)
	}
	for i := range b.n.Commitments {
		c := &b.n.Commitments[i]
		least, most := 0.0, lp.Inf
		if c.Least != nil {
			least = *c.Least
		}
		if c.Most != nil {
			most = *c.Most
		}
		for t := 1; t <= b.T; t++ {
			if !c.Periods.Has(t) {
				continue
			}
			if c.Type == network.Delivery {
				b.commitDelivery(c.Of, i, t, least, most)
				continue
			}
			r := b.rowAt(row{kind: rowCommit, t: int16(t), a: int32(i)}, least, most)
			at, err := b.committed(c)
			if err != nil {
				return err
			}
			for _, k := range at {
				k.t = int16(t)
				for _, j := range columns[k] {
					b.late = append(b.late, lateEntry{j, r, 1})
				}
			}
		}
	}
	return nil
}

// committed returns the columns a commitment speaks of, without age and period.
func (b *builder) committed(c *network.Commitment) ([]column, error) {
	x := b.ix
	unknown := fmt.Errorf("commitment %s: unknown %s %q", c.ID, c.Type, c.Of)
	switch c.Type {
	case network.Runs:
		if i, ok := x.recipe[c.Of]; ok {
			return []column{{kind: colRun, a: int32(i)}}, nil
		}
	case network.Purchase, network.Sale:
		kind := colBuy
		if c.Type == network.Sale {
			kind = colSell
		}
		if i, ok := x.trade[c.Of]; ok {
			return []column{{kind: kind, a: int32(i)}}, nil
		}
	case network.Working:
		if i, ok := x.work[c.Of]; ok {
			return []column{{kind: colWork, a: int32(i)}}, nil
		}
	case network.Holding:
		if s, ok := x.site[c.Of]; ok {
			return []column{{kind: colStock, a: s, b: x.product[c.Product]}}, nil
		}
	case network.Transfer:
		var out []column
		for i, a := range b.arcs {
			if a.id == c.Of {
				out = append(out, column{kind: colMove, a: int32(i), b: x.product[c.Product]})
			}
		}
		if out != nil {
			return out, nil
		}
	}
	return nil, unknown
}

// commitDelivery bounds, by commitment i, what the need gets in period t
// through its satisfactions. A need over several periods in total is bounded
// once, in total; a period in which nothing is needed binds only where something is promised.
func (b *builder) commitDelivery(need string, i, t int, least, most float64) {
	total := false
	for s := range b.supplies {
		sp := &b.supplies[s]
		for _, tk := range sp.takers {
			if b.n.Needs[tk.need].ID != need || !slices.Contains(sp.periods, t) {
				continue
			}
			at := row{kind: rowCommit, t: int16(t), a: int32(i)}
			if len(sp.periods) > 1 {
				total, at.t = true, int16(sp.periods[0])
				if _, done := b.byRow[at]; done {
					continue
				}
			}
			r := b.rowAt(at, least, most)
			for u, q := range tk.urgency {
				if e := sp.element[u]; e >= 0 && q > 0 {
					b.late = append(b.late, lateEntry{b.Elements[e].Col, r, q})
				}
			}
		}
	}
	if !total {
		b.rowAt(row{kind: rowCommit, t: int16(t), a: int32(i)}, least, most)
	}
}
