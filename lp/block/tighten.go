package block

import (
	"cmp"
	"math"
	"slices"
)

// Tightener improves the bounds that row duals prove (SafeBound). It holds p's
// matrices by rows; costs and bounds of p, and the values of its sparse columns, may change between calls.
type Tightener struct {
	p      *Problem
	byRow  map[*Matrix]*Matrix // transposed
	sparse sparseRows
	breaks []slopeBreak
	row    []entry
}

// sparseRows are the places of p.Value by rows.
type sparseRows struct {
	start, at []int
	col       []int32
}

// entry is a coefficient of a row.
type entry struct {
	col   int
	value float64
}

// slopeBreak is where a slope falls, and by how much.
type slopeBreak struct{ at, by float64 }

// NewTightener reads the matrices of p, which must be valid.
func NewTightener(p *Problem) *Tightener {
	t := &Tightener{p: p, byRow: map[*Matrix]*Matrix{}}
	for _, term := range p.Terms {
		if t.byRow[term.Matrix] == nil {
			t.byRow[term.Matrix] = term.Matrix.Transposed()
		}
	}
	s := &t.sparse
	s.start = make([]int, p.Rows()+1)
	for _, i := range p.Index {
		s.start[i+1]++
	}
	for i := range p.Rows() {
		s.start[i+1] += s.start[i]
	}
	s.at, s.col = make([]int, len(p.Index)), make([]int32, len(p.Index))
	next := slices.Clone(s.start)
	for j := range len(p.Start) - 1 {
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			i := p.Index[k]
			s.at[next[i]], s.col[next[i]] = k, int32(j)
			next[i]++
		}
	}
	return t
}

// Tighten returns row duals that prove no worse a bound than y, but for rounding: row by row, in
// so many passes, the dual goes where the bound is best while all others stand.
// As a function of one dual the bound is concave and made of straight pieces, so that its best point is found exactly.
// Where a point of a first-order method leaves a little to many columns with large bounds, most of
// what that costs the bound is won back by a few rows that they share.
//
// Every column needs finite bounds; without them y is returned as it is.
func (t *Tightener) Tighten(y []float64, passes int) []float64 {
	p := t.p
	for j, lo := range p.Lower {
		if math.IsInf(lo, 0) || math.IsInf(p.Upper[j], 0) {
			return y
		}
	}
	sign := 1.0 // of the program as one to be minimised
	if p.Maximise {
		sign = -1
	}
	z := make([]float64, len(y))
	for i, v := range y {
		if z[i] = sign * v; z[i] > 0 && math.IsInf(p.RowLower[i], 0) || z[i] < 0 && math.IsInf(p.RowUpper[i], 0) {
			z[i] = 0
		}
	}
	reduced := make([]float64, p.Cols())
	read := p.reader()
	for j, c := range p.Cost {
		reduced[j] = sign * c
		index, value := read(j)
		for k, i := range index {
			reduced[j] -= float64(value[k] * z[i])
		}
	}
	for range passes {
		for g := range p.RowGroups {
			t.group(g, z, reduced)
		}
	}
	for i := range z {
		z[i] *= sign
	}
	return z
}

// group moves the duals of one group of rows.
func (t *Tightener) group(g int, z, reduced []float64) {
	group := t.p.RowGroups[g]
	for item := range group.Items {
		for b := range group.Blocks {
			i := group.First + item*group.Blocks + b
			t.read(g, item, b)
			step := t.best(z[i], t.p.RowLower[i], t.p.RowUpper[i], reduced)
			if step == 0 {
				continue
			}
			z[i] += step
			for _, e := range t.row {
				reduced[e.col] -= float64(e.value * step)
			}
		}
	}
}

// read collects a row's coefficients.
func (t *Tightener) read(g, item, b int) {
	p := t.p
	t.row = t.row[:0]
	for _, term := range p.Terms {
		if term.Rows != g {
			continue
		}
		m, cols := t.byRow[term.Matrix], p.ColGroups[term.Cols]
		lo, hi := m.Start[item], m.Start[item+1]
		if lo == hi {
			continue
		}
		for _, r := range term.Runs {
			from, to := r.reached(r.RowStep, b-r.Row)
			for k := from; k < to; k++ {
				first := cols.First + r.Col + k*r.ColStep
				for e := lo; e < hi; e++ {
					t.row = append(t.row, entry{first + int(m.Index[e])*cols.Blocks, m.Value[e]})
				}
			}
		}
	}
	i := p.RowGroups[g].First + item*p.RowGroups[g].Blocks + b
	for k := t.sparse.start[i]; k < t.sparse.start[i+1]; k++ {
		t.row = append(t.row, entry{int(t.sparse.col[k]), p.Value[t.sparse.at[k]]})
	}
}

// best returns by how much the dual z of a row goes up for the best bound. The bound's slope falls where the dual
// changes its sign, endlessly where it may not, and where a column's reduced cost does.
func (t *Tightener) best(z, lower, upper float64, reduced []float64) float64 {
	slope := 0.0 // far below, of what the columns add
	t.breaks = t.breaks[:0]
	for _, e := range t.row {
		lo, hi := t.p.Lower[e.col], t.p.Upper[e.col]
		switch {
		case e.value > 0:
			slope -= float64(e.value * lo)
		case e.value < 0:
			slope -= float64(e.value * hi)
		}
		if e.value != 0 && lo < hi {
			t.breaks = append(t.breaks, slopeBreak{reduced[e.col] / e.value, math.Abs(e.value) * (hi - lo)})
		}
	}
	slices.SortFunc(t.breaks, func(a, b slopeBreak) int { return cmp.Compare(a.at, b.at) })
	below := t.breaks // where the dual is negative
	if k, _ := slices.BinarySearchFunc(t.breaks, -z, func(b slopeBreak, at float64) int { return cmp.Compare(b.at, at) }); k < len(below) {
		below = below[:k]
	}
	for _, b := range below {
		if !math.IsInf(upper, 0) && slope+upper-b.by <= 0 {
			return b.at
		}
		slope -= b.by
	}
	if math.IsInf(lower, 0) || slope+lower <= 0 {
		return -z
	}
	for _, b := range t.breaks[len(below):] {
		if slope -= b.by; slope+lower <= 0 {
			return b.at
		}
	}
	return 0 // it has no end: the program has no point
}
