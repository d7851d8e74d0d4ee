package tables

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"bremen/network"
)

// maxNumberText is the longest text that can be a number.
const maxNumberText = 64

// parseNumber reads a decimal. With comma it is written the German way
// ("1.234,5"), else the English ("1,234.5" or plain). Grouping that could also
// be a decimal sign ("1.234" with comma) is an error, as is a number that
// float64 cannot carry without loss.
func parseNumber(s string, comma bool) (float64, error) {
	text := s
	if len(text) > maxNumberText {
		return 0, network.Mistake{Code: network.CodeNumber, Found: s}
	}
	text = strings.Replace(text, "−", "-", 1) // a minus sign from a text program
	if comma {
		if strings.ContainsAny(text, ".,") {
			var err error
			if text, err = plain(text, '.', ',', network.CodePoint); err != nil {
				return 0, err
			}
		}
	} else if strings.IndexByte(text, ',') >= 0 {
		var err error
		if text, err = plain(text, ',', '.', network.CodeComma); err != nil {
			return 0, err
		}
	}
	digits, ok := scanNumber(text)
	if !ok {
		return 0, network.Mistake{Code: network.CodeNumber, Found: s}
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(x, 0) || x == 0 && digits > 0 {
		return 0, network.Mistake{Code: network.CodeNotFinite, Found: s}
	}
	if digits > 15 && !exactly(text, x) {
		return 0, network.Mistake{Code: network.CodeDigits, Found: s}
	}
	return x, nil
}

// scanNumber checks the form of a plain number and counts its significant digits.
func scanNumber(s string) (digits int, ok bool) {
	i, n := 0, len(s)
	if i < n && (s[i] == '-' || s[i] == '+') {
		i++
	}
	seen, point, zeros := false, false, 0
	for ; i < n; i++ {
		switch c := s[i]; {
		case c == '.' && !point:
			point = true
			continue
		case c < '0' || c > '9':
			return digits, seen && isExponent(s[i:])
		case c == '0':
			if digits > 0 {
				zeros++
			}
		default:
			digits += zeros + 1
			zeros = 0
		}
		seen = true
	}
	return digits, seen
}

func isExponent(s string) bool {
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// exactly tells whether x is written as that very decimal.
func exactly(text string, x float64) bool {
	shortest, ok := network.Decimal(x)
	if !ok {
		return false
	}
	stated, ok := new(big.Rat).SetString(text)
	return ok && stated.Cmp(shortest) == 0
}

// plain turns a number with grouping and decimal signs into Go's form.
// wrong is the code for a number that has the two signs the other way round.
func plain(s string, group, decimal byte, wrong network.Code) (string, error) {
	whole, fraction, has := strings.Cut(s, string(decimal))
	groups := strings.Split(whole, string(group))
	if len(groups) > 1 {
		if !grouped(groups) {
			return "", otherWay(s, group, decimal, wrong)
		}
		if len(groups) == 2 && !has {
			return "", network.Mistake{Code: network.CodeAmbiguousNumber, Found: s}
		}
		whole = strings.Join(groups, "")
	}
	if !has {
		return whole, nil
	}
	if strings.IndexByte(fraction, group) >= 0 || strings.IndexByte(fraction, decimal) >= 0 {
		return "", otherWay(s, group, decimal, wrong)
	}
	return whole + "." + fraction, nil
}

// grouped tells whether the parts are a number in groups of three digits.
func grouped(parts []string) bool {
	first := strings.TrimLeft(parts[0], "+-")
	if len(first) < 1 || len(first) > 3 || first[0] == '0' {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) != 3 {
			return false
		}
	}
	_, ok := scanNumber(strings.Join(parts, ""))
	return ok && !strings.ContainsAny(strings.Join(parts, ""), "eE.")
}

// otherWay explains a number that is wrong here: written for the other kind of file, or none at all.
func otherWay(s string, group, decimal byte, wrong network.Code) error {
	swapped := strings.NewReplacer(string(group), "", string(decimal), "").Replace(s)
	if _, ok := scanNumber(swapped); ok && strings.Count(s, string(group)) == 1 {
		return network.Mistake{Code: wrong, Found: s}
	}
	return network.Mistake{Code: network.CodeNumber, Found: s}
}

// formatNumber writes a number so that parseNumber reads the same.
func formatNumber(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e15) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
