package interior

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"bremen/lp"
	"bremen/lp/lptest"
)

// BenchmarkSolve: programs like those of a plan, by this method and by HiGHS'
// interior point. Recipes drawn at random fill the factor much more than those of a network do.
func BenchmarkSolve(b *testing.B) {
	for _, c := range []struct{ products, sites, periods int }{{30, 2, 3}, {100, 3, 4}, {40, 4, 26}} {
		p := lptest.Planning(c.products, c.sites, c.periods, 1)
		for _, m := range []lp.Method{lp.Sharp, lp.Interior} {
			b.Run(fmt.Sprintf("%d-products-%d-sites-%d-periods/%s", c.products, c.sites, c.periods, m), func(b *testing.B) {
				solver := &Solver{Else: poolOf(b)}
				for b.Loop() {
					s, err := solver.Solve(b.Context(), p, lp.Options{Method: m})
					if err != nil || s.Status != lp.Optimal {
						b.Fatal(err, s)
					}
					b.ReportMetric(float64(s.Iterations), "iterations")
				}
				b.ReportMetric(float64(p.NNZ()), "nonzeros")
			})
		}
	}
}

// BenchmarkFactor: a dense matrix, for the kernels' speed.
func BenchmarkFactor(b *testing.B) {
	q := drawMatrix(clique(1500), rand.New(rand.NewPCG(1, 1)))
	for _, n := range []int{1, 2} {
		b.Run(fmt.Sprintf("%d-threads", n), func(b *testing.B) {
			f := q.factored(n)
			q.put(f)
			matrix := slices.Clone(f.val)
			for b.Loop() {
				copy(f.val, matrix)
				f.decompose()
			}
			b.ReportMetric(f.sy.flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gflop/s")
		})
	}
}

func BenchmarkOrder(b *testing.B) {
	p := lptest.Planning(40, 4, 26, 1)
	w := newNewton(newForm(p), 1)
	g := w.pattern()
	for b.Loop() {
		minimumDegree(g)
	}
	b.ReportMetric(float64(len(g.adj))/float64(g.vertices()), "neighbours")
}
