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
	guessed bool  // some levels before were taken from an older plan
	hard    bool  // interior points of the whole program are no longer found
	face    *face // nil while later rungs may take back from earlier ones
}

// smallProgram is the number of nonzeros up to which programs are solved to
// vertices, which makes figures clean; larger ones stay in the interior.
const smallProgram = 40_000

// largeProgram is the number of nonzeros from which the face is tried first,
// once some levels have made it narrow.
const largeProgram = 150_000

// solve solves a round's program by one way after the other until one has an
// answer, and lifts the dual of a face.
func (s *solving) solve(ctx context.Context, c *climb, g *goalProgram, ways []attempt) (*answer, error) {
	a := &answer{}
	var why string
	for _, way := range ways {
		sol, err := s.try(ctx, c, g, way, a)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		why = sol.Detail
		if sol.Status == lp.Optimal || (sol.Status == lp.Unknown && rough(g, sol.Check)) {
			a.dual, a.x, a.onFace = sol.RowDual, sol.Col, way.onFace
			if way.onFace {
				lower, upper := c.bounds(g)
				a.dual = s.face.lift(g, a.dual, lower, upper)
			}
			for _, gv := range c.kept.gives {
				a.given = append(a.given, a.x[gv.col])
			}
			return a, nil
		}
		s.hard = s.hard || c.p.LP.NNZ() > smallProgram
	}
	return nil, fmt.Errorf("%w (%s)", errUnsolved, why)
}

// try solves a round's program one way and adds what it took to a's cost. Of
// statuses that end the climb it makes an error; a solver that crashed has no answer.
func (s *solving) try(ctx context.Context, c *climb, g *goalProgram, way attempt, a *answer) (*lp.Solution, error) {
	program := g.lp
	if way.onFace {
		program = s.face.on(g, &c.kept)
	}
	// What is kept may leave too little room for the solver's arithmetic: give it a little.
	if way.loosen {
		c.loosen(g)
		a.loosened++
	}
	on := true
	presolve := &on
	if g.target != nil {
		presolve = nil // a value must be met closely: the solver may try without
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

// rough tells whether a point that the solver could not improve may be used. A
// wide gap only costs precision, which is judged apart. A level is never taken
// above what its dual proves, so its point may miss by more than one that a
// plan is read from.
func rough(g *goalProgram, c lp.Check) bool {
	primal := 1e-6
	gap := keepValue
	if g.target == nil {
		primal, gap = 2e-5, 1e-4
	}
	return c.Primal <= primal && c.Dual <= 1e-6 && c.Gap <= gap
}

// attempt is one way to solve a round's program.
type attempt struct {
	method lp.Method
	onFace bool
	loosen bool // what is kept is lowered a little before
}

// attempts are made in turn. Interior points of the whole program are best
// while they can be found; once much is kept, the face has some where the
// whole has none, and after that a vertex is quickest.
func (s *solving) attempts(c *climb, vertex bool) []attempt {
	list := []attempt{{method: lp.Interior}, {method: lp.Interior, onFace: true}, {method: lp.Exact}, {method: lp.Interior, loosen: true}, {method: lp.Simplex}}
	if vertex && c.p.LP.NNZ() <= smallProgram {
		list = []attempt{{method: lp.Simplex}, {method: lp.Exact}, {method: lp.Interior, loosen: true}}
	} else if s.hard || (s.face != nil && len(s.face.rounds) >= 3 && c.p.LP.NNZ() > largeProgram) {
		list[0], list[1] = list[1], list[2]
		list = list[:2+copy(list[2:], list[3:])]
	}
	if s.face == nil || len(s.face.rounds) == 0 {
		list = slices.DeleteFunc(list, func(a attempt) bool { return a.onFace })
	}
	return list
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
	s.open(c)
	return s.levelBy(ctx, c, g, last, s.attempts(c, false))
}

func (s *solving) levelBy(ctx context.Context, c *climb, g *goalProgram, last float64, ways []attempt) (*answer, error) {
	a, err := s.solve(ctx, c, g, ways)
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
	lower, upper := c.bounds(g)
	bound := lp.SafeBound(g.lp, a.dual, lower, upper).Value / g.scale
	if bound < z {
		z, a.level = bound, bound
	}
	for i, e := range g.free {
		if w[i] > weakDual*top && (bound-z)/w[i] <= c.precision {
			a.fixed = append(a.fixed, e)
		}
	}
	if len(a.fixed) > 0 {
		s.narrow(c, g, a)
		return a, nil
	}
	if len(a.fixed) == 0 && a.onFace {
		return s.wholly(ctx, c, g, last, a.cost)
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
		s.narrow(c, c.settleProgram(g, settled.fixed, z), settled)
		return settled, nil
	}
	if len(a.fixed) == 0 {
		a.fixed = sharpest // whatever its precision: it is reported
	}
	s.narrow(c, g, a)
	return a, nil
}

// wholeWays are the attempts that do not rest on the face.
func wholeWays(ways []attempt) []attempt {
	return slices.DeleteFunc(slices.Clone(ways), func(a attempt) bool { return a.onFace })
}

// wholly solves a level again without the face, from whose dual no proof of the whole could be made.
func (s *solving) wholly(ctx context.Context, c *climb, g *goalProgram, last float64, spent cost) (*answer, error) {
	a, err := s.levelBy(ctx, c, g, last, wholeWays(s.attempts(c, false)))
	if err == nil {
		a.cost.add(spent)
	}
	return a, err
}

func (s *solving) value(ctx context.Context, c *climb, g *goalProgram) (*answer, error) {
	s.open(c)
	ways := s.attempts(c, true)
	a, err := s.solve(ctx, c, g, ways)
	if err != nil {
		return nil, err
	}
	a.kind, a.level = roundValue, g.target.at(a.x)
	if _, _, check := c.prove(g, a, a.level); a.onFace && check.Gap > max(keepValue, c.ladder[len(c.results)-1].Keep) {
		spent := a.cost
		if a, err = s.solve(ctx, c, g, wholeWays(ways)); err != nil {
			return nil, err
		}
		a.kind, a.level = roundValue, g.target.at(a.x)
		a.cost.add(spent)
	}
	if s.face != nil {
		keep := max(keepValue, c.ladder[len(c.results)-1].Keep)
		s.face.narrow(c, g, a.dual, a.x, len(c.kept.caps), keep*math.Abs(a.level)*g.scale)
	}
	return a, nil
}

// open makes the face at the first round; exchanges close it, since a rung
// that may give is not kept on its face.
func (s *solving) open(c *climb) {
	if len(c.rounds) == 0 {
		s.face = newFace(c.p.LP)
	}
	for _, r := range c.ladder {
		if r.Exchange != nil {
			s.face = nil
		}
	}
}

// narrow holds what a level leaves no choice about; solved is the program that a answers.
func (s *solving) narrow(c *climb, solved *goalProgram, a *answer) {
	if s.face == nil {
		return
	}
	s.face.narrow(c, solved, a.dual, a.x, -1, c.p.keepLevel()*solved.scale)
}
