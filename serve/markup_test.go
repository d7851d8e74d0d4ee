package serve

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// mark is a text that does harm where it is not shown as text, and says which field it is of.
func mark(field string) string {
	return `"'><script>alert(1)</script><img src=x onerror=alert(1)>` + field
}

// harm tells whether a page holds the markup as markup.
func harm(a answer_) bool {
	return strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && (strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "<img src=x"))
}

// noMarkup are fields that hold text and can never hold markup, each with the reason. Whatever is not here has to be stated with
// markup below, so that a new field of a new entry is tried, too.
var noMarkup = map[string]string{
	"network.found.rp": "a host that keys are made for", "guest.arrive.rp": "the same", "key.enrol.rp": "the same", "key.replace.rp": "the same",
	"network.found.log-key": "a key", "witness.name.log-key": "a key", "record.key.public": "a key", "log.succeed.log-key": "a key",
	"network.found.origin": "only of a network that goes on elsewhere", "log.succeed.origin": "an operator's, with the program", "log.succeed.operator": "the same", "loss.declare.why": "the same",
	"mandate.give.office": "one of the rules", "cession.give.office": "one of the rules", "cession.give.power": "one of the rules", "token.grant.rights": "rights of the rules",
	"catalogue.state.table": "one of the tables", "figure.decline.figure": "a number", "plan.adopt.program": "only with files that prove a plan", "plan.adopt.reason": "the same",
}

// holdsText tells whether a field can hold what somebody writes.
func holdsText(f *govern.Field) bool {
	switch f.Kind {
	case govern.KindText, govern.KindName, govern.KindNames, govern.KindAgent, govern.KindRow, govern.KindRules, govern.KindFounders:
		return true
	}
	return false
}

// markedTown is a town in which every text that can be stated has markup in it.
type markedTown struct {
	*town
	group, firm string
}

// marked is an intent with markup in every field that holds text, but where body says otherwise; nil there leaves a field out.
func (w *markedTown) marked(typ string, body map[string]any) commons.Intent {
	c := command(typ)
	i := commons.Intent{Type: typ, Body: map[string]any{}}
	for j := range c.Fields {
		f := &c.Fields[j]
		value, said := body[f.Name]
		switch {
		case said && value == nil:
		case said:
			i.Body[f.Name] = value
		case f.Kind == govern.KindText || f.Kind == govern.KindName:
			i.Body[f.Name] = mark(typ + "." + f.Name)
		}
	}
	for _, p := range c.Parts {
		if value, said := body["part."+p.Name]; said {
			if value != nil {
				i = i.With(p.Name, value.(string))
			}
			continue
		}
		i = i.With(p.Name, mark(typ+"."+p.Name))
	}
	return i
}

func (w *markedTown) says(person int64, typ string, body map[string]any) int64 {
	w.t.Helper()
	return w.state(person, w.marked(typ, body)).Number
}

type with = map[string]any

func newMarkedTown(t *testing.T) *markedTown {
	t.Helper()
	rules := govern.Default()
	for i := range rules.Rights {
		rules.Rights[i].Title = govern.Text{De: mark("title"), En: mark("title")}
		rules.Rights[i].Explain = govern.Text{De: mark("explain"), En: mark("explain")}
	}
	rules.Powers[0].Title, rules.Offices[0].Title, rules.Title = rules.Rights[0].Title, rules.Rights[0].Title, rules.Rights[0].Title
	on := newWorld(t, func(o *Options) {
		o.Operator = Operator{Name: mark("operator"), Imprint: mark("imprint"), Contact: mark("contact"), Privacy: mark("privacy")}
	})
	w := &markedTown{group: mark("group"), firm: mark("organisation.found.organisation")}
	w.town = settleAs(on, commons.Founding{Name: mark("name"), Purpose: mark("purpose"), Rules: rules, Operator: mark("operator"), FirstName: mark("first"), FirstContact: mark("reach")}, w.group)
	w.arriveIn(mark("household"), mark("guest.arrive.name"), mark("guest.arrive.contact"))
	w.people()
	w.work()
	w.offices()
	return w
}

func (w *markedTown) people() {
	w.t.Helper()
	until := w.now().Add(20 * 24 * time.Hour).UTC().Format(time.RFC3339)
	w.says(1, "invitation.issue", with{"invitation": randomHash()})
	w.says(2, "person.describe", nil)
	w.says(2, "joining.object", with{"guest": 4})
	w.says(6, "member.leave", nil)
	w.says(3, "household.move", nil)
	w.says(1, "group.found", nil)
	w.says(3, "group.enter", with{"group": mark("group.found.group")})
	w.says(1, "organisation.found", nil)
	w.says(1, "organisation.admit", with{"organisation": w.firm, "person": 2})
	w.says(2, "organisation.enter", with{"organisation": w.firm})
	w.says(1, "cession.give", with{"organisation": w.firm, "power": "speak", "office": "planning", "until": until})
	w.says(2, "organisation.quit", with{"organisation": w.firm})
	w.says(2, "token.grant", with{"token": randomHash(), "rights": []string{"state"}, "until": until})
	need, _ := json.Marshal(map[string]any{"what": mark("what"), "of": mark("of"), "quantity": "1", "unit": mark("unit"), "urgency": mark("urgency"), "profile": mark("profile"), "words": mark("words")})
	w.says(2, "need.state", with{"part.need": string(need)})
	offer, _ := json.Marshal(map[string]any{"skill": mark("skill"), "for": "organisation:" + w.firm, "steps": []any{with{"hours": "1", "burden": "1"}}, "words": mark("words"), "profile": mark("profile")})
	own := w.says(2, "offer.state", with{"part.offer": string(offer)})
	w.says(2, "entry.disown", with{"entry": own})
}

func (w *markedTown) work() {
	w.t.Helper()
	firm := "organisation:" + w.firm
	rows := map[string]any{
		"recipe.state": with{"recipes": []any{with{"id": mark("recipe")}}}, "stock.state": with{"stocks": []any{with{"product": mark("product"), "start": "1", "unit": mark("unit")}}},
		"catalogue.state": with{"products": []any{with{"id": mark("products"), "unit": mark("unit")}}},
	}
	for _, typ := range []string{"recipe.state", "stock.state", "catalogue.state"} {
		table := any("products")
		if typ != "catalogue.state" {
			table = nil
		}
		public := w.says(1, typ, with{"agent": firm, "row": rows[typ], "table": table, "part.what": nil})
		what, _ := json.Marshal(rows[typ])
		w.says(1, typ, with{"agent": "person:1", "row": nil, "table": table, "part.what": string(what)})
		withdraw := strings.Replace(typ, "state", "withdraw", 1)
		name := strings.TrimSuffix(typ, ".state")
		if name == "catalogue" {
			name = "row"
		} else {
			w.says(1, typ, with{"agent": firm, "row": rows[typ], "table": table, "part.what": nil}) // one of them stays
		}
		w.says(1, withdraw, with{"agent": firm, name: public})
	}
	w.says(1, "catalogue.state", with{"agent": firm, "row": rows["catalogue.state"], "table": "products", "part.what": nil})
	w.says(2, "figure.state", with{"group": w.group, "quantity": "1", "window": with{"periods": mark("periods")}})
	flow := with{"agent": firm, "action": "transfer", "provider": firm, "receiver": "group:" + w.group, "quantity": "1", "effort": nil, "effort-unit": nil, "part.what": nil}
	effort := with{"agent": firm, "action": "work", "provider": firm, "receiver": "group:" + w.group, "quantity": nil, "unit": nil, "effort": "1", "part.what": nil}
	private, _ := json.Marshal(with{"action": "consume", "agent": "person:1", "provider": "person:1", "product": mark("flow"), "quantity": "1", "unit": mark("unit")})
	for _, typ := range []string{"commitment.make", "event.record"} {
		w.says(1, typ, flow)
		w.says(1, typ, effort)
		alone := with{"agent": "person:1", "part.what": string(private)}
		for _, f := range command(typ).Fields {
			if f.Name != "agent" && f.Optional {
				alone[f.Name] = nil
			}
		}
		number := w.says(1, typ, alone)
		if typ == "commitment.make" {
			w.says(1, "commitment.withdraw", with{"commitment": number})
		}
	}
}

func (w *markedTown) offices() {
	w.t.Helper()
	at := func(days float64) string {
		return w.now().Add(time.Duration(days * 24 * float64(time.Hour))).UTC().Format(time.RFC3339)
	}
	mandate := func(office, scope string, holder int64, others ...int64) int64 {
		w.t.Helper()
		act := w.says(holder, "mandate.give", with{"office": office, "scope": scope, "holder": holder, "until": at(20)})
		for _, n := range others {
			open := false
			w.net.View(func(s *commons.State) { open = s.Govern.Acts[act] != nil })
			if open {
				w.says(n, "act.assent", with{"act": act})
			}
		}
		w.says(holder, "mandate.accept", with{"mandate": act})
		return act
	}
	records := mandate("records", "network", 2, 1, 3)
	host := mandate("host", "group:"+w.group, 2, 5)
	w.says(2, "mandate.end", with{"mandate": host})
	recall := w.says(1, "recall.call", with{"mandate": records})
	w.says(3, "act.refuse", with{"act": recall})
	witness := strings.NewReplacer(" ", "").Replace(mark("witness"))
	private, _, err := record.NewKey("witness.example")
	w.must(err)
	key, err := record.PublicKey(private)
	w.must(err)
	w.says(2, "witness.name", with{"witness": witness, "log-key": key})
	w.says(2, "witness.drop", with{"witness": witness})
	w.says(2, "witness.name", with{"witness": mark("witness.name"), "log-key": key})
	w.says(2, "mandate.end", with{"mandate": records})
	w.says(1, "assembly.call", with{"at": at(8)})
	rules := govern.Default()
	rules.Title = govern.Text{De: mark("title"), En: mark("title")}
	var base int64
	w.net.View(func(s *commons.State) { base = s.Govern.RulesEntry })
	w.says(1, "rules.change", with{"rules": json.RawMessage(rules.JSON()), "base": base})
	w.says(1, "pause.begin", with{"until": at(1)})
}

func randomHash() string {
	b := make([]byte, 32)
	rand.Read(b)
	return std64(b)
}

// stated tells of every field and part of entries whether any in the record holds markup.
func (w *markedTown) stated() map[string]bool {
	w.t.Helper()
	found := map[string]bool{}
	for number := range w.net.Size() {
		e, _, err := w.net.Entry(w.t.Context(), number)
		w.must(err)
		var body map[string]json.RawMessage
		w.must(json.Unmarshal(e.Statement.Body, &body))
		for name, raw := range body {
			found[e.Statement.Type+"."+name] = found[e.Statement.Type+"."+name] || strings.Contains(string(raw), "<script>")
		}
		for _, ref := range e.Statement.Payloads {
			if text, err := w.net.Payload(w.t.Context(), ref.Person, number, ref.Name); err == nil && strings.Contains(strings.ReplaceAll(string(text), `\u003e`, ">"), "script>") {
				found[e.Statement.Type+"."+ref.Name] = true
			}
		}
	}
	return found
}

// Whatever text somebody can state is shown as text, on every page, to everybody: the fields are those of the table of entries,
// so that a new one which nobody has tried fails here.
func TestMarkupStaysText(t *testing.T) {
	t.Parallel()
	w := newMarkedTown(t)
	stated := w.stated()
	for _, c := range commons.Commands() {
		names := []string{}
		for i := range c.Fields {
			if holdsText(&c.Fields[i]) {
				names = append(names, c.Fields[i].Name)
			}
		}
		for _, p := range c.Parts {
			names = append(names, p.Name)
		}
		for _, name := range names {
			if field := c.ID + "." + name; stated[field] == (noMarkup[field] != "") {
				t.Errorf("%s: stated with markup: %v, why it cannot be: %q", field, stated[field], noMarkup[field])
			}
		}
	}
	shown := map[string]bool{}
	look := func(who, path string, got answer_) {
		if harm(got) {
			t.Errorf("%s shows markup to %s:\n%.400s", path, who, got.body)
		}
		for rest := got.body; ; {
			_, after, ok := strings.Cut(rest, "onerror=alert(1)&gt;")
			if !ok {
				break
			}
			end := strings.IndexAny(after, "<&\"\n \\(")
			shown[after[:max(0, end)]], rest = true, after
		}
	}
	paths := append(w.pagesOf(), "/nordhof/record?type="+url.QueryEscape(mark("q"))+"&member="+url.QueryEscape(mark("q")), "/nordhof/do/"+url.PathEscape(mark("p")), "/nordhof/"+url.PathEscape(mark("p")), "/"+url.PathEscape(mark("p"))+"/")
	for _, c := range commons.Commands() {
		q := url.Values{}
		for _, f := range c.Fields {
			q.Set(f.Name, mark("asked"))
		}
		for _, p := range c.Parts {
			q.Set(partField+p.Name, mark("asked"))
		}
		paths = append(paths, "/nordhof/do/"+c.ID+"?"+q.Encode())
	}
	for n := range w.net.Size() {
		paths = append(paths, fmt.Sprint("/nordhof/mine/", n))
	}
	for _, person := range []int64{0, 1, 2, 4} {
		c := w.as(person)
		for _, path := range paths {
			look(fmt.Sprint("person ", person), path, c.send(http.MethodGet, path, nil, "User-Agent", mark("agent")))
		}
	}
	if len(shown) < 60 {
		t.Errorf("only %d texts with markup were shown: %q", len(shown), slices.Sorted(maps.Keys(shown)))
	}
}

// What is wrong in a form comes back as text, whichever field it is in.
func TestMarkupComesBackAsText(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	things, c := w.things(), w.as(2)
	for _, cmd := range commons.Commands() {
		whole := sampleForm(&cmd, 2, things)
		names := []string{"for"}
		for _, f := range cmd.Fields {
			names = append(names, f.Name)
		}
		for _, p := range cmd.Parts {
			names = append(names, partField+p.Name)
		}
		for _, name := range names {
			form := url.Values{}
			for k, v := range whole {
				form[k] = slices.Clone(v)
			}
			form.Set(name, mark(name))
			if got := c.send(http.MethodPost, "/nordhof/do/"+cmd.ID, form); harm(got) {
				t.Errorf("%s, %s comes back as markup:\n%.400s", cmd.ID, name, got.body)
			}
		}
	}
	fresh := newWorld(t)
	founder := fresh.client()
	founder.post("/nordhof/setup", "code", fresh.code)
	for _, x := range []struct {
		at   *client
		path string
		form []string
	}{
		{c, "/nordhof/need", []string{"what", mark("what"), "quantity", mark("quantity"), "unit", mark("unit"), "words", mark("words"), "basis", mark("basis"), "urgency", mark("urgency"), "for", mark("for")}},
		{c, "/nordhof/me/token", []string{"name", mark("name"), "days", mark("days"), "right", mark("right"), "hash", mark("hash")}},
		{c, "/nordhof/me/key", []string{"credential", mark("credential"), "card", mark("card")}},
		{c, "/nordhof/me/sessions", []string{"end", mark("end"), "id", mark("id")}},
		{c, "/nordhof/sign", []string{"statement", mark("statement"), "payloads", mark("payloads"), "signature", mark("signature"), "next", mark("next")}},
		{w.client(), "/nordhof/join", []string{"code", mark("code"), "name", mark("name"), "household", mark("household"), "contact", mark("contact"), "credential", mark("credential"), "card", mark("card")}},
		{w.client(), "/nordhof/signin/code", []string{"code", mark("code"), "next", mark("next")}},
		{w.client(), "/nordhof/signin/card", []string{"public", mark("public"), "signature", mark("signature"), "next", mark("next")}},
		{w.client(), "/nordhof/signin/passkey", []string{"credential", mark("credential"), "next", mark("next")}},
		{fresh.client(), "/nordhof/setup", []string{"code", mark("code")}},
		{founder, "/nordhof/setup/what", []string{"name", mark("name"), "purpose", mark("purpose"), "rules", mark("rules")}},
		{founder, "/nordhof/setup/what", []string{"name", mark("name"), "purpose", mark("purpose")}},
		{founder, "/nordhof/setup/founder", []string{"name", mark("name"), "household", mark("household"), "group", mark("group"), "credential", mark("credential"), "card", mark("card")}},
	} {
		if got := x.at.post(x.path, x.form...); harm(got) {
			t.Errorf("%s: markup comes back:\n%.400s", x.path, got.body)
		}
	}
	k := newSoftKey(t)
	page := founder.get("/nordhof/setup")
	page = founder.post("/nordhof/setup/founder", "name", mark("name"), "household", mark("household"), "group", mark("group"), "credential", k.create(challenge(t, page.body), fresh.address), "card", url64(k.cardPublic()))
	if harm(page) || !strings.Contains(page.body, "onerror=alert(1)&gt;household") || !strings.Contains(page.body, "onerror=alert(1)&gt;purpose") {
		t.Errorf("the page of a founding: %d\n%s", page.status, page.body)
	}
}
