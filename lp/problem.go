package lp

import (
	"fmt"
	"math"
)

// Inf is the bound of a column or row that has none.
var Inf = math.Inf(1)

// Problem is a linear (or mixed-integer) program in sparse columns:
//
//	min or max  c·x + offset   subject to   rowLower ≤ A·x ≤ rowUpper,   lower ≤ x ≤ upper.
//
// Rows are declared first (AddRow), then columns are appended one by one
// (AddColumn, Entry); entries of a column may name any row declared so far,
// rows may still be added later. The zero Problem is an empty minimisation.
//
// Names are computed on demand: ColName and RowName may be nil (then x0, r0 …),
// since a program of 10^8 columns cannot carry a string for each.
type Problem struct {
	Maximise bool
	Offset   float64

	Cost         []float64 // per column
	Lower, Upper []float64 // per column; ±Inf where unbounded
	Integer      []bool    // nil when every column is continuous

	RowLower, RowUpper []float64 // per row; equal for an equation

	Start []int     // column j has entries Start[j] to Start[j+1]-1; len = columns+1 (nil when no columns)
	Index []int32   // row of each entry
	Value []float64 // value of each entry

	ColName func(j int) string
	RowName func(i int) string
}

// Cols returns the number of columns.
func (p *Problem) Cols() int { return len(p.Cost) }

// Rows returns the number of rows.
func (p *Problem) Rows() int { return len(p.RowLower) }

// NNZ returns the number of stored entries.
func (p *Problem) NNZ() int { return len(p.Value) }

// AddRow appends a row lower ≤ a·x ≤ upper and returns its number.
func (p *Problem) AddRow(lower, upper float64) int {
	p.RowLower = append(p.RowLower, lower)
	p.RowUpper = append(p.RowUpper, upper)
	return len(p.RowLower) - 1
}

// AddColumn appends a column without entries and returns its number. Entries
// follow by Entry until the next AddColumn.
func (p *Problem) AddColumn(cost, lower, upper float64) int {
	if len(p.Start) == 0 {
		p.Start = append(p.Start, 0)
	}
	p.Cost = append(p.Cost, cost)
	p.Lower = append(p.Lower, lower)
	p.Upper = append(p.Upper, upper)
	if p.Integer != nil {
		p.Integer = append(p.Integer, false)
	}
	p.Start = append(p.Start, len(p.Value))
	return len(p.Cost) - 1
}

// Entry adds v·x to row i for the column appended last. Several entries for
// the same row are summed by Compact; zeros are dropped there.
func (p *Problem) Entry(i int, v float64) {
	p.Index = append(p.Index, int32(i))
	p.Value = append(p.Value, v)
	p.Start[len(p.Start)-1] = len(p.Value)
}

// SetInteger marks column j as integer.
func (p *Problem) SetInteger(j int) {
	if p.Integer == nil {
		p.Integer = make([]bool, len(p.Cost))
	}
	p.Integer[j] = true
}

// Column returns the rows and values of column j; the slices belong to p.
func (p *Problem) Column(j int) ([]int32, []float64) {
	a, b := p.Start[j], p.Start[j+1]
	return p.Index[a:b], p.Value[a:b]
}

// NameOfCol returns the name of column j, "x<j>" where none was given.
func (p *Problem) NameOfCol(j int) string {
	if p.ColName != nil {
		return p.ColName(j)
	}
	return fmt.Sprintf("x%d", j)
}

// NameOfRow returns the name of row i, "r<i>" where none was given.
func (p *Problem) NameOfRow(i int) string {
	if p.RowName != nil {
		return p.RowName(i)
	}
	return fmt.Sprintf("r%d", i)
}
