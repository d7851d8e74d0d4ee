package serve

import (
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
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	database := cluster.Database(t)
	first := &world{t: t, log: &safeBuffer{}}
	open := func() *postgres.Store {
		t.Helper()
		s, err := postgres.Open(t.Context(), database, first.now)
		first.must(err)
		return s
	}
	dir := t.TempDir()
	w := settle(first.on(open(), database, dir), nil)
	store := open()
	t.Cleanup(func() { store.Close() })
	sessions, err := OpenStore(t.Context(), database, w.now)
	w.must(err)
	t.Cleanup(func() { sessions.Close() })
	other, err := commons.Open(t.Context(), store, commons.Options{Clock: w.now, Dir: dir})
	w.must(err)
	t.Cleanup(func() { other.Close() })
	address, err := url.Parse(w.address)
	w.must(err)
	second, err := New(other, Options{Address: address, Store: sessions, Clock: w.now})
	w.must(err)

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

func networkOf(t *testing.T, c *commons.Commons) *commons.Network {
	t.Helper()
	n, err := c.Network(t.Context(), "localhost/nordhof")
	if err != nil {
		t.Fatal(err)
	}
	return n
}
