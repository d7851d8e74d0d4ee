package lp

import (
	"math"
	"testing"
)

// bread is the program  max 3 rye + 2 rolls  subject to flour
// rye + rolls ≤ 4 and oven rye + 3 rolls ≤ 6, rye ≤ 3; its optimum is 11 at
// (3, 1), and flour is worth 2, the bound of rye 1.
func bread() *Problem {
	p := &Problem{Maximise: true}
	flour, oven := p.AddRow(-Inf, 4), p.AddRow(-Inf, 6)
	p.AddColumn(3, 0, 3)
	p.Entry(flour, 1)
	p.Entry(oven, 1)
	p.AddColumn(2, 0, Inf)
	p.Entry(flour, 1)
	p.Entry(oven, 3)
	return p
}

func TestCheckSolution(t *testing.T) {
	t.Parallel()
	integer := bread()
	integer.SetInteger(1)
	free := &Problem{}
	free.AddRow(1, Inf)
	free.AddColumn(1, -Inf, Inf)
	free.Entry(0, 1)
	nan := math.NaN()
	none := math.MaxFloat64
	tests := []struct {
		name string
		p    *Problem
		x, y []float64
		want Check
	}{
		{"the optimum has no residual", bread(), []float64{3, 1}, []float64{2, 0}, Check{}},
		{"a row over its bound by one of four", bread(), []float64{3, 2}, []float64{2, 0}, Check{Primal: 3.0 / 7, Gap: 2.0 / 25}},
		{"a column below zero", bread(), []float64{3, -0.5}, []float64{2, 0}, Check{Primal: 0.5, Gap: 3.0 / 20}},
		{"a dual of the wrong sign on a one-sided row", bread(), []float64{3, 1}, []float64{2, -0.25}, Check{Dual: 0.25, Gap: 0.75 / (1 + 11 + 11.75)}},
		{"a reduced cost that needs an infinite bound", bread(), []float64{3, 1}, []float64{1.5, 0}, Check{Dual: 0.5 / 3, Gap: 0.5 / 22.5}},
		{"a suboptimal point shows in the gap", bread(), []float64{2, 1}, []float64{2, 0}, Check{Gap: 3.0 / 20}},
		{"half a roll where rolls are whole", integer, []float64{3, 0.5}, []float64{2, 0}, Check{Primal: 0.5, Gap: 1.0 / 22}},
		{"a free column at its optimum", free, []float64{1}, []float64{1}, Check{}},
		{"no primal vector", bread(), nil, []float64{2, 0}, Check{Primal: none, Gap: none}},
		{"no dual vector", bread(), []float64{3, 1}, nil, Check{Dual: none, Gap: none}},
		{"a primal vector with NaN", bread(), []float64{nan, 1}, []float64{2, 0}, Check{Primal: none, Gap: none}},
		{"a dual vector with NaN", bread(), []float64{3, 1}, []float64{nan, 0}, Check{Dual: none, Gap: none}},
		{"an infinite primal value", bread(), []float64{3, Inf}, []float64{2, 0}, Check{Primal: none, Gap: none}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := CheckSolution(tt.p, &Solution{Col: tt.x, RowDual: tt.y})
			if !near(got.Primal, tt.want.Primal) || !near(got.Dual, tt.want.Dual) || !near(got.Gap, tt.want.Gap) {
				t.Errorf("CheckSolution(x=%v, y=%v) = %+v, want %+v", tt.x, tt.y, got, tt.want)
			}
		})
	}
}

func near(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-15*(1+math.Abs(b)) }

func TestActivityKeepsWhatPlainSummationLoses(t *testing.T) {
	t.Parallel()
	p := &Problem{}
	p.AddRow(-Inf, Inf)
	for _, v := range []float64{1e16, 1, -1e16, 0.1} {
		p.AddColumn(0, 0, Inf)
		p.Entry(0, v)
	}
	x := []float64{3, 1, 3, 3}
	want := 1 + 3*0.1
	if got := p.Activity(x)[0]; math.Abs(got-want) > 1e-15 {
		t.Errorf("Activity = %v, want %v", got, want)
	}
}
