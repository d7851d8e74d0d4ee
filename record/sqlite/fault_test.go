package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"bremen/record"
	"bremen/record/recordtest"
	"bremen/record/sqlite"
)

// childTask says in the environment what this program does instead of testing, in the folder that childDir names.
const (
	childTask = "BREMEN_TEST_CHILD"
	childDir  = "BREMEN_TEST_DIR"
)

func TestMain(m *testing.M) {
	task, dir := os.Getenv(childTask), os.Getenv(childDir)
	if task == "" {
		os.Exit(m.Run())
	}
	s, err := sqlite.Open(context.Background(), dir, time.Now)
	if err == nil && task == "load" {
		err = recordtest.Load(s, os.Stdout)
	}
	switch {
	case errors.Is(err, record.ErrReadOnly):
		fmt.Print("read-only")
	case errors.Is(err, record.ErrLocked):
		fmt.Print("locked")
	default:
		fmt.Print(err)
	}
}

func child(task, dir string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), childTask+"="+task, childDir+"="+dir)
	return cmd
}

func TestKilled(t *testing.T) {
	t.Parallel()
	var dir string
	var acknowledged recordtest.Acknowledged
	total := 0
	for round := range recordtest.CrashRounds(t) {
		if round%10 == 0 {
			dir, acknowledged = filepath.Join(t.TempDir(), "store"), recordtest.Acknowledged{}
		}
		before := len(acknowledged)
		recordtest.Crash(t, child("load", dir), acknowledged)
		total += len(acknowledged) - before
		s := place(dir).Open(t, time.Now)
		recordtest.Survived(t, s, acknowledged)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if total == 0 {
		t.Fatal("nothing was acknowledged before any kill")
	}
	t.Logf("%d entries acknowledged before the kills", total)
}

// A second process is told that the first is at it, and can go on when that is gone.
func TestOtherProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := place(dir).Open(t, time.Now)
	if out, err := child("open", dir).Output(); err != nil || string(out) != "locked" {
		t.Fatalf("%q, %v", out, err)
	}
	s.Close()
	if out, err := child("open", dir).Output(); err != nil || string(out) != "<nil>" {
		t.Fatalf("%q, %v", out, err)
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Fatal("write this test for Windows")
	}
	dir := t.TempDir()
	place(dir).Open(t, time.Now).Close()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range append(files(t, dir), dir) {
		if err := os.Chmod(path, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755) })
	cmd := child("open", dir)
	if os.Getuid() == 0 { // whom no mode keeps from writing
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	if out, err := cmd.Output(); err != nil || string(out) != "read-only" {
		t.Fatalf("%q, %v", out, err)
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// in returns the files of a folder that hold the bytes.
func in(t *testing.T, dir string, what []byte) []string {
	t.Helper()
	var out []string
	for _, path := range files(t, dir) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, what) {
			out = append(out, filepath.Base(path))
		}
	}
	return out
}

func personKey(t *testing.T, file string, person int64) []byte {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var key []byte
	if err := db.QueryRow("SELECT key FROM person_keys WHERE person = ?", person).Scan(&key); err != nil {
		t.Fatal(err)
	}
	return key
}

func TestErasedBytes(t *testing.T) {
	t.Parallel()
	dir, backup, keys := t.TempDir(), t.TempDir(), t.TempDir()
	s := place(dir).Open(t, time.Now)
	defer s.Close()
	l, err := s.Create(t.Context(), recordtest.Origin, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	const secret = "Zwiebelkuchen für Nordhof"
	var drafts []record.Draft
	for person := range int64(300) { // enough for pages to split and move
		drafts = append(drafts, recordtest.Draft(recordtest.Origin, person+1, "says", fmt.Sprint(secret, " ", person+1, ".")))
	}
	if _, err := record.Append(t.Context(), l, record.Anywhere, drafts...); err != nil {
		t.Fatal(err)
	}
	payload := drafts[149].Payloads[0]
	key := personKey(t, filepath.Join(dir, "keys.sqlite"), 150)
	if got := in(t, dir, key); len(got) != 1 || got[0] != "keys.sqlite" {
		t.Fatalf("before, the key is in %q", got)
	}
	if err := l.Erase(t.Context(), 150); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Backup(t.Context(), dir, filepath.Join(backup, "record"), filepath.Join(keys, "keys")); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{dir, backup, keys} {
		for what, data := range map[string][]byte{"key": key, "salt": payload.Salt[:], "plaintext": []byte("Zwiebelkuchen")} {
			if got := in(t, place, data); len(got) > 0 {
				t.Errorf("%s: the %s is in %q", place, what, got)
			}
		}
	}
	if _, err := recordtest.Check(t.Context(), l); err != nil {
		t.Fatal(err)
	}
}

func newKey(t *testing.T) string {
	t.Helper()
	key, _, err := record.NewKey(recordtest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// A backup is taken under load by another process's means; put back, it holds all that was durable when it began.
func TestBackup(t *testing.T) {
	t.Parallel()
	dir, to := filepath.Join(t.TempDir(), "store"), t.TempDir()
	cmd := child("load", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	some := make([]byte, 1<<14) // some 300 lines
	for n := 0; n < len(some); {
		m, err := out.Read(some[n:])
		if err != nil {
			t.Fatal(err)
		}
		n += m
	}
	go func() {
		for more := make([]byte, 1<<16); ; {
			if _, err := out.Read(more); err != nil {
				return
			}
		}
	}()
	if err := sqlite.Backup(t.Context(), dir, filepath.Join(to, "record.sqlite"), filepath.Join(to, "keys.sqlite")); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Backup(t.Context(), dir, filepath.Join(to, "record.sqlite"), filepath.Join(to, "keys.sqlite")); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("a backup over another: %v", err)
	}
	s := place(to).Open(t, time.Now)
	defer s.Close()
	recordtest.Survived(t, s, recordtest.Acknowledged{})
	l, err := s.Log(t.Context(), recordtest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(some), "\n")[:100] {
		var seq int64
		var hash string
		if _, err := fmt.Sscan(line, &seq, &hash); err != nil {
			t.Fatalf("line %d %q: %v", i, line, err)
		}
		raw, err := l.Read(t.Context(), seq, 1)
		if err != nil || len(raw) != 1 {
			t.Fatalf("entry %d: %d, %v", seq, len(raw), err)
		}
		if e, err := record.Decode(raw[0]); err != nil || e.StatementHash.String() != hash {
			t.Fatalf("entry %d: %v, %v; acknowledged %s", seq, e.StatementHash, err, hash)
		}
	}
}

// A restored backup of before an erasure holds what was erased until it is erased again, and then no more.
func TestRestoredErasure(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	s := place(dir).Open(t, time.Now)
	defer s.Close()
	l, err := s.Create(t.Context(), recordtest.Origin, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	d := recordtest.Draft(recordtest.Origin, 4, "says", "secret")
	if _, err := record.Append(t.Context(), l, record.Anywhere, d); err != nil {
		t.Fatal(err)
	}
	key := personKey(t, filepath.Join(dir, "keys.sqlite"), 4)
	if err := sqlite.Backup(t.Context(), dir, filepath.Join(to, "record.sqlite"), filepath.Join(to, "keys.sqlite")); err != nil {
		t.Fatal(err)
	}
	if err := l.Erase(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	gone, err := l.Erased(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	restored := place(to).Open(t, time.Now)
	defer restored.Close()
	if l, err = restored.Log(t.Context(), recordtest.Origin); err != nil {
		t.Fatal(err)
	}
	if got, err := l.Payloads(t.Context(), d.Statement.Payloads...); err != nil || len(got) != 1 {
		t.Fatalf("before: %v, %v", got, err)
	}
	for _, person := range gone {
		if err := l.Erase(t.Context(), person); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := l.Payloads(t.Context(), d.Statement.Payloads...); err != nil || len(got) != 0 {
		t.Fatalf("after: %v, %v", got, err)
	}
	if got := in(t, to, key); len(got) > 0 {
		t.Fatalf("the key is in %q", got)
	}
}
