// Package schema describes plan.json from the Go types it is written from: as
// a JSON Schema (draft 2020-12) and as a page of documentation. Names, types
// and comments come from the source of package plan, so that none of them can
// say something else.
package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
)

// Source is package plan's vocabulary: its types in the order of the file,
// with their comments, and the values of its named constants.
type Source struct {
	types  map[string]*structType
	order  []string
	consts map[string][]constant // by type
	named  map[string]named      // types that are no structs
}

type structType struct {
	doc    string
	fields []field
}

type field struct {
	name     string // Go's
	json     string
	optional bool
	embedded bool
	doc      string
	expr     ast.Expr
}

type constant struct{ value, doc string }

type named struct {
	doc  string
	expr ast.Expr
}

// Parse reads the source of plan/document.go.
func Parse(text []byte) (*Source, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "document.go", text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	s := &Source{types: map[string]*structType{}, consts: map[string][]constant{}, named: map[string]named{}}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				s.addType(spec, g)
			case *ast.ValueSpec:
				s.addConst(spec)
			}
		}
	}
	if s.types["Document"] == nil {
		return nil, fmt.Errorf("no type Document")
	}
	return s, nil
}

func (s *Source) addType(spec *ast.TypeSpec, g *ast.GenDecl) {
	doc := comment(spec.Doc, g.Doc)
	st, ok := spec.Type.(*ast.StructType)
	if !ok {
		s.named[spec.Name.Name] = named{doc, spec.Type}
		return
	}
	t := &structType{doc: doc}
	for _, f := range st.Fields.List {
		text := comment(f.Doc, f.Comment)
		if len(f.Names) == 0 {
			t.fields = append(t.fields, field{embedded: true, expr: f.Type, doc: text})
			continue
		}
		tag, _ := strconv.Unquote(f.Tag.Value)
		name, options, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		for _, n := range f.Names {
			t.fields = append(t.fields, field{name: n.Name, json: name, optional: strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero"),
				doc: text, expr: f.Type})
		}
	}
	s.types[spec.Name.Name] = t
	s.order = append(s.order, spec.Name.Name)
}

func (s *Source) addConst(spec *ast.ValueSpec) {
	id, ok := spec.Type.(*ast.Ident)
	if !ok || len(spec.Values) != 1 {
		return
	}
	if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
		value, _ := strconv.Unquote(lit.Value)
		s.consts[id.Name] = append(s.consts[id.Name], constant{value, comment(spec.Doc, spec.Comment)})
	}
}

func comment(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if g != nil {
			return strings.Join(strings.Fields(g.Text()), " ")
		}
	}
	return ""
}

// fieldsOf are a type's fields, those of embedded types in their place.
func (s *Source) fieldsOf(name string) []field {
	var all []field
	for _, f := range s.types[name].fields {
		if !f.embedded {
			all = append(all, f)
			continue
		}
		if id, ok := f.expr.(*ast.Ident); ok {
			all = append(all, s.fieldsOf(id.Name)...)
		}
	}
	return all
}

// JSON is the schema, indented, ending in a new line.
func (s *Source) JSON() ([]byte, error) {
	defs := object{}
	for _, name := range s.order {
		if name != "Document" {
			defs = append(defs, member{name, s.structSchema(name)})
		}
	}
	root := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "https://bremen.example/plan.schema.json"},
		{"title", "plan.json"},
	}
	root = append(root, s.structSchema("Document")...)
	root = append(root, member{"$defs", defs})
	compact, err := json.Marshal(root)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(m.key); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (s *Source) structSchema(name string) object {
	properties, required := object{}, []string{}
	for _, f := range s.fieldsOf(name) {
		schema := s.typeSchema(f.expr)
		if text := describe(name, f); text != "" {
			schema = append(schema, member{"description", text})
		}
		properties = append(properties, member{f.json, schema})
		if !f.optional {
			required = append(required, f.json)
		}
	}
	return object{
		{"type", "object"}, {"description", s.types[name].doc}, {"properties", properties}, {"required", required},
	}
}

func (s *Source) typeSchema(e ast.Expr) object {
	switch e := e.(type) {
	case *ast.StarExpr:
		return s.typeSchema(e.X)
	case *ast.ArrayType:
		schema := object{{"type", "array"}, {"items", s.typeSchema(e.Elt)}}
		if n, ok := e.Len.(*ast.BasicLit); ok {
			length, _ := strconv.Atoi(n.Value)
			schema = append(schema, member{"minItems", length}, member{"maxItems", length})
		}
		return schema
	case *ast.MapType:
		return object{{"type", "object"}, {"additionalProperties", s.typeSchema(e.Value)}}
	case *ast.Ident:
		return s.identSchema(e.Name)
	}
	panic(fmt.Sprintf("schema: no rule for %T", e))
}

func (s *Source) identSchema(name string) object {
	switch name {
	case "string":
		return object{{"type", "string"}}
	case "bool":
		return object{{"type", "boolean"}}
	case "int", "int64":
		return object{{"type", "integer"}}
	case "float64":
		return object{{"type", "number"}}
	}
	if n, ok := s.named[name]; ok {
		schema := s.typeSchema(n.expr)
		if values := s.consts[name]; len(values) > 0 {
			enum := make([]string, len(values))
			for i, c := range values {
				enum[i] = c.value
			}
			schema = append(schema, member{"enum", enum})
		}
		return schema
	}
	return object{{"$ref", "#/$defs/" + name}}
}
