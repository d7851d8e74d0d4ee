package lp

import (
	"math"
	"math/big"

	"pgregory.net/rapid"
)

// This file solves small programs exactly, in rational numbers and by looking
// at every vertex, so that tests have something to measure against.

func rat(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

// constraint is one side of a row or of a column's bound: normal·x ≥ or ≤ at.
type constraint struct {
	normal []*big.Rat
	at     *big.Rat
	row    int // −1 for a column
}

func constraints(p *Problem) []constraint {
	var all []constraint
	dense := make([][]*big.Rat, p.Rows())
	for i := range dense {
		dense[i] = zeros(p.Cols())
	}
	for j := range p.Cols() {
		rows, values := p.Column(j)
		for k, i := range rows {
			dense[i][j].Add(dense[i][j], rat(values[k]))
		}
	}
	both := func(normal []*big.Rat, lower, upper float64, row int) {
		if finite(lower) {
			all = append(all, constraint{normal, rat(lower), row})
		}
		if finite(upper) && upper != lower {
			all = append(all, constraint{normal, rat(upper), row})
		}
	}
	for i := range dense {
		both(dense[i], p.RowLower[i], p.RowUpper[i], i)
	}
	for j := range p.Cols() {
		unit := zeros(p.Cols())
		unit[j].SetInt64(1)
		both(unit, p.Lower[j], p.Upper[j], -1)
	}
	return all
}

func zeros(n int) []*big.Rat {
	z := make([]*big.Rat, n)
	for i := range z {
		z[i] = new(big.Rat)
	}
	return z
}

// choices calls f with every way to choose n of the constraints.
func choices(all []constraint, n int, f func([]constraint)) {
	chosen := make([]constraint, 0, n)
	var next func(from int)
	next = func(from int) {
		if len(chosen) == n {
			f(chosen)
			return
		}
		for k := from; k < len(all); k++ {
			chosen = append(chosen, all[k])
			next(k + 1)
			chosen = chosen[:len(chosen)-1]
		}
	}
	next(0)
}

// solveExact solves m·x = b, or returns nil where m is singular.
func solveExact(m [][]*big.Rat, b []*big.Rat) []*big.Rat {
	n := len(b)
	a := make([][]*big.Rat, n)
	for i := range a {
		for _, v := range append(append([]*big.Rat{}, m[i]...), b[i]) {
			a[i] = append(a[i], new(big.Rat).Set(v))
		}
	}
	for c := range n {
		pivot := c
		for pivot < n && a[pivot][c].Sign() == 0 {
			pivot++
		}
		if pivot == n {
			return nil
		}
		a[c], a[pivot] = a[pivot], a[c]
		for i := range n {
			if i == c || a[i][c].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Quo(a[i][c], a[c][c])
			for k := c; k <= n; k++ {
				a[i][k].Sub(a[i][k], new(big.Rat).Mul(f, a[c][k]))
			}
		}
	}
	x := make([]*big.Rat, n)
	for i := range x {
		x[i] = new(big.Rat).Quo(a[i][n], a[i][i])
	}
	return x
}

// vertices returns every vertex of p's feasible set.
func vertices(p *Problem) [][]*big.Rat {
	var found [][]*big.Rat
	choices(constraints(p), p.Cols(), func(chosen []constraint) {
		m := make([][]*big.Rat, len(chosen))
		b := make([]*big.Rat, len(chosen))
		for k, c := range chosen {
			m[k], b[k] = c.normal, c.at
		}
		if x := solveExact(m, b); x != nil && feasible(p, x) {
			found = append(found, x)
		}
	})
	return found
}

// basicDuals returns the row duals of every basis, rounded to doubles.
func basicDuals(p *Problem) [][]float64 {
	var found [][]float64
	cost := make([]*big.Rat, p.Cols())
	for j := range cost {
		cost[j] = rat(p.Cost[j])
	}
	choices(constraints(p), p.Cols(), func(chosen []constraint) {
		m := make([][]*big.Rat, len(chosen)) // transposed
		for j := range m {
			for _, c := range chosen {
				m[j] = append(m[j], c.normal[j])
			}
		}
		lambda := solveExact(m, cost)
		if lambda == nil {
			return
		}
		y := make([]float64, p.Rows())
		for k, c := range chosen {
			if c.row >= 0 {
				y[c.row], _ = lambda[k].Float64()
			}
		}
		found = append(found, y)
	})
	return found
}

func feasible(p *Problem, x []*big.Rat) bool {
	activity := zeros(p.Rows())
	for j := range p.Cols() {
		if !inside(x[j], p.Lower[j], p.Upper[j]) {
			return false
		}
		rows, values := p.Column(j)
		for k, i := range rows {
			activity[i].Add(activity[i], new(big.Rat).Mul(rat(values[k]), x[j]))
		}
	}
	for i, a := range activity {
		if !inside(a, p.RowLower[i], p.RowUpper[i]) {
			return false
		}
	}
	return true
}

func inside(x *big.Rat, lower, upper float64) bool {
	return (math.IsInf(lower, -1) || x.Cmp(rat(lower)) >= 0) &&
		(math.IsInf(upper, 1) || x.Cmp(rat(upper)) <= 0)
}

func objective(p *Problem, x []*big.Rat) *big.Rat {
	v := rat(p.Offset)
	for j, c := range p.Cost {
		v.Add(v, new(big.Rat).Mul(rat(c), x[j]))
	}
	return v
}

// drawProblem draws a program of up to three columns and rows, with small whole
// figures, which makes it degenerate, half of the time and any figures the rest.
func drawProblem(t *rapid.T) *Problem {
	return drawProblemOf(t, rapid.Bool().Draw(t, "fractions"), false)
}

// drawProblemOf draws a program of up to three columns and rows, with or
// without fractions, boxed (with finite column bounds) or not.
func drawProblemOf(t *rapid.T, fractions, boxed bool) *Problem {
	figure := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(-4, 4).Draw(t, "whole")) })
	if fractions {
		figure = rapid.Custom(func(t *rapid.T) float64 {
			return rapid.Float64Range(-4, 4).Draw(t, "f") * math.Pow(10, float64(rapid.IntRange(-6, 6).Draw(t, "scale")))
		})
	}
	bounds := func(boxed bool) (float64, float64) {
		a, b := figure.Draw(t, "a"), figure.Draw(t, "b")
		lower, upper := math.Min(a, b), math.Max(a, b)
		if boxed {
			return lower, upper
		}
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			lower = -Inf
		case 1:
			upper = Inf
		case 2:
			upper = lower
		case 3:
			lower, upper = 0, Inf
		}
		return lower, upper
	}
	p := &Problem{Maximise: rapid.Bool().Draw(t, "maximise"), Offset: figure.Draw(t, "offset")}
	for range rapid.IntRange(0, 3).Draw(t, "rows") {
		p.AddRow(bounds(false))
	}
	for range rapid.IntRange(1, 3).Draw(t, "cols") {
		lower, upper := bounds(boxed)
		p.AddColumn(figure.Draw(t, "cost"), lower, upper)
		for i := range p.Rows() {
			if rapid.Bool().Draw(t, "present") {
				p.Entry(i, figure.Draw(t, "value"))
			}
		}
	}
	return p
}
