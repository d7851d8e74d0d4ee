package page

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bremen/words"
)

// Every message that templates and the server ask for is there, and none is there in vain.
func TestMessagesAreSaid(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	var families []string
	asked := regexp.MustCompile(`\b(?:say|[Ss]ay\(|problem\(|title\(|notice\() ?"([a-z][a-zA-Z0-9.-]*)"`)
	passed := regexp.MustCompile(`"([a-z]+(?:\.[a-z0-9]+)+)"`) // on to where it is said
	family := regexp.MustCompile(`\(print "([a-z]+\.)"|"([a-z.]+\.)" ?\+`)
	for _, glob := range []string{"templates/*.tmpl", "../*.go"} {
		files, err := filepath.Glob(glob)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", glob, err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range asked.FindAllStringSubmatch(string(text), -1) {
				said[m[1]] = true
				if !strings.HasSuffix(m[1], ".") && !English.Has(m[1]) {
					t.Errorf("%s: no message %q", name, m[1])
				}
			}
			for _, m := range passed.FindAllStringSubmatch(string(text), -1) {
				said[m[1]] = true
			}
			for _, m := range family.FindAllStringSubmatch(string(text), -1) {
				families = append(families, m[1]+m[2])
			}
		}
	}
	for key := range catalogue[words.English] {
		if !said[key] && !slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(key, f) }) {
			t.Errorf("%q is in the catalogue and never said", key)
		}
	}
}

func TestSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, got, want string
	}{
		{"a count of one has its own form", German.Say("codes.left", "count", 1), "ein Code offen"},
		{"more have the other", English.Say("codes.left", "count", 1200), "1,200 codes open"},
		{"an unknown key is seen", English.Say("no.such.key"), "[no.such.key]"},
		{"a day in German", German.Date(time.Date(2027, 5, 3, 23, 0, 0, 0, time.UTC)), "3. Mai 2027"},
		{"a day in English", English.Date(time.Date(2027, 5, 3, 23, 0, 0, 0, time.UTC)), "3 May 2027"},
		{"a time says its zone", English.Time(time.Date(2027, 5, 3, 8, 5, 0, 0, time.FixedZone("", 7200))), "3 May 2027, 06:05 UTC"},
		{"thousands in German", German.Count(-1234567), "−1.234.567"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Language{
		"": English, "de-AT,de;q=0.9": German, "fr,en;q=0.5,de;q=0.4": English, "fr": English, "DE": German, ";;,,": English,
	} {
		if got := Accepted(header); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	if err := CheckAssets(); err != nil {
		t.Fatal(err)
	}
	path, err := AssetPath("page.js")
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.Split(path, "/")[2]
	if data, _, ok := Asset(hash, "page.js"); !ok || len(data) == 0 {
		t.Errorf("%s is not there", path)
	}
	if _, _, ok := Asset("0000000000000000", "page.js"); ok {
		t.Error("a file of another hash is there")
	}
	if _, _, ok := Asset(hash, "../page.go"); ok {
		t.Error("a file that is no asset is there")
	}
}
