package interior

import (
	"testing"

	"bremen/lp"
	"bremen/lp/lptest"
)

func TestStartNearTheOptimumSavesIterations(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(30, 3, 3, 1).Explicit()
	cold := solved(t, p, 1)
	near := &lp.Solution{Col: make([]float64, p.Cols()), RowDual: make([]float64, p.Rows())}
	for j, v := range cold.Col { // right to four digits
		near.Col[j] = v * (1 + 1e-4*float64(j%3-1))
	}
	for i, v := range cold.RowDual {
		near.RowDual[i] = v * (1 + 1e-4*float64(i%3-1))
	}
	warm, err := (&Solver{}).Solve(t.Context(), p, lp.Options{Method: lp.Sharp, Start: near})
	if err != nil || warm.Status != lp.Optimal || warm.Iterations*4 > cold.Iterations*3 {
		t.Errorf("%d iterations and status %d, from nothing %d (%v)", warm.Iterations, warm.Status, cold.Iterations, err)
	}
	near.Col = near.Col[1:]
	if _, err := (&Solver{}).Solve(t.Context(), p, lp.Options{Method: lp.Sharp, Start: near}); err == nil {
		t.Error("a start of too few columns went through")
	}
}
