package main

import (
	"context"

	"bremen/lp"
	"bremen/lp/conflict"
	"bremen/lp/highs"
	"bremen/lp/interior"
)

// solver is what commands solve with: interior points in Go, all else by HiGHS.
type solver struct {
	interior interior.Solver
	pool     *highs.Pool
}

// solver starts the solver. Close it when done.
func (c *call) solver() (*solver, error) {
	pool, err := highs.New(highs.Options{Instances: c.threads, Memory: int64(c.memory) << 20, Cache: c.getenv("BREMEN_CACHE")})
	if err != nil {
		return nil, err
	}
	return &solver{interior.Solver{Else: pool, Threads: c.threads}, pool}, nil
}

// Solve implements lp.Solver.
func (s *solver) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	return s.interior.Solve(ctx, p, o)
}

// IIS finds a smallest set of what cannot hold together, see highs.Pool.
func (s *solver) IIS(ctx context.Context, p *lp.Problem, o conflict.Options) (*conflict.Set, error) {
	return s.pool.IIS(ctx, p, o)
}

func (s *solver) Close() error { return s.pool.Close() }

// Instances returns how many programs are solved side by side at most.
func (s *solver) Instances() int { return s.pool.Instances() }
