package schema

import (
	"fmt"
	"go/ast"
	"strings"
)

const intro = `# plan.json

` + "`bremen plan NETWORK --json`" + ` prints it, and ` + "`bremen plan NETWORK -o DIR`" + ` writes it as ` + "`DIR/plan.json`" + `.
This page and [plan.schema.json](plan.schema.json) (JSON Schema, draft 2020-12) are generated from the comments in
` + "`plan/document.go`" + ` by ` + "`go run ./report/internal/schema/generate`" + `; a test keeps them current.

What other programs can rely on: keys are only added, never renamed or given another meaning; lists are sorted and are
present even when they are empty; the same network gives the same bytes, but for the seconds that programs took.
Periods count from 1; period 0 is all of them together (for stocks: the start). Sentences (type Text) hold one string
per language code. Satisfactions and progress are shares from 0 to 1.

Beside ` + "`plan.json`" + ` in the folder:

| file | what |
| --- | --- |
| ` + "`report.html`" + ` | the plan to read, in German and English, in one file |
| ` + "`tables/*.csv`" + ` | every list below as a table, named by its key; a list inside a row has its own file, ` + "`runs_mix.csv`" + `, whose first column is the row it belongs to |
| ` + "`lists/de`, `lists/en`" + ` | what each agent works with: to print (HTML), for spreadsheets (CSV), for calendars (ICS) |
| ` + "`SHA256SUMS`" + ` | all files by hash; ` + "`sha256sum -c SHA256SUMS`" + ` checks them |
`

// Markdown is the documentation, one table per type.
func (s *Source) Markdown() []byte {
	var b strings.Builder
	b.WriteString(intro)
	for _, name := range s.order {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| key | type | what |\n| --- | --- | --- |\n", name, s.types[name].doc)
		for _, f := range s.fieldsOf(name) {
			what := cellText(describe(name, f))
			if f.optional {
				what = strings.TrimSpace("(may be missing) " + what)
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.json, s.typeName(f.expr), what)
		}
		s.values(&b, name)
	}
	return []byte(b.String())
}

// values lists the constants that fields of a type can have.
func (s *Source) values(b *strings.Builder, name string) {
	for _, f := range s.fieldsOf(name) {
		id, ok := f.expr.(*ast.Ident)
		if !ok || len(s.consts[id.Name]) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n`%s` is one of:\n\n", f.json)
		for _, c := range s.consts[id.Name] {
			fmt.Fprintf(b, "- `%s`: %s\n", c.value, c.doc)
		}
	}
}

func cellText(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func (s *Source) typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return s.typeName(e.X)
	case *ast.ArrayType:
		if n, ok := e.Len.(*ast.BasicLit); ok {
			return n.Value + " × " + s.typeName(e.Elt)
		}
		return "list of " + s.typeName(e.Elt)
	case *ast.MapType:
		return "map of " + s.typeName(e.Value)
	case *ast.Ident:
		switch e.Name {
		case "float64":
			return "number"
		case "int", "int64":
			return "integer"
		case "bool":
			return "true or false"
		case "string":
			return "string"
		case "Text":
			return "Text"
		}
		if _, ok := s.named[e.Name]; ok {
			return "string"
		}
		return "[" + e.Name + "](#" + strings.ToLower(e.Name) + ")"
	}
	return fmt.Sprintf("%T", e)
}
