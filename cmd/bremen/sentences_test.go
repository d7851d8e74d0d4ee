package main

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var marks = regexp.MustCompile(`\{[a-z]+\}`)

// Both languages say something under every key, with the same parameters.
func TestSentencesAreComplete(t *testing.T) {
	for key, s := range sentences {
		if s.de == "" || s.en == "" {
			t.Errorf("%s: a language is missing", key)
		}
		de, en := marks.FindAllString(s.de, -1), marks.FindAllString(s.en, -1)
		slices.Sort(de)
		slices.Sort(en)
		if !slices.Equal(slices.Compact(de), slices.Compact(en)) {
			t.Errorf("%s: parameters %v in German, %v in English", key, de, en)
		}
	}
}

// Every key that the program says is in the catalogue, and no key is there in vain.
func TestSentencesAreSaid(t *testing.T) {
	said := saidKeys(t)
	for key := range said {
		if _, ok := sentences[key]; !ok && !strings.HasSuffix(key, "/") {
			t.Errorf("%q is said but not in the catalogue", key)
		}
	}
	for key := range sentences {
		base := strings.TrimSuffix(key, "/one")
		family, _, _ := strings.Cut(base, "/")
		if !said[key] && !said[base] && !said[family+"/"] {
			t.Errorf("%q is in the catalogue but never said", key)
		}
	}
}

// saidKeys are the string constants given to say and sayOr; a constant that is
// only the beginning of a key ends in a slash.
func saidKeys(t *testing.T) map[string]bool {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			name := ""
			switch f := call.Fun.(type) {
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			first := call.Args[0]
			if b, ok := first.(*ast.BinaryExpr); ok {
				first = b.X
				if inner, ok := first.(*ast.BinaryExpr); ok {
					first = inner.X
				}
			}
			lit, ok := first.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			s, _ := strconv.Unquote(lit.Value)
			switch name {
			case "say", "sayOr":
				keys[s] = true
			case "phase":
				keys["phase/"+s] = true
			}
			return true
		})
	}
	return keys
}

// Every command and flag has its help in both languages, no wider than a screen.
func TestHelpIsComplete(t *testing.T) {
	for i := range commands {
		cmd := &commands[i]
		f := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
		cmd.setup(f)
		f.VisitAll(func(fl *flag.Flag) {
			if language("en").sayOr("flag/"+cmd.name+"/"+fl.Name, language("en").sayOr("flag/"+fl.Name, "")) == "" {
				t.Errorf("%s: no help for --%s", cmd.name, fl.Name)
			}
		})
		for _, l := range []language{"de", "en"} {
			var b strings.Builder
			if err := helpFor(&b, l, cmd); err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(b.String(), "\n") {
				if n := len([]rune(line)); n > width && !strings.Contains(line, "examples/") {
					t.Errorf("help %s: %d columns: %s", cmd.name, n, line)
				}
			}
		}
	}
}

// In a terminal figures have no blanks of another sort.
func TestFiguresHavePlainBlanks(t *testing.T) {
	for got, want := range map[string]string{
		language("en").number(1e-7): "1 × 10⁻⁷", language("de").share(0.7954): "79,5 %", language("en").figure(7915.6933): "7,915.6933",
		fill("bis 79,5\u00a0%", 8, ""): "bis\n79,5 %",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Messages fit a terminal, and stay whole where none looks on.
func TestMessagesFitATerminal(t *testing.T) {
	message := "bremen: b: 3 mistakes\n  needs.csv:2: column \"quantity\": \"1,1\" has a decimal comma, but this file separates columns by comma and needs the point"
	if got := (env{}).laid(message); got != message {
		t.Errorf("got %q", got)
	}
	got := env{terminal: true}.laid(message)
	for _, line := range strings.Split(got, "\n") {
		if len(line) > width {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(message), " ") || !strings.Contains(got, "\n    ") {
		t.Errorf("got %q", got)
	}
}
