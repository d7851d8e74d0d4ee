//go:build !amd64 && !arm64

package pdhg

func vectors() string { return "plain" }

// accumulate is accumulatePlain.
func accumulate(dst []float64, start float64, src []float64, whole []int32, wholes []float64, partial []patterned, patterns []pattern) {
	accumulatePlain(dst, start, src, whole, wholes, partial, patterns)
}

// addPartial is addPartialPlain.
func addPartial(dst, src []float64, partial []patterned, patterns []pattern) {
	addPartialPlain(dst, src, partial, patterns)
}

// axpy is axpyPlain.
func axpy(a float64, x, y []float64) { axpyPlain(a, x, y) }

// sum is sumPlain.
func sum(x []float64) float64 { return sumPlain(x) }

// dot is dotPlain.
func dot(x, y []float64) float64 { return dotPlain(x, y) }

func stepPrimal(to, x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) float64 {
	return primalStepPlain(to, x, x0, xbar, g, c, lo, up, tau, w)
}

func stepDual(to, y, y0, a []float64, lo, up operand, sigma, w float64) float64 {
	return dualStepPlain(to, y, y0, a, lo, up, sigma, w)
}
