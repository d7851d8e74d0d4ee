package govern

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestEveryRefusalIsSaidInGerman goes through the code for what refusals say
// they found and expected, and looks each up.
func TestEveryRefusalIsSaidInGerman(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"member": true, "guest": true, "left": true, "newcomer": true, "operator": true, "none": true, "somebody with a mandate": true}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch fun := call.Fun.(type) {
			case *ast.SelectorExpr:
				if fun.Sel.Name == "no" && len(call.Args) == 3 {
					if id, ok := call.Args[0].(*ast.Ident); !ok || id.Name != "refuseBody" && id.Name != "refusePayload" && id.Name != "refuseKind" && id.Name != "refuseDiscreet" {
						lookUp(t, used, call.Args[1])
						lookUp(t, used, call.Args[2])
					}
				}
			case *ast.Ident:
				if fun.Name == "missing" && len(call.Args) == 2 {
					lookUp(t, used, call.Args[1])
					if field, ok := call.Args[0].(*ast.BasicLit); ok {
						phrase(t, used, strings.Trim(field.Value, `"`)+" %d")
					}
				}
			}
			return true
		})
	}
	for _, s := range []string{"it for a person, and only for a person", "%q of person %d", "of person %d"} {
		phrase(t, used, s)
	}
	for s := range german {
		if !used[s] {
			t.Errorf("no refusal says %q", s)
		}
	}
}

func lookUp(t *testing.T, used map[string]bool, e ast.Expr) {
	t.Helper()
	if call, ok := e.(*ast.CallExpr); ok {
		if fun, ok := call.Fun.(*ast.SelectorExpr); !ok || fun.Sel.Name != "Sprintf" {
			return
		}
		e = call.Args[0]
	}
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		s, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		phrase(t, used, s)
	}
}

func phrase(t *testing.T, used map[string]bool, s string) {
	t.Helper()
	s = strings.NewReplacer("%d", "#", "%q", "@", "%%", "%", "%v", "#").Replace(s)
	s = variable.ReplaceAllString(s, "#")
	used[s] = true
	de, ok := german[s]
	if s != "" && !ok {
		t.Errorf("no German for %q", s)
	}
	if strings.Count(de, "#")+strings.Count(de, "@") != strings.Count(s, "#")+strings.Count(s, "@") {
		t.Errorf("%q and %q do not hold the same", s, de)
	}
}

func TestInGerman(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{`a key of person 7 that counts`, `ein gültiger Schlüssel von Person 7`},
		{`a "need.state" of "person:1" that holds`, `ein geltender Eintrag "need.state" von "person:1"`},
		{"member, guest", "Mitglied, Gast"},
		{"2027-05-03T08:00:00Z", "2027-05-03T08:00:00Z"},
	} {
		if got := inGerman(c[0]); got != c[1] {
			t.Errorf("got %q for %q, want %q", got, c[0], c[1])
		}
	}
}
