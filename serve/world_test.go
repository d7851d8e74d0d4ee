package serve

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bremen/commons"
	"bremen/internal/waittest"
	"bremen/lp/highs"
	"bremen/record"
	"bremen/record/sqlite"
	"bremen/serve/jobs"
)

// world is a server in a test, on a real SQLite store, with a clock that the test moves.
type world struct {
	t       testing.TB
	address string // http://localhost:PORT
	server  *Server
	commons *commons.Commons
	net     *commons.Network
	code    string // of set-up
	log     *safeBuffer
	dir     string // of the data

	with []func(*Options) // what a test wants otherwise
	ends []func()         // what ends with the server, the last first

	mu    sync.Mutex
	still time.Time // what the clock shows, if it stands still
	ahead time.Duration
	edit  func(body string) string // what somebody between does to pages
}

// tamper has somebody between change pages.
func (w *world) tamper(edit func(string) string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.edit = edit
}

// between is that somebody.
func (w *world) between(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		edit := w.edit
		w.mu.Unlock()
		if edit == nil {
			next.ServeHTTP(out, r)
			return
		}
		in := httptest.NewRecorder()
		next.ServeHTTP(in, r)
		maps.Copy(out.Header(), in.Header())
		out.WriteHeader(in.Code)
		io.WriteString(out, edit(in.Body.String()))
	})
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.still.IsZero() {
		return w.still.Add(w.ahead)
	}
	return time.Now().Add(w.ahead)
}

// stand has the clock move only as the test says, so that what is counted by time does not depend on how long requests take.
func (w *world) stand() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.still = time.Now()
}

func (w *world) pass(days float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += time.Duration(days * 24 * float64(time.Hour))
}

// safeBuffer takes logs from many goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newWorld(t testing.TB, with ...func(*Options)) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, log: &safeBuffer{}, with: with, dir: dir}
	store, err := sqlite.Open(t.Context(), dir, w.now)
	w.must(err)
	return w.on(store, filepath.Join(dir, "sessions.sqlite"), dir)
}

// on starts the server on a store, with its sessions and its folder.
func (w *world) on(store record.Store, where, dir string) *world {
	t := w.t
	t.Helper()
	t.Cleanup(w.shut)
	w.ends = append(w.ends, func() { store.Close() })
	sessions, err := OpenStore(t.Context(), where, w.now)
	w.must(err)
	w.ends = append(w.ends, func() { sessions.Close() })
	w.commons, err = commons.Open(t.Context(), store, commons.Options{Clock: w.now, Dir: dir})
	w.must(err)
	w.ends = append(w.ends, func() { w.commons.Close() })
	if w.net, err = w.commons.Network(t.Context(), "localhost/nordhof"); err != nil {
		w.net, err = w.commons.Create(t.Context(), "localhost/nordhof")
	}
	w.must(err)
	w.code, err = w.net.SetUpCode(t.Context())
	w.must(err)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	w.must(err)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	w.address = "http://localhost:" + port
	address, err := url.Parse(w.address)
	w.must(err)
	o := Options{
		Address: address, Store: sessions, Clock: w.now, Log: slog.New(slog.NewJSONHandler(w.log, nil)), PublishEvery: 100 * time.Millisecond,
		Operator: Operator{Name: "Test", Imprint: "Impressum", Contact: "Kontakt", Privacy: "Datenschutz"},
		Solver:   func() (jobs.Solver, error) { return highs.New(highs.Options{Instances: 1}) },
	}
	o.Jobs, err = sessions.Jobs(t.Context(), o.Log)
	w.must(err)
	w.ends = append(w.ends, func() { o.Jobs.Close() })
	for _, change := range w.with {
		change(&o)
	}
	w.server, err = New(w.commons, o)
	w.must(err)
	w.server.all = w.between(w.server.all)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- w.server.Serve(ctx, l) }()
	w.ends = append(w.ends, func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("server: %v", err)
		}
	})
	return w
}

// again stops the server and starts it anew on what it left.
func (w *world) again() {
	w.t.Helper()
	w.shut()
	store, err := sqlite.Open(w.t.Context(), w.dir, w.now)
	w.must(err)
	w.on(store, filepath.Join(w.dir, "sessions.sqlite"), w.dir)
}

// shut stops the server and closes all that it had open.
func (w *world) shut() {
	for _, end := range slices.Backward(w.ends) {
		end()
	}
	w.ends = nil
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// client is a browser without scripts.
type client struct {
	w *world
	*http.Client
}

func (w *world) client() *client {
	jar, err := cookiejar.New(nil)
	w.must(err)
	return &client{w, &http.Client{Jar: jar, Timeout: waittest.Hanging}}
}

// answer is what came back.
type answer_ struct {
	status int
	body   string
	path   string // after redirects
	header http.Header
}

func (c *client) send(method, path string, form url.Values, headers ...string) answer_ {
	c.w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(c.w.t.Context(), method, c.w.address+path, body)
	c.w.must(err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", c.w.address)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return c.do(r)
}

func (c *client) do(r *http.Request) answer_ {
	c.w.t.Helper()
	res, err := c.Do(r)
	c.w.must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	c.w.must(err)
	return answer_{res.StatusCode, string(b), res.Request.URL.Path, res.Header}
}

func (c *client) get(path string) answer_ { c.w.t.Helper(); return c.send(http.MethodGet, path, nil) }

func (c *client) post(path string, fields ...string) answer_ {
	c.w.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return c.send(http.MethodPost, path, form)
}
