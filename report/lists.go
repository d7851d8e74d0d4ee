package report

import (
	"html/template"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"bremen/internal/wholefile"
	"bremen/network"
	"bremen/plan"
)

// Lists writes what each agent works with into dir, which it makes if it is
// missing: for every language a folder (de, en) with, per agent, a page to
// print on A4 (AGENT.html), the same as CSV (AGENT.csv) and as calendar
// (AGENT.ics, where the plan has dates), and index.html, which leads to all of
// them. The lists are: what to make, to put together, to carry, to receive, to
// hand out, to collect; shifts and who comes to help; orders by supplier with
// article numbers, packs and the last day to order; sales.
//
// Goods at a site are put on the list of the site's organisation; a site with
// none or several has its own. German CSV files have semicolons and decimal
// commas, as spreadsheets there expect. at is the time that calendars carry as
// that of their making; everything else depends on n and d only.
func Lists(dir string, n *network.Network, d *plan.Document, at time.Time) error {
	f := newFacts(n, d)
	for _, l := range Languages {
		folder := filepath.Join(dir, string(l))
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return err
		}
		all := newAgendas(f, l)
		w := &listWriter{facts: f, lang: l, folder: folder, at: at}
		if err := w.prepare(); err != nil {
			return err
		}
		for _, g := range all {
			if err := w.agenda(g); err != nil {
				return err
			}
		}
		if err := w.index(all); err != nil {
			return err
		}
	}
	return nil
}

// listWriter writes the lists of one language.
type listWriter struct {
	*facts
	lang      Language
	folder    string
	at        time.Time
	templates *template.Template
	style     string
}

func (w *listWriter) prepare() (err error) {
	if w.style, err = asset("list.css"); err != nil {
		return err
	}
	funcs := template.FuncMap{"say": w.lang.say, "lang": func() string { return string(w.lang) }}
	w.templates, err = template.New("lists").Funcs(funcs).ParseFS(templateFiles, "templates/lists.tmpl")
	return err
}

func (w *listWriter) agenda(g *agenda) error {
	path := filepath.Join(w.folder, g.file)
	if err := wholefile.Write(path+".html", 0o666, func(to io.Writer) error { return w.page(to, g) }); err != nil {
		return err
	}
	if err := wholefile.Write(path+".csv", 0o666, func(to io.Writer) error { return w.csv(to, g) }); err != nil {
		return err
	}
	if len(w.cal.starts) == 0 {
		return nil
	}
	return wholefile.Write(path+".ics", 0o666, func(to io.Writer) error { return w.calendar(to, g) })
}

// listPage is one agent's lists as a page shows them.
type listPage struct {
	Style     template.CSS
	Policy    string
	Title     string
	Network   string
	When      string
	Periods   []listPeriod
	HasEvents bool
	File      string
}

type listPeriod struct {
	ID, Title string
	Lists     []printedList
}

// printedList is one list of one period.
type printedList struct {
	Title   string
	Columns []column
	Rows    []printedRow
}

// printedRow is one thing to do; the first of those for, from or with someone is set apart.
type printedRow struct {
	Cells []string
	Apart bool
}

func (w *listWriter) page(to io.Writer, g *agenda) error {
	p := page{facts: w.facts, lang: w.lang}
	v := listPage{
		Style: template.CSS(w.style), Policy: w.policy(), Title: g.name, Network: p.title().Text,
		When: w.lang.horizon(w.cal), HasEvents: len(w.cal.starts) > 0, File: g.file,
	}
	for _, line := range g.lines {
		if k := len(v.Periods); k == 0 || v.Periods[k-1].ID != "p"+strconv.Itoa(line.period) {
			v.Periods = append(v.Periods, listPeriod{ID: "p" + strconv.Itoa(line.period), Title: w.lang.periodDated(w.cal, line.period)})
		}
		lists := &v.Periods[len(v.Periods)-1].Lists
		title := w.lang.say("list." + string(line.kind))
		if k := len(*lists); k == 0 || (*lists)[k-1].Title != title {
			*lists = append(*lists, printedList{Title: title, Columns: w.columns(line.kind)})
		}
		list := &(*lists)[len(*lists)-1]
		cells := w.cells(line)
		last := len(list.Rows) - 1
		list.Rows = append(list.Rows, printedRow{cells, last >= 0 && len(cells) > 3 && cells[0] != list.Rows[last].Cells[0]})
	}
	for i := range v.Periods {
		for j := range v.Periods[i].Lists {
			v.Periods[i].Lists[j].dropNotes()
		}
	}
	return w.templates.ExecuteTemplate(to, "list", v)
}

// dropNotes leaves out the last column, that of notes, when it is empty.
func (l *printedList) dropNotes() {
	last := len(l.Columns) - 1
	for _, r := range l.Rows {
		if r.Cells[last] != "" {
			return
		}
	}
	l.Columns = l.Columns[:last]
	for i := range l.Rows {
		l.Rows[i].Cells = l.Rows[i].Cells[:last]
	}
}

// policy forbids a page to fetch anything.
func (w *listWriter) policy() string {
	return "default-src 'none'; style-src " + hashOf(w.style) + "; base-uri 'none'; form-action 'none'"
}

func (w *listWriter) columns(k listKind) []column {
	cols := []column{{Title: w.lang.say("list.what." + string(k))}, {Title: w.lang.say("col.quantity"), Numeric: true}, {Title: w.lang.say("list.note")}}
	if k != making {
		cols = append([]column{{Title: w.lang.say("list.who." + string(k))}}, cols...)
	}
	return cols
}

func (w *listWriter) cells(line listLine) []string {
	note := line.note
	if !line.due.IsZero() {
		note = w.lang.say("list.due", "date", w.lang.weekday(line.due)+", "+w.lang.date(line.due), "note", line.note)
	}
	cells := []string{line.what, w.lang.quantity(line.quantity, line.unit), note}
	if line.kind != making {
		cells = append([]string{line.who}, cells...)
	}
	return cells
}

func (w *listWriter) index(all []*agenda) error {
	p := page{facts: w.facts, lang: w.lang}
	v := struct {
		Style   template.CSS
		Policy  string
		Network string
		When    string
		Agents  []indexEntry
		Dated   bool
	}{template.CSS(w.style), w.policy(), p.title().Text, w.lang.horizon(w.cal), nil, len(w.cal.starts) > 0}
	order := collate.New(language.Make(string(w.lang)))
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *agenda) int { return order.CompareString(a.name, b.name) })
	for _, g := range all {
		seen, names := map[listKind]bool{}, []string{}
		for _, line := range g.lines {
			seen[line.kind] = true
		}
		for _, k := range listOrder {
			if seen[k] {
				names = append(names, w.lang.say("list."+string(k)))
			}
		}
		v.Agents = append(v.Agents, indexEntry{g.name, g.file, strings.Join(names, " · ")})
	}
	return wholefile.Write(filepath.Join(w.folder, "index.html"), 0o666, func(to io.Writer) error {
		return w.templates.ExecuteTemplate(to, "index", v)
	})
}

type indexEntry struct{ Name, File, Lists string }

// csv writes an agenda for spreadsheets, as those of the language's countries read it.
func (w *listWriter) csv(to io.Writer, g *agenda) error {
	t := &csvTable{comma: ','}
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	if w.lang == German {
		t.comma, t.mark = ';', true
		number = func(x float64) string { return strings.ReplaceAll(strconv.FormatFloat(x, 'f', -1, 64), ".", ",") }
	}
	for _, key := range []string{"list.list", "col.period", "col.from", "list.until", "list.who", "col.what", "col.quantity", "list.unit", "list.by", "list.note"} {
		t.header = append(t.header, w.lang.say(key))
	}
	for _, line := range g.lines {
		from, until, due := "", "", ""
		if w.cal.dated(line.period) {
			from, until = w.cal.first(line.period).Format(time.DateOnly), w.cal.end(line.period).AddDate(0, 0, -1).Format(time.DateOnly)
		}
		if !line.due.IsZero() {
			due = line.due.Format(time.DateOnly)
		}
		t.rows = append(t.rows, []string{w.lang.say("list." + string(line.kind)), strconv.Itoa(line.period), from, until,
			harmless(line.who), harmless(line.what), number(round5(line.quantity)), harmless(line.unit), due, harmless(line.note)})
	}
	return t.write(to)
}
