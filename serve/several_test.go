package serve

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"bremen/commons"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
)

// Two servers on one database are one to their visitors: who signs in at one is signed in at the other, and what is
// stated at one is read at the other.
func TestSeveralServers(t *testing.T) {
	t.Parallel()
	first, another := newWorlds(t)
	w := settle(first, nil)
	second, other := another()

	cookie := w.cookie(2)
	form := url.Values{"what": {"bread"}, "quantity": {"4711"}, "unit": {"kg"}, "basis": {"period"}, "urgency": {"wish"}}
	r := httptest.NewRequest(http.MethodPost, w.address+"/nordhof/need", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Cookie", cookie)
	got := httptest.NewRecorder()
	second.ServeHTTP(got, r)
	if got.Code != http.StatusSeeOther {
		t.Fatalf("a need at the second server, signed in at the first: %d %s", got.Code, got.Body)
	}
	if _, err := w.net.Wait(t.Context(), networkOf(t, other).Size()-1); err != nil {
		t.Fatal(err)
	}
	if page := w.client().send(http.MethodGet, "/nordhof/me", nil, "Cookie", cookie); !strings.Contains(page.body, "4711") {
		t.Errorf("the need is not at the first server: %d\n%s", page.status, page.body)
	}
}

// newWorlds opens a server on PostgreSQL. another opens one more on the same database, which knows nothing of the first.
func newWorlds(t *testing.T) (w *world, another func() (*Server, *commons.Commons)) {
	t.Helper()
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	database, dir := cluster.Database(t), t.TempDir()
	w = &world{t: t, log: &safeBuffer{}}
	open := func() *postgres.Store {
		t.Helper()
		s, err := postgres.Open(t.Context(), database, w.now)
		w.must(err)
		return s
	}
	w.on(open(), database, dir)
	return w, func() (*Server, *commons.Commons) {
		store := open()
		t.Cleanup(func() { store.Close() })
		sessions, err := OpenStore(t.Context(), database, w.now)
		w.must(err)
		t.Cleanup(func() { sessions.Close() })
		c, err := commons.Open(t.Context(), store, commons.Options{Clock: w.now, Dir: dir})
		w.must(err)
		t.Cleanup(func() { c.Close() })
		address, err := url.Parse(w.address)
		w.must(err)
		s, err := New(c, Options{Address: address, Store: sessions, Clock: w.now})
		w.must(err)
		return s, c
	}
}

// Three people found a network on servers that share a database and remember nothing of their own: every request goes to
// another server than the one before, and one is started anew in between. Each founder's name is read afterwards.
func TestFoundingOnSeveralServers(t *testing.T) {
	t.Parallel()
	w, another := newWorlds(t)
	one := w.server.all
	two, _ := another()
	turn := 0
	w.server.all = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if turn++; turn%2 == 0 {
			two.ServeHTTP(out, r)
			return
		}
		one.ServeHTTP(out, r)
	})
	var people []*client
	var keys []*softKey
	for i, name := range []string{"Anna", "Bela", "Cem"} {
		c, k := w.client(), newSoftKey(t)
		people, keys = append(people, c), append(keys, k)
		page := c.post("/nordhof/setup", "code", w.code)
		if i == 0 {
			page = c.post("/nordhof/setup/what", "name", "Nordhof", "purpose", "Brot")
		}
		page = c.post("/nordhof/setup/founder", "name", name, "contact", name+"@example.org", "household", "h"+name, "group", "nord",
			"credential", k.create(challenge(t, page.body), w.address), "card", url64(k.cardPublic()))
		if page.status != http.StatusOK || !strings.Contains(page.body, name) {
			t.Fatalf("%s takes part: %d\n%s", name, page.status, page.body)
		}
	}
	people[1].post("/nordhof/setup/freeze")
	two, _ = another()
	for i, c := range people {
		text := statement(c.get("/nordhof/setup").body)
		sig, _ := json.Marshal(keys[i].statement(sha256.Sum256([]byte(text)), w.address))
		if got := c.post("/nordhof/setup/sign", "statement", text, "signature", string(sig)); got.status != http.StatusOK {
			t.Fatalf("founder %d signs: %d\n%s", i+1, got.status, got.body)
		}
	}
	_, c := another()
	n := networkOf(t, c)
	for i, want := range []string{"Anna", "Bela", "Cem"} {
		if name, err := n.Name(t.Context(), 1, int64(i+1)); err != nil || name != want {
			t.Errorf("founder %d is called %q, %v, want %q", i+1, name, err, want)
		}
	}
	if f, version, err := w.server.o.Store.founding(t.Context(), n.Origin()); err != nil || version != 0 || len(f.Founders) > 0 {
		t.Errorf("what was typed for the founding is kept: %+v, %v", f, err)
	}
}

func networkOf(t *testing.T, c *commons.Commons) *commons.Network {
	t.Helper()
	n, err := c.Network(t.Context(), "localhost/nordhof")
	if err != nil {
		t.Fatal(err)
	}
	return n
}
