package plan

import (
	"fmt"

	"bremen/network"
)

// expression is a linear function of a program's columns.
type expression struct {
	index    []int
	value    []float64
	constant float64
	unit     string
}

func (e *expression) add(j int, v float64) {
	if v != 0 {
		e.index = append(e.index, j)
		e.value = append(e.value, v)
	}
}

// at returns the expression's value at x.
func (e *expression) at(x []float64) float64 {
	s := e.constant
	for k, j := range e.index {
		s += float64(e.value[k] * x[j])
	}
	return s
}

// dense returns the expression's coefficients by column.
func (e *expression) dense(cols int) []float64 {
	c := make([]float64, cols)
	for k, j := range e.index {
		c[j] += e.value[k]
	}
	return c
}

// expression turns the terms of a rung into a function of the columns.
func (p *Program) expression(r *network.Rung) (*expression, error) {
	e := &expression{}
	for i := range r.Terms {
		t := &r.Terms[i]
		if err := p.term(e, t); err != nil {
			return nil, fmt.Errorf("rung %s: term %d: %w", r.Goal, i+1, err)
		}
		switch unit := p.unitOf(t); {
		case i == 0:
			e.unit = unit
		case e.unit != unit:
			e.unit = "" // a sum of unlike things
		}
	}
	if r.Unit != "" {
		e.unit = r.Unit
	}
	return e, nil
}

// term adds one term to e. Columns outside its agent, site or periods do not count.
func (p *Program) term(e *expression, t *network.Term) error {
	w := t.Weight
	if w == 0 {
		w = 1
	}
	measure, ok := measures[t.Of]
	if !ok {
		return fmt.Errorf("unknown quantity %q", t.Of)
	}
	switch t.Of {
	case "shortfall", "satisfaction":
		p.satisfaction(e, t, "needs", w)
		return nil
	case "preferred":
		p.satisfaction(e, t, "preferences", w)
		return nil
	}
	for j, c := range p.cols {
		if c.t > 0 && !t.Periods.Has(int(c.t)) {
			continue
		}
		e.add(j, w*measure(p, t, c))
	}
	return nil
}

// measures gives, per quantity, what one unit of a column counts.
var measures = map[string]func(*Program, *network.Term, column) float64{
	"hours":  func(p *Program, t *network.Term, c column) float64 { return p.hours(t, c, false) },
	"burden": func(p *Program, t *network.Term, c column) float64 { return p.hours(t, c, true) },
	"money": func(p *Program, t *network.Term, c column) float64 {
		return p.spending(t, c) - p.earning(t, c)
	},
	"spending": func(p *Program, t *network.Term, c column) float64 { return p.spending(t, c) },
	"earning":  func(p *Program, t *network.Term, c column) float64 { return p.earning(t, c) },
	"impact": func(p *Program, t *network.Term, c column) float64 {
		return flag(c.kind == colImpact && matches(t.What, p.Net.Impacts, c.a))
	},
	"goods": func(p *Program, t *network.Term, c column) float64 {
		return flag(c.kind == colConsume && p.isProduct(t.What, c.b))
	},
	"runs": func(p *Program, t *network.Term, c column) float64 {
		if c.kind != colRun {
			return 0
		}
		r := &p.Net.Recipes[c.a]
		return flag((t.What == "" || r.ID == t.What) && (t.Agent == "" || r.Agent == t.Agent) && p.atSite(t, p.ix.siteOf(r.Site, r.Agent)))
	},
	"output": func(p *Program, t *network.Term, c column) float64 { return p.output(t, c) },
	"stock": func(p *Program, t *network.Term, c column) float64 {
		return flag(c.kind == colStock && !p.Net.Products[c.b].Durable && p.isProduct(t.What, c.b) && p.atSite(t, c.a))
	},
	"disposal": func(p *Program, t *network.Term, c column) float64 {
		return flag(c.kind == colDispose && p.isProduct(t.What, c.b) && p.atSite(t, c.a))
	},
	"transport": func(p *Program, t *network.Term, c column) float64 {
		if c.kind != colMove || !p.isProduct(t.What, c.b) {
			return 0
		}
		return p.Net.Products[c.b].Weight / 1000
	},
	"purchases": func(p *Program, t *network.Term, c column) float64 {
		return flag(c.kind == colBuy && p.isTrade(t, c))
	},
	"sales": func(p *Program, t *network.Term, c column) float64 {
		return flag(c.kind == colSell && p.isTrade(t, c))
	},
	"movement":     func(_ *Program, _ *network.Term, c column) float64 { return flag(c.kind == colChange) },
	"shortfall":    nil,
	"satisfaction": nil,
	"preferred":    nil,
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func matches(id string, list []network.Impact, i int32) bool { return id == "" || list[i].ID == id }

// isProduct tells whether product p is what, or a member of the kind what.
func (p *Program) isProduct(what string, product int32) bool {
	if what == "" || p.Net.Products[product].ID == what {
		return true
	}
	for _, a := range p.ix.kind[what] {
		if a.product == product {
			return true
		}
	}
	return false
}

func (p *Program) atSite(t *network.Term, site int32) bool {
	if t.Site != "" && p.ix.site[t.Site] != site {
		return false
	}
	return true
}

func (p *Program) hours(t *network.Term, c column, burden bool) float64 {
	if c.kind != colWork {
		return 0
	}
	w := &p.Net.Work[c.a]
	if (t.What != "" && w.Skill != t.What) || (t.Agent != "" && w.Agent != t.Agent) {
		return 0
	}
	if burden {
		return w.Burden
	}
	return 1
}

func (p *Program) isTrade(t *network.Term, c column) bool {
	tr := &p.Net.Trade[c.a]
	return p.isProduct(t.What, p.ix.product[tr.Product]) && (t.Agent == "" || tr.Agent == t.Agent) &&
		p.atSite(t, p.ix.siteOf(tr.Site, tr.Agent))
}

func (p *Program) price(c column) float64 {
	tr := &p.Net.Trade[c.a]
	return tr.Price * p.ix.factor(tr.Profile, int(c.t))
}

// spending is what one unit of the column costs: purchases, runs, carriage, storage.
func (p *Program) spending(t *network.Term, c column) float64 {
	switch c.kind {
	case colBuy:
		if p.isTrade(t, c) {
			return p.price(c)
		}
	case colRun:
		r := &p.Net.Recipes[c.a]
		if t.What == "" && (t.Agent == "" || r.Agent == t.Agent) {
			return r.Money
		}
	case colMove:
		l := &p.Net.Links[p.arcs[c.a].link]
		pr := &p.Net.Products[c.b]
		if p.isProduct(t.What, c.b) && (t.Agent == "" || l.Agent == t.Agent) {
			if pr.Weight == 0 && l.What == pr.ID {
				return l.Money
			}
			return l.Money * pr.Weight / 1000
		}
	case colStock:
		if !p.isProduct(t.What, c.b) || !p.atSite(t, c.a) || t.Agent != "" {
			return 0
		}
		sum := 0.0
		for _, s := range p.storageOf(c.a, c.b) {
			sum += p.Net.Storage[s].Money
		}
		return sum
	}
	return 0
}

func (p *Program) earning(t *network.Term, c column) float64 {
	if c.kind == colSell && p.isTrade(t, c) {
		return p.price(c)
	}
	return 0
}

// output is what one run yields of what, within the calendar.
func (p *Program) output(t *network.Term, c column) float64 {
	if c.kind != colRun {
		return 0
	}
	r := &p.Net.Recipes[c.a]
	if t.Agent != "" && r.Agent != t.Agent {
		return 0
	}
	sum := 0.0
	for _, f := range p.ix.flows[c.a] {
		fl := &p.Net.Flows[f]
		product, ok := p.ix.product[fl.What]
		if fl.Direction != network.Out || !ok || !p.isProduct(t.What, product) {
			continue
		}
		for off := fl.Offset.From; off <= fl.Offset.To && int(c.t)+off <= p.T(); off++ {
			sum += fl.Quantity * p.ix.factor(fl.Profile, int(c.t))
		}
	}
	return sum
}

// satisfaction adds Σ w·σ, or Σ w·(1 − σ) for shortfalls, over the elements t speaks of.
func (p *Program) satisfaction(e *expression, t *network.Term, of string, w float64) {
	for i := range p.Elements {
		el := &p.Elements[i]
		if !p.inSet(i, of, t.Urgency, t.What, t.Agent) || (el.Period > 0 && !t.Periods.Has(el.Period)) {
			continue
		}
		v := w
		switch t.Per {
		case "persons":
			v *= el.Persons
		case "units":
			v *= el.Quantity
		}
		if t.Of == "shortfall" {
			e.constant += v
			v = -v
		}
		e.add(el.Col, v)
	}
}

// inSet tells whether element i belongs to a set of a leximin rung.
func (p *Program) inSet(i int, of, urgency, what, agent string) bool {
	el := &p.Elements[i]
	switch of {
	case "preferences":
		if el.Kind != elementPreference {
			return false
		}
	case "rest":
		return el.Kind == elementRest && (agent == "" || p.Net.Agents[el.index].ID == agent)
	default:
		if el.Kind != elementNeed && el.Kind != elementStock {
			return false
		}
		if el.Urgency >= p.levels || (urgency != "" && p.Net.Urgencies[el.Urgency].ID != urgency) {
			return false
		}
	}
	if el.Kind == elementStock {
		s := &p.Net.Stocks[el.index]
		return (what == "" || s.Product == what) && (agent == "" || s.Agent == agent)
	}
	sp := &p.supplies[el.supply]
	if what != "" && sp.what != what {
		return false
	}
	if agent == "" {
		return true
	}
	for _, tk := range sp.takers {
		if p.Net.Agents[tk.agent].ID == agent {
			return true
		}
	}
	return false
}

func (p *Program) unitOf(t *network.Term) string {
	n := p.Net
	switch t.Of {
	case "hours":
		return "h"
	case "burden":
		return "burden h"
	case "money", "spending", "earning":
		return n.Currency
	case "impact":
		if i, ok := p.ix.impact[t.What]; ok {
			return n.Impacts[i].Unit
		}
	case "goods", "output", "stock", "disposal", "purchases", "sales":
		if i, ok := p.ix.product[t.What]; ok {
			return n.Products[i].Unit
		}
	case "transport":
		return "t"
	}
	return ""
}
