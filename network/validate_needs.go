package network

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// needs checks each row of a need, and the rows of one need against each other.
func (v *validator) needs() {
	persons := make(map[string]float64, len(v.n.Agents))
	for i := range v.n.Agents {
		persons[v.n.Agents[i].ID] = v.n.Agents[i].Persons
	}
	for i := range v.n.Needs {
		v.need(i, &v.n.Needs[i], persons)
	}
	v.sameNeeds()
}

func (v *validator) need(i int, d *Need, persons map[string]float64) {
	report := func(column string, m Mistake) { v.add("needs", i, d.Position, column, m) }
	if heads, known := persons[d.Agent]; d.PerPerson && known && heads == 0 {
		report("per_person", Mistake{Code: CodeNoPersons, Found: d.Agent})
	}
	property := v.has("properties", d.What)
	if !property && d.Of != "" {
		report("of", Mistake{Code: CodeNotProperty, Found: d.What})
	}
	if !property && d.Maximum != 0 {
		report("maximum", Mistake{Code: CodeNotProperty, Found: d.What})
	}
	if d.Maximum != 0 && d.Quantity > d.Maximum {
		report("quantity", Mistake{Code: CodeLeastMost, Found: formatFloat(d.Quantity), Expected: formatFloat(d.Maximum)})
	}
	v.unit("needs", i, d.Position, d.Unit, d.What, v.units.Of(d.What))
}

// sameNeeds compares rows of one ID: they agree in what they say, and name different periods.
func (v *validator) sameNeeds() {
	several := map[string][]int{}
	for i := range v.n.Needs {
		if id := v.n.Needs[i].ID; id != "" && v.names["needs"][id] != i {
			several[id] = append(several[id], i)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(several)) {
		rows := several[id]
		first := v.names["needs"][id]
		for _, i := range rows {
			if column, found := v.n.Needs[i].disagrees(&v.n.Needs[first]); column != "" {
				d := &v.n.Needs[i]
				v.add("needs", i, d.Position, column, Mistake{
					Code: CodeDisagree, Found: found,
					Expected: stated("needs", first, v.n.Needs[first].Position),
				})
			}
		}
		v.overlaps("needs", CodeOverlap, append([]int{first}, rows...), func(i int) (Periods, Position) {
			return v.n.Needs[i].Periods, v.n.Needs[i].Position
		})
	}
}

// disagrees names the first column in which two rows of one need differ that may not.
func (d *Need) disagrees(first *Need) (column, found string) {
	switch {
	case d.Agent != first.Agent:
		return "agent", d.Agent
	case d.What != first.What:
		return "what", d.What
	case d.Of != first.Of:
		return "of", d.Of
	case d.Unit != first.Unit:
		return "unit", d.Unit
	case d.PerPerson != first.PerPerson:
		return "per_person", strconv.FormatBool(d.PerPerson)
	case d.Basis != first.Basis:
		return "basis", string(d.Basis)
	case d.Urgency != first.Urgency:
		return "urgency", d.Urgency
	}
	return "", ""
}

// overlaps reports periods that two rows of one ID both name, at the later row.
func (v *validator) overlaps(table string, code Code, rows []int, periods func(i int) (Periods, Position)) {
	type part struct {
		Span
		row int
	}
	var parts []part
	for _, i := range rows {
		ps, _ := periods(i)
		if len(ps) == 0 {
			ps = Periods{{1, v.n.Calendar.Periods}}
		}
		for _, s := range ps {
			parts = append(parts, part{s, i})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Or(a.From-b.From, a.row-b.row) })
	told := map[int]bool{}
	last := parts[0]
	for _, p := range parts[1:] {
		later, earlier := max(p.row, last.row), min(p.row, last.row)
		if p.From <= last.To && later != earlier && !told[later] {
			told[later] = true
			_, pos := periods(later)
			_, other := periods(earlier)
			v.add(table, later, pos, "periods", Mistake{
				Code:  code,
				Found: Span{p.From, min(p.To, last.To)}.String(), Expected: stated(table, earlier, other),
			})
		}
		if p.To > last.To {
			last = p
		}
	}
}

// profiles reports periods for which a profile has two factors.
func (v *validator) profiles() {
	several := map[string][]int{}
	for i := range v.n.Profiles {
		several[v.n.Profiles[i].ID] = append(several[v.n.Profiles[i].ID], i)
	}
	for _, id := range slices.Sorted(maps.Keys(several)) {
		v.overlaps("profiles", CodeTwoFactors, several[id], func(i int) (Periods, Position) {
			return v.n.Profiles[i].Periods, v.n.Profiles[i].Position
		})
	}
}
