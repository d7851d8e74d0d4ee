package lp

import (
	"math"
	"slices"
)

// ImpliedBounds is ImpliedBounds for such a program, by rounds: in each, all
// columns are bounded by what the bounds of the round before leave of their
// rows. A chain of k rows takes k rounds; there are as many as it takes to
// make every bound finite, and one more, but at most 32.
func (c ByColumn) ImpliedBounds() (lower, upper []float64) {
	r := &rounds{ByColumn: c, lower: slices.Clone(c.Problem.Lower), upper: slices.Clone(c.Problem.Upper)}
	for endless := -1; ; {
		changed := r.round()
		before := endless
		endless = r.endless()
		r.count++
		if !changed || before == 0 || r.count == mostRounds {
			return r.lower, r.upper
		}
	}
}

const mostRounds = 32

// rounds is the state of ByColumn.ImpliedBounds.
type rounds struct {
	ByColumn
	lower, upper []float64
	count        int
	rows         []rowSum
}

// rowSum is what a row comes to at the least and at the greatest.
type rowSum struct {
	least, greatest        float64 // without what is endless
	size                   float64 // sum of the magnitudes of what was added to either
	endlessMin, endlessMax int32
	n                      int32
}

func (r *rounds) endless() int {
	n := 0
	for j := range r.lower {
		if math.IsInf(r.lower[j], -1) || math.IsInf(r.upper[j], 1) {
			n++
		}
	}
	return n
}

// contribution returns between what a·x lies; a is not 0.
func contribution(a, lower, upper float64) (least, greatest float64) {
	if a > 0 {
		return float64(a * lower), float64(a * upper)
	}
	return float64(a * upper), float64(a * lower)
}

func (r *rounds) addUp() {
	r.rows = make([]rowSum, r.Problem.Rows())
	read := r.Reader()
	for j := range r.lower {
		rows, values := read(j)
		for k, i := range rows {
			if values[k] == 0 {
				continue
			}
			s := &r.rows[i]
			least, greatest := contribution(values[k], r.lower[j], r.upper[j])
			s.n++
			if math.IsInf(least, -1) {
				s.endlessMin++
			} else {
				s.least += least
				s.size += math.Abs(least)
			}
			if math.IsInf(greatest, 1) {
				s.endlessMax++
			} else {
				s.greatest += greatest
				s.size += math.Abs(greatest)
			}
		}
	}
}

// round bounds all columns once and says whether that changed any bound.
func (r *rounds) round() bool {
	r.addUp()
	changed := make([]bool, r.parts())
	r.each(func(part, from, to int, read func(int) ([]int32, []float64)) {
		for j := from; j < to; j++ {
			lower, upper := -Inf, Inf
			rows, values := read(j)
			for k, i := range rows {
				if values[k] != 0 {
					lo, hi := r.byRow(int(i), values[k], j)
					lower, upper = math.Max(lower, lo), math.Min(upper, hi)
				}
			}
			if worthwhile(lower, r.lower[j]) {
				r.lower[j], changed[part] = lower, true
			}
			if worthwhile(-upper, -r.upper[j]) {
				r.upper[j], changed[part] = upper, true
			}
		}
	})
	return slices.Contains(changed, true)
}

// byRow returns the bounds that row i, in which column j has the coefficient a, leaves it.
func (r *rounds) byRow(i int, a float64, j int) (lower, upper float64) {
	lower, upper = -Inf, Inf
	s, p := &r.rows[i], r.Problem
	slack := float64(s.size*float64(float64(s.n+4)*0x1p-52)) + float64(float64(s.n+4)*0x1p-1070)
	if !finite(slack) {
		return lower, upper
	}
	least, greatest := contribution(a, r.lower[j], r.upper[j])
	if rest, ok := s.without(s.least, least, s.endlessMin); ok && p.RowUpper[i] < Inf {
		lower, upper = divided(up(p.RowUpper[i]-(rest-slack)), a, lower, upper)
	}
	if rest, ok := s.without(-s.greatest, -greatest, s.endlessMax); ok && p.RowLower[i] > -Inf {
		lower, upper = divided(up(-p.RowLower[i]-(rest-slack)), -a, lower, upper)
	}
	return lower, upper
}

// without takes one contribution out of a sum; ok is false where what is left is endless.
func (s *rowSum) without(sum, one float64, endless int32) (rest float64, ok bool) {
	if math.IsInf(one, -1) {
		return sum, endless == 1
	}
	return sum - one, endless == 0
}

// divided tightens bounds by a·x ≤ limit.
func divided(limit, a, lower, upper float64) (float64, float64) {
	if bound := limit / a; a > 0 {
		return lower, math.Min(upper, up(bound))
	} else {
		return math.Max(lower, down(bound)), upper
	}
}

// worthwhile reports whether a lower bound is worth replacing by a higher one.
func worthwhile(bound, old float64) bool {
	return finite(bound) && bound > old && (math.IsInf(old, -1) || old != 0 && bound-old >= 0.1*math.Abs(old))
}
