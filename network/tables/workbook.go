package tables

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/xuri/excelize/v2"

	"bremen/internal/mistake"
	"bremen/network"
)

// Limits of a workbook.
const (
	maxWorkbook = 1 << 30  // bytes when unpacked
	inMemory    = 64 << 20 // bytes of a sheet above which it is unpacked to disk
)

// ReadWorkbook reads an XLSX workbook as Read does; name is for messages.
// Formulas count by the value last computed. Sheets and columns whose name
// begins with # or _ are passed over.
func ReadWorkbook(in io.Reader, name string) (n *network.Network, err error) {
	r := newReader()
	w := &workbook{reader: r, name: name}
	defer func() {
		if p := recover(); p != nil { // a mistake of the library on a damaged file
			n, err = nil, w.damaged(fmt.Errorf("%v", p))
		}
	}()
	w.file, err = excelize.OpenReader(in, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: inMemory})
	if err != nil {
		return nil, w.damaged(err)
	}
	defer w.file.Close()
	if props, err := w.file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		w.date1904 = *props.Date1904
	}
	if err := w.sheets(); err != nil {
		return nil, w.damaged(err)
	}
	if r.n.ID == "" {
		r.n.ID = strings.TrimSuffix(strings.TrimSuffix(name, ".xlsx"), ".XLSX")
	}
	return r.finish()
}

// workbook is a file being read.
type workbook struct {
	*reader
	name     string
	file     *excelize.File
	date1904 bool
}

func (w *workbook) damaged(err error) error {
	return network.Problems{{
		Position: network.Position{File: w.name},
		Mistake:  network.Mistake{Code: network.CodeWorkbook, Found: err.Error()},
	}}
}

func (w *workbook) sheets() error {
	settings := false
	for _, sheet := range w.file.GetSheetList() {
		if !settingsNamed(sheet) {
			continue
		}
		if settings {
			w.problem(w.name, sheet, 0, network.SettingsTable, "", network.Mistake{Code: network.CodeDuplicateTable, Found: sheet})
			continue
		}
		settings = true
		if err := w.settings(sheet); err != nil {
			return err
		}
	}
	for _, sheet := range w.file.GetSheetList() {
		if settingsNamed(sheet) || ignored(sheet) {
			continue
		}
		if err := w.sheet(sheet); err != nil {
			return err
		}
	}
	if !settings && len(w.seen) == 0 && len(w.problems) == 0 {
		w.problem(w.name, "", 0, "", "", network.Mistake{Code: network.CodeNoTables, Expected: "needs"})
	}
	return nil
}

// each calls f for the rows of a sheet that are not blank, with their number.
func (w *workbook) each(sheet string, f func(line int, cells []string) (more bool)) error {
	rows, err := w.file.Rows(sheet)
	if err != nil {
		var none excelize.ErrSheetNotExist
		if errors.As(err, &none) || strings.Contains(err.Error(), "not exist") {
			return nil // a chart sheet
		}
		return err
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return err
		}
		if blank(cells) {
			continue
		}
		if !f(line, cells) {
			return nil
		}
	}
	return rows.Error()
}

func (w *workbook) sheet(sheet string) error {
	t := tableNamed(sheet)
	if t == nil {
		blankSheet := true
		err := w.each(sheet, func(int, []string) bool { blankSheet = false; return false })
		if !blankSheet {
			w.problem(w.name, sheet, 0, "", "", unknownTable(sheet))
		}
		return err
	}
	if w.seen[t.Name] {
		w.problem(w.name, sheet, 0, t.Name, "", network.Mistake{Code: network.CodeDuplicateTable, Found: sheet})
		return nil
	}
	w.seen[t.Name] = true
	s := sheetReader{workbook: w, sheet: sheet, table: t, formulas: w.hasFormulas(sheet)}
	return w.each(sheet, s.row)
}

// hasFormulas tells whether a sheet may have formulas; those without a stored value are reported.
func (w *workbook) hasFormulas(sheet string) bool {
	const small = 4 << 20
	index, err := w.file.GetSheetIndex(sheet)
	if err != nil || index < 0 {
		return false
	}
	found := false
	(*sync.Map)(&w.file.Pkg).Range(func(key, value any) bool {
		path, _ := key.(string)
		text, _ := value.([]byte)
		if strings.HasPrefix(path, "xl/worksheets/") && len(text) < small && (bytes.Contains(text, []byte("<f>")) || bytes.Contains(text, []byte("<f "))) {
			found = true
		}
		return !found
	})
	return found
}

// sheetReader reads the rows of one sheet.
type sheetReader struct {
	*workbook
	sheet    string
	table    *network.Table
	formulas bool

	columns []int
	row0    *row
	cursor  *network.Cursor
	count   int
}

func (s *sheetReader) report(line, column int, m network.Mistake) {
	p := network.Problem{Position: network.Position{File: s.name, Sheet: s.sheet, Line: line}, Table: s.table.Name, Mistake: m}
	if column >= 0 {
		p.Cell = fmt.Sprint(letters(column), line)
		if c := s.columns[column]; c != skip {
			p.Column = s.table.Columns[c].Name
			s.workbook.cells[cellKey{s.name, s.sheet, line, p.Column}] = true
		}
	}
	s.problems.Add(p)
}

// letters names a column of a sheet: 0 is A.
func letters(column int) string {
	name, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		return "?"
	}
	return name
}

func (s *sheetReader) row(line int, cells []string) bool {
	if s.columns == nil {
		if strings.HasPrefix(trim(cells[0]), "#") && blank(cells[1:]) {
			return true // a remark above the header
		}
		s.header(line, cells)
		return true
	}
	if strings.HasPrefix(trim(cells[0]), "#") && !isCellError(trim(cells[0])) {
		return true // a row set aside
	}
	if s.count++; s.count > maxRows {
		s.report(line, -1, network.Mistake{Code: network.CodeTooManyRows, Expected: strconv.Itoa(maxRows)})
		return false
	}
	if nothing(cells[:min(len(cells), len(s.columns))], s.columns) {
		return true // remarks beside the table
	}
	s.row0.begin()
	*s.cursor.Position() = network.Position{File: s.name, Sheet: s.sheet, Line: line}
	for i := range s.columns {
		s.cell(line, i, cells)
	}
	s.cursor.Append()
	return !s.problems.Full()
}

func (s *sheetReader) header(line int, cells []string) {
	for len(cells) > 0 && trim(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	s.columns = make([]int, len(cells))
	for i := range s.columns {
		s.columns[i] = skip
	}
	columns := readHeader(s.table, cells, func(cell int, m network.Mistake) {
		s.report(line, cell, m)
		if cell == skip {
			s.workbook.cells[cellKey{file: s.name, sheet: s.sheet, column: m.Found}] = true
		}
	})
	s.columns = columns
	for i, c := range columns {
		if c != skip {
			s.reader.letters[cellKey{file: s.name, sheet: s.sheet, column: s.table.Columns[c].Name}] = letters(i)
		}
	}
	s.cursor = s.table.Cursor(s.n)
	s.row0 = newRow(s.cursor, dialect{workbook: true, date1904: s.date1904, calendar: s.n.Calendar}, s.names)
}

func (s *sheetReader) cell(line, i int, cells []string) {
	column := s.columns[i]
	if column == skip {
		return
	}
	text := ""
	if i < len(cells) {
		text = trim(cells[i])
	}
	switch {
	case text == "" && s.formulas:
		if f, err := s.file.GetCellFormula(s.sheet, fmt.Sprint(letters(i), line)); err == nil && f != "" {
			s.report(line, i, network.Mistake{Code: network.CodeFormula, Found: "=" + strings.TrimPrefix(f, "=")})
		}
	case text == "":
	case isCellError(text):
		s.report(line, i, network.Mistake{Code: network.CodeCellError, Found: text})
	default:
		if err := s.row0.set[column](text); err != nil {
			s.report(line, i, asMistake(err))
		}
	}
}

// isCellError tells whether a cell shows that its formula failed.
func isCellError(text string) bool {
	switch text {
	case "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "Err:502", "Err:508", "Err:509", "Err:522":
		return true
	}
	return false
}

// settings reads the sheet of keys and values. A key is the path of a setting
// ("calendar.start", "ladders.default"); lists and ladders are YAML in one cell.
func (w *workbook) settings(sheet string) error {
	type entry struct {
		line       int
		key, value string
	}
	var entries []entry
	err := w.each(sheet, func(line int, cells []string) bool {
		key := trim(cells[0])
		if key == "" || ignored(key) || len(entries) == 0 && (normal(key) == "key" || normal(key) == "schlüssel") {
			return true
		}
		value := ""
		if len(cells) > 1 {
			value = trim(cells[1])
		}
		entries = append(entries, entry{line, key, value})
		return len(entries) < 10_000
	})
	s := &settingsReader{}
	d := dialect{workbook: true, date1904: w.date1904}
	seen := map[string]bool{}
	for _, first := range []bool{true, false} { // the calendar before what is read by it
		for _, e := range entries {
			if strings.HasPrefix(e.key, "calendar") != first {
				continue
			}
			s.report = func(line int, key string, m network.Mistake) {
				w.problem(w.name, sheet, e.line, network.SettingsTable, key, m)
			}
			w.at[e.key] = network.Position{File: w.name, Sheet: sheet, Line: e.line}
			if seen[e.key] {
				s.report(e.line, e.key, network.Mistake{Code: network.CodeDuplicateKey, Found: e.key})
				continue
			}
			seen[e.key] = true
			if e.key == "calendar.start" {
				e.value = d.day(e.value)
			}
			s.entry(reflect.ValueOf(&w.n.Settings).Elem(), e.key, e.key, e.value)
		}
		s.calendar = w.n.Calendar
	}
	return err
}

// entry sets what a path leads to.
func (s *settingsReader) entry(v reflect.Value, path, key, value string) {
	if value == "" {
		return
	}
	head, rest, _ := strings.Cut(path, ".")
	switch {
	case path == "":
		s.leaf(v, key, value)
	case v.Type() == reflect.TypeFor[network.Text]():
		if v.IsNil() {
			v.Set(reflect.ValueOf(network.Text{}))
		}
		v.Interface().(network.Text)[path] = value
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		f := fieldOfKey(v, head)
		if !f.IsValid() {
			keys := keysOf(v.Type())
			s.report(0, key, network.Mistake{Code: network.CodeUnknownKey, Found: head, Expected: strings.Join(keys, ", "), Nearest: mistake.Nearest(head, keys)})
			return
		}
		s.entry(f, rest, key, value)
	case v.Kind() == reflect.Map:
		e := reflect.New(v.Type().Elem()).Elem()
		s.leaf(e, key, value)
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		v.SetMapIndex(reflect.ValueOf(path), e)
	default:
		s.report(0, key, network.Mistake{Code: network.CodeUnknownKey, Found: rest})
	}
}

// leaf reads a value: a plain one as it stands, any other as YAML.
func (s *settingsReader) leaf(v reflect.Value, key, value string) {
	switch {
	case v.Type() == reflect.TypeFor[network.Text]():
		v.Set(reflect.ValueOf(network.Plain(value)))
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time](), v.Kind() == reflect.Map, v.Kind() == reflect.Slice:
		if body := s.parse([]byte(value), 1, key); body != nil {
			s.value(body, v, key, 0)
		}
	default:
		if err := s.set(v, value); err != nil {
			s.report(0, key, asMistake(err))
		}
	}
}
