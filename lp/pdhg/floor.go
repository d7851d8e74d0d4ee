package pdhg

import (
	"time"

	"bremen/lp/block"
)

// Kernels names the vectors that the inner loops work on with this processor:
// "AVX-512", "AVX2", "NEON", or "plain" for those in Go.
func Kernels() string { return vectors() }

// Floor is the least that one iteration over a program can cost.
type Floor struct {
	Bytes int64 // that it cannot but move to and from memory
	// Axpy and Triad are how long that takes at the speed of y += a·x, the
	// fastest loop here, which reads and writes nothing that it does not count,
	// and of STREAM's a = b + s·c in plain Go.
	Axpy, Triad time.Duration
}

// MeasureFloor counts what an iteration over a valid program moves, and times
// loops that move as much between arrays of that size with so many threads. Of
// many it takes the best, which others at work on the machine disturb least.
func MeasureFloor(p *block.Problem, threads int) Floor {
	var by scaling
	by.equilibrate(p, nil, nil)
	scaled := by.apply(p, nil)
	op := newBlocks(scaled, threads)
	f := Floor{Bytes: traffic(op, newWalk(op, scaled))}
	f.Axpy, f.Triad = bandwidth(f.Bytes, op.byCol.crew)
	return f
}

// Bandwidth returns the bytes per second that so many threads move between
// arrays of so many bytes in all, by the loops of [Floor].
func Bandwidth(bytes int64, threads int) (axpy, triad float64) {
	a, t := bandwidth(bytes, newCrew(threads))
	return float64(bytes) / a.Seconds(), float64(bytes) / t.Seconds()
}

// traffic counts what an iteration reads and writes at least, each vector once
// a pass and figures that stay the same not at all.
func traffic(op *blocks, w *walk) int64 {
	bytes := 8*op.cols*(4+1) + 8*op.rows*(3+1) // x, x0, x, xbar and xbar; y, y0, y and y
	one := func(o operand) { bytes += 8 * o.step * len(o.at) }
	for _, c := range w.cols {
		one(c.cost)
		one(c.lower)
		one(c.upper)
	}
	for _, r := range w.rows {
		one(r.lower)
		one(r.upper)
	}
	for _, side := range []*side{op.byCol, op.byRow} {
		for _, s := range []source{side.now, side.late} {
			bytes += 12*len(s.whole) + 12*len(s.level) + 16*len(s.partial) + 12*len(s.index) + 8*len(s.start) + 16*len(s.ends)
		}
	}
	return int64(bytes)
}

// bandwidth returns how long the threads of a crew need at least to move that
// many bytes, all there are of the arrays.
func bandwidth(bytes int64, c *crew) (axpyTime, triadTime time.Duration) {
	n := max(1, int(bytes/24))
	x, y, z := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n { // what was never written is one page of zeros in the cache
		x[i], y[i], z[i] = 1, 1, 1
	}
	best := func(loop func(lo, hi int)) time.Duration {
		least, start := time.Duration(1<<62), time.Now()
		for k := 0; k < 5 || k < 30 && time.Since(start) < time.Second/4; k++ {
			began := time.Now()
			c.run(mostParts, 1<<30, func(_, part int) { loop(n*part/mostParts, n*(part+1)/mostParts) })
			least = min(least, time.Since(began))
		}
		return max(least, 1)
	}
	axpyTime = best(func(lo, hi int) { axpy(0.5, x[lo:hi], y[lo:hi]) })
	triadTime = best(func(lo, hi int) {
		a, b, c := z[lo:hi], x[lo:hi], y[lo:hi]
		for i := range a {
			a[i] = b[i] + 0.5*c[i]
		}
	})
	return axpyTime, triadTime
}
