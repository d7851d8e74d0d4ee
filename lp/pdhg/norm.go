package pdhg

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// lanczosSteps is how many products with AᵀA the norm is estimated from.
const lanczosSteps = 40

// norm returns an estimate of ‖A‖ that is hardly ever too small: the largest
// value that the Lanczos iteration finds, and what its residual leaves open
// (Golub and Van Loan, Matrix Computations, 4th edition, section 10.1).
//
// It writes over three vectors of columns and one of rows.
func norm(op operator, v, before, next, u []float64) float64 {
	clear(before)
	seed := uint64(1)
	for j := range v { // a fixed vector without a pattern
		seed = seed*6364136223846793005 + 1442695040888963407
		v[j] = 1 + float64(seed>>40)/(1<<24)
	}
	multiply(v, 1/length(v))
	var diagonal, off []float64
	for len(diagonal) < lanczosSteps {
		op.eachRow(v, func(_, first int, g []float64) { copy(u[first:], g) })
		op.eachCol(u, func(_, first int, g []float64) { copy(next[first:], g) })
		a := length(u)
		a *= a
		b := 0.0
		if len(off) > 0 {
			b = off[len(off)-1]
		}
		for j := range next {
			next[j] -= float64(a*v[j]) + float64(b*before[j])
		}
		diagonal = append(diagonal, a)
		b = length(next)
		off = append(off, b)
		if b <= 1e-10*a {
			break
		}
		before, v, next = v, next, before
		multiply(v, 1/b)
	}
	return math.Sqrt(largest(diagonal, off))
}

// largest returns the largest eigenvalue of a symmetric tridiagonal matrix,
// with the residual that the last entry off it leaves. off is as long as diagonal.
func largest(diagonal, off []float64) float64 {
	n := len(diagonal)
	m := mat.NewSymDense(n, nil)
	for i, a := range diagonal {
		m.SetSym(i, i, a)
		if i+1 < n {
			m.SetSym(i, i+1, off[i])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(m, true) {
		return 1 // what Pock and Chambolle's scaling promises
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	return eigen.Values(nil)[n-1] + off[n-1]*math.Abs(vectors.At(n-1, n-1))
}

func length(v []float64) float64 {
	var s [8]float64
	for i, a := range v {
		s[i&7] += float64(a * a)
	}
	return math.Sqrt(((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])))
}

func multiply(v []float64, by float64) {
	for i := range v {
		v[i] *= by
	}
}
