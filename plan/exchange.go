package plan

import (
	"context"
	"errors"
	"math"
	"slices"

	"bremen/network"
)

// Exchange rates.
const (
	exchangeGive = 0.01 // of what a rung has reached is given
	reserved     = 2    // programs kept for exchange rates in large networks
	leastRate    = 1e-3 // smaller rates are left out
	mostRates    = 12
)

// exchange fills in, rung by rung, what it takes from whom to lift it a little
// further: the ladder is climbed again with the rung giving up one percent of
// what it has reached, and what others gain by that is what the last percent
// takes from them. The rate of a need is in points of its mean satisfaction
// per point of the rung's; that of a value rung in its unit per whole
// satisfaction (per unit of the value, where a value rung gives).
//
// Rungs are taken in order as long as programs are left; a climb that runs out
// of them counts what is fixed by then.
func (x *explaining) exchange(ctx context.Context) error {
	for rung := range x.c.results {
		left := x.o.Solves - x.used
		size := x.sizeOf(rung)
		if left <= 0 || size <= 0 || rung == len(x.c.results)-1 {
			continue
		}
		used := 0
		o := &retrying{
			guessing: *newGuessing(x.p, x.pl.Proofs, &solving{solver: counted{x.solver, &used}}),
			touched:  map[int]bool{}, whole: true, used: &used,
			most: pick(x.p.LP.NNZ() <= smallProgram, left, 1),
		}
		ladder := slices.Clone(x.c.ladder)
		ladder[rung].Keep = exchangeGive
		c := newClimb(x.p, ladder, o)
		c.like = x.pl.Proofs.Primal
		c.precision, c.progress = x.pl.Proofs.Precision, x.o.Progress
		err := c.run(ctx)
		x.used += used
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && !errors.Is(err, errEnough) {
			continue // numerical trouble: no rate
		}
		x.pl.Ladder[rung].Exchange = x.taken(rung, c, exchangeGive*size)
	}
	return nil
}

// sizeOf is what a rung has reached: the mean satisfaction of its elements, or its value.
func (x *explaining) sizeOf(rung int) float64 {
	if x.c.ladder[rung].Kind != network.Leximin {
		return math.Abs(x.c.results[rung].Value)
	}
	sum, persons := 0.0, 0.0
	for e := range x.p.Elements {
		if x.c.heightAt[rung] != nil && x.c.heightAt[rung][e] > 0 {
			w := max(1, x.p.Elements[e].Persons)
			sum += w * x.standsAfter(rung)[e]
			persons += w
		}
	}
	if persons == 0 {
		return 0
	}
	return sum / persons
}

// standsAfter returns where elements stood at the end of a rung.
func (x *explaining) standsAfter(rung int) []float64 { return x.atEndOf(rung) }

// taken compares a climb in which a rung has given with the plan's own.
func (x *explaining) taken(rung int, c *climb, given float64) []ExchangeRate {
	type mean struct{ persons, gain float64 }
	var out []ExchangeRate
	for r := rung; r < len(c.results); r++ {
		if c.ladder[r].Kind != network.Leximin {
			if r > rung && len(c.results[r].Rounds) > 0 {
				gain := x.c.results[r].Value - c.results[r].Value
				if c.ladder[r].Kind == network.Most {
					gain = -gain
				}
				if rate := gain / given; rate*given > leastRate*max(1e-9, math.Abs(x.c.results[r].Value)) {
					out = append(out, ExchangeRate{Rung: c.results[r].Goal, Rate: rate, Unit: x.c.results[r].Unit})
				}
			}
			continue
		}
		sum := map[string]*mean{}
		var ids []string
		for e := range x.p.Elements {
			if x.c.rungOf[e] != r || c.rungOf[e] != r {
				continue
			}
			id := x.p.whatOf(e)
			if x.p.Elements[e].Kind == elementRest {
				id = x.p.Net.Agents[x.p.Elements[e].index].ID
			}
			if sum[id] == nil {
				sum[id] = &mean{}
				ids = append(ids, id)
			}
			w := max(1, x.p.Elements[e].Persons)
			sum[id].persons += w
			sum[id].gain += w * (c.stands[e] - x.c.stands[e])
		}
		slices.Sort(ids)
		for _, id := range ids {
			if rate := sum[id].gain / sum[id].persons / given; rate > leastRate {
				out = append(out, ExchangeRate{Rung: c.results[r].Goal, What: id, Rate: rate})
			}
		}
	}
	return out[:min(len(out), mostRates)]
}
