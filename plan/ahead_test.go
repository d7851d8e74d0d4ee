package plan

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	"bremen/lp"
)

// tally counts the programs that a solver is asked for.
type tally struct {
	lp.Solver
	n atomic.Int64
}

func (s *tally) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	s.n.Add(1)
	return s.Solver.Solve(ctx, p, o)
}

func TestOnlyTheSameProgramIsTakenFromAhead(t *testing.T) {
	p, err := Build(bakery(), nil)
	if err != nil {
		t.Fatal(err)
	}
	q := *p.LP
	q.Maximise = true
	q.Cost = slices.Repeat([]float64{1}, q.Cols())
	o := lp.Options{Method: lp.Sharp, Tolerance: 1e-7}
	off := false
	for _, tt := range []struct {
		name   string
		change func(*lp.Problem, *lp.Options)
		taken  bool
	}{
		{"the same", func(*lp.Problem, *lp.Options) {}, true},
		{"names", func(q *lp.Problem, _ *lp.Options) { q.ColName = nil }, true},
		{"a cost", func(q *lp.Problem, _ *lp.Options) { q.Cost = slices.Clone(q.Cost); q.Cost[0] = math.Nextafter(1, 2) }, false},
		{"a zero's sign", func(q *lp.Problem, _ *lp.Options) { q.Lower = slices.Clone(q.Lower); q.Lower[0] = math.Copysign(0, -1) }, false},
		{"a coefficient", func(q *lp.Problem, _ *lp.Options) { q.Value = slices.Clone(q.Value); q.Value[0] *= 2 }, false},
		{"the direction", func(q *lp.Problem, _ *lp.Options) { q.Maximise = false }, false},
		{"the method", func(_ *lp.Problem, o *lp.Options) { o.Method = lp.Simplex }, false},
		{"the tolerance", func(_ *lp.Problem, o *lp.Options) { o.Tolerance = 1e-8 }, false},
		{"presolve", func(_ *lp.Problem, o *lp.Options) { o.Presolve = &off }, false},
		{"a start", func(_ *lp.Problem, o *lp.Options) { o.Basis = &lp.Basis{} }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			under := &tally{Solver: testSolver(t)}
			a := newAhead(t.Context(), under, 8)
			defer a.close()
			a.guess(func(ctx context.Context, s lp.Solver) { s.Solve(ctx, &q, o) })
			a.going.Wait()
			p, o := q, o
			tt.change(&p, &o)
			for range 2 { // what the first has been given is its own
				under.n.Store(0)
				got, err := a.Solve(t.Context(), &p, o)
				if taken := under.n.Load() == 0; taken != tt.taken {
					t.Fatalf("taken %v, want %v", taken, tt.taken)
				}
				if o.Basis != nil { // it does not fit the program
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				want, err := under.Solve(t.Context(), &p, o)
				if err != nil {
					t.Fatal(err)
				}
				want.Elapsed = got.Elapsed
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("got\n%+v\nsolved afresh\n%+v", got, want)
				}
				for i := range got.Col {
					got.Col[i] = math.NaN()
				}
				if got.RowDual != nil {
					got.RowDual[0] = math.NaN()
				}
			}
		})
	}
}

func TestStoppedAheadBeginsNothing(t *testing.T) {
	p, err := Build(bakery(), nil)
	if err != nil {
		t.Fatal(err)
	}
	under := &tally{Solver: testSolver(t)}
	a := newAhead(t.Context(), under, 8)
	defer a.close()
	begun, stopped := make(chan struct{}), make(chan struct{})
	var failed error
	a.guess(func(ctx context.Context, s lp.Solver) {
		close(begun)
		<-stopped
		_, failed = s.Solve(ctx, p.LP, lp.Options{})
	})
	<-begun
	a.guess(func(context.Context, lp.Solver) { t.Error("a guess began after the end") })
	a.stop()
	close(stopped)
	a.going.Wait()
	if !errors.Is(failed, errStopped) || under.n.Load() > 0 {
		t.Errorf("got %v after %d programs", failed, under.n.Load())
	}
}

// endless is a solver that has no answer until it is told to stop.
type endless struct{ begun chan struct{} }

func (s endless) Solve(ctx context.Context, _ *lp.Problem, _ lp.Options) (*lp.Solution, error) {
	close(s.begun)
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestCancelledWhileSolvingAhead(t *testing.T) {
	p, err := Build(bakery(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	under := endless{make(chan struct{})}
	a := newAhead(ctx, under, 8)
	defer a.close() // comes to its end
	a.guess(func(ctx context.Context, s lp.Solver) { s.Solve(ctx, p.LP, lp.Options{}) })
	<-under.begun
	waiting := make(chan error)
	go func() {
		_, err := a.Solve(ctx, p.LP, lp.Options{})
		waiting <- err
	}()
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// What is solved beside the climb changes nothing of an explanation.
func TestExplainedBesideTheClimb(t *testing.T) {
	n := bakery()
	plain, err := Make(t.Context(), n, testSolver(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	alone := &tally{Solver: testSolver(t)}
	want, err := Explain(t.Context(), plain, alone, ExplainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []int{0, 1} { // the bakery is small: after the climb, beside it
		made, err := Make(t.Context(), n, testSolver(t), Options{Explain: &ExplainOptions{}, aheadFrom: from})
		if err != nil || !slices.Equal(made.X, plain.X) || !reflect.DeepEqual(made.Why, want) || !reflect.DeepEqual(made.Ladder[0].Exchange, plain.Ladder[0].Exchange) {
			t.Errorf("made with the plan, beside it from %d on: %v\n%+v, want\n%+v", from, err, made.Why, want)
		}
	}
	for _, patient := range []bool{true, false} {
		p, err := Build(n, nil)
		if err != nil {
			t.Fatal(err)
		}
		name, ladder, err := LadderOf(p.Net, "")
		if err != nil {
			t.Fatal(err)
		}
		under := &tally{Solver: testSolver(t)}
		side := newAhead(t.Context(), under, 8)
		c := newClimb(p, ladder, &solving{solver: side})
		c.after = func() {
			side.explain(c, name, ExplainOptions{})
			if patient {
				side.going.Wait()
			}
		}
		if err := c.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		side.stop()
		if patient {
			under.n.Store(0)
		}
		pl := finish(c, name, nil)
		got, err := Explain(t.Context(), pl, side, ExplainOptions{})
		side.close()
		if err != nil {
			t.Fatal(err)
		}
		if patient && under.n.Load() >= alone.n.Load() {
			t.Errorf("%d programs were solved in the end, %d without any ahead", under.n.Load(), alone.n.Load())
		}
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(pl.Ladder[0].Exchange, plain.Ladder[0].Exchange) {
			t.Errorf("patient %v: got\n%+v\nwant\n%+v", patient, got, want)
		}
	}
}
