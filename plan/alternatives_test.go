package plan

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"bremen/network"
)

// twoMills: bread can come from the bakehouse, at half an hour a run, or from the
// farm, at hours a run; both ovens are large enough for all.
func twoMills(hours float64) *network.Network {
	n := bakery()
	n.Stocks[0].Start, n.Work[0].Hours = 200, 100
	n.Agents = append(n.Agents, network.Agent{ID: "farm", Name: "Hof", Type: network.Organisation, Site: "village"})
	n.Recipes = append(n.Recipes, network.Recipe{ID: "bake_farm", Name: "Brot vom Hof", Agent: "farm", Unit: "Backgang"})
	n.Flows = append(n.Flows,
		network.Flow{Recipe: "bake_farm", Direction: network.Out, What: "bread", Quantity: 10},
		network.Flow{Recipe: "bake_farm", Direction: network.Labour, What: "baking", Quantity: hours})
	n.Work = append(n.Work, network.WorkOffer{ID: "w2", Agent: "anna", Skill: "baking", For: "farm", Hours: 100, Burden: 1})
	return n
}

func TestAlternativeMovesBakingToTheFarm(t *testing.T) {
	n := twoMills(0.52) // 4 % more hours
	pl := planned(t, n)
	got, err := Alternatives(context.Background(), pl, testSolver(t), 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) == 0 {
		t.Fatal("no alternative")
	}
	a := got[0]
	if a.Name != "A" || !near6(a.Difference, 1) || len(a.Gains) != 0 {
		t.Errorf("got %s, difference %g, gains %v", a.Name, a.Difference, a.Gains)
	}
	sum := 0.0
	for _, r := range a.Runs {
		if r.Recipe != "bake_farm" {
			t.Errorf("got %+v", r)
		}
		sum += r.Runs
	}
	if sum < 249.9 || sum > 250.1*1.06 {
		t.Errorf("got %g runs, want the 250 that all bread takes", sum)
	}
	for _, part := range []string{"100 % der Erzeugung geschieht anderswo", "Öfter läuft: Brot vom Hof.", "Seltener läuft: Brot backen.", "Das Ziel „effort“ erreicht 130 Stunden statt 125 Stunden."} {
		if !strings.Contains(plain(a.Sentence["de"]), part) {
			t.Errorf("got %q without %q", a.Sentence["de"], part)
		}
	}
	again, err := Alternatives(context.Background(), pl, testSolver(t), 2, 0)
	if err != nil || !reflect.DeepEqual(got, again) {
		t.Errorf("another answer the second time: %v", err)
	}
}

func TestAlternativesKeepWithinTheLoss(t *testing.T) {
	pl := planned(t, twoMills(1)) // the farm takes twice the hours
	got, err := Alternatives(context.Background(), pl, testSolver(t), 1, 0.1)
	if err != nil || len(got) != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	// 12.5 hours more may be worked: 25 of 250 runs can move.
	if math.Abs(got[0].Difference-0.1) > 1e-4 {
		t.Errorf("difference %g, want 0.1", got[0].Difference)
	}
	if got, err = Alternatives(context.Background(), pl, testSolver(t), 1, 0.01); err != nil || len(got) != 0 {
		t.Errorf("a hundredth is not clearly different: got %+v, %v", got, err)
	}
	if got, err = Alternatives(context.Background(), planned(t, bakery()), testSolver(t), 3, 0.05); err != nil || len(got) != 0 {
		t.Errorf("one oven, one recipe: got %+v, %v", got, err)
	}
}
