package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestTours does what README.md and docs/tour.md tell a newcomer to do, and
// compares what the program answers with what they show. In these documents
//
//	the lines of a "console" block that begin with "$ bremen" are run;
//	a table below a line "Sheet **NAME** of `FILE`:" is typed into that sheet;
//	"Cell **SHEET!D3** of `FILE`: `VALUE`" is typed into that cell.
//
// With BREMEN_UPDATE=1 the documents are rewritten with what the program says.
func TestTours(t *testing.T) {
	for _, name := range []string{"README.md", "docs/tour.md"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("..", "..", name)
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			v := &visitor{t: t, dir: t.TempDir()}
			examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(examples, filepath.Join(v.dir, "examples")); err != nil {
				t.Fatal(err)
			}
			told := v.follow(strings.Split(string(b), "\n"))
			if os.Getenv("BREMEN_UPDATE") != "" {
				if err := os.WriteFile(file, []byte(strings.Join(told, "\n")), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// visitor is a newcomer at a desk of their own.
type visitor struct {
	t   *testing.T
	dir string
}

var (
	sheetLine = regexp.MustCompile("^Sheet \\*\\*(.+)\\*\\* of `(.+)`:")
	cellLine  = regexp.MustCompile("^Cell \\*\\*(.+)!([A-Z]+[0-9]+)\\*\\* of `(.+)`: `(.*)`")
	residue   = regexp.MustCompile(` *(≤ 1e-9|[0-9]\.[0-9]e-[0-9]+)`)
	clockTime = regexp.MustCompile(`[0-9.,]+ s$`)
)

// follow does what the lines say and returns them with the program's own words.
func (v *visitor) follow(lines []string) []string {
	var out []string
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		out = append(out, line)
		if m := cellLine.FindStringSubmatch(line); m != nil {
			v.edit(m[3], func(f *excelize.File) { v.must(f.SetCellValue(m[1], m[2], m[4])) })
		}
		if m := sheetLine.FindStringSubmatch(line); m != nil {
			k := i + 1
			for k < len(lines) && !strings.HasPrefix(lines[k], "|") {
				k++
			}
			end := k
			for end < len(lines) && strings.HasPrefix(lines[end], "|") {
				end++
			}
			v.edit(m[2], func(f *excelize.File) { v.fill(f, m[1], lines[k:end]) })
		}
		if line != "```console" {
			continue
		}
		end := i + 1
		for end < len(lines) && lines[end] != "```" {
			end++
		}
		out = append(out, v.console(lines[i+1:end], i+1)...)
		i = end - 1
	}
	return out
}

// console runs the commands of a block and compares what they print.
func (v *visitor) console(block []string, at int) []string {
	var out []string
	for i := 0; i < len(block); {
		command := block[i]
		end := i + 1
		for end < len(block) && !strings.HasPrefix(block[end], "$ ") {
			end++
		}
		shown := block[i+1 : end]
		out = append(out, command)
		if strings.HasPrefix(command, "$ bremen ") {
			got := v.bremen(command[2:])
			if want := strings.Join(shown, "\n"); timeless(got) != timeless(want) && os.Getenv("BREMEN_UPDATE") == "" {
				v.t.Errorf("line %d: %s\nprints\n%s\nbut the document shows\n%s", at+i+1, command, got, want)
			}
			shown = strings.Split(got, "\n")
		}
		out = append(out, shown...)
		i = end
	}
	return out
}

// timeless leaves out how long something took, and what is left of gaps after rounding.
func timeless(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = residue.ReplaceAllString(clockTime.ReplaceAllString(lines[i], "# s"), "#")
	}
	return strings.Join(lines, "\n")
}

func (v *visitor) bremen(command string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Dir, cmd.Env = v.dir, append(os.Environ(), "LC_ALL=C")
	b, err := cmd.CombinedOutput()
	if _, ran := err.(*exec.ExitError); err != nil && !ran {
		v.t.Fatalf("%s: %v", command, err)
	}
	return strings.TrimRight(string(b), "\n")
}

func (v *visitor) edit(file string, change func(*excelize.File)) {
	path := filepath.Join(v.dir, file)
	f, err := excelize.OpenFile(path)
	v.must(err)
	defer f.Close()
	change(f)
	v.must(f.Save())
}

// fill types a table into a sheet: its columns below the headers of the same
// name, its rows below what is there already.
func (v *visitor) fill(f *excelize.File, sheet string, table []string) {
	rows, err := f.GetRows(sheet)
	v.must(err)
	if len(rows) == 0 || len(table) < 3 {
		v.t.Fatalf("sheet %s: %d rows in the workbook, %d in the table", sheet, len(rows), len(table))
	}
	names := cellsOf(table[0])
	next := len(rows) + 1
	if sheet == "network" { // keys stand in the first column
		for _, line := range table[2:] {
			cells := cellsOf(line)
			v.must(f.SetCellValue(sheet, fmt.Sprintf("B%d", keyRow(v.t, rows, cells[0])), cells[1]))
		}
		return
	}
	for i, line := range table[2:] {
		for k, cell := range cellsOf(line) {
			column := header(v.t, rows[0], names[k], sheet)
			name, err := excelize.CoordinatesToCellName(column, next+i)
			v.must(err)
			if cell != "" {
				v.must(f.SetCellValue(sheet, name, cell))
			}
		}
	}
}

func cellsOf(line string) []string {
	parts := strings.Split(strings.Trim(line, "|"), "|")
	for i := range parts {
		parts[i] = strings.Trim(strings.TrimSpace(parts[i]), "`")
	}
	return parts
}

func header(t *testing.T, row []string, name, sheet string) int {
	for i, c := range row {
		if c == name {
			return i + 1
		}
	}
	t.Fatalf("sheet %s has no column %q", sheet, name)
	return 0
}

func keyRow(t *testing.T, rows [][]string, key string) int {
	for i, r := range rows {
		if len(r) > 0 && r[0] == key {
			return i + 1
		}
	}
	t.Fatalf("sheet network has no key %q", key)
	return 0
}

func (v *visitor) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}
