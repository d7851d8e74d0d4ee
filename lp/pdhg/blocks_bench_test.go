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
	x, x0, xbar := make([]float64, p.Cols()), make([]float64, p.Cols()), make([]float64, p.Cols())
	y, y0 := make([]float64, p.Rows()), make([]float64, p.Rows())
	c, lo, up := newOperands(p.Cost), newOperands(p.Lower), newOperands(p.Upper)
	rlo, rup := newOperands(p.RowLower), newOperands(p.RowUpper)
	const tau, sigma, w = 1e-4, 1e-4, 0.5
	col := func(_, first int, g []float64) {
		n := len(g)
		primalStep(x[first:][:n], x0[first:][:n], xbar[first:][:n], g, c.piece(first, n), lo.piece(first, n), up.piece(first, n), tau, w)
	}
	row := func(_, first int, g []float64) {
		n := len(g)
		dualStep(y[first:][:n], y0[first:][:n], g, rlo.piece(first, n), rup.piece(first, n), sigma, w)
	}
	bytes := iterationBytes(op, c, lo, up, rlo, rup)
	floor, triad := bandwidth(bytes, op.byCol.crew)
	least := time.Duration(1 << 62)
	b.ResetTimer()
	for b.Loop() {
		began := time.Now()
		op.eachCol(y, col)
		op.eachRow(xbar, row)
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
func iterationBytes(op *blocks, c, lo, up, rlo, rup operands) int {
	bytes := 8*op.cols*(4+1) + 8*op.rows*(3+1) // x, x0, x, xbar and xbar; y, y0, y and y
	for _, of := range []struct {
		side *side
		o    []operands
	}{{op.byCol, []operands{c, lo, up}}, {op.byRow, []operands{rlo, rup}}} {
		for _, h := range []share{of.side.early, of.side.after} {
			for _, p := range h.pieces {
				for _, o := range of.o {
					if o.piece(int(p.first), int(p.n)).step == 1 {
						bytes += 8 * int(p.n)
					}
				}
			}
		}
		for _, s := range []source{of.side.now, of.side.late} {
			bytes += 12*len(s.whole) + 12*len(s.level) + 16*len(s.partial) + 12*len(s.index) + 8*len(s.start) + 12*len(s.ends)
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
