package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"bremen/plan"
	"bremen/series"
)

// outcomes is the picture of a series: lines along a range, a coloured table over a grid, else a coloured row per variant.
type outcomes struct {
	Range  bool
	Grid   *heatTable
	Rows   *heatTable
	Agents *heatTable // of coalitions: what each agent gets
	Scale  []heatStep
	Intro  string
}

func (p *seriesPage) addOutcomes() error {
	o := outcomes{Scale: p.scale(), Intro: p.say("series.intro." + string(p.t.Kind))}
	switch p.t.Kind {
	case series.Range:
		o.Range = true
	case series.Grid:
		o.Grid = p.grid()
	default:
		o.Rows = p.rows()
		if p.t.Kind == series.Coalitions {
			o.Agents = p.byAgent()
		}
	}
	return p.add("outcomes", o)
}

// grid has the first axis down and the second across, filled with the first measure.
func (p *seriesPage) grid() *heatTable {
	h := &heatTable{ID: p.id("grid"), Caption: p.say("series.caption"), Corner: p.t.Axes[0].Name + " ↓, " + p.t.Axes[1].Name + " →"}
	for _, v := range p.t.Axes[1].Values {
		h.Columns = append(h.Columns, heatColumn{v, v})
	}
	width := len(h.Columns)
	for i, v := range p.t.Axes[0].Values {
		r := heatRow{Title: v}
		for k := range width {
			r.Cells = append(r.Cells, p.colour(&p.measures[0], &p.t.Rows[1+i*width+k]))
		}
		h.Rows = append(h.Rows, r)
	}
	return h
}

// colour is a share of a variant as a coloured cell.
func (p *seriesPage) colour(m *measure, r *series.Row) heatCell {
	x, ok := m.of(r)
	if !ok {
		return heatCell{Text: "×", Title: p.name(r) + ": " + p.say("series.not")}
	}
	return heatCell{Text: bare(x), Class: heatClass(x), Title: p.name(r) + ", " + m.title + ": " + p.lang.share(x)}
}

// rows has a row per variant and a column per measure that is a satisfaction; cut-offs come in the order of their harm to
// the most pressing needs.
func (p *seriesPage) rows() *heatTable {
	h := &heatTable{ID: p.id("rows"), Caption: p.say("series.caption"), Corner: p.say("series.variant")}
	var shares []*measure
	for i := range p.measures {
		if m := &p.measures[i]; m.group == "satisfactions" {
			shares = append(shares, m)
			h.Columns = append(h.Columns, heatColumn{m.title, m.title})
		}
	}
	order := make([]*series.Row, len(p.t.Rows))
	for i := range p.t.Rows {
		order[i] = &p.t.Rows[i]
	}
	if p.t.Kind == series.CutOffs {
		slices.SortStableFunc(order[1:], func(a, b *series.Row) int { return harm(shares, a, b) })
	}
	for i, r := range order {
		if i > mostRows {
			h.Left = p.say("table.left", "count", len(order)-i)
			break
		}
		line := heatRow{Title: p.name(r)}
		for _, m := range shares {
			line.Cells = append(line.Cells, p.colour(m, r))
		}
		h.Rows = append(h.Rows, line)
	}
	return h
}

// harm compares two variants, the more harmful first: by the mean, then the worst satisfaction, of each urgency in turn.
func harm(shares []*measure, a, b *series.Row) int {
	for k := 0; k+1 < len(shares); k += 2 {
		for _, m := range []*measure{shares[k+1], shares[k]} {
			x, _ := m.of(a)
			y, _ := m.of(b)
			if c := cmp.Compare(x, y); c != 0 {
				return c
			}
		}
	}
	return 0
}

// byAgent has a row per coalition and a column per agent: how far its most pressing needs are met, on average.
func (p *seriesPage) byAgent() *heatTable {
	urgencies := columnsOfSeries(p.t).urgencies
	if len(urgencies) == 0 {
		return nil
	}
	h := &heatTable{ID: p.id("byagent"), Caption: p.say("series.agents"), Corner: p.say("series.variant")}
	var agents []string
	for _, s := range p.t.Rows[0].Agents {
		if s.Urgency == urgencies[0] && len(agents) < mostHeat {
			agents = append(agents, s.Agent)
			h.Columns = append(h.Columns, heatColumn{p.Agent(s.Agent), p.Agent(s.Agent)})
		}
	}
	for i := range p.t.Rows {
		if i > mostRows {
			h.Left = p.say("table.left", "count", len(p.t.Rows)-i)
			break
		}
		r := &p.t.Rows[i]
		line := heatRow{Title: p.name(r)}
		for _, a := range agents {
			line.Cells = append(line.Cells, p.agentCell(r, a, urgencies[0]))
		}
		h.Rows = append(h.Rows, line)
	}
	return h
}

func (p *seriesPage) agentCell(r *series.Row, agent, urgency string) heatCell {
	if r.Status == plan.Infeasible {
		return heatCell{Text: "×", Title: p.name(r) + ": " + p.say("series.not")}
	}
	for _, s := range r.Agents {
		if s.Agent == agent && s.Urgency == urgency {
			return heatCell{Text: bare(s.Mean), Class: heatClass(s.Mean), Title: p.name(r) + ", " + p.Agent(agent) + ": " + p.lang.share(s.Mean)}
		}
	}
	return heatCell{Text: "·"}
}

// seriesDrawing is what the page's scripts draw a series from.
type seriesDrawing struct {
	*drawing
	Series seriesData `json:"series"`
}

type seriesData struct {
	Axes     []seriesAxis    `json:"axes"`
	Measures []seriesMeasure `json:"measures"`
}

// seriesAxis has numbers where all its values are some, in one unit.
type seriesAxis struct {
	Name    string    `json:"n"`
	Values  []string  `json:"v"`
	Numbers []float64 `json:"x,omitempty"`
	Unit    string    `json:"u,omitempty"`
}

// seriesMeasure has a value per variant but the first, the network as it is; null where the variant has none.
type seriesMeasure struct {
	Titles map[Language]string `json:"t"`
	Unit   string              `json:"u"`
	Share  bool                `json:"s"`
	Lines  bool                `json:"l"` // a satisfaction: drawn with the others at first
	Values []*float64          `json:"v"`
}

func drawSeries(f *facts, t *series.Table) *seriesDrawing {
	d := &seriesDrawing{drawing: newDrawing(f)}
	for _, l := range Languages {
		p := &page{facts: f, lang: l}
		d.Titles[l] = p.title().Text + " · " + l.say("series.kicker")
		for i, m := range measuresOf(p, t) {
			if l == Languages[0] {
				s := seriesMeasure{Titles: map[Language]string{}, Unit: m.unit, Share: m.share, Lines: m.group == "satisfactions"}
				for k := range t.Rows[1:] {
					if x, ok := m.of(&t.Rows[k+1]); ok {
						s.Values = append(s.Values, &x)
					} else {
						s.Values = append(s.Values, nil)
					}
				}
				d.Series.Measures = append(d.Series.Measures, s)
			}
			d.Series.Measures[i].Titles[l] = m.title
		}
	}
	for _, a := range t.Axes {
		d.Series.Axes = append(d.Series.Axes, axisOf(a))
	}
	return d
}

func axisOf(a series.Axis) seriesAxis {
	s := seriesAxis{Name: a.Name, Values: a.Values}
	for i, v := range a.Values {
		word, unit, _ := strings.Cut(v, " ")
		x, err := strconv.ParseFloat(word, 64)
		if err != nil || i > 0 && (unit != s.Unit || x <= s.Numbers[i-1]) {
			s.Numbers, s.Unit = nil, ""
			break
		}
		s.Numbers, s.Unit = append(s.Numbers, x), unit
	}
	return s
}
