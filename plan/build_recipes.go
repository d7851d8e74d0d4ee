package plan

import (
	"slices"

	"bremen/lp"
	"bremen/network"
)

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
		// Bounded, so that more and less of the same cannot grow together.
		for sign, most := range [2]float64{max(0, b.LP.Upper[j]-old), old} {
			b.col(column{kind: colChange, t: c.t, a: c.a, b: int32(sign)}, 0, most)
			b.entry(i, float64(2*sign-1))
		}
	}
}
