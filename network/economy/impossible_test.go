package economy

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/pdhg"
)

// demanding is hillAndDale with a technique that takes back soil, so much soil that has to be
// taken back, and so many tractors that are wanted at the end.
func demanding(soil, hill, dale float64) *Economy {
	e := hillAndDale()
	e.Techniques = append(e.Techniques, Item{Code: "rest"})
	for _, m := range []struct {
		of     **block.Matrix
		column []float64
	}{{&e.Making.Product, nil}, {&e.Making.Labour, []float64{0, 1}}, {&e.Making.Capital, nil}, {&e.Making.Limit, []float64{2, -1}}} {
		old := *m.of
		grown := &block.Matrix{Rows: old.Rows, Cols: old.Cols + 1, Index: slices.Clone(old.Index), Value: slices.Clone(old.Value)}
		for k := 0; k < len(m.column); k += 2 {
			grown.Index, grown.Value = append(grown.Index, int32(m.column[k])), append(grown.Value, m.column[k+1])
		}
		grown.Start = append(slices.Clone(old.Start), int32(len(grown.Value)))
		*m.of = grown
	}
	e.Limits[2].Most = []float64{-soil, math.Inf(1)}
	e.Kept = []float64{hill, dale}
	return e
}

// ray solves a program that may be infeasible; nil if it is not.
func ray(t interface{ Fatalf(string, ...any) }, p *block.Problem) []float64 {
	s, err := pdhg.Solve(context.Background(), p, pdhg.Options{Iterations: 400000})
	if err != nil || s.Status != lp.Infeasible && s.Status != lp.Optimal {
		t.Fatalf("status %v, error %v", s.Status, err)
	}
	if s.Status == lp.Optimal {
		return nil
	}
	return s.Ray
}

func TestReasons(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		soil, hill, dale float64
		must, there      Reason
	}{
		"more soil is to be taken back than people can": {100, 0, 0,
			Reason{Kind: "limit", Code: "soil", Region: "hill", Amount: -100}, Reason{Kind: "labour", Code: "work", Region: "hill", Period: "1", Amount: 20}},
		"more tractors are wanted than can be built": {0, 0.5, 19,
			Reason{Kind: "kept", Code: "tractor", Region: "dale", Period: "3", Amount: 19}, Reason{Kind: "labour", Code: "work", Region: "dale", Period: "1", Amount: 15}},
	} {
		e := demanding(c.soil, c.hill, c.dale)
		p, ix, err := e.Problem(Satisfaction)
		if err != nil {
			t.Fatal(name, err)
		}
		y := ray(t, p)
		if y == nil {
			t.Fatalf("%s: it has a plan", name)
		}
		list := ix.Reasons(e, p, y)
		sum := 0.0
		for _, r := range list {
			sum += r.Share
		}
		if sum <= 0 {
			t.Errorf("%s: the reasons add up to %v, want more than 0", name, sum)
		}
		for _, want := range []Reason{c.must, c.there} {
			if !slices.ContainsFunc(list, func(r Reason) bool {
				return r.Kind == want.Kind && r.Code == want.Code && r.Region == want.Region && r.Period == want.Period && Alike(r.Amount, want.Amount)
			}) {
				t.Errorf("%s: no %+v in %+v", name, want, list)
			}
		}
		if m := list[0]; m.Kind != c.must.Kind || m.Share <= 0.5 {
			t.Errorf("%s: first comes %+v, want %+v", name, m, c.must)
		}
	}
}

// Whatever is demanded: there is a plan, or a ray that proves that there is none.
func TestImpossible(t *testing.T) {
	t.Parallel()
	impossible := 0
	rapid.Check(t, func(t *rapid.T) {
		e := demanding(rapid.Float64Range(0, 80).Draw(t, "soil"), rapid.Float64Range(0, 25).Draw(t, "hill"), rapid.Float64Range(0, 25).Draw(t, "dale"))
		p, ix, err := e.Problem(Satisfaction)
		if err != nil {
			if kept := (*KeptError)(nil); !errors.As(err, &kept) {
				t.Fatal(err)
			}
			return // bounds alone show it
		}
		pool, err := solver()
		if err != nil {
			t.Fatal(err)
		}
		s, err := pool.Solve(context.Background(), p.Explicit(), lp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		y := ray(t, p)
		if (y == nil) != (s.Status == lp.Optimal) {
			t.Fatalf("ray %v, HiGHS says %v %s", y, s.Status, s.Detail)
		}
		if y == nil {
			return
		}
		impossible++
		if !block.FarkasHolds(p, y, nil, nil) {
			t.Fatal("the ray proves nothing")
		}
		m := memory{fstest.MapFS{}}
		if err := ix.Impossible(e, p, y).Write(m.create, CSV, e, nil); err != nil {
			t.Fatal(err)
		}
		if v, err := Verify(context.Background(), m, e, p, ix); err != nil || !v.Holds || len(m.MapFS) != 2 {
			t.Fatal(v, err, len(m.MapFS))
		}
		// Less of what weighs the most proves nothing, or something else.
		changed := slices.Clone(y)
		heaviest := 0
		for i := range changed {
			if math.Abs(changed[i]) > math.Abs(changed[heaviest]) {
				heaviest = i
			}
		}
		changed[heaviest] *= rapid.Float64Range(-1, 0.9).Draw(t, "changed")
		rewrite(t, m, "rows", changed, func([]float64) {})
		if v, err := Verify(context.Background(), m, e, p, ix); err != nil || v.Holds {
			t.Fatal(v, err)
		}
	})
	if impossible == 0 {
		t.Error("nothing was impossible")
	}
}
