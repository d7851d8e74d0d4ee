package main

import (
	"strings"
	"time"

	"bremen/plan"
	"bremen/words"
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

// number, share and figure are written as everywhere (package words), but with
// plain blanks: cells of a table are never broken, and what is copied from a
// terminal is typed again.
func (l language) number(x float64) string { return plain(words.Language(l).Number(x)) }

func (l language) share(x float64) string { return plain(words.Language(l).Share(x)) }

func (l language) figure(x float64) string { return plain(words.Language(l).Figure(x)) }

// significant writes a price, of which only the size counts.
func (l language) significant(x float64) string { return plain(words.Language(l).Significant(x)) }

// exponent writes a very small figure. What is below the noise of arithmetic is no figure.
func (l language) exponent(x float64) string {
	if x <= 1e-9 {
		return "≤ 1e-9"
	}
	return words.Language(l).Exponent(x, 1)
}

// count writes a whole number.
func (l language) count(n int) string { return words.Language(l).Fixed(float64(n), 0) }

// plain puts blanks where a line may not be broken.
func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

// duration writes how long something took.
func (l language) duration(d time.Duration) string {
	if s := d.Seconds(); s < 10 {
		return words.Language(l).Fixed(s, 1) + " s"
	}
	return l.count(int(d.Seconds()+0.5)) + " s"
}

// sentence is one text in both languages.
type sentence struct{ de, en string }
