package highs

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/cpu"
)

// cache keeps compiled modules on disk. Since they are machine code that will
// be run, it uses only folders and files that nobody but their owner can
// write. It never fails: what cannot be read is compiled, what cannot be
// written is not kept. A nil cache keeps nothing.
type cache struct{ dir string }

// openCache returns the cache in dir, or in the user's cache folder when dir
// is empty; nil if there is none.
func openCache(dir string) *cache {
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(user, "bremen", "highs")
	}
	return &cache{dir}
}

// folder returns the private folder of an engine, made if need be.
func (c *cache) folder(engine string) (string, bool) {
	if c == nil {
		return "", false
	}
	dir := filepath.Join(c.dir, engine)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", false
	}
	return dir, private(dir)
}

// file returns where a compiled module is kept and whether it is there.
// Its name depends on all that the machine code depends on.
func (c *cache) file(engine, version, module string) (path string, there bool) {
	dir, ok := c.folder(engine)
	if !ok {
		return "", false
	}
	h := sha256.New()
	fmt.Fprintln(h, engine, version, module, runtime.GOOS, runtime.GOARCH)
	fmt.Fprintf(h, "%v %v", cpu.X86, cpu.ARM64)
	path = filepath.Join(dir, hex.EncodeToString(h.Sum(nil)[:16]))
	return path, private(path)
}

// keep writes a compiled module beside path, then renames it.
func (c *cache) keep(path string, b []byte) {
	if path == "" {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new-*") // mode 0600
	if err != nil {
		return
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
}

// drop forgets what an engine keeps.
func (c *cache) drop(dir string) { os.RemoveAll(dir) }

// private says whether only its owner can write what is at path.
func private(path string) bool {
	s, err := os.Lstat(path)
	if err != nil || s.Mode()&os.ModeSymlink != 0 {
		return false
	}
	return runtime.GOOS == "windows" || s.Mode().Perm()&0o077 == 0
}
