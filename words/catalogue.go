package words

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Languages are those that everything is said in.
var Languages = []Language{German, English}

// Catalogue holds the sentences of a package by language and key.
type Catalogue map[Language]map[string]Sentence

// Sentence is one sentence of a catalogue with {marks} where something is put in; One serves a {count} of exactly 1 and is
// empty where the sentence has one form.
type Sentence struct{ One, Other string }

// UnmarshalJSON takes a plain string or {"one": …, "other": …}.
func (s *Sentence) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &s.Other); err == nil {
		return nil
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(b, &forms); err != nil {
		return err
	}
	s.One, s.Other = forms.One, forms.Other
	return nil
}

// ReadCatalogue reads messages/de.json and messages/en.json, each an object of sentences. What one language says, the other
// has to say about the same things: under the same keys, in as many forms, with the same marks.
func ReadCatalogue(files fs.FS) (Catalogue, error) {
	c := Catalogue{}
	for _, l := range Languages {
		name := "messages/" + string(l) + ".json"
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var sentences map[string]Sentence
		if err := json.Unmarshal(b, &sentences); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c[l] = sentences
	}
	return c, c.check()
}

// check names the keys that one language lacks or says something else under.
func (c Catalogue) check() error {
	var wrong []error
	for key, en := range c[English] {
		de, ok := c[German][key]
		switch {
		case !ok:
			wrong = append(wrong, fmt.Errorf("de: no sentence %q", key))
		case de.Other == "" || en.Other == "":
			wrong = append(wrong, fmt.Errorf("%q is empty", key))
		case (de.One == "") != (en.One == ""):
			wrong = append(wrong, fmt.Errorf("%q: only one language has a form for one", key))
		case !slices.Equal(marks(de.Other), marks(en.Other)):
			wrong = append(wrong, fmt.Errorf("%q: de has %v, en has %v", key, marks(de.Other), marks(en.Other)))
		}
	}
	for key := range c[German] {
		if _, ok := c[English][key]; !ok {
			wrong = append(wrong, fmt.Errorf("en: no sentence %q", key))
		}
	}
	slices.SortFunc(wrong, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(wrong...)
}

// marks are the names in {braces}, each once, sorted.
func marks(text string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			slices.Sort(names)
			return slices.Compact(names)
		}
		name, after, ok := strings.Cut(rest, "}")
		if ok {
			names = append(names, name)
		}
		text = after
	}
}

// Say returns the sentence under key with {name} replaced by the value that follows the name in args, as write writes it;
// one tells whether a count is exactly 1 as it is read. An unknown key comes back in brackets, so that it is seen.
func (c Catalogue) Say(l Language, key string, write func(name string, value any) (text string, one bool), args ...any) string {
	s, ok := c[l][key]
	if !ok {
		return "[" + key + "]"
	}
	text := s.Other
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		name := fmt.Sprint(args[i])
		value, one := write(name, args[i+1])
		if name == "count" && one && s.One != "" {
			text = s.One
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Has tells whether there is a sentence under key.
func (c Catalogue) Has(l Language, key string) bool {
	_, ok := c[l][key]
	return ok
}
