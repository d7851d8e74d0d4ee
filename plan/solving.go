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

// smallProgram is the number of nonzeros up to which programs are solved to
// vertices, which makes figures clean; larger ones stay in the interior.
const smallProgram = 40_000

// attempt is one way to solve a round's program.
type attempt struct {
	method lp.Method
	plain  bool // the solver may leave presolve out
	dearer bool // only where the price of falling was raised
	loosen bool // what is kept is lowered a little before
}

// attempts are made in turn.
func attempts(c *climb, vertex bool) []attempt {
	switch {
	case c.p.large():
		return []attempt{{method: lp.Interior}, {method: lp.Interior, plain: true}, {method: lp.Interior, plain: true, dearer: true}, {method: lp.Exact}}
	case vertex:
		return []attempt{{method: lp.Simplex}, {method: lp.Exact}, {method: lp.Interior, loosen: true}}
	}
	return []attempt{{method: lp.Interior}, {method: lp.Exact}, {method: lp.Interior, loosen: true}, {method: lp.Simplex}}
}

// solve solves a round's program by one way after the other until one has an answer.
func (s *solving) solve(ctx context.Context, c *climb, g *goalProgram, ways []attempt) (*answer, error) {
	a := &answer{}
	var why string
	for _, way := range ways {
		if way.dearer && a.raised == 0 {
			continue
		}
		sol, err := s.try(ctx, c, g, way, a)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		why = sol.Detail
		if sol.Status == lp.Optimal || (sol.Status == lp.Unknown && c.rough(g, sol)) {
			a.dual, a.x = sol.RowDual, sol.Col
			for _, gv := range c.kept.gives {
				a.given = append(a.given, a.x[gv.col])
			}
			return a, nil
		}
	}
	return nil, fmt.Errorf("%w (%s)", errUnsolved, why)
}

// try solves a round's program one way and adds what it took to a's cost. Of
// statuses that end the climb it makes an error; a solver that crashed has no answer.
func (s *solving) try(ctx context.Context, c *climb, g *goalProgram, way attempt, a *answer) (*lp.Solution, error) {
	// What is kept may leave too little room for the solver's arithmetic: give it a little.
	if way.loosen {
		c.loosen(g)
		a.loosened++
	}
	program := g.lp
	var soft *elastic
	if c.p.large() {
		soft = newElastic(c.p, g, &c.kept, c.size(g)*math.Pow(raisedBy, float64(a.raised)))
		program = soft.lp
	}
	on := true
	presolve := &on
	if way.plain || (g.target != nil && soft == nil) {
		presolve = nil // the solver may try without
	}
	sol, err := s.solver.Solve(ctx, program, lp.Options{
		Method: way.method, Tolerance: tolerance(way.method), Presolve: presolve,
		Progress: func(p lp.Progress) { c.report(Progress{Phase: p.Phase, Iterations: p.Iterations}) },
	})
	a.cost.programs++
	if err != nil {
		return &lp.Solution{Status: lp.Stopped, Detail: err.Error()}, nil // no point that rough could take
	}
	a.cost.iterations += sol.Iterations
	a.cost.seconds += sol.Elapsed.Seconds()
	if soft != nil && sol.Col != nil && sol.Check.Primal <= roughPrimal {
		soft.rigid(g, sol)
		list, most := c.fallen(sol.Col)
		if most > mostLowered || c.exceeded(sol.Col) {
			sol.Status, sol.Detail = lp.Stopped, fmt.Sprintf("what earlier rounds keep would be broken, levels by %.1e", most)
			if g.target != nil {
				a.raised++
			}
		} else {
			c.lower(g, list)
			a.lowered = append(a.lowered, list...)
		}
	}
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

// raisedBy is by how much what falls costs more where too much fell.
const raisedBy = 100

// size is the magnitude of a round's goal: of progress 1, of a value what it is now.
func (c *climb) size(g *goalProgram) float64 {
	x := c.last
	if x == nil {
		x = c.like
	}
	if g.target == nil || x == nil {
		return 1
	}
	return max(1, math.Abs(g.target.at(x)-g.target.constant))
}

// rough tells whether a point that the solver could not improve may be used. A
// plan is read from it, so it has to keep all bounds closely; its dual is judged
// by what it proves.
func (c *climb) rough(g *goalProgram, s *lp.Solution) bool {
	if s.Col == nil || s.RowDual == nil || s.Check.Primal > roughPrimal {
		return false
	}
	if g.target == nil {
		bound := c.safeBound(g, s.RowDual)
		return math.Abs(bound-s.Col[g.z]) <= 1e-2
	}
	value := g.target.at(s.Col) - g.target.constant
	return math.Abs(c.safeBound(g, s.RowDual)-value) <= keepRough*(1+math.Abs(value))
}

// roughPrimal is the largest residual of a point from which a plan may be read.
const roughPrimal = 1e-6

// keepRough is how far, relatively, a value may be from what its dual proves.
const keepRough = 1e-5

// safeBound is the bound on a round's progress or value, without its constant, that row duals prove.
func (c *climb) safeBound(g *goalProgram, y []float64) float64 {
	lower, upper := c.bounds(g)
	return lp.SafeBound(g.lp, y, lower, upper).Value / g.scale
}

// tolerance is asked of a method's solutions.
func tolerance(m lp.Method) float64 {
	if m == lp.Interior {
		return 1e-7 // lp/highs takes a tenth of it for the interior point's own criteria
	}
	return 1e-8
}

// loosen lowers what earlier rounds keep by 1e-6 once.
func (c *climb) loosen(g *goalProgram) {
	for e := range c.kept.floor {
		f := &c.kept.floor[e]
		*f *= 1 - 1e-6
		j := c.p.Elements[e].Col
		g.lp.Lower[j] = min(g.lp.Lower[j], max(*f, 0))
	}
}

func (s *solving) level(ctx context.Context, c *climb, g *goalProgram, last float64) (*answer, error) {
	a, err := s.solve(ctx, c, g, attempts(c, false))
	if err != nil {
		return nil, err
	}
	z := max(0, a.x[g.z])
	a.kind, a.level = roundLevel, z
	if z >= fullLevel {
		a.kind, a.fixed, a.dual = roundFull, slices.Clone(g.free), nil
		return a, nil
	}
	w := g.weights(a.dual)
	top := slices.Max(w)
	bound := c.safeBound(g, a.dual)
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
	a, err := s.solve(ctx, c, g, attempts(c, true))
	if err != nil {
		return nil, err
	}
	a.kind, a.level = roundValue, g.target.at(a.x)
	return a, nil
}
