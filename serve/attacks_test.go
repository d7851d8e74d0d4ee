package serve

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// A session that somebody planted is not signed in by its victim; signing out ends it in the store.
func TestSessionFixation(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.client()
	c.get("/nordhof/signin")
	address, _ := url.Parse(w.address)
	planted := c.Jar.Cookies(address)[0]
	if got := c.signIn(w.keys[2]); got.path != "/nordhof/me" {
		t.Fatalf("signing in: %d at %s", got.status, got.path)
	}
	mine := c.Jar.Cookies(address)[0]
	other := w.client()
	other.Jar.SetCookies(address, []*http.Cookie{planted})
	if got := other.get("/nordhof/me"); mine.Value == planted.Value || got.status != http.StatusUnauthorized {
		t.Errorf("the planted session is signed in: %d", got.status)
	}
	other.Jar.SetCookies(address, []*http.Cookie{mine})
	if got := other.get("/nordhof/me"); got.status != http.StatusOK {
		t.Fatalf("the session: %d", got.status)
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if got := c.post("/nordhof/signout"); got.header.Get("Clear-Site-Data") != `"cache"` {
		t.Errorf("signing out leaves what the browser keeps: %v", got.header)
	}
	if got := other.get("/nordhof/me"); got.status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", got.status)
	}
	c = w.as(2)
	w.pass(0.6)
	if got := c.get("/nordhof/me"); got.status != http.StatusUnauthorized {
		t.Errorf("idle for more than twelve hours: %d", got.status)
	}
}

// Codes work once and cannot be guessed; a nonce is good once; a replayed sign-in is refused.
func TestSigningIn(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	codes := regexp.MustCompile(`<li><code>([A-Z2-7-]+)</code>`).FindAllStringSubmatch(c.post("/nordhof/me/codes").body, -1)
	if len(codes) != codeCount || len(plainCode(codes[0][1]))*5 < 112 {
		t.Fatalf("%d codes", len(codes))
	}
	typed := strings.ToLower(strings.ReplaceAll(codes[0][1], "-", " "))
	if got := w.client().post("/nordhof/signin/code", "code", typed); got.path != "/nordhof/me" {
		t.Errorf("a code: %d at %s", got.status, got.path)
	}
	if got := w.client().post("/nordhof/signin/code", "code", typed); got.status != http.StatusForbidden {
		t.Errorf("a code used twice: %d", got.status)
	}
	c.post("/nordhof/me/codes")
	if got := w.client().post("/nordhof/signin/code", "code", codes[1][1]); got.status != http.StatusForbidden {
		t.Errorf("a code that was replaced: %d", got.status)
	}
	other := w.client()
	answer := w.keys[2].assert(signInText("localhost/nordhof", other.nonce()), w.address)
	other.nonce()
	if got := other.post("/nordhof/signin/passkey", "credential", answer); got.status != http.StatusForbidden {
		t.Errorf("an answer to an older nonce: %d", got.status)
	}
	answer = w.keys[2].assert(signInText("localhost/nordhof", other.nonce()), "https://evil.example")
	if got := other.post("/nordhof/signin/passkey", "credential", answer); got.status != http.StatusForbidden {
		t.Errorf("an answer made on another site: %d", got.status)
	}
	stranger := newSoftKey(t)
	if got := other.signIn(stranger); got.status != http.StatusForbidden {
		t.Errorf("a stranger's key: %d", got.status)
	}
	stranger.id = w.keys[2].id
	if got := other.signIn(stranger); got.status != http.StatusForbidden {
		t.Errorf("a stranger's key under a member's name: %d", got.status)
	}
	w.stand()
	for range 120 {
		if got := w.client().get("/nordhof/signin"); got.status == http.StatusTooManyRequests {
			break
		} else if got.status != http.StatusOK {
			t.Fatalf("another visitor: %d", got.status)
		}
	}
	if got := w.client().get("/nordhof/signin"); got.status != http.StatusTooManyRequests {
		t.Errorf("sessions without end: %d, want 429", got.status)
	}
	for _, way := range []string{"passkey", "card", "code"} {
		last := answer_{}
		for range 15 {
			last = w.client().post("/nordhof/signin/"+way, "code", "AAAA", "credential", "{}", "public", "x", "signature", "x")
		}
		if last.status != http.StatusTooManyRequests || last.header.Get("Retry-After") == "" {
			t.Errorf("guessing by %s: %d, want 429", way, last.status)
		}
	}
}

// What is too large, packed, or addressed to somebody else is not read; paths lead nowhere else.
func TestOddRequests(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if got := c.post("/nordhof/need", "words", strings.Repeat("x", maxBody+1)); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form: %d", got.status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.address+"/nordhof/need", struct{ *strings.Reader }{strings.NewReader("words=" + strings.Repeat("x", maxBody+1))})
	w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded") // its length is not announced
	if got := c.do(r); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form in chunks: %d", got.status)
	}
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	z.Write(make([]byte, 1<<20))
	z.Close()
	r, err = http.NewRequestWithContext(t.Context(), http.MethodPost, w.address+"/api/networks/nordhof/entries/need.state", &bomb)
	w.must(err)
	r.Header.Set("Content-Encoding", "gzip")
	r.Header.Set("Content-Type", "application/json")
	if got := c.do(r); got.status != http.StatusUnsupportedMediaType {
		t.Errorf("a packed body: %d", got.status)
	}
	r, err = http.NewRequestWithContext(t.Context(), http.MethodGet, w.address+"/nordhof/", nil)
	w.must(err)
	r.Host = "evil.example"
	if got := c.do(r); got.status != http.StatusMisdirectedRequest {
		t.Errorf("another host: %d", got.status)
	}
	for _, path := range []string{
		"/nordhof/../../etc/passwd", "/nordhof/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fpage.go/page.js", "/nordhof/record/-1", "/nordhof/record/01",
		"/nordhof/record/1e3", "/nordhof/record/99999999999999999999", "/nordhof/record/0x1", "/nordhof/receipts/999", "/nordhof/receipts/0/../../me",
		"/nordhof/log/tile/entries/../../../../keys.sqlite", "/nordhof/log/proof/consistency/2/1", "/nordhof/log/proof/consistency/0/1", "/nordhof/do/no.such", "/%00/", "/nordhof/log/", "/api/", "/nosuch/", "/nordhof/setup/x",
	} {
		got := c.get(path)
		if to := got.header.Get("Location"); got.status != http.StatusNotFound && (got.status/100 != 3 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, "\\")) {
			t.Errorf("%s: %d to %q, want 404", path, got.status, to)
		}
	}
	for _, path := range []string{"//evil.example/?lang=de", "/nordhof//evil.example?lang=de", "/\\evil.example?lang=de", "/nordhof/%5cevil.example?lang=de"} {
		got := c.get(path)
		to, err := url.Parse(got.header.Get("Location"))
		if err != nil || to.Host != "" || strings.HasPrefix(to.Path, "//") {
			t.Errorf("%s leads to %q", path, got.header.Get("Location"))
		}
	}
	for _, method := range []string{http.MethodTrace, http.MethodOptions, http.MethodDelete, "PROPFIND"} {
		for _, path := range []string{"/", "/nordhof/me", "/nordhof/need", "/nordhof/log/checkpoint", "/api/networks/nordhof", "/assets/x/y", "/healthz"} {
			if got := c.send(method, path, nil, "X-Secret", "echo"); got.status/100 != 3 && got.status/100 != 4 || strings.Contains(got.body, "echo") {
				t.Errorf("%s %s: %d, want it refused", method, path, got.status)
			}
		}
	}
	server := w.server.http()
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.WriteTimeout <= 0 || server.IdleTimeout <= 0 || server.MaxHeaderBytes <= 0 {
		t.Error("a limit in time is missing")
	}
}

// A signature says who it is from; a statement that comes back is taken only as it was signed.
func TestSignedStatements(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	page := c.post("/nordhof/do/vouch.give", "guest", "4").body
	text, payloads := statement(page), hidden(page, "payloads")
	send := func(text string, d deviceSignature) answer_ {
		sig, _ := json.Marshal(d)
		return c.post("/nordhof/sign", "statement", text, "payloads", payloads, "signature", string(sig))
	}
	hash := func(text string) record.Hash {
		var s record.Statement
		w.must(json.Unmarshal([]byte(text), &s))
		h, err := s.Hash()
		w.must(err)
		return h
	}
	good := w.keys[2].statement(hash(text), w.address)
	session := good
	session.Kind = record.Session
	server := good
	server.Kind = record.Server
	others := strings.Replace(text, `"member":2`, `"member":3`, 1)
	card := deviceSignature{Kind: record.Card, Key: url64(w.keys[3].cardPublic()), Sig: []byte("x")}
	for _, x := range []struct {
		name string
		got  answer_
		want int
	}{
		{"by a session alone", send(text, session), http.StatusForbidden},
		{"by the server", send(text, server), http.StatusForbidden},
		{"in another's name with one's own key", send(others, w.keys[2].statement(hash(others), w.address)), http.StatusForbidden},
		{"changed after signing", send(strings.Replace(text, `"guest":4`, `"guest":5`, 1), good), http.StatusConflict},
		{"written otherwise", send(" "+strings.Replace(text, `,`, ` ,`, 1), good), http.StatusBadRequest},
		{"for another record", send(strings.Replace(text, `localhost/nordhof`, `localhost/suedhof`, 1), good), http.StatusBadRequest},
		{"with another's card", send(text, card), http.StatusForbidden},
		{"signed on another site", send(text, w.keys[2].statement(hash(text), "https://evil.example")), http.StatusForbidden},
		{"as it was signed", send(text, good), http.StatusOK},
	} {
		if x.got.status != x.want {
			t.Errorf("%s: %d, want %d\n%s", x.name, x.got.status, x.want, x.got.body)
		}
	}
	size := w.net.Size()
	if got := send(text, good); got.status != http.StatusOK || w.net.Size() != size {
		t.Errorf("sent again: %d, %d entries more", got.status, w.net.Size()-size)
	}
}

// What a person keeps private is on no page for anybody else, and nothing personal is in the logs.
func TestPrivacy(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	const secret, name = "Geheimnis-4711", "Dora"
	guest := w.as(4)
	if got := guest.post("/nordhof/need", "what", "bread", "quantity", "1", "unit", "kg", "basis", "period", "urgency", "wish", "words", secret); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := guest.get("/nordhof/me"); !strings.Contains(got.body, secret) {
		t.Error("one's own need is not shown")
	}
	for person, readsNames := range map[int64]bool{0: false, 1: true, 2: true, 5: false} {
		reader := w.as(person)
		names := false
		for _, path := range w.pagesOf() {
			got := reader.get(path)
			names = names || strings.Contains(got.body, name)
			if strings.Contains(got.body, secret) {
				t.Errorf("%s shows a need to person %d", path, person)
			}
		}
		if names != readsNames {
			t.Errorf("person %d reads names: %v, want %v", person, names, readsNames)
		}
	}
	logged := w.log.String()
	for _, private := range []string{secret, name, "Anna", "127.0.0.1", "bread", url64(w.keys[4].id), "/nordhof/me"} {
		if strings.Contains(logged, private) {
			t.Errorf("the log holds %q", private)
		}
	}
	if !strings.Contains(logged, `"route":"/{net}/need"`) {
		t.Error("requests are not logged")
	}
}

// Keys that no longer count end their sessions; whoever is erased is signed out everywhere, and their codes are gone.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	codes := regexp.MustCompile(`<li><code>([A-Z2-7-]+)</code>`).FindAllStringSubmatch(c.post("/nordhof/me/codes").body, -1)
	another := newSoftKey(t)
	w.state(2, commons.EnrolDevice(another.id, another.public, "localhost"))
	w.state(2, commons.WithdrawKey(w.keys[2].id).By("keys"))
	if got := c.get("/nordhof/me"); got.status != http.StatusUnauthorized {
		t.Errorf("a session of a withdrawn key: %d", got.status)
	}
	w.keys[2] = another
	c, other := w.as(2), w.as(2)
	page := c.post("/nordhof/do/person.erase")
	if got := c.sign(page.body, another); got.status != http.StatusOK {
		t.Fatalf("erasing: %d %s", got.status, got.body)
	}
	for name, got := range map[string]answer_{
		"the session": c.get("/nordhof/me"), "another session": other.get("/nordhof/me"), "a code": w.client().post("/nordhof/signin/code", "code", codes[0][1]), "the key": w.client().signIn(another),
	} {
		if got.status != http.StatusUnauthorized && got.status != http.StatusForbidden {
			t.Errorf("%s after the erasure: %d", name, got.status)
		}
	}
}

// Before the founding the server answers to the set-up code alone.
func TestUnfounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client()
	for _, path := range []string{"/nordhof/me", "/nordhof/record", "/nordhof/can", "/nordhof/signin", "/nordhof/join", "/nordhof/log/checkpoint", "/nordhof/receipts/0", "/api/networks/nordhof", "/api/networks/nordhof/entries"} {
		if got := c.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, got.status)
		}
	}
	for _, path := range []string{"/setup/what", "/setup/founder", "/setup/freeze", "/setup/again", "/setup/sign"} {
		if got := c.post("/nordhof"+path, "name", "mine"); got.status != http.StatusForbidden {
			t.Errorf("POST %s without the code: %d, want 403", path, got.status)
		}
	}
	w.stand()
	last := answer_{}
	for range 12 {
		last = c.post("/nordhof/setup", "code", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")
	}
	if last.status != http.StatusTooManyRequests {
		t.Errorf("guessing the code: %d, want 429", last.status)
	}
}

// Behind TLS, cookies are for TLS alone and browsers are told to come by it alone.
func TestBehindTLS(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	sessions, err := OpenStore(t.Context(), filepath.Join(t.TempDir(), "s.sqlite"), w.now)
	w.must(err)
	t.Cleanup(func() { sessions.Close() })
	address, _ := url.Parse("https://nordhof.example.org")
	server, err := New(w.commons, Options{Address: address, Store: sessions, Clock: time.Now})
	w.must(err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://nordhof.example.org/nordhof/signin", nil)
	w.must(err)
	got := &recorder{header: http.Header{}}
	server.ServeHTTP(got, r)
	cookie := got.header.Get("Set-Cookie")
	r, err = http.NewRequestWithContext(t.Context(), http.MethodGet, "https://nordhof.example.org/nordhof/signin?lang=de", nil)
	w.must(err)
	chosen := &recorder{header: http.Header{}}
	server.ServeHTTP(chosen, r)
	if c := chosen.header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-bremen-language=de;") || !strings.Contains(c, "Secure") || !strings.Contains(c, "HttpOnly") {
		t.Errorf("cookie of the language: %q", c)
	}
	for _, want := range []string{"__Host-bremen=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	if hsts := got.header.Get("Strict-Transport-Security"); !strings.HasPrefix(hsts, "max-age=") {
		t.Errorf("HSTS: %q", hsts)
	}
	for _, text := range []string{"http://nordhof.example.org", "https://nordhof.example.org/x", "ftp://localhost", "https://u@nordhof.example.org"} {
		address, _ := url.Parse(text)
		if _, err := New(w.commons, Options{Address: address, Store: sessions, Clock: time.Now}); err == nil {
			t.Errorf("%s is taken for an address", text)
		}
	}
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r *recorder) WriteHeader(status int)      { r.status = status }

// A helper enters a need for somebody who has consented, and stands beside it; without consent it is refused.
func TestAssistedEntry(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	helper := w.as(2)
	need := []string{"for", "4", "what", "bread", "quantity", "1", "unit", "kg", "basis", "day", "urgency", "vital"}
	if got := helper.post("/nordhof/need", need...); got.status != http.StatusForbidden {
		t.Errorf("without consent: %d", got.status)
	}
	w.state(4, commons.ConsentToHelp(2, w.now().Add(24*time.Hour)))
	got := helper.post("/nordhof/need", need...)
	if got.status != http.StatusOK || !strings.Contains(got.path, "/receipts/") {
		t.Fatalf("with consent: %d %s", got.status, got.body)
	}
	entry := helper.get(strings.Replace(got.path, "receipts", "record", 1))
	if !strings.Contains(entry.body, "entered by a helper") || !strings.Contains(entry.body, "Entered by") {
		t.Errorf("the entry does not name who helped:\n%s", entry.body)
	}
	w.pass(2)
	if got := w.as(2).post("/nordhof/need", need...); got.status != http.StatusForbidden {
		t.Errorf("after the consent: %d", got.status)
	}
	if standing(w.net, 4) != govern.Guest {
		t.Error("the guest is no guest")
	}
}
