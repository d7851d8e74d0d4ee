package ladder

import (
	"cmp"
	"fmt"
	"slices"

	"bremen/lp/block"
	"bremen/network/economy"
)

// audit goes through the steps of a plan again: states each program, works out
// its level from the plan and its bound from the duals, and keeps what was fixed.
type audit struct {
	*standing
	p  *block.Problem
	ix *economy.Index
	x  []float64 // the plan, as a point of the programs
	at int       // rung, from 1

	scarce     []economy.Scarcity
	scarceStep int
	steps      int
	plan       *economy.Plan
}

func newAudit(e *economy.Economy, p *block.Problem, ix *economy.Index, col []float64) *audit {
	a := &audit{standing: newStanding(e, p, ix), p: p, ix: ix, scarce: []economy.Scarcity{}}
	a.x = make([]float64, a.q.Cols())
	copy(a.x, col)
	a.plan = ix.Read(e, p, col)
	return a
}

// step works out a step's Free, Level, Bound and Fixed. It returns what is wrong with it.
func (a *audit) step(s *Step, duals []float64, fixings []Fixing) (wrong []string) {
	fail := func(format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("step %d: ", a.steps+1)+fmt.Sprintf(format, args...))
	}
	rungs := len(a.goals.Rungs)
	if s.Rung < max(a.at, 1) || s.Rung > rungs+1 || (s.Rung > rungs) != (s.Kind == Labour) || s.Kind != Level && s.Kind != Settle && s.Kind != Labour {
		fail("it is %q of rung %d after rung %d, expected the steps of %d rungs in their order, then labour", s.Kind, s.Rung, a.at, rungs)
		return wrong
	}
	for a.at < s.Rung {
		if n := a.count(); n > 0 {
			fail("rung %d has left %d needs that are not fixed", a.at, n)
		}
		if a.at++; a.at <= rungs {
			a.begin(a.at)
		}
	}
	s.Free, s.Fixed = a.count(), len(fixings)
	one := a.ask(s)
	a.extend(a.x)
	s.Level = figure(s.Kind, a.q.objective(a.x), one)
	s.Bound = figure(s.Kind, block.SafeBound(a.q.Problem, duals).Value, one)
	if s.Kind == Level && len(fixings) == 0 && a.scarceStep == 0 { // where all reach their heights, they are fixed
		a.explain(duals, one)
	}
	for _, f := range fixings {
		if err := a.fix(s, f); err != nil {
			fail("%v", err)
		}
	}
	a.steps++
	return wrong
}

// count is how many elements are free.
func (a *audit) count() int {
	n := 0
	for _, is := range a.free {
		if is {
			n++
		}
	}
	return n
}

// fix fixes an element as the plan says it was, and says what is wrong with that: that it was not free, that the plan
// does not keep it, or that it was fixed so far above the worst-served that others should have come first.
func (a *audit) fix(s *Step, f Fixing) error {
	level, window := s.Above, s.Window
	switch s.Kind {
	case Level:
		level, window = min(s.Level, full), 1
	case Labour:
		return fmt.Errorf("%v is fixed by the least labour, expected nothing", named(a.e, f.Element))
	}
	switch e := f.Element; {
	case !a.free[e]:
		return fmt.Errorf("%v is fixed and was not free", named(a.e, e))
	case !(f.Floor >= a.kept(e, level)-rounding):
		return fmt.Errorf("%v is kept at %v, expected at least %v", named(a.e, e), f.Floor, a.kept(e, level))
	case !(f.Floor <= a.top(e, level, window)+rounding):
		return fmt.Errorf("%v is kept at %v, above the window that ends at %v", named(a.e, e), f.Floor, a.top(e, level, window))
	case !(f.Floor <= a.satisfaction(a.x, e)+hair/a.demand[e]+rounding):
		return fmt.Errorf("%v is kept at %v and served %v", named(a.e, e), f.Floor, a.satisfaction(a.x, e))
	}
	a.floor[f.Element], a.free[f.Element] = f.Floor, false
	return nil
}

// rounding is by how much floors may be off.
const rounding = 1e-9

// explain tells what is scarce at a level.
func (a *audit) explain(duals []float64, one float64) {
	a.scarceStep = a.steps + 1
	a.scarce = a.ix.Summarise(a.e, a.q.Problem, a.plan, duals, one).Scarce
	for k := range a.scarce {
		a.scarce[k].Price /= one
	}
	if a.scarce == nil {
		a.scarce = []economy.Scarcity{}
	}
}

// summary tells what the plan is, but for its steps.
func (a *audit) summary(plan *economy.Plan) *Summary {
	s := &Summary{
		Goal: goal, Economy: a.e.ID, Ladder: goals(a.e), Unit: a.ix.Unit, Broken: block.Check(a.p, a.x[:a.p.Cols()], nil).Primal,
		Rows: a.q.Rows(), Columns: a.q.Cols(), Coefficients: a.q.NNZ(), Worst: []Need{},
		Satisfactions: a.ix.Summarise(a.e, a.p, plan, make([]float64, a.p.Rows()), 0).Satisfactions,
	}
	for e, d := range a.demand {
		if v := a.e.Satisfaction(plan, e/a.e.Blocks(), e%a.e.Blocks()); d > 0 && v < full {
			n := named(a.e, e)
			n.Satisfaction = v
			s.Worst = append(s.Worst, n)
		}
	}
	slices.SortStableFunc(s.Worst, func(x, y Need) int { return cmp.Compare(x.Satisfaction, y.Satisfaction) })
	s.Worst = s.Worst[:min(len(s.Worst), worstListed)]
	return s
}

// goal is what plan.json says of a plan by a ladder.
const goal = "ladder"
