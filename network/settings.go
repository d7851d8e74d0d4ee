package network

import (
	"slices"
	"strings"
)

// In returns the text in a language, or in any it has: English first, then
// German, then the first by code.
func (t Text) In(lang string) string {
	for _, l := range []string{lang, "en", "de"} {
		if s := t[l]; s != "" {
			return s
		}
	}
	var langs []string
	for l := range t {
		langs = append(langs, l)
	}
	if len(langs) == 0 {
		return ""
	}
	return t[slices.Min(langs)]
}

// Plain makes a text of one sentence that serves all languages.
func Plain(s string) Text {
	if s == "" {
		return nil
	}
	return Text{"de": s, "en": s}
}

// Rank returns the place of an urgency, 0 the most urgent; -1 if there is no such level.
func (s *Settings) Rank(urgency string) int {
	for i := range s.Urgencies {
		if s.Urgencies[i].ID == urgency {
			return i
		}
	}
	return -1
}

// DefaultUrgencies are the levels of a network that names none.
func DefaultUrgencies() []Urgency {
	return []Urgency{
		{ID: "vital", Title: Text{"de": "lebensnotwendig", "en": "vital"}},
		{ID: "important", Title: Text{"de": "wichtig", "en": "important"}},
		{ID: "wish", Title: Text{"de": "Wunsch", "en": "wish"}},
	}
}

// Allowance settings.
const (
	AllowTwiceMedian = "twice-median"
	AllowStated      = "stated"
	AllowNone        = "none"
)

// cleanText trims blanks and makes line ends "\n".
func cleanText(s string) string {
	if s == "" {
		return s
	}
	if first, last := s[0], s[len(s)-1]; first <= ' ' || last <= ' ' || first >= 0x80 || last >= 0x80 {
		s = strings.TrimSpace(s)
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return s
}
