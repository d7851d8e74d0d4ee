package ladder_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"testing"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/highs"
	"bremen/network/economy"
	"bremen/network/economy/ladder"
)

var pool = sync.OnceValues(func() (*highs.Pool, error) { return highs.New(highs.Options{}) })

func small(t testing.TB, products int, seed uint64) (*economy.Economy, *block.Problem, *economy.Index) {
	e, err := economy.Generate(economy.Shape{Products: products, Regions: 2, Periods: 2}, seed)
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.Labour { // too little for most, so that there are many levels
		e.Labour[i] *= 0.3
	}
	p, ix, err := e.Problem(economy.Satisfaction)
	if err != nil {
		t.Fatal(err)
	}
	return e, p, ix
}

// leximin raises the needs of one urgency by exact programs until all are
// fixed: after each, those whose rows have a price. It returns what they reach, ascending.
func leximin(t *testing.T, e *economy.Economy, p *block.Problem, ix *economy.Index, urgency int) []float64 {
	t.Helper()
	by, err := pool()
	if err != nil {
		t.Fatal(err)
	}
	free, fixed := map[int]bool{}, map[int]float64{}
	for at, d := range e.Demand {
		if d > 0 && e.Needs[at/e.Blocks()].Urgency == urgency {
			free[at] = true
		}
	}
	first := p.RowGroups[ix.Satisfaction].First
	for len(free) > 0 {
		q := p.Explicit()
		q.Cost, q.Upper, q.RowLower = make([]float64, p.Cols()), slices.Clone(q.Upper), slices.Clone(q.RowLower)
		for w := range ix.WorstUrgency {
			q.Upper[p.ColGroups[ix.Worst].First+w] = 0
		}
		z := q.AddColumn(1, 0, 1)
		q.Maximise = true
		for at, d := range e.Demand {
			if free[at] {
				q.Entry(first+at, -d/ix.Unit)
			} else if v, ok := fixed[at]; ok {
				q.RowLower[first+at] = (v - 1e-7) * d / ix.Unit
			}
		}
		s, err := by.Solve(t.Context(), q, lp.Options{Method: lp.Simplex})
		if err != nil || s.Status != lp.Optimal {
			t.Fatal(s, err)
		}
		for at := range e.Demand {
			if free[at] && (s.Col[z] > 1-1e-6 || math.Abs(s.RowDual[first+at]*e.Demand[at]/ix.Unit) > 1e-6) {
				fixed[at] = s.Col[z]
				delete(free, at)
			}
		}
	}
	return slices.Sorted(maps.Values(fixed))
}

// The plan breaks nothing, keeps all floors, no level is above what is proven, and
// who is served worst is served as by exact programs, to the window.
func TestClimbComesNearExactLeximin(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			e, p, ix := small(t, 10+int(seed), seed)
			urgency := int(seed % 3)
			rung, then := make(ladder.Rung, 3), make(ladder.Rung, 3)
			rung[urgency], then[(urgency+1)%3] = 1, 1
			o := ladder.Options{Rungs: []ladder.Rung{rung, then}}
			c, err := ladder.Climb(t.Context(), e, p, ix, o)
			if err != nil {
				t.Fatal(err)
			}
			if got := block.Check(p, c.Col, nil).Primal; got != 0 {
				t.Errorf("broken by %v", got)
			}
			for _, s := range c.Steps {
				worse := s.Level - s.Bound
				if s.Kind == ladder.Labour {
					worse = -worse / (1 + s.Level)
				}
				if worse > 1e-9 {
					t.Errorf("%+v is better than what is proven", s)
				}
			}
			plan, got := ix.Read(e, p, c.Col), []float64{}
			for at, d := range e.Demand {
				v := e.Satisfaction(plan, at/e.Blocks(), at%e.Blocks())
				if v < c.Floor[at]-1e-9 {
					t.Errorf("need %d is satisfied %v, kept is %v", at, v, c.Floor[at])
				}
				if d > 0 && e.Needs[at/e.Blocks()].Urgency == urgency {
					got = append(got, v)
				}
			}
			slices.Sort(got)
			want := leximin(t, e, p, ix, urgency)
			t.Logf("%.3f\n%.3f", got, want)
			if math.Abs(got[0]-want[0]) > 5e-3 {
				t.Errorf("the worst is served %v, by leximin %v", got[0], want[0])
			}
			for k := range want {
				if got[k] < want[k]-0.1-5e-3 {
					t.Errorf("place %d is served %v, by leximin %v", k, got[k], want[k])
				}
			}
		})
	}
}

func TestClimbSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	e, p, ix := small(t, 12, 1)
	if _, err := ladder.Climb(t.Context(), e, p, ix, ladder.Options{Rungs: []ladder.Rung{{1}}}); err == nil {
		t.Error("a rung of one height went through")
	}
	if _, err := ladder.Climb(t.Context(), e, p, ix, ladder.Options{Window: 2}); err == nil {
		t.Error("a window of 2 went through")
	}
	q, least, err := e.Problem(economy.LeastLabour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ladder.Climb(t.Context(), e, q, least, ladder.Options{}); err == nil {
		t.Error("a program of least labour went through")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ladder.Climb(ctx, e, p, ix, ladder.Options{}); err == nil {
		t.Error("a climb that was cancelled came to an end")
	}
}

func TestDefaultRaisesEveryUrgencyToTheTop(t *testing.T) {
	t.Parallel()
	for n := 1; n < 6; n++ {
		for u := range n {
			heights := []float64{}
			for _, r := range ladder.Default(n) {
				heights = append(heights, r[u])
			}
			if slices.Max(heights) != 1 {
				t.Errorf("%d urgencies: heights %v of urgency %d", n, heights, u)
			}
		}
	}
}
