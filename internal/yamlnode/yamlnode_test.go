package yamlnode

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
)

// shown reads a text's mappings, as deep as they go, one line a thing found.
func shown(text string) (lines []string) {
	documents, err := Parse([]byte(text), 8)
	if err != nil {
		return []string{err.Error()}
	}
	var show func(n ast.Node, path string)
	show = func(n ast.Node, path string) {
		if s, ok := Scalar(n); ok {
			lines = append(lines, fmt.Sprintf("%d:%d %s = %s", Position(n).Line, Position(n).Column, path, s))
			return
		}
		Entries(n, func(key string, value ast.Node) { show(value, path+"/"+key) }, func(f Fault, at ast.Node, key string) {
			lines = append(lines, fmt.Sprintf("%d:%d %s: %s %s", Position(at).Line, Position(at).Column, path, []string{"no mapping", "no name", "twice"}[f], key))
		})
	}
	for _, d := range documents {
		if d == nil {
			lines = append(lines, "empty")
		} else {
			show(d, "")
		}
	}
	return lines
}

func TestEntries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"values as they were written", "a: 1.50\nb: 'x'\nc:\nd: yes\ne: .inf\n", []string{"1:4 /a = 1.50", "2:4 /b = x", "3:3 /c = ", "4:4 /d = yes", "5:4 /e = .inf"}},
		{"mappings in mappings", "a: {b: 1}\n", []string{"1:8 /a/b = 1"}},
		{"a key that is there twice", "a: 1\nb: 2\na: 3\n", []string{"1:4 /a = 1", "2:4 /b = 2", "3:1 : twice a"}},
		{"a key that is no name", "a: 1\n<<: 2\n", []string{"1:4 /a = 1", "2:1 : no name "}},
		{"a list where fields should be", "a: [1]\n", []string{"1:4 /a: no mapping "}},
		{"two documents", "a: 1\n---\nb: 2\n", []string{"1:4 /a = 1", "3:4 /b = 2"}},
		{"nested too deeply", "a: " + strings.Repeat("[", 9), []string{"1:1: nested too deeply"}},
		{"dashes too deep", strings.Repeat("- ", 2001), []string{"1:1: nested too deeply"}},
	} {
		if got := shown(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if got := shown("a: [1\nb: 2\n"); len(got) != 1 || !strings.Contains(got[0], ":") || strings.Contains(got[0], "\n") {
		t.Errorf("no YAML: %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"a: 1\nb: {c: [1, 2]}\n", "a: &a [*a]", "? {a: b}\n: - - - c", "<<: *x", "a: |\n  b\n---\n", "a: [1\nb"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		documents, err := Parse([]byte(text), 8)
		if err != nil {
			if err.Line < 1 || err.Message == "" || documents != nil {
				t.Errorf("%+v with %d documents", err, len(documents))
			}
			return
		}
		for _, d := range documents {
			if d != nil {
				seen := map[string]bool{}
				Entries(d, func(key string, _ ast.Node) {
					if seen[key] {
						t.Errorf("%q came twice", key)
					}
					seen[key] = true
				}, func(Fault, ast.Node, string) {})
			}
		}
	})
}
