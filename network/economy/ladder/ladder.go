// Package ladder plans whole economies by a ladder of goals, so that fairness
// survives size: rung by rung the needs of some urgencies are raised from where they stand to
// a height, the worst-served first, and what is reached is kept. Last comes the
// least labour that keeps all of it. The ladder is the economy's (economy.Ladder).
//
// Begin at Climb. Every program of a climb has the same rows and columns (program.go) and begins
// at the answer of the one before (solve.go), so
// that what costs time is how many there are. They are few because levels nearer to each
// other than a window are merged:
//
//   - a *level* is found by raising all needs of the rung that are free
//     together, as far as they go: the progress of the worst-served;
//   - then it is *settled* who can rise above it: free needs are kept at the level less
//     Ladder.Keep, and the sum of what they exceed that by is maximised, where no more than the end of the
//     window counts. Who fills nine tenths stays free, the others are fixed where they stand.
//
// What is kept open at the second step is what makes programs quick and people better off: at the level itself there is
// hardly another plan, and a hair less for the worst-served is often much more for others.
//
// As far as programs were solved to the tolerance (Step.Stopped), leximin is met to within a
// window: a need that was fixed is no lower than its level less Keep, and can be raised above it by
// a window only if another that was free falls short of it.
//
// Answers are closed (pdhg.Close), so that the plan breaks no bound and is a point of the
// program after it; where an answer cannot be closed, the plan before it stands. For
// every program Step.Bound is what its prices prove (block.SafeBound), whatever they are: of a
// level, that no plan which keeps what was kept by then serves the worst of the free needs better.
//
// A climb is written with its prices (Result), and Verify proves every bound again without a solver.
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

// Options of a climb. The zero value takes the figures in brackets.
type Options struct {
	// Tolerance is how near the bound of a program must be: of a level, in shares of the way; of
	// labour, relative; of settling, a hundredth of the window whatever this is (1e-3).
	Tolerance float64
	Most      int           // iterations of each program; what it has come to then counts (10,000)
	Time      time.Duration // of all programs together; then the climb ends where it is (no bound)
	Threads   int           // (all there are)
	// Sharp takes over, by lp.Sharp, programs of at most SharpMost (that of the package) coefficients written out that
	// are short of the tolerance after firstLook iterations (nobody does).
	Sharp     lp.Solver
	SharpMost int
	Progress  func(Step)                            // called after each program
	Within    func(rung int, k Kind, iteration int) // called now and then within a program
}

// SharpMost is how many coefficients a program has at most that Options.Sharp takes over, unless stated otherwise.
const SharpMost = 200_000

// Step is one program of a climb.
type Step struct {
	Rung int  `json:"rung"` // from 1; that of Labour is one more than there are
	Kind Kind `json:"kind"`
	// Above is, of Settle, the level above which is settled who can rise, and Window how far that counts.
	Above  float64 `json:"above,omitempty"`
	Window float64 `json:"window,omitempty"`
	// Level is the progress of the worst-served free need, 0 to 1; of Settle, which share free needs fill of
	// what is between what they are kept at and the end of the window; of Labour, how much
	// is worked, in the economy's units. Bound is what is proven of it: no more; of Labour, no less.
	Level float64 `json:"level"`
	Bound float64 `json:"bound"`
	Free  int     `json:"free"`  // needs (in a block) that were free before it
	Fixed int     `json:"fixed"` // of them fixed by it

	Kept       bool    `json:"kept"`    // no answer could be closed, and the plan before it stands
	Stopped    bool    `json:"stopped"` // short of the tolerance
	Iterations int     `json:"iterations"`
	Seconds    float64 `json:"seconds"`
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
	// Duals hold for each step the row duals of its program that prove its bound.
	Duals [][]float64
	// Fixings say what was fixed, in order.
	Fixings []Fixing
	// Stopped says that time was over before the top.
	Stopped bool
}

// Fixing is a need in a block, need·blocks + block, that a step fixed; steps count from 1.
type Fixing struct {
	Step, Element int
	Floor         float64
}

// Climb plans an economy. p and ix are those of Economy.Problem(Satisfaction);
// neither is changed. The error is that of ctx, of options or of the solver.
func Climb(ctx context.Context, e *economy.Economy, p *block.Problem, ix *economy.Index, o Options) (*Climbed, error) {
	if ix.Goal != economy.Satisfaction {
		return nil, errors.New("a program of least labour, expected one of satisfaction")
	}
	if err := e.Validate(); err != nil {
		return nil, err
	}
	if o.Tolerance == 0 {
		o.Tolerance = tolerance
	}
	if o.Most == 0 {
		o.Most = 10_000
	}
	if o.SharpMost == 0 {
		o.SharpMost = SharpMost
	}
	c := &climb{standing: newStanding(e, p, ix), ctx: ctx, o: o, begin: time.Now(), starts: map[Kind]*pdhg.Point{}}
	c.tight = block.NewTightener(c.q.Problem)
	c.x, c.fills = make([]float64, c.q.Cols()), make([]float64, len(c.demand))
	if err := c.set(p); err != nil {
		return nil, err
	}
	for k := range c.goals.Rungs {
		if err := c.rung(k + 1); err != nil {
			return nil, err
		}
	}
	if !c.late() {
		if _, err := c.step(Step{Rung: len(c.goals.Rungs) + 1, Kind: Labour}); err != nil {
			return nil, err
		}
	}
	c.out.Col, c.out.Floor = c.x[:p.Cols()], c.floor
	return &c.out, nil
}

// NoPlanError says that no plan keeps to all bounds of an economy, such as the capital that is to be kept.
type NoPlanError struct{ Economy string }

func (e *NoPlanError) Error() string {
	return fmt.Sprintf("economy %q: no plan keeps to all bounds", e.Economy)
}

// set sets out from a plan that breaks no bound: nothing is made, or as little as must be.
func (c *climb) set(p *block.Problem) error {
	copy(c.x, p.Lower)
	x, broken, err := pdhg.Close(c.ctx, p, c.x[:p.Cols()], pdhg.Options{Time: c.o.Time, Threads: c.o.Threads, Iterations: c.o.Most})
	if err != nil {
		return err
	}
	copy(c.x, x)
	if broken == 0 {
		return nil
	}
	c.ask(&Step{Kind: Labour})
	clear(c.q.Cost)
	s, err := pdhg.Solve(c.ctx, c.q.Problem, pdhg.Options{Time: c.o.Time, Threads: c.o.Threads, Iterations: c.o.Most})
	if err == nil && s.Status == lp.Infeasible {
		err = &NoPlanError{c.e.ID}
	}
	return err
}

// climb is where a climb stands.
type climb struct {
	*standing
	ctx   context.Context
	o     Options
	begin time.Time

	x      []float64 // the plan; breaks no bound
	tight  *block.Tightener
	starts map[Kind]*pdhg.Point
	fills  []float64 // per element: what share it fills of what counts of it, in the plan after a step
	out    Climbed
}

// late says whether time is over.
func (c *climb) late() bool {
	c.out.Stopped = c.out.Stopped || c.o.Time > 0 && time.Since(c.begin) > c.o.Time
	return c.out.Stopped
}

const tolerance = 1e-3

// full is the progress that counts as all of the way, and filled what counts as all of a window.
const (
	full   = 1 - 1e-3
	filled = 0.9
)

// rung raises the needs of rung k.
func (c *climb) rung(k int) error {
	before := -1.0 // level, none
	for free := c.standing.begin(k); free > 0 && !c.late(); {
		s, err := c.step(Step{Rung: k, Kind: Level, Free: free})
		if err != nil {
			return err
		}
		if s.Level >= full {
			c.fix(s, func(int) bool { return true })
			c.tell()
			return nil
		}
		c.tell()
		if c.late() {
			return nil
		}
		window := c.goals.Window
		if s.Bound-s.Level > window { // what is proven does not tell levels so near apart
			window *= 2
		}
		level := max(s.Level, before) // what is settled is not given up
		if s, err = c.step(Step{Rung: k, Kind: Settle, Free: free, Above: level, Window: window}); err != nil {
			return err
		}
		c.fix(s, func(e int) bool { return 1-level <= window || c.fills[e] < filled })
		if s.Fixed == 0 && level < before+c.goals.Window/2 { // the plan cannot follow: who is low stays low
			worst := c.worst(c.x)
			c.fix(s, func(e int) bool { return c.stands(c.x, e) <= worst+c.goals.Window/2 })
		}
		free, before = free-s.Fixed, level
		c.tell()
	}
	return nil
}

// fix fixes the free elements that it is told to where they stand after a step, no
// lower than the level and no higher than the end of the window.
func (c *climb) fix(s *Step, which func(e int) bool) {
	level, window := s.Above, s.Window
	if s.Kind == Level {
		level, window = s.Level, 1
	}
	for e, is := range c.free {
		if is && which(e) {
			stands := c.satisfaction(c.x, e) - c.goals.Keep
			c.floor[e] = min(max(stands, c.kept(e, level)), c.top(e, level, window))
			c.free[e] = false
			s.Fixed++
			c.out.Fixings = append(c.out.Fixings, Fixing{len(c.out.Steps), e, c.floor[e]})
		}
	}
}

// tell reports the last step.
func (c *climb) tell() {
	if c.o.Progress != nil {
		c.o.Progress(c.out.Steps[len(c.out.Steps)-1])
	}
}
