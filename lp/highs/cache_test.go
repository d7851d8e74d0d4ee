package highs

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// compiledFiles returns what an engine keeps in a cache folder.
func compiledFiles(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return nil
	})
	return all
}

// tiny is a module with nothing in it, which compiles at once.
var tiny = &module{SHA256: "tiny", Host: "a", wasm: []byte("\x00asm\x01\x00\x00\x00")}

func compile(t *testing.T, engine string, c *cache) {
	t.Helper()
	e, err := newEngine(engine, tiny, c)
	if err != nil {
		t.Fatal(err)
	}
	e.close()
}

func TestCache(t *testing.T) {
	for _, e := range engines() {
		t.Run(e, func(t *testing.T) {
			c := openCache(filepath.Join(t.TempDir(), "cache"))
			compile(t, e, c)
			kept := compiledFiles(t, c.dir)
			if len(kept) != 1 {
				t.Fatalf("files kept: %v, want one", kept)
			}
			checkModes(t, e, kept[0])
			before, _ := os.Stat(kept[0])
			compile(t, e, c)
			if after, err := os.Stat(kept[0]); err != nil || !after.ModTime().Equal(before.ModTime()) {
				t.Error("the second start compiled again")
			}
			for name, content := range map[string]func([]byte) []byte{
				"cut off": func(b []byte) []byte { return b[:len(b)/2] },
				"empty":   func(b []byte) []byte { return nil },
				"garbage": func(b []byte) []byte { return []byte("no machine code at all") },
			} {
				b, err := os.ReadFile(kept[0])
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(kept[0], content(b), 0o600); err != nil {
					t.Fatal(err)
				}
				compile(t, e, c)
				if now, err := os.ReadFile(kept[0]); err != nil || len(now) < len(b) {
					t.Errorf("%s: %d bytes kept, %v, want %d", name, len(now), err, len(b))
				}
			}
		})
	}
}

func checkModes(t *testing.T, engine, file string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return
	}
	for dir := filepath.Dir(file); filepath.Base(dir) != "cache"; dir = filepath.Dir(dir) {
		if s, err := os.Stat(dir); err != nil || s.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v, want a folder of mode 0700", dir, s, err)
		}
	}
	if s, err := os.Stat(file); engine == Wasmtime && (err != nil || s.Mode().Perm() != 0o600) {
		t.Errorf("%s: %v, %v, want a file of mode 0600", file, s, err)
	}
}

// A cache that somebody else could write to would let them run code here.
func TestCacheOfOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes")
	}
	dir := t.TempDir()
	c := openCache(dir)
	if _, ok := c.folder("engine"); !ok {
		t.Fatal("own folder refused")
	}
	path, there := c.file("engine", "1", "abc")
	if there || path == "" {
		t.Fatalf("empty cache: %q there: %v", path, there)
	}
	c.keep(path, []byte("code"))
	if _, there = c.file("engine", "1", "abc"); !there {
		t.Fatal("kept file not found")
	}
	if _, there = c.file("engine", "2", "abc"); there {
		t.Error("the file of another version was found")
	}
	os.Chmod(path, 0o666)
	if _, there = c.file("engine", "1", "abc"); there {
		t.Error("a file that others can write was taken")
	}
	os.Chmod(path, 0o600)
	os.Chmod(filepath.Join(dir, "engine"), 0o777)
	if _, ok := c.folder("engine"); ok {
		t.Error("a folder that others can write was taken")
	}
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, e := range engines() {
		compile(t, e, openCache(file))
		compile(t, e, nil)
	}
}
