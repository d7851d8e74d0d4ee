package cells

import (
	"fmt"
	"math"
	"slices"
)

// Columns is a sparse matrix in compressed columns: column j has entries
// Start[j] to Start[j+1]-1, rows ascending and each at most once.
type Columns struct {
	Start []int32
	Index []int32
	Value []float64
}

// Collector collects the cells of a sparse matrix in any order.
//
// It keeps 12 bytes per cell, the arrays of the result themselves. From the
// first cell on that comes before one of an earlier column it keeps 4 bytes more
// and sorts in place at the end, so that beside the result never more than 4
// bytes per cell and 8 per column are held.
type Collector struct {
	cols   int
	ends   []int32 // while in order: ends of the columns up to the last one met
	column []int32 // otherwise: the column of each cell
	index  []int32
	value  []float64
}

// NewCollector collects for a matrix of that many columns, with room for a
// number of cells; there may be more.
func NewCollector(cols, room int) *Collector {
	return &Collector{cols: cols, index: make([]int32, 0, room), value: make([]float64, 0, room)}
}

// Add states one cell; zeros are dropped. The column must be in range.
func (c *Collector) Add(row, col int32, value float64) {
	if value == 0 {
		return
	}
	if c.column == nil && int(col)+1 < len(c.ends) {
		c.disorder()
	}
	if c.column != nil {
		c.column = append(c.column, col)
	} else {
		for len(c.ends) <= int(col) {
			c.ends = append(c.ends, int32(len(c.index)))
		}
		c.ends[col] = int32(len(c.index) + 1)
	}
	c.index, c.value = append(c.index, row), append(c.value, value)
}

// disorder begins to keep the column of every cell.
func (c *Collector) disorder() {
	c.column = make([]int32, 0, cap(c.index))
	for j, end := range c.ends {
		for len(c.column) < int(end) {
			c.column = append(c.column, int32(j))
		}
	}
	c.ends = nil
}

// DuplicateError is a cell stated more than once.
type DuplicateError struct{ Row, Col int }

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("cell in row %d, column %d is stated twice", e.Row, e.Col)
}

// Columns returns the matrix and empties c. A cell stated twice is a
// *DuplicateError, the first in the order of columns and rows.
func (c *Collector) Columns() (*Columns, error) {
	if len(c.index) > math.MaxInt32 {
		return nil, fmt.Errorf("%d cells are more than a matrix can hold", len(c.index))
	}
	m := &Columns{Start: make([]int32, c.cols+1), Index: c.index, Value: c.value}
	if c.column == nil {
		at := copy(m.Start[1:], c.ends)
		for j := at + 1; j <= c.cols; j++ {
			m.Start[j] = int32(len(c.index))
		}
	} else {
		for _, j := range c.column {
			m.Start[j+1]++
		}
		for j := range c.cols {
			m.Start[j+1] += m.Start[j]
		}
		c.sortColumns(m.Start)
	}
	*c = Collector{}
	return m, m.sortRows()
}

// sortColumns moves every cell to its column, in place: each goes to where its
// column goes on, and the one that stood there is looked at next (American flag sort).
func (c *Collector) sortColumns(start []int32) {
	next := slices.Clone(start)
	for j := range c.cols {
		for next[j] < start[j+1] {
			at := next[j]
			to := c.column[at]
			if int(to) == j {
				next[j]++
				continue
			}
			other := next[to]
			next[to]++
			c.column[at], c.column[other] = c.column[other], to
			c.index[at], c.index[other] = c.index[other], c.index[at]
			c.value[at], c.value[other] = c.value[other], c.value[at]
		}
	}
}

type cell struct {
	row   int32
	value float64
}

func (m *Columns) sortRows() error {
	var order []cell
	for j := range len(m.Start) - 1 {
		rows, values := m.Index[m.Start[j]:m.Start[j+1]], m.Value[m.Start[j]:m.Start[j+1]]
		if !slices.IsSorted(rows) {
			order = order[:0]
			for k, i := range rows {
				order = append(order, cell{i, values[k]})
			}
			slices.SortFunc(order, func(a, b cell) int { return int(a.row) - int(b.row) })
			for k, x := range order {
				rows[k], values[k] = x.row, x.value
			}
		}
		for k := 1; k < len(rows); k++ {
			if rows[k] == rows[k-1] {
				return &DuplicateError{Row: int(rows[k]), Col: j}
			}
		}
	}
	return nil
}
