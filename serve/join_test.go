package serve

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"bremen/govern"
)

var challengeMark = regexp.MustCompile(`"challenge":"([^"]+)"`)

// challenge is what a page wants a new passkey to be made with.
func challenge(t *testing.T, body string) string {
	t.Helper()
	m := challengeMark.FindStringSubmatch(html.UnescapeString(body))
	if m == nil {
		t.Fatalf("the page has no challenge:\n%s", body)
	}
	return m[1]
}

// An invitation is good once, in its time, and with a key made here for it.
func TestJoining(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	invite := func(by int64) string {
		t.Helper()
		m := regexp.MustCompile(`/join#([A-Za-z0-9_-]+)`).FindStringSubmatch(w.as(by).post("/nordhof/invite", "note", "for a friend").body)
		if m == nil {
			t.Fatal("no invitation")
		}
		return m[1]
	}
	join := func(c *client, code, origin string) (*softKey, answer_) {
		k := newSoftKey(t)
		page := c.get("/nordhof/join").body
		return k, c.post("/nordhof/join", "code", code, "name", "Fee", "household", "h9", "contact", "",
			"credential", k.create(challenge(t, page), origin), "card", url64(k.cardPublic()))
	}
	code := invite(2)
	before := w.net.Size()
	for name, got := range map[string]answer_{
		"another code":         second(join(w.client(), "AAAAAAAAAAAAAAAAAAAAAA", w.address)),
		"no code":              second(join(w.client(), "", w.address)),
		"a key made elsewhere": second(join(w.client(), code, "https://evil.example")),
		"no key":               w.client().post("/nordhof/join", "code", code, "name", "Fee", "household", "h9", "card", url64(make([]byte, 32))),
		"a challenge of one's own": w.client().post("/nordhof/join", "code", code, "name", "Fee", "household", "h9", "card", url64(make([]byte, 32)),
			"credential", newSoftKey(t).create("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", w.address)),
	} {
		if got.status < 400 || got.status >= 500 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	c := w.client()
	k, page := join(c, code, w.address)
	if page.status != http.StatusOK || w.net.Size() != before {
		t.Fatalf("the page to sign: %d, %d entries more\n%s", page.status, w.net.Size()-before, page.body)
	}
	if got := c.sign(page.body, newSoftKey(t)); got.status != http.StatusForbidden {
		t.Errorf("signed with another key: %d", got.status)
	}
	if got := c.sign(page.body, k); got.path != "/nordhof/me" || !strings.Contains(got.body, "You are a guest now") {
		t.Errorf("arriving: %d at %s\n%s", got.status, got.path, got.body)
	}
	if standing(w.net, 6) != govern.Guest {
		t.Error("who arrived is no guest")
	}
	if _, got := join(w.client(), code, w.address); got.status != http.StatusConflict && got.status != http.StatusForbidden {
		t.Errorf("the same invitation again: %d", got.status)
	}
	late := invite(3)
	w.pass(8)
	if _, got := join(w.client(), late, w.address); got.status != http.StatusConflict && got.status != http.StatusForbidden {
		t.Errorf("an invitation after its days: %d", got.status)
	}
}

func second[A, B any](_ A, b B) B { return b }
