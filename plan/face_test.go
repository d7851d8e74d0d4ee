package plan

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp"
	"bremen/network"
)

// watching solves, and shows each round of a leximin rung before what it fixes
// is held. It ends the climb after some rounds, if there are to be no more.
type watching struct {
	solving
	round func(c *climb, g *goalProgram, a *answer)
	most  int
}

var errSeen = errors.New("enough rounds have been seen")

func (w *watching) level(ctx context.Context, c *climb, g *goalProgram, last float64) (*answer, error) {
	if w.most--; w.most < 0 {
		return nil, errSeen
	}
	a, err := w.solving.level(ctx, c, g, last)
	if err == nil {
		w.round(c, g, a)
	}
	return a, err
}

// climbed climbs a network's ladder for at most so many rounds and shows each.
func climbed(t testing.TB, r rapid.TB, n *network.Network, most int, round func(c *climb, g *goalProgram, a *answer)) {
	r.Helper()
	p, err := Build(n, nil)
	if err != nil {
		r.Fatal(err)
	}
	_, ladder, err := LadderOf(p.Net, "")
	if err != nil {
		r.Fatal(err)
	}
	c := newClimb(p, ladder, &watching{solving{solver: testSolver(t)}, round, most})
	if err := c.run(t.Context()); err != nil && !errors.Is(err, errSeen) && !errors.Is(err, errContradiction) {
		r.Errorf("%v\n%s", err, stated(n))
	}
}

// onFaces checks a law for the first rounds of a village, where thousands of
// things are held, and for all rounds of small random networks.
func onFaces(t *testing.T, law func(r rapid.TB, c *climb, g *goalProgram, a *answer)) {
	t.Run("village", func(t *testing.T) {
		held := 0
		climbed(t, t, example(t, "village-100"), 7, func(c *climb, g *goalProgram, a *answer) {
			held = max(held, c.face.held())
			law(t, c, g, a)
		})
		if held < 1000 {
			t.Errorf("only %d columns and rows are held", held)
		}
	})
	t.Run("random", func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) {
			climbed(t, r, drawNetwork(r), math.MaxInt, func(c *climb, g *goalProgram, a *answer) { law(r, c, g, a) })
		})
	})
}

// held is how many columns and rows are held at a bound.
func (f *face) held() int {
	n := 0
	for _, side := range slices.Concat(f.col, f.row) {
		if side != 0 {
			n++
		}
	}
	return n
}

// What a round proves, it proves of the whole program, on which nothing is
// held: no plan reaches more, as the simplex method finds too.
func TestLiftedDualsProveTheLevelOfTheWholeProgram(t *testing.T) {
	onFaces(t, func(r rapid.TB, c *climb, g *goalProgram, a *answer) {
		if a.kind != roundLevel {
			return
		}
		// Levels kept from before, as float64, may be a rounding beyond what any plan reaches.
		bound := c.safeBound(g, a.dual, a.rest)
		if !(bound >= a.level-1e-12 && bound-a.level <= closeGap) {
			r.Errorf("level %v, proven on the whole program is %v", a.level, bound)
		}
		if !c.p.small() || c.p.LP.NNZ() > 5000 {
			return
		}
		sol, err := testSolver(t).Solve(t.Context(), g.lp, lp.Options{Method: lp.Simplex, Tolerance: 1e-9})
		if err != nil || sol.Status != lp.Optimal {
			r.Errorf("simplex: %v %+v", err, sol)
			return
		}
		if d := sol.Objective/g.scale - bound; d > 1e-6 {
			r.Errorf("the simplex method reaches %v, proven is that nothing exceeds %v", sol.Objective/g.scale, bound)
		}
		if d := sol.Objective/g.scale - a.level; math.Abs(d) > sameLevel {
			r.Errorf("the simplex method reaches %v, the round says %v", sol.Objective/g.scale, a.level)
		}
	})
}

// The program on the face is g's, with what is held at its bound and nothing else changed.
func TestRestrict(t *testing.T) {
	onFaces(t, func(r rapid.TB, c *climb, g *goalProgram, a *answer) {
		before := appendRows(g.lp, g.lp.Cols(), nil)
		q := c.face.restrict(c, g)
		for _, same := range [][2][]float64{{before.Lower, g.lp.Lower}, {before.Upper, g.lp.Upper}, {before.RowLower, g.lp.RowLower}, {before.RowUpper, g.lp.RowUpper}} {
			if !slices.Equal(same[0], same[1]) {
				r.Fatal("the whole program has changed")
			}
		}
		if q.Maximise != g.lp.Maximise || !slices.Equal(q.Cost, g.lp.Cost) || !slices.Equal(q.Index, g.lp.Index) || !slices.Equal(q.Value, g.lp.Value) {
			r.Error("more than bounds has changed")
		}
		for j := range q.Cols() {
			lower, upper := g.lp.Lower[j], g.lp.Upper[j]
			switch {
			case j < len(c.face.col) && c.face.col[j] < 0:
				upper = lower
			case j < len(c.face.col) && c.face.col[j] > 0:
				lower = upper
			case j < c.p.LP.Cols() && c.implied[1][j] <= c.implied[0][j]+1e-12 && lower != upper:
				lower = max(lower, c.implied[0][j]) // no plan has any other amount
				upper = lower
			}
			if q.Lower[j] != lower || q.Upper[j] != upper || math.IsInf(lower, 1) || math.IsInf(upper, -1) {
				r.Errorf("column %d is within [%v, %v], want [%v, %v]", j, q.Lower[j], q.Upper[j], lower, upper)
			}
		}
		for i := range q.Rows() {
			lower, upper := g.lp.RowLower[i], g.lp.RowUpper[i]
			switch {
			case i < len(c.face.row) && c.face.row[i] < 0:
				upper = lower
			case i < len(c.face.row) && c.face.row[i] > 0:
				lower = upper
			}
			if q.RowLower[i] != lower || q.RowUpper[i] != upper || math.IsInf(lower, 1) || math.IsInf(upper, -1) {
				r.Errorf("row %d is within [%v, %v], want [%v, %v]", i, q.RowLower[i], q.RowUpper[i], lower, upper)
			}
		}
	})
}

// lift returns what proves as much as the dual of the face does itself, or
// more, and says how much: for the round's dual and for any other.
func TestLiftProvesNoLess(t *testing.T) {
	better := 0
	onFaces(t, func(r rapid.TB, c *climb, g *goalProgram, a *answer) {
		if a.onFace == nil || len(a.onFace.rows) != g.lp.Rows() {
			return
		}
		rnd := rand.New(rand.NewPCG(uint64(len(g.free)), uint64(len(c.rounds))))
		for _, noise := range []float64{0, 1e-9, 1e-3, 1} {
			dual := &faceDual{rows: slices.Clone(a.onFace.rows), rest: slices.Clone(a.onFace.rest)}
			for i := range dual.rows {
				if noise > 0 {
					dual.rows[i] *= 1 + noise*rnd.NormFloat64()
					dual.rest[i] = 0
				}
			}
			raw := c.gap(g, a.x, dual.rows, dual.rest)
			if clipped := c.gap(g, a.x, g.clipped(dual.rows), dual.rest); math.Abs(clipped-raw) > 1e-12*(1+raw) && !math.IsInf(raw, 1) {
				r.Errorf("noise %v: gap %v, clipped %v", noise, raw, clipped)
			}
			y, rest, gap := c.face.lift(c, g, dual, a.x)
			if got := c.gap(g, a.x, y, rest); got != gap && !(math.IsNaN(got) && math.IsNaN(gap)) {
				r.Errorf("noise %v: the gap is said to be %v and is %v", noise, gap, got)
			}
			if !(gap <= max(raw*(1+1e-12)+1e-15, plainGap)) && !math.IsNaN(raw) {
				r.Errorf("noise %v: lifted, the gap is %v, before it was %v", noise, gap, raw)
			}
			if gap < raw/2 {
				better++
			}
			if len(c.face.proofs) == 0 && !slices.Equal(y, g.clipped(dual.rows)) {
				r.Errorf("noise %v: lifted by no proof, the dual has changed", noise)
			}
		}
	})
	if better == 0 {
		t.Error("nothing was ever proven better by lifting")
	}
}

// What comes to be held stands at its bound in the plan that the round found.
func TestHoldHoldsWhatStandsAtItsBound(t *testing.T) {
	held := 0
	onFaces(t, func(r rapid.TB, c *climb, g *goalProgram, a *answer) {
		if a.kind != roundLevel || a.onFace == nil || a.onFace.gap > sharpGap {
			return
		}
		f := c.face.hold(c, g, a.onFace, a.fixed, math.Abs(c.safeBound(g, a.dual, a.rest)-a.level), 1)
		lower, upper := c.bounds(g)
		fixed := map[int]bool{}
		for _, e := range a.fixed {
			fixed[c.p.Elements[e].Col] = true // from now on at the level, whatever it was before
		}
		for j, side := range f.col {
			if side == 0 || c.face.col[j] != 0 || fixed[j] {
				continue
			}
			held++
			if at := pick(side < 0, lower[j], upper[j]); math.Abs(a.x[j]-at) > 1e-3*(1+upper[j]-lower[j]) {
				r.Errorf("column %d is held at %v, the plan has %v of [%v, %v]", j, at, a.x[j], lower[j], upper[j])
			}
		}
		act := g.lp.Activity(a.x)
		width := f.activity(g.lp, lower, upper)
		for i, side := range f.row {
			if side == 0 || c.face.row[i] != 0 {
				continue
			}
			held++
			if at := pick(side < 0, g.lp.RowLower[i], g.lp.RowUpper[i]); math.Abs(act[i]-at) > 1e-3*(1+width[i]) {
				r.Errorf("row %d is held at %v, the plan has %v", i, at, act[i])
			}
		}
	})
	if held == 0 {
		t.Error("nothing was ever held")
	}
}

// BenchmarkRound: one round of the village, on the face of those before it and
// whole, by the sharp method and by HiGHS' interior point.
func BenchmarkRound(b *testing.B) {
	programs := map[string]*lp.Problem{}
	climbed(b, b, example(b, "village-100"), 9, func(c *climb, g *goalProgram, a *answer) {
		switch len(c.rounds) {
		case 2: // the first of the rung that does not reach its height
			programs["first"] = g.lp
		case 8:
			programs["later/whole"], programs["later/face"] = g.lp, c.face.restrict(c, g)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		for _, m := range []lp.Method{lp.Sharp, lp.Interior} {
			b.Run(fmt.Sprintf("%s/%s", name, m), func(b *testing.B) {
				for b.Loop() {
					s, err := testSolver(b).Solve(b.Context(), programs[name], lp.Options{Method: m})
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(s.Status), "status")
					b.ReportMetric(float64(s.Iterations), "iterations")
					b.ReportMetric(max(s.Check.Primal, s.Check.Dual, s.Check.Gap), "residual")
				}
			})
		}
	}
}
