//go:build !amd64

package pdhg

// accumulate is accumulatePlain.
func accumulate(dst []float64, start float64, src []float64, off []int32, val []float64) {
	accumulatePlain(dst, start, src, off, val)
}

// axpyPattern adds a·src to dst where the runs of a pattern lie.
func axpyPattern(a float64, src, dst []float64, p *pattern) { axpyRunsPlain(a, src, dst, p.runs) }

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
