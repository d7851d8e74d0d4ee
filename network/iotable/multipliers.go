package iotable

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// OutputMultipliers returns, for each sector, the output of all sectors that
// one unit of its product takes to reach final demand: the column sums of
// (I − A)⁻¹ (Miller and Blair 6.2.1; Eurostat manual 15.2). The table is
// symmetric; where A is nonnegative, none is below 1.
func (t *Table) OutputMultipliers(ctx context.Context) ([]float64, error) {
	ones := make([]float64, len(t.Industries))
	for j := range ones {
		ones[j] = 1
	}
	return t.embodied(ctx, ones, false)
}

// Multipliers returns the satellite that one unit of each product takes to
// reach final demand, directly and through inputs, in the satellite's unit per
// unit of product: employment, value added, income, import, emission
// multipliers (Miller and Blair 6.2.2 and 6.2.3, simple multipliers; Eurostat
// manual 15.2). The table is symmetric.
func (t *Table) Multipliers(ctx context.Context, satellite string) ([]float64, error) {
	s, err := t.Satellite(satellite)
	if err != nil {
		return nil, err
	}
	per, err := t.PerOutput(s)
	if err != nil {
		return nil, err
	}
	return t.embodied(ctx, per, false)
}

// Values returns labour values, the labour that one unit of each product holds
// directly and through inputs: v = v·A + l, with what wears out added to A when
// depreciation is asked for (Ochoa 1984, pages 46 to 57). The table is
// symmetric.
func (t *Table) Values(ctx context.Context, depreciation bool) ([]float64, error) {
	labour, err := t.Labour()
	if err != nil {
		return nil, err
	}
	per, err := t.PerOutput(labour)
	if err != nil {
		return nil, err
	}
	return t.embodied(ctx, per, depreciation)
}

// preciseTolerance is for results that people compare digit by digit.
const preciseTolerance = 1e-13

// embodied solves v = v·A + direct.
func (t *Table) embodied(ctx context.Context, direct []float64, depreciation bool) ([]float64, error) {
	if !t.Symmetrical() {
		return nil, fmt.Errorf("table %s: %w", t.ID, ErrNotSymmetric)
	}
	a, err := t.Coefficients(depreciation)
	if err != nil {
		return nil, err
	}
	v, _, err := t.solve(ctx, a.Transpose(), direct, Options{Tolerance: preciseTolerance})
	return v, err
}

// ForwardLinkages returns the row sums of (I − B)⁻¹ with B = x̂⁻¹·Z, the shares
// of each sector's output that go to others: the output of all sectors that one
// more unit of primary inputs in each sector would allow (Ghosh 1958; Miller
// and Blair 12.2). The table is symmetric.
func (t *Table) ForwardLinkages(ctx context.Context) ([]float64, error) {
	if !t.Symmetrical() {
		return nil, fmt.Errorf("table %s: %w", t.ID, ErrNotSymmetric)
	}
	a, err := t.Coefficients(false)
	if err != nil {
		return nil, err
	}
	inverse := make([]float64, len(t.Output))
	ones := make([]float64, len(t.Output))
	for i, x := range t.Output {
		ones[i] = 1
		if x > 0 {
			inverse[i] = 1 / x
		}
	}
	g, _, err := t.solve(ctx, a.scaled(inverse, t.Output), ones, Options{Tolerance: preciseTolerance})
	return g, err
}

// Profit is a uniform rate of profit with the prices that go with it.
type Profit struct {
	Rate float64
	// Prices per unit of each product, such that the gross output costs in
	// all what it does in the table's units.
	Prices []float64
}

// ProfitRate returns the rate r and prices p of production with
// p = (1 + r)·p·(A + w·l): circulating capital, wages w per unit of labour l
// advanced and spent on the bundle Wages (Sraffa 1960, chapter 2; the standard
// interpretation of Marx's prices of production). r = 1/λ − 1 with λ the
// largest eigenvalue of A + w·l, exact to about 1e-12. The table is symmetric.
func (t *Table) ProfitRate(ctx context.Context) (Profit, error) {
	a, labour, err := t.profitInputs()
	if err != nil {
		return Profit{}, err
	}
	inputs := a.Transpose()
	lower, upper, prices := perron(func(dst, p []float64) {
		inputs.rows(dst, p, 0, inputs.Rows)
		wage := dot(t.Wages, p)
		for j, l := range labour {
			dst[j] += float64(wage * l)
		}
	}, len(labour), 1e-13)
	if err := ctx.Err(); err != nil {
		return Profit{}, err
	}
	if lower <= 0 || upper-lower > 1e-9*upper {
		return Profit{}, fmt.Errorf("table %s: rate of profit is only known to lie between %.6g and %.6g: not every product enters all others", t.ID, 1/upper-1, 1/lower-1)
	}
	norm := sumOf(t.Output) / dot(prices, t.Output)
	for i := range prices {
		prices[i] *= norm
	}
	return Profit{Rate: 2/(lower+upper) - 1, Prices: prices}, nil
}

// profitInputs returns A and labour per unit, both nonnegative.
func (t *Table) profitInputs() (*Matrix, []float64, error) {
	if !t.Symmetrical() {
		return nil, nil, fmt.Errorf("table %s: %w", t.ID, ErrNotSymmetric)
	}
	if t.Wages == nil {
		return nil, nil, fmt.Errorf("table %s: states no wages", t.ID)
	}
	s, err := t.Labour()
	if err != nil {
		return nil, nil, err
	}
	labour, err := t.PerOutput(s)
	if err != nil {
		return nil, nil, err
	}
	a, err := t.Coefficients(false)
	if err != nil {
		return nil, nil, err
	}
	below := func(v float64) bool { return v < 0 || math.IsNaN(v) }
	if slices.ContainsFunc(a.Value, below) || slices.ContainsFunc(labour, below) || slices.ContainsFunc(t.Wages, below) {
		return nil, nil, fmt.Errorf("table %s: a rate of profit needs uses, labour and wages of zero and more", t.ID)
	}
	return a, labour, nil
}
