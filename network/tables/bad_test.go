package tables

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"bremen/network"
)

var update = flag.Bool("update", false, "write what was got into the golden files")

// TestBadInput reads folders with mistakes and compares every message, in English and German.
func TestBadInput(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			folder := fstest.MapFS{}
			kept := archive.Files[:0:0]
			want := map[string]string{}
			for _, f := range archive.Files {
				if lang, ok := strings.CutPrefix(f.Name, "want-"); ok {
					want[lang] = string(f.Data)
					continue
				}
				kept = append(kept, f)
				folder[f.Name] = &fstest.MapFile{Data: unescape(f.Data)}
			}
			_, err = ReadFS(folder)
			problems, ok := network.AsProblems(err)
			if err != nil && !ok {
				t.Fatal(err)
			}
			for _, lang := range []string{"en", "de"} {
				var got strings.Builder
				for _, p := range problems {
					got.WriteString(p.In(lang) + "\n")
				}
				kept = append(kept, txtar.File{Name: "want-" + lang, Data: []byte(got.String())})
				if got.String() != want[lang] && !*update {
					t.Errorf("%s: got\n%swant\n%s", lang, got.String(), want[lang])
				}
			}
			if *update {
				archive.Files = kept
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// unescape lets a case hold bytes that a text file cannot: \xfc, \0.
func unescape(b []byte) []byte {
	return []byte(strings.NewReplacer(`\xfc`, "\xfc", `\0`, "\x00", `\xef\xbb\xbf`, "\xef\xbb\xbf").Replace(string(b)))
}
