package iotable

import (
	"fmt"
	"strings"

	"bremen/internal/mistake"
)

// Problem is one mistake in the input: where it stands, what was found and
// what was expected.
type Problem struct {
	File     string
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
	if p.Line > 0 {
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

func (p *Problems) add(q Problem) {
	if len(p.List) == problemsListed {
		p.More++
		return
	}
	p.List = append(p.List, q)
}

// NoticeKind says what a Notice is about.
type NoticeKind string

const (
	// NegativeDemand: a final demand below zero is a supply.
	NegativeDemand NoticeKind = "negative-demand"
	// NegativeUse: a use below zero is an output.
	NegativeUse NoticeKind = "negative-use"
	// NegativeMake: a make below zero is a use.
	NegativeMake NoticeKind = "negative-make"
	// NoOutput: an industry makes nothing; it gets no recipe.
	NoOutput NoticeKind = "no-output"
	// Unbalanced: uses and final demand of a commodity differ from what is
	// made of it by more than a millionth. Value is made less used.
	Unbalanced NoticeKind = "unbalanced"
)

// Notice is something in the input that is not wrong but changes what the
// figures mean.
type Notice struct {
	Kind      NoticeKind
	File      string
	Line      int // 0: the table as a whole
	Commodity string
	Industry  string
	Category  string
	Value     float64
}

func (n Notice) String() string {
	where := n.File
	if n.Line > 0 {
		where = fmt.Sprintf("%s:%d", n.File, n.Line)
	}
	switch n.Kind {
	case NegativeDemand:
		return fmt.Sprintf("%s: final demand %s for %s is %g: taken as a supply", where, n.Category, n.Commodity, n.Value)
	case NegativeUse:
		return fmt.Sprintf("%s: use of %s by %s is %g: taken as an output", where, n.Commodity, n.Industry, n.Value)
	case NegativeMake:
		return fmt.Sprintf("%s: make of %s by %s is %g: taken as a use", where, n.Commodity, n.Industry, n.Value)
	case NoOutput:
		return fmt.Sprintf("%s: industry %s makes nothing: it gets no recipe", where, n.Industry)
	case Unbalanced:
		return fmt.Sprintf("%s: %s: made less used is %g", where, n.Commodity, n.Value)
	}
	return where + ": " + string(n.Kind)
}

// nearest returns the code most like what was found, "" when none is like it.
func nearest(found string, known []Sector) string {
	codes := make([]string, len(known))
	for i := range known {
		codes[i] = known[i].Code
	}
	return mistake.Nearest(found, codes)
}
