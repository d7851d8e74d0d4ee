package network

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"bremen/internal/mistake"
)

// measure is a unit of the table: so many of the base unit of its dimension.
type measure struct {
	dimension string
	factor    *big.Rat
}

// unitTable holds the known units with exact factors: international yard and
// pound (1959), thermochemical calorie (4.184 J).
var unitTable = buildUnits([]struct{ dimension, units string }{
	{"mass", "kg=1 g=1/1000 mg=1/1000000 µg=1/1000000000 ug=1/1000000000 t=1000 kt=1000000 Mt=1000000000 dt=100 lb=45359237/100000000 oz=45359237/1600000000"},
	{"volume", "l=1 L=1 ml=1/1000 mL=1/1000 cl=1/100 dl=1/10 hl=100 m3=1000 m³=1000 cm3=1/1000 dm3=1"},
	{"energy", "J=1 kJ=1000 MJ=1000000 GJ=1000000000 TJ=1000000000000 Wh=3600 kWh=3600000 MWh=3600000000 GWh=3600000000000 cal=4184/1000 kcal=4184"},
	{"power", "W=1 kW=1000 MW=1000000 GW=1000000000"},
	{"area", "m2=1 m²=1 a=100 ha=10000 km2=1000000 km²=1000000 cm2=1/10000 acre=40468564224/10000000"},
	{"length", "m=1 km=1000 cm=1/100 mm=1/1000 mi=1609344/1000 ft=3048/10000 in=254/10000"},
	{"time", "h=1 min=1/60 s=1/3600 day=24 days=24 d=24 hour=1 hours=1 Std=1 Stunde=1 Stunden=1 Tag=24 Tage=24"},
	{"transport", "tkm=1 t·km=1 kgkm=1/1000"},
	{"count", "piece=1 pieces=1 pc=1 pcs=1 Stück=1 Stk=1 St=1 pair=2 Paar=2 dozen=12 Dutzend=12 gross=144 thousand=1000 Tausend=1000 million=1000000 Mio=1000000"},
	{"share", "%=1/100"},
})

func buildUnits(groups []struct{ dimension, units string }) map[string]measure {
	table := map[string]measure{}
	for _, g := range groups {
		for _, u := range strings.Fields(g.units) {
			name, factor, _ := strings.Cut(u, "=")
			r, ok := new(big.Rat).SetString(factor)
			if !ok {
				panic("network: unit " + u)
			}
			if r.Sign() > 0 {
				table[name] = measure{g.dimension, r}
			}
		}
	}
	return table
}

// UnitFactor returns by what a quantity in unit from is multiplied, exactly,
// to be in unit to. Identical texts convert by 1, whatever they say ("loaf").
// A unit may name its substance after a blank ("kg CO2e", "t CO2e"); both must
// then name the same. Errors are Mistakes: CodeUnit where the dimensions
// differ, CodeUnknownUnit where from is not known.
func UnitFactor(from, to string) (*big.Rat, error) {
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	if from == to {
		return big.NewRat(1, 1), nil
	}
	f, fromOf, okFrom := measureOf(from)
	t, toOf, okTo := measureOf(to)
	switch {
	case !okFrom:
		return nil, Mistake{Code: CodeUnknownUnit, Found: from, Expected: to, Nearest: nearestUnit(from, to)}
	case !okTo || f.dimension != t.dimension || fromOf != toOf:
		return nil, Mistake{Code: CodeUnit, Found: from, Expected: to}
	}
	return new(big.Rat).Quo(f.factor, t.factor), nil
}

// measureOf looks a unit up, with the substance it names.
func measureOf(unit string) (m measure, of string, ok bool) {
	if m, ok = unitTable[unit]; ok {
		return m, "", true
	}
	if name, of, cut := strings.Cut(unit, " "); cut {
		m, ok = unitTable[name]
		return m, strings.TrimSpace(of), ok
	}
	return m, "", false
}

// Dimension returns what a known unit measures ("mass", "energy"), "" for any other text.
func Dimension(unit string) string {
	m, _, _ := measureOf(strings.TrimSpace(unit))
	return m.dimension
}

// KnownUnits returns every unit of the table, by dimension.
func KnownUnits() map[string][]string {
	out := map[string][]string{}
	for name, m := range unitTable {
		out[m.dimension] = append(out[m.dimension], name)
	}
	for _, names := range out {
		slices.Sort(names)
	}
	return out
}

// nearestUnit looks among the units of the target's dimension before any other.
func nearestUnit(found, target string) string {
	same, all := []string{target}, []string{}
	dimension := Dimension(target)
	for name, m := range unitTable {
		all = append(all, name)
		if m.dimension == dimension {
			same = append(same, name)
		}
	}
	if near := mistake.Nearest(found, same); near != "" {
		return near
	}
	return mistake.Nearest(found, all)
}

// Decimal returns the decimal that a float64 stands for: the shortest that
// reads back as the same number, which is the one stated if that had at most
// 15 significant digits.
func Decimal(x float64) (*big.Rat, bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, false
	}
	return new(big.Rat).SetString(strconv.FormatFloat(x, 'g', -1, 64))
}

// Scale multiplies a stated decimal by an exact factor and returns the nearest
// float64; ok is false when that is not finite.
func Scale(x float64, factor *big.Rat) (y float64, ok bool) {
	if x == 0 {
		return 0, true
	}
	r, ok := Decimal(x)
	if !ok {
		return x, false
	}
	y, _ = r.Mul(r, factor).Float64()
	return y, !math.IsInf(y, 0)
}

// Convert restates a quantity in another unit; see UnitFactor.
func Convert(x float64, from, to string) (float64, error) {
	f, err := UnitFactor(from, to)
	if err != nil {
		return x, err
	}
	y, ok := Scale(x, f)
	if !ok {
		return x, Mistake{Code: CodeNotFinite, Found: strconv.FormatFloat(x, 'g', -1, 64)}
	}
	return y, nil
}

// contentFactor is UnitFactor for "kcal/100 g": of the property, per a number of a unit of the product.
func contentFactor(unit, property, product string) (*big.Rat, error) {
	of, per, cut := strings.Cut(unit, "/")
	if !cut || unit == property {
		return UnitFactor(unit, property)
	}
	f, err := UnitFactor(of, property)
	if err != nil {
		return nil, err
	}
	per = strings.TrimSpace(per)
	digits := per[:len(per)-len(strings.TrimLeft(per, "0123456789."))]
	count := big.NewRat(1, 1)
	if digits != "" && len(digits) < 20 {
		var ok bool
		if count, ok = new(big.Rat).SetString(digits); !ok || count.Sign() <= 0 {
			return nil, Mistake{Code: CodeUnknownUnit, Found: unit, Expected: property}
		}
	}
	p, err := UnitFactor(per[len(digits):], product)
	if err != nil {
		return nil, err
	}
	return f.Quo(f, count.Mul(count, p)), nil
}
