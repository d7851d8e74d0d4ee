package report

import (
	"strings"
	"testing"

	"bremen/network"
	"bremen/plan"
)

func TestColumnsInWhichNothingStandsAreLeftOut(t *testing.T) {
	got := (&table{
		Columns: []column{{Title: "Product"}, {Title: "Supplier"}, {Title: "Amount", Numeric: true}},
		Rows:    [][]cell{row("Oil", "", "3 kg"), row("Salt", "", "1 kg")},
	}).filled()
	if len(got.Columns) != 2 || got.Columns[1].Title != "Amount" || len(got.Rows[1]) != 2 || got.Rows[1][1].Text != "1 kg" {
		t.Errorf("got %+v", got)
	}
}

// What only the solver's tolerances leave over is not told as thrown away; what is, is.
func TestResidueIsNotThrownAway(t *testing.T) {
	n, d := sample(tiny)
	d.Disposals = []plan.Disposal{{Product: "p", Site: "s", Period: 1, Quantity: 1.4e-6, Unit: "kg"}, {Product: "whey", Site: "s", Period: 1, Quantity: 12, Unit: "l"}}
	p, err := newPage(newFacts(n, d), English)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.disposalTable(); len(got.Rows) != 1 || got.Rows[0][0].Text != "whey" {
		t.Errorf("got %+v", got.Rows)
	}
}

// Money, ways back and ratios are called by names that people know.
func TestBoundsHaveNames(t *testing.T) {
	n, d := sample(tiny)
	d.Currency = "EUR"
	n.Links = append(n.Links, network.Link{ID: "up", From: n.Sites[0].ID, To: n.Sites[1].ID, TwoWay: true})
	p, err := newPage(newFacts(n, d), English)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.bound("EUR"); got != "Money (EUR)" {
		t.Errorf("got %q", got)
	}
	if got, want := p.thing("link", "up back"), p.Site(n.Sites[1].ID)+" → "+p.Site(n.Sites[0].ID); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := p.concerned("up, whey_jar"); !strings.HasSuffix(got, ", whey jar") {
		t.Errorf("got %q", got)
	}
}
