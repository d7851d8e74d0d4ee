package pdhg

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestStepsComputeWhatTheySay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		figure := rapid.Float64Range(-10, 10)
		draw := func(name string) []float64 { return rapid.SliceOfN(figure, n, n).Draw(t, name) }
		x, x0, g, c, lo := draw("x"), draw("x0"), draw("g"), draw("c"), draw("lo")
		up := slices.Clone(lo)
		for i := range up {
			up[i] += rapid.Float64Range(0, 5).Draw(t, "width")
		}
		if rapid.Bool().Draw(t, "free") {
			for i := range up {
				up[i] = math.Inf(1)
			}
		}
		tau, w := rapid.Float64Range(0.01, 3).Draw(t, "tau"), rapid.Float64Range(0, 1).Draw(t, "w")

		was, xbar, v := slices.Clone(x), make([]float64, n), make([]float64, n)
		moved, want := primalStepTo(v, x, x0, xbar, g, operandOf(c), operandOf(lo), operandOf(up), tau, w), 0.0
		for i := range x {
			z := math.Min(math.Max(was[i]-tau*(c[i]-g[i]), lo[i]), up[i])
			close(t, "v", v[i], z)
			close(t, "xbar", xbar[i], 2*z-was[i])
			close(t, "x", x[i], x0[i]+w*(2*z-was[i]-x0[i]))
			want += (z - was[i]) * (z - was[i])
		}
		close(t, "moved", moved, want)

		y := slices.Clone(was)
		moved, want = dualStepTo(v, y, x0, g, operandOf(lo), operandOf(up), tau, w), 0.0
		for i := range y {
			u := g[i] - was[i]/tau
			z := tau * (math.Min(math.Max(u, lo[i]), up[i]) - u)
			close(t, "dual v", v[i], z)
			close(t, "y", y[i], x0[i]+w*(2*z-was[i]-x0[i]))
			want += (z - was[i]) * (z - was[i])
		}
		close(t, "dual moved", moved, want)

		x, y, other := slices.Clone(was), slices.Clone(was), make([]float64, n)
		primalStep(x, x0, other, g, operandOf(c), operandOf(lo), operandOf(up), tau, w)
		sameBits(t, "xbar without v", other, xbar)
		dualStep(y, x0, g, operandOf(lo), operandOf(up), tau, w)
	})
}

func TestOperandsFindWhatStaysTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    []float64
		want operand
	}{
		{nil, operand{nil, 0}},
		{[]float64{2}, operand{[]float64{2}, 0}},
		{[]float64{math.Inf(1), math.Inf(1)}, operand{[]float64{math.Inf(1)}, 0}},
		{[]float64{3, 3, 4}, operand{[]float64{3, 3, 4}, 1}},
	} {
		if got := operandOf(c.v); got.step != c.want.step || !slices.Equal(got.at, c.want.at) {
			t.Errorf("%v: %+v, want %+v", c.v, got, c.want)
		}
	}
}

func close(t rapid.TB, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

func sameBits(t rapid.TB, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d figures, want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			t.Fatalf("%s: figure %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}
