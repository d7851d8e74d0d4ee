package tiles

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"bremen/record"
	"bremen/record/recordtest"
	"bremen/record/sqlite"
)

// served returns a log of n entries, served with a checkpoint, and its public key.
func served(t *testing.T, n int) (record.Log, http.Handler, string) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	private, public, err := record.NewKey(recordtest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Create(t.Context(), recordtest.Origin, private)
	if err != nil {
		t.Fatal(err)
	}
	grow(t, l, n)
	return l, Handler(l), public
}

func grow(t *testing.T, l record.Log, n int) {
	t.Helper()
	drafts := make([]record.Draft, n)
	for i := range drafts {
		drafts[i] = recordtest.Draft(recordtest.Origin, 1, fmt.Sprint(i), "secret")
	}
	if n > 0 {
		if _, err := record.Append(t.Context(), l, record.Anywhere, drafts...); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := record.Publish(t.Context(), l); err != nil {
		t.Fatal(err)
	}
}

func TestOutsiderReadsAll(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 255, 256, 257, 700} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			l, h, public := served(t, n)
			got, head, err := audit(t.Context(), h, public)
			if err != nil {
				t.Fatal(err)
			}
			want, err := recordtest.Check(t.Context(), l)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%d entries of %d, %v", len(got), len(want), err)
			}
			grow(t, l, 300)
			s := httptest.NewServer(h)
			defer s.Close()
			c, err := NewClient(s.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			signed, err := c.Checkpoint(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			newer, err := record.PeekCheckpoint(signed)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Extends(t.Context(), newer.Head, head); err != nil {
				t.Fatal(err)
			}
			if head.Size > 0 {
				head.Root[5]++
				if err := c.Extends(t.Context(), newer.Head, head); err == nil {
					t.Fatal("a fork was not found")
				}
			}
		})
	}
}

// What lies beyond the checkpoint is not served, nor are paths written in another way.
func TestNotServed(t *testing.T) {
	t.Parallel()
	l, h, _ := served(t, 300)
	if _, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, "not covered yet")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"/checkpoint":                      200,
		"/tile/0/000":                      200,
		"/tile/0/001.p/44":                 200,
		"/tile/0/001.p/45":                 404,
		"/tile/0/001":                      404,
		"/tile/1/000.p/1":                  200,
		"/tile/1/000.p/2":                  404,
		"/tile/entries/000":                200,
		"/tile/entries/001.p/44":           200,
		"/tile/entries/001.p/45":           404,
		"/tile/entries/0":                  404,
		"/tile/entries/x000/000":           404,
		"/tile/entries/000.p/0":            404,
		"/tile/entries/000.p/256":          404,
		"/tile/entries/000.p/01":           404,
		"/tile/00/000":                     404,
		"/tile/-1/000":                     404,
		"/tile/8/000":                      404,
		"/tile/0/x999/x999/x999/x999/999":  404,
		"/tile/entries/x99999999999999999": 404,
		"/proof/inclusion/299":             200,
		"/proof/inclusion/300":             404,
		"/proof/inclusion/-1":              404,
		"/proof/inclusion/x":               404,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != want {
			t.Errorf("%s: %d %s, expected %d", path, w.Code, w.Body, want)
		}
	}
}

// Every byte of everything that is served, changed once, is found out.
func TestTampered(t *testing.T) {
	t.Parallel()
	_, h, public := served(t, 5)
	want, _, err := audit(t.Context(), h, public)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/checkpoint", "/tile/0/000.p/5", "/tile/entries/000.p/5"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		body := w.Body.Bytes()
		for i := range body {
			changed := bytes.Clone(body)
			changed[i] ^= 1
			got, _, err := audit(t.Context(), swap{h, path, changed}, public)
			if err == nil && !reflect.DeepEqual(got, want) {
				t.Fatalf("%s, byte %d: not found out", path, i)
			}
			if err == nil && !strings.Contains(path, "checkpoint") {
				t.Fatalf("%s, byte %d: %q is accepted", path, i, changed)
			}
		}
	}
}

// swap serves one path otherwise.
type swap struct {
	http.Handler
	path string
	body []byte
}

func (s swap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == s.path {
		w.Write(s.body)
		return
	}
	s.Handler.ServeHTTP(w, r)
}

// direct answers requests without a network.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

// audit reads everything as an outsider.
func audit(ctx context.Context, h http.Handler, public string) ([]record.Entry, record.Head, error) {
	c, err := NewClient("http://example.org", &http.Client{Transport: direct{h}})
	if err != nil {
		return nil, record.Head{}, err
	}
	return auditClient(ctx, c, public)
}

func auditClient(ctx context.Context, c *Client, public string) ([]record.Entry, record.Head, error) {
	signed, err := c.Checkpoint(ctx)
	if err != nil {
		return nil, record.Head{}, err
	}
	checkpoint, err := record.OpenCheckpoint(signed, recordtest.Origin, public)
	if err != nil {
		return nil, record.Head{}, err
	}
	var entries []record.Entry
	for e, err := range c.Entries(ctx, checkpoint.Head, 0) {
		if err != nil {
			return nil, record.Head{}, err
		}
		entries = append(entries, e)
	}
	return entries, checkpoint.Head, nil
}

// An operator who drops, reorders or rewrites entries and signs anew is found by whoever holds an older checkpoint.
func TestForked(t *testing.T) {
	t.Parallel()
	l, h, public := served(t, 6)
	_, older, err := audit(t.Context(), h, public)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := l.Read(t.Context(), 0, 6)
	if err != nil {
		t.Fatal(err)
	}
	key, err := l.Key(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	signers, err := record.Signers(recordtest.Origin, key)
	if err != nil {
		t.Fatal(err)
	}
	again := func(keep ...int) []record.Draft {
		var out []record.Draft
		for _, i := range keep {
			e, err := record.Decode(raw[i])
			if err != nil {
				t.Fatal(err)
			}
			e.Statement.Payloads = nil
			out = append(out, record.Draft{Statement: e.Statement, Signatures: e.Signatures})
		}
		return out
	}
	for name, keep := range map[string][]int{
		"an entry dropped":      {0, 1, 2, 4, 5},
		"two entries reordered": {0, 1, 3, 2, 4, 5},
		"the same again later":  {0, 1, 2, 3, 4, 5},
	} {
		forged := forge(t, signers[0], again(keep...))
		c, err := NewClient("http://example.org", &http.Client{Transport: direct{Handler(forged)}})
		if err != nil {
			t.Fatal(err)
		}
		signed, err := c.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		newer, err := record.OpenCheckpoint(signed, recordtest.Origin, public)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Extends(t.Context(), newer.Head, older); err == nil {
			t.Errorf("%s: not found out", name)
		}
	}
}

// forge makes a log of its own with the same key.
func forge(t *testing.T, signer note.Signer, drafts []record.Draft) record.Log {
	t.Helper()
	l, _, _ := served(t, 0)
	drafts = append(drafts, recordtest.Draft(recordtest.Origin, 2, "and on"))
	if _, err := record.Append(t.Context(), l, record.Anywhere, drafts...); err != nil {
		t.Fatal(err)
	}
	size, err := l.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	head, err := record.HeadAt(t.Context(), l, size)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := record.SignCheckpoint(recordtest.Origin, head, signer)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.PutCheckpoint(t.Context(), size, signed); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestExport(t *testing.T) {
	t.Parallel()
	l, h, public := served(t, 300)
	dir := t.TempDir()
	if _, err := OpenFolder(dir); err == nil {
		t.Fatal("an empty folder is a record")
	}
	for range 2 {
		if err := Export(t.Context(), l, dir); err != nil {
			t.Fatal(err)
		}
		c, err := OpenFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		got, head, err := auditClient(t.Context(), c, public)
		if err != nil {
			t.Fatal(err)
		}
		want, wantHead, err := audit(t.Context(), h, public)
		if err != nil || head != wantHead || !reflect.DeepEqual(got, want) {
			t.Fatalf("%d entries of %d, %v", len(got), len(want), err)
		}
		grow(t, l, 300)
	}
}

func FuzzPath(f *testing.F) {
	f.Add("entries", "x001/234.p/7")
	f.Add("0", "000")
	f.Fuzz(func(t *testing.T, level, rest string) {
		p, err := parse(level, rest)
		if err == nil && p.path() != level+"/"+rest {
			t.Fatalf("%q/%q reads as %+v", level, rest, p)
		}
	})
}

func FuzzBundle(f *testing.F) {
	f.Add([]byte("\x00\x03abc\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		parts, err := splitBundle(data)
		n := 0
		for _, p := range parts {
			n += 2 + len(p)
		}
		if err == nil && n != len(data) {
			t.Fatalf("%d bytes of %d", n, len(data))
		}
	})
}
