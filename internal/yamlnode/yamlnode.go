// Package yamlnode reads YAML as nodes that know their places, within bounds and strictly, for decoders that go on after a
// mistake so that all are reported. It knows no types: what a node means is its caller's.
package yamlnode

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// TooDeep is the message of an error about nesting.
const TooDeep = "nested too deeply"

// Error tells why a text is no YAML, and where.
type Error struct {
	Line, Column int // from 1
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Parse returns the bodies of the documents in a text, nil for an empty one. Brackets may be nested depth deep. The caller
// bounds the length of the text.
func Parse(text []byte, depth int) (documents []ast.Node, err *Error) {
	defer func() {
		if r := recover(); r != nil { // the parser's own mistake
			documents, err = nil, &Error{1, 1, fmt.Sprint(r)}
		}
	}()
	if deep(text, depth) {
		return nil, &Error{1, 1, TooDeep}
	}
	file, failure := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if failure != nil {
		return nil, placed(failure)
	}
	for _, d := range file.Docs {
		documents = append(documents, d.Body)
	}
	return documents, nil
}

func placed(failure error) *Error {
	e := &Error{1, 1, failure.Error()}
	if f, ok := failure.(interface {
		GetToken() *token.Token
		GetMessage() string
	}); ok {
		e.Message = f.GetMessage()
		if t := f.GetToken(); t != nil && t.Position != nil {
			e.Line, e.Column = t.Position.Line, t.Position.Column
		}
	}
	e.Message, _, _ = strings.Cut(e.Message, "\n")
	return e
}

// deep bounds nesting before the parser, which is recursive, sees it.
func deep(text []byte, most int) bool {
	depth, dashes := 0, 0
	for _, c := range text {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '\n':
			dashes = 0
		case '-', '?', ':':
			dashes++
		}
		if depth > most || dashes > 2000 {
			return true
		}
	}
	return false
}

// Position returns where a node stands, nil where nobody wrote it.
func Position(n ast.Node) *token.Position {
	if t := n.GetToken(); t != nil {
		return t.Position
	}
	return nil
}

// Scalar returns a plain value as it was written, "" for null.
func Scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// Fault is what is wrong with a mapping.
type Fault int

const (
	NoMapping Fault = iota // something else stands where named fields should
	NoName                 // a key that is no plain value
	Twice                  // a key that was there before
)

// Entries calls each for the keys of a mapping, in their order and once, and wrong for what is not so, with the node that is
// at fault and its key.
func Entries(n ast.Node, each func(key string, value ast.Node), wrong func(f Fault, at ast.Node, key string)) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		wrong(NoMapping, n, "")
		return
	}
	seen := map[string]bool{}
	for _, v := range values {
		key, ok := Scalar(v.Key)
		switch {
		case !ok:
			wrong(NoName, v.Key, "")
		case seen[key]:
			wrong(Twice, v.Key, key)
		default:
			seen[key] = true
			each(key, v.Value)
		}
	}
}
