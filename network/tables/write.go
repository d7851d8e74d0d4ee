package tables

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"bremen/internal/wholefile"
	"bremen/network"
)

// Write writes a normalised network to a folder of CSV files with
// network.yaml, or to a workbook if the name ends in .xlsx. What was there
// before is replaced only once everything is written; files in the folder that
// are no tables of a network stay.
func Write(name string, n *network.Network) error {
	if strings.EqualFold(filepath.Ext(name), ".xlsx") {
		return writeFile(name, func(w io.Writer) error { return WriteWorkbook(w, n) })
	}
	return writeFolder(name, n)
}

// writeFile writes a file whole or not at all.
func writeFile(name string, write func(io.Writer) error) error {
	return wholefile.Write(name, 0o644, func(w io.Writer) error {
		if err := write(w); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	})
}

// fill writes a file and makes sure that it reached the disk.
func fill(f *os.File, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(f, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return f.Sync()
}

// writeFolder writes a new folder beside and swaps the two.
func writeFolder(name string, n *network.Network) (err error) {
	name, err = filepath.Abs(name)
	if err != nil {
		return err
	}
	parent, base := filepath.Split(name)
	fresh, err := os.MkdirTemp(parent, "."+base+".*.part")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(fresh)
		}
	}()
	if err = os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	if err = writeTables(fresh, n); err != nil {
		return err
	}
	return swap(name, fresh)
}

// eachFile calls do for every file of a network's folder, until the first error.
func eachFile(n *network.Network, do func(name string, write func(io.Writer) error) error) error {
	err := do(network.SettingsTable+".yaml", func(w io.Writer) error { return WriteSettings(w, &n.Settings) })
	for i := range network.Tables {
		t := &network.Tables[i]
		if err == nil && t.Cursor(n).Len() > 0 {
			err = do(t.Name+".csv", func(w io.Writer) error { return WriteCSV(w, t, n) })
		}
	}
	return err
}

func writeTables(folder string, n *network.Network) error {
	return eachFile(n, func(name string, write func(io.Writer) error) error {
		return createFile(filepath.Join(folder, name), write)
	})
}

// WriteZip writes a network as a zipped folder of tables, which ReadFS reads: the same network as the same bytes.
func WriteZip(w io.Writer, n *network.Network) error {
	z := zip.NewWriter(w)
	err := eachFile(n, func(name string, write func(io.Writer) error) error {
		to, err := z.Create(name)
		if err == nil {
			err = write(to)
		}
		return err
	})
	if err != nil {
		return err
	}
	return z.Close()
}

func createFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := fill(f, write); err != nil {
		f.Close()
		return fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	return f.Close()
}

// swap puts the fresh folder in the place of the old one, of which it keeps
// what is no table. If that fails the old one is where it was.
func swap(name, fresh string) error {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(fresh, name)
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s: there is a file of this name", name)
	}
	old := fresh + ".old"
	if err := os.Rename(name, old); err != nil {
		return err
	}
	if err := os.Rename(fresh, name); err != nil {
		return errors.Join(err, os.Rename(old, name))
	}
	return keepOthers(old, name)
}

// keepOthers moves what is no table from the old folder to the new, and removes the old.
func keepOthers(old, name string) error {
	entries, err := os.ReadDir(old)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if isTableFile(e) {
			continue
		}
		if err := os.Rename(filepath.Join(old, e.Name()), filepath.Join(name, e.Name())); err != nil {
			return fmt.Errorf("%s stays in %s: %w", e.Name(), old, err)
		}
	}
	return os.RemoveAll(old)
}

// isTableFile tells whether Read would read a file as part of the network.
func isTableFile(e fs.DirEntry) bool {
	if e.IsDir() {
		return false
	}
	if n := e.Name(); n == "network.yaml" || n == "network.yml" {
		return true
	}
	ext := filepath.Ext(e.Name())
	return strings.EqualFold(ext, ".csv") && tableNamed(strings.TrimSuffix(e.Name(), ext)) != nil
}

// WriteCSV writes one table of a network: separated by commas, decimal points,
// only columns in which something is stated. Cells at their default are empty.
func WriteCSV(w io.Writer, t *network.Table, n *network.Network) error {
	c := t.Cursor(n)
	cells := cellTexts(c)
	columns := usedColumns(c, cells)
	var line []byte
	for k, i := range columns {
		line = appendField(line, k, t.Columns[i].Name)
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return err
	}
	for i := range c.Len() {
		c.Load(i)
		line = line[:0]
		empty := true
		for k, column := range columns {
			text := cells[column]()
			empty = empty && text == ""
			line = appendField(line, k, text)
		}
		if empty {
			line = appendBlankRow(line[:0], t, columns)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// appendBlankRow writes a row in which nothing is stated so that it is not taken for an empty line.
func appendBlankRow(line []byte, t *network.Table, columns []int) []byte {
	told := false
	for k, i := range columns {
		text := ""
		if d := t.Columns[i].Default; d != "" && !told {
			text, told = d, true
		}
		line = appendField(line, k, text)
	}
	return line
}

// appendField adds the k-th field of a line, in quotation marks where it needs them.
func appendField(line []byte, k int, s string) []byte {
	if k > 0 {
		line = append(line, ',')
	}
	if !strings.ContainsAny(s, ",;\"\n\r") && !strings.HasPrefix(s, "#") && !strings.HasPrefix(s, "sep=") {
		return append(line, s...)
	}
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(s, `"`, `""`)...)
	return append(line, '"')
}

// usedColumns are the required ones and those in which some row states something.
func usedColumns(c *network.Cursor, cells []func() string) []int {
	used := make([]bool, len(cells))
	unused := 0
	for i := range used {
		used[i] = c.Table.Columns[i].Required
		if !used[i] {
			unused++
		}
	}
	blank := false
	for i := 0; i < c.Len() && (unused > 0 || !blank); i++ {
		c.Load(i)
		empty := true
		for k := range cells {
			if stated := cells[k]() != ""; stated {
				empty = false
				if !used[k] {
					used[k] = true
					unused--
				}
			}
		}
		blank = blank || empty
	}
	if blank { // some row needs a column in which to say so
		for k := range used {
			if c.Table.Columns[k].Default != "" {
				used[k] = true
				break
			}
		}
	}
	var columns []int
	for k := range used {
		if used[k] {
			columns = append(columns, k)
		}
	}
	return columns
}

// cellTexts returns, per column, the text of the current row's cell, "" at its default.
func cellTexts(c *network.Cursor) []func() string {
	texts := make([]func() string, len(c.Table.Columns))
	for i := range texts {
		def := c.Table.Columns[i].Default
		switch p := c.Field(i).(type) {
		case *string:
			texts[i] = func() string {
				if *p == def {
					return ""
				}
				return *p
			}
		case *float64:
			texts[i] = func() string {
				if s := formatNumber(*p); s != def {
					return s
				}
				return ""
			}
		case **float64:
			texts[i] = func() string {
				if *p == nil {
					return ""
				}
				return formatNumber(**p)
			}
		case *int:
			texts[i] = func() string {
				if *p == 0 {
					return ""
				}
				return strconv.Itoa(*p)
			}
		case *bool:
			texts[i] = func() string {
				if *p == (def == "yes") {
					return ""
				}
				return yesNo(*p)
			}
		case *network.Span:
			texts[i] = func() string {
				if *p == (network.Span{}) {
					return ""
				}
				return p.String()
			}
		case *network.Periods:
			texts[i] = func() string { return p.String() }
		}
	}
	return texts
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
