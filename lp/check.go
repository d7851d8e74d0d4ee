package lp

// Check holds the residuals of a point against the optimality (KKT)
// conditions of a problem, computed by this package and no solver, with
// compensated summation. Every figure is relative: primal residuals to
// 1 + |bound|, dual residuals to 1 + |cost|, the gap to 1 + |primal| + |dual|.
type Check struct {
	Primal float64 `json:"primal"` // largest violation of a row or column bound
	Dual   float64 `json:"dual"`   // largest violation of a dual sign, given the bounds that exist
	Gap    float64 `json:"gap"`    // |primal objective − dual objective|
}
