package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// trip is a terminal that cancels as soon as a phase is drawn on it.
type trip struct {
	mu     sync.Mutex
	phase  string
	cancel context.CancelFunc
	seen   time.Time // when it was drawn
	text   bytes.Buffer
}

func (s *trip) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(b)
	if strings.Contains(string(b), s.phase) && s.seen.IsZero() {
		s.seen = time.Now()
		s.cancel()
	}
	return len(b), nil
}

// A command stopped in any of its phases ends at once, says so, and leaves
// nothing half-written.
func TestStoppedInEveryPhase(t *testing.T) {
	bakery := filepath.Join("..", "..", "examples", "bakery")
	germany := filepath.Join("..", "..", "examples", "germany-two-regions")
	made, planned, climbed := filepath.Join(t.TempDir(), "made"), filepath.Join(t.TempDir(), "planned"), filepath.Join(t.TempDir(), "climbed")
	for _, args := range [][]string{
		{"plan", bakery, "-o", made, "--no-why"},
		{"economy", "plan", germany, "-o", planned},
		{"economy", "plan", germany, "--ladder", "-o", climbed},
	} {
		if status, _, errs := runHere(t, context.Background(), args...); status != exitDone {
			t.Fatal(errs)
		}
	}
	for _, tt := range []struct {
		phase string // key of the catalogue, or what is drawn
		args  []string
	}{
		{"phase/read", []string{"check", bakery}},
		{"phase/check", []string{"check", bakery}},
		{"phase/read", []string{"plan", bakery, "-o", "DIR"}},
		{"phase/solver", []string{"plan", bakery, "-o", "DIR"}},
		{"rung 1/", []string{"plan", bakery, "-o", "DIR"}},
		{"rung 8/", []string{"plan", bakery, "-o", "DIR"}},
		{"phase/why", []string{"plan", bakery, "-o", "DIR"}},
		{"phase/write", []string{"plan", bakery, "-o", "DIR", "--no-why"}},
		{"phase/verify", []string{"verify", made, bakery}},
		{"phase/solver", []string{"why", made, "bread"}},
		{"phase/why", []string{"why", made, "bread"}},
		{"as it is", []string{"whatif", bakery, "--cut", "farmers"}},
		{"A  rung", []string{"whatif", bakery, "--cut", "farmers"}},
		{"phase/write", []string{"convert", bakery, "DIR.xlsx"}},
		{"phase/write", []string{"convert", bakery, "DIR.mps"}},
		{"phase/write", []string{"convert", bakery, "DIR"}},
		{"phase/bandwidth", []string{"capacity", "-o", "DIR"}},
		{"25 products  step", []string{"capacity", "-o", "DIR"}},
		{"phase/read", []string{"economy", "plan", germany, "-o", "DIR"}},
		{"phase/pace", []string{"economy", "plan", germany, "-o", "DIR"}},
		{"10,000 iterations take", []string{"economy", "plan", germany, "-o", "DIR"}},
		{"the exact method", []string{"economy", "plan", germany, "-o", "DIR"}},
		{"phase/check", []string{"economy", "plan", germany}},
		{"phase/check", []string{"economy", "plan", germany, "-o", "DIR"}},
		{"phase/write", []string{"economy", "plan", germany, "-o", "DIR"}},
		{"phase/verify", []string{"economy", "verify", planned, germany}},
		{"phase/pace", []string{"economy", "plan", germany, "--dry-run"}},
		{"phase/read", []string{"economy", "plan", germany, "--ladder", "-o", "DIR"}},
		{"rung 1 of 5: level", []string{"economy", "plan", germany, "--ladder", "-o", "DIR"}},
		{"rung 5 of 5: who can rise", []string{"economy", "plan", germany, "--ladder", "-o", "DIR"}},
		{"least labour", []string{"economy", "plan", germany, "--ladder", "-o", "DIR"}},
		{"phase/check", []string{"economy", "plan", germany, "--ladder"}},
		{"phase/check", []string{"economy", "plan", germany, "--ladder", "-o", "DIR"}},
		{"phase/write", []string{"economy", "plan", germany, "--ladder", "-o", "DIR", "--to", "parquet"}},
		{"phase/verify", []string{"economy", "verify", climbed, germany}},
		{"phase/write", []string{"economy", "convert", germany, "DIR"}},
		{"phase/generate", []string{"economy", "generate", "-o", "DIR"}},
	} {
		t.Run(strings.Join(append(slices.Clone(tt.args), tt.phase), " "), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			args := make([]string, len(tt.args))
			for i, a := range tt.args {
				args[i] = strings.Replace(a, "DIR", dir, 1)
			}
			ctx, cancel := context.WithCancel(context.Background())
			screen := &trip{phase: language("en").sayOr(tt.phase, tt.phase), cancel: cancel}
			var out bytes.Buffer
			status := run(ctx, args, env{in: strings.NewReader(""), out: &out, err: screen, getenv: testEnv, now: hurried(), terminal: true})
			if screen.seen.IsZero() {
				t.Fatalf("%v never drew %q:\n%s", args, screen.phase, screen.text.String())
			}
			if took := time.Since(screen.seen); took > time.Minute {
				t.Errorf("%v: %v until it stopped", args, took)
			}
			if status != exitInput || !strings.Contains(screen.text.String(), "stopped; nothing was written") {
				t.Errorf("%v: exit status %d, said %s", args, status, last(screen.text.String()))
			}
			if out.Len() > 0 {
				t.Errorf("%v: printed %s", args, out.String())
			}
			left, err := os.ReadDir(filepath.Dir(dir))
			if err != nil || len(left) > 0 {
				t.Errorf("%v: left %v, %v", args, left, err)
			}
		})
	}
}

// hurried is a clock on which a second passes between two looks, so that all
// progress is drawn.
func hurried() func() time.Time {
	var mu sync.Mutex
	now := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
}

func last(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// testEnv is an environment in English with the machine's cache.
func testEnv(name string) string {
	if name == "BREMEN_CACHE" {
		return os.Getenv(name)
	}
	return ""
}

// runHere runs a command line within the test.
func runHere(t *testing.T, ctx context.Context, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(ctx, args, env{in: strings.NewReader(""), out: &o, err: &e, getenv: testEnv, now: time.Now})
	return status, o.String(), e.String()
}

// slow is a context that is not looked at before something is over.
type slow struct {
	context.Context
	over chan struct{}
}

func (s slow) Done() <-chan struct{} {
	<-s.over
	time.Sleep(time.Millisecond) // its result has been handed over
	return s.Context.Done()
}

// Whoever has stopped a command gets no result of it, even if that came at the same moment.
func TestPromptlyStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 30 {
		s := slow{ctx, make(chan struct{})}
		if v, err := promptly(s, func() (int, error) { close(s.over); return 1, nil }); v != 0 || !errors.Is(err, context.Canceled) {
			t.Fatalf("got %d, %v", v, err)
		}
	}
}
