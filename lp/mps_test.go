package lp

import (
	"errors"
	"strings"
	"testing"
)

const mpsHead = "NAME  t\nROWS\n N cost\n L l\n G g\n E e\nCOLUMNS\n x cost 1 l 2\n x g 3 e 4\n"

func TestReadMPS(t *testing.T) {
	t.Parallel()
	program := func(change func(*Problem)) *Problem {
		p := &Problem{}
		p.AddRow(-Inf, 0)
		p.AddRow(0, Inf)
		p.AddRow(0, 0)
		p.AddColumn(1, 0, Inf)
		p.Entry(0, 2)
		p.Entry(1, 3)
		p.Entry(2, 4)
		change(p)
		return p
	}
	tests := []struct {
		name string
		text string
		want *Problem
	}{
		{"no right-hand sides", "ENDATA\n", program(func(*Problem) {})},
		{"a right-hand side of the objective is its offset, negated", "RHS\n R cost -7.113\nENDATA\n", program(func(p *Problem) { p.Offset = 7.113 })},
		{"right-hand sides without the name of their set", "RHS\n l 5 g 6\n e 7\nENDATA\n", program(func(p *Problem) {
			p.RowUpper[0], p.RowLower[1], p.RowLower[2], p.RowUpper[2] = 5, 6, 7, 7
		})},
		{"positive ranges", "RANGES\n R l 1 g 2\n R e 3\nENDATA\n", program(func(p *Problem) {
			p.RowLower[0], p.RowUpper[1], p.RowUpper[2] = -1, 2, 3
		})},
		{"negative ranges, before the right-hand sides", "RANGES\n R l -1 g -2\n R e -3\nRHS\n R e 1\nENDATA\n", program(func(p *Problem) {
			p.RowLower[0], p.RowUpper[1], p.RowLower[2], p.RowUpper[2] = -1, 2, -2, 1
		})},
		{"a range with more digits than a double", "RANGES\n R g 0.30000000000000000000000001\nRHS\n R g -0.3\nENDATA\n", program(func(p *Problem) {
			p.RowLower[1], p.RowUpper[1] = -0.3, 1.1102230256251566e-17 // -0.3 as a double is 1.11e-17 more
		})},
		{"a negative upper bound alone frees the column below", "BOUNDS\n UP B x -1\nENDATA\n", program(func(p *Problem) { p.Lower[0], p.Upper[0] = -Inf, -1 })},
		{"a negative upper bound after a lower one", "BOUNDS\n LO B x -3\n UP B x -1\nENDATA\n", program(func(p *Problem) { p.Lower[0], p.Upper[0] = -3, -1 })},
		{"an upper bound of zero fixes at zero", "BOUNDS\n UP B x 0\nENDATA\n", program(func(p *Problem) { p.Upper[0] = 0 })},
		{"bounds without the name of their set", "BOUNDS\n UP x 4\n LO x 1\nENDATA\n", program(func(p *Problem) { p.Lower[0], p.Upper[0] = 1, 4 })},
		{"FR", "BOUNDS\n FR B x\nENDATA\n", program(func(p *Problem) { p.Lower[0] = -Inf })},
		{"FR without the name of its set", "BOUNDS\n FR x\nENDATA\n", program(func(p *Problem) { p.Lower[0] = -Inf })},
		{"MI and then UP", "BOUNDS\n MI B x\n UP B x 5\nENDATA\n", program(func(p *Problem) { p.Lower[0], p.Upper[0] = -Inf, 5 })},
		{"FX, and PL after it", "BOUNDS\n FX B x 5\n PL B x\nENDATA\n", program(func(p *Problem) { p.Lower[0], p.Upper[0] = 5, Inf })},
		{"BV", "BOUNDS\n BV B x\nENDATA\n", program(func(p *Problem) { p.Upper[0] = 1; p.SetInteger(0) })},
		{"LI and UI", "BOUNDS\n LI B x 2\n UI B x 4\nENDATA\n", program(func(p *Problem) { p.Lower[0], p.Upper[0] = 2, 4; p.SetInteger(0) })},
		{"bounds of 1e30 and by word are infinite", "BOUNDS\n UP B x 1e30\n LO B x -inf\nENDATA\n", program(func(p *Problem) { p.Lower[0] = -Inf })},
		{"integers between markers, with and without bounds", " M 'MARKER' 'INTORG'\n y l 1\n z l 1\n M 'MARKER' 'INTEND'\nBOUNDS\n PL B z\nENDATA\n", program(func(p *Problem) {
			for _, upper := range []float64{1, Inf} {
				p.SetInteger(p.AddColumn(0, 0, upper))
				p.Entry(0, 1)
			}
			p.Integer[0] = false
		})},
		{"Fortran exponents, comments, empty lines, DOS line ends, lower case", "* note\r\n\r\nrhs\r\n R l 1.5D2\r\nendata\r\n", program(func(p *Problem) { p.RowUpper[0] = 150 })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := ReadMPS(strings.NewReader(mpsHead+tt.text), "t.mps")
			if err != nil {
				t.Fatal(err)
			}
			if d := difference(p, tt.want); d != "" {
				t.Errorf("%s", d)
			}
		})
	}
}

func TestReadMPSObjectives(t *testing.T) {
	t.Parallel()
	const columns = "ROWS\n N a\n N b\nCOLUMNS\n x a 1 b 2\nENDATA\n"
	tests := []struct {
		name, text string
		cost       float64
		maximise   bool
	}{
		{"the first N row", columns, 1, false},
		{"the one named", "OBJSENSE\n  MAX\nOBJNAME\n b\n" + columns, 2, true},
		{"sense on the line of its section", "OBJSENSE MAXIMIZE\n" + columns, 1, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := ReadMPS(strings.NewReader(tt.text), "t.mps")
			if err != nil {
				t.Fatal(err)
			}
			if p.Cost[0] != tt.cost || p.Maximise != tt.maximise || p.Rows() != 1 || p.RowLower[0] != -Inf || p.RowUpper[0] != Inf {
				t.Errorf("got %+v", p)
			}
		})
	}
}

const fixedMPS = `NAME          TEST
ROWS
 N  COST 1
 L  LIM 1
COLUMNS
    COL A     COST 1             1.0   LIM 1             2.0
    COL B     LIM 1              3.5
RHS
              LIM 1              4.0
BOUNDS
 UP BND       COL B              9.0
ENDATA
`

func TestReadMPSWithNamesThatHoldBlanks(t *testing.T) {
	t.Parallel()
	p, err := ReadMPS(strings.NewReader(fixedMPS), "t.mps")
	if err != nil {
		t.Fatal(err)
	}
	want := &Problem{}
	want.AddRow(-Inf, 4)
	want.AddColumn(1, 0, Inf)
	want.Entry(0, 2)
	want.AddColumn(0, 0, 9)
	want.Entry(0, 3.5)
	if d := difference(p, want); d != "" || p.NameOfCol(1) != "COL B" || p.NameOfRow(0) != "LIM 1" {
		t.Errorf("%s; column 1 is %q, row 0 %q", d, p.NameOfCol(1), p.NameOfRow(0))
	}
}

func TestReadMPSNamesMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"no number", mpsHead + "RHS\n R l 5x\nENDATA\n", `t.mps:11:6: found "5x", expected a number`},
		{"a number too large", mpsHead + "RHS\n R cost 1e999\nENDATA\n", `t.mps:11:9: number 1e999 is too large: at most 1.7976931348623157e308`},
		{"NaN", mpsHead + "RHS\n R l nan\nENDATA\n", `t.mps:11:6: found "nan", expected a number`},
		{"an unknown row", mpsHead + " x q 3\nENDATA\n", `t.mps:10:4: found "q", expected a row declared in ROWS`},
		{"an unknown column", mpsHead + "BOUNDS\n UP B q 3\nENDATA\n", `t.mps:11:7: found "q", expected a column declared in COLUMNS`},
		{"a row twice in a column", mpsHead + " x l 3\nENDATA\n", `t.mps:10:4: row "l" appears twice in column "x"`},
		{"a column in two places", mpsHead + " y l 3\n x e 3\nENDATA\n", `t.mps:11:2: column "x" appears again after others; its entries must follow each other`},
		{"a row of unknown kind", "ROWS\n Q a\n", `t.mps:2:2: found "Q", expected the kind of a row: N, E, L or G`},
		{"a row twice", "ROWS\n L a\n G a\n", `t.mps:3:4: found row "a", expected a name not used before`},
		{"a second set", mpsHead + "RHS\n R l 5\n S g 5\nENDATA\n", `t.mps:12:2: found set "S" in section RHS, expected only "R"`},
		{"a second right-hand side", mpsHead + "RHS\n R l 5\n R l 5\nENDATA\n", `t.mps:12:4: second right-hand side of row "l"`},
		{"a semi-continuous bound", mpsHead + "BOUNDS\n SC B x 5\nENDATA\n", `t.mps:11:2: bound SC: semi-continuous columns are not read`},
		{"an unknown bound", mpsHead + "BOUNDS\n XX B x 5\nENDATA\n", `t.mps:11:2: found "XX", expected the kind of a bound: UP, LO, FX, FR, MI, PL, BV, LI or UI`},
		{"a range of the objective", mpsHead + "RANGES\n R cost 5\nENDATA\n", `t.mps:11:4: range of row "cost", which is of kind N and has no bounds`},
		{"a cut file", mpsHead, `t.mps:10:1: the file ends without ENDATA`},
		{"a quadratic program", mpsHead + "QUADOBJ\n x x 1\nENDATA\n", `t.mps:10:1: section "QUADOBJ" is not read, only NAME, OBJSENSE, OBJNAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS and ENDATA; lines of data begin with a blank`},
		{"columns before rows", "COLUMNS\n", `t.mps:1:1: section COLUMNS before ROWS`},
		{"a marker that does not end", "ROWS\n N c\nCOLUMNS\n M 'MARKER' 'INTORG'\nENDATA\n", `t.mps:5:1: section ENDATA, expected 'MARKER' 'INTEND' before it`},
		{"contradicting bounds", mpsHead + "BOUNDS\n LO B x 3\n UP B x 2\nENDATA\n", `t.mps: column x: lower bound 3 above upper bound 2`},
		{"a name with a blank and a mistake elsewhere", strings.Replace(fixedMPS, "3.5", "3,5", 1), `t.mps:7:25: found "3,5", expected a number`},
		{"an empty file", "", `t.mps:1:1: the file ends without ENDATA`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadMPS(strings.NewReader(tt.text), "t.mps")
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			var syntax *SyntaxError
			if errors.As(err, &syntax) != (tt.name != "contradicting bounds") {
				t.Errorf("error %v is of type %T", err, err)
			}
		})
	}
}

func FuzzReadMPS(f *testing.F) {
	f.Add(mpsHead + "RHS\n R l 1.5D2 cost 3\nRANGES\n R e -3 g 0.30000000000000000000000001\nBOUNDS\n UP B x -1\nENDATA\n")
	f.Add(mpsHead + " M 'MARKER' 'INTORG'\n y l 1\n M 'MARKER' 'INTEND'\nBOUNDS\n FR x\n BV y\nENDATA\n")
	f.Add("OBJSENSE MAX\nOBJNAME\n b\nROWS\n N a\n N b\nCOLUMNS\n x a 1 b 2\nENDATA\n")
	f.Add(fixedMPS)
	fuzzFile(f, formats[0])
}
