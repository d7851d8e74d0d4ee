package pdhg

import (
	"math"

	"bremen/lp"
	"bremen/lp/block"
)

// gauge measures points of a program in the measures of lp.Check. Sums are
// added up as the passes come and not compensated: good enough to steer by;
// what is answered is checked again.
type gauge struct {
	op      operator
	stated  *block.Problem
	scaled  *block.Problem
	scaling scaling
	sums    []tally // per part
}

// tally is what passes over rows and columns add up to.
type tally struct {
	primal, dual float64 // residuals
	cost, worth  float64 // objectives of x and of y
	_            [4]uint64
}

func newGauge(op operator, stated, scaled *block.Problem, s scaling) *gauge {
	return &gauge{op: op, stated: stated, scaled: scaled, scaling: s, sums: make([]tally, op.parts())}
}

// rows passes over the rows: the residual of x, and what y is worth there.
func (m *gauge) rows(x, y []float64) tally {
	clear(m.sums)
	m.op.eachRow(x, func(part, first int, g []float64) {
		f := &m.sums[part]
		for k, a := range g {
			i := first + k
			f.primal = max(f.primal, outside(a/m.scaling.row[i], m.stated.RowLower[i], m.stated.RowUpper[i]))
			if y[i] > 0 {
				f.worth += float64(y[i] * m.scaled.RowLower[i])
			} else if y[i] < 0 {
				f.worth += float64(y[i] * m.scaled.RowUpper[i])
			}
		}
	})
	return m.total()
}

// cols passes over the columns: the residual of y and what its reduced costs are worth, and the cost of x.
func (m *gauge) cols(x, y []float64) tally {
	clear(m.sums)
	m.op.eachCol(y, func(part, first int, g []float64) {
		f := &m.sums[part]
		for k, a := range g {
			j := first + k
			cost := m.scaled.Cost[j]
			d := cost - a
			bound := m.scaled.Lower[j]
			if d < 0 {
				bound = m.scaled.Upper[j]
			}
			if math.IsInf(bound, 0) {
				f.dual = max(f.dual, math.Abs(d/m.scaling.col[j])/(1+math.Abs(m.stated.Cost[j])))
			} else {
				f.worth += float64(d * bound)
			}
			f.cost += float64(cost * x[j])
		}
	})
	return m.total()
}

// ray passes over the columns with weights of rows and no costs: what the
// weighted rows want more than the columns can give, and how much of it hangs
// on bounds that are not there.
func (m *gauge) ray(y []float64) (worth, broken float64) {
	clear(m.sums)
	for i, v := range y {
		if v > 0 {
			worth += float64(v * m.scaled.RowLower[i])
		} else if v < 0 {
			worth += float64(v * m.scaled.RowUpper[i])
		}
	}
	m.op.eachCol(y, func(part, first int, g []float64) {
		f := &m.sums[part]
		for k, a := range g {
			bound := m.scaled.Upper[first+k]
			if a < 0 {
				bound = m.scaled.Lower[first+k]
			}
			if math.IsInf(bound, 0) {
				f.dual = max(f.dual, math.Abs(a))
			} else {
				f.worth -= float64(a * bound)
			}
		}
	})
	t := m.total()
	return worth + t.worth, t.dual
}

func (m *gauge) total() (t tally) {
	for _, f := range m.sums {
		t.primal, t.dual = max(t.primal, f.primal), max(t.dual, f.dual)
		t.cost += f.cost
		t.worth += f.worth
	}
	return t
}

// check returns the residuals of a point and its objective as stated.
func (m *gauge) check(x, y []float64) (lp.Check, float64) {
	r, c := m.rows(x, y), m.cols(x, y)
	sign := 1.0
	if m.stated.Maximise {
		sign = -1
	}
	cost, worth := c.cost+sign*m.stated.Offset, r.worth+c.worth+sign*m.stated.Offset
	return lp.Check{
		Primal: r.primal, Dual: c.dual,
		Gap: math.Abs(cost-worth) / (1 + math.Abs(cost) + math.Abs(worth)),
	}, sign * cost
}

// outside returns by how much v misses the interval, relative to 1 + |bound|.
func outside(v, lower, upper float64) float64 {
	switch {
	case v < lower:
		return (lower - v) / (1 + math.Abs(lower))
	case v > upper:
		return (v - upper) / (1 + math.Abs(upper))
	}
	return 0
}
