package govern

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"bremen/internal/mistake"
	"bremen/internal/yamlnode"
)

// maxDepth bounds how deeply rules may be nested.
const maxDepth = 16

// ParseYAML reads rules from YAML. It goes on after a mistake, so that all are
// reported: the error is Mistakes, each with line and column. What is read has
// been checked.
func ParseYAML(text []byte) (*Rules, error) {
	y := yamlReader{at: map[string]*token.Position{}}
	var r Rules
	y.read(text, &r)
	if len(y.mistakes) == 0 {
		for _, m := range r.Check() {
			y.locate(&m)
			y.mistakes = append(y.mistakes, m)
		}
	}
	if len(y.mistakes) > 0 {
		slices.SortStableFunc(y.mistakes, func(a, b Mistake) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		return nil, y.mistakes
	}
	return &r, nil
}

// yamlReader decodes YAML into structs by their yaml tags.
type yamlReader struct {
	mistakes Mistakes
	at       map[string]*token.Position // of every path that was read
}

func (y *yamlReader) read(text []byte, into *Rules) {
	if len(text) > 2*MaxRules {
		y.mistakes = append(y.mistakes, Mistake{Code: codeTooBig, Found: strconv.Itoa(len(text)), Expected: strconv.Itoa(2 * MaxRules)})
		return
	}
	documents, err := yamlnode.Parse(text, maxDepth)
	switch {
	case err != nil:
		y.mistakes = append(y.mistakes, Mistake{Code: codeYAML, Found: err.Message, Line: err.Line, Column: err.Column})
	case len(documents) != 1 || documents[0] == nil:
		y.mistakes = append(y.mistakes, Mistake{Code: codeMissing, Expected: "one document with rules", Line: 1, Column: 1})
	default:
		y.value(documents[0], reflect.ValueOf(into).Elem(), "", 0)
	}
}

// report adds a mistake at a node.
func (y *yamlReader) report(n ast.Node, m Mistake) {
	if p := yamlnode.Position(n); p != nil {
		m.Line, m.Column = p.Line, p.Column
	}
	y.mistakes = append(y.mistakes, m)
}

// locate gives a mistake the place of its path, or of the nearest path that was written.
func (y *yamlReader) locate(m *Mistake) {
	for path := m.Path; ; {
		if p := y.at[path]; p != nil {
			m.Line, m.Column = p.Line, p.Column
			return
		}
		i := max(strings.LastIndexByte(path, '.'), strings.LastIndexByte(path, '['))
		if i < 0 {
			m.Line, m.Column = 1, 1
			return
		}
		path = path[:i]
	}
}

func (y *yamlReader) value(n ast.Node, v reflect.Value, path string, depth int) {
	if p := yamlnode.Position(n); p != nil {
		y.at[path] = p
	}
	if depth > maxDepth {
		y.report(n, Mistake{Path: path, Code: codeYAML, Found: yamlnode.TooDeep})
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		y.mapping(n, path, func(key string, value ast.Node) {
			y.field(v, key, value, path, depth)
		})
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		y.mapping(n, path, func(key string, value ast.Node) {
			e := reflect.New(v.Type().Elem()).Elem()
			y.value(value, e, join(path, key), depth+1)
			v.SetMapIndex(reflect.ValueOf(key), e)
		})
	case reflect.Slice:
		seq, ok := n.(*ast.SequenceNode)
		if !ok {
			y.report(n, Mistake{Path: path, Code: codeList, Found: written(n)})
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values)))
		for i, item := range seq.Values {
			y.value(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i+1), depth+1)
		}
	default:
		y.plain(n, v, path)
	}
}

func (y *yamlReader) field(v reflect.Value, key string, value ast.Node, path string, depth int) {
	var keys []string
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("yaml")
		if tag == key {
			y.value(value, v.Field(i), join(path, key), depth+1)
			return
		}
		keys = append(keys, tag)
	}
	y.report(value, Mistake{
		Path: join(path, key), Code: codeUnknown, Found: key,
		Expected: strings.Join(keys, ", "), Nearest: mistake.Nearest(key, keys),
	})
}

// mapping calls each for every key, once.
func (y *yamlReader) mapping(n ast.Node, path string, each func(key string, value ast.Node)) {
	yamlnode.Entries(n, each, func(f yamlnode.Fault, at ast.Node, key string) {
		m := Mistake{Path: path, Code: codeTwice, Found: key}
		switch f {
		case yamlnode.NoMapping:
			m.Code, m.Found = codeMapping, written(at)
		case yamlnode.NoName:
			m.Code, m.Found = codePlain, written(at)
		}
		y.report(at, m)
	})
}

func (y *yamlReader) plain(n ast.Node, v reflect.Value, path string) {
	text, ok := yamlnode.Scalar(n)
	if !ok {
		y.report(n, Mistake{Path: path, Code: codePlain, Found: written(n)})
		return
	}
	switch text = strings.TrimSpace(text); v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int64:
		x, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			y.report(n, Mistake{Path: path, Code: codeWhole, Found: text})
			return
		}
		v.SetInt(x)
	case reflect.Bool:
		if text != "true" && text != "false" {
			y.report(n, Mistake{Path: path, Code: codeFlag, Found: text})
			return
		}
		v.SetBool(text == "true")
	}
}

// written shows a node as a mistake quotes it.
func written(n ast.Node) string {
	if text, ok := yamlnode.Scalar(n); ok {
		return text
	}
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "named fields"
	case *ast.SequenceNode:
		return "a list"
	}
	return n.Type().String()
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
