package interior

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// each runs a test with every kernel the processor has.
func each(t *testing.T, test func(t *testing.T)) {
	for _, k := range kernels() {
		t.Run(k.name, func(t *testing.T) {
			k.use(t)
			test(t)
		})
	}
}

// figures draws numbers of very different size and both signs, zeros among them.
func figures(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		if r.IntN(10) > 0 {
			v[i] = r.NormFloat64() * math.Ldexp(1, r.IntN(40)-20)
		}
	}
	return v
}

// sameBits compares vectors bit by bit.
func sameBits(t rapid.TB, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d figures, want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			t.Fatalf("%s: figure %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func TestVectorsGiveTheBitsOfPlainLoops(t *testing.T) {
	each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 1))
		for n := range 70 {
			a, x := r.NormFloat64(), figures(r, n)
			y := figures(r, n+3) // longer: what lies behind must stay
			got, want := slices.Clone(y), slices.Clone(y)
			axpy(a, x, got)
			axpyPlain(a, x, want)
			sameBits(t, "axpy", got, want)
			sameBits(t, "axpy's rest", got[n:], y[n:])
			sameBits(t, "dot", []float64{dot(x, y)}, []float64{dotPlain(x, y)})
		}
	})
}

func TestVectorsNeedRoom(t *testing.T) {
	each(t, func(t *testing.T) {
		for name, do := range map[string]func(x, y []float64){
			"axpy": func(x, y []float64) { axpy(1, x, y) },
			"dot":  func(x, y []float64) { dot(x, y) },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s goes beyond the end of a shorter vector", name)
					}
				}()
				do(make([]float64, 9), make([]float64, 8))
			}()
		}
	})
}

func TestTilesGiveTheBitsOfPlainLoops(t *testing.T) {
	each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(2, 1))
		strip := stripRows()
		for _, k := range []int{1, 2, 3, 5, 7, 8, 31, 64, 255, depth} {
			a, b := figures(r, k*strip), figures(r, k*tileCols)
			stride := strip + r.IntN(5)
			c := figures(r, (tileCols-1)*stride+strip)
			got, want := slices.Clone(c), slices.Clone(c)
			tile(k, a, b, got, stride)
			tilePlain(strip, k, a, b, want, stride)
			sameBits(t, "tile", got, want)
		}
	})
}

// product is one call of subtract.
type product struct {
	rows, cols, k int
	l, m, d, c    []float64
	ls, ms, cs    int
}

func drawProduct(r *rand.Rand, rows, cols, k int) *product {
	p := &product{rows: rows, cols: cols, k: k, ls: rows + r.IntN(3), ms: cols + r.IntN(3), cs: rows + r.IntN(3)}
	p.l, p.m, p.d, p.c = figures(r, p.ls*k), figures(r, p.ms*k), figures(r, k), figures(r, p.cs*cols)
	return p
}

// by returns what subtract makes of c with so many threads.
func (p *product) by(threads int) []float64 {
	c := slices.Clone(p.c)
	newPacked(threads, max(p.rows, p.cols)).subtract(p.rows, p.cols, p.k, p.l, p.ls, p.m, p.ms, p.d, c, p.cs, 0)
	return c
}

// naive sums up every entry over k as the kernels say they do: by fused
// multiply-add, depth terms at a time.
func (p *product) naive() []float64 {
	c := slices.Clone(p.c)
	for j := range p.cols {
		for i := range p.rows {
			for from := 0; from < p.k; from += depth {
				s := 0.0
				for q := from; q < min(p.k, from+depth); q++ {
					s = math.FMA(p.l[q*p.ls+i], float64(p.m[q*p.ms+j]*p.d[q]), s)
				}
				c[j*p.cs+i] -= s
			}
		}
	}
	return c
}

// lower compares the entries on and below the diagonal, and that nothing was changed outside the matrix.
func (p *product) lower(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for j := range p.cols {
		at := j * p.cs
		if j < p.rows {
			sameBits(t, what, got[at+j:at+p.rows], want[at+j:at+p.rows])
		}
		sameBits(t, what+" between columns", got[at+p.rows:at+p.cs], p.c[at+p.rows:at+p.cs])
	}
}

func TestSubtractGivesTheBitsOfANaiveLoop(t *testing.T) {
	each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 1))
		for range 60 {
			rows := 1 + r.IntN(120)
			p := drawProduct(r, rows, 1+r.IntN(rows), r.IntN(40))
			p.lower(t, "subtract", p.by(1), p.naive())
		}
		for _, k := range []int{0, 1, depth - 1, depth, depth + 1, 2*depth + 3} {
			p := drawProduct(r, 37, 31, k)
			p.lower(t, "subtract", p.by(1), p.naive())
		}
	})
}

func TestSubtractGivesTheSameBitsWithAnyThreads(t *testing.T) {
	each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(4, 1))
		for _, size := range [][3]int{{300, 300, 40}, {301, 77, 50}, {blockRows * 3, 200, depth + 5}, {blockRows + 1, blockRows + 1, 100}} {
			p := drawProduct(r, size[0], size[1], size[2])
			if size[0]*size[1]*min(size[2], depth) < parallelWork {
				t.Fatalf("%v is too little for a second thread", size)
			}
			one := p.by(1)
			p.lower(t, "subtract", one, p.naive())
			for _, threads := range []int{2, 3} {
				sameBits(t, "subtract by more threads", p.by(threads), one)
			}
		}
	})
}

func TestThreads(t *testing.T) {
	t.Parallel()
	if threads(1) != 1 || threads(0) < 1 || threads(1<<20) != threads(0) {
		t.Errorf("threads: %d of at most 1, %d without a limit, %d of very many", threads(1), threads(0), threads(1<<20))
	}
}
