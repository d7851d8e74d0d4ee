package govern

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"
)

// Text is a sentence or a title in both languages.
type Text struct {
	De string `json:"de" yaml:"de"`
	En string `json:"en" yaml:"en"`
}

// In returns the text in a language; any but "de" is English.
func (t Text) In(lang string) string {
	if lang == "de" {
		return t.De
	}
	return t.En
}

// Holder says in which standing somebody has a right.
type Holder string

// Standings. Operator is whoever runs the server and holds the log's key;
// newcomer is somebody with an invitation and no number yet; anyone need not sign in.
const (
	Member   Holder = "member"
	Guest    Holder = "guest"
	Left     Holder = "left"
	Newcomer Holder = "newcomer"
	Operator Holder = "operator"
	Anyone   Holder = "anyone"
)

var holders = []string{"member", "guest", "left", "newcomer", "operator", "anyone"}

// Right is what everybody in a standing may do without a mandate.
type Right struct {
	ID      string   `json:"id" yaml:"id"`
	Title   Text     `json:"title" yaml:"title"`
	Explain Text     `json:"explain" yaml:"explain"`
	Holders []Holder `json:"holders" yaml:"holders"`
	Appends []string `json:"appends,omitempty" yaml:"appends"` // entry types; none for rights to read or carry away
	Within  []string `json:"within,omitempty" yaml:"within"`   // kinds of scopes, of those the holder belongs to
}

// Power is one thing an office may do, within the scope of the mandate.
type Power struct {
	ID      string   `json:"id" yaml:"id"`
	Title   Text     `json:"title" yaml:"title"`
	Explain Text     `json:"explain" yaml:"explain"`
	Appends []string `json:"appends" yaml:"appends"`
	Kind    string   `json:"kind" yaml:"kind"` // "decides", "carries_out", "informs": what it would be dangerous to unite
}

// Office is a set of powers that a mandate gives to someone for a term.
type Office struct {
	ID       string   `json:"id" yaml:"id"`
	Title    Text     `json:"title" yaml:"title"`
	Explain  Text     `json:"explain" yaml:"explain"`
	Scope    string   `json:"scope" yaml:"scope"` // kind of scope: "network", "group", "organisation"
	Powers   []string `json:"powers" yaml:"powers"`
	TermDays int64    `json:"term_days" yaml:"term_days"` // at most
	Seats    int64    `json:"seats" yaml:"seats"`         // at most, per scope
	Founds   bool     `json:"founds,omitempty" yaml:"founds"`
}

// Assent says when an act of a type has found enough assent among those it concerns.
//
// It is adopted at once when at least Least and more than Percent of them have
// assented. Otherwise it is adopted when Quiet.Days have passed, at least
// Quiet.Least and Quiet.Percent of them have spoken, and more than
// Quiet.Majority percent of those who spoke assented.
type Assent struct {
	Entry   string `json:"entry" yaml:"entry"`
	Least   int64  `json:"least" yaml:"least"`
	Percent int64  `json:"percent" yaml:"percent"`
	Quiet   Quiet  `json:"quiet" yaml:"quiet"`
}

// Quiet is how an act is adopted when most stay silent.
type Quiet struct {
	Days     int64 `json:"days" yaml:"days"`
	Least    int64 `json:"least" yaml:"least"`
	Percent  int64 `json:"percent" yaml:"percent"`
	Majority int64 `json:"majority" yaml:"majority"`
}

// Rules are what a network has agreed on, as data: who may append what.
type Rules struct {
	Schema  int64            `json:"schema" yaml:"schema"`
	Title   Text             `json:"title" yaml:"title"`
	Numbers map[string]int64 `json:"numbers" yaml:"numbers"`
	Rights  []Right          `json:"rights" yaml:"rights"`
	Powers  []Power          `json:"powers" yaml:"powers"`
	Offices []Office         `json:"offices" yaml:"offices"`
	Assents []Assent         `json:"assents" yaml:"assents"`
	Paused  []string         `json:"paused" yaml:"paused"` // entry types that a pause stops
}

// RulesSchema is the version of the rules' form that this program reads.
const RulesSchema = 1

// MaxRules bounds the text of rules, in bytes.
const MaxRules = 48 << 10

//go:embed rules.yaml
var defaultYAML []byte

// DefaultYAML returns the default rules as text, to read and to start one's own from.
func DefaultYAML() []byte { return bytes.Clone(defaultYAML) }

var parseDefault = sync.OnceValues(func() (*Rules, error) { return ParseYAML(defaultYAML) })

// Default returns the rules a network starts with if it states none of its own.
func Default() *Rules {
	r, err := parseDefault()
	if err != nil { // a mistake in this package; a test reads them
		panic(err)
	}
	return r.clone()
}

func (r *Rules) clone() *Rules {
	c := *r
	c.Numbers = make(map[string]int64, len(r.Numbers))
	for k, v := range r.Numbers {
		c.Numbers[k] = v
	}
	c.Rights, c.Powers, c.Offices = slices.Clone(r.Rights), slices.Clone(r.Powers), slices.Clone(r.Offices)
	for i := range c.Rights {
		c.Rights[i].Holders = slices.Clone(c.Rights[i].Holders)
		c.Rights[i].Appends = slices.Clone(c.Rights[i].Appends)
		c.Rights[i].Within = slices.Clone(c.Rights[i].Within)
	}
	for i := range c.Powers {
		c.Powers[i].Appends = slices.Clone(c.Powers[i].Appends)
	}
	for i := range c.Offices {
		c.Offices[i].Powers = slices.Clone(c.Offices[i].Powers)
	}
	c.Assents, c.Paused = slices.Clone(r.Assents), slices.Clone(r.Paused)
	return &c
}

// Number returns a figure; 0 where the key is unknown.
func (r *Rules) Number(key string) int64 { return r.Numbers[key] }

// Right finds a right by its ID, nil if there is none.
func (r *Rules) Right(id string) *Right {
	i := slices.IndexFunc(r.Rights, func(x Right) bool { return x.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Rights[i]
}

// Power finds a power by its ID, nil if there is none.
func (r *Rules) Power(id string) *Power {
	i := slices.IndexFunc(r.Powers, func(x Power) bool { return x.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Powers[i]
}

// Office finds an office by its ID, nil if there is none.
func (r *Rules) Office(id string) *Office {
	i := slices.IndexFunc(r.Offices, func(x Office) bool { return x.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Offices[i]
}

func (r *Rules) assent(entry string) *Assent {
	i := slices.IndexFunc(r.Assents, func(x Assent) bool { return x.Entry == entry })
	if i < 0 {
		return nil
	}
	return &r.Assents[i]
}

// holds tells whether a right belongs to a standing.
func (r *Right) holds(h Holder) bool {
	return slices.Contains(r.Holders, h) || slices.Contains(r.Holders, Anyone)
}

// JSON returns the rules as canonical JSON (RFC 8785), as the record keeps them.
func (r *Rules) JSON() []byte {
	text, err := canonical(r)
	if err != nil { // Rules hold nothing that JSON cannot
		panic(fmt.Sprintf("govern: rules: %v", err))
	}
	return text
}

// YAML returns the rules as text to read and change; ParseYAML reads it back.
func (r *Rules) YAML() []byte {
	text, err := yaml.MarshalWithOptions(r, yaml.IndentSequence(true))
	if err != nil { // Rules hold nothing that YAML cannot
		panic(fmt.Sprintf("govern: rules: %v", err))
	}
	return text
}

// ParseJSON reads rules from JSON. Unknown fields are errors; what is read has been checked.
func ParseJSON(text []byte) (*Rules, error) {
	if len(text) > MaxRules {
		return nil, fmt.Errorf("rules: %d bytes, at most %d are read", len(text), MaxRules)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var r Rules
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	if _, err := d.Token(); err == nil {
		return nil, fmt.Errorf("rules: more than one JSON value")
	}
	if mistakes := r.Check(); len(mistakes) > 0 {
		return nil, mistakes
	}
	return &r, nil
}
