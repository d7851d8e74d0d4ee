package network

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// ColumnType says what a cell of a column holds.
type ColumnType string

// Types of columns, and how a cell is written.
const (
	TypeText    ColumnType = "text"    // free text
	TypeID      ColumnType = "id"      // a short name of this row
	TypeRef     ColumnType = "ref"     // the ID of a row in one of Column.Refs
	TypeNumber  ColumnType = "number"  // decimal, at least 0 unless Signed
	TypeShare   ColumnType = "share"   // decimal from 0 to 1
	TypeCount   ColumnType = "count"   // whole number from 0
	TypeFlag    ColumnType = "flag"    // yes or no
	TypePeriods ColumnType = "periods" // "1-3,7"
	TypeSpan    ColumnType = "span"    // offset "3-8", from 0
	TypeChoice  ColumnType = "choice"  // one of Column.Choices
	TypeDate    ColumnType = "date"    // YYYY-MM-DD
)

// Words are a column's header and explanation in one language.
type Words struct{ Name, Explain string }

// Choice is one of the values a cell may have; files have the ID, the German word is read too.
type Choice struct{ ID, De string }

// Column is one attribute of a statement.
type Column struct {
	Name     string // header in files
	Type     ColumnType
	Refs     []string // tables, or "urgencies", "modes", referred to by a TypeRef
	Unit     string   // of the figures: "kg", "share", "periods", "of the product"
	Default  string   // the value of an empty cell
	Rule     DeEn     // what an empty cell means where that is no fixed value
	Required bool
	Signed   bool // may be negative
	Positive bool // must not be 0
	Choices  []Choice
	De, En   Words // En.Name is Name
}

// Table is one kind of statement: a file NAME.csv, a sheet NAME of a workbook.
type Table struct {
	Name    string
	Title   DeEn // the German title is read as a sheet's or file's name too
	Explain DeEn
	Columns []Column
	Key     []string // columns whose values together no two rows may share

	open func(*Network) rowStore
}

// Tables lists every table with its columns, in the order of files and
// documents. Validation, file headers, workbook sheets and docs/network.md
// come from it. It is not to be changed.
var Tables = []Table{
	propertiesTable, impactsTable, skillsTable, sitesTable, agentsTable,
	productsTable, contentsTable, kindsTable, profilesTable,
	needsTable, preferencesTable, ratiosTable, allowancesTable,
	recipesTable, flowsTable, blendsTable, workTable, stocksTable, storageTable,
	linksTable, linkFlowsTable, returnsTable, tradeTable, budgetsTable,
	limitsTable, commitmentsTable, assumptionsTable, sourcesTable,
}

// TableNamed returns the table of a name as in files, nil if there is none.
func TableNamed(name string) *Table {
	for i := range Tables {
		if Tables[i].Name == name {
			return &Tables[i]
		}
	}
	return nil
}

// Column returns the index of a column, -1 if there is none.
func (t *Table) Column(name string) int {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// Cursor goes through the rows of one table of a network. Its fields point to
// one row of its own, the current one, which Load and Append copy.
type Cursor struct {
	Table  *Table
	fields []any
	pos    *Position
	rows   rowStore
}

// Cursor opens the table of a network.
func (t *Table) Cursor(n *Network) *Cursor {
	rows := t.open(n)
	c := &Cursor{Table: t, rows: rows, fields: make([]any, len(t.Columns))}
	row := reflect.ValueOf(rows.current()).Elem()
	for i := range t.Columns {
		c.fields[i] = fieldPointer(row, t.Columns[i].Name)
		if c.fields[i] == nil {
			panic(fmt.Sprintf("network: table %s has a column %q that %s lacks", t.Name, t.Columns[i].Name, row.Type()))
		}
	}
	c.pos = row.FieldByName("Position").Addr().Interface().(*Position)
	return c
}

// fieldPointer finds the field tagged name. Named string types are given as *string.
func fieldPointer(row reflect.Value, name string) any {
	for i := range row.NumField() {
		f := row.Type().Field(i)
		if f.Anonymous {
			if p := fieldPointer(row.Field(i), name); p != nil {
				return p
			}
		}
		if f.Tag.Get("col") != name {
			continue
		}
		p := row.Field(i).Addr()
		if f.Type.Kind() == reflect.String {
			p = p.Convert(reflect.TypeFor[*string]())
		}
		return p.Interface()
	}
	return nil
}

// Field returns a pointer to the current row's value in a column: *string,
// *float64, **float64, *int, *bool, *Periods or *Span.
func (c *Cursor) Field(column int) any { return c.fields[column] }

// Position of the current row.
func (c *Cursor) Position() *Position { return c.pos }

// Len returns how many rows the table has.
func (c *Cursor) Len() int { return c.rows.len() }

// Load makes a copy of row i the current row.
func (c *Cursor) Load(i int) { c.rows.load(i) }

// Store overwrites row i by the current row.
func (c *Cursor) Store(i int) { c.rows.store(i) }

// Append adds the current row to the table.
func (c *Cursor) Append() { c.rows.append() }

// Grow makes room for more rows, so that as many Appends do not move the table.
func (c *Cursor) Grow(more int) { c.rows.grow(more) }

// Clear makes the current row empty.
func (c *Cursor) Clear() { c.rows.clear() }

// rowStore is the rows of one table and the cursor's current row.
type rowStore interface {
	current() any // pointer to the current row
	len() int
	load(i int)
	store(i int)
	append()
	grow(more int)
	clear()
	permute(order []int) // row i becomes what row order[i] was
}

type rowsOf[R any] struct {
	all *[]R
	row R
}

func (r *rowsOf[R]) current() any { return &r.row }
func (r *rowsOf[R]) len() int     { return len(*r.all) }
func (r *rowsOf[R]) load(i int)   { r.row = (*r.all)[i] }
func (r *rowsOf[R]) store(i int)  { (*r.all)[i] = r.row }
func (r *rowsOf[R]) append()      { *r.all = append(*r.all, r.row) }
func (r *rowsOf[R]) grow(n int)   { *r.all = slices.Grow(*r.all, n) }
func (r *rowsOf[R]) clear()       { var zero R; r.row = zero }

func (r *rowsOf[R]) permute(order []int) {
	if len(order) < 2 {
		return
	}
	sorted := make([]R, len(order))
	for i, k := range order {
		sorted[i] = (*r.all)[k]
	}
	*r.all = sorted
}

// rows tells a table where its rows are in a network.
func rows[R any](of func(*Network) *[]R) func(*Network) rowStore {
	return func(n *Network) rowStore { return &rowsOf[R]{all: of(n)} }
}

// Describe returns what a column holds in words, for documents.
func (c *Column) Describe() string {
	switch c.Type {
	case TypeRef:
		return "ref: " + strings.Join(c.Refs, ", ")
	case TypeChoice:
		ids := make([]string, len(c.Choices))
		for i, choice := range c.Choices {
			ids[i] = choice.ID
		}
		return strings.Join(ids, " | ")
	}
	return string(c.Type)
}
