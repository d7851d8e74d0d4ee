package tables

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"bremen/network"
)

// csvFile reads one table from a CSV text.
type csvFile struct {
	name     string
	table    *network.Table
	problems *network.Problems
	broken   map[string]bool  // told of the table if rows are lost
	cells    map[cellKey]bool // where a mistake was found, so that no other is reported there

	size    int64 // bytes of the file, 0 when unknown
	guard   *guard
	comma   bool // separated by semicolon, decimal comma
	csv     *csv.Reader
	before  int // lines before those that csv sees
	columns []int
}

// read appends the rows of the text to the table of n. It returns errors of
// reading only; mistakes go to problems.
func (f *csvFile) read(r io.Reader, n *network.Network, names *intern) error {
	g, err := newGuard(r)
	f.guard = g
	if err == nil {
		err = f.begin(g)
	}
	if err == nil {
		err = f.rows(n, names)
	}
	var le *lineError
	if errors.As(err, &le) {
		f.lost(le.line, le.Mistake)
		return nil
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (f *csvFile) report(line int, column string, m network.Mistake) {
	f.problems.Add(network.Problem{Position: network.Position{File: f.name, Line: line}, Table: f.table.Name, Column: column, Mistake: m})
	if column != "" {
		f.cells[cellKey{f.name, "", line, column}] = true
	}
}

// lost reports a mistake by which rows are lost.
func (f *csvFile) lost(line int, m network.Mistake) {
	f.broken[f.table.Name] = true
	f.report(line, "", m)
}

// begin finds the header, and by it the separator.
func (f *csvFile) begin(g *guard) error {
	var header string
	separator := rune(0)
	for header == "" {
		raw, err := g.nextLine()
		if err != nil {
			if errors.Is(err, io.EOF) {
				f.lost(max(g.line, 1), network.Mistake{Code: network.CodeNoHeader, Expected: columnNames(f.table)})
			}
			return err
		}
		line := strings.TrimSpace(string(raw))
		switch {
		case line == "" || strings.HasPrefix(line, "#") || strings.Trim(line, ",;") == "":
		case len(line) == 5 && strings.HasPrefix(line, "sep="): // as some spreadsheets write
			separator = rune(line[4])
		default:
			header = line
		}
	}
	if separator == 0 {
		separator = f.separator(header)
	}
	if separator != ',' && separator != ';' {
		f.lost(g.line, network.Mistake{Code: network.CodeSeparator, Found: header})
		return io.EOF
	}
	f.comma = separator == ';'
	f.before = g.line
	cells, err := newCSV(strings.NewReader(header), separator).Read()
	if err != nil {
		f.lost(g.line, network.Mistake{Code: network.CodeQuote})
		return io.EOF
	}
	f.columns = readHeader(f.table, cells, func(cell int, m network.Mistake) {
		f.report(g.line, "", m)
		f.cells[cellKey{file: f.name, column: m.Found}] = true
	})
	f.csv = newCSV(g, separator)
	f.csv.ReuseRecord = true
	f.csv.Comment = '#'
	return nil
}

func newCSV(r io.Reader, separator rune) *csv.Reader {
	c := csv.NewReader(r)
	c.Comma = separator
	c.FieldsPerRecord = -1
	return c
}

// separator chooses the one by which the header has more known columns.
func (f *csvFile) separator(header string) rune {
	known := func(sep string) int {
		n := 0
		for _, h := range strings.Split(header, sep) {
			if columnNamed(f.table, strings.Trim(h, `"`)) >= 0 {
				n++
			}
		}
		return n
	}
	switch c, s := known(","), known(";"); {
	case s > c, s == c && strings.Count(header, ";") > strings.Count(header, ","):
		return ';'
	case c == 0 && strings.Contains(header, "\t"):
		return '\t'
	}
	return ','
}

func (f *csvFile) rows(n *network.Network, names *intern) error {
	cursor := f.table.Cursor(n)
	r := newRow(cursor, dialect{comma: f.comma, calendar: n.Calendar}, names)
	for count := 0; ; {
		record, err := f.csv.Read()
		var pe *csv.ParseError
		switch {
		case errors.As(err, &pe):
			f.lost(f.before+pe.StartLine, network.Mistake{Code: network.CodeQuote})
			continue
		case err != nil:
			return err
		case nothing(record, f.columns):
			continue
		}
		line, _ := f.csv.FieldPos(0)
		line += f.before
		if count++; count > maxRows {
			f.lost(line, network.Mistake{Code: network.CodeTooManyRows, Expected: strconv.Itoa(maxRows)})
			return io.EOF
		}
		if count == sample {
			cursor.Grow(f.more(count))
		}
		f.checkLength(record, line)
		r.begin()
		*cursor.Position() = network.Position{File: f.name, Line: line}
		f.fill(r, record, line)
		cursor.Append()
		if f.problems.Full() {
			return io.EOF
		}
	}
}

// sample is after how many rows the number of those to come is estimated.
const sample = 2048

// more estimates how many rows are to come.
func (f *csvFile) more(count int) int {
	rest := (f.size - f.guard.bytes) * int64(count) / max(f.guard.bytes, 1)
	return int(min(max(rest+rest/50, 0), maxRows))
}

// checkLength reports a row that has other cells than the header; empty ones at the end do no harm.
func (f *csvFile) checkLength(record []string, line int) {
	if len(record) == len(f.columns) || len(record) > len(f.columns) && blank(record[len(f.columns):]) {
		return
	}
	f.report(line, "", network.Mistake{Code: network.CodeRagged, Found: strconv.Itoa(len(record)), Expected: strconv.Itoa(len(f.columns))})
}

func (f *csvFile) fill(r *row, record []string, line int) {
	for i, cell := range record[:min(len(record), len(f.columns))] {
		column := f.columns[i]
		if column == skip {
			continue
		}
		if cell = trim(cell); cell == "" {
			continue
		}
		if err := r.set[column](cell); err != nil {
			f.report(line, f.table.Columns[column].Name, asMistake(err))
		}
	}
}

func asMistake(err error) network.Mistake {
	var m network.Mistake
	if errors.As(err, &m) {
		return m
	}
	return network.Mistake{Code: network.CodeUnreadable, Found: err.Error()}
}

// trim removes blanks around a cell; most have none.
func trim(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x80 && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return s
	}
	return strings.TrimSpace(s)
}

// nothing tells whether a row says nothing in the columns that are read.
func nothing(cells []string, columns []int) bool {
	for i, cell := range cells {
		if i >= len(columns) || columns[i] != skip {
			if cell != "" && trim(cell) != "" {
				return false
			}
		}
	}
	return true
}

func blank(record []string) bool {
	for _, cell := range record {
		if trim(cell) != "" {
			return false
		}
	}
	return true
}

// cellKey names a cell in which a mistake was found.
type cellKey struct {
	file, sheet string
	line        int
	column      string
}
