package cells

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// Folder is a folder of tables that a description names.
type Folder struct {
	Files       fs.FS
	Description string // the file that names the others
	Problems    *Problems
}

// Sheet is a table read row by row. Columns are numbered as they were asked for.
type Sheet interface {
	// Next moves to the next row that meets the conditions; false at the end.
	Next() (bool, error)
	// Line returns the number of the row: the line of a CSV file, the row of a
	// Parquet file from 1.
	Line() int
	// Text returns what stands in a column, empty when none was asked for. It
	// is valid until the next row.
	Text(k int) []byte
	// Number returns what stands in a column as a number, or reports it.
	Number(k int) (float64, bool)
	// Code returns the number of the code that stands in a column. A column
	// has to be asked for in the same codes always, to which none are added meanwhile.
	Code(k int, codes *Codes) (int32, bool)
	// Wrong reports what stands in a column.
	Wrong(k int, found, expected, nearest string)
}

// Rows calls row for each row of a table that meets the conditions: those with
// the texts of where in its columns. A column "" is not asked for, one that ends in
// "?" may be missing; both are empty then. Files that end in .parquet are Parquet,
// all others CSV. Mistakes go to Problems; errors come from the file system and ctx.
func (r Folder) Rows(ctx context.Context, file string, columns []string, where map[string]string, row func(Sheet)) error {
	f := r.open(file)
	if f == nil {
		return nil
	}
	defer f.Close()
	s, err := r.sheet(f, file, columns, where)
	if s == nil || err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n&0xffff == 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("%s:%d: %w", file, s.Line(), err)
			}
		}
		ok, err := s.Next()
		if err != nil || !ok {
			return err
		}
		row(s)
	}
}

// open returns a file of the folder, nil and a mistake if there is none.
func (r Folder) open(file string) fs.File {
	if !fs.ValidPath(file) {
		r.Problems.Add(Problem{File: r.Description, Found: strconv.Quote(file), Expected: "the name of a file in the folder"})
		return nil
	}
	f, err := r.Files.Open(file)
	if err != nil {
		found := "no such file"
		if !errors.Is(err, fs.ErrNotExist) {
			found = err.Error()
		}
		r.Problems.Add(Problem{File: file, Found: found, Expected: "a file that " + r.Description + " names"})
		return nil
	}
	return f
}

// sheet opens a table; nil when a mistake was found.
func (r Folder) sheet(f fs.File, file string, columns []string, where map[string]string) (Sheet, error) {
	if isParquet(file) {
		s, err := openParquet(file, r.Description, f, columns, where, r.Problems)
		if s == nil {
			return nil, err
		}
		return s, err
	}
	s, err := openCSV(file, r.Description, f, columns, where, r.Problems)
	if s == nil {
		return nil, err
	}
	return s, err
}

// Count returns how many rows a table has at most, to make room for them; 0
// where that cannot be told.
func (r Folder) Count(file string) int {
	if !fs.ValidPath(file) {
		return 0
	}
	f, err := r.Files.Open(file)
	if err != nil {
		return 0
	}
	defer f.Close()
	if isParquet(file) {
		return parquetRows(f)
	}
	lines, block := 1, make([]byte, 1<<18)
	for {
		n, err := f.Read(block)
		lines += bytes.Count(block[:n], []byte{'\n'})
		if err != nil {
			return lines
		}
	}
}

func isParquet(file string) bool { return strings.HasSuffix(strings.ToLower(file), ".parquet") }
