package plan

import (
	"math"

	"bremen/lp"
)

// goalProgram is the program of one round: the network's program with one
// more column z (progress), the rows that hold free elements above it, and
// all that earlier rounds and rungs keep.
type goalProgram struct {
	lp    *lp.Problem
	free  []int     // elements with a progress row: σ − gain·z ≥ base
	base  []float64 // per free element
	gain  []float64
	first int // row of free[0]
	caps  int // row of the first kept value
	// settled: all free elements stay at progress level at least (see settleProgram).
	settled bool
	level   float64
	z       int     // column
	scale   float64 // the objective is scale times z, or the expression
	target  *expression
}

// progressScale is what progress counts in a large program's goal: maximising
// it alone, solvers stop too early (measured).
const progressScale = 1e4

// kept is what later programs must hold: a floor per element, and expressions
// that may not exceed a value.
type kept struct {
	floor []float64 // per element, on its satisfaction
	caps  []keptValue
	gives []give
}

type keptValue struct {
	expr *expression
	most float64 // expression ≤ most (expressions to be maximised come negated)
}

// give lets the elements of a rung fall by u ≤ most, at a price in the goal of the round.
type give struct {
	elements []int
	floor    []float64 // per element, from which it may fall
	capped   int       // index into caps, -1 for a leximin rung
	least    float64
	most     float64
	gain     float64
	col      int
}

type extraRow struct {
	index        []int
	value        []float64
	lower, upper float64
}

// goal builds the program of a round. Exactly one of free (maximise progress)
// and target (minimise) is given.
func (p *Program) goal(k *kept, free []int, base, gain []float64, target *expression) *goalProgram {
	g := &goalProgram{free: free, base: base, gain: gain, target: target, z: p.LP.Cols(), scale: pick(p.large(), progressScale, 1.0)}
	cols := p.LP.Cols() + 1 + len(k.gives)
	var rows []extraRow
	g.first = p.LP.Rows()
	for i, e := range free {
		rows = append(rows, extraRow{[]int{p.Elements[e].Col, g.z}, []float64{1, -gain[i]}, base[i], lp.Inf})
	}
	for i := range k.gives {
		gv := &k.gives[i]
		gv.col = g.z + 1 + i
		for n, e := range gv.elements {
			rows = append(rows, extraRow{[]int{p.Elements[e].Col, gv.col}, []float64{1, 1}, gv.floor[n], lp.Inf})
		}
	}
	g.caps = p.LP.Rows() + len(rows)
	for i, c := range k.caps {
		s := 1 / largest(c.expr.value)
		r := extraRow{c.expr.index, scaled(c.expr.value, s), -lp.Inf, (c.most - c.expr.constant) * s}
		for _, gv := range k.gives {
			if gv.capped == i {
				r.index = append(append([]int{}, r.index...), gv.col)
				r.value = append(r.value, -s)
			}
		}
		rows = append(rows, r)
	}
	q := appendRows(p.LP, cols, rows)
	q.Lower[g.z], q.Upper[g.z] = 0, 1
	for e, f := range k.floor {
		j := p.Elements[e].Col
		q.Lower[j] = max(q.Lower[j], f)
	}
	for _, gv := range k.gives {
		q.Lower[gv.col], q.Upper[gv.col] = gv.least, gv.most
	}
	if target == nil {
		q.Maximise = true
		q.Cost[g.z] = g.scale
		for _, gv := range k.gives {
			q.Cost[gv.col] = -g.scale * gv.gain
		}
	} else {
		q.Upper[g.z] = 0
		g.scale = 1 / largest(target.value)
		for i, j := range target.index {
			q.Cost[j] += target.value[i] * g.scale
		}
		for _, gv := range k.gives {
			q.Cost[gv.col] = g.scale * gv.gain
		}
	}
	g.lp = q
	return g
}

// weights returns, per free element, how much of the bound on progress rests on it; with gains they sum to at most 1.
func (g *goalProgram) weights(y []float64) []float64 {
	w := make([]float64, len(g.free))
	for i := range w {
		w[i] = max(0, -y[g.first+i]/g.scale)
	}
	return w
}

func largest(v []float64) float64 {
	m := 0.0
	for _, a := range v {
		m = max(m, math.Abs(a))
	}
	if m == 0 {
		return 1
	}
	return m
}

func scaled(v []float64, s float64) []float64 {
	out := make([]float64, len(v), len(v)+1)
	for i, a := range v {
		out[i] = a * s
	}
	return out
}

// appendRows copies p with more columns (without cost, bounds 0 and 0) and rows.
func appendRows(p *lp.Problem, cols int, rows []extraRow) *lp.Problem {
	q := &lp.Problem{
		Cost:     make([]float64, cols),
		Lower:    make([]float64, cols),
		Upper:    make([]float64, cols),
		RowLower: append(make([]float64, 0, p.Rows()+len(rows)), p.RowLower...),
		RowUpper: append(make([]float64, 0, p.Rows()+len(rows)), p.RowUpper...),
		Start:    make([]int, cols+1),
		ColName:  p.ColName, RowName: p.RowName,
	}
	copy(q.Lower, p.Lower)
	copy(q.Upper, p.Upper)
	count := make([]int, cols+1)
	extra := 0
	for _, r := range rows {
		q.AddRow(r.lower, r.upper)
		for _, j := range r.index {
			count[j]++
		}
		extra += len(r.index)
	}
	q.Index = make([]int32, p.NNZ()+extra)
	q.Value = make([]float64, p.NNZ()+extra)
	at := make([]int, cols)
	pos := 0
	for j := range cols {
		q.Start[j] = pos
		if j < p.Cols() {
			ri, v := p.Column(j)
			copy(q.Index[pos:], ri)
			copy(q.Value[pos:], v)
			pos += len(ri)
		}
		at[j] = pos
		pos += count[j]
	}
	q.Start[cols] = pos
	for i, r := range rows {
		for k, j := range r.index {
			q.Index[at[j]], q.Value[at[j]] = int32(p.Rows()+i), r.value[k]
			at[j]++
		}
	}
	return q
}
