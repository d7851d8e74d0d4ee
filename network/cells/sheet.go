package cells

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// lineMost is the longest line of a CSV file, in bytes.
const lineMost = 1 << 20

// csvSheet reads one CSV file row by row: UTF-8, comma between fields, the first
// line names the columns, no line break inside quotes. Mistakes are reported
// and the row skipped.
//
// It reads rows ahead, as many as are wholly in the buffer and no more than rowsAhead, so that codes are found
// together. A line that is wrong ends them: it is reported when its turn comes.
type csvSheet struct {
	file, description string
	in                io.Reader
	buffer            []byte
	from, to          int // what of buffer is not split yet
	ended             bool
	read              int // lines split
	header            []string
	columns           []int // wanted columns, places in header
	where             []int // columns with conditions
	wanted            []string
	problems          *Problems

	// The rows read ahead.
	fields   [][]byte // row by row, those of header
	lines    []int    // where they stand
	at       int      // the row that is next's, of them
	numbers  [][]int32
	unquoted []byte
	wrong    *Problem // the line behind them

	line int // of the current row
}

// rowsAhead is how many rows are read ahead at most, and fieldsAhead how many fields.
const (
	rowsAhead   = findTogether
	fieldsAhead = 1 << 16
)

// openCSV reads the header and finds the columns asked for, as Folder.Rows has
// it. It returns nil when a column is missing.
func openCSV(file, description string, r io.Reader, columns []string, where map[string]string, problems *Problems) (*csvSheet, error) {
	s := &csvSheet{file: file, description: description, in: r, buffer: make([]byte, lineMost), problems: problems}
	for s.to < 3 && !s.ended {
		if err := s.more(); err != nil {
			return nil, err
		}
	}
	if bytes.HasPrefix(s.buffer[:s.to], []byte("\ufeff")) {
		s.from = 3
	}
	for {
		took, err := s.take(true)
		if err != nil {
			return nil, err
		}
		if took {
			break
		}
		if s.wrong == nil {
			problems.Add(Problem{File: file, Found: "an empty file", Expected: "a line that names the columns"})
			return nil, nil
		}
		s.report()
		s.fields = s.fields[:0]
	}
	s.line = s.read
	for _, f := range s.fields {
		s.header = append(s.header, string(f))
	}
	s.fields = s.fields[:0]
	conditionColumns, wanted := conditions(where)
	s.wanted = wanted
	s.columns = s.places(columns)
	s.where = s.places(conditionColumns)
	if s.columns == nil || s.where == nil {
		return nil, nil
	}
	s.numbers = make([][]int32, len(columns))
	return s, nil
}

func (s *csvSheet) places(columns []string) []int {
	places := make([]int, 0, len(columns))
	for _, name := range columns {
		name, optional := strings.CutSuffix(name, "?")
		at := -1
		for i, h := range s.header {
			if h == name && name != "" {
				at = i
			}
		}
		if at < 0 && name != "" && !optional {
			s.problems.Add(Problem{File: s.file, Line: s.line, Found: fmt.Sprintf("no column %q", name), Expected: "the column that " + s.description + " names", Nearest: Nearest(name, s.header)})
			return nil
		}
		places = append(places, at)
	}
	return places
}

func (s *csvSheet) Next() (bool, error) {
	for s.at++; s.at >= len(s.lines); s.at = 0 {
		s.report()
		if err := s.fill(); err != nil {
			return false, err
		}
		if len(s.lines) == 0 && s.wrong == nil {
			return false, nil
		}
	}
	s.line = s.lines[s.at]
	return true, nil
}

// fill reads rows ahead: none and nothing wrong at the end of the file.
func (s *csvSheet) fill() error {
	s.fields, s.lines, s.unquoted = s.fields[:0], s.lines[:0], s.unquoted[:0]
	for k := range s.numbers {
		s.numbers[k] = s.numbers[k][:0]
	}
	width := len(s.header)
	for most := max(1, min(rowsAhead, fieldsAhead/width)); len(s.lines) < most; {
		before, unquoted := len(s.fields), len(s.unquoted)
		took, err := s.take(before == 0)
		if err != nil || !took {
			s.fields = s.fields[:before]
			return err
		}
		row := s.fields[before:]
		if len(row) != width {
			s.wrong = &Problem{File: s.file, Line: s.read, Found: fmt.Sprintf("%d fields", len(row)),
				Expected: fmt.Sprintf("%d as in the first line (a comma inside a field needs quotes, decimals a point)", width)}
			s.fields = s.fields[:before]
			return nil
		}
		if s.meets(row) {
			s.lines = append(s.lines, s.read)
		} else {
			s.fields, s.unquoted = s.fields[:before], s.unquoted[:unquoted]
		}
	}
	return nil
}

// meets tells whether a row meets the conditions.
func (s *csvSheet) meets(row [][]byte) bool {
	for i, at := range s.where {
		if string(row[at]) != s.wanted[i] {
			return false
		}
	}
	return true
}

// report reports the line behind the rows read ahead, if it is wrong.
func (s *csvSheet) report() {
	if s.wrong != nil {
		s.problems.Add(*s.wrong)
		s.wrong = nil
	}
}

func (s *csvSheet) Line() int { return s.line }

func (s *csvSheet) Text(k int) []byte {
	if s.columns[k] < 0 {
		return nil
	}
	return s.fields[s.at*len(s.header)+s.columns[k]]
}

func (s *csvSheet) Code(k int, codes *Codes) (int32, bool) {
	if s.columns[k] < 0 {
		return codes.Find(nil)
	}
	if len(s.numbers[k]) == 0 {
		s.numbers[k] = slices.Grow(s.numbers[k], rowsAhead)[:len(s.lines)]
		codes.findAll(s.fields[s.columns[k]:], len(s.header), s.numbers[k])
	}
	i := s.numbers[k][s.at]
	return i, i >= 0
}

func (s *csvSheet) Number(k int) (float64, bool) {
	b := s.Text(k)
	if v, ok := ParseNumber(b); ok {
		return v, true
	}
	s.Wrong(k, strconv.Quote(string(b)), "a number with a decimal point", "")
	return 0, false
}

func (s *csvSheet) Wrong(k int, found, expected, nearest string) {
	p := Problem{File: s.file, Line: s.line, Found: found, Expected: expected, Nearest: nearest}
	if at := s.columns[k]; at >= 0 {
		p.Column, p.Field = at+1, s.header[at]
	}
	s.problems.Add(p)
}

// take splits the next line that is not blank and appends its fields. It takes none at the end of the file; nor,
// unless more may be read, at that of the buffer, which moves nothing that was taken; nor of a line that is wrong.
func (s *csvSheet) take(more bool) (bool, error) {
	for {
		line, ok, err := s.next(more)
		if !ok || err != nil {
			return false, err
		}
		line = bytes.TrimRight(line, "\r")
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if !utf8.Valid(line) {
			s.wrong = &Problem{File: s.file, Line: s.read, Found: "bytes that are not UTF-8", Expected: "text in UTF-8"}
			return false, nil
		}
		return s.split(line), nil
	}
}

// next returns the next line without its end.
func (s *csvSheet) next(more bool) (line []byte, ok bool, err error) {
	for {
		rest := s.buffer[s.from:s.to]
		if at := bytes.IndexByte(rest, '\n'); at >= 0 {
			s.from, s.read = s.from+at+1, s.read+1
			return rest[:at], true, nil
		}
		switch {
		case s.ended && len(rest) > 0:
			s.from, s.read = s.to, s.read+1
			return rest, true, nil
		case s.ended || !more:
			return nil, false, nil
		case len(rest) == len(s.buffer):
			s.wrong = &Problem{File: s.file, Line: s.read + 1, Found: "a line of over a million bytes", Expected: "shorter lines"}
			s.from, s.ended = s.to, true
			return nil, false, nil
		}
		if err := s.more(); err != nil {
			return nil, false, err
		}
	}
}

// more reads on into the buffer, where what is not split moves to the front.
func (s *csvSheet) more() error {
	s.from, s.to = 0, copy(s.buffer, s.buffer[s.from:s.to])
	n, err := s.in.Read(s.buffer[s.to:])
	s.to += n
	if err == io.EOF {
		s.ended, err = true, nil
	}
	if err != nil {
		err = fmt.Errorf("%s:%d: %w", s.file, s.read+1, err)
	}
	return err
}

// split cuts a line at its commas and appends its fields.
func (s *csvSheet) split(line []byte) bool {
	if bytes.IndexByte(line, '"') >= 0 {
		return s.splitQuoted(line)
	}
	for {
		at := bytes.IndexByte(line, ',')
		if at < 0 {
			s.fields = append(s.fields, trim(line))
			return true
		}
		s.fields = append(s.fields, trim(line[:at]))
		line = line[at+1:]
	}
}

// splitQuoted is split for lines with quotes: RFC 4180, but a quoted field ends on its line.
func (s *csvSheet) splitQuoted(line []byte) bool {
	s.unquoted = slices.Grow(s.unquoted, len(line)) // a field never moves below
	for before := len(s.fields); ; {
		if len(line) == 0 || line[0] != '"' {
			at := bytes.IndexByte(line, ',')
			if at < 0 {
				s.fields = append(s.fields, trim(line))
				return true
			}
			s.fields = append(s.fields, trim(line[:at]))
			line = line[at+1:]
			continue
		}
		from := len(s.unquoted)
		rest := line[1:]
		for {
			at := bytes.IndexByte(rest, '"')
			if at < 0 {
				s.wrong = &Problem{File: s.file, Line: s.read, Column: len(s.fields) - before + 1, Found: "a quote that is not closed on its line", Expected: `a closing "`}
				return false
			}
			s.unquoted = append(s.unquoted, rest[:at]...)
			rest = rest[at+1:]
			if len(rest) == 0 || rest[0] != '"' {
				break
			}
			s.unquoted = append(s.unquoted, '"')
			rest = rest[1:]
		}
		s.fields = append(s.fields, s.unquoted[from:len(s.unquoted):len(s.unquoted)])
		switch {
		case len(rest) == 0:
			return true
		case rest[0] != ',':
			s.wrong = &Problem{File: s.file, Line: s.read, Column: len(s.fields) - before, Found: "text after a closing quote", Expected: "a comma"}
			return false
		}
		line = rest[1:]
	}
}

// trim drops spaces around a field.
func trim(b []byte) []byte {
	if len(b) > 0 && (b[0] <= ' ' || b[len(b)-1] <= ' ') {
		return bytes.TrimSpace(b)
	}
	return b
}

// numberMost is the largest figure accepted; sums of them stay finite.
const numberMost = 1e30

// ParseNumber reads a decimal number of at most numberMost, without allocating.
func ParseNumber(b []byte) (float64, bool) {
	for _, c := range b {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.Abs(v) > numberMost {
		return 0, false
	}
	return v, true
}

// conditions returns the columns and wanted values of a where, by name.
func conditions(where map[string]string) (columns, values []string) {
	columns = slices.Sorted(maps.Keys(where))
	for _, c := range columns {
		values = append(values, where[c])
	}
	return columns, values
}
