package interior

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp"
)

// tree returns a program of flows down a tree of rows, with losses on the way,
// and of other columns that do not pay. Its optimum is strictly complementary: the
// columns of the tree are between their bounds and determine the row duals,
// which have no finite binary expansion; all other columns have a price of 1/4 at least.
func tree(rows, others int, seed uint64) *lp.Problem {
	r := rand.New(rand.NewPCG(seed, 7))
	up := func(i int) (int, float64) { return r.IntN(i), -0.5 - float64(r.IntN(8))/16 }
	y := []float64{3}
	q := &lp.Problem{}
	column := func(cost, x float64, entries map[int]float64) {
		q.AddColumn(cost, x-1-r.Float64(), x+1+r.Float64())
		for i := range rows {
			if a := entries[i]; a != 0 {
				q.Entry(i, a)
			}
		}
	}
	x := []float64{5}
	column(3, 5, map[int]float64{0: 1})
	for i := 1; i < rows; i++ {
		from, loss := up(i)
		cost := float64(r.IntN(33)-16) / 8
		y = append(y, (cost-loss*y[from])/0.75)
		x = append(x, 4*r.NormFloat64())
		column(cost, x[i], map[int]float64{i: 0.75, from: loss})
	}
	for range others {
		i := 1 + r.IntN(rows-1)
		from, loss := up(i)
		reduced := 0.25 + r.ExpFloat64()
		if r.IntN(2) == 0 {
			reduced = -reduced
		}
		column(reduced+y[i]+loss*y[from], 0, map[int]float64{i: 1, from: loss})
		j := q.Cols() - 1
		if x = append(x, q.Lower[j]); reduced < 0 {
			x[j] = q.Upper[j]
		}
	}
	for range rows {
		q.AddRow(0, 0)
	}
	for i, v := range q.Activity(x) {
		q.RowLower[i], q.RowUpper[i] = v, v
		switch {
		case r.IntN(2) == 0 || math.Abs(y[i]) < 0.1:
		case y[i] > 0:
			q.RowUpper[i] += 3
		default:
			q.RowLower[i] -= 3
		}
	}
	return q
}

// between returns the largest reduced cost of a column well between its bounds,
// by duals with what rounding left out of them, and how many such columns there are.
func between(p *lp.Problem, s *lp.Solution, rest []float64) (worst float64, columns int) {
	for j, x := range s.Col {
		if room := min(x-p.Lower[j], p.Upper[j]-x); room > 1e-3 {
			columns++
			worst = max(worst, math.Abs(p.ReducedCost(j, p.Cost[j], s.RowDual, rest)))
		}
	}
	return worst, columns
}

func TestDualsInTwiceThePrecision(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		p := tree(20+2*int(seed), 20+3*int(seed), seed)
		s := solved(t, p, 1)
		if s.Status != lp.Optimal {
			t.Fatalf("seed %d: status %d: %s", seed, s.Status, s.Detail)
		}
		sharp, n := between(p, s, s.RowDualRest)
		plain, _ := between(p, s, make([]float64, p.Rows()))
		if s.Check.Primal > 1e-14 {
			t.Errorf("seed %d: rows and bounds are missed by %v", seed, s.Check.Primal)
		}
		if n < 5 {
			t.Errorf("seed %d: only %d columns are between their bounds", seed, n)
		}
		if !(sharp < 1e-20) {
			t.Errorf("seed %d: a column between its bounds has the reduced cost %v", seed, sharp)
		}
		if !(plain > 1e-20) {
			t.Errorf("seed %d: without the rest reduced costs are %v already", seed, plain)
		}
		for i, low := range s.RowDualRest {
			if math.Abs(low) > 0x1p-52*math.Abs(s.RowDual[i]) {
				t.Errorf("seed %d, row %d: the rest %v of %v is more than rounding leaves", seed, i, low, s.RowDual[i])
			}
		}
	}
}

// A pair holds what exact sums come to within a few units of 2^−104.
func TestPair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		figure := rapid.Float64Range(-1e6, 1e6)
		s := pair{figure.Draw(r, "start"), 0}
		want := new(big.Float).SetPrec(2000).SetFloat64(s.hi)
		size := math.Abs(s.hi)
		for range rapid.IntRange(0, 20).Draw(r, "terms") {
			a, b := figure.Draw(r, "a"), figure.Draw(r, "b")
			s.addProduct(a, b)
			product := new(big.Float).SetPrec(2000).SetFloat64(a)
			want.Add(want, product.Mul(product, big.NewFloat(b)))
			size += math.Abs(a * b)
		}
		got := new(big.Float).SetPrec(2000).SetFloat64(s.hi)
		got.Add(got, big.NewFloat(s.lo))
		off, _ := got.Sub(got, want).Float64()
		if !(math.Abs(off) <= 0x1p-98*size+1e-300) {
			r.Errorf("%v + %v is off by %v of terms that come to %v", s.hi, s.lo, off, size)
		}
		if s.hi+s.lo != s.hi {
			r.Errorf("%v + %v: the second part is not what the first has lost", s.hi, s.lo)
		}
	})
}
