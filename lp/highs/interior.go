package highs

import "bremen/lp"

// plain repeats an interior point solve without presolve. Three faults of
// HiGHS 1.15.3 make that necessary, and this is the way round them:
//
//   - putting back what presolve took out goes wrong now and then for points
//     that are no vertex (its issue 2306): duals of the wrong sign, or, in
//     Netlib's ganges, a row missed by half;
//   - without presolve, IPX fails on columns whose bounds are equal (280);
//   - without presolve, the solver mixes up rows where some have no bounds.
//
// So fixed columns and rows without bounds are taken out first. plain returns
// the better of what it was given and what it found, and the former where the
// caller has decided about presolve.
func (in *instance) plain(b *job, p *lp.Problem, s *lp.Solution) (*lp.Solution, error) {
	if s.Check.Within(slack*tolerance(b.o)) || b.o.Presolve != nil {
		return s, nil
	}
	c, off := b.rest(in), false
	c.o.Presolve = &off
	t, _, err := in.unpresolved(c, p, lp.Interior)
	if err != nil {
		return nil, err
	}
	t.Check = lp.CheckSolution(p, t)
	t.Iterations += s.Iterations
	if worst(t.Check) < worst(s.Check) {
		return t, nil
	}
	return s, nil
}

// unpresolved solves p by an interior point method without presolve, without
// its fixed columns and rows without bounds, in an instance of its own.
func (in *instance) unpresolved(b *job, p *lp.Problem, m lp.Method) (*lp.Solution, modelStatus, error) {
	r := reduce(p)
	other, err := newInstance(in.engine, in.memory)
	if err != nil {
		return nil, 0, err
	}
	defer other.close()
	if err := other.pass(&r.part); err != nil {
		return nil, 0, err
	}
	s, verdict, err := other.attempt(b, &r.part, m)
	if err != nil {
		return nil, 0, err
	}
	r.restore(s)
	return s, verdict, nil
}

// reduction is a program without its fixed columns and its rows without bounds.
type reduction struct {
	whole, part lp.Problem
	rows, cols  []int // numbers in the whole program
}

func reduce(p *lp.Problem) *reduction {
	r := &reduction{whole: *p, part: lp.Problem{Maximise: p.Maximise, Offset: p.Offset}}
	fixed := make([]float64, p.Cols())
	for j := range fixed {
		if p.Lower[j] == p.Upper[j] {
			fixed[j] = p.Lower[j]
			r.part.Offset += float64(p.Cost[j] * fixed[j])
		}
	}
	at := make([]int32, p.Rows())
	for i, v := range p.Activity(fixed) {
		at[i] = -1
		if l, u := p.RowLower[i], p.RowUpper[i]; l > -lp.Inf || u < lp.Inf {
			at[i] = int32(r.part.AddRow(l-v, u-v))
			r.rows = append(r.rows, i)
		}
	}
	for j := range fixed {
		if p.Lower[j] == p.Upper[j] {
			continue
		}
		r.part.AddColumn(p.Cost[j], p.Lower[j], p.Upper[j])
		r.cols = append(r.cols, j)
		rows, values := p.Column(j)
		for k, i := range rows {
			if at[i] >= 0 {
				r.part.Entry(int(at[i]), values[k])
			}
		}
	}
	return r
}

// restore turns a solution of the part into one of the whole.
func (r *reduction) restore(s *lp.Solution) {
	p := &r.whole
	if s.Col != nil {
		x := append([]float64(nil), p.Lower...)
		for k, j := range r.cols {
			x[j] = s.Col[k]
		}
		s.Col, s.Row, s.Objective = x, p.Activity(x), p.Evaluate(x)
	}
	if s.RowDual != nil {
		y := make([]float64, p.Rows())
		for k, i := range r.rows {
			y[i] = s.RowDual[k]
		}
		s.RowDual, s.Reduced = y, reducedCosts(p, y)
	}
}

// reducedCosts returns c − Aᵀy.
func reducedCosts(p *lp.Problem, y []float64) []float64 {
	d := make([]float64, p.Cols())
	for j := range d {
		d[j] = p.Cost[j]
		rows, values := p.Column(j)
		for k, i := range rows {
			d[j] -= float64(values[k] * y[i])
		}
	}
	return d
}

// trivial solves a program without columns, which HiGHS calls empty whatever
// its rows want; nil if p has columns.
func trivial(p *lp.Problem, o lp.Options) *lp.Solution {
	if p.Cols() > 0 {
		return nil
	}
	s := &lp.Solution{Status: lp.Optimal, Method: lp.Simplex, Objective: p.Offset, Detail: "no columns", Col: []float64{}, Reduced: []float64{}}
	s.Row, s.RowDual = make([]float64, p.Rows()), make([]float64, p.Rows())
	s.Basis = &lp.Basis{Cols: []lp.BasisStatus{}, Rows: make([]lp.BasisStatus, p.Rows())}
	for i := range p.Rows() {
		s.Basis.Rows[i] = lp.Basic
		if s.Status == lp.Optimal && max(above(p.RowLower[i]), above(-p.RowUpper[i])) > tolerance(o) {
			s.Status, s.Ray = lp.Infeasible, make([]float64, p.Rows())
			s.Ray[i] = 1
		}
	}
	if s.Status == lp.Infeasible {
		s.Col, s.Row, s.RowDual, s.Reduced, s.Basis = nil, nil, nil, nil, nil
	}
	s.Check = lp.CheckSolution(p, s)
	return s
}

// above returns by how much zero misses a lower bound, relative to 1 + |bound|.
func above(bound float64) float64 {
	if bound <= 0 {
		return 0
	}
	return bound / (1 + bound)
}
