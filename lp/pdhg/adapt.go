package pdhg

import "runtime"

// At a vertex most columns stand at a bound and many rows have no price. Entries of
// those make steps shorter without being of use, so the program is scaled anew
// now and then, at the beginning of a stretch, as if they were smaller: those in
// use take longer steps. Should they come into use, the next scaling sees it.

const (
	firstRescale = 500 // iterations before the program is scaled anew
	rescaleGrows = 1.5 // by what the iterations grow until it is done again

	scarce = 64 << 20 // bytes that a solve takes, from which memory is worth the time of collecting it
)

// adapt scales the program anew by what T(z) uses. The walk stays where it is.
func (r *run) adapt() {
	w, p := r.w, r.p
	lower, upper := w.prog.Lower, w.prog.Upper
	colWeight := itemsOf(p.ColGroups).use(func(j int) bool { return lower[j] < w.xt[j] && w.xt[j] < upper[j] })
	rowWeight := itemsOf(p.RowGroups).use(func(i int) bool { return w.yt[i] != 0 })
	for j, d := range r.scaling.col {
		w.xt[j], w.x0[j] = w.xt[j]*d, w.x0[j]*d
	}
	for i, d := range r.scaling.row {
		w.yt[i], w.y0[i] = w.yt[i]*d, w.y0[i]*d
	}
	scaled := w.prog
	w.op, w.rows, w.cols, r.gauge = nil, nil, nil, nil
	if v := r.beside; v != nil {
		v.op, v.rows, v.cols = nil, nil, nil
	}
	r.collect()
	r.scaling.equilibrate(p, rowWeight, colWeight)
	r.scaling.apply(p, scaled)
	op := newBlocks(scaled, r.o.Threads)
	r.gauge = newGauge(op, p, scaled, r.scaling)
	w.bind(op, scaled, operandOf, operandOf)
	w.step = 0.998 / max(r.norm(), 1e-12)
	for j, d := range r.scaling.col {
		w.xt[j], w.x0[j] = min(max(w.xt[j]/d, scaled.Lower[j]), scaled.Upper[j]), w.x0[j]/d
	}
	for i, d := range r.scaling.row {
		w.yt[i], w.y0[i] = w.yt[i]/d, w.y0[i]/d
	}
	r.rule = restarts{}
	r.rescale = int(rescaleGrows * float64(r.total))
}

// collect makes room before much memory is taken: there may be none for what comes before what was there is gone.
func (r *run) collect() {
	if Memory(r.p) >= scarce {
		runtime.GC()
	}
}
