package block_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/lptest"
)

// points draws a point and duals that are somewhere near what a solver returns.
func points(p *block.Problem, seed uint64) (x, y []float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	x, y = make([]float64, p.Cols()), make([]float64, p.Rows())
	for j := range x {
		x[j] = math.Min(r.ExpFloat64(), p.Upper[j])
	}
	for i := range y {
		y[i] = r.NormFloat64()
	}
	return x, y
}

func TestCheckIsThatOfTheProblemWrittenOut(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(60, 3, 7, 1)
	e := p.Explicit()
	rapid.Check(t, func(t *rapid.T) {
		x, y := points(p, rapid.Uint64().Draw(t, "seed"))
		p.Maximise, p.Offset = rapid.Bool().Draw(t, "maximise"), rapid.Float64Range(-5, 5).Draw(t, "offset")
		e.Maximise, e.Offset = p.Maximise, p.Offset
		got, want := block.Check(p, x, y), lp.CheckSolution(e, &lp.Solution{Col: x, RowDual: y})
		for _, pair := range [][2]float64{{got.Primal, want.Primal}, {got.Dual, want.Dual}, {got.Gap, want.Gap}} {
			if math.Abs(pair[0]-pair[1]) > 1e-14*(1+pair[1]) {
				t.Fatalf("%+v, want %+v", got, want)
			}
		}
		if got := block.Check(p, x, nil); got.Primal != want.Primal || got.Dual != math.MaxFloat64 || got.Gap != math.MaxFloat64 {
			t.Fatalf("without duals %+v", got)
		}
	})
}

func TestSafeBoundIsThatOfTheProblemWrittenOut(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(60, 3, 7, 1)
	e := p.Explicit()
	rapid.Check(t, func(t *rapid.T) {
		_, y := points(p, rapid.Uint64().Draw(t, "seed"))
		if rapid.Bool().Draw(t, "finite") {
			for j, u := range p.Upper {
				p.Upper[j] = math.Min(u, 10)
			}
		}
		e.Upper = p.Upper
		got, want := block.SafeBound(p, y), lp.SafeBound(e, y, nil, nil, nil)
		if !(math.Abs(got.Value-want.Value) <= 1e-13*math.Abs(want.Value)) && got.Value != want.Value || len(got.Unbounded) != len(want.Unbounded) {
			t.Fatalf("%v with %d unbounded, want %v with %d", got.Value, len(got.Unbounded), want.Value, len(want.Unbounded))
		}
		for k := range got.Unbounded {
			if got.Unbounded[k] != want.Unbounded[k] {
				t.Fatalf("unbounded %v, want %v", got.Unbounded, want.Unbounded)
			}
		}
	})
}

func TestImpliedBoundsMakeProofsFinite(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(60, 3, 7, 1)
	lower, upper := block.ImpliedBounds(p)
	for j := range lower {
		if lower[j] < p.Lower[j] || upper[j] > p.Upper[j] || math.IsInf(upper[j], 1) {
			t.Fatalf("column %d is between %v and %v, stated are %v and %v", j, lower[j], upper[j], p.Lower[j], p.Upper[j])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		_, y := points(p, rapid.Uint64().Draw(t, "seed"))
		nothing := make([]float64, p.Cols())
		got := block.Prove(p, nothing, y, lower, upper)
		if got.Objective != 0 || got.Broken != 0 || !(got.Bound < 0) || got.Gap != -got.Bound {
			t.Fatalf("doing nothing, %+v", got)
		}
		if got := block.Prove(p, nothing, y, nil, nil); got.Gap != math.MaxFloat64 {
			t.Fatalf("without bounds, %+v", got)
		}
	})
}

// Not parallel: it changes the number of processors.
func TestFiguresDoNotDependOnProcessors(t *testing.T) {
	p := lptest.Economy(300, 5, 12, 1)
	for j, u := range p.Upper {
		p.Upper[j] = math.Min(u, 10)
	}
	x, y := points(p, 1)
	check, bound := block.Check(p, x, y), block.SafeBound(p, y)
	for _, n := range []int{1, 2, 5} {
		old := runtime.GOMAXPROCS(n)
		if got := block.Check(p, x, y); got != check {
			t.Errorf("%+v with %d processors, want %+v", got, n, check)
		}
		if got := block.SafeBound(p, y); got.Value != bound.Value || math.IsInf(got.Value, 0) {
			t.Errorf("%v with %d processors, want %v", got, n, bound)
		}
		runtime.GOMAXPROCS(old)
	}
}

func BenchmarkCheck(b *testing.B) {
	p := lptest.Economy(3000, 10, 12, 1)
	x, y := points(p, 1)
	b.Run("check", func(b *testing.B) {
		for b.Loop() {
			block.Check(p, x, y)
		}
	})
	b.Run("bound", func(b *testing.B) {
		for b.Loop() {
			block.SafeBound(p, y)
		}
	})
}

// Weights prove a contradiction exactly where what rows ask for, weighed, is more
// than columns can give, and as they do of the program written out.
func TestFarkasHolds(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(20, 3, 2, 1)
	for j, u := range p.Upper {
		p.Upper[j] = math.Min(u, 10)
	}
	e := p.Explicit()
	rapid.Check(t, func(t *rapid.T) {
		_, y := points(p, rapid.Uint64().Draw(t, "seed"))
		sum := 0.0
		for i, v := range y {
			y[i] = math.Abs(v)
			sum += y[i]
		}
		most := 0.0 // of y·A·x
		zero := make([]float64, len(y))
		for j := range p.Cost {
			d := -e.ReducedCost(j, 0, y, zero)
			most += math.Max(d*p.Lower[j], d*p.Upper[j])
		}
		more := rapid.SampledFrom([]float64{1e-3, 1e-9, -1e-9, -1e-3}).Draw(t, "more")
		for i := range y {
			p.RowLower[i], p.RowUpper[i] = most/sum+more*(1+math.Abs(most/sum)), lp.Inf
		}
		e.RowLower, e.RowUpper = p.RowLower, p.RowUpper
		if got := block.FarkasHolds(p, y, nil, nil); got != (more > 0) {
			t.Fatalf("rows ask for %v more than there can be: %v", more, got)
		}
		for range 3 {
			y[rapid.IntRange(0, len(y)-1).Draw(t, "row")] = rapid.Float64Range(-1, 2).Draw(t, "weight")
			if got, want := block.FarkasHolds(p, y, nil, nil), lp.FarkasHolds(e, y, nil, nil); got != want {
				t.Fatalf("changed weights: %v, written out %v", got, want)
			}
		}
	})
}

// BenchmarkProve is of 9.4e6 coefficients written out.
func BenchmarkProve(b *testing.B) {
	p := lptest.Economy(3000, 10, 12, 1)
	x, y := points(p, 1)
	for b.Loop() {
		block.Prove(p, x, y, nil, nil)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(p.NNZ()), "ns/coefficient")
	b.ReportAllocs()
}
