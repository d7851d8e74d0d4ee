package plan

import (
	"slices"

	"bremen/lp"
	"bremen/network"
)

// buildWork makes a column per offer, organisation it may work for, and period.
func (b *builder) buildWork() {
	needed := b.workNeeded()
	for i, w := range b.n.Work {
		skill := b.ix.skill[w.Skill]
		a := b.ix.agent[w.Agent]
		var orgs []int
		switch {
		case w.For != "":
			orgs = []int{b.ix.agent[w.For]}
		case b.n.Agents[a].Type == network.Organisation:
			orgs = []int{a}
		default:
			orgs = needed[skill]
		}
		for t := 1; t <= b.T; t++ {
			hours := w.Hours * b.ix.factor(w.Profile, t)
			if !w.Periods.Has(t) || hours <= 0 {
				continue
			}
			for _, o := range orgs {
				b.col(column{kind: colWork, t: int16(t), a: int32(i), b: int32(o)}, 0, hours)
				b.entry(b.workRow(o, skill, t), -1)
				if len(orgs) > 1 {
					b.entry(b.rowAt(row{kind: rowOffer, t: int16(t), a: int32(i)}, -lp.Inf, hours), 1)
				}
				if e := b.restOf(a); e >= 0 && w.Burden > 0 {
					b.entry(b.rowAt(row{kind: rowRest, a: int32(a)}, -lp.Inf, 1), w.Burden/b.Elements[e].Quantity)
				}
			}
		}
	}
}

func (b *builder) workRow(org int, skill int32, t int) int {
	return b.rowAt(row{kind: rowWork, t: int16(t), a: int32(org), b: skill}, 0, 0)
}

// workNeeded lists, per skill, the organisations whose recipes or links take it.
func (b *builder) workNeeded() map[int32][]int {
	out := map[int32][]int{}
	add := func(skill string, agent string) {
		s, a := b.ix.skill[skill], b.ix.agent[agent]
		if !slices.Contains(out[s], a) {
			out[s] = append(out[s], a)
		}
	}
	for _, f := range b.n.Flows {
		if f.Direction == network.Labour {
			add(f.What, b.n.Recipes[b.ix.recipe[f.Recipe]].Agent)
		}
	}
	for i, uses := range b.linkUse {
		for _, f := range uses {
			if f.Direction == network.Labour {
				add(f.What, b.n.Links[i].Agent)
			}
		}
	}
	for s := range out {
		slices.Sort(out[s])
	}
	return out
}
