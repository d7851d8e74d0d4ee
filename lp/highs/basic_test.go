package highs

import (
	"context"
	"math"
	"strings"
	"testing"

	"bremen/lp"
	"bremen/lp/lptest"
)

func TestWarmStart(t *testing.T) {
	p := lptest.Planning(20, 3, 4, 1)
	cold := solve(t, pool(t), p, lp.Options{Method: lp.Simplex})
	if cold.Basis == nil || cold.Iterations == 0 {
		t.Fatalf("cold start: %d iterations, basis %v", cold.Iterations, cold.Basis)
	}
	warm := solve(t, pool(t), p, lp.Options{Basis: cold.Basis})
	if warm.Iterations != 0 || math.Abs(warm.Objective-cold.Objective) > 1e-9*math.Abs(cold.Objective) {
		t.Errorf("from the optimal basis: %d iterations to %v, want none to %v", warm.Iterations, warm.Objective, cold.Objective)
	}
	if _, err := pool(t).Solve(context.Background(), p, lp.Options{Basis: &lp.Basis{}}); err == nil {
		t.Error("a basis of another size was taken")
	}
}

// The ranges of a cost are where the optimal point stays; those of a bound,
// where its dual stays. Both are tried out on either side of each end.
func TestRanging(t *testing.T) {
	for _, maximise := range []bool{false, true} {
		p := &lp.Problem{Maximise: maximise}
		p.AddRow(-lp.Inf, 40)
		p.AddRow(-lp.Inf, 50)
		p.AddRow(-5, lp.Inf)
		for _, c := range [][4]float64{{30, 1, 2, 1}, {50, 2, 1, 0}, {-10, 1, 1, -1}} {
			cost := c[0]
			if !maximise {
				cost = -cost
			}
			p.AddColumn(cost, 0, 30)
			for i, v := range c[1:] {
				p.Entry(i, v)
			}
		}
		s := solve(t, pool(t), p, lp.Options{Method: lp.Simplex, Ranging: true})
		if s.Ranging == nil {
			t.Fatal("no ranging")
		}
		for j, r := range s.Ranging.Cost {
			tryEnds(t, p, r, func(q *lp.Problem, v float64) { q.Cost[j] = v }, func(a *lp.Solution) float64 { return a.Col[j] }, s.Col[j])
		}
		for i, r := range s.Ranging.Row {
			tryEnds(t, p, r, func(q *lp.Problem, v float64) {
				if s.Row[i] > p.RowUpper[i]-1e-9 {
					q.RowUpper[i] = v
				} else if s.Row[i] < p.RowLower[i]+1e-9 {
					q.RowLower[i] = v
				}
			}, func(a *lp.Solution) float64 { return a.RowDual[i] }, s.RowDual[i])
		}
	}
}

// tryEnds checks that a figure stays what it was inside a range, and that the
// objective at the ends is the one reported.
func tryEnds(t *testing.T, p *lp.Problem, r lp.Range, set func(*lp.Problem, float64), figure func(*lp.Solution) float64, want float64) {
	t.Helper()
	try := func(v float64) *lp.Solution {
		q := *p
		q.Cost = append([]float64(nil), p.Cost...)
		q.RowLower, q.RowUpper = append([]float64(nil), p.RowLower...), append([]float64(nil), p.RowUpper...)
		set(&q, v)
		return solve(t, pool(t), &q, lp.Options{Method: lp.Simplex})
	}
	for _, end := range []struct{ at, objective, inside float64 }{{r.Lower, r.ObjectiveLower, 1e-3}, {r.Upper, r.ObjectiveUpper, -1e-3}} {
		if math.IsInf(end.at, 0) {
			continue
		}
		if a := try(end.at + end.inside); math.Abs(figure(a)-want) > 1e-6 {
			t.Errorf("range %+v: %v just inside %v, want %v", r, figure(a), end.at, want)
		}
		if a := try(end.at); math.Abs(a.Objective-end.objective) > 1e-6*(1+math.Abs(a.Objective)) {
			t.Errorf("range %+v: objective %v at %v", r, a.Objective, end.at)
		}
	}
}

func TestExtra(t *testing.T) {
	p := lptest.Planning(10, 2, 3, 1)
	s := solve(t, pool(t), p, lp.Options{Method: lp.Simplex, Extra: map[string]string{"simplex_iteration_limit": "3", "presolve": "off", "log_to_console": "false", "dual_feasibility_tolerance": "1e-6"}})
	if s.Status != lp.Stopped || s.Iterations > 3 {
		t.Errorf("status %d after %d iterations, want %d after 3", s.Status, s.Iterations, lp.Stopped)
	}
	for _, c := range []struct{ key, value, want string }{
		{"no_such_option", "1", "no_such_option"},
		{"simplex_iteration_limit", "many", "simplex_iteration_limit"},
		{"presolve", "perhaps", "presolve"},
	} {
		_, err := pool(t).Solve(context.Background(), p, lp.Options{Extra: map[string]string{c.key: c.value}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("option %s = %s: error %v", c.key, c.value, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	bad := lptest.Bank()[0].Problem()
	bad.Cost[0] = math.NaN()
	if _, err := pool(t).Solve(context.Background(), bad, lp.Options{}); err == nil {
		t.Error("a cost of NaN was taken")
	}
	if _, err := pool(t).Solve(context.Background(), lptest.Bank()[0].Problem(), lp.Options{Method: "magic"}); err == nil {
		t.Error("an unknown method was taken")
	}
	if _, err := New(Options{Engine: "magic"}); err == nil {
		t.Error("an unknown engine was taken")
	}
}

// A solver's word is not enough: an answer whose residuals are too large is none.
func TestToleranceDecides(t *testing.T) {
	p := lptest.Planning(20, 3, 4, 1)
	s := solve(t, pool(t), p, lp.Options{Method: lp.Interior, Extra: map[string]string{"ipm_optimality_tolerance": "1e-2"}, Presolve: new(bool)})
	if s.Status != lp.Unknown || !strings.Contains(s.Detail, "residuals") {
		t.Errorf("an inexact point: status %d (%s), residuals %+v", s.Status, s.Detail, s.Check)
	}
	for _, tol := range []float64{1e-4, 1e-7, 1e-9} {
		for _, m := range []lp.Method{lp.Simplex, lp.Exact} {
			if s := solve(t, pool(t), p, lp.Options{Method: m, Tolerance: tol}); s.Status != lp.Optimal || !s.Check.Within(tol) {
				t.Errorf("%s to %g: status %d, residuals %+v", m, tol, s.Status, s.Check)
			}
		}
	}
}
