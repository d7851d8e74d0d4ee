package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"bremen/plan"
)

// language is the language of the sentences for people: "en" or "de".
type language string

// languageOf returns the language that the environment asks for, as other
// programs read it: LC_ALL, LC_MESSAGES, LANG. English if it is neither.
func languageOf(getenv func(string) string) language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			l, _ := languageNamed(v)
			return l
		}
	}
	return "en"
}

// languageNamed reads "de", "de_DE.UTF-8", "en"; ok tells whether the catalogue has it.
func languageNamed(s string) (l language, ok bool) {
	code, _, _ := strings.Cut(strings.ToLower(s), "_")
	switch code {
	case "de", "en":
		return language(code), true
	}
	return "en", false
}

// say returns the sentence kept under key, with {name} replaced by the value
// that follows the name in args. An unknown key comes back in brackets.
func (l language) say(key string, args ...string) string {
	s, ok := sentences[key]
	if !ok {
		return "[" + key + "]"
	}
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "count" && args[i+1] == "1" {
			if one, ok := sentences[key+"/one"]; ok {
				s = one
			}
		}
	}
	text := s.en
	if l == "de" {
		text = s.de
	}
	pairs := make([]string, len(args))
	for i := range args {
		pairs[i] = args[i]
		if i%2 == 0 {
			pairs[i] = "{" + args[i] + "}"
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (l language) sayOr(key, otherwise string) string {
	if _, ok := sentences[key]; !ok {
		return otherwise
	}
	return l.say(key)
}

// text picks the language's sentence of a document or a network.
func (l language) text(t plan.Text) string {
	if s := t[string(l)]; s != "" {
		return s
	}
	if s := t["en"]; s != "" {
		return s
	}
	return t["de"]
}

// number writes x with four significant figures, at least its whole part, as
// the language has it.
func (l language) number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	a := math.Abs(x)
	if a != 0 && a < 5e-4 {
		return strings.ReplaceAll(fmt.Sprintf("%.1e", x), "e-0", "e-")
	}
	decimals := 0
	for limit := 1000.0; a < limit && decimals < 3; limit /= 10 {
		decimals++
	}
	s := fmt.Sprintf("%.*f", decimals, x)
	if decimals > 0 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return l.grouped(s)
}

// grouped puts the language's signs into a plain decimal.
func (l language) grouped(s string) string {
	group, point := ",", "."
	if l == "de" {
		group, point = ".", ","
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, part, found := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(r)
	}
	if found {
		b.WriteString(point + part)
	}
	return b.String()
}

// count writes a whole number.
func (l language) count(n int) string { return l.grouped(fmt.Sprint(n)) }

// share writes 0.8312 as 83.1 %. 100 % is only what counts as met in full, 0 % only nothing.
func (l language) share(x float64) string {
	p := 100 * x
	switch {
	case math.IsNaN(p) || math.IsInf(p, 0):
		return "–"
	case x >= plan.InFull && p < 100.05:
		return "100 %"
	case p == 0:
		return fmt.Sprintf("%.0f %%", p)
	case p > 99.9 && p < 100:
		return l.grouped("99.9") + " %"
	case p > 0 && p < 0.1:
		return l.grouped("0.1") + " %"
	}
	return l.grouped(fmt.Sprintf("%.1f", p)) + " %"
}

// figure writes x with up to four decimals, for results that others compare with.
func (l language) figure(x float64) string {
	if a := math.Abs(x); math.IsNaN(x) || math.IsInf(x, 0) || (a != 0 && a < 5e-4) {
		return l.number(x)
	}
	s := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.4f", x), "0"), ".")
	if s == "-0" {
		s = "0"
	}
	return l.grouped(s)
}

// duration writes how long something took.
func (l language) duration(d time.Duration) string {
	if s := d.Seconds(); s < 10 {
		return l.grouped(fmt.Sprintf("%.1f", s)) + " s"
	}
	return l.count(int(d.Seconds()+0.5)) + " s"
}

// sentence is one text in both languages.
type sentence struct{ de, en string }
