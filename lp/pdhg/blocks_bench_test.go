package pdhg

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"bremen/lp/block"
	"bremen/lp/lptest"
)

// BenchmarkIteration times an iteration over economies beside the least it
// could take: the bytes it cannot but move, at the speed at which this machine
// moves them between arrays of the same size with as many threads. The floor is
// the speed of the fastest loop here, y += a·x, which reads and writes nothing
// that it does not count; the triad is STREAM's, a = b + s·c in plain Go. Of all
// the best of many is taken, which others at work on the machine disturb least.
func BenchmarkIteration(b *testing.B) {
	for _, size := range []struct {
		name                     string
		products, sites, periods int
	}{
		{"1e5", 100, 5, 8},
		{"1.2e6", 500, 8, 12},
		{"9.4e6", 3000, 10, 12},
	} {
		p := lptest.Economy(size.products, size.sites, size.periods, 1)
		for _, threads := range []int{1, 2} {
			if threads <= runtime.GOMAXPROCS(0) {
				b.Run(fmt.Sprintf("%s/threads=%d", size.name, threads), func(b *testing.B) { benchIteration(b, p, threads) })
			}
		}
	}
}

func benchIteration(b *testing.B, p *block.Problem, threads int) {
	op := newBlocks(p, threads)
	w := newWalk(op, p)
	w.step, w.weight = 1e-4, 1
	bytes := iterationBytes(op, w)
	floor, triad := bandwidth(bytes, op.byCol.crew)
	least := time.Duration(1 << 62)
	b.ResetTimer()
	for b.Loop() {
		began := time.Now()
		w.advance(false)
		least = min(least, time.Since(began))
	}
	b.ReportMetric(least.Seconds()*1e6, "least-µs")
	b.ReportMetric(floor*1e6, "floor-µs")
	b.ReportMetric(triad*1e6, "triad-µs")
	b.ReportMetric(least.Seconds()/floor, "×floor")
	b.ReportMetric(least.Seconds()/triad, "×triad")
	b.ReportMetric(float64(bytes)/1e6, "MB")
}

// iterationBytes counts what an iteration reads and writes at least, each
// vector once a pass and figures that stay the same not at all.
func iterationBytes(op *blocks, w *walk) int {
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
	return bytes
}

// bandwidth returns how many seconds the threads of a crew need at least to
// move that many bytes, all there are of the arrays.
func bandwidth(bytes int, c *crew) (floor, triad float64) {
	n := bytes / 24
	x, y, z := make([]float64, n), make([]float64, n), make([]float64, n)
	best := func(loop func(lo, hi int)) float64 {
		least := time.Duration(1 << 62)
		for range 30 {
			began := time.Now()
			c.run(mostParts, 1<<30, func(_, part int) { loop(n*part/mostParts, n*(part+1)/mostParts) })
			least = min(least, time.Since(began))
		}
		return least.Seconds()
	}
	floor = best(func(lo, hi int) { axpy(0.5, x[lo:hi], y[lo:hi]) })
	triad = best(func(lo, hi int) {
		a, b, c := z[lo:hi], x[lo:hi], y[lo:hi]
		for i := range a {
			a[i] = b[i] + 0.5*c[i]
		}
	})
	return floor, triad
}
