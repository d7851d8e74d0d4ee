package cells

import (
	"fmt"
	"strings"

	"bremen/internal/mistake"
)

// Problem is one mistake in the input: where it stands, what was found and
// what was expected.
type Problem struct {
	File     string
	RowGroup int    // of a Parquet file, from 1; Line is then the row in it
	Line     int    // 0: the file as a whole
	Column   int    // from 1; 0: the line as a whole
	Field    string // name of the column, or key
	Found    string
	Expected string
	Nearest  string // the nearest known name, "" if none is near
}

func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	switch {
	case p.RowGroup > 0:
		fmt.Fprintf(&b, ": row group %d, row %d", p.RowGroup, p.Line)
	case p.Line > 0:
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	switch {
	case p.Column > 0 && p.Field != "":
		fmt.Fprintf(&b, "column %d (%s): ", p.Column, p.Field)
	case p.Column > 0:
		fmt.Fprintf(&b, "column %d: ", p.Column)
	case p.Field != "":
		fmt.Fprintf(&b, "%s: ", p.Field)
	}
	fmt.Fprintf(&b, "found %s, expected %s", p.Found, p.Expected)
	if p.Nearest != "" {
		fmt.Fprintf(&b, "; did you mean %q?", p.Nearest)
	}
	return b.String()
}

// Problems is every mistake found, in the order of reading, up to 200.
type Problems struct {
	List []Problem
	More int // mistakes beyond those listed
}

func (p *Problems) Error() string {
	lines := make([]string, 0, len(p.List)+1)
	for _, q := range p.List {
		lines = append(lines, q.Error())
	}
	if p.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", p.More))
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each Problem to errors.As.
func (p *Problems) Unwrap() []error {
	list := make([]error, len(p.List))
	for i, q := range p.List {
		list[i] = q
	}
	return list
}

const problemsListed = 200

// Full says whether further mistakes are only counted.
func (p *Problems) Full() bool { return len(p.List) >= problemsListed }

// Add appends a mistake.
func (p *Problems) Add(q Problem) {
	if p.Full() {
		p.More++
		return
	}
	p.List = append(p.List, q)
}

// Nearest is mistake.Nearest, "" where there are too many names to look through.
func Nearest(found string, names []string) string {
	if len(names) > 20000 {
		return ""
	}
	return mistake.Nearest(found, names)
}
