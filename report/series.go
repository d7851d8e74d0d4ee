package report

import (
	"encoding/json"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"bremen/network"
	"bremen/plan"
	"bremen/series"
)

// SeriesPage is the name of the page among SeriesFiles.
const SeriesPage = "series.html"

// SeriesFiles are the files of a series: all as JSON, a row per variant, agent and need that falls short as CSV, and a page.
// They depend on the arguments only. The network is the one as it is.
func SeriesFiles(n *network.Network, t *series.Table) []File {
	return append(seriesTables(t), File{SeriesPage, func(w io.Writer) error { return SeriesHTML(w, n, t) }})
}

// SeriesHTML writes a series as one page that needs no other file, as HTML does a plan. Its links to tables are relative to
// the folder of SeriesFiles.
func SeriesHTML(w io.Writer, n *network.Network, t *series.Table) error {
	shell, err := newShell()
	if err != nil {
		return err
	}
	f := newFacts(n, seriesDocument(n, t))
	if shell.Data, err = json.Marshal(drawSeries(f, t)); err != nil {
		return err
	}
	for _, l := range Languages {
		p, err := newPage(f, l)
		if err != nil {
			return err
		}
		s := &seriesPage{page: p, t: t, measures: measuresOf(p, t)}
		article, err := s.article()
		if err != nil {
			return err
		}
		shell.Articles = append(shell.Articles, article)
		if shell.Title == "" {
			shell.Title = p.title().Text + " · " + l.say("series.kicker")
		}
	}
	return shell.write(w)
}

// seriesDocument says of a plan what the page of a series shares with that of one plan: whose it is.
func seriesDocument(n *network.Network, t *series.Table) *plan.Document {
	d := &plan.Document{Network: t.Network, Title: plan.Text(t.Title), NetworkHash: t.NetworkHash}
	if len(d.Title) == 0 {
		d.Title = plan.Text(n.Title)
	}
	for _, u := range n.Urgencies {
		d.Urgencies = append(d.Urgencies, u.ID)
	}
	return d
}

// seriesPage is one language's side of a series.
type seriesPage struct {
	*page
	t        *series.Table
	measures []measure
}

// measure is a figure that every variant has.
type measure struct {
	group string // of the catalogue: "satisfactions", "amounts", "goals"
	title string
	unit  string
	share bool                              // of 0..1, the more the better
	of    func(*series.Row) (float64, bool) // false: the variant has none
}

func measuresOf(p *page, t *series.Table) []measure {
	c := columnsOfSeries(t)
	var list []measure
	for _, u := range c.urgencies {
		satisfaction := func(of func(*plan.Satisfaction) float64) func(*series.Row) (float64, bool) {
			return func(r *series.Row) (float64, bool) {
				if s := urgencyOf(r, u); s != nil && r.Status != plan.Infeasible {
					return of(s), true
				}
				return 0, false
			}
		}
		name := p.urgency(p.lang, u)
		list = append(list,
			measure{"satisfactions", p.say("series.worst", "urgency", name), "", true, satisfaction(func(s *plan.Satisfaction) float64 { return s.Worst })},
			measure{"satisfactions", p.say("series.mean", "urgency", name), "", true, satisfaction(func(s *plan.Satisfaction) float64 { return s.Mean })})
	}
	amount := func(title, unit string, of func(*series.Row) float64) {
		some := slices.ContainsFunc(t.Rows, func(r series.Row) bool { return of(&r) != 0 })
		if some {
			list = append(list, measure{"amounts", title, unit, false, func(r *series.Row) (float64, bool) { return of(r), r.Status != plan.Infeasible }})
		}
	}
	currency := p.net.Currency
	amount(p.say("series.hours"), p.say("unit.h"), func(r *series.Row) float64 { return r.Totals.Hours })
	amount(p.say("col.spent"), currency, func(r *series.Row) float64 { return r.Totals.Spent })
	amount(p.say("col.earned"), currency, func(r *series.Row) float64 { return r.Totals.Earned })
	for _, m := range c.impacts {
		unit := ""
		for i := range t.Rows {
			if a, ok := impactOf(&t.Rows[i], m); ok {
				unit = a.Unit
			}
		}
		amount(p.Impact(m), unit, func(r *series.Row) float64 { a, _ := impactOf(r, m); return a.Quantity })
	}
	return append(list, rungMeasures(p, t, c.goals)...)
}

// rungMeasures are the values of the ladder's goals.
func rungMeasures(p *page, t *series.Table, goals []string) []measure {
	var list []measure
	for _, g := range goals {
		var first *series.Rung
		for i := range t.Rows {
			if r := rungOf(&t.Rows[i], g); r != nil && first == nil {
				first = r
			}
		}
		title := p.text(first.Title).Text
		if title == "" {
			title = g
		}
		m := measure{"goals", title, first.Unit, first.Kind == string(network.Leximin), func(r *series.Row) (float64, bool) {
			if x := rungOf(r, g); x != nil && r.Status != plan.Infeasible {
				return x.Value, true
			}
			return 0, false
		}}
		if m.share {
			m.unit = ""
		}
		list = append(list, m)
	}
	return list
}

// text of a measure of a variant; a dash where it has none.
func (p *seriesPage) text(m *measure, r *series.Row) string {
	x, ok := m.of(r)
	switch {
	case !ok:
		return "–"
	case m.share:
		return p.lang.share(x)
	}
	return p.lang.quantity(x, m.unit)
}

// name of a variant as people read it.
func (p *seriesPage) name(r *series.Row) string {
	if r.Name == "" {
		return p.say("series.base")
	}
	switch p.t.Kind {
	case series.Coalitions:
		var names []string
		for _, a := range r.Players {
			names = append(names, p.Agent(a))
		}
		return strings.Join(names, " + ")
	case series.CutOffs:
		table, id, _ := strings.Cut(r.Name, ".")
		return p.cutName(table, id)
	}
	return r.Name
}

func (p *seriesPage) cutName(table, id string) string {
	name := map[string]func(string) string{
		series.Agents: p.Agent, "sites": p.Site, "products": p.Thing, "skills": p.Skill, "recipes": p.Recipe, "links": p.Link,
	}[table]
	if name == nil {
		return id
	}
	return name(id)
}

// numbers of variants by what has become of them.
func (p *seriesPage) counts() (proven, impossible int) {
	for i := range p.t.Rows {
		switch {
		case p.t.Rows[i].Proven:
			proven++
		case p.t.Rows[i].Status == plan.Infeasible:
			impossible++
		}
	}
	return proven, impossible
}

func (p *seriesPage) article() (template.HTML, error) {
	for _, f := range []func() error{p.addOutcomes, p.addVariants, p.addMissing, p.addComputed} {
		if err := f(); err != nil {
			return "", err
		}
	}
	proven, impossible := p.counts()
	all := len(p.t.Rows)
	state := p.say("series.proven", "count", all)
	switch {
	case proven+impossible < all:
		state = p.say("series.unproven", "count", all-proven-impossible)
	case impossible > 0:
		state = p.say("series.impossible", "count", impossible)
	}
	data := struct {
		*page
		Title       phrase
		State, Lead string
		Whole       bool
	}{p.page, p.title(), state, p.say("series.lead."+string(p.t.Kind), "count", all-1), proven+impossible == all}
	var b strings.Builder
	if err := p.templates.ExecuteTemplate(&b, "series", data); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

// mostFigures is how many figures a table holds that fits on paper.
const mostFigures = 7

// addVariants has all figures in tables, by what they are of.
func (p *seriesPage) addVariants() error {
	var tables []*table
	for begin := 0; begin < len(p.measures); {
		end := begin + 1
		for end < len(p.measures) && end-begin < mostFigures && p.measures[end].group == p.measures[begin].group {
			end++
		}
		tables = append(tables, p.figuresTable(p.measures[begin:end], len(tables)))
		begin = end
	}
	if len(tables) > 0 {
		last := tables[len(tables)-1]
		last.File, last.FileKey = strings.TrimPrefix(SeriesFigure, "tables/"), "series.file"
	}
	return p.add("variants", tables)
}

func (p *seriesPage) figuresTable(measures []measure, number int) *table {
	t := &table{ID: p.id("variants", strconv.Itoa(number)), Caption: p.say("series." + measures[0].group), Open: true, Columns: []column{{Title: p.say("series.variant")}}}
	for i := range measures {
		t.Columns = append(t.Columns, column{Title: measures[i].title, Numeric: true})
	}
	for i := range p.t.Rows {
		r := &p.t.Rows[i]
		cells := row(p.name(r))
		for k := range measures {
			cells = append(cells, cell{Text: p.text(&measures[k], r)})
		}
		t.Rows = append(t.Rows, cells)
	}
	return t.cut()
}

// addMissing lists needs that fall short, variant by variant.
func (p *seriesPage) addMissing() error {
	t := &table{ID: p.id("missing-table"), Caption: p.say("table.missing"), File: strings.TrimPrefix(SeriesNeeds, "tables/"), FileKey: "series.file", Open: true,
		Columns: append([]column{{Title: p.say("series.variant")}}, p.columns("agent", "need", "urgency", "short#", "required#", "lowest#")...)}
	for i := range p.t.Rows {
		for _, u := range p.t.Rows[i].Unmet {
			t.Rows = append(t.Rows, []cell{
				{Text: p.name(&p.t.Rows[i])}, {Text: p.Agent(u.Agent)}, {Text: p.Thing(u.What)}, {Text: p.urgency(p.lang, u.Urgency)},
				{Text: p.lang.quantity(u.Short, u.Unit)}, {Text: p.lang.quantity(u.Required, u.Unit)}, barCell(p.lang.share(u.Worst), u.Worst),
			})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return p.add("missing", t.cut())
}

// addComputed says how the figures came about and how to come to them again.
func (p *seriesPage) addComputed() error {
	rounds, gap := 0, 0.0
	for i := range p.t.Rows {
		rounds += p.t.Rows[i].Rounds
		gap = max(gap, p.t.Rows[i].Gap)
	}
	facts := []figure{
		{Label: p.say("verify.hash"), Value: p.t.NetworkHash},
		{Label: p.say("series.rounds"), Value: p.say("series.rounds.text", "count", rounds, "gap", strconv.FormatFloat(gap, 'g', 2, 64))},
		{Label: p.say("verify.version"), Value: p.t.Planner},
	}
	if p.t.Ladder != "" {
		facts = append(facts, figure{Label: p.say("verify.ladder"), Value: p.t.Ladder})
	}
	for k, a := range p.t.Axes {
		facts = append(facts, figure{Label: p.say("series.axis", "number", strconv.Itoa(k+1)), Value: a.Name + ": " + strings.Join(a.Values, ", ")})
	}
	return p.add("computed", facts)
}
