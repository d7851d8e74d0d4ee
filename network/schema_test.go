package network

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// tagged lists the columns that a row type names, in order.
func tagged(t reflect.Type) []string {
	var names []string
	for f := range fields(t) {
		if f.Anonymous {
			names = append(names, tagged(f.Type)...)
		} else if col := f.Tag.Get("col"); col != "" {
			names = append(names, col)
		}
	}
	return names
}

func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

func TestSchemaNamesTheFieldsOfEveryRow(t *testing.T) {
	n := &Network{}
	tables := map[string]bool{}
	for i := range Tables {
		tab := &Tables[i]
		row := reflect.TypeOf(tab.open(n).current()).Elem()
		tables[row.Name()] = true
		var names []string
		for _, c := range tab.Columns {
			names = append(names, c.Name)
		}
		if want := tagged(row); !slices.Equal(names, want) {
			t.Errorf("table %s has columns %v, %s has %v", tab.Name, names, row.Name(), want)
		}
	}
	for f := range fields(reflect.TypeFor[Network]()) {
		if f.Type.Kind() == reflect.Slice && !tables[f.Type.Elem().Name()] {
			t.Errorf("Network.%s has no table", f.Name)
		}
	}
}

func TestSchemaTypesFitTheFields(t *testing.T) {
	fits := map[ColumnType]string{
		TypeText: "*string", TypeID: "*string", TypeRef: "*string", TypeChoice: "*string", TypeDate: "*string",
		TypeNumber: "*float64 **float64", TypeShare: "*float64 **float64", TypeCount: "*int", TypeFlag: "*bool",
		TypePeriods: "*network.Periods", TypeSpan: "*network.Span",
	}
	for i := range Tables {
		c := Tables[i].Cursor(&Network{})
		for k, col := range Tables[i].Columns {
			if got := reflect.TypeOf(c.Field(k)).String(); !slices.Contains(strings.Fields(fits[col.Type]), got) {
				t.Errorf("%s.%s is a %s, its field %s", Tables[i].Name, col.Name, col.Type, got)
			}
			if (col.Type == TypeRef) != (len(col.Refs) > 0) || (col.Type == TypeChoice) != (len(col.Choices) > 0) {
				t.Errorf("%s.%s: type %s with refs %v, choices %v", Tables[i].Name, col.Name, col.Type, col.Refs, col.Choices)
			}
			if col.Type == TypeRef && kindNames[refKind(strings.Join(col.Refs, ","))] == (DeEn{}) && !dependsOnRow(Tables[i].Name, col.Name) {
				t.Errorf("%s.%s: no words for a reference to %v", Tables[i].Name, col.Name, col.Refs)
			}
		}
		for _, key := range Tables[i].Key {
			if Tables[i].Column(key) < 0 {
				t.Errorf("%s has no column %q of its key", Tables[i].Name, key)
			}
		}
	}
}

func TestSchemaIsInBothLanguages(t *testing.T) {
	titles := map[string]string{}
	for _, tab := range Tables {
		for _, title := range []string{tab.Name, tab.Title.De} {
			title = strings.ToLower(title)
			if other, ok := titles[title]; ok && other != tab.Name {
				t.Errorf("%q names both %s and %s", title, other, tab.Name)
			}
			titles[title] = tab.Name
		}
		if tab.Title.De == "" || tab.Title.En == "" || tab.Explain.De == "" || tab.Explain.En == "" {
			t.Errorf("%s lacks a title or explanation", tab.Name)
		}
		headers := map[string]string{}
		for _, c := range tab.Columns {
			if c.De.Name == "" || c.De.Explain == "" || c.En.Explain == "" {
				t.Errorf("%s.%s lacks words", tab.Name, c.Name)
			}
			if c.Rule != (DeEn{}) && (c.Rule.De == "" || c.Rule.En == "" || c.Default != "") {
				t.Errorf("%s.%s: what an empty cell means is said twice or in one language only", tab.Name, c.Name)
			}
			for _, h := range []string{c.Name, c.De.Name} {
				if other, ok := headers[h]; ok && other != c.Name {
					t.Errorf("%s: header %q means both %s and %s", tab.Name, h, other, c.Name)
				}
				headers[h] = c.Name
			}
		}
	}
}

// yamlPaths lists the keys of a type of Settings.
func yamlPaths(t reflect.Type, path string) []string {
	switch {
	case t == reflect.TypeFor[Text](), t == reflect.TypeFor[Periods](), t == reflect.TypeFor[time.Time]():
		return []string{path}
	case t.Kind() == reflect.Pointer:
		return yamlPaths(t.Elem(), path)
	case t.Kind() == reflect.Slice:
		return yamlPaths(t.Elem(), path+"[]")
	case t.Kind() == reflect.Map:
		return yamlPaths(t.Elem(), path+".NAME")
	case t.Kind() == reflect.Struct:
		var out []string
		for f := range fields(t) {
			out = append(out, yamlPaths(f.Type, strings.TrimPrefix(path+"."+f.Tag.Get("yaml"), "."))...)
		}
		return out
	}
	return []string{path}
}

func TestSettingsColumnsNameEveryKey(t *testing.T) {
	var have []string
	for _, c := range SettingsColumns {
		have = append(have, c.Name)
		if c.De.Explain == "" || c.En.Explain == "" {
			t.Errorf("%s lacks an explanation", c.Name)
		}
	}
	want := yamlPaths(reflect.TypeFor[Settings](), "")
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(have, want) {
		t.Errorf("settings have the keys\n%v\nthe schema\n%v", want, have)
	}
}

func TestEveryCodeHasSentences(t *testing.T) {
	for code, s := range sentences {
		if s.De == "" || s.En == "" {
			t.Errorf("%s lacks a sentence", code)
		}
		if strings.HasSuffix(s.En, ".") || strings.HasSuffix(s.De, ".") {
			t.Errorf("%s: a full stop at the end", code)
		}
	}
	for code := range codesIn(t, "codes.go") {
		if _, ok := sentences[code]; !ok {
			t.Errorf("%s has no sentence", code)
		}
	}
	for name, f := range findings {
		if f.say.De == "" || f.say.En == "" || f.advice.De == "" || f.advice.En == "" {
			t.Errorf("check %s lacks words", name)
		}
	}
	if len(Checks()) != len(findings) {
		t.Errorf("%d checks, %d in the catalogue", len(Checks()), len(findings))
	}
}

// codesIn lists the codes that a source file declares.
func codesIn(t *testing.T, file string) map[Code]bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[Code]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if id, named := specType(spec, ok); named && id == "Code" {
			for _, v := range spec.Values {
				if text, err := strconv.Unquote(v.(*ast.BasicLit).Value); err == nil {
					codes[Code(text)] = true
				}
			}
		}
		return true
	})
	return codes
}

func specType(spec *ast.ValueSpec, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	id, ok := spec.Type.(*ast.Ident)
	if !ok {
		return "", false
	}
	return id.Name, true
}
