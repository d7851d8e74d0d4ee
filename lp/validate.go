package lp

import (
	"fmt"
	"math"
)

// Validate returns the first thing that makes p no linear program: arrays of
// differing lengths, a row number out of range, a cost or entry that is not
// finite, a bound that is NaN or infinite on the wrong side, a lower bound
// above its upper one. Entries that repeat a row or are zero are no fault.
//
// Solvers and writers may rely on a validated problem; the functions of this
// package that take one do not check it again.
func (p *Problem) Validate() error {
	if err := p.validateShape(); err != nil {
		return err
	}
	if !finite(p.Offset) {
		return fmt.Errorf("offset %v: not a finite number", p.Offset)
	}
	for i := range p.Rows() {
		if err := validateBounds(p.RowLower[i], p.RowUpper[i]); err != nil {
			return fmt.Errorf("row %s: %w", p.NameOfRow(i), err)
		}
	}
	for j := range p.Cols() {
		if err := p.validateColumn(j); err != nil {
			return fmt.Errorf("column %s: %w", p.NameOfCol(j), err)
		}
	}
	return nil
}

func (p *Problem) validateShape() error {
	cols, rows := p.Cols(), p.Rows()
	switch {
	case len(p.Lower) != cols || len(p.Upper) != cols:
		return fmt.Errorf("%d costs, but %d lower and %d upper bounds of columns", cols, len(p.Lower), len(p.Upper))
	case p.Integer != nil && len(p.Integer) != cols:
		return fmt.Errorf("%d costs, but %d integer marks", cols, len(p.Integer))
	case len(p.RowUpper) != rows:
		return fmt.Errorf("%d lower, but %d upper bounds of rows", rows, len(p.RowUpper))
	case len(p.Index) != len(p.Value):
		return fmt.Errorf("%d entries have a row, but %d a value", len(p.Index), len(p.Value))
	case len(p.Start) == 0 && cols == 0 && len(p.Value) == 0:
		return nil
	case len(p.Start) != cols+1:
		return fmt.Errorf("%d columns need %d starts, not %d", cols, cols+1, len(p.Start))
	case p.Start[0] != 0 || p.Start[cols] != len(p.Value):
		return fmt.Errorf("starts run from %d to %d, entries from 0 to %d", p.Start[0], p.Start[cols], len(p.Value))
	}
	for j := range cols {
		if p.Start[j] > p.Start[j+1] {
			return fmt.Errorf("column %s: starts at entry %d and ends at %d", p.NameOfCol(j), p.Start[j], p.Start[j+1])
		}
	}
	return nil
}

func (p *Problem) validateColumn(j int) error {
	if !finite(p.Cost[j]) {
		return fmt.Errorf("cost %v: not a finite number", p.Cost[j])
	}
	if err := validateBounds(p.Lower[j], p.Upper[j]); err != nil {
		return err
	}
	rows, values := p.Column(j)
	for k, i := range rows {
		if i < 0 || int(i) >= p.Rows() {
			return fmt.Errorf("entry in row number %d, but there are %d rows", i, p.Rows())
		}
		if !finite(values[k]) {
			return fmt.Errorf("entry %v in row %s: not a finite number", values[k], p.NameOfRow(int(i)))
		}
	}
	return nil
}

func validateBounds(lower, upper float64) error {
	switch {
	case lower != lower || math.IsInf(lower, 1):
		return fmt.Errorf("lower bound %v: not a number below infinity", lower)
	case upper != upper || math.IsInf(upper, -1):
		return fmt.Errorf("upper bound %v: not a number above minus infinity", upper)
	case lower > upper:
		return fmt.Errorf("lower bound %v above upper bound %v", lower, upper)
	}
	return nil
}

func finite(x float64) bool { return x-x == 0 }
