package pdhg

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// crew shares the parts of a pass out among goroutines. It does one pass at a
// time and allocates nothing. Passes follow each other within microseconds,
// and waking a thread takes tens of them; so helpers that have done their part
// look out for the next pass a moment longer before they leave.
type crew struct {
	threads int
	least   int // work, in nanoseconds, from which a second thread is worth its start
	do      func(worker, part int)
	parts   int64
	next    atomic.Int64 // parts handed out
	busy    atomic.Int64 // helpers at work
	wait    sync.WaitGroup
	helpers []helper
}

type helper struct {
	state atomic.Int32
	work  func()
	_     [48]byte // a line of its own
}

const (
	absent = iota
	waiting
	working
)

// patience is how often a goroutine looks before it gives up: some ten microseconds.
const patience = 1 << 12

func newCrew(threads int) *crew {
	c := &crew{threads: max(1, threads), least: 100_000}
	c.helpers = make([]helper, c.threads-1)
	for k := range c.helpers {
		h := &c.helpers[k]
		h.work = func() {
			for more := true; more; more = h.linger() {
				c.take(k + 1)
				h.state.Store(waiting)
				c.busy.Add(-1)
				c.wait.Done()
			}
		}
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
	n := min(c.threads, parts) - 1
	c.busy.Store(int64(n))
	c.wait.Add(n)
	for k := range n {
		h := &c.helpers[k]
		if !h.state.CompareAndSwap(waiting, working) {
			h.state.Store(working)
			go h.work()
		}
	}
	c.take(0)
	lookOut(func() bool { return c.busy.Load() == 0 })
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

// linger reports whether the next pass has begun; if not, the helper is absent.
func (h *helper) linger() bool {
	return lookOut(func() bool { return h.state.Load() == working }) || !h.state.CompareAndSwap(waiting, absent)
}

// lookOut waits for something that should come soon, and reports whether it has.
func lookOut(come func() bool) bool {
	for k := range patience {
		if come() {
			return true
		}
		if k%64 == 63 {
			runtime.Gosched()
		}
	}
	return false
}
