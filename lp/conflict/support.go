package conflict

import (
	"math"

	"bremen/lp"
)

// Member is one bound of a program: the lower or the upper bound of a row or
// of a column. An equation is two members.
type Member struct {
	Column bool // of a column; else of a row
	Index  int
	Upper  bool
}

// Bound returns the figure that m stands for in p, infinite where there is none.
func (m Member) Bound(p *lp.Problem) float64 {
	switch {
	case m.Column && m.Upper:
		return p.Upper[m.Index]
	case m.Column:
		return p.Lower[m.Index]
	case m.Upper:
		return p.RowUpper[m.Index]
	}
	return p.RowLower[m.Index]
}

// Name returns "row <name> ≥", "column <name> ≤" and the like.
func (m Member) Name(p *lp.Problem) string {
	side := " ≥"
	if m.Upper {
		side = " ≤"
	}
	if m.Column {
		return "column " + p.NameOfCol(m.Index) + side
	}
	return "row " + p.NameOfRow(m.Index) + side
}

const (
	// certain is the least share by which every bound in a proof of
	// infeasibility would have to give way before the proof failed. It is far
	// below what solvers call feasible and far above rounding errors.
	certain = 1e-9
	// dust is the share of its largest weight, or of the terms it is the sum
	// of, below which a weight counts as zero.
	weightDust = 1e-12
	sumDust    = 1e-9
)

// Support returns the bounds that a proof of infeasibility by the weights y of
// rows rests on, and whether it holds. With z = Aᵀy, the least that the rows
// allow Σ y·row to be must exceed the most that the columns allow Σ z·x to be,
// and still do so when every bound gives way by 1e-9·(1 + |bound|). Both y and
// its negative are tried. Members are rows before columns, by number.
//
// Unlike lp.FarkasHolds this is floating-point arithmetic: weights that are
// zero but for rounding count as zero, so that infinite bounds do no harm.
func Support(p *lp.Problem, y []float64) ([]Member, bool) {
	if len(y) != p.Rows() {
		return nil, false
	}
	for _, sign := range []float64{1, -1} {
		pr := proof{p: p, clean: make([]float64, len(y))}
		pr.rows(y, sign)
		if pr.columns() && pr.margin > certain*pr.give {
			return pr.members, true
		}
	}
	return nil, false
}

// proof adds up what the weights of rows prove.
type proof struct {
	p       *lp.Problem
	clean   []float64 // weights, the largest 1, those that prove nothing 0
	members []Member
	margin  float64 // least of the rows less most of the columns
	give    float64 // by how much margin falls when every bound gives way by 1 + |bound|
}

func (r *proof) rows(y []float64, sign float64) {
	biggest := 0.0
	for _, v := range y {
		biggest = max(biggest, math.Abs(v))
	}
	for i, v := range y {
		m := Member{Index: i, Upper: sign*v < 0}
		bound := m.Bound(r.p)
		if math.Abs(v) <= weightDust*biggest || math.IsInf(bound, 0) {
			continue
		}
		r.clean[i] = sign * v / biggest
		r.margin += float64(r.clean[i] * bound)
		r.give += float64(math.Abs(r.clean[i]) * (1 + math.Abs(bound)))
		r.members = append(r.members, m)
	}
}

// columns returns false if a column has no bound where the proof needs one.
func (r *proof) columns() bool {
	for j := range r.p.Cols() {
		z, size := 0.0, 0.0
		rows, values := r.p.Column(j)
		for k, i := range rows {
			t := float64(values[k] * r.clean[i])
			z += t
			size += math.Abs(t)
		}
		if math.Abs(z) <= sumDust*size {
			continue
		}
		m := Member{Column: true, Index: j, Upper: z > 0}
		bound := m.Bound(r.p)
		if math.IsInf(bound, 0) {
			return false
		}
		r.margin -= float64(z * bound)
		r.give += float64(math.Abs(z) * (1 + math.Abs(bound)))
		r.members = append(r.members, m)
	}
	return true
}
