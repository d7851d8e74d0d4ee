package sqlite

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"bremen/record"
	"bremen/record/recordtest"
)

// SQLite reports a limit on its pages as it reports a full disk. What was acknowledged stays, appending goes on when
// there is room.
func TestFull(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	key, _, err := record.NewKey(recordtest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Create(t.Context(), recordtest.Origin, key)
	if err != nil {
		t.Fatal(err)
	}
	limit := func(pages int) {
		if _, err := s.write.ExecContext(context.Background(), fmt.Sprintf("PRAGMA max_page_count=%d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(60)
	n := 0
	for ; n < 5000; n++ {
		if _, err = record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, fmt.Sprint(n), "secret")); err != nil {
			break
		}
	}
	if !errors.Is(err, record.ErrFull) || n == 0 {
		t.Fatalf("after %d entries: error %v", n, err)
	}
	if entries, err := recordtest.Check(t.Context(), l); err != nil || len(entries) != n {
		t.Fatalf("%d entries of %d, %v", len(entries), n, err)
	}
	limit(100_000)
	if _, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, "room again")); err != nil {
		t.Fatal(err)
	}
}

// Acknowledged means durable only with these settings, which no test that leaves the machine running can tell.
func TestDurableSettings(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "foreign_keys": "1"} {
		var got string
		if err := s.write.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v; expected %q", pragma, got, err, want)
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "delete", "synchronous": "3", "secure_delete": "1"} {
		var got string
		if err := s.keys.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("keys: %s is %q, %v; expected %q", pragma, got, err, want)
		}
	}
}
