package lp

import (
	"fmt"
	"math/big"
	"strings"
)

// This file reads what follows the rows of an MPS file.

func (m *mpsReader) column(f []field) error {
	if len(f) >= 2 && f[1].text == "'MARKER'" {
		return m.marker(f)
	}
	if err := m.pairs(f); err != nil {
		return err
	}
	j, ok := m.cols[f[0].text]
	switch {
	case !ok:
		j = m.addColumn(strings.Clone(f[0].text))
	case int(j) != m.p.Cols()-1:
		return m.errorf(f[0].at, "column %q appears again after others; its entries must follow each other", f[0].text)
	}
	for k := 1; k < len(f); k += 2 {
		if err := m.entry(j, f[k], f[k+1]); err != nil {
			return err
		}
	}
	return nil
}

// pairs checks that a name is followed by one or two pairs.
func (m *mpsReader) pairs(f []field) error {
	if len(f) != 3 && len(f) != 5 {
		return m.errorf(f[0].at, "found %d fields in section %s, expected a name and one or two pairs of row and number", len(f), m.section)
	}
	return nil
}

func (m *mpsReader) marker(f []field) error {
	last := f[len(f)-1]
	switch {
	case last.text == "'INTORG'" && !m.integers:
		m.integers = true
	case last.text == "'INTEND'" && m.integers:
		m.integers = false
	case m.integers:
		return m.errorf(last.at, "found marker %s, expected 'INTEND'", last.text)
	default:
		return m.errorf(last.at, "found marker %s, expected 'INTORG'", last.text)
	}
	return nil
}

func (m *mpsReader) addColumn(name string) int32 {
	j := m.p.AddColumn(0, 0, Inf)
	if m.integers {
		m.p.SetInteger(j)
	}
	m.cols[name] = int32(j)
	m.colNames = append(m.colNames, name)
	m.stated = append(m.stated, 0)
	return int32(j)
}

func (m *mpsReader) entry(j int32, row, number field) error {
	i, err := m.lookUpRow(row)
	if err != nil {
		return err
	}
	v, err := parseNumber(number.text)
	if err != nil {
		return m.errorf(number.at, "%v", err)
	}
	last := &m.costIn
	if i != objectiveRow {
		last = &m.usedIn[i]
	}
	switch {
	case *last == j+1:
		return m.errorf(row.at, "row %q appears twice in column %q", row.text, m.colNames[j])
	case i == objectiveRow:
		m.p.Cost[j] = v
	case v != 0:
		m.p.Entry(int(i), v)
	}
	*last = j + 1
	return nil
}

// side reads a line of RHS or RANGES, whose set may have no name.
func (m *mpsReader) side(f []field) error {
	if !m.fixed && len(f)%2 == 0 {
		f = append([]field{{"", f[0].at}}, f...)
	}
	if err := m.pairs(f); err != nil {
		return err
	}
	if err := m.oneSet(f[0]); err != nil {
		return err
	}
	for k := 1; k < len(f); k += 2 {
		i, err := m.lookUpRow(f[k])
		if err != nil {
			return err
		}
		set := m.setRHS
		if m.section == "RANGES" {
			set = m.setRange
		}
		if err := set(i, f[k], f[k+1]); err != nil {
			return err
		}
	}
	return nil
}

// oneSet refuses a second set of right-hand sides, ranges or bounds.
func (m *mpsReader) oneSet(f field) error {
	if m.sets == nil {
		m.sets = map[string]string{}
	}
	first, ok := m.sets[m.section]
	if !ok {
		m.sets[m.section] = strings.Clone(f.text)
	} else if first != f.text {
		return m.errorf(f.at, "found set %q in section %s, expected only %q", f.text, m.section, first)
	}
	return nil
}

func (m *mpsReader) setRHS(i int32, row, number field) error {
	if i == objectiveRow {
		v, err := parseNumber(number.text)
		if err != nil {
			return m.errorf(number.at, "%v", err)
		}
		if m.offsetIn {
			return m.errorf(row.at, "second right-hand side of the objective %q", row.text)
		}
		m.p.Offset, m.offsetIn = 0-v, true
		return nil
	}
	v, err := parseBound(number.text)
	switch {
	case err != nil:
		return m.errorf(number.at, "%v", err)
	case m.rhsIn[i]:
		return m.errorf(row.at, "second right-hand side of row %q", row.text)
	}
	m.rhs[i], m.rhsIn[i] = v, true
	return nil
}

func (m *mpsReader) setRange(i int32, row, number field) error {
	_, again := m.ranges[i]
	_, err := parseNumber(number.text)
	switch {
	case i == objectiveRow || m.kinds[i] == 'N':
		return m.errorf(row.at, "range of row %q, which is of kind N and has no bounds", row.text)
	case err != nil:
		return m.errorf(number.at, "%v", err)
	case again:
		return m.errorf(row.at, "second range of row %q", row.text)
	}
	m.ranges[i] = strings.Clone(number.text)
	return nil
}

func (m *mpsReader) bound(f []field) error {
	kind := strings.ToUpper(f[0].text)
	needsNumber := false
	switch kind {
	case "UP", "LO", "FX", "LI", "UI":
		needsNumber = true
	case "FR", "MI", "PL", "BV":
	case "SC", "SI":
		return m.errorf(f[0].at, "bound %s: semi-continuous columns are not read", kind)
	default:
		return m.errorf(f[0].at, "found %q, expected the kind of a bound: UP, LO, FX, FR, MI, PL, BV, LI or UI", f[0].text)
	}
	if !m.fixed {
		f = m.nameSet(f, needsNumber)
	}
	if len(f) < 3 || len(f) > 4 || needsNumber && len(f) < 4 {
		return m.errorf(f[0].at, "found %d fields, expected the kind of a bound, its set, a column and (except FR, MI, PL, BV) a number", len(f))
	}
	if err := m.oneSet(f[1]); err != nil {
		return err
	}
	j, ok := m.cols[f[2].text]
	if !ok {
		return m.errorf(f[2].at, "found %q, expected a column declared in COLUMNS", f[2].text)
	}
	v := 0.0
	if needsNumber {
		var err error
		if v, err = parseBound(f[3].text); err != nil {
			return m.errorf(f[3].at, "%v", err)
		}
	}
	m.applyBound(kind, int(j), v)
	return nil
}

// nameSet puts an empty name where a free file leaves out that of the set.
func (m *mpsReader) nameSet(f []field, needsNumber bool) []field {
	full := 3
	if needsNumber {
		full = 4
	}
	without := len(f) == full-1
	if !needsNumber && len(f) == 3 { // FR x 0, or FR set x
		_, second := m.cols[f[1].text]
		_, third := m.cols[f[2].text]
		without = second && !third
	}
	if !without || len(f) < 2 {
		return f
	}
	return append([]field{f[0], {"", f[1].at}}, f[1:]...)
}

func (m *mpsReader) applyBound(kind string, j int, v float64) {
	p := m.p
	switch kind {
	case "LI", "UI", "BV":
		p.SetInteger(j)
	}
	switch kind {
	case "LO", "LI":
		p.Lower[j] = v
		m.stated[j] |= statedLower
	case "UP", "UI":
		p.Upper[j] = v
		if v < 0 && m.stated[j]&statedLower == 0 {
			p.Lower[j] = -Inf
		}
		m.stated[j] |= statedUpper
	case "FX":
		p.Lower[j], p.Upper[j] = v, v
	case "FR":
		p.Lower[j], p.Upper[j] = -Inf, Inf
	case "MI":
		p.Lower[j] = -Inf
		m.stated[j] |= statedLower
	case "PL":
		p.Upper[j] = Inf
		m.stated[j] |= statedUpper
	case "BV":
		p.Lower[j], p.Upper[j] = 0, 1
	}
	switch kind {
	case "FX", "FR", "BV":
		m.stated[j] = statedLower | statedUpper
	}
}

func (m *mpsReader) finish() (*Problem, error) {
	p := m.p
	if m.objectiveGiven {
		if i, ok := m.rows[m.objective]; !ok || i != objectiveRow {
			return nil, fmt.Errorf("%s: OBJNAME %q is no row", m.file, m.objective)
		}
	}
	for i, kind := range m.kinds {
		p.RowLower[i], p.RowUpper[i] = m.rowBounds(int32(i), kind)
	}
	for j, stated := range m.stated {
		if stated == 0 && p.Integer != nil && p.Integer[j] {
			p.Upper[j] = 1
		}
	}
	p.RowName, p.ColName = namesOf(m.rowNames), namesOf(m.colNames)
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", m.file, err)
	}
	return p, nil
}

func (m *mpsReader) rowBounds(i int32, kind byte) (lower, upper float64) {
	b := m.rhs[i]
	text, ranged := m.ranges[i]
	text = strings.TrimPrefix(text, "+")
	size := strings.TrimPrefix(text, "-")
	switch {
	case kind == 'N':
		return -Inf, Inf
	case kind == 'L' && ranged:
		return addRange(b, "-"+size), b
	case kind == 'G' && ranged:
		return b, addRange(b, size)
	case kind == 'E' && ranged && text != size:
		return addRange(b, text), b
	case kind == 'E' && ranged:
		return b, addRange(b, text)
	case kind == 'L':
		return -Inf, b
	case kind == 'G':
		return b, Inf
	}
	return b, b
}

// addRange returns b + r rounded once, where r may have more digits than a
// double holds: what a row's other bound needs is not always a double's
// distance away.
func addRange(b float64, r string) float64 {
	v, err := parseNumber(r)
	if err != nil || v == 0 || !finite(b) {
		return b
	}
	sum, _, err := big.ParseFloat(plainExponent(r), 10, 256, big.ToNearestEven)
	if err != nil {
		return b
	}
	upper, _ := sum.Add(sum, big.NewFloat(b)).Float64()
	return clampInfinite(upper)
}
