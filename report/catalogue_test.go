package report

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Every message that code, templates and scripts ask for is there.
func TestMessagesAskedForExist(t *testing.T) {
	patterns := map[string]*regexp.Regexp{
		"*.go":             regexp.MustCompile(`\bsay\("([a-z][a-z0-9.]*[a-z0-9])"`),
		"templates/*.tmpl": regexp.MustCompile(`\bsay "([a-z][a-z0-9.]*)"`),
		"src/*.js":         regexp.MustCompile(`\bword\("([a-z][a-z0-9.]*)"`),
	}
	for glob, pattern := range patterns {
		files, err := filepath.Glob(glob)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", glob, err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
				key := m[1]
				if strings.HasPrefix(name, "src/") && !strings.Contains(key, "month.") && !strings.HasPrefix(key, "date.") && !strings.HasPrefix(key, "unit.") {
					key = "js." + key
				}
				if !English.has(key) {
					t.Errorf("%s asks for %q, which no catalogue has", name, key)
				}
			}
		}
	}
}

// In narrow tables 100 is said only of what is met, and 0 only of nothing.
func TestBarePercentNeverRoundsUpToFull(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.004: "<\u202f1", 0.6649: "66", 0.29: "29", 0.9999: "99", 1 - 1e-9: "100", 1: "100"} {
		if got := bare(x); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		a, b   time.Time
		en, de string
	}{
		{day(2027, 5, 3), day(2027, 5, 3), "3 May 2027", "3. Mai 2027"},
		{day(2027, 5, 3), day(2027, 5, 9), "3–9 May 2027", "3.–9. Mai 2027"},
		{day(2027, 5, 31), day(2027, 6, 6), "31 May – 6 June 2027", "31. Mai – 6. Juni 2027"},
		{day(2027, 12, 27), day(2028, 1, 2), "27 December 2027 – 2 January 2028", "27. Dezember 2027 – 2. Januar 2028"},
	} {
		plain := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
		if got := plain(English.span(c.a, c.b)); got != c.en {
			t.Errorf("en: got %q, want %q", got, c.en)
		}
		if got := plain(German.span(c.a, c.b)); got != c.de {
			t.Errorf("de: got %q, want %q", got, c.de)
		}
	}
}

func TestPluralForms(t *testing.T) {
	if got := English.say("table.left", "count", 1); got != "One more row is in the file." {
		t.Errorf("got %q", got)
	}
	if got := German.say("table.left", "count", 1200); got != "1.200 weitere Zeilen stehen in der Datei." {
		t.Errorf("got %q", got)
	}
}
