package capacity

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"
)

// A short series plans economies that break no bound, each with a proven gap.
func TestMeasure(t *testing.T) {
	told := 0
	r, err := Measure(t.Context(), Options{Time: time.Minute, Products: 100, Regions: 2, Periods: 3, Threads: 1, Progress: func(Progress) { told++ }})
	if err != nil {
		t.Fatal(err)
	}
	if r.End != EndProducts || len(r.Steps) != 3 || told < 4 {
		t.Fatalf("%d steps, end %q, told %d times", len(r.Steps), r.End, told)
	}
	for k, s := range r.Steps {
		if s.Products != first<<k || !s.Solved || s.Broken > 1e-9 || !(s.Gap < 1e-2) || s.Gap < -1e-9 || !s.Check.Within(r.Tolerance) || s.Seconds <= 0 || s.Iterations == 0 {
			t.Errorf("step %d: %+v", k, s)
		}
		if need := needFor(t, s.Products, 2, 3); s.Memory > need {
			t.Errorf("step %d took %d bytes, more than the %d that were thought to do", k, s.Memory, need)
		}
		if k > 0 && s.Coefficients <= r.Steps[k-1].Coefficients {
			t.Errorf("step %d has %d coefficients, the one before %d", k, s.Coefficients, r.Steps[k-1].Coefficients)
		}
	}
	if m := r.Machine; m.Kernels == "" || m.Threads != 1 || m.Axpy < 1e8 || m.Triad < 1e8 || m.Base < 1<<20 {
		t.Errorf("machine %+v", m)
	}
	if r.Time == nil || r.Time.Points != 3 || len(r.Answers) != len(Spans) {
		t.Errorf("growth %+v, %d answers", r.Time, len(r.Answers))
	}
}

// needFor estimates as a series does that begins.
func needFor(t *testing.T, products, regions, periods int) int64 {
	s := newSeries(Options{Regions: regions, Periods: periods})
	if err := s.room(products); err != nil {
		t.Fatal(err)
	}
	return s.need(products)
}

func TestMeasureRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	_, err := Measure(t.Context(), Options{Products: 1_000_000, Memory: 100 << 20})
	var large *TooLarge
	if !errors.As(err, &large) || large.Need < 1<<30 || large.Most != 100<<20 || large.Products != 1_000_000 {
		t.Errorf("%v", err)
	}
	r, err := Measure(t.Context(), Options{Time: time.Minute, Memory: 9 << 20, Regions: 2, Periods: 3, Threads: 1})
	if err != nil || r.End != EndMemory || len(r.Steps) == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Measure(t.Context(), Options{Products: 12, Regions: 1, Periods: 1, Memory: 1 << 20}); !errors.As(err, &large) || large.Need < leastMemory {
		t.Errorf("12 products: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Measure(ctx, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Answers follow the growth, and memory where it ends before time does.
func TestAnswers(t *testing.T) {
	t.Parallel()
	r := &Report{Machine: Machine{Memory: 8 << 30}}
	for n := 10; n <= 1000; n *= 10 { // 1000 coefficients for each product, a microsecond and 10 bytes for each
		r.Steps = append(r.Steps, Step{Products: n, Coefficients: 1000 * n, Seconds: 1e-3 * float64(n), CPU: 2e-3 * float64(n), Memory: int64(10_000 * n), Solved: true})
	}
	r.Steps = append(r.Steps, Step{Products: 2000, Coefficients: 2_000_000, Seconds: 1000}) // not in time
	need := func(products int) int64 { return int64(products) * 10_000 }
	r.conclude(need)
	if math.Abs(r.Time.Exponent-1) > 1e-9 || math.Abs(r.Memory.Exponent-1) > 1e-9 || r.Time.Points != 3 {
		t.Fatalf("%+v, %+v", r.Time, r.Memory)
	}
	for k, want := range []Answer{
		// 2000 products were not done in 1000 s: half a millisecond a coefficient at least
		{60, 120, 1.2e5, 1.2e6, EndTime, 0.12},
		{3600, 7200, 7.2e6, 7.2e7, EndTime, 7.2},
	} {
		compare(t, r.Answers[k], want)
	}
	r.Steps = r.Steps[:len(r.Steps)-1]
	r.Answers = nil
	r.conclude(need)
	for k, want := range []Answer{
		{60, 60_000, 6e7, 6e8, EndTime, 60},
		{3600, 858_993, 858_993_000, 8 << 30, EndMemory, 858.993},
	} {
		compare(t, r.Answers[k], want)
	}
}

func compare(t *testing.T, got, want Answer) {
	t.Helper()
	for _, v := range [][2]float64{{got.Products, want.Products}, {got.Coefficients, want.Coefficients}, {got.Memory, want.Memory}, {got.Beyond, want.Beyond}} {
		if math.Abs(v[0]-v[1]) > 1e-4*v[1] {
			t.Errorf("got %+v, want %+v", got, want)
			break
		}
	}
	if got.Limit != want.Limit || got.Seconds != want.Seconds {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
