package iotable

import (
	"math/rand/v2"
	"slices"
)

// generate returns a table of coefficients with perRow cells in each row at
// random places, scaled so that the sum of column j lies in [least, most], and
// a final demand between 0 and 1. Same seed, same table.
func generate(n, perRow int, least, most float64, seed uint64) (*Matrix, []float64) {
	random := rand.New(rand.NewPCG(seed, 1))
	perRow = min(perRow, n)
	m := &Matrix{Rows: n, Cols: n, Start: make([]int64, n+1), Col: make([]int32, 0, n*perRow), Value: make([]float64, n*perRow)}
	row := make([]int32, perRow)
	for i := range n {
		for distinct := false; !distinct; {
			for k := range row {
				row[k] = int32(random.IntN(n))
			}
			slices.Sort(row)
			distinct = perRow > n/2
			if distinct {
				for k := range row {
					row[k] = int32(k * n / perRow)
				}
			} else {
				distinct = len(slices.Compact(slices.Clone(row))) == perRow
			}
		}
		m.Col = append(m.Col, row...)
		m.Start[i+1] = int64(len(m.Col))
	}
	sums := make([]float64, n)
	for k := range m.Value {
		m.Value[k] = 0.05 + random.Float64()
		sums[m.Col[k]] += m.Value[k]
	}
	for j, s := range sums {
		if s > 0 {
			sums[j] = (least + (most-least)*random.Float64()) / s
		}
	}
	for k, c := range m.Col {
		m.Value[k] *= sums[c]
	}
	y := make([]float64, n)
	for i := range y {
		y[i] = random.Float64()
	}
	return m, y
}
