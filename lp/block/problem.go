package block

import (
	"fmt"
	"math"
	"slices"

	"bremen/lp"
)

// Problem is a linear program
//
//	min or max  c·x + offset   subject to   rowLower ≤ A·x ≤ rowUpper,   lower ≤ x ≤ upper
//
// whose rows and columns stand in groups. A is the sum of what the Terms
// repeat and of the sparse columns Start, Index, Value.
type Problem struct {
	Maximise bool
	Offset   float64

	RowGroups, ColGroups []Group

	Cost         []float64 // per column
	Lower, Upper []float64 // per column; ±lp.Inf where unbounded

	RowLower, RowUpper []float64 // per row; equal for an equation

	Terms []Term

	// What repeats nothing: column j has entries Start[j] to Start[j+1]-1, as
	// in lp.Problem. All three are nil when there is nothing of the kind.
	Start []int
	Index []int32
	Value []float64
}

// Group is a run of rows or columns: Items things (products, recipes) in each
// of Blocks places (periods, regions, both). Item i in block b is number
// First + i·Blocks + b.
type Group struct {
	Name   string // for messages
	Items  int
	Blocks int
	First  int
}

// Size returns how many rows or columns a group has.
func (g Group) Size() int { return g.Items * g.Blocks }

// Term is one matrix of coefficients, applied again in every block of its
// runs. It adds to A, for every entry (i, j) with value a of Matrix and every
// k of every run, the value a at row (i, Row + k·RowStep) of the row group and
// column (j, Col + k·ColStep) of the column group.
type Term struct {
	Rows, Cols int // numbers of the row group and the column group
	Matrix     *Matrix
	Runs       []Run
}

// Run says in which Count blocks a matrix is applied. Steps are 0 or 1 and not
// both 0: a row step of 0 sums over blocks into one row, a column step of 0
// lets one column act in many blocks.
type Run struct {
	Row, Col         int
	RowStep, ColStep int
	Count            int
}

// Everywhere is the run that applies a matrix block by block in all n blocks.
func Everywhere(n int) Run { return Run{RowStep: 1, ColStep: 1, Count: n} }

// Matrix is a small sparse matrix in columns: column j has entries Start[j] to
// Start[j+1]-1, rows ascending and each at most once. Several terms may share it.
type Matrix struct {
	Rows, Cols int
	Start      []int32
	Index      []int32
	Value      []float64
}

// Diagonal returns the square matrix with these values on its diagonal.
func Diagonal(v []float64) *Matrix {
	m := &Matrix{Rows: len(v), Cols: len(v), Start: make([]int32, len(v)+1), Index: make([]int32, len(v)), Value: v}
	for j := range v {
		m.Index[j], m.Start[j+1] = int32(j), int32(j+1)
	}
	return m
}

// Of returns a program without repetitions as a Problem that shares its arrays.
// Whole columns are taken as continuous.
func Of(p *lp.Problem) *Problem {
	return &Problem{
		Maximise: p.Maximise, Offset: p.Offset,
		RowGroups: []Group{{Name: "rows", Items: p.Rows(), Blocks: 1}},
		ColGroups: []Group{{Name: "columns", Items: p.Cols(), Blocks: 1}},
		Cost:      p.Cost, Lower: p.Lower, Upper: p.Upper,
		RowLower: p.RowLower, RowUpper: p.RowUpper,
		Start: p.Start, Index: p.Index, Value: p.Value,
	}
}

// AddRows appends a group of rows, all between lower and upper, and returns its number.
func (p *Problem) AddRows(name string, items, blocks int, lower, upper float64) int {
	g := Group{Name: name, Items: items, Blocks: blocks, First: len(p.RowLower)}
	p.RowGroups = append(p.RowGroups, g)
	p.RowLower = appendMany(p.RowLower, lower, g.Size())
	p.RowUpper = appendMany(p.RowUpper, upper, g.Size())
	return len(p.RowGroups) - 1
}

// AddCols appends a group of columns with one cost and one pair of bounds and returns its number.
func (p *Problem) AddCols(name string, items, blocks int, cost, lower, upper float64) int {
	g := Group{Name: name, Items: items, Blocks: blocks, First: len(p.Cost)}
	p.ColGroups = append(p.ColGroups, g)
	p.Cost = appendMany(p.Cost, cost, g.Size())
	p.Lower = appendMany(p.Lower, lower, g.Size())
	p.Upper = appendMany(p.Upper, upper, g.Size())
	return len(p.ColGroups) - 1
}

func appendMany(to []float64, v float64, n int) []float64 {
	at := len(to)
	to = append(to, make([]float64, n)...)
	for k := range to[at:] {
		to[at+k] = v
	}
	return to
}

// Cols returns the number of columns.
func (p *Problem) Cols() int { return len(p.Cost) }

// Rows returns the number of rows.
func (p *Problem) Rows() int { return len(p.RowLower) }

// NNZ returns the number of coefficients of A written out, each repetition counted.
func (p *Problem) NNZ() int {
	n := len(p.Value)
	for _, t := range p.Terms {
		for _, r := range t.Runs {
			n += len(t.Matrix.Value) * r.Count
		}
	}
	return n
}

// Stored returns the number of coefficients that are held: those of each
// matrix once, and the sparse columns.
func (p *Problem) Stored() int {
	n := len(p.Value)
	seen := map[*Matrix]bool{}
	for _, t := range p.Terms {
		if !seen[t.Matrix] {
			n += len(t.Matrix.Value)
			seen[t.Matrix] = true
		}
	}
	return n
}

// Explicit writes the problem out, entry by entry. Columns and rows keep their numbers.
func (p *Problem) Explicit() *lp.Problem {
	e := &lp.Problem{
		Maximise: p.Maximise, Offset: p.Offset,
		Cost: p.Cost, Lower: p.Lower, Upper: p.Upper, RowLower: p.RowLower, RowUpper: p.RowUpper,
		Start: make([]int, 1, p.Cols()+1),
		Index: make([]int32, 0, p.NNZ()), Value: make([]float64, 0, p.NNZ()),
		ColName: func(j int) string { return nameIn(p.ColGroups, j) },
		RowName: func(i int) string { return nameIn(p.RowGroups, i) },
	}
	for _, g := range p.ColGroups {
		for i := range g.Items {
			for b := range g.Blocks {
				e.Index, e.Value = p.AppendColumn(e.Index, e.Value, g, i, b)
				e.Start = append(e.Start, len(e.Value))
			}
		}
	}
	e.Compact()
	return e
}

// AppendColumn appends the rows and values of item i of a column group in
// block b. A row may come more than once; its values add up.
func (p *Problem) AppendColumn(index []int32, value []float64, g Group, i, b int) ([]int32, []float64) {
	for t := range p.Terms {
		term := &p.Terms[t]
		if cols := p.ColGroups[term.Cols]; cols.First != g.First || cols.Items == 0 {
			continue // of another group, or of one without items that begins there too
		}
		m, rows := term.Matrix, p.RowGroups[term.Rows]
		lo, hi := m.Start[i], m.Start[i+1]
		if lo == hi {
			continue
		}
		for _, r := range term.Runs {
			from, to := r.reached(r.ColStep, b-r.Col)
			for k := from; k < to; k++ {
				at := int32(rows.First + r.Row + k*r.RowStep)
				for e := lo; e < hi; e++ {
					index = append(index, at+m.Index[e]*int32(rows.Blocks))
				}
				value = append(value, m.Value[lo:hi]...)
			}
		}
	}
	if p.Start != nil {
		j := g.First + i*g.Blocks + b
		index = append(index, p.Index[p.Start[j]:p.Start[j+1]]...)
		value = append(value, p.Value[p.Start[j]:p.Start[j+1]]...)
	}
	return index, value
}

// reached returns for which k a run has the block that lies off after its first, step being its ColStep or RowStep.
func (r Run) reached(step, off int) (from, to int) {
	switch {
	case step == 0 && off == 0:
		return 0, r.Count
	case step == 1 && 0 <= off && off < r.Count:
		return off, off + 1
	}
	return 0, 0
}

// Transposed returns the matrix with rows and columns exchanged, entries of a column by ascending index.
func (m *Matrix) Transposed() *Matrix {
	out := &Matrix{Rows: m.Cols, Cols: m.Rows, Start: make([]int32, m.Rows+1), Index: make([]int32, len(m.Index)), Value: make([]float64, len(m.Value))}
	for _, i := range m.Index {
		out.Start[i+1]++
	}
	for i := range m.Rows {
		out.Start[i+1] += out.Start[i]
	}
	next := slices.Clone(out.Start)
	for j := range m.Cols {
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			i := m.Index[k]
			out.Index[next[i]], out.Value[next[i]] = int32(j), m.Value[k]
			next[i]++
		}
	}
	return out
}

func nameIn(groups []Group, at int) string {
	for _, g := range groups {
		if k := at - g.First; 0 <= k && k < g.Size() {
			return fmt.Sprintf("%s_%d_%d", g.Name, k/g.Blocks, k%g.Blocks)
		}
	}
	return fmt.Sprint(at)
}

// Validate says what is wrong with a problem: groups that do not follow each
// other, vectors of other lengths, terms that reach outside their groups,
// figures that are not numbers. Nil means that every function of this package is safe.
func (p *Problem) Validate() error {
	for _, side := range []struct {
		what   string
		groups []Group
		n      int
		vec    [][]float64
	}{
		{"row", p.RowGroups, p.Rows(), [][]float64{p.RowLower, p.RowUpper}},
		{"column", p.ColGroups, p.Cols(), [][]float64{p.Cost, p.Lower, p.Upper}},
	} {
		at := 0
		for k, g := range side.groups {
			if g.First != at || g.Items < 0 || g.Blocks < 1 {
				return fmt.Errorf("%s group %d %q: %d items in %d blocks from %d, expected it to begin at %d", side.what, k, g.Name, g.Items, g.Blocks, g.First, at)
			}
			at += g.Size()
		}
		if at > math.MaxInt32 {
			return fmt.Errorf("%d %ss, expected at most %d", at, side.what, math.MaxInt32)
		}
		for _, v := range side.vec {
			if len(v) != at {
				return fmt.Errorf("%d %ss in groups, but a vector of %d", at, side.what, len(v))
			}
		}
	}
	for k := range p.Terms {
		if err := p.validTerm(&p.Terms[k]); err != nil {
			return fmt.Errorf("term %d: %w", k, err)
		}
	}
	return p.plain().Validate()
}

// plain is the problem without its terms.
func (p *Problem) plain() *lp.Problem {
	e := &lp.Problem{
		Maximise: p.Maximise, Offset: p.Offset,
		Cost: p.Cost, Lower: p.Lower, Upper: p.Upper, RowLower: p.RowLower, RowUpper: p.RowUpper,
		Start: p.Start, Index: p.Index, Value: p.Value,
		ColName: func(j int) string { return nameIn(p.ColGroups, j) },
		RowName: func(i int) string { return nameIn(p.RowGroups, i) },
	}
	if e.Start == nil && p.Cols() > 0 {
		e.Start = make([]int, p.Cols()+1)
	}
	return e
}

func (p *Problem) validTerm(t *Term) error {
	if t.Rows < 0 || t.Rows >= len(p.RowGroups) || t.Cols < 0 || t.Cols >= len(p.ColGroups) {
		return fmt.Errorf("row group %d of %d, column group %d of %d", t.Rows, len(p.RowGroups), t.Cols, len(p.ColGroups))
	}
	rows, cols, m := p.RowGroups[t.Rows], p.ColGroups[t.Cols], t.Matrix
	if m.Rows != rows.Items || m.Cols != cols.Items {
		return fmt.Errorf("a matrix of %d×%d between %q of %d items and %q of %d", m.Rows, m.Cols, rows.Name, rows.Items, cols.Name, cols.Items)
	}
	for k, r := range t.Runs {
		steps := r.RowStep|r.ColStep == 1 && r.RowStep >= 0 && r.ColStep >= 0
		if !steps || r.Count < 1 || r.Row < 0 || r.Col < 0 || r.Row+(r.Count-1)*r.RowStep >= rows.Blocks || r.Col+(r.Count-1)*r.ColStep >= cols.Blocks {
			return fmt.Errorf("run %d is %+v between %q of %d blocks and %q of %d", k, r, rows.Name, rows.Blocks, cols.Name, cols.Blocks)
		}
	}
	return m.Validate()
}

// Validate says what is wrong with a matrix: lengths, order of rows, rows out of
// range, values that are not numbers.
func (m *Matrix) Validate() error {
	if len(m.Start) != m.Cols+1 || m.Start[0] != 0 || int(m.Start[m.Cols]) != len(m.Value) || len(m.Index) != len(m.Value) {
		return fmt.Errorf("a matrix of %d columns with %d offsets, %d rows and %d values", m.Cols, len(m.Start), len(m.Index), len(m.Value))
	}
	for j := range m.Cols {
		if m.Start[j] > m.Start[j+1] {
			return fmt.Errorf("matrix column %d: offsets %d to %d", j, m.Start[j], m.Start[j+1])
		}
		last := int32(-1)
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			if i := m.Index[k]; i <= last || int(i) >= m.Rows {
				return fmt.Errorf("matrix column %d: row %d after %d, of %d", j, i, last, m.Rows)
			} else if v := m.Value[k]; math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("matrix column %d, row %d: value %v", j, i, v)
			}
			last = m.Index[k]
		}
	}
	return nil
}
