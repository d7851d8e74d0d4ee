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
		bakery, give := heldBack(t)
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

// heldBack is the bakery's folder with settings that give hands out, once the program asks for them.
func heldBack(t *testing.T) (dir string, give func()) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "bakery")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", "bakery"))); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "network.yaml")
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
