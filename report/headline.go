package report

import (
	"strings"

	"bremen/network"
	"bremen/plan"
	"bremen/words"
)

// headline is what stands at the top of a page.
type headline struct {
	Title         phrase
	Status, Plain string // status as a code, and in words
	When          string
	Lead          string
	Figures       []figure
	Urgencies     *table
	Contradiction *contradiction
}

// figure is one number that matters, with the place where it can be followed up.
type figure struct {
	Label, Value, Beside string
	Link                 string
	Class                string
}

func (p *page) headline() *headline {
	h := &headline{
		Title:  p.title(),
		Status: string(p.doc.Status),
		Plain:  p.lang.sayOr("status."+string(p.doc.Status), string(p.doc.Status)),
		When:   p.lang.horizon(p.cal),
	}
	h.Contradiction = p.contradiction()
	if p.doc.Status == plan.Infeasible && p.elements == 0 {
		return h
	}
	h.Lead = p.lead()
	h.Figures = p.figures()
	if len(p.urgencies) > 0 {
		h.Urgencies = p.urgencyTable()
	}
	return h
}

func (p *page) title() phrase {
	if t := p.text(p.doc.Title); t.Text != "" {
		return t
	}
	if t := p.text(plan.Text(p.net.Title)); t.Text != "" {
		return t
	}
	return phrase{Text: words.Spelled(p.doc.Network)}
}

func (p *page) lead() string {
	if p.elements == 0 {
		return p.say("lead.none", "count", p.doc.Calendar.Periods)
	}
	share := float64(p.met) / float64(p.elements)
	if p.met == p.elements {
		return p.say("lead.all", "count", p.elements)
	}
	return p.say("lead.some", "share", p.lang.share(share), "agent", p.Agent(p.worst.Agent),
		"what", p.Thing(p.worst.What), "level", p.lang.share(p.worst.Satisfaction),
		"when", p.lang.period(p.cal, p.worst.Period))
}

func (p *page) figures() []figure {
	var figs []figure
	add := func(key, value, beside, link string) {
		figs = append(figs, figure{Label: p.say("figure." + key), Value: value, Beside: beside, Link: link})
	}
	if p.people > 0 && p.areNeedsOfPeople() {
		add("people", p.lang.number(p.people), p.say("figure.people.beside", "count", len(p.sat.agents)), p.id("needs"))
	}
	if p.elements > 0 {
		add("met", p.lang.share(float64(p.met)/float64(p.elements)),
			p.say("figure.met.beside", "met", p.met, "count", p.elements), p.id("needs"))
	}
	if p.met < p.elements {
		add("worst", p.lang.share(p.worst.Satisfaction), p.say("figure.worst.beside",
			"agent", p.Agent(p.worst.Agent), "what", p.Thing(p.worst.What),
			"when", p.lang.period(p.cal, p.worst.Period)), p.id("why"))
		figs[len(figs)-1].Class = "worst"
	}
	if p.hours > 0 {
		add("hours", p.lang.quantity(p.hours, p.say("unit.h")),
			p.say("figure.hours.beside", "share", p.shareOf(p.hours, p.offered)), p.id("work"))
	}
	if p.spent != 0 || p.earned != 0 {
		add("money", p.lang.quantity(p.spent, p.doc.Currency),
			p.say("figure.money.beside", "earned", p.lang.quantity(p.earned, p.doc.Currency)), p.id("means"))
	}
	if c, ok := p.carbon(); ok {
		q, unit := heavy(c.quantity, c.unit)
		add("carbon", p.lang.quantity(q, unit), p.carbonBeside(c), p.id("means"))
	}
	return figs
}

// areNeedsOfPeople reports whether those who have needs are persons and
// groups, and not, as in tables of economies, kinds of demand.
func (p *page) areNeedsOfPeople() bool {
	for _, a := range p.net.Agents {
		if c := p.homes[a.ID]; c != "" && a.Type == network.Organisation && p.sat.has(a.ID) {
			return false
		}
	}
	return true
}

// heavy writes large weights in tonnes.
func heavy(q float64, unit string) (float64, string) {
	if unit == "kg" && q >= 10000 {
		return q / 1000, "t"
	}
	return q, unit
}

func (p *page) shareOf(a, b float64) string {
	if b <= 0 {
		return "–"
	}
	return p.lang.share(a / b)
}

// carbonBeside compares an impact with the limit over all periods, if there is one.
func (p *page) carbonBeside(c amount) string {
	for _, limit := range p.net.Limits {
		if limit.What == c.id && limit.Agent == "" && limit.Basis == network.InTotal && limit.Quantity > 0 {
			q, unit := heavy(limit.Quantity, c.unit)
			return p.say("figure.carbon.limit", "share", p.shareOf(c.quantity, limit.Quantity), "limit", p.lang.quantity(q, unit))
		}
	}
	if p.people > 0 && p.areNeedsOfPeople() {
		return p.say("figure.carbon.head", "amount", p.lang.quantity(c.quantity/p.people, c.unit))
	}
	return ""
}

func (p *page) urgencyTable() *table {
	t := &table{
		ID: p.id("urgencies"), Caption: p.say("table.urgencies"), Open: true, File: "needs.csv",
		Columns: p.columns("urgency", "elements#", "met#", "mean#", "lowest#"),
	}
	for _, u := range p.urgencies {
		t.Rows = append(t.Rows, []cell{
			{Text: p.urgency(p.lang, u.id)},
			{Text: p.lang.number(float64(u.elements))},
			barCell(p.lang.share(float64(u.met)/float64(u.elements)), float64(u.met)/float64(u.elements)),
			{Text: p.lang.share(u.mean)},
			{Text: p.lang.share(u.lowest)},
		})
	}
	return t
}

// contradiction is why there is no plan, as a page shows it.
type contradiction struct {
	Sentence phrase
	Members  []phrase
	Repair   []phrase
	Table    *table
}

func (p *page) contradiction() *contradiction {
	c := p.doc.Contradiction
	if c == nil {
		return nil
	}
	v := &contradiction{Sentence: p.text(c.Sentence)}
	v.Table = &table{
		ID: p.id("contradiction-table"), Caption: p.say("table.contradiction"), File: "contradiction_members.csv",
		Columns: p.columns("kind", "what", "where", "period#", "bound#", "change#"),
	}
	v.Members = p.members(c.Members, v.Table)
	v.Repair = p.members(c.Repair, v.Table)
	return v
}

func (p *page) members(ms []plan.Member, t *table) []phrase {
	var list []phrase
	for _, m := range ms {
		s := p.text(m.Sentence)
		if s.Text == "" {
			s.Text = p.say("member", "kind", p.kind(m.Kind), "what", p.Any(m.What), "bound", p.lang.quantity(m.Bound, m.Unit))
		}
		list = append(list, s)
		change := ""
		if m.Change != 0 {
			change = p.lang.quantity(m.Change, m.Unit)
		}
		t.Rows = append(t.Rows, row(p.kind(m.Kind), p.Any(m.What), p.where(m.Where), p.lang.period(p.cal, m.Period),
			p.lang.quantity(m.Bound, m.Unit), change))
	}
	return list
}

// kind names a kind of bound in words.
func (p *page) kind(k string) string { return p.lang.sayOr("kind."+k, k) }

// where names a place or an agent; nothing stays nothing.
func (p *page) where(id string) string {
	if id == "" {
		return ""
	}
	if name := p.Place(id); !strings.Contains(id, " ") || name != words.Spelled(id) {
		return name
	}
	ids := strings.Fields(id) // several: those of an aggregate
	for i, x := range ids {
		ids[i] = p.Place(x)
	}
	return strings.Join(ids, ", ")
}
