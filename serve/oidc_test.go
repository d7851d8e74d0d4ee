package serve

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"

	"bremen/commons"
	"bremen/govern"
	"bremen/internal/browsertest"
	"bremen/record"
)

// issuer is an OpenID provider in a test: discovery and keys are go-oidc's, codes and tokens are given out here, with PKCE and each
// once. Whoever comes is signed in there as subject.
type issuer struct {
	t      testing.TB
	server *httptest.Server
	key    *rsa.PrivateKey
	known  oidctest.Server

	mu      sync.Mutex
	subject string
	change  func(claims map[string]any) // what the next token says otherwise
	forge   func(claims string) string  // the next token, if not nil
	down    bool
	again   bool                  // takes codes again and again, as it must not
	codes   map[string]url.Values // requests by the code that answers them
	asked   []url.Values
}

const clientSecret = "geheim-0815"

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &issuer{t: t, key: key, subject: "anna", codes: map[string]url.Values{}}
	p.known.PublicKeys = []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "k", Algorithm: oidc.RS256}}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	p.known.SetIssuer(p.server.URL)
	return p
}

// with configures a server for it, under the name "coop".
func (p *issuer) with(o *Options) {
	file := filepath.Join(p.t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(clientSecret+"\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	o.OIDC = map[string][]*OIDC{"nordhof": {{ID: "coop", Name: "Coop <b>", Issuer: p.server.URL, ClientID: "bremen", SecretFile: file}}}
}

func (p *issuer) set(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
}

func (p *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.down:
		http.Error(w, "down", http.StatusServiceUnavailable)
	case r.URL.Path == "/auth":
		p.authorize(w, r)
	case r.URL.Path == "/token":
		p.token(w, r)
	default:
		p.known.ServeHTTP(w, r)
	}
}

func (p *issuer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p.asked = append(p.asked, q)
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("client_id") != "bremen" || q.Get("response_type") != "code" || q.Get("scope") != "openid" || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" {
		http.Error(w, "invalid_request", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.codes[code] = q
	back.RawQuery = url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.server.URL}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

func (p *issuer) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	request, known := p.codes[r.PostFormValue("code")]
	if !p.again {
		delete(p.codes, r.PostFormValue("code"))
	}
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || id != "bremen" || secret != clientSecret || url64(sum[:]) != request.Get("code_challenge") || r.PostFormValue("redirect_uri") != request.Get("redirect_uri") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"error":"invalid_grant","error_description":"` + clientSecret + `"}`))
		return
	}
	now := time.Now()
	claims := map[string]any{"iss": p.server.URL, "aud": "bremen", "sub": p.subject, "nonce": request.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	if p.change != nil {
		p.change(claims)
	}
	text, _ := json.Marshal(claims)
	token := oidctest.SignIDToken(p.key, "k", oidc.RS256, string(text))
	if p.forge != nil {
		token = p.forge(string(text))
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": token}) //nolint:errcheck // a test
}

// oidcTown is a town with a provider, whose subject "bela" person 2 has linked.
func oidcTown(t testing.TB, p *issuer) *town {
	t.Helper()
	w := settle(newWorld(t, p.with), nil)
	w.linkAs(p, 2, "bela")
	return w
}

const coop = "/nordhof/signin/with/coop"

func (w *town) linkAs(p *issuer, person int64, subject string) {
	w.t.Helper()
	p.set(func() { p.subject = subject })
	c := w.as(person)
	if got := c.get("/nordhof/me/accounts/coop/link"); got.status != http.StatusOK || !strings.Contains(got.body, "Link your account at Coop &lt;b&gt;?") {
		w.t.Fatalf("coming back to link: %d at %s\n%s", got.status, got.path, got.body)
	}
	if got := c.post("/nordhof/me/accounts/coop/link"); got.path != "/nordhof/me/accounts" || !strings.Contains(got.body, "linked since") {
		w.t.Fatalf("linking: %d at %s\n%s", got.status, got.path, got.body)
	}
}

// Whoever has linked an account signs in with it; what they enter is marked as entered while signed in, what has consequences
// still needs their device, and nothing that the provider claims gives anybody a right.
func TestOIDC(t *testing.T) {
	t.Parallel()
	p := newIssuer(t)
	w := oidcTown(t, p)
	p.set(func() {
		p.change = func(c map[string]any) {
			maps.Copy(c, map[string]any{"roles": []string{"admin", "member"}, "email": "cem@example.org", "person": 3, "groups": []string{"nordhof"}})
		}
	})
	c := w.client()
	if got := c.get("/nordhof/signin"); !strings.Contains(got.body, `href="`+coop+`?next=/me"`) && !strings.Contains(got.body, coop) {
		t.Errorf("the page to sign in does not name the provider:\n%s", got.body)
	}
	p.set(func() { p.asked = nil })
	for _, site := range []string{"cross-site", "same-site"} {
		got, asked := c.send(http.MethodGet, coop, nil, "Sec-Fetch-Site", site), 0
		p.set(func() { asked = len(p.asked) })
		if got.path != "/nordhof/signin" || asked > 0 || c.get("/nordhof/me").status != http.StatusUnauthorized {
			t.Errorf("another site's link: %d at %s, asked at the provider %d times", got.status, got.path, asked)
		}
	}
	if got := c.get(coop + "?next=/people"); got.path != "/nordhof/people" || !strings.Contains(got.body, "Person 2") {
		t.Fatalf("signing in: %d at %s\n%s", got.status, got.path, got.body)
	}
	got := c.post("/nordhof/need", "what", "bread", "quantity", "1", "unit", "kg", "basis", "day", "urgency", "wish")
	if e, _, err := w.net.Entry(t.Context(), w.net.Size()-1); err != nil || e.Statement.Member != 2 || e.Kind() != record.Session {
		t.Errorf("a need: %d, entered by %d as %s (%v)", got.status, e.Statement.Member, e.Kind(), err)
	}
	if got := c.post("/nordhof/do/vouch.give", "guest", "4"); !strings.Contains(got.body, `data-does="sign"`) {
		t.Errorf("what has consequences is not to be signed: %d", got.status)
	}
	if got := c.get("/nordhof/me/sessions"); !strings.Contains(got.body, "signed in with an organisation&#39;s account") && !strings.Contains(got.body, "organisation's account") {
		t.Errorf("the session is not named:\n%s", got.body)
	}
	for _, asked := range p.asked {
		if asked.Get("scope") != "openid" {
			t.Errorf("asked for more than who somebody is: %s", asked.Get("scope"))
		}
	}
	p.set(func() { p.subject = "stranger" })
	size, people := w.net.Size(), 0
	if got := w.client().get(coop); got.status != http.StatusForbidden || !strings.Contains(got.body, "linked to nobody here") {
		t.Errorf("an account that nobody linked: %d at %s\n%s", got.status, got.path, got.body)
	}
	w.net.View(func(s *commons.State) { people = len(s.Govern.Persons) })
	if w.net.Size() != size || people != 5 {
		t.Errorf("the provider made %d entries, and there are %d people", w.net.Size()-size, people)
	}
	w.pass(0.49)
	if got := c.get("/nordhof/me"); got.status != http.StatusOK {
		t.Errorf("after half a day: %d", got.status)
	}
	w.pass(0.49)
	c.get("/nordhof/me")
	w.pass(0.1)
	if got := c.get("/nordhof/me"); got.status != http.StatusUnauthorized {
		t.Errorf("after more than a day: %d", got.status)
	}
	for _, secret := range []string{clientSecret, "bela", "stranger", "cem@"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// A token that is not this provider's, for this server, for this sign-in, and in its time signs nobody in.
func TestOIDCTokens(t *testing.T) {
	t.Parallel()
	p := newIssuer(t)
	w := oidcTown(t, p)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func() {
		return func() { p.change = func(c map[string]any) { c[name] = value } }
	}
	for name, set := range map[string]func(){
		"another nonce":           claim("nonce", "AAAAAAAAAAAAAAAAAAAAAAAAAA"),
		"no nonce":                func() { p.change = func(c map[string]any) { delete(c, "nonce") } },
		"for another server":      claim("aud", "elsewhere"),
		"for two, by nobody":      claim("aud", []string{"bremen", "elsewhere"}),
		"asked for by another":    claim("azp", "elsewhere"),
		"of another issuer":       claim("iss", "https://evil.example"),
		"expired":                 claim("exp", time.Now().Add(-time.Minute).Unix()),
		"without an end":          func() { p.change = func(c map[string]any) { delete(c, "exp") } },
		"not yet good":            claim("nbf", time.Now().Add(time.Hour).Unix()),
		"of nobody":               claim("sub", ""),
		"signed with another key": func() { p.forge = func(c string) string { return oidctest.SignIDToken(other, "k", oidc.RS256, c) } },
		"signed by nobody": func() {
			p.forge = func(c string) string { return url64([]byte(`{"alg":"none"}`)) + "." + url64([]byte(c)) + "." }
		},
		"signed with the secret": func() {
			p.forge = func(c string) string {
				return oidctest.SignIDToken([]byte(clientSecret+strings.Repeat("x", 32)), "k", "HS256", c)
			}
		},
		"none at all":               func() { p.forge = func(string) string { return "" } },
		"of somebody with no links": claim("sub", "stranger"),
	} {
		p.set(func() { p.change, p.forge, p.subject = nil, nil, "bela"; set() })
		w.server.guesses = newLimiter(1000, time.Millisecond)
		c := w.client()
		if got := c.get(coop); got.status != http.StatusForbidden || c.get("/nordhof/me").status != http.StatusUnauthorized {
			t.Errorf("a token %s: %d at %s", name, got.status, got.path)
		}
	}
	p.set(func() { p.change, p.forge = nil, nil })
	if got := w.client().get(coop); got.path != "/nordhof/me" {
		t.Errorf("a good token after all: %d at %s", got.status, got.path)
	}
}

// back is the address with which a provider sends a browser back that has gone there.
func (c *client) back(t *testing.T, path string) string {
	t.Helper()
	last := ""
	c.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/back") {
			last = r.URL.RequestURI()
			return http.ErrUseLastResponse
		}
		return nil
	}
	c.get(path)
	c.CheckRedirect = nil
	if last == "" {
		t.Fatal("the provider sends nobody back")
	}
	return last
}

// A code is taken from the browser that asked for it, once, for what it asked.
func TestOIDCCodes(t *testing.T) {
	t.Parallel()
	p := newIssuer(t)
	w := oidcTown(t, p)
	w.server.guesses = newLimiter(1000, time.Millisecond)
	refused := func(name string, c *client, path string) {
		t.Helper()
		if got := c.get(path); got.status == http.StatusOK || c.get("/nordhof/me").status != http.StatusUnauthorized {
			t.Errorf("%s: %d at %s", name, got.status, got.path)
		}
	}
	a, b := w.client(), w.client()
	back := a.back(t, coop)
	refused("in another browser", b, back)
	refused("in another browser that went there too", b, func() string { b.back(t, coop); return back }())
	q := func(change func(url.Values)) string {
		u, err := url.Parse(a.back(t, coop))
		w.must(err)
		values := u.Query()
		change(values)
		return u.Path + "?" + values.Encode()
	}
	refused("with another state", a, q(func(v url.Values) { v.Set("state", "x") }))
	refused("without a state", a, q(func(v url.Values) { v.Del("state") }))
	refused("from another issuer", a, q(func(v url.Values) { v.Set("iss", "https://evil.example") }))
	refused("with an error", a, q(func(v url.Values) { v.Del("code"); v.Set("error", "access_denied") }))
	stolen, err := url.Parse(b.back(t, coop))
	w.must(err)
	refused("with another's code", a, q(func(v url.Values) { v.Set("code", stolen.Query().Get("code")) })) // PKCE
	refused("at another provider", a, strings.Replace(a.back(t, coop), "/coop/", "/else/", 1))
	late := a.back(t, coop)
	w.pass(0.01)
	refused("after too long", a, late)

	p.set(func() { p.again = true })
	back = a.back(t, coop)
	if got := a.get(back); got.path != "/nordhof/me" {
		t.Fatalf("as it was asked for: %d at %s", got.status, got.path)
	}
	w.must(w.server.o.Store.endOpenOf(t.Context(), w.net.Origin(), 2, "", ""))
	refused("again", a, back)
	p.set(func() { p.again = false })
	again, err := url.Parse(back)
	w.must(err)
	refused("again, for a sign-in anew", a, q(func(v url.Values) { v.Set("code", again.Query().Get("code")) }))
}

// A provider that does not answer keeps nobody from signing in otherwise, and is asked again.
func TestOIDCDown(t *testing.T) {
	t.Parallel()
	p := newIssuer(t)
	p.down = true
	w := settle(newWorld(t, p.with), nil)
	if got := w.client().get(coop); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "does not answer") {
		t.Errorf("down from the start: %d\n%s", got.status, got.body)
	}
	w.as(2)
	p.set(func() { p.down = false })
	w.linkAs(p, 2, "bela")
	c := w.client()
	back := c.back(t, coop)
	p.set(func() { p.down = true })
	if got := c.get(back); got.status != http.StatusServiceUnavailable {
		t.Errorf("down in the middle: %d", got.status)
	}
	p.set(func() { p.down = false })
	if got := c.get(coop); got.path != "/nordhof/me" {
		t.Errorf("up again: %d at %s", got.status, got.path)
	}
}

// An account is linked only by its person, signed in with a key of their own, who says yes; it ends when they undo it, when a key
// changes, and with their erasure.
func TestLinkingAccounts(t *testing.T) {
	t.Parallel()
	p := newIssuer(t)
	w := oidcTown(t, p)
	w.server.guesses = newLimiter(1000, time.Millisecond)
	signsIn := func(subject string) int64 {
		t.Helper()
		p.set(func() { p.subject = subject })
		c := w.client()
		if got := c.get(coop); got.status != http.StatusOK {
			return 0
		}
		return w.opens(c)
	}
	if got := signsIn("bela"); got != 2 {
		t.Fatalf("signs in %d, want 2", got)
	}
	p.set(func() { p.subject = "cem" })
	c := w.as(3)
	if got := c.get("/nordhof/me/accounts/coop/link"); got.status != http.StatusOK || signsIn("cem") != 0 {
		t.Errorf("linked before anybody said yes: %d", got.status)
	}
	if got := w.as(1).post("/nordhof/me/accounts/coop/link"); got.status != http.StatusBadRequest {
		t.Errorf("somebody says yes who was not asked: %d", got.status)
	}
	if got := c.post("/nordhof/me/accounts/else/link"); got.status != http.StatusNotFound {
		t.Errorf("an unknown provider: %d", got.status)
	}
	if got := c.send(http.MethodPost, "/nordhof/me/accounts/coop/link", url.Values{}, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); got.status != http.StatusForbidden {
		t.Errorf("another site says yes: %d", got.status)
	}
	byCode := w.client()
	byCode.post("/nordhof/signin/code", "code", codesOf(c)[0])
	if got := byCode.get("/nordhof/me/accounts/coop/link"); got.status != http.StatusForbidden {
		t.Errorf("linking in a session without a key: %d", got.status)
	}
	p.set(func() { p.subject = "bela" })
	c.get("/nordhof/me/accounts/coop/link")
	if got := c.post("/nordhof/me/accounts/coop/link"); got.status != http.StatusConflict || signsIn("bela") != 2 {
		t.Errorf("an account of somebody else: %d", got.status)
	}
	w.linkAs(p, 3, "cem")
	if got := signsIn("cem"); got != 3 {
		t.Errorf("signs in %d, want 3", got)
	}
	w.linkAs(p, 3, "cem2")
	if signsIn("cem") != 0 || signsIn("cem2") != 3 {
		t.Error("linking anew leaves the old account in")
	}
	if got := c.post("/nordhof/me/accounts/coop/unlink"); got.status != http.StatusOK || signsIn("cem2") != 0 {
		t.Errorf("unlinked: %d", got.status)
	}
	another := newSoftKey(t)
	w.state(2, commons.EnrolDevice(another.id, another.public, "localhost"))
	if got := signsIn("bela"); got != 2 {
		t.Errorf("after another key signs in %d, want 2", got)
	}
	w.state(2, commons.WithdrawKey(w.keys[2].id).By("keys"))
	w.keys[2] = another
	if got := signsIn("bela"); got != 0 {
		t.Errorf("after a key was withdrawn signs in %d", got)
	}
	if got := w.as(2).get("/nordhof/me/accounts"); !strings.Contains(got.body, "a key has changed") {
		t.Errorf("the page does not say so:\n%s", got.body)
	}
	w.linkAs(p, 2, "bela")
	page := w.as(2).post("/nordhof/do/person.erase")
	w.client().sign(page.body, another)
	links, err := w.server.o.Store.links(t.Context(), w.net.Origin(), 2)
	if got := signsIn("bela"); got != 0 || err != nil || len(links) != 0 {
		t.Errorf("after erasure signs in %d, %d links (%v)", got, len(links), err)
	}
}

// opens returns who is signed in with a client.
func (w *town) opens(c *client) int64 {
	w.t.Helper()
	for n := int64(1); n <= int64(len(w.keys)); n++ {
		list, err := w.server.o.Store.opens(w.t.Context(), w.net.Origin(), n)
		w.must(err)
		page := c.get("/nordhof/me/sessions").body
		if slices.ContainsFunc(list, func(o *openSession) bool { return strings.Contains(page, o.id) }) {
			return n
		}
	}
	return 0
}

// What an operator writes is checked at the start.
func TestOIDCOptions(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := func() *OIDC {
		return &OIDC{ID: "coop", Name: "Coop", Issuer: "https://login.example", ClientID: "b", SecretFile: secret}
	}
	if err := good().Check(); err != nil {
		t.Error(err)
	}
	for name, x := range map[string]struct {
		change func(*OIDC)
		want   string
	}{
		"an ID with a slash":     {func(p *OIDC) { p.ID = "a/b" }, "lower-case letters"},
		"no name":                {func(p *OIDC) { p.Name = "" }, "name or client-id"},
		"an issuer in the clear": {func(p *OIDC) { p.Issuer = "http://login.example" }, "https"},
		"no issuer":              {func(p *OIDC) { p.Issuer = "" }, "https"},
		"no secret":              {func(p *OIDC) { p.SecretFile = secret + "x" }, "client-secret-file"},
	} {
		p := good()
		x.change(p)
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
	o := Options{Address: &url.URL{Scheme: "https", Host: "x.example"}, Clock: time.Now, Store: &Store{}, OIDC: map[string][]*OIDC{"n": {good(), good()}}}
	if err := o.check(); err == nil || !strings.Contains(err.Error(), "two providers") {
		t.Errorf("two of one ID: %v", err)
	}
}

// In a real browser, whose policies hold: the way to the provider and back, from another site, keeps its session.
func TestBrowserOIDC(t *testing.T) {
	t.Parallel()
	p := newIssuer(t)
	w := oidcTown(t, p)
	d := w.device(browsertest.Start(t))
	d.look("signin-oidc", "/nordhof/signin")
	d.send(`a[href*="/signin/with/coop"]`, on("/nordhof/me"))
	d.look("accounts", "/nordhof/me/accounts")
	d.look("sessions", "/nordhof/me/sessions")
	if standing(w.net, 2) != govern.Member || !bytes.Contains([]byte(d.text()), []byte("Coop <b>")) && d.path() != "/nordhof/me/sessions" {
		t.Errorf("the page: %s", d.text())
	}
}
