package finish_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp"
	"bremen/lp/finish"
	"bremen/lp/interior"
	"bremen/lp/lptest"
	"bremen/lp/pdhg"
)

// counting counts the solves of a solver and the columns that it may choose.
type counting struct {
	lp.Solver
	free []int
}

func (c *counting) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	free := 0
	for j := range p.Lower {
		if p.Lower[j] < p.Upper[j] {
			free++
		}
	}
	c.free = append(c.free, free)
	return c.Solver.Solve(ctx, p, o)
}

func TestSolveLeavesOutMostAndReachesTheOptimum(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(40, 3, 4, 1)
	near, err := pdhg.Solve(t.Context(), p, pdhg.Options{Tolerance: 1e-5})
	if err != nil {
		t.Fatal(err)
	}
	e := p.Explicit()
	by := &counting{Solver: &interior.Solver{}}
	s, err := finish.Solve(t.Context(), e, &lp.Solution{Col: near.Col, RowDual: near.RowDual}, by, lp.Options{})
	if err != nil || s.Status != lp.Optimal || !lp.CheckSolution(e, s).Within(1e-7) || len(s.Col) != e.Cols() {
		t.Fatal(s, err)
	}
	if len(by.free) == 0 || by.free[0] > e.Cols()*3/4+2*e.Rows() || !strings.Contains(s.Detail, "without") {
		t.Errorf("columns of the programs solved %v of %d, %s", by.free, e.Cols(), s.Detail)
	}
	cold, err := by.Solve(t.Context(), e, lp.Options{Method: lp.Sharp})
	if err != nil || math.Abs(cold.Objective-s.Objective) > 1e-7*math.Abs(cold.Objective) {
		t.Errorf("%v, from nothing %v (%v)", s.Objective, cold.Objective, err)
	}
}

// Wherever it begins, and whatever it leaves out at first, the answer is the optimum.
func TestSolveBelievesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		e, best := lptest.Random(8, 12, seed)
		by := &interior.Solver{}
		near, err := by.Solve(context.Background(), e, lp.Options{Method: lp.Sharp})
		if err != nil || near.Status != lp.Optimal {
			t.Skip("no point to begin at")
		}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			near.Col[rapid.IntRange(0, len(near.Col)-1).Draw(t, "column")] = rapid.Float64Range(-3, 3).Draw(t, "value")
			near.RowDual[rapid.IntRange(0, len(near.RowDual)-1).Draw(t, "row")] *= rapid.Float64Range(-1, 2).Draw(t, "factor")
		}
		s, err := finish.Solve(context.Background(), e, near, by, lp.Options{})
		if err != nil || s.Status != lp.Optimal || math.Abs(s.Objective-best) > 1e-5*(1+math.Abs(best)) {
			t.Fatal(s, err, best)
		}
	})
}

func TestSolveNeedsAPointOfTheProgram(t *testing.T) {
	t.Parallel()
	e, _ := lptest.Random(8, 12, 1)
	if _, err := finish.Solve(t.Context(), e, &lp.Solution{Col: []float64{1}}, &interior.Solver{}, lp.Options{}); err == nil {
		t.Error("a point of one column went through")
	}
}
