package network

import (
	"slices"
	"strings"

	"bremen/internal/mistake"
)

// Code names one kind of mistake. Programs decide by it; people read the
// sentence that the catalogue keeps under it.
type Code string

// Mistake is one wrong value, without the place where it stands. Values
// returned by the parsers of this package carry it.
type Mistake struct {
	Code     Code   `json:"code"`
	Found    string `json:"found,omitempty"`    // as it stands in the input
	Expected string `json:"expected,omitempty"` // a word of the input's own language: names, choices, units
	Nearest  string `json:"nearest,omitempty"`  // a known name like the one found

	kind refKind // what was referred to, for the sentence
	none bool    // nothing of that kind is stated at all; Expected says where it would be
}

// Error returns the English sentence.
func (m Mistake) Error() string { return m.In("en") }

// In returns the sentence in a language ("de", "en"; any other is English).
// It starts in lower case, has no full stop, and quotes the values.
func (m Mistake) In(lang string) string {
	code := m.Code
	if m.Nearest != "" {
		if _, ok := sentences[code+nearestSuffix]; ok {
			code += nearestSuffix
		}
	}
	if code == m.Code && m.Expected != "" {
		suffix := knownSuffix
		if m.none {
			suffix = noneSuffix
		}
		if _, ok := sentences[code+suffix]; ok {
			code += suffix
		}
	}
	s, ok := sentences[code]
	if !ok {
		return string(m.Code) + " " + mistake.Quote(m.Found)
	}
	text, kind := s.En, kindNames[m.kind].En
	if lang == "de" {
		text, kind = s.De, kindNames[m.kind].De
	}
	return strings.NewReplacer("{found}", mistake.Short(m.Found), "{expected}", mistake.Short(m.Expected),
		"{nearest}", mistake.Short(m.Nearest), "{kind}", kind).Replace(text)
}

// RefersTo tells whether an unknown name could have been a row of a table.
func (m Mistake) RefersTo(table string) bool {
	return slices.Contains(strings.Split(string(m.kind), ","), table)
}

// nearestSuffix marks the sentence of a code that also names the nearest known word.
const nearestSuffix Code = "/nearest"

// knownSuffix marks the sentence of a code that also says what is expected,
// noneSuffix the one that says that there is nothing to refer to.
const (
	knownSuffix Code = "/known"
	noneSuffix  Code = "/none"
)

// DeEn is one text in both languages.
type DeEn struct{ De, En string }

// In returns the text in a language; any but "de" is English.
func (t DeEn) In(lang string) string {
	if lang == "de" {
		return t.De
	}
	return t.En
}
