package ladder

import (
	"slices"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/network/economy"
)

// standing is what a climb has kept so far, enough to state its programs.
// Elements are needs in blocks, e = need·blocks + block, those with a demand.
type standing struct {
	e     *economy.Economy
	goals economy.Ladder
	q     program

	demand []float64
	floor  []float64 // per element: satisfaction that is kept
	base   []float64 // per element: floor where the rung began
	gain   []float64 // per element: from there to its height; 0 if it is not in the rung
	free   []bool
}

// program is the economy's program with two groups of columns behind its own:
// progress z, and for every element what it has above what it is kept at, x. Its
// rows of satisfaction read
//
//	served − demand·gain·z − demand·x ≥ demand·lower
//
// and what people are worst served has no part in it.
type program struct {
	*block.Problem
	rows   int // first row of satisfaction
	z      int
	excess int // first x
	served economy.Index
	labour []float64 // cost per column of the economy's program: of labour alone
}

func newStanding(e *economy.Economy, p *block.Problem, ix *economy.Index) *standing {
	n := len(e.Needs) * e.Blocks()
	s := &standing{
		e: e, goals: e.Goals(), demand: make([]float64, n),
		floor: make([]float64, n), base: make([]float64, n), gain: make([]float64, n), free: make([]bool, n),
	}
	for k, d := range e.Demand {
		s.demand[k] = d / ix.Unit
	}
	s.q = newProgram(p, ix, s.demand)
	return s
}

func newProgram(p *block.Problem, ix *economy.Index, demand []float64) program {
	q := *p
	q.Maximise, q.Offset = true, 0
	q.RowLower, q.RowUpper = slices.Clone(p.RowLower), slices.Clone(p.RowUpper)
	q.Lower, q.Upper, q.Cost = slices.Clone(p.Lower), slices.Clone(p.Upper), make([]float64, p.Cols())
	q.ColGroups = slices.Clone(p.ColGroups)
	r := program{Problem: &q, rows: p.RowGroups[ix.Satisfaction].First, served: *ix, labour: slices.Clone(p.Cost)}
	for _, group := range []int{ix.Served, ix.Worst} {
		if group >= 0 {
			g := p.ColGroups[group]
			clear(r.labour[g.First : g.First+g.Size()])
			if group == ix.Worst {
				clear(q.Upper[g.First : g.First+g.Size()])
			}
		}
	}
	r.z = q.Cols()
	q.AddCols("progress", 1, 1, 0, 0, 1)
	r.excess = q.Cols()
	q.AddCols("excess", len(demand), 1, 0, 0, 0)
	q.Start = make([]int, r.z+1, q.Cols()+1)
	q.Index, q.Value = nil, nil
	for e := range demand { // z; figures come later
		q.Index, q.Value = append(q.Index, int32(r.rows+e)), append(q.Value, 0)
	}
	q.Start = append(q.Start, len(q.Value))
	for e, d := range demand {
		q.Index, q.Value = append(q.Index, int32(r.rows+e)), append(q.Value, -d)
		q.Start = append(q.Start, len(q.Value))
	}
	return r
}

func (q *program) objective(x []float64) float64 {
	v := 0.0
	for j, c := range q.Cost {
		v += float64(c * x[j])
	}
	return v
}

// begin sets out on rung k, from 1, and returns how many elements are in it.
func (s *standing) begin(k int) int {
	count := 0
	for e, d := range s.demand {
		height := s.goals.Rungs[k-1][s.e.Needs[e/s.e.Blocks()].Urgency]
		s.base[e], s.gain[e] = s.floor[e], max(0, height-s.floor[e])
		s.free[e] = d > 0 && s.gain[e] > least
		if s.free[e] {
			count++
		} else {
			s.gain[e] = 0
		}
	}
	return count
}

// least is what a rung must raise a need by for it to be an element of it.
const least = 1e-3

// satisfaction is that of an element in a plan, less what floors leave to rounding.
func (s *standing) satisfaction(x []float64, e int) float64 {
	g := s.q.ColGroups[s.q.served.Served]
	need, b := e/g.Blocks, e%g.Blocks
	v := 0.0
	for k := range s.q.served.Steps {
		v += x[s.q.served.ServedColumn(s.q.Problem, need, k, b)]
	}
	return (v - hair) / s.demand[e]
}

// hair is what floors leave to rounding beside Ladder.Keep, in the program's amounts.
const hair = 3e-8

// stands is the progress of a free element in a plan.
func (s *standing) stands(x []float64, e int) float64 {
	return (s.satisfaction(x, e) - s.base[e]) / s.gain[e]
}

// worst is the progress of the worst-served of the free elements in a plan.
func (s *standing) worst(x []float64) float64 {
	z := 1.0
	for e, is := range s.free {
		if is {
			z = min(z, s.stands(x, e))
		}
	}
	return max(z, 0)
}

// kept is what a free element is kept at once a level is found, and top the end of the window above that.
func (s *standing) kept(e int, level float64) float64 {
	return max(s.base[e], s.base[e]+s.gain[e]*level-s.goals.Keep)
}

func (s *standing) top(e int, level, window float64) float64 {
	return max(s.kept(e, level), s.base[e]+s.gain[e]*min(1, level+window))
}

// ask states the program of a step and returns what its figure of 1 is in the objective.
func (s *standing) ask(of *Step) (one float64) {
	q := s.q
	clear(q.Cost)
	switch of.Kind {
	case Level:
		s.state(func(e int) (lower, gain, excess float64) { return s.base[e], s.gain[e], 0 })
		one = large / s.goals.Window
		q.Cost[q.z], q.Upper[q.z] = one, 1
	case Settle:
		all := s.state(func(e int) (lower, gain, excess float64) {
			kept := s.kept(e, of.Above)
			return kept, 0, s.top(e, of.Above, of.Window) - kept
		})
		one = large
		for e, is := range s.free {
			if is && all > 0 {
				q.Cost[q.excess+e] = one / all
			}
		}
	case Labour:
		s.state(nil)
		one = s.labourUnit()
	}
	return one
}

// state sets the rows of satisfaction: what free elements have at least, how much progress
// asks of them, and by how much what exceeds that counts. The sum of the last is returned.
func (s *standing) state(of func(e int) (lower, gain, excess float64)) (all float64) {
	q := s.q
	q.Upper[q.z] = 0
	for e, d := range s.demand {
		lower, gain, excess := s.floor[e], 0.0, 0.0
		if s.free[e] && of != nil {
			lower, gain, excess = of(e)
		}
		q.Value[e] = -float64(d * gain)
		q.RowLower[q.rows+e] = float64(d * lower)
		q.Upper[q.excess+e] = excess
		all += excess
	}
	return all
}

// large is the objective where all free needs fill the window: so large that 1 is little
// beside it, to which tolerances are relative.
const large = 100

// labourUnit asks for the least labour, and returns what a unit of it is in the objective,
// which is ten times large for all there is.
func (s *standing) labourUnit() float64 {
	all, weights := 0.0, 0.0
	for _, v := range s.e.Labour {
		if v < lp.Inf {
			all += v
		}
	}
	for e, d := range s.demand {
		if d > 0 {
			weights += s.e.Urgencies[s.e.Needs[e/s.e.Blocks()].Urgency].Weight
		}
	}
	if all == 0 || weights == 0 {
		return -1
	}
	for j, v := range s.q.labour { // which is −0.01·weights for all labour
		s.q.Cost[j] = v * (10 * large / (0.01 * weights))
	}
	return -10 * large / all
}

// figure is what an objective of a step's program is as Level or Bound.
func figure(kind Kind, objective, one float64) float64 {
	if kind == Labour {
		return max(objective/one, 0)
	}
	return min(objective/one, 1)
}

// extend sets progress and what exceeds levels to the most that a plan allows in the program as it stands.
func (s *standing) extend(x []float64) {
	q := s.q
	z := q.Upper[q.z]
	for e, d := range s.demand {
		gain, most := -q.Value[e], q.Upper[q.excess+e]
		if gain == 0 && most == 0 {
			x[q.excess+e] = 0
			continue
		}
		over := s.satisfaction(x, e) - q.RowLower[q.rows+e]/d
		x[q.excess+e] = min(max(over, 0), most)
		if gain > 0 {
			z = min(z, max(over*d/gain, 0))
		}
	}
	x[q.z] = z
}
