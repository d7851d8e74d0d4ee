package economy

import (
	"math"
	"slices"

	"bremen/lp"
	"bremen/lp/block"
)

// Problem states the economy as a program. The economy is valid (Validate).
// The program shares the economy's matrices. The error is an
// *UnboundedError or a *KeptError.
func (e *Economy) Problem(goal Goal) (*block.Problem, *Index, error) {
	b := &builder{e: e, p: &block.Problem{Maximise: goal == Satisfaction}, n: e.Blocks(), ix: Index{Goal: goal}}
	b.everywhere = []block.Run{block.Everywhere(b.n)}
	b.perPeriod()
	b.measure()
	b.rows()
	b.columns()
	b.serve()
	if err := b.bound(); err != nil {
		return nil, nil, err
	}
	return b.p, &b.ix, nil
}

type builder struct {
	e          *Economy
	p          *block.Problem
	ix         Index
	n          int // blocks
	everywhere []block.Run
	later      []block.Run // from the end of each period to the next, in every region
	typical    []float64   // per need: mean demand over the blocks that have one
}

func (b *builder) perPeriod() {
	t := len(b.e.Periods)
	for r := range b.e.Regions {
		if t > 1 {
			b.later = append(b.later, block.Run{Row: r*t + 1, Col: r * t, RowStep: 1, ColStep: 1, Count: t - 1})
		}
	}
}

// measure finds the size of typical demands.
func (b *builder) measure() {
	b.typical = make([]float64, len(b.e.Needs))
	var sizes []float64
	for k := range b.e.Needs {
		sum, count := 0.0, 0
		for _, d := range b.e.Demand[k*b.n:][:b.n] {
			if d > 0 {
				sum, count = sum+d, count+1
			}
		}
		if count > 0 {
			b.typical[k] = sum / float64(count)
			sizes = append(sizes, b.typical[k])
		}
	}
	b.ix.Unit = 1
	if len(sizes) > 0 {
		slices.Sort(sizes)
		b.ix.Unit = math.Exp2(math.Round(math.Log2(sizes[len(sizes)/2])))
	}
}

func (b *builder) rows() {
	e, p, ix := b.e, b.p, &b.ix
	n, t := b.n, len(e.Periods)
	u := 1 / ix.Unit
	ix.Balance = p.AddRows("balance", len(e.Products), n, 0, lp.Inf)
	lower := p.RowLower[p.RowGroups[ix.Balance].First:]
	for i, v := range e.Supply {
		lower[i] -= v * u
	}
	for i := range e.Stock { // what is left of it when the first period begins
		lower[i*t] -= e.Stock[i] * u
	}
	ix.Labour = p.AddRows("labour", len(e.Skills), n, -lp.Inf, 0)
	for i, v := range e.Labour {
		p.RowUpper[p.RowGroups[ix.Labour].First+i] = v * u
	}
	ix.Capacity = p.AddRows("capacity", len(e.Capitals), n, -lp.Inf, 0)
	ix.Accumulation = p.AddRows("accumulation", len(e.Capitals), n, -lp.Inf, 0)
	for i, v := range e.Installed {
		p.RowUpper[p.RowGroups[ix.Capacity].First+i*t] = v * u
		p.RowUpper[p.RowGroups[ix.Accumulation].First+i*t] = v * u * (1 - e.Capitals[i/len(e.Regions)].Wear)
	}
	for s, size := range [scopeCount]int{n, len(e.Regions), t, 1} {
		b.limitRows(Scope(s), size)
	}
	ix.Satisfaction = -1
	if ix.Goal == Satisfaction {
		ix.Satisfaction = p.AddRows("satisfaction", len(e.Needs), n, 0, lp.Inf)
	}
	ix.Haul = -1
	if len(e.Arcs) > 0 {
		ix.Haul = p.AddRows("haul", 1, len(e.Arcs)*t, -lp.Inf, 0)
	}
}

// limitRows adds the rows of limits of one scope that bound something.
func (b *builder) limitRows(s Scope, size int) {
	p, ix := b.p, &b.ix
	for i, l := range b.e.Limits {
		if l.Scope == s && slices.Min(l.Most) < lp.Inf {
			ix.Limits[s] = append(ix.Limits[s], i)
		}
	}
	ix.Limit[s] = -1
	if len(ix.Limits[s]) == 0 {
		return
	}
	ix.Limit[s] = p.AddRows("limit_"+s.String(), len(ix.Limits[s]), size, -lp.Inf, 0)
	for k, i := range ix.Limits[s] {
		for at, v := range b.e.Limits[i].Most {
			p.RowUpper[p.RowGroups[ix.Limit[s]].First+k*size+at] = v / ix.Unit
		}
	}
}

func (b *builder) term(rows, cols int, m *block.Matrix, runs []block.Run) {
	if rows < 0 || m == nil || len(m.Value) == 0 || len(runs) == 0 {
		return
	}
	b.p.Terms = append(b.p.Terms, block.Term{Rows: rows, Cols: cols, Matrix: m, Runs: runs})
}

// technology adds what columns bring and take. Column blocks from col on act in
// the economy's blocks from row on, count of them, for each of places.
func (b *builder) technology(t Technology, cols int, places []block.Run) {
	b.term(b.ix.Balance, cols, t.Product, places)
	b.term(b.ix.Labour, cols, t.Labour, places)
	b.term(b.ix.Capacity, cols, t.Capital, places)
	periods := len(b.e.Periods)
	for s := range scopeCount {
		if t.Limit == nil || b.ix.Limit[s] < 0 {
			continue
		}
		var runs []block.Run
		for _, r := range places {
			runs = append(runs, Scope(s).runs(r, periods)...)
		}
		b.term(b.ix.Limit[s], cols, selectRows(t.Limit, b.ix.Limits[s]), runs)
	}
}

// runs turns a run from column blocks to the economy's blocks into runs to the
// rows of a limit.
func (s Scope) runs(r block.Run, periods int) []block.Run {
	switch s {
	case PerBlock:
		return []block.Run{r}
	case OverAll:
		return []block.Run{{Col: r.Col, ColStep: 1, Count: r.Count}}
	}
	var out []block.Run
	for k := 0; k < r.Count; k += periods { // r covers whole regions
		region := block.Run{Col: r.Col + k, ColStep: 1, Count: periods}
		if s == PerRegion {
			region.Row = (r.Row + k) / periods
		} else {
			region.RowStep = 1
		}
		out = append(out, region)
	}
	return out
}

func (b *builder) columns() {
	e, p, ix := b.e, b.p, &b.ix
	ix.Activity = b.activity("activity", len(e.Techniques), e.Making)
	ix.Stored, ix.Moved, ix.Carried, ix.Installed, ix.Built = -1, -1, -1, -1, -1
	var keep []float64
	for i := range e.Products {
		if e.Products[i].Keep > 0 && len(e.Periods) > 1 {
			ix.Storable, keep = append(ix.Storable, i), append(keep, e.Products[i].Keep)
		}
	}
	if len(ix.Storable) > 0 {
		ix.Stored = p.AddCols("stored", len(ix.Storable), b.n, 0, 0, lp.Inf)
		b.term(ix.Balance, ix.Stored, single(len(e.Products), ix.Storable, constant(-1)), b.everywhere)
		b.term(ix.Balance, ix.Stored, single(len(e.Products), ix.Storable, func(k int) float64 { return keep[k] }), b.later)
	}
	if len(e.Capitals) > 0 {
		b.capital()
	}
	if len(e.Arcs) > 0 {
		b.transport()
	}
}

// activity adds columns that act in every block at the cost of their labour.
func (b *builder) activity(name string, items int, t Technology) int {
	g := b.p.AddCols(name, items, b.n, 0, 0, lp.Inf)
	b.technology(t, g, b.everywhere)
	if t.Labour != nil {
		rate := b.labourCost()
		for j := range items {
			cost := rate * columnSum(t.Labour, j)
			for k := range b.n {
				b.p.Cost[b.p.ColGroups[g].First+j*b.n+k] = cost
			}
		}
	}
	return g
}

// capital adds what is built and, from then on, installed.
func (b *builder) capital() {
	e, p, ix := b.e, b.p, &b.ix
	k := len(e.Capitals)
	ix.Built = b.activity("built", k, e.Building)
	ix.Installed = p.AddCols("installed", k, b.n, 0, 0, lp.Inf)
	minus, left := make([]float64, k), make([]float64, k)
	for i := range k {
		minus[i], left[i] = -1, e.Capitals[i].Wear-1
	}
	t := len(e.Periods)
	for i, v := range e.Kept {
		p.Lower[p.ColGroups[ix.Installed].First+i*t+t-1] = v / ix.Unit
	}
	one := block.Diagonal(slices.Repeat([]float64{1}, k))
	b.term(ix.Capacity, ix.Installed, block.Diagonal(minus), b.later)
	b.term(ix.Accumulation, ix.Installed, one, b.everywhere)
	b.term(ix.Accumulation, ix.Installed, block.Diagonal(left), b.later)
	b.term(ix.Accumulation, ix.Built, block.Diagonal(minus), b.everywhere)
}

// transport adds what is moved on each arc and the weight carried.
func (b *builder) transport() {
	e, p, ix := b.e, b.p, &b.ix
	t := len(e.Periods)
	for i := range e.Products {
		if e.Products[i].Weight > 0 {
			ix.Movable = append(ix.Movable, i)
		}
	}
	ix.Moved = p.AddCols("moved", len(ix.Movable), len(e.Arcs)*t, 0, 0, lp.Inf)
	ix.Carried = p.AddCols("carried", 1, len(e.Arcs)*t, 0, 0, lp.Inf)
	var from, to []block.Run
	for a, arc := range e.Arcs {
		run := block.Run{Row: arc.From * t, Col: a * t, RowStep: 1, ColStep: 1, Count: t}
		from = append(from, run)
		run.Row = arc.To * t
		to = append(to, run)
	}
	b.term(ix.Balance, ix.Moved, single(len(e.Products), ix.Movable, constant(-1)), from)
	b.term(ix.Balance, ix.Moved, single(len(e.Products), ix.Movable, constant(1)), to)
	all := []block.Run{block.Everywhere(len(e.Arcs) * t)}
	b.term(ix.Haul, ix.Moved, single(1, make([]int, len(ix.Movable)), func(k int) float64 { return e.Products[ix.Movable[k]].Weight }), all)
	b.term(ix.Haul, ix.Carried, block.Diagonal([]float64{-1}), all)
	b.haul(from)
}

// haul adds what carrying takes, once for all arcs of a mode and distance.
func (b *builder) haul(from []block.Run) {
	type way struct {
		mode     int
		distance float64
	}
	places := map[way][]block.Run{}
	var order []way
	for a, arc := range b.e.Arcs {
		w := way{arc.Mode, arc.Distance}
		if places[w] == nil {
			order = append(order, w)
		}
		places[w] = append(places[w], from[a])
	}
	rate, periods := b.labourCost(), len(b.e.Periods)
	for _, w := range order {
		takes := b.e.Moving.column(w.mode, w.distance)
		b.technology(takes, b.ix.Carried, places[w])
		if takes.Labour != nil {
			for _, r := range places[w] {
				for k := range periods {
					b.p.Cost[b.p.ColGroups[b.ix.Carried].First+r.Col+k] = rate * columnSum(takes.Labour, 0)
				}
			}
		}
	}
}

// labourCost is what a unit of labour costs in the goal, in the program's amounts.
func (b *builder) labourCost() float64 {
	if b.ix.Goal == LeastLabour {
		return 1
	}
	all := 0.0
	for _, v := range b.e.Labour {
		if v < lp.Inf {
			all += v / b.ix.Unit
		}
	}
	if all == 0 {
		return 0
	}
	return -0.01 * b.weights(Everywhere) / all
}

// weights adds up the weights of needs of one urgency, or of all, over the
// blocks that have a demand.
func (b *builder) weights(urgency int) float64 {
	sum := 0.0
	for k, need := range b.e.Needs {
		if urgency != Everywhere && need.Urgency != urgency {
			continue
		}
		for _, d := range b.e.Demand[k*b.n:][:b.n] {
			if d > 0 {
				sum += b.e.Urgencies[need.Urgency].Weight
			}
		}
	}
	return sum
}

// serve adds the columns by which demand is met, and the worst satisfaction of each urgency.
func (b *builder) serve() {
	e, p, ix := b.e, b.p, &b.ix
	steps := e.Steps
	if ix.Goal == LeastLabour {
		steps = []Step{{Share: 1}}
	}
	ix.Steps, ix.Worst = len(steps), -1
	whole := 0.0
	for _, s := range steps {
		whole += s.Share * s.Slope
	}
	items := len(e.Needs) * len(steps)
	product, need := make([]int, items), make([]int, items)
	ix.Served = p.AddCols("served", items, b.n, 0, 0, 0)
	first := p.ColGroups[ix.Served].First
	for i := range items {
		k, s := i/len(steps), steps[i%len(steps)]
		product[i], need[i] = e.Needs[k].Product, k
		for at, d := range e.Demand[k*b.n:][:b.n] {
			j := first + i*b.n + at
			p.Upper[j] = s.Share * d / ix.Unit
			switch {
			case ix.Goal == LeastLabour:
				p.Lower[j] = p.Upper[j]
			case b.typical[k] > 0:
				p.Cost[j] = e.Urgencies[e.Needs[k].Urgency].Weight * s.Slope / whole * ix.Unit / b.typical[k]
			}
		}
	}
	b.term(ix.Balance, ix.Served, single(len(e.Products), product, constant(-1)), b.everywhere)
	if ix.Goal == Satisfaction {
		b.term(ix.Satisfaction, ix.Served, single(len(e.Needs), need, constant(1)), b.everywhere)
		b.worst()
	}
}

// worst adds a column per urgency that has needs: no need of it is satisfied less.
func (b *builder) worst() {
	e, p, ix := b.e, b.p, &b.ix
	for u := range e.Urgencies {
		if b.weights(u) > 0 {
			ix.WorstUrgency = append(ix.WorstUrgency, u)
		}
	}
	if len(ix.WorstUrgency) == 0 {
		return
	}
	ix.Worst = p.AddCols("worst", len(ix.WorstUrgency), 1, 0, 0, 1)
	first := p.ColGroups[ix.Worst].First
	p.Start = make([]int, p.Cols()+1)
	for w, u := range ix.WorstUrgency {
		p.Cost[first+w] = 2 * b.weights(u)
		for k, need := range e.Needs {
			if need.Urgency != u {
				continue
			}
			for at, d := range e.Demand[k*b.n:][:b.n] {
				if d > 0 {
					p.Index = append(p.Index, int32(p.RowGroups[ix.Satisfaction].First+k*b.n+at))
					p.Value = append(p.Value, -d/ix.Unit)
				}
			}
		}
		p.Start[first+w+1] = len(p.Value)
	}
}
