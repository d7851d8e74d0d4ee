package interior

import (
	"math"
	"slices"

	"bremen/lp"
)

// form is a problem as the method works on it: minimised, scaled, without its
// fixed columns and without rows that have no bounds, each other row as
// A·x − s = 0 with a slack s between its bounds. Variables are the columns,
// then the slacks; that of an equation is fixed.
type form struct {
	whole *lp.Problem
	cols  []int32 // numbers in the whole problem
	rows  []int32

	n, m         int
	start        []int
	index        []int32
	value        []float64
	cost         []float64 // per column
	lower, upper []float64 // per variable

	colScale, rowScale []float64 // whole x = colScale·x; whole row = row/rowScale
	costScale          float64   // whole cost = cost/costScale/colScale
}

func newForm(p *lp.Problem) *form {
	f := &form{whole: p}
	p = compacted(p)
	fixed := make([]float64, p.Cols())
	for j := range fixed {
		if p.Lower[j] == p.Upper[j] {
			fixed[j] = p.Lower[j]
		}
	}
	at := make([]int32, p.Rows())
	entries := make([]int32, p.Rows())
	for j := range fixed {
		if p.Lower[j] != p.Upper[j] {
			rows, _ := p.Column(j)
			for _, i := range rows {
				entries[i]++
			}
		}
	}
	var lower, upper []float64
	for i, v := range p.Activity(fixed) {
		at[i] = -1
		if l, u := p.RowLower[i], p.RowUpper[i]; entries[i] > 0 && (l > -lp.Inf || u < lp.Inf) {
			at[i] = int32(len(f.rows))
			f.rows = append(f.rows, int32(i))
			lower, upper = append(lower, l-v), append(upper, u-v)
		}
	}
	sign := 1.0
	if p.Maximise {
		sign = -1
	}
	f.start = []int{0}
	for j := range fixed {
		if p.Lower[j] == p.Upper[j] {
			continue
		}
		f.cols = append(f.cols, int32(j))
		f.cost = append(f.cost, sign*p.Cost[j])
		f.lower, f.upper = append(f.lower, p.Lower[j]), append(f.upper, p.Upper[j])
		rows, values := p.Column(j)
		for k, i := range rows {
			if at[i] >= 0 {
				f.index, f.value = append(f.index, at[i]), append(f.value, values[k])
			}
		}
		f.start = append(f.start, len(f.index))
	}
	f.n, f.m = len(f.cols), len(f.rows)
	f.lower, f.upper = append(f.lower, lower...), append(f.upper, upper...)
	f.scale()
	return f
}

// compacted returns p with at most one entry per column and row and without zeros.
func compacted(p *lp.Problem) *lp.Problem {
	q := *p
	q.Start, q.Index, q.Value = slices.Clone(p.Start), slices.Clone(p.Index), slices.Clone(p.Value)
	q.Compact()
	return &q
}

// scalePasses is how often rows and columns are scaled in turn.
const scalePasses = 4

// scale divides rows and columns by the geometric mean of their least and
// largest figures, rounded to powers of two, so that scaling changes no bits (Fourer 1982,
// Math. Program. 23).
func (f *form) scale() {
	r, c := ones(f.m), ones(f.n)
	for range scalePasses {
		least, most := make([]float64, f.m), make([]float64, f.m)
		for j := range f.n {
			for k := f.start[j]; k < f.start[j+1]; k++ {
				i := f.index[k]
				a := math.Abs(f.value[k]) * c[j]
				if least[i] == 0 || a < least[i] {
					least[i] = a
				}
				most[i] = max(most[i], a)
			}
		}
		for i := range r {
			if most[i] > 0 {
				r[i] = 1 / math.Sqrt(least[i]*most[i])
			}
		}
		for j := range f.n {
			lo, hi := 0.0, 0.0
			for k := f.start[j]; k < f.start[j+1]; k++ {
				a := math.Abs(f.value[k]) * r[f.index[k]]
				if lo == 0 || a < lo {
					lo = a
				}
				hi = max(hi, a)
			}
			if hi > 0 {
				c[j] = 1 / math.Sqrt(lo*hi)
			}
		}
	}
	for i := range r {
		r[i] = powerOfTwo(r[i])
	}
	most := 0.0
	for j := range c {
		c[j] = powerOfTwo(c[j])
		for k := f.start[j]; k < f.start[j+1]; k++ {
			f.value[k] *= c[j] * r[f.index[k]]
		}
		f.lower[j], f.upper[j] = f.lower[j]/c[j], f.upper[j]/c[j]
		f.cost[j] *= c[j]
		most = max(most, math.Abs(f.cost[j]))
	}
	for i := range r {
		f.lower[f.n+i], f.upper[f.n+i] = f.lower[f.n+i]*r[i], f.upper[f.n+i]*r[i]
	}
	f.costScale = 1
	if most > 0 {
		f.costScale = powerOfTwo(1 / most)
	}
	for j := range f.cost {
		f.cost[j] *= f.costScale
	}
	f.colScale, f.rowScale = c, r
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

func powerOfTwo(a float64) float64 {
	_, e := math.Frexp(a)
	return math.Ldexp(1, e-1)
}

// times puts A·x into out.
func (f *form) times(x, out []float64) {
	clear(out)
	for j := range f.n {
		if v := x[j]; v != 0 {
			for k := f.start[j]; k < f.start[j+1]; k++ {
				out[f.index[k]] = math.FMA(f.value[k], v, out[f.index[k]])
			}
		}
	}
}

// column returns y·A of column j.
func (f *form) column(j int, y []float64) float64 {
	s := 0.0
	for k := f.start[j]; k < f.start[j+1]; k++ {
		s = math.FMA(f.value[k], y[f.index[k]], s)
	}
	return s
}

// solution turns a point into one of the whole problem.
func (f *form) solution(x, y, low []float64) *lp.Solution {
	p := f.whole
	s := &lp.Solution{Method: lp.Interior, Col: make([]float64, p.Cols()), RowDual: make([]float64, p.Rows()), RowDualRest: make([]float64, p.Rows())}
	copy(s.Col, p.Lower)
	for k, j := range f.cols {
		s.Col[j] = min(max(x[k]*f.colScale[k], p.Lower[j]), p.Upper[j])
	}
	sign := 1.0
	if p.Maximise {
		sign = -1
	}
	for k, i := range f.rows {
		s.RowDual[i] = sign * y[k] * f.rowScale[k] / f.costScale
		s.RowDualRest[i] = sign * low[k] * f.rowScale[k] / f.costScale
	}
	s.Row, s.Objective = p.Activity(s.Col), p.Evaluate(s.Col)
	s.Reduced = make([]float64, p.Cols())
	for j := range s.Reduced {
		d := p.Cost[j]
		rows, values := p.Column(j)
		for k, i := range rows {
			d -= float64(values[k] * s.RowDual[i])
		}
		s.Reduced[j] = d
	}
	return s
}
