package pdhg

import (
	"math"
	"slices"

	"bremen/lp/block"
)

// walk is the state of the method on a scaled program: the point z = (x, y),
// where this stretch of the walk began, and the last image T(z) that was kept.
type walk struct {
	op     operator
	prog   *block.Problem // scaled, minimised
	rows   []rowPiece     // in the order in which each part visits them
	cols   []colPiece
	rowAt  []int // where the pieces of a part begin
	colAt  []int
	cursor []cursor

	x, y   []float64 // z
	x0, y0 []float64 // anchor
	xbar   []float64 // 2·x' − x
	xt, yt []float64 // T(z) when it was last kept

	weight float64 // primal weight ω
	step   float64 // η ≤ 1/‖A‖
	steps  int     // since the anchor was dropped
	total  int     // in all
}

// colPiece and rowPiece are the figures of consecutive columns and rows.
type (
	colPiece struct{ cost, lower, upper operand }
	rowPiece struct{ lower, upper operand }
)

// cursor counts what a part has visited; it fills a cache line so that parts
// do not slow each other down.
type cursor struct {
	next int
	sum  [4]float64
	_    [3]uint64
}

func newWalk(op operator, p *block.Problem) *walk {
	rows, cols := op.size()
	vec := func(n int) []float64 { return make([]float64, n) }
	w := &walk{
		x: vec(cols), x0: vec(cols), xbar: vec(cols), xt: vec(cols),
		y: vec(rows), y0: vec(rows), yt: vec(rows),
	}
	w.bind(op, p, operandOf, operandOf)
	return w
}

// bind makes a walk one of this program, with its costs and bounds as they are taken.
func (w *walk) bind(op operator, p *block.Problem, cost, bound func([]float64) operand) {
	w.op, w.prog, w.cursor = op, p, make([]cursor, op.parts())
	w.rowAt, w.colAt = make([]int, op.parts()), make([]int, op.parts())
	rowsOf, colsOf := make([][]rowPiece, op.parts()), make([][]colPiece, op.parts())
	op.eachRow(w.x, func(part, first int, g []float64) {
		n := first + len(g)
		rowsOf[part] = append(rowsOf[part], rowPiece{bound(p.RowLower[first:n]), bound(p.RowUpper[first:n])})
	})
	op.eachCol(w.y, func(part, first int, g []float64) {
		n := first + len(g)
		colsOf[part] = append(colsOf[part], colPiece{cost(p.Cost[first:n]), bound(p.Lower[first:n]), bound(p.Upper[first:n])})
	})
	for part := range op.parts() - 1 {
		w.rowAt[part+1] = w.rowAt[part] + len(rowsOf[part])
		w.colAt[part+1] = w.colAt[part] + len(colsOf[part])
	}
	w.rows, w.cols = slices.Concat(rowsOf...), slices.Concat(colsOf...)
}

// begin makes every part begin its pieces again, at those given, with sums of nothing.
func (w *walk) begin(at []int) {
	for part := range w.cursor {
		w.cursor[part] = cursor{next: at[part]}
	}
}

// sums adds up what the parts have summed, in order.
func (w *walk) sums() (s [4]float64) {
	for part := range w.cursor {
		for k, v := range w.cursor[part].sum {
			s[k] += v
		}
	}
	return s
}

// advance makes one step: z ← z0 + k/(k+1)·(2·T(z) − z − z0), the reflected Halpern
// iteration (Lu and Yang, "Restarted Halpern PDHG for linear programming", 2024,
// equation 8 with reflection). If keep is set, T(z) is kept in xt, yt and
// the distance ‖z − T(z)‖ in the norm of the method is returned.
func (w *walk) advance(keep bool) float64 {
	w.steps++
	w.total++
	h := float64(w.steps) / float64(w.steps+1)
	tau, sigma := w.step/w.weight, w.step*w.weight
	w.begin(w.colAt)
	w.op.eachCol(w.y, func(part, first int, g []float64) {
		c := &w.cursor[part]
		q := &w.cols[c.next]
		c.next++
		n := first + len(g)
		if keep {
			c.sum[0] += primalStepTo(w.xt[first:n], w.x[first:n], w.x0[first:n], w.xbar[first:n], g, q.cost, q.lower, q.upper, tau, h)
		} else {
			primalStep(w.x[first:n], w.x0[first:n], w.xbar[first:n], g, q.cost, q.lower, q.upper, tau, h)
		}
	})
	dx := w.sums()[0]
	w.begin(w.rowAt)
	w.op.eachRow(w.xbar, func(part, first int, g []float64) {
		c := &w.cursor[part]
		q := &w.rows[c.next]
		c.next++
		n := first + len(g)
		if keep {
			c.sum[0] += dualStepTo(w.yt[first:n], w.y[first:n], w.y0[first:n], g, q.lower, q.upper, sigma, h)
		} else {
			dualStep(w.y[first:n], w.y0[first:n], g, q.lower, q.upper, sigma, h)
		}
	})
	dy := w.sums()[0]
	return math.Sqrt(w.weight*dx + dy/w.weight)
}

// moved returns how far T(z) is from the anchor, squared, in x and in y.
func (w *walk) moved() (x, y float64) {
	return distance2(w.xt, w.x0), distance2(w.yt, w.y0)
}

func distance2(a, b []float64) float64 {
	var s [8]float64
	for i, v := range a {
		d := v - b[i]
		s[i&7] += float64(d * d)
	}
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

// anchor begins a new stretch at T(z).
func (w *walk) anchor() {
	copy(w.x, w.xt)
	copy(w.x0, w.xt)
	copy(w.y, w.yt)
	copy(w.y0, w.yt)
	w.steps = 0
}
