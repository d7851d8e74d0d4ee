package govern

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bremen/internal/mistake"
	"bremen/record"
)

// Body is the public part of an entry, read by the fields of its type, in the order in which it has them.
type Body []value

// value is what one field holds: text of strings, num of numbers and times, the rest in other.
type value struct {
	name  string
	text  string
	num   int64
	other any
}

// at finds the value of a field; an empty one where there is none.
func (b Body) at(name string) *value {
	for i := range b {
		if b[i].name == name {
			return &b[i]
		}
	}
	return &value{}
}

// Text returns what a field of a string holds, "" if it is not there.
func (b Body) Text(name string) string { return b.at(name).text }

// Number returns a number, or a time as milliseconds since 1970; 0 if it is not there.
func (b Body) Number(name string) int64 { return b.at(name).num }

// Bytes returns what KindBytes and KindHash hold, nil if it is not there. It is not to be changed.
func (b Body) Bytes(name string) []byte {
	x, _ := b.at(name).other.([]byte)
	return x
}

// Object returns the JSON of an object, nil if it is not there. It is not to be changed.
func (b Body) Object(name string) stdjson.RawMessage {
	x, _ := b.at(name).other.(stdjson.RawMessage)
	return x
}

// Has tells whether a field is there.
func (b Body) Has(name string) bool { return b.at(name).name != "" }

// names returns a list of names.
func (b Body) names(name string) []string {
	l, _ := b.at(name).other.([]string)
	return l
}

// persons returns a list of persons.
func (b Body) persons(name string) []int64 {
	l, _ := b.at(name).other.([]int64)
	return l
}

func (b Body) founders() []founder {
	l, _ := b.at("founders").other.([]founder)
	return l
}

// MaxRow bounds an object in a body, in bytes.
const MaxRow = 48 << 10

// decodeBody reads a body strictly: every field known and there once, required ones there, each within its limits.
func (t *Type) decodeBody(text []byte) (Body, error) {
	if string(text) == "{}" {
		return nil, t.lacks(nil)
	}
	r := reader{typ: t, text: string(text)}
	err := json.Unmarshal(text, &r, jsontext.AllowDuplicateNames(true)) // which read finds
	switch {
	case r.err != nil:
		return nil, r.err
	case err != nil:
		return nil, fmt.Errorf("body is no JSON object: %s", mistake.Quote(r.text))
	}
	return r.body, t.lacks(r.body)
}

// lacks says which required field a body does not have.
func (t *Type) lacks(b Body) error {
	for i := range t.Fields {
		if f := &t.Fields[i]; !f.Optional && !b.Has(f.Name) {
			return fmt.Errorf("field %q is missing, expected %s", f.Name, f.Kind)
		}
	}
	return nil
}

// reader reads a body in one pass.
type reader struct {
	typ  *Type
	text string // all of it; strings of the body are parts of it
	body Body
	err  error // that the body is JSON, but not one of the type
}

// UnmarshalJSONFrom reads a body.
func (r *reader) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return errors.Join(err, errors.New("expected an object"))
	}
	r.body = make(Body, 0, len(r.typ.Fields))
	for d.PeekKind() == '"' {
		name, err := d.ReadValue()
		if err != nil {
			return err
		}
		f, err := r.field(name)
		if err != nil {
			return err
		}
		raw, err := d.ReadValue()
		if err != nil {
			return err
		}
		end := d.InputOffset()
		v, err := f.decode(stdjson.RawMessage(raw), r.text[end-int64(len(raw)):end])
		if err != nil {
			r.err = fmt.Errorf("field %q: %w", f.Name, err)
			return r.err
		}
		v.name = f.Name
		r.body = append(r.body, v)
	}
	_, err := d.ReadToken()
	return err
}

// field finds the field of a name, which comes in quotes.
func (r *reader) field(quoted []byte) (*Field, error) {
	name := quoted[1 : len(quoted)-1]
	for i := range r.typ.Fields {
		f := &r.typ.Fields[i]
		if f.Name != string(name) {
			continue
		}
		if r.body.Has(f.Name) {
			r.err = fmt.Errorf("field %q is there twice", f.Name)
		}
		return f, r.err
	}
	r.err = r.typ.unknownField(string(name))
	return nil, r.err
}

func (t *Type) unknownField(found string) error {
	var known []string
	for i := range t.Fields {
		known = append(known, t.Fields[i].Name)
	}
	err := fmt.Errorf("unknown field %q, expected one of %s", mistake.Short(found), strings.Join(known, ", "))
	if like := mistake.Nearest(found, known); like != "" {
		err = fmt.Errorf("%w; %q is like it", err, like)
	}
	return err
}

// Parsed is an entry whose body has been read, which needs no state and so can be done ahead and side by side.
type Parsed struct {
	Entry *record.Entry
	Body  Body

	typ *Type // nil of a type that is not known here
	err error // why the body cannot be read
}

// Parse reads the body of an entry. Where that is not possible, May and Fold say why.
func Parse(e *record.Entry) *Parsed {
	p := &Parsed{Entry: e, typ: TypeByID(e.Statement.Type)}
	if p.typ != nil {
		p.Body, p.err = p.typ.decodeBody(e.Statement.Body)
	}
	return p
}
