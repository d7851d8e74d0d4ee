package plan

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"

	"bremen/lp"
)

// errContradiction: what must hold cannot hold together.
var errContradiction = errors.New("what must hold cannot hold together")

// errGuess: levels taken over from an older plan cannot be attained together.
var errGuess = errors.New("the levels of the older plan cannot be attained")

// solving answers rounds with a solver.
type solving struct {
	solver  lp.Solver
	guessed bool  // some levels before were taken from an older plan
	face    *face // nil while later rungs may take back from earlier ones
}

// smallProgram is the number of nonzeros up to which programs are solved to
// vertices, which makes figures clean; larger ones stay in the interior.
const smallProgram = 40_000

// solve solves a round's program, on the face where there is one, and lifts
// the dual. The first methods that fail are followed by others.
func (s *solving) solve(ctx context.Context, c *climb, g *goalProgram, methods ...lp.Method) (*answer, error) {
	a := &answer{}
	var why string
	for try, m := range methods {
		program := g.lp
		onFace := s.face != nil && try == 0
		if onFace {
			program = s.face.on(g, &c.kept)
		}
		sol, err := s.solver.Solve(ctx, program, lp.Options{Method: m, Tolerance: tolerance(m), Progress: func(p lp.Progress) {
			c.report(Progress{Phase: p.Phase, Iterations: p.Iterations})
		}})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		a.cost.programs++
		if err != nil {
			why = err.Error()
			continue
		}
		a.cost.iterations += sol.Iterations
		a.cost.seconds += sol.Elapsed.Seconds()
		trace(g, m, onFace, sol)
		if onFace && os.Getenv("TRACE") != "" {
			nc, nr := 0, 0
			for _, b := range s.face.colBy {
				if b != 0 {
					nc++
				}
			}
			for _, b := range s.face.rowBy {
				if b != 0 {
					nr++
				}
			}
			fmt.Println("   held", nc, nr, len(s.face.rounds))
		}
		if sol.Status == lp.Unknown && rough(sol.Check) {
			sol.Status = lp.Optimal // near enough: what it proves is judged by climb.prove
		}
		switch sol.Status {
		case lp.Optimal:
			a.dual, a.x, a.onFace = sol.RowDual, sol.Col, onFace && len(s.face.rounds) > 0
			if onFace {
				a.dual = s.face.lift(g, a.dual)
			}
			for _, gv := range c.kept.gives {
				a.given = append(a.given, a.x[gv.col])
			}
			return a, nil
		case lp.Infeasible:
			if len(c.rounds) == 0 {
				return nil, errContradiction
			}
			if s.guessed {
				return nil, errGuess
			}
		case lp.Unbounded:
			return nil, fmt.Errorf("the goal has no end: %s", sol.Detail)
		}
		why = sol.Detail
		// What is kept may leave too little room for the solver's arithmetic: give it a little.
		if try == 2 {
			c.loosen(g)
			a.loosened++
		}
	}
	return nil, fmt.Errorf("no method solved the program (%s)", why)
}

// rough tells whether a point that the solver could not improve may be used:
// its plan is sound, and a wide gap only costs precision, which is judged apart.
func rough(c lp.Check) bool { return c.Primal <= 1e-6 && c.Dual <= 1e-6 && c.Gap <= 1e-4 }

// methods are tried in turn, the first on the face. Where much is kept already,
// interior points of the whole program are hard to find and a vertex is quicker.
func (s *solving) methods(c *climb) []lp.Method {
	if c.p.LP.NNZ() > smallProgram && len(c.rounds) > 3 {
		return []lp.Method{lp.Interior, lp.Exact, lp.Interior, lp.Simplex}
	}
	return []lp.Method{lp.Interior, lp.Interior, lp.Exact, lp.Interior, lp.Simplex}
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
	a, err := s.solve(ctx, c, g, s.methods(c)...)
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
	for i, e := range g.free {
		if w[i] > strongDual*top && (bound-z)/w[i] <= c.precision {
			a.fixed = append(a.fixed, e)
		}
	}
	if os.Getenv("TRACE") != "" {
		fmt.Println("   z", z, "bound", bound, "top", top, "fixed", len(a.fixed))
	}
	if len(a.fixed) > 0 && z-last >= sameLevel {
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

// wholly solves a level again without the face, which held too much for a proof.
func (s *solving) wholly(ctx context.Context, c *climb, g *goalProgram, last float64, spent cost) (*answer, error) {
	s.face = newFace(c.p.LP)
	a, err := s.level(ctx, c, g, last)
	if err == nil {
		a.cost.add(spent)
	}
	return a, err
}

func (s *solving) value(ctx context.Context, c *climb, g *goalProgram) (*answer, error) {
	s.open(c)
	methods := s.methods(c)
	if c.p.LP.NNZ() <= smallProgram {
		methods = []lp.Method{lp.Simplex, lp.Simplex, lp.Exact, lp.Interior}
	}
	a, err := s.solve(ctx, c, g, methods...)
	if err != nil {
		return nil, err
	}
	a.kind, a.level = roundValue, g.target.at(a.x)
	if _, _, check := c.prove(g, a, a.level); a.onFace && check.Gap > max(keepValue, c.ladder[len(c.results)-1].Keep) {
		spent := a.cost
		s.face = newFace(c.p.LP)
		if a, err = s.solve(ctx, c, g, methods...); err != nil {
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
	s.face.narrow(c, solved, a.dual, a.x, -1, keepLevel*solved.scale)
}

func trace(g *goalProgram, m lp.Method, onFace bool, sol *lp.Solution) {
	if os.Getenv("TRACE") != "" {
		fmt.Printf("try %s face %v %s it %d %.1fs %v %+v \n", m, onFace, sol.Detail, sol.Iterations, sol.Elapsed.Seconds(), sol.Status, sol.Check)
	}
}
