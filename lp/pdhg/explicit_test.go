package pdhg

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"bremen/lp"
	"bremen/lp/highs"
	"bremen/lp/lptest"
)

var pool = sync.OnceValues(func() (*highs.Pool, error) { return highs.New(highs.Options{}) })

func presolve(t testing.TB) Presolve {
	t.Helper()
	p, err := pool()
	if err != nil {
		t.Fatal(err)
	}
	return p.Presolve
}

func TestBankPresolved(t *testing.T) {
	lptest.Run(t, &Solver{Presolve: presolve(t)}, []lp.Method{lp.Auto}, unsolved...)
}

// A postsolve that spoils every point, the first ones beyond use, is made up for by the
// whole program, or by a better point.
func TestSpoilt(t *testing.T) {
	p, best := lptest.Random(20, 30, 3)
	for _, by := range []float64{1e-4, 1e3} {
		times := 0
		spoil := func(_ context.Context, q *lp.Problem, o lp.Options, solve func(*lp.Problem, func(x, y []float64) (*lp.Solution, error)) (*lp.Solution, error)) (*lp.Solution, error) {
			return solve(q, func(x, y []float64) (*lp.Solution, error) {
				times++
				s := &lp.Solution{Col: x, RowDual: slices.Clone(y)}
				for i := range y {
					s.RowDual[i] += by / float64(times*times*times)
				}
				if s.Check = lp.CheckSolution(q, s); s.Check.Within(o.Tolerance) {
					s.Status = lp.Optimal
				}
				return s, nil
			})
		}
		s, err := (&Solver{Presolve: spoil}).Solve(t.Context(), p, lp.Options{Tolerance: 1e-6})
		if err != nil || s.Status != lp.Optimal || times == 0 {
			t.Fatalf("spoilt %d times by %v: %+v, %v", times, by, s, err)
		}
		if d := lp.CheckSolution(p, s); !d.Within(1e-6) || s.Iterations == 0 {
			t.Errorf("%+v after %d iterations, objective %v, want %v", d, s.Iterations, p.Evaluate(s.Col), best)
		}
	}
}

func TestPresolvedLimits(t *testing.T) {
	p := lptest.Economy(12, 2, 3, 1).Explicit()
	s, err := (&Solver{Presolve: presolve(t), Iterations: 200}).Solve(t.Context(), p, lp.Options{Tolerance: 1e-9})
	if err != nil || s.Status != lp.Stopped || s.Iterations < 200 || s.Iterations > 300 || len(s.Col) != p.Cols() {
		t.Errorf("with few iterations: %+v, %v", s, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = (&Solver{Presolve: presolve(t)}).Solve(ctx, p, lp.Options{Tolerance: 1e-12, Progress: func(q lp.Progress) {
		if q.Phase == "pdhg" {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
