package plan

import (
	"math"
	"slices"
	"testing"
	"time"

	"bremen/network"
)

// regionPlan plans the region by a ladder.
func regionPlan(t *testing.T, ladder string) *Plan {
	t.Helper()
	n := example(t, "region")
	begin := time.Now()
	pl, err := Make(t.Context(), n, testSolver(t), Options{Ladder: ladder})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("ladder %q: %d programs, %.1f s in all", ladder, pl.Document.Program.Solves, time.Since(begin).Seconds())
	return pl
}

// The region takes minutes; go test -short leaves it out. Its two plans are made side by side.
func TestRegion(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	testSolver(t)
	var weighted, pl *Plan
	t.Run("plans", func(t *testing.T) {
		t.Run("weighted", func(t *testing.T) { t.Parallel(); weighted = regionPlan(t, "weighted") })
		t.Run("default", func(t *testing.T) { t.Parallel(); pl = regionPlan(t, "") })
	})
	if weighted == nil || pl == nil {
		return
	}
	n := example(t, "region")
	t.Run("the weighted sum is the published one", func(t *testing.T) {
		if got, want := weighted.Ladder[0].Value, 16484.7347; math.Abs(got-want) > 1e-5*want {
			t.Errorf("got %.8g, want %.8g", got, want)
		}
		if v := holds(t, n, &weighted.Document, weighted.Proofs); !v.Holds {
			t.Error(v.Failures)
		}
	})
	t.Run("every certificate of the default ladder holds", func(t *testing.T) {
		d, proofs := copied(t, pl)
		v := holds(t, n, d, proofs)
		t.Logf("infeasibility %.1e, gap %.1e, precision %.1e", v.Infeasibility, v.Gap, v.Precision)
		if !v.Holds {
			t.Error(v.Failures)
		}
	})
	t.Run("balances close", func(t *testing.T) {
		for _, w := range audited(n, &pl.Document) {
			t.Error(w)
		}
	})
	t.Run("no rung is behind the weighted plan's", func(t *testing.T) { comparedWith(t, pl, weighted) })
}

// comparedWith compares, rung by rung, the sorted progress of a plan with that
// of another plan of the same network, measured from where the plan's own rungs
// start: in the first rung that differs the plan must be ahead.
func comparedWith(t *testing.T, pl, other *Plan) {
	for r := range pl.Ladder {
		if pl.Ladder[r].Kind != string(network.Leximin) || pl.climb.heightAt[r] == nil {
			continue
		}
		a := pl.progress(r)
		shadow := *pl
		shadow.X = other.X
		b := shadow.progress(r)
		for i := range b {
			b[i] = max(b[i], 0)
		}
		slices.Sort(b)
		switch compareProgress(a, b) {
		case -1:
			t.Errorf("rung %s: the plan's progress begins with %.5f, the other's with %.5f", pl.Ladder[r].Goal, a[:min(5, len(a))], b[:min(5, len(b))])
			return
		case 1:
			return
		}
	}
}
