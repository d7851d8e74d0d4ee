package pdhg

import "math"

// The kernels: loops over the values of one piece. What is said here is what
// every processor computes, to the bit: products are fused into sums by one
// rounding where math.FMA stands and nowhere else, sums run in eight lanes.

// lanes is how many partial sums a sum is kept in: value i goes to lane i mod
// lanes, values that are missing from the last round count as zero.
const lanes = 8

// operand is a figure of every value of a piece: one that holds for all of
// them (step 0) or one each (step 1).
type operand struct {
	at   []float64
	step int
}

// operandOf returns v as an operand, which holds one figure if all of v are the same.
func operandOf(v []float64) operand {
	for _, x := range v {
		if x != v[0] {
			return operand{v, 1}
		}
	}
	return operand{v[:min(1, len(v))], 0}
}

// clamp returns v where it lies between lo and up, else the nearer of them.
func clamp(v, lo, up float64) float64 {
	if lo > v {
		v = lo
	}
	if up < v {
		v = up
	}
	return v
}

// accumulatePlain sets dst[b] to start + Σ wholes[k]·src[whole[k]+b], summed in
// the order of k, and adds to it what the partial entries give, in their order.
// Behind dst there is room up to the next multiple of eight.
func accumulatePlain(dst []float64, start float64, src []float64, whole []int32, wholes []float64, partial []patterned, patterns []pattern) {
	for b := range dst {
		dst[b] = start
	}
	for k, a := range wholes {
		axpyPlain(a, src[whole[k]:][:len(dst)], dst)
	}
	addPartialPlain(dst, src, partial, patterns)
}

// addPartialPlain adds what the partial entries give. There is room behind dst
// as for accumulatePlain.
func addPartialPlain(dst, src []float64, partial []patterned, patterns []pattern) {
	for _, e := range partial {
		for _, r := range patterns[e.pattern].runs {
			axpyPlain(e.value, src[e.off+r.src:][:r.n], dst[r.dst:])
		}
	}
}

// patterned is a value times what a pattern takes out of a vector from off on.
type patterned struct {
	pattern, off int32
	value        float64
}

// pattern is where runs lie.
type pattern struct {
	runs  []stretch
	lines []line
}

// stretch is where a run lies in what it is read from and in what it is added to.
type stretch struct{ src, dst, n int32 }

// line is the part of a run that lies in eight values of what is added to,
// from dst on: those in the mask. Reading begins at src, which may lie before
// everything where the mask leaves the first out.
type line struct {
	src, dst int32
	mask     uint32
}

// linesOf cuts runs into lines, keeping the order of what is added to a value.
func linesOf(runs []stretch) []line {
	var lines []line
	for _, r := range runs {
		for at := r.dst &^ 7; at < r.dst+r.n; at += 8 {
			from, to := max(0, r.dst-at), min(8, r.dst+r.n-at)
			l := line{r.src + at - r.dst, at, 1<<to - 1<<from}
			if k := len(lines) - 1; k >= 0 && lines[k].src == l.src && lines[k].dst == at && lines[k].mask&l.mask == 0 {
				lines[k].mask |= l.mask
			} else {
				lines = append(lines, l)
			}
		}
	}
	return lines
}

// axpyPlain adds a·x to the first values of y.
func axpyPlain(a float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = math.FMA(a, v, y[i])
	}
}

// sumPlain returns the sum of x.
func sumPlain(x []float64) float64 {
	var s [lanes]float64
	sumLanes(&s, x)
	return fold(&s)
}

func sumLanes(s *[lanes]float64, x []float64) {
	for ; len(x) >= lanes; x = x[lanes:] {
		for l := range s {
			s[l] += x[l]
		}
	}
	if len(x) > 0 {
		var last [lanes]float64
		copy(last[:], x)
		for l := range s {
			s[l] += last[l]
		}
	}
}

// dotPlain returns the product of two vectors as long as x.
func dotPlain(x, y []float64) float64 {
	var s [lanes]float64
	dotLanes(&s, x, y)
	return fold(&s)
}

func dotLanes(s *[lanes]float64, x, y []float64) {
	y = y[:len(x)]
	for len(x) >= lanes {
		for l := range s {
			s[l] = math.FMA(x[l], y[l], s[l])
		}
		x, y = x[lanes:], y[lanes:]
	}
	if len(x) > 0 {
		var u, v [lanes]float64
		copy(u[:], x)
		copy(v[:], y)
		for l := range s {
			s[l] = math.FMA(u[l], v[l], s[l])
		}
	}
}

// fold adds up lanes, halves onto each other.
func fold(s *[lanes]float64) float64 {
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

// primalStep is primalStepPlain without to.
func primalStep(x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) {
	stepPrimal(nil, x, x0, xbar, g, c, lo, up, tau, w)
}

// primalStepTo is primalStepPlain.
func primalStepTo(v, x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) (moved float64) {
	return stepPrimal(v[:len(x)], x, x0, xbar, g, c, lo, up, tau, w)
}

// dualStep is dualStepPlain without to.
func dualStep(y, y0, a []float64, lo, up operand, sigma, w float64) {
	stepDual(nil, y, y0, a, lo, up, sigma, w)
}

// dualStepTo is dualStepPlain.
func dualStepTo(v, y, y0, a []float64, lo, up operand, sigma, w float64) (moved float64) {
	return stepDual(v[:len(y)], y, y0, a, lo, up, sigma, w)
}

// primalStepPlain does for every value of a piece
//
//	v = clamp(x − tau·(c − g), lo, up),   xbar = 2v − x,   x = x0 + w·(xbar − x0),
//
// stores v in to, unless that is nil, and returns Σ (v − x)² with the x from
// before (0 without to).
func primalStepPlain(to, x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) float64 {
	var s [lanes]float64
	primalLanes(&s, to, x, x0, xbar, g, c, lo, up, tau, w)
	return fold(&s)
}

func primalLanes(s *[lanes]float64, to, x, x0, xbar, g []float64, c, lo, up operand, tau, w float64) {
	n := len(x)
	x0, xbar, g = x0[:n], xbar[:n], g[:n]
	for i, was := range x {
		v := math.FMA(-tau, c.at[i*c.step]-g[i], was)
		v = clamp(v, lo.at[i*lo.step], up.at[i*up.step])
		r := math.FMA(2, v, -was)
		xbar[i] = r
		x[i] = math.FMA(w, r-x0[i], x0[i])
		if to != nil {
			to[i] = v
			s[i%lanes] = math.FMA(v-was, v-was, s[i%lanes])
		}
	}
}

// dualStepPlain does for every value of a piece
//
//	u = a − y/sigma,   v = sigma·(clamp(u, lo, up) − u),   y = y0 + w·(2v − y − y0)
//
// with to and the result as in primalStepPlain. y/sigma is y times the rounded 1/sigma.
func dualStepPlain(to, y, y0, a []float64, lo, up operand, sigma, w float64) float64 {
	var s [lanes]float64
	dualLanes(&s, to, y, y0, a, lo, up, sigma, w)
	return fold(&s)
}

func dualLanes(s *[lanes]float64, to, y, y0, a []float64, lo, up operand, sigma, w float64) {
	n := len(y)
	y0, a = y0[:n], a[:n]
	inverse := 1 / sigma
	for i, was := range y {
		u := math.FMA(-inverse, was, a[i])
		v := float64(sigma * (clamp(u, lo.at[i*lo.step], up.at[i*up.step]) - u))
		r := math.FMA(2, v, -was)
		y[i] = math.FMA(w, r-y0[i], y0[i])
		if to != nil {
			to[i] = v
			s[i%lanes] = math.FMA(v-was, v-was, s[i%lanes])
		}
	}
}
