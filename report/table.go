package report

import (
	"slices"
	"strconv"
)

// table is a table as a page shows it: every text is ready to be read, in one language.
type table struct {
	ID      string
	Caption string
	Columns []column
	Rows    [][]cell
	Left    int    // rows left out here
	File    string // CSV file that holds all of them, beside the page
	FileKey string // of the sentence that names the file, where it is another than "table.file"
	Open    bool   // without a summary to hide it behind
	Shown   bool   // behind a summary, but open at first
	Note    string
}

type column struct {
	Title   string
	Numeric bool
}

// cell of a table. A bar, drawn before the text, is a share of 0..1.
type cell struct {
	Text   string
	Class  string
	HasBar bool
	Bar    float64
	Lang   string // of the text, when it is not the page's
}

// Width of the bar in its drawing, of 100.
func (c cell) Width() string { return strconv.FormatFloat(100*clamp(c.Bar), 'f', 1, 64) }

// mostRows is how many rows of a table a page shows; the CSV files hold all.
const mostRows = 120

// mostShown is up to how many rows a table may stand open at first.
const mostShown = 15

// show opens t at first if it is short.
func (t *table) show() *table {
	if t != nil {
		t.Shown = len(t.Rows) <= mostShown
	}
	return t
}

// cut leaves the first mostRows rows and says how many are left out.
func (t *table) cut() *table {
	if len(t.Rows) > mostRows {
		t.Left = len(t.Rows) - mostRows
		t.Rows = t.Rows[:mostRows]
	}
	return t
}

// columns makes columns of catalogue keys; a key that ends in "#" is of numbers.
func (p *page) columns(keys ...string) []column {
	cols := make([]column, len(keys))
	for i, k := range keys {
		if k[len(k)-1] == '#' {
			cols[i] = column{Title: p.say("col." + k[:len(k)-1]), Numeric: true}
		} else {
			cols[i] = column{Title: p.say("col." + k)}
		}
	}
	return cols
}

// row makes cells of texts.
func row(texts ...string) []cell {
	cells := make([]cell, len(texts))
	for i, t := range texts {
		cells[i].Text = t
	}
	return cells
}

// barCell is a cell whose share is drawn as a bar beside its text.
func barCell(text string, share float64) cell { return cell{Text: text, HasBar: true, Bar: share} }

// table makes an empty table; its caption stands in the catalogue under "table." and id.
func (p *page) table(id, file string, columns ...string) *table {
	return &table{ID: p.id(id + "-table"), Caption: p.say("table." + id), File: file, Columns: p.columns(columns...)}
}

// filled returns t, or nil when it has no rows. Columns in which nothing
// stands are left out.
func (t *table) filled() *table {
	if t == nil || len(t.Rows) == 0 {
		return nil
	}
	for j := len(t.Columns) - 1; j > 0; j-- {
		if !slices.ContainsFunc(t.Rows, func(r []cell) bool { return r[j].Text != "" }) {
			t.Columns = slices.Delete(t.Columns, j, j+1)
			for i := range t.Rows {
				t.Rows[i] = slices.Delete(t.Rows[i], j, j+1)
			}
		}
	}
	return t.cut()
}
