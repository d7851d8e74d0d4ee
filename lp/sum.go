package lp

import "math"

// sum is a running sum kept in two parts, about as exact as twice the working
// precision: Neumaier's variant of Kahan's summation with Knuth's two-sum and,
// for products, the error term from a fused multiply-add. With n terms
// (a product counts as two) the error of value is at most
//
//	u·|Σ| + γₙ²·Σ|terms|,   u = 2⁻⁵³,  γₙ = n·u/(1−n·u),
//
// where nothing underflows. Source: Ogita, Rump, Oishi (2005), "Accurate sum
// and dot product", SIAM J. Sci. Comput. 26, propositions 4.5 and 5.5.
type sum struct{ hi, lo float64 }

func (s *sum) add(x float64) {
	t := s.hi + x
	b := t - s.hi
	s.lo += (s.hi - (t - b)) + (x - b)
	s.hi = t
}

func (s *sum) addProduct(x, y float64) {
	// The conversion keeps compilers from fusing the product into the sum,
	// which Go allows and some architectures do.
	p := float64(x * y)
	s.add(p)
	s.lo += math.FMA(x, y, -p)
}

// value rounds the sum. Where a term was infinite or the sum has overflowed it
// is the infinity or NaN that plain summation gives.
func (s *sum) value() float64 {
	if v := s.hi + s.lo; v-v == 0 {
		return v
	}
	return s.hi
}
