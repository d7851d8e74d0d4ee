package pdhg

import (
	"context"
	"errors"
	"slices"
	"testing"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/lptest"
)

// unsolved are the cases that this package does not solve.
var unsolved = func() (all []lptest.Exclusion) {
	for _, name := range []string{"a knapsack", "whole numbers, minimised", "no whole number fits"} {
		all = append(all, lptest.Exclusion{Case: name, Reason: "columns are taken as continuous"})
	}
	return all
}()

func TestBank(t *testing.T) { lptest.Run(t, &Solver{}, []lp.Method{lp.Auto}, unsolved...) }

// An economy in blocks and the same written out have the same optimum, and any number of threads gives the same bytes.
func TestBlocks(t *testing.T) {
	p := lptest.Economy(12, 2, 3, 1)
	solve := func(p *block.Problem, threads int) *Solution {
		s, err := Solve(t.Context(), p, Options{Tolerance: 1e-6, Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		if s.Status != lp.Optimal || !block.Check(p, s.Col, s.RowDual).Within(1e-6) {
			t.Fatalf("status %d, %+v", s.Status, s.Check)
		}
		return s
	}
	one, three, flat := solve(p, 1), solve(p, 3), solve(block.Of(p.Explicit()), 2)
	if !slices.Equal(one.Col, three.Col) || !slices.Equal(one.RowDual, three.RowDual) {
		t.Error("one thread and three give other bytes")
	}
	if d := one.Objective - flat.Objective; d > 1e-5*(1+-one.Objective) || -d > 1e-5*(1+-one.Objective) {
		t.Errorf("objective %v in blocks, %v written out", one.Objective, flat.Objective)
	}
	again, err := Solve(t.Context(), p, Options{Tolerance: 1e-6, Start: &one.Point})
	if err != nil || again.Status != lp.Optimal || again.Iterations > one.Iterations/4 {
		t.Errorf("from the answer on %d iterations, %d from nothing (%v)", again.Iterations, one.Iterations, err)
	}
}

func TestLimits(t *testing.T) {
	p := lptest.Economy(40, 3, 4, 1)
	s, err := Solve(t.Context(), p, Options{Iterations: 400})
	if err != nil || s.Status != lp.Stopped || s.Iterations > 500 || len(s.Col) != p.Cols() {
		t.Errorf("with few iterations: %v, %v", s, err)
	}
	if _, err := Solve(t.Context(), p, Options{Memory: 1000}); !errors.Is(err, ErrMemory) {
		t.Errorf("with little memory: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	seen := 0
	_, err = Solve(ctx, p, Options{Tolerance: 1e-12, Progress: func(Progress) { seen++; cancel() }})
	if !errors.Is(err, context.Canceled) || seen != 1 {
		t.Errorf("cancelled: %v after %d looks", err, seen)
	}
	p.Lower = p.Lower[1:]
	if _, err := Solve(t.Context(), p, Options{}); err == nil {
		t.Error("a vector too short went through")
	}
}
