package ladder

import (
	"context"
	"math"
	"slices"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/pdhg"
	"bremen/network/economy"
)

// climb is where a climb stands. Elements are needs in blocks, e = need·blocks + block, those with a demand.
type climb struct {
	ctx context.Context
	e   *economy.Economy
	o   Options
	q   program

	progress int // number of the column of progress
	demand   []float64
	floor    []float64 // per element: satisfaction that is kept
	base     []float64 // per element: floor where the rung began
	gain     []float64 // per element: from there to its height; 0 if it is not in the rung
	free     []bool
	fills    []float64 // per element: what share of the window it filled in the last answer, before that was closed

	at    *pdhg.Point // breaks no bound
	steps []Step
}

// program is the economy's program with two groups of columns behind its own:
// progress z, and for every element what it has above its level, x. Its
// rows of satisfaction read
//
//	served − demand·gain·z − demand·x ≥ demand·floor
//
// with gain 0 for those that are not free, and what people are worst served has no part in it.
type program struct {
	*block.Problem
	rows    int // first row of satisfaction
	z       int
	excess  int // first x
	served  economy.Index
	labour  []float64 // cost per column of the economy's program: of labour alone
	largest float64   // of labour, before it was divided by this
}

func newClimb(ctx context.Context, e *economy.Economy, p *block.Problem, ix *economy.Index, o Options) *climb {
	n := len(e.Needs) * e.Blocks()
	c := &climb{
		ctx: ctx, e: e, o: o, demand: make([]float64, n),
		floor: make([]float64, n), base: make([]float64, n), gain: make([]float64, n), free: make([]bool, n), fills: make([]float64, n),
	}
	for k, d := range e.Demand {
		c.demand[k] = d / ix.Unit
	}
	c.q = newProgram(p, ix, c.demand)
	c.progress = c.q.z
	c.at = &pdhg.Point{Col: make([]float64, c.q.Cols()), RowDual: make([]float64, c.q.Rows())}
	return c
}

func newProgram(p *block.Problem, ix *economy.Index, demand []float64) program {
	q := *p
	q.Maximise, q.Offset = true, 0
	q.RowLower, q.RowUpper = slices.Clone(p.RowLower), slices.Clone(p.RowUpper)
	q.Lower, q.Upper, q.Cost = slices.Clone(p.Lower), slices.Clone(p.Upper), make([]float64, p.Cols())
	q.ColGroups = slices.Clone(p.ColGroups)
	r := program{Problem: &q, rows: p.RowGroups[ix.Satisfaction].First, served: *ix, labour: slices.Clone(p.Cost)}
	for _, group := range []int{ix.Served, ix.Worst} {
		if group >= 0 {
			g := p.ColGroups[group]
			clear(r.labour[g.First : g.First+g.Size()])
			if group == ix.Worst {
				clear(q.Upper[g.First : g.First+g.Size()])
			}
		}
	}
	for _, v := range r.labour {
		r.largest = max(r.largest, math.Abs(v))
	}
	r.z = q.Cols()
	q.AddCols("progress", 1, 1, 0, 0, 1)
	r.excess = q.Cols()
	q.AddCols("excess", len(demand), 1, 0, 0, 0)
	q.Start = make([]int, r.z+1, q.Cols()+1)
	q.Index, q.Value = nil, nil
	for e := range demand { // z; figures come later
		q.Index, q.Value = append(q.Index, int32(r.rows+e)), append(q.Value, 0)
	}
	q.Start = append(q.Start, len(q.Value))
	for e, d := range demand {
		q.Index, q.Value = append(q.Index, int32(r.rows+e)), append(q.Value, -d)
		q.Start = append(q.Start, len(q.Value))
	}
	return r
}

func (q *program) objective(x []float64) float64 {
	v := 0.0
	for j, c := range q.Cost {
		v += float64(c * x[j])
	}
	return v
}

// begin sets out on rung k and returns how many elements are in it.
func (c *climb) begin(k int) int {
	count := 0
	for e, d := range c.demand {
		height := c.o.Rungs[k][c.e.Needs[e/c.e.Blocks()].Urgency]
		c.base[e], c.gain[e] = c.floor[e], max(0, height-c.floor[e])
		c.free[e] = d > 0 && c.gain[e] > least
		if c.free[e] {
			count++
		} else {
			c.gain[e] = 0
		}
	}
	return count
}

// least is what a rung must raise a need by for it to be an element of it.
const least = 1e-3

// satisfaction is that of an element in the present plan.
func (c *climb) satisfaction(e int) float64 {
	g := c.q.ColGroups[c.q.served.Served]
	need, b := e/g.Blocks, e%g.Blocks
	v := 0.0
	for s := range c.q.served.Steps {
		v += c.at.Col[c.q.served.ServedColumn(c.q.Problem, need, s, b)]
	}
	return v / c.demand[e]
}

// keep fixes the free elements that it is told to at what they have, at their heights at most, less what floors leave open, and returns how many.
func (c *climb) keep(fix func(e int) bool) int {
	n := 0
	for e, is := range c.free {
		if is && fix(e) {
			stands := c.satisfaction(e) - c.o.Keep - hair/c.demand[e]
			c.floor[e] = min(max(stands, c.base[e]), c.base[e]+c.gain[e])
			c.free[e] = false
			n++
		}
	}
	return n
}

// hair is what floors leave to rounding beside Options.Keep, in the program's amounts.
const hair = 3e-8

// worst is the progress of the worst-served of the free elements in the present plan.
func (c *climb) worst() float64 {
	z := 1.0
	for e, is := range c.free {
		if is {
			z = min(z, c.stands(e))
		}
	}
	return max(z, 0)
}

// stands is the progress of a free element in the present plan.
func (c *climb) stands(e int) float64 {
	return (c.satisfaction(e) - hair/c.demand[e] - c.base[e]) / c.gain[e]
}

// ask sets the program to progress between from and to and to the most of it or,
// if window is above 0, to the most of what exceeds it, up to a share window of the way.
// It returns what progress weighs in the objective; what exceeds it weighs as much.
func (c *climb) ask(from, to, window float64) (weight float64) {
	q := c.q
	clear(q.Cost)
	clear(c.at.Col[q.excess:])
	all := 0.0
	for e, is := range c.free {
		if is {
			all += c.gain[e]
		}
	}
	unit := 1.0 // so that 1 is little beside objectives, to which tolerances are relative
	if all > 0 {
		unit = large / (all * c.o.Window)
	}
	for e, d := range c.demand {
		share := 0.0
		if c.free[e] {
			share = c.gain[e]
		}
		q.Value[e] = -float64(d * share)
		q.RowLower[q.rows+e] = float64(d * c.floor[e])
		q.Upper[q.excess+e] = float64(window * share)
		if share > 0 && window > 0 {
			q.Cost[q.excess+e] = unit
		}
	}
	if window == 0 {
		q.Cost[q.z] = unit * all
	}
	q.Lower[q.z], q.Upper[q.z] = from, to
	c.at.Col[q.z] = from
	return unit * all
}

// large is the objective where all free needs fill the window.
const large = 100

// askLabour sets the program to the least labour, and returns what its objective counts in.
func (c *climb) askLabour() (unit float64) {
	c.ask(0, 0, 0)
	clear(c.q.Cost)
	if c.q.largest == 0 {
		return 0
	}
	all := 0.0
	for _, v := range c.e.Labour {
		if v < lp.Inf {
			all += v
		}
	}
	for j, v := range c.q.labour {
		c.q.Cost[j] = v / c.q.largest
	}
	return c.q.largest * all / (0.01 * c.weights())
}

// weights is the sum of the weights of all demands, by which the economy's program counts labour.
func (c *climb) weights() float64 {
	sum := 0.0
	for e, d := range c.demand {
		if d > 0 {
			sum += c.e.Urgencies[c.e.Needs[e/c.e.Blocks()].Urgency].Weight
		}
	}
	return sum
}
