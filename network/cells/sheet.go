package cells

import (
	"bufio"
	"bytes"
	"errors"
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
type csvSheet struct {
	file, description string
	in                *bufio.Reader
	line              int
	header            []string
	columns           []int // wanted columns, places in header
	where             []int // columns with conditions
	wanted            []string
	fields            [][]byte
	unquoted          []byte
	problems          *Problems
}

// openCSV reads the header and finds the columns asked for, as Folder.Rows has
// it. It returns nil when a column is missing.
func openCSV(file, description string, r io.Reader, columns []string, where map[string]string, problems *Problems) (*csvSheet, error) {
	s := &csvSheet{file: file, description: description, in: bufio.NewReaderSize(r, lineMost), problems: problems}
	if b, err := s.in.Peek(3); err == nil && string(b) == "\ufeff" {
		_, _ = s.in.Discard(3)
	}
	switch ok, err := s.read(); {
	case err != nil:
		return nil, err
	case !ok:
		problems.Add(Problem{File: file, Found: "an empty file", Expected: "a line that names the columns"})
		return nil, nil
	}
	for _, f := range s.fields {
		s.header = append(s.header, string(f))
	}
	conditionColumns, wanted := conditions(where)
	s.wanted = wanted
	s.columns = s.places(columns)
	s.where = s.places(conditionColumns)
	if s.columns == nil || s.where == nil {
		return nil, nil
	}
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
rows:
	for {
		ok, err := s.read()
		if !ok || err != nil {
			return false, err
		}
		if len(s.fields) != len(s.header) {
			s.problems.Add(Problem{File: s.file, Line: s.line, Found: fmt.Sprintf("%d fields", len(s.fields)),
				Expected: fmt.Sprintf("%d as in the first line (a comma inside a field needs quotes, decimals a point)", len(s.header))})
			continue
		}
		for i, at := range s.where {
			if string(s.fields[at]) != s.wanted[i] {
				continue rows
			}
		}
		return true, nil
	}
}

func (s *csvSheet) Line() int { return s.line }

func (s *csvSheet) Text(k int) []byte {
	if s.columns[k] < 0 {
		return nil
	}
	return s.fields[s.columns[k]]
}

func (s *csvSheet) Code(k int, codes *Codes) (int32, bool) { return codes.Find(s.Text(k)) }

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

// read splits the next line that is not blank.
func (s *csvSheet) read() (bool, error) {
	for {
		line, err := s.in.ReadSlice('\n')
		s.line++
		switch {
		case err == io.EOF && len(line) == 0:
			return false, nil
		case errors.Is(err, bufio.ErrBufferFull):
			s.problems.Add(Problem{File: s.file, Line: s.line, Found: "a line of over a million bytes", Expected: "shorter lines"})
			return false, nil
		case err != nil && err != io.EOF:
			return false, fmt.Errorf("%s:%d: %w", s.file, s.line, err)
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if !utf8.Valid(line) {
			s.problems.Add(Problem{File: s.file, Line: s.line, Found: "bytes that are not UTF-8", Expected: "text in UTF-8"})
			continue
		}
		if s.split(line) {
			return true, nil
		}
	}
}

// split cuts a line at its commas into s.fields.
func (s *csvSheet) split(line []byte) bool {
	s.fields, s.unquoted = s.fields[:0], s.unquoted[:0]
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
	s.unquoted = append(s.unquoted, make([]byte, len(line))...)[:0] // never moves below
	for {
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
				s.problems.Add(Problem{File: s.file, Line: s.line, Column: len(s.fields) + 1, Found: "a quote that is not closed on its line", Expected: `a closing "`})
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
			s.problems.Add(Problem{File: s.file, Line: s.line, Column: len(s.fields), Found: "text after a closing quote", Expected: "a comma"})
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
