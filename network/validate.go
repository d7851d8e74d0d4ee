package network

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"bremen/internal/mistake"
)

// Validate tells everything that is wrong with a normalised network: values
// out of bounds, unknown and duplicate names, circular kinds, rows that
// contradict each other, units that do not fit, ladders that mean nothing.
// Problems come in the order of the tables and their rows, at most MaxProblems
// of them. A network without problems can be planned; Check tells what is
// doubtful about it.
func (n *Network) Validate() Problems {
	v := &validator{n: n, units: n.Units(), nearest: map[[2]string]string{}, called: map[string]map[string]string{}, budget: 20_000_000}
	v.collectNames()
	v.settings()
	for t := range Tables {
		v.table(&Tables[t])
	}
	v.ambiguousNames()
	v.kindsAgree()
	v.circularKinds()
	v.rows()
	for _, name := range slices.Sorted(maps.Keys(n.Ladders)) {
		v.ladder(name, n.Ladders[name])
	}
	v.problems.Sort()
	return v.problems
}

// validator holds what the checks of one network share.
type validator struct {
	n        *Network
	units    Units
	names    map[string]map[string]int    // by what they name: ID to first row
	called   map[string]map[string]string // by what they name: name in lower case to ID
	problems Problems
	nearest  map[[2]string]string
	budget   int // comparisons of names still to be made for suggestions
}

// add reports a mistake in row i (from 0) of a table.
func (v *validator) add(table string, i int, pos Position, column string, m Mistake) {
	v.problems.Add(Problem{Position: pos, Table: table, Row: i + 1, Column: column, Mistake: m})
}

// setting reports a mistake in the settings.
func (v *validator) setting(key string, m Mistake) {
	v.problems.Add(Problem{Table: SettingsTable, Column: key, Mistake: m})
}

func (v *validator) collectNames() {
	v.names = map[string]map[string]int{"urgencies": {}, "modes": {}}
	for t := range Tables {
		tab := &Tables[t]
		id := tab.Column("id")
		if tab.Name == kindsTable.Name {
			id = tab.Column("kind")
		}
		if id < 0 {
			continue
		}
		c := tab.Cursor(v.n)
		p := c.Field(id).(*string)
		m := make(map[string]int, c.Len())
		last := ""
		for i := range c.Len() {
			if c.Load(i); *p == last {
				continue
			}
			last = *p
			if _, ok := m[last]; !ok && last != "" {
				m[last] = i
			}
		}
		v.names[tab.Name] = m
	}
	for i, u := range v.n.Urgencies {
		v.names["urgencies"][u.ID] = i
	}
	for i := range v.n.Links {
		if m := v.n.Links[i].Mode; m != "" {
			v.names["modes"][m] = i
		}
	}
}

func (v *validator) has(table, id string) bool {
	_, ok := v.names[table][id]
	return ok
}

// unknown makes the mistake of a reference that leads nowhere.
func (v *validator) unknown(found string, tables ...string) Mistake {
	kind := strings.Join(tables, ",")
	k := [2]string{kind, found}
	near, ok := v.nearest[k]
	if !ok {
		var names []string
		for _, t := range tables {
			if t == Committed {
				names = append(names, Committed)
			}
			if v.budget -= len(v.names[t]); v.budget > 0 {
				names = slices.AppendSeq(names, maps.Keys(v.names[t]))
			}
		}
		near = mistake.Nearest(found, names)
		for _, t := range tables {
			if id := v.calledIn(t, strings.ToLower(found)); id != "" {
				near = id // someone wrote the name instead of the ID
			}
		}
		v.nearest[k] = near
	}
	m := Mistake{Code: CodeUnknown, Found: found, Nearest: near, kind: refKind(kind)}
	if near == "" {
		m.Expected, m.none = v.known(tables)
	}
	return m
}

// known names a few of the IDs of tables, or the tables where there are none.
func (v *validator) known(tables []string) (list string, none bool) {
	const most = 6
	var ids []string
	any := false
	for _, t := range tables {
		any = any || len(v.names[t]) > 0
		if v.budget -= len(v.names[t]); v.budget > 0 {
			ids = slices.AppendSeq(ids, maps.Keys(v.names[t]))
		}
	}
	if !any {
		return strings.Join(tables, ", "), true
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > most {
		ids = append(ids[:most], "…")
	}
	return strings.Join(ids, ", "), false
}

// calledIn returns the ID of the row of a table that bears a name, "" if none does.
// Rows of kinds have the kind for their ID.
func (v *validator) calledIn(table, name string) string {
	ids, ok := v.called[table]
	if !ok {
		ids = map[string]string{}
		if t := TableNamed(table); t != nil && t.Columns[0].Type == TypeID && t.Column("name") >= 0 {
			c := t.Cursor(v.n)
			id, called := c.Field(0).(*string), c.Field(t.Column("name")).(*string)
			for i := range c.Len() {
				c.Load(i)
				if *called != "" {
					ids[strings.ToLower(*called)] = *id
				}
			}
		}
		v.called[table] = ids
	}
	return ids[name]
}

// table checks what the schema says of each cell, and keys. A site that a row
// has from its agent is reported there.
func (v *validator) table(t *Table) {
	c := t.Cursor(v.n)
	checks := make([]func() *Mistake, len(t.Columns))
	for i := range t.Columns {
		checks[i] = v.cellCheck(t, &t.Columns[i], c.Field(i))
	}
	unique, given := v.keyCheck(t, c), v.given(t, c)
	for i := range c.Len() {
		c.Load(i)
		for k, check := range checks {
			if m := check(); m != nil && given(k) {
				v.add(t.Name, i, *c.Position(), t.Columns[k].Name, *m)
			}
		}
		unique(i)
		if v.problems.Full() {
			return
		}
	}
}

// given tells whether a column of the current row was stated, and not taken
// over from the row's agent as its site is.
func (v *validator) given(t *Table, c *Cursor) func(column int) bool {
	agent, site := t.Column("agent"), t.Column("site")
	if agent < 0 || site < 0 {
		return func(int) bool { return true }
	}
	of, here := c.Field(agent).(*string), c.Field(site).(*string)
	sites := v.n.agentSites()
	return func(column int) bool { return column != site || *here == "" || sites[*of] != *here }
}

// cellCheck returns the check of one column of the current row.
func (v *validator) cellCheck(t *Table, col *Column, field any) func() *Mistake {
	switch p := field.(type) {
	case *string:
		return v.textCheck(t, col, p)
	case *float64:
		return func() *Mistake { return checkNumber(col, *p) }
	case **float64:
		return func() *Mistake {
			if *p == nil {
				return nil
			}
			return checkNumber(col, **p)
		}
	case *int:
		return func() *Mistake {
			if *p < 0 {
				return &Mistake{Code: CodeCount, Found: strconv.Itoa(*p)}
			}
			return nil
		}
	case *Span:
		return func() *Mistake {
			if p.From < 0 || p.To < p.From {
				return &Mistake{Code: CodeSpan, Found: p.String()}
			}
			return nil
		}
	case *Periods:
		return func() *Mistake { return checkPeriods(*p, v.n.Calendar.Periods) }
	}
	return func() *Mistake { return nil }
}

func checkNumber(col *Column, x float64) *Mistake {
	code := Code("")
	switch {
	case x == 0 && !col.Positive:
		return nil
	case math.IsNaN(x) || math.IsInf(x, 0):
		code = CodeNotFinite
	case col.Type == TypeShare && (x < 0 || x > 1):
		code = CodeShare
	case x < 0 && !col.Signed:
		code = CodeNegative
	case x <= 0 && col.Positive:
		code = CodePositive
	default:
		return nil
	}
	return &Mistake{Code: code, Found: formatFloat(x)}
}

func formatFloat(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func checkPeriods(ps Periods, T int) *Mistake {
	for _, s := range ps {
		switch {
		case s.From < 1 || s.To > T:
			return &Mistake{Code: CodeOutside, Found: s.String(), Expected: "1-" + strconv.Itoa(T)}
		case s.From > s.To:
			return &Mistake{Code: CodeBackwards, Found: fmt.Sprintf("%d-%d", s.From, s.To)}
		}
	}
	return nil
}

func (v *validator) textCheck(t *Table, col *Column, p *string) func() *Mistake {
	good := v.stringRule(t, col)
	last := "" // a column often says the same row after row
	return func() *Mistake {
		s := *p
		if s == "" {
			if col.Required {
				return &Mistake{Code: CodeMissing}
			}
			return nil
		}
		if s == last {
			return nil
		}
		if m := good(s); m != nil {
			return m
		}
		last = s
		return nil
	}
}

// stringRule returns what a text in the column must fulfil.
func (v *validator) stringRule(t *Table, col *Column) func(string) *Mistake {
	switch {
	case col.Type == TypeID:
		return func(s string) *Mistake {
			if CheckID(s) != nil {
				return &Mistake{Code: CodeID, Found: s}
			}
			return nil
		}
	case col.Type == TypeChoice:
		return func(s string) *Mistake { return checkChoice(s, col.ChoiceIDs()) }
	case col.Type == TypeDate:
		return func(s string) *Mistake {
			if _, err := time.Parse(time.DateOnly, s); err != nil {
				return &Mistake{Code: CodeDate, Found: s}
			}
			return nil
		}
	case col.Type == TypeRef && !dependsOnRow(t.Name, col.Name):
		refs := col.Refs
		if t.Name == stocksTable.Name && col.Name == "urgency" {
			refs = []string{"urgencies", Committed}
		}
		return func(s string) *Mistake { return v.reference(s, refs) }
	}
	return func(s string) *Mistake {
		if !readable(s) {
			return &Mistake{Code: CodeText, Found: s}
		}
		return nil
	}
}

// dependsOnRow tells which references lead to different tables by what else
// the row says; rows checks them.
func dependsOnRow(table, column string) bool {
	return (table == "flows" || table == "link_flows") && column == "what" || table == "commitments" && column == "of"
}

func (v *validator) reference(s string, tables []string) *Mistake {
	for _, t := range tables {
		if t == Committed && s == Committed || v.has(t, s) {
			return nil
		}
	}
	m := v.unknown(s, tables...)
	return &m
}

func checkChoice(s string, ids []string) *Mistake {
	if slices.Contains(ids, s) {
		return nil
	}
	return &Mistake{Code: CodeChoice, Found: s, Expected: strings.Join(ids, ", "), Nearest: mistake.Nearest(s, ids)}
}

// ChoiceIDs lists the values of a TypeChoice.
func (c *Column) ChoiceIDs() []string {
	ids := make([]string, len(c.Choices))
	for i := range c.Choices {
		ids[i] = c.Choices[i].ID
	}
	return ids
}

// keyCheck reports rows whose key another row has.
func (v *validator) keyCheck(t *Table, c *Cursor) func(i int) {
	if len(t.Key) == 0 {
		return func(int) {}
	}
	var parts []any
	for _, name := range t.Key {
		parts = append(parts, c.Field(t.Column(name)))
	}
	type place struct {
		row int
		pos Position
	}
	seen := make(map[string]place, c.Len())
	var key []byte
	return func(i int) {
		key = key[:0]
		for k, p := range parts {
			if k > 0 {
				key = append(key, 0)
			}
			switch p := p.(type) {
			case *string:
				key = append(key, *p...)
			case *int:
				key = strconv.AppendInt(key, int64(*p), 10)
			}
		}
		if strings.Trim(string(key), "\x00") == "" {
			return // missing, which is reported as that
		}
		if first, ok := seen[string(key)]; ok {
			v.add(t.Name, i, *c.Position(), t.Key[0], Mistake{
				Code:  CodeDuplicate,
				Found: strings.ReplaceAll(string(key), "\x00", " · "), Expected: stated(t.Name, first.row, first.pos),
			})
			return
		}
		seen[string(key)] = place{i, *c.Position()}
	}
}

// stated says where another row stands: line 12 of a file, or its number in the table.
func stated(table string, i int, pos Position) string {
	switch {
	case pos.Sheet != "":
		return fmt.Sprintf("%s:%d", pos.Sheet, pos.Line)
	case pos.Line > 0:
		return fmt.Sprintf("%s:%d", pos.File, pos.Line)
	}
	return fmt.Sprintf("%s:%d", table, i+1)
}
