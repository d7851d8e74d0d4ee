package economy

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// drawing draws products without putting them back, each next one with a
// probability in proportion to its weight.
type drawing struct {
	random *rand.Rand
	weight []float64
	sums   []float64 // of the weights up to each
	guide  []int     // where in sums each of as many equal parts of the total begins
	keys   []key
}

type key struct {
	at      float64
	product int32
}

func newDrawing(random *rand.Rand, weight []float64) *drawing {
	d := &drawing{random: random, weight: weight, sums: make([]float64, len(weight))}
	sum := 0.0
	for i, w := range weight {
		sum += w
		d.sums[i] = sum
	}
	d.guide = make([]int, len(weight)+1)
	at := 0
	for k := range d.guide {
		for at < len(weight)-1 && d.sums[at] < sum*float64(k)/float64(len(weight)) {
			at++
		}
		d.guide[k] = at
	}
	return d
}

// some draws count products that take says are new and calls f for each. Few of
// many are drawn by trying again; many of few by an exponential clock for each
// product, of which the first to ring are drawn (Efraimidis and Spirakis, Inf.
// Process. Lett. 97 (2006) 181-185).
func (d *drawing) some(count int, take func(int32) bool, f func(i int32)) {
	drawn := 0
	draw := func(i int32) {
		if drawn < count && take(i) {
			f(i)
			drawn++
		}
	}
	if 20*count <= len(d.weight) {
		for drawn < count {
			draw(d.one())
		}
		return
	}
	d.keys = d.keys[:0]
	for i, w := range d.weight {
		d.keys = append(d.keys, key{d.random.ExpFloat64() / w, int32(i)})
	}
	slices.SortFunc(d.keys, func(a, b key) int { return cmp.Compare(a.at, b.at) })
	for _, k := range d.keys {
		draw(k.product)
	}
}

// one draws a product: it looks in the part of the sums that the guide points to.
func (d *drawing) one() int32 {
	u := d.random.Float64()
	k := int(u * float64(len(d.weight)))
	lo, hi := d.guide[k], min(d.guide[k+1]+1, len(d.sums))
	at, _ := slices.BinarySearch(d.sums[lo:hi], u*d.sums[len(d.sums)-1])
	return int32(min(lo+at, len(d.sums)-1))
}
