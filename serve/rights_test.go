package serve

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"bremen/commons"
	"bremen/govern"
)

// sample is a value that a field takes, whatever the field is about.
func sample(f *govern.Field, person int64, things map[string]int64) any {
	if entry, ok := things[f.Name]; ok && f.Kind == govern.KindEntry {
		return entry
	}
	switch f.Kind {
	case govern.KindPerson:
		return 2
	case govern.KindEntry:
		return 1
	case govern.KindPersons:
		return []int{2, 3}
	case govern.KindNames:
		return []string{"state"}
	case govern.KindTime:
		return time.Now().Add(48 * time.Hour).UTC().Format("2006-01-02T15:04:05Z")
	case govern.KindHash:
		b := make([]byte, 32)
		rand.Read(b)
		return std64(b)
	case govern.KindBytes:
		return url64([]byte("0123456789abcdef"))
	case govern.KindChoice:
		return f.Choices[0]
	case govern.KindAgent:
		return fmt.Sprint("person:", max(person, 1))
	case govern.KindDecimal:
		return "1"
	case govern.KindRow:
		return map[string]any{}
	case govern.KindRules:
		return json.RawMessage(govern.Default().JSON())
	case govern.KindFounders:
		return []any{}
	}
	return "sample"
}

func samples(c *commons.Command, person int64, things map[string]int64) (body map[string]any, private map[string]string) {
	body, private = map[string]any{}, map[string]string{}
	for i := range c.Fields {
		if f := &c.Fields[i]; !f.Optional {
			body[f.Name] = sample(f, person, things)
		}
	}
	for _, p := range c.Parts {
		if slices.Contains(c.Needs, p.Name) || p.Name == "what" { // what persons state is private
			private[p.Name] = map[string]string{"Need": `{"what":"bread","quantity":"1","unit":"kg"}`, "Offer": `{"skill":"baking","steps":[{"hours":"1","burden":"1"}]}`, "Declined": `{"figure":1}`, "Rows": `{"stocks":[]}`, "Flow": `{}`}[p.Holds]
			if private[p.Name] == "" {
				private[p.Name] = "because"
			}
		}
	}
	return body, private
}

// sampleForm is the same as a form.
func sampleForm(c *commons.Command, person int64, things map[string]int64) url.Values {
	form := url.Values{}
	body, private := samples(c, person, things)
	for name, value := range body {
		switch x := value.(type) {
		case string:
			form.Set(name, x)
		case json.RawMessage:
			form.Set(name, string(govern.Default().YAML()))
		case []string:
			form.Set(name, strings.Join(x, ","))
		case int, int64:
			form.Set(name, fmt.Sprint(x))
		case []int:
			form.Set(name, strings.Trim(fmt.Sprint(x), "[]"))
		default:
			b, _ := json.Marshal(x)
			form.Set(name, string(b))
		}
	}
	for name, text := range private {
		form.Set(partField+name, text)
	}
	return form
}

// Every command, asked for by everybody: who has no right to it by the rules is refused, on pages and by the API, and told
// why; who has one is not refused for want of it. The table is that of the rules, so a new command is in it by itself.
func TestRightsOverHTTP(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.planned(3)
	w.pass(2)
	things := w.things()
	actors := []struct {
		name   string
		person int64
		client *client
	}{{"nobody", 0, w.as(0)}, {"a member", 2, w.as(2)}, {"whose mandate is over", 3, w.as(3)}, {"a guest", 4, w.as(4)}, {"who left", 5, w.as(5)}}
	for _, c := range commons.Commands() {
		for _, a := range actors {
			has := w.may(c.ID, a.person)
			path, body := apiRequest(&c, a.person, things)
			got := a.client.json(path, body)
			page := a.client.send(http.MethodPost, "/nordhof/do/"+c.ID, sampleForm(&c, a.person, things))
			code := problemCode(got)
			want := http.StatusForbidden
			switch {
			case a.person == 0:
				want = http.StatusUnauthorized
			case c.ID == "network.found" || c.ID == "log.succeed":
				// Nobody's any more: refused because of what the network already is.
				if got.status >= 400 && page.status >= 400 {
					continue
				}
			}
			switch {
			case has && slices.Contains([]string{"right", "standing"}, strings.TrimPrefix(code, "refused.")):
				t.Errorf("%s by %s: refused with %s though the rules allow it: %s", c.ID, a.name, code, got.body)
			case !has && (got.status != want || page.status != want):
				t.Errorf("%s by %s: API %d (%s), page %d, want %d", c.ID, a.name, got.status, got.body, page.status, want)
			case !has && a.person != 0 && c.ID != "network.found" && c.ID != "guest.arrive" && (!strings.Contains(page.body, `role="alert"`) || !strings.Contains(got.body, `"detail"`)):
				t.Errorf("%s by %s: refused without a reason: %s", c.ID, a.name, got.body)
			}
		}
	}
	if n := w.net.Size(); n > 70 {
		t.Errorf("%d entries: more was let in than the samples could", n)
	}
	if w.may("plan.adopt", 3) {
		t.Error("the mandate is not over")
	}
}

// planned gives somebody a mandate to plan for a day.
func (w *town) planned(person int64) {
	w.t.Helper()
	act := w.state(1, commons.GiveMandate(commons.Mandating{Office: "planning", Scope: govern.InNetwork, Holder: person, Until: w.now().Add(24 * time.Hour)})).Number
	w.state(2, commons.AssentTo(act))
	w.state(person, commons.AcceptMandate(act, ""))
	if !w.may("plan.adopt", person) {
		w.t.Fatal("the mandate is not in force")
	}
}

// A program whose token names another right states nothing with it, whatever the command; nor is any command the operator's by HTTP.
func TestTokensOfAnotherScope(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.planned(2) // who may a great deal
	things, program := w.things(), w.client()
	secret := tokenPrefix + url64(make([]byte, 32))
	hash, err := base64.StdEncoding.DecodeString(commons.TokenHash([]byte(secret)))
	w.must(err)
	w.state(2, commons.GrantToken(hash, []string{"export"}, w.now().Add(24*time.Hour), ""))
	bearer := []string{"Authorization", "Bearer " + secret}
	if got := program.send(http.MethodGet, "/api/networks/nordhof/can", nil, bearer...); got.status != http.StatusOK {
		t.Fatalf("the token is not known: %d", got.status)
	}
	before := w.net.Size()
	for _, c := range commons.Commands() {
		path, body := apiRequest(&c, 2, things)
		got := program.json(path, body, bearer...)
		if c.Consequence {
			// It may prepare what a device has to sign, and cannot sign it.
			signed := program.json("/api/networks/nordhof/signed", map[string]any{"statement": got.body, "payloads": []any{}, "signature": map[string]any{"kind": "token"}}, bearer...)
			if signed.status < 400 || signed.status >= 500 {
				t.Errorf("%s is signed by a token: %d %s", c.ID, signed.status, signed.body)
			}
			continue
		}
		if got.status != http.StatusForbidden {
			t.Errorf("%s by a token for exports: %d, want 403: %s", c.ID, got.status, got.body)
		}
		if page := program.send(http.MethodPost, "/nordhof/do/"+c.ID, sampleForm(&c, 2, things), bearer...); page.status != http.StatusUnauthorized {
			t.Errorf("%s on a page with a token: %d, want 401", c.ID, page.status)
		}
	}
	if w.net.Size() != before {
		t.Errorf("%d entries more", w.net.Size()-before)
	}
}

// things makes what the samples are about, and returns the entries by the fields that name them.
func (w *town) things() map[string]int64 {
	w.t.Helper()
	until := w.now().Add(30 * 24 * time.Hour)
	sample := govern.OrganisationScope("sample")
	mandate := w.state(1, commons.FoundOrganisation("sample", ""))
	w.state(1, commons.FoundGroup("sample", ""))
	one, err := commons.ParseDecimal("1")
	w.must(err)
	flow := commons.Flow{Agent: sample, Action: "produce", Provider: sample, Receiver: govern.GroupScope("sample"), Product: "bread", Quantity: &one, Unit: "kg"}
	return map[string]int64{
		"mandate": mandate.Number, "act": w.state(1, commons.GiveMandate(commons.Mandating{Office: "planning", Scope: "network", Holder: 2, Until: until})).Number,
		"commitment": w.state(1, commons.Commit(flow, until, "")).Number, "cession": w.state(1, commons.Cede("sample", "speak", "planning", until, "")).Number,
	}
}

// may tells whether the rules give a person the command at all, in some scope.
func (w *town) may(id string, person int64) (may bool) {
	if person == 0 {
		return false // no command is for those who are not signed in
	}
	w.net.View(func(s *commons.State) {
		for _, row := range s.Govern.WhoCan(w.now().UnixMilli()) {
			for _, who := range row.Who {
				may = may || row.ID == id && (slices.Contains(who.Holders, s.Govern.Standing(person)) || slices.Contains(who.Persons, person))
			}
		}
	})
	return may
}

func apiRequest(c *commons.Command, person int64, things map[string]int64) (path string, body map[string]any) {
	b, private := samples(c, person, things)
	body = map[string]any{"body": b}
	if len(private) > 0 {
		body["private"] = private
	}
	path = "/api/networks/nordhof/entries/" + c.ID
	if c.Consequence {
		path = "/api/networks/nordhof/prepared/" + c.ID
	}
	return path, body
}

func (c *client) json(path string, body any, headers ...string) answer_ {
	c.w.t.Helper()
	b, err := json.Marshal(body)
	c.w.must(err)
	r, err := http.NewRequestWithContext(c.w.t.Context(), http.MethodPost, c.w.address+path, strings.NewReader(string(b)))
	c.w.must(err)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return c.do(r)
}

func problemCode(a answer_) string {
	var p struct{ Type string }
	if json.Unmarshal([]byte(a.body), &p) != nil {
		return ""
	}
	return strings.TrimPrefix(p.Type, problemType)
}

// A program may what its token names, and nothing else; not after its day, and not once it is revoked.
func TestTokens(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	member, program := w.as(2), w.client()
	page := member.get("/nordhof/me/token")
	_, rest, _ := strings.Cut(page.body, `<code class="card-text">`)
	secret, _, _ := strings.Cut(rest, "<")
	form := member.post("/nordhof/me/token", "name", "kitchen list", "days", "30", "right", "state", "hash", hidden(page.body, "hash"))
	if got := member.sign(form.body, w.keys[2]); !strings.Contains(got.path, "/receipts/") {
		t.Fatalf("granting: %d %s", got.status, got.body)
	}
	bearer := []string{"Authorization", "Bearer " + secret}
	need := map[string]any{"body": map[string]any{}, "private": map[string]string{"need": `{"what":"bread","quantity":"2","unit":"kg"}`}}
	const entries = "/api/networks/nordhof/entries/"
	if got := program.json(entries+"need.state", need, bearer...); got.status != http.StatusCreated {
		t.Errorf("a need by the program: %d %s", got.status, got.body)
	}
	offer := map[string]any{"body": map[string]any{}, "private": map[string]string{"offer": `{"skill":"baking","steps":[{"hours":"1","burden":"1"}]}`}}
	for _, c := range []struct {
		name string
		got  answer_
		code string
	}{
		{"a right that was not granted", program.json(entries+"offer.state", offer, bearer...), "refused.token-scope"},
		{"what no program may", program.json(entries+"invitation.issue", map[string]any{"body": map[string]any{"invitation": std64(make([]byte, 32))}}, bearer...), "refused.signature-kind"},
		{"reading one's own without that right", program.send(http.MethodGet, "/api/networks/nordhof/mine", nil, bearer...), "right"},
		{"another token", program.json(entries+"need.state", need, "Authorization", "Bearer bremen_x"), "401"},
		{"another kind of authorization", program.json(entries+"need.state", need, "Authorization", "Basic eDp4"), "401"},
	} {
		if code := problemCode(c.got); code != c.code {
			t.Errorf("%s: %d %q, want %q: %s", c.name, c.got.status, code, c.code, c.got.body)
		}
	}
	if got := program.send(http.MethodGet, "/nordhof/me", nil, bearer...); got.status != http.StatusUnauthorized {
		t.Errorf("a page with a token: %d, want 401", got.status)
	}
	w.pass(31)
	if got := program.json(entries+"need.state", need, bearer...); got.status != http.StatusUnauthorized {
		t.Errorf("after its day: %d, want 401", got.status)
	}
}

// A request under an idempotency key is carried out once.
func TestIdempotency(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	need := func(quantity string) map[string]any {
		return map[string]any{"body": map[string]any{}, "private": map[string]string{"need": `{"what":"bread","quantity":"` + quantity + `","unit":"kg"}`}}
	}
	const path = "/api/networks/nordhof/entries/need.state"
	before := w.net.Size()
	first := c.json(path, need("1"), "Idempotency-Key", "k1")
	again := c.json(path, need("1"), "Idempotency-Key", "k1")
	if first.status != http.StatusCreated || again.status != http.StatusCreated || number(first) != number(again) || w.net.Size() != before+1 {
		t.Errorf("twice under one key: %d and %d, entries %d and %d, %d more in the record, want one", first.status, again.status, number(first), number(again), w.net.Size()-before)
	}
	if got := c.json(path, need("2"), "Idempotency-Key", "k1"); got.status != http.StatusUnprocessableEntity || problemCode(got) != "idempotency-key" {
		t.Errorf("something else under the same key: %d %s", got.status, got.body)
	}
	if got := w.as(3).json(path, need("1"), "Idempotency-Key", "k1"); number(got) == number(first) {
		t.Error("another member's key is taken for one's own")
	}
	refused := map[string]any{"body": map[string]any{}, "private": map[string]string{"need": `{"what":"bread","quantity":"-1","unit":"kg"}`}}
	if got := c.json(path, refused, "Idempotency-Key", "k2"); got.status != http.StatusBadRequest {
		t.Errorf("a refused request: %d %s", got.status, got.body)
	}
	if got := c.json(path, need("3"), "Idempotency-Key", "k2"); got.status != http.StatusCreated {
		t.Errorf("after a refusal the key is not free: %d %s", got.status, got.body)
	}
}

func number(a answer_) int64 {
	var e EntryInfo
	if json.Unmarshal([]byte(a.body), &e) != nil {
		return -1
	}
	return e.Number
}

// A network whose rules let nobody outside audit shows its record to members and guests alone, on every way.
func TestReadingRights(t *testing.T) {
	t.Parallel()
	rules := govern.Default()
	for i := range rules.Rights {
		if rules.Rights[i].ID == "audit" {
			rules.Rights[i].Holders = []govern.Holder{govern.Member, govern.Guest}
		}
	}
	w := newTownUnder(t, rules)
	_, err := w.net.Publish(t.Context())
	w.must(err)
	paths := []string{"/log/checkpoint", "/log/tile/0/000.p/1", "/log/proof/inclusion/0", "/log/proof/consistency/1/1"}
	for _, x := range routes() {
		if path, get := strings.CutPrefix(x.pattern, "GET "); get && x.access == reading {
			paths = append(paths, strings.Replace(path, "{number}", "0", 1))
		}
	}
	for person, want := range map[int64]int{0: http.StatusNotFound, 5: http.StatusNotFound, 2: http.StatusOK, 4: http.StatusOK} {
		c := w.as(person)
		for _, path := range paths {
			got := c.get("/nordhof" + path)
			if path == "/log/tile/0/000.p/1" && want == http.StatusOK {
				continue // there may be none of that width
			}
			if got.status != want {
				t.Errorf("%s by person %d: %d, want %d", path, person, got.status, want)
			}
		}
		for _, path := range []string{"/entries", "/entries/0", "/can"} {
			if got := c.get("/api/networks/nordhof" + path); got.status != want {
				t.Errorf("API %s by person %d: %d, want %d", path, person, got.status, want)
			}
		}
	}
}
