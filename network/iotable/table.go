package iotable

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"bremen/network"
)

// Table is an input-output table of one place and one year.
//
// In a symmetric table Make is nil, Commodities and Industries are the same,
// and each industry makes its own commodity and nothing else. In make and use
// tables industry j makes Make[j][i] of commodity i and uses Use[i][j] of it.
// The figures are as stated: negative ones have kept their sign.
type Table struct {
	About

	Commodities []Sector
	Industries  []Sector

	Use          *Matrix   // commodity × industry
	Make         *Matrix   // industry × commodity, totals; nil: symmetric
	Depreciation *Matrix   // commodity × industry: wear replaced from the year's output; nil: not stated
	PerUnit      bool      // Use and Depreciation are per unit of output instead of totals
	Output       []float64 // gross output of each industry, ≥ 0

	Demand     []Category // final demand
	Satellites []Satellite

	// Wages is what one unit of labour buys, by commodity: for ProfitRate. Nil: not stated.
	Wages []float64

	Planning
}

// About names a table and tells where it is from.
type About struct {
	ID          string
	Title       network.Text
	Description network.Text
	Licence     string
	Sources     []network.Source
	Year        int
	Currency    string // code; "" when figures are in kind
	Unit        string // of every figure without one of its own
}

// Sector is a commodity or an industry.
type Sector struct {
	Code     string
	Name     string
	Unit     string // "": the table's
	Position network.Position
}

// Category of final demand: households, exports.
type Category struct {
	Code   string
	Name   string
	Amount []float64 // by commodity; negative is a supply
}

// Role says what a satellite becomes in a network.
type Role string

const (
	Labour Role = "labour" // a skill; industries work it
	Impact Role = "impact" // a natural good or other means that industries take
	Value  Role = "value"  // nothing: a figure for multipliers
)

// Satellite is a figure by industry beside the flows: labour, CO2, wages, imports.
type Satellite struct {
	ID      string
	Name    string
	Unit    string
	Role    Role
	PerUnit bool      // per unit of output instead of totals
	Amount  []float64 // by industry
}

// Planning says how Network states the table.
type Planning struct {
	// Least names satellites (labour or impact); after final demand each is
	// made as little as can be, in this order.
	Least []string
	// Capacity bounds each industry at this multiple of Output. 0 means 10:
	// generous, so that it binds nothing.
	Capacity float64
	// Work offered is this multiple of what Output took. 0 means 2.
	Work float64
	// Persons is the head count of those who work; 0 means 1000.
	Persons float64
	// Place is the name of the one site; "" means the ID.
	Place string
}

// Symmetrical says whether each industry makes only its own commodity.
func (t *Table) Symmetrical() bool { return t.Make == nil }

// ErrNotSymmetric is returned where a symmetric table is needed; see Symmetric.
var ErrNotSymmetric = errors.New("make and use tables have no single technology; use Symmetric first")

// Coefficients returns A, commodity × industry: what a unit of output uses up.
// With depreciation, what wears out is added. Industries without output must
// use nothing. Columns belong to industries also in make and use tables.
func (t *Table) Coefficients(depreciation bool) (*Matrix, error) {
	a := t.Use
	if depreciation && t.Depreciation != nil {
		a = a.plus(t.Depreciation)
	}
	if t.PerUnit {
		return a, nil
	}
	return t.perOutput(a)
}

// perOutput divides the columns of totals by Output.
func (t *Table) perOutput(m *Matrix) (*Matrix, error) {
	divided := &Matrix{Rows: m.Rows, Cols: m.Cols, Start: m.Start, Col: m.Col, Value: make([]float64, len(m.Value))}
	for i := range m.Rows {
		for k := m.Start[i]; k < m.Start[i+1]; k++ {
			j := m.Col[k]
			if t.Output[j] == 0 {
				return nil, fmt.Errorf("industry %s uses %g of %s but has no output",
					t.Industries[j].Code, m.Value[k], t.Commodities[i].Code)
			}
			if divided.Value[k] = m.Value[k] / t.Output[j]; math.IsInf(divided.Value[k], 0) {
				return nil, fmt.Errorf("industry %s uses %g of %s for an output of %g: too much for any number",
					t.Industries[j].Code, m.Value[k], t.Commodities[i].Code, t.Output[j])
			}
		}
	}
	return divided, nil
}

// Satellite returns the satellite of that ID.
func (t *Table) Satellite(id string) (*Satellite, error) {
	for i := range t.Satellites {
		if t.Satellites[i].ID == id {
			return &t.Satellites[i], nil
		}
	}
	return nil, fmt.Errorf("table %s: no satellite %q", t.ID, id)
}

// Labour returns the first satellite that is labour.
func (t *Table) Labour() (*Satellite, error) {
	for i := range t.Satellites {
		if t.Satellites[i].Role == Labour {
			return &t.Satellites[i], nil
		}
	}
	return nil, fmt.Errorf("table %s: no satellite is labour", t.ID)
}

// PerOutput returns the satellite per unit of output, by industry.
func (t *Table) PerOutput(s *Satellite) ([]float64, error) {
	per := slices.Clone(s.Amount)
	if s.PerUnit {
		return per, nil
	}
	for j, v := range per {
		switch {
		case v == 0:
		case t.Output[j] == 0:
			return nil, fmt.Errorf("industry %s has %g of %s but no output", t.Industries[j].Code, v, s.ID)
		default:
			per[j] = v / t.Output[j]
		}
	}
	return per, nil
}

// Total is the satellite summed over all industries at the table's output.
func (t *Table) Total(s *Satellite) float64 {
	if !s.PerUnit {
		return sumOf(s.Amount)
	}
	return dot(s.Amount, t.Output)
}

// FinalDemand is the sum over categories, by commodity.
func (t *Table) FinalDemand() []float64 {
	sum := make([]float64, len(t.Commodities))
	for _, c := range t.Demand {
		for i, v := range c.Amount {
			sum[i] += v
		}
	}
	return sum
}

// NetOutput is what the table's output leaves of each commodity after use.
func (t *Table) NetOutput(depreciation bool) ([]float64, error) {
	a, err := t.Coefficients(depreciation)
	if err != nil {
		return nil, err
	}
	net := t.supply()
	for i, v := range a.Times(t.Output) {
		net[i] -= v
	}
	return net, nil
}

// supply is what is made of each commodity.
func (t *Table) supply() []float64 {
	if t.Symmetrical() {
		return slices.Clone(t.Output)
	}
	return t.Make.columnSums()
}

// Required returns the output of each industry that a final demand takes,
// directly and through inputs: x = A·x + y. The table is symmetric.
func (t *Table) Required(ctx context.Context, demand []float64, opts Options) ([]float64, Stats, error) {
	if !t.Symmetrical() {
		return nil, Stats{}, fmt.Errorf("table %s: %w", t.ID, ErrNotSymmetric)
	}
	a, err := t.Coefficients(false)
	if err != nil {
		return nil, Stats{}, err
	}
	return t.solve(ctx, a, demand, opts)
}

// solve names the sectors of an unproductive circle.
func (t *Table) solve(ctx context.Context, a *Matrix, y []float64, opts Options) ([]float64, Stats, error) {
	x, stats, err := Solve(ctx, a, y, opts)
	var circle *UnproductiveError
	if errors.As(err, &circle) {
		for _, j := range circle.Sectors {
			circle.Names = append(circle.Names, t.Industries[j].Code)
		}
	}
	return x, stats, err
}

// Symmetric returns a symmetric table of commodities under the industry
// technology assumption: an industry makes all its commodities with the same
// inputs, and each commodity comes from the industries in their shares of the
// market. A = B·D with B = U·ĝ⁻¹ and D = V·q̂⁻¹ (Miller and Blair 5.3.2;
// model B of the Eurostat manual, chapter 11). Output is what is made of each
// commodity, and totals by industry are shared out by D. A symmetric table is
// returned as it is.
func (t *Table) Symmetric() (*Table, error) {
	if t.Symmetrical() {
		return t, nil
	}
	made := t.supply()
	inverse := make([]float64, len(made))
	for i, v := range made {
		if v > 0 {
			inverse[i] = 1 / v
		}
	}
	shares := t.Make.scaled(nil, inverse)
	s := *t
	s.Industries, s.Make, s.PerUnit, s.Output = t.Commodities, nil, true, made
	b, err := t.Coefficients(false)
	if err != nil {
		return nil, err
	}
	s.Use = b.times(shares)
	if t.Depreciation != nil {
		d := t.Depreciation
		if !t.PerUnit {
			if d, err = t.perOutput(d); err != nil {
				return nil, err
			}
		}
		s.Depreciation = d.times(shares)
	}
	s.Satellites = nil
	toCommodity := shares.Transpose()
	for _, sat := range t.Satellites {
		per, err := t.PerOutput(&sat)
		if err != nil {
			return nil, err
		}
		sat.PerUnit, sat.Amount = true, toCommodity.Times(per)
		s.Satellites = append(s.Satellites, sat)
	}
	return &s, nil
}
