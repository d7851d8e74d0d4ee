package series

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"bremen/network"
)

// fromTo is "0..40 step 5 h" after what it is set to.
var fromTo = regexp.MustCompile(`^\s*([-+0-9.eE]+?)\.\.([-+0-9.eE]+)\s+step\s+([-+0-9.eE]+)(\s+\S.*)?$`)

// stepped reads a change of several values, "work[skill=milking].hours=0..40 step 5", scaled "…*=0.5..1.5 step 0.25", in a
// unit "…=100..500 step 100 g", or one by one "…=10|20|40". Steps are exact decimals; the last value is the last one that
// does not go beyond the end.
func stepped(text string) (*Stepped, *Mistake) {
	k := strings.LastIndexByte(text, '=')
	if k < 0 {
		return nil, &Mistake{Code: CodeRange, Found: text}
	}
	left, right := text[:k+1], text[k+1:]
	if scaled := strings.TrimLeft(right, " "); strings.HasPrefix(scaled, "*") {
		left, right = left+"*", scaled[1:]
	}
	values, unit, m := valuesOf(text, right)
	if m != nil {
		return nil, m
	}
	s := &Stepped{Axis: Axis{Name: axisName(left)}}
	for _, v := range values {
		c, err := network.ParseSet(left + v + unit)
		if err != nil {
			return nil, &Mistake{Code: CodeChange, Err: err}
		}
		s.Values = append(s.Values, v+unit)
		s.Changes = append(s.Changes, c)
	}
	return s, nil
}

// axisName is what is set, with a sign where it is not set outright.
func axisName(left string) string {
	name := strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(left, "*"), "="))
	if strings.HasSuffix(left, "=*") {
		return name + " ×"
	}
	if k := len(name) - 1; k >= 0 && strings.IndexByte("*+-", name[k]) >= 0 {
		return strings.TrimSpace(name[:k]) + " " + strings.NewReplacer("*", "×", "-", "−").Replace(name[k:])
	}
	return name
}

func valuesOf(text, right string) (values []string, unit string, m *Mistake) {
	parts := fromTo.FindStringSubmatch(right)
	if parts == nil {
		if !strings.Contains(right, "|") {
			return nil, "", &Mistake{Code: CodeRange, Found: text}
		}
		for v := range strings.SplitSeq(right, "|") {
			values = append(values, strings.TrimSpace(v))
		}
		if len(values) >= MaxVariants {
			return nil, "", tooMany(len(values))
		}
		return values, "", nil
	}
	var figures [3]*big.Rat
	for i := range figures {
		x, ok := decimal(parts[i+1])
		if !ok {
			return nil, "", &Mistake{Code: CodeRange, Found: text}
		}
		figures[i] = x
	}
	from, to, step := figures[0], figures[1], figures[2]
	if step.Sign() <= 0 || from.Cmp(to) > 0 {
		return nil, "", &Mistake{Code: CodeRange, Found: text}
	}
	n := new(big.Rat).Quo(new(big.Rat).Sub(to, from), step)
	if count, _ := n.Float64(); count >= MaxVariants-1 {
		return nil, "", tooMany(int(min(count, 1e9)))
	}
	if unit = strings.TrimSpace(parts[4]); unit != "" {
		unit = " " + unit
	}
	for x := new(big.Rat).Set(from); x.Cmp(to) <= 0; x.Add(x, step) {
		f, _ := x.Float64()
		values = append(values, strconv.FormatFloat(f, 'g', -1, 64))
	}
	return values, unit, nil
}

// decimal reads a figure exactly, of a size that floating point has.
func decimal(s string) (*big.Rat, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || len(s) > 40 || f != 0 && (f > 1e15 || f < -1e15 || f < 1e-12 && f > -1e-12) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}
