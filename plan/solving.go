package plan

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"bremen/lp"
)

// errContradiction: what must hold cannot hold together.
var errContradiction = errors.New("what must hold cannot hold together")

// errUnsolved: no way led to a point that passes the check.
var errUnsolved = errors.New("no method solved the program")

// errGuess: levels taken over from an older plan cannot be attained together.
var errGuess = errors.New("the levels of the older plan cannot be attained")

// solving answers rounds with a solver.
type solving struct {
	solver  lp.Solver
	guessed bool // some levels before were taken from an older plan
}

// smallProgram is the number of nonzeros up to which values are solved to
// vertices, which makes figures clean; larger programs stay in the interior.
const smallProgram = 40_000

// attempt is one way to solve a round's program: by a method, on the face or whole.
type attempt struct {
	method lp.Method
	whole  bool
}

// attempts are made in turn, until one is close.
func attempts(c *climb, g *goalProgram) []attempt {
	ways := []attempt{{lp.Sharp, false}, {lp.Sharp, true}}
	simplex := attempt{lp.Simplex, true}
	switch {
	case !c.p.small():
		return ways
	case g.target != nil && !g.settled:
		return slices.Insert(ways, 0, simplex)
	}
	return append(ways, attempt{lp.Exact, true}, simplex)
}

// How far what a point reaches may be from what its duals prove: of progress,
// or of a value, relatively. A close one is taken at once, a rough one if nothing is closer.
const (
	closeGap  = 1e-5
	closeRate = 1e-6
	roughGap  = 1e-2
	roughRate = 1e-5
)

// solve solves a round's program.
func (s *solving) solve(ctx context.Context, c *climb, g *goalProgram) (*answer, error) {
	var a *answer
	err := errUnsolved
	if !c.p.large() {
		a, err = s.solveOnFace(ctx, c, g)
	}
	if errors.Is(err, errUnsolved) && !c.p.small() {
		a, err = s.solveElastic(ctx, c, g)
	}
	if err != nil {
		return nil, err
	}
	for _, gv := range c.kept.gives {
		a.given = append(a.given, a.x[gv.col])
	}
	return a, nil
}

// solveOnFace solves a round's program by one way after the other and returns
// the first close answer, or the closest.
func (s *solving) solveOnFace(ctx context.Context, c *climb, g *goalProgram) (*answer, error) {
	var best *answer
	var why string
	spent := &answer{}
	closely, roughly := closeGap, roughGap
	if g.target != nil {
		closely, roughly = closeRate, roughRate
	}
	for _, way := range attempts(c, g) {
		if way.whole && way.method == lp.Sharp && len(c.face.proofs) == 0 {
			continue // just done
		}
		face := c.face
		if way.whole {
			face = newFace(c.p)
		}
		sol, err := s.run(ctx, c, face.restrict(c, g), lp.Options{Method: way.method}, spent)
		if err != nil {
			return nil, err
		}
		why = sol.Detail
		if sol.Col == nil || sol.RowDual == nil || sol.Check.Primal > roughPrimal {
			continue
		}
		if sol.RowDualRest == nil {
			sol.RowDualRest = make([]float64, len(sol.RowDual))
		}
		a := &answer{x: sol.Col, onFace: &faceDual{rows: sol.RowDual, rest: sol.RowDualRest}}
		a.onFace.gap = face.gap(c, g, a.onFace, a.x)
		a.dual, a.rest, a.gap = face.lift(c, g, a.onFace, a.x)
		if best == nil || a.gap < best.gap {
			best = a
		}
		if best.gap <= closely {
			break
		}
		why = fmt.Sprintf("%.1e from what is proven", a.gap)
	}
	if best == nil || best.gap > roughly {
		return nil, fmt.Errorf("%w (%s)", errUnsolved, why)
	}
	best.cost = spent.cost
	return best, nil
}

// run solves a program and adds what it took to a's cost. Of statuses that end
// the climb it makes an error; a solver that crashed has no answer.
func (s *solving) run(ctx context.Context, c *climb, p *lp.Problem, o lp.Options, a *answer) (*lp.Solution, error) {
	o.Tolerance = tolerance(o.Method)
	o.Progress = func(p lp.Progress) { c.report(Progress{Phase: p.Phase, Iterations: p.Iterations}) }
	sol, err := s.solver.Solve(ctx, p, o)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	a.cost.programs++
	if err != nil {
		return &lp.Solution{Status: lp.Stopped, Detail: err.Error()}, nil
	}
	a.cost.iterations += sol.Iterations
	a.cost.seconds += sol.Elapsed.Seconds()
	switch {
	case sol.Status == lp.Infeasible && len(c.rounds) == 0:
		return nil, errContradiction
	case sol.Status == lp.Infeasible && s.guessed:
		return nil, errGuess
	case sol.Status == lp.Unbounded:
		return nil, fmt.Errorf("the goal has no end: %s", sol.Detail)
	}
	return sol, nil
}

// roughPrimal is the largest residual of a point from which a plan may be read.
const roughPrimal = 1e-6

// worth is the size of a round's goal: of progress 1, of a value what x reaches, if that is more.
func (g *goalProgram) worth(x []float64) float64 {
	if g.target == nil {
		return 1
	}
	return g.size(g.target.at(x))
}

// size is worth where the value is known.
func (g *goalProgram) size(value float64) float64 {
	if g.target == nil {
		return 1
	}
	return max(1, math.Abs(value-g.target.constant))
}

// gap is how far what x reaches is from what row duals prove, in the size of the goal.
func (c *climb) gap(g *goalProgram, x, y, rest []float64) float64 {
	return math.Abs(c.safeBound(g, y, rest)-g.lp.Evaluate(x)/g.scale) / g.worth(x) // with what an exchange gives
}

// safeBound is the bound on a round's progress or value, without its constant, that row duals prove.
func (c *climb) safeBound(g *goalProgram, y, rest []float64) float64 {
	lower, upper := c.bounds(g)
	return lp.SafeBound(g.lp, y, rest, lower, upper).Value / g.scale
}

// tolerance is asked of a method's solutions.
func tolerance(m lp.Method) float64 {
	if m == lp.Interior || m == lp.Sharp {
		return 1e-7 // a tenth of it in the method's own criteria
	}
	return 1e-8
}

func (s *solving) level(ctx context.Context, c *climb, g *goalProgram, last float64) (*answer, error) {
	a, err := s.solve(ctx, c, g)
	if err != nil {
		return nil, err
	}
	z := max(0, a.x[g.z])
	a.kind, a.level = roundLevel, z
	if z >= fullLevel {
		a.kind, a.fixed, a.dual, a.rest = roundFull, slices.Clone(g.free), nil, nil
		return a, nil
	}
	w := g.weights(a.dual)
	top := slices.Max(w)
	bound := c.safeBound(g, a.dual, a.rest)
	if bound < z {
		z, a.level = max(0, bound), max(0, bound)
	}
	for i, e := range g.free {
		if w[i] > weakDual*top && (bound-z)/w[i] <= c.precision {
			a.fixed = append(a.fixed, e)
		}
	}
	if len(a.fixed) > 0 {
		return a, nil
	}
	var tight, sharpest []int
	for i, e := range g.free {
		if a.x[c.p.Elements[e].Col]-g.base[i]-g.gain[i]*z < sameLevel*g.gain[i] {
			tight = append(tight, e)
		}
		if w[i] == top {
			sharpest = append(sharpest, e)
		}
	}
	settled, err := s.settle(ctx, c, g, a, tight)
	if err != nil {
		return nil, err
	}
	if settled != nil {
		return settled, nil
	}
	a.fixed = sharpest // whatever its precision: it is reported
	return a, nil
}

func (s *solving) value(ctx context.Context, c *climb, g *goalProgram) (*answer, error) {
	a, err := s.solve(ctx, c, g)
	if err != nil {
		return nil, err
	}
	a.kind, a.level = roundValue, g.target.at(a.x)
	return a, nil
}
