package interior

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// The dense kernels. All of them sum over k in order by fused multiply-add, so
// that every processor gives the same bits.

// tileCols is how many columns a tile has.
const tileCols = 6

// depth is how many terms are summed up before they are subtracted: what is
// packed of both factors for that many fits into the caches.
const depth = 256

// blockRows is how many rows are packed at once; a multiple of every stripRows.
const blockRows = 96

// tilePlain subtracts a·bᵀ from c, rows by tileCols; a and b are packed by k.
func tilePlain(rows, k int, a, b, c []float64, stride int) {
	for j := range tileCols {
		for i := range rows {
			s := 0.0
			for l := range k {
				s = math.FMA(a[l*rows+i], b[l*tileCols+j], s)
			}
			c[j*stride+i] -= s
		}
	}
}

func axpyPlain(a float64, x, y []float64) {
	for i, v := range x {
		y[i] = math.FMA(a, v, y[i])
	}
}

// dotPlain sums in eight lanes as the wide kernel does.
func dotPlain(x, y []float64) float64 {
	var s [8]float64
	n := len(x) &^ 7
	for i := 0; i < n; i += 8 {
		for l := range s {
			s[l] = math.FMA(x[i+l], y[i+l], s[l])
		}
	}
	t := ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
	for i := n; i < len(x); i++ {
		t = math.FMA(x[i], y[i], t)
	}
	return t
}

// packed holds the workspace of products.
type packed struct {
	b     []float64
	tasks []task
}

type task struct {
	a   []float64 // rows of the left factor, in strips
	out []float64 // a tile that sticks out
}

func newPacked(threads, largest int) *packed {
	p := &packed{b: make([]float64, (largest+tileCols)*depth), tasks: make([]task, threads)}
	for i := range p.tasks {
		p.tasks[i] = task{a: make([]float64, blockRows*depth), out: make([]float64, 16*tileCols)}
	}
	return p
}

// parallelWork is the least number of multiplications worth a second thread.
const parallelWork = 400_000

// subtract takes l·diag(d)·mᵀ from c, in column-major order: c is rows by cols,
// l rows by k, m cols by k. Of c only entries (i, j) with i ≥ j − above are
// needed; others may be changed to anything.
func (p *packed) subtract(rows, cols, k int, l []float64, ls int, m []float64, ms int, d []float64, c []float64, cs int, above int) {
	for from := 0; from < k; from += depth {
		to := min(k, from+depth)
		p.packRight(cols, from, to, m, ms, d)
		blocks := (rows + blockRows - 1) / blockRows
		work := func(t *task, block int) {
			lo, hi := block*blockRows, min(rows, (block+1)*blockRows)
			p.block(t, lo, hi, min(cols, hi+above), from, to, l, ls, c, cs, above)
		}
		if len(p.tasks) == 1 || rows*cols*(to-from) < parallelWork || blocks == 1 {
			for b := range blocks {
				work(&p.tasks[0], b)
			}
			continue
		}
		// Lower blocks are longer: they go first. Who does which makes no difference to the result.
		var next atomic.Int64
		var wait sync.WaitGroup
		for i := range p.tasks {
			wait.Add(1)
			go func() {
				defer wait.Done()
				for b := next.Add(1); b <= int64(blocks); b = next.Add(1) {
					work(&p.tasks[i], blocks-int(b))
				}
			}()
		}
		wait.Wait()
	}
}

// packRight packs columns from to to of m, each times its d, in strips of tileCols rows.
func (p *packed) packRight(cols, from, to int, m []float64, ms int, d []float64) {
	k := to - from
	for j := 0; j < cols; j += tileCols {
		strip := p.b[j*k:]
		n := min(tileCols, cols-j)
		for l := range k {
			src, f := m[(from+l)*ms+j:], d[from+l]
			dst := strip[l*tileCols : l*tileCols+tileCols]
			for i := range n {
				dst[i] = src[i] * f
			}
			for i := n; i < tileCols; i++ {
				dst[i] = 0
			}
		}
	}
}

// block works rows lo to hi of a product.
func (p *packed) block(t *task, lo, hi, cols, from, to int, l []float64, ls int, c []float64, cs, above int) {
	if cols <= 0 {
		return
	}
	k, strip := to-from, stripRows()
	for i := lo; i < hi; i += strip {
		n := min(strip, hi-i)
		dst := t.a[(i-lo)*k:]
		for q := range k {
			src := l[(from+q)*ls+i:]
			row := dst[q*strip : q*strip+strip]
			copy(row, src[:n])
			for r := n; r < strip; r++ {
				row[r] = 0
			}
		}
	}
	for j := 0; j < cols; j += tileCols {
		b := p.b[j*k:]
		for i := lo; i < hi; i += strip {
			if i+strip-1+above < j {
				continue
			}
			a := t.a[(i-lo)*k:]
			if i+strip <= hi && j+tileCols <= cols {
				tile(k, a, b, c[j*cs+i:], cs)
				continue
			}
			clear(t.out)
			tile(k, a, b, t.out, strip)
			for q := range min(tileCols, cols-j) {
				for r := range min(strip, hi-i) {
					c[(j+q)*cs+i+r] += t.out[q*strip+r]
				}
			}
		}
	}
}

// threads is how many goroutines share a product.
func threads(limit int) int {
	n := runtime.GOMAXPROCS(0)
	if limit > 0 {
		n = min(n, limit)
	}
	return max(1, n)
}
