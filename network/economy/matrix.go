package economy

import "bremen/lp/block"

// single returns a matrix with one entry in each column: value(j) in row[j].
func single(rows int, row []int, value func(j int) float64) *block.Matrix {
	m := &block.Matrix{Rows: rows, Cols: len(row), Start: make([]int32, len(row)+1), Index: make([]int32, len(row)), Value: make([]float64, len(row))}
	for j, i := range row {
		m.Index[j], m.Value[j], m.Start[j+1] = int32(i), value(j), int32(j+1)
	}
	return m
}

func constant(v float64) func(int) float64 { return func(int) float64 { return v } }

// column returns one column of a technology, times a factor, as a technology
// of one column.
func (t Technology) column(j int, factor float64) Technology {
	pick := func(m *block.Matrix) *block.Matrix {
		if m == nil {
			return nil
		}
		c := &block.Matrix{Rows: m.Rows, Cols: 1, Start: []int32{0, m.Start[j+1] - m.Start[j]}}
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			c.Index, c.Value = append(c.Index, m.Index[k]), append(c.Value, factor*m.Value[k])
		}
		return c
	}
	return Technology{pick(t.Product), pick(t.Labour), pick(t.Capital), pick(t.Limit)}
}

// selectRows returns the matrix of some rows, ascending.
func selectRows(m *block.Matrix, rows []int) *block.Matrix {
	place := make([]int32, m.Rows)
	for k, i := range rows {
		place[i] = int32(k) + 1
	}
	s := &block.Matrix{Rows: len(rows), Cols: m.Cols, Start: make([]int32, m.Cols+1)}
	for j := range m.Cols {
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			if at := place[m.Index[k]]; at > 0 {
				s.Index, s.Value = append(s.Index, at-1), append(s.Value, m.Value[k])
			}
		}
		s.Start[j+1] = int32(len(s.Value))
	}
	return s
}

func columnSum(m *block.Matrix, j int) float64 {
	sum := 0.0
	for _, v := range m.Value[m.Start[j]:m.Start[j+1]] {
		sum += v
	}
	return sum
}
