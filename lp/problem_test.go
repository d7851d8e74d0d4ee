package lp

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCompactSumsRepeatedEntriesAndDropsZeros(t *testing.T) {
	t.Parallel()
	p := &Problem{}
	for range 3 {
		p.AddRow(0, 1)
	}
	p.AddColumn(0, 0, 1) // 2: 1+2, 0: 0, 1: 5
	for _, e := range []struct {
		i int
		v float64
	}{{2, 1}, {0, 0}, {1, 5}, {2, 2}} {
		p.Entry(e.i, e.v)
	}
	p.AddColumn(0, 0, 1) // cancels
	p.Entry(2, 4)
	p.Entry(2, -4)
	p.AddColumn(0, 0, 1)
	p.Entry(2, 7)
	p.Compact()
	if !slices.Equal(p.Start, []int{0, 2, 2, 3}) || !slices.Equal(p.Index, []int32{2, 1, 2}) || !slices.Equal(p.Value, []float64{3, 5, 7}) {
		t.Errorf("starts %v, rows %v, values %v", p.Start, p.Index, p.Value)
	}
}

func TestCompactKeepsEveryActivity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawFile(t)
		for k := range p.Value { // whole figures, whose sums are exact
			p.Value[k] = float64(rapid.IntRange(-2, 2).Draw(t, "v"))
		}
		x := rapid.SliceOfN(rapid.Map(rapid.IntRange(-9, 9), func(n int) float64 { return float64(n) }), p.Cols(), p.Cols()).Draw(t, "x")
		want := p.Activity(x)
		p.Compact()
		if err := p.Validate(); err != nil || !p.compact() {
			t.Fatalf("compact %v, error %v", p.compact(), err)
		}
		if got := p.Activity(x); !slices.Equal(got, want) {
			t.Fatalf("activity %v, want %v", got, want)
		}
	})
}

func TestByRowHoldsTheSameEntries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawFile(t)
		v := p.ByRow()
		next := make([]int, p.Rows())
		for j := range p.Cols() {
			rows, values := p.Column(j)
			for k, i := range rows {
				cols, rowValues := v.Row(int(i))
				if n := next[i]; cols[n] != int32(j) || rowValues[n] != values[k] {
					t.Fatalf("row %d, entry %d: column %d, %v; want %d, %v", i, n, cols[n], rowValues[n], j, values[k])
				}
				next[i]++
			}
		}
		for i, n := range next {
			if cols, _ := v.Row(i); len(cols) != n {
				t.Fatalf("row %d has %d entries, want %d", i, len(cols), n)
			}
		}
	})
}

func TestGrowLeavesRoomAndChangesNothing(t *testing.T) {
	t.Parallel()
	p := bread()
	p.Grow(10, 5, 30)
	if d := difference(p, bread()); d != "" {
		t.Error(d)
	}
	first := &p.Value[0]
	for range 10 {
		p.AddColumn(0, 0, 1)
		for range 3 {
			p.Entry(0, 1)
		}
	}
	if first != &p.Value[0] {
		t.Error("entries moved")
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	tests := []struct {
		name   string
		change func(*Problem)
		want   string
	}{
		{"a program as it should be", func(*Problem) {}, ""},
		{"an empty program", func(p *Problem) { *p = Problem{} }, ""},
		{"repeated and zero entries", func(p *Problem) { p.Entry(0, 0); p.Entry(0, 1) }, ""},
		{"a cost that is NaN", func(p *Problem) { p.Cost[1] = nan }, "column x1: cost NaN: not a finite number"},
		{"an infinite offset", func(p *Problem) { p.Offset = Inf }, "offset +Inf: not a finite number"},
		{"an infinite entry", func(p *Problem) { p.Value[0] = Inf }, "column x0: entry +Inf in row r0: not a finite number"},
		{"a row out of range", func(p *Problem) { p.Index[3] = 2 }, "column x1: entry in row number 2, but there are 2 rows"},
		{"a row below zero", func(p *Problem) { p.Index[3] = -1 }, "column x1: entry in row number -1, but there are 2 rows"},
		{"crossed bounds of a column", func(p *Problem) { p.Lower[0] = 4 }, "column x0: lower bound 4 above upper bound 3"},
		{"crossed bounds of a row", func(p *Problem) { p.RowLower[1] = 7 }, "row r1: lower bound 7 above upper bound 6"},
		{"a lower bound of infinity", func(p *Problem) { p.Lower[1] = Inf }, "column x1: lower bound +Inf: not a number below infinity"},
		{"an upper bound that is NaN", func(p *Problem) { p.RowUpper[0] = nan }, "row r0: upper bound NaN: not a number above minus infinity"},
		{"a missing bound", func(p *Problem) { p.Lower = p.Lower[:1] }, "2 costs, but 1 lower and 2 upper bounds of columns"},
		{"a missing row bound", func(p *Problem) { p.RowUpper = p.RowUpper[:1] }, "2 lower, but 1 upper bounds of rows"},
		{"a missing value", func(p *Problem) { p.Value = p.Value[:3] }, "4 entries have a row, but 3 a value"},
		{"missing integer marks", func(p *Problem) { p.Integer = []bool{true} }, "2 costs, but 1 integer marks"},
		{"a missing start", func(p *Problem) { p.Start = p.Start[:2] }, "2 columns need 3 starts, not 2"},
		{"starts that do not end with the entries", func(p *Problem) { p.Start[2] = 3 }, "starts run from 0 to 3, entries from 0 to 4"},
		{"starts that go back", func(p *Problem) { p.Start[1] = 5 }, "column x1: starts at entry 5 and ends at 4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := bread()
			tt.change(p)
			got := ""
			if err := p.Validate(); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
