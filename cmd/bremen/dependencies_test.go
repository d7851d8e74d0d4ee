package main

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// dependencyRows are the rows of a table of docs/dependencies.md, by the head of its first column.
func dependencyRows(t *testing.T, head string) [][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	at := ""
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		switch {
		case !strings.HasPrefix(line, "|"):
			at = ""
		case at == "":
			at = strings.TrimSpace(cells[0])
		case at == head && !strings.HasPrefix(line, "| ---"):
			rows = append(rows, cells)
		}
	}
	if len(rows) == 0 {
		t.Fatalf("no table of %q", head)
	}
	return rows
}

// Every module that go.mod or package.json asks for has its reason, and no other has one.
func TestDependenciesHaveReasons(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	module := regexp.MustCompile(`[a-z0-9-]+\.[a-z.]+/[\w./-]+`)
	npm := regexp.MustCompile("(\\S+) \\(npm\\)|npm package `(\\w+)`")
	for _, row := range dependencyRows(t, "module") {
		for _, m := range npm.FindAllStringSubmatch(row[0], -1) {
			listed["npm "+m[1]+m[2]] = true
		}
		for _, m := range module.FindAllString(row[0], -1) {
			listed[m] = true
		}
	}
	asked := map[string]bool{}
	for _, name := range []string{"../../go.mod", "../../record/bench/go.mod"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := modfile.Parse(name, text, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range f.Require {
			tool := slices.ContainsFunc(f.Tool, func(x *modfile.Tool) bool { return strings.HasPrefix(x.Path+"/", r.Mod.Path+"/") })
			if (!r.Indirect || tool) && r.Mod.Path != "bremen" {
				asked[r.Mod.Path] = true
			}
		}
	}
	text, err := os.ReadFile("../../package.json")
	if err != nil {
		t.Fatal(err)
	}
	var p struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	for _, d := range []map[string]string{p.Dependencies, p.DevDependencies} {
		for name := range d {
			asked["npm "+name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		if !listed[name] {
			t.Errorf("%s has no reason", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		if !asked[name] {
			t.Errorf("%s has a reason and is not asked for", name)
		}
	}
}

// Packages import what docs/dependencies.md says, and only what stands above them there.
func TestImportsAreAsTold(t *testing.T) {
	t.Parallel()
	quoted := regexp.MustCompile("`([^`]+)`")
	names := func(cell string) (list []string) {
		for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
			list = append(list, m[1])
		}
		return list
	}
	above := map[string]bool{}
	for _, row := range dependencyRows(t, "package") {
		packages := names(row[0])
		found := map[string]bool{}
		for i, p := range packages {
			for of := range importsOf(t, p) {
				if !slices.Contains(packages[:i], of) {
					found[of] = true
				}
			}
		}
		for of := range found {
			if !above[of] {
				t.Errorf("%s imports %s, which does not stand above", row[0], of)
			}
		}
		told := names(row[2])
		slices.Sort(told)
		if got := slices.Sorted(maps.Keys(found)); strings.TrimSpace(row[2]) != "all" && !slices.Equal(got, told) {
			t.Errorf("%s imports %v, told is %v", row[0], got, told)
		}
		for _, p := range packages {
			above[p] = true
		}
	}
	for _, p := range packagesThere(t) {
		if !above[p] {
			t.Errorf("package %s is not told of", p)
		}
	}
}

// packagesThere are the packages of the module, but for what only tests and builds use and what one folder keeps to itself.
func packagesThere(t *testing.T) (list []string) {
	t.Helper()
	err := filepath.WalkDir("../..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		name := e.Name()
		if name == "node_modules" || name == "internal" || name == "bench" || name == "gen" || strings.HasSuffix(name, "test") ||
			path != "../.." && strings.HasPrefix(name, ".") {
			return filepath.SkipDir
		}
		if files, err := filepath.Glob(filepath.Join(path, "*.go")); err != nil || len(files) == 0 {
			return err
		}
		pkg, err := filepath.Rel("../..", path)
		list = append(list, filepath.ToSlash(pkg))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// importsOf are the packages of the module that a package imports, but for internal ones.
func importsOf(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", pkg, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", pkg, len(files), err)
	}
	list := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			of, ok := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "bremen/")
			if ok && !strings.Contains("/"+of, "/internal/") {
				list[of] = true
			}
		}
	}
	return list
}
