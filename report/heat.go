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
	Scale   []heatStep
	Turned  bool   // needs in rows, agents in columns
	Left    string // what is left out, in words
}

type heatColumn struct{ Title, Full string }

type heatRow struct {
	Title string
	Cells []heatCell
}

// heatCell is one satisfaction; the class is empty where nothing is needed.
type heatCell struct{ Text, Class, Title string }

type heatStep struct{ Class, Text string }

// timeline is satisfaction by need and period, drawn as rectangles.
type timeline struct {
	ID            string
	Width, Height int
	Rows          []timelineRow
	Ticks         []tick
	Table         *table
	Periods       int
}

type timelineRow struct {
	Title, Short string
	Y            int
	Text         int // baseline
	Cells        []timelineCell
}

type timelineCell struct {
	X, Width     int
	Class, Title string
}

type tick struct {
	X    int
	Text string
}

const (
	timelineLabel = 170
	timelineRowH  = 22
	timelineWidth = 820
)

func (p *page) addNeeds() error {
	if len(p.sat.whats) == 0 {
		return nil
	}
	data := struct {
		Heat     *heatTable
		Timeline *timeline
		Unmet    *table
		Wide     bool
	}{Heat: p.heatTable(), Unmet: p.unmetTable(), Wide: len(p.sat.whats) > 24}
	if p.sat.dated() && p.sat.periods > 1 {
		data.Timeline = p.timeline()
	}
	return p.add("needs", data)
}

// mostHeat is how many agents and needs the heat map shows, the worst served first beyond it.
const mostHeat = 60

func (p *page) heatTable() *heatTable {
	h := &heatTable{ID: p.id("heat"), Scale: p.scale()}
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

// shorten cuts a text to at most n characters.
func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
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
	width := max((timelineWidth-timelineLabel)/n, 3)
	tl := &timeline{ID: p.id("timeline"), Width: timelineLabel + width*n, Periods: n}
	tl.Table = &table{ID: p.id("timeline-table"), Caption: p.say("table.timeline"), File: "needs.csv", Columns: p.columns("need")}
	for t := 1; t <= n; t++ {
		tl.Table.Columns = append(tl.Table.Columns, column{Title: strconv.Itoa(t), Numeric: true})
	}
	y := 0
	for _, w := range p.sat.whats {
		r := timelineRow{Title: p.Thing(w), Short: shorten(p.Thing(w), 24), Y: y, Text: y + 15}
		cells := row(p.Thing(w))
		any := false
		for t := 1; t <= n; t++ {
			share, ok := p.sat.together(w, t)
			if !ok {
				cells = append(cells, cell{})
				continue
			}
			any = true
			cells = append(cells, cell{Text: bare(share)})
			r.Cells = append(r.Cells, timelineCell{X: timelineLabel + width*(t-1), Width: width - 1, Class: heatClass(share),
				Title: p.Thing(w) + ", " + p.lang.period(p.cal, t) + ": " + p.lang.share(share)})
		}
		if !any {
			continue
		}
		y += timelineRowH
		tl.Rows = append(tl.Rows, r)
		tl.Table.Rows = append(tl.Table.Rows, cells)
	}
	tl.Height = y + 22
	tl.Ticks = p.ticks(width)
	return tl
}

// ticks names every period at which a new month begins, or every fourth.
func (p *page) ticks(width int) []tick {
	var ticks []tick
	lastX := -1000
	for t := 1; t <= p.sat.periods; t++ {
		x := timelineLabel + width*(t-1)
		text := strconv.Itoa(t)
		if p.cal.dated(t) {
			text = p.lang.dayMonth(p.cal.first(t))
			if p.cal.unit == "year" {
				text = strconv.Itoa(p.cal.first(t).Year())
			}
		}
		if x-lastX < 84 || x+70 > timelineLabel+width*p.sat.periods {
			continue
		}
		lastX = x
		ticks = append(ticks, tick{x, text})
	}
	return ticks
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
