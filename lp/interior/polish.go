package interior

import (
	"math"
	"slices"
)

// polishes is how often duals are refined at the end, at most.
const polishes = 6

// polish brings the reduced costs of columns between their bounds nearer to
// zero than one float64 per row can: residuals are summed up in twice the
// precision, and what they take is added to y and, where y is too coarse, to the
// vector returned (iterative refinement in extended precision: Gleixner,
// Steffy, Wolter 2016, INFORMS J. Comput. 28(3)). Duals of that accuracy may be
// multiplied by large numbers and added up, see plan's face.
func (p *path) polish(y []float64) []float64 {
	f, w := p.f, p.w
	inside := make([]bool, len(p.x))
	p.diagonals()
	for j := range f.n {
		inside[j] = w.d[j] < 1
		w.d[j] = 1e12
		if inside[j] {
			w.d[j] = 1
		}
	}
	for i := range f.m {
		k := f.n + i
		inside[k] = !p.fixed(k) && w.e[i] > 1
		switch {
		case p.fixed(k):
			w.e[i] = 0
		case inside[k]:
			w.e[i] = 1
		default:
			w.e[i] = 1e-12
		}
	}
	w.prepare()
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
