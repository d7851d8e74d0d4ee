package plan

import (
	"slices"
	"strconv"

	"bremen/network"
	"bremen/words"
)

// wording puts bounds of a program into sentences.
type wording struct {
	speaker
	p     *Program
	names *words.Names
}

func newWording(p *Program) *wording {
	c := p.Net.Calendar
	return &wording{speaker: speaker{unit: c.Unit, periods: c.Periods}, p: p, names: words.NewNames(p.Net)}
}

// whatOf names what a lever is about.
func (w *wording) whatOf(l *lever) string {
	n := w.p.Net
	switch l.kind {
	case "work", "offer":
		return w.names.Skill(l.what)
	case "limit":
		return w.names.Impact(l.what)
	case "recipe", "least":
		return w.names.Recipe(l.what)
	case "link":
		for _, k := range n.Links {
			if k.ID == l.of {
				return w.names.Site(k.From) + "–" + w.names.Site(k.To)
			}
		}
	case "commitment":
		for i := range n.Commitments {
			if n.Commitments[i].ID == l.of {
				return w.promised(&n.Commitments[i])
			}
		}
	case "ratio":
		for _, r := range n.Ratios {
			if r.ID == l.of {
				return w.names.Thing(r.Property) + " / " + w.names.Thing(r.To)
			}
		}
	}
	return w.names.Thing(l.what)
}

// promised names what a commitment is about.
func (w *wording) promised(c *network.Commitment) string {
	x, n := w.p.ix, w.p.Net
	name := c.Of
	switch c.Type {
	case network.Runs:
		name = w.names.Recipe(c.Of)
	case network.Purchase, network.Sale:
		if k, ok := x.trade[c.Of]; ok {
			name = w.names.Thing(n.Trade[k].Product)
		}
	case network.Transfer, network.Holding:
		name = w.names.Thing(c.Product)
	case network.Working:
		if k, ok := x.work[c.Of]; ok {
			name = w.names.Skill(n.Work[k].Skill)
		}
	case network.Delivery:
		for i := range n.Needs {
			if n.Needs[i].ID == c.Of {
				name = w.names.Thing(n.Needs[i].What) + ", " + w.names.Agent(n.Needs[i].Agent)
				break
			}
		}
	}
	return name
}

// whereOf names where, or whose, a lever is.
func (w *wording) whereOf(l *lever) string {
	switch l.kind {
	case "capacity", "stock", "surplus", "storage", "end", "link":
		return w.names.Site(l.where)
	case "blend":
		return w.names.Recipe(l.where)
	case "maximum":
		if s, err := strconv.Atoi(l.of); err == nil {
			return enumeration("", w.membersOf(w.p.supplies[s].class))
		}
	case "need":
		if e, err := strconv.Atoi(l.of); err == nil {
			return enumeration("", w.membersOf(w.p.supplies[w.p.Elements[e].supply].class))
		}
	}
	return w.names.Agent(l.where)
}

func (w *wording) membersOf(class int) listed {
	var ids []string
	for _, m := range w.p.classes[class].members {
		ids = append(ids, w.p.Net.Agents[m.agent].ID)
	}
	return callAll(w.names.Agent, ids)
}

// variant chooses the form of a sentence that fits what a lever leaves out.
func (l *lever) variant() string {
	switch l.kind {
	case "limit", "budget":
		if l.where != "" {
			return ".of"
		}
	case "storage":
		if l.what == "" {
			return ".all"
		}
	}
	return ""
}

func (w *wording) about(l *lever) values {
	return values{"what": w.whatOf(l), "where": w.whereOf(l), "when": when(l.periods())}
}

// binds says that a lever's bound is what holds needs down.
func (w *wording) binds(l *lever) Text {
	code := "binds." + l.kind + l.variant()
	if (l.kind == "work" || l.kind == "capacity") && l.size == 0 {
		code += ".none"
	}
	return w.say(code, w.about(l))
}

// figure is a bound of a lever's own first move, in the lever's unit.
func (w *wording) figure(l *lever, low bool) float64 {
	p, m := w.p, l.moves[0]
	switch m.way {
	case rowShift:
		return -p.LP.RowUpper[m.index]
	case rowLeast, rowMost:
		return p.ratioBound(m.index)
	}
	if l.kind == "capacity" {
		r := p.rows[m.index]
		return l.size * p.availability(r.a, r.b, int(r.t))
	}
	return l.size
}

// member describes one stated bound of a contradiction.
func (w *wording) member(l *lever, low bool) Member {
	bound := w.figure(l, low)
	v := w.about(l)
	v["bound"] = amount{v: bound, unit: l.unit, stated: true}
	m := Member{Kind: l.kind, What: l.what, Where: l.where, Period: l.moves[0].t, Bound: bound, Unit: l.unit}
	code := "member." + l.kind + l.variant()
	switch l.kind {
	case "offer":
		code = "member.work"
	case "commitment", "ratio", "blend":
		if l.kind == "commitment" {
			m.What = l.of
		}
		if !low {
			code += ".most"
		}
	}
	m.Sentence = w.say(code, v)
	return m
}

// repaired describes how a stated bound would have to give way: down where it
// is a lower one, up where it is an upper one.
func (w *wording) repaired(l *lever, low bool, change float64) Member {
	m := w.member(l, low)
	code, to := "repair.up", m.Bound+change
	if low && l.moves[0].way != rowShift || l.kind == "surplus" {
		code, to = "repair.down", m.Bound-change
		m.Change = -change
	} else {
		m.Change = change
	}
	m.Sentence = m.Sentence.and(w.say(code, values{"to": amount{v: clean(to), unit: l.unit, stated: true}, "change": amount{v: clean(change), unit: l.unit, stated: true}}))
	return m
}

// clean drops digits that are only the solver's.
func clean(v float64) float64 {
	f, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 7, 64), 64)
	return f
}

// whats names the things that elements are about, each once, in the order of IDs.
func (w *wording) whats(elements []int) (ids []string, names listed) {
	for _, e := range elements {
		ids = append(ids, w.p.whatOf(e))
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids, callAll(w.names.Thing, ids)
}

// whatOf is the ID of what an element is about; "" for rest.
func (p *Program) whatOf(e int) string {
	switch el := &p.Elements[e]; el.Kind {
	case elementStock:
		return p.Net.Stocks[el.index].Product
	case elementRest:
		return ""
	default:
		return p.supplies[el.supply].what
	}
}
