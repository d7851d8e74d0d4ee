package plan

import (
	"context"
	"fmt"
	"math"

	"bremen/lp"
)

// elasticPrice is what it costs, in progress of the round, when an element
// falls below what earlier rounds keep for it. It bounds the duals of what is
// kept: an element that could rise only at a 10,000th part of a loss to others counts as
// one that cannot be told from one that cannot.
const elasticPrice = 1e4

// elastic is a round's program in which every satisfaction kept by earlier
// rounds may fall, at a high price. Where levels are kept exactly, a program has
// hardly a point inside its bounds, and interior-point methods fail; the
// elastic program has many, and bounded duals (elastic mode: Gill, Murray, Saunders
// 2005, SNOPT, SIAM Review 47, section 4.3).
//
// Its row duals are duals of the round's program itself, so a proof never rests
// on it. What fell is kept at where it fell to, so that rounds and proofs after it
// speak of plans that exist.
type elastic struct {
	lp *lp.Problem
	of []int // per added column: the column of the satisfaction that it lowers
}

// newElastic returns g's program with what k keeps made elastic. size is the
// magnitude of the round's goal.
func newElastic(p *Program, g *goalProgram, k *kept, size float64) *elastic {
	price := elasticPrice * g.scale * size
	if g.lp.Maximise {
		price = -price
	}
	q := *g.lp
	x := &elastic{lp: &q}
	for e, f := range k.floor {
		if f > 0 {
			x.of = append(x.of, p.Elements[e].Col)
		}
	}
	extra := len(k.caps)
	for _, j := range x.of {
		extra += q.Start[j+1] - q.Start[j]
	}
	grown := func(v []float64) []float64 { return append(make([]float64, 0, len(v)+len(x.of)+len(k.caps)), v...) }
	q.Cost, q.Lower, q.Upper = grown(q.Cost), grown(q.Lower), grown(q.Upper)
	q.Start = append(make([]int, 0, len(q.Start)+len(x.of)+len(k.caps)), q.Start...)
	q.Index = append(make([]int32, 0, len(q.Index)+extra), q.Index...)
	q.Value = append(make([]float64, 0, len(q.Value)+extra), q.Value...)
	for _, j := range x.of {
		q.AddColumn(price, 0, g.lp.Lower[j])
		rows, values := g.lp.Column(j)
		for n, i := range rows {
			q.Entry(int(i), -values[n])
		}
	}
	for i := range k.caps {
		row := g.caps + i
		q.AddColumn(price/max(1, math.Abs(q.RowUpper[row])), 0, lp.Inf)
		q.Entry(row, -1)
	}
	return x
}

// rigid turns a solution of the elastic program into one of g's program.
func (x *elastic) rigid(g *goalProgram, s *lp.Solution) {
	if s.Col == nil {
		return
	}
	n := g.lp.Cols()
	for k, j := range x.of {
		s.Col[j] -= s.Col[n+k]
	}
	s.Col = s.Col[:n]
}

// lowering is a floor that a solution of an elastic program fell below, and
// what it is kept at from then on.
type lowering struct {
	Element int     `json:"element"`
	Floor   float64 `json:"floor"`
}

// mostLowered is how far what is kept may be lowered in all.
const mostLowered = verifyLevel / 2

// fallen lists the floors that x falls below, and by how much at most an
// element then stands below what it has been lifted to.
func (c *climb) fallen(x []float64) (list []lowering, most float64) {
	for e, f := range c.kept.floor {
		if at := x[c.p.Elements[e].Col]; f > 0 && at < f {
			list = append(list, lowering{e, max(0, at)})
			most = max(most, c.stands[e]-at)
		}
	}
	return list, most
}

// exceeded tells whether x takes more than a kept value allows.
func (c *climb) exceeded(x []float64) bool {
	for _, k := range c.kept.caps {
		if k.expr.at(x) > k.most+roughPrimal*(1+math.Abs(k.most)) {
			return true
		}
	}
	return false
}

// mayFall tells whether a floor may be lowered like that; those of small programs never are.
func (c *climb) mayFall(l lowering) bool {
	return !c.p.small() && l.Element >= 0 && l.Element < len(c.stands) && l.Floor >= c.stands[l.Element]-mostLowered && l.Floor <= c.kept.floor[l.Element]
}

// lower keeps less from now on, in g too.
func (c *climb) lower(g *goalProgram, list []lowering) {
	for _, l := range list {
		c.kept.floor[l.Element] = l.Floor
		j := c.p.Elements[l.Element].Col
		g.lp.Lower[j] = min(g.lp.Lower[j], l.Floor)
	}
}

// elasticAttempts are ways to solve an elastic program, made in turn.
var elasticAttempts = []struct {
	method lp.Method
	plain  bool // without presolve, or where the price was raised, with it first
	dearer bool // only where the price of falling was raised
}{{method: lp.Interior}, {method: lp.Interior, plain: true}, {method: lp.Interior, plain: true, dearer: true}, {method: lp.Exact}}

// solveElastic solves the elastic form of a round's program by one way after the other until one has an answer.
func (s *solving) solveElastic(ctx context.Context, c *climb, g *goalProgram) (*answer, error) {
	a := &answer{}
	var why string
	for _, way := range elasticAttempts {
		if way.dearer && a.raised == 0 {
			continue
		}
		soft := newElastic(c.p, g, &c.kept, c.size(g)*math.Pow(raisedBy, float64(a.raised)))
		var presolve *bool
		if first := !way.plain; first || a.raised == 0 {
			presolve = &first // what presolve has failed on once is not tried with it again
		}
		sol, err := s.run(ctx, c, soft.lp, lp.Options{Method: way.method, Presolve: presolve}, a)
		if err != nil {
			return nil, err
		}
		if sol.Col != nil && sol.Check.Primal <= roughPrimal {
			soft.rigid(g, sol)
			list, most := c.fallen(sol.Col)
			if most > mostLowered || c.exceeded(sol.Col) {
				sol.Status, sol.Detail = lp.Stopped, fmt.Sprintf("what earlier rounds keep would be broken, levels by %.1e", most)
				if g.target != nil {
					a.raised++
				}
			} else {
				c.lower(g, list)
				a.lowered = append(a.lowered, list...)
			}
		}
		why = sol.Detail
		if sol.Status == lp.Optimal || (sol.Status == lp.Unknown && c.rough(g, sol)) {
			a.dual, a.x = sol.RowDual, sol.Col
			return a, nil
		}
	}
	return nil, fmt.Errorf("%w (%s)", errUnsolved, why)
}

// raisedBy is by how much what falls costs more where too much fell.
const raisedBy = 100

// size is the magnitude of a round's goal: of progress 1, of a value what it is now.
func (c *climb) size(g *goalProgram) float64 {
	x := c.last
	if x == nil {
		x = c.like
	}
	if g.target == nil || x == nil {
		return 1
	}
	return max(1, math.Abs(g.target.at(x)-g.target.constant))
}

// rough tells whether a point that the solver could not improve may be used. A
// plan is read from it, so it has to keep all bounds closely; its dual is judged
// by what it proves.
func (c *climb) rough(g *goalProgram, s *lp.Solution) bool {
	if s.Col == nil || s.RowDual == nil || s.Check.Primal > roughPrimal {
		return false
	}
	return c.gap(g, s.Col, s.RowDual, nil) <= pick(g.target == nil, roughGap, roughRate)
}
