package serve

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bremen/commons"
)

// elsewhere are pages with tests of their own, which need what the town has not.
var elsewhere = map[string]string{
	"/": "what is not there", "/mine/{number}": "one's own entries alone",
	"/signin/with/{provider}": "accounts at organisations", "/signin/with/{provider}/back": "the same", "/me/accounts/{provider}/link": "the same",
	"/plans/jobs/{id}": "plans being computed", "/plans/jobs/{id}/state": "the same", "/plans/jobs/{id}/events": "the same", "/plans/jobs/{id}/files/{name}": "the same",
}

// pagesOf are the pages that a member can open, once the town's things are there: all that the server has, but for those elsewhere.
func (w *town) pagesOf() []string {
	w.t.Helper()
	list := []string{"/", "/operator", "/nordhof/need?for=4", "/nordhof/record?type=need.state&member=2"}
	for _, x := range routes() {
		path, get := strings.CutPrefix(x.pattern, "GET ")
		before, after, numbered := strings.Cut(path, "{number}")
		switch {
		case !get || elsewhere[path] != "":
		case path == "/do/{type}":
			for _, c := range commons.Commands() {
				list = append(list, "/nordhof/do/"+c.ID)
			}
		case numbered:
			for n := range w.net.Size() {
				list = append(list, fmt.Sprint("/nordhof", before, n, after))
			}
		case strings.Contains(strings.TrimSuffix(path, "{$}"), "{"):
			w.t.Errorf("nothing tries %s", path)
		default:
			list = append(list, "/nordhof"+strings.TrimSuffix(path, "{$}"))
		}
	}
	return list
}

var inline = regexp.MustCompile(`(?i)<script(?:\s*>|\s+[^s])|<style|\sstyle\s*=|\son[a-z]+\s*=|(?:href|src|action)\s*=\s*["']?javascript:|<iframe|<object|<base`)

// Every page of a member is there in both languages, whole, with the headers that keep others' code out, and nothing inline; opening
// one enters nothing.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.things()
	c, before := w.as(2), w.net.Size()
	for _, path := range w.pagesOf() {
		for _, lang := range []string{"de", "en"} {
			got := c.send(http.MethodGet, path, nil, "Accept-Language", lang)
			if got.status != http.StatusOK {
				t.Errorf("%s: %d\n%s", path, got.status, got.body)
			}
			checkHeaders(t, path, got)
			if at := inline.FindString(got.body); at != "" {
				t.Errorf("%s has inline code: %q", path, at)
			}
			if regexp.MustCompile(`\[[a-z]+(\.[a-z0-9-]+)+\]`).MatchString(got.body) && !strings.Contains(path, "rules") {
				t.Errorf("%s: a sentence is missing:\n%s", path, regexp.MustCompile(`\[[a-z]+(\.[a-z0-9-]+)+\]`).FindString(got.body))
			}
			if strings.Contains(got.body, "<html") && !strings.Contains(got.body, `<html lang="`+lang+`">`) {
				t.Errorf("%s is not in %s", path, lang)
			}
		}
	}
	if w.net.Size() != before {
		t.Errorf("opening pages has made %d entries", w.net.Size()-before)
	}
}

func checkHeaders(t *testing.T, path string, a answer_) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %s: %q, want %q", path, name, got, want)
		}
	}
	if kind := a.header.Get("Content-Type"); strings.HasPrefix(kind, "text/") && !strings.HasSuffix(kind, "; charset=utf-8") || kind == "" {
		t.Errorf("%s: content type %q", path, kind)
	}
	if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") || a.header.Get("X-Request-Id") == "" {
		t.Errorf("%s: policy %q, request %q", path, policy, a.header.Get("X-Request-Id"))
	}
}

// A form that another site sends is refused, whatever it asks for, and changes nothing.
func TestForgedRequests(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	before := w.net.Size()
	var paths []string
	for _, x := range routes() {
		if path, post := strings.CutPrefix(x.pattern, "POST "); post {
			paths = append(paths, "/nordhof"+filled.Replace(path))
		}
	}
	for _, x := range w.operations() {
		if x.method != http.MethodGet {
			paths = append(paths, filled.Replace(x.path))
		}
	}
	if len(paths) < 30 {
		t.Errorf("only %d forms and operations: %q", len(paths), paths)
	}
	for _, path := range paths {
		for _, h := range [][]string{
			{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, {"Sec-Fetch-Site", "same-site", "Origin", w.address},
			{"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, {"Sec-Fetch-Site", "", "Origin", "null"},
		} {
			if got := c.send(http.MethodPost, path, url.Values{"what": {"bread"}}, h...); got.status != http.StatusForbidden {
				t.Errorf("%s with %v: %d, want 403", path, h, got.status)
			}
		}
	}
	if w.net.Size() != before || c.get("/nordhof/me").status != http.StatusOK {
		t.Error("a forged request had an effect")
	}
	if got := c.send(http.MethodPut, "/nordhof/need", url.Values{}); got.status != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", got.status)
	}
}

// filled has what may stand for the variables of a path.
var filled = strings.NewReplacer("{type}", "need.state", "{provider}", "x", "{id}", "1", "{name}", "plan.json", "{number}", "1", "{network}", "nordhof")

// Who is not signed in is sent to sign in by every page and form that is a member's own, and none has an effect.
func TestNotSignedIn(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c, before, tried := w.client(), w.net.Size(), 0
	for _, x := range routes() {
		method, path, _ := strings.Cut(x.pattern, " ")
		if x.access != known {
			continue
		}
		tried++
		var form url.Values
		if method == http.MethodPost {
			form = url.Values{"what": {"bread"}}
		}
		if got := c.send(method, "/nordhof"+filled.Replace(path), form); got.status != http.StatusUnauthorized || !strings.Contains(got.body, "/signin") {
			t.Errorf("%s: %d, want 401 and where to sign in", x.pattern, got.status)
		}
	}
	if tried < 20 || w.net.Size() != before {
		t.Errorf("%d pages and forms tried, %d entries more", tried, w.net.Size()-before)
	}
}
