package cells

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"
)

type entry struct {
	a, b string
	v    float64
}

// readAll reads a table of two texts and a number.
func readAll(ctx context.Context, file string, content []byte, where map[string]string) ([]entry, *Problems, error) {
	folder := Folder{Files: fstest.MapFS{file: {Data: content}}, Description: "d.yaml", Problems: &Problems{}}
	var got []entry
	err := folder.Rows(ctx, file, []string{"a", "b", "v"}, where, func(s Sheet) {
		if v, ok := s.Number(2); ok {
			got = append(got, entry{string(s.Text(0)), string(s.Text(1)), v})
		}
	})
	return got, folder.Problems, err
}

func write(t interface{ Fatal(...any) }, file string, rows []entry) []byte {
	var out bytes.Buffer
	w := NewWriter(&out, file, []string{"a", "b"}, []string{"v"})
	for _, r := range rows {
		if err := w.Row([]string{r.a, r.b}, r.v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What is written is read again, bit by bit, in both forms.
func TestWrittenIsRead(t *testing.T) {
	t.Parallel()
	word := rapid.StringMatching(`[a-z", é]{0,20}`).Filter(func(s string) bool { return s == strings.TrimSpace(s) })
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) entry {
			return entry{word.Draw(t, "a"), word.Draw(t, "b"), rapid.Float64Range(-1e30, 1e30).Draw(t, "v")}
		}), 0, 50).Draw(t, "rows")
		for _, file := range benchFormats {
			got, problems, err := readAll(t.Context(), file, write(t, file, rows), nil)
			if err != nil || len(problems.List) > 0 || !slices.Equal(got, rows) {
				t.Fatalf("%s: %v %v\ngot  %v\nwant %v", file, err, problems, got, rows)
			}
		}
	})
}

// More rows than a batch and a row group hold.
func TestManyRows(t *testing.T) {
	t.Parallel()
	rows := make([]entry, groupRows+batchRows+7)
	for k := range rows {
		rows[k] = entry{fmt.Sprint("t", k/50), fmt.Sprint("i", k%997), float64(k)}
	}
	for _, file := range benchFormats {
		content := write(t, file, rows)
		folder := Folder{Files: fstest.MapFS{file: {Data: content}}, Problems: &Problems{}}
		if got := folder.Count(file); got < len(rows) || got > len(rows)+2 {
			t.Errorf("%s: counted %d rows, want %d", file, got, len(rows))
		}
		k := 0
		if err := folder.Rows(t.Context(), file, []string{"v", "b"}, map[string]string{"a": "t20971"}, func(s Sheet) {
			want := 20971*50 + k
			if v, _ := s.Number(0); v != float64(want) || string(s.Text(1)) != rows[want].b {
				t.Fatalf("%s: row %d is %v, want %v", file, s.Line(), v, rows[want])
			}
			k++
		}); err != nil || k != 50 {
			t.Errorf("%s: %d rows, %v", file, k, err)
		}
	}
}

// A file as other programs write it: columns that may be null, whole numbers,
// single precision, no dictionary.
func TestParquetOfOthers(t *testing.T) {
	t.Parallel()
	type row struct {
		A *string `parquet:"a,optional"`
		B int64   `parquet:"b"`
		V float32 `parquet:"v"`
		L []int32 `parquet:"l"`
	}
	x := "x"
	var out bytes.Buffer
	if err := parquet.Write(&out, []row{{&x, 1, 0.5, []int32{1, 2}}, {nil, 2, 2, nil}, {&x, -3, float32(math.NaN()), nil}}); err != nil {
		t.Fatal(err)
	}
	got, problems, err := readAll(t.Context(), "o.parquet", out.Bytes(), nil)
	if err != nil || !slices.Equal(got, []entry{{"x", "1", 0.5}, {"", "2", 2}}) {
		t.Errorf("got %v, %v", got, err)
	}
	if want := `o.parquet: row group 1, row 3: column 3 (v): found "NaN", expected a number of at most 1e30`; problems.Error() != want {
		t.Errorf("problems %s, want %s", problems, want)
	}
}

func TestMistakesNameTheirPlace(t *testing.T) {
	t.Parallel()
	good := write(t, "x.parquet", []entry{{"x", "y", 1}})
	var lists, flags bytes.Buffer
	if err := parquet.Write(&lists, []struct {
		A []string `parquet:"a"`
		B string   `parquet:"b"`
		V float64  `parquet:"v"`
	}{{[]string{"x"}, "y", 1}}); err != nil {
		t.Fatal(err)
	}
	if err := parquet.Write(&flags, []struct {
		A string `parquet:"a"`
		B bool   `parquet:"b"`
		V string `parquet:"v"`
	}{{"x", true, "7"}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file    string
		content []byte
		want    string
	}{
		{"x.csv", []byte("a,b,v\nx,y,z\n"), `x.csv:2: column 3 (v): found "z", expected a number with a decimal point`},
		{"x.csv", []byte("a,bb,v\n"), `x.csv:1: found no column "b", expected the column that d.yaml names; did you mean "bb"?`},
		{"x.parquet", []byte("PAR1"), `x.parquet: found `},
		{"x.parquet", good[:len(good)-9], `x.parquet: found `},
		{"x.parquet", lists.Bytes(), `x.parquet: found no flat column "a", expected the column that d.yaml names`},
		{"x.parquet", flags.Bytes(), `x.parquet: row group 1, row 1: column 2 (b): found values of type BOOLEAN, expected a page of text or numbers`},
		{"../x.csv", nil, `d.yaml: found "../x.csv", expected the name of a file in the folder`},
	} {
		_, problems, err := readAll(t.Context(), c.file, c.content, nil)
		if err != nil || !strings.HasPrefix(problems.Error(), c.want) {
			t.Errorf("%s: %v %s, want %s", c.file, err, problems, c.want)
		}
	}
}

// Rows and mistakes come in the order of the file, however many rows are read ahead and
// however its bytes come.
func TestRowsAndMistakesInOrder(t *testing.T) {
	t.Parallel()
	kinds := []struct{ line, found string }{
		{"a%d,b,1", ""}, {`"a%d",b,1`, ""}, {"", ""}, {" \r", ""}, {"a%d,b", "2 fields"}, {"a\xff%d,b,1", "bytes that are not UTF-8"},
		{`a%d,"b,1`, "a quote that is not closed on its line"}, {`a%d,"b"c,1`, "text after a closing quote"}, {"a%d,b,z", `"z"`},
	}
	rapid.Check(t, func(t *rapid.T) {
		var content bytes.Buffer
		content.WriteString("a,b,v\n")
		type place struct {
			line int
			text string
		}
		var want, got []place
		good := rapid.IntRange(0, 9).Draw(t, "good")
		for i := range rapid.IntRange(0, 3*rowsAhead).Draw(t, "lines") {
			kind := kinds[0]
			if k := rapid.IntRange(0, 19).Draw(t, "kind"); k >= good && k < len(kinds) && len(want) < 150 {
				kind = kinds[k]
			}
			line, n := kind.line, i+2
			if strings.Contains(line, "%d") {
				line = fmt.Sprintf(line, n)
				if kind.found == "" {
					want = append(want, place{n, fmt.Sprint("a", n)})
				} else {
					want = append(want, place{n, kind.found})
				}
			}
			content.WriteString(line + "\n")
		}
		in := []io.Reader{&content, &parts{&content, rapid.IntRange(1, 60).Draw(t, "part")}, iotest.DataErrReader(&content)}[rapid.IntRange(0, 2).Draw(t, "reader")]
		problems := &Problems{}
		sheet, err := openCSV("t.csv", "d", in, []string{"a", "v"}, nil, problems)
		told := 0
		tell := func() {
			for ; told < len(problems.List); told++ {
				got = append(got, place{problems.List[told].Line, problems.List[told].Found})
			}
		}
		for ok := err == nil; ok; {
			if ok, err = sheet.Next(); ok {
				tell()
				if _, number := sheet.Number(1); number {
					got = append(got, place{sheet.Line(), string(sheet.Text(0))})
				}
				tell()
			}
		}
		if tell(); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v\ngot  %v\nwant %v", err, got, want)
		}
	})
}

// parts hands out so many bytes at a time at most.
type parts struct {
	in   io.Reader
	most int
}

func (r *parts) Read(b []byte) (int, error) { return r.in.Read(b[:min(len(b), r.most)]) }

// Of a line that is wrong nothing goes into the columns that the next one names.
func TestColumnsAreThoseOfTheFirstLineThatIsRight(t *testing.T) {
	t.Parallel()
	problems := &Problems{}
	s, err := openCSV("t.csv", "d", strings.NewReader("a,\"b\na,b,v\nx,y,1\n"), []string{"a", "v"}, nil, problems)
	if want := `t.csv:1: column 2: found a quote that is not closed on its line, expected a closing "`; err != nil || problems.Error() != want {
		t.Fatalf("%v, %s", err, problems)
	}
	ok, err := s.Next()
	if err != nil || !ok || string(s.Text(0)) != "x" || string(s.Text(1)) != "1" || len(problems.List) > 1 {
		t.Errorf("row %v, %v, %s", ok, err, problems)
	}
}

// Rows that do not meet the conditions take no memory, however many there are.
func TestRowsLeftOutTakeNoMemory(t *testing.T) {
	t.Parallel()
	for _, last := range []string{"", `"the ""last""",3` + "\n"} {
		in := strings.NewReader("a,v\n" + strings.Repeat(`"some ""text""",2`+"\n", 10_000) + last)
		s, err := openCSV("t.csv", "d", in, []string{"a"}, map[string]string{"v": "3"}, &Problems{})
		if err != nil {
			t.Fatal(err)
		}
		ok, err := s.Next()
		if err != nil || ok != (last != "") || ok && string(s.Text(0)) != `the "last"` {
			t.Errorf("got %v, %v", ok, err)
		}
		if cap(s.unquoted) > 1000 {
			t.Errorf("%d bytes are kept", cap(s.unquoted))
		}
	}
}

// A line that does not fit ends the file, and what stands before it is read.
func TestLinesHaveAMost(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", lineMost)
	got, problems, err := readAll(t.Context(), "t.csv", []byte("a,b,v\nx,y,1\n"+long+",y,1\nx,y,2\n"), nil)
	if want := "t.csv:3: found a line of over a million bytes, expected shorter lines"; err != nil || len(got) != 1 || problems.Error() != want {
		t.Errorf("got %v, %v, %s", got, err, problems)
	}
	got, problems, err = readAll(t.Context(), "t.csv", []byte("a,b,v\n"+long[:lineMost-10]+",y,1"), nil)
	if err != nil || len(got) != 1 || len(problems.List) > 0 {
		t.Errorf("got %d rows, %v, %s", len(got), err, problems)
	}
}

func TestRowsStopWhenCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, file := range benchFormats {
		if _, _, err := readAll(ctx, file, write(t, file, []entry{{"x", "y", 1}}), nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// However cells come, the matrix is the one that a map of them gives.
func TestCollector(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(1, 8).Draw(t, "rows"), rapid.IntRange(1, 8).Draw(t, "cols")
		want := map[[2]int32]float64{}
		c := NewCollector(cols, rapid.IntRange(0, 20).Draw(t, "room"))
		order := rapid.SliceOfNDistinct(rapid.IntRange(0, rows*cols-1), 0, rows*cols, rapid.ID).Draw(t, "cells")
		if rapid.Bool().Draw(t, "sorted") {
			slices.Sort(order)
		}
		for k, at := range order {
			v := float64(k % 3)
			c.Add(int32(at%rows), int32(at/rows), v)
			if v != 0 {
				want[[2]int32{int32(at % rows), int32(at / rows)}] = v
			}
		}
		m, err := c.Columns()
		if err != nil {
			t.Fatal(err)
		}
		got := map[[2]int32]float64{}
		for j := range cols {
			for k := m.Start[j]; k < m.Start[j+1]; k++ {
				if k > m.Start[j] && m.Index[k] <= m.Index[k-1] {
					t.Fatalf("rows of column %d: %v", j, m.Index[m.Start[j]:m.Start[j+1]])
				}
				got[[2]int32{m.Index[k], int32(j)}] = m.Value[k]
			}
		}
		if len(m.Start) != cols+1 || int(m.Start[cols]) != len(want) || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestCollectorNamesWhatIsTwice(t *testing.T) {
	t.Parallel()
	c := NewCollector(3, 0)
	for _, at := range [][2]int32{{0, 2}, {1, 0}, {0, 1}, {1, 0}} {
		c.Add(at[0], at[1], 1)
	}
	var twice *DuplicateError
	if _, err := c.Columns(); !errors.As(err, &twice) || *twice != (DuplicateError{Row: 1, Col: 0}) {
		t.Errorf("got %v", err)
	}
}

// FuzzCSV: whatever stands in a CSV file, every row is taken or reported.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b,v\nx,y,1\n\"x\"\"\",y,1e3\r\n"), "x")
	f.Add([]byte("\ufeffv,b,a\n1,,\n\n\"\n\xff"), "")
	f.Fuzz(func(t *testing.T, content []byte, where string) { fuzzTable(t, "t.csv", content, where) })
}

// FuzzParquet: whatever stands in a Parquet file, reading ends.
func FuzzParquet(f *testing.F) {
	f.Add(write(f, "t.parquet", []entry{{"x", "y", 1}, {"x", "z", 2}}), "x")
	var out bytes.Buffer
	x := "x"
	if err := parquet.Write(&out, []struct {
		A *string `parquet:"a,optional"`
		B int64   `parquet:"b"`
		V float32 `parquet:"v"`
	}{{&x, 1, 0.5}, {nil, 2, 2}}); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes(), "")
	f.Fuzz(func(t *testing.T, content []byte, where string) { fuzzTable(t, "t.parquet", content, where) })
}

func fuzzTable(t *testing.T, file string, content []byte, where string) {
	conditions := map[string]string{"a": where}
	if where == "" {
		conditions = nil
	}
	rows, problems, err := readAll(t.Context(), file, content, conditions)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if where != "" && r.a != where || math.IsNaN(r.v) || math.Abs(r.v) > numberMost {
			t.Fatalf("row %v", r)
		}
	}
	if isParquet(file) {
		return
	}
	if lines := bytes.Count(content, []byte{'\n'}) + 1; len(rows)+len(problems.List)+problems.More > 2*lines {
		t.Fatalf("%d rows and %d problems from %d lines", len(rows), len(problems.List), lines)
	}
}
