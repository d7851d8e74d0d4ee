package plan

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bremen/network"
)

func TestEveryLanguageHasTheSameSentences(t *testing.T) {
	parameter := regexp.MustCompile(`\{(\w+)\}`)
	of := func(s string) []string {
		list := parameter.FindAllString(s, -1)
		slices.Sort(list)
		return slices.Compact(list)
	}
	for lang, m := range catalogue {
		for code, sentence := range german {
			got, ok := m[code]
			if !ok {
				t.Errorf("%s: %s is missing", lang, code)
				continue
			}
			if !slices.Equal(of(got), of(sentence)) {
				t.Errorf("%s: %s has parameters %v, in German %v", lang, code, of(got), of(sentence))
			}
		}
		for code := range m {
			if _, ok := german[code]; !ok {
				t.Errorf("de: %s is missing", code)
			}
		}
		if len(unitWords[lang]) != len(unitWords["de"]) {
			t.Errorf("%s: some unit has no words", lang)
		}
		if len(whens[lang].one) != 5 || len(whens[lang].many) != 5 || len(each[lang]) != 5 || len(periodWord[lang]) != 5 {
			t.Errorf("%s: some unit of the calendar has no word", lang)
		}
	}
	if got := slices.Sorted(maps.Keys(catalogue)); !slices.Equal(got, Languages) {
		t.Errorf("got languages %v, want %v", got, Languages)
	}
}

// Every kind of bound has its sentences.
func TestEveryKindOfBoundHasWords(t *testing.T) {
	kinds := []string{"work", "capacity", "stock", "limit", "budget", "link", "storage", "trade", "sale", "recipe", "least", "commitment", "end", "maximum", "ratio", "blend"}
	for _, k := range kinds {
		for _, code := range []string{"binds.", "ask.", "member."} {
			if _, ok := german[code+k]; !ok {
				t.Errorf("no sentence %s%s", code, k)
			}
		}
	}
	for code, s := range german {
		if strings.HasPrefix(code, "ask.") && !strings.HasPrefix(code, "ask.so") && !strings.HasSuffix(s, "?") {
			t.Errorf("%s is no question: %s", code, s)
		}
	}
}

// plain puts blanks where a line may not be broken, so that sentences can be compared as they are read.
func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func TestFiguresAreWrittenAsTheLanguageHasThem(t *testing.T) {
	s := &speaker{network.Week, 26}
	for _, c := range []struct {
		v      any
		de, en string
	}{
		{1234.5, "1.234", "1,234"},
		{amount{v: 1234.5, unit: "kg", stated: true}, "1.234,5 kg", "1,234.5 kg"},
		{-3, "−3", "−3"},
		{share(0.6549), "65,5 %", "65.5%"},
		{share(1), "100 %", "100%"},
		{amount{v: 1, unit: "h"}, "1 Stunde", "1 hour"},
		{amount{v: 10, unit: "h", each: true}, "10 Stunden je Woche", "10 hours a week"},
		{change{v: -2.5, unit: "kg", each: true}, "2,5 kg weniger je Woche", "2.5 kg less a week"},
		{when("3"), "in Woche 3", "in week 3"},
		{when("3-5,9"), "in den Wochen 3–5, 9", "in weeks 3–5, 9"},
		{when("1-26"), "im ganzen Zeitraum", "over the whole time"},
		{listed{"a", "b", "c"}, "a, b und c", "a, b and c"},
		{listed{"a", "b", "c", "d", "e", "f", "g", "h"}, "a, b, c, d, e, f und 2 weitere", "a, b, c, d, e, f and 2 others"},
	} {
		if got := plain(s.print("de", c.v)); got != c.de {
			t.Errorf("de: got %q, want %q", got, c.de)
		}
		if got := plain(s.print("en", c.v)); got != c.en {
			t.Errorf("en: got %q, want %q", got, c.en)
		}
	}
}

// Where a calendar has one period only, no sentence says when.
func TestOnePeriodIsNotNamed(t *testing.T) {
	s := &speaker{network.Year, 1}
	v := values{"what": "Mehl", "where": "Mühle", "when": when("1")}
	if got := s.say("binds.storage", v); got["de"] != "Das Lager für Mehl bei Mühle ist voll." || got["en"] != "The storage for Mehl at Mühle is full." {
		t.Errorf("got %q", got)
	}
}

// Verbs do not depend on how many there are of something.
func TestSentencesHoldForOneAndForMany(t *testing.T) {
	s := &speaker{network.Week, 12}
	v := func(hours float64) values {
		return values{"quantity": amount{v: 1, unit: "kg"}, "product": "Brot", "hours": amount{v: hours, unit: "h"}}
	}
	for hours, want := range map[float64][2]string{
		1:   {"It takes 1 hour of work to provide 1 kg of Brot.", "Für 1 kg Brot braucht es 1 Stunde Arbeit."},
		0.2: {"It takes 0.2 hours of work to provide 1 kg of Brot.", "Für 1 kg Brot braucht es 0,2 Stunden Arbeit."},
	} {
		got := s.say("origin", v(hours))
		if plain(got["en"]) != want[0] || plain(got["de"]) != want[1] {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
