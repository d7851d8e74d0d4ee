package main

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"bremen/plan"
)

// rightAnswers are inputs from the literature and statistics, and what planning
// them must give. Where a source prints fewer digits than a millionth needs,
// within states half of its last one; else a millionth of the figure is allowed.
// The region, which takes minutes, is tested once, in plan (TestRegion).
var rightAnswers = []struct {
	network, goal string
	want, within  float64
}{
	{network: "stigler", goal: "money", want: 39.6617, within: 5e-5},
	{network: "wfp-syria", goal: "money", want: 7915.6933},
	{network: "wfp-syria-6000", goal: "nutrients", want: 0.757988},
	{network: "economy-building", goal: "employment", want: 1902.21691},
	{network: "economy-static", goal: "coal", want: 166.397, within: 5e-4},
	{network: "economy-static", goal: "steel", want: 105.668, within: 5e-4},
	{network: "economy-static", goal: "transport", want: 92.308, within: 5e-4},
	{network: "factory", goal: "profit", want: 93715.17857},
	{network: "oil-blending", goal: "profit", want: 107842.5926},
	{network: "germany-1995", goal: "employment", want: 36428},
	{network: "usa-2014", goal: "employment", want: 155770.46},
	{network: "three-industries", goal: "labour", want: 115320.146},
	{network: "usa-2017-71", goal: "wages", want: 10434978},
	{network: "usa-2017-402", goal: "wages", want: 10401471.78},
}

// The program gives the figures of the sources, as the value of the rung they
// belong to, and each plan holds before verify.
func TestRightAnswers(t *testing.T) {
	for _, tt := range rightAnswers {
		t.Run(tt.network+" "+tt.goal, func(t *testing.T) {
			within := tt.within
			if within == 0 {
				within = 1e-6 * math.Abs(tt.want)
			}
			for _, r := range planned(t, tt.network).Ladder {
				if r.Goal == tt.goal {
					if math.Abs(r.Value-tt.want) > within {
						t.Errorf("%s of %s is %.10g, must be %.10g within %.2g", tt.goal, tt.network, r.Value, tt.want, within)
					}
					return
				}
			}
			t.Errorf("the plan of %s has no rung %s", tt.network, tt.goal)
		})
	}
}

// plansMade keeps the documents of planned for tests that share them; tests of
// one process run one after the other here.
var plansMade = map[string]*plan.Document{}

// planned plans an example into a folder, checks its proofs, and returns it.
func planned(t *testing.T, name string) *plan.Document {
	t.Helper()
	if plansMade[name] != nil {
		return plansMade[name]
	}
	network := filepath.Join("..", "..", "examples", name)
	dir := filepath.Join(t.TempDir(), "plan")
	args := []string{"plan", network, "--no-why", "-o", dir}
	status, out, errs := runHere(t, context.Background(), args...)
	if status != exitDone {
		t.Fatalf("plan %s: exit status %d\n%s%s", name, status, out, errs)
	}
	if status, out, errs := runHere(t, context.Background(), "verify", dir, network); status != exitDone {
		t.Errorf("verify %s: exit status %d\n%s%s", name, status, out, errs)
	}
	b, err := os.ReadFile(filepath.Join(dir, planName))
	if err != nil {
		t.Fatal(err)
	}
	d := &plan.Document{}
	if err := json.Unmarshal(b, d); err != nil {
		t.Fatal(err)
	}
	plansMade[name] = d
	return d
}

var seconds = regexp.MustCompile(`"seconds": [0-9.e-]+`)

// The same network gives the same plan, byte for byte but for the seconds.
func TestSamePlanTwice(t *testing.T) {
	var plans [2]string
	for i := range plans {
		status, out, errs := runHere(t, context.Background(), "plan", filepath.Join("..", "..", "examples", "bakery"), "--json")
		if status != exitDone {
			t.Fatal(errs)
		}
		plans[i] = seconds.ReplaceAllString(out, `"seconds": 0`)
	}
	if plans[0] != plans[1] {
		t.Error("two plans of the same network differ")
	}
}
