package lp

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// ReadLP reads a program in CPLEX-LP format from r; name is what errors call
// the file. Mistakes of the file come back as *SyntaxError, or as the fault
// that Validate finds with the whole.
//
// Columns are numbered in the order in which they appear. Sections: the
// objective, rows, Bounds, General, Binary, End, which must be there.
// Semi-continuous columns, special ordered sets, quadratic terms and
// indicators are refused. What differs between readers is settled so:
//
//   - A column that stands neither in the objective nor in a row is a mistake.
//   - A negative upper bound does not change a lower bound of 0, so it needs
//     one stated with it, as in -inf <= x <= -1.
//   - < and > mean <= and >=. A term that stands twice counts twice.
//   - Variables stand on one side only; 2 <= x + y <= 5 gives a row both bounds.
//   - Numbers standing alone in the objective are its offset, and a mistake
//     among the terms of a row.
//   - Bounds and right-hand sides of 1e30 and more are infinite.
func ReadLP(r io.Reader, name string) (*Problem, error) {
	var b strings.Builder
	if _, err := io.Copy(&b, r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	l := &lpReader{
		file: name, p: &Problem{},
		scan: lpScanner{text: strings.TrimPrefix(b.String(), "\ufeff"), line: 1, first: true},
		cols: map[string]int32{}, rows: map[string]int{},
	}
	l.advance()
	l.advance()
	if err := l.read(); err != nil {
		return nil, err
	}
	return l.finish()
}

type lpReader struct {
	file    string
	scan    lpScanner
	t, then token // the present token and the one after it
	p       *Problem

	cols               map[string]int32
	rows               map[string]int
	colNames, rowNames []string

	// Terms of all rows, row by row; rowEnd has one figure per row.
	termCol   []int32
	termValue []float64
	rowEnd    []int

	expr []term // scratch
}

type term struct {
	col   int32
	value float64
}

func (l *lpReader) advance() {
	l.t = l.then
	l.then = l.scan.next()
}

func (l *lpReader) errorf(t token, format string, args ...any) error {
	return &SyntaxError{l.file, t.line, t.column, fmt.Sprintf(format, args...)}
}

// section returns the section that begins here, if one does.
func (l *lpReader) section() lpSection {
	if l.t.kind == endOfFile {
		return endSection
	}
	if l.t.kind != nameToken || !l.t.first || l.then.kind == colonToken {
		return noSection
	}
	word := strings.ToLower(l.t.text)
	switch {
	case word == "subject" && !strings.EqualFold(l.then.text, "to"),
		word == "such" && !strings.EqualFold(l.then.text, "that"):
		return noSection
	}
	return lpSections[word]
}

func (l *lpReader) read() error {
	switch l.section() {
	case maximiseSection:
		l.p.Maximise = true
	case minimiseSection:
	default:
		return l.errorf(l.t, "found %v, expected Minimize or Maximize", l.t)
	}
	l.advance()
	if err := l.objective(); err != nil {
		return err
	}
	for {
		t, s := l.t, l.section()
		if t.kind == endOfFile {
			return l.errorf(t, "the file ends without End")
		}
		if s == endSection {
			return nil
		}
		l.advance()
		var err error
		switch s {
		case rowSection:
			if t.text[1]|0x20 == 'u' { // subject to, such that
				l.advance()
			}
			err = l.each(l.row)
		case boundSection:
			err = l.each(l.bound)
		case integerSection:
			err = l.each(l.integer)
		case binarySection:
			err = l.each(l.binary)
		case refusedSection:
			return l.errorf(t, "section %v is not read: only linear rows, bounds and integers", t)
		default:
			return l.errorf(t, "found %v, expected a section: Subject To, Bounds, General, Binary or End", t)
		}
		if err != nil {
			return err
		}
	}
}

// each calls f until a section begins.
func (l *lpReader) each(f func() error) error {
	for l.section() == noSection {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// label reads the name before a colon, if there is one.
func (l *lpReader) label() string {
	if l.t.kind != nameToken || l.then.kind != colonToken {
		return ""
	}
	name := strings.Clone(l.t.text)
	l.advance()
	l.advance()
	return name
}

func (l *lpReader) objective() error {
	l.label()
	offset := sum{}
	for first := true; l.section() == noSection; first = false {
		if !first && l.t.kind != signToken {
			return l.errorf(l.t, "found %v, expected + or - or a section", l.t)
		}
		v, name, err := l.term()
		switch {
		case err != nil:
			return err
		case name.kind != nameToken:
			offset.add(v)
			continue
		}
		j := l.column(name.text)
		l.p.Cost[j] += v
	}
	l.p.Offset = offset.value()
	return nil
}

// term reads signs, then a number or a name or both. Where there is no name,
// the token returned is of another kind.
func (l *lpReader) term() (v float64, name token, err error) {
	v = 1
	for l.t.kind == signToken {
		if l.t.text == "-" {
			v = -v
		}
		l.advance()
	}
	begin := l.t
	if l.t.kind == numberToken {
		size, err := parseNumber(l.t.text)
		if err != nil {
			return 0, begin, l.errorf(l.t, "%v", err)
		}
		v *= size
		l.advance()
	}
	switch {
	case l.t.kind == nameToken && isInfinity(l.t.text) && begin == l.t:
		v *= Inf
		l.advance()
		return v, token{}, nil
	case l.t.kind == nameToken && !isInfinity(l.t.text) && l.then.kind != colonToken && l.section() == noSection:
		name = l.t
		l.advance()
		return v, name, nil
	case begin.kind == numberToken:
		return v, token{}, nil
	case l.t.kind == strayToken:
		return 0, begin, l.errorf(l.t, "found %v: only linear terms are read", l.t)
	}
	return 0, begin, l.errorf(l.t, "found %v, expected a number or a name", l.t)
}

// column returns the number of the column of that name, a new one if need be.
func (l *lpReader) column(name string) int32 {
	j, ok := l.cols[name]
	if !ok {
		name = strings.Clone(name)
		j = int32(l.p.AddColumn(0, 0, Inf))
		l.cols[name] = j
		l.colNames = append(l.colNames, name)
	}
	return j
}

func (l *lpReader) finish() (*Problem, error) {
	p := l.p
	l.transpose()
	p.Compact()
	l.nameRows()
	p.ColName, p.RowName = namesOf(l.colNames), namesOf(l.rowNames)
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", l.file, err)
	}
	return p, nil
}

// nameRows gives rows without a name that of their number, unless another has it.
func (l *lpReader) nameRows() {
	for i, name := range l.rowNames {
		if name != "" {
			continue
		}
		name = "r" + strconv.Itoa(i)
		for _, taken := l.rows[name]; taken; _, taken = l.rows[name] {
			name += "~"
		}
		l.rows[name] = i
		l.rowNames[i] = name
	}
}

// transpose turns the terms of rows into entries of columns.
func (l *lpReader) transpose() {
	p := l.p
	if p.Cols() == 0 {
		return
	}
	clear(p.Start)
	for _, j := range l.termCol {
		p.Start[j+1]++
	}
	for j := range p.Cols() {
		p.Start[j+1] += p.Start[j]
	}
	next := append([]int{}, p.Start[:p.Cols()]...)
	p.Index = make([]int32, len(l.termCol))
	p.Value = make([]float64, len(l.termCol))
	k := 0
	for i, end := range l.rowEnd {
		for ; k < end; k++ {
			j := l.termCol[k]
			p.Index[next[j]], p.Value[next[j]] = int32(i), l.termValue[k]
			next[j]++
		}
	}
}
