package plan

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"bremen/lp"
	"bremen/network"
)

// leverKey names a bound that people could move: what and where are IDs.
type leverKey struct {
	kind  string // work, offer, capacity, stock, limit, budget, link, storage, trade, sale, recipe, least, commitment, end, maximum, ratio, blend, need
	what  string
	where string
	of    string // the statement behind it, where there is one: recipe, trade, commitment …
}

// lever is a bound of the network over some periods, with what moving it would bring.
type lever struct {
	leverKey
	unit  string
	each  bool // it is stated per period, and is moved by the same amount in each
	less  bool // relaxing it means less of it (what is committed, least runs)
	size  float64
	moves []move
	price float64 // gain in progress per unit, all periods moved together
}

// move relaxes one bound of the program.
type move struct {
	way   way
	index int // row or column
	t     int
	price float64
}

// way says which bound of a row or column gives, when its lever is relaxed by d.
type way uint8

const (
	rowUp    way = iota // upper + d
	rowDown             // lower − d
	rowShift            // both − d: d more comes in
	rowLeast            // the coefficients of a least ratio, by −d
	rowMost             // the coefficients of a greatest ratio, by +d
	colUp               // upper + d
	colDown             // lower − d
)

// handle returns the lever that a bound of a row of the network's program
// belongs to (its upper one, or its lower), with one move and no price; false for bounds that only define something.
func (p *Program) handle(i int, up bool) (lever, bool) {
	r, n, x := p.rows[i], p.Net, p.ix
	upper, lower := p.LP.RowUpper[i], p.LP.RowLower[i]
	b := p.bound(i)
	l := lever{leverKey: leverKey{kind: b.Kind, what: b.What, where: b.Where}, unit: b.Unit, each: true, size: math.Abs(upper)}
	m := move{way: rowUp, index: i, t: int(r.t)}
	switch r.kind {
	case rowBalance:
		if up || r.t != 1 || r.age != 0 || upper >= 0 || n.Products[r.b].Durable {
			return l, false
		}
		l.kind, l.each, m.way, m.t = "stock", false, rowShift, 0
	case rowCapacity:
		l.size = p.standing(r.a, r.b)
	case rowWork:
		l.size = 0 // summed from the offers by whoever needs it
	case rowOffer:
		l.of = n.Work[r.a].ID
	case rowLink:
		l.of = n.Links[p.arcs[r.a].link].ID
		l.where = x.siteID[p.arcs[r.a].from]
	case rowStorage:
		l.of = strconv.Itoa(int(r.a))
		l.unit = p.unitOfStorage(&n.Storage[r.a])
	case rowLimit:
		l.of, l.each = n.Limits[r.a].ID, r.t != 0
	case rowPurse:
		if up {
			return l, false
		}
		l.each, m.way = false, rowShift
		l.size = p.purseTotal(l.where)
	case rowTrade:
		l.kind, l.of, l.where, l.each = sideOf(n.Trade[r.a].Type), n.Trade[r.a].ID, n.Trade[r.a].Agent, false
	case rowMaximum:
		sp := &p.supplies[r.a]
		l.of, l.unit = strconv.Itoa(int(r.a)), p.unitOfNeed(sp)
		if len(sp.periods) == 1 {
			m.t = sp.periods[0]
		} else {
			l.each = false
		}
	case rowRatio:
		l.of, l.size = n.Ratios[r.a].ID, 1
		m.way = pick(r.c == 0, rowLeast, rowMost)
		l.less = r.c == 0
	case rowBlend:
		l.of, l.size = strconv.Itoa(int(r.a)), 1
		m.way = pick(r.age == 0, rowLeast, rowMost)
		l.less = r.age == 0
	case rowCommit:
		if r.a < 0 {
			l.kind, l.where, l.each = "end", x.siteID[-1-r.a], false
			l.what, l.unit = n.Products[r.b].ID, n.Products[r.b].Unit
		} else {
			l.of, l.unit = n.Commitments[r.a].ID, p.unitOfCommitment(&n.Commitments[r.a])
		}
		if !up {
			m.way, l.less, l.size = rowDown, true, lower
		}
	default:
		return l, false
	}
	l.moves = []move{m}
	return l, (m.way == rowUp || m.way == rowMost) == up
}

// grip returns the lever that a bound of a column belongs to: its upper bound
// or, when low is set, its lower one.
func (p *Program) grip(j int, low bool) (lever, bool) {
	c, n := p.cols[j], p.Net
	bound := p.LP.Upper[j]
	m := move{way: colUp, index: j, t: int(c.t)}
	if low {
		bound, m.way = p.LP.Lower[j], colDown
		if bound <= 0 {
			return lever{}, false
		}
	}
	if math.IsInf(bound, 0) {
		return lever{}, false
	}
	l := lever{each: true, less: low, size: bound}
	switch {
	case c.kind == colRun:
		r := &n.Recipes[c.a]
		l.leverKey = leverKey{"recipe", r.ID, r.Agent, r.ID}
		l.unit = r.Unit
		if low {
			l.kind = "least"
		}
	case c.kind == colStock && low:
		l.leverKey = leverKey{"end", n.Products[c.b].ID, p.ix.siteID[c.a], ""}
		l.unit, l.each, m.t = n.Products[c.b].Unit, false, 0
	case c.kind == colWork && !low:
		w := &n.Work[c.a]
		l.leverKey = leverKey{"offer", w.Skill, w.Agent, w.ID}
		l.unit = network.HourUnit
	case c.kind == colImpact && !low:
		l.leverKey = leverKey{"limit", n.Impacts[c.a].ID, "", ""}
		l.unit = n.Impacts[c.a].Unit
	case c.kind == colSigma && !low && p.Elements[c.a].Kind == elementNeed:
		sp := &p.supplies[p.Elements[c.a].supply]
		l.leverKey = leverKey{"need", sp.what, p.classWho(sp.class), strconv.Itoa(int(c.a))}
		l.unit, l.size = p.unitOfNeed(sp), p.Elements[c.a].Quantity
	case (c.kind == colBuy || c.kind == colSell) && !low:
		t := &n.Trade[c.a]
		l.leverKey = leverKey{sideOf(t.Type), t.Product, t.Agent, t.ID}
		l.unit = n.Products[p.ix.product[t.Product]].Unit
	default:
		return l, false
	}
	l.moves = []move{m}
	return l, true
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func sideOf(trade string) string { return pick(trade == "sell", "sale", "trade") }

// standing is how much of a durable stands at a site at the start.
func (p *Program) standing(site, product int32) float64 {
	sum := 0.0
	for _, s := range p.Net.Stocks {
		if p.ix.siteOf(s.Site, s.Agent) == site && p.ix.product[s.Product] == product {
			sum += s.Start
		}
	}
	return sum
}

// availability is the share of a durable that can be used in period t.
func (p *Program) availability(site, product int32, t int) float64 {
	for _, s := range p.Net.Stocks {
		if s.Profile != "" && p.ix.siteOf(s.Site, s.Agent) == site && p.ix.product[s.Product] == product {
			return p.ix.factor(s.Profile, t)
		}
	}
	return 1
}

// purseTotal is all the money that comes into a budget from itself.
func (p *Program) purseTotal(agent string) float64 {
	sum := 0.0
	for _, b := range p.Net.Budgets {
		if b.Agent == agent {
			sum += b.Opening + b.Income*float64(b.Periods.Count(p.T()))
		}
	}
	return sum
}

func (p *Program) unitOfStorage(s *network.Storage) string {
	if s.What == "" {
		return "t"
	}
	if k, ok := p.ix.product[s.What]; ok {
		return p.Net.Products[k].Unit
	}
	for _, a := range p.ix.kind[s.What] {
		return p.Net.Products[a.product].Unit
	}
	return ""
}

func (p *Program) unitOfCommitment(c *network.Commitment) string {
	product := func(id string) string {
		if k, ok := p.ix.product[id]; ok {
			return p.Net.Products[k].Unit
		}
		return ""
	}
	switch c.Type {
	case network.Runs:
		if k, ok := p.ix.recipe[c.Of]; ok {
			return p.Net.Recipes[k].Unit
		}
	case network.Purchase, network.Sale:
		if k, ok := p.ix.trade[c.Of]; ok {
			return product(p.Net.Trade[k].Product)
		}
	case network.Transfer, network.Holding:
		return product(c.Product)
	case network.Working:
		return network.HourUnit
	case network.Delivery:
		for i := range p.Net.Needs {
			if p.Net.Needs[i].ID == c.Of {
				return p.Net.Needs[i].Unit
			}
		}
	}
	return ""
}

// relax moves every bound of a lever by d in a copy of the program; the copy
// shares all else with p.
func (p *Program) relax(l *lever, d float64) *Program {
	q, program := *p, *p.LP
	program.RowLower, program.RowUpper = slices.Clone(p.LP.RowLower), slices.Clone(p.LP.RowUpper)
	program.Lower, program.Upper = slices.Clone(p.LP.Lower), slices.Clone(p.LP.Upper)
	q.LP = &program
	for _, m := range l.moves {
		switch m.way {
		case rowUp:
			program.RowUpper[m.index] += d
		case rowDown:
			program.RowLower[m.index] -= d
		case rowShift:
			program.RowLower[m.index] -= d
			program.RowUpper[m.index] -= d
		case colUp:
			program.Upper[m.index] += d
		case colDown:
			program.Lower[m.index] = max(0, program.Lower[m.index]-d)
		default:
			p.tilt(&program, m, d)
		}
	}
	return &q
}

// tilt changes the coefficients of a ratio or blend: in Σ (num − bound·den)·x
// the bound gives way by d.
func (p *Program) tilt(q *lp.Problem, m move, d float64) {
	if &q.Value[0] == &p.LP.Value[0] {
		q.Value = slices.Clone(q.Value)
	}
	if m.way == rowMost {
		d = -d
	}
	p.eachInRatio(m.index, func(at, j int) { q.Value[at] += d * p.denominator(m.index, j) })
}

// eachInRatio calls f for the entries of a row: their place in the program's values and their column.
func (p *Program) eachInRatio(i int, f func(at, j int)) {
	for j := range p.LP.Cols() {
		for at := p.LP.Start[j]; at < p.LP.Start[j+1]; at++ {
			if int(p.LP.Index[at]) == i {
				f(at, j)
			}
		}
	}
}

// denominator is what one unit of column j counts below the line of ratio or blend i.
func (p *Program) denominator(i, j int) float64 {
	if r := p.rows[i]; r.kind == rowRatio {
		return p.ix.content[p.Net.Ratios[r.a].To][p.cols[j].b]
	}
	return 1
}

// steps of a lever: what people would talk about. Ten hours, one oven, else a
// tenth of what there is, in round figures.
func (l *lever) step() float64 {
	tenth := roundFigure(l.size / 10)
	switch {
	case l.size <= 0:
		return 1
	case l.unit == network.HourUnit:
		return min(10, max(tenth, pick(l.size < 5, tenth, 1)))
	case l.kind == "capacity" && l.size >= 1 && l.size < 20:
		return 1
	}
	return tenth
}

// roundFigure returns the nearest of 1, 2, 5 times a power of ten that is no smaller.
func roundFigure(v float64) float64 {
	if v <= 0 {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(v)+1e-9))
	for _, f := range []float64{1, 2, 5} {
		if v <= f*power*(1+1e-9) {
			return f * power
		}
	}
	return 10 * power
}

// effect is the progress that a step would bring if the price held so far.
func (l *lever) effect() float64 { return l.price * l.step() }

// periods of a lever's moves, "3-5,9"; "" when it is not a matter of periods.
func (l *lever) periods() string {
	var t []int
	for _, m := range l.moves {
		if m.t > 0 {
			t = append(t, m.t)
		}
	}
	return spans(t)
}

// levers finds what binds in a round: every bound that people could move, with
// its dual, strongest first. y are the duals of g, x stands for what is consumed.
func (p *Program) levers(g *goalProgram, y, x []float64) []lever {
	found := map[leverKey]*lever{}
	sign := 1.0
	if !g.lp.Maximise {
		sign = -1
	}
	add := func(l lever, gain float64) {
		if gain <= 0 {
			return
		}
		have := found[l.leverKey]
		if have == nil {
			have = &lever{leverKey: l.leverKey, unit: l.unit, each: l.each, less: l.less, size: l.size}
			found[l.leverKey] = have
		}
		m := l.moves[0]
		m.price = gain
		have.moves = append(have.moves, m)
		have.size = max(have.size, l.size)
	}
	for i := range p.LP.Rows() {
		if y[i] == 0 {
			continue
		}
		if l, ok := p.handle(i, sign*y[i] > 0); ok && l.kind != "offer" {
			gain := sign * y[i] / g.scale
			switch l.moves[0].way {
			case rowDown, rowShift:
				gain = -gain
			case rowLeast, rowMost:
				if l.moves[0].way == rowLeast {
					gain = -gain
				}
				gain *= p.below(i, x)
			}
			add(l, gain)
		}
	}
	for j := range p.LP.Cols() {
		if k := p.cols[j].kind; k == colWork || k == colSigma || k == colConsume || k == colMove {
			continue // hours are the business of their work row, the others have no bound of their own
		}
		d := sign * reduced(g.lp, j, y) / g.scale
		if l, ok := p.grip(j, d < 0); ok {
			add(l, math.Abs(d))
		}
	}
	hours := p.hoursOffered()
	out := make([]lever, 0, len(found))
	for _, l := range found {
		if l.kind == "work" {
			for _, m := range l.moves {
				l.size = max(l.size, hours[m.index])
			}
		}
		l.tidy()
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b lever) int {
		return cmp.Or(cmp.Compare(b.effect(), a.effect()), compareKeys(a.leverKey, b.leverKey))
	})
	return out
}

func compareKeys(a, b leverKey) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.what, b.what), cmp.Compare(a.where, b.where), cmp.Compare(a.of, b.of))
}

// weakMove: periods whose price is below this share of the strongest are left out.
const weakMove = 1e-2

// tidy drops weak moves and sums the price. Money can be kept, so only its
// first period counts.
func (l *lever) tidy() {
	top := 0.0
	for _, m := range l.moves {
		top = max(top, m.price)
	}
	l.moves = slices.DeleteFunc(l.moves, func(m move) bool { return m.price < weakMove*top })
	if l.kind == "budget" {
		best := slices.IndexFunc(l.moves, func(m move) bool { return m.price >= top*(1-1e-6) })
		l.moves = []move{l.moves[best]}
	}
	l.price = 0
	for _, m := range l.moves {
		l.price += m.price
	}
}

// below is the quantity below the line of a ratio or blend.
func (p *Program) below(i int, x []float64) float64 {
	sum := 0.0
	p.eachInRatio(i, func(_, j int) { sum += p.denominator(i, j) * x[j] })
	return sum
}

// hoursOffered sums, per work row, the hours that could go into it.
func (p *Program) hoursOffered() map[int]float64 {
	out := map[int]float64{}
	for j, c := range p.cols {
		if c.kind != colWork {
			continue
		}
		rows, _ := p.LP.Column(j)
		for _, i := range rows {
			if p.rows[i].kind == rowWork {
				out[int(i)] += p.LP.Upper[j]
			}
		}
	}
	return out
}

// reduced returns the reduced cost of column j under the row duals y.
func reduced(q *lp.Problem, j int, y []float64) float64 {
	d := q.Cost[j]
	rows, values := q.Column(j)
	for k, i := range rows {
		d -= float64(values[k] * y[i])
	}
	return d
}
