package iotable

import (
	"math"
	"runtime"
	"sort"
	"sync"
)

// crew splits work on vectors and rows over threads so that no result depends
// on how many there are: rows are summed whole, and inner products in blocks
// of fixed length whose sums are added in order.
type crew struct {
	threads int
	rows    []int // bounds of the parts of a matrix, by number of cells
	blocks  []int // bounds of the parts of a vector, in blocks
	n       int
	partial []float64 // one sum per block and vector
}

const blockLength = 4096

// newCrew serves matrices with the row offsets start. threads 0 means as many
// as the process may use; small problems get one.
func newCrew(start []int64, threads int) *crew {
	n := len(start) - 1
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	if start[n]+int64(n) < 1<<15 {
		threads = 1
	}
	c := &crew{threads: threads, n: n}
	blocks := (n + blockLength - 1) / blockLength
	for p := range threads + 1 {
		target := start[n] * int64(p) / int64(threads)
		c.rows = append(c.rows, sort.Search(n, func(i int) bool { return start[i] >= target }))
		c.blocks = append(c.blocks, blocks*p/threads)
	}
	c.rows[0], c.rows[threads] = 0, n
	c.partial = make([]float64, blocks)
	return c
}

// each runs work on every part of bounds, side by side.
func (c *crew) each(bounds []int, work func(lo, hi int)) {
	if c.threads == 1 {
		work(bounds[0], bounds[1])
		return
	}
	var group sync.WaitGroup
	for p := 1; p < c.threads; p++ {
		if lo, hi := bounds[p], bounds[p+1]; lo < hi {
			group.Go(func() { work(lo, hi) })
		}
	}
	work(bounds[0], bounds[1])
	group.Wait()
}

// multiply sets dst = m·x.
func (c *crew) multiply(dst []float64, m *Matrix, x []float64) {
	c.each(c.rows, func(lo, hi int) { m.rows(dst, x, lo, hi) })
}

// vectors runs work on ranges of the vectors, one per block at a time.
func (c *crew) vectors(work func(block, lo, hi int)) {
	c.each(c.blocks, func(lo, hi int) {
		for b := lo; b < hi; b++ {
			work(b, b*blockLength, min((b+1)*blockLength, c.n))
		}
	})
}

// norm is the Euclidean length of x.
func (c *crew) norm(x []float64) float64 {
	c.vectors(func(b, lo, hi int) { c.partial[b] = dot(x[lo:hi], x[lo:hi]) })
	return math.Sqrt(sumOf(c.partial))
}

// dot is the inner product, products rounded before they are added.
func dot(x, y []float64) float64 {
	y = y[:len(x)]
	var s0, s1, s2, s3 float64
	k := 0
	for ; k+4 <= len(x); k += 4 {
		a, b := x[k:k+4:k+4], y[k:k+4:k+4]
		s0 += float64(a[0] * b[0])
		s1 += float64(a[1] * b[1])
		s2 += float64(a[2] * b[2])
		s3 += float64(a[3] * b[3])
	}
	for ; k < len(x); k++ {
		s0 += float64(x[k] * y[k])
	}
	return (s0 + s1) + (s2 + s3)
}

func sumOf(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}
