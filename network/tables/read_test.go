package tables

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"bremen/network"
)

// examples are the networks of the repository; folders of input-output tables are not among them.
func examples(t testing.TB) []string {
	t.Helper()
	found, err := filepath.Glob("../../examples/*/agents.csv")
	if err != nil || len(found) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for i := range found {
		found[i] = filepath.Dir(found[i])
	}
	return found
}

func TestExamplesHaveNoMistakes(t *testing.T) {
	for _, folder := range examples(t) {
		if _, err := Read(folder); err != nil {
			t.Errorf("%s:\n%v", folder, err)
		}
	}
}

// withoutPositions clears where rows were stated.
func withoutPositions(n *network.Network) *network.Network {
	for i := range network.Tables {
		c := network.Tables[i].Cursor(n)
		for k := range c.Len() {
			c.Load(k)
			*c.Position() = network.Position{}
			c.Store(k)
		}
	}
	return n
}

func TestRoundTripLosesNothing(t *testing.T) {
	for _, folder := range examples(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			n, err := Read(folder)
			if err != nil {
				t.Skip(err)
			}
			roundTrip(t, n)
		})
	}
}

// roundTrip writes a network both ways, reads it again, and compares.
func roundTrip(t *testing.T, n *network.Network) {
	t.Helper()
	hash := network.Hash(n)
	withoutPositions(n)
	dir := t.TempDir()
	for _, name := range []string{filepath.Join(dir, "copy"), filepath.Join(dir, "copy.xlsx")} {
		if err := Write(name, n); err != nil {
			t.Fatalf("writing %s: %v", name, err)
		}
		again, err := Read(name)
		if err != nil {
			t.Fatalf("reading %s again: %v", name, err)
		}
		if got := network.Hash(again); got != hash {
			t.Errorf("%s has hash %s, the original %s", name, got, hash)
		}
		if !reflect.DeepEqual(withoutPositions(again), n) {
			t.Errorf("%s differs from the original: %s", name, difference(again, n))
		}
	}
}

// difference names the first table that differs.
func difference(a, b *network.Network) string {
	if !reflect.DeepEqual(a.Settings, b.Settings) {
		var x, y bytes.Buffer
		_ = WriteSettings(&x, &a.Settings)
		_ = WriteSettings(&y, &b.Settings)
		return "settings:\n" + x.String() + "\n" + y.String()
	}
	va, vb := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range va.NumField() {
		if !reflect.DeepEqual(va.Field(i).Interface(), vb.Field(i).Interface()) {
			return va.Type().Field(i).Name
		}
	}
	return "nowhere"
}

// everything is a network with a value in every column and awkward texts.
func everything() *network.Network {
	n := &network.Network{}
	n.Settings = network.Settings{
		ID: "all-2", Title: network.Text{"de": "Größe: #1 \"ja\"", "en": "- no: [x]"}, Description: network.Plain("two\nlines: yes"),
		Calendar: network.Calendar{Start: mustDate("2027-05-03"), Unit: network.Week, Periods: 30}, Currency: "EUR",
		Urgencies: []network.Urgency{{ID: "yes", Title: network.Plain("null")}, {ID: "2", Title: network.Text{"de": "~"}}},
		Counting:  network.CountAll, Allowance: network.AllowStated, MoneyPerHour: 12.345678901234567,
		Ladders: map[string]network.Ladder{
			"default": {{
				Goal: "a", Kind: network.Leximin, Keep: 1e-9, Exchange: &network.Exchange{Give: 0.01, Gain: 3},
				Sets: []network.Set{{Of: network.SetNeeds, Urgency: "yes", To: 0.5}, {Of: network.SetRest, To: 1}}, Unit: "%",
			}},
			"my own.ladder": {{
				Goal: "b", Title: network.Plain("x"), Kind: network.Most,
				Terms: []network.Term{{Of: "money", Weight: -1.5, Periods: network.Periods{{From: 2, To: 4}}}, {Of: "stock", Weight: 1}},
			}},
		},
	}
	for i := range network.Tables {
		c := network.Tables[i].Cursor(n)
		for k := range 3 {
			c.Clear()
			for j := range network.Tables[i].Columns {
				fillField(&network.Tables[i].Columns[j], c.Field(j), k)
			}
			c.Append()
		}
	}
	return n
}

func fillField(col *network.Column, field any, k int) {
	awkward := []string{"a,b;c", "\"quoted\" # 'x'", "-1.5"}
	switch p := field.(type) {
	case *string:
		switch {
		case col.Type == network.TypeChoice:
			*p = col.Choices[k%len(col.Choices)].ID
		case col.Type == network.TypeDate:
			*p = "2027-02-0" + string(rune('1'+k))
		default:
			*p = awkward[k] + col.Name
		}
	case *float64:
		*p = []float64{0.30000000000000004, 1, 1e-300}[k]
	case **float64:
		x := []float64{0, 1e21, 1.0 / 3}[k]
		if col.Type == network.TypeShare {
			x = min(x, 1)
		}
		*p = &x
	case *int:
		*p = k
	case *bool:
		*p = k == 1
	case *network.Span:
		*p = network.Span{From: k, To: 2 * k}
	case *network.Periods:
		*p = []network.Periods{nil, {{From: 3, To: 3}}, {{From: 1, To: 3}, {From: 7, To: 9}}}[k]
	}
}

// TestEveryColumnSurvives writes values no network would have, so what is read is invalid; it must be the same all the same.
func TestEveryColumnSurvives(t *testing.T) {
	n := everything()
	n.Normalise()
	dir := t.TempDir()
	for _, name := range []string{filepath.Join(dir, "all"), filepath.Join(dir, "all.xlsx")} {
		if err := Write(name, n); err != nil {
			t.Fatal(err)
		}
		again, err := Read(name)
		if ps, ok := network.AsProblems(err); err != nil && !ok {
			t.Fatalf("%s: %v %v", name, err, ps)
		}
		if !reflect.DeepEqual(withoutPositions(again), withoutPositions(n)) {
			t.Errorf("%s: %s differs\nproblems: %v", name, difference(again, n), err)
		}
	}
}

func TestRowsInWhichNothingIsStatedSurvive(t *testing.T) {
	n := &network.Network{Budgets: []network.Budget{{}, {Opening: 3}, {}}}
	n.Normalise()
	n.ID = "x"
	dir := t.TempDir()
	for _, name := range []string{filepath.Join(dir, "all"), filepath.Join(dir, "all.xlsx")} {
		if err := Write(name, n); err != nil {
			t.Fatal(err)
		}
		again, err := Read(name)
		if err != nil || !reflect.DeepEqual(withoutPositions(again), n) {
			t.Errorf("%s: %v, %v", name, again.Budgets, err)
		}
	}
}

func TestWritingKeepsOtherFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "net")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("README.md", "mine")
	write("notes/a.txt", "mine")
	write("skills.csv", "id\nold\n")
	n := &network.Network{Products: []network.Product{{ID: "bread", Unit: "kg", Storable: true}}}
	n.Normalise()
	if err := Write(dir, n); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README.md", "notes/a.txt", "products.csv", "network.yaml"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "skills.csv")); err == nil {
		t.Error("a table that the network does not have is still there")
	}
	entries, _ := os.ReadDir(filepath.Dir(dir))
	if len(entries) != 1 {
		t.Errorf("left behind beside the folder: %v", entries)
	}
}

// A zipped folder holds the network too, and a network has one.
func TestZippedFolders(t *testing.T) {
	for _, folder := range examples(t) {
		n, err := Read(folder)
		if err != nil {
			continue // no tables
		}
		var first, second bytes.Buffer
		if err := errors.Join(WriteZip(&first, n), WriteZip(&second, n)); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("%s: %v, or written in two ways", folder, err)
		}
		z, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ReadFS(z); err != nil || network.Hash(again) != network.Hash(n) {
			t.Errorf("%s: read again: %v, or another network", folder, err)
		}
	}
}

func TestReadFS(t *testing.T) {
	n, err := ReadFS(fstest.MapFS{"products.csv": {Data: []byte("id,unit\nbread,kg\n")}})
	if err != nil || len(n.Products) != 1 || !n.Products[0].Storable {
		t.Errorf("got %+v, %v", n, err)
	}
}

func TestGermanAndEnglishFilesAreTheSame(t *testing.T) {
	english := fstest.MapFS{
		"network.yaml": {Data: []byte("network: x\ncalendar: {periods: 4}\n")},
		"products.csv": {Data: []byte("id,name,unit,loss,storable\nbread,Bread,kg,0.125,yes\nrolls,Rolls,piece,,no\n")},
		"agents.csv":   {Data: []byte("id,type,persons\ng,group,1200\n")},
		"needs.csv":    {Data: []byte("agent,what,quantity,unit,periods,urgency\ng,bread,1234.5,g,1-3,vital\n")},
	}
	german := fstest.MapFS{
		"network.yaml":   english["network.yaml"],
		"Güter.csv":      {Data: []byte("\xef\xbb\xbfKennung;Name;Einheit;Schwund;Lagerbar\r\nbread;Bread;kg;0,125;ja\r\nrolls;Rolls;piece;;nein\r\n;;;;\r\n")},
		"mitglieder.csv": {Data: []byte("sep=;\nkennung;typ;personen\ng;Gruppe;1200\n")},
		"Bedürfnisse.csv": {Data: []byte("# was wir brauchen\n\nwer;was;menge;einheit;zeitraum;dringlichkeit;#intern\n" +
			"g;bread;1.234,5;g;1..3;vital;nur für uns\n")},
	}
	a, errA := ReadFS(english)
	b, errB := ReadFS(german)
	if errA != nil || errB != nil {
		t.Fatalf("%v\n%v", errA, errB)
	}
	if !reflect.DeepEqual(withoutPositions(a), withoutPositions(b)) {
		t.Errorf("differ in %s:\n%+v\n%+v", difference(a, b), a, b)
	}
	if a.Needs[0].Quantity != 1.2345 || a.Needs[0].Unit != "kg" {
		t.Errorf("need of %v %s", a.Needs[0].Quantity, a.Needs[0].Unit)
	}
}

func TestUTF16IsRead(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("\xff\xfe")
	for _, r := range "id;name;unit\nbröd;Bröd;kg\n" {
		b.Write([]byte{byte(r), byte(r >> 8)})
	}
	n, err := ReadFS(fstest.MapFS{"products.csv": {Data: b.Bytes()}})
	if err != nil || n.Products[0].ID != "bröd" {
		t.Errorf("got %+v, %v", n, err)
	}
}

func TestLinesThatAreNoText(t *testing.T) {
	head := "id,unit\r\nbread,kg\r\n"
	for name, tt := range map[string]struct {
		text string
		code network.Code
	}{
		"a line that never ends":   {head + "\"" + strings.Repeat("x", maxLine+10), network.CodeLongLine},
		"Latin-1 after many lines": {head + strings.Repeat("#\n", 40_000) + "br\xf6d,kg\n", network.CodeEncoding},
		"half of UTF-16":           {"\xff\xfea", network.CodeEncoding},
		"nothing":                  {"", network.CodeNoHeader},
	} {
		_, err := ReadFS(fstest.MapFS{"products.csv": {Data: []byte(tt.text)}})
		ps, ok := network.AsProblems(err)
		if !ok || len(ps) != 1 || ps[0].Code != tt.code {
			t.Errorf("%s: %.300v", name, err)
		}
		if tt.code == network.CodeEncoding && len(tt.text) > 1000 && ps[0].Line != 40_003 {
			t.Errorf("%s: line %d", name, ps[0].Line)
		}
	}
}
