package serve

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bremen/internal/waittest"
	"bremen/record/postgres/postgrestest"
)

// What the server kept of somebody who was erased is in no file any more, neither in tables nor beside them.
func TestForgottenBytes(t *testing.T) {
	t.Parallel()
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	dir, url := t.TempDir(), cluster.Database(t)
	t.Run("sqlite", func(t *testing.T) { testForgotten(t, filepath.Join(dir, "s.sqlite"), dir, func() {}) })
	t.Run("postgres", func(t *testing.T) {
		// PostgreSQL writes its log of changes over when the record erases; here only tables are looked at, once they are in
		// their files.
		testForgotten(t, url, filepath.Join(cluster.Data(), "base"), func() {
			conn, err := pgx.Connect(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			if _, err := conn.Exec(t.Context(), "CHECKPOINT"); err != nil {
				t.Fatal(err)
			}
		})
	})
}

func testForgotten(t *testing.T, where, dir string, settle func()) {
	s, err := OpenStore(t.Context(), where, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for person := range int64(300) {
		o := &openSession{id: fmt.Sprintf("id-%04d", person+1), person: person + 1, key: "k", way: wayCard, device: fmt.Sprintf("Zwiebelgerät-%04d.", person+1), began: 1, seen: 1}
		if err := s.putOpen(t.Context(), "o", o); err != nil {
			t.Fatal(err)
		}
	}
	settle()
	secret := []byte("Zwiebelgerät-0150.")
	if got := holding(t, dir, secret); len(got) == 0 {
		t.Fatal("before, it is in no file")
	}
	if err := s.forgetPerson(t.Context(), "o", 150); err != nil {
		t.Fatal(err)
	}
	settle()
	if got := holding(t, dir, secret); len(got) > 0 {
		t.Errorf("it is in %q", got)
	}
	if got, err := s.opens(t.Context(), "o", 149); err != nil || len(got) > 1 {
		t.Errorf("another's sessions: %v, %v", got, err)
	}
	if got := holding(t, dir, []byte("Zwiebelgerät-0149.")); len(got) == 0 {
		t.Error("another's is gone, too")
	}
}

// holding lists the files of a folder that hold the bytes.
func holding(t *testing.T, dir string, what []byte) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // PostgreSQL may remove files meanwhile
		}
		if data, err := os.ReadFile(path); err == nil && bytes.Contains(data, what) {
			out = append(out, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A server that was stopped between an erasure's entry and what follows from it does the rest when it starts.
func TestErasureIsCompletedAtStart(t *testing.T) {
	t.Parallel()
	w := toldTown(t, newPost(t), "fee@example.org")
	page := w.as(6).post("/nordhof/do/person.erase")
	w.client().sign(page.body, w.keys[6])
	origin := w.net.Origin()
	w.shut()
	s, err := OpenStore(t.Context(), filepath.Join(w.dir, "sessions.sqlite"), w.now)
	w.must(err)
	for _, person := range []int64{1, 6} {
		now := w.now().UnixMilli()
		w.must(s.putOpen(t.Context(), origin, &openSession{id: fmt.Sprint("left-", person), person: person, key: "k", way: wayCard, device: "left", began: now, seen: now}))
	}
	if left, err := s.opens(t.Context(), origin, 6); err != nil || len(left) != 1 {
		t.Fatalf("before: %v, %v", left, err)
	}
	w.must(s.Close())
	w.again()
	s = w.server.o.Store
	var left []*openSession
	waittest.Until(t, func() bool {
		left, err = s.opens(t.Context(), origin, 6)
		w.must(err)
		return len(left) == 0
	}, func() string { return fmt.Sprintf("left: %v", left) })
	if others, err := s.opens(t.Context(), origin, 1); err != nil || len(others) != 1 {
		t.Errorf("somebody else's: %v, %v", others, err)
	}
}
