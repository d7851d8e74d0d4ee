package plan

import (
	"context"
	"math"
	"slices"
	"time"

	"bremen/lp"
	"bremen/network"
)

// Methods of Rounding.
const (
	RoundedAlready    = "already whole"   // the continuous plan comes in whole batches and packs
	RoundedInteger    = "integer program" // whole numbers by branch and bound, Gap from the best at most
	RoundedStepwise   = "rounding"        // fixed and solved again, a part at a time
	RoundedNotAtAll   = "none"            // no whole plan was found: the lists are those of the continuous plan
	roundingWork      = 20 * time.Second  // of the solver's clock, by default
	roundingGap       = 1e-3
	roundingSolves    = 40     // of large programs, when rounding step by step
	roundingAgain     = 10_000 // nonzeros up to which the ladder is climbed again
	roundingDives     = 8
	roundingFeasible  = 1e-7 // relative violation of a bound up to which a rounded plan counts
	roundingTolerance = 1e-8
	roundingRough     = 1e-6
	wholeEnough       = 1e-9 // distance from a whole number, relative to it
)

// whole says of a column in which amounts it comes.
type whole struct {
	col   int
	unit  float64 // in multiples of this; 0: any
	least float64 // nothing, or this much at least; a multiple of unit
}

// wholes lists the columns that come in batches (runs), in packs, in steps of
// their product or from a least order on (purchases and sales).
func (p *Program) wholes() []whole {
	var out []whole
	for j, c := range p.cols {
		w := whole{col: j}
		switch c.kind {
		case colRun:
			w.unit = p.Net.Recipes[c.a].Batch
		case colBuy, colSell:
			t := &p.Net.Trade[c.a]
			w.unit, w.least = t.Pack, t.Least
			if w.unit <= 0 {
				w.unit = p.Net.Products[p.ix.product[t.Product]].Step
			}
		}
		if w.unit > 0 && w.least > 0 {
			w.least = math.Ceil(w.least/w.unit-wholeEnough) * w.unit
		}
		if w.least <= w.unit {
			w.least = 0 // a whole pack is enough
		}
		if w.unit > 0 || w.least > 0 {
			out = append(out, w)
		}
	}
	return out
}

// nearest returns the whole amount nearest to v.
func (w *whole) nearest(v float64) float64 {
	if w.unit > 0 {
		v = math.Round(v/w.unit) * w.unit
	}
	if v < w.least {
		v = pick(v < w.least/2, 0, w.least)
	}
	return max(v, 0)
}

// below returns the largest whole amount that does not exceed v.
func (w *whole) below(v float64) float64 {
	if w.unit > 0 {
		v = math.Floor(v/w.unit+1e-6) * w.unit
	}
	return pick(v < w.least*(1-1e-6), 0, max(v, 0))
}

// above returns the smallest whole amount that is not below v.
func (w *whole) above(v float64) float64 {
	if w.unit > 0 {
		v = math.Ceil(v/w.unit-1e-6) * w.unit
	}
	return pick(v <= 0, 0, max(v, w.least))
}

// holds tells whether v is a whole amount.
func (w *whole) holds(v float64) bool { return w.within(v, wholeEnough) }

func (w *whole) within(v, tolerance float64) bool {
	return math.Abs(v-w.nearest(v)) <= tolerance*(w.unit+w.least+math.Abs(v))
}

// rounded is a plan in whole batches and packs.
type rounded struct {
	x        []float64 // nil where none was found
	method   string
	gap      float64
	programs int
	seconds  float64
}

// roundBatches sets batches, packs, steps and least orders in one step after
// the climb. It returns nil where nothing comes in whole amounts.
//
// An integer program chooses the whole numbers: it minimises how far needs
// fall below what the climb gave them, more urgent ones weighing steeply more, of
// each urgency the mean over all heads plus the worst, and a little effort.
// With these numbers fixed, small networks climb their whole ladder again, so
// that what the whole numbers leave is shared as fairly as the ladder says; on
// large ones the integer program's own shares stand. The ladder's values and
// certificates remain those of the continuous plan.
//
// Where the integer program has no answer within its work, numbers are fixed
// part by part, nearest first, and the rest is solved again each time (diving:
// Berthold 2006, "Primal heuristics for mixed integer programs").
func roundBatches(ctx context.Context, c *climb, s lp.Solver, work time.Duration) (*rounded, error) {
	ws := c.p.wholes()
	if len(ws) == 0 {
		return nil, nil
	}
	r := newRounding(c, ws, s)
	if work > 0 {
		r.work = work
	}
	out := &rounded{method: RoundedNotAtAll}
	for _, way := range []struct {
		method string
		choose func(context.Context) ([]float64, float64, error)
	}{{RoundedAlready, r.already}, {RoundedInteger, r.branch}, {RoundedStepwise, r.dive}} {
		choice, gap, err := way.choose(ctx)
		if err != nil {
			return nil, err
		}
		if choice == nil {
			continue
		}
		if out.x, err = r.complete(ctx, choice); err != nil {
			return nil, err
		}
		if out.x != nil {
			out.method, out.gap = way.method, gap
			break
		}
	}
	out.programs, out.seconds = r.programs, r.seconds
	return out, nil
}

// already returns the whole amounts of the continuous plan, if all are whole
// but for what solvers leave.
func (r *rounding) already(context.Context) (choice []float64, gap float64, err error) {
	for i := range r.wholes {
		w := &r.wholes[i]
		v := r.c.last[w.col]
		if !w.within(v, roundingRough) {
			return nil, 0, nil
		}
		choice = append(choice, w.nearest(v))
	}
	return choice, 0, nil
}

// settled returns x with the amounts of a choice put exactly.
func settled(x []float64, ws []whole, choice []float64) []float64 {
	x = slices.Clone(x)
	for i, w := range ws {
		if w.unit > 0 || choice[i] == 0 {
			x[w.col] = choice[i]
		} else {
			x[w.col] = max(x[w.col], w.least)
		}
	}
	return x
}

// complete plans all else around chosen whole amounts; nil where that cannot be done.
func (r *rounding) complete(ctx context.Context, choice []float64) ([]float64, error) {
	if x := r.accept(r.c.last[:len(r.unit)], choice); x != nil {
		return x, nil // nothing but dust has changed
	}
	if r.c.p.LP.NNZ() <= roundingAgain {
		x, err := r.climbAgain(ctx, choice)
		if x != nil || err != nil {
			return x, err
		}
	}
	q := r.relaxed()
	r.hold(q, choice)
	sol, err := r.solve(ctx, q, r.options())
	if sol == nil || err != nil {
		return nil, err
	}
	return r.accept(r.amounts(sol.Col), choice), nil
}

// climbAgain climbs the ladder with the whole amounts fixed.
func (r *rounding) climbAgain(ctx context.Context, choice []float64) ([]float64, error) {
	p, program := *r.c.p, *r.c.p.LP
	program.Lower, program.Upper = slices.Clone(program.Lower), slices.Clone(program.Upper)
	p.LP = &program
	for i, w := range r.wholes {
		program.Lower[w.col], program.Upper[w.col] = w.span(choice[i], program.Lower[w.col], program.Upper[w.col])
	}
	c := newClimb(&p, r.c.ladder, &solving{solver: counted{r.solver, &r.programs}})
	c.precision = r.c.precision
	err := c.run(ctx)
	for _, res := range c.results {
		r.seconds += res.Seconds
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || c.last == nil {
		return nil, nil // the weighted program is tried instead
	}
	return r.accept(c.last[:p.LP.Cols()], choice), nil
}

// accept returns x in the chosen amounts, nil where it breaks a bound.
func (r *rounding) accept(x, choice []float64) []float64 {
	x = settled(x, r.wholes, choice)
	if residual(r.c.p.LP, x) > roundingFeasible {
		return nil
	}
	for i := range r.wholes {
		if w := &r.wholes[i]; !w.holds(x[w.col]) {
			return nil
		}
	}
	return x
}

// span returns the bounds of a whole column once its amount is chosen: of a
// least order only whether there is one.
func (w *whole) span(chosen, lower, upper float64) (float64, float64) {
	switch {
	case w.unit > 0 || chosen == 0:
		return chosen, chosen
	default:
		return max(lower, w.least), upper
	}
}

// loss is how far satisfactions stand below what the continuous plan gives
// them, per urgency, every head counting once for each of its elements. What
// some gain is not set off against it; less than 1e-5 is no loss.
func (c *climb) loss(whole []float64) map[string]float64 {
	out, heads := map[string]float64{}, map[string]float64{}
	for e := range c.p.Elements {
		el := &c.p.Elements[e]
		if !c.served(e) {
			continue
		}
		u, w := c.p.Net.Urgencies[el.Urgency].ID, max(1, el.Persons)
		heads[u] += w
		if short := snap(c.last[el.Col]) - snap(whole[el.Col]); short > noticeable {
			out[u] += w * short
		}
	}
	for u, h := range heads {
		out[u] /= h
	}
	return out
}

// served tells whether element e is a need or wanted stock that the ladder has raised.
func (c *climb) served(e int) bool {
	el := &c.p.Elements[e]
	return (el.Kind == elementNeed || el.Kind == elementStock) && el.Urgency < c.p.levels && c.rungOf[e] >= 0
}

// roundingOf states what rounding did.
func (c *climb) roundingOf(r *rounded) *Rounding {
	if r == nil {
		return nil
	}
	d := &Rounding{Method: r.method, Gap: r.gap, Loss: map[string]float64{}}
	if r.x != nil {
		d.Loss = c.loss(r.x)
	}
	return d
}

// steep is how much the satisfaction of an urgency weighs: 1000, 33, 1.1 …
func steep(rank int) float64 { return 1000 * math.Pow(30, -float64(rank)) }

// efforts returns the value rungs of the ladder as one expression to be
// minimised, each weighed by its value in the plan. Those before all needs
// weigh more than any need, those after them less.
func (c *climb) efforts() *expression {
	out := &expression{}
	before, after := 30*steep(0), 0.01
	raised := false
	for r := range c.ladder {
		rung := &c.ladder[r]
		if rung.Kind == network.Leximin {
			raised = raised || c.results[r].Elements > 0
			continue
		}
		e, err := c.p.expression(rung)
		if err != nil || len(e.index) == 0 {
			continue
		}
		weight := before
		if raised {
			weight = after
			after /= 10
		} else {
			before /= 2
		}
		weight /= max(math.Abs(e.at(c.last)), largest(e.value)*1e-3)
		if rung.Kind == network.Most {
			weight = -weight
		}
		for k, j := range e.index {
			out.add(j, weight*e.value[k])
		}
	}
	return out
}
