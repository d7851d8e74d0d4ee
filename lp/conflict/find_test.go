package conflict_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"bremen/lp"
	"bremen/lp/conflict"
	"bremen/lp/highs"
	"bremen/lp/lptest"
)

func solver(t testing.TB) lp.Solver {
	t.Helper()
	s, err := highs.New(highs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// only returns p with no other bounds than those that keep says.
func only(p *lp.Problem, keep func(conflict.Member) bool) *lp.Problem {
	q := *p
	q.Cost = make([]float64, p.Cols())
	q.Lower, q.Upper = append([]float64(nil), p.Lower...), append([]float64(nil), p.Upper...)
	q.RowLower, q.RowUpper = append([]float64(nil), p.RowLower...), append([]float64(nil), p.RowUpper...)
	drop := func(column bool, lower, upper []float64) {
		for i := range lower {
			if !keep(conflict.Member{Column: column, Index: i}) {
				lower[i] = -lp.Inf
			}
			if !keep(conflict.Member{Column: column, Index: i, Upper: true}) {
				upper[i] = lp.Inf
			}
		}
	}
	drop(false, q.RowLower, q.RowUpper)
	drop(true, q.Lower, q.Upper)
	return &q
}

// check shows that a set is in conflict and that no member can be left out.
func check(t *testing.T, s lp.Solver, p *lp.Problem, set *conflict.Set, background func(conflict.Member) bool) {
	t.Helper()
	in := map[conflict.Member]bool{}
	for _, m := range set.Members {
		in[m] = true
	}
	status := func(without *conflict.Member) lp.Status {
		x, err := s.Solve(context.Background(), only(p, func(m conflict.Member) bool {
			return (in[m] || background != nil && background(m)) && (without == nil || m != *without)
		}), lp.Options{Method: lp.Simplex})
		if err != nil {
			t.Fatal(err)
		}
		return x.Status
	}
	if got := status(nil); got != lp.Infeasible {
		t.Errorf("the set alone has status %d: %v", got, set.Members)
	}
	for _, m := range set.Members {
		if got := status(&m); got != lp.Optimal {
			t.Errorf("without %s the status is %d", m.Name(p), got)
		}
	}
	if !set.Irreducible {
		t.Error("not said to be irreducible")
	}
}

func TestBank(t *testing.T) {
	s := solver(t)
	for _, c := range lptest.Bank() {
		if c.Integer {
			continue
		}
		p := c.Problem()
		set, err := conflict.Find(context.Background(), s, p, conflict.Options{})
		switch {
		case c.Status != lp.Infeasible:
			if !errors.Is(err, conflict.ErrFeasible) {
				t.Errorf("%s: error %v, want %v", c.Name, err, conflict.ErrFeasible)
			}
		case err != nil:
			t.Errorf("%s: %v", c.Name, err)
		default:
			check(t, s, p, set, nil)
		}
	}
}

// chain returns a program in which n steps, each a row, lead from one bound to
// another that contradicts it, hidden among as many rows that do not matter.
func chain(n int, seed uint64) *lp.Problem {
	r := rand.New(rand.NewPCG(seed, 3))
	p := &lp.Problem{}
	for range n {
		p.AddRow(1, lp.Inf) // x[k+1] − x[k] ≥ 1
	}
	for range 2 * n {
		p.AddRow(-lp.Inf, 1e4) // idle
	}
	for k := range n + 1 {
		lower, upper := -lp.Inf, lp.Inf
		if k == 0 {
			lower = 0
		}
		if k == n {
			upper = float64(n) - 0.5
		}
		p.AddColumn(r.NormFloat64(), lower, upper)
		if k > 0 {
			p.Entry(k-1, 1)
		}
		if k < n {
			p.Entry(k, -1)
		}
		for range 3 {
			p.Entry(n+r.IntN(2*n), r.Float64())
		}
	}
	return p
}

func TestChain(t *testing.T) {
	s := solver(t)
	p := chain(150, 1)
	start := time.Now()
	set, err := conflict.Find(context.Background(), s, p, conflict.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d members, %d programs, %v", len(set.Members), set.Programs, time.Since(start))
	if len(set.Members) != 152 {
		t.Errorf("%d members, want 152", len(set.Members))
	}
	check(t, s, p, set, nil)
}

// Wants that together are too much: what is asked about are the wants, all else stands.
func TestBackground(t *testing.T) {
	s := solver(t)
	p := lptest.Planning(15, 2, 3, 1)
	need := map[int]bool{}
	last := p.Cols() - 1 // the level that all needs hold up
	rows, _ := p.Column(last)
	for _, i := range rows {
		need[int(i)] = true
	}
	best, err := s.Solve(context.Background(), p, lp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	level := best.Col[last]
	p.Lower[last], p.Upper[last] = level+0.05, level+0.05
	background := func(m conflict.Member) bool { return m.Column || !need[m.Index] }
	set, err := conflict.Find(context.Background(), s, p, conflict.Options{Background: background})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Members) == 0 {
		t.Error("no members")
	}
	for _, m := range set.Members {
		if m.Column || !need[m.Index] {
			t.Errorf("%s is no want", m.Name(p))
		}
	}
	check(t, s, p, set, background)
	if _, err := conflict.Find(context.Background(), s, p, conflict.Options{Background: func(conflict.Member) bool { return true }}); !errors.Is(err, conflict.ErrUndecided) {
		t.Errorf("all in the background: error %v", err)
	}
}

func TestRandom(t *testing.T) {
	s := solver(t)
	found := 0
	for seed := range uint64(40) {
		p, _ := lptest.Random(15, 12, seed)
		r := rand.New(rand.NewPCG(seed, 4))
		for i := range p.Rows() { // tighten at random until it breaks
			if r.IntN(3) == 0 {
				p.RowLower[i] += r.Float64()
				p.RowUpper[i] = max(p.RowLower[i], p.RowUpper[i]-r.Float64())
			}
		}
		set, err := conflict.Find(context.Background(), s, p, conflict.Options{})
		if errors.Is(err, conflict.ErrFeasible) {
			continue
		}
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		found++
		t.Run(fmt.Sprint(seed), func(t *testing.T) { check(t, s, p, set, nil) })
	}
	if found < 10 {
		t.Errorf("%d programs in conflict, want at least 10 to mean anything", found)
	}
}
