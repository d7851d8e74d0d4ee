package highs

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"bremen/lp"
	"bremen/lp/lptest"
)

func openSession(t testing.TB, p *lp.Problem) *Session {
	t.Helper()
	s, err := pool(t).Open(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// change makes a random change of every kind.
func change(s *Session, r *rand.Rand) {
	p := s.Problem()
	j, i := r.IntN(p.Cols()), r.IntN(p.Rows())
	switch r.IntN(5) {
	case 0:
		s.SetCost(j, p.Cost[j]+r.NormFloat64())
	case 1:
		s.SetColumn(j, p.Lower[j], p.Upper[j]+r.Float64())
	case 2:
		s.SetRow(i, p.RowLower[i]-r.Float64(), p.RowUpper[i])
	case 3:
		s.SetEntry(i, j, r.Float64())
	case 4:
		s.AddRow(-lp.Inf, 1000+r.Float64(), []int{j, (j + 1) % p.Cols()}, []float64{1, 2})
	}
}

// Whatever the changes, a session's answers are those of its program.
func TestSession(t *testing.T) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 0))
		s := openSession(t, lptest.Planning(10, 2, 3, seed))
		for step := range 12 {
			for range r.IntN(3) {
				change(s, r)
			}
			warm := solve(t, s2{s}, nil, lp.Options{Method: lp.Simplex})
			cold := solve(t, pool(t), s.Problem(), lp.Options{Method: lp.Simplex})
			if warm.Status != cold.Status || math.Abs(warm.Objective-cold.Objective) > 1e-6*(1+math.Abs(cold.Objective)) {
				t.Fatalf("seed %d, step %d: status %d, %v in the session, %d, %v without", seed, step, warm.Status, warm.Objective, cold.Status, cold.Objective)
			}
			for _, m := range []lp.Method{lp.Interior, lp.Exact} {
				a, b := solve(t, s2{s}, nil, lp.Options{Method: m}), solve(t, pool(t), s.Problem(), lp.Options{Method: m})
				if fingerprint(a) != fingerprint(b) {
					t.Fatalf("seed %d, step %d: %s depends on what was solved before", seed, step, m)
				}
			}
		}
	}
}

// s2 lets a session be used where a solver is wanted.
type s2 struct{ *Session }

func (s s2) Solve(ctx context.Context, _ *lp.Problem, o lp.Options) (*lp.Solution, error) {
	return s.Session.Solve(ctx, o)
}

func TestSessionIsWarm(t *testing.T) {
	p := lptest.Planning(30, 3, 4, 1)
	s := openSession(t, p)
	first := solve(t, s2{s}, nil, lp.Options{Method: lp.Simplex})
	s.SetRow(0, p.RowLower[0]-0.01, p.RowUpper[0])
	if again := solve(t, s2{s}, nil, lp.Options{Method: lp.Simplex}); again.Iterations > first.Iterations/5 {
		t.Errorf("%d iterations after a small change, %d before", again.Iterations, first.Iterations)
	}
	s.AddRow(-lp.Inf, 1e6, []int{0}, []float64{1})
	if again := solve(t, s2{s}, nil, lp.Options{Method: lp.Simplex}); again.Iterations > first.Iterations/5 {
		t.Errorf("%d iterations after an idle row, %d before", again.Iterations, first.Iterations)
	}
	s.SetBasis(nil)
	if again := solve(t, s2{s}, nil, lp.Options{Method: lp.Simplex}); again.Iterations < first.Iterations/5 {
		t.Errorf("%d iterations from nothing, %d before", again.Iterations, first.Iterations)
	}
}

func TestSessionLeavesItsProblem(t *testing.T) {
	p := lptest.Planning(5, 2, 2, 1)
	before := *p
	before.Value = append([]float64(nil), p.Value...)
	s := openSession(t, p)
	r := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		change(s, r)
	}
	s.Problem()
	for k, v := range p.Value {
		if v != before.Value[k] {
			t.Fatalf("entry %d changed from %v to %v", k, before.Value[k], v)
		}
	}
	if p.Rows() != before.Rows() || p.NNZ() != before.NNZ() {
		t.Error("rows or entries were added to the problem the session was opened on")
	}
}

func TestSetEntry(t *testing.T) {
	p := &lp.Problem{}
	p.AddRow(1, lp.Inf)
	p.AddRow(-lp.Inf, 9)
	p.AddColumn(1, 0, lp.Inf)
	p.Entry(0, 1)
	p.Entry(0, 1) // summed: 2
	s := openSession(t, p)
	for _, step := range []struct{ v, want float64 }{{4, 0.25}, {0.5, 2}} {
		s.SetEntry(0, 0, step.v)
		if x := solve(t, s2{s}, nil, lp.Options{}); math.Abs(x.Objective-step.want) > 1e-9 {
			t.Errorf("with %v: objective %v, want %v", step.v, x.Objective, step.want)
		}
	}
	s.SetEntry(1, 0, 9)
	if x := solve(t, s2{s}, nil, lp.Options{}); x.Status != lp.Infeasible {
		t.Errorf("with an entry that contradicts: status %d", x.Status)
	}
	s.SetEntry(0, 0, 0)
	s.SetRow(0, 0, lp.Inf)
	if x := solve(t, s2{s}, nil, lp.Options{}); x.Status != lp.Optimal || x.Objective != 0 {
		t.Errorf("with an entry taken away: status %d, objective %v", x.Status, x.Objective)
	}
}

func TestSessionSurvivesCancel(t *testing.T) {
	s := openSession(t, large())
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.Solve(ctx, lp.Options{Method: lp.Simplex}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error %v, want %v", err, context.DeadlineExceeded)
	}
	p := s.Problem()
	for j := range p.Cols() {
		s.SetColumn(j, p.Lower[j], p.Lower[j])
	}
	for i := range p.Rows() {
		s.SetRow(i, -lp.Inf, lp.Inf)
	}
	if x := solve(t, s2{s}, nil, lp.Options{}); x.Status != lp.Optimal {
		t.Errorf("after a cancelled solve: status %d (%s)", x.Status, x.Detail)
	}
}
