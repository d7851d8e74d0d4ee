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
func CheckSolution(p *Problem, s *Solution) Check { return stored(p).check(s) }

func (c ByColumn) check(s *Solution) Check {
	var r Check
	p := c.Problem
	if len(s.Col) == p.Cols() {
		r.Primal = c.primalResidual(s.Col)
	} else {
		r.Primal = math.MaxFloat64
	}
	if len(s.RowDual) != p.Rows() {
		r.Dual, r.Gap = math.MaxFloat64, math.MaxFloat64
		return r
	}
	dual, objective := c.dualResidual(s.RowDual)
	r.Dual = dual
	if len(s.Col) != p.Cols() {
		r.Gap = math.MaxFloat64
		return r
	}
	primal := p.Evaluate(s.Col)
	r.Gap = worse(0, math.Abs(primal-objective)/(1+math.Abs(primal)+math.Abs(objective)))
	return r
}

// Activity returns A·x, one figure per row, each rounded once from a
// compensated sum. x has one value per column.
func (p *Problem) Activity(x []float64) []float64 {
	out := make([]float64, p.Rows())
	for i, s := range stored(p).activity(x) {
		out[i] = s.value()
	}
	return out
}

func (c ByColumn) activity(x []float64) []sum {
	rowSums := make([]sum, c.Problem.Rows())
	read := c.Reader()
	for j, xj := range x[:c.Problem.Cols()] {
		if xj == 0 {
			continue
		}
		rows, values := read(j)
		for k, i := range rows {
			rowSums[i].addProduct(values[k], xj)
		}
	}
	return rowSums
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

func (c ByColumn) primalResidual(x []float64) float64 {
	p, r := c.Problem, 0.0
	for j, v := range x {
		r = worse(r, outside(v, p.Lower[j], p.Upper[j]))
		if p.Integer != nil && p.Integer[j] {
			r = worse(r, math.Abs(v-math.RoundToEven(v)))
		}
	}
	for i, s := range c.activity(x) {
		r = worse(r, outside(s.value(), p.RowLower[i], p.RowUpper[i]))
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
func (c ByColumn) dualResidual(y []float64) (residual, objective float64) {
	p := c.Problem
	sign := p.sign()
	residuals, totals := make([]float64, c.parts()), make([]sum, c.parts())
	totals[0] = sum{hi: p.Offset}
	for i, yi := range y {
		residuals[0] = dualAt(sign, yi, yi, 0, p.RowLower[i], p.RowUpper[i], residuals[0], &totals[0])
	}
	c.each(func(part, lo, hi int, read func(int) ([]int32, []float64)) {
		r, total := residuals[part], totals[part]
		for j := lo; j < hi; j++ {
			rows, values := read(j)
			d, size := reducedCost(p.Cost[j], rows, values, y)
			if d != d {
				r = math.MaxFloat64
				continue
			}
			r = dualAt(sign, d, d/(1+math.Abs(p.Cost[j])), 0x1p-50*size, p.Lower[j], p.Upper[j], r, &total)
		}
		residuals[part], totals[part] = r, total
	})
	for k := range totals[1:] {
		residuals[0] = worse(residuals[0], residuals[k+1])
		totals[0].lo += totals[k+1].lo
		totals[0].add(totals[k+1].hi)
	}
	return residuals[0], totals[0].value()
}

// dualAt adds a dual d at the bound that it calls for to total, if it is larger
// than tiny; where that bound is infinite it returns the worse of r and relative.
func dualAt(sign, d, relative, tiny, lower, upper, r float64, total *sum) float64 {
	bound := wanted(sign*d, lower, upper)
	switch {
	case d == 0:
	case math.IsInf(bound, 0):
		return worse(r, math.Abs(relative))
	case !(math.Abs(d) <= tiny):
		total.addProduct(d, bound)
	}
	return r
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

// reducedCost returns c − Aᵀy of a column and the sum of its terms' magnitudes.
func reducedCost(c float64, rows []int32, values, y []float64) (d, size float64) {
	s := sum{hi: c}
	size = math.Abs(c)
	for k, i := range rows {
		s.addProduct(-values[k], y[i])
		size += math.Abs(float64(values[k] * y[i]))
	}
	return s.value(), size
}
