package plan

import (
	"math"
	"path/filepath"
	"testing"

	"bremen/network"
	"bremen/network/iotable"
	"bremen/network/tables"
)

const examples = "../examples"

// example reads one of the example networks or input-output tables.
func example(t testing.TB, name string) *network.Network {
	t.Helper()
	folder := filepath.Join(examples, name)
	if !iotable.Folder(folder) {
		n, err := tables.Read(folder)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	n, _, err := iotable.OpenNetwork(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The figures that the sources of the examples give; see each README.
func TestExamplesGiveWhatTheirSourcesSay(t *testing.T) {
	for _, c := range []struct {
		name, goal string
		want       float64
		within     float64 // relative; the printed digits where they are fewer
	}{
		{"stigler", "money", 39.6617, 1e-6},
		{"wfp-syria", "money", 7915.6933, 1e-6},
		{"wfp-syria-6000", "nutrients", 0.757988, 1e-6},
		{"economy-static", "coal", 41100.0 / 247, 1e-6},
		{"economy-static", "steel", 26100.0 / 247, 1e-6},
		{"economy-static", "transport", 1200.0 / 13, 1e-6},
		{"economy-building", "employment", 1902.21691, 1e-6},
		{"factory", "profit", 93715.17857, 1e-6},
		{"oil-blending", "profit", 107842.5926, 1e-6},
		{"germany-1995", "employment", 36428, 1e-6},
		{"usa-2014", "employment", 155770.46, 1e-6},
		{"three-industries", "labour", 115320.146, 1e-6},
		{"usa-2017-71", "wages", 10434978, 1e-6},
		{"usa-2017-402", "wages", 10401471.78, 1e-6},
	} {
		t.Run(c.name+" "+c.goal, func(t *testing.T) {
			if testing.Short() && c.name == "usa-2017-402" {
				t.Skip("takes some seconds")
			}
			got := rungOf(t, exampleProven(t, c.name), c.goal).Value
			if math.Abs(got-c.want) > c.within*math.Abs(c.want) {
				t.Errorf("%s of %s: got %.10g, want %.10g", c.goal, c.name, got, c.want)
			}
		})
	}
}

var provenExamples = map[string]*Plan{}

// exampleProven plans an example and verifies its plan as its files hold it.
func exampleProven(t *testing.T, name string) *Plan {
	t.Helper()
	if pl, ok := provenExamples[name]; ok {
		return pl
	}
	n := example(t, name)
	pl, err := Make(t.Context(), n, testSolver(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	d, proofs := copied(t, pl)
	if v := holds(t, n, d, proofs); !v.Holds {
		t.Errorf("%s is not proven: %v", name, v.Failures)
	}
	provenExamples[name] = pl
	return pl
}

func rungOf(t *testing.T, pl *Plan, goal string) *RungResult {
	t.Helper()
	for i := range pl.Ladder {
		if pl.Ladder[i].Goal == goal {
			return &pl.Ladder[i]
		}
	}
	t.Fatalf("%s has no rung %q", pl.Network, goal)
	return nil
}

// In a table's plan all final demand is met.
func TestFinalDemandOfWholeEconomiesIsMet(t *testing.T) {
	for _, name := range []string{"germany-1995", "usa-2014", "three-industries", "usa-2017-71"} {
		for _, l := range exampleProven(t, name).Needs {
			if l.Satisfaction != 1 {
				t.Errorf("%s: %s is met to %g", name, l.Need, l.Satisfaction)
			}
		}
	}
}

// What one more unit of a product costs in labour is its labour value:
// depreciation included, as Ochoa prints it. The price of the rung is what a
// unit more would make it better, so minus the value.
func TestPricesOfTheLabourRungAreLabourValues(t *testing.T) {
	pl := exampleProven(t, "three-industries")
	want := map[string]float64{"i1": 0.5192079, "i2": 8.309406, "i3": 0.9407729}
	found := 0
	for _, p := range pl.Prices {
		if p.Rung != "labour" || p.Kind != "product" {
			continue
		}
		found++
		if math.Abs(math.Abs(p.Price)-want[p.What]) > 1e-6*want[p.What] {
			t.Errorf("price of %s is %.9g, want its labour value %.9g", p.What, p.Price, want[p.What])
		}
	}
	if found != 3 {
		t.Errorf("got prices of %d products, want 3: %+v", found, pl.Prices)
	}
}

// The employment multipliers of the table of Germany: persons per unit of final demand.
func TestPricesOfGermanyAreEmploymentMultipliers(t *testing.T) {
	pl := exampleProven(t, "germany-1995")
	want := map[string]float64{
		"agriculture_group": 0.0326, "industry_group": 0.0162, "construction": 0.0207,
		"trade_group": 0.0237, "business_services_group": 0.0112, "other_services_group": 0.0242,
	}
	for _, p := range pl.Prices {
		if p.Rung == "employment" && p.Kind == "product" && math.Abs(math.Abs(p.Price)-want[p.What]) > 0.5e-4 {
			t.Errorf("price of %s is %.6g, published is %g", p.What, p.Price, want[p.What])
		}
	}
}

// The ration of the humanitarian chain, kilograms a head, as its source prints it.
func TestTheRationIsTheSameEverywhere(t *testing.T) {
	pl := exampleProven(t, "wfp-syria")
	ration := map[string]map[string]float64{} // agent → product → per head
	persons := map[string]float64{}
	for _, a := range pl.Program.Net.Agents {
		persons[a.ID] = a.Persons
	}
	for _, c := range pl.Consumed {
		if ration[c.Agent] == nil {
			ration[c.Agent] = map[string]float64{}
		}
		ration[c.Agent][c.Product] += c.Quantity / persons[c.Agent]
	}
	if len(ration) != 3 {
		t.Fatalf("got rations at %d places, want 3", len(ration))
	}
	sum := 0.0
	for _, q := range []float64{0.036234, 0.025704, 0.07, 0.107979, 0.064988, 0.000015, 0.091806, 0.08835} {
		sum += q
	}
	for agent, r := range ration {
		total := 0.0
		for _, q := range r {
			total += q
		}
		if math.Abs(total-sum) > 8*0.5e-6 || len(r) != 8 {
			t.Errorf("%s gets %v, %.6f kg a head, want %.6f kg of 8 foods", agent, r, total, sum)
		}
	}
}

func TestBalancesOfTheExamplesClose(t *testing.T) {
	for _, name := range []string{"bakery", "stigler", "wfp-syria", "wfp-syria-6000", "economy-static", "economy-building", "factory", "oil-blending"} {
		t.Run(name, func(t *testing.T) {
			pl := exampleProven(t, name)
			for _, w := range audited(pl.Program.Net, &pl.Document) {
				t.Error(w)
			}
		})
	}
}
