package lptest

import (
	"reflect"
	"testing"
)

func TestEconomy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ products, sites, periods, nnz, rows, cols int }{
		{40, 3, 4, 11_232, 844, 2_353},
		{100, 5, 8, 100_020, 5_684, 19_601},
		{500, 8, 12, 1_243_136, 60_868, 235_201},
	} {
		p := Economy(c.products, c.sites, c.periods, 1)
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		if p.NNZ() != c.nnz || p.Rows() != c.rows || p.Cols() != c.cols {
			t.Errorf("%+v: %d coefficients, %d rows, %d columns", c, p.NNZ(), p.Rows(), p.Cols())
		}
		for i, lo := range p.RowLower {
			if lo > 0 || p.RowUpper[i] < 0 {
				t.Fatalf("%+v: doing nothing breaks row %d between %v and %v", c, i, lo, p.RowUpper[i])
			}
		}
	}
	if a, b := Economy(40, 3, 4, 7), Economy(40, 3, 4, 7); !reflect.DeepEqual(a, b) {
		t.Error("two draws of one seed differ")
	}
	if a, b := Economy(40, 3, 4, 7), Economy(40, 3, 4, 8); reflect.DeepEqual(a.Upper, b.Upper) {
		t.Error("draws of two seeds are the same")
	}
}
