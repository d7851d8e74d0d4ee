package highs

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"bremen/lp"
	"bremen/lp/lptest"
)

type restoring = func(x, y []float64) (*lp.Solution, error)

// presolving solves what presolve leaves, twice over, by another instance.
type presolving struct{ *Pool }

func (s presolving) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	if integral(p) {
		return s.Pool.Solve(ctx, p, o)
	}
	return s.Presolve(ctx, p, o, func(reduced *lp.Problem, restore restoring) (*lp.Solution, error) {
		off := false
		o.Presolve = &off
		r, err := s.Pool.Solve(ctx, reduced, o)
		if err != nil {
			return nil, err
		}
		if r.Status != lp.Optimal { // presolve does not see everything
			return s.Pool.Solve(ctx, p, o)
		}
		first, err := restore(r.Col, r.RowDual)
		if err != nil {
			return nil, err
		}
		again, err := restore(r.Col, r.RowDual)
		if err == nil && fingerprint(first) != fingerprint(again) {
			err = errors.New("restoring the same point twice gives two solutions")
		}
		if err == nil && again.Status != lp.Optimal { // as it happens now and then without a basis
			return s.Pool.Solve(ctx, p, o)
		}
		return again, err
	})
}

func TestPresolve(t *testing.T) {
	for _, e := range engines() {
		t.Run(e, func(t *testing.T) {
			lptest.Run(t, presolving{poolOf(t, e)}, []lp.Method{lp.Simplex})
		})
	}
}

// Both engines presolve to the same bits, and less is left than there was.
func TestPresolveReduces(t *testing.T) {
	p := lptest.Planning(20, 3, 4, 1)
	var marks []uint64
	for _, e := range engines() {
		s, err := poolOf(t, e).Presolve(t.Context(), p, lp.Options{}, func(reduced *lp.Problem, restore restoring) (*lp.Solution, error) {
			if reduced.Rows() > p.Rows() || reduced.Cols() >= p.Cols() || reduced.Cols() == 0 {
				t.Errorf("%d×%d became %d×%d", p.Rows(), p.Cols(), reduced.Rows(), reduced.Cols())
			}
			if _, err := restore(make([]float64, reduced.Cols()+1), make([]float64, reduced.Rows())); err == nil {
				t.Error("a point too long went through")
			}
			if s, err := restore(make([]float64, reduced.Cols()), make([]float64, reduced.Rows())); err != nil || s.Status != lp.Unknown {
				t.Errorf("a point that is no answer: %+v, %v", s, err)
			}
			r, err := poolOf(t, e).Solve(t.Context(), reduced, lp.Options{})
			if err != nil {
				return nil, err
			}
			return restore(r.Col, r.RowDual)
		})
		if err != nil || s.Status != lp.Optimal {
			t.Fatalf("%s: %+v, %v", e, s, err)
		}
		marks = append(marks, fingerprint(s))
	}
	for _, m := range marks {
		if m != marks[0] {
			t.Errorf("engines give %x", marks)
		}
	}
}

func TestPresolveLimits(t *testing.T) {
	p := large()
	never := func(*lp.Problem, restoring) (*lp.Solution, error) {
		t.Error("went on to solve")
		return nil, nil
	}
	s, err := pool(t).Presolve(t.Context(), p, lp.Options{Time: time.Nanosecond}, never)
	if err != nil || s.Status != lp.Stopped {
		t.Errorf("without time: %+v, %v", s, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pool(t).Presolve(ctx, p, lp.Options{}, never); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	_, err = pool(t).Presolve(ctx, p, lp.Options{}, func(reduced *lp.Problem, restore restoring) (*lp.Solution, error) {
		cancel()
		return restore(make([]float64, reduced.Cols()), make([]float64, reduced.Rows()))
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before the end: %v", err)
	}
	whole := lptest.Bank()[0].Problem()
	whole.SetInteger(0)
	if _, err := pool(t).Presolve(t.Context(), whole, lp.Options{}, never); err == nil {
		t.Error("an integer program went through")
	}
	small, err := New(Options{Memory: 17 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	if _, err := small.Presolve(t.Context(), lptest.Planning(240, 8, 12, 1), lp.Options{}, never); !errors.Is(err, ErrMemory) {
		t.Errorf("with little memory: %v", err)
	}
	stillWorks(t, small)
}

// IPX alone fails on fixed columns and mixes up rows where some have no bounds.
func TestInteriorWithoutPresolve(t *testing.T) {
	for seed := range uint64(20) {
		p, want := lptest.Random(30, 50, seed)
		i := p.AddRow(-lp.Inf, lp.Inf)
		p.AddColumn(0, 2, 2)
		p.Entry(i, 3)
		off := false
		s, err := pool(t).Solve(t.Context(), p, lp.Options{Method: lp.Interior, Presolve: &off})
		if err != nil || s.Status != lp.Optimal {
			t.Fatal(seed, err, s)
		}
		if math.Abs(s.Objective-want) > 1e-5*(1+math.Abs(want)) {
			t.Errorf("program %d: objective %g, it is %g", seed, s.Objective, want)
		}
		if len(s.Col) != p.Cols() || len(s.RowDual) != p.Rows() || s.Col[50] != 2 {
			t.Errorf("program %d: %d columns, %d duals, the last column is %g", seed, len(s.Col), len(s.RowDual), s.Col[50])
		}
	}
}
