package govern

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"bremen/internal/mistake"
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

// decode reads a JSON value, which text says as well.
func (f *Field) decode(raw json.RawMessage, text string) (v value, err error) {
	switch f.Kind {
	case KindPerson, KindEntry:
		v.num, err = f.decodeNumber(raw)
		return v, err
	case KindPersons:
		v.other, err = f.decodePersons(raw)
		return v, err
	case KindNames:
		v.other, err = f.decodeNames(raw)
		return v, err
	case KindRow, KindRules:
		if len(raw) > MaxRow || raw[0] != '{' {
			return v, fmt.Errorf("expected an object of at most %d bytes", MaxRow)
		}
		v.other = slices.Clone(raw)
		return v, nil
	case KindFounders:
		v.other, err = decodeFounders(raw)
		return v, err
	}
	if raw[0] != '"' {
		return v, fmt.Errorf("found %s, expected a string: %s", mistake.Short(text), f.Kind)
	}
	if strings.IndexByte(text, '\\') < 0 {
		return f.decodeString(text[1 : len(text)-1])
	}
	s, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return v, err
	}
	return f.decodeString(string(s))
}

func (f *Field) decodeString(s string) (v value, err error) {
	v.text = s
	switch f.Kind {
	case KindText:
		if n := utf8.RuneCountInString(s); n > f.Max || strings.TrimSpace(s) == "" || !readable(s) {
			err = fmt.Errorf("found %s, expected a text of 1 to %d characters", mistake.Quote(s), f.Max)
		}
	case KindName:
		err = checkName(s)
	case KindAgent:
		err = checkScope(s)
	case KindDecimal:
		if !isDecimal(s) {
			err = fmt.Errorf("found %s, expected a decimal like \"12.5\"", mistake.Quote(s))
		}
	case KindTime:
		v.num, err = parseTime(s)
	case KindBytes, KindHash:
		v.other, err = f.decodeBytes(s)
	case KindChoice:
		if !slices.Contains(f.Choices, s) {
			err = fmt.Errorf("found %s, expected one of %s", mistake.Quote(s), strings.Join(f.Choices, ", "))
		}
	default:
		err = fmt.Errorf("field kind %q is not known", f.Kind)
	}
	return v, err
}

func (f *Field) decodeBytes(s string) ([]byte, error) {
	encoding, most := base64.RawURLEncoding, f.Max
	if f.Kind == KindHash {
		encoding, most = base64.StdEncoding, 32
	}
	x, err := encoding.Strict().DecodeString(s)
	switch {
	case err != nil || strings.ContainsAny(s, "\r\n"):
		return nil, fmt.Errorf("found %s, expected base64", mistake.Quote(s))
	case f.Kind == KindHash && len(x) != 32:
		return nil, fmt.Errorf("found %d bytes, expected a hash of 32", len(x))
	case len(x) == 0 || len(x) > most:
		return nil, fmt.Errorf("found %d bytes, expected 1 to %d", len(x), most)
	}
	return x, nil
}

func (f *Field) decodeNumber(raw json.RawMessage) (int64, error) {
	least := int64(0)
	if f.Kind == KindPerson {
		least = 1
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < least || n > 1<<52 {
		return 0, fmt.Errorf("found %s, expected the number of %s", mistake.Short(string(raw)), f.Kind)
	}
	return n, nil
}

func (f *Field) decodePersons(raw json.RawMessage) ([]int64, error) {
	var list []int64
	if err := json.Unmarshal(raw, &list); err != nil || len(list) > 100 {
		return nil, fmt.Errorf("found %s, expected a list of at most 100 persons' numbers", mistake.Short(string(raw)))
	}
	for i, n := range list {
		if n < 1 || i > 0 && n <= list[i-1] {
			return nil, fmt.Errorf("found %s, expected persons' numbers, rising", mistake.Short(string(raw)))
		}
	}
	return list, nil
}

func (f *Field) decodeNames(raw json.RawMessage) ([]string, error) {
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil || len(list) > 100 {
		return nil, fmt.Errorf("found %s, expected a list of at most 100 names", mistake.Short(string(raw)))
	}
	for i, s := range list {
		if err := checkName(s); err != nil {
			return nil, err
		}
		if i > 0 && s <= list[i-1] {
			return nil, fmt.Errorf("found %s after %s, expected names in rising order", mistake.Quote(s), mistake.Quote(list[i-1]))
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
		return nil, fmt.Errorf("found %s, expected at most 25 founders with person, household, group, key, public, card", mistake.Short(string(raw)))
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

var ruleID = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// isDecimal tells whether a text is a decimal with up to 18 digits before the point, none of them a leading zero, and up
// to 9 behind it.
func isDecimal(s string) bool {
	whole, part, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if whole == "" || len(whole) > 18 || len(whole) > 1 && whole[0] == '0' || len(part) > 9 || point && part == "" {
		return false
	}
	return strings.Trim(whole, "0123456789") == "" && strings.Trim(part, "0123456789") == ""
}

// checkName holds names to what network's tables can carry.
func checkName(s string) error {
	if s == "" || len(s) > 200 || s[0] == '#' || !utf8.ValidString(s) || strings.TrimSpace(s) != s {
		return fmt.Errorf("found %s, expected a name of 1 to 200 bytes that does not begin with #", mistake.Quote(s))
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return fmt.Errorf("found %s, expected a name without control characters", mistake.Quote(s))
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
func parseTime(s string) (int64, error) {
	t, err := time.Parse("2006-01-02T15:04:05.999Z", s)
	if err != nil || t.Year() < 2000 || t.Year() > 3000 {
		return 0, fmt.Errorf("found %s, expected a time in UTC like \"2027-05-03T08:00:00Z\"", mistake.Quote(s))
	}
	return t.UnixMilli(), nil
}
