package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"bremen/internal/wholefile"
	"bremen/plan"
)

// Tables writes every list of the document as a CSV file into dir, which it
// makes if it is missing: needs.csv, runs.csv and so on, named by the keys of
// plan.json. Headers are those keys; numbers have a decimal point and every
// digit; lists inside a row become a file of their own, joined by the row
// number of the row they belong to (runs_mix.csv, column "runs" is the row of
// runs.csv, from 1). Lists without rows give no file. Texts that a
// spreadsheet would take for a formula begin with an apostrophe.
func Tables(dir string, d *plan.Document) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	ts := newTableSet()
	ts.structure("", reflect.ValueOf(*d))
	for _, name := range ts.order {
		t := ts.files[name]
		if len(t.rows) == 0 {
			continue
		}
		if err := wholefile.Write(filepath.Join(dir, name+".csv"), 0o666, t.write); err != nil {
			return err
		}
	}
	return nil
}

// csvTable is one file: a header and rows.
type csvTable struct {
	header []string
	rows   [][]string
	comma  rune // 0: a comma
	mark   bool // begins with a byte-order mark
}

func (t *csvTable) write(w io.Writer) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if t.comma != 0 {
		c.Comma = t.comma
	}
	if t.mark {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	}
	if err := c.Write(t.header); err != nil {
		return err
	}
	if err := c.WriteAll(t.rows); err != nil {
		return err
	}
	return c.Error()
}

type tableSet struct {
	files map[string]*csvTable
	order []string
}

func newTableSet() *tableSet { return &tableSet{files: map[string]*csvTable{}} }

// structure makes a table of every list in v, a document or a part of it that is not in a list.
func (ts *tableSet) structure(prefix string, v reflect.Value) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		field, name := v.FieldByIndex(f.Index), jsonName(f)
		if field.Kind() == reflect.Pointer {
			if !field.IsNil() {
				part := ""
				if name == "contradiction" {
					part = "contradiction_"
				}
				ts.structure(part, field.Elem())
			}
			continue
		}
		if isTable(field.Type()) {
			ts.list(prefix+name, nil, field)
		}
	}
}

// isTable reports whether a list of t's elements has columns.
func isTable(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct
}

// parentRow is the row that a list inside it belongs to.
type parentRow struct {
	table string
	row   int
}

func (ts *tableSet) list(name string, parent *parentRow, list reflect.Value) {
	t := ts.files[name]
	if t == nil {
		t = &csvTable{}
		if parent != nil {
			t.header = []string{parent.table}
		}
		t.header = append(t.header, headers("", list.Type().Elem())...)
		ts.files[name] = t
		ts.order = append(ts.order, name)
	}
	for i := range list.Len() {
		var row []string
		if parent != nil {
			row = []string{strconv.Itoa(parent.row)}
		}
		t.rows = append(t.rows, append(row, values(list.Index(i))...))
		ts.inner(name, len(t.rows), list.Index(i))
	}
}

// inner makes tables of the lists inside a row.
func (ts *tableSet) inner(name string, row int, v reflect.Value) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		if field := v.FieldByIndex(f.Index); !f.Anonymous && isTable(field.Type()) {
			ts.list(name+"_"+jsonName(f), &parentRow{name, row}, field)
		}
	}
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

var textType = reflect.TypeFor[plan.Text]()

// headers are the columns of a struct: its fields that are no tables, structs inside it spelled out.
func headers(prefix string, t reflect.Type) []string {
	var cols []string
	for _, f := range reflect.VisibleFields(t) {
		name := prefix + jsonName(f)
		switch {
		case f.Anonymous || len(f.Index) > 1 && f.Type.Kind() == reflect.Struct || isTable(f.Type):
		case f.Type == textType:
			for _, l := range Languages {
				cols = append(cols, name+"_"+string(l))
			}
		case f.Type.Kind() == reflect.Struct:
			cols = append(cols, headers(name+"_", f.Type)...)
		default:
			cols = append(cols, name)
		}
	}
	return cols
}

// values are a row's cells, in the order of headers.
func values(v reflect.Value) []string {
	var cells []string
	for _, f := range reflect.VisibleFields(v.Type()) {
		field := v.FieldByIndex(f.Index)
		switch {
		case f.Anonymous || len(f.Index) > 1 && f.Type.Kind() == reflect.Struct || isTable(f.Type):
		case f.Type == textType:
			text := field.Interface().(plan.Text)
			for _, l := range Languages {
				cells = append(cells, harmless(text[string(l)]))
			}
		case f.Type.Kind() == reflect.Struct:
			cells = append(cells, values(field)...)
		default:
			cells = append(cells, value(field))
		}
	}
	return cells
}

// value writes a field as one cell; lists are separated by spaces.
func value(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.String:
		return harmless(v.String())
	case reflect.Slice, reflect.Array:
		parts, separator := make([]string, v.Len()), " "
		for i := range v.Len() {
			parts[i] = value(v.Index(i))
		}
		if v.Kind() == reflect.Array {
			separator = "…" // a range or a point: 0…61
		}
		return strings.Join(parts, separator)
	}
	return fmt.Sprint(v.Interface())
}

// harmless keeps a spreadsheet from reading a text as a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
