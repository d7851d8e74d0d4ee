package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
	"bremen/record/recordtest"
)

// childURL names in the environment the database on which this program puts load instead of testing.
const childURL = "BREMEN_TEST_CHILD"

func load(url string) error {
	s, err := postgres.Open(context.Background(), url, time.Now)
	if err != nil {
		return err
	}
	return recordtest.Load(s, os.Stdout)
}

func child(url string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), childURL+"="+url)
	return cmd
}

func newLog(t *testing.T, s record.Store) record.Log {
	t.Helper()
	key, _, err := record.NewKey(recordtest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Create(t.Context(), recordtest.Origin, key)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func openLog(t *testing.T, s record.Store) record.Log {
	t.Helper()
	l, err := s.Log(t.Context(), recordtest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestKilled(t *testing.T) {
	t.Parallel()
	var url place
	var acknowledged recordtest.Acknowledged
	total := 0
	for round := range recordtest.CrashRounds(t) {
		if round%10 == 0 {
			url, acknowledged = newPlace(t).(place), recordtest.Acknowledged{}
		}
		before := len(acknowledged)
		recordtest.Crash(t, child(string(url)), acknowledged)
		total += len(acknowledged) - before
		s := url.Open(t, time.Now)
		recordtest.Survived(t, s, acknowledged)
		s.Close()
	}
	if total == 0 {
		t.Fatal("nothing was acknowledged before any kill")
	}
	t.Logf("%d entries acknowledged before the kills", total)
}

// Three servers append to one log, some to the place they have read up to and some anywhere; the history is one, and
// each hears of what the others append.
func TestServersShare(t *testing.T) {
	t.Parallel()
	const servers, each = 3, 40
	url := newPlace(t).(place)
	first := url.Open(t, time.Now)
	defer first.Close()
	newLog(t, first)
	var wg sync.WaitGroup
	for n := range servers {
		s := url.Open(t, time.Now)
		defer s.Close()
		l := openLog(t, s)
		wg.Go(func() {
			for i := range each {
				if err := shared(t.Context(), l, int64(n+1), i); err != nil {
					t.Error(err)
					return
				}
			}
		})
		wg.Go(func() {
			for size := int64(0); size < servers*each; {
				var err error
				if size, err = l.Wait(t.Context(), size); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	entries, err := recordtest.Check(t.Context(), openLog(t, first))
	if err != nil || len(entries) != servers*each {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
}

// shared appends one entry: to the place read up to, again and again until nobody comes between, or anywhere.
func shared(ctx context.Context, l record.Log, member int64, i int) error {
	d := recordtest.Draft(recordtest.Origin, member, fmt.Sprint(i), "secret")
	if i%2 == 0 {
		_, err := record.Append(ctx, l, record.Anywhere, d)
		return err
	}
	for {
		var after record.After
		size, err := l.Size(ctx)
		if err != nil {
			return err
		}
		if size > 0 {
			raw, err := l.Read(ctx, size-1, 1)
			if err != nil {
				return err
			}
			last, err := record.Decode(raw[0])
			if err != nil {
				return err
			}
			after = last.After()
		}
		entries, err := record.Append(ctx, l, after, d)
		if errors.Is(err, record.ErrHeadMoved) {
			continue
		}
		if err == nil && entries[0].Seq != after.Size {
			return fmt.Errorf("appended at %d, expected %d", entries[0].Seq, after.Size)
		}
		return err
	}
}

// Of two servers one has a clock that stands behind: by minutes it takes the time of the newest entry, whoever appended it, by
// hours it is refused; time never decreases, and the other goes on.
func TestServersClocks(t *testing.T) {
	t.Parallel()
	url := newPlace(t).(place)
	begin := time.Now()
	var behind atomic.Int64
	right := url.Open(t, time.Now)
	defer right.Close()
	l := newLog(t, right)
	wrong := url.Open(t, func() time.Time { return time.Now().Add(-time.Duration(behind.Load())) })
	defer wrong.Close()
	far := openLog(t, wrong)
	for round := range 10 {
		say := func(l record.Log) error {
			_, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, fmt.Sprint(round)))
			return err
		}
		behind.Store(int64(10 * time.Minute))
		if err := errors.Join(say(l), say(far)); err != nil {
			t.Fatal(err)
		}
		behind.Store(int64(2 * time.Hour))
		if err := say(far); !errors.Is(err, record.ErrClock) {
			t.Fatalf("error %v", err)
		}
	}
	entries, err := recordtest.Check(t.Context(), l)
	if err != nil || len(entries) != 20 || entries[0].Time.Before(begin.Truncate(time.Millisecond)) {
		t.Fatalf("%d entries, the first of %v, %v", len(entries), entries[0].Time, err)
	}
}

// While the database is away there are errors; when it is back, in good order or after a crash, work goes on by itself.
func TestStoppedAndStarted(t *testing.T) {
	t.Parallel()
	c, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	url := place(c.Database(t))
	s := url.Open(t, time.Now)
	defer s.Close()
	l := newLog(t, s)
	other := url.Open(t, time.Now)
	defer other.Close()
	far := openLog(t, other)
	acknowledged := recordtest.Acknowledged{}
	say := func() error {
		entries, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, "says", "secret"))
		if err == nil {
			acknowledged[entries[0].Seq] = entries[0].StatementHash
		}
		return err
	}
	for name, away := range map[string]func() error{
		"stopped": func() error {
			if err := c.Stop(); err != nil {
				return err
			}
			if err := say(); err == nil {
				return errors.New("an append succeeded without a database")
			}
			return c.Start()
		},
		"killed": c.Kill,
	} {
		if err := say(); err != nil {
			t.Fatal(err)
		}
		if err := away(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		// Connections of before are found dead one by one.
		for tries := 0; ; tries++ {
			if err := say(); err == nil {
				break
			} else if tries > 50 {
				t.Fatalf("%s: %v", name, err)
			}
		}
		size, err := l.Size(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n, err := far.Wait(t.Context(), size-1); err != nil || n != size {
			t.Fatalf("%s: another server is told of %d entries, %v; there are %d", name, n, err, size)
		}
	}
	recordtest.Survived(t, s, acknowledged)
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	url := newPlace(t).(place)
	s := url.Open(t, time.Now)
	defer s.Close()
	newLog(t, s)
	readOnly := (url + "&default_transaction_read_only=on").Open(t, time.Now)
	defer readOnly.Close()
	l := openLog(t, readOnly)
	if _, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, "says")); !errors.Is(err, record.ErrReadOnly) {
		t.Errorf("append: error %v", err)
	}
	if err := l.Erase(t.Context(), 1); !errors.Is(err, record.ErrReadOnly) {
		t.Errorf("erase: error %v", err)
	}
}

func TestEntriesStay(t *testing.T) {
	t.Parallel()
	url := newPlace(t).(place)
	s := url.Open(t, time.Now)
	defer s.Close()
	newLog(t, s)
	conn, err := pgx.Connect(t.Context(), string(url))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, query := range []string{"UPDATE entries SET time = 0", "DELETE FROM entries", "TRUNCATE entries"} {
		l := openLog(t, s)
		if _, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, query)); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), query); err == nil {
			t.Errorf("%s was done", query)
		}
	}
}

// A cluster that would lose what it acknowledged, and a role that could not erase, are refused at once.
func TestRefusedDatabases(t *testing.T) {
	t.Parallel()
	c, stop, err := postgrestest.Start(1, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if _, err := postgres.Open(t.Context(), c.Database(t), time.Now); err == nil || !strings.Contains(err.Error(), "fsync") {
		t.Errorf("fsync off: error %v", err)
	}
	url := cluster.Database(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "CREATE ROLE weak LOGIN"); err != nil {
		t.Fatal(err)
	}
	defer conn.Exec(context.Background(), "DROP ROLE weak") //nolint:errcheck // a second run says so
	_, err = postgres.Open(t.Context(), strings.Replace(url, "user=bremen", "user=weak", 1), time.Now)
	if err == nil || !strings.Contains(err.Error(), `GRANT pg_checkpoint, pg_monitor TO "weak"`) {
		t.Errorf("weak role: error %v", err)
	}
}

func TestErasedBytes(t *testing.T) {
	t.Parallel()
	c, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	url := c.Database(t)
	s := place(url).Open(t, time.Now)
	defer s.Close()
	l := newLog(t, s)
	var drafts []record.Draft
	for person := range int64(300) {
		drafts = append(drafts, recordtest.Draft(recordtest.Origin, person+1, "says", fmt.Sprint("Zwiebelkuchen ", person+1, ".")))
	}
	if _, err := record.Append(t.Context(), l, record.Anywhere, drafts...); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var key []byte
	if _, err := conn.Exec(t.Context(), "CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRow(t.Context(), "SELECT key FROM bremen_keys.person_keys WHERE person = 150").Scan(&key); err != nil {
		t.Fatal(err)
	}
	if got := in(t, c.Data(), key); !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "pg_wal") }) ||
		!slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "base") }) {
		t.Fatalf("before, the key is in %q", got)
	}
	dump := func(args ...string) []byte {
		out, err := c.Dump(url, args...)
		if err != nil || len(out) == 0 {
			t.Fatalf("pg_dump: %d bytes, %v", len(out), err)
		}
		return out
	}
	hex := fmt.Appendf(nil, "%x", key)
	if !bytes.Contains(dump(), hex) || bytes.Contains(dump("--exclude-schema=bremen_keys"), hex) {
		t.Fatal("a dump without the schema of keys holds one, or one with it none")
	}
	// Somebody still looks at the table as it was.
	old, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close(context.Background())
	if _, err := old.Exec(t.Context(), "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM logs"); err != nil {
		t.Fatal(err)
	}
	if err := l.Erase(t.Context(), 150); err != nil {
		t.Fatal(err)
	}
	for what, data := range map[string][]byte{"key": key, "salt": drafts[149].Payloads[0].Salt[:], "plaintext": []byte("Zwiebelkuchen")} {
		if got := in(t, c.Data(), data); len(got) > 0 {
			t.Errorf("the %s is in %q", what, got)
		}
		if text := dump(); bytes.Contains(text, data) || bytes.Contains(text, fmt.Appendf(nil, "%x", data)) {
			t.Errorf("the %s is in a dump", what)
		}
	}
	if got, err := l.Payloads(t.Context(), drafts[148].Statement.Payloads...); err != nil || len(got) != 1 {
		t.Errorf("another's payload: %v, %v", got, err)
	}
}

// in returns the files of a folder that hold the bytes.
func in(t *testing.T, dir string, what []byte) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && !d.Type().IsRegular() {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if bytes.Contains(data, what) {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
