package lp

import "math"

// Check holds the residuals of a point against the optimality (KKT)
// conditions of a problem, computed by this package and no solver, with
// compensated summation. Every figure is relative: primal residuals to
// 1 + |bound|, dual residuals to 1 + |cost|, the gap to 1 + |primal| + |dual|.
//
// A figure that cannot be had, because a vector is missing or holds NaN, is
// math.MaxFloat64: larger than any tolerance, and still a number in JSON.
type Check struct {
	Primal float64 `json:"primal"` // largest violation of a row or column bound
	Dual   float64 `json:"dual"`   // largest violation of a dual sign, given the bounds that exist
	Gap    float64 `json:"gap"`    // |primal objective − dual objective|
}

// Within reports whether every residual is at most tolerance.
func (c Check) Within(tolerance float64) bool {
	return c.Primal <= tolerance && c.Dual <= tolerance && c.Gap <= tolerance
}

// CheckSolution computes the residuals of s against the optimality conditions
// of p. Of s it reads Col and RowDual only: row activities and reduced costs
// are recomputed, so nothing the solver claims about them is believed. It
// changes neither argument; its result depends on their numbers alone and is
// the same on every machine.
//
// Primal is the largest violation of a row or column bound and, of integer
// columns, the distance to the nearest whole number.
//
// Dual is the largest reduced cost c − Aᵀ·RowDual, or dual of a row, whose
// sign calls for a bound that is infinite. Rows have no cost; their residual
// is absolute.
//
// Gap compares c·x with the dual objective, in which each dual stands at the
// bound that its sign calls for (at nothing where that bound is infinite: Dual
// tells of it). A reduced cost within a few roundings of zero, |d| ≤ 2⁻⁵⁰ of
// the sum of its terms' magnitudes, counts as zero there, for no double
// precision vector could make it smaller and a distant bound would blow it up.
// A gap that holds in spite of all rounding is what SafeBound is for.
//
// The duals of an integer program, if it has any, are checked as those of its
// relaxation; without RowDual, Dual and Gap are math.MaxFloat64.
func CheckSolution(p *Problem, s *Solution) Check {
	var c Check
	if len(s.Col) == p.Cols() {
		c.Primal = primalResidual(p, s.Col)
	} else {
		c.Primal = math.MaxFloat64
	}
	if len(s.RowDual) != p.Rows() {
		c.Dual, c.Gap = math.MaxFloat64, math.MaxFloat64
		return c
	}
	dual, objective := dualResidual(p, s.RowDual)
	c.Dual = dual
	if len(s.Col) != p.Cols() {
		c.Gap = math.MaxFloat64
		return c
	}
	primal := p.Evaluate(s.Col)
	c.Gap = worse(0, math.Abs(primal-objective)/(1+math.Abs(primal)+math.Abs(objective)))
	return c
}

// Activity returns A·x, one figure per row, each rounded once from a
// compensated sum. x has one value per column.
func (p *Problem) Activity(x []float64) []float64 {
	hi := make([]float64, p.Rows())
	lo := make([]float64, p.Rows())
	for j, xj := range x[:p.Cols()] {
		if xj == 0 {
			continue
		}
		rows, values := p.Column(j)
		for k, i := range rows {
			s := sum{hi[i], lo[i]}
			s.addProduct(values[k], xj)
			hi[i], lo[i] = s.hi, s.lo
		}
	}
	for i := range hi {
		s := sum{hi[i], lo[i]}
		hi[i] = s.value()
	}
	return hi
}

// Evaluate returns the objective at x, offset included, rounded once from a
// compensated sum.
func (p *Problem) Evaluate(x []float64) float64 {
	s := sum{hi: p.Offset}
	for j, c := range p.Cost {
		if c != 0 {
			s.addProduct(c, x[j])
		}
	}
	return s.value()
}

// worse returns the larger of two residuals; NaN and infinity count as MaxFloat64.
func worse(a, b float64) float64 {
	switch {
	case b <= a:
		return a
	case b <= math.MaxFloat64:
		return b
	}
	return math.MaxFloat64
}

func primalResidual(p *Problem, x []float64) float64 {
	r := 0.0
	for j, v := range x {
		r = worse(r, outside(v, p.Lower[j], p.Upper[j]))
		if p.Integer != nil && p.Integer[j] {
			r = worse(r, math.Abs(v-math.RoundToEven(v)))
		}
	}
	for i, v := range p.Activity(x) {
		r = worse(r, outside(v, p.RowLower[i], p.RowUpper[i]))
	}
	return r
}

// outside returns by how much v misses the interval, relative to 1 + |bound|.
func outside(v, lower, upper float64) float64 {
	switch {
	case v < lower:
		return (lower - v) / (1 + math.Abs(lower))
	case v > upper:
		return (v - upper) / (1 + math.Abs(upper))
	case v-v != 0: // infinite or NaN: no point at all
		return math.MaxFloat64
	}
	return 0
}

// dualResidual returns the largest violation of a dual sign and the dual
// objective as stated, offset included.
func dualResidual(p *Problem, y []float64) (residual, objective float64) {
	sign := p.sign()
	total := sum{hi: p.Offset}
	for i, yi := range y {
		bound := wanted(sign*yi, p.RowLower[i], p.RowUpper[i])
		switch {
		case yi == 0:
		case math.IsInf(bound, 0):
			residual = worse(residual, math.Abs(yi))
		default:
			total.addProduct(yi, bound)
		}
	}
	for j, c := range p.Cost {
		d, size := p.reducedCost(j, y)
		bound := wanted(sign*d, p.Lower[j], p.Upper[j])
		switch {
		case d == 0:
		case math.IsInf(bound, 0):
			residual = worse(residual, math.Abs(d)/(1+math.Abs(c)))
		case math.Abs(d) > 0x1p-50*size:
			total.addProduct(d, bound)
		}
		if d != d {
			residual = math.MaxFloat64
		}
	}
	return residual, total.value()
}

// sign is 1 when p is minimised and −1 when it is maximised: times it, duals
// and reduced costs have the signs of a minimisation.
func (p *Problem) sign() float64 {
	if p.Maximise {
		return -1
	}
	return 1
}

// wanted returns the bound at which a dual d of a minimisation holds its row
// or column: the lower one when positive, else the upper one.
func wanted(d, lower, upper float64) float64 {
	if d > 0 {
		return lower
	}
	return upper
}

// ReducedCost returns c − A_jᵀ(y + rest) of column j, rounded once from a compensated sum.
func (p *Problem) ReducedCost(j int, c float64, y, rest []float64) float64 {
	s := sum{hi: c}
	rows, values := p.Column(j)
	for k, i := range rows {
		s.addProduct(-values[k], y[i])
		s.addProduct(-values[k], rest[i])
	}
	return s.value()
}

// reducedCost returns c − Aᵀy of column j and the sum of its terms' magnitudes.
func (p *Problem) reducedCost(j int, y []float64) (d, size float64) {
	s := sum{hi: p.Cost[j]}
	size = math.Abs(p.Cost[j])
	rows, values := p.Column(j)
	for k, i := range rows {
		s.addProduct(-values[k], y[i])
		size += math.Abs(float64(values[k] * y[i]))
	}
	return s.value(), size
}
