package report

import (
	"strconv"

	"bremen/plan"
	"bremen/words"
)

// Up to these figures a rung counts as proven on a page, as it does for
// plan.Verify, which computes them again; the figures stand beside it.
const (
	feasibleWithin = 1e-6 // violation of a bound
	levelWithin    = 1e-5 // gap of a level
	valueWithin    = 1e-4 // gap of a value, relative
)

// rung is one goal as a page shows it.
type rung struct {
	Number    int
	Title     phrase
	Goal      string
	Kind      string
	Value     string
	Beside    string
	Proven    bool
	State     string
	Marks     []mark // levels of a leximin rung on a line from 0 to 100
	LevelText string
	Exchange  []string
}

// mark on a line, of 1000 units.
type mark struct {
	X       string
	Elapsed bool // reached its height
}

func (p *page) addLadder() error {
	if len(p.doc.Ladder) == 0 {
		return nil
	}
	data := struct {
		Rungs []rung
		Table *table
	}{Table: p.ladderTable()}
	for i, r := range p.doc.Ladder {
		data.Rungs = append(data.Rungs, p.rung(i+1, r))
	}
	return p.add("ladder", data)
}

func (p *page) rung(number int, r plan.RungResult) rung {
	v := rung{
		Number: number, Title: p.text(r.Title), Goal: r.Goal,
		Kind: p.lang.sayOr("rung."+r.Kind, r.Kind), Proven: proven(r),
	}
	if v.Title.Text == "" {
		v.Title.Text = p.lang.sayOr("goal."+r.Goal, words.Spelled(r.Goal))
	}
	v.State = p.certificate(r)
	if r.Kind == "leximin" {
		v.Value = p.lang.share(r.Value)
		v.Beside = p.say("rung.first")
		v.LevelText, v.Marks = p.levels(r)
	} else {
		v.Value = p.lang.quantity(r.Value, r.Unit)
	}
	for _, e := range r.Exchange {
		v.Exchange = append(v.Exchange, p.exchange(r, e))
	}
	return v
}

// exchange says what lifting a rung by one point, or one unit, takes from a later one.
func (p *page) exchange(r plan.RungResult, e plan.ExchangeRate) string {
	key, rate := "exchange.unit", e.Rate
	if r.Kind == "leximin" {
		key, rate = "exchange.point", e.Rate/100
	}
	amount := p.lang.quantity(rate, e.Unit)
	if _, points := p.goalUnit(e.Rung); points {
		amount = p.say("points", "count", 100*rate)
	}
	if e.What != "" {
		return p.say(key+".what", "rate", amount, "what", p.Any(e.What), "goal", p.goal(e.Rung), "unit", r.Unit)
	}
	return p.say(key, "rate", amount, "goal", p.goal(e.Rung), "unit", r.Unit)
}

// proven reports whether a rung's certificate holds. Duals count by the gap
// they leave, which takes what is wrong with them into account.
func proven(r plan.RungResult) bool {
	within := valueWithin
	if r.Kind == "leximin" {
		within = levelWithin
	}
	return r.Certificate.Primal <= feasibleWithin && r.Certificate.Gap <= within
}

func (p *page) certificate(r plan.RungResult) string {
	gap := p.lang.number(max(r.Certificate.Primal, r.Certificate.Gap))
	if proven(r) {
		return p.say("proven", "gap", gap)
	}
	return p.say("unproven", "gap", gap)
}

// levels says in words how far a leximin rung came, and where its levels stand.
func (p *page) levels(r plan.RungResult) (string, []mark) {
	var marks []mark
	last := -1
	for _, x := range r.Levels {
		at := int(clamp(x)*1000 + 0.5)
		if at == last {
			continue // not to be told apart in the drawing
		}
		last = at
		marks = append(marks, mark{X: strconv.Itoa(at), Elapsed: x >= full})
	}
	if len(r.Levels) == 0 {
		return "", nil
	}
	reached := r.Levels[len(r.Levels)-1] >= full
	switch {
	case len(r.Levels) == 1 && reached:
		return p.say("levels.all", "count", r.Elements), marks
	case reached:
		return p.say("levels.steps", "count", len(r.Levels)-1, "first", p.lang.share(r.Levels[0])), marks
	}
	return p.say("levels.short", "count", len(r.Levels), "first", p.lang.share(r.Levels[0]),
		"last", p.lang.share(r.Levels[len(r.Levels)-1])), marks
}

// goal names a rung by its title.
func (p *page) goal(id string) string {
	for _, r := range p.doc.Ladder {
		if r.Goal == id {
			if t := p.text(r.Title); t.Text != "" {
				return t.Text
			}
		}
	}
	return p.lang.sayOr("goal."+id, words.Spelled(id))
}

func (p *page) ladderTable() *table {
	t := &table{
		ID: p.id("ladder-table"), Caption: p.say("table.ladder"), File: "ladder.csv",
		Columns: p.columns("goal", "rule", "value#", "elements#", "rounds#", "programs#", "seconds#", "primal#", "dual#", "gap#"),
	}
	for i, r := range p.doc.Ladder {
		v := p.rung(i+1, r)
		rounds := ""
		if len(r.Rounds) > 0 {
			rounds = strconv.Itoa(len(r.Rounds))
		}
		elements := ""
		if r.Elements > 0 {
			elements = p.lang.number(float64(r.Elements))
		}
		t.Rows = append(t.Rows, row(v.Title.Text, v.Kind, v.Value, elements, rounds, strconv.Itoa(r.Programs), p.lang.number(r.Seconds),
			p.lang.number(r.Certificate.Primal), p.lang.number(r.Certificate.Dual), p.lang.number(r.Certificate.Gap)))
	}
	return t
}
