package network

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/network.md")

// TestDocsAreCurrent keeps docs/network.md the same as the schema; -update writes it.
func TestDocsAreCurrent(t *testing.T) {
	const name = "../docs/network.md"
	want := document()
	if *update {
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the schema says; run go test ./network -run Docs -update", name)
	}
}

// intro is what the tables do not say of themselves.
const intro = `# The tables of a network

<!-- Written by go test ./network -run Docs -update from network/schema*.go. Do not edit. -->

A network is a folder of CSV files with ` + "`network.yaml`" + ` beside them, or one workbook (` + "`.xlsx`" + `) with a sheet per
table and a sheet ` + "`network`" + ` of keys and values. Every table may be missing, and every column that is not
required. A template with explanations and lists to choose from is written by ` + "`bremen template FILE.xlsx`" + `.

Ein Netzwerk ist ein Ordner mit CSV-Dateien und ` + "`network.yaml`" + `, oder eine Arbeitsmappe (` + "`.xlsx`" + `) mit einem Blatt je
Tabelle. Dateien, Blätter und Spalten dürfen deutsch heißen; die deutschen Namen stehen jeweils dabei.

## How cells are written

- **Files** are in UTF-8 (UTF-16 with a byte-order mark is read too). Columns are separated by commas, and numbers have a decimal
  point; or by semicolons, and numbers have a decimal comma (` + "`1.234,5`" + `). The header decides. A number that could mean two
  things (` + "`1.234`" + ` between semicolons) is refused, as is one of more digits than can be carried without loss.
- **Rows, columns, files and sheets** whose name begins with ` + "`#`" + ` are remarks; files and sheets that begin with ` + "`_`" + ` as well. Any other
  unknown name is an error, with the nearest known one. Empty rows are passed over.
- **IDs** are short texts without line breaks that do not begin with ` + "`#`" + `. Products, kinds and properties need different ones.
- **Periods** count from 1: ` + "`3`" + `, ` + "`1-3,7`" + `, ` + "`1..3`" + ` (which no spreadsheet turns into a date). Dates mean the periods that
  contain them: ` + "`2027-05-03`" + `, ` + "`2027-05-03..2027-06-01`" + `, months ` + "`2027-05`" + `, weeks ` + "`2027-W18`" + ` or ` + "`W18`" + ` where the calendar has
  one such week. What lies outside the calendar is an error.
- **Offsets** count from 0: ` + "`0`" + `, ` + "`3-8`" + `, ` + "`0..25`" + `. What falls after the last period is cut off and reported.
- **Flags** are yes or no (ja, nein, true, false, 1, 0, x).
- **Units**: where a table has a column ` + "`unit`" + `, the quantities of the row are in that unit and are converted exactly to the
  unit of the product, property or impact. Units of different dimensions are an error. A unit may name its substance after a
  blank (` + "`t CO2e`" + `). Any other text (loaf, meal) is a unit that converts to itself only.
- **Workbooks**: formulas count by the value last computed; a cell that shows an error is a mistake. Cells of periods and
  offsets should be formatted as text.
`

// document writes docs/network.md.
func document() []byte {
	var b bytes.Buffer
	b.WriteString(intro)
	b.WriteString("\n## Known units\n\n")
	units := KnownUnits()
	for _, dimension := range slices.Sorted(maps.Keys(units)) {
		fmt.Fprintf(&b, "- %s: %s\n", dimension, strings.Join(units[dimension], ", "))
	}
	b.WriteString("\n## network.yaml\n\nKeys of the file, and paths in the sheet `network`, where lists and ladders are YAML in one cell.\n\n")
	columns(&b, SettingsColumns, "key")
	b.WriteString("\n## Tables\n\n| table | German name | what it holds |\n| --- | --- | --- |\n")
	for i := range Tables {
		t := &Tables[i]
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", t.Name, t.Name, t.Title.De, t.Explain.En)
	}
	for i := range Tables {
		t := &Tables[i]
		fmt.Fprintf(&b, "\n### %s\n\n%s %s\n\n", t.Name, t.Explain.En, t.Explain.De)
		if len(t.Key) > 0 {
			fmt.Fprintf(&b, "No two rows share their `%s`.\n\n", strings.Join(t.Key, "`, `"))
		}
		columns(&b, t.Columns, "column")
	}
	return b.Bytes()
}

// columns writes a table of columns or keys.
func columns(b *bytes.Buffer, cols []Column, what string) {
	fmt.Fprintf(b, "| %s | deutsch | holds | unit | empty means | what it is | was es ist |\n| --- | --- | --- | --- | --- | --- | --- |\n", what)
	for i := range cols {
		c := &cols[i]
		empty := c.Default
		switch {
		case c.Required:
			empty = "**required**"
		case empty == "":
			empty = c.Rule.En
		}
		holds := c.Describe()
		if c.Signed && c.Type == TypeNumber {
			holds += ", may be negative"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s |\n", c.Name, c.De.Name, strings.ReplaceAll(holds, "|", `\|`), c.Unit, empty, c.En.Explain, c.De.Explain)
	}
}
