package pdhg

import (
	"sync/atomic"
	"testing"
	"time"
)

func TestCrewDoesEveryPartOnce(t *testing.T) {
	t.Parallel()
	for _, threads := range []int{1, 2, 5} {
		c := newCrew(threads)
		c.least = 0
		for pass := range 300 {
			done := make([]atomic.Int32, pass%9)
			var at [8]atomic.Int32
			c.run(len(done), 1, func(worker, part int) {
				if at[worker].Add(1) > 1 {
					t.Errorf("worker %d does two parts at once", worker)
				}
				done[part].Add(1)
				at[worker].Add(-1)
			})
			for k := range done {
				if n := done[k].Load(); n != 1 {
					t.Fatalf("pass %d with %d threads: part %d is done %d times", pass, threads, k, n)
				}
			}
			if pass%50 == 0 {
				time.Sleep(time.Millisecond) // let helpers leave
			}
		}
	}
}
