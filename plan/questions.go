package plan

import (
	"cmp"
	"slices"

	"bremen/network"
)

// cause puts a cause into the document's terms and into words.
func (w *wording) cause(c *cause) Cause {
	out := Cause{
		Kind: c.kind, What: c.what, Where: c.where, Periods: c.periods(), Via: c.via, Unit: c.unit,
		Price: c.price, More: pick(c.less, -c.more, c.more), From: snap(c.from), To: snap(c.to),
		Range: c.rng, Confirmed: c.confirmed, Gains: c.gains,
	}
	out.Sentence = w.binds(&c.lever)
	if len(c.via) > 0 {
		out.Sentence = out.Sentence.and(w.say("via", values{"goods": callAll(w.names.Thing, c.via)}))
	}
	out.Sentence = out.Sentence.and(w.effect(c))
	return out
}

// effect says what moving a bound brings.
func (w *wording) effect(c *cause) Text {
	_, names := w.whats(c.helped)
	if c.earlier {
		return w.say("effect.earlier", nil)
	}
	by := amount{v: c.more, unit: c.unit, each: c.repeats()}
	if c.alone {
		return w.say("effect.alone", values{"by": by})
	}
	v := values{"more": c.change(), "whats": names, "from": share(c.from), "to": share(c.to)}
	if !c.confirmed {
		return w.say("effect.estimate", v)
	}
	text := w.say("effect", v)
	if c.rng[1] > c.more*(1+1e-9) {
		text = text.and(w.say("effect.range", values{"most": amount{v: c.rng[1], unit: c.unit, each: c.repeats()}}))
	}
	if losers := w.losers(c.gains); len(losers) > 0 {
		text = text.and(w.say("effect.losses", values{"whats": losers}))
	}
	return text
}

// change is how a cause's bound is moved.
func (c *cause) change() change {
	return change{v: pick(c.less, -c.more, c.more), unit: c.unit, each: c.repeats()}
}

// repeats tells whether a lever is moved in each of several periods.
func (l *lever) repeats() bool { return l.each && len(l.moves) > 1 }

func (w *wording) losers(gains []Gain) listed {
	var ids []string
	for _, g := range gains {
		if g.To < g.From-1e-3 {
			ids = append(ids, g.What)
		}
	}
	return callAll(w.names.Thing, ids)
}

// questions ranks what could be asked: the most urgent rung first, within it
// by how many people gain how much. Of several causes with one lever the first counts.
func (x *explaining) questions(falls []shortfall) []Question {
	type candidate struct {
		c    *cause
		rung int
	}
	var list []candidate
	for i := range falls {
		for k := range falls[i].causes {
			c := &falls[i].causes[k]
			known := slices.ContainsFunc(list, func(o candidate) bool { return o.c.leverKey == c.leverKey })
			if c.alone || known {
				continue
			}
			if !c.confirmed {
				c.benefit = x.expected(c)
			}
			list = append(list, candidate{c, falls[i].rung})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.rung, b.rung), cmp.Compare(b.c.benefit, a.c.benefit), compareKeys(a.c.leverKey, b.c.leverKey))
	})
	var out []Question
	for _, q := range list[:min(len(list), x.o.Questions)] {
		out = append(out, x.w.question(q.c))
	}
	return out
}

// expected is the benefit that an estimate promises.
func (x *explaining) expected(c *cause) float64 {
	sum := 0.0
	for _, e := range c.helped {
		sum += max(1, x.p.Elements[e].Persons) * (c.to - c.from)
	}
	return sum
}

// question asks whoever could move a cause's bound.
func (w *wording) question(c *cause) Question {
	q := Question{Cause: w.cause(c), To_: w.p.asked(&c.lever)}
	v := w.about(&c.lever)
	v["more"], v["by"] = c.change(), amount{v: c.more, unit: c.unit, each: c.repeats()}
	code := "ask." + c.kind + c.variant()
	if c.kind == "work" && !w.p.isPerson(q.To_) {
		code = "ask.work.anyone"
	}
	_, names := w.whats(c.helped)
	so := w.say(pick(c.confirmed, "ask.so", "ask.so.estimate"), values{"whats": names, "from": share(c.from), "to": share(c.to)})
	q.Question = w.say(code, v).and(so)
	return q
}

func (p *Program) isPerson(agent string) bool {
	k, ok := p.ix.agent[agent]
	return ok && p.Net.Agents[k].Type == network.Person
}

// asked is the agent who could move a bound, "" where that is nobody in particular.
func (p *Program) asked(l *lever) string {
	n := p.Net
	switch l.kind {
	case "work":
		return p.whoWorks(l)
	case "capacity", "stock", "storage", "end":
		return p.whoIsAt(l.where)
	case "link":
		for _, k := range n.Links {
			if k.ID == l.of {
				return k.Agent
			}
		}
	case "commitment":
		for _, c := range n.Commitments {
			if c.ID == l.of {
				return c.Agent
			}
		}
	case "blend":
		if k, ok := p.ix.recipe[l.where]; ok {
			return n.Recipes[k].Agent
		}
	case "maximum", "need":
		return ""
	}
	return l.where
}

// whoWorks is the only agent who offers hours of a skill to an organisation;
// with none the organisation, with several nobody in particular.
func (p *Program) whoWorks(l *lever) string {
	var found []string
	for _, w := range p.Net.Work {
		if w.Skill == l.what && (w.For == l.where || (w.For == "" && w.Agent != l.where) || w.Agent == l.where) && !slices.Contains(found, w.Agent) {
			found = append(found, w.Agent)
		}
	}
	switch len(found) {
	case 0:
		return l.where
	case 1:
		return found[0]
	}
	return ""
}

// whoIsAt is the organisation at a site, or the only agent there.
func (p *Program) whoIsAt(site string) string {
	var all []string
	for _, a := range p.Net.Agents {
		if a.Site != site {
			continue
		}
		if a.Type == network.Organisation {
			return a.ID
		}
		all = append(all, a.ID)
	}
	if len(all) == 1 {
		return all[0]
	}
	return ""
}
