package govern

import (
	"fmt"
	"strings"

	"bremen/internal/mistake"
)

// Mistake is one thing wrong in rules, with the place where it stands.
// Programs decide by Code; people read the sentence of In.
type Mistake struct {
	Path     string `json:"path"`             // "offices[2].powers[1]"; empty for the whole text
	Line     int    `json:"line,omitempty"`   // from 1; 0 where the rules were no text
	Column   int    `json:"column,omitempty"` // from 1
	Code     string `json:"code"`
	Found    string `json:"found,omitempty"`
	Expected string `json:"expected,omitempty"`
	Nearest  string `json:"nearest,omitempty"` // a known name like the one found
}

// Mistakes are all that was found wrong, in the order of their places.
type Mistakes []Mistake

// Error returns the English sentences, one a line.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i := range m {
		lines[i] = m[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Error returns the English sentence.
func (m Mistake) Error() string { return m.In("en") }

// In returns the sentence in a language, with the place in front.
func (m Mistake) In(lang string) string {
	t, ok := mistakeSentences[m.Code]
	if !ok {
		t = Text{De: m.Code + " {found}", En: m.Code + " {found}"}
	}
	s := strings.NewReplacer("{found}", mistake.Quote(m.Found), "{expected}", mistake.Short(m.Expected)).Replace(t.In(lang))
	if m.Nearest != "" {
		s += strings.Replace(Text{De: "; gemeint ist vielleicht {n}", En: "; {n} is like it"}.In(lang), "{n}", mistake.Quote(m.Nearest), 1)
	}
	place := m.Path
	if m.Line > 0 {
		place = strings.TrimSpace(fmt.Sprintf("%d:%d %s", m.Line, m.Column, m.Path))
	}
	if place == "" {
		return s
	}
	return place + ": " + s
}

// Codes of mistakes in rules.
const (
	codeYAML      = "not-yaml"
	codeTooBig    = "too-big"
	codeUnknown   = "unknown-field"
	codeTwice     = "twice"
	codeMapping   = "not-a-mapping"
	codeList      = "not-a-list"
	codePlain     = "not-plain"
	codeWhole     = "not-a-whole-number"
	codeFlag      = "not-true-or-false"
	codeMissing   = "missing"
	codeBounds    = "out-of-bounds"
	codeChoice    = "not-a-choice"
	codeReference = "unknown-name"
	codeID        = "not-an-id"
	codeLong      = "too-long"
	codeLaw       = "law"       // what no rules may take away
	codeHolder    = "holder"    // a right given to a standing that cannot use it
	codeUncovered = "uncovered" // an entry type that nobody may append
)

var mistakeSentences = map[string]Text{
	codeYAML:      {"kein lesbares YAML: {found}", "not readable as YAML: {found}"},
	codeTooBig:    {"{found} Bytes, höchstens {expected} werden gelesen", "{found} bytes, at most {expected} are read"},
	codeUnknown:   {"unbekanntes Feld {found}, erwartet wird eines von {expected}", "unknown field {found}, expected one of {expected}"},
	codeTwice:     {"{found} steht hier zweimal", "{found} stands here twice"},
	codeMapping:   {"gefunden wurde {found}, erwartet werden Felder mit Namen", "found {found}, expected named fields"},
	codeList:      {"gefunden wurde {found}, erwartet wird eine Liste", "found {found}, expected a list"},
	codePlain:     {"gefunden wurde {found}, erwartet wird ein einfacher Wert", "found {found}, expected a plain value"},
	codeWhole:     {"gefunden wurde {found}, erwartet wird eine ganze Zahl", "found {found}, expected a whole number"},
	codeFlag:      {"gefunden wurde {found}, erwartet wird true oder false", "found {found}, expected true or false"},
	codeMissing:   {"es fehlt {expected}", "{expected} is missing"},
	codeBounds:    {"{found} liegt außerhalb der Grenzen {expected}", "{found} is outside the bounds {expected}"},
	codeChoice:    {"{found} ist keines von {expected}", "{found} is none of {expected}"},
	codeReference: {"{found} ist nicht bekannt, erwartet wird {expected}", "{found} is not known, expected {expected}"},
	codeID:        {"{found} taugt nicht als Name: erwartet werden Kleinbuchstaben, Ziffern und -", "{found} cannot be a name: expected lower case letters, digits and -"},
	codeLong:      {"{found} ist zu lang, höchstens {expected}", "{found} is too long, at most {expected}"},
	codeLaw:       {"{found}: das darf keine Regel nehmen, erwartet wird {expected}", "{found}: no rules may take this away, expected {expected}"},
	codeHolder:    {"{found} kann dieses Recht nicht haben, erwartet wird {expected}", "{found} cannot have this right, expected {expected}"},
	codeUncovered: {"niemand darf {found} eintragen, erwartet wird ein Recht oder eine Befugnis dafür", "nobody may append {found}, expected a right or power for it"},
}
