package highs

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"sync"
	"testing"
	"time"

	"bremen/lp"
	"bremen/lp/lptest"
)

// fingerprint is a hash of every bit of an answer but the time it took.
func fingerprint(s *lp.Solution) uint64 {
	h := fnv.New64a()
	put := func(v ...any) {
		for _, x := range v {
			if f, ok := x.([]float64); ok {
				binary.Write(h, binary.LittleEndian, int64(len(f)))
				for _, y := range f {
					binary.Write(h, binary.LittleEndian, math.Float64bits(y))
				}
				continue
			}
			fmt.Fprintf(h, "%v;", x)
		}
	}
	put(s.Status, s.Col, s.Row, s.RowDual, s.Reduced, s.Ray, []float64{s.Objective}, s.Check, s.Iterations, s.Method, s.Detail)
	if s.Basis != nil {
		put(s.Basis.Cols, s.Basis.Rows)
	}
	if s.Ranging != nil {
		for _, group := range [][]lp.Range{s.Ranging.Cost, s.Ranging.Col, s.Ranging.Row} {
			for _, r := range group {
				put([]float64{r.Lower, r.Upper, r.ObjectiveLower, r.ObjectiveUpper})
			}
		}
	}
	return h.Sum64()
}

func solve(t testing.TB, s lp.Solver, p *lp.Problem, o lp.Options) *lp.Solution {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // it hangs
	defer cancel()
	sol, err := s.Solve(ctx, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return sol
}

// programs of several kinds, small enough to be solved often.
func programs() map[string]*lp.Problem {
	all := map[string]*lp.Problem{"planning": lptest.Planning(20, 3, 4, 1)}
	for seed := range uint64(6) {
		p, _ := lptest.Random(30, 40, seed)
		all[fmt.Sprint("random ", seed)] = p
	}
	for _, c := range lptest.Bank() {
		all[c.Name] = c.Problem()
	}
	return all
}

// Both engines must return the same bits, for that is what makes an answer
// the same on every machine.
func TestEnginesAgree(t *testing.T) {
	if !haveWasmtime {
		t.Skip("one engine in this build")
	}
	a, b := poolOf(t, Wasmtime), poolOf(t, Wazero)
	for name, p := range programs() {
		for _, m := range []lp.Method{lp.Simplex, lp.Interior, lp.Exact} {
			o := lp.Options{Method: m, Ranging: true}
			if x, y := solve(t, a, p, o), solve(t, b, p, o); fingerprint(x) != fingerprint(y) {
				t.Errorf("%s by %s: engines differ:\n%+v\n%+v", name, m, x, y)
			}
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	s := pool(t)
	for name, p := range programs() {
		for _, m := range []lp.Method{lp.Simplex, lp.Interior, lp.Exact} {
			first := fingerprint(solve(t, s, p, lp.Options{Method: m}))
			if fingerprint(solve(t, s, p, lp.Options{Method: m})) != first {
				t.Errorf("%s by %s: another answer the second time", name, m)
			}
			told := lp.Options{Method: m, Progress: func(lp.Progress) {}}
			if fingerprint(solve(t, s, p, told)) != first {
				t.Errorf("%s by %s: another answer when somebody listens", name, m)
			}
		}
	}
}

// A bound on work stops at the same point on every engine, whatever the time.
func TestWorkIsDeterministic(t *testing.T) {
	p := lptest.Planning(40, 3, 4, 1)
	for _, m := range []lp.Method{lp.Simplex, lp.Interior} {
		var want uint64
		for i, e := range engines() {
			s := solve(t, poolOf(t, e), p, lp.Options{Method: m, Work: 5 * time.Millisecond})
			if s.Status != lp.Stopped {
				t.Errorf("%s on %s: status %d (%s) with hardly any work allowed", m, e, s.Status, s.Detail)
			}
			if f := fingerprint(s); i == 0 {
				want = f
			} else if f != want {
				t.Errorf("%s on %s: another answer than on %s", m, e, engines()[0])
			}
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	s := pool(t)
	all := programs()
	want := map[string]uint64{}
	for name, p := range all {
		want[name] = fingerprint(solve(t, s, p, lp.Options{}))
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for name, p := range all {
				sol, err := s.Solve(context.Background(), p, lp.Options{})
				if err != nil {
					t.Errorf("%s: %v", name, err)
				} else if fingerprint(sol) != want[name] {
					t.Errorf("%s: another answer side by side", name)
				}
			}
		})
	}
	wg.Wait()
}
