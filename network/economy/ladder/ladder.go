// Package ladder plans whole economies by a ladder of goals, so that fairness
// survives size: rung by rung the needs of some urgencies are raised from where they stand to
// a height, the worst-served first, and what is reached is kept. Last comes the
// least labour that keeps all of it.
//
// Begin at Climb. Every program of a climb has the same rows and columns (program.go) and begins
// at the answer of the one before, by the first-order method of lp/pdhg, so
// that what costs time is how many there are. They are few because levels nearer to each
// other than a window are merged:
//
//   - a *level* is found by raising all needs of the rung that are free
//     together, as far as they go: the progress of the worst-served;
//   - then it is *settled* who can rise above it: the sum of what needs
//     exceed it by is maximised, where no more than the window counts. Who fills nine tenths of the window
//     stays free, the others are fixed where they stand.
//
// So a rung takes at most about 2/window programs, and mostly two or three. As
// far as its programs were solved to the tolerance (Step.Stopped), leximin is met to within a
// window: a need that was fixed is no lower than its level, and can be raised above that by
// a window only if another that was free falls short of it.
//
// Answers are closed (pdhg.Close), so that the plan breaks no bound and is a point of the
// program after it; where an answer cannot be closed, the plan before it stands. For
// every program Step.Bound is what its prices prove (block.SafeBound), whatever they are: of a
// level, that no plan which keeps what was kept by then serves the worst of the free needs better.
package ladder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/pdhg"
	"bremen/network/economy"
)

// Rung says up to which satisfaction, 0 to 1, each urgency is raised; 0 leaves it out.
type Rung []float64

// Default is the ladder for so many urgencies, the most urgent first. Heights keep strict order
// from taking all of one need for a hair more of another.
func Default(urgencies int) []Rung {
	if urgencies == 3 {
		return []Rung{{0.5, 0, 0}, {0.8, 0.5, 0.3}, {1, 0.7, 0.4}, {0, 1, 0}, {0, 0, 1}}
	}
	rungs := make([]Rung, urgencies)
	for u := range rungs {
		rungs[u] = make(Rung, urgencies)
		rungs[u][u] = 1
	}
	return rungs
}

// Options of a climb. The zero value takes the figures in brackets.
type Options struct {
	Rungs     []Rung        // (Default)
	Window    float64       // of the way from where a rung begins to its height; levels nearer to each other are one (0.1)
	Tolerance float64       // of each program, as in pdhg.Options (1e-3)
	Most      int           // iterations of each program; what it has come to then counts (10,000)
	Keep      float64       // by how much less than it had, of satisfaction, a need may be served later (1e-3)
	Time      time.Duration // of each program (no bound); what it has come to then is closed and counts
	Threads   int           // (all there are)
	Progress  func(Step)    // called after each program
}

// Step is one program of a climb.
type Step struct {
	Rung int
	Kind Kind
	// Level is the progress of the worst-served free need, 0 to 1; of Settle, the
	// share of the window that free needs fill on average; of Labour, how much
	// is worked, in the economy's units. Bound is what is proven of it: no more; of Labour, no less.
	Level, Bound float64
	Free         int // needs (in a block) that were free before it
	Fixed        int // of them fixed by it

	Kept       bool // the answer could not be closed, and the plan before it stands
	Stopped    bool // short of the tolerance
	Iterations int
	Elapsed    time.Duration
}

// Kind says what a step was for.
type Kind string

const (
	Level  Kind = "level"
	Settle Kind = "settle"
	Labour Kind = "labour"
)

// Climbed is what a climb came to.
type Climbed struct {
	Col   []float64 // the plan: a point of the economy's program, for Index.Read
	Steps []Step
	// Floor is the satisfaction that is kept, by need and block.
	Floor []float64
}

// Climb plans an economy. p and ix are those of Economy.Problem(Satisfaction);
// neither is changed. The error is that of ctx, of options or of the solver.
func Climb(ctx context.Context, e *economy.Economy, p *block.Problem, ix *economy.Index, o Options) (*Climbed, error) {
	if ix.Goal != economy.Satisfaction {
		return nil, errors.New("a program of least labour, expected one of satisfaction")
	}
	if o.Rungs == nil {
		o.Rungs = Default(len(e.Urgencies))
	}
	if o.Window == 0 {
		o.Window = 0.1
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-3
	}
	if o.Most == 0 {
		o.Most = 10_000
	}
	if o.Keep == 0 {
		o.Keep = 1e-3
	}
	for k, r := range o.Rungs {
		if len(r) != len(e.Urgencies) {
			return nil, fmt.Errorf("rung %d: %d heights, expected one for each of %d urgencies", k, len(r), len(e.Urgencies))
		}
	}
	if !(o.Window > 0 && o.Window <= 1) {
		return nil, fmt.Errorf("window %v, expected a number above 0, up to 1", o.Window)
	}
	c := newClimb(ctx, e, p, ix, o)
	for k := range o.Rungs {
		if err := c.rung(k); err != nil {
			return nil, err
		}
	}
	if err := c.labour(); err != nil {
		return nil, err
	}
	return &Climbed{Col: c.at.Col[:p.Cols()], Steps: c.steps, Floor: c.floor}, nil
}

// full is the progress that counts as all of the way, and of a window.
const (
	full   = 1 - 1e-3
	filled = 0.9
)

// rung raises the needs of rung k.
func (c *climb) rung(k int) error {
	before := -1.0 // level
	for free := c.begin(k); free > 0; {
		s, err := c.level(k, free)
		if err != nil {
			return err
		}
		level := s.Level
		if level >= full {
			s.Fixed = c.keep(func(int) bool { return true })
			c.tell(s)
			return nil
		}
		c.tell(s)
		if s, err = c.settle(k, free, level); err != nil {
			return err
		}
		switch last := 1-level <= c.o.Window; {
		case last:
			s.Fixed = c.keep(func(int) bool { return true })
		default:
			s.Fixed = c.keep(func(e int) bool { return c.fills[e] < filled })
		}
		if s.Fixed == 0 && level < before+c.o.Window/2 { // the plan cannot follow: who is low stays low
			worst := c.worst()
			s.Fixed = c.keep(func(e int) bool { return c.stands(e) <= worst+c.o.Window/2 })
		}
		free, before = free-s.Fixed, level
		c.tell(s)
	}
	return nil
}

// level raises all that are free together.
func (c *climb) level(k, free int) (Step, error) {
	weight := c.ask(c.worst(), 1, 0)
	s := Step{Rung: k, Kind: Level, Free: free}
	bound, err := c.solve(&s)
	s.Level, s.Bound = c.at.Col[c.progress], min(bound/weight, 1)
	return s, err
}

// settle finds out who can rise above a level.
func (c *climb) settle(k, free int, level float64) (Step, error) {
	window := min(c.o.Window, 1-level)
	all := window * c.ask(level, level, window)
	s := Step{Rung: k, Kind: Settle, Free: free}
	bound, err := c.solve(&s)
	s.Level, s.Bound = c.q.objective(c.at.Col)/all, min(bound/all, 1)
	return s, err
}

// labour takes what can be saved without lowering a floor.
func (c *climb) labour() error {
	unit := c.askLabour()
	s := Step{Rung: len(c.o.Rungs), Kind: Labour}
	bound, err := c.solve(&s)
	if err != nil {
		return err
	}
	s.Level, s.Bound = -c.q.objective(c.at.Col)*unit, -bound*unit
	c.tell(s)
	return nil
}

func (c *climb) tell(s Step) {
	c.steps = append(c.steps, s)
	if c.o.Progress != nil {
		c.o.Progress(s)
	}
}

// solve solves the program as it stands from where the climb is, closes the
// answer, and returns the bound that its prices prove.
func (c *climb) solve(s *Step) (bound float64, err error) {
	begin := time.Now()
	r, err := pdhg.Solve(c.ctx, c.q.Problem, pdhg.Options{Tolerance: c.o.Tolerance, Iterations: c.o.Most, Time: c.o.Time, Threads: c.o.Threads, Start: c.at})
	if err != nil {
		return 0, err
	}
	x, broken, err := pdhg.Close(c.ctx, c.q.Problem, r.Col, pdhg.Options{Threads: c.o.Threads, Time: c.o.Time, Iterations: c.o.Most})
	if err != nil {
		return 0, err
	}
	for e, most := range c.q.Upper[c.q.excess:] {
		if c.fills[e] = 1; most > 0 {
			c.fills[e] = r.Col[c.q.excess+e] / most
		}
	}
	if s.Kept = broken > 0; s.Kept {
		x = c.at.Col
	}
	c.at = &pdhg.Point{Col: x, RowDual: r.RowDual, Weight: r.Weight}
	s.Iterations, s.Stopped = r.Iterations, r.Status == lp.Stopped
	bound = block.SafeBound(c.q.Problem, r.RowDual).Value
	s.Elapsed = time.Since(begin)
	return bound, nil
}
