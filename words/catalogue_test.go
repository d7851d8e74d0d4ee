package words

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

func catalogueOf(de, en string) (Catalogue, error) {
	return ReadCatalogue(fstest.MapFS{"messages/de.json": {Data: []byte(de)}, "messages/en.json": {Data: []byte(en)}})
}

func TestReadCatalogue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, de, en, want string }{
		{"the same in both languages", `{"a": "{x} und {y}", "b": {"one": "ein", "other": "{count}"}}`, `{"a": "{y} and {x}, {x}", "b": {"one": "one", "other": "{count}"}}`, ""},
		{"a sentence that German lacks", `{}`, `{"a": "b"}`, `de: no sentence "a"`},
		{"a sentence that English lacks", `{"a": "b"}`, `{}`, `en: no sentence "a"`},
		{"an empty sentence", `{"a": "b"}`, `{"a": ""}`, `"a" is empty`},
		{"a form for one in one language", `{"a": {"one": "b", "other": "c"}}`, `{"a": "c"}`, `"a": only one language has a form for one`},
		{"marks that differ", `{"a": "{x}"}`, `{"a": "{y}"}`, `"a": de has [x], en has [y]`},
		{"no JSON", `{`, `{}`, "messages/de.json: unexpected end"},
		{"no sentence", `{"a": 1}`, `{}`, "messages/de.json: json: cannot unmarshal number"},
	} {
		_, err := catalogueOf(c.de, c.en)
		if got := fmt.Sprint(err); c.want == "" && err != nil || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSay(t *testing.T) {
	t.Parallel()
	c, err := catalogueOf(`{"left": {"one": "ein Code", "other": "{count} Codes"}, "to": "an {who}, {who}"}`,
		`{"left": {"one": "one code", "other": "{count} codes"}, "to": "to {who}, {who}"}`)
	if err != nil {
		t.Fatal(err)
	}
	write := func(_ string, v any) (string, bool) { return fmt.Sprintf("<%v>", v), v == 1 }
	for _, x := range []struct{ name, got, want string }{
		{"a count of one has its own form", c.Say(German, "left", write, "count", 1), "ein Code"},
		{"more have the other", c.Say(English, "left", write, "count", 12), "<12> codes"},
		{"a mark may stand twice", c.Say(English, "to", write, "who", "Ada"), "to <Ada>, <Ada>"},
		{"what is put in is not searched for marks", c.Say(English, "to", write, "who", "{who}"), "to <{who}>, <{who}>"},
		{"an unknown key is seen", c.Say(German, "no.such", write), "[no.such]"},
	} {
		if x.got != x.want {
			t.Errorf("%s: got %q, want %q", x.name, x.got, x.want)
		}
	}
}
