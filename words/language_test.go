package words

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		x      float64
		en, de string
	}{
		{0, "0", "0"},
		{1, "1", "1"},
		{1234.5, "1,234", "1.234"},
		{999.96, "1,000", "1.000"},
		{12345678, "12,345,678", "12.345.678"},
		{350.94, "350.9", "350,9"},
		{12.346, "12.35", "12,35"},
		{1.5, "1.5", "1,5"},
		{-0.25, "−0.25", "−0,25"},
		{0.12344, "0.123", "0,123"},
		{0.047563, "0.0476", "0,0476"},
		{0.000666667, "0.000667", "0,000667"},
		{3.2e-9, "3.2 × 10⁻⁹", "3,2 × 10⁻⁹"},
		{-3.2e-9, "−3.2 × 10⁻⁹", "−3,2 × 10⁻⁹"},
		{9.99e-10, "1 × 10⁻⁹", "1 × 10⁻⁹"},
		{math.NaN(), "–", "–"},
		{math.Inf(1), "∞", "∞"},
		{math.Inf(-1), "−∞", "−∞"},
	} {
		if got := plain(English.Number(c.x)); got != c.en {
			t.Errorf("en: %v is %q, want %q", c.x, got, c.en)
		}
		if got := plain(German.Number(c.x)); got != c.de {
			t.Errorf("de: %v is %q, want %q", c.x, got, c.de)
		}
	}
}

func TestSignificant(t *testing.T) {
	for _, c := range []struct {
		x      float64
		en, de string
	}{
		{0, "0", "0"},
		{12345.6, "12,346", "12.346"},
		{123.45, "123", "123"},
		{12.345, "12.3", "12,3"},
		{1.2345, "1.23", "1,23"},
		{9.996, "10", "10"},
		{0.12345, "0.123", "0,123"},
		{0.000417, "0.000417", "0,000417"},
		{4.2149e-6, "4.21 × 10⁻⁶", "4,21 × 10⁻⁶"},
		{9.996e-6, "1 × 10⁻⁵", "1 × 10⁻⁵"},
		{-1.2e-5, "−1.2 × 10⁻⁵", "−1,2 × 10⁻⁵"},
		{math.NaN(), "–", "–"},
		{math.Inf(-1), "−∞", "−∞"},
	} {
		if en, de := plain(English.Significant(c.x)), plain(German.Significant(c.x)); en != c.en || de != c.de {
			t.Errorf("%v is %q and %q, want %q and %q", c.x, en, de, c.en, c.de)
		}
	}
}

func TestExponent(t *testing.T) {
	for x, want := range map[float64][2]string{1.54e-5: {"1.5e-05", "1,5e-05"}, -123456: {"-1.2e+05", "-1,2e+05"}, 0: {"0.0e+00", "0,0e+00"}} {
		if en, de := English.Exponent(x, 1), German.Exponent(x, 1); en != want[0] || de != want[1] {
			t.Errorf("%v is %q and %q, want %q", x, en, de, want)
		}
	}
}

func TestFigureKeepsWhatIsStated(t *testing.T) {
	for x, want := range map[float64]string{1234.5: "1,234.5", 7915.69332: "7,915.6933", 0.25: "0.25", -0.00001: "−1 × 10⁻⁵", 3: "3"} {
		if got := plain(English.Figure(x)); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
	}
}

// 100% is said only of what is met in full, and 0% only of nothing.
func TestShare(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0%", 1e-12: "0%", 1e-5: "0.1%", 0.004: "0.4%", 0.7954: "79.5%", 0.9996: "99.9%", 0.99999: "100%", 1: "100%", 1.25: "125%", -0.1: "−10%",
	} {
		if got := English.Share(x); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
	}
	if got := German.Share(0.7954); got != "79,5\u00a0%" {
		t.Errorf("got %q", got)
	}
}

// What is written can be read again, to the figures that are written.
func TestNumberIsClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1e-4, 1e9).Draw(t, "x")
		s := English.Number(x)
		got, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got-x) > 0.005*x {
			t.Errorf("%v is written %s", x, s)
		}
		if de := strings.NewReplacer(".", ",", ",", ".").Replace(German.Number(x)); de != s {
			t.Errorf("%v: German %s, English %s", x, de, s)
		}
	})
}
