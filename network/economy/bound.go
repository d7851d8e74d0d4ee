package economy

import (
	"fmt"
	"math"
	"slices"

	"bremen/lp"
	"bremen/lp/block"
)

// UnboundedError is an activity that nothing bounds.
type UnboundedError struct {
	What   string `json:"what"` // technique, capital
	Code   string `json:"code"`
	Region string `json:"region"`
	Period string `json:"period"`
}

func (e *UnboundedError) Error() string {
	return fmt.Sprintf("%s %q in region %q, period %q: nothing bounds it, expected labour, a limit or capital that it takes, bounded inputs, or a stated most", e.What, e.Code, e.Region, e.Period)
}

// KeptError is capital that is wanted at the end and cannot be there.
type KeptError struct {
	Capital string  `json:"capital"`
	Region  string  `json:"region"`
	Kept    float64 `json:"kept"`
	Most    float64 `json:"most"`
}

func (e *KeptError) Error() string {
	return fmt.Sprintf("capital %q in region %q: %v are wanted at the end, at most %v can be there", e.Capital, e.Region, e.Kept, e.Most)
}

// slack widens bounds that follow from others, so that rounding cuts nothing off.
const slack = 1 + 1e-9

// mostRounds bounds how often bounds are carried from products to what is made
// of them: chains without labour, capital or limits are not longer.
const mostRounds = 100

// bounder holds what there can be of everything, item-major by block, in the
// program's amounts.
type bounder struct {
	*builder
	labour, limit, capacity, supply []float64
}

// bound gives every column a finite upper bound that the rows imply.
func (b *builder) bound() error {
	w := &bounder{builder: b, labour: scaled(b.e.Labour, 1/b.ix.Unit)}
	w.limit = w.limits()
	b.boundTransport()
	w.stated()
	finite := false
	for round := 0; round < mostRounds; round++ {
		w.supplies()
		w.capacities()
		changed := w.activities(b.ix.Activity, b.e.Making)
		if b.ix.Built >= 0 {
			changed = w.activities(b.ix.Built, b.e.Building) || changed
		}
		changed = w.storage() || changed
		if finite || !changed {
			break // a round after the last gap is closed tightens what is known
		}
		finite = b.firstEndless() < 0
	}
	w.capacities()
	if j := b.firstEndless(); j >= 0 {
		return b.unbounded(j)
	}
	return b.keepable()
}

// keepable says whether the capital wanted at the end can be there, as far as bounds tell.
func (b *builder) keepable() error {
	t := len(b.e.Periods)
	upper := b.upper(b.ix.Installed)
	for i, v := range b.e.Kept {
		if most := upper[i*t+t-1] * b.ix.Unit; v > most {
			return &KeptError{b.e.Capitals[i/len(b.e.Regions)].Code, b.e.Regions[i%len(b.e.Regions)].Code, v, most}
		}
	}
	return nil
}

func scaled(v []float64, f float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = x * f
	}
	return out
}

// upper returns the bounds of a column group, nil where there is none.
func (b *builder) upper(group int) []float64 {
	if group < 0 {
		return nil
	}
	g := b.p.ColGroups[group]
	return b.p.Upper[g.First : g.First+g.Size()]
}

func (b *builder) boundTransport() {
	t, u := len(b.e.Periods), 1/b.ix.Unit
	moved, carried := b.upper(b.ix.Moved), b.upper(b.ix.Carried)
	per := len(b.e.Arcs) * t
	for a, arc := range b.e.Arcs {
		for k, v := range arc.Capacity {
			carried[a*t+k] = v * u
			for m, i := range b.ix.Movable {
				moved[m*per+a*t+k] = v * u / b.e.Products[i].Weight * slack
			}
		}
	}
}

// stated enters the activities that Economy.Most bounds.
func (w *bounder) stated() {
	upper := w.upper(w.ix.Activity)
	for _, m := range w.e.Most {
		for r := range w.e.Regions {
			for t := range w.e.Periods {
				if (m.Region == Everywhere || m.Region == r) && (m.Period == Everywhere || m.Period == t) {
					at := m.Technique*w.n + w.e.Block(r, t)
					upper[at] = math.Min(upper[at], m.Amount/w.ix.Unit)
				}
			}
		}
	}
}

// limits returns what each limit allows in a block; endless where something
// takes back what others add.
func (w *bounder) limits() []float64 {
	out := make([]float64, len(w.e.Limits)*w.n)
	sink := make([]bool, len(w.e.Limits))
	for _, t := range []Technology{w.e.Making, w.e.Building, w.e.Moving} {
		if t.Limit != nil {
			for k, v := range t.Limit.Value {
				sink[t.Limit.Index[k]] = sink[t.Limit.Index[k]] || v < 0
			}
		}
	}
	for i, l := range w.e.Limits {
		for r := range w.e.Regions {
			for t := range w.e.Periods {
				v := lp.Inf
				if !sink[i] {
					v = l.Most[l.Scope.place(r, t, len(w.e.Periods))] / w.ix.Unit
				}
				out[i*w.n+w.e.Block(r, t)] = v
			}
		}
	}
	return out
}

// place returns which figure of a limit counts in a region and period.
func (s Scope) place(region, period, periods int) int {
	return [scopeCount]int{region*periods + period, region, period, 0}[s]
}

// supplies adds up the most there can be of each product in each block.
func (w *bounder) supplies() {
	n, t := w.n, len(w.e.Periods)
	balance := w.p.RowGroups[w.ix.Balance]
	w.supply = w.supply[:0]
	for _, v := range w.p.RowLower[balance.First : balance.First+balance.Size()] {
		w.supply = append(w.supply, -v)
	}
	w.brought(w.ix.Activity, w.e.Making.Product)
	w.brought(w.ix.Built, w.e.Building.Product)
	moved := w.upper(w.ix.Moved)
	for m, i := range w.ix.Movable {
		for a, arc := range w.e.Arcs {
			for k := range t {
				w.supply[i*n+arc.To*t+k] += moved[(m*len(w.e.Arcs)+a)*t+k]
			}
		}
	}
	stored := w.upper(w.ix.Stored)
	for s, i := range w.ix.Storable {
		for r := range w.e.Regions {
			for k := range t - 1 {
				w.supply[i*n+r*t+k+1] += w.e.Products[i].Keep * stored[s*n+r*t+k]
			}
		}
	}
}

func (w *bounder) brought(group int, m *block.Matrix) {
	if group < 0 || m == nil {
		return
	}
	upper := w.upper(group)
	for j := range m.Cols {
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			if a := m.Value[k]; a > 0 {
				to := w.supply[int(m.Index[k])*w.n:][:w.n]
				for b, v := range upper[j*w.n:][:w.n] {
					to[b] += a * v
				}
			}
		}
	}
}

// capacities carries what is installed forward and bounds the columns of it.
func (w *bounder) capacities() {
	if len(w.e.Capitals) == 0 {
		return
	}
	t := len(w.e.Periods)
	installed, built := w.upper(w.ix.Installed), w.upper(w.ix.Built)
	if w.capacity == nil {
		w.capacity = make([]float64, len(installed))
	}
	for i := range w.capacity {
		if i%t == 0 {
			w.capacity[i] = 0
			if at := i / t; at < len(w.e.Installed) {
				w.capacity[i] = w.e.Installed[at] / w.ix.Unit
			}
		} else {
			w.capacity[i] = installed[i-1]
		}
		left := 1 - w.e.Capitals[i/w.n].Wear
		installed[i] = (left*w.capacity[i] + built[i]) * slack
		if left == 0 {
			installed[i] = built[i] * slack
		}
	}
}

// activities tightens the bounds of columns that act in every block and says
// whether that changed any.
func (w *bounder) activities(group int, t Technology) bool {
	upper, before := w.upper(group), make([]float64, w.n)
	changed := false
	for j := range len(upper) / w.n {
		u := upper[j*w.n:][:w.n]
		copy(before, u)
		w.tighten(u, t.Product, j, -1, w.supply)
		w.tighten(u, t.Labour, j, 1, w.labour)
		w.tighten(u, t.Capital, j, 1, w.capacity)
		w.tighten(u, t.Limit, j, 1, w.limit)
		changed = changed || !slices.Equal(u, before)
	}
	return changed
}

// tighten bounds column j by what there is of what it takes.
func (w *bounder) tighten(upper []float64, m *block.Matrix, j int, sign float64, most []float64) {
	if m == nil {
		return
	}
	for k := m.Start[j]; k < m.Start[j+1]; k++ {
		a := sign * m.Value[k]
		if a <= 0 {
			continue
		}
		for b, v := range most[int(m.Index[k])*w.n:][:w.n] {
			upper[b] = math.Min(upper[b], math.Max(v, 0)/a*slack)
		}
	}
}

func (w *bounder) storage() bool {
	upper, changed := w.upper(w.ix.Stored), false
	for s, i := range w.ix.Storable {
		room := lp.Inf
		if v := w.e.Products[i].Room; v > 0 {
			room = v / w.ix.Unit
		}
		for b := range w.n {
			if v := math.Min(room, w.supply[i*w.n+b]*slack); v < upper[s*w.n+b] {
				upper[s*w.n+b], changed = v, true
			}
		}
	}
	return changed
}

// firstEndless returns the first column that has no finite bound, −1 if all have.
func (b *builder) firstEndless() int {
	return slices.IndexFunc(b.p.Upper, func(v float64) bool { return math.IsInf(v, 1) || math.IsNaN(v) })
}

// unbounded names a column without a bound. Stocks and capital are endless only
// where an activity is.
func (b *builder) unbounded(j int) error {
	for _, g := range []int{b.ix.Activity, b.ix.Built} {
		if g < 0 {
			continue
		}
		group := b.p.ColGroups[g]
		if k := j - group.First; k >= 0 && k < group.Size() {
			at, t := k%b.n, len(b.e.Periods)
			u := &UnboundedError{What: "technique", Region: b.e.Regions[at/t].Code, Period: b.e.Periods[at%t].Code}
			if g == b.ix.Activity {
				u.Code = b.e.Techniques[k/b.n].Code
			} else {
				u.What, u.Code = "capital", b.e.Capitals[k/b.n].Code
			}
			return u
		}
	}
	return fmt.Errorf("column %d has no finite upper bound", j)
}
