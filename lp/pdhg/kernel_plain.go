package pdhg

// primalStep is primalStepPlain without to.
func primalStep(x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) {
	primalStepPlain(nil, x, x0, xbar, g, c, lo, up, tau, w)
}

// primalStepTo is primalStepPlain.
func primalStepTo(v, x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) (moved float64) {
	return primalStepPlain(v[:len(x)], x, x0, xbar, g, c, lo, up, tau, w)
}

// dualStep is dualStepPlain without to.
func dualStep(y, y0, a []float64, lo, up operand, sigma, w float64) {
	dualStepPlain(nil, y, y0, a, lo, up, sigma, w)
}

// dualStepTo is dualStepPlain.
func dualStepTo(v, y, y0, a []float64, lo, up operand, sigma, w float64) (moved float64) {
	return dualStepPlain(v[:len(y)], y, y0, a, lo, up, sigma, w)
}

// dot is dotPlain.
func dot(x, y []float64) float64 { return dotPlain(x, y) }

// sum is sumPlain.
func sum(x []float64) float64 { return sumPlain(x) }

// axpy is axpyPlain.
func axpy(a float64, x, y []float64) { axpyPlain(a, x, y) }

// accumulate is accumulatePlain.
func accumulate(dst []float64, start float64, src []float64, off []int32, val []float64) {
	accumulatePlain(dst, start, src, off, val)
}

// axpyRuns is axpyRunsPlain.
func axpyRuns(a float64, src, dst []float64, runs []stretch) { axpyRunsPlain(a, src, dst, runs) }
