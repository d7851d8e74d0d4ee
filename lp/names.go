package lp

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// fileNames returns n names fit for a file: what fit makes of name(i), and
// where two would be the same, the later ones with ~2, ~3 … behind them. taken
// holds the names already in use; the result is added.
func fileNames(n int, name func(int) string, fit func(string) string, taken map[string]int) []string {
	names := make([]string, n)
	for i := range names {
		base := fit(name(i))
		s := base
		for taken[s] > 0 {
			taken[base]++
			s = base + "~" + strconv.Itoa(taken[base])
		}
		taken[s] = 1
		names[i] = s
	}
	return names
}

// mpsName makes s a word of a free-format MPS file: blanks and control
// characters become underscores, and so does what would be read as a comment
// or a marker.
func mpsName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar {
			return '_'
		}
		return r
	}, s)
	switch {
	case s == "":
		return "_"
	case s[0] == '*' || s[0] == '$':
		return "_" + s[1:]
	case s == "'MARKER'":
		return "_MARKER_"
	}
	return s
}

// lpName makes s a name of a CPLEX-LP file: other characters become
// underscores, and an underscore goes before what would be read as a number
// or a keyword.
func lpName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x80 && lpNameByte(byte(r)) {
			return r
		}
		return '_'
	}, s)
	if s == "" || !lpNameStart(s[0]) || likeExponent(s) || reserved(strings.ToLower(s)) {
		return "_" + s
	}
	return s
}

// reserved tells whether a reader may take s, in lower case, for a keyword or
// for infinity. Some take any word that begins with inf for infinity.
func reserved(s string) bool {
	return lpSections[s] != noSection || strings.HasPrefix(s, "inf") || s == "free"
}

// likeExponent tells whether s behind a number could be read as its exponent.
func likeExponent(s string) bool {
	return (s[0] == 'e' || s[0] == 'E') && (len(s) == 1 || s[1] >= '0' && s[1] <= '9')
}

// writable returns p, compact, or the reason why no file can hold it.
func writable(p *Problem) (*Problem, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	for i := range p.Rows() {
		if large(p.RowLower[i]) || large(p.RowUpper[i]) {
			return nil, fmt.Errorf("row %s: bounds %v, %v: readers take 1e30 and more for infinite", p.NameOfRow(i), p.RowLower[i], p.RowUpper[i])
		}
	}
	for j := range p.Cols() {
		if large(p.Lower[j]) || large(p.Upper[j]) {
			return nil, fmt.Errorf("column %s: bounds %v, %v: readers take 1e30 and more for infinite", p.NameOfCol(j), p.Lower[j], p.Upper[j])
		}
	}
	if p.compact() {
		return p, nil
	}
	q := *p
	q.Start = append([]int{}, p.Start...)
	q.Index = append([]int32{}, p.Index...)
	q.Value = append([]float64{}, p.Value...)
	q.Compact()
	return &q, q.Validate()
}

func large(bound float64) bool { return finite(bound) && math.Abs(bound) >= infinite }

// compact tells whether Compact would change nothing.
func (p *Problem) compact() bool {
	seen := make([]int, p.Rows())
	for j := range p.Cols() {
		rows, values := p.Column(j)
		for k, i := range rows {
			if seen[i] == j+1 || values[k] == 0 {
				return false
			}
			seen[i] = j + 1
		}
	}
	return true
}
