package capacity

import (
	"fmt"
	"testing"
	"time"

	"bremen/lp/block"
	"bremen/lp/finish"
	"bremen/lp/pdhg"
	"bremen/network/economy"
)

func stated(t testing.TB, s economy.Shape, seed uint64) *block.Problem {
	t.Helper()
	e, err := economy.Generate(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := e.Problem(economy.Satisfaction)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestExpect(t *testing.T) {
	t.Parallel()
	const pace = time.Millisecond
	small, large := stated(t, economy.Shape{Products: 30, Regions: 2, Periods: 3}, 10), stated(t, economy.Shape{Products: 60, Regions: 4, Periods: 6}, 10)
	e := Expect(small, 1e-4, pace, false)
	if e.Pace != 1e-3 || e.Iterations.Least*2.5*3 > e.Iterations.Most*1.01 || e.Seconds.Least != e.Iterations.Least*1e-3 || e.Seconds.Most < e.Iterations.Most*1e-3 {
		t.Errorf("%+v", e)
	}
	if l := Expect(large, 1e-4, pace, false); l.Iterations.Least <= e.Iterations.Least || l.Iterations.Most <= e.Iterations.Most {
		t.Errorf("of a larger one %+v, of a smaller one %+v", l, e)
	}
	if f := Expect(small, 1e-6, pace, false); f.Iterations.Most < 3.9*e.Iterations.Most {
		t.Errorf("to 1e-6 %+v, to 1e-4 %+v", f, e)
	}
	x := Expect(small, 1e-8, pace, true)
	if x.Iterations.Most > finish.BeforeIterations || x.Iterations.Most > e.Iterations.Most || x.Seconds.Least <= e.Seconds.Least || x.Seconds.Most <= e.Seconds.Most {
		t.Errorf("with the exact method %+v, without %+v", x, e)
	}
	for seed := range uint64(3) {
		p := stated(t, economy.Shape{Products: 30, Regions: 2, Periods: 3}, 10+seed)
		s, err := pdhg.Solve(t.Context(), p, pdhg.Options{})
		if r := Expect(p, 1e-4, pace, false).Iterations; err != nil || float64(s.Iterations) < r.Least || float64(s.Iterations) > r.Most {
			t.Errorf("seed %d: %d iterations, expected %+v; %v", seed, s.Iterations, r, err)
		}
	}
}

// BenchmarkIterations is the published run of Expect: iterations to 1e-4 of generated economies,
// and how many times the pace each took.
func BenchmarkIterations(b *testing.B) {
	for _, s := range []economy.Shape{
		{Products: 30, Regions: 2, Periods: 3}, {Products: 400, Regions: 1, Periods: 1}, {Products: 60, Regions: 4, Periods: 6},
		{Products: 100, Regions: 1, Periods: 12}, {Products: 100, Regions: 4, Periods: 6, Alternatives: 0.3}, {Products: 200, Regions: 3, Periods: 5},
		{Products: 1000, Regions: 1, Periods: 4}, {Products: 400, Regions: 3, Periods: 4}, {Products: 150, Regions: 4, Periods: 12},
		{Products: 500, Regions: 4, Periods: 8, Alternatives: 0.3},
	} {
		for seed := range uint64(3) {
			b.Run(fmt.Sprintf("%d,%d,%d,%v/%d", s.Products, s.Regions, s.Periods, s.Alternatives, seed+10), func(b *testing.B) {
				p := stated(b, s, seed+10)
				for b.Loop() {
					pace, err := pdhg.Pace(b.Context(), p, 0)
					if err != nil {
						b.Fatal(err)
					}
					found, err := pdhg.Solve(b.Context(), p, pdhg.Options{Time: time.Minute})
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(p.NNZ()), "coefficients")
					b.ReportMetric(float64(found.Iterations), "iterations")
					b.ReportMetric(found.Elapsed.Seconds()/float64(found.Iterations)/pace.Seconds(), "pace")
				}
			})
		}
	}
}
