package witness

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
	"bremen/record/recordtest"
	"bremen/record/sqlite"
)

// scene is a log and a witness of it.
type scene struct {
	store   record.Store
	log     record.Log
	private string
	public  string
	witness string // public key
	handler http.Handler
	server  *httptest.Server
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{}
	var err error
	if s.store, err = sqlite.Open(t.Context(), t.TempDir(), time.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.store.Close() })
	if s.private, s.public, err = record.NewKey(recordtest.Origin); err != nil {
		t.Fatal(err)
	}
	if s.log, err = s.store.Create(t.Context(), recordtest.Origin, s.private); err != nil {
		t.Fatal(err)
	}
	private, _, err := record.NewKey("example.org/witness")
	if err != nil {
		t.Fatal(err)
	}
	if s.witness, err = PublicKey(private); err != nil {
		t.Fatal(err)
	}
	w, err := New(s.store, private, map[string][]string{recordtest.Origin: {s.public}})
	if err != nil {
		t.Fatal(err)
	}
	s.handler = w.Handler()
	s.server = httptest.NewServer(s.handler)
	t.Cleanup(s.server.Close)
	return s
}

func (s *scene) client(t *testing.T) *Client {
	t.Helper()
	c, err := NewClient(s.server.URL, s.witness, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *scene) grow(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		if _, err := record.Append(t.Context(), s.log, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCosign(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.client(t)
	for _, n := range []int{1, 5, 0, 13} {
		s.grow(t, n)
		if n == 13 {
			c = s.client(t) // one that does not know what the witness has seen
		}
		signed, err := record.Publish(t.Context(), s.log, c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := record.OpenCheckpoint(signed, recordtest.Origin, s.public, s.witness)
		if err != nil || len(got.Cosigned) != 1 || got.Cosigned[0].Name != "example.org/witness" || time.Since(got.Cosigned[0].Time).Abs() > time.Hour {
			t.Fatalf("got %+v, %v", got, err)
		}
		kept, err := s.log.LatestCheckpoint(t.Context())
		if err != nil || !bytes.Equal(kept, signed) {
			t.Fatalf("kept %q, %v; signed %q", kept, err, signed)
		}
	}
}

// A witness that does not answer does not hold up the log.
func TestWitnessAway(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.grow(t, 3)
	c := s.client(t)
	s.server.Close()
	signed, err := record.Publish(t.Context(), s.log, c)
	if err == nil {
		t.Fatal("no error for a witness that is away")
	}
	if _, err := record.OpenCheckpoint(signed, recordtest.Origin, s.public); err != nil {
		t.Fatal(err)
	}
}

// A witness that sends its client elsewhere is not followed there.
func TestNotSentElsewhere(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.grow(t, 3)
	asked := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect} {
		server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
		t.Cleanup(server.Close)
		c, err := NewClient(server.URL, s.witness, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := record.Publish(t.Context(), s.log, c); err == nil || asked {
			t.Errorf("%d: %v, asked elsewhere: %v", status, err, asked)
		}
	}
}

func (s *scene) checkpoint(t *testing.T, private string, head record.Head, origin string) []byte {
	t.Helper()
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := record.SignCheckpoint(origin, head, signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.grow(t, 5)
	if _, err := record.Publish(t.Context(), s.log, s.client(t)); err != nil {
		t.Fatal(err)
	}
	s.grow(t, 3)
	head, err := record.HeadAt(t.Context(), s.log, 8)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := tlog.ProveTree(8, 5, record.HashReader(t.Context(), s.log))
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := record.NewKey(recordtest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	stranger, _, err := record.NewKey("example.org/stranger")
	if err != nil {
		t.Fatal(err)
	}
	good := s.checkpoint(t, s.private, head, recordtest.Origin)
	forkAtFive := record.Head{Size: 5, Root: head.Root}
	fork := record.Head{Size: 8, Root: record.Hash{1}}
	for name, c := range map[string]struct {
		body   []byte
		status int
		answer string
	}{
		"not a request":             {[]byte("hello"), 400, ""},
		"an old size with a zero":   {[]byte("old 05\n\n" + string(good)), 400, ""},
		"a hash that is none":       {[]byte("old 5\nAAAA\n\n" + string(good)), 400, ""},
		"no checkpoint":             {[]byte("old 5\n\nhello"), 400, ""},
		"too many hashes":           {formatRequest(5, make(tlog.TreeProof, 64), good), 400, ""},
		"an old size beyond":        {formatRequest(9, nil, good), 400, ""},
		"another's log":             {formatRequest(0, nil, s.checkpoint(t, stranger, head, "example.org/stranger")), 404, ""},
		"another's key":             {formatRequest(5, proof, s.checkpoint(t, other, head, recordtest.Origin)), 403, ""},
		"an older size than seen":   {formatRequest(4, proof, good), 409, "5\n"},
		"the first, as if new":      {formatRequest(0, nil, good), 409, "5\n"},
		"no proof":                  {formatRequest(5, nil, good), 422, ""},
		"a wrong proof":             {formatRequest(5, append(tlog.TreeProof{{1}}, proof[1:]...), good), 422, ""},
		"a fork":                    {formatRequest(5, proof, s.checkpoint(t, s.private, fork, recordtest.Origin)), 422, ""},
		"a fork of the same size":   {formatRequest(5, nil, s.checkpoint(t, s.private, forkAtFive, recordtest.Origin)), 409, "5\n"},
		"too long":                  {bytes.Repeat([]byte("x"), maxRequest+1), 413, ""},
		"a proof where none needed": {formatRequest(5, proof, s.checkpoint(t, s.private, forkAtFive, recordtest.Origin)), 422, ""},
	} {
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequest("POST", "/add-checkpoint", bytes.NewReader(c.body)))
		if w.Code != c.status || c.answer != "" && w.Body.String() != c.answer {
			t.Errorf("%s: %d %q, expected %d %q", name, w.Code, w.Body, c.status, c.answer)
		}
		if strings.Contains(w.Body.String(), "— example.org/witness") {
			t.Errorf("%s: cosigned", name)
		}
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest("POST", "/add-checkpoint", bytes.NewReader(formatRequest(5, proof, good))))
	if w.Code != 200 {
		t.Errorf("the right one: %d %s", w.Code, w.Body)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte("old 0\n\nexample.org/log\n1\n" + record.Hash{}.String() + "\n\n— x y\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		old, proof, signed, err := parseRequest(body)
		if err != nil {
			return
		}
		if again := formatRequest(old, proof, signed); !bytes.Equal(again, body) {
			t.Fatalf("%q reads as %q", body, again)
		}
	})
}
