package mistake

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"what is short stays", "Vollkorn, 2 kg", "Vollkorn, 2 kg"},
		{"one line", "a\nb\x7f\x00\xff", "a\ufffdb\ufffd\ufffd\ufffd"},
		{"what is long is cut", strings.Repeat("x", 401), strings.Repeat("x", 400) + "…"},
		{"no letter is cut in two", "x" + strings.Repeat("ü", 200), "x" + strings.Repeat("ü", 199) + "…"},
	} {
		if got := Short(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// Whatever comes in, what is quoted is valid, on one line and bounded.
func TestShortIsBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Short(string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + strings.Repeat(rapid.String().Draw(t, "text"), 100))
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\n\r\x00") || len(s) > 3*MaxQuoted+len("…") {
			t.Errorf("%d bytes: %q", len(s), s)
		}
	})
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"bread", "butter", "potatoes", "care_help", "co2e"}
	for in, want := range map[string]string{
		"braed": "bread", "Bread": "bread", "potatos": "potatoes", "care help": "care_help",
		"co2": "co2e", "brot": "bread", "zzz": "", "": "", "bread": "",
	} {
		if got := Nearest(in, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Nearest("bred", []string{"bed", "bread", "red"}); got != "bread" {
		t.Errorf("of equally near names the one that begins alike is meant, got %q", got)
	}
}
