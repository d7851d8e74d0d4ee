// Package finish takes a block program from nothing to a point that breaks no
// bound and a proof of how far it is from the best one.
//
// Begin at Solve. Every program is solved by the first-order method (lp/pdhg).
// Where it is small enough to be written out (Small), a solver that ends at a
// vertex is asked as well: its figures are clean, the proven gap is that of
// rounding. It begins anew: what the first-order method leaves open (which of many equally good columns
// are used) is most of the work, docs/certificates.md tells what else was
// measured. The first-order point is there in any case, so that a program whose
// exact answer does not come in time or does not fit still has a plan.
//
// Nothing is believed of either method but what block.Prove works out.
//
// It imports lp, lp/block and lp/pdhg; the exact solver is handed to it.
package finish

import (
	"context"
	"slices"
	"time"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/pdhg"
)

// Options of one solve.
type Options struct {
	pdhg.Options // Time bounds both methods together, Memory each

	// Exact is asked for lp.Exact of small programs; nil leaves it at the
	// first-order method. ExactProgress is as lp.Options.Progress.
	Exact         lp.Solver
	ExactProgress func(lp.Progress)
}

// Method is what a solution came from.
type Method string

const (
	FirstOrder Method = "first-order"
	Exact      Method = "exact" // a vertex
)

// Solution is what a program came to.
type Solution struct {
	pdhg.Solution // Col closed as far as Proof.Broken says; Iterations, Restarts and Check are of the method
	Method        Method
	Proof         block.Proof // zero without a point (Infeasible, Unbounded)
}

// mostCoefficients is up to how many coefficients, written out, a program is
// small: a vertex takes ten seconds there, and a minute at twice as many.
const mostCoefficients = 200_000

// Bytes that the exact method takes, measured at the most with half as much
// again: whatever the program, for each coefficient, for each row and column.
const (
	exactBase  = 16 << 20
	exactEntry = 400
	exactLine  = 500
)

// Memory estimates how many bytes the exact method takes beside p.
func Memory(p *block.Problem) int64 {
	return exactBase + exactEntry*int64(p.NNZ()) + exactLine*int64(p.Rows()+p.Cols())
}

// Small tells whether an exact method is asked for p where so many bytes may be used, 0 for no bound.
func Small(p *block.Problem, memory int64) bool {
	return p.NNZ() <= mostCoefficients && (memory <= 0 || Memory(p) <= memory)
}

// What the first-order method is asked for where an exact one follows.
const (
	Before           = 1e-4
	BeforeIterations = 40_000
)

// Solve finds a point of p and proves how good it is. Status is Optimal if the
// point passes lp.Check within the tolerance before it is closed; what was not
// done in time is Stopped. When ctx is cancelled it returns ctx's error.
func Solve(ctx context.Context, p *block.Problem, o Options) (*Solution, error) {
	if o.Tolerance == 0 {
		o.Tolerance = 1e-4
	}
	f := &finish{p: p, o: o, begin: time.Now()}
	if o.Exact == nil || !Small(p, o.Memory) {
		s, err := f.firstOrder(ctx, f.left())
		if err != nil {
			return nil, err
		}
		return f.close(ctx, s)
	}
	quick := f.left()
	quick.Tolerance, quick.Iterations = max(o.Tolerance, Before), BeforeIterations
	s, err := f.firstOrder(ctx, quick)
	if err != nil || s.Status == lp.Infeasible || s.Status == lp.Unbounded {
		return s, err
	}
	if !f.late() {
		if e, err := f.exact(ctx); e != nil || err != nil {
			return e, err
		}
	}
	if !f.late() && !s.Check.Within(o.Tolerance) {
		more := f.left()
		more.Start = &s.Point
		if s, err = f.firstOrder(ctx, more); err != nil {
			return nil, err
		}
	}
	return f.close(ctx, s)
}

// finish is the state of one Solve.
type finish struct {
	p     *block.Problem
	o     Options
	begin time.Time
}

// left is what the first-order method may still take.
func (f *finish) left() pdhg.Options {
	o := f.o.Options
	if o.Time > 0 {
		o.Time = max(o.Time-time.Since(f.begin), 1)
	}
	return o
}

func (f *finish) late() bool { return f.o.Time > 0 && time.Since(f.begin) >= f.o.Time }

func (f *finish) firstOrder(ctx context.Context, o pdhg.Options) (*Solution, error) {
	s, err := pdhg.Solve(ctx, f.p, o)
	if err != nil {
		return nil, err
	}
	return &Solution{Solution: *s, Method: FirstOrder}, nil
}

// close moves a point of the first-order method off what it breaks.
func (f *finish) close(ctx context.Context, s *Solution) (*Solution, error) {
	if len(s.Col) > 0 && s.Status != lp.Infeasible && s.Status != lp.Unbounded {
		x, _, err := pdhg.Close(ctx, f.p, s.Col, pdhg.Options{Threads: f.o.Threads, Iterations: 2000 + s.Iterations/4})
		if err != nil {
			return nil, err
		}
		s.Col, s.Proof = x, block.Prove(f.p, x, s.RowDual, nil, nil)
	}
	s.Elapsed = time.Since(f.begin)
	return s, nil
}

// exactTolerance is what is asked of a vertex before it is closed.
const exactTolerance = 1e-8

// exact returns a vertex, closed, or nothing if there was none in time or memory.
func (f *finish) exact(ctx context.Context) (*Solution, error) {
	e := f.p.Explicit()
	v, err := f.o.Exact.Solve(ctx, e, lp.Options{
		Method: lp.Exact, Tolerance: exactTolerance, Time: f.left().Time, Progress: f.o.ExactProgress,
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil: // it crashed or was out of memory: the first-order method goes on
		return nil, nil
	}
	s := &Solution{Method: Exact, Solution: pdhg.Solution{
		Point: pdhg.Point{Col: v.Col, RowDual: v.RowDual}, Status: v.Status, Objective: v.Objective, Iterations: v.Iterations, Check: v.Check, Ray: v.Ray,
	}}
	switch v.Status {
	case lp.Optimal:
		if s.Col, err = f.closeVertex(ctx, e, v); err != nil {
			return nil, err
		}
		s.Proof = block.Prove(f.p, s.Col, s.RowDual, nil, nil)
		s.Objective = s.Proof.Objective
	case lp.Infeasible:
		if !block.FarkasHolds(f.p, v.Ray, nil, nil) {
			return nil, nil
		}
	default:
		return nil, nil
	}
	s.Elapsed = time.Since(f.begin)
	return s, nil
}

// releases is how often columns are let go before all are.
const releases = 8

// closeVertex moves a vertex of e, which is p written out, off what rounding makes
// it break. Columns that the basis puts at their bounds stay there, so that what is
// not used is 0; where that leaves no room, those of the rows still broken move as well.
func (f *finish) closeVertex(ctx context.Context, e *lp.Problem, v *lp.Solution) ([]float64, error) {
	held := *f.p
	held.Lower, held.Upper = slices.Clone(held.Lower), slices.Clone(held.Upper)
	if v.Basis != nil {
		for j, s := range v.Basis.Cols {
			if s != lp.Basic {
				held.Lower[j], held.Upper[j] = v.Col[j], v.Col[j]
			}
		}
	}
	o := pdhg.Options{Threads: f.o.Threads, Iterations: 5000}
	for range releases {
		x, broken, err := pdhg.Close(ctx, &held, v.Col, o)
		if err != nil || broken == 0 {
			return x, err
		}
		if !release(&held, e, x) {
			break
		}
	}
	o.Iterations = 0
	x, _, err := pdhg.Close(ctx, f.p, v.Col, o)
	return x, err
}

// release lets the columns of p go that stand in rows which x breaks, and says whether there were any.
func release(p *block.Problem, e *lp.Problem, x []float64) bool {
	broken, any := make([]bool, e.Rows()), false
	for i, a := range e.Activity(x) {
		broken[i] = a < e.RowLower[i] || a > e.RowUpper[i]
	}
	for j := range x {
		rows, _ := e.Column(j)
		if p.Lower[j] == p.Upper[j] && e.Lower[j] < e.Upper[j] && slices.ContainsFunc(rows, func(i int32) bool { return broken[i] }) {
			p.Lower[j], p.Upper[j], any = e.Lower[j], e.Upper[j], true
		}
	}
	return any
}
