package lp

import "slices"

// RowView holds the entries of a problem row by row. It is a copy: later
// changes of the problem do not show in it.
type RowView struct {
	Start []int     // row i has entries Start[i] to Start[i+1]-1; len = rows+1
	Index []int32   // column of each entry, ascending within a row
	Value []float64 // value of each entry
}

// ByRow returns the entries of p row by row, in time proportional to their
// number plus rows and columns.
func (p *Problem) ByRow() *RowView {
	v := &RowView{
		Start: make([]int, p.Rows()+1),
		Index: make([]int32, p.NNZ()),
		Value: make([]float64, p.NNZ()),
	}
	for _, i := range p.Index {
		v.Start[i+1]++
	}
	for i := range p.Rows() {
		v.Start[i+1] += v.Start[i]
	}
	next := slices.Clone(v.Start[:p.Rows()])
	for j := range p.Cols() {
		rows, values := p.Column(j)
		for k, i := range rows {
			v.Index[next[i]] = int32(j)
			v.Value[next[i]] = values[k]
			next[i]++
		}
	}
	return v
}

// Row returns the columns and values of row i; the slices belong to v.
func (v *RowView) Row(i int) ([]int32, []float64) {
	a, b := v.Start[i], v.Start[i+1]
	return v.Index[a:b], v.Value[a:b]
}

// Grow makes room for that many more columns, rows and entries, so that
// appending them copies nothing. It is a hint; too small a figure costs time
// only. A negative figure counts as zero.
func (p *Problem) Grow(cols, rows, nnz int) {
	cols, rows, nnz = max(cols, 0), max(rows, 0), max(nnz, 0)
	p.Cost = slices.Grow(p.Cost, cols)
	p.Lower = slices.Grow(p.Lower, cols)
	p.Upper = slices.Grow(p.Upper, cols)
	p.Start = slices.Grow(p.Start, cols+1)
	if p.Integer != nil {
		p.Integer = slices.Grow(p.Integer, cols)
	}
	p.RowLower = slices.Grow(p.RowLower, rows)
	p.RowUpper = slices.Grow(p.RowUpper, rows)
	p.Index = slices.Grow(p.Index, nnz)
	p.Value = slices.Grow(p.Value, nnz)
}

// Compact sums the entries of each column that name the same row, at the place
// of the first of them, and drops entries that are zero. It works in place and
// allocates one number per row; the order of what remains does not change.
func (p *Problem) Compact() {
	at := make([]int, p.Rows()) // 1 + where the row's entry of this column went
	w, begin := 0, 0
	for j := range p.Cols() {
		first, end := w, p.Start[j+1]
		for k := begin; k < end; k++ {
			i, v := p.Index[k], p.Value[k]
			if to := at[i] - 1; to >= first {
				p.Value[to] += v
				continue
			}
			p.Index[w], p.Value[w] = i, v
			at[i] = w + 1
			w++
		}
		for k := first; k < w; k++ {
			at[p.Index[k]] = 0
		}
		w = p.dropZeros(first, w)
		begin = end
		p.Start[j+1] = w
	}
	p.Index, p.Value = p.Index[:w], p.Value[:w]
}

// dropZeros closes the gaps that zero entries leave between positions a and b
// and returns where the rest ends.
func (p *Problem) dropZeros(a, b int) int {
	w := a
	for k := a; k < b; k++ {
		if p.Value[k] != 0 {
			p.Index[w], p.Value[w] = p.Index[k], p.Value[k]
			w++
		}
	}
	return w
}
