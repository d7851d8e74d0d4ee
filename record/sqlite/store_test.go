package sqlite_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"bremen/record"
	"bremen/record/recordtest"
	"bremen/record/sqlite"
)

// place is a directory.
type place string

func (p place) Open(tb testing.TB, clock func() time.Time) record.Store {
	tb.Helper()
	s, err := sqlite.Open(tb.Context(), string(p), clock)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	recordtest.Run(t, func(tb testing.TB) recordtest.Place { return place(tb.TempDir()) })
}

func TestOpenTwice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := place(dir).Open(t, time.Now)
	if _, err := sqlite.Open(t.Context(), dir, time.Now); !errors.Is(err, record.ErrLocked) {
		t.Fatalf("error %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	place(dir).Open(t, time.Now).Close()
}

// Whatever the folder lets in, its files are their owner's alone.
func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := place(dir).Open(t, time.Now)
	defer s.Close()
	l, err := s.Create(t.Context(), recordtest.Origin, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, "says", "x")); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 4 {
		t.Errorf("%d files, expected lock, keys, record and its log of changes", len(files))
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
}
