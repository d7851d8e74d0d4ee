package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
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
	seen   bool
	text   bytes.Buffer
}

func (s *trip) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(b)
	if strings.Contains(string(b), s.phase) {
		s.seen = true
		s.cancel()
	}
	return len(b), nil
}

// A command stopped in any of its phases ends at once, says so, and leaves
// nothing half-written.
func TestStoppedInEveryPhase(t *testing.T) {
	bakery := filepath.Join("..", "..", "examples", "bakery")
	made := filepath.Join(t.TempDir(), "made")
	if status, _, errs := runHere(t, context.Background(), "plan", bakery, "-o", made, "--no-why"); status != exitDone {
		t.Fatal(errs)
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
	} {
		t.Run(strings.Join(append([]string{tt.args[0]}, tt.phase), " "), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			args := make([]string, len(tt.args))
			for i, a := range tt.args {
				args[i] = strings.Replace(a, "DIR", dir, 1)
			}
			ctx, cancel := context.WithCancel(context.Background())
			screen := &trip{phase: language("en").sayOr(tt.phase, tt.phase), cancel: cancel}
			var out bytes.Buffer
			begun := time.Now()
			status := run(ctx, args, env{in: strings.NewReader(""), out: &out, err: screen, getenv: testEnv, now: hurried(), terminal: true})
			if !screen.seen {
				t.Fatalf("%v never drew %q:\n%s", args, screen.phase, screen.text.String())
			}
			if took := time.Since(begun); took > 30*time.Second {
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

// The first Ctrl-C ends the program itself at any moment, with status 1, and
// leaves all or nothing.
func TestInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	bakery, err := filepath.Abs(filepath.Join("..", "..", "examples", "bakery"))
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{0, 5, 20, 50, 100, 200, 400, 800, 1600} {
		dir := filepath.Join(t.TempDir(), "out")
		cmd := exec.Command("bremen", "plan", bakery, "-o", dir, "--no-why")
		cmd.Env = append(os.Environ(), "LANG=C", "LC_ALL=", "LC_MESSAGES=")
		pipe, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(after * time.Millisecond)
		cmd.Process.Signal(os.Interrupt)
		said, _ := io.ReadAll(pipe)
		cmd.Wait()
		status := cmd.ProcessState.ExitCode()
		switch {
		case status == exitDone && len(said) == 0: // done before it was asked to stop
		case status == exitInput && strings.Contains(string(said), "stopped; nothing was written"):
		case status == -1 && after < 50: // before the program had begun to listen
		default:
			t.Errorf("stopped after %v ms: exit status %d, said %q", int(after), status, said)
		}
		if err := wholeOrNothing(dir); err != nil {
			t.Errorf("stopped after %v ms: %v", int(after), err)
		}
	}
}
