package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// A small economy is solved by every method to the same optimum, what comes
// out survives the way between processes, and the tables show it.
func TestJobs(t *testing.T) {
	t.Parallel()
	tiny := size{"tiny", 30, 3, 2}
	var results []result
	for _, solver := range []string{inBlocks, writtenOut, simplex, interior, pdlp} {
		j := job{Size: tiny, Solver: solver, Tolerance: 1e-4, Time: 1e12, Threads: 1}
		text, err := json.Marshal(j.do(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		r := result{job: j, Runs: 1}
		if err := json.Unmarshal(text, &r.outcome); err != nil {
			t.Fatal(err)
		}
		if r.Error != "" || r.Status != "done" || r.Iterations == 0 || r.Seconds <= 0 || r.Peak < 1<<20 {
			t.Errorf("%s: %s", solver, text)
		}
		if p := r.proven(); !(0 < p && p < 1e-2) {
			t.Errorf("%s: the bound is %.1e from the objective", solver, p)
		}
		results = append(results, r)
	}
	floor := job{Size: tiny, Floor: true}
	results = append(results, result{job: floor, outcome: *floor.do(t.Context())})
	var b strings.Builder
	print(&b, results)
	for _, want := range []string{"| tiny | 0.0001 | blocks | ", "| tiny | 0.0001 | HiGHS pdlp | ", "| tiny | 883 | 352 |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
