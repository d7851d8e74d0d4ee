package capacity

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A fit finds the law that points were made by, and says by how much they stray from it.
func TestFitFindsTheLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exponent := rapid.Float64Range(0.2, 3).Draw(t, "exponent")
		factor := math.Exp(rapid.Float64Range(-20, 5).Draw(t, "factor"))
		stray := rapid.Float64Range(1, 1.5).Draw(t, "stray")
		var x, y []float64
		for k := range 2 * rapid.IntRange(2, 6).Draw(t, "pairs") {
			x = append(x, 1e3*math.Pow(2, float64(k/2)))
			y = append(y, factor*math.Pow(x[k], exponent)*math.Pow(stray, float64(1-2*(k%2)))) // as far above as below
		}
		x, y = append(x, 7, 7), append(y, 0, -1) // not measured
		g, ok := Fit(x, y)
		if !ok || g.Points != len(x)-2 {
			t.Fatalf("%+v, %v", g, ok)
		}
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 1e-6*want {
				t.Errorf("%s %v, want %v", what, got, want)
			}
		}
		near("exponent", g.Exponent, exponent)
		near("factor", g.Factor, factor)
		near("spread", g.Spread, stray)
		near("until", g.Until(g.At(4e4)), 4e4)
	})
}

func TestFitNeedsPoints(t *testing.T) {
	for name, xy := range map[string][2][]float64{
		"two points":    {{1, 2}, {1, 2}},
		"one size":      {{5, 5, 5}, {1, 2, 3}},
		"nothing there": {nil, nil},
	} {
		if g, ok := Fit(xy[0], xy[1]); ok {
			t.Errorf("%s: %+v", name, g)
		}
	}
	if g := (Growth{Factor: 3}); !math.IsInf(g.Until(5), 1) {
		t.Errorf("what does not grow reaches 5 at %v", g.Until(5))
	}
}
