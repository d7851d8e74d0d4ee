package serve

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"pgregory.net/rapid"
)

// drawJSON draws a value that fits a schema of the description, or if odd is set now and then one that does not.
func drawJSON(t *rapid.T, s *huma.Schema, registry huma.Registry, odd bool) any {
	if s.Ref != "" {
		s = registry.SchemaFromRef(s.Ref)
	}
	if odd && rapid.IntRange(0, 9).Draw(t, "here") == 0 {
		return rapid.SampledFrom([]any{nil, true, -1, 1e300, 0.5, "", "\x00", "\u202e", strings.Repeat("x", 5000), []any{}, []any{[]any{}}, map[string]any{}, map[string]any{"": 1}, "person:2", json.Number("99999999999999999999")}).Draw(t, "value")
	}
	switch {
	case len(s.Enum) > 0:
		return rapid.SampledFrom(s.Enum).Draw(t, "choice")
	case s.Type == huma.TypeObject:
		object := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if slices.Contains(s.Required, name) || rapid.Bool().Draw(t, name) {
				object[name] = drawJSON(t, s.Properties[name], registry, odd)
			}
		}
		if odd && rapid.IntRange(0, 9).Draw(t, "more") == 0 {
			object[rapid.SampledFrom([]string{"nosuch", "__proto__", "member", "body"}).Draw(t, "name")] = 1
		}
		return object
	case s.Type == huma.TypeArray:
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			list = append(list, drawJSON(t, s.Items, registry, odd))
		}
		return list
	case s.Type == huma.TypeInteger, s.Type == huma.TypeNumber:
		return rapid.SampledFrom([]int{2, 3, 4, 1, 7, 8, 9, 5, 0, -1}).Draw(t, "number")
	case s.Type == huma.TypeBoolean:
		return rapid.Bool().Draw(t, "truth")
	case s.Format == "date-time":
		return rapid.SampledFrom([]string{"2027-05-03T08:00:00Z", "2027-05-03", "2099-01-01T00:00:00.000Z", "x"}).Draw(t, "time")
	}
	return rapid.OneOf(
		rapid.SampledFrom([]string{"sample", "person:2", "group:nord", "organisation:sample", "network", "1", "-12.5", "kg", "bread", url64([]byte("0123456789abcdef")), std64(make([]byte, 32)), `{"what":"bread","quantity":"1","unit":"kg"}`, `{"skill":"baking","steps":[]}`}),
		rapid.String(),
	).Draw(t, "text")
}

// operation is one of the description, with how it is asked for.
type operation struct {
	method, path string
	op           *huma.Operation
}

func (w *town) operations() (list []operation) {
	paths := w.server.description.Paths
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for method, op := range map[string]*huma.Operation{http.MethodGet: paths[path].Get, http.MethodPost: paths[path].Post, http.MethodDelete: paths[path].Delete} {
			if op != nil {
				list = append(list, operation{method, path, op})
			}
		}
	}
	slices.SortFunc(list, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return list
}

// ask sends a request that is drawn from the description, by somebody who is drawn.
func (w *town) ask(t *rapid.T, cookies []string) {
	x := rapid.SampledFrom(w.operations()).Draw(t, "operation")
	registry := w.server.description.Components.Schemas
	q := url.Values{}
	path := x.path
	var headers []string
	for _, p := range x.op.Parameters {
		value := rapid.SampledFrom([]string{"0", "1", "7", "-1", "x", "", "9223372036854775808", "need.state", "nordhof"}).Draw(t, p.Name)
		switch {
		case p.Name == "network":
			path = strings.Replace(path, "{network}", rapid.SampledFrom([]string{"nordhof", "nordhof", "nordhof", "nosuch"}).Draw(t, "network"), 1)
		case p.In == "path":
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(value), 1)
		case p.In == "query" && rapid.Bool().Draw(t, "query"):
			q.Set(p.Name, value)
		case p.In == "header" && rapid.Bool().Draw(t, "header"):
			headers = append(headers, p.Name, rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "key"))
		}
	}
	text := ""
	if x.op.RequestBody != nil {
		b, err := json.Marshal(drawJSON(t, x.op.RequestBody.Content["application/json"].Schema, registry, rapid.Bool().Draw(t, "odd")))
		if err != nil {
			t.Fatal(err)
		}
		if text = string(b); rapid.IntRange(0, 29).Draw(t, "cut") == 0 {
			text = text[:len(text)/2]
		}
	}
	r := httptest.NewRequest(x.method, w.address+strings.ReplaceAll(path, "//", "/x/")+"?"+q.Encode(), strings.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if c := rapid.SampledFrom(cookies).Draw(t, "who"); c != "" {
		r.Header.Set("Cookie", c)
	}
	out := httptest.NewRecorder()
	w.server.ServeHTTP(out, r)
	got := answer_{status: out.Code, body: out.Body.String(), path: path, header: out.Header()}
	if got.status == http.StatusNotFound && strings.Contains(path, "//") {
		return
	}
	if got.status >= http.StatusInternalServerError {
		t.Errorf("%s %s: %d\nsent %s\ngot %s", x.method, path, got.status, text, got.body)
	}
	if got.status != http.StatusNoContent {
		w.fits(t, x.op, got)
	}
	if got.status < 400 && x.op.RequestBody != nil {
		if errs := w.valid(x.op.RequestBody.Content["application/json"].Schema, huma.ModeWriteToServer, text); len(errs) > 0 {
			t.Errorf("%s %s takes what its description forbids: %v: %s", x.method, path, errs, text)
		}
	}
}

// asked is what requests that are drawn are asked of: a town whose limits are out of the way.
func asked(tb testing.TB) (w *town, cookies []string) {
	w = newTown(tb)
	w.things()
	w.server.writings, w.server.guesses, w.server.openings = newLimiter(1<<40, time.Nanosecond), newLimiter(1<<40, time.Nanosecond), newLimiter(1<<40, time.Nanosecond)
	return w, []string{"", w.cookie(2), w.cookie(2), w.cookie(4)}
}

// Whatever is drawn from the API's own description, and whatever is wrong with it: no answer is of a kind that is not
// described, none is a failure of the server's own, and nothing is taken that the description forbids.
func TestAPIUnderItsDescription(t *testing.T) {
	t.Parallel()
	w, cookies := asked(t)
	rapid.Check(t, func(t *rapid.T) {
		for range 5 {
			w.ask(t, cookies)
		}
	})
}

// The same for as long as one likes, led by what is reached.
func FuzzAPI(f *testing.F) {
	w, cookies := asked(f)
	f.Add([]byte("a request"))
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { w.ask(t, cookies) }))
}

// What the API prepares can be signed by a device and sent to it, as the description says, private parts included.
func TestSigningByTheAPI(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	got := c.json("/api/networks/nordhof/prepared/commitment.make", map[string]any{"body": map[string]any{"agent": "person:2"}, "private": map[string]string{"what": `{"action":"produce","product":"bread"}`, "note": "early"}})
	var p PreparedInfo
	if err := json.Unmarshal([]byte(got.body), &p); err != nil || len(p.Payloads) != 2 {
		t.Fatalf("prepared: %d %s (%v)", got.status, got.body, err)
	}
	sig := w.keys[2].statement(sha256.Sum256([]byte(p.Statement)), w.address)
	send := func(payloads []PayloadInfo) answer_ {
		return c.json("/api/networks/nordhof/signed", map[string]any{"statement": p.Statement, "payloads": payloads, "signature": sig})
	}
	for name, payloads := range map[string][]PayloadInfo{
		"without one": p.Payloads[:1], "in another order": {p.Payloads[1], p.Payloads[0]}, "with a short salt": {{2, []byte("x"), p.Payloads[0].Data}, p.Payloads[1]},
		"with another text": {p.Payloads[0], {2, p.Payloads[1].Salt, []byte("late")}},
	} {
		if got := send(payloads); got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := send(p.Payloads); got.status != http.StatusCreated {
		t.Errorf("as prepared: %d %s", got.status, got.body)
	}
}
