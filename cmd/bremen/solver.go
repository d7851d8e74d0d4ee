package main

import (
	"bremen/lp/highs"
	"bremen/lp/interior"
	"bremen/serve/jobs"
)

// solver is what commands solve with: what asks for sharp duals by a method of
// the program's own, all else by HiGHS.
type solver struct {
	interior.Solver
	pool *highs.Pool
}

// solver starts the solver. Close it when done.
func (c *call) solver() (*solver, error) {
	pool, err := highs.New(highs.Options{Instances: c.threads, Memory: int64(c.memory) << 20, Cache: c.getenv("BREMEN_CACHE")})
	if err != nil {
		return nil, err
	}
	return &solver{interior.Solver{Else: pool, Threads: c.threads}, pool}, nil
}

// jobSolver starts the solver for one job.
func (c *call) jobSolver() (jobs.Solver, error) { return c.solver() }

// Instances returns how many programs are solved side by side at most.
func (s *solver) Instances() int { return s.pool.Instances() }

func (s *solver) Close() error { return s.pool.Close() }
