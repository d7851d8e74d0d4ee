package lp

import (
	"bufio"
	"errors"
	"io"
	"math"
)

// WriteLP writes p in CPLEX-LP format. ReadLP gives back the same program,
// every figure to the last bit and columns in the same order, with zero
// entries dropped and entries of a column for one row summed. Names change where the
// format cannot hold them: other characters become underscores, one goes
// before what would be read as a number or keyword, and of names that are the
// same the later ones get ~2, ~3 …
//
// A row with two differing bounds is written as 2 <= x + y <= 5, which CPLEX
// and ReadLP understand; HiGHS up to at least 1.15 loses its lower bound without
// a word. For HiGHS use WriteMPS.
//
// It refuses what Validate refuses, rows where there is no column to write
// them with, and finite bounds of 1e30 or more, which readers take for infinite.
func WriteLP(w io.Writer, p *Problem) error {
	p, err := writable(p)
	if err != nil {
		return err
	}
	if p.Cols() == 0 && p.Rows() > 0 {
		return errors.New("rows without any column: the LP format cannot state them")
	}
	l := &lpWriter{
		w: bufio.NewWriter(w), p: p,
		rows: fileNames(p.Rows(), p.NameOfRow, lpName, map[string]int{}),
		cols: fileNames(p.Cols(), p.NameOfCol, lpName, map[string]int{}),
	}
	l.writeObjective()
	l.writeRows()
	l.writeBounds()
	l.writeIntegers()
	l.write("End\n")
	return l.w.Flush()
}

// lpWriter keeps the first error of its bufio.Writer for Flush to return.
type lpWriter struct {
	w          *bufio.Writer
	p          *Problem
	rows, cols []string
}

func (l *lpWriter) write(parts ...string) {
	for _, s := range parts {
		l.w.WriteString(s)
	}
}

// writeTerm writes a term with its sign, the k-th of its sum; eight go on a line.
func (l *lpWriter) writeTerm(k int, v float64, name string) {
	if k > 0 && k%8 == 0 {
		l.write("\n   ")
	}
	sign := " + "
	if v < 0 {
		sign, v = " - ", -v
	}
	l.write(sign, formatNumber(v))
	if name != "" {
		l.write(" ", name)
	}
}

// writeObjective names every column, of cost zero too, so that their order is
// that of p and none is missing.
func (l *lpWriter) writeObjective() {
	if l.p.Maximise {
		l.write("Maximize\n objective:")
	} else {
		l.write("Minimize\n objective:")
	}
	for j, c := range l.p.Cost {
		l.writeTerm(j, c, l.cols[j])
	}
	if l.p.Offset != 0 {
		l.writeTerm(0, l.p.Offset, "")
	}
	l.write("\n")
}

func (l *lpWriter) writeRows() {
	l.write("Subject To\n")
	byRow := l.p.ByRow()
	for i, name := range l.rows {
		lower, upper := l.p.RowLower[i], l.p.RowUpper[i]
		l.write(" ", name, ":")
		ranged := lower != upper && finite(lower) && finite(upper)
		if ranged {
			l.write(" ", formatNumber(lower), " <=")
		}
		cols, values := byRow.Row(i)
		for k, j := range cols {
			l.writeTerm(k, values[k], l.cols[j])
		}
		if len(cols) == 0 {
			l.writeTerm(0, 0, l.cols[0])
		}
		switch {
		case lower == upper:
			l.write(" = ", formatNumber(lower), "\n")
		case !math.IsInf(upper, 1):
			l.write(" <= ", formatNumber(upper), "\n")
		case !math.IsInf(lower, -1):
			l.write(" >= ", formatNumber(lower), "\n")
		default:
			l.write(" >= -inf\n")
		}
	}
}

func (l *lpWriter) writeBounds() {
	l.write("Bounds\n")
	for j, name := range l.cols {
		lower, upper := l.p.Lower[j], l.p.Upper[j]
		switch {
		case lower == upper:
			l.write(" ", name, " = ", formatNumber(lower), "\n")
		case math.IsInf(lower, -1) && math.IsInf(upper, 1):
			l.write(" ", name, " free\n")
		case math.IsInf(lower, -1):
			l.write(" -inf <= ", name, " <= ", formatNumber(upper), "\n")
		case !math.IsInf(upper, 1):
			l.write(" ", formatNumber(lower), " <= ", name, " <= ", formatNumber(upper), "\n")
		case lower != 0:
			l.write(" ", name, " >= ", formatNumber(lower), "\n")
		}
	}
}

func (l *lpWriter) writeIntegers() {
	if l.p.Integer == nil {
		return
	}
	l.write("General\n")
	for j, is := range l.p.Integer {
		if is {
			l.write(" ", l.cols[j], "\n")
		}
	}
}
