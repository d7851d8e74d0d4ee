package interior

import (
	"math"
	"slices"
)

// path follows the central path from an infeasible point to the optimum by
// predictor and corrector steps (Mehrotra 1992, SIAM J. Optim. 2(4)) with
// further centrality correctors (Gondzio 1996, Comput. Optim. Appl. 6).
type path struct {
	f *form
	w *newton

	x, y   []float64 // per variable; per row
	xl, xu []float64 // distances to the bounds, 0 where there is none
	zl, zu []float64 // their multipliers

	hasL, hasU []bool
	pairs      int // bounds there are

	rp, rd, rl, ru []float64
	rcl, rcu       []float64
	ax             []float64
	dir, trial     direction

	unitP, unitD []float64 // per variable: what a residual counts for, relative and unscaled
	best         state     // the point of least residuals so far
	primal, dual float64   // relative residuals
	gap          float64   // relative
	mu           float64
	quality      float64 // of the last system solved: its relative residual
}

type direction struct {
	x, y, xl, xu, zl, zu []float64
}

func newDirection(n, m int) direction {
	mk := func() []float64 { return make([]float64, n+m) }
	return direction{mk(), make([]float64, m), mk(), mk(), mk(), mk()}
}

func newPath(f *form, w *newton) *path {
	t := f.n + f.m
	p := &path{f: f, w: w, hasL: make([]bool, t), hasU: make([]bool, t), dir: newDirection(f.n, f.m), trial: newDirection(f.n, f.m)}
	for _, v := range []*[]float64{&p.x, &p.xl, &p.xu, &p.zl, &p.zu, &p.rd, &p.rl, &p.ru, &p.rcl, &p.rcu} {
		*v = make([]float64, t)
	}
	p.y, p.rp, p.ax = make([]float64, f.m), make([]float64, f.m), make([]float64, f.m)
	for i := range t {
		if p.fixed(i) {
			p.x[i] = f.lower[i]
			continue
		}
		p.hasL[i], p.hasU[i] = !math.IsInf(f.lower[i], -1), !math.IsInf(f.upper[i], 1)
		for _, has := range []bool{p.hasL[i], p.hasU[i]} {
			if has {
				p.pairs++
			}
		}
	}
	p.best = state{slices.Clone(p.x), slices.Clone(p.y), math.Inf(1)}
	p.unitP, p.unitD = make([]float64, t), make([]float64, t)
	for i := range t {
		u, c := 1.0, 0.0 // of the whole problem in the scaled one's
		if i < f.n {
			u, c = f.colScale[i], f.cost[i]/f.colScale[i]
		} else {
			u = 1 / f.rowScale[i-f.n]
		}
		bound := math.Inf(1)
		for _, b := range []float64{f.lower[i], f.upper[i]} {
			bound = min(bound, math.Abs(b)*u)
		}
		if math.IsInf(bound, 1) {
			bound = 0
		}
		p.unitP[i] = u / (1 + bound)
		p.unitD[i] = 1 / (f.costScale * u) / (1 + math.Abs(c)/f.costScale)
	}
	return p
}

// state is a point of the path.
type state struct {
	x, y  []float64
	worst float64
}

// fixed tells whether variable i is the slack of an equation. A column is none
// even where scaling has brought its bounds together.
func (p *path) fixed(i int) bool { return i >= p.f.n && p.f.lower[i] == p.f.upper[i] }

// residuals finds what the point misses of all conditions.
func (p *path) residuals() {
	f := p.f
	f.times(p.x, p.ax)
	p.primal, p.dual, p.mu = 0, 0, 0
	primal, dual := 0.0, 0.0
	for i := range f.m {
		p.rp[i] = p.x[f.n+i] - p.ax[i]
		p.primal = max(p.primal, math.Abs(p.rp[i])*p.unitP[f.n+i])
	}
	for i := range p.x {
		if p.fixed(i) { // an equation: no multipliers, its right-hand side counts
			dual += float64(f.lower[i] * p.y[i-f.n])
			continue
		}
		if i < f.n {
			p.rd[i] = f.cost[i] - f.column(i, p.y)
			primal += float64(f.cost[i] * p.x[i])
		} else {
			p.rd[i] = p.y[i-f.n]
		}
		p.rd[i] += p.zu[i] - p.zl[i]
		p.dual = max(p.dual, math.Abs(p.rd[i])*p.unitD[i])
		if p.hasL[i] {
			p.rl[i] = f.lower[i] - p.x[i] + p.xl[i]
			p.primal = max(p.primal, math.Abs(p.rl[i])*p.unitP[i])
			p.mu += float64(p.xl[i] * p.zl[i])
			dual += float64(f.lower[i] * p.zl[i])
		}
		if p.hasU[i] {
			p.ru[i] = f.upper[i] - p.x[i] - p.xu[i]
			p.primal = max(p.primal, math.Abs(p.ru[i])*p.unitP[i])
			p.mu += float64(p.xu[i] * p.zu[i])
			dual -= float64(f.upper[i] * p.zu[i])
		}
	}
	p.gap = math.Abs(primal-dual) / (f.costScale + math.Abs(primal) + math.Abs(dual))
	if p.pairs > 0 {
		p.mu /= float64(p.pairs)
	}
}

// diagonals sets D and E of the step's system.
func (p *path) diagonals() {
	f := p.f
	for i := range p.x {
		d := 0.0
		if p.hasL[i] {
			d += p.zl[i] / p.xl[i]
		}
		if p.hasU[i] {
			d += p.zu[i] / p.xu[i]
		}
		switch {
		case i < f.n:
			p.w.d[i] = d
		case p.fixed(i):
			p.w.e[i-f.n] = 0
		default:
			p.w.e[i-f.n] = 1 / max(d, 1e-20)
		}
	}
}

// solve finds the direction to the present residuals, with rcl and rcu as the
// change wanted of each product of distance and multiplier.
func (p *path) solve(out *direction) {
	f, w := p.f, p.w
	copy(w.g, p.rp)
	slack := func(i int) float64 {
		h := p.rd[i]
		if p.hasL[i] {
			h -= (p.rcl[i] + float64(p.zl[i]*p.rl[i])) / p.xl[i]
		}
		if p.hasU[i] {
			h += (p.rcu[i] - float64(p.zu[i]*p.ru[i])) / p.xu[i]
		}
		return h
	}
	for j := range f.n {
		w.h[j] = slack(j)
	}
	for i := range f.m {
		if k := f.n + i; !p.fixed(k) {
			out.x[k] = slack(k)
			w.g[i] -= float64(out.x[k] * w.e[i])
		}
	}
	p.quality = w.solve()
	copy(out.x, w.dx)
	copy(out.y, w.dy)
	for i := range f.m {
		if k := f.n + i; !p.fixed(k) {
			out.x[k] = -(out.x[k] + w.dy[i]) * w.e[i]
		}
	}
	for i := range p.x {
		if p.hasL[i] {
			out.xl[i] = out.x[i] - p.rl[i]
			out.zl[i] = (p.rcl[i] - float64(p.zl[i]*out.xl[i])) / p.xl[i]
		}
		if p.hasU[i] {
			out.xu[i] = p.ru[i] - out.x[i]
			out.zu[i] = (p.rcu[i] - float64(p.zu[i]*out.xu[i])) / p.xu[i]
		}
	}
}

// longest returns how far one may go in primal and dual until a distance or multiplier is zero, 1 at most.
func (p *path) longest(d *direction) (primal, dual float64) {
	primal, dual = 1, 1
	for i := range p.x {
		if p.hasL[i] {
			if d.xl[i] < 0 {
				primal = min(primal, -p.xl[i]/d.xl[i])
			}
			if d.zl[i] < 0 {
				dual = min(dual, -p.zl[i]/d.zl[i])
			}
		}
		if p.hasU[i] {
			if d.xu[i] < 0 {
				primal = min(primal, -p.xu[i]/d.xu[i])
			}
			if d.zu[i] < 0 {
				dual = min(dual, -p.zu[i]/d.zu[i])
			}
		}
	}
	return primal, dual
}

// each calls do for every pair of a distance and its multiplier.
func (p *path) each(d *direction, do func(x, z, dx, dz float64, rc *float64)) {
	for i := range p.x {
		if p.hasL[i] {
			do(p.xl[i], p.zl[i], d.xl[i], d.zl[i], &p.rcl[i])
		}
		if p.hasU[i] {
			do(p.xu[i], p.zu[i], d.xu[i], d.zu[i], &p.rcu[i])
		}
	}
}

// step makes one iteration.
func (p *path) step() {
	p.diagonals()
	p.w.prepare()
	p.each(&p.dir, func(x, z, _, _ float64, rc *float64) { *rc = -x * z })
	for p.solve(&p.dir); p.quality > poor && p.w.raise(); p.solve(&p.dir) {
		p.w.decompose()
	}
	ap, ad := p.longest(&p.dir)
	after := 0.0
	p.each(&p.dir, func(x, z, dx, dz float64, _ *float64) { after += float64((x + float64(ap*dx)) * (z + float64(ad*dz))) })
	after /= float64(max(1, p.pairs))
	sigma := math.Pow(after/p.mu, 3)
	if sigma > 1 {
		sigma = 1
	}
	target := sigma * p.mu
	p.each(&p.dir, func(x, z, dx, dz float64, rc *float64) {
		*rc = target - float64(x*z) - float64(dx*dz)
	})
	p.solve(&p.dir)
	ap, ad = p.longest(&p.dir)
	ap, ad = p.correct(ap, ad, target)
	p.move(ap, ad)
}

// poor is the residual of a system from which it is factored again, further from singular.
const poor = 1e-6

// leastStart is how far from its bounds, at least, the path begins.
const leastStart = 1e-2

// correctors is how many further directions of an iteration are tried.
const correctors = 2

// correct improves the direction towards products of like size, as long as that lengthens the steps.
func (p *path) correct(ap, ad, target float64) (float64, float64) {
	for range correctors {
		if ap > 0.95 && ad > 0.95 {
			break
		}
		tp, td := min(1, ap+0.3), min(1, ad+0.3)
		keepL, keepU := append([]float64(nil), p.rcl...), append([]float64(nil), p.rcu...)
		p.each(&p.dir, func(x, z, dx, dz float64, rc *float64) {
			v := float64((x + float64(tp*dx)) * (z + float64(td*dz)))
			t := min(max(v, float64(0.1*target)), float64(10*target)) - v
			*rc += max(t, -10*target)
		})
		p.solve(&p.trial)
		bp, bd := p.longest(&p.trial)
		if bp+bd < ap+ad+0.02 {
			copy(p.rcl, keepL)
			copy(p.rcu, keepU)
			break
		}
		better := bp >= ap+0.01 && bd >= ad-0.01 || bd >= ad+0.01 && bp >= ap-0.01 || bp+bd > ap+ad+0.05
		if !better {
			break
		}
		p.dir, p.trial = p.trial, p.dir
		ap, ad = bp, bd
	}
	return ap, ad
}

// move goes along the direction, short of the bounds.
func (p *path) move(ap, ad float64) {
	short := max(0.995, 1-p.mu)
	short = min(short, 0.99999)
	ap, ad = min(1, short*ap), min(1, short*ad)
	d := &p.dir
	for i := range p.x {
		if p.fixed(i) {
			continue
		}
		p.x[i] += float64(ap * d.x[i])
		if p.hasL[i] {
			p.xl[i] = max(p.xl[i]+float64(ap*d.xl[i]), 1e-300)
			p.zl[i] = max(p.zl[i]+float64(ad*d.zl[i]), 1e-300)
		}
		if p.hasU[i] {
			p.xu[i] = max(p.xu[i]+float64(ap*d.xu[i]), 1e-300)
			p.zu[i] = max(p.zu[i]+float64(ad*d.zu[i]), 1e-300)
		}
	}
	for i := range p.y {
		p.y[i] += float64(ad * d.y[i])
	}
}

// begin puts the path at a point whose distances and multipliers are large
// enough for its residuals (Mehrotra 1992, section 7, with two bounds).
func (p *path) begin() {
	f, w := p.f, p.w
	for j := range w.d {
		w.d[j] = 1
	}
	for i := range w.e {
		w.e[i] = 1
		if p.fixed(f.n + i) {
			w.e[i] = 0
		}
	}
	w.prepare()
	// The point nearest to the nearest to zero that meets A·x = s.
	for i := range p.x {
		if !p.fixed(i) {
			p.x[i] = min(max(0, f.lower[i]), f.upper[i])
		}
	}
	f.times(p.x, p.ax)
	for i := range p.ax {
		w.g[i] = p.x[f.n+i] - p.ax[i]
	}
	clear(w.h)
	w.solve()
	for j := range f.n {
		p.x[j] += w.dx[j]
	}
	for i := range f.m {
		if k := f.n + i; !p.fixed(k) {
			p.x[k] -= w.dy[i]
		}
	}
	// Multipliers nearest to zero: min |c − Aᵀy|.
	copy(w.h, f.cost)
	clear(w.g)
	w.solve()
	copy(p.y, w.dy)
	lowX, lowZ := 0.0, 0.0
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
		switch {
		case p.hasL[i] && p.hasU[i]:
			p.xl[i], p.xu[i] = p.x[i]-f.lower[i], f.upper[i]-p.x[i]
			p.zl[i], p.zu[i] = z/2, -z/2
		case p.hasL[i]:
			p.xl[i], p.zl[i] = p.x[i]-f.lower[i], z
		case p.hasU[i]:
			p.xu[i], p.zu[i] = f.upper[i]-p.x[i], -z
		}
	}
	p.each(&p.dir, func(x, z, _, _ float64, _ *float64) { lowX, lowZ = min(lowX, x), min(lowZ, z) })
	dx, dz := max(-1.5*lowX, leastStart), max(-1.5*lowZ, leastStart)
	sum, sumX, sumZ := 0.0, 0.0, 0.0
	p.each(&p.dir, func(x, z, _, _ float64, _ *float64) {
		sum += float64((x + dx) * (z + dz))
		sumX += x + dx
		sumZ += z + dz
	})
	dx += sum / (2 * sumZ)
	dz += sum / (2 * sumX)
	for i := range p.x {
		if p.hasL[i] {
			p.xl[i] += dx
			p.zl[i] += dz
		}
		if p.hasU[i] {
			p.xu[i] += dx
			p.zu[i] += dz
		}
	}
}

// Where the path is left: after so many iterations without any gain, and, once
// within the tolerance, when it is within sharp or after a few more. At the end of
// the path residuals shrink with the square of what they were, and the nearer its
// point is to the optimum, the surer it shows what stands at its bounds.
const (
	stalled = 15
	sharp   = 1e-11
	few     = 6
)

// follow goes on until the point is sharp, or within tol and hardly nearer soon.
func (p *path) follow(r *run, tol float64) error {
	p.residuals()
	least, since, more := math.Inf(1), 0, 0
	for range mostIterations {
		worst := max(p.primal, p.dual, p.gap)
		if math.IsNaN(worst) {
			return nil
		}
		if worst < p.best.worst {
			p.best = state{append(p.best.x[:0], p.x...), append(p.best.y[:0], p.y...), worst}
		}
		if worst <= sharp {
			return nil
		}
		if merit := worst * max(p.mu, 1e-12); merit < 0.9*least {
			least, since = merit, 0
		} else if since++; since > stalled {
			return nil
		}
		if p.best.worst <= tol {
			if more++; more > few {
				return nil
			}
		}
		p.step()
		p.residuals()
		if ok, err := r.step(); err != nil || !ok {
			return err
		}
	}
	return nil
}
