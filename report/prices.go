package report

import (
	"math"
	"sort"

	"bremen/plan"
)

// bottleneck is a bound that holds a rung back, over all its periods.
type bottleneck struct {
	rung, kind, what, where, unit string
	price                         float64 // the highest
	periods                       map[int]bool
}

// mostBottlenecks are drawn per rung; the table holds more.
const mostBottlenecks = 8

// speck is the share of a rung's highest price below which one is not drawn.
const speck = 1e-3

// mostGoals is for how many goals bottlenecks are shown at once.
const mostGoals = 3

type bottleneckGroup struct {
	Goal string
	Rows [][]cell
}

func (p *page) addPrices() error {
	groups := p.bottlenecks()
	if len(groups) == 0 {
		return nil
	}
	data := struct {
		Groups, Later []bottleneckGroup // the first goals that anything holds back; all others
		Table         *table
	}{Table: p.table("prices", "prices.csv", "goal", "kind", "what", "where", "periods", "price#")}
	for _, g := range groups {
		goal := p.goal(g[0].rung)
		view := bottleneckGroup{Goal: goal}
		most := 0.0
		for _, b := range g {
			cells := row(goal, p.kind(b.kind), p.thing(b.kind, b.what), p.where(b.where), p.periodsOf(b.periods),
				p.priceText(b))
			data.Table.Rows = append(data.Table.Rows, cells)
			if len(view.Rows) < mostBottlenecks && isBound(b.kind) && math.Abs(b.price) > most*speck {
				if len(view.Rows) == 0 {
					most = math.Abs(b.price)
				}
				view.Rows = append(view.Rows, []cell{
					{Text: p.say("bottleneck", "kind", p.kind(b.kind), "what", p.thing(b.kind, b.what))},
					{Text: p.where(b.where)}, cells[4], barCell(cells[5].Text, math.Abs(b.price)/most),
				})
			}
		}
		switch {
		case len(view.Rows) == 0:
		case len(data.Groups) < mostGoals:
			data.Groups = append(data.Groups, view)
		default:
			data.Later = append(data.Later, view)
		}
	}
	data.Table = data.Table.filled()
	if len(data.Groups) == 0 {
		data.Table.show()
	}
	return p.add("prices", data)
}

// isBound reports whether a price is of something that could be more. Prices
// of needs and of products say what they are worth to a goal; they stand in
// the table only.
func isBound(kind string) bool { return kind != "need" && kind != "product" }

// thing names what a price is of, the kind telling where to look first.
func (p *page) thing(kind, id string) string {
	switch kind {
	case "work":
		return p.Skill(id)
	case "link":
		return p.Link(id)
	case "season":
		return p.Recipe(id)
	case "budget":
		return p.say("bound.money", "currency", id)
	case "limit":
		return p.Impact(id)
	}
	return p.Any(id)
}

// priceText says what more of a bound would bring: percentage points of the
// way in leximin rungs, else the rung's own unit, per so many units that the
// figure can be read.
func (p *page) priceText(b bottleneck) string {
	unit, points := p.goalUnit(b.rung)
	effect := b.price
	if points {
		effect *= 100
	}
	step := 1.0
	for math.Abs(effect*step) < 0.1 && step < 1e9 {
		step *= 10
	}
	for points && math.Abs(effect*step) > 100 && step > 1e-9 {
		step /= 10 // more than all the way says nothing
	}
	more := p.lang.quantity(step, b.unit)
	if step == 1 && b.unit != "" {
		more = b.unit
	}
	if points {
		return p.say("price.points", "count", effect*step, "more", more)
	}
	return p.say("price.moves", "effect", p.lang.quantity(effect*step, unit), "more", more)
}

// goalUnit is what a rung's value is counted in: percentage points for leximin rungs.
func (p *page) goalUnit(goal string) (unit string, points bool) {
	for _, r := range p.doc.Ladder {
		if r.Goal == goal {
			return r.Unit, r.Kind == "leximin"
		}
	}
	return "", true
}

func (p *page) periodsOf(set map[int]bool) string {
	var ts []int
	for t := range set {
		if t > 0 {
			ts = append(ts, t)
		}
	}
	sort.Ints(ts)
	if len(ts) == p.doc.Calendar.Periods || len(ts) == 0 {
		return p.say("period.all")
	}
	return p.lang.periods(p.cal, periodSet(ts))
}

// bottlenecks gathers prices over periods, by rung in the ladder's order, the highest first.
func (p *page) bottlenecks() [][]bottleneck {
	byKey := map[[5]string]*bottleneck{}
	for _, x := range p.doc.Prices {
		key := [5]string{x.Rung, x.Kind, x.What, x.Where, x.Unit}
		b := byKey[key]
		if b == nil {
			b = &bottleneck{rung: x.Rung, kind: x.Kind, what: x.What, where: x.Where, unit: x.Unit, periods: map[int]bool{}}
			byKey[key] = b
		}
		if math.Abs(x.Price) > math.Abs(b.price) {
			b.price = x.Price
		}
		b.periods[x.Period] = true
	}
	place := rungPlaces(p.doc)
	all := make([]*bottleneck, 0, len(byKey))
	for _, b := range byKey {
		if b.price != 0 {
			all = append(all, b)
		}
	}
	sort.Slice(all, func(i, j int) bool { return before(all[i], all[j], place) })
	var groups [][]bottleneck
	for i, b := range all {
		if i == 0 || all[i-1].rung != b.rung {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], *b)
	}
	return groups
}

func rungPlaces(d *plan.Document) map[string]int {
	place := map[string]int{}
	for i, r := range d.Ladder {
		place[r.Goal] = i + 1
	}
	return place
}

func before(a, b *bottleneck, place map[string]int) bool {
	if a.rung != b.rung {
		if place[a.rung] != place[b.rung] {
			return place[a.rung] < place[b.rung]
		}
		return a.rung < b.rung
	}
	if x, y := math.Abs(a.price), math.Abs(b.price); x != y {
		return x > y
	}
	for _, pair := range [][2]string{{a.kind, b.kind}, {a.what, b.what}, {a.where, b.where}} {
		if pair[0] != pair[1] {
			return pair[0] < pair[1]
		}
	}
	return a.unit < b.unit
}
