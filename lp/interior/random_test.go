package interior

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp"
)

// drawing is a program under construction that has an optimum: a point x and
// duals y are drawn, bounds are put around x and costs are made so that both are optimal.
type drawing struct {
	t     *rapid.T
	p     *lp.Problem
	x, y  []float64
	sense float64 // −1 of a maximum
}

func (d *drawing) half(label string, most int) float64 {
	return float64(rapid.IntRange(-2*most, 2*most).Draw(d.t, label)) / 2
}

func (d *drawing) of(label string, kinds ...string) string {
	return rapid.SampledFrom(kinds).Draw(d.t, label)
}

// around returns bounds that v meets, of the kind drawn, and a dual of a
// minimisation that may stand at them.
func (d *drawing) around(v float64) (lower, upper, dual float64) {
	price := math.Abs(d.half("dual", 4))
	width := 0.5 + math.Abs(d.half("width", 10))
	switch d.of("bounds", "fixed", "from", "to", "box", "box", "above", "between", "free") {
	case "fixed":
		return v, v, d.half("dual of a fixed", 4)
	case "from":
		return v, lp.Inf, price
	case "to":
		return -lp.Inf, v, -price
	case "box":
		return v, v + width, price
	case "above":
		return v - width, v, -price
	case "between":
		return v - width, v + width/2, 0
	}
	return -lp.Inf, lp.Inf, 0
}

// drawProgram draws a program that is feasible and bounded, and its optimum.
// Rows may be equations, ranges, free, empty, or twice or the sum of earlier ones.
func drawProgram(t *rapid.T) (*lp.Problem, float64) {
	d := &drawing{t: t, p: &lp.Problem{Maximise: rapid.Bool().Draw(t, "maximise")}, sense: 1}
	if d.p.Maximise {
		d.sense = -1
	}
	d.p.Offset = d.half("offset", 100)
	rows, cols := rapid.IntRange(1, 14).Draw(t, "rows"), rapid.IntRange(1, 18).Draw(t, "columns")
	a := make([][]float64, rows)
	for j := range cols {
		d.x = append(d.x, d.half("x", 20))
		if j == 0 && d.x[0] == 0 {
			d.x[0] = 1
		}
	}
	for i := range a {
		a[i] = d.row(a[:i], cols)
		v := 0.0
		for j, f := range a[i] {
			v += f * d.x[j]
		}
		lower, upper, dual := d.around(v)
		d.p.AddRow(lower, upper)
		d.y = append(d.y, d.sense*dual)
	}
	for j := range cols {
		lower, upper, dual := d.around(d.x[j])
		cost := d.sense * dual
		for i := range a {
			cost += a[i][j] * d.y[i]
		}
		d.p.AddColumn(cost, lower, upper)
		for i := range a {
			if a[i][j] != 0 {
				d.p.Entry(i, a[i][j])
			}
		}
	}
	return d.p, d.p.Evaluate(d.x)
}

func (d *drawing) row(before [][]float64, cols int) []float64 {
	row := make([]float64, cols)
	kind := d.of("row", "new", "new", "new", "dependent", "empty")
	switch {
	case kind == "new":
		for range rapid.IntRange(1, 5).Draw(d.t, "entries") {
			row[rapid.IntRange(0, cols-1).Draw(d.t, "column")] = d.half("figure", 6)
		}
	case kind == "dependent" && len(before) > 0:
		one, two := rapid.SampledFrom(before).Draw(d.t, "one"), rapid.SampledFrom(before).Draw(d.t, "two")
		for j := range row {
			row[j] = one[j] + two[j]
		}
	}
	return row
}

func TestRandomPrograms(t *testing.T) {
	t.Parallel()
	other := poolOf(t)
	rapid.Check(t, func(r *rapid.T) {
		p, best := drawProgram(r)
		s := solved(t, p, 1)
		if s.Status != lp.Optimal {
			r.Fatalf("status %d: %s", s.Status, s.Detail)
		}
		if c := lp.CheckSolution(p, s); c != s.Check || !c.Within(1e-6) {
			r.Errorf("residuals %+v, reported %+v", c, s.Check)
		}
		h, err := other.Solve(t.Context(), p, lp.Options{Method: lp.Simplex})
		if err != nil || h.Status != lp.Optimal {
			r.Fatalf("the other solver: %v, %+v", err, h)
		}
		for name, want := range map[string]float64{"by construction": best, "by simplex": h.Objective} {
			if !(math.Abs(s.Objective-want) <= 1e-6*(1+math.Abs(want))) {
				r.Errorf("objective %v, %s it is %v", s.Objective, name, want)
			}
		}
		for j, d := range s.Reduced {
			if e := p.ReducedCost(j, p.Cost[j], s.RowDual, make([]float64, p.Rows())); math.Abs(e-d) > 1e-9*(1+math.Abs(e)) {
				r.Errorf("reduced cost %d is %v, want %v", j, d, e)
			}
		}
	})
}

// Figures from the whole range of float64 may be beyond the method, but it says so and ends.
func TestFiguresWithoutMeasure(t *testing.T) {
	t.Parallel()
	figure := rapid.OneOf(
		rapid.SampledFrom([]float64{0, 1, -1, 1e-300, 1e-12, 1e12, 1e150, -1e150, 1e300, -1e300, math.MaxFloat64, 5e-324}),
		rapid.Float64(),
	)
	rapid.Check(t, func(r *rapid.T) {
		p := &lp.Problem{Maximise: rapid.Bool().Draw(r, "maximise")}
		bounds := func(add func(lower, upper float64)) {
			a, b := figure.Draw(r, "a"), figure.Draw(r, "b")
			switch rapid.IntRange(0, 3).Draw(r, "bounds") {
			case 0:
				a = -lp.Inf
			case 1:
				b = lp.Inf
			}
			add(min(a, b), max(a, b))
		}
		rows := rapid.IntRange(1, 4).Draw(r, "rows")
		for range rows {
			bounds(func(l, u float64) { p.AddRow(l, u) })
		}
		for range rapid.IntRange(1, 5).Draw(r, "columns") {
			bounds(func(l, u float64) { p.AddColumn(figure.Draw(r, "cost"), l, u) })
			for i := range rows {
				if rapid.Bool().Draw(r, "entry") {
					p.Entry(i, figure.Draw(r, "figure"))
				}
			}
		}
		s, err := (&Solver{Threads: 1}).Solve(t.Context(), p, lp.Options{Method: lp.Sharp})
		if err != nil {
			r.Fatal(err)
		}
		if s.Status == lp.Optimal != lp.CheckSolution(p, s).Within(1e-6) {
			r.Errorf("status %d with residuals %+v", s.Status, s.Check)
		}
	})
}
