package lp

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawDuals(t *rapid.T, p *Problem) []float64 {
	y := make([]float64, p.Rows())
	for i := range y {
		y[i] = rapid.OneOf(
			rapid.Float64Range(-5, 5),
			rapid.SampledFrom([]float64{0, 1, -1, 0.1, 1e-300, 1e18, math.NaN(), Inf, math.MaxFloat64, 5e-324}),
		).Draw(t, "y")
	}
	return y
}

// violates reports whether the bound claims more than a feasible point allows.
func violates(p *Problem, b Bound, x []*big.Rat) bool {
	if math.IsInf(b.Value, 0) {
		return math.IsInf(b.Value, 1) != p.Maximise
	}
	c := rat(b.Value).Cmp(objective(p, x))
	return c > 0 && !p.Maximise || c < 0 && p.Maximise
}

func TestSafeBoundNeverClaimsMoreThanAnyFeasiblePointAllows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		lower, upper := ImpliedBounds(p)
		duals := append(basicDuals(p), drawDuals(t, p))
		rest := drawDuals(t, p)
		if rapid.Bool().Draw(t, "small") {
			for i := range rest {
				rest[i] *= 1e-17
			}
		}
		for _, x := range vertices(p) {
			for _, y := range duals {
				for _, b := range []Bound{SafeBound(p, y, nil, nil, nil), SafeBound(p, y, nil, lower, upper), SafeBound(p, y, rest, lower, upper)} {
					if violates(p, b, x) {
						t.Fatalf("y %v claims %v, but %v reaches %v", y, b, x, objective(p, x))
					}
				}
			}
		}
	})
}

func TestSafeBoundFromTheBestBasisIsTheOptimum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblemOf(t, false, true)
		best, opposite := -Inf, p.sign()
		for _, y := range basicDuals(p) {
			best = math.Max(best, opposite*SafeBound(p, y, nil, nil, nil).Value)
		}
		optimum, size := Inf, math.Abs(p.Offset)
		for j, c := range p.Cost {
			size += math.Abs(c) * math.Max(math.Abs(p.Lower[j]), math.Abs(p.Upper[j]))
		}
		all := vertices(p)
		for _, x := range all {
			v, _ := objective(p, x).Float64()
			optimum = math.Min(optimum, opposite*v)
		}
		if len(all) > 0 && !(best >= optimum-1e-12*(1+size)) {
			t.Fatalf("best bound %v, optimum %v", best, optimum)
		}
	})
}

func TestSafeBound(t *testing.T) {
	t.Parallel()
	open := &Problem{}
	open.AddRow(1, Inf)
	open.AddColumn(1, 0, Inf)
	open.Entry(0, 1)
	open.AddColumn(1, -Inf, Inf)
	open.Entry(0, 1)
	cancels := &Problem{Offset: 1}
	cancels.AddRow(2, 2)
	cancels.AddRow(1, 1)
	cancels.AddColumn(0, -Inf, Inf)
	cancels.Entry(0, 0.5)
	cancels.Entry(1, -0.5)
	tests := []struct {
		name      string
		p         *Problem
		y, rest   []float64
		want      float64
		unbounded []int
	}{
		{"the optimal duals prove the optimum of a maximisation", bread(), []float64{2, 0}, nil, 11, nil},
		{"other duals prove less", bread(), []float64{1, 1}, nil, 10 + 3, nil},
		{"a dual of the wrong sign counts as zero", bread(), []float64{2, -1}, nil, 11, nil},
		{"without duals a column without an upper bound is named", bread(), []float64{0, 0}, nil, Inf, []int{1}},
		{"an exactly zero reduced cost needs no bound", open, []float64{1}, nil, 1, nil},
		{"a reduced cost off by a rounding names the free column and not the other", open, []float64{math.Nextafter(1, 0)}, nil, -Inf, []int{1}},
		{"a dual that overshoots names both", open, []float64{2}, nil, -Inf, []int{0, 1}},
		{"duals that cancel exactly", cancels, []float64{3, 3}, nil, 1 + 6 + 3, nil},
		{"NaN counts as zero", cancels, []float64{math.NaN(), 0}, nil, 1, nil},
		{"what a figure leaves out makes up for its rounding", open, []float64{math.Nextafter(1, 0)}, []float64{0x1p-53}, 1, nil},
		{"what is larger than the figure does not count", open, []float64{1}, []float64{2}, 1, nil},
		{"nor does what is no number", open, []float64{1}, []float64{math.NaN()}, 1, nil},
		{"a figure of the wrong sign has no rest", bread(), []float64{2, -1}, []float64{0, 0.5}, 11, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := SafeBound(tt.p, tt.y, tt.rest, nil, nil)
			if got.Value != tt.want && !(math.Abs(got.Value-tt.want) < 1e-14) || !slices.Equal(got.Unbounded, tt.unbounded) {
				t.Errorf("SafeBound(%v) = %v, want %v %v", tt.y, got, tt.want, tt.unbounded)
			}
		})
	}
}

func TestFarkasNeverRefutesAFeasibleProgram(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		if len(vertices(p)) == 0 {
			t.Skip("no vertex")
		}
		lower, upper := ImpliedBounds(p)
		ray := drawDuals(t, p)
		if FarkasHolds(p, ray, nil, nil) || FarkasHolds(p, ray, lower, upper) {
			t.Fatalf("ray %v refutes a program with vertices", ray)
		}
	})
}

func TestFarkasHolds(t *testing.T) {
	t.Parallel()
	p := &Problem{Offset: 5}
	p.AddRow(3, Inf)
	p.AddRow(-Inf, 2)
	p.AddColumn(7, 0, Inf)
	p.Entry(0, 1)
	p.Entry(1, 1)
	tests := []struct {
		name string
		ray  []float64
		want bool
	}{
		{"at least three and at most two", []float64{1, -1}, true},
		{"the same with the signs turned", []float64{-1, 1}, true},
		{"one row alone refutes nothing", []float64{1, 0}, false},
		{"weights that leave something of x over, held by its lower bound", []float64{1, -1.25}, true},
		{"weights that leave something of x over, held by nothing", []float64{1.25, -1}, false},
		{"nothing", []float64{0, 0}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := FarkasHolds(p, tt.ray, nil, nil); got != tt.want {
				t.Errorf("FarkasHolds(%v) = %v, want %v", tt.ray, got, tt.want)
			}
		})
	}
}

// implied finds bounds in either way.
var implied = []func(*Problem) (lower, upper []float64){
	ImpliedBounds,
	func(p *Problem) (lower, upper []float64) { return stored(p).ImpliedBounds() },
}

func TestImpliedBoundsHoldAtEveryVertex(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		lower, upper := rapid.SampledFrom(implied).Draw(t, "implied")(p)
		for j := range lower {
			if lower[j] < p.Lower[j] || upper[j] > p.Upper[j] {
				t.Fatalf("column %d: [%v, %v] is looser than stated", j, lower[j], upper[j])
			}
		}
		for _, x := range vertices(p) {
			for j, v := range x {
				if !inside(v, lower[j], upper[j]) {
					t.Fatalf("column %d: vertex %v outside [%v, %v]", j, v.FloatString(30), lower[j], upper[j])
				}
			}
		}
	})
}

// stockChain is one product over periods: in(t) ≤ 10, and
// in + stock before = out + stock after. Its columns per period are in, out, stock.
func stockChain(periods int, backwards bool) *Problem {
	p := &Problem{}
	for range periods {
		p.AddRow(0, 0)
	}
	row := func(t int) int {
		if backwards {
			return periods - 1 - t
		}
		return t
	}
	for t := range periods {
		p.AddColumn(0, 0, 10)
		p.Entry(row(t), 1)
		p.AddColumn(-1, 0, Inf)
		p.Entry(row(t), -1)
		p.AddColumn(0, 0, Inf)
		p.Entry(row(t), -1)
		if t+1 < periods {
			p.Entry(row(t+1), 1)
		}
	}
	return p
}

func TestImpliedBoundsTravelAlongStocks(t *testing.T) {
	t.Parallel()
	for k := range 2 * len(implied) {
		backwards := k%2 == 1
		p := stockChain(26, backwards)
		_, upper := implied[k/2](p)
		for j, u := range upper {
			want := float64(j/3+1) * 10
			if j%3 == 0 {
				want = 10
			}
			if !(u >= want && u < want*(1+1e-12)) {
				t.Errorf("backwards %v: column %d has upper bound %v, want %v", backwards, j, u, want)
			}
		}
	}
}

func TestImpliedBoundsEndOnACycleThatShrinksForEver(t *testing.T) {
	t.Parallel()
	p := &Problem{}
	p.AddRow(0, Inf)
	p.AddRow(0, Inf)
	p.AddColumn(1, 0, 1e12) // x ≤ 0.8 y, y ≤ 0.8 x
	p.Entry(0, -1)
	p.Entry(1, 0.8)
	p.AddColumn(1, 0, Inf)
	p.Entry(0, 0.8)
	p.Entry(1, -1)
	for _, f := range implied {
		if _, upper := f(p); upper[0] <= 0 || upper[1] > 1e12 {
			t.Errorf("upper bounds %v, want positive and finite", upper)
		}
	}
}

// The last place of a large reduced cost is not lost: it times a bound of its
// column may be all that the rest of the sum leaves.
func TestSafeBoundKeepsLargeReducedCosts(t *testing.T) {
	p := &Problem{Offset: -1e9}
	p.AddRow(-Inf, 2)
	p.AddColumn(1e9, 1, 2)
	p.Entry(0, 1)
	got := SafeBound(p, []float64{-1e-8}, nil, nil, nil).Value
	if want := -1e-8; got > want || got < want*(1+1e-6) { // −2·10⁻⁸ of the row, 10⁹ + 10⁻⁸ of the column
		t.Errorf("got %g, want %g or hardly less", got, want)
	}
}
