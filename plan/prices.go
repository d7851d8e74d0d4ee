package plan

import (
	"cmp"
	"math"
	"slices"
)

// Prices up to this many rows are listed for products as well as for bounds.
const fewRows = 5000

// prices lists the shadow prices of bounds, per round that has duals: what one
// more unit of the bound would add to the rung's goal (progress, or the value
// as stated), strongest first, at most 200 a round. Rounds of large programs
// whose duals lean on what earlier rounds keep are left out: a unit there is
// worth what all others would give up for it, and holds for next to nothing.
func (c *climb) prices() []Price {
	var out []Price
	next := make([]int, len(c.results))
	for i := range c.rounds {
		rec := &c.rounds[i]
		next[rec.Rung]++
		if rec.Dual == nil || (c.p.large() && c.leans(rec)) {
			continue
		}
		var list []Price
		for row, y := range rec.Dual[:c.p.LP.Rows()] {
			price, ok := c.p.price1(row, y/rec.scale)
			if ok {
				price.Rung, price.Round = c.results[rec.Rung].Goal, next[rec.Rung]
				list = append(list, price)
			}
		}
		least := 1e-9 * largestPrice(list)
		list = slices.DeleteFunc(list, func(p Price) bool { return math.Abs(p.Price) < least })
		slices.SortStableFunc(list, func(a, b Price) int { return cmp.Compare(math.Abs(b.Price), math.Abs(a.Price)) })
		if most := 200; len(list) > most && c.p.LP.Rows() > fewRows {
			list = list[:most]
		}
		out = append(out, list...)
	}
	return out
}

// leans tells whether a round's duals weigh kept satisfactions by more than a
// hundredth of the most that an elastic program lets them.
func (c *climb) leans(rec *roundRecord) bool {
	most := elasticPrice / 100
	if rec.Kind == roundValue {
		most *= max(1, math.Abs(rec.Level))
	}
	for row, y := range rec.Dual[:c.p.LP.Rows()] {
		if c.p.rows[row].kind == rowSupply && math.Abs(y/rec.scale) > most {
			return true
		}
	}
	return false
}

func largestPrice(list []Price) float64 {
	m := 0.0
	for _, p := range list {
		m = max(m, math.Abs(p.Price))
	}
	return m
}

// price1 describes the price y of a row of the network's program.
func (p *Program) price1(i int, y float64) (Price, bool) {
	b := p.bound(i)
	if b.Kind == "" || y == 0 || (b.Kind == "product" && p.LP.Rows() > fewRows) {
		return Price{}, false
	}
	return Price{Kind: b.Kind, What: b.What, Where: b.Where, Period: b.Period, Price: y * b.sign, Unit: b.Unit}, true
}

// Bound says in the words of the network what a row of the program bounds.
type Bound struct {
	Kind   string // capacity, work, limit, budget, link, storage, trade, product, need, ratio, commitment …; "" for definitions
	What   string
	Where  string
	Period int // 0: over several
	Unit   string
	sign   float64 // of the dual, so that a price says what one more unit brings
}

// bound describes row i. Rows that only define something have no Kind.
func (p *Program) bound(i int) Bound {
	if i >= len(p.rows) {
		return Bound{}
	}
	r, n, x := p.rows[i], p.Net, p.ix
	b := Bound{Period: int(r.t), sign: 1}
	product := func(k int32) { b.What, b.Unit = n.Products[k].ID, n.Products[k].Unit }
	switch r.kind {
	case rowBalance, rowDraw:
		b.Kind, b.Where, b.sign = "product", x.siteID[r.a], -1
		product(r.b)
	case rowPool:
		b.Kind, b.sign = "product", -1
		product(r.b)
	case rowCapacity:
		b.Kind, b.Where = "capacity", x.siteID[r.a]
		product(r.b)
	case rowWork:
		b.Kind, b.Where, b.What, b.Unit = "work", n.Agents[r.a].ID, x.skillID[r.b], "h"
	case rowOffer:
		w := &n.Work[r.a]
		b.Kind, b.Where, b.What, b.Unit = "offer", w.Agent, w.Skill, "h"
	case rowLink:
		a := p.arcs[r.a]
		b.Kind, b.Where, b.What, b.Unit = "link", x.siteID[a.to], a.id, "kg"
	case rowStorage:
		s := &n.Storage[r.a]
		b.Kind, b.Where, b.What, b.Unit = "storage", s.Site, s.What, "t"
	case rowLimit:
		l := &n.Limits[r.a]
		b.Kind, b.What, b.Where = "limit", l.What, l.Agent
		if k, ok := x.impact[l.What]; ok {
			b.Unit = n.Impacts[k].Unit
		}
	case rowImpact:
		b.Kind, b.What, b.Unit, b.sign = "limit", n.Impacts[r.a].ID, n.Impacts[r.a].Unit, -1
	case rowPurse:
		b.Kind, b.What, b.Where, b.Unit, b.sign = "budget", n.Currency, p.purses[r.a].agent, n.Currency, -1
	case rowTrade:
		t := &n.Trade[r.a]
		b.Kind, b.What, b.Where, b.Unit = "trade", t.Product, t.ID, n.Products[x.product[t.Product]].Unit
	case rowMaximum:
		b.Kind, b.What, b.Where = "maximum", p.supplies[r.a].what, p.classWho(p.supplies[r.a].class)
	case rowRatio:
		b.Kind, b.What, b.Where = "ratio", n.Ratios[r.a].Property+"/"+n.Ratios[r.a].To, n.Ratios[r.a].Agent
	case rowBlend:
		b.Kind, b.What, b.Where = "blend", n.Blends[r.a].Property, n.Blends[r.a].Recipe
	case rowSupply:
		if r.a >= 0 {
			sp := &p.supplies[r.a]
			b.Kind, b.What, b.Where, b.Unit = "need", sp.what, p.classWho(sp.class), p.unitOfNeed(sp)
		}
	case rowCommit:
		if r.a >= 0 {
			b.Kind, b.What, b.Where = "commitment", n.Commitments[r.a].ID, n.Commitments[r.a].Agent
		} else {
			b.Kind, b.Where = "commitment", x.siteID[-1-r.a]
			product(r.b)
		}
	}
	return b
}

// classWho names the members of a class, the first three.
func (p *Program) classWho(c int) string {
	var s string
	for i, m := range p.classes[c].members {
		switch {
		case i == 3:
			return s + " …"
		case i > 0:
			s += " "
		}
		s += p.Net.Agents[m.agent].ID
	}
	return s
}
