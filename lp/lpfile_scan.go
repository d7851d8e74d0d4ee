package lp

import (
	"fmt"
	"strings"
)

// This file cuts a CPLEX-LP file into tokens.

type tokenKind uint8

const (
	endOfFile tokenKind = iota
	numberToken
	nameToken
	signToken    // + or -
	colonToken   // :
	compareToken // <=, >= or =, in text; < and > mean the same
	strayToken   // anything else
)

type token struct {
	kind         tokenKind
	text         string
	line, column int
	first        bool // on its line
}

func (t token) String() string {
	if t.kind == endOfFile {
		return "the end of the file"
	}
	return fmt.Sprintf("%q", t.text)
}

type lpScanner struct {
	text  string
	at    int
	line  int
	begin int // of the line
	first bool
}

func lpNameByte(c byte) bool {
	return lpNameStart(c) || c >= '0' && c <= '9' || c == '.'
}

// lpNameStart tells whether a name may begin with c. Files may also use
// letters beyond ASCII; writers here do not.
func lpNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 ||
		c != 0 && strings.IndexByte("!\"#$%&(),;?@_`'{}~", c) >= 0
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func (s *lpScanner) next() token {
	s.skip()
	t := token{line: s.line, column: s.at - s.begin + 1, first: s.first}
	s.first = false
	if s.at == len(s.text) {
		return t
	}
	start := s.at
	switch c := s.text[s.at]; {
	case digit(c) || c == '.':
		t.kind = numberToken
		s.number()
	case lpNameStart(c):
		t.kind = nameToken
		for s.at < len(s.text) && lpNameByte(s.text[s.at]) {
			s.at++
		}
	case c == '+' || c == '-':
		t.kind = signToken
		s.at++
	case c == ':':
		t.kind = colonToken
		s.at++
	case c == '<' || c == '>' || c == '=':
		t.kind = compareToken
		t.text = s.compare()
		return t
	default:
		t.kind = strayToken
		s.at++
	}
	t.text = s.text[start:s.at]
	return t
}

// skip passes over blanks and comments, which run from \ to the end of a line.
func (s *lpScanner) skip() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case '\n':
			s.line++
			s.begin = s.at + 1
			s.first = true
		case ' ', '\t', '\r', '\v', '\f':
		case '\\':
			end := strings.IndexByte(s.text[s.at:], '\n')
			if end < 0 {
				s.at = len(s.text)
				return
			}
			s.at += end
			continue
		default:
			return
		}
		s.at++
	}
}

// number passes over digits, a point, and an exponent where digits follow the e.
func (s *lpScanner) number() {
	digits := func(i int) int {
		for i < len(s.text) && digit(s.text[i]) {
			i++
		}
		return i
	}
	i := digits(s.at)
	if i < len(s.text) && s.text[i] == '.' {
		i = digits(i + 1)
	}
	s.at = i
	if i == len(s.text) || s.text[i] != 'e' && s.text[i] != 'E' {
		return
	}
	i++
	if i < len(s.text) && (s.text[i] == '+' || s.text[i] == '-') {
		i++
	}
	if end := digits(i); end > i {
		s.at = end
	}
}

// compare passes over <, <=, =<, >, >=, => or = and returns it as <=, >= or =.
func (s *lpScanner) compare() string {
	c := s.text[s.at]
	s.at++
	if s.at < len(s.text) {
		d := s.text[s.at]
		if c != '=' && d == '=' || c == '=' && (d == '<' || d == '>') {
			s.at++
		}
		if c == '=' && (d == '<' || d == '>') {
			c = d
		}
	}
	if c == '=' {
		return "="
	}
	return string(c) + "="
}

type lpSection uint8

const (
	noSection lpSection = iota
	minimiseSection
	maximiseSection
	rowSection
	boundSection
	integerSection
	binarySection
	endSection
	refusedSection
)

// lpSections holds the words that begin a section where they come first on a
// line, in lower case; "subject" and "such" only with their second word.
var lpSections = map[string]lpSection{
	"minimize": minimiseSection, "minimise": minimiseSection, "minimum": minimiseSection, "min": minimiseSection,
	"maximize": maximiseSection, "maximise": maximiseSection, "maximum": maximiseSection, "max": maximiseSection,
	"subject": rowSection, "such": rowSection, "st": rowSection, "s.t.": rowSection, "st.": rowSection,
	"bounds": boundSection, "bound": boundSection,
	"general": integerSection, "generals": integerSection, "gen": integerSection, "integer": integerSection, "integers": integerSection,
	"binary": binarySection, "binaries": binarySection, "bin": binarySection,
	"end":  endSection,
	"semi": refusedSection, "semis": refusedSection, "sos": refusedSection, "sos1": refusedSection, "sos2": refusedSection,
	"pwlobj": refusedSection, "lazy": refusedSection, "user": refusedSection, "general_constraints": refusedSection,
}
