package network

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bremen/internal/mistake"
)

// Problem is a mistake and where it stands.
type Problem struct {
	Position
	Table  string `json:"table,omitempty"`
	Row    int    `json:"row,omitempty"`    // number of the row within the table, from 1; 0 when it is the whole
	Column string `json:"column,omitempty"` // header, or key of network.yaml
	Cell   string `json:"cell,omitempty"`   // of a workbook, "D12"
	Mistake
}

// Error prints the place and the English sentence:
//
//	needs.csv:12: column "what": unknown product, kind or property "brot"; did you mean "bread"?
func (p Problem) Error() string { return p.In("en") }

// In prints the place and the sentence in a language.
func (p Problem) In(lang string) string {
	m := p.Mistake
	m.Expected = p.expected(lang)
	return join(": ", p.place(lang), p.column(lang), m.In(lang))
}

// described returns the column in the schema, nil where the table has no such column.
func (p Problem) described() *Column {
	t := TableNamed(p.Table)
	if t == nil || t.Column(p.Column) < 0 {
		return nil
	}
	return &t.Columns[t.Column(p.Column)]
}

// expected says in a language what a missing cell is for, or what may stand in one of choices.
func (p Problem) expected(lang string) string {
	c := p.described()
	switch {
	case c == nil:
	case p.Code == CodeMissing && p.Expected == "":
		return DeEn{c.De.Explain, c.En.Explain}.In(lang)
	case p.Code == CodeChoice && lang == "de":
		words := make([]string, 0, len(c.Choices))
		for _, choice := range c.Choices {
			words = append(words, cmp.Or(choice.De, choice.ID))
		}
		return strings.Join(words, ", ")
	}
	return p.Expected
}

// places are the forms in which a place is named, by what is known of it.
var places = map[string]DeEn{
	"line":   {"{file}:{line}", "{file}:{line}"},
	"cell":   {"{file}: Blatt {sheet}, Zelle {cell}", "{file}: sheet {sheet}, cell {cell}"},
	"row":    {"{file}: Blatt {sheet}, Zeile {line}", "{file}: sheet {sheet}, row {line}"},
	"sheet":  {"{file}: Blatt {sheet}", "{file}: sheet {sheet}"},
	"number": {"{table}, Zeile {row}", "{table}, row {row}"},
	"column": {`Spalte „{column}“`, `column "{column}"`},
	"german": {`Spalte „{german}“ ({column})`, ""}, // a file may have either for its header
	"key":    {`Schlüssel „{column}“`, `key "{column}"`},
}

func (p Problem) form(name, lang string) string {
	return strings.NewReplacer("{file}", p.File, "{sheet}", p.Sheet, "{line}", fmt.Sprint(p.Line), "{cell}", p.Cell,
		"{table}", p.Table, "{row}", fmt.Sprint(p.Row), "{column}", mistake.Short(p.Column)).Replace(places[name].In(lang))
}

func (p Problem) place(lang string) string {
	switch {
	case p.Sheet != "" && p.Cell != "":
		return p.form("cell", lang)
	case p.Sheet != "" && p.Line > 0:
		return p.form("row", lang)
	case p.Sheet != "":
		return p.form("sheet", lang)
	case p.File != "" && p.Line > 0:
		return p.form("line", lang)
	case p.File != "":
		return p.File
	case p.Row > 0:
		return p.form("number", lang)
	}
	return p.Table
}

func (p Problem) column(lang string) string {
	switch {
	case p.Column == "":
		return ""
	case p.Table == SettingsTable:
		return p.form("key", lang)
	}
	if c := p.described(); c != nil && lang == "de" && c.De.Name != c.Name {
		return strings.ReplaceAll(p.form("german", lang), "{german}", c.De.Name)
	}
	return p.form("column", lang)
}

// SettingsTable is the name of the sheet, and of the file before ".yaml", that holds Settings.
const SettingsTable = "network"

func join(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// MaxProblems is how many problems are collected at most.
const MaxProblems = 10_000

// Problems are mistakes in the order of the tables and their rows. As an error it
// prints one per line.
type Problems []Problem

// Error prints every problem on a line of its own.
func (ps Problems) Error() string {
	var b strings.Builder
	for i, p := range ps {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.Error())
	}
	return b.String()
}

// Err returns the problems as an error, nil when there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Add appends a problem unless there are
// MaxProblems; then it says so once.
func (ps *Problems) Add(p Problem) {
	switch {
	case len(*ps) < MaxProblems:
		*ps = append(*ps, p)
	case len(*ps) == MaxProblems:
		*ps = append(*ps, Problem{Mistake: Mistake{Code: CodeTooManyMistakes, Expected: fmt.Sprint(MaxProblems)}})
	}
}

// Full tells whether more problems would not be kept.
func (ps Problems) Full() bool { return len(ps) > MaxProblems }

// Sort orders problems by table, as in Tables, then row and column.
func (ps Problems) Sort() {
	place := map[string]int{SettingsTable: 1}
	for i := range Tables {
		place[Tables[i].Name] = i + 2
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		last := cmp.Compare(boolInt(a.Code == CodeTooManyMistakes), boolInt(b.Code == CodeTooManyMistakes))
		return cmp.Or(last, place[a.Table]-place[b.Table], cmp.Compare(a.File, b.File), a.Line-b.Line, a.Row-b.Row)
	})
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// AsProblems returns the problems in an error, if it holds some.
func AsProblems(err error) (Problems, bool) {
	var ps Problems
	if errors.As(err, &ps) {
		return ps, true
	}
	var p Problem
	if errors.As(err, &p) {
		return Problems{p}, true
	}
	return nil, false
}
