package report

import (
	"embed"
	"fmt"
	"math"
	"strconv"

	"bremen/words"
)

// Language is a language of the catalogue, as a BCP 47 code.
type Language string

const (
	English = Language(words.English)
	German  = Language(words.German)
)

// Languages are those a report is written in, in the order in which a page
// without scripts shows them.
var Languages = []Language{English, German}

//go:embed messages/*.json
var messageFiles embed.FS

var catalogue = readCatalogue()

func readCatalogue() words.Catalogue {
	c, err := words.ReadCatalogue(messageFiles)
	if err != nil {
		panic(err) // embedded
	}
	return c
}

// say returns the catalogue's sentence under key with {name} replaced by the
// value that follows the name in args. Numbers are written as the language
// has it. An unknown key comes back in brackets, so that it is seen.
func (l Language) say(key string, args ...any) string {
	return catalogue.Say(words.Language(l), key, l.write, args...)
}

func (l Language) write(_ string, v any) (text string, one bool) {
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
func (l Language) has(key string) bool { return catalogue.Has(words.Language(l), key) }

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
