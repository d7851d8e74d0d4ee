package capacity

import "math"

// Growth is a power law, y = Factor · x^Exponent, through points that were measured.
type Growth struct {
	Exponent float64 `json:"exponent"`
	Factor   float64 `json:"factor"`
	Points   int     `json:"points"`
	// Spread is the typical ratio between what was measured and the law: e to
	// the root mean square of the logarithms of these ratios.
	Spread float64 `json:"spread"`
}

// Fit returns the law nearest to the points by least squares of logarithms.
// Points with figures that are not positive are left out. ok is false with
// fewer than three of them, or if all have the same x.
func Fit(x, y []float64) (g Growth, ok bool) {
	var n, sx, sy float64
	for i := range x {
		if x[i] > 0 && y[i] > 0 {
			n, sx, sy = n+1, sx+math.Log(x[i]), sy+math.Log(y[i])
		}
	}
	if n < 3 {
		return Growth{}, false
	}
	mx, my := sx/n, sy/n
	var xx, xy, yy float64
	for i := range x {
		if x[i] > 0 && y[i] > 0 {
			dx, dy := math.Log(x[i])-mx, math.Log(y[i])-my
			xx, xy, yy = xx+dx*dx, xy+dx*dy, yy+dy*dy
		}
	}
	if xx <= 1e-12 {
		return Growth{}, false
	}
	slope := xy / xx
	rest := math.Max(0, yy-slope*xy)
	return Growth{Exponent: slope, Factor: math.Exp(my - slope*mx), Points: int(n), Spread: math.Exp(math.Sqrt(rest / n))}, true
}

// At returns y at x.
func (g Growth) At(x float64) float64 { return g.Factor * math.Pow(x, g.Exponent) }

// Until returns the x at which y is reached, +Inf if y does not grow.
func (g Growth) Until(y float64) float64 {
	if g.Exponent <= 0 {
		return math.Inf(1)
	}
	return math.Pow(y/g.Factor, 1/g.Exponent)
}
