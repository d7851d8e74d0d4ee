package sqlite_test

import (
	"errors"
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
