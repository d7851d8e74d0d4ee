package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"

	"bremen/capacity"
	"bremen/lp/pdhg"
)

// print writes the tables, no wider than a screen.
func print(w io.Writer, results []result) {
	fmt.Fprintf(w, "%d processors, kernels %s, %s/%s. Peak and program: MB resident.\n", runtime.GOMAXPROCS(0), pdhg.Kernels(), runtime.GOOS, runtime.GOARCH)
	fmt.Fprintln(w, "CPU: seconds of processors. Error: the largest of lp's check.")
	fmt.Fprintln(w, "Proven: how far the objective is from the bound that the duals prove, relative.")
	fmt.Fprintln(w)
	fmt.Fprintln(w, "| size | to | solver | s | CPU | steps | peak | program | error | proven | runs |")
	fmt.Fprintln(w, "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, r := range results {
		if !r.Floor {
			fmt.Fprintln(w, r.row())
		}
	}
	printIterations(w, results)
	printGrowth(w, results)
}

func (r result) row() string {
	if r.Error != "" {
		return fmt.Sprintf("| %s | %s | %s | – | | | | | %s | | %d |", r.Size.Name, format(r.Tolerance), r.Solver, clip(r.Error, 60), r.Runs)
	}
	seconds := figure(r.Seconds)
	if r.Status != "done" {
		seconds = "not in " + seconds
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %d | %d | %d | %s | %s | %d |", r.Size.Name, format(r.Tolerance), r.Solver,
		seconds, figure(r.CPU), r.Iterations, r.Peak>>20, r.Program>>20, small(r.worst()), small(r.proven()), r.Runs)
}

// worst is the largest figure of the check.
func (r result) worst() float64 { return max(r.Check.Primal, r.Check.Dual, r.Check.Gap) }

// proven is how much better a point could be at most; what breaks bounds a
// little may be better than that itself.
func (r result) proven() float64 { return math.Abs(r.Proof.Gap) }

// printIterations sets the time of an iteration beside the floor.
func printIterations(w io.Writer, results []result) {
	fmt.Fprint(w, "\nAn iteration in blocks, all that a solve does shared out, beside the time in which\nas many bytes move at least (y += ax, and STREAM's triad):\n\n")
	fmt.Fprintln(w, "| size | columns | rows | stored | MB | ms | CPU ms | ax ms | triad ms | × |")
	fmt.Fprintln(w, "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, floor := range results {
		if !floor.Floor {
			continue
		}
		for _, r := range results {
			if r.Solver == inBlocks && r.Size == floor.Size && r.Iterations > 0 && r.Tolerance == r.Size.tolerances()[0] {
				each := r.Seconds / float64(r.Iterations)
				fmt.Fprintf(w, "| %s | %d | %d | %d | %.1f | %s | %s | %s | %s | %.2f |\n", r.Size.Name, r.Columns, r.Rows, r.Stored, float64(floor.Bytes)/1e6,
					figure(1e3*each), figure(1e3*r.CPU/float64(r.Iterations)), figure(1e3*floor.Axpy), figure(1e3*floor.Triad), each/floor.Axpy)
			}
		}
	}
}

// printGrowth fits what lp/pdhg took to 1e-4 in blocks.
func printGrowth(w io.Writer, results []result) {
	var size, seconds, cpu, peak []float64
	for _, r := range results {
		if r.Solver == inBlocks && r.Tolerance == 1e-4 && r.Status == "done" {
			size, seconds = append(size, float64(r.Nonzeros)), append(seconds, r.Seconds)
			cpu, peak = append(cpu, r.CPU), append(peak, float64(r.Peak))
		}
	}
	if len(size) < 3 {
		return
	}
	fmt.Fprint(w, "\nGrowth with the number n of coefficients, in blocks, to 1e-4:\n\n")
	for _, y := range []struct {
		name   string
		figure []float64
	}{{"time", seconds}, {"processors' time", cpu}, {"peak memory", peak}} {
		if g, ok := capacity.Fit(size, y.figure); ok {
			fmt.Fprintf(w, "- %s: n^%.2f over %d sizes, each within a factor of about %.2f\n", y.name, g.Exponent, g.Points, g.Spread)
		}
	}
}

// line is what is told of a result as soon as it is there.
func (r result) line() string {
	if r.Floor {
		return fmt.Sprintf("%-6s an iteration moves %.1f MB: %.3f ms", r.Size.Name, float64(r.Bytes)/1e6, 1e3*r.Axpy)
	}
	return r.row()
}

func figure(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 0.1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

func small(v float64) string {
	if v > 1e100 || math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.1e", v)
}

func clip(s string, n int) string {
	s = strings.ReplaceAll(s, "\n", " ")
	if len(s) > n {
		return s[:n]
	}
	return s
}
