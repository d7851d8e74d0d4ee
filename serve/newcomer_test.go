package serve

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"bremen/commons"
	"bremen/govern"
	"bremen/serve/page"
)

// Every command has a name for what one does who gives it, in both languages.
func TestActionsAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range commons.Commands() {
		byOperator := len(c.Standings) == 1 && c.Standings[0] == govern.Operator
		for _, lang := range []string{"de", "en"} {
			v := &visit{lang: page.Language(lang)}
			if !byOperator && !v.lang.Has("action."+c.ID) {
				t.Errorf("%s: nothing says what one does who states %s", lang, c.ID)
			}
		}
	}
}

// Forms offer what there is to choose from, by name, and take what was chosen; what they cannot be is refused as before.
func TestChoices(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	page := c.get("/nordhof/do/mandate.give").body
	for _, want := range []string{`<option value="records">Keeping the record</option>`, `<option value="network">the whole network</option>`, `<option value="1">Anna (Person 1)</option>`, `type="date"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form lacks %s:\n%s", want, page)
		}
	}
	if strings.Contains(page, `<option value="4">`) {
		t.Error("a guest can be chosen for an office")
	}
	if got := c.post("/nordhof/do/mandate.give", "office", "records", "scope", "network", "holder", "1", "until", w.now().AddDate(0, 2, 0).Format("2006-01-02")); !strings.Contains(got.body, `data-does="sign"`) {
		t.Errorf("what was chosen is not taken: %d\n%s", got.status, got.body)
	}
	if got := c.get("/nordhof/do/vouch.give").body; !strings.Contains(got, `<option value="4">Dora (Person 4)</option>`) || strings.Contains(got, `<option value="1">`) {
		t.Errorf("one does not vouch for guests:\n%s", got)
	}
	page = c.post("/nordhof/do/trustees.name", "trustees", "1", "trustees", "3").body
	if text := statement(page); !strings.Contains(text, `"trustees":[1,3]`) {
		t.Errorf("of several only one is taken:\n%s", text)
	}
	c.post("/nordhof/need", "what", "bread", "quantity", "1", "unit", "kg", "basis", "day", "urgency", "wish")
	need := formatNumber(w.net.Size() - 1)
	for _, x := range []string{"entry.disown", "need.withdraw"} {
		if got := c.get("/nordhof/do/" + x).body; !strings.Contains(got, `<option value="`+need+`">Need (Entry `+need+`)</option>`) {
			t.Errorf("%s does not offer one's own need:\n%s", x, got)
		}
		if got := w.as(3).get("/nordhof/do/" + x).body; strings.Contains(got, `<option value="`+need+`">`) {
			t.Errorf("%s offers somebody else's need", x)
		}
	}
}

// Work is offered in a form, is shown as it was meant, and is not shown to others.
func TestOfferingWork(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	if got := c.post("/nordhof/offer", "skill", "baking", "hours", "viel", "burden", "2"); got.status != http.StatusBadRequest || !strings.Contains(got.body, "“viel” is no number") || !strings.Contains(got.body, `value="baking"`) {
		t.Errorf("hours that are no number: %d\n%s", got.status, got.body)
	}
	if got := c.post("/nordhof/offer", "skill", "baking", "hours", "4,5", "burden", "2", "more-hours", "3", "more-burden", "7", "words", "nur morgens"); !strings.Contains(got.path, "/receipts/") {
		t.Fatalf("offering: %d at %s\n%s", got.status, got.path, got.body)
	}
	page := c.get("/nordhof/me").body
	for _, want := range []string{"<strong>baking</strong>", "4.5 hours in every period, burden 2 of 10", "3 hours in every period, burden 7 of 10", "nur morgens"} {
		if !strings.Contains(page, want) {
			t.Errorf("one's own offer lacks %q:\n%s", want, page)
		}
	}
	if got := c.get("/nordhof/record/" + formatNumber(w.net.Size()-1)); !strings.Contains(got.body, "burden 7 of 10") || strings.Contains(got.body, "&#34;skill&#34;") {
		t.Errorf("the entry shows one's own offer so:\n%s", got.body)
	}
	if got := w.as(3).get("/nordhof/record/" + formatNumber(w.net.Size()-1)); strings.Contains(got.body, "morgens") || strings.Contains(got.body, "baking") {
		t.Error("an offer is shown to somebody else")
	}
	if got := w.as(4).post("/nordhof/offer", "skill", "baking", "hours", "1", "burden", "2"); got.status != http.StatusForbidden {
		t.Errorf("a guest offers work: %d", got.status)
	}
}

// Entries are found by the name of whom they are of, for those who may read names; what one can do is found by a word.
func TestSearching(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	entries := func(c *client, member string) int {
		return strings.Count(c.get("/nordhof/record?member="+member).body, `<li value="`)
	}
	c := w.as(2)
	if byName, byNumber := entries(c, "dora"), entries(c, "4"); byName != 1 || byNumber != 1 {
		t.Errorf("of Dora: %d entries by name, %d by number", byName, byNumber)
	}
	if n := entries(c, "nobody"); n != 0 {
		t.Errorf("%d entries of nobody", n)
	}
	if n := entries(w.client(), "dora"); n != 0 {
		t.Errorf("a stranger finds %d entries by a name", n)
	}
	rows := func(c *client, query string) int {
		return strings.Count(c.get("/nordhof/can?"+query).body, `<th scope="row">`)
	}
	if all, some, none := rows(c, ""), rows(c, "q=vOUCH"), rows(c, "q=nosuchthing"); all != len(govern.Types()) || some == 0 || some > 6 || none != 0 {
		t.Errorf("who can do what: %d rows, %d of vouching, %d of nothing", all, some, none)
	}
	if member, guest := rows(c, "mine=1"), rows(w.as(4), "mine=1"); guest == 0 || member <= guest {
		t.Errorf("a member can do %d things, a guest %d", member, guest)
	}
}

// Whoever has lost everything makes a key on a new device; others enter it from the link alone, and after the days it signs in.
func TestLost(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	k := newSoftKey(t)
	stranger := w.client()
	page := stranger.get("/nordhof/lost").body
	got := stranger.post("/nordhof/lost", "credential", k.create(challenge(t, page), w.address))
	link := regexp.MustCompile(`data-text="` + w.address + `(/nordhof/do/key\.replace\?[^"]+)"`).FindStringSubmatch(got.body)
	if got.status != http.StatusOK || link == nil {
		t.Fatalf("the link: %d\n%s", got.status, got.body)
	}
	c := w.as(1)
	form := c.get(strings.ReplaceAll(link[1], "&amp;", "&")).body
	if !strings.Contains(form, `<option value="4">Dora (Person 4)</option>`) || hidden(form, "key") != url64(k.id) {
		t.Fatalf("the form that the link opens:\n%s", form)
	}
	page = c.post("/nordhof/do/key.replace", "person", "4", "key", hidden(form, "key"), "public", hidden(form, "public"), "rp", hidden(form, "rp")).body
	if got := c.sign(page, w.keys[1]); got.status != http.StatusOK {
		t.Fatalf("entering it: %d\n%s", got.status, got.body)
	}
	act := w.net.Size() - 1
	w.state(2, commons.AssentTo(act))
	w.state(3, commons.AssentTo(act))
	if got := w.as(4).get("/nordhof/me").body; !strings.Contains(got, "Other members have entered this key for you") {
		t.Errorf("the page of whose key it is does not say so:\n%s", got)
	}
	if got := w.client().signIn(k); got.status != http.StatusForbidden {
		t.Errorf("the key signs in at once: %d", got.status)
	}
	w.pass(8)
	if got := w.client().signIn(k); got.path != "/nordhof/me" {
		t.Errorf("the key after its days: %d at %s", got.status, got.path)
	}
	if got := w.client().signIn(w.keys[4]); got.status != http.StatusForbidden {
		t.Errorf("the old key after them: %d", got.status)
	}
}
