package lp

import (
	"strings"
	"testing"
)

func TestReadLP(t *testing.T) {
	t.Parallel()
	program := func(change func(*Problem)) *Problem {
		p := bread()
		change(p)
		return p
	}
	const rows = "Maximize\n obj: 3 rye + 2 rolls\nSubject To\n flour: rye + rolls <= 4\n oven: rye + 3 rolls <= 6\n"
	tests := []struct {
		name, text string
		want       *Problem
	}{
		{"bounds", rows + "Bounds\n rye <= 3\nEnd\n", bread()},
		{"a bound written from the other side", rows + "Bounds\n 3 >= rye\nEnd\n", bread()},
		{"bounds that begin with a sign on the next line", rows + "Bounds\n rye <= 3\n -2 <= rolls\nEnd\n", program(func(p *Problem) { p.Lower[1] = -2 })},
		{"both bounds and infinity", rows + "Bounds\n 0 <= rye <= 3\n -Inf <= rolls <= +infinity\nEnd\n", program(func(p *Problem) { p.Lower[1] = -Inf })},
		{"free", rows + "Bounds\n rolls Free\n rye <= 3\nEnd\n", program(func(p *Problem) { p.Lower[1] = -Inf })},
		{"fixed", rows + "Bounds\n rye = 3\nEnd\n", program(func(p *Problem) { p.Lower[0] = 3 })},
		{"integer and binary", rows + "Bounds\n rye <= 3\nGeneral\n rye\nBinary\n rolls\nEnd\n", program(func(p *Problem) {
			p.SetInteger(0)
			p.SetInteger(1)
			p.Upper[1] = 1
		})},
		{
			"no names, coefficients without blanks, repeated terms, comments",
			"max 2rye+2 rolls + rye\\ note\nst\n rye + rolls < 4\n 2 rye + 3 rolls - rye =< 6\nbounds\n rye <= 3e0\nend\n", bread(),
		},
		{
			"a term and its sign on lines of their own", "MAXIMIZE\n3\nrye\n+\n2\nrolls\nSUCH THAT\nrye\n+ rolls\n<=\n4 oven: 6 >= rye + 3 rolls\nBOUND\nrye <= 3\nEND",
			bread(),
		},
		{"an offset", strings.Replace(rows, "2 rolls", "2 rolls - 7 + 1.5", 1) + "Bounds\n rye <= 3\nEnd\n", program(func(p *Problem) { p.Offset = -5.5 })},
		{"rows with both bounds, or none", rows + " 1 <= rye <= 2\n 2 >= rolls >= 1\n rye >= -inf\nBounds\n rye <= 3\nEnd\n", program(func(p *Problem) {
			q := bread()
			*p = Problem{Maximise: true}
			p.RowLower, p.RowUpper = append(q.RowLower, 1, 1, -Inf), append(q.RowUpper, 2, 2, Inf)
			p.AddColumn(3, 0, 3)
			for i, v := range []float64{1, 1, 1, 0, 1} {
				if v != 0 {
					p.Entry(i, v)
				}
			}
			p.AddColumn(2, 0, Inf)
			p.Entry(0, 1)
			p.Entry(1, 3)
			p.Entry(3, 1)
		})},
		{"a program without rows", "min\n 0 x\nend", func() *Problem { p := &Problem{}; p.AddColumn(0, 0, Inf); return p }()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := ReadLP(strings.NewReader(tt.text), "t.lp")
			if err != nil {
				t.Fatal(err)
			}
			if d := difference(p, tt.want); d != "" {
				t.Errorf("%s", d)
			}
		})
	}
}

func TestReadLPNamesRowsApart(t *testing.T) {
	t.Parallel()
	p, err := ReadLP(strings.NewReader("min x\nst\n x >= 1\n r0: x >= 2\nend\n"), "t.lp")
	if err != nil || p.NameOfRow(0) != "r0~" || p.NameOfRow(1) != "r0" {
		t.Errorf("rows %q and %q, error %v", p.NameOfRow(0), p.NameOfRow(1), err)
	}
}

func TestReadLPNamesMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"no objective", "st\n x >= 1\nend\n", `t.lp:1:1: found "st", expected Minimize or Maximize`},
		{"an empty file", "", `t.lp:1:1: found the end of the file, expected Minimize or Maximize`},
		{"a missing sign", "min 2 x 3 y\nend\n", `t.lp:1:9: found "3", expected + or - or a section`},
		{"a missing comparison", "min x\nst\n c: x + y\nend\n", `t.lp:4:1: found "end", expected + or - or <=, >= or =`},
		{"a missing number", "min x\nst\n c: x >=\nend\n", `t.lp:4:1: found "end", expected a number`},
		{"variables on both sides", "min x\nst\n x >= y\nend\n", `t.lp:3:7: found "y", expected a number`},
		{"numbers on both sides", "min x\nst\n 1 >= 2\nend\n", `t.lp:3:7: found a number on both sides of >=, expected variables`},
		{"a number among the terms of a row", "min x\nst\n x + 2 >= 3\nend\n", `t.lp:3:4: found a number among the terms of a row, expected it on the other side`},
		{"bounds that look both ways", "min x\nst\n 1 <= x >= 3\nend\n", `t.lp:3:9: found ">=" after <=, expected both to be <= or both >=`},
		{"a quadratic term", "min [ x ^ 2 ]\nend\n", `t.lp:1:5: found "[": only linear terms are read`},
		{"a name used for two rows", "min x\nst\n a: x >= 1\n a: x >= 2\nend\n", `t.lp:4:2: row "a" is already row number 0`},
		{"an unknown column in the bounds", "min x\nbounds\n y >= 1\nend\n", `t.lp:3:2: found "y", expected a column that stands in the objective or a row`},
		{"a bound of a multiple", "min x\nbounds\n 2 x >= 1\nend\n", `t.lp:3:2: found a bound of a sum or multiple, expected one of a single column`},
		{"semi-continuous columns", "min x\nsemi-continuous\n x\nend\n", `t.lp:2:1: section "semi" is not read: only linear rows, bounds and integers`},
		{"a cut file", "min x\nst\n x >= 1\n", `t.lp:4:1: the file ends without End`},
		{"a negative upper bound alone", "min x\nbounds\n x <= -1\nend\n", `t.lp: column x: lower bound 0 above upper bound -1`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadLP(strings.NewReader(tt.text), "t.lp")
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func FuzzReadLP(f *testing.F) {
	f.Add("Maximize\n obj: 3 rye + 2 rolls - 7\nSubject To\n flour: rye + rolls <= 4\n 1 <= rye <= 2e0\nBounds\n -inf <= rolls <= 6\n rye free\nGeneral\n rye\nBinary\n rolls\nEnd\n")
	f.Add("min\\ note\n 2x -x\nst\n x >= -inf\n 2 > x + - y > 1\nbounds x = 3\nend")
	fuzzFile(f, formats[1])
}
