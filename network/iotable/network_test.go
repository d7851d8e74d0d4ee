package iotable

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bremen/network"
)

func TestNetworkOfASmallTable(t *testing.T) {
	table, _, err := Read(t.Context(), folder(bakery(), nil))
	if err != nil {
		t.Fatal(err)
	}
	n, err := table.Network()
	if err != nil {
		t.Fatal(err)
	}
	var flows []string
	for _, f := range n.Flows {
		flows = append(flows, strings.Join([]string{f.Recipe, string(f.Direction), f.What}, " "))
	}
	want := []string{
		"grain out grain", "grain in grain", "flour out flour", "flour in grain", "bread out bread", "bread in flour",
		"grain work work", "flour work work", "bread work work",
	}
	if !slices.Equal(flows, want) {
		t.Errorf("flows %q, want %q", flows, want)
	}
	if got := n.Flows[3].Quantity; got != 1.25 {
		t.Errorf("a tonne of flour takes %g of grain, want 1.25", got)
	}
	if len(n.Stocks) != 1 || n.Stocks[0].Start != 2 || n.Stocks[0].Product != "grain" || !n.Products[0].Storable {
		t.Errorf("stocks %+v, want 2 of grain", n.Stocks)
	}
	if len(n.Needs) != 3 || n.Needs[0].ID != "village:grain" || n.Needs[0].Quantity != 22 || n.Needs[0].Unit != "t" {
		t.Errorf("needs %+v", n.Needs)
	}
	if len(n.Work) != 1 || n.Work[0].Hours != 960 || n.Work[0].Agent != "workers" {
		t.Errorf("work %+v, want twice 480", n.Work)
	}
	if n.Recipes[2].Most != 800 || n.Recipes[2].Position != (network.Position{File: "sectors.csv", Line: 4}) {
		t.Errorf("recipe %+v, want at most ten times 80", n.Recipes[2])
	}
	ladder := n.Ladders["default"]
	if len(ladder) != 2 || ladder[0].Kind != network.Leximin || ladder[1].Kind != network.Least || ladder[1].Terms[0].Of != "hours" || ladder[1].Unit != "h" {
		t.Errorf("ladder %+v", ladder)
	}
}

func TestNegativeFiguresBecomeOutputsAndInputs(t *testing.T) {
	table, notices, err := Read(t.Context(), folder(map[string]string{
		"iotable.yaml": `table: scrap
year: 2024
unit: t
commodities: {file: c.csv, code: c}
industries: {file: i.csv, code: i}
use: {file: u.csv, commodity: c, industry: i, value: v}
make: {file: m.csv, commodity: c, industry: i, value: v}
final_demand: {net_output: true}
`,
		"c.csv": "c\nsteel\nscrap\n",
		"i.csv": "i\nmill\nyard\nidle\n",
		"u.csv": "c,i,v\nscrap,mill,4\nsteel,yard,1\nscrap,yard,-3\n",
		"m.csv": "c,i,v\nsteel,mill,10\nscrap,yard,2\nsteel,yard,-1\n",
	}, nil))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[NoticeKind]int{}
	for _, n := range notices {
		kinds[n.Kind]++
	}
	if kinds[NegativeUse] != 1 || kinds[NegativeMake] != 1 || kinds[NoOutput] != 1 || len(notices) != 3 {
		t.Errorf("notices %v", notices)
	}
	n, err := table.Network()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range n.Flows {
		got[f.Recipe+" "+string(f.Direction)+" "+f.What] = f.Quantity
	}
	// The yard makes 2 − 1 = 1 in all: 2 + 3 of scrap out, 1 + 1 of steel in, per unit of it.
	for flow, want := range map[string]float64{"mill out steel": 1, "mill in scrap": 0.4, "yard out scrap": 5, "yard in steel": 2} {
		if got[flow] != want {
			t.Errorf("%s = %g, want %g (%v)", flow, got[flow], want, got)
		}
	}
	if len(got) != 4 || len(n.Recipes) != 2 {
		t.Errorf("flows %v, recipes %v", got, n.Recipes)
	}
}

// The network of each example allows the table's own year, which needs no more
// than the labour or wages published, and refers to nothing that is not there.
// (Figures of usa-2014 are printed to ten digits.)
func TestExamplesRunAtTheTablesOwnOutput(t *testing.T) {
	for name, want := range map[string]struct {
		total            float64
		needs, products  int
		recipes, impacts int
	}{
		"germany-1995":     {36428, 25, 6, 6, 6},
		"three-industries": {115320.146, 3, 3, 3, 0},
		"usa-2014":         {155770.46, 215, 56, 55, 0},
		"usa-2017-71":      {10434978, 64, 73, 71, 1},
		"usa-2017-402":     {10434981, 326, 402, 402, 1},
	} {
		n, _, err := OpenNetwork(t.Context(), filepath.Join(examples, name))
		if err != nil {
			t.Fatal(err)
		}
		if len(n.Needs) != want.needs || len(n.Products) != want.products || len(n.Recipes) != want.recipes || len(n.Impacts) != want.impacts {
			t.Errorf("%s: %d needs, %d products, %d recipes, %d impacts, want %+v", name, len(n.Needs), len(n.Products), len(n.Recipes), len(n.Impacts), want)
		}
		if problems := n.Validate(); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
		left, made, least := ownYear(t, n)
		for product, v := range left {
			if math.Abs(v) > 1e-8*max(100, made[product]) {
				t.Errorf("%s: %g of %s are left over of %g", name, v, product, made[product])
			}
		}
		if math.Abs(least-want.total) > 1e-9*want.total {
			t.Errorf("%s: takes %.10g of its goal, want %.10g", name, least, want.total)
		}
	}
}

// ownYear runs every recipe at a tenth of its most, which is the table's own
// output, and returns what is left and made of each product and what the last
// rung counts.
func ownYear(t *testing.T, n *network.Network) (left, made map[string]float64, goal float64) {
	t.Helper()
	left, made = map[string]float64{}, map[string]float64{}
	for _, p := range n.Products {
		left[p.ID] = 0
	}
	runs := map[string]float64{}
	for _, r := range n.Recipes {
		runs[r.ID] = r.Most / 10
	}
	last := n.Ladders["default"][1].Terms[0].What
	add := func(product string, v float64) {
		if _, ok := left[product]; !ok {
			t.Fatalf("unknown product %q", product)
		}
		left[product] += v
		made[product] += max(v, 0)
	}
	for _, f := range n.Flows {
		v, ok := runs[f.Recipe]
		switch {
		case !ok:
			t.Fatalf("unknown recipe %q", f.Recipe)
		case f.Direction == network.Out:
			add(f.What, v*f.Quantity)
		case f.Direction == network.In:
			add(f.What, -v*f.Quantity)
		case f.What == last:
			goal += v * f.Quantity
		}
	}
	for _, s := range n.Stocks {
		add(s.Product, s.Start)
	}
	for _, d := range n.Needs {
		add(d.What, -d.Quantity)
	}
	return left, made, goal
}
