package network

import (
	"unicode"
	"unicode/utf8"
)

// CheckID tells why a text cannot be an ID: IDs have no line breaks or control
// characters, do not begin with "#", and are at most 200 bytes long. The error is a Mistake.
func CheckID(id string) error {
	if len(id) > 200 || !utf8.ValidString(id) || id != "" && id[0] == '#' {
		return Mistake{Code: CodeID, Found: id}
	}
	for i := range len(id) {
		if c := id[i]; c < ' ' || c == 0x7f {
			return Mistake{Code: CodeID, Found: id}
		}
	}
	return nil
}

// readable tells whether a text has only characters that files can carry.
func readable(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f {
			return readableRunes(s)
		}
	}
	return true
}

func readableRunes(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r == 0xfffe || r == 0xffff {
			return false
		}
	}
	return true
}
