package report

import (
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"bremen/words"
)

// Language is a language of the catalogue, as a BCP 47 code.
type Language string

const (
	English Language = "en"
	German  Language = "de"
)

// Languages are those a report is written in, in the order in which a page
// without scripts shows them.
var Languages = []Language{English, German}

//go:embed messages/*.json
var messageFiles embed.FS

// message is one sentence of the catalogue; One serves a {count} of exactly 1.
type message struct {
	One   string
	Other string
}

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

// say returns the catalogue's sentence under key with {name} replaced by the
// value that follows the name in args. Numbers are written as the language
// has it. An unknown key comes back in brackets, so that it is seen.
func (l Language) say(key string, args ...any) string {
	m, ok := catalogues[l][key]
	if !ok {
		return "[" + key + "]"
	}
	text := m.Other
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		name := args[i].(string)
		value, one := l.argument(args[i+1])
		if name == "count" && one && m.One != "" {
			text = m.One
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (l Language) argument(v any) (text string, one bool) {
	switch v := v.(type) {
	case string:
		return v, false
	case int:
		return l.number(float64(v)), v == 1
	case float64:
		text = l.number(v)
		return text, text == "1" // as it is read
	}
	return fmt.Sprint(v), false
}

// has reports whether the catalogue holds key.
func (l Language) has(key string) bool {
	_, ok := catalogues[l][key]
	return ok
}

// sayOr is say for keys made from data: an unknown one gives otherwise.
func (l Language) sayOr(key, otherwise string) string {
	if !l.has(key) {
		return otherwise
	}
	return l.say(key)
}

// number, quantity and share are said as everywhere (package words).
func (l Language) number(x float64) string { return words.Language(l).Number(x) }

func (l Language) quantity(x float64, unit string) string { return words.Language(l).Quantity(x, unit) }

func (l Language) share(x float64) string { return words.Language(l).Share(x) }

// full is the satisfaction from which a need counts as met.
const full = words.InFull

// bare writes a share in whole per cent without the sign, for narrow tables
// that say so in their caption. It rounds down, so that 100 is said of nothing less.
func bare(x float64) string {
	switch {
	case x >= full:
		return strconv.Itoa(int(math.Round(x * 100)))
	case x > 1e-9 && x < 0.01:
		return "<\u202f1"
	}
	return strconv.Itoa(int(math.Floor(x*100 + 1e-6)))
}
