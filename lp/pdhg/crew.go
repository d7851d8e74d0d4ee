package pdhg

import (
	"sync"
	"sync/atomic"
)

// crew shares the parts of a pass out among goroutines. It does one pass at a
// time and allocates nothing.
type crew struct {
	threads int
	least   int // work, in nanoseconds, from which a second thread is worth its start
	do      func(worker, part int)
	parts   int64
	next    atomic.Int64 // parts handed out
	joined  atomic.Int64 // workers of this pass
	wait    sync.WaitGroup
	work    func()
}

func newCrew(threads int) *crew {
	c := &crew{threads: max(1, threads), least: 100_000}
	c.work = func() {
		defer c.wait.Done()
		c.take(int(c.joined.Add(1)))
	}
	return c
}

// run calls do for parts 0 to parts−1 and returns when all are done. Each
// worker below threads takes one part at a time. work says about how many
// nanoseconds all of them take; little is done in order by worker 0.
func (c *crew) run(parts, work int, do func(worker, part int)) {
	if work < c.least || c.threads == 1 || parts < 2 {
		for k := range parts {
			do(0, k)
		}
		return
	}
	c.do, c.parts = do, int64(parts)
	c.next.Store(0)
	c.joined.Store(0)
	helpers := min(c.threads, parts) - 1
	c.wait.Add(helpers)
	for range helpers {
		go c.work()
	}
	c.take(0)
	c.wait.Wait()
	c.do = nil
}

func (c *crew) take(worker int) {
	for {
		k := c.next.Add(1) - 1
		if k >= c.parts {
			return
		}
		c.do(worker, int(k))
	}
}
