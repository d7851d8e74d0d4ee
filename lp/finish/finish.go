// Package finish carries a point that a first-order method has found to the
// optimum. Much of what such a point leaves open is small: that a technique
// which loses a tenth of what it takes is not used is certain long before the figures are.
// Without such columns the program is smaller, and an interior-point method that begins at
// the point (lp.Options.Start) needs half the steps.
//
// Begin at Solve. What is guessed is never believed: every answer is checked against the
// whole program, and columns left out wrongly are taken in again. Which they are shows in
// prices; so that prices stay finite where a column that is needed has been left out, every row may be
// broken at a price somewhat above the one guessed, as in stabilised column
// generation (du Merle and others 1999, Discrete Math. 194);
// all these prices rise when one is paid.
//
// It imports lp only; the solver is handed to it.
package finish

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"bremen/lp"
)

const (
	// enough is how good a point must be for columns to be left out: from a worse
	// one so many are left out wrongly that solving the whole is quicker.
	enough = 2e-5
	// mostRounds is how often what was left out wrongly is taken in again
	// before the whole program is solved.
	mostRounds = 3
)

// Solve solves p from the point and duals of near (Col and RowDual; that of
// lp/pdhg at 1e-5, or at 1e-4 with less gain) by the solver, which should heed
// lp.Options.Start, as lp/interior does, or take lp.Options.Basis as the simplex
// methods do. Of o, Method Auto stands for lp.Sharp; Time bounds all rounds together.
//
// The answer has passed lp.CheckSolution of p within Tolerance, or it is what
// the solver says of the whole program. Its Detail says how it was come by. p
// is continuous and valid and is not changed.
func Solve(ctx context.Context, p *lp.Problem, near *lp.Solution, by lp.Solver, o lp.Options) (*lp.Solution, error) {
	if len(near.Col) != p.Cols() || len(near.RowDual) != p.Rows() {
		return nil, fmt.Errorf("a point of %d columns and %d row duals, expected %d and %d", len(near.Col), len(near.RowDual), p.Cols(), p.Rows())
	}
	if o.Method == lp.Auto {
		o.Method = lp.Sharp
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-7
	}
	o.Start = near
	f := &finish{p: p, near: near, o: o, begin: time.Now()}
	iterations := 0
	if lp.CheckSolution(p, near).Within(enough) {
		f.guess()
	}
	for round := 1; round <= mostRounds && f.left() > 0; round++ {
		q, o := f.reduced(), f.options()
		o.Start = &lp.Solution{Col: make([]float64, q.Cols()), RowDual: near.RowDual}
		copy(o.Start.Col, near.Col)
		s, err := by.Solve(ctx, q, o)
		if err != nil {
			return nil, err
		}
		iterations += s.Iterations
		if len(s.Col) == 0 || len(s.RowDual) == 0 {
			break
		}
		paid := s.Col[p.Cols():]
		s = &lp.Solution{Status: s.Status, Method: s.Method, Col: s.Col[:p.Cols()], RowDual: s.RowDual}
		if s.Check = lp.CheckSolution(p, s); s.Check.Within(o.Tolerance) {
			f.complete(s)
			f.tell(s, iterations, fmt.Sprintf("without %d columns in round %d", f.left(), round))
			return s, nil
		}
		if !f.release(s, paid) {
			break
		}
	}
	s, err := by.Solve(ctx, p, f.options())
	if err != nil || s.Status != lp.Unknown {
		if err == nil {
			f.tell(s, iterations+s.Iterations, "with all columns: "+s.Detail)
		}
		return s, err
	}
	f.o.Start = nil // which was no good
	return by.Solve(ctx, p, f.options())
}

// finish is the state of one Solve.
type finish struct {
	p     *lp.Problem
	near  *lp.Solution
	o     lp.Options
	begin time.Time
	fixed []float64 // per column: the bound it is put to, NaN if it is free
	price []float64 // per row: what it costs to break it
}

func (f *finish) options() lp.Options {
	o := f.o
	if o.Time > 0 {
		o.Time = max(o.Time-time.Since(f.begin), 1)
	}
	return o
}

func (f *finish) tell(s *lp.Solution, iterations int, how string) {
	s.Iterations, s.Elapsed = iterations, time.Since(f.begin)
	s.Detail = fmt.Sprintf("finished from a point nearby after %d iterations, %s", iterations, how)
}

// complete adds what a solution has beside its point and row duals.
func (f *finish) complete(s *lp.Solution) {
	p := f.p
	s.Status = lp.Optimal
	s.Row, s.Objective, s.Reduced = p.Activity(s.Col), p.Evaluate(s.Col), make([]float64, p.Cols())
	zero := make([]float64, p.Rows())
	for j, c := range p.Cost {
		s.Reduced[j] = p.ReducedCost(j, c, s.RowDual, zero)
	}
}

const (
	// certain is the least of what a column must lose, relative to what its
	// terms come to, to be left out.
	certain = 1e-3
	// To break a row costs above times the price guessed and a share of the mean price.
	above, share = 1.5, 0.1
	// raise is how many times more it costs once one was broken.
	raise = 30
)

// guess leaves out what is certain, and says what it costs to break rows.
func (f *finish) guess() {
	p, y := f.p, f.near.RowDual
	f.fixed, f.price = make([]float64, p.Cols()), make([]float64, p.Rows())
	for j, x := range f.near.Col {
		loss, terms := f.loss(j, y)
		bound := p.Lower[j]
		if loss < 0 {
			bound = p.Upper[j]
		}
		f.fixed[j] = math.NaN()
		if math.Abs(loss) > certain*terms && math.Abs(x-bound) <= atBound*(1+math.Abs(bound)) {
			f.fixed[j] = bound
		}
	}
	mean := 0.0
	for _, v := range y {
		mean += math.Abs(v) / float64(len(y))
	}
	for i, v := range y {
		f.price[i] = above*math.Abs(v) + share*mean
	}
}

// atBound is how near its bound, relative to 1 + |bound|, a column stands that is left out.
const atBound = 1e-3

// loss returns what a unit of column j costs at these prices, and the sum of the magnitudes of its terms.
func (f *finish) loss(j int, y []float64) (loss, terms float64) {
	loss = f.p.Cost[j]
	terms = math.Abs(loss)
	rows, values := f.p.Column(j)
	for k, i := range rows {
		v := float64(values[k] * y[i])
		loss -= v
		terms += math.Abs(v)
	}
	if f.p.Maximise {
		loss = -loss
	}
	return loss, terms
}

// left counts the columns that are left out.
func (f *finish) left() int {
	n := 0
	for _, v := range f.fixed {
		if v == v {
			n++
		}
	}
	return n
}

// reduced is p with columns at their bounds, so that solvers leave them out,
// and behind all others a column for every bound of a row: what it is broken by.
func (f *finish) reduced() *lp.Problem {
	p := f.p
	q := *p
	q.ColName = nil
	q.Cost, q.Lower, q.Upper = slices.Clone(p.Cost), slices.Clone(p.Lower), slices.Clone(p.Upper)
	q.Start, q.Index, q.Value = slices.Clone(p.Start), slices.Clone(p.Index), slices.Clone(p.Value)
	for j, v := range f.fixed {
		if v == v {
			q.Lower[j], q.Upper[j] = v, v
		}
	}
	f.breaks(func(i int, by float64) {
		price := f.price[i]
		if p.Maximise {
			price = -price
		}
		q.AddColumn(price, 0, lp.Inf)
		q.Entry(i, by)
	})
	return &q
}

// breaks calls what for every bound of a row, with what is added to break it.
func (f *finish) breaks(what func(row int, by float64)) {
	for i, lower := range f.p.RowLower {
		if lower > -lp.Inf {
			what(i, 1)
		}
		if f.p.RowUpper[i] < lp.Inf {
			what(i, -1)
		}
	}
}

// release takes in again what should not have been left out, as the answer
// without it shows, and raises prices that were paid. It says whether there was any.
func (f *finish) release(s *lp.Solution, paid []float64) bool {
	any := false
	for j, v := range f.fixed {
		if v != v {
			continue
		}
		loss, terms := f.loss(j, s.RowDual)
		if v == f.p.Upper[j] && v != f.p.Lower[j] {
			loss = -loss
		}
		if loss < -1e-12*terms {
			f.fixed[j], any = math.NaN(), true
		}
	}
	if slices.Max(append(paid, 0)) > f.o.Tolerance/10 {
		any = true
		for i := range f.price {
			f.price[i] *= raise
		}
	}
	return any
}
