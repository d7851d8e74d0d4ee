package iotable

import (
	"fmt"

	"bremen/network/cells"
)

// Problem and Problems are the mistakes in the input.
type (
	Problem  = cells.Problem
	Problems = cells.Problems
)

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
