package block

import (
	"slices"
	"strings"
	"testing"

	"bremen/lp"
)

// weeks is a small problem of two products over three weeks in one place: each
// is made by one recipe, the second from the first, stocks are kept with losses,
// work is limited each week and energy over all.
func weeks() *Problem {
	p := &Problem{}
	balance := p.AddRows("balance", 2, 3, 0, 0)
	work := p.AddRows("work", 1, 3, -lp.Inf, 10)
	energy := p.AddRows("energy", 1, 1, -lp.Inf, 12)
	makes := p.AddCols("makes", 2, 3, 0, 0, 20)
	stock := p.AddCols("stock", 2, 3, 0, 0, 5)
	served := p.AddCols("served", 1, 1, -1, 0, 4)
	p.Terms = []Term{
		{balance, makes, &Matrix{2, 2, []int32{0, 1, 3}, []int32{0, 0, 1}, []float64{1, -0.5, 1}}, []Run{Everywhere(3)}},
		{balance, stock, Diagonal([]float64{-1, -1}), []Run{Everywhere(3)}},
		{balance, stock, Diagonal([]float64{0.9, 0.5}), []Run{{Row: 1, RowStep: 1, ColStep: 1, Count: 2}}},
		{work, makes, &Matrix{1, 2, []int32{0, 1, 2}, []int32{0, 0}, []float64{1, 2}}, []Run{Everywhere(3)}},
		{energy, makes, &Matrix{1, 2, []int32{0, 1, 2}, []int32{0, 0}, []float64{0.5, 0.25}}, []Run{{ColStep: 1, Count: 3}}},
		{balance, served, &Matrix{2, 1, []int32{0, 1}, []int32{1}, []float64{-1}}, []Run{{RowStep: 1, Count: 3}}},
	}
	return p
}

func TestExplicit(t *testing.T) {
	p := weeks()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	e := p.Explicit()
	if err := e.Validate(); err != nil {
		t.Fatal(err)
	}
	if e.NNZ() != p.NNZ() || e.NNZ() != 9+6+4+6+6+3 {
		t.Errorf("%d entries written out, %d counted", e.NNZ(), p.NNZ())
	}
	rows, values := e.Column(6 + 3) // the stock of the second product at the end of the first week
	if !slices.Equal(rows, []int32{3, 4}) || !slices.Equal(values, []float64{-1, 0.5}) {
		t.Errorf("stock: rows %v values %v", rows, values)
	}
	rows, values = e.Column(3 + 1) // the second recipe in the second week
	if !slices.Equal(rows, []int32{1, 4, 7, 9}) || !slices.Equal(values, []float64{-0.5, 1, 2, 0.25}) {
		t.Errorf("recipe: rows %v values %v", rows, values)
	}
	rows, _ = e.Column(12)
	if !slices.Equal(rows, []int32{3, 4, 5}) {
		t.Errorf("served: rows %v", rows)
	}
	if got := e.NameOfCol(10) + " " + e.NameOfRow(7); got != "stock_1_1 work_0_1" {
		t.Errorf("names %q", got)
	}
}

func TestColumnsOfAnEmptyGroupAreNobodyElses(t *testing.T) {
	p := &Problem{}
	p.AddRows("rows", 1, 1, 0, 1)
	p.AddCols("none", 0, 1, 0, 0, 1)
	p.AddCols("some", 1, 1, 0, 0, 1) // begins where the empty group does
	p.Terms = []Term{
		{0, 0, &Matrix{Rows: 1, Start: []int32{0}}, []Run{Everywhere(1)}},
		{0, 1, Diagonal([]float64{3}), []Run{Everywhere(1)}},
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	if rows, values := p.Explicit().Column(0); !slices.Equal(rows, []int32{0}) || !slices.Equal(values, []float64{3}) {
		t.Errorf("rows %v values %v", rows, values)
	}
}

func TestValidate(t *testing.T) {
	for want, spoil := range map[string]func(*Problem){
		`column group 1 "stock": 2 items in 3 blocks from 7, expected it to begin at 6`: func(p *Problem) { p.ColGroups[1].First++ },
		`10 rows in groups, but a vector of 11`:                                         func(p *Problem) { p.RowUpper = append(p.RowUpper, 1) },
		`term 0: run 0 is`:                                                              func(p *Problem) { p.Terms[0].Runs[0].Count = 4 },
		`term 1: run 0 is`:                                                              func(p *Problem) { p.Terms[1].Runs = []Run{{Count: 1}} },
		`term 5: row group 9 of 3`:                                                      func(p *Problem) { p.Terms[5].Rows = 9 },
		`term 3: a matrix of 1×2 between "balance" of 2 items`:                          func(p *Problem) { p.Terms[3].Rows = 0 },
		`term 0: matrix column 1: row 0 after 0, of 2`:                                  func(p *Problem) { p.Terms[0].Matrix.Index[2] = 0 },
	} {
		p := weeks()
		spoil(p)
		if err := p.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
