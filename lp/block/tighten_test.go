package block_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp/block"
	"bremen/lp/lptest"
)

// Whatever duals it is given, what they prove gets no worse, and no dual that was moved last could be better placed.
func TestTightenedDualsProveNoLess(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(40, 2, 3, 1)
	for j, u := range p.Upper {
		p.Upper[j] = math.Min(u, 50)
	}
	tight := block.NewTightener(p)
	last := p.Rows() - 1
	cost := p.Cost
	rapid.Check(t, func(t *rapid.T) {
		_, y := points(p, rapid.Uint64().Draw(t, "seed"))
		p.Maximise, p.Cost = rapid.Bool().Draw(t, "maximise"), make([]float64, len(cost))
		sign := 1.0
		if p.Maximise {
			sign = -1
		}
		for j, c := range cost {
			p.Cost[j] = sign * c
		}
		worth := func(y []float64) float64 { return sign * block.SafeBound(p, y).Value }
		z := tight.Tighten(y, rapid.IntRange(1, 3).Draw(t, "passes"))
		before, after := worth(y), worth(z)
		if after < before-1e-9*math.Abs(before) {
			t.Fatalf("proven is %v, before %v", after, before)
		}
		for _, by := range []float64{-1, -1e-3, 1e-3, 1} {
			z[last] += by
			if moved := worth(z); moved > after+1e-9*math.Abs(after) {
				t.Fatalf("row %d moved by %v proves %v, want no more than %v", last, by, moved, after)
			}
			z[last] -= by
		}
	})
}

// Where columns share a row, its dual makes good what is left to each.
func TestTightenFindsTheRowThatIsShared(t *testing.T) {
	t.Parallel()
	p := &block.Problem{Maximise: true}
	work := p.AddRows("work", 1, 1, -math.Inf(1), 10)
	makes := p.AddCols("makes", 3, 1, 1, 0, 100)
	p.Terms = []block.Term{{Rows: work, Cols: makes, Matrix: &block.Matrix{Rows: 1, Cols: 3, Start: []int32{0, 1, 2, 3}, Index: []int32{0, 0, 0}, Value: []float64{1, 1, 2}}, Runs: []block.Run{block.Everywhere(1)}}}
	for _, from := range []float64{-3, 0, 0.99, 7} {
		y := block.NewTightener(p).Tighten([]float64{from}, 1)
		if got := block.SafeBound(p, y).Value; math.Abs(got-10) > 1e-12 {
			t.Errorf("from %v: proven is %v by %v, want 10", from, got, y)
		}
	}
	p.Upper[0] = math.Inf(1)
	if y := block.NewTightener(p).Tighten([]float64{2}, 1); y[0] != 2 {
		t.Errorf("without bounds %v, want what it was given", y)
	}
}
