package interior

import (
	"math"
	"slices"
)

// polishes is how often duals are refined at the end, at most.
const polishes = 6

// polish brings a point near the optimum onto the face of all optima: what stands
// closer to a bound than its multiplier to zero is put at that bound, and what is
// inside its bounds meets the rows, and its reduced costs zero, as closely as figures can
// (Mehrotra and Ye 1993, Math. Program. 62). Residuals are summed up in twice the
// precision; what they take is added to x, to y and, where y is too coarse, to the vector
// returned (iterative refinement in extended precision: Gleixner, Steffy,
// Wolter 2016, INFORMS J. Comput. 28(3)). Duals of that accuracy may be multiplied by
// large numbers and added up, and levels of that accuracy be kept exactly, see
// plan's face.
func (p *path) polish(x, y []float64) []float64 {
	f, w := p.f, p.w
	inside := make([]bool, len(p.x))
	p.diagonals()
	for i := range p.x {
		switch {
		case i < f.n:
			inside[i] = w.d[i] < 1
			w.d[i] = pick(inside[i], 1, 1e12)
		case p.fixed(i):
			w.e[i-f.n] = 0
		default:
			inside[i] = w.e[i-f.n] > 1
			w.e[i-f.n] = pick(inside[i], 1, 1e-12)
		}
		if !inside[i] {
			x[i] = p.bound(i, x[i])
		}
	}
	w.prepare()
	p.polishPrimal(x, inside)
	return p.polishDual(y, inside)
}

func pick(is bool, a, b float64) float64 {
	if is {
		return a
	}
	return b
}

// bound returns the bound that variable i is driven to, x if it has none.
func (p *path) bound(i int, x float64) float64 {
	switch {
	case p.fixed(i):
		return p.f.lower[i]
	case p.hasL[i] && (!p.hasU[i] || p.zl[i]*p.xu[i] >= p.zu[i]*p.xl[i]):
		return p.f.lower[i]
	case p.hasU[i]:
		return p.f.upper[i]
	}
	return x
}

// polishPrimal moves what is inside its bounds until the rows are met.
func (p *path) polishPrimal(x []float64, inside []bool) {
	f, w := p.f, p.w
	clear(w.h)
	best := slices.Clone(x)
	last := math.Inf(1)
	for range polishes {
		worst := p.missed(x, w.g)
		if !(worst < 0.7*last) {
			break
		}
		copy(best, x)
		last = worst
		w.solve()
		for j := range f.n {
			if inside[j] {
				x[j] += w.dx[j]
			}
		}
		for i := range f.m {
			if inside[f.n+i] {
				x[f.n+i] -= float64(w.dy[i] * w.e[i])
			}
		}
	}
	copy(x, best)
}

// missed puts s − A·x into g, summed up in twice the precision, and returns the largest.
func (p *path) missed(x, g []float64) float64 {
	f := p.f
	sums := make([]pair, f.m)
	for i := range sums {
		sums[i].hi = x[f.n+i]
	}
	for j := range f.n {
		for k := f.start[j]; k < f.start[j+1]; k++ {
			sums[f.index[k]].addProduct(-f.value[k], x[j])
		}
	}
	worst := 0.0
	for i, s := range sums {
		g[i] = s.hi + s.lo
		worst = max(worst, math.Abs(g[i]))
	}
	return worst
}

// polishDual moves y until the reduced costs of what is inside its bounds are zero.
func (p *path) polishDual(y []float64, inside []bool) []float64 {
	f, w := p.f, p.w
	low := make([]float64, f.m)
	best := state{slices.Clone(low), slices.Clone(y), math.Inf(1)}
	for range polishes {
		worst := p.away(y, low, inside)
		if !(worst < 0.7*best.worst) {
			break
		}
		best = state{append([]float64(nil), low...), append([]float64(nil), y...), worst}
		w.solve()
		for i, d := range w.dy {
			s := pair{y[i], low[i]}
			s.add(d)
			y[i], low[i] = s.hi, s.lo
		}
	}
	copy(y, best.y)
	return best.x
}

// away puts the residuals of the duals of what is inside its bounds into the system and returns the largest.
func (p *path) away(y, low []float64, inside []bool) float64 {
	f, w := p.f, p.w
	worst := 0.0
	for j := range f.n {
		w.h[j] = 0
		if !inside[j] {
			continue
		}
		s := pair{f.cost[j], 0}
		for k := f.start[j]; k < f.start[j+1]; k++ {
			i := f.index[k]
			s.addProduct(-f.value[k], y[i])
			s.addProduct(-f.value[k], low[i])
		}
		w.h[j] = s.hi + s.lo
		worst = max(worst, math.Abs(w.h[j]))
	}
	for i := range f.m {
		w.g[i] = 0
		if inside[f.n+i] {
			w.g[i] = -(y[i] + low[i])
			worst = max(worst, math.Abs(w.g[i]))
		}
	}
	return worst
}

// pair is a number of twice the precision, hi + lo.
type pair struct{ hi, lo float64 }

func (s *pair) add(v float64) {
	t := s.hi + v
	b := t - s.hi
	e := (s.hi - (t - b)) + (v - b)
	e += s.lo
	s.hi = t + e
	s.lo = e - (s.hi - t)
}

func (s *pair) addProduct(a, b float64) {
	v := float64(a * b)
	s.add(v)
	s.add(math.FMA(a, b, -v))
}
