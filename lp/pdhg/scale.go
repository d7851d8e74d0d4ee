package pdhg

import (
	"math"
	"slices"

	"bremen/lp/block"
)

// ruizRounds is how often rows and columns are divided by the root of their
// largest entry before they are by the root of their sum.
const ruizRounds = 10

// scaling holds what each row and column of a program is multiplied by. Rows
// and columns of one item have one factor in all blocks, so that a matrix that
// is repeated stays one matrix.
type scaling struct {
	row, col []float64 // per row and column
}

// items numbers the items of the groups of rows or columns one after another.
type items struct {
	groups []block.Group
	first  []int // item number where each group begins
	count  int
}

func itemsOf(groups []block.Group) items {
	s := items{groups: groups}
	for _, g := range groups {
		s.first = append(s.first, s.count)
		s.count += g.Items
	}
	return s
}

// spread gives every row or column the value of its item, in place of what to holds.
func (s items) spread(to, v []float64) []float64 {
	to = to[:0]
	for k, g := range s.groups {
		for i := range g.Items {
			for range g.Blocks {
				to = append(to, v[s.first[k]+i])
			}
		}
	}
	return to
}

// itemOf returns the item number of every row or column.
func (s items) itemOf() []int32 {
	var all []int32
	for k, g := range s.groups {
		all = slices.Grow(all, g.Size())
		for i := range g.Items {
			for range g.Blocks {
				all = append(all, int32(s.first[k]+i))
			}
		}
	}
	return all
}

// entries calls f for every stored entry with the items it stands at and how
// often it comes in one row and in one column of them on average.
// rowItem are the items of rows, as itemOf has them.
func entries(p *block.Problem, rows, cols items, rowItem []int32, f func(i, j int32, v, perRow, perCol float64)) {
	for _, t := range p.Terms {
		count := 0
		for _, r := range t.Runs {
			count += r.Count
		}
		perRow := float64(count) / float64(p.RowGroups[t.Rows].Blocks)
		perCol := float64(count) / float64(p.ColGroups[t.Cols].Blocks)
		i0, j0 := int32(rows.first[t.Rows]), int32(cols.first[t.Cols])
		m := t.Matrix
		for j := range m.Cols {
			for k := m.Start[j]; k < m.Start[j+1]; k++ {
				f(i0+m.Index[k], j0+int32(j), math.Abs(m.Value[k]), perRow, perCol)
			}
		}
	}
	if p.Start == nil {
		return
	}
	for k, g := range p.ColGroups {
		for i := range g.Items {
			for b := range g.Blocks {
				j := g.First + i*g.Blocks + b
				for e := p.Start[j]; e < p.Start[j+1]; e++ {
					row := rowItem[p.Index[e]]
					f(row, int32(cols.first[k]+i), math.Abs(p.Value[e]), 1/float64(blocksOf(rows, row)), 1/float64(g.Blocks))
				}
			}
		}
	}
}

// blocksOf returns in how many blocks an item stands.
func blocksOf(s items, item int32) int {
	for k := len(s.first) - 1; k > 0; k-- {
		if int(item) >= s.first[k] {
			return s.groups[k].Blocks
		}
	}
	return s.groups[0].Blocks
}

// unused is what an item counts for in the scaling of others while the walk does not use it.
const unused = 0.3

// use weighs every item of rows or columns: one if any of it is in use, less if none is.
func (s items) use(inUse func(at int) bool) []float64 {
	w := make([]float64, s.count)
	for k, g := range s.groups {
		for i := range g.Items {
			w[s.first[k]+i] = unused
			first := g.First + i*g.Blocks
			for at := first; at < first+g.Blocks; at++ {
				if inUse(at) {
					w[s.first[k]+i] = 1
					break
				}
			}
		}
	}
	return w
}

// equilibrate finds factors that bring entries near one: Ruiz (2001), a
// scaling by largest entries, and after it Pock and Chambolle (2011, Lemma 2
// with α = 1), by sums. Weights of the items of rows and columns, none at all
// at first, say how much their entries count for others, and how short their own steps are.
func (s *scaling) equilibrate(p *block.Problem, rowWeight, colWeight []float64) {
	rows, cols := itemsOf(p.RowGroups), itemsOf(p.ColGroups)
	if rowWeight == nil {
		rowWeight, colWeight = ones(rows.count), ones(cols.count)
	}
	dr, dc := ones(rows.count), ones(cols.count)
	nr, nc := make([]float64, rows.count), make([]float64, cols.count)
	var rowItem []int32
	if p.Start != nil {
		rowItem = rows.itemOf()
	}
	for round := range ruizRounds + 1 {
		clear(nr)
		clear(nc)
		entries(p, rows, cols, rowItem, func(i, j int32, v, perRow, perCol float64) {
			v *= dr[i] * dc[j]
			inRow, inCol := v*colWeight[j], v*rowWeight[i]
			if round < ruizRounds {
				nr[i], nc[j] = max(nr[i], inRow), max(nc[j], inCol)
			} else {
				nr[i], nc[j] = nr[i]+inRow*perRow, nc[j]+inCol*perCol
			}
		})
		divideByRoots(dr, nr)
		divideByRoots(dc, nc)
	}
	s.row = rows.spread(sized(s.row, p.Rows()), times(dr, dr, rowWeight))
	s.col = cols.spread(sized(s.col, p.Cols()), times(dc, dc, colWeight))
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

func divideByRoots(d, norm []float64) {
	for i, n := range norm {
		if n > 0 {
			d[i] /= math.Sqrt(n)
		}
	}
}

// apply returns the program minimised and multiplied by the factors: rows by
// row, columns by col, so that a point x of the program is x/col there, and a dual y is y/row.
// It is written over what was applied to the same program before, if not nil.
func (s scaling) apply(p, before *block.Problem) *block.Problem {
	q := before
	if q == nil {
		q = &block.Problem{RowGroups: p.RowGroups, ColGroups: p.ColGroups, Start: p.Start, Index: p.Index}
	}
	q.Cost, q.Lower, q.Upper = times(q.Cost, p.Cost, s.col), over(q.Lower, p.Lower, s.col), over(q.Upper, p.Upper, s.col)
	q.RowLower, q.RowUpper = times(q.RowLower, p.RowLower, s.row), times(q.RowUpper, p.RowUpper, s.row)
	q.Terms = q.Terms[:0]
	if p.Maximise {
		for j := range q.Cost {
			q.Cost[j] = -q.Cost[j]
		}
	}
	for _, t := range p.Terms {
		rows, cols, m := p.RowGroups[t.Rows], p.ColGroups[t.Cols], t.Matrix
		v := make([]float64, len(m.Value))
		for j := range m.Cols {
			d := s.col[cols.First+j*cols.Blocks]
			for k := m.Start[j]; k < m.Start[j+1]; k++ {
				v[k] = m.Value[k] * d * s.row[rows.First+int(m.Index[k])*rows.Blocks]
			}
		}
		t.Matrix = &block.Matrix{Rows: m.Rows, Cols: m.Cols, Start: m.Start, Index: m.Index, Value: v}
		q.Terms = append(q.Terms, t)
	}
	if p.Start != nil {
		q.Value = sized(q.Value, len(p.Value))
		for j := range p.Cost {
			for k := p.Start[j]; k < p.Start[j+1]; k++ {
				q.Value[k] = p.Value[k] * s.col[j] * s.row[p.Index[k]]
			}
		}
	}
	return q
}

// times and over write products and quotients to v, which they make if need be.
func times(v, a, b []float64) []float64 {
	v = sized(v, len(a))
	for i := range v {
		v[i] = a[i] * b[i]
	}
	return v
}

func over(v, a, b []float64) []float64 {
	v = sized(v, len(a))
	for i := range v {
		v[i] = a[i] / b[i]
	}
	return v
}

// sized returns v if it has n elements, else n new ones.
func sized(v []float64, n int) []float64 {
	if len(v) != n {
		return make([]float64, n)
	}
	return v
}
