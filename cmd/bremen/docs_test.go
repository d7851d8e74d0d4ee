package main

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs are the texts that people follow, by name.
func docs(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"../../README.md", "../../docs/*.md", "../../docs/operators/*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(names), err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			texts[name] = string(text)
		}
	}
	return texts
}

var (
	inFence = regexp.MustCompile("(?ms)^```[a-z]*$(.*?)^```$")
	called  = regexp.MustCompile(`(?:^|[\s/=])bremen ([a-z]+)((?: [^#|&;]*)?)$`)
)

// Every command line that docs show has a command and flags that there are, and as many operands as it takes.
func TestDocsShowCommandsThatAre(t *testing.T) {
	t.Parallel()
	found := 0
	for name, text := range docs(t) {
		for _, fence := range inFence.FindAllStringSubmatch(text, -1) {
			for line := range strings.Lines(strings.ReplaceAll(fence[1], "\\\n", " ")) {
				line, _, _ = strings.Cut(strings.TrimRight(line, "\n"), " | ")
				line, _, _ = strings.Cut(line, " > ")
				m := called.FindStringSubmatch(line)
				if m == nil || strings.Contains(line, "[") || m[1] == "help" || m[1] == "receipt" { // a text that begins so
					continue
				}
				cmd := commandNamed(m[1])
				if cmd == nil {
					t.Errorf("%s: %q: no command %q", name, line, m[1])
					continue
				}
				found++
				f := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
				cmd.setup(f)
				(&call{command: cmd}).common(f)
				var args []string
				for _, arg := range strings.Fields(quoted.ReplaceAllString(m[2], "text")) {
					if arg != "…" {
						args = append(args, arg)
					}
				}
				operands, err := parse(f, args)
				if n := len(operands); err != nil && !errors.Is(err, flag.ErrHelp) || n < cmd.least || cmd.most >= 0 && n > cmd.most {
					t.Errorf("%s: %q: %d operands, %v", name, line, n, err)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d command lines found", found)
	}
}

var (
	makes   = regexp.MustCompile("(?m)(?:^|`)make ([a-z][a-z-]*)")
	targets = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	folders = regexp.MustCompile("(?:^|`)(?:[A-Z]+=\\S+ )?go (?:run|test) [^`\\n]*?(\\./[a-z][a-z/]*)")
)

// Every target of make and every folder of go run and go test that docs show is there.
func TestDocsShowTargetsThatAre(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	there, found := map[string]bool{}, 0
	for _, m := range targets.FindAllStringSubmatch(string(text), -1) {
		there[m[1]] = true
	}
	for name, text := range docs(t) {
		for _, m := range makes.FindAllStringSubmatch(text, -1) {
			if found++; !there[m[1]] {
				t.Errorf("%s: no target %q", name, m[1])
			}
		}
		for _, m := range folders.FindAllStringSubmatch(text, -1) {
			found++
			if files, err := filepath.Glob(filepath.Join("../..", m[1], "*.go")); err != nil || len(files) == 0 {
				t.Errorf("%s: no package %q", name, m[1])
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d found", found)
	}
}

var (
	quoted    = regexp.MustCompile(`"[^"]*"`)
	namesTest = regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*)`")
	isTest    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*)\(`)
)

// Every test that docs name as a proof is there.
func TestDocsNameTestsThatAre(t *testing.T) {
	t.Parallel()
	there := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range isTest.FindAllStringSubmatch(string(text), -1) {
			there[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for name, text := range docs(t) {
		for _, m := range namesTest.FindAllStringSubmatch(text, -1) {
			if found++; !there[m[1]] {
				t.Errorf("%s names %s, which is not there", name, m[1])
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d names of tests found", found)
	}
}
