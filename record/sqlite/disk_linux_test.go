package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bremen/record"
	"bremen/record/recordtest"
	"bremen/record/sqlite"
)

// On a full disk appends fail with an error that says so, wherever it runs full; what was acknowledged stays, and appending
// goes on when there is room. The same of erasing.
func TestFullDisk(t *testing.T) {
	if !recordtest.Alone(t) {
		return
	}
	disk, real := recordtest.SmallDisk(t, 16<<20)
	dir := filepath.Join(disk, "store")
	s := place(dir).Open(t, time.Now)
	defer s.Close()
	l, err := s.Create(t.Context(), recordtest.Origin, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(disk, "filler")
	acknowledged := recordtest.Acknowledged{}
	for round := range 5 {
		gone := int64(100 + round)
		if _, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, gone, "says", "secret")); err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; n < 20_000; n++ {
			var entries []record.Entry
			if entries, err = record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, int64(1+n%7), strings.Repeat("text ", n%50), "secret")); err != nil {
				break
			}
			acknowledged[entries[0].Seq] = entries[0].StatementHash
			if n == 20*(round+1) && real {
				fill(t, filler)
			}
		}
		if err == nil || real && !errors.Is(err, record.ErrFull) {
			t.Fatalf("round %d: after %d entries error %v", round, n, err)
		}
		if !real {
			return
		}
		// It does not come through by halves, however often it is tried.
		for range 3 {
			if err := l.Erase(t.Context(), gone); err != nil && !errors.Is(err, record.ErrFull) {
				t.Fatalf("round %d: erasing: %v", round, err)
			}
		}
		if entries, err := recordtest.Check(t.Context(), l); err != nil || len(entries) < len(acknowledged) {
			t.Fatalf("round %d: %d entries, %d acknowledged, %v", round, len(entries), len(acknowledged), err)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		if err := l.Erase(t.Context(), gone); err != nil {
			t.Fatalf("round %d: erasing with room: %v", round, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = place(dir).Open(t, time.Now)
	defer s.Close()
	if l, err = s.Log(t.Context(), recordtest.Origin); err != nil {
		t.Fatal(err)
	}
	entries, err := recordtest.Check(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	for seq, hash := range acknowledged {
		if entries[seq].StatementHash != hash {
			t.Fatalf("entry %d was acknowledged and is not there", seq)
		}
	}
	if list, err := l.Erased(t.Context()); err != nil || len(list) != 5 {
		t.Fatalf("erased %v, %v", list, err)
	}
}

// fill leaves no room on a disk.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 1<<12); ; {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
}

// A backup for which there is no room leaves nothing, and says why.
func TestBackupToFullDisk(t *testing.T) {
	if !recordtest.Alone(t) {
		return
	}
	data := t.TempDir()
	s := place(data).Open(t, time.Now)
	defer s.Close()
	l, err := s.Create(t.Context(), recordtest.Origin, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 400 {
		if _, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, fmt.Sprint(i), "secret")); err != nil {
			t.Fatal(err)
		}
	}
	to, real := recordtest.SmallDisk(t, 128<<10)
	err = sqlite.Backup(t.Context(), data, filepath.Join(to, "record"), filepath.Join(t.TempDir(), "keys"))
	if err == nil || real && !errors.Is(err, record.ErrFull) {
		t.Fatalf("error %v", err)
	}
	if left, err := os.ReadDir(to); err != nil || len(left) > 0 {
		t.Fatalf("%v is left, %v", left, err)
	}
}
