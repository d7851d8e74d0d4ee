package tables

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"bremen/network"
)

// templateRows is how many rows of a template offer choices.
const templateRows = 2_000

// Template writes an empty workbook for people who begin with a spreadsheet
// only: a sheet per table with the headers in a language ("de" or "en"), what
// each column means as a comment on its header, lists to choose from where
// there are choices or references, and a sheet "_readme" that says where to start.
func Template(w io.Writer, lang string) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.file.Close()
	t := template{book: b, lang: lang}
	if err := t.settings(); err != nil {
		return err
	}
	for i := range network.Tables {
		if err := t.table(&network.Tables[i]); err != nil {
			return fmt.Errorf("template: table %s: %w", network.Tables[i].Name, err)
		}
	}
	for i := range network.Tables { // when every sheet that lists refer to is there
		if err := t.lists(&network.Tables[i]); err != nil {
			return fmt.Errorf("template: table %s: %w", network.Tables[i].Name, err)
		}
	}
	if err := t.readme(); err != nil {
		return err
	}
	return b.write(w)
}

type template struct {
	*book
	lang string
}

// sheetName is a table's name in the language of the template.
func (t template) sheetName(table *network.Table) string {
	if t.lang == "de" {
		return table.Title.De
	}
	return table.Name
}

func (t template) header(c *network.Column) string {
	if t.lang == "de" {
		return c.De.Name
	}
	return c.Name
}

// templateSettings are the settings a newcomer meets, with a value to begin with.
var templateSettings = []struct {
	key, value string
	explain    network.DeEn
}{
	{"network", "", network.DeEn{De: "kurzer Name des Netzwerks", En: "short name of the network"}},
	{"title.de", "", network.DeEn{De: "wie es auf Deutsch heißt", En: "its name in German"}},
	{"title.en", "", network.DeEn{De: "wie es auf Englisch heißt", En: "its name in English"}},
	{"calendar.start", "2027-01-04", network.DeEn{De: "erster Tag, JJJJ-MM-TT oder T.M.JJJJ", En: "first day, YYYY-MM-DD"}},
	{"calendar.unit", "week", network.DeEn{De: "Tag, Woche, Monat, Quartal oder Jahr", En: "day, week, month, quarter or year"}},
	{"calendar.periods", "12", network.DeEn{De: "wie viele Zeitabschnitte geplant werden", En: "how many periods are planned"}},
	{"currency", "EUR", network.DeEn{De: "Geld; leer: ohne Geld", En: "money; empty: without money"}},
	{"money_per_hour", "", network.DeEn{De: "wie viel Geld eine Stunde der Last 1 wiegt", En: "what one hour of burden 1 weighs in money"}},
	{"allowance", "", network.DeEn{De: "twice-median, stated oder none; leer: twice-median", En: "twice-median, stated or none; empty: twice-median"}},
	{"counting", "", network.DeEn{De: "once oder all; leer: once", En: "once or all; empty: once"}},
	{"urgencies", "", network.DeEn{De: "eigene Stufen als Liste: [{id: vital}, {id: wish}]; leer: vital, important, wish", En: "own levels as a list: [{id: vital}, {id: wish}]; empty: vital, important, wish"}},
}

func (t template) settings() error {
	sw, err := t.file.NewStreamWriter(network.SettingsTable)
	if err != nil {
		return err
	}
	if err := sw.SetColWidth(1, 3, 28); err != nil {
		return err
	}
	head := []any{"key", "value", "#"}
	for i := range head {
		head[i] = excelize.Cell{StyleID: t.bold, Value: head[i]}
	}
	if err := sw.SetRow("A1", head); err != nil {
		return err
	}
	for i, s := range templateSettings {
		row := []any{excelize.Cell{StyleID: t.text, Value: s.key}, excelize.Cell{StyleID: t.text, Value: s.value}, s.explain.In(t.lang)}
		if err := sw.SetRow(cellName(0, i+2), row); err != nil {
			return err
		}
	}
	return sw.Flush()
}

func (t template) table(table *network.Table) error {
	sheet := t.sheetName(table)
	if _, err := t.file.NewSheet(sheet); err != nil {
		return err
	}
	for i := range table.Columns {
		c := &table.Columns[i]
		if err := t.column(sheet, i, c); err != nil {
			return err
		}
	}
	return t.file.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (t template) column(sheet string, i int, c *network.Column) error {
	name := letters(i)
	style := t.text
	switch c.Type {
	case network.TypeNumber, network.TypeShare, network.TypeCount:
		style = t.number
	}
	if err := t.file.SetColStyle(sheet, name, style); err != nil {
		return err
	}
	if err := t.file.SetColWidth(sheet, name, name, max(12, float64(len(t.header(c))+3))); err != nil {
		return err
	}
	if err := t.file.SetCellStr(sheet, name+"1", t.header(c)); err != nil {
		return err
	}
	if err := t.file.SetCellStyle(sheet, name+"1", name+"1", t.bold); err != nil {
		return err
	}
	return t.file.AddComment(sheet, excelize.Comment{
		Cell: name + "1", Author: "bremen", Width: 260, Height: 130,
		Paragraph: []excelize.RichTextRun{{Text: Explain(c, t.lang)}},
	})
}

// Explain says in a language what a column holds: its meaning, unit, default, and whether it must be filled.
func Explain(c *network.Column, lang string) string {
	words, labels := c.En, columnLabels["en"]
	if lang == "de" {
		words, labels = c.De, columnLabels["de"]
	}
	parts := []string{words.Explain}
	add := func(label, value string) {
		if value != "" {
			parts = append(parts, label+": "+value)
		}
	}
	add(labels.unit, c.Unit)
	if c.Type == network.TypeChoice {
		add(labels.choices, c.Describe())
	}
	if c.Type == network.TypeRef {
		add(labels.refs, strings.Join(c.Refs, ", "))
	}
	if c.Required {
		parts = append(parts, labels.required)
	} else if c.Default != "" {
		add(labels.empty, c.Default)
	} else {
		add(labels.empty, c.Rule.In(lang))
	}
	return strings.Join(parts, "\n")
}

// columnLabels are the words of Explain.
var columnLabels = map[string]struct{ unit, choices, refs, required, empty string }{
	"de": {"Einheit", "möglich", "Kennung aus", "muss ausgefüllt sein", "leer bedeutet"},
	"en": {"unit", "possible", "ID from", "must be filled in", "empty means"},
}

// lists gives columns of choices and references a list to choose from. Other values may be typed: they may come later.
func (t template) lists(table *network.Table) error {
	sheet := t.sheetName(table)
	for i := range table.Columns {
		c := &table.Columns[i]
		dv := excelize.NewDataValidation(true)
		dv.SetSqref(fmt.Sprintf("%s2:%s%d", letters(i), letters(i), templateRows))
		switch other := listed(c); {
		case other != nil:
			dv.SetSqrefDropList(fmt.Sprintf("'%s'!$A$2:$A$%d", t.sheetName(other), templateRows))
		case len(t.choices(c)) > 0:
			if err := dv.SetDropList(t.choices(c)); err != nil {
				return err
			}
		default:
			continue
		}
		if err := t.file.AddDataValidation(sheet, dv); err != nil {
			return err
		}
	}
	return nil
}

// listed is the table whose IDs a column is filled from, nil if there are several.
func listed(c *network.Column) *network.Table {
	if c.Type != network.TypeRef || len(c.Refs) != 1 {
		return nil
	}
	return network.TableNamed(c.Refs[0])
}

// choices are the values a column offers, in the language of the template.
func (t template) choices(c *network.Column) []string {
	var out []string
	switch {
	case c.Type == network.TypeChoice && t.lang == "de":
		for _, choice := range c.Choices {
			out = append(out, choice.De)
		}
	case c.Type == network.TypeChoice:
		out = c.ChoiceIDs()
	case c.Type == network.TypeFlag && t.lang == "de":
		out = []string{"ja", "nein"}
	case c.Type == network.TypeFlag:
		out = []string{"yes", "no"}
	case c.Type == network.TypeRef && c.Refs[0] == "urgencies":
		for _, u := range network.DefaultUrgencies() {
			out = append(out, u.Title.In(t.lang))
		}
	}
	return out
}

// readmeTexts say where to start.
var readmeTexts = map[string][]string{
	"de": {
		"So entsteht ein Netzwerk mit einer Tabellendatei:",
		"1. Blatt network: Name und Kalender.",
		"2. Mitglieder und Güter: wer dabei ist, und was es gibt, jeweils mit einer kurzen Kennung.",
		"3. Bedürfnisse: wer was braucht, wie viel, wann, wie dringend.",
		"4. Rezepte und Flüsse: wer was woraus macht. Arbeitsangebote: wer wie viele Stunden gibt. Vorräte: was da ist.",
		"5. Speichern und prüfen: bremen check DATEI.xlsx, dann planen: bremen plan DATEI.xlsx",
		"Jede Spalte erklärt sich in der Notiz an ihrem Kopf. Leere Blätter und Spalten dürfen bleiben oder gelöscht werden.",
		"Zeiträume: 1..3 oder 1,4..6 oder 2027-05-03..2027-06-01; leer heißt immer.",
		"Was mit # oder _ beginnt (Blatt, Spalte, Zeile), wird übergangen.",
	},
	"en": {
		"How a network comes from a spreadsheet:",
		"1. Sheet network: name and calendar.",
		"2. agents and products: who takes part, and what there is, each with a short ID.",
		"3. needs: who needs what, how much, when, how urgently.",
		"4. recipes and flows: who makes what from what. work: who gives how many hours. stocks: what is there.",
		"5. Save and check: bremen check FILE.xlsx, then plan: bremen plan FILE.xlsx",
		"Every column explains itself in the note at its header. Empty sheets and columns may stay or be deleted.",
		"Periods: 1..3 or 1,4..6 or 2027-05-03..2027-06-01; empty means always.",
		"What begins with # or _ (sheet, column, row) is passed over.",
	},
}

func (t template) readme() error {
	const sheet = "_readme"
	if _, err := t.file.NewSheet(sheet); err != nil {
		return err
	}
	lines := readmeTexts["en"]
	if t.lang == "de" {
		lines = readmeTexts["de"]
	}
	for i, line := range lines {
		if err := t.file.SetCellStr(sheet, cellName(0, i+1), line); err != nil {
			return err
		}
	}
	next := len(lines) + 2
	for i := range network.Tables {
		table := &network.Tables[i]
		if err := t.file.SetCellStr(sheet, cellName(0, next+i), t.sheetName(table)+": "+table.Explain.In(t.lang)); err != nil {
			return err
		}
	}
	return t.file.SetColWidth(sheet, "A", "A", 110)
}
