package economy

import (
	"bremen/lp/block"
)

// Plan is a solution in the products' own units. Figures stand item by item,
// and of an item block by block, unless said otherwise.
type Plan struct {
	Activity []float64 // by technique
	Output   []float64 // by product: what is made, before any of it is used up
	Stored   []float64 // by product, at the end of the period
	Built    []float64 // by capital
	// Installed is by capital, at the end of the period: to work with in the next.
	Installed []float64
	Moved     []float64 // product × arc × period; only products with a weight are not 0
	Carried   []float64 // arc × period: weight
	Served    []float64 // by need
	Labour    []float64 // by skill: what is worked
	Limits    [][]float64
	// Limits is what counts towards each limit: one figure per block, region,
	// period or one for all, as its scope says.
}

// Satisfaction returns what is served of a demand, 0 to 1; of no demand, 1.
func (e *Economy) Satisfaction(p *Plan, need, block int) float64 {
	at := need*e.Blocks() + block
	if e.Demand[at] == 0 {
		return 1
	}
	return p.Served[at] / e.Demand[at]
}

// Read turns a solution of the program into a plan; x has one value per column.
func (ix *Index) Read(e *Economy, p *block.Problem, x []float64) *Plan {
	n, t := e.Blocks(), len(e.Periods)
	in := func(group int) []float64 {
		if group < 0 {
			return nil
		}
		g := p.ColGroups[group]
		return scaled(x[g.First:g.First+g.Size()], ix.Unit)
	}
	out := &Plan{
		Activity: in(ix.Activity), Built: in(ix.Built), Installed: in(ix.Installed), Carried: in(ix.Carried),
		Output: make([]float64, len(e.Products)*n), Labour: make([]float64, len(e.Skills)*n),
		Stored: spread(in(ix.Stored), ix.Storable, len(e.Products), n),
		Moved:  spread(in(ix.Moved), ix.Movable, len(e.Products), len(e.Arcs)*t),
		Served: make([]float64, len(e.Needs)*n),
	}
	served := in(ix.Served)
	for i := range len(e.Needs) * ix.Steps {
		for b, v := range served[i*n:][:n] {
			out.Served[i/ix.Steps*n+b] += v
		}
	}
	out.count(e)
	return out
}

// spread puts the runs of v, size long, to their places among items.
func spread(v []float64, place []int, items, size int) []float64 {
	if v == nil {
		return nil
	}
	out := make([]float64, items*size)
	for k, i := range place {
		copy(out[i*size:], v[k*size:][:size])
	}
	return out
}

// count adds up outputs, labour and limits from the activities.
func (out *Plan) count(e *Economy) {
	limits := make([]float64, len(e.Limits)*e.Blocks())
	add := func(t Technology, level []float64) {
		addTimes(out.Output, t.Product, level, e.Blocks(), true)
		addTimes(out.Labour, t.Labour, level, e.Blocks(), false)
		addTimes(limits, t.Limit, level, e.Blocks(), false)
	}
	add(e.Making, out.Activity)
	if len(e.Capitals) > 0 {
		add(e.Building, out.Built)
	}
	if len(e.Arcs) > 0 {
		add(e.Moving, e.hauled(out.Carried))
	}
	for i, l := range e.Limits {
		sums := make([]float64, len(l.Most))
		for r := range e.Regions {
			for t := range e.Periods {
				sums[l.Scope.place(r, t, len(e.Periods))] += limits[i*e.Blocks()+e.Block(r, t)]
			}
		}
		out.Limits = append(out.Limits, sums)
	}
}

// hauled returns weight times distance by mode and block, where it starts.
func (e *Economy) hauled(carried []float64) []float64 {
	t := len(e.Periods)
	out := make([]float64, len(e.Modes)*e.Blocks())
	for a, arc := range e.Arcs {
		for k := range t {
			out[arc.Mode*e.Blocks()+e.Block(arc.From, k)] += arc.Distance * carried[a*t+k]
		}
	}
	return out
}

// addTimes adds m·level to sums, block by block; only what is above 0 if made.
func addTimes(sums []float64, m *block.Matrix, level []float64, blocks int, made bool) {
	if m == nil {
		return
	}
	for j := range m.Cols {
		from := level[j*blocks:][:blocks]
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			v := m.Value[k]
			if made && v < 0 {
				continue
			}
			to := sums[int(m.Index[k])*blocks:][:blocks]
			for b, x := range from {
				to[b] += float64(v * x)
			}
		}
	}
}
