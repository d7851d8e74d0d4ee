package pdhg

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"bremen/lp/lptest"
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

// figures draws numbers of very different size and both signs, zeros of both among them.
func figures(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		switch r.IntN(10) {
		case 0:
		case 1:
			v[i] = math.Copysign(0, -1)
		default:
			v[i] = r.NormFloat64() * math.Ldexp(1, r.IntN(40)-20)
		}
	}
	return v
}

func TestVectorsGiveTheBitsOfPlainLoops(t *testing.T) {
	each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 1))
		for n := range 150 {
			a, x := r.NormFloat64(), figures(r, n)
			y := figures(r, n+9) // longer: what lies behind must stay
			got, want := slices.Clone(y), slices.Clone(y)
			axpy(a, x, got)
			axpyPlain(a, x, want)
			sameBits(t, "axpy", got, want)
			sameBits(t, "sum", []float64{sum(x)}, []float64{sumPlain(x)})
			sameBits(t, "dot", []float64{dot(x, y)}, []float64{dotPlain(x, y)})
		}
	})
}

func TestItemsGiveTheBitsOfPlainLoops(t *testing.T) {
	each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(2, 1))
		for n := 1; n < 300; n++ { // beyond two rounds of the widest loop
			src, whole, wholes := figures(r, n+50), make([]int32, r.IntN(9)), figures(r, 9)
			for k := range whole {
				whole[k] = int32(r.IntN(51))
			}
			var patterns []pattern
			for range 3 {
				var runs []stretch
				for range r.IntN(5) {
					from, at := r.IntN(n), r.IntN(n)
					runs = append(runs, stretch{int32(at), int32(from), int32(1 + r.IntN(n-max(from, at)))})
				}
				patterns = append(patterns, pattern{runs, linesOf(runs)})
			}
			var partial []patterned
			for range r.IntN(4) {
				partial = append(partial, patterned{int32(r.IntN(3)), int32(r.IntN(51)), r.NormFloat64()})
			}
			dst, start := figures(r, n+9), r.NormFloat64() // longer: what lies behind must stay
			got, want := slices.Clone(dst), slices.Clone(dst)
			accumulate(got[:n], start, src, whole, wholes[:len(whole)], partial, patterns)
			accumulatePlain(want[:n], start, src, whole, wholes[:len(whole)], partial, patterns)
			sameBits(t, "accumulate", got, want)
			addPartial(got[:n], src, partial, patterns)
			addPartialPlain(want[:n], src, partial, patterns)
			sameBits(t, "partial", got, want)
		}
	})
}

// operandLike draws an operand, uniform or not.
func operandLike(r *rand.Rand, n int, figure func() float64) operand {
	v := make([]float64, n)
	for i := range v {
		v[i] = figure()
		if r.IntN(2) == 0 {
			return operandOf(slices.Repeat(v[:1], n))
		}
	}
	return operandOf(v)
}

func TestStepsGiveTheBitsOfPlainLoops(t *testing.T) {
	each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 1))
		below := func() float64 { return []float64{math.Inf(-1), -r.ExpFloat64(), 0}[r.IntN(3)] }
		above := func() float64 { return []float64{math.Inf(1), r.ExpFloat64(), 0}[r.IntN(3)] }
		for n := range 150 {
			x, x0, xbar, g, v := figures(r, n+9), figures(r, n), figures(r, n+9), figures(r, n), figures(r, n+9)
			c, lo, up := operandLike(r, n, r.NormFloat64), operandLike(r, n, below), operandLike(r, n, above)
			tau, w := r.ExpFloat64(), r.Float64()
			for _, store := range []bool{false, true} {
				var out [2][]float64
				for k, step := range []func(to, x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) float64{stepPrimal, primalStepPlain} {
					x, y, xbar, v, to := slices.Clone(x), slices.Clone(x), slices.Clone(xbar), slices.Clone(v), []float64(nil)
					if store {
						to = v[:n]
					}
					moved := step(to, x[:n], x0, xbar, g, c, lo, up, tau, w)
					out[k] = append(slices.Concat(out[k], x, xbar, v), moved)
					if k == 0 {
						moved = stepDual(to, y[:n], x0, g, lo, up, tau, w)
					} else {
						moved = dualStepPlain(to, y[:n], x0, g, lo, up, tau, w)
					}
					out[k] = append(slices.Concat(out[k], y, v), moved)
				}
				sameBits(t, "step", out[0], out[1])
			}
		}
	})
}

func TestKernelsNeedRoom(t *testing.T) {
	each(t, func(t *testing.T) {
		v := func(n int) []float64 { return make([]float64, n) }
		one := operandOf([]float64{1})
		many := operandOf([]float64{1, 2, 3, 4, 5, 6, 7, 8})
		for name, do := range map[string]func(){
			"axpy":               func() { axpy(1, v(9), make([]float64, 8)) },
			"dot":                func() { dot(v(9), make([]float64, 8)) },
			"primal step's x0":   func() { primalStep(v(9), v(8), v(9), v(9), one, one, one, 1, 1) },
			"primal step's xbar": func() { primalStep(v(9), v(9), v(8), v(9), one, one, one, 1, 1) },
			"primal step's g":    func() { primalStep(v(9), v(9), v(9), v(8), one, one, one, 1, 1) },
			"primal step's cost": func() { primalStep(v(9), v(9), v(9), v(9), many, one, one, 1, 1) },
			"primal step's v":    func() { primalStepTo(make([]float64, 8), v(9), v(9), v(9), v(9), one, one, one, 1, 1) },
			"dual step's y0":     func() { dualStep(v(9), v(8), v(9), one, one, 1, 1) },
			"dual step's a":      func() { dualStep(v(9), v(9), v(8), one, one, 1, 1) },
			"dual step's bound":  func() { dualStep(v(9), v(9), v(9), one, many, 1, 1) },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s: a kernel goes beyond the end of a shorter vector", name)
					}
				}()
				do()
			}()
		}
	})
}

func TestPassesGiveTheSameBitsWithEveryKernel(t *testing.T) {
	p := lptest.Economy(60, 3, 7, 1)
	x, y := waves(p.Cols()), waves(p.Rows())
	var want []float64
	each(t, func(t *testing.T) {
		op := newBlocks(p, 1)
		got := append(whole(t, op, p.Rows(), op.eachRow, x), whole(t, op, p.Cols(), op.eachCol, y)...)
		if want == nil {
			want = got // of the plain one
		}
		sameBits(t, "pass", got, want)
	})
}
