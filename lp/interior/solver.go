package interior

import (
	"context"
	"fmt"
	"slices"
	"time"

	"bremen/lp"
)

// Solver answers what asks for lp.Sharp of a continuous program, and hands
// everything else to Else. It may be used by several goroutines at once.
type Solver struct {
	Else    lp.Solver
	Threads int // that share the work of one program; 0 means all there are
}

// mostIterations is where a path is given up.
const mostIterations = 150

// slack is by how much residuals may exceed the tolerance asked for, as in lp/highs.
const slack = 10

// Solve implements lp.Solver. Of the options it heeds Tolerance, Time, Start and Progress.
func (s *Solver) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	if o.Method != lp.Sharp || p.Integer != nil || p.Cols() == 0 || p.Rows() == 0 {
		return s.Else.Solve(ctx, p, o)
	}
	if at := o.Start; at != nil && (len(at.Col) != p.Cols() || len(at.RowDual) != p.Rows()) {
		return nil, fmt.Errorf("start of %d columns and %d row duals, expected %d and %d", len(at.Col), len(at.RowDual), p.Cols(), p.Rows())
	}
	run := &run{ctx: ctx, o: o, begin: time.Now(), tolerance: o.Tolerance}
	if run.tolerance == 0 {
		run.tolerance = 1e-7
	}
	f := newForm(p)
	w := newNewton(f, threads(s.Threads))
	sol, err := run.attempt(f, w)
	if err == nil && !run.good(sol) && !run.late() {
		// Once more with a matrix kept further from being singular.
		w.skipD, w.decay = carefulD, 1
		var again *lp.Solution
		if again, err = run.attempt(f, w); err == nil && worst(again.Check) < worst(sol.Check) {
			sol = again
		}
	}
	if err != nil {
		return nil, err
	}
	sol.Iterations, sol.Elapsed = run.iterations, time.Since(run.begin)
	sol.Status = lp.Unknown
	switch {
	case run.good(sol):
		sol.Status = lp.Optimal
	case run.late():
		sol.Status = lp.Stopped
	}
	sol.Detail = fmt.Sprintf("interior point after %d iterations: residuals are primal %.1e, dual %.1e, gap %.1e",
		sol.Iterations, sol.Check.Primal, sol.Check.Dual, sol.Check.Gap)
	return sol, nil
}

// run is one request.
type run struct {
	ctx        context.Context
	o          lp.Options
	begin      time.Time
	tolerance  float64
	iterations int
}

func (r *run) late() bool { return r.o.Time > 0 && time.Since(r.begin) > r.o.Time }

func (r *run) good(s *lp.Solution) bool { return s.Check.Within(slack * r.tolerance) }

func worst(c lp.Check) float64 { return max(c.Primal, c.Dual, c.Gap) }

// attempt follows the path once and returns the best point of it, checked.
func (r *run) attempt(f *form, w *newton) (*lp.Solution, error) {
	p := newPath(f, w)
	if s := r.o.Start; s != nil {
		p.beginAt(s.Col, s.RowDual)
	} else {
		p.begin()
	}
	if err := p.follow(r, min(1e-9, r.tolerance/10)); err != nil {
		return nil, err
	}
	x, y := slices.Clone(p.best.x), slices.Clone(p.best.y)
	s := checked(f, x, y, p.polish(x, y))
	if !r.good(s) { // polishing took for between its bounds what is at one
		if plain := checked(f, p.best.x, p.best.y, make([]float64, f.m)); worst(plain.Check) < worst(s.Check) {
			s = plain
		}
	}
	return s, nil
}

// checked is a point as a solution with its residuals.
func checked(f *form, x, y, rest []float64) *lp.Solution {
	s := f.solution(x, y, rest)
	s.Check = lp.CheckSolution(f.whole, s)
	return s
}

// step tells of one iteration and whether to go on.
func (r *run) step() (bool, error) {
	r.iterations++
	if r.o.Progress != nil {
		r.o.Progress(lp.Progress{Iterations: r.iterations, Elapsed: time.Since(r.begin), Phase: "interior"})
	}
	return !r.late(), r.ctx.Err()
}
