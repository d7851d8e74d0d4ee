package network

import (
	"errors"
	"math"
	"testing"
)

func TestConvert(t *testing.T) {
	tests := []struct {
		x        float64
		from, to string
		want     float64
	}{
		{250, "g", "kg", 0.25},
		{0.1, "t", "kg", 100},
		{1, "lb", "kg", 0.45359237},
		{16, "oz", "lb", 1},
		{3, "dozen", "piece", 36},
		{90, "min", "h", 1.5},
		{20, "min", "h", 1.0 / 3},
		{1, "kWh", "MJ", 3.6},
		{1, "kcal", "kJ", 4.184},
		{2, "ha", "m2", 20000},
		{5, "hl", "l", 500},
		{0.07, "g", "mg", 70}, // 0.07·1000 in float64 is 70.00000000000001
		{1.1, "t CO2e", "kg CO2e", 1100},
		{7, "loaf", "loaf", 7},
		{0, "g", "kg", 0},
	}
	for _, tt := range tests {
		if got, err := Convert(tt.x, tt.from, tt.to); err != nil || got != tt.want {
			t.Errorf("Convert(%v, %q, %q) = %v, %v; want %v", tt.x, tt.from, tt.to, got, err, tt.want)
		}
	}
}

func TestConvertRefuses(t *testing.T) {
	tests := []struct {
		from, to, nearest string
		code              Code
	}{
		{"g", "l", "", CodeUnit},
		{"kg CO2e", "kg N", "", CodeUnit},
		{"kg", "loaf", "", CodeUnit},
		{"kgg", "kg", "kg", CodeUnknownUnit},
		{"loaves", "loaf", "", CodeUnknownUnit},
		{"KG", "kg", "kg", CodeUnknownUnit},
		{"USD", "EUR", "", CodeUnknownUnit},
	}
	for _, tt := range tests {
		_, err := Convert(1, tt.from, tt.to)
		var m Mistake
		if !errors.As(err, &m) || m.Code != tt.code || tt.nearest != "" && m.Nearest != tt.nearest {
			t.Errorf("Convert %q to %q: %v (nearest %q), want %s (%q)", tt.from, tt.to, err, m.Nearest, tt.code, tt.nearest)
		}
	}
	if _, err := Convert(math.MaxFloat64, "t", "mg"); err == nil {
		t.Error("an overflow is not reported")
	}
}

func TestContentUnits(t *testing.T) {
	n := &Network{
		Products:   []Product{{ID: "bread", Unit: "kg"}, {ID: "egg", Unit: "piece"}},
		Properties: []Property{{ID: "energy", Unit: "kcal"}},
		Contents: []Content{
			{Product: "bread", Property: "energy", Quantity: 250, Unit: "kcal/100 g"},
			{Product: "egg", Property: "energy", Quantity: 1800, Unit: "kcal/dozen"},
			{Product: "bread", Property: "energy", Quantity: 4184, Unit: "kJ"},
		},
	}
	n.Normalise()
	for i, want := range []float64{2500, 150, 1000} {
		if got := n.Contents[i]; got.Quantity != want || got.Unit != "kcal" {
			t.Errorf("content %d is %v %s, want %v kcal", i, got.Quantity, got.Unit, want)
		}
	}
}

func FuzzUnits(f *testing.F) {
	f.Add(1.5, "g", "kg")
	f.Add(3.0, "t CO2e", "kg CO2e")
	f.Add(1.0, "kcal/100 g", "kcal")
	f.Fuzz(func(t *testing.T, x float64, from, to string) {
		y, err := Convert(x, from, to)
		if err != nil || from == to || math.IsNaN(x) {
			return
		}
		back, err := Convert(y, to, from)
		if err != nil {
			return // one direction may overflow
		}
		if y != 0 && math.Abs(y) > 1e-290 && math.Abs(back-x) > 1e-12*math.Abs(x) {
			t.Fatalf("%v %s is %v %s, and back %v", x, from, y, to, back)
		}
	})
}
