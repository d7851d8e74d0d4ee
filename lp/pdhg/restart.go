package pdhg

import (
	"math"

	"bremen/lp"
)

// restarts decides when to drop the anchor anew and how to weigh x against y
// then: the rules of Lu, Peng and Yang, "cuPDLPx: A further enhanced GPU-based
// first-order solver for linear programming", 2025, sections 3.2 and 3.3.
type restarts struct {
	first, last float64 // distance ‖z − T(z)‖ at the anchor and when it was looked at last

	errors   float64 // sum of what the weight missed, older ones counting less
	best     float64 // the weight under which residuals were most alike
	bestGap  float64
	haveBest bool
}

const (
	sufficient = 0.2  // of the distance at the anchor: enough to begin anew
	necessary  = 0.8  // and this, when it grows again
	artificial = 0.36 // of all iterations: too long for one stretch

	proportional, integral, fading = 0.99, 0.01, 0.3 // gains of the controller of the weight

	tolerated = 3.4 // logarithm of by how much one residual may be behind the other
	mostLag   = 9.2 // and of the most that counts
	pull      = 0.2 // part of what it is behind beyond what is tolerated, by which the weight moves
)

// again takes a distance that was just found, in a stretch of so many steps
// after so many iterations in all, and says whether to begin anew.
func (r *restarts) again(distance float64, steps, total int) bool {
	if steps == 1 {
		r.first, r.last = distance, distance
		return false
	}
	grows := distance > r.last
	r.last = distance
	return distance <= sufficient*r.first || distance <= necessary*r.first && grows || float64(steps) >= artificial*float64(total)
}

// reweigh moves the weight towards where x and y have come equally far.
func (r *restarts) reweigh(w *walk, c lp.Check) {
	dx, dy := w.moved()
	if dx > 1e-32 && dy > 1e-32 {
		e := 0.5*math.Log(dy/dx) - math.Log(w.weight)
		r.errors = fading*r.errors + e
		w.weight *= math.Exp(proportional*e + integral*r.errors)
	} else if r.haveBest {
		w.weight, r.errors = r.best, 0
	}
	// A weight that has run off leaves one residual far behind the other, and
	// distances alone do not bring it back.
	lag := limited(math.Log(max(c.Primal, 1e-12)/max(c.Dual, 1e-12)), mostLag)
	w.weight *= math.Exp(pull * (lag - limited(lag, tolerated)))
	if gap := math.Abs(math.Log10(c.Dual / c.Primal)); !math.IsNaN(gap) && (!r.haveBest || gap < r.bestGap) {
		r.best, r.bestGap, r.haveBest = w.weight, gap, true
	}
}

func limited(v, most float64) float64 { return min(max(v, -most), most) }
