package plan

import (
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"bremen/lp"
	"bremen/network"
)

// The region takes minutes; go test -short leaves it out.

func regionPlan(t *testing.T, ladder string) (*network.Network, *Plan) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes minutes")
	}
	n := example(t, "region")
	begin := time.Now()
	pl, err := Make(t.Context(), n, testSolver(t), Options{Ladder: ladder})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("ladder %q: %d programs, %.1f s in all", ladder, pl.Document.Program.Solves, time.Since(begin).Seconds())
	return n, pl
}

func TestRegion(t *testing.T) {
	n, weighted := regionPlan(t, "weighted")
	t.Run("the weighted sum is the published one", func(t *testing.T) {
		if got, want := weighted.Ladder[0].Value, 16484.7347; math.Abs(got-want) > 1e-5*want {
			t.Errorf("got %.8g, want %.8g", got, want)
		}
		if v := holds(t, n, &weighted.Document, weighted.Proofs); !v.Holds {
			t.Error(v.Failures)
		}
	})
	if os.Getenv("BREMEN_REGION") == "" {
		t.Skip("the default ladder takes many minutes: make test-region")
	}
	_, pl := regionPlan(t, "")
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
	t.Run("nobody could rise at no one's cost", func(t *testing.T) { sampled(t, pl, 6) })
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

// sampled tries, for elements that stand below their heights, spread over all
// rungs, whether they could rise if others kept what the ladder owes them.
func sampled(t *testing.T, pl *Plan, most int) {
	var blocked []int
	for e := range pl.Program.Elements {
		if pl.climb.rungOf[e] >= 0 && pl.climb.blocked[e] {
			blocked = append(blocked, e)
		}
	}
	slices.SortStableFunc(blocked, func(a, b int) int { return pl.climb.rungOf[a] - pl.climb.rungOf[b] })
	for k := range min(most, len(blocked)) {
		e := blocked[k*len(blocked)/min(most, len(blocked))]
		rung := pl.climb.rungOf[e]
		q, stands := pl.ceiling(t, e, 2e-6)
		sol, err := testSolver(t).Solve(t.Context(), q, lp.Options{Method: lp.Interior, Time: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		if sol.Status != lp.Optimal && !sol.Check.Within(1e-5) {
			t.Logf("element %d: no answer within a minute (%s)", e, sol.Detail)
			continue
		}
		gain := pl.climb.heightAt[rung][e] - pl.climb.startAt[rung][e]
		if sol.Objective > stands+5*DefaultPrecision*gain {
			t.Errorf("element %d (%s) of rung %s stands at %.6f and could rise to %.6f", e, pl.Program.whatOf(e), pl.Ladder[rung].Goal, stands, sol.Objective)
		}
	}
}
