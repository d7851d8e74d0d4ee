package plan

import (
	"context"
	"slices"
)

// settleProgram is the program that shows that elements cannot rise above
// progress z: all free elements stay at z at least, and the sum of what the
// named ones exceed it by is maximised. If that sum is at most the precision, so is each.
func (c *climb) settleProgram(g *goalProgram, named []int, z float64) *goalProgram {
	k := kept{floor: slices.Clone(c.kept.floor), caps: c.kept.caps, gives: c.kept.gives}
	target := &expression{}
	for i, e := range g.free {
		at := g.base[i] + g.gain[i]*z
		k.floor[e] = max(k.floor[e], at)
		if slices.Contains(named, e) {
			target.add(c.p.Elements[e].Col, -1/g.gain[i])
			target.constant += at / g.gain[i]
		}
	}
	s := c.p.goal(&k, nil, nil, nil, target)
	s.settled, s.level = true, z
	s.free, s.base, s.gain = g.free, g.base, g.gain
	return s
}

// settle finds out which of the elements that stand at progress z cannot rise.
// Those that do rise are dropped from the sum and it is tried once more. It
// returns nil where the sum still exceeds the precision.
func (s *solving) settle(ctx context.Context, c *climb, g *goalProgram, first *answer, named []int) (*answer, error) {
	z := first.level
	total := first.cost
	for try := 0; try < 2 && len(named) > 0; try++ {
		g2 := c.settleProgram(g, named, z)
		a, err := s.solve(ctx, c, g2)
		if err != nil {
			return nil, err
		}
		total.add(a.cost)
		first.cost = total
		a.lowered = append(first.lowered, a.lowered...)
		first.lowered = a.lowered
		a.kind, a.level, a.fixed, a.cost = roundSettle, z, named, total
		if _, excess, _ := c.prove(g, a, z); excess <= c.precision {
			return a, nil
		}
		var stay []int
		for i, e := range g.free {
			rise := a.x[c.p.Elements[e].Col] - g.base[i] - g.gain[i]*z
			if slices.Contains(named, e) && rise < g.gain[i]*c.precision/float64(len(named)) {
				stay = append(stay, e)
			}
		}
		if len(stay) == len(named) {
			return nil, nil
		}
		named = stay
	}
	return nil, nil
}

func (c *cost) add(d cost) {
	c.programs += d.programs
	c.iterations += d.iterations
	c.seconds += d.seconds
}
