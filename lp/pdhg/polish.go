package pdhg

import (
	"bremen/lp/block"
)

// Feasibility polishing (Applegate and others, "PDLP: A practical first-order
// method for large-scale linear programming", 2025, section 4): the objective
// is often right long before every bound is met. Finding some x that meets the bounds, beginning
// with the one found, is a far easier program, as is finding such a y; both walks use the
// same matrix, one without costs, the other without bounds.

// polishPart is what part of all iterations each of the two walks may take.
const polishPart = 8

// ripe tells whether polishing is worth while: the gap is closed, and the walk
// is a quarter longer than it was the last time.
func (r *run) ripe() bool {
	return r.check.Gap <= r.o.Tolerance && 4*r.total >= 5*r.polished
}

// polish replaces the point by one near it that breaks no bounds, if it finds one that
// passes.
func (r *run) polish() error {
	x, y := r.w.xt, r.w.yt
	if r.check.Primal > r.o.Tolerance {
		w := r.w.towards(withoutCosts(r.w.prog), x, make([]float64, len(y)))
		if err := r.settle(w, func() float64 { return r.gauge.rows(w.xt, w.yt).primal }); err != nil {
			return err
		}
		x = w.xt
	}
	if r.check.Dual > r.o.Tolerance {
		w := r.w.towards(withoutBounds(r.w.prog), make([]float64, len(x)), y)
		if err := r.settle(w, func() float64 { return r.gauge.cols(w.xt, w.yt).dual }); err != nil {
			return err
		}
		y = w.yt
	}
	r.polished = r.total
	if check, value := r.gauge.check(x, y); check.Within(r.o.Tolerance) {
		r.x, r.y, r.check, r.value = x, y, check, value
	}
	return nil
}

// settle walks until a residual is within the tolerance or it takes too long.
func (r *run) settle(w *walk, residual func() float64) error {
	var rule restarts
	most := r.total/polishPart + checkEvery
	for w.total < most {
		again, err := r.advance(w, &rule)
		if err != nil {
			return err
		}
		if again || w.total%(2*checkEvery) < checkEvery {
			if residual() <= r.o.Tolerance || r.late() {
				return nil
			}
		}
		if again {
			rule.reweigh(w, r.check)
			w.anchor()
		}
	}
	return nil
}

// towards is another walk with the same matrix, from another point.
func (w *walk) towards(p *block.Problem, x, y []float64) *walk {
	v := newWalk(w.op, p)
	v.step, v.weight = w.step, w.weight
	copy(v.xt, x)
	copy(v.yt, y)
	v.anchor()
	return v
}

func withoutCosts(p *block.Problem) *block.Problem {
	q := *p
	q.Cost = make([]float64, len(p.Cost))
	return &q
}

// withoutBounds moves every finite bound to zero.
func withoutBounds(p *block.Problem) *block.Problem {
	q := *p
	q.Lower, q.Upper = atZero(p.Lower), atZero(p.Upper)
	q.RowLower, q.RowUpper = atZero(p.RowLower), atZero(p.RowUpper)
	return &q
}

func atZero(bounds []float64) []float64 {
	v := make([]float64, len(bounds))
	for i, b := range bounds {
		if b-b != 0 {
			v[i] = b
		}
	}
	return v
}
