package lptest

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"bremen/lp"
	"bremen/lp/conflict"
)

// Exclusion declares that a solver cannot do a case, and why. One that names
// no case is a mistake of the test.
type Exclusion struct {
	Case   string
	Method lp.Method // empty for all
	Reason string
}

// tolerance of objectives, points and duals, relative to 1 + |figure|. Interior
// points stop short of a vertex, so that is not the tolerance of the solve.
const tolerance = 1e-5

// Run solves every case of the bank by every method and compares the answers
// with those known; then random programs, of which the optimum is known by
// construction. Excluded cases are skipped, with the reason.
func Run(t *testing.T, s lp.Solver, methods []lp.Method, except ...Exclusion) {
	t.Helper()
	checkExclusions(t, except)
	for _, c := range Bank() {
		for _, m := range methods {
			t.Run(fmt.Sprintf("%s/%s", c.Name, word(m)), func(t *testing.T) {
				skip(t, c.Name, m, except)
				c.check(t, s, m)
			})
		}
	}
	for seed := range uint64(20) {
		p, best := Random(5+int(seed), 8+int(seed), seed)
		c := Case{Name: fmt.Sprintf("random %d", seed), Problem: func() *lp.Problem { return p }, Status: lp.Optimal, Objective: best}
		for _, m := range methods {
			t.Run(fmt.Sprintf("%s/%s", c.Name, word(m)), func(t *testing.T) {
				skip(t, c.Name, m, except)
				c.check(t, s, m)
			})
		}
	}
}

func word(m lp.Method) string {
	if m == lp.Auto {
		return "auto"
	}
	return string(m)
}

func checkExclusions(t *testing.T, except []Exclusion) {
	t.Helper()
	names := map[string]bool{}
	for _, c := range Bank() {
		names[c.Name] = true
	}
	for _, e := range except {
		if !names[e.Case] {
			t.Errorf("exclusion of %q: no such case", e.Case)
		}
	}
}

func skip(t *testing.T, name string, m lp.Method, except []Exclusion) {
	t.Helper()
	for _, e := range except {
		if e.Case == name && (e.Method == "" || e.Method == m) {
			t.Skip(e.Reason)
		}
	}
}

// check solves the case and compares.
func (c *Case) check(t *testing.T, solver lp.Solver, m lp.Method) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // it hangs
	defer cancel()
	p := c.Problem()
	s, err := solver.Solve(ctx, p, lp.Options{Method: m})
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != c.Status {
		t.Fatalf("status %d (%s), want %d", s.Status, s.Detail, c.Status)
	}
	switch s.Status {
	case lp.Optimal:
		c.checkOptimum(t, p, s)
	case lp.Infeasible:
		if !c.Integer && s.Ray != nil {
			checkRay(t, p, s.Ray)
		}
	}
}

func (c *Case) checkOptimum(t *testing.T, p *lp.Problem, s *lp.Solution) {
	t.Helper()
	if far(s.Objective, c.Objective) {
		t.Errorf("objective %v, want %v", s.Objective, c.Objective)
	}
	if at := p.Evaluate(s.Col); far(at, s.Objective) {
		t.Errorf("objective %v, but %v at the point returned", s.Objective, at)
	}
	compare(t, "point", s.Col, c.Point)
	compare(t, "activity", s.Row, p.Activity(s.Col))
	again := lp.CheckSolution(p, s)
	if c.Integer {
		if again.Primal > tolerance {
			t.Errorf("primal residual %v", again.Primal)
		}
		return
	}
	compare(t, "row duals", s.RowDual, c.RowDual)
	compare(t, "reduced costs", s.Reduced, reduced(p, s.RowDual))
	if !again.Within(1e-6) {
		t.Errorf("residuals %+v", again)
	}
	if again != s.Check {
		t.Errorf("residuals reported %+v, found %+v", s.Check, again)
	}
}

// reduced returns c − Aᵀy.
func reduced(p *lp.Problem, y []float64) []float64 {
	d := make([]float64, p.Cols())
	for j := range d {
		d[j] = p.Cost[j]
		rows, values := p.Column(j)
		for k, i := range rows {
			d[j] -= values[k] * y[i]
		}
	}
	return d
}

func checkRay(t *testing.T, p *lp.Problem, ray []float64) {
	t.Helper()
	if lp.FarkasHolds(p, ray, nil, nil) {
		return
	}
	if _, ok := conflict.Support(p, ray); !ok {
		t.Errorf("ray %v proves nothing", ray)
	}
}

// compare compares vectors; a nil want stands for anything.
func compare(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if want == nil {
		return
	}
	if len(got) != len(want) {
		t.Errorf("%s has %d figures, want %d", what, len(got), len(want))
		return
	}
	for i := range want {
		if far(got[i], want[i]) {
			t.Errorf("%s %d is %v, want %v (of %v)", what, i, got[i], want[i], got)
			return
		}
	}
}

func far(a, b float64) bool { return !(math.Abs(a-b) <= tolerance*(1+math.Abs(b))) }
