package ladder

import (
	"math"
	"time"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/pdhg"
)

// firstLook is after how many iterations an answer is first closed and its bound worked out.
const firstLook = 1000

// settled is how near the bound of settling must be, in shares of the window.
const settled = 1e-2

// passes are how often rows are gone through to improve a bound.
const passes = 2

// attempt is one program that is being solved.
type attempt struct {
	*climb
	s       *Step
	one     float64 // its figure of 1 in the objective
	enough  float64 // how near the bound must be, in the objective
	best    float64 // objective of the plan
	bound   float64
	duals   []float64 // that prove it
	start   *pdhg.Point
	closing bool // an answer could be closed
}

// step solves the program of a step from where the climb is. Answers are closed and bounds proven now and then, and
// that ends when a bound is near enough to the best plan, or at the most iterations. It returns the step as it stands in c.out.
func (c *climb) step(s Step) (*Step, error) {
	begin := time.Now()
	a := &attempt{climb: c, s: &s, bound: lp.Inf}
	a.one = c.ask(&s)
	c.extend(c.x)
	a.best = c.q.objective(c.x)
	switch s.Kind {
	case Level:
		a.enough = c.o.Tolerance * a.one
	case Settle:
		a.enough = settled * a.one
	}
	a.prove(make([]float64, c.q.Rows()))
	if a.start = c.starts[s.Kind]; a.start == nil {
		a.start = &pdhg.Point{RowDual: make([]float64, c.q.Rows())}
	}
	a.start.Col = c.x
	if err := a.walk(); err != nil {
		return nil, err
	}
	if !a.done() && c.o.Sharp != nil && c.q.NNZ() <= c.o.SharpMost && !c.late() {
		if err := a.sharpen(); err != nil {
			return nil, err
		}
	}
	c.starts[s.Kind] = &pdhg.Point{RowDual: a.start.RowDual, Weight: a.start.Weight}
	for e, most := range c.q.Upper[c.q.excess:] {
		if c.fills[e] = 1; most > 0 {
			c.fills[e] = c.x[c.q.excess+e] / most
		}
	}
	s.Kept, s.Stopped = !a.closing, !a.done()
	s.Level, s.Bound = figure(s.Kind, a.best, a.one), figure(s.Kind, a.bound, a.one)
	s.Seconds = time.Since(begin).Round(time.Millisecond).Seconds()
	c.out.Steps, c.out.Duals = append(c.out.Steps, s), append(c.out.Duals, a.duals)
	if s.Kind == Labour {
		c.tell()
	}
	return &c.out.Steps[len(c.out.Steps)-1], nil
}

// done says whether the bound is near enough.
func (a *attempt) done() bool {
	enough := a.enough
	if a.s.Kind == Labour {
		enough = -a.o.Tolerance * a.best
	}
	return a.bound-a.best <= enough
}

// walk takes first-order steps, ever more at a time.
func (a *attempt) walk() error {
	tolerance, look, most := a.o.Tolerance, firstLook, a.o.Most
	if a.o.Sharp != nil && a.q.NNZ() <= a.o.SharpMost {
		most = min(most, 2*firstLook)
	}
	for !a.done() && a.s.Iterations < most && !a.late() {
		r, err := pdhg.Solve(a.ctx, a.q.Problem, pdhg.Options{
			Tolerance: tolerance, Iterations: min(look, most-a.s.Iterations), Time: a.left(), Threads: a.o.Threads, Start: a.start,
			Progress: func(p pdhg.Progress) { a.within(p.Iterations) },
		})
		if err != nil {
			return err
		}
		a.s.Iterations += r.Iterations
		a.start = &r.Point
		a.prove(r.RowDual)
		if err := a.close(r.Col); err != nil {
			return err
		}
		if r.Status != lp.Optimal {
			look = max(look, a.s.Iterations)
		} else if tolerance /= 10; tolerance < 1e-9 {
			break
		}
	}
	return nil
}

// sharpen hands the program to an interior-point method from where the walk has
// come, if its prices prove anything, and where that was no good from nothing.
func (a *attempt) sharpen() error {
	if a.bound-a.best < math.Abs(a.one) {
		near := &lp.Solution{Col: a.start.Col, RowDual: a.start.RowDual}
		if err := a.interior(near); err != nil || a.done() || a.late() {
			return err
		}
	}
	return a.interior(nil)
}

func (a *attempt) interior(from *lp.Solution) error {
	r, err := a.o.Sharp.Solve(a.ctx, a.q.Explicit(), lp.Options{
		Method: lp.Sharp, Tolerance: a.o.Tolerance / 10, Time: a.left(), Start: from,
		Progress: func(p lp.Progress) { a.within(a.s.Iterations + p.Iterations) },
	})
	if err != nil || len(r.Col) == 0 || len(r.RowDual) == 0 {
		return err
	}
	a.s.Iterations += r.Iterations
	a.start = &pdhg.Point{Col: r.Col, RowDual: r.RowDual}
	a.prove(r.RowDual)
	return a.close(r.Col)
}

func (a *attempt) within(iterations int) {
	if a.o.Within != nil {
		a.o.Within(a.s.Rung, a.s.Kind, iterations)
	}
}

// left is the time that is left.
func (a *attempt) left() time.Duration {
	if a.o.Time == 0 {
		return 0
	}
	return max(a.o.Time-time.Since(a.begin), 1)
}

// prove keeps duals if they prove a better bound, once what they leave to many columns is made good by rows that those share.
func (a *attempt) prove(y []float64) {
	y = a.tight.Tighten(y, passes)
	if b := block.SafeBound(a.q.Problem, y).Value; a.duals == nil || b < a.bound {
		a.bound, a.duals = b, y
	}
}

// close makes an answer a plan that breaks no bound, if it can be, and goes on from it if it is better.
func (a *attempt) close(x []float64) error {
	closed, ok := a.mixed(x)
	if !ok {
		var broken float64
		var err error
		closed, broken, err = pdhg.Close(a.ctx, a.q.Problem, x, pdhg.Options{Threads: a.o.Threads, Time: a.left(), Iterations: max(firstLook, a.s.Iterations/2)})
		if err != nil {
			return err
		}
		if ok = broken == 0; !ok {
			closed, ok = a.mixed(closed)
		}
	}
	if !ok {
		return nil
	}
	a.closing = true
	a.extend(closed)
	if v := a.q.objective(closed); v >= a.best {
		a.best, a.x = v, closed
	}
	return nil
}

// mixed returns the point between an answer and the plan that is nearest to the answer and
// breaks nothing, of a few that are tried: the plan has room where rounding breaks an answer.
func (a *attempt) mixed(x []float64) ([]float64, bool) {
	y := make([]float64, len(x))
	for _, share := range []float64{0, 1e-6, 1e-4, 1e-2} {
		for j, v := range x {
			y[j] = min(max(v+float64(share*(a.x[j]-v)), a.q.Lower[j]), a.q.Upper[j])
		}
		if block.Check(a.q.Problem, y, nil).Primal == 0 {
			return y, true
		}
	}
	return nil, false
}
