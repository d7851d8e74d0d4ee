package highs

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"bremen/lp"
	"bremen/lp/lptest"
)

// large takes a second or more on a fast machine, by an interior point method.
func large() *lp.Problem { return lptest.Planning(120, 6, 10, 1) }

// stillWorks checks that a pool that has been through something still solves.
func stillWorks(t *testing.T, s lp.Solver) {
	t.Helper()
	c := lptest.Bank()[0]
	if sol := solve(t, s, c.Problem(), lp.Options{}); sol.Objective != c.Objective {
		t.Errorf("objective %v, want %v", sol.Objective, c.Objective)
	}
}

// A solve that is cancelled ends: it does not go on to say how far it has come, as it does ten times a second.
func TestCancel(t *testing.T) {
	p := large()
	for _, e := range engines() {
		t.Run(e, func(t *testing.T) {
			s := poolOf(t, e)
			ctx, cancel := context.WithCancel(context.Background())
			said := 0
			_, err := s.Solve(ctx, p, lp.Options{Method: lp.Interior, Progress: func(lp.Progress) {
				if said++; said == 3 {
					cancel()
				}
			}})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("error %v, want %v", err, context.Canceled)
			}
			if said != 3 {
				t.Errorf("told %d times how far it was, cancelled at the third", said)
			}
			stillWorks(t, s)
		})
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := pool(t).Solve(ctx, lptest.Bank()[0].Problem(), lp.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestTime(t *testing.T) {
	// Well within what each takes for the program, on a fast machine too.
	for m, limit := range map[lp.Method]time.Duration{lp.Interior: 200 * time.Millisecond, lp.Simplex: 50 * time.Millisecond} {
		var last lp.Progress
		s := solve(t, pool(t), large(), lp.Options{Method: m, Time: limit, Progress: func(p lp.Progress) { last = p }})
		if s.Status != lp.Stopped {
			t.Errorf("%s: status %d (%s), want %d", m, s.Status, s.Detail, lp.Stopped)
		}
		if last.Elapsed > limit+grace+5*time.Second { // and not because others had the processor
			t.Errorf("%s: still at work after %v", m, last.Elapsed)
		}
	}
}

// An instance without memory enough is an error, not the end of the program.
func TestOutOfMemory(t *testing.T) {
	for _, e := range engines() {
		s, err := New(Options{Engine: e, Memory: 24 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Solve(context.Background(), large(), lp.Options{Method: lp.Simplex}); !errors.Is(err, ErrMemory) {
			t.Errorf("%s: large program in 24 MB: error %v, want %v", e, err, ErrMemory)
		}
		stillWorks(t, s)
		s.Close()
	}
}

// A solver that crashes, here of a pointer that points nowhere, is an error.
func TestCrash(t *testing.T) {
	for _, e := range engines() {
		s := poolOf(t, e)
		in, err := newInstance(s.engine, s.memory)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := in.raw("Highs_run", 0x7fffff00); err == nil {
			t.Errorf("%s: a run of nothing succeeded", e)
		}
		if _, err := in.raw("Highs_version"); err == nil {
			t.Errorf("%s: a crashed instance still runs", e)
		}
		in.close()
		stillWorks(t, s)
	}
}

func TestClose(t *testing.T) {
	s, err := New(Options{Instances: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	s.Close()
	if _, err := s.Solve(context.Background(), lptest.Bank()[0].Problem(), lp.Options{}); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v, want %v", err, ErrClosed)
	}
}

// With one instance, a second solve waits and can be cancelled while it does.
func TestWaiting(t *testing.T) {
	s, err := New(Options{Instances: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	running, waited := make(chan struct{}), make(chan struct{})
	var once sync.Once
	go func() {
		_, err := s.Solve(ctx, large(), lp.Options{Method: lp.Interior, Progress: func(lp.Progress) {
			once.Do(func() { close(running); <-waited })
		}})
		done <- err
	}()
	<-running
	short, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	if _, err := s.Solve(short, lptest.Bank()[0].Problem(), lp.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting solve: error %v, want %v", err, context.DeadlineExceeded)
	}
	cancel()
	close(waited)
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("running solve: error %v, want %v", err, context.Canceled)
	}
}

func TestProgress(t *testing.T) {
	var last lp.Progress
	seen := map[string]bool{}
	ctx, cancel := context.WithCancel(context.Background())
	pool(t).Solve(ctx, large(), lp.Options{Method: lp.Interior, Progress: func(p lp.Progress) {
		if p.Elapsed < last.Elapsed {
			t.Errorf("time went back from %v to %v", last.Elapsed, p.Elapsed)
		}
		last, seen[p.Phase] = p, true
		if p.Phase == "interior" && p.Iterations > 3 {
			cancel()
		}
	}})
	if !seen["interior"] || last.Iterations <= 3 {
		t.Errorf("phases %v, last %+v", seen, last)
	}
}

// A deadline that has passed before the solver begins to count stops it, too.
func TestTimeOver(t *testing.T) {
	for _, m := range []lp.Method{lp.Interior, lp.Simplex, lp.Exact} {
		s := solve(t, pool(t), large(), lp.Options{Method: m, Time: time.Nanosecond})
		if s.Status != lp.Stopped {
			t.Errorf("%s: status %d (%s), want %d", m, s.Status, s.Detail, lp.Stopped)
		}
	}
}
