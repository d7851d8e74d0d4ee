package main

import (
	"context"
	"math"
	"runtime"
	"time"

	"bremen/internal/machine"
	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/highs"
	ipm "bremen/lp/interior"
	"bremen/lp/lptest"
	"bremen/lp/pdhg"
)

// size of an economy.
type size struct {
	Name                     string
	Products, Sites, Periods int
}

// solvers, by how they are named in tables.
const (
	inBlocks   = "blocks"
	writtenOut = "written out"
	factored   = "lp/interior"
	simplex    = "HiGHS simplex"
	interior   = "HiGHS ipx"
	pdlp       = "HiGHS pdlp"
)

// job is one solve.
type job struct {
	Size      size
	Solver    string
	Tolerance float64
	Time      time.Duration
	Threads   int
	Floor     bool // only the floor of an iteration
}

// outcome is what one solve came to.
type outcome struct {
	Columns, Rows, Nonzeros, Stored int

	Status     string
	Check      lp.Check
	Objective  float64
	Proof      block.Proof
	Iterations int
	Seconds    float64 // of the solve, by the wall clock
	CPU        float64 // seconds of processors
	Peak       int64   // most bytes resident during the solve
	Program    int64   // bytes resident before it
	Tightened  float64 // the tolerance that the solver was given
	Bytes      int64   // that an iteration moves
	Axpy       float64 // seconds that takes at least
	Triad      float64
	Error      string
}

func (j job) do(ctx context.Context) *outcome {
	p := lptest.Economy(j.Size.Products, j.Size.Sites, j.Size.Periods, 1)
	r := &outcome{Columns: p.Cols(), Rows: p.Rows(), Nonzeros: p.NNZ(), Stored: p.Stored()}
	if j.Threads == 0 {
		j.Threads = runtime.GOMAXPROCS(0)
	}
	if j.Floor {
		f := pdhg.MeasureFloor(p, j.Threads)
		r.Bytes, r.Axpy, r.Triad = f.Bytes, f.Axpy.Seconds(), f.Triad.Seconds()
		return r
	}
	var err error
	switch j.Solver {
	case inBlocks:
		err = j.own(ctx, p, r)
	case writtenOut:
		err = j.own(ctx, block.Of(p.Explicit()), r)
	case factored:
		err = j.factored(ctx, p.Explicit(), r)
	default:
		err = j.highs(ctx, p.Explicit(), r)
	}
	if err != nil {
		r.Error = err.Error()
	}
	return r
}

// own solves by lp/pdhg.
func (j job) own(ctx context.Context, p *block.Problem, r *outcome) error {
	machine.Settle()
	r.Program = machine.Resident()
	spent, began := machine.CPU(), time.Now()
	s, err := pdhg.Solve(ctx, p, pdhg.Options{Tolerance: j.Tolerance, Time: j.Time, Threads: j.Threads})
	r.Seconds, r.CPU, r.Peak = time.Since(began).Seconds(), (machine.CPU() - spent).Seconds(), machine.Peak()
	if err != nil {
		return err
	}
	r.Check, r.Objective, r.Iterations, r.Tightened = block.Check(p, s.Col, s.RowDual), s.Objective, s.Iterations, j.Tolerance
	r.judge(j.Tolerance)
	r.prove(p, s.Col, s.RowDual)
	return nil
}

// factored solves by lp/interior.
func (j job) factored(ctx context.Context, p *lp.Problem, r *outcome) error {
	machine.Settle()
	r.Program = machine.Resident()
	spent, began := machine.CPU(), time.Now()
	s, err := (&ipm.Solver{Threads: j.Threads}).Solve(ctx, p, lp.Options{Method: lp.Sharp, Tolerance: j.Tolerance, Time: j.Time})
	r.Seconds, r.CPU, r.Peak = time.Since(began).Seconds(), (machine.CPU() - spent).Seconds(), machine.Peak()
	if err != nil {
		return err
	}
	r.Check, r.Objective, r.Iterations, r.Tightened = lp.CheckSolution(p, s), s.Objective, s.Iterations, j.Tolerance
	r.judge(j.Tolerance)
	r.prove(block.Of(p), s.Col, s.RowDual)
	return nil
}

// prove finds what a point and its duals prove, with the bounds on columns that
// the rows imply: these programs state no most for theirs.
func (r *outcome) prove(p *block.Problem, x, y []float64) {
	if len(x) != p.Cols() || len(y) != p.Rows() {
		return
	}
	lower, upper := block.ImpliedBounds(p)
	r.Proof = block.Prove(p, x, y, lower, upper)
	if math.IsInf(r.Proof.Bound, 0) {
		r.Proof.Bound = 0 // none; the gap says so
	}
}

// judge says by lp's check alone whether the error is small enough.
func (r *outcome) judge(tolerance float64) {
	r.Status = "short"
	if r.Check.Within(tolerance) {
		r.Status = "done"
	}
}

// highs solves by HiGHS, whose tolerances are tightened until lp's check
// passes or time is up. What counts is the last attempt alone, as if the
// tolerance it takes had been known.
func (j job) highs(ctx context.Context, p *lp.Problem, r *outcome) error {
	pool, err := highs.New(highs.Options{})
	if err != nil {
		return err
	}
	defer pool.Close()
	until := time.Now().Add(j.Time)
	for tight := j.Tolerance; tight > j.Tolerance/5000 && time.Now().Before(until); tight /= 10 {
		machine.Settle()
		r.Program, r.Tightened = machine.Resident(), tight
		spent, began := machine.CPU(), time.Now()
		s, err := pool.Solve(ctx, p, j.highsOptions(tight, time.Until(until)))
		r.Seconds, r.CPU, r.Peak = time.Since(began).Seconds(), (machine.CPU() - spent).Seconds(), machine.Peak()
		if err != nil {
			return err
		}
		r.Check, r.Objective, r.Iterations = lp.CheckSolution(p, s), s.Objective, s.Iterations
		if r.judge(j.Tolerance); r.Status == "done" {
			r.prove(block.Of(p), s.Col, s.RowDual)
			break
		}
	}
	return nil
}

func (j job) highsOptions(tolerance float64, left time.Duration) lp.Options {
	yes := true // a method of its own: no second attempt without presolve
	o := lp.Options{Tolerance: tolerance, Time: left, Presolve: &yes}
	switch j.Solver {
	case simplex:
		o.Method = lp.Simplex
	case interior:
		o.Method = lp.Interior
	case pdlp:
		o.Method, o.Extra = lp.Interior, map[string]string{"solver": "pdlp", "pdlp_optimality_tolerance": format(tolerance)}
	}
	return o
}
