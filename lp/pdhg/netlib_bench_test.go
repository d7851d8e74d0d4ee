package pdhg

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"bremen/lp"
)

// BenchmarkNetlib solves a folder of programs to 1e-4 of lp.CheckSolution, 60
// seconds each, by this package without and with presolve and by the
// first-order methods of HiGHS, and prints a table of each, objectives beside
// those of HiGHS's simplex method. The Netlib programs, for which it is made,
// may not be shipped; so BREMEN_NETLIB names a folder of MPS files, gzipped or
// not. BREMEN_ITERATIONS bounds this package's iterations in place of the
// time, which makes runs comparable whatever else the machine does.
//
// HiGHS measures its residuals in another norm, so that what it holds for
// optimal mostly fails at the same tolerance: it is asked again at tighter
// ones, each time from nothing and with the whole time, until it passes.
func BenchmarkNetlib(b *testing.B) {
	folder := os.Getenv("BREMEN_NETLIB")
	if folder == "" {
		b.Skip("BREMEN_NETLIB names no folder of programs")
	}
	programs := readPrograms(b, folder)
	most, _ := strconv.Atoi(os.Getenv("BREMEN_ITERATIONS"))
	own := func(s *Solver) func(*lp.Problem) (*lp.Solution, error) {
		o := lp.Options{Tolerance: netlibTolerance}
		if s.Iterations == 0 {
			o.Time = netlibTime
		}
		return func(p *lp.Problem) (*lp.Solution, error) { return s.Solve(context.Background(), p, o) }
	}
	theirs := func(name string) func(*lp.Problem) (*lp.Solution, error) {
		return func(p *lp.Problem) (*lp.Solution, error) { return byHighs(b, p, name) }
	}
	for _, m := range []struct {
		name  string
		solve func(*lp.Problem) (*lp.Solution, error)
	}{
		{"plain", own(&Solver{Iterations: most})},
		{"presolved", own(&Solver{Iterations: most, Presolve: presolve(b)})},
		{"highs-pdlp", theirs("pdlp")},
		{"highs-hipdlp", theirs("hipdlp")},
	} {
		b.Run(m.name, func(b *testing.B) {
			for b.Loop() {
				table(b, programs, m.solve)
			}
		})
	}
}

const (
	netlibTolerance = 1e-4
	netlibTime      = 60 * time.Second
)

// program is one of the folder, with the optimum that the simplex method finds.
type program struct {
	name string
	p    *lp.Problem
	best float64
}

func readPrograms(b *testing.B, folder string) (all []program) {
	files, err := filepath.Glob(filepath.Join(folder, "*.mps*"))
	if err != nil || len(files) == 0 {
		b.Fatalf("no MPS files in %q: %v", folder, err)
	}
	s, err := pool()
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range files {
		p := readProgram(b, f)
		a, err := s.Solve(b.Context(), p, lp.Options{Method: lp.Simplex})
		if err != nil || a.Status != lp.Optimal {
			b.Fatalf("%s by the simplex method: %+v, %v", f, a, err)
		}
		name, _, _ := strings.Cut(filepath.Base(f), ".mps")
		all = append(all, program{name, p, a.Objective})
	}
	return all
}

func readProgram(b *testing.B, name string) *lp.Problem {
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			b.Fatalf("%s: %v", name, err)
		}
	}
	p, err := lp.ReadMPS(r, name)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// byHighs solves by a first-order method of HiGHS.
func byHighs(b *testing.B, p *lp.Problem, name string) (*lp.Solution, error) {
	s, err := pool()
	if err != nil {
		b.Fatal(err)
	}
	var last *lp.Solution
	for _, tolerance := range []string{"1e-4", "1e-5", "1e-6", "1e-7", "1e-8"} {
		a, err := s.Solve(b.Context(), p, lp.Options{
			Method: lp.Simplex, Tolerance: netlibTolerance, Time: netlibTime,
			Extra: map[string]string{"solver": name, "pdlp_optimality_tolerance": tolerance, "kkt_tolerance": tolerance},
		})
		if err != nil {
			return nil, err
		}
		a.Detail = tolerance
		last = a
		if a.Status == lp.Stopped || a.Check.Within(netlibTolerance) {
			break
		}
	}
	return last, nil
}

// table prints a line per program and reports how many were solved.
func table(b *testing.B, programs []program, solve func(*lp.Problem) (*lp.Solution, error)) {
	fmt.Printf("\n| program | rows | columns | entries | answer | seconds | iterations | primal | dual | gap | objective | off the optimum by |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	solved, near, seconds, logs := 0, 0, 0.0, 0.0
	for _, q := range programs {
		began := time.Now()
		a, err := solve(q.p)
		took := time.Since(began).Seconds()
		seconds += took
		head := fmt.Sprintf("| %s | %d | %d | %d |", q.name, q.p.Rows(), q.p.Cols(), q.p.NNZ())
		if err != nil {
			fmt.Printf("%s %v | %.2f |\n", head, err, took)
			continue
		}
		answer, off := "–", math.Abs(a.Objective-q.best)/(1+math.Abs(q.best))
		if a.Check.Within(netlibTolerance) {
			answer = "optimal"
			solved++
			if off <= netlibTolerance {
				near++
			}
		}
		logs += math.Log(1000 + float64(a.Iterations))
		fmt.Printf("%s %s | %.2f | %d | %.1e | %.1e | %.1e | %.8g | %.1e |\n", head, answer, took, a.Iterations, a.Check.Primal, a.Check.Dual, a.Check.Gap, a.Objective, off)
	}
	n := float64(len(programs))
	b.ReportMetric(float64(solved), "solved")
	b.ReportMetric(float64(near), "near-optimum")
	b.ReportMetric(n, "programs")
	b.ReportMetric(seconds, "seconds")
	b.ReportMetric(math.Exp(logs/n)-1000, "mean-iterations")
}
