package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// served runs "bremen serve" until the test stops it, and returns what it said and where it answers.
func served(t *testing.T, dir string) (code, url string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, []string{"serve", "--data", dir, "--listen", "localhost:0", "--lang", "en"}, env{
			in: strings.NewReader(""), out: io.Discard, err: in, getenv: func(string) string { return "" }, now: time.Now,
		})
		in.Close()
	}()
	lines := bufio.NewScanner(out)
	for url == "" && lines.Scan() {
		if _, after, ok := strings.Cut(lines.Text(), "set-up code: "); ok {
			code = after
		}
		if _, after, ok := strings.Cut(lines.Text(), "Ready: "); ok {
			url = after
		}
	}
	go io.Copy(io.Discard, out)
	if url == "" {
		t.Fatalf("the server does not start: status %d", <-status)
	}
	return code, url, func() int { cancel(); return <-status }
}

// The server answers, stops when it is told to, and starts again with the same set-up code; meanwhile nobody else has its data.
func TestServeStartsAndStops(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	code, url, stop := served(t, dir)
	for path, want := range map[string]int{"healthz": http.StatusOK, "metrics": http.StatusOK, "": http.StatusOK, "network/me": http.StatusNotFound} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
	var said strings.Builder
	second := run(t.Context(), []string{"serve", "--data", dir, "--listen", "localhost:0"}, env{
		in: strings.NewReader(""), out: io.Discard, err: &said, getenv: func(string) string { return "" }, now: time.Now,
	})
	if second != exitInput || !strings.Contains(said.String(), dir) {
		t.Errorf("a second server on the same data: status %d, %s", second, said.String())
	}
	if got := stop(); got != exitDone {
		t.Errorf("stopped with status %d, want %d", got, exitDone)
	}
	again, _, stop := served(t, dir)
	if again != code || code == "" {
		t.Errorf("the set-up code was %q and is %q", code, again)
	}
	stop()
}
