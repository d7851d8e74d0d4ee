package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Each reason that an audit gives has a sentence in both languages with all that its comment says is filled in.
func TestReasonsHaveSentences(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "audit", "reason.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^\tReason\w+ += "(\w+)" +// (.*)$`).FindAllSubmatch(text, -1)
	if len(found) < 10 {
		t.Fatalf("%d reasons found", len(found))
	}
	for _, m := range found {
		code, comment := string(m[1]), string(m[2])
		if _, ok := sentences["reason/"+code]; !ok {
			t.Errorf("%s has no sentence", code)
			continue
		}
		for _, mark := range marks.FindAllString(sentences["reason/"+code].de, -1) {
			name := strings.Trim(mark, "{}")
			if _, list, _ := strings.Cut(comment, ":"); !slices.Contains(regexp.MustCompile(`\w+`).FindAllString(list, -1), name) {
				t.Errorf("%s: %s is not said to be filled in: %s", code, mark, comment)
			}
		}
	}
}

// What does not hold is said in German, too.
func TestFailuresInGerman(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 3)
	other, m := stored(t, 3)
	bremen(t, n.Clock.Now, "audit", data, "--lang", "de", "--since", noted(t, newest(t, other, m))).wants(t, 3, "Keine gültige Unterschrift mit "+n.Public)
	export := grow(t, data, n, func() { n.Need(1) })
	tiles, err := filepath.Glob(filepath.Join(export, "tile", "entries", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tiles {
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			name = filepath.Join(name, "5")
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		at := strings.LastIndex(string(text), "need.state")
		text[at] = 'n' ^ 1
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bremen(t, time.Now, "audit", export, "--lang", "de").wants(t, 3, "ist das Protokoll nicht, was der Prüfpunkt unterschreibt", "(technisch: ")
}
