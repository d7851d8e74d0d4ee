package plan

import (
	"math"
	"slices"

	"bremen/lp"
)

// face is where the solutions of all rounds so far lie: what a dual price
// holds at its bound stands there in every plan that keeps the levels reached
// (complementary slackness). A round solved on it has room inside its bounds,
// bounded duals and fewer unknowns; in the whole program, where levels are
// kept exactly, there is none.
//
// A dual of the face is no dual of the whole program yet: to let go of a
// bound that is held, it may promise more. lift adds the duals of earlier
// rounds, which prove that letting go costs what they have reached, as often as needed.
type face struct {
	col, row []int8  // −1 held at its lower bound, 1 at its upper, 0 free
	colBy    []int16 // by which proof, from 1; 0 by none
	rowBy    []int16
	proofs   []faceProof
}

// faceProof is the dual of a round on the face as it was then, without its progress rows.
type faceProof struct {
	rows, rest []float64 // of the network's program, and what rounding left out of them
	caps       []float64 // of the values kept
}

// faceDual is the dual of a round as it was found on the face, in the
// program's rows, with what rounding left out of it, and how far what it proves on the
// face is from what the round reaches.
type faceDual struct {
	rows, rest []float64
	gap        float64
}

// Thresholds: a price holds something at its bound if the whole range of it is worth more
// than heldWorth, in progress, and much more than the gap of the round.
const (
	heldWorth  = 1e-5
	heldToGap  = 1e4
	strongDual = 1e-3 // share of the largest weight from which an element is held at its level
	sharpGap   = 1e-9 // of a dual that may be multiplied: its prices of what is between its bounds are zero
)

func newFace(p *Program) *face {
	return &face{
		col: make([]int8, p.LP.Cols()), row: make([]int8, p.LP.Rows()),
		colBy: make([]int16, p.LP.Cols()), rowBy: make([]int16, p.LP.Rows()),
	}
}

func (f *face) clone() *face {
	return &face{slices.Clone(f.col), slices.Clone(f.row), slices.Clone(f.colBy), slices.Clone(f.rowBy), slices.Clone(f.proofs)}
}

// gap is how far what a dual proves on the face is from what x reaches there, in twice the precision.
func (f *face) gap(c *climb, g *goalProgram, dual *faceDual, x []float64) float64 {
	sign := g.direction()
	y, rest := signed(dual.rows, sign), signed(dual.rest, sign)
	lower, upper := c.bounds(g)
	d := reducedCosts(g.lp, true, y, rest)
	sum := 0.0
	for j, v := range d {
		switch {
		case j < len(f.col) && f.col[j] != 0:
		case v > 0:
			sum += float64(v * max(0, upper[j]-x[j]))
		case v < 0:
			sum -= float64(v * max(0, x[j]-lower[j]))
		}
	}
	act := g.lp.Activity(x)
	for i, v := range y {
		switch {
		case i < len(f.row) && f.row[i] != 0:
		case v > 0 && !math.IsInf(g.lp.RowUpper[i], 0):
			sum += float64(v * max(0, g.lp.RowUpper[i]-act[i]))
		case v < 0 && !math.IsInf(g.lp.RowLower[i], 0):
			sum -= float64(v * max(0, act[i]-g.lp.RowLower[i]))
		case v != 0:
			sum += float64(math.Abs(v) * math.Abs(act[i]))
		}
	}
	return sum / g.scale
}

// restrict returns g's program on the face.
func (f *face) restrict(c *climb, g *goalProgram) *lp.Problem {
	q := *g.lp
	q.Lower, q.Upper = slices.Clone(q.Lower), slices.Clone(q.Upper)
	q.RowLower, q.RowUpper = slices.Clone(q.RowLower), slices.Clone(q.RowUpper)
	for j, side := range f.col {
		if side != 0 {
			at := pick(side < 0, q.Lower[j], q.Upper[j])
			q.Lower[j], q.Upper[j] = at, at
		}
	}
	for j := range c.p.LP.Cols() {
		if c.implied[1][j] <= c.implied[0][j]+1e-12 && q.Lower[j] != q.Upper[j] {
			at := max(q.Lower[j], c.implied[0][j])
			q.Lower[j], q.Upper[j] = at, at
		}
	}
	for i, side := range f.row {
		if side != 0 {
			at := pick(side < 0, q.RowLower[i], q.RowUpper[i])
			q.RowLower[i], q.RowUpper[i] = at, at
		}
	}
	return &q
}

// expand puts a proof into the rows of g's program, as a dual of a maximum.
func (p *faceProof) expand(g *goalProgram) (y, rest []float64) {
	y, rest = make([]float64, g.lp.Rows()), make([]float64, g.lp.Rows())
	copy(y, p.rows)
	copy(rest, p.rest)
	copy(y[g.caps:], p.caps)
	return y, rest
}

// direction is 1 where g's program is a maximum, −1 where it is a minimum.
func (g *goalProgram) direction() float64 { return pick(g.lp.Maximise, 1.0, -1.0) }

// reducedCosts returns c − Aᵀ(y + rest) of q with all signs as of a maximum,
// summed up in twice the precision.
func reducedCosts(q *lp.Problem, cost bool, y, rest []float64) []float64 {
	d := make([]float64, q.Cols())
	sign := pick(q.Maximise, 1.0, -1.0)
	for j := range d {
		c := 0.0
		if cost {
			c = sign * q.Cost[j]
		}
		d[j] = q.ReducedCost(j, c, y, rest)
	}
	return d
}

// hold returns the face with also held at their bounds what the round's dual on
// the face has a price for. fixed are the elements it fixes, worth is the size of
// its goal, and gap, in that size, how far its bound is from its level.
func (f *face) hold(c *climb, g *goalProgram, dual *faceDual, fixed []int, gap, worth float64) *face {
	f = f.clone()
	sign := g.direction()
	scale := 1 / (g.scale * worth)
	n := len(f.proofs) + 1
	y, rest := signed(dual.rows, sign), signed(dual.rest, sign)
	proof := faceProof{rows: signed(y[:len(f.row)], scale), rest: signed(rest[:len(f.row)], scale)}
	for i := range c.kept.caps {
		proof.caps = append(proof.caps, y[g.caps+i]*scale)
	}
	d := reducedCosts(g.lp, true, y, rest)
	lower, upper := c.bounds(g)
	free := map[int]bool{}
	for _, e := range g.free {
		free[c.p.Elements[e].Col] = true
	}
	least := max(heldWorth, heldToGap*gap)
	held := false
	for j := range f.col {
		if f.col[j] != 0 || free[j] || !(math.Abs(d[j])*scale*(upper[j]-lower[j]) > least) {
			continue
		}
		if d[j] < 0 && !math.IsInf(g.lp.Lower[j], 0) {
			f.col[j], f.colBy[j] = -1, int16(n)
		} else if d[j] > 0 && !math.IsInf(g.lp.Upper[j], 0) {
			f.col[j], f.colBy[j] = 1, int16(n)
		}
		held = true
	}
	act := f.activity(g.lp, lower, upper)
	for i := range f.row {
		y := proof.rows[i]
		if f.row[i] != 0 || g.lp.RowLower[i] == g.lp.RowUpper[i] || !(math.Abs(y)*act[i] > least) {
			continue
		}
		if y < 0 && !math.IsInf(g.lp.RowLower[i], 0) {
			f.row[i], f.rowBy[i] = -1, int16(n)
		} else if y > 0 && !math.IsInf(g.lp.RowUpper[i], 0) {
			f.row[i], f.rowBy[i] = 1, int16(n)
		}
		held = true
	}
	w, top := g.weights(dual.rows), 0.0
	for _, v := range w {
		top = max(top, v)
	}
	for i, e := range g.free {
		if j := c.p.Elements[e].Col; w[i] > strongDual*top && slices.Contains(fixed, e) && f.col[j] == 0 {
			f.col[j], f.colBy[j] = -1, int16(n)
			held = true
		}
	}
	if held {
		f.proofs = append(f.proofs, proof)
	}
	return f
}

// signed returns v times s.
func signed(v []float64, s float64) []float64 {
	out := make([]float64, len(v))
	for i, a := range v {
		out[i] = a * s
	}
	return out
}

// activity returns the width of what each row can take within the columns' bounds.
func (f *face) activity(q *lp.Problem, lower, upper []float64) []float64 {
	act := make([]float64, q.Rows())
	for j := range q.Cols() {
		rows, values := q.Column(j)
		for k, i := range rows {
			act[i] += float64(math.Abs(values[k]) * (upper[j] - lower[j]))
		}
	}
	return act
}

// lift turns a dual of g's program on the face into row duals of the whole
// program that prove nearly the same: from the newest proof to the oldest, each
// is added as often as makes the bound least, with what older ones hold still
// held. It returns the best of a few limits on how often, what its figures leave out where
// that proves more, and how far what x reaches is from what is proven.
func (f *face) lift(c *climb, g *goalProgram, dual *faceDual, x []float64) (y, rest []float64, gap float64) {
	y, rest = g.clipped(dual.rows), dual.rest
	gap = c.gap(g, x, y, rest)
	if len(f.proofs) > 0 {
		for _, most := range []float64{1e9, 1e6, 1e4, 1e2} {
			z, low := f.lifted(c, g, dual, most*g.scale*g.worth(x))
			if d := c.gap(g, x, z, low); d < gap {
				y, rest, gap = z, low, d
			}
			if gap <= closeRate {
				break
			}
		}
	}
	if plain := c.gap(g, x, y, nil); plain <= max(plainGap, gap) {
		return y, nil, plain
	}
	rest = short(rest)
	return y, rest, c.gap(g, x, y, rest)
}

// short returns figures as proofs keep them.
func short(rest []float64) []float64 {
	out := make([]float64, len(rest))
	for i, v := range rest {
		out[i] = float64(float32(v))
	}
	return out
}

// plainGap is how far what a dual proves may be off for the sake of one figure per row instead of two.
const plainGap = 1e-9

// clipped returns row duals without those that call for a bound their row has
// not: a proof counts them as zero anyway.
func (g *goalProgram) clipped(y []float64) []float64 {
	out := slices.Clone(y)
	for i, v := range y {
		bound := g.lp.RowLower[i]
		if v*g.direction() > 0 {
			bound = g.lp.RowUpper[i]
		}
		if math.IsInf(bound, 0) {
			out[i] = 0
		}
	}
	return out
}

// lifted lifts with multiples of up to most.
func (f *face) lifted(c *climb, g *goalProgram, dual *faceDual, most float64) (y, rest []float64) {
	sign := g.direction()
	out, low := signed(dual.rows, sign), signed(dual.rest, sign)
	l := lifting{f: f, q: g.lp, y: out, rest: low, d: reducedCosts(g.lp, true, out, low), most: most}
	l.lower, l.upper = c.bounds(g)
	l.ranges()
	for n := len(f.proofs); n > 0; n-- {
		v, vRest := f.proofs[n-1].expand(g)
		l.add(n, v, vRest)
	}
	return g.clipped(signed(out, sign)), signed(low, sign)
}

type lifting struct {
	f            *face
	q            *lp.Problem
	y, rest, d   []float64
	lower, upper []float64 // of columns
	low, high    []float64 // of rows, implied where the program has none
	most         float64   // multiple of a proof
}

func (l *lifting) ranges() {
	n := l.q.Rows()
	l.low, l.high = make([]float64, n), make([]float64, n)
	for j := range l.q.Cols() {
		rows, values := l.q.Column(j)
		for k, i := range rows {
			a, b := values[k]*l.lower[j], values[k]*l.upper[j]
			l.low[i] += min(a, b)
			l.high[i] += max(a, b)
		}
	}
	for i := range n {
		l.low[i], l.high[i] = max(l.low[i], l.q.RowLower[i]), min(l.high[i], l.q.RowUpper[i])
	}
}

// slope is the derivative, in m from above, of the bound that y + m·v proves where
// what proofs before n hold stays held.
func (l *lifting) slope(n int, m float64, v, dv []float64) float64 {
	s := 0.0
	for j, a := range dv {
		if a == 0 {
			continue
		}
		x := l.lower[j]
		if by := int(l.colBy(j)); by > 0 && by < n {
			if l.f.col[j] > 0 {
				x = l.upper[j]
			}
		} else if d := l.d[j] + float64(m*a); d > 0 || d == 0 && a > 0 {
			x = l.upper[j]
		}
		s += float64(a * x)
	}
	for i, a := range v {
		if a == 0 {
			continue
		}
		x := l.low[i]
		if by := int(l.rowBy(i)); by > 0 && by < n {
			if l.f.row[i] > 0 {
				x = l.high[i]
			}
		} else if y := l.y[i] + float64(m*a); y > 0 || y == 0 && a > 0 {
			x = l.high[i]
		}
		s += float64(a * x)
	}
	return s
}

func (l *lifting) colBy(j int) int16 {
	if j < len(l.f.colBy) {
		return l.f.colBy[j]
	}
	return 0
}

func (l *lifting) rowBy(i int) int16 {
	if i < len(l.f.rowBy) {
		return l.f.rowBy[i]
	}
	return 0
}

// add adds the best multiple of v.
func (l *lifting) add(n int, v, rest []float64) {
	dv := reducedCosts(l.q, false, v, rest)
	// Each thing that is let go of and not paid for yet makes the bound fall by heldWorth at least.
	falling := func(m float64) bool { return l.slope(n, m, v, dv) < -heldWorth/2 }
	if !falling(0) {
		return
	}
	lo, hi := 0.0, 1.0
	for hi < l.most && falling(hi) {
		lo, hi = hi, hi*4
	}
	for range 40 {
		if mid := (lo + hi) / 2; falling(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	for j, a := range dv {
		l.d[j] += float64(hi * a)
	}
	for i, a := range v {
		// y + rest + hi·(a + rest of a), in twice the precision.
		p := float64(hi * a)
		t := l.y[i] + p
		b := t - l.y[i]
		e := (l.y[i] - (t - b)) + (p - b)
		e += math.FMA(hi, a, -p) + float64(hi*rest[i]) + l.rest[i]
		l.y[i] = t + e
		l.rest[i] = e - (l.y[i] - t)
	}
}
