package interior

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"bremen/lp"
	"bremen/lp/lptest"
)

func TestCancelledInTheMiddle(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls := 0
	o := lp.Options{Method: lp.Sharp, Progress: func(p lp.Progress) {
		if calls++; p.Iterations == 3 {
			cancel()
		}
	}}
	s, err := (&Solver{}).Solve(ctx, lptest.Planning(30, 2, 3, 2), o)
	if !errors.Is(err, context.Canceled) || s != nil {
		t.Errorf("%v, %v; want the context's error alone", s, err)
	}
	if calls != 3 {
		t.Errorf("%d iterations, cancelled in the third", calls)
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if _, err := (&Solver{}).Solve(ctx, lptest.Planning(10, 2, 2, 1), lp.Options{Method: lp.Sharp}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the context's error", err)
	}
}

// Out of time, the point reached so far comes back with its residuals.
func TestStoppedByTime(t *testing.T) {
	t.Parallel()
	p := lptest.Planning(30, 2, 3, 2)
	s, err := (&Solver{}).Solve(t.Context(), p, lp.Options{Method: lp.Sharp, Time: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != lp.Stopped || s.Iterations != 1 {
		t.Errorf("status %d after %d iterations, want stopped after one", s.Status, s.Iterations)
	}
	if len(s.Col) != p.Cols() || len(s.RowDual) != p.Rows() || s.Check != lp.CheckSolution(p, s) {
		t.Errorf("%d columns, %d rows, residuals %+v: no point of the program", len(s.Col), len(s.RowDual), s.Check)
	}
}

func TestProgressIsTold(t *testing.T) {
	t.Parallel()
	var told []lp.Progress
	o := lp.Options{Method: lp.Sharp, Progress: func(p lp.Progress) { told = append(told, p) }}
	s, err := (&Solver{}).Solve(t.Context(), lptest.Planning(10, 2, 3, 1), o)
	if err != nil || s.Status != lp.Optimal {
		t.Fatal(err, s)
	}
	if len(told) != s.Iterations || s.Iterations == 0 {
		t.Fatalf("told %d times of %d iterations", len(told), s.Iterations)
	}
	for i, p := range told {
		if p.Iterations != i+1 || p.Phase != "interior" || p.Elapsed < 0 || p.Elapsed > s.Elapsed {
			t.Errorf("call %d told of %+v, the whole took %v", i+1, p, s.Elapsed)
		}
	}
	if !strings.Contains(s.Detail, "iterations") || s.Method != lp.Interior {
		t.Errorf("detail %q, method %q", s.Detail, s.Method)
	}
}
