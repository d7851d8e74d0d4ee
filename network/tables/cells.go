package tables

import (
	"strconv"
	"strings"
	"time"

	"bremen/internal/mistake"
	"bremen/network"
)

// dialect is how cells of one file or sheet are written.
type dialect struct {
	comma    bool // decimal comma
	workbook bool // cells of a workbook: numbers as stored, dates as day numbers
	date1904 bool // those count from 1904
	calendar network.Calendar
}

// setter stores a cell that is not empty in the current row. Its error is a network.Mistake.
type setter func(cell string) error

// row fills the current row of a cursor cell by cell. Its setters are made
// once per table; nothing is looked up by name while rows are read.
type row struct {
	cursor  *network.Cursor
	set     []setter
	reset   []func() // gives a column its default
	strings *intern
}

func newRow(c *network.Cursor, d dialect, names *intern) *row {
	r := &row{cursor: c, strings: names}
	for i := range c.Table.Columns {
		set := r.setter(&c.Table.Columns[i], c.Field(i), d)
		r.set = append(r.set, set)
		if def := c.Table.Columns[i].Default; def != "" && def != "0" && def != "no" {
			english := r.setter(&c.Table.Columns[i], c.Field(i), dialect{calendar: d.calendar})
			r.reset = append(r.reset, func() {
				if err := english(def); err != nil {
					panic("tables: default of " + c.Table.Name + "." + c.Table.Columns[i].Name + ": " + err.Error())
				}
			})
		}
	}
	return r
}

// begin empties the current row and gives it the defaults.
func (r *row) begin() {
	r.cursor.Clear()
	for _, reset := range r.reset {
		reset()
	}
}

func (r *row) setter(col *network.Column, field any, d dialect) setter {
	switch p := field.(type) {
	case *string:
		return r.textSetter(col, p, d)
	case *float64:
		return numberSetter(col, d, func(x float64) { *p = x })
	case **float64:
		return numberSetter(col, d, func(x float64) { *p = &x })
	case *int:
		return func(cell string) error {
			if d.workbook {
				cell = strings.TrimSuffix(cell, ".0")
			}
			n, err := strconv.Atoi(cell)
			if err != nil || n < 0 || n > 1_000_000 {
				return network.Mistake{Code: network.CodeCount, Found: cell}
			}
			*p = n
			return nil
		}
	case *bool:
		return func(cell string) error {
			b, ok := flags[strings.ToLower(cell)]
			if !ok {
				return network.Mistake{Code: network.CodeFlag, Found: cell}
			}
			*p = b
			return nil
		}
	case *network.Span:
		return func(cell string) (err error) {
			if d.workbook && mangled(cell) {
				return network.Mistake{Code: network.CodeMangled, Found: cell}
			}
			*p, err = network.ParseSpan(strings.ReplaceAll(cell, " ", ""))
			return err
		}
	case *network.Periods:
		return periodsSetter(p, d)
	}
	panic("tables: no cell for column " + col.Name)
}

// flags are the words for yes and no.
var flags = map[string]bool{
	"yes": true, "y": true, "true": true, "1": true, "x": true, "ja": true, "j": true, "wahr": true,
	"no": false, "n": false, "false": false, "0": false, "-": false, "nein": false, "falsch": false,
}

func numberSetter(col *network.Column, d dialect, store func(float64)) setter {
	share, signed, positive := col.Type == network.TypeShare, col.Signed, col.Positive
	return func(cell string) error {
		x, err := d.number(cell)
		switch {
		case err != nil:
			return err
		case share && (x < 0 || x > 1):
			return network.Mistake{Code: network.CodeShare, Found: cell}
		case !signed && x < 0:
			return network.Mistake{Code: network.CodeNegative, Found: cell}
		case positive && x == 0:
			return network.Mistake{Code: network.CodePositive, Found: cell}
		}
		if x == 0 {
			x = 0 // no negative zero
		}
		store(x)
		return nil
	}
}

// periodsSetter remembers what a text means, since long tables repeat it.
// Rows share the result, which nobody changes.
func periodsSetter(p *network.Periods, d dialect) setter {
	const most = 10_000
	known := map[string]network.Periods{}
	return func(cell string) error {
		ps, ok := known[cell]
		if !ok {
			var err error
			if ps, err = d.periods(cell); err != nil {
				return err
			}
			if len(known) < most {
				known[strings.Clone(cell)] = ps
			}
		}
		*p = ps
		return nil
	}
}

func (r *row) textSetter(col *network.Column, p *string, d dialect) setter {
	switch col.Type {
	case network.TypeChoice:
		return choiceSetter(col, p)
	case network.TypeDate:
		return func(cell string) error {
			if d.workbook {
				cell = d.day(cell)
			}
			day, ok := network.ParseDay(cell)
			if !ok {
				return network.Mistake{Code: network.CodeDate, Found: cell}
			}
			*p = day.Format(time.DateOnly)
			return nil
		}
	case network.TypeID:
		return func(cell string) error {
			*p = r.strings.get(cell)
			return network.CheckID(cell)
		}
	}
	last := ""
	return func(cell string) error {
		if cell != last { // a column often says the same row after row
			last = r.strings.get(cell)
		}
		*p = last
		return nil
	}
}

func choiceSetter(col *network.Column, p *string) setter {
	known := map[string]string{}
	var ids []string
	for _, c := range col.Choices {
		known[c.ID], known[c.De] = c.ID, c.ID
		ids = append(ids, c.ID)
	}
	return func(cell string) error {
		id, ok := known[strings.ToLower(cell)]
		if !ok {
			return network.Mistake{Code: network.CodeChoice, Found: cell, Expected: strings.Join(ids, ", "), Nearest: mistake.Nearest(cell, ids)}
		}
		*p = id
		return nil
	}
}

// intern keeps one copy of every short string, so that a million references to a product are one string.
type intern struct{ known map[string]string }

func newIntern() *intern { return &intern{known: map[string]string{}} }

func (in *intern) get(s string) string {
	const longest, most = 64, 4 << 20
	if len(s) > longest {
		return strings.Clone(s)
	}
	if k, ok := in.known[s]; ok {
		return k
	}
	s = strings.Clone(s)
	if len(in.known) < most {
		in.known[s] = s
	}
	return s
}
