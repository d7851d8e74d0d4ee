package lp

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// ByColumn is a program whose entries are worked out when they are read, so
// that none are stored. It is checked and bounded like a Problem, on all
// processors; results do not depend on how many there are.
type ByColumn struct {
	Problem *Problem // all but the entries, which are not looked at
	// Reader returns a function that reads column j. What that returns stays
	// good until it is called again; a row may come more than once, then its
	// values add up. Every goroutine asks for a reader of its own.
	Reader func() func(j int) (rows []int32, values []float64)

	together int // columns that are summed up in one go, 0 for columnsTogether
}

// columnsTogether is enough for a goroutine's start and few enough for a balance.
const columnsTogether = 1 << 14

// stored is a problem as a ByColumn. All of it is one part, so that every sum
// runs from the first column to the last.
func stored(p *Problem) ByColumn {
	return ByColumn{Problem: p, Reader: func() func(int) ([]int32, []float64) { return p.Column }, together: max(1, p.Cols())}
}

// CheckSolution is CheckSolution for such a program.
func (c ByColumn) CheckSolution(s *Solution) Check { return c.check(s) }

// SafeBound is SafeBound for such a program.
func (c ByColumn) SafeBound(y, rest, lower, upper []float64) Bound {
	b := c.safeBound(c.Problem.Cost, c.Problem.sign(), y, rest, lower, upper)
	if c.Problem.Maximise {
		b.Value = -b.Value
	}
	return b
}

// parts returns into how many parts the columns fall.
func (c ByColumn) parts() int {
	return max(1, (c.Problem.Cols()+c.size()-1)/c.size())
}

func (c ByColumn) size() int {
	if c.together > 0 {
		return c.together
	}
	return columnsTogether
}

// each calls f for every part, with the columns from lo to hi−1.
func (c ByColumn) each(f func(part, lo, hi int, read func(j int) ([]int32, []float64))) {
	var next atomic.Int64
	work := func() {
		read := c.Reader()
		for k := int(next.Add(1)) - 1; k < c.parts(); k = int(next.Add(1)) - 1 {
			f(k, k*c.size(), min(c.Problem.Cols(), (k+1)*c.size()), read)
		}
	}
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), c.parts()) - 1 {
		wait.Go(work)
	}
	work()
	wait.Wait()
}
