package lp

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// SyntaxError tells where a file of a program cannot be read and why.
type SyntaxError struct {
	File         string // as given to the reader
	Line, Column int    // from 1; columns count bytes
	Message      string // what was found and what was expected
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// infinite is the size from which the bounds in a file count as infinite. No
// writer here writes a finite bound of that size.
const infinite = 1e30

// parseNumber reads a decimal number; d and D may mark the exponent, as
// Fortran wrote it.
func parseNumber(s string) (float64, error) {
	digits := false
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			digits = true
		case strings.IndexByte("+-.eEdD", c) < 0:
			return 0, fmt.Errorf("found %q, expected a number", s)
		}
	}
	if !digits {
		return 0, fmt.Errorf("found %q, expected a number", s)
	}
	v, err := strconv.ParseFloat(plainExponent(s), 64)
	switch {
	case err == nil:
		return v, nil
	case math.IsInf(v, 0):
		return 0, fmt.Errorf("number %s is too large: at most 1.7976931348623157e308", s)
	}
	return 0, fmt.Errorf("found %q, expected a number", s)
}

func plainExponent(s string) string {
	if i := strings.IndexAny(s, "dD"); i >= 0 {
		return s[:i] + "e" + s[i+1:]
	}
	return s
}

// parseBound reads a number that may be infinite: by word, or by being as
// large as infinite.
func parseBound(s string) (float64, error) {
	if isInfinity(strings.TrimLeft(s, "+-")) {
		switch s[0] {
		case '-':
			return -Inf, nil
		default:
			return Inf, nil
		}
	}
	v, err := parseNumber(s)
	return clampInfinite(v), err
}

func isInfinity(word string) bool {
	return strings.EqualFold(word, "inf") || strings.EqualFold(word, "infinity")
}

func clampInfinite(v float64) float64 {
	switch {
	case v >= infinite:
		return Inf
	case v <= -infinite:
		return -Inf
	}
	return v
}

// formatNumber writes the shortest decimal that reads back as v; zero has no sign.
func formatNumber(v float64) string { return strconv.FormatFloat(v+0, 'g', -1, 64) }

// namesOf returns the function of a Problem for a list of names.
func namesOf(names []string) func(int) string {
	return func(i int) string { return names[i] }
}
