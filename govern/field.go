package govern

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bremen/record"
)

// FieldKind says what a field of a body holds, and how it is written in JSON.
type FieldKind string

// Kinds of fields.
const (
	KindText     FieldKind = "text"     // string of at most Max characters, for everybody to read
	KindName     FieldKind = "name"     // string: a short name as in tables, at most 200 bytes, no control characters, not beginning with "#"
	KindAgent    FieldKind = "agent"    // string: "person:12", "group:nord", "organisation:bakery" or "network"
	KindPerson   FieldKind = "person"   // number of a person, from 1
	KindPersons  FieldKind = "persons"  // list of numbers of persons, rising
	KindEntry    FieldKind = "entry"    // number of an earlier entry
	KindDecimal  FieldKind = "decimal"  // string: exact decimal, "-12.5"
	KindTime     FieldKind = "time"     // string: RFC 3339 in UTC, to the second or millisecond
	KindBytes    FieldKind = "bytes"    // string: base64url without padding, of at most Max bytes
	KindHash     FieldKind = "hash"     // string: 32 bytes in standard base64, as record.Hash
	KindChoice   FieldKind = "choice"   // string: one of Choices
	KindNames    FieldKind = "names"    // list of names, rising
	KindRow      FieldKind = "row"      // object: what a table has in one row, or in several
	KindRules    FieldKind = "rules"    // object: rules
	KindFounders FieldKind = "founders" // list of founders with their keys
)

// Field is one public value of an entry's body.
type Field struct {
	Name     string
	Kind     FieldKind
	Optional bool
	Max      int      // characters of a text, bytes of KindBytes
	Choices  []string // of a choice
}

// Body is the public part of an entry, decoded by the fields of its type.
type Body map[string]any

func (b Body) text(name string) string { s, _ := b[name].(string); return s }
func (b Body) num(name string) int64   { n, _ := b[name].(int64); return n }
func (b Body) bytes(name string) []byte {
	x, _ := b[name].([]byte)
	return x
}

// raw returns an object.
func (b Body) raw(name string) json.RawMessage { x, _ := b[name].(json.RawMessage); return x }

// list returns a list of names.
func (b Body) list(name string) []string { l, _ := b[name].([]string); return l }

func (b Body) has(name string) bool { _, ok := b[name]; return ok }

// MaxRow bounds an object in a body, in bytes.
const MaxRow = 48 << 10

// decodeBody reads a body strictly: every field known, required ones there, each within its limits.
func (t *Type) decodeBody(text []byte) (Body, error) {
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("body is not UTF-8")
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil || raw == nil {
		return nil, fmt.Errorf("body is no JSON object: %s", quote(string(text)))
	}
	b := make(Body, len(raw))
	for i := range t.Fields {
		f := &t.Fields[i]
		value, ok := raw[f.Name]
		if !ok {
			if !f.Optional {
				return nil, fmt.Errorf("field %q is missing, expected %s", f.Name, f.Kind)
			}
			continue
		}
		delete(raw, f.Name)
		x, err := f.decode(value)
		if err != nil {
			return nil, fmt.Errorf("field %q: %w", f.Name, err)
		}
		b[f.Name] = x
	}
	if len(raw) > 0 {
		return nil, t.unknownField(raw)
	}
	return b, nil
}

func (t *Type) unknownField(raw map[string]json.RawMessage) error {
	var found, known []string
	for name := range raw {
		found = append(found, name)
	}
	for i := range t.Fields {
		known = append(known, t.Fields[i].Name)
	}
	slices.Sort(found)
	err := fmt.Errorf("unknown field %q, expected one of %s", short(found[0]), strings.Join(known, ", "))
	if like := nearest(found[0], known); like != "" {
		err = fmt.Errorf("%w; %q is like it", err, like)
	}
	return err
}

func (f *Field) decode(raw json.RawMessage) (any, error) {
	switch f.Kind {
	case KindPerson, KindEntry:
		return f.decodeNumber(raw)
	case KindPersons:
		return f.decodePersons(raw)
	case KindNames:
		return f.decodeNames(raw)
	case KindRow, KindRules:
		if len(raw) > MaxRow || len(raw) == 0 || raw[0] != '{' {
			return nil, fmt.Errorf("expected an object of at most %d bytes", MaxRow)
		}
		return slices.Clone(raw), nil
	case KindFounders:
		return decodeFounders(raw)
	}
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return nil, fmt.Errorf("found %s, expected a string: %s", short(string(raw)), f.Kind)
	}
	return f.decodeString(s)
}

func (f *Field) decodeString(s string) (any, error) {
	switch f.Kind {
	case KindText:
		if n := utf8.RuneCountInString(s); n > f.Max || strings.TrimSpace(s) == "" || !readable(s) {
			return nil, fmt.Errorf("found %s, expected a text of 1 to %d characters", quote(s), f.Max)
		}
		return s, nil
	case KindName:
		return s, checkName(s)
	case KindAgent:
		return s, checkScope(s)
	case KindDecimal:
		if !decimal.MatchString(s) {
			return nil, fmt.Errorf("found %s, expected a decimal like \"12.5\"", quote(s))
		}
		return s, nil
	case KindTime:
		return parseTime(s)
	case KindBytes, KindHash:
		return f.decodeBytes(s)
	case KindChoice:
		if !slices.Contains(f.Choices, s) {
			return nil, fmt.Errorf("found %s, expected one of %s", quote(s), strings.Join(f.Choices, ", "))
		}
		return s, nil
	}
	return nil, fmt.Errorf("field kind %q is not known", f.Kind)
}

func (f *Field) decodeBytes(s string) (any, error) {
	encoding, most := base64.RawURLEncoding, f.Max
	if f.Kind == KindHash {
		encoding, most = base64.StdEncoding, 32
	}
	x, err := encoding.Strict().DecodeString(s)
	switch {
	case err != nil || strings.ContainsAny(s, "\r\n"):
		return nil, fmt.Errorf("found %s, expected base64", quote(s))
	case f.Kind == KindHash && len(x) != 32:
		return nil, fmt.Errorf("found %d bytes, expected a hash of 32", len(x))
	case len(x) == 0 || len(x) > most:
		return nil, fmt.Errorf("found %d bytes, expected 1 to %d", len(x), most)
	}
	return x, nil
}

func (f *Field) decodeNumber(raw json.RawMessage) (int64, error) {
	var n int64
	least := int64(0)
	if f.Kind == KindPerson {
		least = 1
	}
	if err := json.Unmarshal(raw, &n); err != nil || n < least || n > 1<<52 || raw[0] == 'n' {
		return 0, fmt.Errorf("found %s, expected the number of %s", short(string(raw)), f.Kind)
	}
	return n, nil
}

func (f *Field) decodePersons(raw json.RawMessage) ([]int64, error) {
	var list []int64
	if err := json.Unmarshal(raw, &list); err != nil || len(list) > 100 {
		return nil, fmt.Errorf("found %s, expected a list of at most 100 persons' numbers", short(string(raw)))
	}
	for i, n := range list {
		if n < 1 || i > 0 && n <= list[i-1] {
			return nil, fmt.Errorf("found %s, expected persons' numbers, rising", short(string(raw)))
		}
	}
	return list, nil
}

func (f *Field) decodeNames(raw json.RawMessage) ([]string, error) {
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil || len(list) > 100 {
		return nil, fmt.Errorf("found %s, expected a list of at most 100 names", short(string(raw)))
	}
	for i, s := range list {
		if err := checkName(s); err != nil {
			return nil, err
		}
		if i > 0 && s <= list[i-1] {
			return nil, fmt.Errorf("found %s after %s, expected names in rising order", quote(s), quote(list[i-1]))
		}
	}
	return list, nil
}

// founder is one of those who found a network, with the number they will have and their keys.
type founder struct {
	Person    int64  `json:"person"`
	Household string `json:"household"`
	Group     string `json:"group"`
	Key       string `json:"key"`    // credential ID, base64url
	Public    string `json:"public"` // its public key as SubjectPublicKeyInfo, base64url
	Card      string `json:"card"`   // public Ed25519 key of the printed card, base64url
}

func decodeFounders(raw json.RawMessage) ([]founder, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var list []founder
	if err := d.Decode(&list); err != nil || len(list) > 25 {
		return nil, fmt.Errorf("found %s, expected at most 25 founders with person, household, group, key, public, card", short(string(raw)))
	}
	for i, f := range list {
		if f.Person != int64(i+1) {
			return nil, fmt.Errorf("founder %d has the number %d, expected %d", i+1, f.Person, i+1)
		}
		for _, name := range []string{f.Household, f.Group} {
			if err := checkName(name); err != nil {
				return nil, fmt.Errorf("founder %d: %w", f.Person, err)
			}
		}
		if err := checkKeys(f.Key, f.Public, f.Card); err != nil {
			return nil, fmt.Errorf("founder %d: %w", f.Person, err)
		}
	}
	return list, nil
}

// canonical encodes a value as RFC 8785 says.
func canonical(v any) ([]byte, error) { return record.Canonical(v) }

var (
	decimal = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?$`)
	ruleID  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
)

// checkName holds names to what network's tables can carry.
func checkName(s string) error {
	if s == "" || len(s) > 200 || s[0] == '#' || !utf8.ValidString(s) || strings.TrimSpace(s) != s {
		return fmt.Errorf("found %s, expected a name of 1 to 200 bytes that does not begin with #", quote(s))
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return fmt.Errorf("found %s, expected a name without control characters", quote(s))
		}
	}
	return nil
}

// readable tells whether a text has only characters that pages can show.
func readable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' {
			return false
		}
	}
	return true
}

// parseTime reads a time in UTC as milliseconds since 1970.
func parseTime(s string) (any, error) {
	t, err := time.Parse("2006-01-02T15:04:05.999Z", s)
	if err != nil || t.Year() < 2000 || t.Year() > 3000 {
		return nil, fmt.Errorf("found %s, expected a time in UTC like \"2027-05-03T08:00:00Z\"", quote(s))
	}
	return t.UnixMilli(), nil
}
