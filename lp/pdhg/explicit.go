package pdhg

import (
	"context"
	"fmt"
	"time"

	"bremen/lp"
	"bremen/lp/block"
)

// Solver solves programs that are written out. It may be used by several
// goroutines at once. Of lp.Options it heeds Tolerance, Time and Progress; whole columns
// are taken as continuous.
type Solver struct {
	Threads int // 0 means all there are
}

// Solve implements lp.Solver.
func (s *Solver) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	if o.Tolerance == 0 {
		o.Tolerance = 1e-7
	}
	opts := Options{Tolerance: o.Tolerance, Time: o.Time, Threads: s.Threads}
	if o.Progress != nil {
		opts.Progress = func(q Progress) {
			o.Progress(lp.Progress{Iterations: q.Iterations, Elapsed: q.Elapsed, Phase: "pdhg"})
		}
	}
	r, err := Solve(ctx, block.Of(p), opts)
	if err != nil {
		return nil, err
	}
	answer := &lp.Solution{
		Status: r.Status, Col: r.Col, Row: p.Activity(r.Col), RowDual: r.RowDual, Reduced: make([]float64, p.Cols()),
		Objective: p.Evaluate(r.Col), Ray: r.Ray, Iterations: r.Iterations, Elapsed: r.Elapsed, Method: "pdhg",
	}
	zero := make([]float64, p.Rows())
	for j, c := range p.Cost {
		answer.Reduced[j] = p.ReducedCost(j, c, r.RowDual, zero)
	}
	answer.Check = lp.CheckSolution(p, answer)
	answer.Detail = fmt.Sprintf("first-order method after %d iterations in %v: residuals are primal %.1e, dual %.1e, gap %.1e",
		r.Iterations, r.Elapsed.Round(time.Millisecond), r.Check.Primal, r.Check.Dual, r.Check.Gap)
	return answer, nil
}
