package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"bremen/internal/browsertest"
	"bremen/network"
	"bremen/plan"
	"bremen/series"
)

// sampleSeries makes a series of a kind, of a made-up network; it was not computed. One variant is impossible.
func sampleSeries(kind series.Kind) (*network.Network, *series.Table) {
	n := &network.Network{Settings: network.Settings{ID: "village", Title: network.Text{"de": "Das Dorf", "en": "The village"}, Currency: "EUR"}}
	for _, id := range []string{"bakery", "farm", "kitchen"} {
		n.Agents = append(n.Agents, network.Agent{ID: id, Name: strings.ToUpper(id[:1]) + id[1:] + " of the village", Type: network.Organisation})
	}
	n.Agents = append(n.Agents, network.Agent{ID: "lane", Name: "Mill Lane", Persons: 40}, network.Agent{ID: "hill", Name: "Hill Houses", Persons: 20})
	n.Normalise()
	t := &series.Table{Network: n.ID, NetworkHash: network.Hash(n), Planner: series.Planner, Kind: kind}
	add := func(name string, at, players []string) {
		k := len(t.Rows)
		r := series.Row{Name: name, At: at, Players: players, Changes: []string{"=1+1"}, Outcome: sampleOutcome(float64((k*7)%11) / 10)}
		if k == 3 {
			r.Status, r.Proven = plan.Infeasible, false
		}
		t.Rows = append(t.Rows, r)
	}
	add("", nil, nil)
	hours, oven := series.Axis{Name: "Hours of farm work", Values: []string{"0 h", "10 h", "20 h", "30 h", "40 h"}}, series.Axis{Name: "Oven", Values: []string{"small", "large", "=huge"}}
	switch kind {
	case series.Range:
		t.Axes = []series.Axis{hours}
		for _, v := range hours.Values {
			add(v, []string{v}, nil)
		}
	case series.Grid:
		t.Axes = []series.Axis{hours, oven}
		for _, v := range hours.Values {
			for _, w := range oven.Values {
				add(v+" / "+w, []string{v, w}, nil)
			}
		}
	case series.CutOffs:
		for _, v := range []string{"agents.farm", "agents.bakery", "suppliers.A mill", "trade.flour"} {
			add(v, nil, nil)
		}
	case series.Coalitions:
		t.Players = []string{"bakery", "farm"}
		add("bakery", nil, []string{"bakery"})
		add("farm", nil, []string{"farm"})
		add("bakery + farm", nil, []string{"bakery", "farm"})
	default:
		add("=less", nil, nil)
		add("more", nil, nil)
	}
	return n, t
}

func sampleOutcome(x float64) *series.Outcome {
	x = min(1, x)
	return &series.Outcome{
		Status: plan.Optimal, Proven: true, Rounds: 12, Gap: 1e-11,
		Rungs: []series.Rung{{Goal: "vital", Title: plan.Text{"de": "Lebensnotwendiges", "en": "What is vital"}, Kind: "leximin", Value: x}, {Goal: "effort", Kind: "sum", Unit: "h", Value: 100 * x}},
		Totals: plan.Totals{
			Urgencies: []plan.Satisfaction{{Urgency: "vital", Needs: 4, Met: 2, Mean: (1 + x) / 2, Worst: x}, {Urgency: "wish", Needs: 2, Mean: x / 2, Worst: x / 4}},
			Hours:     900 * x, Spent: 1200, Currency: "EUR", Impacts: []plan.Amount{{What: "co2e", Quantity: 300 + x, Unit: "kg"}},
		},
		Agents: []series.Served{{Agent: "hill", Urgency: "vital", Needs: 2, Mean: x, Worst: x}, {Agent: "lane", Urgency: "vital", Needs: 2, Mean: 1, Worst: 1, Met: 2}},
		Unmet:  []plan.Unmet{{Need: "n1", Agent: "hill", What: "bread", Urgency: "vital", Required: 40, Short: 40 * (1 - x), Unit: "kg", Worst: x}},
	}
}

var seriesKinds = []series.Kind{series.Variants, series.Range, series.Grid, series.CutOffs, series.Coalitions}

func TestPagesOfSeries(t *testing.T) {
	browser := browsertest.Start(t)
	for i, kind := range seriesKinds {
		t.Run(string(kind), func(t *testing.T) {
			n, s := sampleSeries(kind)
			url := pageOf(t, func(f *os.File) error { return SeriesHTML(f, n, s) })
			for _, v := range []view{{1280, []string{"light", "dark"}[i%2], "en"}, {390, []string{"dark", "light"}[i%2], "de"}} {
				tab := browsertest.Open(t, browser, url)
				v.open(tab, url)
				want := 0
				if kind == series.Range {
					want = 1
				}
				if charts := browsertest.Eval[int](tab, `document.querySelectorAll(".chart svg").length`); charts != want {
					t.Errorf("%s: %d charts drawn, want %d", v, charts, want)
				}
				if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth`); wide > int(v.width) {
					t.Errorf("%s: the page is %d wide", v, wide)
				}
				shoot(tab, "series-"+string(kind)+"-"+v.String())
				tab.Axe("the series " + string(kind))
				tab.Quiet()
			}
		})
	}
}

// Another figure can be chosen, and the table below the lines holds what is drawn.
func TestChoicesOfSeries(t *testing.T) {
	browser := browsertest.Start(t)
	for kind, check := range map[series.Kind]struct{ cell, first, then string }{
		series.Grid:  {`document.querySelector("#en-grid tbody tr:nth-child(1) td:nth-child(2)")`, "70", "85"},
		series.Range: {`(document.querySelector("[lang=en] .drawn").open = true, document.querySelector("[lang=en] .drawn tbody tr:nth-child(1) td:nth-child(2)"))`, "70%", "85%"},
	} {
		n, s := sampleSeries(kind)
		url := pageOf(t, func(f *os.File) error { return SeriesHTML(f, n, s) })
		tab := browsertest.Open(t, browser, url)
		view{1280, "light", "en"}.open(tab, url)
		tab.Wait(check.cell + " !== null")
		if got := browsertest.Eval[string](tab, check.cell+`.textContent`); got != check.first {
			t.Errorf("%s: %q, want %q", kind, got, check.first)
		}
		browsertest.Eval[any](tab, `(() => { const box = document.querySelector("[lang=en] select"); box.value = "1"; box.dispatchEvent(new Event("change")); return 0; })()`)
		tab.Wait(check.cell + " !== null")
		if got := browsertest.Eval[string](tab, check.cell+`.textContent`); got != check.then {
			t.Errorf("%s, the mean: %q, want %q", kind, got, check.then)
		}
		tab.Quiet()
	}
}

// Both languages say it all; cut-offs come by their harm; what has no plan is said.
func TestWhatPagesOfSeriesSay(t *testing.T) {
	for kind, want := range map[series.Kind][]string{
		series.CutOffs:    {"4 things, cut off one at a time", "4 Ausfälle", "Farm of the village", "A mill", "All plans are proven; one variant is impossible", "wie es ist"},
		series.Coalitions: {"Bakery of the village + Farm of the village", "charakteristische Funktion", "×"},
		series.Range:      {"Hours of farm work: 0 h, 10 h", "What is vital", "Lebensnotwendiges", "12 Runden"},
	} {
		n, s := sampleSeries(kind)
		var b bytes.Buffer
		if err := SeriesHTML(&b, n, s); err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if kind == series.Range && text == "12 Runden" {
				text = fmt.Sprintf("%d Runden", 12*len(s.Rows))
			}
			if !strings.Contains(strings.ReplaceAll(b.String(), "&#43;", "+"), text) {
				t.Errorf("%s: the page does not say %q", kind, text)
			}
		}
		if strings.Contains(b.String(), "[series.") {
			t.Errorf("%s: a sentence is missing", kind)
		}
	}
	n, s := sampleSeries(series.CutOffs)
	p, err := newPage(newFacts(n, seriesDocument(n, s)), English)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, r := range (&seriesPage{p, s, measuresOf(p, s)}).rows().Rows {
		order = append(order, r.Title)
	}
	if got := strings.Join(order, "|"); got != "as it is|A mill|Bakery of the village|flour|Farm of the village" {
		t.Errorf("in order of harm: %s", got)
	}
}

// Tables hold every digit, and no text that a spreadsheet takes for a formula.
func TestTablesOfSeries(t *testing.T) {
	for _, kind := range seriesKinds {
		n, s := sampleSeries(kind)
		for _, f := range SeriesFiles(n, s) {
			var b, again bytes.Buffer
			if err := f.Write(&b); err != nil {
				t.Fatal(err)
			}
			if err := f.Write(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
				t.Errorf("%s: %v, or other bytes the second time", f.Name, err)
			}
			if !strings.HasSuffix(f.Name, ".csv") {
				continue
			}
			rows, err := csv.NewReader(&b).ReadAll()
			if err != nil || f.Name == SeriesFigure && len(rows) != 1+len(s.Rows) {
				t.Errorf("%s of %s: %d rows, %v", f.Name, kind, len(rows), err)
			}
			for _, r := range rows {
				for _, c := range r {
					if strings.HasPrefix(c, "=") {
						t.Errorf("%s: cell %q", f.Name, c)
					}
				}
			}
		}
	}
}
