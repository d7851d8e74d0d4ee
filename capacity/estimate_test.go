package capacity

import (
	"fmt"
	"testing"
	"time"

	"bremen/internal/machine"
	"bremen/lp/block"
	"bremen/lp/finish"
	"bremen/lp/interior"
	"bremen/lp/pdhg"
	"bremen/network/economy"
	"bremen/network/economy/ladder"
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

func TestExpectLadder(t *testing.T) {
	t.Parallel()
	small, large := stated(t, economy.Shape{Products: 30, Regions: 2, Periods: 3}, 10), stated(t, economy.Shape{Products: 200, Regions: 3, Periods: 5}, 10)
	goals := economy.DefaultLadder(3)
	x := ExpectLadder(small, goals, time.Millisecond)
	if x.Programs == nil || x.Programs.Least < 6 || x.Programs.Most < 2*x.Programs.Least || x.Seconds.Least <= 0 || x.Seconds.Most < 4*x.Seconds.Least {
		t.Errorf("%+v", x)
	}
	if one := ExpectLadder(small, economy.Ladder{Rungs: goals.Rungs[:1], Window: 0.1}, time.Millisecond); one.Programs.Least < 2 || one.Programs.Most >= x.Programs.Most || one.Seconds.Most >= x.Seconds.Most {
		t.Errorf("one rung %+v, five %+v", one, x)
	}
	goals.Window = 0.05
	if fine := ExpectLadder(small, goals, time.Millisecond); fine.Programs.Most <= x.Programs.Most || fine.Programs.Most > 2*x.Programs.Most {
		t.Errorf("half the window %+v, all of it %+v", fine, x)
	}
	goals.Window = 0.1
	if l := ExpectLadder(large, goals, time.Millisecond); *l.Programs != *x.Programs || l.Seconds.Most <= x.Seconds.Most || l.Iterations.Most <= x.Iterations.Most {
		t.Errorf("large %+v, small %+v", l, x)
	}
	for seed := range uint64(2) {
		e, err := economy.Generate(economy.Shape{Products: 30, Regions: 2, Periods: 3}, 11+seed)
		if err != nil {
			t.Fatal(err)
		}
		p, ix, err := e.Problem(economy.Satisfaction)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ladder.Climb(t.Context(), e, p, ix, ladder.Options{Sharp: &interior.Solver{}})
		if err != nil {
			t.Fatal(err)
		}
		if n := float64(len(c.Steps)); n < x.Programs.Least || n > x.Programs.Most {
			t.Errorf("seed %d: %v programs, expected %+v", 11+seed, n, x.Programs)
		}
	}
}

// BenchmarkLadders is the published run of ExpectLadder: of ladders of generated economies how many programs, how many
// iterations of each, and in the time of how many at the pace of the economy's program; on one thread, by processor time.
func BenchmarkLadders(b *testing.B) {
	for _, s := range []economy.Shape{
		{Products: 20, Regions: 2, Periods: 2}, {Products: 30, Regions: 2, Periods: 3}, {Products: 60, Regions: 2, Periods: 3}, {Products: 100, Regions: 4, Periods: 4}, {Products: 200, Regions: 3, Periods: 5},
	} {
		for seed := range uint64(3) {
			for _, labour := range []float64{1, 0.6} {
				b.Run(fmt.Sprintf("%d,%d,%d/%d,%v", s.Products, s.Regions, s.Periods, seed+10, labour), func(b *testing.B) {
					e, err := economy.Generate(s, seed+10)
					if err != nil {
						b.Fatal(err)
					}
					for k := range e.Labour {
						e.Labour[k] *= labour
					}
					p, ix, err := e.Problem(economy.Satisfaction)
					if err != nil {
						b.Fatal(err)
					}
					for b.Loop() {
						climb(b, e, p, ix)
					}
				})
			}
		}
	}
}

func climb(b *testing.B, e *economy.Economy, p *block.Problem, ix *economy.Index) {
	const steps = 400
	before := machine.CPU()
	s, err := pdhg.Solve(b.Context(), p, pdhg.Options{Tolerance: 1e-12, Iterations: steps, Threads: 1})
	if err != nil || s.Iterations != steps {
		b.Fatal(s, err)
	}
	pace := (machine.CPU() - before).Seconds() / steps
	before = machine.CPU()
	c, err := ladder.Climb(b.Context(), e, p, ix, ladder.Options{Threads: 1, Sharp: &interior.Solver{Threads: 1}})
	if err != nil {
		b.Fatal(err)
	}
	took, iterations, programs := (machine.CPU() - before).Seconds(), 0, float64(len(c.Steps))
	for _, s := range c.Steps {
		iterations += s.Iterations
	}
	b.ReportMetric(float64(p.NNZ()), "coefficients")
	b.ReportMetric(programs, "programs")
	b.ReportMetric(float64(iterations)/programs, "iterations")
	b.ReportMetric(took/programs/pace, "paces")
}
