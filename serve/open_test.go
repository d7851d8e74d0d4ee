package serve

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bremen/commons"
)

var sessionMark = regexp.MustCompile(`name="session" value="([^"]+)"`)

// codesOf makes a fresh sheet of single-use codes.
func codesOf(c *client) (codes []string) {
	for _, m := range regexp.MustCompile(`<li><code>([A-Z2-7-]+)</code>`).FindAllStringSubmatch(c.post("/nordhof/me/codes").body, -1) {
		codes = append(codes, m[1])
	}
	return codes
}

const firefox = "Mozilla/5.0 (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0"

// Somebody sees where they are signed in, in words and without addresses, ends one session, and all others.
func TestOpenSessions(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	codes := codesOf(c)
	phone := w.client()
	if got := phone.send(http.MethodPost, "/nordhof/signin/code", map[string][]string{"code": {codes[0]}}, "User-Agent", firefox, "X-Forwarded-For", "203.0.113.9"); got.path != "/nordhof/me" {
		t.Fatalf("signing in by code: %d %s", got.status, got.path)
	}
	third := w.as(2)
	w.as(3)
	page := c.get("/nordhof/me/sessions").body
	ids := sessionMark.FindAllStringSubmatch(page, -1)
	if len(ids) != 3 || strings.Count(page, "this device") != 1 {
		t.Fatalf("%d sessions of 3 are listed:\n%s", len(ids), page)
	}
	for _, want := range []string{"Firefox on Android", "Unknown device", "signed in with a single-use code", "signed in with the device"} {
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "203.0.113") || strings.Contains(page, "127.0.0.1") || strings.Contains(page, "Gecko") {
		t.Errorf("the list holds an address or more of the browser than its name:\n%s", page)
	}
	_, rest, _ := strings.Cut(page, "Firefox on Android")
	if got := w.as(3).post("/nordhof/me/sessions", "session", sessionMark.FindStringSubmatch(rest)[1]); got.status != http.StatusOK || phone.get("/nordhof/me").status != http.StatusOK {
		t.Errorf("somebody else ended a session: %d", got.status)
	}
	if got := c.post("/nordhof/me/sessions", "session", sessionMark.FindStringSubmatch(rest)[1]); got.path != "/nordhof/me/sessions" {
		t.Errorf("ending one: %d at %s", got.status, got.path)
	}
	for name, x := range map[string]struct {
		c    *client
		want int
	}{"the one ended": {phone, http.StatusUnauthorized}, "this one": {c, http.StatusOK}, "the third": {third, http.StatusOK}} {
		if got := x.c.get("/nordhof/me"); got.status != x.want {
			t.Errorf("%s: %d, want %d", name, got.status, x.want)
		}
	}
	c.post("/nordhof/me/sessions")
	if got := third.get("/nordhof/me"); got.status != http.StatusUnauthorized {
		t.Errorf("another after all others were ended: %d", got.status)
	}
	if got := c.get("/nordhof/me/sessions"); len(sessionMark.FindAllString(got.body, -1)) != 1 {
		t.Errorf("more than this one is left:\n%s", got.body)
	}
	own := sessionMark.FindStringSubmatch(c.get("/nordhof/me/sessions").body)[1]
	if got := c.post("/nordhof/me/sessions", "session", own); got.path != "/nordhof/" || c.get("/nordhof/me").status != http.StatusUnauthorized {
		t.Errorf("ending this one: %d at %s", got.status, got.path)
	}
}

// A session that nobody uses ends, and so does the oldest that somebody uses.
func TestSessionTimes(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	s := w.server.o.Store
	c, other := w.as(2), w.as(2)
	for range 28 {
		w.pass(0.49)
		if got := c.get("/nordhof/me"); got.status != http.StatusOK {
			t.Fatalf("a session in use: %d", got.status)
		}
	}
	if list, err := s.opens(t.Context(), w.net.Origin(), 2); err != nil || len(list) != 1 {
		t.Errorf("%d sessions are open, want the one in use (%v)", len(list), err)
	}
	if got := other.get("/nordhof/me"); got.status != http.StatusUnauthorized {
		t.Errorf("an idle session: %d", got.status)
	}
	w.pass(0.4)
	if got := c.get("/nordhof/me"); got.status != http.StatusUnauthorized {
		t.Errorf("a session of 14 days: %d", got.status)
	}
	w.must(s.forget(t.Context()))
	var left int
	w.must(s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM bremen_open`).Scan(&left))
	if left != 0 {
		t.Errorf("%d sessions that ran out are kept", left)
	}
}

// What was begun with a single-use code ends, and codes made before no longer work, as soon as one of the keys no longer counts
// that did: withdrawn by their holder, or replaced by others after a loss.
func TestCodesEndWithKeys(t *testing.T) {
	t.Parallel()
	enrolled := func(w *town, person int64) *softKey {
		k := newSoftKey(t)
		w.state(person, commons.EnrolDevice(k.id, k.public, "localhost"))
		return k
	}
	for name, change := range map[string]func(w *town) (ends bool){
		"another key is added": func(w *town) bool { enrolled(w, 2); return false },
		"a key is withdrawn": func(w *town) bool {
			enrolled(w, 2)
			w.state(2, commons.WithdrawKey(w.keys[2].id).By("keys"))
			return true
		},
		"another key is announced": func(w *town) bool { w.replace(2); return false },
		"all keys are replaced":    func(w *town) bool { w.replace(2); return true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			codes := codesOf(w.as(2))
			c := w.client()
			c.post("/nordhof/signin/code", "code", codes[0])
			if got := c.get("/nordhof/me"); got.status != http.StatusOK {
				t.Fatalf("signed in by code: %d", got.status)
			}
			ends := change(w)
			if name == "all keys are replaced" {
				for range 20 { // in use until the new key counts
					if got := c.get("/nordhof/me"); got.status != http.StatusOK && w.now().Before(time.Now().Add(7*24*time.Hour)) {
						t.Fatalf("before the new key counts: %d", got.status)
					}
					w.pass(0.4)
				}
			}
			list, err := w.server.o.Store.opens(t.Context(), w.net.Origin(), 2)
			w.must(err)
			now := w.now()
			for _, o := range list {
				lasts := false
				w.net.View(func(s *commons.State) { lasts = o.lasts(s.Govern, now) })
				if o.way == wayCode && lasts == ends {
					t.Errorf("the session lasts: %v", lasts)
				}
			}
			if got := w.client().post("/nordhof/signin/code", "code", codes[1]); (got.status == http.StatusForbidden) != ends {
				t.Errorf("a code made before: %d", got.status)
			}
			if got := c.get("/nordhof/me"); (got.status == http.StatusUnauthorized) != ends {
				t.Errorf("the session: %d", got.status)
			}
		})
	}
}

// replace has three members enter a new key for somebody who lost theirs.
func (w *town) replace(person int64) *softKey {
	w.t.Helper()
	k := newSoftKey(w.t)
	var others []int64
	for _, n := range []int64{1, 2, 3} {
		if n != person {
			others = append(others, n)
		}
	}
	w.state(person, commons.NameTrustees(others...))
	act := w.state(others[0], commons.ReplaceKey(person, k.id, k.public, "localhost"))
	w.state(others[1], commons.AssentTo(act.Number))
	return k
}

// Devices are named by browser and system, whatever a browser says of itself.
func TestDeviceOf(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		firefox: "Firefox/Android",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36 Edg/141.0":                   "Edge/Windows",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36":                                       "Chrome/Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1": "Safari/iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36":            "Samsung Internet/Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15":                   "Safari/Mac",
		"curl/8": "/", "": "/", "<script>alert(1)</script>": "/",
	} {
		if got := deviceOf(&http.Request{Header: http.Header{"User-Agent": {agent}}}); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}
