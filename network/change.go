package network

import (
	"cmp"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"bremen/internal/mistake"
)

// Change is one alteration of what a network states, for "what if": a stated
// figure set or scaled, or something cut off. Make one with ParseSet or ParseCut.
type Change struct {
	text   string // as written
	cut    bool
	table  string // "" in a cut: any
	row    string // ID
	where  []condition
	column string
	op     byte // '=', '*', '+', '-'
	value  string
}

// condition on a row: the cell of column reads value.
type condition struct{ column, value string }

// String returns the change as it was written.
func (c Change) String() string { return c.text }

// IsCut tells whether the change cuts something off.
func (c Change) IsCut() bool { return c.cut }

// ChangeError is a change that cannot be made.
type ChangeError struct {
	Change string // as written
	Mistake
}

// Error returns the English sentence after the change.
func (e *ChangeError) Error() string { return e.In("en") }

// In returns the sentence in a language, after the change.
func (e *ChangeError) In(lang string) string {
	key := e.Code
	if _, ok := changeSentences[key+nearestSuffix]; ok && e.Nearest != "" {
		key += nearestSuffix
	}
	s, ok := changeSentences[key]
	if !ok {
		return mistake.Short(e.Change) + ": " + e.Mistake.In(lang)
	}
	return strings.NewReplacer("{found}", mistake.Short(e.Found), "{expected}", mistake.Short(e.Expected), "{nearest}", mistake.Short(e.Nearest)).
		Replace(mistake.Short(e.Change) + ": " + s.In(lang))
}

// Codes of mistakes in changes.
const (
	CodeChangeForm   Code = "change-form"
	CodeChangeTable  Code = "change-table"
	CodeChangeColumn Code = "change-column"
	CodeChangeRow    Code = "change-row"
	CodeChangeNoID   Code = "change-without-id"
	CodeChangeEmpty  Code = "change-of-nothing"
	CodeChangeNumber Code = "change-of-no-number"
	CodeCutUnknown   Code = "cut-unknown"
	CodeCutAmbiguous Code = "cut-ambiguous"
	CodeCutTable     Code = "cut-table"
)

var changeSentences = map[Code]DeEn{
	CodeChangeForm: {
		`das ist keine Änderung; schreibe TABELLE.ZEILE.SPALTE=WERT oder TABELLE[SPALTE=WERT].SPALTE=WERT, zum Vervielfachen *=1.1`,
		`this is no change; write TABLE.ROW.COLUMN=VALUE or TABLE[COLUMN=VALUE].COLUMN=VALUE, to scale *=1.1`,
	},
	CodeChangeTable:                  {`unbekannte Tabelle „{found}“; es gibt {expected}`, `unknown table "{found}"; there are {expected}`},
	CodeChangeTable + nearestSuffix:  {`unbekannte Tabelle „{found}“; meintest du „{nearest}“?`, `unknown table "{found}"; did you mean "{nearest}"?`},
	CodeChangeColumn:                 {`unbekannte Spalte „{found}“; es gibt {expected}`, `unknown column "{found}"; there are {expected}`},
	CodeChangeColumn + nearestSuffix: {`unbekannte Spalte „{found}“; meintest du „{nearest}“?`, `unknown column "{found}"; did you mean "{nearest}"?`},
	CodeChangeRow:                    {`keine Zeile „{found}“`, `no row "{found}"`},
	CodeChangeRow + nearestSuffix:    {`keine Zeile „{found}“; meintest du „{nearest}“?`, `no row "{found}"; did you mean "{nearest}"?`},
	CodeChangeNoID:                   {`die Zeilen von „{found}“ haben keine Kennung; wähle sie so: {expected}`, `the rows of "{found}" have no IDs; choose them like this: {expected}`},
	CodeChangeEmpty:                  {`hier steht keine Zahl, die sich ändern ließe; setze sie mit =`, `there is no figure here to change; set one with =`},
	CodeChangeNumber:                 {`„{found}“ lässt sich nur mit = setzen, nicht vervielfachen oder vermehren`, `"{found}" can only be set with =, not scaled or added to`},
	CodeCutUnknown: {
		`nichts heißt „{found}“, das wegfallen könnte; möglich sind Mitglieder, Orte, Güter, Rezepte, Wege, Handel, Fertigkeiten, Arbeitsangebote, Bedürfnisse, Grenzen und Zusagen`,
		`nothing that can be cut is called "{found}"; agents, sites, products, recipes, links, trade, skills, work offers, needs, limits and commitments can`,
	},
	CodeCutUnknown + nearestSuffix: {`nichts heißt „{found}“; meintest du „{nearest}“?`, `nothing is called "{found}"; did you mean "{nearest}"?`},
	CodeCutAmbiguous:               {`„{found}“ heißt mehreres; schreibe {expected}`, `"{found}" names several things; write {expected}`},
	CodeCutTable:                   {`aus der Tabelle „{found}“ kann nichts wegfallen; möglich: {expected}`, `nothing of table "{found}" can be cut; possible: {expected}`},
}

func changeError(text string, m Mistake) error { return &ChangeError{Change: text, Mistake: m} }

// ParseSet reads a change of stated figures:
//
//	work.baking-north.hours=40               a row by its ID
//	work[skill=baking,agent=north].hours=40  every row that has these values
//	work[].hours*=0.9                        every row, scaled; also =*0.9
//	stocks[product=flour].start+=500         added; -= takes away
//	needs.n7.quantity=600 g                  in a unit of its own
//	network.money_per_hour=12                a setting of the network as a whole
//
// Names of tables and columns are checked here, those of rows by With. Rows
// that share an ID change together. Quantities without a unit are in the unit
// of what they measure.
func ParseSet(text string) (Change, error) {
	c := Change{text: text, op: '='}
	left, value, ok := cutSetting(text)
	if !ok {
		return c, changeError(text, Mistake{Code: CodeChangeForm})
	}
	c.value = strings.TrimSpace(value)
	if k := len(left) - 1; k >= 0 && strings.IndexByte("*+-", left[k]) >= 0 {
		c.op, left = left[k], left[:k]
	} else if v, scaled := strings.CutPrefix(c.value, "*"); scaled {
		c.op, c.value = '*', strings.TrimSpace(v)
	}
	if !c.selector(strings.TrimSpace(left)) {
		return c, changeError(text, Mistake{Code: CodeChangeForm})
	}
	return c, c.names()
}

// cutSetting cuts at the first "=" outside brackets.
func cutSetting(text string) (left, value string, ok bool) {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '=':
			if depth == 0 {
				return text[:i], text[i+1:], true
			}
		}
	}
	return "", "", false
}

// selector reads TABLE.ROW.COLUMN, TABLE[CONDITIONS].COLUMN or network.KEY.
func (c *Change) selector(s string) bool {
	k := strings.IndexAny(s, ".[")
	if k <= 0 {
		return false
	}
	c.table = s[:k]
	if s[k] == '[' {
		conditions, column, ok := strings.Cut(s[k+1:], "].")
		if !ok || column == "" {
			return false
		}
		c.column, c.where = column, []condition{}
		for part := range strings.SplitSeq(conditions, ",") {
			name, value, ok := strings.Cut(part, "=")
			if !ok && strings.TrimSpace(part) != "" {
				return false
			}
			if ok {
				c.where = append(c.where, condition{strings.TrimSpace(name), strings.TrimSpace(value)})
			}
		}
		return true
	}
	rest := s[k+1:]
	last := strings.LastIndexByte(rest, '.')
	if c.table == SettingsTable && last < 0 {
		c.column = rest
		return rest != ""
	}
	if last <= 0 || last == len(rest)-1 {
		return false
	}
	c.row, c.column = rest[:last], rest[last+1:]
	return true
}

// names checks the table and the columns named.
func (c *Change) names() error {
	if c.table == SettingsTable {
		if _, ok := settingSetters[c.column]; !ok {
			return c.unknownColumn(c.column, slices.Sorted(maps.Keys(settingSetters)))
		}
		return nil
	}
	t := TableNamed(c.table)
	if t == nil {
		all := []string{SettingsTable}
		for i := range Tables {
			all = append(all, Tables[i].Name)
		}
		return changeError(c.text, Mistake{Code: CodeChangeTable, Found: c.table, Expected: strings.Join(all, ", "), Nearest: mistake.Nearest(c.table, all)})
	}
	for _, name := range append([]string{c.column}, columnsOf(c.where)...) {
		if t.Column(name) < 0 {
			var all []string
			for i := range t.Columns {
				all = append(all, t.Columns[i].Name)
			}
			return c.unknownColumn(name, all)
		}
	}
	if c.where == nil && t.Column("id") < 0 {
		first := t.Columns[0].Name
		return changeError(c.text, Mistake{Code: CodeChangeNoID, Found: t.Name, Expected: t.Name + "[" + first + "=" + cmp.Or(c.row, "…") + "]." + c.column})
	}
	return nil
}

func (c *Change) unknownColumn(name string, all []string) error {
	return changeError(c.text, Mistake{Code: CodeChangeColumn, Found: name, Expected: strings.Join(all, ", "), Nearest: mistake.Nearest(name, all)})
}

func columnsOf(where []condition) []string {
	var names []string
	for _, w := range where {
		names = append(names, w.column)
	}
	return names
}

// With returns a copy of a normalised network in which the changes are made,
// one after the other, and normalises it. The network itself stays as it is.
// Every change that cannot be made is reported, as a *ChangeError; what a
// change makes of the network is for Validate to judge.
func (n *Network) With(changes ...Change) (*Network, error) {
	m := n.clone()
	var errs []error
	for _, c := range changes {
		var err error
		switch {
		case c.cut:
			err = m.cutOff(c)
		case c.table == SettingsTable:
			err = m.setSetting(c)
		default:
			err = m.setCells(c)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	m.Normalise()
	return m, nil
}

// clone copies the network so far that Normalise and changes of rows leave n alone.
func (n *Network) clone() *Network {
	m := *n
	v := reflect.ValueOf(&m).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.Len() > 0 {
			c := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
			reflect.Copy(c, f)
			f.Set(c)
		}
	}
	m.Urgencies = slices.Clone(n.Urgencies)
	m.Ladders = maps.Clone(n.Ladders)
	for name, l := range m.Ladders {
		l = slices.Clone(l)
		for i := range l {
			l[i].Sets, l[i].Terms = slices.Clone(l[i].Sets), slices.Clone(l[i].Terms)
		}
		m.Ladders[name] = l
	}
	return &m
}

// setCells changes a column in every row chosen.
func (n *Network) setCells(c Change) error {
	t := TableNamed(c.table)
	cur, column := t.Cursor(n), t.Column(c.column)
	where := c.where
	if where == nil {
		where = []condition{{"id", c.row}}
	}
	found := false
	for i := range cur.Len() {
		cur.Load(i)
		if !slices.ContainsFunc(where, func(w condition) bool { return cellText(cur.Field(t.Column(w.column))) != w.value }) {
			found = true
			if err := c.setCell(cur, column); err != nil {
				return err
			}
			cur.Store(i)
		}
	}
	if !found {
		return n.noRow(c, cur, where)
	}
	return nil
}

// noRow says that nothing was chosen, and which value was likely meant.
func (n *Network) noRow(c Change, cur *Cursor, where []condition) error {
	m := Mistake{Code: CodeChangeRow, Found: c.row}
	if c.where != nil {
		_, rest, _ := strings.Cut(c.text, "[")
		m.Found, _, _ = strings.Cut(rest, "]")
	}
	for _, w := range where {
		column, known := cur.Table.Column(w.column), []string{}
		for i := range cur.Len() {
			cur.Load(i)
			if cell := cellText(cur.Field(column)); cell == w.value {
				known = nil
				break
			} else if known != nil {
				known = append(known, cell)
			}
		}
		if m.Nearest = mistake.Nearest(w.value, known); m.Nearest != "" {
			break
		}
	}
	return changeError(c.text, m)
}

// cellText is a cell as one writes it.
func cellText(field any) string {
	switch f := field.(type) {
	case *string:
		return *f
	case *float64:
		return strconv.FormatFloat(*f, 'g', -1, 64)
	case **float64:
		if *f == nil {
			return ""
		}
		return strconv.FormatFloat(**f, 'g', -1, 64)
	case *int:
		return strconv.Itoa(*f)
	case *bool:
		if *f {
			return "yes"
		}
		return "no"
	case *Periods:
		return f.String()
	case *Span:
		return f.String()
	}
	return ""
}
