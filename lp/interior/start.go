package interior

import "math"

// centring is how many times the mean of the products of distances and
// multipliers of a point that another method has come to the path begins at. Far less and the path
// creeps along the bounds, far more and nothing is gained by the point.
const centring = 25

// beginAt puts the path near a point x and row duals y of the whole problem,
// which need not be feasible: what they miss are residuals like others. Every
// distance and multiplier is at least so large that their product is one for all pairs.
func (p *path) beginAt(x, y []float64) {
	f := p.f
	sign := 1.0
	if f.whole.Maximise {
		sign = -1
	}
	for k, j := range f.cols {
		p.x[k] = x[j] / f.colScale[k]
	}
	for k, i := range f.rows {
		p.y[k] = sign * y[i] * f.costScale / f.rowScale[k]
	}
	f.times(p.x, p.ax)
	for i, a := range p.ax {
		if k := f.n + i; !p.fixed(k) {
			p.x[k] = min(max(a, f.lower[k]), f.upper[k])
		}
	}
	for i := range p.x {
		if p.fixed(i) {
			continue
		}
		z := 0.0
		if i < f.n {
			z = f.cost[i] - f.column(i, p.y)
		} else {
			z = p.y[i-f.n]
		}
		if p.hasL[i] {
			p.xl[i], p.zl[i] = max(p.x[i]-f.lower[i], 0), max(z, 0)
		}
		if p.hasU[i] {
			p.xu[i], p.zu[i] = max(f.upper[i]-p.x[i], 0), max(-z, 0)
		}
	}
	sum := 0.0
	p.each(&p.dir, func(x, z, _, _ float64, _ *float64) { sum += float64(x * z) })
	mu := max(centring*sum/float64(max(1, p.pairs)), 1e-10)
	for i := range p.x {
		if p.hasL[i] {
			p.xl[i], p.zl[i] = apart(p.xl[i], p.zl[i], mu)
		}
		if p.hasU[i] {
			p.xu[i], p.zu[i] = apart(p.xu[i], p.zu[i], mu)
		}
	}
}

// apart returns a distance and a multiplier no less than those given whose product is mu or more.
func apart(x, z, mu float64) (float64, float64) {
	switch {
	case float64(x*z) >= mu:
		return x, z
	case x > z:
		x = max(x, math.Sqrt(mu))
		return x, mu / x
	}
	z = max(z, math.Sqrt(mu))
	return mu / z, z
}
