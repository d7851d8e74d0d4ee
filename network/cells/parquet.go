package cells

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// parquetSheet reads a Parquet file row by row. Columns are flat: text (byte
// arrays, with a dictionary or without) or numbers; a null is an empty text.
type parquetSheet struct {
	file, description string
	problems          *Problems

	groups  []parquet.RowGroup
	group   int   // groups begun
	rows    int64 // of the row group begun last
	row     int64 // rows of it read
	before  int64 // rows of the groups before
	leaf    []int // columns asked for, then those with conditions; −1 for none
	name    []string
	wanted  []string // of the columns with conditions
	columns []parquetColumn
	scratch []byte
}

// parquetColumn is the page that a column is read from.
type parquetColumn struct {
	pages parquet.Pages
	page  parquet.Page
	at, n int // rows read of the page, rows of it

	// One of three, by what the page holds: places in a dictionary, numbers
	// without nulls, anything else.
	dictionary parquet.Dictionary
	index      []int32
	number     []float64
	value      []parquet.Value

	code []int32 // per entry of the dictionary its number in Codes, -1 without one; nil until it is asked for
}

// guard calls f and turns a panic of the Parquet library, which some damaged
// files cause, into an error.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: %v", p)
		}
	}()
	return f()
}

// readable returns a file as the Parquet library wants it.
func readable(f fs.File) (io.ReaderAt, int64, error) {
	r, ok := f.(io.ReaderAt)
	if !ok {
		return nil, 0, fmt.Errorf("a file that can be read from any place")
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	return r, info.Size(), nil
}

func openParquetFile(f fs.File) (p *parquet.File, err error) {
	err = guard(func() error {
		r, size, err := readable(f)
		if err == nil {
			p, err = parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
		}
		return err
	})
	return p, err
}

// parquetRows returns how many rows a file says it has, and no more than it has bytes.
func parquetRows(f fs.File) int {
	p, err := openParquetFile(f)
	if err != nil {
		return 0
	}
	return int(max(0, min(p.NumRows(), p.Size())))
}

// openParquet finds the columns asked for. It returns nil when one is missing.
func openParquet(file, description string, f fs.File, columns []string, where map[string]string, problems *Problems) (*parquetSheet, error) {
	p, err := openParquetFile(f)
	if err != nil {
		problems.Add(Problem{File: file, Found: err.Error(), Expected: "a Parquet file"})
		return nil, nil
	}
	s := &parquetSheet{file: file, description: description, problems: problems, groups: p.RowGroups()}
	conditionColumns, wanted := conditions(where)
	s.wanted = wanted
	for _, name := range append(append([]string{}, columns...), conditionColumns...) {
		name, optional := strings.CutSuffix(name, "?")
		at, known := -1, p.Root().Columns()
		var names []string
		for _, c := range known {
			names = append(names, c.Name())
			if c.Name() == name && c.Leaf() && c.MaxRepetitionLevel() == 0 {
				at = c.Index()
			}
		}
		if at < 0 && name != "" && !optional {
			problems.Add(Problem{File: file, Found: fmt.Sprintf("no flat column %q", name), Expected: "the column that " + description + " names", Nearest: Nearest(name, names)})
			return nil, nil
		}
		s.leaf, s.name = append(s.leaf, at), append(s.name, name)
	}
	s.columns = make([]parquetColumn, len(s.leaf))
	return s, nil
}

func (s *parquetSheet) Line() int { return int(s.before + s.row) }

func (s *parquetSheet) Next() (bool, error) {
rows:
	for {
		for s.row == s.rows {
			if s.group == len(s.groups) {
				s.close()
				return false, nil
			}
			s.begin(s.groups[s.group])
		}
		s.row++
		for k := range s.columns {
			c := &s.columns[k]
			if c.at++; c.at >= c.n && s.leaf[k] >= 0 {
				if err := c.load(); err != nil {
					s.problems.Add(Problem{File: s.file, RowGroup: s.group, Line: int(s.row), Column: s.leaf[k] + 1, Field: s.name[k], Found: err.Error(), Expected: "a page of text or numbers"})
					s.close()
					return false, nil
				}
			}
		}
		for i, want := range s.wanted {
			if string(s.Text(len(s.leaf)-len(s.wanted)+i)) != want {
				continue rows
			}
		}
		return true, nil
	}
}

// begin opens the columns of the next row group.
func (s *parquetSheet) begin(g parquet.RowGroup) {
	s.close()
	s.before += s.rows
	s.group++
	s.row, s.rows = 0, max(0, g.NumRows())
	chunks := g.ColumnChunks()
	for k, leaf := range s.leaf {
		s.columns[k] = parquetColumn{}
		if leaf >= 0 && leaf < len(chunks) {
			s.columns[k].pages = chunks[leaf].Pages()
		}
	}
}

func (s *parquetSheet) close() {
	for k := range s.columns {
		if c := &s.columns[k]; c.pages != nil {
			parquet.Release(c.page)
			_ = c.pages.Close() // read only
			c.page, c.pages = nil, nil
		}
	}
}

// load reads the next page with rows.
func (c *parquetColumn) load() error {
	return guard(func() error {
		if c.pages == nil {
			return fmt.Errorf("no such column in this row group")
		}
		parquet.Release(c.page)
		c.page = nil
		for {
			page, err := c.pages.ReadPage()
			if err == io.EOF {
				return fmt.Errorf("the end of the column")
			}
			if err != nil {
				return err
			}
			if c.at, c.n = 0, int(page.NumRows()); c.n > 0 {
				c.page = page
				return c.decode()
			}
			parquet.Release(page)
		}
	})
}

func (c *parquetColumn) decode() error {
	c.index, c.number, c.value = nil, nil, nil
	if c.page.NumValues() != int64(c.n) {
		return fmt.Errorf("a page of %d values in %d rows", c.page.NumValues(), c.n)
	}
	dictionary, dense := c.page.Dictionary(), c.page.NumNulls() == 0
	data := c.page.Data()
	switch {
	case dictionary != nil && dense && dictionary.Type().Kind() == parquet.ByteArray:
		if c.index = data.Int32(); len(c.index) != c.n {
			return fmt.Errorf("%d values in %d rows", len(c.index), c.n)
		}
		for _, i := range c.index {
			if i < 0 || int(i) >= dictionary.Len() {
				return fmt.Errorf("entry %d of a dictionary of %d", i, dictionary.Len())
			}
		}
		if dictionary != c.dictionary {
			c.dictionary, c.code = dictionary, nil
		}
	case dictionary == nil && dense && c.page.Type().Kind() == parquet.Double:
		if c.number = data.Double(); len(c.number) != c.n {
			return fmt.Errorf("%d values in %d rows", len(c.number), c.n)
		}
	default:
		return c.values()
	}
	return nil
}

// values reads a page value by value.
func (c *parquetColumn) values() error {
	c.value = make([]parquet.Value, c.n)
	r, at := c.page.Values(), 0
	for at < c.n {
		n, err := r.ReadValues(c.value[at:])
		at += n
		if at < c.n && (err != nil || n == 0) {
			return fmt.Errorf("%d values in %d rows: %w", at, c.n, err)
		}
	}
	for i, v := range c.value {
		c.value[i] = v.Clone()
		switch v.Kind() {
		case parquet.ByteArray, parquet.FixedLenByteArray, parquet.Double, parquet.Float, parquet.Int32, parquet.Int64:
		default:
			if !v.IsNull() {
				return fmt.Errorf("values of type %s", v.Kind())
			}
		}
	}
	return nil
}

func (s *parquetSheet) Text(k int) []byte {
	c := &s.columns[k]
	switch {
	case s.leaf[k] < 0:
		return nil
	case c.index != nil:
		return c.dictionary.Index(c.index[c.at]).ByteArray()
	case c.number != nil:
		s.scratch = strconv.AppendFloat(s.scratch[:0], c.number[c.at], 'g', -1, 64)
		return s.scratch
	}
	switch v := c.value[c.at]; v.Kind() {
	case parquet.ByteArray, parquet.FixedLenByteArray:
		return v.ByteArray()
	case parquet.Int32, parquet.Int64, parquet.Double, parquet.Float:
		f, _ := numberOf(v)
		s.scratch = strconv.AppendFloat(s.scratch[:0], f, 'g', -1, 64)
		return s.scratch
	}
	return nil
}

func numberOf(v parquet.Value) (float64, bool) {
	switch v.Kind() {
	case parquet.Double:
		return v.Double(), true
	case parquet.Float:
		return float64(v.Float()), true
	case parquet.Int32:
		return float64(v.Int32()), true
	case parquet.Int64:
		return float64(v.Int64()), true
	case parquet.ByteArray:
		return ParseNumber(v.ByteArray())
	}
	return 0, false
}

func (s *parquetSheet) Number(k int) (float64, bool) {
	c := &s.columns[k]
	v, ok := 0.0, false
	switch {
	case s.leaf[k] < 0:
	case c.number != nil:
		v, ok = c.number[c.at], true
	case c.index != nil:
		v, ok = ParseNumber(s.Text(k))
	default:
		v, ok = numberOf(c.value[c.at])
	}
	if ok && math.Abs(v) <= numberMost {
		return v, true
	}
	s.Wrong(k, strconv.Quote(string(s.Text(k))), "a number of at most 1e30", "")
	return 0, false
}

func (s *parquetSheet) Code(k int, codes *Codes) (int32, bool) {
	c := &s.columns[k]
	if c.index == nil {
		return codes.Find(s.Text(k))
	}
	if c.code == nil {
		c.code = make([]int32, c.dictionary.Len())
		var entries [findTogether][]byte
		for from := 0; from < len(c.code); from += findTogether {
			some := c.code[from:min(len(c.code), from+findTogether)]
			for i := range some {
				entries[i] = c.dictionary.Index(int32(from + i)).ByteArray()
			}
			codes.findAll(entries[:], 1, some)
		}
	}
	i := c.code[c.index[c.at]]
	return i, i >= 0
}

func (s *parquetSheet) Wrong(k int, found, expected, nearest string) {
	p := Problem{File: s.file, RowGroup: s.group, Line: int(s.row), Found: found, Expected: expected, Nearest: nearest}
	if s.leaf[k] >= 0 {
		p.Column, p.Field = s.leaf[k]+1, s.name[k]
	}
	s.problems.Add(p)
}
