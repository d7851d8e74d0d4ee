package pdhg

import (
	"math"
	"slices"

	"bremen/lp"
	"bremen/lp/block"
)

// A program without an answer shows in the steps: z − T(z) comes to a limit
// that is not zero, and this limit proves what is the matter (Applegate, Díaz,
// Lu and Lubin, "Infeasibility detection with primal-dual hybrid gradient for
// large-scale linear programming", SIAM J. Optim. 34, 2024, section 4).

const (
	// rayTolerance is by how much a ray may break what it must not, for each unit of what it gains.
	rayTolerance = 1e-7
	// raysFrom is after how many steps from an anchor rays are looked for.
	raysFrom = 2 * checkEvery
)

// hopeless looks whether the last step is a ray that proves that there is no
// feasible point, or no end of better ones. It returns the weights of rows in the first case.
func (r *run) hopeless() (lp.Status, []float64) {
	w := r.w
	h := float64(w.steps) / float64(w.steps+1)
	r.spareX, r.spareY = sized(r.spareX, len(w.x)), sized(r.spareY, len(w.y))
	dx, dy := r.spareX, r.spareY
	lastStep(dx, w.x, w.x0, w.xt, h)
	lastStep(dy, w.y, w.y0, w.yt, h)
	if r.endless(dx) {
		return lp.Unbounded, nil
	}
	if ray := r.farkas(dy); ray != nil {
		return lp.Infeasible, ray
	}
	return lp.Unknown, nil
}

// lastStep sets d to T(z) − z for the z from which the last step went, whose
// result z0 + h·(2·T(z) − z − z0) is.
func lastStep(d, result, z0, image []float64, h float64) {
	for i, v := range image {
		before := 2*v - z0[i] - (result[i]-z0[i])/h
		d[i] = v - before
	}
}

// farkas returns dy as weights of rows if these prove that no point meets all bounds.
func (r *run) farkas(dy []float64) []float64 {
	most := largestOf(dy)
	if most == 0 {
		return nil
	}
	for i := range dy {
		dy[i] /= most
		// What calls for a bound that is not there is no weight.
		if dy[i] > 0 && math.IsInf(r.w.prog.RowLower[i], -1) || dy[i] < 0 && math.IsInf(r.w.prog.RowUpper[i], 1) {
			dy[i] = 0
		}
	}
	worth, broken := r.gauge.ray(dy)
	if worth <= 0 || broken > rayTolerance*worth {
		return nil
	}
	ray := make([]float64, len(dy))
	for i := range ray {
		ray[i] = dy[i] * r.scaling.row[i]
	}
	if !r.proves(ray) {
		return nil
	}
	return ray
}

// proves reports whether a ray proves in exact arithmetic that the program as
// stated has no point, with bounds on columns that its rows imply if need be.
// Where a column has no bound even so, no figure may be off by rounding at
// all; there rayTolerance has to do.
func (r *run) proves(ray []float64) bool {
	if block.FarkasHolds(r.p, ray, nil, nil) {
		return true
	}
	if r.lower == nil {
		r.lower, r.upper = block.ImpliedBounds(r.p)
	}
	infinite := func(v float64) bool { return math.IsInf(v, 0) }
	return slices.ContainsFunc(r.lower, infinite) || slices.ContainsFunc(r.upper, infinite) || block.FarkasHolds(r.p, ray, r.lower, r.upper)
}

// endless reports whether a point may go along dx for ever and gain by it.
func (r *run) endless(dx []float64) bool {
	most := largestOf(dx)
	if most == 0 {
		return false
	}
	p := r.w.prog
	gain, broken := 0.0, 0.0
	for j := range dx {
		dx[j] /= most
		gain -= float64(p.Cost[j] * dx[j])
		broken = max(broken, recedes(dx[j], p.Lower[j], p.Upper[j]))
	}
	if gain <= 0 || broken > rayTolerance*gain {
		return false
	}
	worst := make([]float64, r.w.op.parts())
	r.w.op.eachRow(dx, func(part, first int, g []float64) {
		for k, a := range g {
			worst[part] = max(worst[part], recedes(a, p.RowLower[first+k], p.RowUpper[first+k]))
		}
	})
	for _, v := range worst {
		broken = max(broken, v)
	}
	return broken <= rayTolerance*gain && r.check.Primal <= 1e-2
}

// recedes returns by how much a direction leads out of an interval.
func recedes(d, lower, upper float64) float64 {
	if d > 0 && !math.IsInf(upper, 1) || d < 0 && !math.IsInf(lower, -1) {
		return math.Abs(d)
	}
	return 0
}

func largestOf(v []float64) float64 {
	most := 0.0
	for _, a := range v {
		most = max(most, math.Abs(a))
	}
	return most
}
