package plan

import (
	"math"
	"slices"

	"bremen/lp"
)

// face is the part of the network's program that earlier rounds leave open.
// Every plan that keeps what a round reached lies on the optimal face of that
// round: columns with a reduced cost stay at their bound and rows with a dual
// at theirs (complementary slackness). Holding them there instead of keeping
// levels by inequalities makes later programs small and gives interior-point
// methods an interior to work in.
//
// A dual vector found on the face is made one of the whole program by adding
// multiples of the duals of the rounds that made the face (lift), so that its
// proof does not rest on the face, nor on how it was chosen.
type face struct {
	lower, upper       []float64 // per column of the network's program
	rowLower, rowUpper []float64
	colBy, rowBy       []int32 // 1 + the round that holds it; 0 free
	rounds             []faceRound
}

// faceRound is a round's dual side, in the sense of a minimisation.
type faceRound struct {
	y     []float64 // per row of the network's program
	d     []float64 // per column: what remains of the reduced cost without the round's progress rows
	caps  []float64 // duals of the values kept before
	capAt int       // index into kept.caps of the value it kept, -1 for levels
}

// Holding is exact only if what is kept is kept exactly. It is kept within a
// tolerance, of which a column may use slack/dual. A column is held where that
// is less than heldShare of the size that such columns have.
const (
	heldShare = 1e-4
	heldPoint = 1e-6
)

// held tells whether a column or row at a distance from its bound must stay
// there: moving by its size would cost far more than the slack.
func held(distance, size, dual, slack float64) bool {
	return dual*size*heldShare >= slack && distance <= heldPoint*max(size, 1e-3)
}

func newFace(p *lp.Problem) *face {
	return &face{
		lower: slices.Clone(p.Lower), upper: slices.Clone(p.Upper),
		rowLower: slices.Clone(p.RowLower), rowUpper: slices.Clone(p.RowUpper),
		colBy: make([]int32, p.Cols()), rowBy: make([]int32, p.Rows()),
	}
}

// on returns g's program restricted to the face: same rows and columns, tighter bounds.
func (f *face) on(g *goalProgram, k *kept) *lp.Problem {
	q := *g.lp
	q.Lower, q.Upper = slices.Clone(q.Lower), slices.Clone(q.Upper)
	q.RowLower, q.RowUpper = slices.Clone(q.RowLower), slices.Clone(q.RowUpper)
	for j := range f.lower {
		if f.colBy[j] != 0 {
			q.Lower[j], q.Upper[j] = f.lower[j], f.upper[j]
		}
	}
	for i := range f.rowLower {
		if f.rowBy[i] > 0 {
			q.RowLower[i], q.RowUpper[i] = f.rowLower[i], f.rowUpper[i]
		}
	}
	return &q
}

// lift turns row duals of g's program on the face into row duals of g's
// program, by adding that multiple of each earlier round's dual, the latest
// first, which gives the best bound with the column bounds lower and upper.
// (On the face the dual is free to run along theirs.)
func (f *face) lift(g *goalProgram, y, lower, upper []float64) []float64 {
	sign := 1.0
	if g.lp.Maximise {
		sign = -1
	}
	out := make([]float64, len(y))
	for i := range y {
		out[i] = sign * y[i]
	}
	d := make([]float64, len(f.lower))
	for j := range d {
		d[j] = sign * g.lp.Cost[j]
		rows, vals := g.lp.Column(j)
		for k, i := range rows {
			d[j] -= vals[k] * out[i]
		}
	}
	for r := len(f.rounds) - 1; r >= 0; r-- {
		fr := &f.rounds[r]
		along := direction{rows: make([]float64, len(out)), cols: fr.d}
		copy(along.rows, fr.y)
		for i, v := range fr.caps {
			along.rows[g.caps+i] += v
		}
		if fr.capAt >= 0 {
			along.rows[g.caps+fr.capAt]--
		}
		step := along.best(g.lp, out, d, lower, upper, f.needed(r, out, d))
		if step == 0 {
			continue
		}
		for i, v := range along.rows {
			out[i] += step * v
		}
		for j, v := range fr.d {
			d[j] += step * v
		}
	}
	for i := range out {
		out[i] *= sign
	}
	return out
}

// needed returns the multiple of round r's dual from which on all that it
// holds has the sign that its own bound calls for.
func (f *face) needed(r int, out, d []float64) float64 {
	need := 0.0
	for j, by := range f.colBy {
		if int(by) == r+1 {
			need = max(need, shortOf(d[j], f.rounds[r].d[j]))
		}
	}
	for i, by := range f.rowBy {
		if int(by) == r+1 {
			need = max(need, shortOf(out[i], f.rounds[r].y[i]))
		}
	}
	return need
}

// direction is a change of duals: of rows, and of the reduced costs that follow from it.
type direction struct{ rows, cols []float64 }

// best returns the step in [0, most] along v with the best dual objective of a
// minimisation; that is a concave function of the step, searched by golden section.
func (v direction) best(p *lp.Problem, y, d, lower, upper []float64, most float64) float64 {
	if most == 0 {
		return 0
	}
	const ratio = 0.6180339887498949
	a, b := 0.0, most
	x1, x2 := b-ratio*(b-a), a+ratio*(b-a)
	f1, f2 := v.objective(p, y, d, lower, upper, x1), v.objective(p, y, d, lower, upper, x2)
	for range 70 {
		if f1 >= f2 {
			b, x2, f2 = x2, x1, f1
			x1 = b - ratio*(b-a)
			f1 = v.objective(p, y, d, lower, upper, x1)
		} else {
			a, x1, f1 = x1, x2, f2
			x2 = a + ratio*(b-a)
			f2 = v.objective(p, y, d, lower, upper, x2)
		}
	}
	return (a + b) / 2
}

// objective is the dual objective after a step, up to what does not depend on
// it. A dual that calls for an infinite bound costs as if that were 1e12.
func (v direction) objective(p *lp.Problem, y, d, lower, upper []float64, step float64) float64 {
	const infinite = 1e12
	sum := 0.0
	add := func(w, lo, hi float64) {
		switch {
		case w > 0:
			sum += w * max(lo, -infinite)
		case w < 0:
			sum += w * min(hi, infinite)
		}
	}
	for i, w := range v.rows {
		add(y[i]+step*w, p.RowLower[i], p.RowUpper[i])
	}
	for j, w := range v.cols {
		add(d[j]+step*w, lower[j], upper[j])
	}
	return sum
}

// shortOf returns the least multiple of by that gives v the sign of by.
func shortOf(v, by float64) float64 {
	if by == 0 || v*by >= 0 {
		return 0
	}
	return -v / by
}

// narrow holds what a solved round leaves no choice about. y is its lifted
// dual, x its solution, slack what its objective is kept within. Columns and rows
// are held exactly at their bounds, where the interior point x only nears them.
func (f *face) narrow(c *climb, g *goalProgram, y, x []float64, capAt int, slack float64) {
	sign := 1.0
	if g.lp.Maximise {
		sign = -1
	}
	base := c.p.LP
	fr := faceRound{y: make([]float64, base.Rows()), d: make([]float64, base.Cols()), capAt: capAt}
	for i := range fr.y {
		fr.y[i] = sign * y[i]
	}
	for j := range fr.d {
		if capAt >= 0 {
			fr.d[j] = g.lp.Cost[j]
		}
		rows, vals := base.Column(j)
		for k, i := range rows {
			fr.d[j] -= vals[k] * fr.y[i]
		}
	}
	fr.caps = f.capCosts(c, g, y, sign, fr.d)
	f.rounds = append(f.rounds, fr)
	by := int32(len(f.rounds))
	size := c.p.sizes(x)
	for j, d := range fr.d {
		if f.colBy[j] != 0 {
			continue
		}
		lower := max(base.Lower[j], g.lp.Lower[j])
		switch {
		case finite(lower) && held(x[j]-lower, size[j], d, slack):
			f.holdColumn(j, lower, by)
		case finite(base.Upper[j]) && held(base.Upper[j]-x[j], size[j], -d, slack):
			f.holdColumn(j, base.Upper[j], by)
		}
	}
	activity := base.Activity(x[:base.Cols()])
	flow := rowSizes(base, x)
	for i, v := range fr.y {
		lo, hi := base.RowLower[i], base.RowUpper[i]
		if f.rowBy[i] > 0 || lo == hi {
			continue
		}
		switch {
		case finite(lo) && held(activity[i]-lo, flow[i], v, slack):
			f.holdRow(i, lo, by)
		case finite(hi) && held(hi-activity[i], flow[i], -v, slack):
			f.holdRow(i, hi, by)
		}
	}
}

// capCosts adds, to the reduced costs of a round, what the duals of kept
// values contribute, and returns these duals.
func (f *face) capCosts(c *climb, g *goalProgram, y []float64, sign float64, d []float64) []float64 {
	duals := make([]float64, len(c.kept.caps))
	for i, k := range c.kept.caps {
		v := sign * y[g.caps+i]
		if v == 0 {
			continue
		}
		duals[i] = v
		s := 1 / largest(k.expr.value)
		for n, j := range k.expr.index {
			d[j] -= v * s * k.expr.value[n]
		}
	}
	return duals
}

func (f *face) holdColumn(j int, at float64, by int32) {
	f.lower[j], f.upper[j], f.colBy[j] = at, at, by
}

func (f *face) holdRow(i int, at float64, by int32) {
	f.rowLower[i], f.rowUpper[i], f.rowBy[i] = at, at, by
}

// sizes returns, per column, the largest value among the columns of its kind and product.
func (p *Program) sizes(x []float64) []float64 {
	r := &reader{p: p, x: x, n: p.Net}
	largest := map[column]float64{}
	for j, c := range p.cols {
		k := r.sort(c)
		largest[k] = max(largest[k], math.Abs(x[j]))
	}
	out := make([]float64, len(p.cols))
	for j, c := range p.cols {
		out[j] = largest[r.sort(c)]
	}
	return out
}

// rowSizes returns, per row, the sum of the magnitudes of its terms.
func rowSizes(p *lp.Problem, x []float64) []float64 {
	out := make([]float64, p.Rows())
	for j := range p.Cols() {
		rows, vals := p.Column(j)
		for k, i := range rows {
			out[i] += math.Abs(vals[k] * x[j])
		}
	}
	return out
}
