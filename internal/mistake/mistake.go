// Package mistake says what is wrong with what people typed or sent: what was found, quoted within bounds ([Short], [Quote]),
// and the known name that was probably meant ([Nearest]). It imports the standard library only.
package mistake

import (
	"strings"
	"unicode/utf8"
)

// MaxQuoted is how many bytes are quoted at most.
const MaxQuoted = 400

// Short bounds what is quoted from the input, with … where it was cut, and keeps it on one line: control characters and
// invalid UTF-8 become �.
func Short(s string) string {
	if len(s) > MaxQuoted {
		cut := MaxQuoted
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return utf8.RuneError
		}
		return r
	}, s)
}

// Quote is Short in quotation marks.
func Quote(s string) string { return `"` + Short(s) + `"` }
