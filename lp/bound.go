package lp

import (
	"math"
	"slices"
)

// Bound is a bound on the optimal objective of a program that holds in exact
// arithmetic, whatever the vector it came from.
type Bound struct {
	// Value bounds the objective as stated, offset included: from below when
	// minimising (−Inf if nothing is known), from above when maximising (Inf).
	Value float64
	// Unbounded lists, ascending, the columns that made Value infinite: their
	// reduced cost calls, or for rounding may call, for a bound that is
	// infinite. Empty with an infinite Value means overflow.
	Unbounded []int
}

// SafeBound returns the bound on the optimal objective of p that the row duals
// y + rest prove, with all rounding taken against itself. y may be any vector
// with one value per row, in the signs of Solution.RowDual; it need not be feasible
// for the dual. rest is nil, or what figures of y leave out, see
// Solution.RowDualRest; a figure of it that is not smaller than that of y counts as
// zero. Where y is of the wrong sign for a one-sided row, is infinite or NaN, so do both.
//
// lower and upper are bounds that every feasible point meets, at least as
// tight as p's own; nil stands for those of p. A column whose reduced cost is
// not exactly zero needs the bound on its side to be finite, so for a finite
// Value pass ImpliedBounds. If p has no feasible point, any Value is right.
//
// The cost is one pass over the entries of p. Integer columns are relaxed.
//
// Source: Neumaier, Shcherbina (2004), "Safe bounds in linear and mixed-integer
// linear programming", Math. Program. 99, section 3. Instead of switching the
// rounding mode, sums carry bounds on their own error.
func SafeBound(p *Problem, y, rest, lower, upper []float64) Bound {
	return stored(p).SafeBound(y, rest, lower, upper)
}

// FarkasHolds reports whether ray proves in exact arithmetic that p has no
// feasible point: rows weighed by it, or by its negative, would have to add up
// to more than any x within the column bounds can give. It is true only if so;
// false says nothing. Weights that call for an infinite row bound count as zero.
//
// lower and upper are as for SafeBound; nil stands for p's own bounds. Integer
// columns are relaxed.
func FarkasHolds(p *Problem, ray, lower, upper []float64) bool {
	return stored(p).FarkasHolds(ray, lower, upper)
}

// FarkasHolds is FarkasHolds for such a program.
func (c ByColumn) FarkasHolds(ray, lower, upper []float64) bool {
	return c.safeBound(nil, 1, ray, nil, lower, upper).Value > 0 || c.safeBound(nil, -1, ray, nil, lower, upper).Value > 0
}

// safeBound bounds sign·(cost·x + offset) from below, given duals y + rest that are
// multiplied by sign too. A nil cost is zero, and then so is the offset.
//
// For feasible x and clipped y, with r = cost − Aᵀy enclosed in an interval:
//
//	cost·x  =  y·Ax + r·x  ≥  Σ min y·[rowLower, rowUpper] + Σ min r·[lower, upper].
func (c ByColumn) safeBound(cost []float64, sign float64, y, rest, lower, upper []float64) Bound {
	p := c.Problem
	if lower == nil {
		lower = p.Lower
	}
	if upper == nil {
		upper = p.Upper
	}
	totals, unbounded := make([]enclosure, c.parts()), make([][]int, c.parts())
	if cost != nil {
		totals[0].add(sign * p.Offset)
	}
	z, fine := p.safeDuals(sign, y, rest, &totals[0])
	c.each(func(part, from, to int, read func(int) ([]int32, []float64)) {
		total := totals[part]
		for j := from; j < to; j++ {
			var r enclosure
			if cost != nil {
				r.add(sign * cost[j])
			}
			rows, values := read(j)
			for k, i := range rows {
				if z[i] != 0 {
					r.addProduct(-values[k], z[i])
				}
				if fine != nil && fine[i] != 0 {
					r.addProduct(-values[k], fine[i])
				}
			}
			if !total.addLeast(&r, lower[j], upper[j]) {
				unbounded[part] = append(unbounded[part], j)
			}
		}
		totals[part] = total
	})
	for k := range totals[1:] {
		totals[0].addSum(&totals[k+1])
	}
	b := Bound{Unbounded: slices.Concat(unbounded...)}
	b.Value, _ = totals[0].bounds()
	if b.Unbounded != nil {
		b.Value = -Inf
	}
	return b
}

// safeDuals returns what counts of the duals and of their rest (nil without
// one), times sign, and adds what the rows contribute to total.
func (p *Problem) safeDuals(sign float64, y, rest []float64, total *enclosure) (z, fine []float64) {
	z = make([]float64, p.Rows())
	if rest != nil {
		fine = make([]float64, p.Rows())
	}
	for i := range z {
		zi := sign * y[i]
		bound := wanted(zi, p.RowLower[i], p.RowUpper[i])
		if zi-zi != 0 || math.IsInf(bound, 0) {
			continue
		}
		z[i] = zi
		total.addProduct(zi, bound)
		if rest != nil && math.Abs(rest[i]) < math.Abs(zi) {
			fine[i] = sign * rest[i]
			total.addProduct(fine[i], bound)
		}
	}
	return z, fine
}

// addLeast adds a number no larger than r·x for x in [xl, xh], and reports
// whether there is one. Where the sign of r is certain, nothing of r is rounded: the
// last place of a large r, times x, may be more than all else that is uncertain.
func (s *enclosure) addLeast(r *enclosure, xl, xh float64) bool {
	rl, rh := r.bounds()
	x := xl
	switch {
	case rl > 0:
	case rh < 0:
		x = xh
	default:
		return s.addInterval(rl, rh, xl, xh)
	}
	if !s.addFinite(r.hi, x) || !s.addFinite(r.lo, x) {
		return false
	}
	if e := r.error(); e > 0 {
		s.add(-up(e * math.Abs(x)))
	}
	return true
}

// addInterval adds a number no larger than r·x for any r in [rl, rh] and x in
// [xl, xh], and reports whether there is one.
func (s *enclosure) addInterval(rl, rh, xl, xh float64) bool {
	if rh > 0 { // some r pulls x down to xl
		r := rh
		if xl >= 0 {
			r = math.Max(rl, 0)
		}
		if r > 0 && !s.addFinite(r, xl) {
			return false
		}
	}
	if rl < 0 { // some r pulls x up to xh
		r := rl
		if xh <= 0 {
			r = math.Min(rh, 0)
		}
		if r < 0 && !s.addFinite(r, xh) {
			return false
		}
	}
	return true
}

// addFinite adds r·x, unless it is infinite or x is.
func (s *enclosure) addFinite(r, x float64) bool {
	if math.IsInf(r, 0) || math.IsInf(x, 0) {
		return false
	}
	s.addProduct(r, x)
	return true
}
