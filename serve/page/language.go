package page

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"bremen/words"
)

// Language is a language of the catalogue, as a BCP 47 code.
type Language string

const (
	English = Language(words.English)
	German  = Language(words.German)
)

// Languages are those that pages are written in.
var Languages = []Language{German, English}

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
	return catalogue.Say(words.Language(l), key, l.write, args...)
}

func (l Language) write(name string, v any) (text string, one bool) {
	text = fmt.Sprint(v)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && name == "count" {
		return l.Count(n), n == 1
	}
	return text, false
}

// Has tells whether the catalogue has a sentence under key.
func (l Language) Has(key string) bool { return catalogue.Has(words.Language(l), key) }

// Count writes a whole number with the language's sign between thousands.
func (l Language) Count(n int64) string { return words.Language(l).Fixed(float64(n), 0) }

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
