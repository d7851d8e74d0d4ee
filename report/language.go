package report

import (
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"strings"
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

// number writes x with as many decimals as its size makes readable: four
// figures where there are that many, never more than three decimals above 0.1.
func (l Language) number(x float64) string {
	if x != 0 && math.Abs(x) < 5e-4 {
		return l.tiny(x)
	}
	return l.fixed(x, decimals(x))
}

func decimals(x float64) int {
	switch a := math.Abs(x); {
	case a >= 1000:
		return 0
	case a >= 10:
		return 1
	case a >= 1:
		return 2
	case a >= 0.1:
		return 3
	}
	return 4
}

// fixed writes x with at most n decimals, without trailing zeros.
func (l Language) fixed(x float64, n int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	s := fmt.Sprintf("%.*f", n, math.Abs(x))
	whole, part, _ := strings.Cut(s, ".")
	part = strings.TrimRight(part, "0")
	group, point := ",", "."
	if l == German {
		group, point = ".", ","
	}
	var b strings.Builder
	if x < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString("−")
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(c)
	}
	if part != "" {
		b.WriteString(point + part)
	}
	return b.String()
}

var superscript = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// tiny writes x as a power of ten: 3 × 10⁻⁹.
func (l Language) tiny(x float64) string {
	if x == 0 {
		return "0"
	}
	e := int(math.Floor(math.Log10(math.Abs(x))))
	m := l.fixed(x/math.Pow(10, float64(e)), 1)
	return m + "\u00a0×\u00a010" + superscript.Replace(fmt.Sprint(e))
}

// quantity writes x with its unit, which a narrow line may not part from it.
func (l Language) quantity(x float64, unit string) string {
	if unit == "" {
		return l.number(x)
	}
	return l.number(x) + "\u00a0" + unit
}

// full is the satisfaction from which a need counts as met: what is missing is rounding.
const full = 1 - 1e-6

// percent writes a share in whole per cent, rounded down so that 100 % is said
// of nothing less, and never 0 % of something.
func (l Language) percent(x float64) string {
	p := l.fixed(math.Floor(x*100+1e-6), 0)
	switch {
	case x >= full:
		p = l.fixed(math.Round(x*100), 0)
	case x > 1e-9 && x < 0.01:
		p = "<\u202f1"
	}
	if l == German {
		return p + "\u00a0%"
	}
	return p + "%"
}
