package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bremen/network"
	"bremen/words"
)

// Languages are those of the catalogue, in the order in which they are shown.
var Languages = []string{"de", "en"}

// catalogue holds whole sentences by language and code. Parameters stand in
// braces. A code with the suffix ".one" is taken instead of the plain one
// when the parameter n is 1. Every language has the same codes with the same parameters.
var catalogue = map[string]map[string]string{"de": german, "en": english}

// values are the parameters of a sentence. What a value is printed as depends
// on its type: share, amount, when, listed and named by language; int and
// float64 as numbers; string as it is.
type values map[string]any

type (
	// share of one, printed in percent.
	share float64
	// amount of something in its unit; each says that it is meant per period,
	// stated that it is a figure of the network and not one worked out.
	amount struct {
		v      float64
		unit   string
		each   bool
		stated bool
	}
	// change is an amount more or, when negative, less.
	change amount
	// when is a set of periods; "" or "0" is the whole time.
	when string
	// listed is an enumeration: "a, b and c".
	listed []string
	// named differs by language.
	named Text
)

// speaker writes sentences about one network.
type speaker struct {
	unit    network.Unit
	periods int
}

// say returns the sentence of a code in every language.
func (s *speaker) say(code string, v values) Text {
	t := Text{}
	for _, l := range Languages {
		t[l] = s.sentence(l, code, v)
	}
	return t
}

func (s *speaker) sentence(lang, code string, v values) string {
	m := catalogue[lang]
	form, ok := m[code]
	if n, counts := v["n"].(int); counts && n == 1 {
		if one, has := m[code+".one"]; has {
			form, ok = one, true
		}
	}
	if !ok {
		return code
	}
	text := ""
	for {
		before, rest, found := strings.Cut(form, "{")
		text += before
		if !found {
			return text
		}
		name, after, _ := strings.Cut(rest, "}")
		value := s.print(lang, v[name])
		if value == "" {
			text = strings.TrimSuffix(text, " ")
		}
		text += value
		form = after
	}
}

func (s *speaker) print(lang string, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return words.Language(lang).Number(float64(v))
	case float64:
		return words.Language(lang).Number(v)
	case share:
		return words.Language(lang).Share(float64(v))
	case amount:
		return s.amount(lang, v)
	case change:
		return s.change(lang, v)
	case when:
		return s.when(lang, string(v))
	case listed:
		return enumeration(lang, v)
	case named:
		return Text(v).In(lang)
	}
	return fmt.Sprint(v)
}

// In returns the sentence in a language, or in the first one that there is.
func (t Text) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	for _, l := range Languages {
		if s, ok := t[l]; ok {
			return s
		}
	}
	return ""
}

// and puts sentences one after the other.
func (t Text) and(more Text) Text {
	out := Text{}
	for _, l := range Languages {
		out[l] = strings.TrimSpace(t[l] + " " + more[l])
	}
	return out
}

func (s *speaker) amount(lang string, a amount) string {
	text := measured(lang, a)
	if a.each && s.periods > 1 {
		text += " " + each[lang][s.unit]
	}
	return text
}

func (s *speaker) change(lang string, c change) string {
	form := changes[lang][0]
	if c.v < 0 {
		form, c.v = changes[lang][1], -c.v
	}
	text := strings.ReplaceAll(form, "#", measured(lang, amount(c)))
	if c.each && s.periods > 1 {
		text += " " + each[lang][s.unit]
	}
	return text
}

// measured prints a figure with its unit.
func measured(lang string, a amount) string {
	write := words.Language(lang).Number
	if a.stated {
		write = words.Language(lang).Figure
	}
	text := write(a.v)
	if u := unitWord(lang, a.unit, text == "1"); u != "" {
		text += "\u00a0" + u
	}
	return text
}

// unitWord says units in words where a symbol would not do.
func unitWord(lang, unit string, one bool) string {
	form, ok := unitWords[lang][unit]
	if !ok {
		return unit
	}
	if one {
		return form[0]
	}
	return form[1]
}

// when says periods by the unit of the calendar: "in den Wochen 3–5"; nothing
// where there is one period only.
func (s *speaker) when(lang, periods string) string {
	f := whens[lang]
	if s.periods == 1 {
		return ""
	}
	if periods == "" || periods == "0" || periods == "1-"+strconv.Itoa(s.periods) {
		return f.always
	}
	text := strings.ReplaceAll(periods, "-", "–")
	if _, err := strconv.Atoi(periods); err == nil {
		return strings.ReplaceAll(f.one[s.unit], "#", text)
	}
	return strings.ReplaceAll(f.many[s.unit], "#", strings.ReplaceAll(text, ",", ", "))
}

// enumeration joins names: "a", "a and b", "a, b and c"; beyond six it counts the others.
func enumeration(lang string, list []string) string {
	const most = 6
	list = slices.Clone(list)
	if len(list) > most+1 {
		others := strings.ReplaceAll(moreWord[lang], "#", strconv.Itoa(len(list)-most))
		list = append(list[:most:most], others)
	}
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + andWord[lang] + list[len(list)-1]
}

// callAll names several IDs, each once, in order.
func callAll(name func(id string) string, ids []string) listed {
	var out listed
	for _, id := range ids {
		if n := name(id); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
