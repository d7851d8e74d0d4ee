package plan

import (
	"cmp"
	"math"
	"slices"
)

// exchange gathers what it takes to lift each rung a little further: the duals
// with which what a rung keeps holds later rounds down.
//
// Lifting all that a leximin rung has fixed by one unit of satisfaction (a
// value rung by one unit of its value) lowers the level of a later round by
// the sum of the duals of those floors (that cap). The rate holds within the
// basis at hand and is not confirmed by solving again.
type exchange struct {
	pl    *Plan
	rates []map[ExchangeRate]float64 // per rung: entry without its rate → rate
	caps  []int                      // rung of each kept value
}

func newExchange(pl *Plan) *exchange {
	x := &exchange{pl: pl}
	for range pl.Ladder {
		x.rates = append(x.rates, map[ExchangeRate]float64{})
	}
	return x
}

// visit reads the duals of a round.
func (x *exchange) visit(c *climb, g *goalProgram, r *roundRecord) {
	if r.Kind != roundFull {
		x.read(c, g, r)
	}
	if r.Kind == roundValue {
		x.caps = append(x.caps, r.Rung)
	}
}

func (x *exchange) read(c *climb, g *goalProgram, r *roundRecord) {
	sign := 1.0
	if !g.lp.Maximise {
		sign = -1
	}
	loss := make([]float64, len(x.rates))
	height := c.heightAt[r.Rung]
	for e := range c.p.Elements {
		rung := c.rungOf[e]
		free := height != nil && height[e] > c.stands[e]+1e-9 && !c.blocked[e]
		if rung < 0 || free || c.kept.floor[e] == 0 {
			continue
		}
		if d := sign * reduced(g.lp, c.p.Elements[e].Col, r.Dual) / g.scale; d < 0 {
			loss[rung] -= d
		}
	}
	first := g.lp.Rows() - len(c.kept.caps)
	for i, k := range c.kept.caps {
		if d := sign * r.Dual[first+i] / g.scale; d > 0 && i < len(x.caps) {
			loss[x.caps[i]] += d / largest(k.expr.value)
		}
	}
	for rung, d := range loss {
		if d > 0 {
			x.add(c, rung, r, d)
		}
	}
}

// add notes that lifting a rung by one lowers this round's progress, or worsens its value, by d.
func (x *exchange) add(c *climb, rung int, r *roundRecord, d float64) {
	from := ExchangeRate{Rung: c.results[r.Rung].Goal, Unit: c.results[r.Rung].Unit}
	if r.Kind == roundValue {
		x.rates[rung][from] = max(x.rates[rung][from], d)
		return
	}
	if r.Kind == roundSettle {
		d /= float64(max(1, len(r.Fixed)))
	}
	for _, e := range r.Fixed {
		from.What = c.p.whatOf(e)
		if c.p.Elements[e].Kind == elementRest {
			from.What = c.p.Net.Agents[c.p.Elements[e].index].ID
		}
		gain := c.heightAt[r.Rung][e] - c.startAt[r.Rung][e]
		x.rates[rung][from] = max(x.rates[rung][from], d*gain)
	}
}

// Rates below this, and all but the largest few of a rung, are left out.
const (
	leastRate = 1e-3
	mostRates = 12
)

// fill writes the rates into the plan's rungs, in the order of the rungs they take from, largest first.
func (x *exchange) fill(pl *Plan) {
	place := map[string]int{}
	for i, r := range pl.Ladder {
		place[r.Goal] = i
	}
	for rung, rates := range x.rates {
		var list []ExchangeRate
		for k, v := range rates {
			if k.Rate = v; v >= leastRate && !math.IsInf(v, 0) {
				list = append(list, k)
			}
		}
		slices.SortFunc(list, func(a, b ExchangeRate) int {
			return cmp.Or(place[a.Rung]-place[b.Rung], cmp.Compare(b.Rate, a.Rate), cmp.Compare(a.What, b.What))
		})
		pl.Ladder[rung].Exchange = list[:min(len(list), mostRates)]
	}
}
