package iotable

import (
	"fmt"
	"math"
	"slices"
)

// Matrix is a sparse matrix in compressed rows. Row i holds the cells
// Col[Start[i]:Start[i+1]] with the values beside them, columns ascending and
// each at most once. The owner may change values; Solve and the methods below
// only read.
type Matrix struct {
	Rows, Cols int
	Start      []int64 // Rows+1 offsets, the first 0
	Col        []int32
	Value      []float64
}

// NewMatrix returns an empty matrix of that size.
func NewMatrix(rows, cols int) *Matrix {
	return &Matrix{Rows: rows, Cols: cols, Start: make([]int64, rows+1)}
}

// Nonzeros is the number of cells stored.
func (m *Matrix) Nonzeros() int { return len(m.Col) }

// Bytes is the memory the three arrays hold.
func (m *Matrix) Bytes() int64 {
	return 8*int64(cap(m.Start)) + 4*int64(cap(m.Col)) + 8*int64(cap(m.Value))
}

// Row returns the columns and values of row i. They belong to the matrix.
func (m *Matrix) Row(i int) ([]int32, []float64) {
	a, b := m.Start[i], m.Start[i+1]
	return m.Col[a:b:b], m.Value[a:b:b]
}

// At returns the value in row i, column j, 0 where no cell is stored.
func (m *Matrix) At(i, j int) float64 {
	cols, values := m.Row(i)
	if k, found := slices.BinarySearch(cols, int32(j)); found {
		return values[k]
	}
	return 0
}

// Check says what is wrong with the arrays: lengths, order, columns out of
// range, values that are not finite. Nil means that every method is safe.
func (m *Matrix) Check() error {
	if m.Rows < 0 || m.Cols < 0 || len(m.Start) != m.Rows+1 || m.Start[0] != 0 {
		return fmt.Errorf("matrix of %d×%d: %d row offsets, expected %d from 0", m.Rows, m.Cols, len(m.Start), m.Rows+1)
	}
	if m.Cols > math.MaxInt32 || len(m.Col) != len(m.Value) || int64(len(m.Col)) != m.Start[m.Rows] {
		return fmt.Errorf("matrix of %d×%d: %d columns and %d values, expected %d of each", m.Rows, m.Cols, len(m.Col), len(m.Value), m.Start[m.Rows])
	}
	for i := range m.Rows {
		if m.Start[i] > m.Start[i+1] || m.Start[i] < 0 {
			return fmt.Errorf("matrix row %d: offsets %d to %d", i, m.Start[i], m.Start[i+1])
		}
		if err := m.checkRow(i); err != nil {
			return err
		}
	}
	return nil
}

func (m *Matrix) checkRow(i int) error {
	cols, values := m.Row(i)
	last := int32(-1)
	for k, c := range cols {
		if c <= last || int(c) >= m.Cols {
			return fmt.Errorf("matrix row %d: column %d after %d, of %d", i, c, last, m.Cols)
		}
		if math.IsNaN(values[k]) || math.IsInf(values[k], 0) {
			return fmt.Errorf("matrix row %d, column %d: value %v", i, c, values[k])
		}
		last = c
	}
	return nil
}

// Times returns m·x.
func (m *Matrix) Times(x []float64) []float64 {
	dst := make([]float64, m.Rows)
	m.rows(dst, x, 0, m.Rows)
	return dst
}

// rows writes (m·x)[lo:hi] to dst[lo:hi]. Each row is summed in an order that
// depends on nothing but its cells; products are rounded before they are added,
// so that processors with fused multiply-add give the same bits.
func (m *Matrix) rows(dst, x []float64, lo, hi int) {
	for i := lo; i < hi; i++ {
		dst[i] = m.row(i, x)
	}
}

func (m *Matrix) row(i int, x []float64) float64 {
	a, b := m.Start[i], m.Start[i+1]
	cols := m.Col[a:b]
	values := m.Value[a:b][:len(cols)]
	var s0, s1, s2, s3 float64
	k := 0
	for ; k+4 <= len(cols); k += 4 {
		c, v := cols[k:k+4:k+4], values[k:k+4:k+4]
		s0 += float64(v[0] * x[c[0]])
		s1 += float64(v[1] * x[c[1]])
		s2 += float64(v[2] * x[c[2]])
		s3 += float64(v[3] * x[c[3]])
	}
	for ; k < len(cols); k++ {
		s0 += float64(values[k] * x[cols[k]])
	}
	return (s0 + s1) + (s2 + s3)
}

// Transpose returns the matrix with rows and columns exchanged.
func (m *Matrix) Transpose() *Matrix {
	t := &Matrix{
		Rows: m.Cols, Cols: m.Rows,
		Start: make([]int64, m.Cols+1),
		Col:   make([]int32, len(m.Col)),
		Value: make([]float64, len(m.Value)),
	}
	for _, c := range m.Col {
		t.Start[c+1]++
	}
	for j := range m.Cols {
		t.Start[j+1] += t.Start[j]
	}
	next := slices.Clone(t.Start)
	for i := range m.Rows {
		cols, values := m.Row(i)
		for k, c := range cols {
			at := next[c]
			next[c]++
			t.Col[at], t.Value[at] = int32(i), values[k]
		}
	}
	return t
}

// scaled returns a copy with cell (i, j) multiplied by row[i]·column[j]; a nil
// slice is all ones.
func (m *Matrix) scaled(row, column []float64) *Matrix {
	c := &Matrix{Rows: m.Rows, Cols: m.Cols, Start: m.Start, Col: m.Col, Value: make([]float64, len(m.Value))}
	for i := range m.Rows {
		f := 1.0
		if row != nil {
			f = row[i]
		}
		for k := m.Start[i]; k < m.Start[i+1]; k++ {
			v := m.Value[k] * f
			if column != nil {
				v *= column[m.Col[k]]
			}
			c.Value[k] = v
		}
	}
	return c
}

// plus returns m + o, which have the same size.
func (m *Matrix) plus(o *Matrix) *Matrix {
	sum := NewMatrix(m.Rows, m.Cols)
	for i := range m.Rows {
		ac, av := m.Row(i)
		bc, bv := o.Row(i)
		for len(ac) > 0 || len(bc) > 0 {
			switch {
			case len(bc) == 0 || len(ac) > 0 && ac[0] < bc[0]:
				sum.Col, sum.Value = append(sum.Col, ac[0]), append(sum.Value, av[0])
				ac, av = ac[1:], av[1:]
			case len(ac) == 0 || bc[0] < ac[0]:
				sum.Col, sum.Value = append(sum.Col, bc[0]), append(sum.Value, bv[0])
				bc, bv = bc[1:], bv[1:]
			default:
				sum.Col, sum.Value = append(sum.Col, ac[0]), append(sum.Value, av[0]+bv[0])
				ac, av, bc, bv = ac[1:], av[1:], bc[1:], bv[1:]
			}
		}
		sum.Start[i+1] = int64(len(sum.Col))
	}
	return sum
}

// times returns the product m·o of two sparse matrices.
func (m *Matrix) times(o *Matrix) *Matrix {
	p := NewMatrix(m.Rows, o.Cols)
	sum := make([]float64, o.Cols)
	seen := make([]bool, o.Cols)
	var touched []int32
	for i := range m.Rows {
		touched = touched[:0]
		cols, values := m.Row(i)
		for k, c := range cols {
			oc, ov := o.Row(int(c))
			for q, j := range oc {
				if !seen[j] {
					seen[j], sum[j] = true, 0
					touched = append(touched, j)
				}
				sum[j] += float64(values[k] * ov[q])
			}
		}
		slices.Sort(touched)
		for _, j := range touched {
			p.Col, p.Value = append(p.Col, j), append(p.Value, sum[j])
			seen[j] = false
		}
		p.Start[i+1] = int64(len(p.Col))
	}
	return p
}

// columnSums returns the sum of each column.
func (m *Matrix) columnSums() []float64 {
	s := make([]float64, m.Cols)
	for k, c := range m.Col {
		s[c] += m.Value[k]
	}
	return s
}
