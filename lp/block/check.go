package block

import (
	"math"
	"sync"

	"bremen/lp"
)

// Check returns the residuals of a point x with row duals y, as
// lp.CheckSolution does for p written out. It stores no entries; its figures
// do not depend on how many processors work on them. p must be valid.
func Check(p *Problem, x, y []float64) lp.Check {
	return p.byColumn().CheckSolution(&lp.Solution{Col: x, RowDual: y})
}

// SafeBound returns the bound on the objective that the row duals y prove with
// p's own bounds on columns, as lp.SafeBound does for p written out.
func SafeBound(p *Problem, y []float64) lp.Bound {
	return p.byColumn().SafeBound(y, nil, nil, nil)
}

// FarkasHolds reports whether ray, one weight per row, proves in exact arithmetic
// that no point of p exists, as lp.FarkasHolds does for p written out. lower and
// upper are p's own bounds on columns where nil, or what ImpliedBounds has found.
func FarkasHolds(p *Problem, ray, lower, upper []float64) bool {
	return p.byColumn().FarkasHolds(ray, lower, upper)
}

// ImpliedBounds returns bounds on the columns that every point satisfying p
// satisfies in exact arithmetic, never looser than p's own, as
// lp.ByColumn.ImpliedBounds finds them: for Prove, where p leaves columns unbounded.
func ImpliedBounds(p *Problem) (lower, upper []float64) { return p.byColumn().ImpliedBounds() }

// Proof is what a point and row duals prove of a program, whoever found them.
type Proof struct {
	Objective float64 `json:"objective"` // of the point, as stated
	Broken    float64 `json:"broken"`    // largest relative violation of a bound, as lp.Check.Primal; 0 if every bound holds
	Bound     float64 `json:"bound"`     // no point is better than this, in exact arithmetic
	// Gap is by how much a point could be better, relative to 1 + |Objective|;
	// below 0 only where Broken is above. math.MaxFloat64 if nothing is proven.
	Gap float64 `json:"gap"`
}

// Prove judges a point x with row duals y, which need not be of any quality.
// lower and upper are p's own bounds on columns where nil, or what
// ImpliedBounds has found. p must be valid.
func Prove(p *Problem, x, y, lower, upper []float64) Proof {
	c := p.byColumn()
	r := Proof{Objective: c.Problem.Evaluate(x)}
	var beside sync.WaitGroup // rows add up in one order, so that is work for one processor
	beside.Go(func() { r.Broken = c.CheckSolution(&lp.Solution{Col: x}).Primal })
	r.Bound = c.SafeBound(y, nil, lower, upper).Value
	beside.Wait()
	r.Gap = (r.Objective - r.Bound) / (1 + math.Abs(r.Objective))
	if p.Maximise {
		r.Gap = -r.Gap
	}
	if !(r.Gap <= math.MaxFloat64) {
		r.Gap = math.MaxFloat64
	}
	return r
}

func (p *Problem) byColumn() lp.ByColumn {
	return lp.ByColumn{Problem: p.plain(), Reader: p.reader}
}

// reader returns a function that reads columns by number; it is quick when
// they come in order.
func (p *Problem) reader() func(j int) ([]int32, []float64) {
	var index []int32
	var value []float64
	var g Group
	var places [][]place
	return func(j int) ([]int32, []float64) {
		if j < g.First || j >= g.First+g.Size() {
			g, places = p.placesOf(j)
		}
		index, value = index[:0], value[:0]
		i, b := (j-g.First)/g.Blocks, (j-g.First)%g.Blocks
		for _, to := range places[b] {
			lo, hi := to.m.Start[i], to.m.Start[i+1]
			for _, row := range to.m.Index[lo:hi] {
				index = append(index, to.at+row*to.step)
			}
			value = append(value, to.m.Value[lo:hi]...)
		}
		if p.Start != nil {
			index = append(index, p.Index[p.Start[j]:p.Start[j+1]]...)
			value = append(value, p.Value[p.Start[j]:p.Start[j+1]]...)
		}
		return index, value
	}
}

// place is where a matrix acts: its row i is row at + i·step.
type place struct {
	m        *Matrix
	at, step int32
}

// placesOf returns the group of a column and where each of its blocks acts.
func (p *Problem) placesOf(j int) (Group, [][]place) {
	k := 0
	for j >= p.ColGroups[k].First+p.ColGroups[k].Size() {
		k++
	}
	g := p.ColGroups[k]
	places := make([][]place, g.Blocks)
	for _, t := range p.Terms {
		if t.Cols != k {
			continue
		}
		rows := p.RowGroups[t.Rows]
		for _, r := range t.Runs {
			for n := range r.Count {
				b := r.Col + n*r.ColStep
				places[b] = append(places[b], place{t.Matrix, int32(rows.First + r.Row + n*r.RowStep), int32(rows.Blocks)})
			}
		}
	}
	return g, places
}
