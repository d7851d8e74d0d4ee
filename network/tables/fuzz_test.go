package tables

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/fstest"

	"bremen/network"
)

// maxFuzz keeps single inputs quick.
const maxFuzz = 1 << 16

// same fails unless a network without mistakes is written and read again as it was.
func same(t *testing.T, n *network.Network) {
	t.Helper()
	folder := fstest.MapFS{}
	var b bytes.Buffer
	if err := WriteSettings(&b, &n.Settings); err != nil {
		t.Fatal(err)
	}
	folder["network.yaml"] = &fstest.MapFile{Data: bytes.Clone(b.Bytes())}
	for i := range network.Tables {
		if tab := &network.Tables[i]; tab.Cursor(n).Len() > 0 {
			b.Reset()
			if err := WriteCSV(&b, tab, n); err != nil {
				t.Fatal(err)
			}
			folder[tab.Name+".csv"] = &fstest.MapFile{Data: bytes.Clone(b.Bytes())}
		}
	}
	again, err := ReadFS(folder)
	if err != nil {
		t.Fatalf("what was written has mistakes: %v\n%s", err, dump(folder))
	}
	if !reflect.DeepEqual(withoutPositions(again), withoutPositions(n)) {
		t.Fatalf("%s is another after writing and reading\n%s", difference(again, n), dump(folder))
	}
}

func dump(folder fstest.MapFS) string {
	var b bytes.Buffer
	for name, f := range folder {
		b.WriteString("-- " + name + " --\n")
		b.Write(f.Data)
	}
	return b.String()
}

// sound fails unless every problem can be said in both languages.
func sound(t *testing.T, err error) {
	t.Helper()
	ps, ok := network.AsProblems(err)
	if err != nil && !ok {
		t.Fatalf("no problem but %v", err)
	}
	for _, p := range ps {
		if p.In("de") == "" || p.In("en") == "" {
			t.Fatalf("no sentence for %+v", p)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, folder := range []string{"bakery", "wfp-syria", "oil-blending"} {
		for _, table := range []string{"products.csv", "agents.csv", "profiles.csv"} {
			if text, err := os.ReadFile(filepath.Join("../../examples", folder, table)); err == nil && len(text) < 4096 {
				f.Add(text)
			}
		}
	}
	f.Add([]byte("id;einheit;schwund\nbröd;kg;0,5\n"))
	f.Add([]byte("\xff\xfei\x00d\x00"))
	f.Add([]byte("sep=;\nid;unit\n\"a\nb\";kg\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > maxFuzz {
			return
		}
		n, err := ReadFS(fstest.MapFS{"products.csv": {Data: text}})
		if sound(t, err); err == nil {
			same(t, n)
		}
	})
}

func FuzzNeeds(f *testing.F) {
	f.Add([]byte("agent,what,quantity,unit,periods,basis\ng,bread,1.5,g,1-3,day\n"))
	f.Add([]byte("wer;was;menge;zeitraum\ng;bread;1.234,5;2027-05-03..2027-05-20\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > maxFuzz {
			return
		}
		n, err := ReadFS(fstest.MapFS{
			"network.yaml": {Data: []byte("network: f\ncalendar: {start: 2027-05-03, periods: 26}\n")},
			"products.csv": {Data: []byte("id,unit\nbread,kg\nmilk,l\n")},
			"agents.csv":   {Data: []byte("id,persons\ng,20\n")},
			"needs.csv":    {Data: text},
		})
		if sound(t, err); err == nil {
			same(t, n)
			n.Check(mustDate("2027-01-01"))
		}
	})
}

func FuzzYAML(f *testing.F) {
	for _, folder := range examples(f) {
		if text, err := os.ReadFile(filepath.Join(folder, "network.yaml")); err == nil {
			f.Add(text)
		}
	}
	f.Add([]byte("title: &a [*a]\n"))
	f.Add([]byte("network: |\n  x\n  y\nurgencies: [{id: 1}, {id: ~}]\nmoney_per_hour: 1e3\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > maxFuzz {
			return
		}
		n, err := ReadFS(fstest.MapFS{"network.yaml": {Data: text}})
		if sound(t, err); err == nil {
			same(t, n)
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1.234,5", "1,234.5", "1e-7", "-0", "0.30000000000000004", "1.234", ".5", "5."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, comma := range []bool{false, true} {
			x, err := parseNumber(s, comma)
			if err != nil {
				continue
			}
			if y, err := parseNumber(formatNumber(x), false); err != nil || y != x {
				t.Fatalf("%q is %v, written %q reads as %v, %v", s, x, formatNumber(x), y, err)
			}
		}
	})
}

func FuzzWorkbook(f *testing.F) {
	f.Add(sheets{"network": {{"network", "x"}, {"calendar.periods", 3}}, "products": {{"id", "unit"}, {"bread", "kg"}}}.build(f).Bytes())
	f.Add(sheets{"agents": {{"id", "persons"}, {"g", "=1+1"}}, "needs": {{"agent", "what"}}}.build(f).Bytes())
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > maxFuzz {
			return
		}
		_, err := ReadWorkbook(bytes.NewReader(text), "f.xlsx")
		sound(t, err)
	})
}

// FuzzSheet puts text into the cells of a workbook, which random bytes rarely are.
func FuzzSheet(f *testing.F) {
	f.Add("calendar.start", "2027-05-03", "periods", "1-3", "46082")
	f.Add("ladders.default", "- {goal: a, kind: least, terms: [{of: money}]}", "quantity", "1,5", "1.234,5")
	f.Fuzz(func(t *testing.T, key, value, column, first, second string) {
		if len(key)+len(value)+len(column)+len(first)+len(second) > 4096 {
			return
		}
		book := sheets{
			"network": {{key, value}}, "products": {{"id", "unit", column}, {"bread", "kg", first}, {first, second, value}},
			"agents": {{"id"}, {"g"}}, "needs": {{"agent", "what", column}, {"g", "bread", first}, {"g", "bread", second}},
		}
		defer func() {
			if recover() != nil {
				t.Skip("the library cannot write it")
			}
		}()
		_, err := ReadWorkbook(book.build(t), "f.xlsx")
		sound(t, err)
	})
}
