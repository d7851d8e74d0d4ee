package pdhg

import "unsafe"

// The kernels take whole lines of values; what is left is done in Go.

//go:noescape
func accumulateNEON(n int, dst *float64, start float64, src *float64, k int, whole *int32, wholes *float64)

//go:noescape
func axpyNEON(n int, a float64, x, y *float64)

//go:noescape
func sumNEON(s *[lanes]float64, n int, x *float64)

//go:noescape
func dotNEON(s *[lanes]float64, n int, x, y *float64)

//go:noescape
func primalNEON(s *[lanes]float64, n int, to *float64, tos int, x, x0, xbar, aty, c *float64, cs int, lo *float64, los int, up *float64, ups int, tau, w float64)

//go:noescape
func dualNEON(s *[lanes]float64, n int, to *float64, tos int, y, y0, a, lo *float64, los int, up *float64, ups int, sigma, inverse, w float64)

func vectors() string { return "NEON" }

// accumulate is accumulatePlain.
func accumulate(dst []float64, start float64, src []float64, whole []int32, wholes []float64, partial []patterned, patterns []pattern) {
	n := len(dst) &^ 3
	accumulateNEON(n, unsafe.SliceData(dst), start, unsafe.SliceData(src), len(wholes), unsafe.SliceData(whole), unsafe.SliceData(wholes))
	if n < len(dst) {
		accumulatePlain(dst[n:], start, src[min(n, len(src)):], whole, wholes, nil, nil)
	}
	addPartial(dst, src, partial, patterns)
}

// addPartial is addPartialPlain.
func addPartial(dst, src []float64, partial []patterned, patterns []pattern) {
	for _, e := range partial {
		for _, r := range patterns[e.pattern].runs {
			axpy(e.value, src[e.off+r.src:][:r.n], dst[r.dst:])
		}
	}
}

// axpy is axpyPlain.
func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	n := len(x) &^ 3
	axpyNEON(n, a, unsafe.SliceData(x), unsafe.SliceData(y))
	axpyPlain(a, x[n:], y[n:])
}

// sum is sumPlain.
func sum(x []float64) float64 {
	var s [lanes]float64
	n := len(x) &^ 7
	sumNEON(&s, n, unsafe.SliceData(x))
	sumLanes(&s, x[n:])
	return fold(&s)
}

// dot is dotPlain.
func dot(x, y []float64) float64 {
	var s [lanes]float64
	y = y[:len(x)]
	n := len(x) &^ 7
	dotNEON(&s, n, unsafe.SliceData(x), unsafe.SliceData(y))
	dotLanes(&s, x[n:], y[n:])
	return fold(&s)
}

// pair is two values of an operand or a place for them.
type pair [2]float64

// pairs returns where a kernel finds n values of an operand, two by two.
func (o operand) pairs(p *pair, n int) (at *float64, step int) {
	if o.step == 0 {
		*p = pair{o.at[0], o.at[0]}
		return &p[0], 0
	}
	return &o.at[:n][0], 16
}

// from returns what an operand is from value k on.
func (o operand) from(k int) operand { return operand{o.at[k*o.step:], o.step} }

// target returns where a kernel stores v, if anywhere, and what is left of to behind n values.
func target(p *pair, to []float64, n int) (at *float64, step int, rest []float64) {
	if to == nil {
		return &p[0], 0, nil
	}
	return &to[:n][0], 16, to[n:]
}

func stepPrimal(to, x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) float64 {
	var s [lanes]float64
	all, n := len(x), len(x)&^7
	x0, xbar, g = x0[:all], xbar[:all], g[:all]
	if n > 0 {
		var pc, pl, pu, pt pair
		ac, cs := c.pairs(&pc, n)
		al, los := lo.pairs(&pl, n)
		au, ups := up.pairs(&pu, n)
		at, tos, rest := target(&pt, to, n)
		primalNEON(&s, n, at, tos, &x[0], &x0[0], &xbar[0], &g[0], ac, cs, al, los, au, ups, tau, w)
		to = rest
	}
	if n < all {
		primalLanes(&s, to, x[n:], x0[n:], xbar[n:], g[n:], c.from(n), lo.from(n), up.from(n), tau, w)
	}
	if to == nil {
		return 0
	}
	return fold(&s)
}

func stepDual(to, y, y0, a []float64, lo, up operand, sigma, w float64) float64 {
	var s [lanes]float64
	all, n := len(y), len(y)&^7
	y0, a = y0[:all], a[:all]
	if n > 0 {
		var pl, pu, pt pair
		al, los := lo.pairs(&pl, n)
		au, ups := up.pairs(&pu, n)
		at, tos, rest := target(&pt, to, n)
		dualNEON(&s, n, at, tos, &y[0], &y0[0], &a[0], al, los, au, ups, sigma, 1/sigma, w)
		to = rest
	}
	if n < all {
		dualLanes(&s, to, y[n:], y0[n:], a[n:], lo.from(n), up.from(n), sigma, w)
	}
	if to == nil {
		return 0
	}
	return fold(&s)
}
