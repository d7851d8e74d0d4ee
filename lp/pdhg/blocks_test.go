package pdhg

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp/block"
	"bremen/lp/lptest"
)

// whole collects a pass and sees that it visits every value once and the
// pieces of each part in order and from one goroutine at a time.
func whole(t rapid.TB, op operator, n int, each func([]float64, func(part, first int, g []float64)), in []float64) []float64 {
	t.Helper()
	out, seen := make([]float64, n), make([]int, n)
	last := make([]int, op.parts())
	for k := range last {
		last[k] = -1
	}
	each(in, func(part, first int, g []float64) {
		if last[part] >= first {
			t.Errorf("part %d goes from %d to %d", part, last[part], first)
		}
		last[part] = first
		for k, v := range g {
			out[first+k] = v
			seen[first+k]++
			g[k] = math.NaN() // f may change g
		}
	})
	for i, k := range seen {
		if k != 1 {
			t.Fatalf("value %d is visited %d times", i, k)
		}
	}
	return out
}

// products returns A·x and Aᵀ·y, column by column, and what their terms add up to in size.
func products(p *block.Problem, x, y []float64) (ax, axSize, aty, atySize []float64) {
	ax, axSize = make([]float64, p.Rows()), make([]float64, p.Rows())
	aty, atySize = make([]float64, p.Cols()), make([]float64, p.Cols())
	var rows []int32
	var values []float64
	for _, g := range p.ColGroups {
		for j := range g.Size() {
			rows, values = p.AppendColumn(rows[:0], values[:0], g, j/g.Blocks, j%g.Blocks)
			j += g.First
			for k, i := range rows {
				ax[i] += values[k] * x[j]
				axSize[i] += math.Abs(values[k] * x[j])
				aty[j] += values[k] * y[i]
				atySize[j] += math.Abs(values[k] * y[i])
			}
		}
	}
	return ax, axSize, aty, atySize
}

// sameAsColumns holds the operator of p with 1, 2 and 3 threads to its columns.
func sameAsColumns(t rapid.TB, p *block.Problem, x, y []float64) {
	t.Helper()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	ax, axSize, aty, atySize := products(p, x, y)
	var first [2][]float64
	for threads := 1; threads <= 3; threads++ {
		op := newBlocks(p, threads)
		op.byCol.crew.least = 0
		got := [2][]float64{whole(t, op, p.Rows(), op.eachRow, x), whole(t, op, p.Cols(), op.eachCol, y)}
		if threads > 1 {
			sameBits(t, "rows of more threads", got[0], first[0])
			sameBits(t, "columns of more threads", got[1], first[1])
			continue
		}
		first = got
		within(t, "row", got[0], ax, axSize)
		within(t, "column", got[1], aty, atySize)
		sameBits(t, "rows again", whole(t, op, p.Rows(), op.eachRow, x), got[0])
	}
}

func within(t rapid.TB, what string, got, want, size []float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-12*size[i]) {
			t.Fatalf("%s %d: %v, want %v", what, i, got[i], want[i])
		}
	}
}

func TestBlocksMultiplyLikeTheirColumns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		p := drawProblem(t, r)
		sameAsColumns(t, p, drawFigures(r, p.Cols()), drawFigures(r, p.Rows()))
	})
}

func drawFigures(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return v
}

// drawProblem draws a program with all kinds of groups, terms and runs; r gives its figures.
func drawProblem(t *rapid.T, r *rand.Rand) *block.Problem {
	p := &block.Problem{}
	items, blocks := rapid.IntRange(0, 5), rapid.SampledFrom([]int{1, 1, 2, 3, 6, 9, 24, 70})
	for range rapid.IntRange(1, 3).Draw(t, "row groups") {
		p.AddRows("r", items.Draw(t, "items"), blocks.Draw(t, "blocks"), 0, 1)
	}
	for range rapid.IntRange(1, 3).Draw(t, "column groups") {
		p.AddCols("c", items.Draw(t, "items"), blocks.Draw(t, "blocks"), 0, 0, 1)
	}
	var shared *block.Matrix
	for range rapid.IntRange(0, 5).Draw(t, "terms") {
		term := block.Term{Rows: rapid.IntRange(0, len(p.RowGroups)-1).Draw(t, "rows"), Cols: rapid.IntRange(0, len(p.ColGroups)-1).Draw(t, "cols")}
		rows, cols := p.RowGroups[term.Rows], p.ColGroups[term.Cols]
		if shared == nil || shared.Rows != rows.Items || shared.Cols != cols.Items || rapid.Bool().Draw(t, "another") {
			shared = drawMatrix(r, rows.Items, cols.Items)
		}
		term.Matrix, term.Runs = shared, drawRuns(t, rows.Blocks, cols.Blocks)
		p.Terms = append(p.Terms, term)
	}
	if rapid.Bool().Draw(t, "sparse") {
		p.Start = make([]int, 1, p.Cols()+1)
		for range p.Cols() {
			for i := range p.Rows() {
				if r.IntN(30) == 0 {
					p.Index, p.Value = append(p.Index, int32(i)), append(p.Value, r.NormFloat64())
				}
			}
			p.Start = append(p.Start, len(p.Value))
		}
	}
	return p
}

func drawMatrix(r *rand.Rand, rows, cols int) *block.Matrix {
	m := &block.Matrix{Rows: rows, Cols: cols, Start: make([]int32, 1, cols+1)}
	for range cols {
		for i := range rows {
			if r.IntN(2) > 0 {
				m.Index, m.Value = append(m.Index, int32(i)), append(m.Value, r.NormFloat64())
			}
		}
		m.Start = append(m.Start, int32(len(m.Value)))
	}
	return m
}

func drawRuns(t *rapid.T, rows, cols int) []block.Run {
	switch least := min(rows, cols); rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		return []block.Run{block.Everywhere(least)}
	case 1: // shorter runs that may continue each other
		var runs []block.Run
		n := max(1, least/3)
		for at := 0; at+n <= least; at += n {
			runs = append(runs, block.Run{Row: at, Col: (at + rapid.IntRange(0, 1).Draw(t, "shift")*n) % (cols - n + 1), RowStep: 1, ColStep: 1, Count: n})
		}
		return runs
	case 2: // sums over parts of the blocks
		var runs []block.Run
		n := max(1, cols/min(rows, cols))
		for k := range least {
			runs = append(runs, block.Run{Row: k, Col: k * n, ColStep: 1, Count: n})
		}
		return runs
	case 3: // one acts in many
		n := rapid.IntRange(1, rows).Draw(t, "count")
		return []block.Run{{Row: rows - n, Col: rapid.IntRange(0, cols-1).Draw(t, "col"), RowStep: 1, Count: n}}
	}
	var runs []block.Run
	for range rapid.IntRange(0, 3).Draw(t, "runs") {
		r := block.Run{Row: rapid.IntRange(0, rows-1).Draw(t, "row"), Col: rapid.IntRange(0, cols-1).Draw(t, "col"), Count: 1 << 30}
		r.RowStep = rapid.IntRange(0, 1).Draw(t, "row step")
		r.ColStep = 1 - r.RowStep*rapid.IntRange(0, 1).Draw(t, "column step")
		if r.RowStep == 1 {
			r.Count = min(r.Count, rows-r.Row)
		}
		if r.ColStep == 1 {
			r.Count = min(r.Count, cols-r.Col)
		}
		r.Count = rapid.IntRange(1, r.Count).Draw(t, "count")
		runs = append(runs, r)
	}
	return runs
}

func TestBlocksOfAnEconomyMultiplyLikeTheirColumns(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(60, 3, 7, 1)
	sameAsColumns(t, p, waves(p.Cols()), waves(p.Rows()))
}

// waves is n figures with nothing behind them.
func waves(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = math.Sin(float64(i))
	}
	return v
}

func TestLongRowsAndColumnsAreSummedInParts(t *testing.T) {
	t.Parallel()
	p := &block.Problem{}
	p.AddRows("short", 2*chunk+7, 1, 0, 1)
	p.AddRows("blocks", 2, 40, 0, 1)
	p.AddCols("short", 3*chunk, 1, 0, 0, 1)
	p.AddCols("blocks", 1, 50, 0, 0, 1)
	columns := make([][]int32, p.Cols())
	for i := range p.Rows() {
		columns[5] = append(columns[5], int32(i))
		columns[p.Cols()-3] = append(columns[p.Cols()-3], int32(i))
	}
	for j := range p.Cols() {
		for _, i := range []int32{3, int32(p.Rows() - 9)} { // two long rows
			if !slices.Contains(columns[j], i) {
				columns[j] = append(columns[j], i)
			}
		}
	}
	p.Start = make([]int, 1, p.Cols()+1)
	for j, rows := range columns {
		for _, i := range rows {
			p.Index, p.Value = append(p.Index, i), append(p.Value, 1+math.Cos(float64(j)+float64(i)))
		}
		p.Start = append(p.Start, len(p.Value))
	}
	op := newBlocks(p, 2)
	if len(op.byCol.chunked) != 6 || len(op.byRow.chunked) != 8 {
		t.Errorf("%d and %d partial sums", len(op.byCol.chunked), len(op.byRow.chunked))
	}
	sameAsColumns(t, p, waves(p.Cols()), waves(p.Rows()))
}

func TestPassesAllocateNothing(t *testing.T) {
	p := lptest.Economy(60, 3, 7, 1)
	op := newBlocks(p, 2)
	op.byCol.crew.least = 0
	x, y := waves(p.Cols()), waves(p.Rows())
	f := func(int, int, []float64) {}
	if n := testing.AllocsPerRun(20, func() {
		op.eachCol(y, f)
		op.eachRow(x, f)
	}); n > 0 {
		t.Errorf("%v allocations a pass", n)
	}
}
