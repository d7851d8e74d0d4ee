package finish_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/finish"
	"bremen/lp/highs"
	"bremen/lp/lptest"
	"bremen/lp/pdhg"
)

var pool = sync.OnceValues(func() (*highs.Pool, error) { return highs.New(highs.Options{}) })

func exact(t *testing.T) lp.Solver {
	t.Helper()
	p, err := pool()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A small program ends at a vertex that breaks nothing, is proven to the last digits and
// leaves what is not used at 0.
func TestSmallProgramsEndAtAVertex(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		p := lptest.Economy(20+int(seed), 3, 2+int(seed)%2, seed)
		p.Lower, p.Upper = block.ImpliedBounds(p) // the proof needs every column bounded
		s, err := finish.Solve(t.Context(), p, finish.Options{Exact: exact(t)})
		if err != nil {
			t.Fatal(err)
		}
		v, err := exact(t).Solve(t.Context(), p.Explicit(), lp.Options{Method: lp.Exact, Tolerance: 1e-8})
		if err != nil || v.Status != lp.Optimal {
			t.Fatal(v, err)
		}
		if s.Status != lp.Optimal || s.Method != finish.Exact || s.Proof.Broken != 0 || !(s.Proof.Gap >= 0 && s.Proof.Gap <= 1e-9) {
			t.Errorf("seed %d: %v by %s: %+v", seed, s.Status, s.Method, s.Proof)
		}
		if math.Abs(s.Objective-v.Objective) > 1e-8*(1+math.Abs(v.Objective)) || s.Objective != s.Proof.Objective {
			t.Errorf("seed %d: objective %v, of the vertex %v", seed, s.Objective, v.Objective)
		}
	}
}

func TestWhatIsNotUsedIsZero(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(40, 3, 4, 1)
	p.Lower, p.Upper = block.ImpliedBounds(p)
	s, err := finish.Solve(t.Context(), p, finish.Options{Exact: exact(t)})
	if err != nil || s.Method != finish.Exact || s.Proof.Broken != 0 {
		t.Fatal(s, err)
	}
	dust := 0
	for _, v := range s.Col {
		if v > 0 && v < 1e-9 {
			dust++
		}
	}
	if dust > len(s.Col)/50 {
		t.Errorf("%d of %d columns are nearly 0", dust, len(s.Col))
	}
}

// scripted fails in the ways a solver can.
type scripted func(ctx context.Context) (*lp.Solution, error)

func (f scripted) Solve(ctx context.Context, _ *lp.Problem, _ lp.Options) (*lp.Solution, error) {
	return f(ctx)
}

// Whatever comes of the exact method, there is a plan.
func TestTheFirstOrderPointIsThereInAnyCase(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(20, 2, 2, 1)
	p.Lower, p.Upper = block.ImpliedBounds(p)
	for name, o := range map[string]finish.Options{
		"it has run out of memory":  {Exact: scripted(func(context.Context) (*lp.Solution, error) { return nil, errors.New("memory") })},
		"it found nothing in time":  {Exact: scripted(func(context.Context) (*lp.Solution, error) { return &lp.Solution{Status: lp.Stopped}, nil })},
		"it takes more than is had": {Exact: exact(t), Options: pdhg.Options{Memory: finish.Memory(p) - 1}},
		"there is none":             {},
	} {
		s, err := finish.Solve(t.Context(), p, o)
		if err != nil || s.Status != lp.Optimal || s.Method != finish.FirstOrder || s.Proof.Broken != 0 || !(s.Proof.Gap < 1e-3) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	s, err := finish.Solve(t.Context(), p, finish.Options{
		Exact: scripted(func(context.Context) (*lp.Solution, error) { return nil, errors.New("memory") }), Options: pdhg.Options{Tolerance: 1e-6},
	})
	if err != nil || s.Status != lp.Optimal || !s.Check.Within(1e-6) {
		t.Errorf("to 1e-6 without an exact answer: %+v, %v", s, err)
	}
}

func TestTimeAndCancelling(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(20, 2, 2, 1)
	s, err := finish.Solve(t.Context(), p, finish.Options{Exact: exact(t), Options: pdhg.Options{Time: time.Nanosecond}})
	if err != nil || s.Status != lp.Stopped || s.Method != finish.FirstOrder || len(s.Col) != p.Cols() {
		t.Error(s, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	_, err = finish.Solve(ctx, p, finish.Options{Exact: scripted(func(ctx context.Context) (*lp.Solution, error) {
		stop()
		return nil, ctx.Err()
	})})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
}
