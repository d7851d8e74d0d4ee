package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"bremen/audit/audittest"
	"bremen/record"
	"bremen/record/witness"
)

// screen takes what a running command says, and tells when it has said something.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	said chan string
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(b)
	select {
	case s.said <- s.text.String():
	default:
	}
	return len(b), nil
}

// running starts "bremen witness" and returns its address, its key and what stops it.
func running(t *testing.T, args ...string) (url, key string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	errs, done := &screen{said: make(chan string, 1)}, make(chan int, 1)
	go func() {
		done <- run(ctx, append([]string{"witness", "--listen", "localhost:0"}, args...), env{in: strings.NewReader(""), out: io.Discard, err: errs, getenv: func(string) string { return "" }, now: time.Now})
	}()
	stop = func() {
		cancel()
		if status := <-done; status != 0 {
			t.Errorf("exit status %d: %s", status, errs.text.String())
		}
	}
	select {
	case line := <-errs.said:
		words := strings.Fields(line)
		for i, w := range words {
			if strings.HasPrefix(w, "http://") {
				return w, words[i+2], stop
			}
		}
		t.Fatalf("it said %q", line)
	case status := <-done:
		t.Fatalf("exit status %d: %s", status, errs.text.String())
	}
	return "", "", stop
}

// A witness cosigns what extends what it cosigned, also after it was stopped and started; it shows the newest to anybody.
func TestWitness(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 3)
	dir := t.TempDir()
	logs, keyFile, state := filepath.Join(dir, "logs"), filepath.Join(dir, "key"), filepath.Join(dir, "state")
	if err := os.WriteFile(logs, []byte("# Nordhof\n\n"+n.Public+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	url, public, stop := running(t, "--name", "witness.example.net", "--key", keyFile, "--logs", logs, "--data", state)
	if info, err := os.Stat(keyFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info.Mode(), err)
	}
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		c, err := witness.NewClient(url, public, nil)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := record.Publish(t.Context(), l, c)
		if err != nil {
			t.Fatal(err)
		}
		k, err := record.OpenCheckpoint(signed, audittest.Origin, n.Public, public)
		if err != nil || len(k.Cosigned) != 1 || k.Size != 4 {
			t.Fatalf("got %+v, %v", k, err)
		}
	})
	stop()

	url, samePublic, stop := running(t, "--key", keyFile, "--logs", logs, "--data", state)
	defer stop()
	if samePublic != public {
		t.Errorf("the witness has another key after a restart")
	}
	for path, want := range map[string]int{"/": 200, "/seen/" + audittest.Origin: 200, "/seen/example.org/other": 404, "/add-checkpoint": 405} {
		res, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, res.Status, want)
		}
	}
	// What it shows is what whoever restores must meet.
	b := backedUp(t, n, "--data", data)
	seen := url + "/seen/" + audittest.Origin
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", filepath.Join(dir, "restored"), "--known", seen).wants(t, 0, "Restored in")
	bremen(t, n.Clock.Now, "audit", b.Record, "--since", seen).wants(t, 0, "Your checkpoint of 4 entries")
	// A shorter history with the same key is not cosigned.
	c, err := witness.NewClient(url, public, nil)
	if err != nil {
		t.Fatal(err)
	}
	clock := audittest.NewClock()
	s := store(t, filepath.Join(dir, "fork"), clock)
	defer s.Close()
	fork, err := s.Create(t.Context(), audittest.Origin, n.Private)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		n.Force(fork, n.Draft(audittest.Origin, audittest.Said{Type: "need.state", By: 1, Right: "state"}))
	}
	if _, err := record.Publish(t.Context(), fork, c); err == nil {
		t.Error("a fork is cosigned after a restart")
	}
}

func TestWitnessRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, n := stored(t, 0)
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	logs, state := file("logs", n.Public+"\n"), filepath.Join(dir, "state")
	key := file("key", "PRIVATE")
	now := time.Now
	bremen(t, now, "witness", "--key", key, "--data", state).wants(t, 2, "give --key, --logs and --data")
	bremen(t, now, "witness", "--key", filepath.Join(dir, "none"), "--logs", logs, "--data", state).wants(t, 1, "there is no", "--name NAME")
	bremen(t, now, "witness", "--key", key, "--name", "x.example", "--logs", logs, "--data", state).wants(t, 1, "is there already", "leave --name out")
	bremen(t, now, "witness", "--key", key, "--logs", logs, "--data", state).wants(t, 1, "not an Ed25519 private key")
	bremen(t, now, "witness", "--key", filepath.Join(dir, "none"), "--name", "with blank", "--logs", logs, "--data", state).wants(t, 2, "without blanks")
	good := filepath.Join(dir, "good")
	bremen(t, now, "witness", "--key", good, "--name", "x.example", "--logs", file("bad", "\nnokey\n"), "--data", state).wants(t, 1, "bad:2: \"nokey\" is no public key of a record")
	bremen(t, now, "witness", "--key", good, "--logs", file("empty", "# none\n"), "--data", state).wants(t, 1, "there is no key in")
	bremen(t, now, "witness", "--key", good, "--logs", filepath.Join(dir, "nologs"), "--data", state).wants(t, 1, "there is no")
	s := store(t, state, audittest.NewClock())
	defer s.Close()
	bremen(t, now, "witness", "--key", good, "--logs", logs, "--data", state).wants(t, 1, "in use by another program")
}
