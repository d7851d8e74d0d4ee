package plan

import (
	"context"
	"slices"
)

// guessing answers rounds from the proofs of an older plan where they still
// prove the same level in the new program, and solves the others. The order of
// solving does not matter to a proof, so a level taken over is as certain as a solved one;
// whether the new plan attains them all shows in the last program.
type guessing struct {
	old    *Proofs
	solver *solving
	next   int
	usable bool
}

func newGuessing(p *Program, old *Proofs, s *solving) *guessing {
	return &guessing{old: old, solver: s, usable: old.Rows == p.LP.Rows() && old.Columns == p.LP.Cols()}
}

// take returns the next old round if it fits the program at hand.
func (o *guessing) take(c *climb, g *goalProgram, kinds ...roundKind) (*roundRecord, bool) {
	if !o.usable || o.next >= len(o.old.Rounds) {
		return nil, false
	}
	r := &o.old.Rounds[o.next]
	rows := g.lp.Rows()
	if r.Kind == roundSettle {
		rows -= len(g.free) // no progress rows
	}
	if !slices.Contains(kinds, r.Kind) || (r.Kind != roundFull && len(r.Dual) != rows) || len(c.kept.gives) > 0 || r.Rung != len(c.results)-1 {
		o.usable = false
		return nil, false
	}
	for _, e := range r.Fixed {
		if !slices.Contains(g.free, e) {
			o.usable = false
			return nil, false
		}
	}
	for _, l := range r.Lowered {
		if !c.mayFall(l) {
			o.usable = false
			return nil, false
		}
	}
	o.next++
	c.lower(g, r.Lowered)
	return r, true
}

func (o *guessing) level(ctx context.Context, c *climb, g *goalProgram, last float64) (*answer, error) {
	r, ok := o.take(c, g, roundLevel, roundFull, roundSettle)
	if ok {
		a := &answer{kind: r.Kind, level: r.Level, fixed: r.Fixed, dual: r.Dual, rest: r.Rest, lowered: r.Lowered, guess: true}
		if r.Kind == roundFull {
			if len(r.Fixed) == len(g.free) {
				return o.taken(a)
			}
		} else if bound, precision, _ := c.prove(g, a, r.Level); bound >= r.Level-1e-7 && precision <= c.precision {
			a.onFace = r.onFace()
			return o.taken(a)
		}
	}
	return o.solved(ctx, c, g, last, r)
}

// solved solves a level whose old answer r, if there is one, could not be taken over.
func (o *guessing) solved(ctx context.Context, c *climb, g *goalProgram, last float64, r *roundRecord) (*answer, error) {
	a, err := o.solver.level(ctx, c, g, last)
	if r != nil && err == nil {
		a.lowered = append(slices.Clone(r.Lowered), a.lowered...)
		o.usable = o.usable && slices.Equal(a.fixed, r.Fixed)
	}
	return a, err
}

func (o *guessing) taken(a *answer) (*answer, error) {
	o.solver.guessed = true
	return a, nil
}

func (o *guessing) value(ctx context.Context, c *climb, g *goalProgram) (*answer, error) {
	r, ok := o.take(c, g, roundValue)
	final := len(c.results) == len(c.ladder) // the last program gives the plan
	if ok && !final {
		bound := c.safeBound(g, r.Dual, r.Rest) + g.target.constant
		keep := c.keep(r.Rung)
		if d := (r.Level - bound) / (1 + abs(r.Level)); d >= -max(1e-9, keep*0.1) && d <= max(keepValue, keep)*0.5 {
			return o.taken(&answer{kind: roundValue, level: r.Level, dual: r.Dual, rest: r.Rest, onFace: r.onFace(), lowered: r.Lowered, guess: true})
		}
	}
	a, err := o.solver.value(ctx, c, g)
	if ok && err == nil {
		a.lowered = append(slices.Clone(r.Lowered), a.lowered...)
	}
	return a, err
}

func abs(v float64) float64 { return max(v, -v) }

// onFace is a round's dual as one from which things may be held: it proves what
// is kept to rounding.
func (r *roundRecord) onFace() *faceDual {
	rest := r.Rest
	if rest == nil {
		rest = make([]float64, len(r.Dual))
	}
	return &faceDual{rows: r.Dual, rest: rest}
}
