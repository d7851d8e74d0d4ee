package words

import (
	"math"
	"strconv"
	"strings"
)

// Language is a language in which Bremen speaks, as a BCP 47 code.
type Language string

const (
	German  Language = "de"
	English Language = "en"
)

// InFull is the satisfaction from which a need counts as met in full: what is
// missing to 1 is rounding of the solver.
const InFull = 1 - 1e-5

// Number writes x for reading: with four significant figures, but its whole
// part in full and no more than three decimals; with three significant figures
// below 0.1, and as a multiple of a power of ten below 0.0001.
func (l Language) Number(x float64) string {
	if a := math.Abs(x); !(a > 0 && a < 1e-4) {
		return l.Fixed(x, decimals(a))
	}
	return l.power(x, 1)
}

// Significant writes x for reading with three significant figures, but its whole part in full; below 0.0001 as a
// multiple of a power of ten: figures of which only the size counts, such as prices.
func (l Language) Significant(x float64) string {
	switch a := math.Abs(x); {
	case a > 0 && a < 1e-4:
		return l.power(x, 2)
	case a >= 1e-4 && a < 100:
		return l.Fixed(x, 2-int(math.Floor(math.Log10(a))))
	}
	return l.Fixed(x, 0)
}

// power writes x, which is not 0, as a multiple with n decimals of a power of ten.
func (l Language) power(x float64, n int) string {
	a := math.Abs(x)
	e := int(math.Floor(math.Log10(a)))
	if a/math.Pow10(e) >= 10-0.5*math.Pow10(-n) {
		e++
	}
	return l.Fixed(x/math.Pow10(e), n) + "\u00a0×\u00a010" + superscript.Replace(strconv.Itoa(e))
}

// Exponent writes x in one width with n decimals and its power of ten: 1.5e-05 in English, 1,5e-05 in German.
func (l Language) Exponent(x float64, n int) string {
	s := strconv.FormatFloat(x, 'e', n, 64)
	if l == German {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// decimals is how many of them Number writes.
func decimals(a float64) int {
	switch {
	case a == 0 || a >= 1000 || math.IsNaN(a):
		return 0
	case a >= 0.1:
		return min(3, 3-int(math.Floor(math.Log10(a))))
	}
	return 2 - int(math.Floor(math.Log10(a)))
}

var superscript = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// Figure writes x with up to four decimals: figures that people have stated,
// or that others compare with.
func (l Language) Figure(x float64) string {
	if a := math.Abs(x); a != 0 && a < 5e-4 {
		return l.Number(x)
	}
	return l.Fixed(x, 4)
}

// Fixed writes x with at most n decimals, without trailing zeros, thousands
// grouped: 1,234.5 in English, 1.234,5 in German. No number at all is a dash.
func (l Language) Fixed(x float64, n int) string {
	if math.IsNaN(x) {
		return "–"
	}
	if math.IsInf(x, 0) {
		if x < 0 {
			return "−∞"
		}
		return "∞"
	}
	s := strconv.FormatFloat(math.Abs(x), 'f', n, 64)
	whole, part, _ := strings.Cut(s, ".")
	part = strings.TrimRight(part, "0")
	group, point := ",", "."
	if l == German {
		group, point = ".", ","
	}
	var b strings.Builder
	if x < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString("−")
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(c)
	}
	if part != "" {
		b.WriteString(point + part)
	}
	return b.String()
}

// Share writes 0.8312 as 83.1%, in German 83,1 %. 100% is said only of what is
// met in full, and 0% only of nothing.
func (l Language) Share(x float64) string {
	p := math.Round(x*1000) / 10
	switch {
	case x >= InFull:
		p = max(p, 100)
	case p >= 100:
		p = 99.9
	case x > 1e-9 && p < 0.1:
		p = 0.1
	}
	return l.Percent(l.Fixed(p, 1))
}

// Percent puts the sign behind a figure as the language has it.
func (l Language) Percent(figure string) string {
	if l == German {
		return figure + "\u00a0%"
	}
	return figure + "%"
}

// Quantity writes x with its unit, which a narrow line may not part from it.
func (l Language) Quantity(x float64, unit string) string {
	if unit == "" {
		return l.Number(x)
	}
	return l.Number(x) + "\u00a0" + unit
}
