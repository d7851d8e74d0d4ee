package highs

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"bremen/lp"
	"bremen/lp/conflict"
)

// infeasible looks for the proof that the solver's verdict is right, and
// without one does not repeat it. Integer programs have no such proof: for
// them the status is the solver's word.
func (in *instance) infeasible(b *job, p *lp.Problem, s *lp.Solution) error {
	s.Col, s.Row, s.RowDual, s.Reduced, s.Objective = nil, nil, nil, nil, 0
	s.Check = lp.CheckSolution(p, s)
	if integral(p) {
		s.Status = lp.Infeasible
		s.Detail = "infeasible by the solver's word: integer programs have no proof of it"
		return nil
	}
	ray, err := in.dualRay(b, p)
	if err == nil && !proves(p, ray) {
		ray, err = in.elasticRay(b, p)
	}
	if errors.Is(err, errOvertime) {
		s.Status, s.Detail = lp.Stopped, statusTimeLimit.String()
		return nil
	}
	if err != nil {
		return err
	}
	if !proves(p, ray) {
		s.Detail = "infeasible by the solver's word, but no proof of it was found"
		return nil
	}
	s.Status, s.Ray = lp.Infeasible, ray
	return nil
}

// dualRay returns the ray that the solver has or can find, nil if none.
func (in *instance) dualRay(b *job, p *lp.Problem) ([]float64, error) {
	a := in.arena()
	defer a.free()
	has, y := a.alloc(8), a.alloc(8*p.Rows())
	if a.err != nil {
		return nil, a.err
	}
	err := in.during(b, func() error { return in.do("Highs_getDualRay", has, y) })
	if in.dead != nil {
		return nil, in.dead
	}
	if err != nil || a.readInts(has, 1)[0] == 0 {
		return nil, nil
	}
	return a.readDoubles(y, p.Rows()), nil
}

// elasticRay solves the program in which every row may be missed at a price of
// one per unit. If its optimum is positive, its duals prove p infeasible.
func (in *instance) elasticRay(b *job, p *lp.Problem) ([]float64, error) {
	e := elastic(p)
	c := b.rest(in)
	c.o.Method, c.o.Basis, c.o.Extra, c.o.Ranging = lp.Simplex, nil, nil, false
	s, err := solveFresh(in.engine, in.memory, c, e)
	if err != nil {
		return nil, err
	}
	if s.Status == lp.Stopped {
		return nil, errOvertime
	}
	return s.RowDual, nil
}

// elastic returns p with rows that can be missed: columns that lift and lower
// each row at a cost of one, all other costs zero.
func elastic(p *lp.Problem) *lp.Problem {
	e := &lp.Problem{
		Cost:  make([]float64, p.Cols(), p.Cols()+2*p.Rows()),
		Lower: slices.Clone(p.Lower), Upper: slices.Clone(p.Upper),
		RowLower: p.RowLower, RowUpper: p.RowUpper,
		Start: slices.Clone(p.Start), Index: slices.Clone(p.Index), Value: slices.Clone(p.Value),
	}
	for i := range p.Rows() {
		if p.RowLower[i] > -lp.Inf {
			e.AddColumn(1, 0, lp.Inf)
			e.Entry(i, 1)
		}
		if p.RowUpper[i] < lp.Inf {
			e.AddColumn(1, 0, lp.Inf)
			e.Entry(i, -1)
		}
	}
	return e
}

// proves reports whether the weights y of rows show that p has no feasible
// point, exactly or beyond doubt by rounding.
func proves(p *lp.Problem, y []float64) bool {
	if len(y) != p.Rows() {
		return false
	}
	if lp.FarkasHolds(p, y, nil, nil) {
		return true
	}
	_, ok := conflict.Support(p, y)
	return ok
}

// endless answers when the solver says unbounded: only if there is a feasible
// point, and a direction that improves for ever and leaves no bound. Both are
// found by programs of their own, whose answers are checked like any other.
func (in *instance) endless(b *job, p *lp.Problem, s *lp.Solution) error {
	c := b.rest(in)
	c.o.Basis, c.o.Extra, c.o.Ranging, c.o.Progress = nil, nil, false, nil
	point, err := solveFresh(in.engine, in.memory, c, withoutCosts(p))
	if err != nil {
		return err
	}
	s.Status, s.Ray = lp.Unknown, point.Ray
	s.Col, s.Row, s.RowDual, s.Reduced, s.Basis = point.Col, point.Row, nil, nil, nil
	s.Check = lp.CheckSolution(p, s)
	switch point.Status {
	case lp.Infeasible, lp.Stopped:
		s.Status, s.Detail = point.Status, point.Detail
		return nil
	case lp.Unknown:
		s.Detail = fmt.Sprintf("%s by the solver's word, but no feasible point was found", s.Detail)
		return nil
	}
	s.Objective = p.Evaluate(s.Col)
	way, err := solveFresh(in.engine, in.memory, c, directions(p))
	if err != nil {
		return err
	}
	if way.Status == lp.Optimal && way.Objective < -1e-6 {
		s.Status = lp.Unbounded
		return nil
	}
	s.Detail = fmt.Sprintf("%s by the solver's word, but no unbounded direction was found", s.Detail)
	return nil
}

// costs reports whether any cost of p is not zero.
func costs(p *lp.Problem) bool {
	return slices.ContainsFunc(p.Cost, func(c float64) bool { return c != 0 })
}

// withoutCosts returns p with all costs zero.
func withoutCosts(p *lp.Problem) *lp.Problem {
	q := *p
	q.Cost, q.Offset, q.Maximise = make([]float64, p.Cols()), 0, false
	return &q
}

// directions returns the program of the best direction of p within a box: rows
// and columns may move only where p has no bound. Costs are scaled to at most 1.
func directions(p *lp.Problem) *lp.Problem {
	d := &lp.Problem{Start: p.Start, Index: p.Index, Value: p.Value}
	most := 0.0
	for _, c := range p.Cost {
		most = max(most, math.Abs(c))
	}
	free := func(lower, upper float64, far float64) (float64, float64) {
		l, u := 0.0, 0.0
		if math.IsInf(lower, -1) {
			l = -far
		}
		if math.IsInf(upper, 1) {
			u = far
		}
		return l, u
	}
	for j, c := range p.Cost {
		l, u := free(p.Lower[j], p.Upper[j], 1)
		d.Lower, d.Upper = append(d.Lower, l), append(d.Upper, u)
		d.Cost = append(d.Cost, 0)
		if most > 0 {
			d.Cost[j] = sign(p) * c / most
		}
	}
	for i := range p.Rows() {
		d.AddRow(free(p.RowLower[i], p.RowUpper[i], lp.Inf))
	}
	return d
}
