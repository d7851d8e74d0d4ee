package lp

import "math"

// enclosure is a sum that also knows how wrong it may be, so that bounds taken
// from it hold in exact arithmetic.
//
// Every two-sum and every product leaves its exact error behind; only adding
// those errors up rounds. So the sum differs from hi+lo by at most γₙ·rough,
// where rough is the sum of the errors' magnitudes and n their number, and
// where rough is zero the sum is exact.
type enclosure struct {
	sum
	rough float64
	n     float64
}

func (s *enclosure) add(x float64) {
	t := s.hi + x
	b := t - s.hi
	e := (s.hi - (t - b)) + (x - b)
	s.hi = t
	s.lo += e
	s.rough += math.Abs(e)
	s.n++
}

// addSum adds another sum. Its errors are added to those of s, so they are
// added up no more often than their number says.
func (s *enclosure) addSum(t *enclosure) {
	s.lo += t.lo
	s.rough += t.rough
	s.n += t.n + 1
	s.add(t.hi)
}

func (s *enclosure) addProduct(x, y float64) {
	p := float64(x * y)
	s.add(p)
	e := math.FMA(x, y, -p)
	s.lo += e
	s.rough += math.Abs(e)
	s.n++
	// Below this the error of a product may be no double.
	if math.Abs(p) < 0x1p-900 && x != 0 && y != 0 {
		s.rough += 0x1p-1000
	}
}

// bounds returns numbers between which the exact sum lies; −Inf and Inf when
// it has overflowed.
func (s *enclosure) bounds() (lower, upper float64) {
	v, off := s.hi+s.lo, s.error()
	e := float64(math.Abs(v)*0x1p-52) + off
	if e-e != 0 || v-v != 0 || s.n > 0x1p40 {
		return -Inf, Inf
	}
	if s.rough == 0 {
		return v, v
	}
	return down(v - e), up(v + e)
}

// error is by how much the exact sum may differ from hi + lo.
func (s *enclosure) error() float64 {
	if s.rough == 0 {
		return 0
	}
	return float64(s.n*float64(s.rough*0x1p-51)) + float64(s.n*0x1p-1070) // the last for underflow
}

// up returns a number at least one unit in the last place above x, so no
// smaller than the exact result of the single operation that gave x.
func up(x float64) float64 {
	return x + (float64(math.Abs(x)*0x1p-52) + math.SmallestNonzeroFloat64)
}

// down is up's mirror image.
func down(x float64) float64 { return -up(-x) }
