package tables

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"bremen/network"
)

// sheets is a workbook as cells by sheet; a string that begins with "=" is a formula.
type sheets map[string][][]any

func (s sheets) build(t testing.TB) *bytes.Buffer {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		rows := s[name]
		_, err := f.NewSheet(name)
		check(err)
		for i, row := range rows {
			for k, value := range row {
				cell := cellName(k, i+1)
				if text, ok := value.(string); ok && strings.HasPrefix(text, "=") {
					check(f.SetCellFormula(name, cell, text))
				} else if value != nil {
					check(f.SetCellValue(name, cell, value))
				}
			}
		}
	}
	check(f.DeleteSheet("Sheet1"))
	var b bytes.Buffer
	check(f.Write(&b))
	return &b
}

func TestHalfEditedWorkbook(t *testing.T) {
	book := sheets{
		"Netzwerk": {
			{"Schlüssel", "Wert"},
			{"calendar.start", mustDate("2027-05-03")},
			{"calendar.periods", 26},
			{"title", "Dorf: Ost"},
			{"#", "x"},
			{"ladders.default", "- goal: a\n  kind: least\n  terms: [{of: money}]"},
		},
		"_notes":      {{"anything"}},
		"# scratch":   {{"anything"}},
		"Tabelle1":    {},
		"Mitglieder":  {{"# who takes part"}, {"Kennung", "Personen", "Typ"}, {"g", "12", "Gruppe"}, {nil, nil, nil}, {"h", 3.0, "group"}, {nil}, {nil}},
		"products":    {{"id", "unit", "loss", "storable", "#mine"}, {"bread", "kg", "0,125", true, "x"}, {"#egg", "piece"}, {"milk", "l", 0.5, "ja"}},
		"Bedürfnisse": {{"wer", "was", "menge", "zeitraum"}, {"g", "bread", "1.234,5", mustDate("2027-05-12")}, {"h", "milk", 2, "3..5"}, {"g", "milk", 0.1 + 0.2, 7}},
	}
	n, err := ReadWorkbook(book.build(t), "dorf.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if n.ID != "dorf" || n.Title["de"] != "Dorf: Ost" || len(n.Agents) != 2 || len(n.Products) != 2 || len(n.Ladders["default"]) != 1 {
		t.Errorf("got %+v", n)
	}
	for i, want := range []struct {
		quantity float64
		periods  string
	}{{1234.5, "2"}, {2, "3-5"}, {0.1 + 0.2, "7"}} {
		if d := n.Needs[i]; d.Quantity != want.quantity || d.Periods.String() != want.periods {
			t.Errorf("need %d: %v in %s, want %v", i, d.Quantity, d.Periods, want)
		}
	}
	if p := n.Products[0]; p.Loss != 0.125 || !p.Storable {
		t.Errorf("bread: %+v", p)
	}
}

func TestWorkbookMistakesNameTheCell(t *testing.T) {
	book := sheets{
		"network":  {{"calendar.periods", 0}, {"calender.unit", "week"}, {"ladders.default", "- goal: [a"}, {"currency", "EUR"}, {"currency", "USD"}},
		"agents":   {{"id"}, {"g"}},
		"nedes":    {{"agent"}, {"g"}},
		"products": {{"id", "unit", "loss", "nme"}, {"bread", "kg", "#DIV/0!"}, {nil, nil, nil, "a remark"}, {"milk", "=A1&B9", 2}, {nil, "kg"}},
		"needs":    {{"", "agent", "what", "quantity", "periods"}, {"", "g", "brad", "1,234", 46082}, {"", "g", "bread", "a"}},
		"wege":     {{"id"}},
		"links":    {{"from", "to"}},
	}
	_, err := ReadWorkbook(book.build(t), "dorf.xlsx")
	got, ok := network.AsProblems(err)
	if !ok {
		t.Fatal(err)
	}
	want := `dorf.xlsx: sheet nedes: "nedes" is no table; did you mean "needs"? What begins with # or _ is passed over
dorf.xlsx: sheet network, cell B1: key "calendar.periods": "0" is no length of a calendar; possible: 1 to 100000
dorf.xlsx: sheet network, cell B2: key "calender.unit": unknown key "calender"; did you mean "calendar"?
dorf.xlsx: sheet network, cell B3: key "ladders.default": no readable YAML: sequence end token ']' not found
dorf.xlsx: sheet network, cell B5: key "currency": key "currency" is there twice
dorf.xlsx: sheet products, cell D1: "nme" is no column of this table; did you mean "name"? What begins with # is passed over
dorf.xlsx: sheet products, cell C2: column "loss": the cell shows the error #DIV/0!
dorf.xlsx: sheet products, cell B4: column "unit": the formula =A1&B9 has no stored value; open the file, recalculate and save
dorf.xlsx: sheet products, cell C4: column "loss": "2" is not a share from 0 to 1
dorf.xlsx: sheet products, cell A5: column "id": is missing; expected: short name of the product
dorf.xlsx: sheet needs, cell D2: column "quantity": "1,234" can mean two things; write the number without grouping
dorf.xlsx: sheet needs, cell E2: column "periods": "46082" is a day as a number; the spreadsheet probably turned something like 1-3 into a date; write 1..3
dorf.xlsx: sheet needs, cell C2: column "what": unknown product, kind or property "brad"; did you mean "bread"?
dorf.xlsx: sheet needs, cell D3: column "quantity": "a" is not a number
dorf.xlsx: sheet wege: table "wege" is there twice
`
	var text strings.Builder
	for _, p := range got {
		text.WriteString(p.Error() + "\n")
	}
	if text.String() != want {
		t.Errorf("got\n%s\nwant\n%s", text.String(), want)
	}
}

func TestDamagedWorkbook(t *testing.T) {
	good := sheets{"agents": {{"id"}, {"g"}}}.build(t).Bytes()
	for name, content := range map[string][]byte{"empty": nil, "text": []byte("id,name\n"), "cut short": good[:len(good)/2]} {
		_, err := ReadWorkbook(bytes.NewReader(content), "x.xlsx")
		if ps, ok := network.AsProblems(err); !ok || ps[0].Code != network.CodeWorkbook {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := ReadWorkbook(sheets{"_x": {{"y"}}}.build(t), "x.xlsx")
	if ps, ok := network.AsProblems(err); !ok || ps[0].Code != network.CodeNoTables {
		t.Errorf("no tables: %v", err)
	}
}

func TestTemplateCanBeFilledIn(t *testing.T) {
	for _, lang := range []string{"de", "en"} {
		t.Run(lang, func(t *testing.T) {
			var b bytes.Buffer
			if err := Template(&b, lang); err != nil {
				t.Fatal(err)
			}
			f, err := excelize.OpenReader(&b)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			tmpl := template{lang: lang}
			set := func(table, column string, row int, value any) {
				t.Helper()
				tab := network.TableNamed(table)
				if err := f.SetCellValue(tmpl.sheetName(tab), cellName(tab.Column(column), row), value); err != nil {
					t.Fatal(err)
				}
			}
			set("agents", "id", 2, "village")
			set("agents", "persons", 2, 40)
			set("products", "id", 2, "bread")
			set("products", "unit", 2, "kg")
			set("needs", "agent", 2, "village")
			set("needs", "what", 2, "bread")
			set("needs", "quantity", 2, 500)
			set("needs", "unit", 2, "g")
			set("needs", "per_person", 2, tmpl.choices(&network.Column{Type: network.TypeFlag})[0])
			set("needs", "urgency", 2, tmpl.choices(&network.Column{Type: network.TypeRef, Refs: []string{"urgencies"}})[2])
			set("needs", "periods", 2, "1-3")
			name := filepath.Join(t.TempDir(), "village.xlsx")
			if err := f.SaveAs(name); err != nil {
				t.Fatal(err)
			}
			n, err := Read(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(n.Needs) != 1 || n.Needs[0].Quantity != 0.5 || n.Needs[0].Periods.String() != "1-3" || n.Needs[0].Urgency != "wish" || n.Calendar.Periods != 12 || n.ID != "village" {
				t.Errorf("got %+v of %+v", n.Needs, n.Settings)
			}
			comments, err := f.GetComments(tmpl.sheetName(network.TableNamed("needs")))
			if err != nil || len(comments) != len(network.TableNamed("needs").Columns) {
				t.Errorf("%d comments, %v", len(comments), err)
			}
			lists, err := f.GetDataValidations(tmpl.sheetName(network.TableNamed("flows")))
			if err != nil || len(lists) == 0 {
				t.Errorf("%d lists, %v", len(lists), err)
			}
		})
	}
}

func TestWhatAWorkbookCannotHoldIsAnError(t *testing.T) {
	n := &network.Network{Skills: []network.Skill{{ID: "a", Row: network.Row{Note: strings.Repeat("ä", maxCellText+1)}}}}
	name := filepath.Join(t.TempDir(), "x.xlsx")
	if err := Write(name, n); err == nil || !strings.Contains(err.Error(), "a cell holds 32767") {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(filepath.Dir(name)); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSameNetworkSameBytes(t *testing.T) {
	n := everything()
	n.Normalise()
	var a, b bytes.Buffer
	if err := WriteWorkbook(&a, n); err != nil {
		t.Fatal(err)
	}
	if err := WriteWorkbook(&b, n); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two workbooks of one network differ")
	}
}
