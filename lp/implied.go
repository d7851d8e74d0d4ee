package lp

import (
	"math"
	"slices"
)

// ImpliedBounds returns bounds on the columns that every point satisfying the
// rows and bounds of p satisfies in exact arithmetic; they are never looser
// than p's own. Their use is to make SafeBound finite: where a product can
// only come out of what goes in, what goes in bounds it. They are not meant
// for tightening a program before it is solved.
//
// Each row bounds each of its columns by what the others leave of it. Rows
// whose columns gain a bound are looked at again, first come first served, so
// bounds travel along chains of any length; a finite bound is replaced only by
// one that is a tenth better, and at most eight times, so cycles that shrink
// bounds for ever end. If the rows contradict each other, lower may exceed upper.
//
// Source: Savelsbergh (1994), "Preprocessing and probing techniques for mixed
// integer programming problems", ORSA J. Comput. 6, section 1.1.
func ImpliedBounds(p *Problem) (lower, upper []float64) {
	t := newTightening(p)
	for i := range p.Rows() {
		t.enqueue(int32(i))
	}
	// Entries looked at; far more than chains need, and an end to bad cases.
	budget := 64*p.NNZ() + 1024
	for len(t.queue) > 0 && budget > 0 {
		round := t.queue
		t.queue = t.spare[:0]
		for _, i := range round {
			t.waiting[i] = false
			if budget > 0 {
				budget -= t.row(int(i))
			}
		}
		t.spare = round
	}
	return t.lower, t.upper
}

const maxImprovements = 8

// tightening is the state of one ImpliedBounds.
type tightening struct {
	p            *Problem
	rows         *RowView
	lower, upper []float64
	improved     []uint8 // per column and side: how often a finite bound was replaced
	// Per row, how many entries have no finite least, no finite greatest contribution.
	endlessMin, endlessMax []int32

	queue, spare []int32
	waiting      []bool // per row: is in queue
}

func newTightening(p *Problem) *tightening {
	t := &tightening{
		p: p, rows: p.ByRow(),
		lower: slices.Clone(p.Lower), upper: slices.Clone(p.Upper),
		improved:   make([]uint8, 2*p.Cols()),
		endlessMin: make([]int32, p.Rows()), endlessMax: make([]int32, p.Rows()),
		waiting: make([]bool, p.Rows()),
	}
	for j := range p.Cols() {
		if math.IsInf(t.lower[j], -1) {
			t.count(j, false, 1)
		}
		if math.IsInf(t.upper[j], 1) {
			t.count(j, true, 1)
		}
	}
	return t
}

// count adds n to the endless contributions of column j's rows on account of
// its upper or lower bound.
func (t *tightening) count(j int, isUpper bool, n int32) {
	rows, values := t.p.Column(j)
	for k, i := range rows {
		if values[k] > 0 == isUpper {
			t.endlessMax[i] += n
		} else {
			t.endlessMin[i] += n
		}
	}
}

// useful tells which bound of row i can say something about some column.
func (t *tightening) useful(i int32) (byUpper, byLower bool) {
	return t.endlessMin[i] <= 1 && t.p.RowUpper[i] < Inf,
		t.endlessMax[i] <= 1 && t.p.RowLower[i] > -Inf
}

func (t *tightening) enqueue(i int32) {
	if t.waiting[i] {
		return
	}
	if a, b := t.useful(i); a || b {
		t.waiting[i] = true
		t.queue = append(t.queue, i)
	}
}

// row derives bounds from row i and returns how many entries it has looked at.
func (t *tightening) row(i int) int {
	cols, values := t.rows.Row(i)
	byUpper, byLower := t.useful(int32(i))
	if byUpper {
		t.side(cols, values, t.p.RowUpper[i], 1)
	}
	if byLower {
		t.side(cols, values, -t.p.RowLower[i], -1)
	}
	return 2*len(cols) + 1
}

// side derives bounds from  Σ sign·values·x ≤ limit.
func (t *tightening) side(cols []int32, values []float64, limit, sign float64) {
	least, size, endless := 0.0, 0.0, 0
	for k, j := range cols {
		c := t.least(sign*values[k], int(j))
		if math.IsInf(c, -1) {
			endless++
			continue
		}
		least += c
		size += math.Abs(c)
	}
	// Products, sum, taking one out again: each term rounds at most n+3 times.
	n := float64(len(cols) + 4)
	slack := float64(size*float64(n*0x1p-52)) + float64(n*0x1p-1070)
	if !finite(slack) || endless > 1 {
		return
	}
	for k, j := range cols {
		a := sign * values[k]
		if a == 0 {
			continue
		}
		rest := least
		if c := t.least(a, int(j)); !math.IsInf(c, -1) {
			if endless > 0 {
				continue
			}
			rest -= c
		}
		bound := up(limit-(rest-slack)) / a
		if a > 0 {
			t.lowerUpper(int(j), up(bound))
		} else {
			t.raiseLower(int(j), down(bound))
		}
	}
}

// least returns the smallest a·x over the present bounds of column j.
func (t *tightening) least(a float64, j int) float64 {
	switch {
	case a > 0:
		return float64(a * t.lower[j])
	case a < 0:
		return float64(a * t.upper[j])
	}
	return 0
}

func (t *tightening) lowerUpper(j int, bound float64) {
	old := t.upper[j]
	if !t.better(-bound, -old, 2*j+1) {
		return
	}
	t.upper[j] = bound
	if math.IsInf(old, 1) {
		t.count(j, true, -1)
	}
	t.wake(j)
}

func (t *tightening) raiseLower(j int, bound float64) {
	old := t.lower[j]
	if !t.better(bound, old, 2*j) {
		return
	}
	t.lower[j] = bound
	if math.IsInf(old, -1) {
		t.count(j, false, -1)
	}
	t.wake(j)
}

// better reports whether a lower bound is worth replacing by a higher one. A
// bound of zero never is: it costs SafeBound nothing.
func (t *tightening) better(bound, old float64, counter int) bool {
	switch {
	case !finite(bound) || !(bound > old):
		return false
	case math.IsInf(old, -1):
		return true
	case t.improved[counter] >= maxImprovements || bound-old < 0.1*math.Abs(old) || old == 0:
		return false
	}
	t.improved[counter]++
	return true
}

func (t *tightening) wake(j int) {
	rows, _ := t.p.Column(j)
	for _, i := range rows {
		t.enqueue(i)
	}
}
