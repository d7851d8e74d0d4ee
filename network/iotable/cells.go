package iotable

import (
	"fmt"
	"slices"
)

// Cells collects the cells of a sparse matrix in any order. It keeps 16 bytes
// per cell; Matrix frees them as it goes, so that at most 28 bytes per cell are
// held at once.
type Cells struct {
	rows, cols int
	blocks     [][]cell
	count      int
}

type cell struct {
	row, col int32
	value    float64
}

const cellsPerBlock = 1 << 16

// NewCells collects for a matrix of that size.
func NewCells(rows, cols int) *Cells { return &Cells{rows: rows, cols: cols} }

// Add states one cell; zeros are dropped. Row and column must be in range.
func (c *Cells) Add(row, col int, value float64) {
	if row < 0 || row >= c.rows || col < 0 || col >= c.cols {
		panic(fmt.Sprintf("iotable: cell %d, %d of a matrix of %d×%d", row, col, c.rows, c.cols))
	}
	if value == 0 {
		return
	}
	if n := len(c.blocks); n == 0 || len(c.blocks[n-1]) == cap(c.blocks[n-1]) {
		size := cellsPerBlock
		if n == 0 {
			size = 256
		}
		c.blocks = append(c.blocks, make([]cell, 0, size))
	}
	last := len(c.blocks) - 1
	c.blocks[last] = append(c.blocks[last], cell{int32(row), int32(col), value})
	c.count++
}

// DuplicateError is a cell stated more than once.
type DuplicateError struct{ Row, Col int }

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("cell in row %d, column %d is stated twice", e.Row, e.Col)
}

// Matrix returns the cells as a matrix and empties c. A cell stated twice is a
// *DuplicateError, the first in the order of rows and columns.
func (c *Cells) Matrix() (*Matrix, error) {
	m := &Matrix{
		Rows: c.rows, Cols: c.cols,
		Start: make([]int64, c.rows+1),
		Col:   make([]int32, c.count),
		Value: make([]float64, c.count),
	}
	for _, b := range c.blocks {
		for _, x := range b {
			m.Start[x.row+1]++
		}
	}
	for i := range c.rows {
		m.Start[i+1] += m.Start[i]
	}
	next := slices.Clone(m.Start[:c.rows])
	for n, b := range c.blocks {
		for _, x := range b {
			at := next[x.row]
			next[x.row]++
			m.Col[at], m.Value[at] = x.col, x.value
		}
		c.blocks[n] = nil
	}
	c.blocks, c.count = nil, 0
	return m, m.sortRows()
}

func (m *Matrix) sortRows() error {
	var order []cell
	for i := range m.Rows {
		cols, values := m.Row(i)
		if !slices.IsSorted(cols) {
			order = order[:0]
			for k, c := range cols {
				order = append(order, cell{col: c, value: values[k]})
			}
			slices.SortStableFunc(order, func(a, b cell) int { return int(a.col) - int(b.col) })
			for k, x := range order {
				cols[k], values[k] = x.col, x.value
			}
		}
		for k := 1; k < len(cols); k++ {
			if cols[k] == cols[k-1] {
				return &DuplicateError{Row: i, Col: int(cols[k])}
			}
		}
	}
	return nil
}
