package highs

import (
	"context"
	"errors"
	"fmt"

	"bremen/lp"
)

// Presolve makes a program smaller, has the smaller one solved by solve, and
// puts back what was taken out. It is for other solvers: those of this package
// presolve by themselves.
//
// Solve gets the reduced program, always a minimisation, and a function that
// turns a point of it and duals of its rows into a solution of p, with what
// lp.CheckSolution finds there and the status Optimal if that is within
// Options.Tolerance, else Unknown. It may be called any number of times before
// solve returns. Points that are not exact come back less exact, and without a
// basis HiGHS 1.15.3 now and then puts back duals of the wrong sign (its issue
// 2306): then a better point is worth a try, or the whole program, beginning
// with what was put back. What solve returns is what Presolve returns.
//
// Solve is not called when presolve leaves nothing: because it has the answer, or
// sees that there is none, or that time is up. Then Presolve returns what
// Pool.Solve returns, by the simplex method. A program that presolve does not
// change is handed on whole. Integer programs are refused.
//
// The instance that presolved keeps its memory until solve returns, but counts
// among the pool's only while it works. Of Options, Time, Work and Progress
// hold until solve is called, Tolerance and the context for what is restored too.
func (p *Pool) Presolve(ctx context.Context, prob *lp.Problem, o lp.Options, solve func(reduced *lp.Problem, restore func(x, y []float64) (*lp.Solution, error)) (*lp.Solution, error)) (*lp.Solution, error) {
	if err := prob.Validate(); err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	if integral(prob) {
		return nil, fmt.Errorf("highs: presolve of an integer program, expected a continuous one")
	}
	r := &presolved{pool: p, p: prob, job: newJob(ctx, o)}
	defer r.close()
	s, err := r.begin()
	if err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	if s != nil {
		return s, nil
	}
	return solve(r.reduced, r.restore)
}

// presolved is a program with what presolve made of it.
type presolved struct {
	pool    *Pool
	p       *lp.Problem
	job     *job
	in      *instance
	reduced *lp.Problem
}

func (r *presolved) close() {
	if r.in != nil {
		r.in.close()
	}
}

// begin presolves. A solution is returned when nothing is left to solve.
func (r *presolved) begin() (*lp.Solution, error) {
	if err := r.pool.acquire(r.job.ctx); err != nil {
		return nil, err
	}
	defer r.pool.release()
	var err error
	if r.in, err = newInstance(r.pool.engine, r.pool.memory); err != nil {
		return nil, err
	}
	if err := r.run(); err != nil {
		return nil, err
	}
	if r.reduced == nil || r.reduced.Cols() == 0 {
		b := r.job.rest(r.in)
		b.o.Method = lp.Simplex
		return solveFresh(r.pool.engine, r.pool.memory, b, r.p)
	}
	return nil, nil
}

// run presolves. What is left stays nil when that took too long. HiGHS does
// not say whether it ran out of time, found the program to have no answer or
// nothing left to solve: in each case an empty program is what is left.
func (r *presolved) run() error {
	in, b := r.in, r.job
	if err := in.pass(r.p); err != nil {
		return err
	}
	in.began = in.host.clock.now
	if err := in.configure(r.p, b.o, lp.Interior); err != nil {
		return err
	}
	err := in.during(b, func() error { return in.do("Highs_presolve") })
	if errors.Is(err, errOvertime) {
		return nil
	}
	if err == nil {
		r.reduced, err = in.readPresolved()
	}
	return err
}

// readPresolved copies the reduced program.
func (in *instance) readPresolved() (*lp.Problem, error) {
	var size [3]int // columns, rows, entries
	for k, name := range []string{"Highs_getPresolvedNumCol", "Highs_getPresolvedNumRow", "Highs_getPresolvedNumNz"} {
		n, err := in.raw(name, in.ptr)
		if err != nil {
			return nil, err
		}
		size[k] = int(int32(n))
	}
	cols, rows, nnz := size[0], size[1], size[2]
	a := in.arena()
	defer a.free()
	counts, sense, offset := a.alloc(3*4), a.alloc(4), a.alloc(8)
	cost, lower, upper, rowLower, rowUpper := a.alloc(8*cols), a.alloc(8*cols), a.alloc(8*cols), a.alloc(8*rows), a.alloc(8*rows)
	start, index, value := a.alloc(4*(cols+1)), a.alloc(4*nnz), a.alloc(8*nnz)
	if a.err != nil {
		return nil, a.err
	}
	const noKinds = 0
	if err := in.do("Highs_getPresolvedLp", columnwise, counts, counts+4, counts+8, sense, offset, cost, lower, upper, rowLower, rowUpper, start, index, value, noKinds); err != nil {
		return nil, err
	}
	q := &lp.Problem{
		Offset: a.readDoubles(offset, 1)[0],
		Cost:   a.readDoubles(cost, cols), Lower: a.readDoubles(lower, cols), Upper: a.readDoubles(upper, cols),
		RowLower: a.readDoubles(rowLower, rows), RowUpper: a.readDoubles(rowUpper, rows),
		Index: a.readInts(index, nnz), Value: a.readDoubles(value, nnz),
	}
	if cols > 0 {
		q.Start = make([]int, cols+1)
		for j, at := range a.readInts(start, cols) {
			q.Start[j] = int(at)
		}
		q.Start[cols] = nnz
	}
	if err := q.Validate(); err != nil {
		return nil, fmt.Errorf("presolved program: %w", err)
	}
	return q, nil
}

// restore turns a point of the reduced program into a solution of the whole.
func (r *presolved) restore(x, y []float64) (*lp.Solution, error) {
	if err := r.pool.acquire(r.job.ctx); err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	defer r.pool.release()
	s, err := r.restored(x, y)
	if err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	return s, nil
}

func (r *presolved) restored(x, y []float64) (*lp.Solution, error) {
	if len(x) != r.reduced.Cols() || len(y) != r.reduced.Rows() {
		return nil, fmt.Errorf("a point of %d columns and %d rows for a presolved program of %d and %d", len(x), len(y), r.reduced.Cols(), r.reduced.Rows())
	}
	in, p, o := r.in, r.p, r.job.o
	a := in.arena()
	point := []uint64{a.doubles(x), a.doubles(reducedCosts(r.reduced, y)), a.doubles(y)}
	if a.err != nil {
		return nil, a.free()
	}
	err := in.during(&job{ctx: r.job.ctx}, func() error { return in.do("Highs_postsolve", point...) })
	a.free()
	if err != nil {
		return nil, err
	}
	s := &lp.Solution{Detail: "put back by postsolve"}
	if err := in.readPoint(p, s, true, true); err != nil {
		return nil, err
	}
	for j, v := range s.Col {
		s.Col[j] = min(max(v, p.Lower[j]), p.Upper[j])
	}
	s.Row, s.Objective, s.Reduced = p.Activity(s.Col), p.Evaluate(s.Col), reducedCosts(p, s.RowDual)
	s.Check = lp.CheckSolution(p, s)
	if s.Check.Within(tolerance(o)) {
		s.Status = lp.Optimal
	}
	return s, nil
}
