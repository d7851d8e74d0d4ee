package pdhg

import (
	"math"
	"testing"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/lptest"
)

func TestCloseBreaksNothingAndCostsLittle(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(40, 3, 4, 2)
	lower, upper := block.ImpliedBounds(p)
	for _, tolerance := range []float64{1e-2, 1e-4} {
		s, err := Solve(t.Context(), p, Options{Tolerance: tolerance})
		if err != nil || s.Status != lp.Optimal || s.Check.Primal == 0 {
			t.Fatal(s, err)
		}
		x, broken, err := Close(t.Context(), p, s.Col, Options{})
		if err != nil || broken != 0 {
			t.Fatalf("broken by %v, error %v", broken, err)
		}
		got := block.Prove(p, x, s.RowDual, lower, upper)
		if got.Broken != 0 || got.Gap < 0 || got.Gap > 20*tolerance {
			t.Errorf("solved to %v: %+v", tolerance, got)
		}
	}
}

// Columns by row; the first two can do nothing, for what the first takes
// nobody has, and what the second takes only the first makes.
func TestClosePutsColumnsWithoutChoiceFirst(t *testing.T) {
	t.Parallel()
	e := &lp.Problem{}
	e.AddRow(-lp.Inf, 0)
	e.AddRow(0, lp.Inf)
	e.AddRow(-lp.Inf, 1)
	for _, column := range [][3]float64{{0.1, 1, 0}, {0, -0.3, 1}, {0, 0, 1}, {0, 0, 3}} {
		e.AddColumn(-1, 0, lp.Inf)
		for i, a := range column {
			if a != 0 {
				e.Entry(i, a)
			}
		}
	}
	x, broken, err := Close(t.Context(), block.Of(e), []float64{1e-4, 1e-3, 0.5, 0.2}, Options{})
	if err != nil || broken != 0 || x[0] != 0 || x[1] != 0 || x[2]+3*x[3] < 0.7 {
		t.Fatal(x, broken, err)
	}
}

func TestCloseTellsWhatStaysBroken(t *testing.T) {
	t.Parallel()
	e := &lp.Problem{}
	e.AddRow(1, 1)
	e.AddRow(3, lp.Inf) // more than the first row allows
	e.AddColumn(1, 0, 2)
	e.Entry(0, 1)
	e.Entry(1, 1)
	x, broken, err := Close(t.Context(), block.Of(e), []float64{0.5}, Options{Iterations: 1000})
	if err != nil || !(broken > 0.1) || len(x) != 1 || math.IsNaN(x[0]) {
		t.Fatal(x, broken, err)
	}
}

func TestCloseKeepsWhatBreaksNothing(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(40, 3, 4, 2)
	nothing := make([]float64, p.Cols())
	if x, broken, err := Close(t.Context(), p, nothing, Options{}); err != nil || broken != 0 || &x[0] != &nothing[0] {
		t.Fatal(broken, err)
	}
}
