package tables

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"bremen/network"
)

// What a sheet can hold.
const (
	maxCellText  = 32_767
	maxSheetRows = 1_048_576
)

// WriteWorkbook writes a normalised network as a workbook: a sheet of settings
// and one per table that has rows. It is an error if a text or a table is
// larger than a workbook can hold; nothing is cut short.
func WriteWorkbook(w io.Writer, n *network.Network) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.file.Close()
	if err := b.settings(&n.Settings); err != nil {
		return err
	}
	for i := range network.Tables {
		if c := network.Tables[i].Cursor(n); c.Len() > 0 {
			if err := b.table(c); err != nil {
				return err
			}
		}
	}
	return b.write(w)
}

// book is a workbook being written.
type book struct {
	file               *excelize.File
	bold, text, number int // styles
}

func newBook() (*book, error) {
	b := &book{file: excelize.NewFile()}
	var err error
	style := func(s *excelize.Style) int {
		id, e := b.file.NewStyle(s)
		if err == nil {
			err = e
		}
		return id
	}
	b.bold = style(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49})
	b.text = style(&excelize.Style{NumFmt: 49}) // text: nothing is made a date
	b.number = style(&excelize.Style{})
	if err == nil {
		err = b.file.SetSheetName("Sheet1", network.SettingsTable)
	}
	if err == nil { // the same network gives the same bytes
		err = b.file.SetDocProps(&excelize.DocProperties{Creator: "bremen", Created: epoch, Modified: epoch})
	}
	return b, err
}

const epoch = "2000-01-01T00:00:00Z"

// write puts the parts of the file in the order of their names, since the
// library has them in any.
func (b *book) write(w io.Writer) error {
	b.file.SetActiveSheet(0)
	packed, err := b.file.WriteToBuffer()
	if err != nil {
		return err
	}
	in, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(x, y *zip.File) int { return strings.Compare(x.Name, y.Name) })
	out := zip.NewWriter(w)
	for _, part := range in.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

func (b *book) settings(s *network.Settings) error {
	sw, err := b.file.NewStreamWriter(network.SettingsTable)
	if err != nil {
		return err
	}
	rows := append([][2]string{{"key", "value"}}, settingsRows(s)...)
	if err := sw.SetColWidth(1, 2, 40); err != nil {
		return err
	}
	for i, r := range rows {
		if err := fits(r[1], network.SettingsTable, i+1); err != nil {
			return err
		}
		style := b.text
		if i == 0 {
			style = b.bold
		}
		cells := []any{excelize.Cell{StyleID: style, Value: r[0]}, excelize.Cell{StyleID: style, Value: r[1]}}
		if err := sw.SetRow(cellName(0, i+1), cells); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// fits reports a text that a cell would cut short.
func fits(text, sheet string, line int) error {
	if len(text) <= maxCellText {
		return nil
	}
	if size := len(utf16.Encode([]rune(text))); size > maxCellText {
		return network.Problems{{
			Position: network.Position{Sheet: sheet, Line: line}, Table: sheet,
			Mistake: network.Mistake{Code: network.CodeLongText, Found: fmt.Sprint(size), Expected: fmt.Sprint(maxCellText)},
		}}
	}
	return nil
}

func cellName(column, line int) string { return fmt.Sprint(letters(column), line) }

func (b *book) table(c *network.Cursor) error {
	t := c.Table
	if c.Len() >= maxSheetRows {
		return network.Problems{{
			Position: network.Position{Sheet: t.Name}, Table: t.Name,
			Mistake: network.Mistake{Code: network.CodeTooManyRows, Expected: fmt.Sprint(maxSheetRows - 1)},
		}}
	}
	sw, err := b.sheet(t.Name)
	if err != nil {
		return err
	}
	texts := cellTexts(c)
	columns := usedColumns(c, texts)
	values := make([]func() any, len(columns))
	header := make([]any, len(columns))
	for k, i := range columns {
		header[k] = excelize.Cell{StyleID: b.bold, Value: t.Columns[i].Name}
		values[k] = b.cell(c.Field(i), texts[i])
	}
	if err := sw.SetRow("A1", header); err != nil {
		return err
	}
	row := make([]any, len(columns))
	for i := range c.Len() {
		c.Load(i)
		empty := true
		for k := range row {
			row[k] = values[k]()
			empty = empty && row[k] == nil
			if cell, ok := row[k].(excelize.Cell); ok {
				if err := fits(cell.Value.(string), t.Name, i+2); err != nil {
					return err
				}
			}
		}
		if empty {
			blankRow(row, t, columns)
		}
		if err := sw.SetRow(cellName(0, i+2), row); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// sheet adds a sheet whose header stays in view.
func (b *book) sheet(name string) (*excelize.StreamWriter, error) {
	if _, err := b.file.NewSheet(name); err != nil {
		return nil, err
	}
	sw, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	err = sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	return sw, err
}

// cell returns what is written for the current row: numbers as numbers, all else as text.
func (b *book) cell(field any, text func() string) func() any {
	number := func(p func() *float64) func() any {
		return func() any {
			if text() == "" {
				return nil
			}
			return *p()
		}
	}
	switch p := field.(type) {
	case *float64:
		return number(func() *float64 { return p })
	case **float64:
		return number(func() *float64 { return *p })
	case *int:
		return func() any {
			if *p == 0 {
				return nil
			}
			return *p
		}
	}
	return func() any {
		if s := text(); s != "" {
			return excelize.Cell{StyleID: b.text, Value: s}
		}
		return nil
	}
}

// blankRow says a default, so that a row in which nothing is stated is not taken for an empty one.
func blankRow(row []any, t *network.Table, columns []int) {
	for k, i := range columns {
		if d := t.Columns[i].Default; d != "" {
			row[k] = d
			return
		}
	}
}
