package iotable

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// gmres solves S⁻¹(I−A)S·D⁻¹·u = S⁻¹(y − (I−A)x₀) for x = x₀ + S·D⁻¹·u, S the
// units and D = I − diag(A), by restarted GMRES (Saad and Schultz 1986).
func (s *system) gmres() ([]float64, error) {
	if err := s.divideDiagonal(); err != nil {
		return nil, err
	}
	k := newKrylov(s)
	target := s.opts.Tolerance * s.yScaled / 2
	before, stalls := math.Inf(1), 0
	for {
		residual, err := k.cycle(target)
		if err != nil {
			return nil, err
		}
		switch {
		case residual <= target:
			if s.nonnegative && s.negative(k.x) {
				return nil, fmt.Errorf("solve: %w to amounts of zero and more", ErrNotConverged)
			}
			x, done, err := s.settle(slices.Clone(k.x))
			if done || err != nil {
				return x, err
			}
			target /= 10
		case residual > 0.999*before:
			stalls++
		default:
			stalls = 0
		}
		if stalls == 3 || target < 1e-18*s.yScaled || math.IsNaN(residual) {
			return nil, fmt.Errorf("solve: %w: stalled at a relative residual of %.2g after %d products of the matrix",
				ErrNotConverged, residual/s.yScaled, s.stats.Products)
		}
		before = residual
	}
}

// divideDiagonal prepares back. A product that takes a whole unit of itself
// per unit made ends the matter.
func (s *system) divideDiagonal() error {
	s.back = make([]float64, s.n)
	s.crew.each(s.crew.rows, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			s.back[i] = s.scale[i]
			if own := s.a.At(i, i); own < 1 {
				s.back[i] /= 1 - own
			} else if s.nonnegative && s.start[i] > 0 {
				s.back[i] = -own // found below
			}
		}
	})
	for i, v := range s.back {
		if v < 0 {
			return &UnproductiveError{Sectors: []int32{int32(i)}, Radius: -v}
		}
	}
	return nil
}

// negative says whether x falls below zero by more than solving roughly explains.
func (s *system) negative(x []float64) bool {
	for i, v := range x {
		if v < -1e-4*s.scale[i] {
			return true
		}
	}
	return false
}

// krylov is the state of restarted GMRES.
type krylov struct {
	*system
	x      []float64   // best so far
	basis  [][]float64 // orthonormal
	t      []float64   // amounts, before a product
	h      [][]float64 // columns of the rotated Hessenberg matrix
	cos    []float64
	sin    []float64
	g      []float64 // rotated right side
	blocks []float64 // block sums of several inner products
}

func newKrylov(s *system) *krylov {
	m := s.opts.Restart
	return &krylov{
		system: s,
		x:      s.start,
		t:      make([]float64, s.n),
		cos:    make([]float64, m),
		sin:    make([]float64, m),
		g:      make([]float64, m+1),
		blocks: make([]float64, (m+1)*len(s.crew.partial)),
	}
}

// cycle improves x by up to Restart directions and returns the norm of the
// residual in units, as the recurrence has it.
func (k *krylov) cycle(target float64) (float64, error) {
	k.stats.Cycles++
	r, err := k.residual()
	if err != nil {
		return 0, err
	}
	beta := k.crew.norm(r)
	if beta <= target || math.IsNaN(beta) || math.IsInf(beta, 0) {
		return beta, nil
	}
	k.divide(r, beta)
	k.h, k.g[0] = k.h[:0], beta
	steps := 0
	for steps < k.opts.Restart && math.Abs(k.g[steps]) > target {
		next, err := k.apply(steps)
		if err != nil {
			return 0, err
		}
		column, exact := k.orthogonalise(next, steps+1)
		k.rotate(column, steps)
		steps++
		if exact {
			break
		}
	}
	k.improve(steps)
	return math.Abs(k.g[steps]), nil
}

// vector returns the i-th basis vector, allocated when first needed.
func (k *krylov) vector(i int) []float64 {
	if i == len(k.basis) {
		k.basis = append(k.basis, make([]float64, k.n))
	}
	return k.basis[i]
}

// residual writes S⁻¹(y − x + A·x) into the first basis vector.
func (k *krylov) residual() ([]float64, error) {
	if err := k.count(math.Abs(k.g[0]) / k.yScaled); err != nil {
		return nil, err
	}
	r := k.vector(0)
	k.crew.each(k.crew.rows, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			r[i] = (k.y[i] - k.x[i] + k.a.row(i, k.x)) / k.scale[i]
		}
	})
	return r, nil
}

// apply writes the operator's value at basis vector i into vector i+1.
func (k *krylov) apply(i int) ([]float64, error) {
	if err := k.count(math.Abs(k.g[i]) / k.yScaled); err != nil {
		return nil, err
	}
	v, w := k.basis[i], k.vector(i+1)
	k.crew.vectors(func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			k.t[i] = v[i] * k.back[i]
		}
	})
	k.crew.each(k.crew.rows, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			w[i] = (k.t[i] - k.a.row(i, k.t)) / k.scale[i]
		}
	})
	return w, nil
}

// orthogonalise makes w orthogonal to the first m basis vectors and of length
// 1, and returns its column of the Hessenberg matrix. Classical Gram-Schmidt,
// repeated when cancellation cost more than three digits (Daniel, Gragg,
// Kaufman and Stewart 1976). exact means that w was a combination of the others.
func (k *krylov) orthogonalise(w []float64, m int) (column []float64, exact bool) {
	column = make([]float64, m+1)
	var first, after float64
	for round := range 2 {
		h, before := k.project(w, m)
		if round == 0 {
			first = before
		}
		for j, v := range h {
			column[j] += v
		}
		if after = k.subtract(w, h); after > 1e-3*before {
			break
		}
	}
	if after <= 1e-15*first {
		return column, true
	}
	column[m] = after
	k.divide(w, after)
	return column, false
}

// project returns the inner products of w with the first m basis vectors, and
// the length of w.
func (k *krylov) project(w []float64, m int) (h []float64, length float64) {
	n := len(k.crew.partial)
	k.crew.vectors(func(b, lo, hi int) {
		for j := range m {
			k.blocks[j*n+b] = dot(k.basis[j][lo:hi], w[lo:hi])
		}
		k.crew.partial[b] = dot(w[lo:hi], w[lo:hi])
	})
	h = make([]float64, m)
	for j := range h {
		h[j] = sumOf(k.blocks[j*n : (j+1)*n])
	}
	return h, math.Sqrt(sumOf(k.crew.partial))
}

// subtract takes the combination h of basis vectors from w and returns its length.
func (k *krylov) subtract(w, h []float64) float64 {
	k.crew.vectors(func(b, lo, hi int) {
		for j, f := range h {
			addScaled(w[lo:hi], -f, k.basis[j][lo:hi])
		}
		k.crew.partial[b] = dot(w[lo:hi], w[lo:hi])
	})
	return math.Sqrt(sumOf(k.crew.partial))
}

func (k *krylov) divide(w []float64, by float64) {
	f := 1 / by
	k.crew.vectors(func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			w[i] *= f
		}
	})
}

// addScaled adds f·v to w.
func addScaled(w []float64, f float64, v []float64) {
	v = v[:len(w)]
	for i := range w {
		w[i] += float64(f * v[i])
	}
}

// rotate brings the new column to triangular form by Givens rotations.
func (k *krylov) rotate(column []float64, i int) {
	for j := range i {
		a, b := column[j], column[j+1]
		column[j] = float64(k.cos[j]*a) + float64(k.sin[j]*b)
		column[j+1] = float64(k.cos[j]*b) - float64(k.sin[j]*a)
	}
	length := math.Hypot(column[i], column[i+1])
	k.cos[i], k.sin[i] = 1, 0
	if length > 0 {
		k.cos[i], k.sin[i] = column[i]/length, column[i+1]/length
	}
	column[i], column[i+1] = length, 0
	k.h = append(k.h, column)
	k.g[i+1] = -float64(k.sin[i] * k.g[i])
	k.g[i] = float64(k.cos[i] * k.g[i])
}

// improve adds the best combination of the first m directions to x.
func (k *krylov) improve(m int) {
	f := make([]float64, m)
	for i := m - 1; i >= 0; i-- {
		v := k.g[i]
		for j := i + 1; j < m; j++ {
			v -= float64(k.h[j][i] * f[j])
		}
		if k.h[i][i] != 0 {
			f[i] = v / k.h[i][i]
		}
	}
	k.crew.vectors(func(_, lo, hi int) {
		t := k.t[lo:hi]
		clear(t)
		for j, v := range f {
			addScaled(t, v, k.basis[j][lo:hi])
		}
		for i := lo; i < hi; i++ {
			k.x[i] += float64(k.t[i] * k.back[i])
		}
	})
}

// eliminationMost is the largest table that is solved by dense elimination
// (128 MiB).
const eliminationMost = 4096

// eliminate solves by dense LU and one step of refinement.
func (s *system) eliminate() ([]float64, error) {
	if s.n > eliminationMost {
		return nil, fmt.Errorf("solve: elimination is for up to %d products, not %d", eliminationMost, s.n)
	}
	var lu mat.LU
	lu.Factorize(s.dense())
	x, rhs := mat.NewVecDense(s.n, nil), mat.NewVecDense(s.n, slices.Clone(s.y))
	for range 2 {
		var d mat.VecDense
		if err := lu.SolveVecTo(&d, false, rhs); err != nil {
			return nil, fmt.Errorf("solve: %w: the table is singular (%v)", ErrNotConverged, err)
		}
		x.AddVec(x, &d)
		for i := range s.n {
			rhs.SetVec(i, s.y[i]-x.AtVec(i)+s.a.exactRow(i, x.RawVector().Data))
		}
	}
	if s.nonnegative && s.negative(x.RawVector().Data) {
		return nil, fmt.Errorf("solve: %w to amounts of zero and more", ErrNotConverged)
	}
	result, done, err := s.settle(x.RawVector().Data)
	if err == nil && !done {
		err = fmt.Errorf("solve: %w: elimination left a relative residual of %.2g", ErrNotConverged, s.stats.Residual)
	}
	return result, err
}

// dense is I − A.
func (s *system) dense() *mat.Dense {
	d := mat.NewDense(s.n, s.n, nil)
	for i := range s.n {
		d.Set(i, i, 1)
		cols, values := s.a.Row(i)
		for k, c := range cols {
			d.Set(i, int(c), d.At(i, int(c))-values[k])
		}
	}
	return d
}
