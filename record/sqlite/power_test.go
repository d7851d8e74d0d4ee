package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/internal/waittest"
	"bremen/record/recordtest"
)

// TestPowerLost takes copies of a store under load, each at an instant at which the process stands still, and makes of
// each what a disk may hold after the power went then. What SQLite has synced is there: the write-ahead log up to the
// commit of the newest acknowledged entry, and every commit but the last. Of what it wrote behind that, any part may be missing, zero or torn, in any
// order; and so may be those pages of the file that are being copied there out of the write-ahead log. Then the store is
// opened: the log is whole, and no acknowledged entry is lost.
//
// It takes for granted that a synced file is on the disk, and that the settings which TestDurableSettings checks have
// SQLite sync before it commits. Keys, which are synced before an entry that needs them is written, are taken as they are.
func TestPowerLost(t *testing.T) {
	t.Parallel()
	var dir string
	instants, behind, torn := 0, 0, 0
	for ; instants < max(4, recordtest.CrashRounds(t)/10) || (behind == 0 || torn == 0) && instants < 100; instants++ {
		if instants%5 == 0 {
			dir = filepath.Join(t.TempDir(), "store")
		}
		copied, acknowledged := stoodStill(t, dir)
		w := readWAL(t, copied)
		from := w.synced(t, copied, acknowledged)
		behind += w.end - from
		for range 6 {
			damaged := filepath.Join(t.TempDir(), "store")
			if err := os.CopyFS(damaged, os.DirFS(copied)); err != nil {
				t.Fatal(err)
			}
			wal := w.lose(from)
			if err := os.WriteFile(filepath.Join(damaged, "record.sqlite-wal"), wal, 0o600); err != nil {
				t.Fatal(err)
			}
			torn += w.tear(t, filepath.Join(damaged, "record.sqlite"), from)
			s := place(damaged).Open(t, time.Now)
			recordtest.Survived(t, s, acknowledged)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d instants; %d bytes written behind what was synced, %d pages torn", instants, behind, torn)
	if behind == 0 || torn == 0 {
		t.Error("nothing could have been lost")
	}
}

// stoodStill puts load on a store, stops the process at a random instant, and returns a copy of the files and what was
// acknowledged by then.
func stoodStill(t *testing.T, dir string) (copied string, acknowledged recordtest.Acknowledged) {
	t.Helper()
	cmd := child("load", dir)
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	waittest.Until(t, func() bool {
		info, err := out.Stat()
		return err == nil && info.Size() > 0
	}, func() string { return "the process says nothing" })
	time.Sleep(rand.N(300 * time.Millisecond))
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var stands syscall.WaitStatus
	if _, err := syscall.Wait4(cmd.Process.Pid, &stands, syscall.WUNTRACED, nil); err != nil || !stands.Stopped() {
		t.Fatalf("the process does not stand still: %v, %v", stands, err)
	}
	copied = filepath.Join(t.TempDir(), "copied")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	acknowledged = recordtest.Acknowledged{}
	for line := range strings.Lines(string(said)) {
		var seq int64
		var hash string
		if _, err := fmt.Sscan(line, &seq, &hash); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		h, err := tlog.ParseHash(hash)
		if err != nil {
			t.Fatal(err)
		}
		acknowledged[seq] = h
	}
	if err := os.Remove(filepath.Join(copied, "record.sqlite-shm")); err != nil {
		t.Fatal(err)
	}
	return copied, acknowledged
}

// wal is a write-ahead log as SQLite writes it: https://sqlite.org/fileformat2.html#the_write_ahead_log
type wal struct {
	data    []byte
	page    int
	commits []int   // where commits end, beginning with the end of the header
	pages   []int64 // of each frame
	end     int     // of the frames; behind it stands what is left from before the log was begun anew
}

const walHeader, frameHeader = 32, 24

func readWAL(t *testing.T, dir string) *wal {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "record.sqlite-wal"))
	if err != nil || len(data) < walHeader {
		t.Fatalf("write-ahead log of %d bytes, %v", len(data), err)
	}
	w := &wal{data: data, page: int(binary.BigEndian.Uint32(data[8:])), commits: []int{walHeader}}
	salt := string(data[16:24])
	w.end = walHeader
	for at := walHeader; at+frameHeader+w.page <= len(data); at += frameHeader + w.page {
		if string(data[at+8:at+16]) != salt {
			break // left from before it was begun anew
		}
		w.end = at + frameHeader + w.page
		w.pages = append(w.pages, int64(binary.BigEndian.Uint32(data[at:])))
		if binary.BigEndian.Uint32(data[at+4:]) != 0 {
			w.commits = append(w.commits, at+frameHeader+w.page)
		}
	}
	return w
}

// synced returns the end of what is surely on the disk: all commits but the last, since each is synced before the next begins;
// and the last, if an entry in it was acknowledged, or if it is being copied into the file, before which it is synced, too.
func (w *wal) synced(t *testing.T, dir string, acknowledged recordtest.Acknowledged) int {
	t.Helper()
	newest := int64(-1)
	for seq := range acknowledged {
		newest = max(newest, seq)
	}
	last := w.commits[len(w.commits)-1]
	if n := entriesWith(t, dir, w.data[:last]); n <= newest {
		t.Fatalf("entry %d was acknowledged; all commits hold %d", newest, n)
	}
	if len(w.commits) == 1 {
		return last
	}
	before := w.commits[len(w.commits)-2]
	if w.copying(t, filepath.Join(dir, "record.sqlite"), before, last) || entriesWith(t, dir, w.data[:before]) <= newest {
		return last
	}
	return before
}

// copying tells whether a page of the frames between two places already stands so in the file.
func (w *wal) copying(t *testing.T, file string, from, to int) bool {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for at := from; at < to; at += frameHeader + w.page {
		page := int(binary.BigEndian.Uint32(w.data[at:])-1) * w.page
		if page+w.page <= len(data) && bytes.Equal(data[page:page+w.page], w.data[at+frameHeader:at+frameHeader+w.page]) {
			return true
		}
	}
	return false
}

// entriesWith returns how many entries a store has whose write-ahead log ends so.
func entriesWith(t *testing.T, dir string, wal []byte) int64 {
	t.Helper()
	at := t.TempDir()
	data, err := os.ReadFile(filepath.Join(dir, "record.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, at, "record.sqlite", data)
	if err := os.WriteFile(filepath.Join(at, "record.sqlite-wal"), wal, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(at, "record.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int64
	if err := db.QueryRowContext(context.Background(), "SELECT coalesce(max(seq) + 1, 0) FROM entries").Scan(&n); err != nil {
		return 0 // not even the table is there
	}
	return n
}

// lose returns a write-ahead log of which what stands behind from has come to the disk in part, or otherwise.
func (w *wal) lose(from int) []byte {
	out := bytes.Clone(w.data)
	tail := out[from:w.end]
	sectors := func(odds int, change func(sector []byte)) {
		for at := 0; at < len(tail); at += 512 {
			if rand.IntN(odds) == 0 {
				change(tail[at:min(at+512, len(tail))])
			}
		}
	}
	switch rand.IntN(4) {
	case 0: // cut off
		return out[:from+rand.IntN(len(tail)+1)]
	case 1: // sectors that were not written, and hold nothing
		sectors(2, func(sector []byte) { clear(sector) })
	case 2: // or what was there before
		sectors(8, func(sector []byte) {
			for i := range sector {
				sector[i] = byte(rand.Uint32())
			}
		})
	case 3: // one bit
		if len(tail) > 0 {
			tail[rand.IntN(len(tail))] ^= 1 << rand.IntN(8)
		}
	}
	return out
}

// tear writes half of some pages of a file that the synced part of the write-ahead log holds: what copies them there was
// not done. It returns how many.
func (w *wal) tear(t *testing.T, file string, from int) int {
	t.Helper()
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, page := range w.pages {
		at := (page - 1) * int64(w.page)
		if walHeader+(i+1)*(frameHeader+w.page) > from || rand.IntN(4) > 0 || at+int64(w.page) > info.Size() {
			continue
		}
		half := bytes.Repeat([]byte("torn"), w.page/8)
		if _, err := f.WriteAt(half, at+int64(rand.IntN(2)*w.page/2)); err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}
