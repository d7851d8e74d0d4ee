package plan

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp"
	"bremen/network"
)

// The programs of this file are put together on their own, not by goalprogram.go.

// line is one more row of a program.
type line struct {
	lower, upper float64
	at           map[int]float64 // by column
}

// with copies a program without its goal, with more columns (within 0 and 1)
// and rows, and puts one column's value to be maximised.
func with(p *lp.Problem, cols int, lines []line, goal int) *lp.Problem {
	q := &lp.Problem{Maximise: true}
	for i := range p.Rows() {
		q.AddRow(p.RowLower[i], p.RowUpper[i])
	}
	for _, l := range lines {
		q.AddRow(l.lower, l.upper)
	}
	for j := range p.Cols() + cols {
		if j < p.Cols() {
			q.AddColumn(0, p.Lower[j], p.Upper[j])
			rows, values := p.Column(j)
			for k, i := range rows {
				q.Entry(int(i), values[k])
			}
		} else {
			q.AddColumn(0, 0, 1)
		}
		for i, l := range lines {
			if v := l.at[j]; v != 0 {
				q.Entry(p.Rows()+i, v)
			}
		}
	}
	q.Cost[goal] = 1
	return q
}

// most returns the largest value that a program's goal can have.
func most(t testing.TB, r rapid.TB, q *lp.Problem, m lp.Method) float64 {
	t.Helper()
	sol, err := testSolver(t).Solve(t.Context(), q, lp.Options{Method: m, Tolerance: 1e-9})
	if err != nil || (sol.Status != lp.Optimal && !sol.Check.Within(1e-6)) {
		r.Fatalf("own program: %v %+v", err, sol)
	}
	return sol.Objective
}

// saturated climbs the leximin rungs of a ladder by the textbook: lift all free
// elements by a common progress, then ask for each of them, with a program of
// its own, whether it can rise any further; those that cannot are fixed. It
// returns the sorted progress per rung, up to the first rung of another kind.
func saturated(t testing.TB, r rapid.TB, p *Program, ladder network.Ladder) [][]float64 {
	n := len(p.Elements)
	stands, blocked := make([]float64, n), make([]bool, n)
	var result [][]float64
	for i := range ladder {
		if ladder[i].Kind != network.Leximin {
			return result
		}
		start := slices.Clone(stands)
		height := make([]float64, n)
		for e := range n {
			for _, s := range ladder[i].Sets {
				if p.inSet(e, s.Of, s.Urgency, s.What, s.Agent) {
					height[e] = max(height[e], s.To)
				}
			}
		}
		free := map[int]bool{}
		for e := range n {
			free[e] = height[e] > stands[e]+1e-7 && !blocked[e]
		}
		rise(t, r, p, start, height, stands, blocked, free)
		var progress []float64
		for e := range n {
			switch {
			case height[e] <= 0:
			case height[e] <= start[e]+1e-7:
				progress = append(progress, 1)
			default:
				progress = append(progress, (stands[e]-start[e])/(height[e]-start[e]))
			}
		}
		slices.Sort(progress)
		result = append(result, progress)
	}
	return result
}

func rise(t testing.TB, r rapid.TB, p *Program, start, height, stands []float64, blocked []bool, free map[int]bool) {
	z := p.LP.Cols()
	for {
		var lines []line
		left := 0
		for e := range p.Elements {
			col := p.Elements[e].Col
			if free[e] {
				left++
				lines = append(lines, line{start[e], lp.Inf, map[int]float64{col: 1, z: start[e] - height[e]}})
			} else {
				lines = append(lines, line{stands[e] - 2e-8, lp.Inf, map[int]float64{col: 1}})
			}
		}
		if left == 0 {
			return
		}
		level := most(t, r, with(p.LP, 1, lines, z), lp.Simplex)
		var at []line
		for e := range p.Elements {
			low := stands[e]
			if free[e] {
				low = start[e] + (height[e]-start[e])*level
			}
			at = append(at, line{low - 2e-8, lp.Inf, map[int]float64{p.Elements[e].Col: 1}})
		}
		fixed := 0
		for e := range p.Elements {
			if !free[e] {
				continue
			}
			here := start[e] + (height[e]-start[e])*level
			if level < 1-1e-7 && most(t, r, with(p.LP, 0, at, p.Elements[e].Col), lp.Simplex) > here+1e-5 {
				continue
			}
			free[e], stands[e], blocked[e] = false, here, level < 1-1e-7
			fixed++
		}
		if fixed == 0 {
			r.Fatalf("at level %g every element can rise on its own, though not together", level)
		}
	}
}

func TestLevelsAreThoseOfTheTextbook(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		pl := lawful(r, t, n)
		if pl.Status == Infeasible {
			return
		}
		_, ladder, err := LadderOf(pl.Program.Net, "")
		if err != nil {
			r.Fatal(err)
		}
		for rung, want := range saturated(t, r, pl.Program, ladder) {
			got := pl.progress(rung)
			for i := range want {
				if math.Abs(got[i]-want[i]) > 1e-4 {
					r.Fatalf("rung %s: progress %v, the textbook gives %v\n%s", ladder[rung].Goal, got, want, stated(n))
				}
			}
		}
	})
}

// Three people share 12 loaves; the first can eat 2 only, and only the third has a way to 3 more.
func TestLeximinOfThreeByHand(t *testing.T) {
	n := &network.Network{Settings: network.Settings{
		ID: "three", Allowance: "none", Calendar: bakery().Calendar,
		Ladders: map[string]network.Ladder{"default": {{Goal: "all", Kind: network.Leximin, Sets: []network.Set{{To: 1}}}}},
	}}
	n.Calendar.Periods = 1
	n.Sites = []network.Site{{ID: "s"}}
	n.Products = []network.Product{{ID: "loaf", Unit: "kg"}, {ID: "roll", Unit: "kg"}}
	n.Variants = []network.Variant{{Kind: "bread", Product: "loaf", Preference: 1}, {Kind: "bread", Product: "roll", Preference: 1}}
	n.Stocks = []network.Stock{{Site: "s", Product: "loaf", Start: 12}, {Site: "s", Product: "roll", Start: 3}}
	for id, q := range map[string]float64{"a": 2, "b": 20, "c": 30} {
		what := "loaf"
		if id == "c" {
			what = "bread"
		}
		n.Agents = append(n.Agents, network.Agent{ID: id, Type: network.Person, Site: "s"})
		n.Needs = append(n.Needs, network.Need{Agent: id, What: what, Quantity: q})
	}
	pl := planned(t, n)
	// All rise to the same share: 15 of 52 would take 8.65 of bread for c, 3 of it rolls: 15/52 for all three.
	for _, l := range pl.Needs {
		if !near6(l.Satisfaction, 15.0/52) {
			t.Errorf("%s gets %g, want %g", l.Agent, l.Satisfaction, 15.0/52)
		}
	}
	n.Stocks[1].Start = 27
	// Now c has 27 rolls and stands at 0.9 alone; a and b share the loaves: 12/22.
	pl = planned(t, n)
	want := map[string]float64{"a": 12.0 / 22, "b": 12.0 / 22, "c": 0.9}
	for _, l := range pl.Needs {
		if !near6(l.Satisfaction, want[l.Agent]) {
			t.Errorf("%s gets %g, want %g", l.Agent, l.Satisfaction, want[l.Agent])
		}
	}
}

// ceiling returns the program whose best value is how far element e could rise
// if all that earlier rungs gave stays, everybody of e's rung who has no more
// progress keeps it, and those who have more fall to e's progress at most.
func (pl *Plan) ceiling(t testing.TB, e int, slack float64) (q *lp.Problem, stands float64) {
	t.Helper()
	c, p := pl.climb, pl.Program
	rung := c.rungOf[e]
	height, start := c.heightAt[rung], c.startAt[rung]
	progress := func(f int) float64 {
		return min(1, (pl.X[p.Elements[f].Col]-start[f])/(height[f]-start[f]))
	}
	z := progress(e)
	var lines []line
	for f := range p.Elements {
		low := start[f]
		if height[f] > start[f]+1e-9 && f != e {
			low += (height[f] - start[f]) * min(z, progress(f))
		}
		if low > slack {
			lines = append(lines, line{low - slack, lp.Inf, map[int]float64{p.Elements[f].Col: 1}})
		}
	}
	for r := range rung {
		if c.ladder[r].Kind == network.Leximin {
			continue
		}
		x, err := p.expression(&c.ladder[r])
		if err != nil {
			t.Fatal(err)
		}
		at := map[int]float64{}
		for k, j := range x.index {
			at[j] += x.value[k]
		}
		if len(at) == 0 {
			continue
		}
		l := line{-lp.Inf, c.results[r].Value - x.constant + 1e-6*(1+math.Abs(c.results[r].Value)), at}
		if c.ladder[r].Kind == network.Most {
			l.lower, l.upper = c.results[r].Value-x.constant-1e-6*(1+math.Abs(c.results[r].Value)), lp.Inf
		}
		lines = append(lines, l)
	}
	return with(p.LP, 0, lines, p.Elements[e].Col), pl.X[p.Elements[e].Col]
}

func TestNobodyCouldRiseAtNoOnesCost(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		pl := lawful(r, t, n)
		if pl.Status == Infeasible {
			return
		}
		for e := range pl.Program.Elements {
			rung := pl.climb.rungOf[e]
			if rung < 0 || !pl.climb.blocked[e] {
				continue
			}
			q, stands := pl.ceiling(t, e, 1e-7)
			gain := pl.climb.heightAt[rung][e] - pl.climb.startAt[rung][e]
			// Who keeps 1e-7 less may leave a thousand times that to another; the climb promises DefaultPrecision.
			if top := most(t, r, q, lp.Simplex); top > stands+2*DefaultPrecision*gain+1e-4 {
				r.Errorf("element %d (%s) stands at %.9g and could rise to %.9g\n%s", e, pl.Program.whatOf(e), stands, top, stated(n))
			}
		}
	})
}
