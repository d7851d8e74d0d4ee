package report

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"bremen/plan"
	"bremen/series"
)

// Names of the files of a series.
const (
	SeriesData   = "series.json" // series.Table
	SeriesFigure = "tables/series.csv"
	SeriesAgents = "tables/agents.csv"
	SeriesNeeds  = "tables/needs.csv"
)

// seriesTables are a series as data: all as JSON; a row per variant, per variant and agent, per variant and need that falls
// short as CSV, with a decimal point and every digit.
func seriesTables(t *series.Table) []File {
	return []File{
		{SeriesData, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			e.SetIndent("", " ")
			return e.Encode(t)
		}},
		{SeriesFigure, seriesFigures(t).write},
		{SeriesAgents, seriesAgents(t).write},
		{SeriesNeeds, seriesNeeds(t).write},
	}
}

func digits(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// seriesColumns are the columns whose names follow from the rows.
type seriesColumns struct {
	urgencies, goals, impacts []string
}

func columnsOfSeries(t *series.Table) seriesColumns {
	var c seriesColumns
	add := func(list *[]string, s string) {
		if !slices.Contains(*list, s) {
			*list = append(*list, s)
		}
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		for _, u := range r.Totals.Urgencies {
			add(&c.urgencies, u.Urgency)
		}
		for _, g := range r.Rungs {
			add(&c.goals, g.Goal)
		}
		for _, m := range r.Totals.Impacts {
			add(&c.impacts, m.What)
		}
	}
	return c
}

// urgency returns how needs of an urgency fare, nil where the row has none.
func urgencyOf(r *series.Row, u string) *plan.Satisfaction {
	for i := range r.Totals.Urgencies {
		if s := &r.Totals.Urgencies[i]; s.Urgency == u {
			return s
		}
	}
	return nil
}

func rungOf(r *series.Row, goal string) *series.Rung {
	for i := range r.Rungs {
		if g := &r.Rungs[i]; g.Goal == goal {
			return g
		}
	}
	return nil
}

// impactOf returns what a row uses of an impact, in its unit.
func impactOf(r *series.Row, what string) (plan.Amount, bool) {
	for _, m := range r.Totals.Impacts {
		if m.What == what {
			return m, true
		}
	}
	return plan.Amount{}, false
}

func seriesFigures(t *series.Table) *csvTable {
	c := columnsOfSeries(t)
	out := &csvTable{header: []string{"variant"}}
	for _, a := range t.Axes {
		out.header = append(out.header, harmless(a.Name))
	}
	out.header = append(out.header, "changes", "status", "proven", "gap")
	for _, u := range c.urgencies {
		out.header = append(out.header, u+"_mean", u+"_worst", u+"_met", u+"_needs")
	}
	for _, g := range c.goals {
		out.header = append(out.header, "rung_"+g)
	}
	out.header = append(out.header, "hours", "spent", "earned")
	for _, m := range c.impacts {
		out.header = append(out.header, "impact_"+m)
	}
	out.header = append(out.header, "short")
	for i := range t.Rows {
		out.rows = append(out.rows, c.figures(t, &t.Rows[i]))
	}
	return out
}

func (c *seriesColumns) figures(t *series.Table, r *series.Row) []string {
	cells := []string{harmless(r.Name)}
	for k := range t.Axes {
		at := ""
		if k < len(r.At) {
			at = r.At[k]
		}
		cells = append(cells, harmless(at))
	}
	cells = append(cells, harmless(strings.Join(r.Changes, "; ")), string(r.Status), strconv.FormatBool(r.Proven), digits(r.Gap))
	planned := r.Status != plan.Infeasible
	for _, u := range c.urgencies {
		if s := urgencyOf(r, u); s != nil && planned {
			cells = append(cells, digits(s.Mean), digits(s.Worst), strconv.Itoa(s.Met), strconv.Itoa(s.Needs))
		} else {
			cells = append(cells, "", "", "", "")
		}
	}
	for _, g := range c.goals {
		if x := rungOf(r, g); x != nil && planned {
			cells = append(cells, digits(x.Value))
		} else {
			cells = append(cells, "")
		}
	}
	if !planned {
		return append(cells, make([]string, 4+len(c.impacts))...)
	}
	cells = append(cells, digits(r.Totals.Hours), digits(r.Totals.Spent), digits(r.Totals.Earned))
	for _, m := range c.impacts {
		a, _ := impactOf(r, m)
		cells = append(cells, digits(a.Quantity))
	}
	return append(cells, strconv.Itoa(len(r.Unmet)))
}

func seriesAgents(t *series.Table) *csvTable {
	out := &csvTable{header: []string{"variant", "agent", "urgency", "needs", "met", "mean", "worst"}}
	for i := range t.Rows {
		for _, s := range t.Rows[i].Agents {
			out.rows = append(out.rows, []string{harmless(t.Rows[i].Name), harmless(s.Agent), s.Urgency, strconv.Itoa(s.Needs), strconv.Itoa(s.Met), digits(s.Mean), digits(s.Worst)})
		}
	}
	return out
}

func seriesNeeds(t *series.Table) *csvTable {
	out := &csvTable{header: []string{"variant", "need", "agent", "what", "urgency", "required", "short", "unit", "periods", "worst"}}
	for i := range t.Rows {
		for _, u := range t.Rows[i].Unmet {
			out.rows = append(out.rows, []string{harmless(t.Rows[i].Name), harmless(u.Need), harmless(u.Agent), harmless(u.What), u.Urgency,
				digits(u.Required), digits(u.Short), u.Unit, u.Periods, digits(u.Worst)})
		}
	}
	return out
}
