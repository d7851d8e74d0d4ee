package lp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// format is a file format, for what must hold of both.
type format struct {
	name  string
	read  func(io.Reader, string) (*Problem, error)
	write func(io.Writer, *Problem) error
}

var formats = []format{{"MPS", ReadMPS, WriteMPS}, {"LP", ReadLP, WriteLP}}

// difference says where two programs differ in figures, or returns "".
func difference(a, b *Problem) string {
	switch {
	case a.Maximise != b.Maximise:
		return "sense"
	case a.Offset != b.Offset:
		return fmt.Sprintf("offset %v, %v", a.Offset, b.Offset)
	case !slices.Equal(a.Cost, b.Cost):
		return fmt.Sprintf("cost %v, %v", a.Cost, b.Cost)
	case !slices.Equal(a.Lower, b.Lower):
		return fmt.Sprintf("lower %v, %v", a.Lower, b.Lower)
	case !slices.Equal(a.Upper, b.Upper):
		return fmt.Sprintf("upper %v, %v", a.Upper, b.Upper)
	case !slices.Equal(a.RowLower, b.RowLower):
		return fmt.Sprintf("row lower %v, %v", a.RowLower, b.RowLower)
	case !slices.Equal(a.RowUpper, b.RowUpper):
		return fmt.Sprintf("row upper %v, %v", a.RowUpper, b.RowUpper)
	}
	for j := range a.Cols() {
		if whole(a, j) != whole(b, j) {
			return fmt.Sprintf("column %d integer %v, %v", j, whole(a, j), whole(b, j))
		}
		if x, y := entries(a, j), entries(b, j); !slices.Equal(x, y) {
			return fmt.Sprintf("column %d entries %v, %v", j, x, y)
		}
	}
	return ""
}

func whole(p *Problem, j int) bool { return p.Integer != nil && p.Integer[j] }

func entries(p *Problem, j int) []string {
	var all []string
	rows, values := p.Column(j)
	for k, i := range rows {
		all = append(all, fmt.Sprintf("%09d: %v", i, values[k]))
	}
	slices.Sort(all)
	return all
}

// drawFile draws a program of any figures that a file can hold.
func drawFile(t *rapid.T) *Problem {
	figure := rapid.Custom(func(t *rapid.T) float64 {
		return rapid.OneOf(
			rapid.Float64Range(-2, 2),
			rapid.Float64Range(-9e29, 9e29),
			rapid.Map(rapid.IntRange(-3, 3), func(n int) float64 { return float64(n) }),
			rapid.SampledFrom([]float64{0.1, 0.3, -0.7, 1e-300, 5e-324, 9.9e29, math.Copysign(0, -1)}),
		).Draw(t, "figure")
	})
	bounds := func() (float64, float64) {
		a, b := figure.Draw(t, "a"), figure.Draw(t, "b")
		lower, upper := math.Min(a, b), math.Max(a, b)
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			lower = -Inf
		case 1:
			upper = Inf
		case 2:
			lower, upper = -Inf, Inf
		case 3:
			lower, upper = 0, Inf
		}
		return lower, upper
	}
	names := rapid.SampledFrom([]string{"", "a", "a b", "a_b", "Brot für g1", "3x", "e5", "free", "inf", "END", "st", "*", "$x", "objective", "'MARKER'", "x:y", "a~2", "\xff", "r1"})
	drawNames := func(n int) func(int) string {
		if n == 0 || rapid.Bool().Draw(t, "unnamed") {
			return nil
		}
		return namesOf(rapid.SliceOfN(names, n, n).Draw(t, "names"))
	}
	p := &Problem{Maximise: rapid.Bool().Draw(t, "maximise"), Offset: figure.Draw(t, "offset")}
	for range rapid.IntRange(0, 4).Draw(t, "rows") {
		p.AddRow(bounds())
	}
	for range rapid.IntRange(1, 12).Draw(t, "cols") {
		lower, upper := bounds()
		j := p.AddColumn(figure.Draw(t, "cost"), lower, upper)
		if rapid.IntRange(0, 3).Draw(t, "integer") == 0 {
			p.SetInteger(j)
		}
		for range rapid.IntRange(0, 2*p.Rows()).Draw(t, "entries") {
			p.Entry(rapid.IntRange(0, p.Rows()-1).Draw(t, "row"), figure.Draw(t, "value"))
		}
	}
	p.RowName, p.ColName = drawNames(p.Rows()), drawNames(p.Cols())
	return p
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	t.Parallel()
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				p := drawFile(t)
				var file bytes.Buffer
				if err := f.write(&file, p); err != nil {
					t.Fatalf("write: %v", err)
				}
				q, err := f.read(bytes.NewReader(file.Bytes()), "file")
				if err != nil {
					t.Fatalf("read: %v\n%s", err, file.String())
				}
				p.Compact()
				if d := difference(p, q); d != "" {
					t.Fatalf("%s\n%s", d, file.String())
				}
				var again bytes.Buffer
				if err := f.write(&again, q); err != nil || !bytes.Equal(file.Bytes(), again.Bytes()) {
					t.Fatalf("written again: %v\n%s\n%s", err, file.String(), again.String())
				}
			})
		})
	}
}

func TestWritersKeepNamesApart(t *testing.T) {
	t.Parallel()
	p := bread()
	p.AddColumn(0, 0, 1)
	p.ColName = namesOf([]string{"rye bread", "rye_bread", "rye\tbread"})
	p.RowName = namesOf([]string{"objective", "free"})
	tests := []struct {
		f          format
		cols, rows []string
	}{
		{formats[0], []string{"rye_bread", "rye_bread~2", "rye_bread~3"}, []string{"objective~2", "free"}},
		{formats[1], []string{"rye_bread", "rye_bread~2", "rye_bread~3"}, []string{"objective", "_free"}},
	}
	for _, tt := range tests {
		t.Run(tt.f.name, func(t *testing.T) {
			t.Parallel()
			var file bytes.Buffer
			if err := tt.f.write(&file, p); err != nil {
				t.Fatal(err)
			}
			q, err := tt.f.read(&file, "file")
			if err != nil {
				t.Fatal(err)
			}
			for j, want := range tt.cols {
				if got := q.NameOfCol(j); got != want {
					t.Errorf("column %d: %q, want %q", j, got, want)
				}
			}
			for i, want := range tt.rows {
				if got := q.NameOfRow(i); got != want {
					t.Errorf("row %d: %q, want %q", i, got, want)
				}
			}
		})
	}
}

func TestWritersRefuseWhatAReaderWouldTakeForInfinite(t *testing.T) {
	t.Parallel()
	for _, f := range formats {
		p := bread()
		p.Upper[1] = 1e30
		if err := f.write(io.Discard, p); err == nil || !strings.Contains(err.Error(), "column x1") {
			t.Errorf("%s: error %v, want one that names column x1", f.name, err)
		}
		p = bread()
		p.Upper[1] = -1
		if err := f.write(io.Discard, p); err == nil || err.Error() != "column x1: lower bound 0 above upper bound -1" {
			t.Errorf("%s: error %v", f.name, err)
		}
	}
}

// failing is a writer on a full disk.
type failing struct{}

var errFull = errors.New("disk full")

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestWritersReturnTheErrorOfWhatTheyWriteTo(t *testing.T) {
	t.Parallel()
	for _, f := range formats {
		if err := f.write(failing{}, bread()); !errors.Is(err, errFull) {
			t.Errorf("%s: error %v, want %v", f.name, err, errFull)
		}
	}
}

func fuzzFile(f *testing.F, format format) {
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			t.Skip("long")
		}
		p, err := format.read(strings.NewReader(text), "fuzz")
		if err != nil {
			return
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("reads what is not valid: %v", err)
		}
		var file bytes.Buffer
		if err := format.write(&file, p); err != nil {
			if p.Cols() == 0 {
				return
			}
			t.Fatalf("cannot write what it has read: %v", err)
		}
		q, err := format.read(bytes.NewReader(file.Bytes()), "again")
		if err != nil {
			t.Fatalf("cannot read what it has written: %v\n%s", err, file.String())
		}
		if d := difference(p, q); d != "" {
			t.Fatalf("differs: %s\n%s", d, file.String())
		}
	})
}
