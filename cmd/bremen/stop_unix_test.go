//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The first Ctrl-C ends the program itself at any moment, with status 1, and
// leaves all or nothing. Moments are counted from when it asks for its input.
func TestInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for _, after := range []time.Duration{0, 5, 20, 50, 100, 200, 400, 800, 1600} {
		bakery, give := heldBack(t, "bakery", "network.yaml")
		dir := filepath.Join(t.TempDir(), "out")
		cmd, said := interruptible(t, "plan", bakery, "-o", dir, "--no-why")
		give()
		time.Sleep(after * time.Millisecond)
		cmd.Process.Signal(os.Interrupt)
		text, _ := io.ReadAll(said)
		cmd.Wait()
		status := cmd.ProcessState.ExitCode()
		switch {
		case status == exitDone && len(text) == 0: // done before it was asked to stop
		case status == exitInput && strings.Contains(string(text), "stopped; nothing was written"):
		default:
			t.Errorf("stopped after %v ms: exit status %d, said %q", int(after), status, text)
		}
		if err := wholeOrNothing(dir); err != nil {
			t.Errorf("stopped after %v ms: %v", int(after), err)
		}
	}
}

// A program that is stopped as soon as it is started, mostly before it listens, has done nothing, or all where whoever started
// the test has Ctrl-C ignored.
func TestInterruptedAtOnce(t *testing.T) {
	t.Parallel()
	for range 3 {
		dir := filepath.Join(t.TempDir(), "out")
		cmd, said := interruptible(t, "plan", filepath.Join("..", "..", "examples", "bakery"), "-o", dir, "--no-why")
		cmd.Process.Signal(os.Interrupt)
		text, _ := io.ReadAll(said)
		cmd.Wait()
		status := cmd.ProcessState.ExitCode()
		switch {
		case status == -1 && len(text) == 0:
		case status == exitInput && strings.Contains(string(text), "stopped; nothing was written"):
		case status == exitDone && signal.Ignored(os.Interrupt):
		default:
			t.Errorf("exit status %d, said %q", status, text)
		}
		if _, err := os.Stat(dir); (err == nil) != (status == exitDone) {
			t.Errorf("exit status %d, and then: %v", status, err)
		}
		if err := wholeOrNothing(dir); err != nil {
			t.Error(err)
		}
	}
}

// The same holds for whole economies, planned by the sum and by the ladder of goals.
func TestEconomyInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for _, flags := range [][]string{nil, {"--ladder"}} {
		for _, after := range []time.Duration{0, 5, 20, 50, 100, 200, 400} {
			germany, give := heldBack(t, "germany-two-regions", "economy.yaml")
			dir := filepath.Join(t.TempDir(), "out")
			cmd, said := interruptible(t, append([]string{"economy", "plan", germany, "-o", dir}, flags...)...)
			give()
			time.Sleep(after * time.Millisecond)
			cmd.Process.Signal(os.Interrupt)
			text, _ := io.ReadAll(said)
			cmd.Wait()
			left, err := os.ReadDir(filepath.Dir(dir))
			if err != nil {
				t.Fatal(err)
			}
			switch status := cmd.ProcessState.ExitCode(); {
			case status == exitInput && strings.Contains(string(text), "stopped; nothing was written"):
				if len(left) > 0 {
					t.Errorf("%v stopped after %v ms: left %v", flags, int(after), left)
				}
			case status == exitDone && len(text) == 0: // done before it was asked to stop
				original := filepath.Join("..", "..", "examples", "germany-two-regions")
				if status, out, errs := runHere(t, t.Context(), "economy", "verify", dir, original); status != exitDone || len(left) != 1 {
					t.Errorf("%v done before %v ms: left %v, verified: %s%s", flags, int(after), left, out, errs)
				}
			default:
				t.Errorf("%v stopped after %v ms: exit status %d, said %q", flags, int(after), status, text)
			}
		}
	}
}

// interruptible starts the program and returns it with what it will say.
func interruptible(t *testing.T, args ...string) (*exec.Cmd, io.Reader) {
	t.Helper()
	cmd := exec.Command("bremen", args...)
	cmd.Env = append(os.Environ(), "LANG=C", "LC_ALL=", "LC_MESSAGES=")
	said, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return cmd, said
}

// heldBack is the folder of an example with a file that give hands out, once the program asks for it.
func heldBack(t *testing.T, example, file string) (dir string, give func()) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), example)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", example))); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, file)
	text, err := os.ReadFile(name)
	if err == nil {
		err = os.Remove(name)
	}
	if err == nil {
		err = syscall.Mkfifo(name, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir, func() {
		if err := os.WriteFile(name, text, 0); err != nil { // opens as soon as it is opened for reading
			t.Fatal(err)
		}
	}
}
