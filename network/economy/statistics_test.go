package economy

import (
	"math"
	"reflect"
	"testing"

	"bremen/lp/block"
)

// TestGeneratedIsLikeReal holds generated economies to the US tables of 2017
// with 402 and 71 industries. The bands are wide enough for what chance does among so few.
func TestGeneratedIsLikeReal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		folder   string
		products int
	}{{"usa-2017-402", 402}, {"usa-2017-71", 73}} {
		_, table := openTable(t, c.folder, false)
		want := table.Measure()
		for seed := range uint64(3) {
			e, err := Generate(Shape{Products: c.products, Regions: 1, Periods: 1}, seed)
			if err != nil {
				t.Fatal(err)
			}
			got := e.Measure()
			within := func(what string, got, least, most float64) {
				t.Helper()
				if !(got >= least && got <= most) {
					t.Errorf("%s, seed %d: %s is %.4g, want %.4g to %.4g", c.folder, seed, what, got, least, most)
				}
			}
			times := func(what string, got, want, factor float64) {
				t.Helper()
				within(what, got, want/factor, want*factor)
			}
			times("share of pairs", got.Filled, want.Filled, 1.1)
			times("fewest inputs", got.Inputs.P10, want.Inputs.P10, 1.35)
			times("inputs", got.Inputs.P50, want.Inputs.P50, 1.1)
			times("most inputs", got.Inputs.P90, want.Inputs.P90, 1.25)
			within("few users", got.Users.P25, want.Users.P25-0.15, want.Users.P25+0.15)
			within("users", got.Users.P50, want.Users.P50-0.15, want.Users.P50+0.15)
			within("many users", got.Users.P75, want.Users.P75-0.15, want.Users.P75+0.15)
			times("hubs", got.Hubs, want.Hubs, 1.15)
			times("outputs", got.Outputs.P50, want.Outputs.P50, 1.6)
			times("low input shares", got.InputShare.P10, want.InputShare.P10, 1.35)
			times("input share", got.InputShare.P50, want.InputShare.P50, 1.35)
			times("high input shares", got.InputShare.P90, want.InputShare.P90, 1.35)
			within("largest input", got.Largest, want.Largest-0.06, want.Largest+0.15)
			times("spread", got.Spread, want.Spread, 1.15)
			within("skew", got.Skew, -0.6, 0.3)
			within("tails", got.Tails, 2.4, 3.6)
			within("popular inputs", got.Popular, want.Popular-0.2, want.Popular+0.2)
			within("cycle", got.Cycle, want.Cycle-0.1, want.Cycle+0.1)
			times("labour", got.Labour.P50, want.Labour.P50, 1.35)
			times("labour's spread", got.LabourSpread, want.LabourSpread, 1.35)
		}
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	// Corn and coal need each other; bread needs corn; nobody needs bread or gold.
	e := &Economy{
		Products: make([]Product, 4), Techniques: make([]Item, 3),
		Making: Technology{
			Product: &block.Matrix{Rows: 4, Cols: 3, Start: []int32{0, 2, 4, 7},
				Index: []int32{0, 1, 0, 1, 0, 1, 2}, Value: []float64{1, -0.5, -0.25, 2, -0.5, -0.25, 1}},
			Labour: &block.Matrix{Rows: 1, Cols: 3, Start: []int32{0, 1, 2, 3}, Index: []int32{0, 0, 0}, Value: []float64{1, 1, math.E}},
		},
	}
	got := e.Measure()
	want := Statistics{
		Products: 4, Techniques: 3, Coefficients: 7,
		Filled: 4. / 12, Hubs: 0.5, Largest: (1 + 1 + 2./3) / 3,
		Inputs:  Quantiles{1, 1, 1, 2, 2, 2},
		Users:   Quantiles{0, 0, 2. / 3, 2. / 3, 2. / 3, 2. / 3},
		Outputs: Quantiles{1, 1, 1, 1, 1, 1}, InputShare: Quantiles{0.125, 0.125, 0.5, 0.75, 0.75, 0.75},
		Labour: Quantiles{0.5, 0.5, 1, math.E, math.E, math.E}, Cycle: 0.5,
	}
	got.Spread, got.Skew, got.Tails, got.LabourSpread = 0, 0, 0, 0
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Whatever shape it has, a generated economy is valid, its program has a finite
// bound for every column, and the same seed gives it again.
func TestGeneratedIsFeasible(t *testing.T) {
	t.Parallel()
	for seed, s := range []Shape{
		{Products: 12, Regions: 1, Periods: 1},
		{Products: 20, Regions: 2, Periods: 3, Alternatives: 0.5},
		{Products: 40, Regions: 3, Periods: 4, Alternatives: 0.3, Single: true},
		{Products: 30, Regions: 6, Periods: 2, Inputs: 5},
	} {
		e, err := Generate(s, uint64(seed))
		if err != nil {
			t.Fatal(err)
		}
		again, err := Generate(s, uint64(seed))
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Errorf("%+v: another economy of the same seed (%v)", s, err)
		}
		p, ix, err := e.Problem(Satisfaction)
		if err != nil {
			t.Fatal(err)
		}
		if c := block.Check(p, idle(e, p, ix), make([]float64, p.Rows())); c.Primal > 1e-9 {
			t.Errorf("%+v: doing nothing breaks a row by %v", s, c.Primal)
		}
		solution := solve(t, p)
		plan := ix.Read(e, p, solution.Col)
		sum, n := 0.0, 0.0
		for k := range e.Needs {
			for b := range e.Blocks() {
				sum, n = sum+e.Satisfaction(plan, k, b), n+1
			}
		}
		if mean := sum / n; mean < 0.5 || mean > 0.9999 {
			t.Errorf("%+v: mean satisfaction %v, want most but not all", s, mean)
		}
		t.Logf("%+v: %d columns, %d coefficients, mean satisfaction %.3f", s, p.Cols(), p.NNZ(), sum/n)
	}
}

// idle is the point at which nothing is done and capital wears.
func idle(e *Economy, p *block.Problem, ix *Index) []float64 {
	x := make([]float64, p.Cols())
	installed := p.ColGroups[ix.Installed]
	for i := range installed.Size() {
		t := i % len(e.Periods)
		before := e.Installed[i/len(e.Periods)] / ix.Unit
		if t > 0 {
			before = x[installed.First+i-1]
		}
		x[installed.First+i] = before * (1 - e.Capitals[i/installed.Blocks].Wear)
	}
	return x
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []Shape{{Products: 9, Regions: 1, Periods: 1}, {Products: 10, Periods: 1}, {Products: 10, Regions: 1, Periods: 1, Inputs: 6}, {Products: 1e7, Regions: 1, Periods: 1}} {
		if _, err := Generate(s, 1); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
}

// The number of inputs is that of the real tables at their size, never falls, and never leaves a technique without one.
func TestInputsOf(t *testing.T) {
	t.Parallel()
	if a, b := InputsOf(71), InputsOf(402); a != 52 || b != 119 {
		t.Errorf("of 71 and 402 products %d and %d, want 52 and 119", a, b)
	}
	before := 1
	for n := 10; n <= 1_000_000; n += 1 + n/50 {
		if k := InputsOf(n); k < before || k > n*3/4 {
			t.Errorf("of %d products %d, of fewer %d", n, k, before)
		} else {
			before = k
		}
	}
	e, err := Generate(Shape{Products: 12, Regions: 1, Periods: 1}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if s := e.Measure(); s.Inputs.P10 != 1 || s.Inputs.Most != 1 {
		t.Errorf("of 12 products %+v, want 1", s.Inputs)
	}
}
