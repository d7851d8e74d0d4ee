package report

import (
	"bytes"
	"errors"
	"flag"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"bremen/network"
	"bremen/plan"
)

var update = flag.Bool("update", false, "write what tests compare with anew")

// golden compares got with a file of testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is now made; look at the difference, then run with -update\n%s", path, firstDifference(string(want), string(got)))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "want " + w[i] + "\ngot  " + g[i]
		}
	}
	return "one is longer"
}

func render(t *testing.T, n *network.Network, d *plan.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, n, d); errors.Is(err, ErrNoAssets) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var tiny = sampleSize{groups: 3, weeks: 4}

// The articles of a small plan, word for word.
func TestArticleGolden(t *testing.T) {
	n, d := sample(tiny)
	for _, l := range Languages {
		p, err := newPage(newFacts(n, d), l)
		if err != nil {
			t.Fatal(err)
		}
		article, err := p.article()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "article."+string(l)+".html", []byte(article))
	}
}

func TestSameInputSameBytes(t *testing.T) {
	n, d := sample(tiny)
	first, second := render(t, n, d), render(t, n, d)
	if first != second {
		t.Error("two pages of the same plan differ")
	}
}

// No message is missing and no template left anything undone.
func TestPageIsWhole(t *testing.T) {
	n, d := sample(sampleSize{groups: 12, weeks: 26})
	page := render(t, n, d)
	for _, bad := range []string{"ZgotmplZ", "&lt;nil&gt;", "%!", "NaN"} {
		if i := strings.Index(withoutScripts(page), bad); i >= 0 {
			t.Errorf("page holds %q: …%s…", bad, page[max(0, i-80):i+20])
		}
	}
	if m := regexp.MustCompile(`\[[a-z]+\.[a-z.]+\]`).FindString(withoutScripts(page)); m != "" {
		t.Errorf("page holds %s, a message that is missing", m)
	}
}

var script = regexp.MustCompile(`(?s)<script.*?</script>|<style>.*?</style>`)

func withoutScripts(page string) string { return script.ReplaceAllString(page, "") }

// A region's page stays small enough for a slow line.
func TestPageIsSmall(t *testing.T) {
	n, d := sample(sampleSize{groups: 30, weeks: 26})
	if size := len(render(t, n, d)); size > 3<<20 {
		t.Errorf("page has %d bytes, want at most %d", size, 3<<20)
	}
}

// Names are text, whatever they hold.
func TestNamesCannotAct(t *testing.T) {
	const evil = `</script><img src=x onerror=alert(1)>"'<!--<script>`
	n, d := sample(tiny)
	for i := range n.Agents {
		n.Agents[i].Name = evil + n.Agents[i].Name
	}
	for i := range n.Products {
		n.Products[i].Name, n.Products[i].Category = evil, evil
	}
	for i := range n.Sites {
		n.Sites[i].Name = evil + n.Sites[i].Name
	}
	for i := range n.Recipes {
		n.Recipes[i].Name = evil
	}
	n.Sources = append(n.Sources, network.Source{ID: evil, Citation: evil, URL: "javascript:alert(1)"}, network.Source{ID: "b", URL: `https://x/"onclick="alert(1)`})
	n.Assumptions = append(n.Assumptions, network.Assumption{ID: "x", Statement: evil, Evidence: evil})
	d.Title = plan.Text{"de": evil, "en": evil}
	d.Currency = evil
	d.Why.Shortfalls[0].Sentence = plan.Text{evil: evil}
	d.Network = evil
	page := render(t, n, d)
	if strings.Contains(page, "<img") || strings.Contains(page, `javascript:`) || strings.Contains(page, `"onclick`) {
		t.Error("a name became markup")
	}
	if got := strings.Count(page, "</script>"); got != 3 {
		t.Errorf("page has %d ends of scripts, want 3", got)
	}
	dir := t.TempDir()
	if err := Lists(dir, n, d, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(dir + "/*/*.html")
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("<img")) || bytes.Contains(text, []byte("<script")) {
			t.Errorf("%s: a name became markup", f)
		}
	}
}

// Plans that lack most of what a page could show still make one.
func TestBarePlans(t *testing.T) {
	n, _ := sample(tiny)
	for name, d := range map[string]*plan.Document{
		"nothing at all": {Status: plan.Stopped},
		"no dates":       {Status: plan.Optimal, Calendar: plan.Calendar{Unit: "year", Periods: 1}, Needs: []plan.NeedLine{{Need: "a", Agent: "x", What: "kcal", Period: 0, Required: 3, Satisfaction: 1}}},
		"contradiction": {Status: plan.Infeasible, Calendar: plan.Calendar{Unit: "week", Periods: 2}, Contradiction: &plan.Contradiction{
			Members:  []plan.Member{{Kind: "commitment", What: "c1", Period: 2, Bound: 40, Unit: "kg"}, {Kind: "limit", What: "co2e", Bound: 10, Unit: "kg"}},
			Repair:   []plan.Member{{Kind: "limit", What: "co2e", Bound: 10, Change: 3, Unit: "kg", Sentence: plan.Text{"en": "Let CO₂e go up by 3 kg."}}},
			Sentence: plan.Text{"en": "Forty kilos were promised.", "de": "Vierzig Kilo sind zugesagt."},
		}},
		"contradiction in words": {Status: plan.Infeasible, Calendar: plan.Calendar{Unit: "week", Periods: 2}, Contradiction: &plan.Contradiction{
			Sentence: plan.Text{"en": "Forty kilos were promised.", "de": "Vierzig Kilo sind zugesagt."},
		}},
	} {
		for _, net := range []*network.Network{nil, n} {
			t.Run(name, func(t *testing.T) {
				page := render(t, net, d)
				if d.Contradiction == nil {
					return
				}
				for part, want := range map[string]bool{
					"Vierzig Kilo":           len(d.Contradiction.Members) == 0, // the list says it better
					"Zusage, c1: 40\u00a0kg": len(d.Contradiction.Members) > 0,
					"bremen verify":          false, `href="lists/`: false,
				} {
					if got := strings.Contains(page, part); got != want {
						t.Errorf("page has %q: %t, want %t", part, got, want)
					}
				}
			})
		}
	}
}

// The policy names by hash what the page holds, byte for byte.
func TestPolicyFitsThePage(t *testing.T) {
	n, d := sample(tiny)
	page := render(t, n, d)
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1]
	for _, m := range regexp.MustCompile(`(?s)<(?:script|style)>(.*?)</(?:script|style)>`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(policy, template.HTMLEscapeString(hashOf(m[1]))) {
			t.Errorf("policy lacks the hash of %.40q", m[1])
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy is unsafe: %s", policy)
	}
}

func TestSatisfactionOfANeedStatedTwice(t *testing.T) {
	d := &plan.Document{Calendar: plan.Calendar{Periods: 1}, Needs: []plan.NeedLine{
		{Agent: "a", What: "bread", Period: 1, Required: 3, Satisfaction: 1},
		{Agent: "a", What: "bread", Period: 1, Required: 1, Satisfaction: 0},
	}}
	s := newSatisfactions(d, nil)
	if mean, ok := s.pairs[[2]string{"a", "bread"}].mean(); !ok || mean != 0.75 {
		t.Errorf("got %v, want 0.75: what is required weighs", mean)
	}
}
