package cells

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
)

// Folder is a folder of tables that a description names.
type Folder struct {
	Files       fs.FS
	Description string // the file that names the others
	Problems    *Problems
}

// Rows calls row for each row of a CSV file that meets the conditions of where;
// columns are as for OpenSheet. Mistakes go to Problems; errors come from the
// file system and ctx.
func (r Folder) Rows(ctx context.Context, file string, columns []string, where map[string]string, row func(*Sheet)) error {
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
	defer f.Close()
	s, err := OpenSheet(file, r.Description, f, columns, where, r.Problems)
	if s == nil || err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n&0xffff == 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("%s:%d: %w", file, s.line, err)
			}
		}
		ok, err := s.Next()
		if err != nil || !ok {
			return err
		}
		row(s)
	}
}
