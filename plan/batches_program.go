package plan

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"bremen/lp"
)

// rounding is the integer program that chooses whole amounts.
//
// Its columns are those of the network's program, of which those with a unit
// are counted in units; then a shortfall per element, the worst per urgency,
// and per least order whether there is one.
type rounding struct {
	c        *climb
	solver   lp.Solver
	wholes   []whole
	program  *lp.Problem
	unit     []float64 // per column of the network's program: what one of it counts
	orders   []int     // per whole: its column of whether there is an order, -1 without
	work     time.Duration
	programs int
	seconds  float64
}

// roundingOffset is added to the objective, so that the relative gap at which
// the integer program may stop is not one of effort alone where no need loses.
const roundingOffset = 0.1

func newRounding(c *climb, ws []whole, s lp.Solver) *rounding {
	p := c.p
	r := &rounding{c: c, solver: s, wholes: ws, work: roundingWork, unit: slices.Repeat([]float64{1}, p.LP.Cols())}
	var rows []extraRow
	var cost, upper []float64
	next := func(weight, most float64) int {
		cost, upper = append(cost, weight), append(upper, most)
		return p.LP.Cols() + len(cost) - 1
	}
	heads := make([]float64, p.levels)
	worst := slices.Repeat([]int{-1}, p.levels)
	for e := range p.Elements {
		if c.served(e) {
			heads[p.Elements[e].Urgency] += max(1, p.Elements[e].Persons)
		}
	}
	for u, h := range heads {
		if h > 0 {
			worst[u] = next(steep(u), 1)
		}
	}
	for e := range p.Elements {
		el := &p.Elements[e]
		if level := snap(c.last[el.Col]); c.served(e) && level > 0 {
			j := next(steep(el.Urgency)*max(1, el.Persons)/heads[el.Urgency], 1)
			rows = append(rows,
				extraRow{[]int{el.Col, j}, []float64{1, 1}, level, lp.Inf},
				extraRow{[]int{worst[el.Urgency], j}, []float64{1, -1}, 0, lp.Inf})
		}
	}
	for i := range ws {
		w := &ws[i]
		r.orders = append(r.orders, -1)
		if w.unit > 0 {
			r.unit[w.col] = w.unit
		}
		if w.least > 0 {
			j := next(0, 1)
			r.orders[i] = j
			rows = append(rows,
				extraRow{[]int{w.col, j}, []float64{1, -w.least}, 0, lp.Inf},
				extraRow{[]int{w.col, j}, []float64{1, -r.most(w)}, -lp.Inf, 0})
		}
	}
	q := appendRows(p.LP, p.LP.Cols()+len(cost), rows)
	copy(q.Cost[p.LP.Cols():], cost)
	copy(q.Upper[p.LP.Cols():], upper)
	effort := c.efforts()
	for k, j := range effort.index {
		q.Cost[j] += effort.value[k]
	}
	q.Offset = roundingOffset
	r.program = q
	r.count()
	return r
}

// most is a finite bound on a column with a least order, far beyond any use
// where the network implies none.
func (r *rounding) most(w *whole) float64 {
	if u := min(r.c.implied[1][w.col], r.c.p.LP.Upper[w.col]); finite(u) {
		return max(u, w.least)
	}
	return 100 * max(w.least, r.c.last[w.col])
}

// count puts the columns that come in units into units, and marks what is whole.
func (r *rounding) count() {
	q := r.program
	for i := range r.wholes {
		w := &r.wholes[i]
		if k := r.orders[i]; k >= 0 {
			q.SetInteger(k)
		}
		if w.unit <= 0 {
			continue
		}
		_, values := q.Column(w.col)
		for k := range values {
			values[k] *= w.unit
		}
		q.Cost[w.col] *= w.unit
		q.Lower[w.col] = math.Ceil(q.Lower[w.col]/w.unit - 1e-9)
		q.Upper[w.col] = math.Floor(q.Upper[w.col]/w.unit + 1e-9)
		q.SetInteger(w.col)
	}
}

// amounts returns the network's columns of a solution, in their own units.
func (r *rounding) amounts(x []float64) []float64 {
	out := slices.Clone(x[:len(r.unit)])
	for j, u := range r.unit {
		out[j] *= u
	}
	return out
}

// relaxed is the program without whole numbers; its bounds may be changed.
func (r *rounding) relaxed() *lp.Problem {
	q := *r.program
	q.Integer = nil
	q.Lower, q.Upper = slices.Clone(q.Lower), slices.Clone(q.Upper)
	return &q
}

// hold fixes all whole amounts.
func (r *rounding) hold(q *lp.Problem, choice []float64) {
	for i := range r.wholes {
		r.fix(q, i, choice[i])
	}
}

// fix fixes one whole amount: of a least order without packs only whether there is one.
func (r *rounding) fix(q *lp.Problem, i int, amount float64) {
	w := &r.wholes[i]
	if k := r.orders[i]; k >= 0 {
		there := pick(amount > 0, 1.0, 0)
		q.Lower[k], q.Upper[k] = there, there
	}
	if w.unit > 0 {
		k := math.Round(amount / w.unit)
		q.Lower[w.col], q.Upper[w.col] = k, k
	}
}

// free gives a whole amount the bounds of the program again.
func (r *rounding) free(q *lp.Problem, i int) {
	w := &r.wholes[i]
	for _, j := range []int{w.col, r.orders[i]} {
		if j >= 0 {
			q.Lower[j], q.Upper[j] = r.program.Lower[j], r.program.Upper[j]
		}
	}
}

// solve returns nil where the program has no solution within the tolerance.
func (r *rounding) solve(ctx context.Context, q *lp.Problem, o lp.Options) (*lp.Solution, error) {
	o.Progress = func(p lp.Progress) { r.c.report(Progress{Phase: p.Phase, Iterations: p.Iterations}) }
	sol, err := r.solver.Solve(ctx, q, o)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	r.programs++
	if err != nil {
		return nil, nil // the solver gave up; something simpler is tried
	}
	r.seconds += sol.Elapsed.Seconds()
	usable := sol.Status == lp.Optimal || (sol.Status != lp.Infeasible && sol.Col != nil && sol.Check.Primal <= roundingRough)
	if !usable {
		return nil, nil
	}
	return sol, nil
}

// branch solves the integer program; a nil choice means that no whole plan was found.
func (r *rounding) branch(ctx context.Context) (choice []float64, gap float64, err error) {
	sol, err := r.solve(ctx, r.program, lp.Options{Work: r.work, MIPGap: roundingGap})
	if sol == nil || err != nil {
		return nil, 0, err
	}
	x := r.amounts(sol.Col)
	for i, w := range r.wholes {
		v := w.nearest(x[w.col])
		if k := r.orders[i]; k >= 0 && w.unit == 0 && sol.Col[k] > 0.5 {
			v = max(x[w.col], w.least)
		}
		choice = append(choice, v)
	}
	return choice, min(sol.Check.Gap, 1), nil
}

// dive fixes whole amounts part by part, those nearest to a whole number
// first, and solves the rest again. A part that does not fit is taken in
// halves; a single amount that does not fit is rounded the other way. The last
// resort is to round all down. The gap is the distance from the program
// without whole numbers.
func (r *rounding) dive(ctx context.Context) (choice []float64, gap float64, err error) {
	q := r.relaxed()
	sol, err := r.solve(ctx, q, r.options())
	if sol == nil || err != nil {
		return nil, 0, err
	}
	bound, x := sol.Objective, r.amounts(sol.Col)
	choice = make([]float64, len(r.wholes))
	open := make([]int, len(r.wholes))
	for i := range open {
		open[i] = i
	}
	most := r.programs + pick(r.c.p.LP.NNZ() <= smallProgram, 20+4*len(open), roundingSolves)
	size := (len(open) + roundingDives - 1) / roundingDives
	for len(open) > 0 {
		slices.SortStableFunc(open, func(a, b int) int { return cmp.Compare(r.distance(a, x), r.distance(b, x)) })
		n := min(size, len(open))
		next, err := r.fit(ctx, q, open[:n], x, choice)
		if err != nil {
			return nil, 0, err
		}
		switch {
		case next != nil:
			sol, x, open = next, r.amounts(next.Col), open[n:]
		case n > 1 && r.programs < most:
			size = n / 2
		default:
			if choice, sol, err = r.down(ctx); choice == nil {
				return nil, 0, err
			}
			open = nil
		}
	}
	return choice, max(0, sol.Objective-bound) / (1e-9 + math.Abs(sol.Objective)), nil
}

// fit fixes a part of the whole amounts near x and solves the rest; nil where
// that cannot be done.
func (r *rounding) fit(ctx context.Context, q *lp.Problem, part []int, x, choice []float64) (*lp.Solution, error) {
	ways := []func(*whole, float64) float64{(*whole).nearest, (*whole).above, (*whole).below}
	if len(part) > 1 {
		ways = ways[:1]
	}
	for _, way := range ways {
		for _, i := range part {
			w := &r.wholes[i]
			choice[i] = way(w, x[w.col])
			r.fix(q, i, choice[i])
		}
		sol, err := r.solve(ctx, q, r.options())
		if sol != nil || err != nil {
			return sol, err
		}
		for _, i := range part {
			r.free(q, i)
		}
	}
	return nil, nil
}

// down rounds all amounts down, if that can be done.
func (r *rounding) down(ctx context.Context) ([]float64, *lp.Solution, error) {
	choice := make([]float64, len(r.wholes))
	for i := range r.wholes {
		w := &r.wholes[i]
		choice[i] = w.above(r.c.p.LP.Lower[w.col])
		choice[i] = max(choice[i], w.below(r.c.last[w.col]))
	}
	q := r.relaxed()
	r.hold(q, choice)
	sol, err := r.solve(ctx, q, r.options())
	if sol == nil || err != nil {
		return nil, nil, err
	}
	return choice, sol, nil
}

func (r *rounding) options() lp.Options {
	return lp.Options{Method: pick(r.c.p.LP.NNZ() <= smallProgram, lp.Simplex, lp.Exact), Tolerance: roundingTolerance}
}

// distance of whole i from a whole amount, in units.
func (r *rounding) distance(i int, x []float64) float64 {
	w := &r.wholes[i]
	return math.Abs(x[w.col]-w.nearest(x[w.col])) / (w.unit + w.least)
}
