package cells

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Phrase is a text per language that may also be written as a plain string.
type Phrase map[string]string

// UnmarshalYAML reads a string or a mapping from language to sentence.
func (p *Phrase) UnmarshalYAML(unmarshal func(any) error) error {
	var languages map[string]string
	if unmarshal(&languages) == nil {
		*p = languages
		return nil
	}
	var one string
	if err := unmarshal(&one); err != nil {
		return err
	}
	*p = Phrase{"de": one, "en": one}
	return nil
}

// ParseDescription reads a YAML file strictly: unknown and doubled keys are
// mistakes. docs is where the keys are described. It says whether into can be used.
func ParseDescription(file, docs string, text []byte, into any, problems *Problems) bool {
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		problems.Add(yamlProblem(file, docs, into, err))
		return false
	}
	return true
}

func yamlProblem(file, docs string, into any, err error) Problem {
	p := Problem{File: file, Found: err.Error(), Expected: "YAML as in " + docs}
	var at yaml.Error
	if errors.As(err, &at) {
		p.Found = at.GetMessage()
		if t := at.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
		}
	}
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) && unknown.Token != nil {
		p.Nearest = Nearest(unknown.Token.Value, knownKeys(reflect.TypeOf(into)))
		p.Found, p.Expected = fmt.Sprintf("unknown key %q", unknown.Token.Value), "a key of "+docs
	}
	return p
}

// knownKeys lists the keys of a type and the types below it.
func knownKeys(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var keys []string
	for i := range t.NumField() {
		keys = append(keys, t.Field(i).Tag.Get("yaml"))
		keys = append(keys, knownKeys(t.Field(i).Type)...)
	}
	return keys
}

// KeyCheck reports mistakes of a description by key.
type KeyCheck struct {
	File     string
	Problems *Problems
}

// Wrong reports what was found under a key.
func (c KeyCheck) Wrong(key, found, expected string) {
	c.Problems.Add(Problem{File: c.File, Field: key, Found: found, Expected: expected})
}

// Needed reports a key without a value.
func (c KeyCheck) Needed(key, value string) {
	if value == "" {
		c.Wrong(key, "nothing", "a value")
	}
}

// Choice reports a value that is none of the choices; none at all is fine.
func (c KeyCheck) Choice(key, value string, choices ...string) {
	if value != "" && !slices.Contains(choices, value) {
		c.Wrong(key, fmt.Sprintf("%q", value), strings.Join(choices, " or "))
	}
}

// Amount reports a number below 0 or beyond 1e15.
func (c KeyCheck) Amount(key string, v float64) {
	if !(v >= 0 && v <= 1e15) {
		c.Wrong(key, fmt.Sprint(v), "a number from 0 to 1e15")
	}
}
