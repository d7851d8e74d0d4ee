package pdhg

import "slices"

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
// passes. It writes over xbar and spareX.
func (r *run) polish() error {
	x, y := r.w.xt, r.w.yt
	if r.check.Primal > r.o.Tolerance {
		w := r.walkBeside(nothing, operandOf)
		copy(w.xt, x)
		clear(w.yt)
		if err := r.settle(w, func() float64 { return r.gauge.rows(w.xt, w.yt).primal }); err != nil {
			return err
		}
		r.spareX = sized(r.spareX, len(x))
		x = r.spareX
		copy(x, w.xt)
	}
	if r.check.Dual > r.o.Tolerance {
		w := r.walkBeside(operandOf, atZero)
		clear(w.xt)
		copy(w.yt, y)
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
	w.anchor()
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

// walkBeside returns the walk that polishes, with the matrix of the other one and costs and
// bounds as they are taken. It is to set out from its T(z).
func (r *run) walkBeside(cost, bound func([]float64) operand) *walk {
	w := r.w
	if r.beside == nil {
		rows, cols := w.op.size()
		vec := func(n int) []float64 { return make([]float64, n) }
		r.beside = &walk{x: vec(cols), x0: vec(cols), xt: vec(cols), y: vec(rows), y0: vec(rows), yt: vec(rows)}
	}
	v := r.beside
	v.xbar = w.xbar // of no use to w before its next step, which makes it anew
	v.step, v.weight, v.total = w.step, w.weight, 0
	r.collect()
	v.bind(w.op, w.prog, cost, bound)
	return v
}

// nothing takes costs for zero.
func nothing([]float64) operand { return operand{at: []float64{0}} }

// atZero takes every finite bound for zero.
func atZero(bounds []float64) operand {
	zeroed := func(b float64) float64 {
		if b-b == 0 {
			return 0
		}
		return b
	}
	first := zeroed(bounds[0])
	if !slices.ContainsFunc(bounds, func(b float64) bool { return zeroed(b) != first }) {
		return operand{at: []float64{first}}
	}
	v := make([]float64, len(bounds))
	for i, b := range bounds {
		v[i] = zeroed(b)
	}
	return operand{v, 1}
}
