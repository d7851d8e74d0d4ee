package pdhg

import (
	"context"
	"fmt"
	"slices"
	"time"

	"bremen/lp"
	"bremen/lp/block"
)

// Solver solves programs that are written out. It may be used by several
// goroutines at once. Of lp.Options it heeds Tolerance, Time, Presolve and
// Progress; whole columns are taken as continuous.
type Solver struct {
	Threads    int // 0 means all there are
	Iterations int // most of them in one solve; 0 means no bound
	// Presolve makes programs without whole columns smaller before they are
	// solved; nil for none. The method of that name of lp/highs's Pool is one.
	Presolve Presolve
}

// Presolve reduces p, calls solve with what is left (a minimisation) and a
// function that turns its points into checked solutions of p, and returns what
// solve returns. If nothing is left it returns its own answer.
type Presolve func(ctx context.Context, p *lp.Problem, o lp.Options, solve func(reduced *lp.Problem, restore func(x, y []float64) (*lp.Solution, error)) (*lp.Solution, error)) (*lp.Solution, error)

// Solve implements lp.Solver.
func (s *Solver) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	if o.Tolerance == 0 {
		o.Tolerance = 1e-7
	}
	t := &tries{ctx: ctx, p: p, o: o, most: s.Iterations, threads: s.Threads, begin: time.Now()}
	if s.Presolve == nil || o.Presolve != nil && !*o.Presolve || slices.Contains(p.Integer, true) {
		return t.whole(nil, 0)
	}
	a, err := s.Presolve(ctx, p, o, t.reduced)
	if err == nil {
		a.Iterations, a.Elapsed, a.Method = t.total, time.Since(t.begin), "pdhg"
	}
	return a, err
}

// tries are the solves by which one program is answered.
type tries struct {
	ctx     context.Context
	p       *lp.Problem
	o       lp.Options
	most    int // iterations; 0 means no bound
	threads int
	begin   time.Time
	total   int // iterations
}

// reduced solves the reduced program. Points of it that are good enough may be
// too bad when they have been put back: then the whole program goes on from
// what was put back, which mostly takes a few steps if it can help at all, and
// after it the reduced program to a tighter tolerance, and so on in turn. Each
// of them may take no longer than a part of all before, so that neither keeps
// the other from ending what it can end.
func (t *tries) reduced(q *lp.Problem, restore func(x, y []float64) (*lp.Solution, error)) (*lp.Solution, error) {
	tolerance, most := t.o.Tolerance, 0
	var start *Point
	for {
		r, err := t.solve(q, tolerance, start, most)
		if err != nil {
			return nil, err
		}
		if r.Status == lp.Infeasible || r.Status == lp.Unbounded {
			return t.whole(nil, 0) // whose proof is one of p
		}
		a, err := restore(r.Col, r.RowDual)
		if err != nil || a.Status == lp.Optimal {
			return a, err
		}
		if !t.over() {
			b, err := t.whole(&Point{a.Col, a.RowDual, r.Weight}, t.total/2)
			if err != nil || b.Status != lp.Stopped {
				return b, err
			}
		}
		if t.over() {
			a.Status = lp.Stopped
			return a, nil
		}
		if r.Status == lp.Optimal {
			tolerance /= 10
		}
		start, most = &r.Point, t.total
	}
}

// over reports whether no more time or iterations are left.
func (t *tries) over() bool {
	return t.o.Time > 0 && time.Since(t.begin) >= t.o.Time || t.most > 0 && t.total >= t.most
}

// whole solves the program without presolve, from a point, in so many
// iterations at most if that is not 0.
func (t *tries) whole(start *Point, most int) (*lp.Solution, error) {
	r, err := t.solve(t.p, t.o.Tolerance, start, most)
	if err != nil {
		return nil, err
	}
	return t.answer(r), nil
}

// solve solves one program.
func (t *tries) solve(p *lp.Problem, tolerance float64, start *Point, most int) (*Solution, error) {
	o := Options{Tolerance: tolerance, Threads: t.threads, Start: start, Iterations: most}
	if t.o.Time > 0 {
		o.Time = max(t.o.Time-time.Since(t.begin), 1)
	}
	if left := t.most - t.total; t.most > 0 && (most == 0 || left < most) {
		o.Iterations = max(left, 1)
	}
	if t.o.Progress != nil {
		o.Progress = func(q Progress) {
			t.o.Progress(lp.Progress{Iterations: t.total + q.Iterations, Elapsed: time.Since(t.begin), Phase: "pdhg"})
		}
	}
	r, err := Solve(t.ctx, block.Of(p), o)
	if err == nil {
		t.total += r.Iterations
	}
	return r, err
}

// answer turns what was found of the whole program into an answer.
func (t *tries) answer(r *Solution) *lp.Solution {
	p := t.p
	a := &lp.Solution{
		Status: r.Status, Col: r.Col, Row: p.Activity(r.Col), RowDual: r.RowDual, Reduced: make([]float64, p.Cols()),
		Objective: p.Evaluate(r.Col), Ray: r.Ray, Iterations: t.total, Elapsed: time.Since(t.begin), Method: "pdhg",
	}
	zero := make([]float64, p.Rows())
	for j, c := range p.Cost {
		a.Reduced[j] = p.ReducedCost(j, c, r.RowDual, zero)
	}
	a.Check = lp.CheckSolution(p, a)
	a.Detail = fmt.Sprintf("first-order method after %d iterations in %v: residuals are primal %.1e, dual %.1e, gap %.1e",
		t.total, a.Elapsed.Round(time.Millisecond), a.Check.Primal, a.Check.Dual, a.Check.Gap)
	return a
}
