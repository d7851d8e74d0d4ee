package pdhg

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

//go:noescape
func accumulate512(n int, dst *float64, start float64, src *float64, k int, whole *int32, wholes *float64, partials int, partial *patterned, patterns *pattern)

//go:noescape
func accumulate256(n int, dst *float64, start float64, src *float64, k int, whole *int32, wholes *float64)

//go:noescape
func addPartial512(dst, src *float64, partials int, partial *patterned, patterns *pattern)

//go:noescape
func axpy512(n int, a float64, x, y *float64)

//go:noescape
func axpy256(n int, a float64, x, y *float64)

//go:noescape
func sum256(n int, x *float64) float64

//go:noescape
func dot256(n int, x, y *float64) float64

//go:noescape
func primal512(n int, to, x, x0, xbar, aty, c *float64, cs int, lo *float64, los int, up *float64, ups int, tau, w float64) float64

//go:noescape
func primal256(n int, to, x, x0, xbar, aty, c *float64, cs int, lo *float64, los int, up *float64, ups int, tau, w float64) float64

//go:noescape
func dual512(n int, to, y, y0, a, lo *float64, los int, up *float64, ups int, sigma, w float64) float64

//go:noescape
func dual256(n int, to, y, y0, a, lo *float64, los int, up *float64, ups int, sigma, w float64) float64

var (
	wide = cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ
	fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA
)

func vectors() string {
	switch {
	case wide:
		return "AVX-512"
	case fast:
		return "AVX2"
	}
	return "plain"
}

// accumulate is accumulatePlain.
func accumulate(dst []float64, start float64, src []float64, whole []int32, wholes []float64, partial []patterned, patterns []pattern) {
	d, s, o, v := unsafe.SliceData(dst), unsafe.SliceData(src), unsafe.SliceData(whole), unsafe.SliceData(wholes)
	switch {
	case wide:
		_ = dst[:(len(dst)+7)&^7]
		accumulate512(len(dst), d, start, s, len(wholes), o, v, len(partial), unsafe.SliceData(partial), unsafe.SliceData(patterns))
	case fast:
		accumulate256(len(dst), d, start, s, len(wholes), o, v)
		addPartial(dst, src, partial, patterns)
	default:
		accumulatePlain(dst, start, src, whole, wholes, partial, patterns)
	}
}

// addPartial is addPartialPlain.
func addPartial(dst, src []float64, partial []patterned, patterns []pattern) {
	switch {
	case wide:
		_ = dst[:(len(dst)+7)&^7]
		addPartial512(unsafe.SliceData(dst), unsafe.SliceData(src), len(partial), unsafe.SliceData(partial), unsafe.SliceData(patterns))
	case fast:
		for _, e := range partial {
			for _, r := range patterns[e.pattern].runs {
				axpy256(int(r.n), e.value, &src[e.off+r.src], &dst[r.dst])
			}
		}
	default:
		addPartialPlain(dst, src, partial, patterns)
	}
}

// axpy is axpyPlain.
func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	switch {
	case wide:
		axpy512(len(x), a, unsafe.SliceData(x), unsafe.SliceData(y))
	case fast:
		axpy256(len(x), a, unsafe.SliceData(x), unsafe.SliceData(y))
	default:
		axpyPlain(a, x, y)
	}
}

// sum is sumPlain.
func sum(x []float64) float64 {
	if !fast {
		return sumPlain(x)
	}
	return sum256(len(x), unsafe.SliceData(x))
}

// dot is dotPlain.
func dot(x, y []float64) float64 {
	if !fast {
		return dotPlain(x, y)
	}
	return dot256(len(x), unsafe.SliceData(x), unsafe.SliceData(y[:len(x)]))
}

func stepPrimal(to, x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) float64 {
	n := len(x)
	if !fast || n == 0 {
		return primalStepPlain(to, x, x0, xbar, g, c, lo, up, tau, w)
	}
	_, _, _, _, _, _ = x0[n-1], xbar[n-1], g[n-1], c.at[(n-1)*c.step], lo.at[(n-1)*lo.step], up.at[(n-1)*up.step]
	if wide {
		return primal512(n, unsafe.SliceData(to), &x[0], &x0[0], &xbar[0], &g[0], &c.at[0], c.step, &lo.at[0], lo.step, &up.at[0], up.step, tau, w)
	}
	return primal256(n, unsafe.SliceData(to), &x[0], &x0[0], &xbar[0], &g[0], &c.at[0], c.step, &lo.at[0], lo.step, &up.at[0], up.step, tau, w)
}

func stepDual(to, y, y0, a []float64, lo, up operand, sigma, w float64) float64 {
	n := len(y)
	if !fast || n == 0 {
		return dualStepPlain(to, y, y0, a, lo, up, sigma, w)
	}
	_, _, _, _ = y0[n-1], a[n-1], lo.at[(n-1)*lo.step], up.at[(n-1)*up.step]
	if wide {
		return dual512(n, unsafe.SliceData(to), &y[0], &y0[0], &a[0], &lo.at[0], lo.step, &up.at[0], up.step, sigma, w)
	}
	return dual256(n, unsafe.SliceData(to), &y[0], &y0[0], &a[0], &lo.at[0], lo.step, &up.at[0], up.step, sigma, w)
}
