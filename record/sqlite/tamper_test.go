package sqlite_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"bremen/record"
	"bremen/record/recordtest"
	"bremen/record/sqlite"
	"bremen/record/tiles"
)

// served is all that a store serves of a log: to outsiders, and to whoever may read the payloads.
type served struct {
	entries  []record.Entry
	payloads map[record.Hash]record.Payload
}

// answer answers requests without a network.
type answer struct{ http.Handler }

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Result(), nil
}

// read opens a store and reads all that it serves, as an outsider who knows the log's public key.
func read(ctx context.Context, dir, public string) (served, error) {
	var out served
	s, err := sqlite.Open(ctx, dir, time.Now)
	if err != nil {
		return out, err
	}
	defer s.Close()
	l, err := s.Log(ctx, recordtest.Origin)
	if err != nil {
		return out, err
	}
	c, err := tiles.NewClient("http://example.org", &http.Client{Transport: answer{tiles.Handler(l)}})
	if err != nil {
		return out, err
	}
	signed, err := c.Checkpoint(ctx)
	if err != nil {
		return out, err
	}
	checkpoint, err := record.OpenCheckpoint(signed, recordtest.Origin, public)
	if err != nil {
		return out, err
	}
	var refs []record.Ref
	for e, err := range c.Entries(ctx, checkpoint.Head, 0) {
		if err != nil {
			return out, err
		}
		out.entries = append(out.entries, e)
		refs = append(refs, e.Statement.Payloads...)
	}
	out.payloads, err = l.Payloads(ctx, refs...)
	return out, err
}

// Each byte of a small stored log, changed once, is found out or changes nothing that is served. The bytes that are not
// zero are looked at, in the quick form every 59th of them.
func TestTampered(t *testing.T) {
	t.Parallel()
	dir, changed := t.TempDir(), t.TempDir()
	s := place(dir).Open(t, time.Now)
	private, public, err := record.NewKey(recordtest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Create(t.Context(), recordtest.Origin, private)
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		if _, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, "says", "secret")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := record.Publish(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want, err := read(t.Context(), dir, public)
	if err != nil || len(want.entries) != 6 || len(want.payloads) != 6 {
		t.Fatalf("%d entries, %d payloads, %v", len(want.entries), len(want.payloads), err)
	}
	keys, err := os.ReadFile(filepath.Join(dir, "keys.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "record.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	every := 59
	if os.Getenv("BREMEN_TORTURE") != "" {
		every = 1
	}
	tried, found, n := 0, 0, 0
	for i := range data {
		if data[i] == 0 {
			continue
		}
		if n++; n%every != 0 {
			continue
		}
		data[i] ^= 1
		put(t, changed, "record.sqlite", data)
		put(t, changed, "keys.sqlite", keys)
		data[i] ^= 1
		got, err := read(t.Context(), changed, public)
		tried++
		if err != nil {
			found++
			continue
		}
		if !reflect.DeepEqual(got.entries, want.entries) {
			t.Errorf("byte %d: other entries are served and not found out", i)
		}
		for hash, p := range got.payloads {
			if !reflect.DeepEqual(p, want.payloads[hash]) {
				t.Errorf("byte %d: another payload is served", i)
			}
		}
	}
	if found == 0 || found == tried {
		t.Errorf("of %d changes %d were found out", tried, found)
	}
	t.Logf("of %d changes %d were found out, the others had no effect", tried, found)
}

// put writes a file in place of what was there, without the files that SQLite keeps beside it.
func put(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	for _, beside := range []string{"-wal", "-shm", "-journal"} {
		if err := os.RemoveAll(path + beside); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
