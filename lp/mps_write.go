package lp

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/big"
)

// WriteMPS writes p in free MPS format. ReadMPS gives back the same program,
// every figure to the last bit, with zero entries dropped and entries of a
// column for one row summed. Names change where the format cannot hold them: blanks become
// underscores, and of names that are the same the later ones get ~2, ~3 …
//
// It refuses what Validate refuses, and finite bounds of 1e30 or more, which
// readers take for infinite.
func WriteMPS(w io.Writer, p *Problem) error {
	p, err := writable(p)
	if err != nil {
		return err
	}
	taken := map[string]int{}
	objective := fileNames(1, func(int) string { return "objective" }, mpsName, taken)[0]
	m := &mpsWriter{
		w: bufio.NewWriter(w), p: p, objective: objective,
		rows: fileNames(p.Rows(), p.NameOfRow, mpsName, taken),
		cols: fileNames(p.Cols(), p.NameOfCol, mpsName, map[string]int{}),
	}
	m.write("NAME\n")
	if p.Maximise {
		m.write("OBJSENSE\n MAX\n")
	}
	if err := m.writeRows(); err != nil {
		return err
	}
	m.writeColumns()
	m.writeSides()
	m.writeBounds()
	m.write("ENDATA\n")
	return m.w.Flush()
}

// mpsWriter keeps the first error of its bufio.Writer for Flush to return.
type mpsWriter struct {
	w          *bufio.Writer
	p          *Problem
	objective  string
	rows, cols []string
	sides      []mpsSide
}

// mpsSide is how the file states the bounds of a row.
type mpsSide struct {
	kind  byte
	rhs   float64
	width string // of its range; "" for none
}

func (m *mpsWriter) write(parts ...string) {
	for _, s := range parts {
		m.w.WriteString(s)
	}
}

func (m *mpsWriter) writeRows() error {
	m.write("ROWS\n N ", m.objective, "\n")
	m.sides = make([]mpsSide, m.p.Rows())
	for i := range m.sides {
		s, err := sideOf(m.p.RowLower[i], m.p.RowUpper[i])
		if err != nil {
			return fmt.Errorf("row %s: %w", m.p.NameOfRow(i), err)
		}
		m.sides[i] = s
		m.write(" ", string(s.kind), " ", m.rows[i], "\n")
	}
	return nil
}

func sideOf(lower, upper float64) (mpsSide, error) {
	switch {
	case math.IsInf(lower, -1) && math.IsInf(upper, 1):
		return mpsSide{'N', 0, ""}, nil
	case math.IsInf(lower, -1):
		return mpsSide{'L', upper, ""}, nil
	case math.IsInf(upper, 1):
		return mpsSide{'G', lower, ""}, nil
	case lower == upper:
		return mpsSide{'E', lower, ""}, nil
	}
	return rangeOf(lower, upper)
}

// rangeOf states two bounds as one of them and a width from which addRange
// recovers the other exactly. A double does as the width most of the time;
// where none does, 40 digits do.
func rangeOf(lower, upper float64) (mpsSide, error) {
	exact := new(big.Float).SetPrec(2200).Sub(big.NewFloat(upper), big.NewFloat(lower))
	width, _ := exact.Float64()
	for _, digits := range []string{formatNumber(width), exact.Text('e', 40)} {
		if addRange(lower, digits) == upper {
			return mpsSide{'G', lower, digits}, nil
		}
		if addRange(upper, "-"+digits) == lower {
			return mpsSide{'L', upper, digits}, nil
		}
	}
	return mpsSide{}, fmt.Errorf("bounds %v, %v: no range states them exactly", lower, upper)
}

func (m *mpsWriter) writeColumns() {
	m.write("COLUMNS\n")
	integers := false
	for j := range m.p.Cols() {
		if is := m.p.Integer != nil && m.p.Integer[j]; is != integers {
			integers = is
			m.writeMarker(integers)
		}
		rows, values := m.p.Column(j)
		if m.p.Cost[j] != 0 || len(rows) == 0 {
			m.writeEntry(m.cols[j], m.objective, m.p.Cost[j])
		}
		for k, i := range rows {
			m.writeEntry(m.cols[j], m.rows[i], values[k])
		}
	}
	if integers {
		m.writeMarker(false)
	}
}

func (m *mpsWriter) writeMarker(begin bool) {
	if begin {
		m.write(" MARKER 'MARKER' 'INTORG'\n")
	} else {
		m.write(" MARKER 'MARKER' 'INTEND'\n")
	}
}

func (m *mpsWriter) writeEntry(first, second string, v float64) {
	m.write(" ", first, " ", second, " ", formatNumber(v), "\n")
}

func (m *mpsWriter) writeSides() {
	m.write("RHS\n")
	if m.p.Offset != 0 {
		m.writeEntry("RHS", m.objective, -m.p.Offset)
	}
	ranges := false
	for i, s := range m.sides {
		if s.rhs != 0 {
			m.writeEntry("RHS", m.rows[i], s.rhs)
		}
		ranges = ranges || s.width != ""
	}
	if !ranges {
		return
	}
	m.write("RANGES\n")
	for i, s := range m.sides {
		if s.width != "" {
			m.write(" RANGES ", m.rows[i], " ", s.width, "\n")
		}
	}
}

func (m *mpsWriter) writeBounds() {
	m.write("BOUNDS\n")
	for j, name := range m.cols {
		lower, upper := m.p.Lower[j], m.p.Upper[j]
		switch {
		case lower == upper:
			m.writeBound("FX", name, lower)
			continue
		case math.IsInf(lower, -1) && math.IsInf(upper, 1):
			m.write(" FR BOUND ", name, "\n")
			continue
		case math.IsInf(lower, -1):
			m.write(" MI BOUND ", name, "\n")
		case lower != 0:
			m.writeBound("LO", name, lower)
		}
		switch {
		case !math.IsInf(upper, 1):
			m.writeBound("UP", name, upper)
		case m.p.Integer != nil && m.p.Integer[j]:
			m.write(" PL BOUND ", name, "\n") // or readers would make it 1
		}
	}
}

func (m *mpsWriter) writeBound(kind, name string, v float64) {
	m.write(" ", kind, " BOUND ", name, " ", formatNumber(v), "\n")
}
