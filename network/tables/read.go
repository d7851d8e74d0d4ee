package tables

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"bremen/network"
)

// Read reads a network from a folder of CSV files with network.yaml, or from
// an XLSX workbook, normalises and validates it. Mistakes in the tables come
// back as network.Problems, together with what could be read; any other error
// means that nothing could.
func Read(name string) (*network.Network, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return readFolder(os.DirFS(name), filepath.Base(name))
	}
	if !strings.EqualFold(filepath.Ext(name), ".xlsx") {
		return nil, network.Problems{{Position: network.Position{File: name}, Mistake: network.Mistake{Code: network.CodeForm}}}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadWorkbook(f, filepath.Base(name))
}

// ReadFS reads a folder of CSV files as Read does.
func ReadFS(folder fs.FS) (*network.Network, error) { return readFolder(folder, "") }

// reader gathers one network and the mistakes in it.
type reader struct {
	n        *network.Network
	problems network.Problems
	cells    map[cellKey]bool            // cells with a mistake
	names    *intern                     // all strings
	letters  map[cellKey]string          // of a workbook: the letter of each column, by sheet and name
	seen     map[string]bool             // tables read
	broken   map[string]bool             // tables of which not all rows could be read
	at       map[string]network.Position // of settings, by key
}

func newReader() *reader {
	return &reader{n: &network.Network{}, cells: map[cellKey]bool{}, names: newIntern(), letters: map[cellKey]string{}, seen: map[string]bool{}, broken: map[string]bool{}, at: map[string]network.Position{}}
}

func readFolder(folder fs.FS, name string) (*network.Network, error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, err
	}
	r := newReader()
	settings := false
	for _, e := range entries {
		if n := e.Name(); n == "network.yaml" || n == "network.yml" {
			if settings {
				r.problem(n, "", 0, network.SettingsTable, "", network.Mistake{Code: network.CodeDuplicateTable, Found: n})
				continue
			}
			settings = true
			if err := r.settingsFile(folder, n); err != nil {
				return nil, err
			}
		}
	}
	for _, e := range entries {
		if err := r.tableFile(folder, e); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	if !settings && len(r.seen) == 0 && len(r.problems) == 0 {
		r.problem(name, "", 0, "", "", network.Mistake{Code: network.CodeNoTables, Expected: "needs.csv"})
	}
	if r.n.ID == "" && name != "." && name != "/" {
		r.n.ID = name
	}
	return r.finish()
}

func (r *reader) problem(file, sheet string, line int, table, column string, m network.Mistake) {
	r.problems.Add(network.Problem{Position: network.Position{File: file, Sheet: sheet, Line: line}, Table: table, Column: column, Mistake: m})
	if table == network.SettingsTable {
		r.cells[cellKey{file, sheet, line, column}] = true
		r.broken[calendarKey] = r.broken[calendarKey] || strings.HasPrefix(column, "calend")
	}
}

// calendarKey marks in broken that the calendar could not be read.
const calendarKey = "calendar"

func (r *reader) settingsFile(folder fs.FS, name string) error {
	f, err := folder.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	report := func(line int, key string, m network.Mistake) {
		r.problem(name, "", line, network.SettingsTable, key, m)
	}
	g, err := newGuard(io.LimitReader(f, maxSettings+1))
	if err == nil {
		var text []byte
		if text, err = io.ReadAll(g); err == nil {
			s := &settingsReader{report: report, at: func(key string, line int) {
				r.at[key] = network.Position{File: name, Line: line}
			}}
			s.readYAML(text, &r.n.Settings)
		}
	}
	var le *lineError
	if errors.As(err, &le) {
		report(le.line, "", le.Mistake)
		return nil
	}
	return err
}

func (r *reader) tableFile(folder fs.FS, e fs.DirEntry) error {
	file := e.Name()
	ext := path.Ext(file)
	base := strings.TrimSuffix(file, ext)
	if e.IsDir() || !strings.EqualFold(ext, ".csv") || ignored(base) || strings.HasPrefix(file, ".") {
		return nil
	}
	t := tableNamed(base)
	if t == nil {
		r.problem(file, "", 0, "", "", unknownTable(base))
		return nil
	}
	if r.seen[t.Name] {
		r.problem(file, "", 0, t.Name, "", network.Mistake{Code: network.CodeDuplicateTable, Found: t.Name})
		return nil
	}
	r.seen[t.Name] = true
	f, err := folder.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	table := csvFile{name: file, table: t, problems: &r.problems, cells: r.cells, broken: r.broken}
	if info, err := f.Stat(); err == nil {
		table.size = info.Size()
	}
	return table.read(f, r.n, r.names)
}

// finish normalises and validates what was read.
func (r *reader) finish() (*network.Network, error) {
	r.n.Normalise()
	for _, p := range r.n.Validate() {
		if p.Table == network.SettingsTable && p.File == "" {
			p.Position = r.where(p.Column)
		}
		if r.known(p) {
			continue
		}
		r.problems.Add(p)
	}
	r.problems.Sort()
	for i := range r.problems {
		p := &r.problems[i]
		if p.Table == network.SettingsTable && p.Sheet != "" && p.Cell == "" {
			p.Cell = fmt.Sprint("B", p.Line)
		}
		if letter := r.letters[cellKey{file: p.File, sheet: p.Sheet, column: p.Column}]; letter != "" && p.Line > 0 && p.Cell == "" {
			p.Cell = fmt.Sprint(letter, p.Line)
		}
	}
	return r.n, r.problems.Err()
}

// where finds the setting of a key, or of the nearest one above it.
func (r *reader) where(key string) network.Position {
	for {
		if at, ok := r.at[key]; ok {
			return at
		}
		i := strings.LastIndexAny(key, ".[")
		if i < 0 {
			return network.Position{}
		}
		key = key[:i]
	}
}

// known tells whether a mistake was found at the same place, or a whole column is missing, already.
func (r *reader) known(p network.Problem) bool {
	if r.cells[cellKey{p.File, p.Sheet, p.Line, p.Column}] {
		return true
	}
	if p.Code == network.CodeOutside && r.broken[calendarKey] {
		return true
	}
	if p.Code == network.CodeUnknown {
		for table := range r.broken {
			if p.RefersTo(table) {
				return true
			}
		}
	}
	return p.Code == network.CodeMissing && r.cells[cellKey{file: p.File, sheet: p.Sheet, column: p.Column}]
}
