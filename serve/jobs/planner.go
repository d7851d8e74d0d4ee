package jobs

import (
	"context"
	"io"

	"bremen/commons"
	"bremen/lp"
)

// Solver is a solver that takes memory until it is closed.
type Solver interface {
	lp.Solver
	io.Closer
}

// Planner computes plans of the networks of a commons.
type Planner struct {
	Commons *commons.Commons
	// Solver makes a solver for one job.
	Solver func() (Solver, error)
}

// Do is what a Queue has done: it computes the plan that a job orders.
func (p *Planner) Do(ctx context.Context, j *Job, say func(commons.Progress)) (*commons.Computed, error) {
	n, err := p.Commons.Network(ctx, j.Network)
	if err != nil {
		return nil, err
	}
	// What was stated at another server before the order is in the plan.
	if _, err := n.Wait(ctx, j.Entries-1); err != nil {
		return nil, err
	}
	s, err := p.Solver()
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return n.Compute(ctx, commons.Planning{Solver: s, Network: j.Progress.Network, Progress: say})
}
