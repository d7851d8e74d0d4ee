package report

import (
	"sort"
	"strconv"
)

// heatTable is satisfaction by agent and need: a table whose cells are coloured.
type heatTable struct {
	ID      string
	Corner  string
	Columns []heatColumn
	Rows    []heatRow
	Turned  bool   // needs in rows, agents in columns
	Left    string // what is left out, in words
	Caption string // of a series
}

type heatColumn struct{ Title, Full string }

type heatRow struct {
	Title string
	Cells []heatCell
}

// heatCell is one satisfaction; the class is empty where nothing is needed.
type heatCell struct{ Text, Class, Title string }

type heatStep struct{ Class, Text string }

// timeline is satisfaction by need and period: a table whose cells are coloured.
type timeline struct {
	ID      string
	Room    string // class of the table: "" where cells are wide, else tight, or many where no number fits
	Columns []heatColumn
	Dates   []dateSpan
	Rows    []heatRow
}

// dateSpan is a date that stands over some columns.
type dateSpan struct {
	Text string
	Span int
}

// Up to mostWide periods the cells of a timeline are wide, up to mostNumbers
// they hold their numbers.
const (
	mostWide    = 13
	mostNumbers = 27
)

func (p *page) addNeeds() error {
	if len(p.sat.whats) == 0 {
		return nil
	}
	data := struct {
		Heat     *heatTable
		Timeline *timeline
		Unmet    *table
		Scale    []heatStep
	}{Heat: p.heatTable(), Unmet: p.unmetTable(), Scale: p.scale()}
	if p.sat.dated() && p.sat.periods > 1 {
		data.Timeline = p.timeline()
	}
	return p.add("needs", data)
}

// mostHeat is how many agents and needs the heat map shows, the worst served first beyond it.
const mostHeat = 60

func (p *page) heatTable() *heatTable {
	h := &heatTable{ID: p.id("heat")}
	whats, agents := p.sat.whats, p.sat.agents
	if len(whats) > mostHeat {
		whats = p.lowest(whats, func(w string) float64 { return p.lowestOf("", w) })
	}
	if len(agents) > mostHeat {
		agents = p.lowest(agents, func(a string) float64 { return p.lowestOf(a, "") })
	}
	if len(whats) < len(p.sat.whats) || len(agents) < len(p.sat.agents) {
		h.Left = p.say("heat.left", "needs", len(whats), "of", len(p.sat.whats), "agents", len(agents), "among", len(p.sat.agents))
	}
	h.Turned = len(whats) > 16 && len(agents) <= 8
	if h.Turned {
		p.heatByNeed(h, whats, agents)
		return h
	}
	h.Corner = p.say("col.agent")
	for _, w := range whats {
		h.Columns = append(h.Columns, heatColumn{p.Thing(w), p.whatUrgency(w)})
	}
	for _, a := range agents {
		r := heatRow{Title: p.Agent(a)}
		for _, w := range whats {
			r.Cells = append(r.Cells, p.heatCell(a, w))
		}
		h.Rows = append(h.Rows, r)
	}
	return h
}

func (p *page) whatUrgency(w string) string {
	return p.say("heat.need", "what", p.Thing(w), "urgency", p.urgency(p.lang, p.sat.urgency[w]))
}

// heatByNeed fills the table with needs in rows: few agents with many needs are read better so.
func (p *page) heatByNeed(h *heatTable, whats, agents []string) {
	h.Corner = p.say("col.need")
	for _, a := range agents {
		h.Columns = append(h.Columns, heatColumn{p.Agent(a), p.Agent(a)})
	}
	for _, w := range whats {
		r := heatRow{Title: p.Thing(w)}
		for _, a := range agents {
			r.Cells = append(r.Cells, p.heatCell(a, w))
		}
		h.Rows = append(h.Rows, r)
	}
}

// lowest returns the mostHeat of ids whose value is lowest, in the order of ids.
func (p *page) lowest(ids []string, value func(string) float64) []string {
	sorted := append([]string(nil), ids...)
	values := map[string]float64{}
	for _, id := range ids {
		values[id] = value(id)
	}
	sort.SliceStable(sorted, func(i, j int) bool { return values[sorted[i]] < values[sorted[j]] })
	keep := map[string]bool{}
	for _, id := range sorted[:mostHeat] {
		keep[id] = true
	}
	var kept []string
	for _, id := range ids {
		if keep[id] {
			kept = append(kept, id)
		}
	}
	return kept
}

// lowestOf is the lowest satisfaction of an agent or of a need; "" is any.
func (p *page) lowestOf(agent, what string) float64 {
	least := 2.0
	for key, c := range p.sat.pairs {
		if (agent == "" || key[0] == agent) && (what == "" || key[1] == what) && c.worst < least {
			least = c.worst
		}
	}
	return least
}

func (p *page) heatCell(agent, what string) heatCell {
	c := p.sat.pairs[[2]string{agent, what}]
	mean, ok := c.mean()
	if !ok {
		return heatCell{Text: "·"}
	}
	title := ""
	if c.worst < full {
		title = p.say("heat.cell", "agent", p.Agent(agent), "what", p.Thing(what), "mean", p.lang.share(mean),
			"worst", p.lang.share(c.worst), "when", p.lang.period(p.cal, c.worstAt))
	}
	return heatCell{Text: bare(mean), Class: heatClass(mean), Title: title}
}

func (p *page) scale() []heatStep {
	var steps []heatStep
	for k, from := range levels {
		text := p.say("scale.full")
		if k+1 < len(levels) {
			to := levels[k+1]
			if to == full {
				to = 1
			}
			text = p.say("scale.step", "from", strconv.Itoa(int(from*100+.5)), "to", strconv.Itoa(int(to*100+.5)))
		}
		steps = append(steps, heatStep{heatClass(from), text})
	}
	return steps
}

func (p *page) timeline() *timeline {
	n := p.sat.periods
	tl := &timeline{ID: p.id("timeline"), Room: room(n), Dates: p.dates()}
	for t := 1; t <= n; t++ {
		tl.Columns = append(tl.Columns, heatColumn{strconv.Itoa(t), p.lang.periodDated(p.cal, t)})
	}
	for _, w := range p.sat.whats {
		r := heatRow{Title: p.Thing(w)}
		any := false
		for t := 1; t <= n; t++ {
			share, ok := p.sat.together(w, t)
			if !ok {
				r.Cells = append(r.Cells, heatCell{})
				continue
			}
			any = true
			r.Cells = append(r.Cells, heatCell{Text: bare(share), Class: heatClass(share),
				Title: p.Thing(w) + ", " + p.lang.period(p.cal, t) + ": " + p.lang.share(share)})
		}
		if any {
			tl.Rows = append(tl.Rows, r)
		}
	}
	return tl
}

func room(periods int) string {
	switch {
	case periods > mostNumbers:
		return "many"
	case periods > mostWide:
		return "tight"
	}
	return ""
}

// dates lays the first day of a period over the columns from there on, as many
// as have room; without dates there is none.
func (p *page) dates() []dateSpan {
	n := p.sat.periods
	step := map[string]int{"": 2, "tight": 4, "many": (n + 12) / 13}[room(n)]
	var spans []dateSpan
	for t := 1; t <= n; t += step {
		if !p.cal.dated(t) {
			return nil
		}
		text := p.lang.dayMonth(p.cal.first(t))
		if p.cal.unit == "year" {
			text = strconv.Itoa(p.cal.first(t).Year())
		}
		spans = append(spans, dateSpan{text, min(step, n-t+1)})
	}
	return spans
}

func (p *page) unmetTable() *table {
	if len(p.doc.Unmet) == 0 {
		return nil
	}
	t := &table{
		ID: p.id("unmet-table"), Caption: p.say("table.unmet", "count", len(p.doc.Unmet)), File: "unmet.csv",
		Columns: p.columns("agent", "need", "urgency", "short#", "required#", "lowest#", "periods"),
	}
	for _, u := range p.doc.Unmet {
		t.Rows = append(t.Rows, []cell{
			{Text: p.Agent(u.Agent)}, {Text: p.Thing(u.What)}, {Text: p.urgency(p.lang, u.Urgency)},
			{Text: p.lang.quantity(u.Short, u.Unit)}, {Text: p.lang.quantity(u.Required, u.Unit)},
			barCell(p.lang.share(u.Worst), u.Worst), {Text: p.lang.periods(p.cal, u.Periods)},
		})
	}
	return t.cut()
}
