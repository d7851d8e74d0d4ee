package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"bremen/audit/audittest"
	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
	"bremen/record/recordtest"
	"bremen/record/sqlite"
)

// kills is how often a command is killed: 8 times, or as BREMEN_TORTURE says.
func kills(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("BREMEN_TORTURE"))
	if err != nil {
		return 8
	}
	return n
}

// killed runs the program and kills it at a random instant of the time that it takes; it tells whether it had come to its end.
func killed(t *testing.T, most time.Duration, args ...string) bool {
	t.Helper()
	cmd := program(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(time.Duration(rand.Int64N(int64(most))), func() { cmd.Process.Kill() })
	defer kill.Stop()
	err := cmd.Wait()
	if err != nil && !strings.Contains(err.Error(), "killed") {
		t.Fatalf("%v: %v\n%s", args, err, cmd.Stderr)
	}
	return err == nil
}

// program is a run of the program in a process of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(bremenProgram(t), args...)
	cmd.Stderr = &strings.Builder{}
	return cmd
}

// bremenProgram is this test binary under the program's name, by which it is the program.
func bremenProgram(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "bremen")
	if err := os.Symlink("/proc/"+strconv.Itoa(os.Getpid())+"/exe", name); err != nil {
		t.Fatal(err)
	}
	return name
}

// took runs the program to its end and returns how long that was.
func took(t *testing.T, args ...string) time.Duration {
	t.Helper()
	cmd, begin := program(t, args...), time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, cmd.Stderr)
	}
	return time.Since(begin)
}

// seen lists a folder without what is hidden.
func seen(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	return names
}

// many makes a data folder with some files and enough entries that commands take a while.
func many(t *testing.T) (string, *audittest.Network) {
	t.Helper()
	data, clock := filepath.Join(t.TempDir(), "data"), audittest.NewClock()
	clock.Pass(time.Since(clock.Now()) - time.Hour) // programs of their own have the real one
	s := store(t, data, clock)
	n := audittest.Found(t, s, clock)
	for range 401 {
		n.Need(1)
	}
	n.Publish()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filesName, sumsName} {
		if err := os.MkdirAll(filepath.Join(data, dir), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(data, dir, "one"), make([]byte, 1<<16), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return data, n
}

// A backup that is killed leaves a whole backup or none.
func TestKilledBackup(t *testing.T) {
	t.Parallel()
	data, n := many(t)
	known := noted(t, newest(t, data, n))
	most := took(t, "backup", "--data", data, t.TempDir(), t.TempDir())
	for range kills(t) {
		records, keys := filepath.Join(t.TempDir(), "records"), filepath.Join(t.TempDir(), "keys")
		killed(t, most, "backup", "--data", data, records, keys)
		for _, name := range seen(t, records) {
			stamp, ok := strings.CutSuffix(filepath.Base(name), "."+recordName)
			if !ok {
				continue
			}
			bremen(t, n.Clock.Now, "restore", name, filepath.Join(keys, stamp+"."+keysName), "--data", filepath.Join(t.TempDir(), "restored"), "--known", known).wants(t, 0, "Restored in")
		}
	}
}

// A restore that is killed leaves nothing in place or all, and where nothing, a folder that the next is told of.
func TestKilledRestore(t *testing.T) {
	t.Parallel()
	data, n := many(t)
	known := noted(t, newest(t, data, n))
	b := backedUp(t, n, "--data", data)
	args := func(to string) []string { return []string{"restore", b.Record, b.Keys, "--data", to, "--known", known} }
	most := took(t, args(filepath.Join(t.TempDir(), "restored"))...)
	for range kills(t) {
		to := filepath.Join(t.TempDir(), "restored")
		killed(t, most, args(to)...)
		if _, err := os.Stat(to); err != nil {
			if _, err := os.Stat(hidden(to)); err == nil {
				bremen(t, n.Clock.Now, args(to)...).wants(t, 1, "or one was cut short", "there are keys in it")
				if err := os.RemoveAll(hidden(to)); err != nil {
					t.Fatal(err)
				}
			}
			bremen(t, n.Clock.Now, args(to)...).wants(t, 0, "Restored in")
		}
		bremen(t, n.Clock.Now, "audit", to, "--since", known).wants(t, 0, "The record holds")
		if len(seen(t, filepath.Join(to, filesName))) != 1 || len(seen(t, filepath.Join(to, sumsName))) != 1 {
			t.Error("files are missing")
		}
	}
}

// appendable tells whether entries can be added to the record in a store.
func appendable(t *testing.T, s record.Store, origin string) bool {
	t.Helper()
	l, err := s.Log(t.Context(), origin)
	if errors.Is(err, record.ErrUnknownLog) {
		return false
	}
	var moved string
	var size int64
	if err == nil {
		moved, err = l.Moved(t.Context())
	}
	if err == nil {
		size, err = l.Size(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return moved == "" && size > 0
}

// A move to a database that is killed leaves at most one place to which entries can be added, and is completed by the next.
func TestKilledMoveToDatabase(t *testing.T) {
	t.Parallel()
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	original, n := many(t)
	copied := func() string {
		data := filepath.Join(t.TempDir(), "data")
		if err := os.CopyFS(data, os.DirFS(original)); err != nil {
			t.Fatal(err)
		}
		return data
	}
	most := took(t, "move", "--data", copied(), "--database", cluster.Database(t))
	for range (kills(t) + 1) / 2 { // a database takes its time
		data, url := copied(), cluster.Database(t)
		killed(t, most, "move", "--data", data, "--database", url)
		s, err := postgres.Open(t.Context(), url, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		there := appendable(t, s, audittest.Origin)
		if gone, err := sqlite.Retired(data); err != nil || there && gone == "" {
			t.Fatalf("entries can be added here and there, %v", err)
		}
		s.Close()
		bremen(t, n.Clock.Now, "move", "--data", data, "--database", url).wants(t, 0, "402 entries")
		stands(t, url, n, 402, 401, 0)
	}
}

// A move to another operator that is killed leaves at most one record to which entries can be added, and is completed by
// the next.
func TestKilledMoveToOperator(t *testing.T) {
	t.Parallel()
	const next = "other.org/nordhof"
	original, n := many(t)
	args := func(data, to string) []string {
		return []string{"move", data, "--as", next, "--operator", "Other eG", "--data", to}
	}
	copied := func() (data, to string) {
		dir := t.TempDir()
		if err := os.CopyFS(filepath.Join(dir, "data"), os.DirFS(original)); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, "data"), filepath.Join(dir, "to")
	}
	most := took(t, args(copied())...)
	for range kills(t) {
		data, to := copied()
		killed(t, most, args(data, to)...)
		from := store(t, data, n.Clock)
		here := appendable(t, from, audittest.Origin)
		from.Close()
		there, begun := false, false
		if _, err := os.Stat(filepath.Join(to, recordName)); err == nil {
			s := store(t, to, n.Clock)
			there, begun = appendable(t, s, next), appendable(t, s, audittest.Origin)
			s.Close()
		}
		if here && there || begun {
			t.Fatalf("entries can be added to the old record here %v, there %v, and to the new one %v", here, begun, there)
		}
		r := bremen(t, time.Now, args(data, to)...)
		if r.status == 1 && strings.Contains(r.err, "there already is a record "+next) {
			r.status = 0 // it had come to its end
		}
		r.wants(t, 0)
		bremen(t, time.Now, "audit", to).wants(t, 0, "Goes on from "+audittest.Origin+" after 402 entries", "The record holds")
		from = store(t, data, n.Clock)
		if appendable(t, from, audittest.Origin) {
			t.Error("entries can be added to the old record")
		}
		from.Close()
	}
}

// Where there is no room backup, restore and move say so and leave nothing that looks whole, and where something was, it stays.
func TestNoRoom(t *testing.T) {
	if !recordtest.Alone(t) {
		return
	}
	data, n := many(t)
	known := noted(t, newest(t, data, n))
	b := backedUp(t, n, "--data", data)
	full := func(r ran) {
		t.Helper()
		if r.status != 1 || !strings.Contains(r.err, "disk full") && !strings.Contains(r.err, "no space left") && !strings.Contains(r.err, "file too large") && !strings.Contains(r.err, "disk I/O") {
			t.Fatalf("exit status %d: %s%s", r.status, r.out, r.err)
		}
	}
	disk, _ := recordtest.SmallDisk(t, 400<<10)
	records, keys := filepath.Join(disk, "records"), filepath.Join(disk, "keys")
	full(bremen(t, n.Clock.Now, "backup", "--data", data, records, t.TempDir()))
	full(bremen(t, n.Clock.Now, "backup", "--data", data, records, keys))
	for _, dir := range []string{records, keys, filepath.Join(records, filesName), filepath.Join(records, sumsName)} {
		left, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		for _, e := range left { // files that have their names are whole
			if info, err := e.Info(); err != nil || !e.IsDir() && info.Size() != 1<<16 {
				t.Errorf("%s is left in %s, %v", e.Name(), dir, err)
			}
		}
	}
	full(bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", filepath.Join(disk, "restored"), "--known", known))
	full(bremen(t, n.Clock.Now, "move", data, "--as", "other.org/nordhof", "--operator", "x", "--data", filepath.Join(disk, "moved")))
	if _, err := os.Stat(filepath.Join(disk, "restored")); err == nil {
		t.Error("something was put in place")
	}
	s := store(t, data, n.Clock)
	defer s.Close()
	if !appendable(t, s, audittest.Origin) {
		t.Error("the record can go on neither here nor there")
	}
	l, err := s.Log(t.Context(), audittest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := recordtest.Check(t.Context(), l); err != nil {
		t.Error(err)
	}
}

// On a disk that cannot be written to backup, restore and move say so, change nothing, and a record there is not half moved.
func TestClosedDisk(t *testing.T) {
	if !recordtest.Alone(t) {
		return
	}
	data, n := many(t)
	known := noted(t, newest(t, data, n))
	b := backedUp(t, n, "--data", data)
	disk, real := recordtest.SmallDisk(t, 64<<20)
	if !real {
		t.Skip("a disk that is closed has to be mounted: run it as root, or where user namespaces are allowed")
	}
	there := filepath.Join(disk, "data")
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		goOnWith(t, l)
		if err := errors.Join(os.CopyFS(there, os.DirFS(data)), os.Mkdir(filepath.Join(disk, "empty"), 0o700)); err != nil {
			t.Fatal(err)
		}
	})
	if info, err := os.Stat(filepath.Join(there, recordName+"-wal")); err != nil || info.Size() == 0 {
		t.Fatalf("nothing is in the write-ahead log: %v", err)
	}
	recordtest.Closed(t, disk)
	for name, args := range map[string][]string{
		"backup to it":    {"backup", "--data", data, filepath.Join(disk, "empty"), t.TempDir()},
		"keys to it":      {"backup", "--data", data, t.TempDir(), filepath.Join(disk, "empty")},
		"restore to it":   {"restore", b.Record, b.Keys, "--data", filepath.Join(disk, "restored"), "--known", known},
		"move to it":      {"move", data, "--as", "other.org/nordhof", "--operator", "x", "--data", filepath.Join(disk, "moved")},
		"move from it":    {"move", there, "--as", "other.org/nordhof", "--operator", "x", "--data", filepath.Join(t.TempDir(), "moved")},
		"a server on it":  {"serve", "--data", there, "--listen", "localhost:0"},
		"a witness on it": {"witness", "--name", "w.example", "--key", filepath.Join(disk, "key"), "--logs", noted(t, []byte(n.Public)), "--data", filepath.Join(disk, "state")},
	} {
		r := bremen(t, n.Clock.Now, args...)
		if r.status != 1 || !strings.Contains(r.err, "look at permissions and disk") {
			t.Errorf("%s: exit status %d: %s%s", name, r.status, r.out, r.err)
		}
	}
	// A backup is only read from it, with what is in the write-ahead log of the process that was killed, and the record can
	// go on where it was.
	bremen(t, n.Clock.Now, "backup", "--data", there, t.TempDir(), t.TempDir()).wants(t, 0, "403 entries")
	s := store(t, data, n.Clock)
	defer s.Close()
	if !appendable(t, s, audittest.Origin) {
		t.Error("the record can go on neither here nor there")
	}
}
