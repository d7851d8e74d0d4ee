package main

import (
	"cmp"
	"os"
	"slices"
	"testing"

	"bremen/network"
	"bremen/network/tables"
	"bremen/plan"
)

// The region by its default ladder: every certificate holds, and by that order
// of goals no rung is worse than in the plan of the weighted sum as long as
// the rungs before it are equal.
func TestRegionBeatsWeightedSum(t *testing.T) {
	if os.Getenv("BREMEN_REGION") == "" {
		t.Skip("takes many minutes: make test-region")
	}
	n, err := tables.Read("../../examples/region")
	if err != nil {
		t.Fatal(err)
	}
	ladder, err := n.Ladder("")
	if err != nil {
		t.Fatal(err)
	}
	fair, weighted := planned(t, "region", ""), planned(t, "region", "weighted")
	ours, theirs := progressOf(fair), progressOf(weighted)
	for _, rung := range ladder {
		if rung.Kind != network.Leximin || rung.Sets[0].Of == network.SetRest {
			break
		}
		switch order := compareSorted(ours.climb(&rung), theirs.climb(&rung)); {
		case order < 0:
			t.Fatalf("rung %s: the weighted sum's plan is better for those who have least", rung.Goal)
		case order > 0:
			t.Logf("rung %s decides", rung.Goal)
			return
		}
	}
	t.Error("the default ladder's plan is nowhere better than the weighted sum's")
}

// standing is where every need of a plan stands while a ladder is climbed.
type standing struct {
	lines []plan.NeedLine
	base  []float64
}

func progressOf(d *plan.Document) *standing {
	return &standing{d.Needs, make([]float64, len(d.Needs))}
}

// climb returns the progress of the rung's elements towards their heights, least first.
func (s *standing) climb(r *network.Rung) []float64 {
	var out []float64
	for i := range s.lines {
		l := &s.lines[i]
		for _, set := range r.Sets {
			to := cmp.Or(set.To, 1)
			if set.Urgency != l.Urgency || to <= s.base[i] {
				continue
			}
			out = append(out, min(1, max(0, (l.Satisfaction-s.base[i])/(to-s.base[i]))))
			s.base[i] = min(to, l.Satisfaction)
		}
	}
	slices.Sort(out)
	return out
}

// compareSorted compares progress from the least on; what differs by less than
// the precision of levels is equal.
func compareSorted(a, b []float64) int {
	const precision = 1e-5
	for i := range min(len(a), len(b)) {
		if d := a[i] - b[i]; d > precision || d < -precision {
			return cmp.Compare(a[i], b[i])
		}
	}
	return 0
}
