package page

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Language is a language of the catalogue, as a BCP 47 code.
type Language string

const (
	English Language = "en"
	German  Language = "de"
)

// Languages are those that pages are written in.
var Languages = []Language{German, English}

//go:embed messages/*.json
var messageFiles embed.FS

// message is one sentence of the catalogue; One serves a {count} of exactly 1.
type message struct{ One, Other string }

// UnmarshalJSON takes a plain string or {"one": …, "other": …}.
func (m *message) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &m.Other); err == nil {
		return nil
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(b, &forms); err != nil {
		return err
	}
	m.One, m.Other = forms.One, forms.Other
	return nil
}

var catalogues = readCatalogues()

func readCatalogues() map[Language]map[string]message {
	all := make(map[Language]map[string]message)
	for _, l := range Languages {
		b, err := messageFiles.ReadFile("messages/" + string(l) + ".json")
		if err != nil {
			panic(err) // embedded: cannot be missing
		}
		var c map[string]message
		if err := json.Unmarshal(b, &c); err != nil {
			panic(fmt.Sprintf("messages/%s.json: %v", l, err))
		}
		all[l] = c
	}
	return all
}

// Known returns the language of a code, and whether the catalogue has it.
func Known(code string) (Language, bool) {
	for _, l := range Languages {
		if string(l) == code {
			return l, true
		}
	}
	return English, false
}

// Accepted returns the first language of an Accept-Language header that the catalogue has, English if none.
func Accepted(header string) Language {
	for part := range strings.SplitSeq(header, ",") {
		code, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		code, _, _ = strings.Cut(strings.ToLower(code), "-")
		if l, ok := Known(code); ok {
			return l
		}
	}
	return English
}

// Say returns the catalogue's sentence under key with {name} replaced by the value that follows the name in args. Counts are
// numbers called "count". An unknown key comes back in brackets, so that it is seen.
func (l Language) Say(key string, args ...any) string {
	m, ok := catalogues[l][key]
	if !ok {
		return "[" + key + "]"
	}
	text := m.Other
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		name, _ := args[i].(string)
		value := fmt.Sprint(args[i+1])
		if name == "count" && value == "1" && m.One != "" {
			text = m.One
		}
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && name == "count" {
			value = l.Count(n)
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Has tells whether the catalogue has a sentence under key.
func (l Language) Has(key string) bool {
	_, ok := catalogues[l][key]
	return ok
}

// Count writes a whole number with the language's sign between thousands.
func (l Language) Count(n int64) string {
	sign, digits := "", strconv.FormatInt(n, 10)
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	mark := ","
	if l == German {
		mark = "."
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return sign + digits
}

var months = map[Language][]string{
	German:  strings.Fields("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
	English: strings.Fields("January February March April May June July August September October November December"),
}

// Date writes a day as the language has it: 3. Mai 2027; 3 May 2027.
func (l Language) Date(t time.Time) string {
	t = t.UTC()
	dot := ""
	if l == German {
		dot = "."
	}
	return fmt.Sprintf("%d%s %s %d", t.Day(), dot, months[l][t.Month()-1], t.Year())
}

// Time writes day and time in UTC.
func (l Language) Time(t time.Time) string {
	return l.Date(t) + ", " + t.UTC().Format("15:04") + " UTC"
}
