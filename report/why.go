package report

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"bremen/plan"
)

// why is what the plan says about what falls short.
type why struct {
	Shortfalls   []shortfall
	Questions    []question
	Collisions   []collision
	Alternatives []alternative
	Fallen       []string
	Causes       *table
}

type shortfall struct {
	Sentence phrase
	Level    string
	Class    string
	Periods  string
	Goal     string
	Causes   []cause
}

type cause struct {
	Sentence  phrase
	From, To  string
	FromX, DX string // on a line of 100
	Range     string
	Confirmed bool
	Gains     []string
}

type question struct {
	Number   int
	Asked    string
	Question phrase
	Effect   cause
}

type collision struct {
	Sentence       phrase
	Wanted, Bounds []string
	Curve          *curve
}

// curve is the trade-off of two needs, drawn on a square of 100.
type curve struct {
	Points, XName, YName string
	Dots                 [][2]string
	Table                *table
}

type alternative struct {
	Name          string
	Sentence      phrase
	Difference    string
	Gains, Losses []string
	ID            string
}

func (p *page) addWhy() error {
	e := p.doc.Why
	if e == nil || len(e.Shortfalls)+len(e.Questions)+len(e.Collisions)+len(e.Alternatives)+len(e.Fallen) == 0 {
		return nil
	}
	w := &why{Causes: p.table("causes", "shortfalls_causes.csv", "kind", "what", "where", "periods", "more#", "from#", "to#", "price#", "range#", "confirmed")}
	for _, s := range e.Shortfalls {
		w.Shortfalls = append(w.Shortfalls, p.shortfall(s, w.Causes))
	}
	for i, q := range e.Questions {
		asked := p.say("asked.anybody")
		if q.To_ != "" {
			asked = p.Agent(q.To_)
		}
		w.Questions = append(w.Questions, question{i + 1, asked, p.text(q.Question), p.cause(q.Cause)})
		w.Causes.Rows = append(w.Causes.Rows, p.causeRow(q.Cause))
	}
	for i, c := range e.Collisions {
		w.Collisions = append(w.Collisions, p.collision(i, c))
	}
	for _, a := range e.Alternatives {
		w.Alternatives = append(w.Alternatives, alternative{
			Name: a.Name, Sentence: p.text(a.Sentence), Difference: p.lang.share(a.Difference),
			Gains: p.gains(a.Gains), Losses: p.gains(a.Losses),
		})
	}
	for _, u := range e.Fallen {
		w.Fallen = append(w.Fallen, p.say("fallen", "agent", p.Agent(u.Agent), "what", p.Thing(u.What), "short", p.lang.quantity(u.Short, u.Unit)))
	}
	w.Causes = w.Causes.filled()
	return p.add("why", w)
}

func (p *page) shortfall(s plan.Shortfall, t *table) shortfall {
	v := shortfall{
		Sentence: p.text(s.Sentence), Level: p.lang.share(s.Level), Class: heatClass(s.Level),
		Periods: p.lang.periods(p.cal, s.Periods), Goal: p.goal(s.Rung),
	}
	for _, c := range s.Causes {
		shown := p.cause(c)
		if strings.Contains(v.Sentence.Text, shown.Sentence.Text) {
			shown.Sentence = phrase{} // said already
		}
		v.Causes = append(v.Causes, shown)
		t.Rows = append(t.Rows, p.causeRow(c))
	}
	return v
}

func (p *page) cause(c plan.Cause) cause {
	v := cause{
		Sentence: p.text(c.Sentence), From: p.lang.share(c.From), To: p.lang.share(c.To),
		FromX: strconv.Itoa(int(100*clamp(c.From) + .5)), DX: strconv.Itoa(int(math.Max(1, 100*clamp(c.To-c.From)+.5))),
		Range: p.rangeOf(c), Confirmed: c.Confirmed, Gains: p.gains(c.Gains),
	}
	if v.Sentence.Text == "" {
		v.Sentence.Text = p.say("cause", "kind", p.kind(c.Kind), "what", p.Any(c.What), "more", p.lang.quantity(c.More, c.Unit),
			"from", v.From, "to", v.To)
	}
	return v
}

func (p *page) rangeOf(c plan.Cause) string {
	if c.Range == [2]float64{} {
		return ""
	}
	if c.Range[0] <= 0 || c.Range[0] == c.Range[1] {
		return p.say("range.to", "to", p.lang.quantity(c.Range[1], c.Unit))
	}
	return p.say("range", "from", p.lang.number(c.Range[0]), "to", p.lang.quantity(c.Range[1], c.Unit))
}

func (p *page) causeRow(c plan.Cause) []cell {
	confirmed := p.say("no")
	if c.Confirmed {
		confirmed = p.say("yes")
	}
	return row(p.kind(c.Kind), p.Any(c.What), p.where(c.Where), p.lang.periods(p.cal, c.Periods), p.lang.quantity(c.More, c.Unit),
		p.lang.share(c.From), p.lang.share(c.To), p.lang.number(c.Price), p.rangeOf(c), confirmed)
}

func (p *page) gains(gs []plan.Gain) []string {
	var list []string
	for _, g := range gs {
		if g.Agent == "" {
			list = append(list, p.say("gain.all", "what", p.gained(g.What), "from", p.lang.share(g.From), "to", p.lang.share(g.To)))
			continue
		}
		list = append(list, p.say("gain", "agent", p.Agent(g.Agent), "what", p.gained(g.What),
			"from", p.lang.share(g.From), "to", p.lang.share(g.To)))
	}
	return list
}

func (p *page) collision(i int, c plan.Collision) collision {
	v := collision{Sentence: p.text(c.Sentence)}
	whatOf := map[string]string{}
	for _, line := range p.doc.Needs {
		whatOf[line.Need] = p.say("needof", "what", p.Thing(line.What), "agent", p.Agent(line.Agent))
	}
	for _, id := range c.Wanted {
		v.Wanted = append(v.Wanted, cmp.Or(whatOf[id], id))
	}
	for _, b := range c.Bounds {
		v.Bounds = append(v.Bounds, p.bound(b))
	}
	if len(c.Curve) > 1 && len(v.Wanted) > 1 {
		v.Curve = p.curve(i, c.Curve, v.Wanted[0], v.Wanted[1])
	}
	return v
}

// bound names what is in the way; money goes by its currency.
func (p *page) bound(id string) string {
	if id == p.doc.Currency && id != "" {
		return p.say("bound.money", "currency", id)
	}
	return p.Any(id)
}

// gained names what somebody gets more or less of; "rest" is burden that an
// agent offered to bear and is not asked for.
func (p *page) gained(what string) string {
	if what == "rest" {
		return p.say("rest")
	}
	return p.Thing(what)
}

func (p *page) curve(i int, points [][2]float64, x, y string) *curve {
	c := &curve{XName: x, YName: y}
	c.Table = &table{ID: p.id("curve", strconv.Itoa(i)), Caption: p.say("table.curve", "x", x, "y", y),
		Columns: []column{{x, true}, {y, true}}, File: "collisions.csv"}
	for _, q := range points {
		px, py := strconv.FormatFloat(200*clamp(q[0]), 'f', 1, 64), strconv.FormatFloat(200*(1-clamp(q[1])), 'f', 1, 64)
		c.Points += px + "," + py + " "
		c.Dots = append(c.Dots, [2]string{px, py})
		c.Table.Rows = append(c.Table.Rows, row(p.lang.share(q[0]), p.lang.share(q[1])))
	}
	return c
}
