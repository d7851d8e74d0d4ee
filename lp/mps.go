package lp

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// ReadMPS reads a program in MPS format from r; name is what errors call the
// file. Mistakes of the file come back as *SyntaxError, or as the fault that
// Validate finds with the whole.
//
// Both the free format (words between blanks) and the fixed one (fields at
// columns 2, 5, 15, 25, 40, 50, names with blanks) are read: a file that makes
// sense as free is free. Sections NAME, OBJSENSE, OBJNAME, ROWS, COLUMNS, RHS,
// RANGES, BOUNDS, ENDATA; others are refused, as are semi-continuous bounds and
// second sets of right-hand sides, ranges or bounds. What differs between
// readers is settled so:
//
//   - The first N row (or that of OBJNAME) is the objective; others stay as
//     rows without bounds.
//   - A right-hand side of the objective is its offset, negated.
//   - A range R turns an E row of right-hand side b into [b, b+R], or [b+R, b]
//     where R is negative; an L row into [b−|R|, b]; a G row into [b, b+|R|].
//   - A negative UP bound of a column whose lower bound has not been stated
//     makes that −∞; UP 0 does not.
//   - An integer column without any bound stated has [0, 1].
//   - Bounds and right-hand sides of 1e30 and more are infinite, and so are the
//     words inf and infinity.
//   - An entry of zero is dropped. One given twice is a mistake.
func ReadMPS(r io.Reader, name string) (*Problem, error) {
	var b strings.Builder
	if _, err := io.Copy(&b, r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text := strings.TrimPrefix(b.String(), "\ufeff")
	p, err := readMPS(text, name, false)
	if err == nil {
		return p, nil
	}
	p, errFixed := readMPS(text, name, true)
	if errFixed == nil {
		return p, nil
	}
	var free, fixed *SyntaxError
	if errors.As(err, &free) && errors.As(errFixed, &fixed) && fixed.Line > free.Line {
		return nil, errFixed
	}
	return nil, err
}

func readMPS(text, name string, fixed bool) (*Problem, error) {
	m := &mpsReader{
		file: name, fixed: fixed, p: &Problem{},
		rows: map[string]int32{}, cols: map[string]int32{}, ranges: map[int32]string{},
		seen: map[string]bool{},
	}
	for m.section != "ENDATA" {
		m.line++
		if text == "" {
			return nil, m.errorf(1, "the file ends without ENDATA")
		}
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		if err := m.read(strings.TrimRight(line, " \t\r")); err != nil {
			return nil, err
		}
	}
	return m.finish()
}

// objectiveRow stands for the objective among row numbers.
const objectiveRow = -1

type mpsReader struct {
	file    string
	fixed   bool
	line    int
	section string
	seen    map[string]bool // sections
	p       *Problem

	rows, cols         map[string]int32
	rowNames, colNames []string
	objective          string // its row's name; "" until known
	objectiveGiven     bool   // by OBJNAME
	offsetIn           bool
	costIn             int32 // 1 + the column whose cost came last
	usedIn             []int32

	kinds  []byte // per row: N, E, L or G
	rhs    []float64
	rhsIn  []bool
	ranges map[int32]string
	sets   map[string]string // section → the name of its one set

	integers bool    // between markers
	stated   []uint8 // per column: which bounds were stated
}

const (
	statedLower = 1 << iota
	statedUpper
)

// field is a word of a line and the byte where it begins, from 1.
type field struct {
	text string
	at   int
}

func (m *mpsReader) errorf(at int, format string, args ...any) error {
	return &SyntaxError{m.file, m.line, at, fmt.Sprintf(format, args...)}
}

func (m *mpsReader) read(line string) error {
	switch {
	case line == "" || line[0] == '*':
		return nil
	case line[0] != ' ' && line[0] != '\t':
		return m.header(words(line))
	}
	fields, err := m.split(line)
	if err != nil || len(fields) == 0 {
		return err
	}
	switch m.section {
	case "OBJSENSE":
		return m.sense(fields[0])
	case "OBJNAME":
		m.objective, m.objectiveGiven = strings.Clone(fields[0].text), true
		return nil
	case "ROWS":
		return m.row(fields)
	case "COLUMNS":
		return m.column(fields)
	case "RHS", "RANGES":
		return m.side(fields)
	case "BOUNDS":
		return m.bound(fields)
	}
	return m.errorf(fields[0].at, "found %q before any section, expected ROWS", fields[0].text)
}

// split cuts a data line into fields: at blanks in a free file, at the
// standard's columns in a fixed one. There, fields left out are empty up to
// the last one present.
func (m *mpsReader) split(line string) ([]field, error) {
	if !m.fixed || m.section == "OBJSENSE" || m.section == "OBJNAME" {
		return words(line), nil
	}
	if i := strings.IndexByte(line, '\t'); i >= 0 {
		return nil, m.errorf(i+1, "found a tab, expected fields at columns 2, 5, 15, 25, 40 and 50")
	}
	bounds := [...][2]int{{1, 3}, {4, 12}, {14, 22}, {24, 36}, {39, 47}, {49, 61}}
	var fields []field
	end := 0
	for _, b := range bounds {
		if end >= len(line) {
			break
		}
		start := min(b[0], len(line))
		if gap := strings.TrimSpace(line[end:start]); gap != "" {
			return nil, m.errorf(end+1, "found %q between the fields at columns 2, 5, 15, 25, 40 and 50", gap)
		}
		end = min(b[1], len(line))
		fields = append(fields, field{strings.TrimSpace(line[start:end]), start + 1})
	}
	if end < len(line) {
		return nil, m.errorf(end+1, "found %q behind the last field, which ends at column 61", strings.TrimSpace(line[end:]))
	}
	switch m.section {
	case "ROWS", "BOUNDS":
	default:
		if fields[0].text != "" {
			return nil, m.errorf(2, "found %q in columns 2 and 3, expected blanks in section %s", fields[0].text, m.section)
		}
		fields = fields[1:]
	}
	return fields, nil
}

func words(line string) []field {
	var fields []field
	for i := 0; i < len(line); {
		if line[i] == ' ' || line[i] == '\t' || line[i] == '\r' {
			i++
			continue
		}
		start := i
		for i < len(line) && line[i] != ' ' && line[i] != '\t' && line[i] != '\r' {
			i++
		}
		fields = append(fields, field{line[start:i], start + 1})
	}
	return fields
}

// mpsSections says, for each section, which one must come before it.
var mpsSections = map[string]string{
	"NAME": "", "OBJSENSE": "", "OBJNAME": "", "ROWS": "", "COLUMNS": "ROWS",
	"RHS": "COLUMNS", "RANGES": "COLUMNS", "BOUNDS": "COLUMNS", "ENDATA": "ROWS",
}

func (m *mpsReader) header(f []field) error {
	s := strings.ToUpper(f[0].text)
	before, known := mpsSections[s]
	switch {
	case !known:
		return m.errorf(1, "section %q is not read, only NAME, OBJSENSE, OBJNAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS and ENDATA; lines of data begin with a blank", f[0].text)
	case m.seen[s]:
		return m.errorf(1, "section %s appears again", s)
	case before != "" && !m.seen[before]:
		return m.errorf(1, "section %s before %s", s, before)
	case (s == "OBJSENSE" || s == "OBJNAME") && m.seen["ROWS"]:
		return m.errorf(1, "section %s after ROWS", s)
	case m.integers:
		return m.errorf(1, "section %s, expected 'MARKER' 'INTEND' before it", s)
	}
	m.seen[s] = true
	m.section = s
	if len(f) == 1 || s == "NAME" {
		return nil
	}
	switch s {
	case "OBJSENSE":
		return m.sense(f[1])
	case "OBJNAME":
		m.objective, m.objectiveGiven = strings.Clone(f[1].text), true
		return nil
	}
	return m.errorf(f[1].at, "found %q behind section %s; lines of data begin with a blank", f[1].text, s)
}

func (m *mpsReader) sense(f field) error {
	switch strings.ToUpper(f.text) {
	case "MAX", "MAXIMIZE", "MAXIMISE":
		m.p.Maximise = true
	case "MIN", "MINIMIZE", "MINIMISE":
		m.p.Maximise = false
	default:
		return m.errorf(f.at, "found %q, expected MAX or MIN", f.text)
	}
	return nil
}

func (m *mpsReader) row(f []field) error {
	if len(f) != 2 {
		return m.errorf(f[0].at, "found %d fields, expected the kind of a row and its name", len(f))
	}
	kind := strings.ToUpper(f[0].text)
	if len(kind) != 1 || !strings.Contains("NELG", kind) {
		return m.errorf(f[0].at, "found %q, expected the kind of a row: N, E, L or G", f[0].text)
	}
	name := strings.Clone(f[1].text)
	if _, ok := m.rows[name]; ok || name == "" {
		return m.errorf(f[1].at, "found row %q, expected a name not used before", name)
	}
	if m.objective == "" && kind == "N" {
		m.objective = name
	}
	if name == m.objective {
		if kind != "N" {
			return m.errorf(f[0].at, "found %s, expected N for the objective %q", kind, name)
		}
		m.rows[name] = objectiveRow
		return nil
	}
	m.rows[name] = int32(m.p.AddRow(0, 0))
	m.rowNames = append(m.rowNames, name)
	m.kinds = append(m.kinds, kind[0])
	m.rhs = append(m.rhs, 0)
	m.rhsIn = append(m.rhsIn, false)
	m.usedIn = append(m.usedIn, 0)
	return nil
}

func (m *mpsReader) lookUpRow(f field) (int32, error) {
	i, ok := m.rows[f.text]
	if !ok {
		return 0, m.errorf(f.at, "found %q, expected a row declared in ROWS", f.text)
	}
	return i, nil
}
