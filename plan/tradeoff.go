package plan

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"bremen/lp"
)

// TradeOff returns how far two needs can be met together: points (satisfaction
// of a, satisfaction of b), each the lowest over the need's elements, from the
// most that b can have to the most that a can have. Each of a and b is the ID of a
// need, or of a product, kind or property, and then stands for all needs of it.
//
// Every other need at least as urgent as the less urgent of the two keeps what
// it has in the plan; less urgent ones may give way. No point can be improved
// for one need without loss for the other. Where both can have their most at
// once there is one point only. With points in all, at least two, it solves
// points+2 programs; 0 means 7.
func TradeOff(ctx context.Context, pl *Plan, a, b string, points int, s lp.Solver) ([][2]float64, error) {
	t, err := newSwap(pl, a, b, s)
	if err != nil {
		return nil, err
	}
	points = max(2, cmp.Or(points, 7))
	most := [2]float64{}
	ends := [2][2]float64{} // ends[k]: where need k has its most
	for k := range 2 {
		if most[k], err = t.most(ctx, k, 0); err != nil {
			return nil, err
		}
		other, err := t.most(ctx, 1-k, most[k])
		if err != nil {
			return nil, err
		}
		ends[k][k], ends[k][1-k] = most[k], other
	}
	if ends[0][1] >= most[1]-sameLevel {
		return [][2]float64{{snap(most[0]), snap(most[1])}}, nil
	}
	curve := [][2]float64{ends[1]}
	for i := 1; i < points-1; i++ {
		at := ends[1][0] + (ends[0][0]-ends[1][0])*float64(i)/float64(points-1)
		other, err := t.most(ctx, 1, at)
		if err != nil {
			return nil, err
		}
		curve = append(curve, [2]float64{at, other})
	}
	curve = append(curve, ends[0])
	for i := range curve {
		for k, v := range curve[i] {
			curve[i][k] = pick(v < noticeable, 0, snap(clean(v)))
		}
	}
	return curve, nil
}

// swap holds two needs against each other.
type swap struct {
	p      *Program
	solver lp.Solver
	sides  [2][]int // elements
	floor  []float64
}

func newSwap(pl *Plan, a, b string, s lp.Solver) (*swap, error) {
	if pl.Program == nil {
		return nil, errNoProgram
	}
	t := &swap{p: pl.Program, solver: s, floor: make([]float64, len(pl.Program.Elements))}
	least := 0 // the less urgent of both
	for k, id := range []string{a, b} {
		t.sides[k] = t.p.elementsOf(id)
		if len(t.sides[k]) == 0 {
			return nil, fmt.Errorf("trade-off: unknown need %q", id)
		}
		rank := t.p.levels
		for _, e := range t.sides[k] {
			rank = min(rank, t.p.Elements[e].Urgency)
		}
		least = max(least, rank)
	}
	if slices.ContainsFunc(t.sides[0], func(e int) bool { return slices.Contains(t.sides[1], e) }) {
		return nil, fmt.Errorf("trade-off: %q and %q are met together", a, b)
	}
	for e := range t.p.Elements {
		el := &t.p.Elements[e]
		asked := slices.Contains(t.sides[0], e) || slices.Contains(t.sides[1], e)
		if (el.Kind == elementNeed || el.Kind == elementStock) && el.Urgency <= least && !asked {
			t.floor[e] = max(0, pl.X[el.Col]*(1-1e-6))
		}
	}
	return t, nil
}

// elementsOf returns the elements of a need, or of all needs of a thing,
// without what is wanted beyond all urgencies.
func (p *Program) elementsOf(id string) []int {
	var exact, all []int
	for e := range p.Elements {
		el := &p.Elements[e]
		if (el.Kind != elementNeed && el.Kind != elementStock) || el.Urgency >= p.levels {
			continue
		}
		if slices.Contains(p.idsOf(e), id) {
			exact = append(exact, e)
		}
		if p.whatOf(e) == id {
			all = append(all, e)
		}
	}
	if exact != nil {
		return exact
	}
	return all
}

// idsOf returns the IDs of the needs behind an element; a wanted stock is
// called by who wants it, or where, and its product.
func (p *Program) idsOf(e int) []string {
	el := &p.Elements[e]
	if el.Kind == elementStock {
		s := &p.Net.Stocks[el.index]
		return []string{cmp.Or(s.Agent, s.Site) + ":" + s.Product}
	}
	if el.Kind != elementNeed {
		return nil
	}
	var ids []string
	for _, tk := range p.supplies[el.supply].takers {
		if tk.urgency[el.Urgency] > 0 {
			ids = append(ids, p.Net.Needs[tk.need].ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// most returns the highest lowest satisfaction of side k while the other side has at least that much.
func (t *swap) most(ctx context.Context, k int, other float64) (float64, error) {
	keep := kept{floor: slices.Clone(t.floor)}
	for _, e := range t.sides[1-k] {
		keep.floor[e] = max(0, other*(1-pick(t.p.LP.NNZ() <= smallProgram, 1e-8, 1e-6)))
	}
	return t.p.highest(ctx, t.solver, &keep, t.sides[k])
}

// highest returns how far elements can be lifted together while all that is kept stays.
func (p *Program) highest(ctx context.Context, s lp.Solver, keep *kept, elements []int) (float64, error) {
	zero, one := make([]float64, len(elements)), slices.Repeat([]float64{1}, len(elements))
	g := p.goal(keep, elements, zero, one, nil)
	sol, err := p.solveOne(ctx, s, g.lp)
	if err != nil {
		return 0, err
	}
	return math.Min(1, max(0, sol.Col[g.z])), nil
}

// solveOne solves a program that has a solution by the methods that suit its size.
func (p *Program) solveOne(ctx context.Context, s lp.Solver, q *lp.Problem) (*lp.Solution, error) {
	methods := []lp.Method{lp.Simplex, lp.Exact, lp.Interior}
	if p.LP.NNZ() > smallProgram {
		methods = []lp.Method{pick(p.large(), lp.Interior, lp.Sharp), lp.Exact, lp.Simplex}
	}
	why := ""
	for _, m := range methods {
		sol, err := s.Solve(ctx, q, lp.Options{Method: m, Tolerance: 1e-8})
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			why = err.Error()
		case sol.Status == lp.Optimal || (sol.Col != nil && sol.Status == lp.Unknown && sol.Check.Within(1e-6)):
			return sol, nil
		default:
			why = sol.Detail
		}
	}
	return nil, fmt.Errorf("no method solved the program (%s)", why)
}
