package commons

import (
	"fmt"
	"math/big"
	"strings"
)

// places is how many decimal places a Decimal has, as many as the record's decimals.
const places = 9

var (
	scale = new(big.Int).Exp(big.NewInt(10), big.NewInt(places), nil)
	// widest bounds what ParseDecimal reads: 18 digits before the point, as in entries.
	widest = new(big.Int).Exp(big.NewInt(10), big.NewInt(18+places), nil)
)

// Decimal is an exact decimal with nine places, as entries write them: "12.5". It does not change; the zero value is 0.
type Decimal struct {
	nano *big.Int // billionths; nil is 0
}

// ParseDecimal reads a decimal of at most 18 digits before the point and 9 behind it.
func ParseDecimal(s string) (Decimal, error) { return parseDecimal(s, 18) }

func parseDecimal(s string, longest int) (Decimal, error) {
	bad := func() (Decimal, error) {
		return Decimal{}, fmt.Errorf("decimal %q: expected one like \"12.5\", with at most %d digits before the point and 9 behind", clip(s), longest)
	}
	digits, minus := strings.CutPrefix(s, "-")
	whole, part, point := strings.Cut(digits, ".")
	if whole == "" || len(whole) > longest || len(part) > places || point && part == "" || len(whole) > 1 && whole[0] == '0' {
		return bad()
	}
	all := whole + part + strings.Repeat("0", places-len(part))
	if strings.Trim(all, "0123456789") != "" {
		return bad()
	}
	n, ok := new(big.Int).SetString(all, 10)
	if !ok {
		return bad()
	}
	if minus {
		n.Neg(n)
	}
	return Decimal{n}, nil
}

// decimalOf returns a rational as a decimal, if it is one with nine places that ParseDecimal reads.
func decimalOf(r *big.Rat) (Decimal, bool) {
	n := new(big.Rat).Mul(r, new(big.Rat).SetInt(scale))
	if !n.IsInt() || n.Num().CmpAbs(widest) >= 0 {
		return Decimal{}, false
	}
	return Decimal{new(big.Int).Set(n.Num())}, true
}

func (d Decimal) int() *big.Int {
	if d.nano == nil {
		return new(big.Int)
	}
	return d.nano
}

// Rat returns the decimal as a rational number.
func (d Decimal) Rat() *big.Rat { return new(big.Rat).SetFrac(d.int(), scale) }

// Add returns d + e.
func (d Decimal) Add(e Decimal) Decimal { return Decimal{new(big.Int).Add(d.int(), e.int())} }

// Sub returns d - e.
func (d Decimal) Sub(e Decimal) Decimal { return Decimal{new(big.Int).Sub(d.int(), e.int())} }

// Times returns n times d.
func (d Decimal) Times(n int64) Decimal { return Decimal{new(big.Int).Mul(d.int(), big.NewInt(n))} }

// Part returns the part e of d, which is not negative, rounded down to nine places.
func (d Decimal) Part(e Decimal) Decimal {
	n := new(big.Int).Mul(d.int(), e.int())
	return Decimal{n.Quo(n, scale)}
}

// Sign returns -1, 0 or 1.
func (d Decimal) Sign() int { return d.int().Sign() }

// Cmp compares as big.Int.Cmp does.
func (d Decimal) Cmp(e Decimal) int { return d.int().Cmp(e.int()) }

// String writes the decimal in its one form: no plus, no leading zeros, no zeros at the end.
func (d Decimal) String() string {
	n := d.int()
	digits := new(big.Int).Abs(n).String()
	if len(digits) <= places {
		digits = strings.Repeat("0", places+1-len(digits)) + digits
	}
	whole, part := digits[:len(digits)-places], strings.TrimRight(digits[len(digits)-places:], "0")
	if n.Sign() < 0 {
		whole = "-" + whole
	}
	if part != "" {
		return whole + "." + part
	}
	return whole
}

// MarshalText writes what String does.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote: a sum may have more digits than what is stated.
func (d *Decimal) UnmarshalText(text []byte) error {
	x, err := parseDecimal(string(text), 40)
	*d = x
	return err
}

// clip shortens what somebody wrote for a message.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
