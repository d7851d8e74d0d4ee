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
// moves them between arrays of the same size with as many threads (Floor). Of all
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
	bytes := traffic(op, w)
	floor, triad := bandwidth(bytes, op.byCol.crew)
	least := time.Duration(1 << 62)
	b.ResetTimer()
	for b.Loop() {
		began := time.Now()
		w.advance(false)
		least = min(least, time.Since(began))
	}
	b.ReportMetric(least.Seconds()*1e6, "least-µs")
	b.ReportMetric(floor.Seconds()*1e6, "floor-µs")
	b.ReportMetric(triad.Seconds()*1e6, "triad-µs")
	b.ReportMetric(least.Seconds()/floor.Seconds(), "×floor")
	b.ReportMetric(least.Seconds()/triad.Seconds(), "×triad")
	b.ReportMetric(float64(bytes)/1e6, "MB")
}
