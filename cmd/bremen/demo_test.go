package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"bremen/examples"
	"bremen/internal/waittest"
)

// lockedBuffer is a screen that one goroutine writes and another reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// The demo serves its folder to this machine, names a free port even when
// another demo has the first, and ends well when it is stopped.
func TestDemoShows(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{reportName: "<p>the report", planName: "{}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	urls := map[string]bool{}
	done := make(chan error, 2)
	for range 2 {
		screen := &lockedBuffer{}
		c := &call{env: env{out: io.Discard, err: screen, getenv: testEnv, now: time.Now}, lang: "en"}
		go func() { done <- c.show(ctx, dir) }()
		url := ""
		waittest.Until(t, func() bool {
			url = regexp.MustCompile(`http://localhost:\d+/`).FindString(screen.String())
			return url != ""
		}, func() string { return fmt.Sprintf("said %q", screen.String()) })
		if urls[url] {
			t.Fatalf("said %q, before it %v", screen.String(), urls)
		}
		urls[url] = true
		for path, want := range map[string]string{"": "the report", reportName: "the report", planName: "{}"} {
			if got := fetch(t, url+path); !strings.Contains(got, want) {
				t.Errorf("%s%s: got %q, want %q", url, path, got, want)
			}
		}
	}
	cancel()
	for range 2 {
		if err := <-done; err != nil {
			t.Errorf("stopped: %v", err)
		}
	}
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The program carries every table of the region.
func TestRegionIsCarriedWhole(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", "region", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if filepath.Ext(f) == ".md" {
			continue
		}
		want, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := fs.ReadFile(examples.Region(), filepath.Base(f))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: not carried as it is: %v", f, err)
		}
	}
}
