package iotable

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// matrixOf makes a matrix of rows of numbers.
func matrixOf(rows [][]float64) *Matrix {
	c := NewCells(len(rows), len(rows[0]))
	for i, row := range rows {
		for j, v := range row {
			c.Add(i, j, v)
		}
	}
	m, err := c.Matrix()
	if err != nil {
		panic(err)
	}
	return m
}

var bigOptions = []Options{{Method: GMRES}, {Method: Neumann}, {Method: Elimination}}

func TestSolveKnownTables(t *testing.T) {
	for _, c := range []struct {
		name string
		a    [][]float64
		y    []float64
		want []float64
	}{
		{"nobody uses anything", [][]float64{{0, 0}, {0, 0}}, []float64{3, 4}, []float64{3, 4}},
		{"a chain adds up its links", [][]float64{{0, 0.5, 0}, {0, 0, 0.5}, {0, 0, 0}}, []float64{0, 0, 8}, []float64{2, 4, 8}},
		{"corn feeds on half of itself", [][]float64{{0.5}}, []float64{1}, []float64{2}},
		{"two who need each other", [][]float64{{0, 0.5}, {0.5, 0}}, []float64{3, 0}, []float64{4, 2}},
		{"what nobody needs is not made", [][]float64{{0.5, 0, 0}, {0, 0.5, 0}, {0, 0.1, 2}}, []float64{1, 0, 0}, []float64{2, 0, 0}},
		{"no demand, no output", [][]float64{{0.5, 2}, {2, 0}}, []float64{0, 0}, []float64{0, 0}},
		{"a supply is taken off", [][]float64{{0, 0.5}, {0, 0}}, []float64{-1, 4}, []float64{1, 4}},
		{"a negative use is an output", [][]float64{{0, -0.5}, {0, 0}}, []float64{3, 2}, []float64{2, 2}},
	} {
		for _, o := range bigOptions {
			t.Run(c.name+"/"+string(o.Method), func(t *testing.T) {
				x, stats, err := Solve(t.Context(), matrixOf(c.a), c.y, o)
				if err != nil && o.Method == Elimination && c.name == "what nobody needs is not made" {
					t.Skip("elimination needs the whole table to be regular and productive")
				}
				if err != nil {
					t.Fatal(err)
				}
				for i := range x {
					if math.Abs(x[i]-c.want[i]) > 1e-8 {
						t.Errorf("x = %v, want %v (%+v)", x, c.want, stats)
					}
				}
			})
		}
	}
}

func TestSolveNamesTheCircleThatIsNotProductive(t *testing.T) {
	for _, c := range []struct {
		name    string
		a       [][]float64
		y       []float64
		sectors []int32
		radius  float64
	}{
		{"a sector that eats more than it makes", [][]float64{{0.2, 0}, {0.1, 1.25}}, []float64{1, 1}, []int32{1}, 1.25},
		{"a sector that eats all it makes", [][]float64{{1}}, []float64{1}, []int32{0}, 1},
		{"two that feed on each other", [][]float64{{0, 2, 0}, {0.6, 0, 0}, {0, 0.3, 0.5}}, []float64{1, 0, 1}, []int32{0, 1}, math.Sqrt(1.2)},
		{"a circle reached through inputs only", [][]float64{{0, 0, 0.1}, {0.9, 0, 0}, {0, 2, 0.9}}, []float64{1, 0, 0}, nil, 1.1},
		{"a circle that just gets by", [][]float64{{0, 2}, {0.5, 0}}, []float64{1, 1}, nil, 1},
	} {
		for _, o := range bigOptions {
			t.Run(c.name+"/"+string(o.Method), func(t *testing.T) {
				x, _, err := Solve(t.Context(), matrixOf(c.a), c.y, o)
				var circle *UnproductiveError
				if !errors.As(err, &circle) {
					t.Fatalf("x = %v, error %v, want an UnproductiveError", x, err)
				}
				if c.sectors != nil && !slices.Equal(slices.Sorted(slices.Values(circle.Sectors)), c.sectors) {
					t.Errorf("circle %v, want %v", circle.Sectors, c.sectors)
				}
				if circle.Radius < c.radius*(1-1e-9) && c.sectors != nil {
					t.Errorf("radius %v, want %v", circle.Radius, c.radius)
				}
				if !strings.HasPrefix(err.Error(), "table is not productive: sector ") {
					t.Errorf("error %q", err)
				}
			})
		}
	}
}

func TestSolveRefusesWhatIsNoSystem(t *testing.T) {
	square := matrixOf([][]float64{{0.1, 0}, {0, 0.1}})
	for _, c := range []struct {
		name string
		a    *Matrix
		y    []float64
		o    Options
		want string
	}{
		{"a demand of the wrong length", square, []float64{1}, Options{}, "solve: matrix of 2×2 with a demand for 1 products"},
		{"a table that is not square", NewMatrix(2, 3), []float64{1, 1}, Options{}, "solve: matrix of 2×3 with a demand for 2 products"},
		{"a demand without end", square, []float64{1, math.Inf(1)}, Options{}, "solve: demand for product 1 is +Inf"},
		{"an unknown method", square, []float64{1, 1}, Options{Method: "magic"}, `solve: unknown method "magic", expected gmres, neumann or elimination`},
		{"too few steps", square, []float64{1, 2}, Options{Most: 2}, "solve: did not converge: relative residual 0 after 2 products of the matrix"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := Solve(t.Context(), c.a, c.y, c.o)
			if err == nil || err.Error() != c.want {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestSolveStopsWhenCancelled(t *testing.T) {
	a, y := generate(500, 10, 0.6, 0.7, 1)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	_, stats, err := Solve(ctx, a, y, Options{Progress: func(Stats) {
		if calls++; calls == 3 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || stats.Products != 3 {
		t.Errorf("error %v after %d products, want context canceled after 3", err, stats.Products)
	}
}

func TestSolveIsTheSameForEveryNumberOfThreads(t *testing.T) {
	a, y := generate(20000, 12, 0.3, 0.7, 7)
	for _, o := range bigOptions[:2] {
		var first []float64
		for _, threads := range []int{1, 2, 3, 7} {
			o.Threads = threads
			x, _, err := Solve(t.Context(), a, y, o)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = x
			}
			if !slices.Equal(x, first) {
				t.Errorf("%s: %d threads change the result", o.Method, threads)
			}
		}
	}
}

// A table stated in grams and tonnes has the same solution as one stated in money.
func TestSolveDoesNotDependOnUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		a, y := generate(n, rapid.IntRange(1, n).Draw(t, "perRow"), 0.1, 0.9, rapid.Uint64().Draw(t, "seed"))
		unit, inverse := make([]float64, n), make([]float64, n)
		physical := make([]float64, n)
		for i := range unit {
			unit[i] = math.Pow(10, rapid.Float64Range(-6, 6).Draw(t, "unit"))
			inverse[i] = 1 / unit[i]
			physical[i] = y[i] * unit[i]
		}
		x, _, err := Solve(context.Background(), a, y, Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, stats, err := Solve(context.Background(), a.scaled(unit, inverse), physical, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range p {
			if math.Abs(p[i]/unit[i]-x[i]) > 1e-7*x[i] {
				t.Errorf("product %d: %g in other units, %g in money (%+v)", i, p[i]/unit[i], x[i], stats)
			}
		}
	})
}

// The laws of a productive table: balances close, nothing is made that is not
// needed, more is never made of less, every method finds the same, and one
// unit of output takes at least one unit of output.
func TestLawsOfProductiveTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		a, y := generate(n, rapid.IntRange(1, n).Draw(t, "perRow"), 0, 0.95, rapid.Uint64().Draw(t, "seed"))
		for i := range y {
			if rapid.Bool().Draw(t, "unwanted") {
				y[i] = 0
			}
		}
		x, stats, err := Solve(context.Background(), a, y, Options{})
		if err != nil {
			t.Fatal(err)
		}
		lu, _, err := Solve(context.Background(), a, y, Options{Method: Elimination, Tolerance: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		for i, made := range a.Times(x) {
			made += y[i]
			if math.Abs(made-x[i]) > 1e-8*max(1, x[i]) {
				t.Errorf("product %d: made %g, used and wanted %g (%+v)", i, x[i], made, stats)
			}
			if x[i] < y[i] {
				t.Errorf("product %d: made %g, wanted %g", i, x[i], y[i])
			}
			if math.Abs(lu[i]-x[i]) > 1e-6*max(1, x[i]) {
				t.Errorf("product %d: %g by gmres, %g by elimination", i, x[i], lu[i])
			}
		}
		ones := slices.Repeat([]float64{1}, n)
		multipliers, _, err := Solve(context.Background(), a.Transpose(), ones, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if slices.Min(multipliers) < 1 {
			t.Errorf("an output multiplier below 1: %v", multipliers)
		}
		// Embodied in demand or summed over output: the same total.
		if got, want := dot(multipliers, y), sumOf(x); math.Abs(got-want) > 1e-7*max(1, want) {
			t.Errorf("multipliers times demand %g, all output %g", got, want)
		}
	})
}

// Whatever the table, the answer is a solution or a circle that is not
// productive, and the circle's bound is proven by its own eigenvector.
func TestEveryTableIsSolvedOrShownUnproductive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 25).Draw(t, "n")
		a, y := generate(n, rapid.IntRange(1, n).Draw(t, "perRow"), 0.1, 2, rapid.Uint64().Draw(t, "seed"))
		x, stats, err := Solve(context.Background(), a, y, Options{})
		var circle *UnproductiveError
		switch {
		case errors.As(err, &circle):
			part := a.part(slices.Sorted(slices.Values(circle.Sectors)))
			low, high, _ := perron(func(dst, x []float64) { part.rows(dst, x, 0, part.Rows) }, part.Rows, 1e-9)
			if circle.Radius < 1-1e-9 || high < 1-1e-9 {
				t.Errorf("circle %v has a radius from %g to %g", circle.Sectors, low, high)
			}
		case err != nil:
			t.Fatal(err)
		case stats.Residual > 1e-9 || slices.Min(x) < 0:
			t.Errorf("residual %g, least amount %g", stats.Residual, slices.Min(x))
		}
	})
}
