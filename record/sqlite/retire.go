package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"bremen/internal/wholefile"
	"bremen/record"
)

const (
	// movedFile says in a directory where its records went.
	movedFile = "moved"
	// MovedSuffix is what Retire puts behind the names of files.
	MovedSuffix = ".moved"
)

// Retire puts a directory out of use, whose records have gone to another place: from then on Open refuses it with a
// [record.MovedError], and its files have other names, so that no program goes on with them. The caller has the directory
// open. If it is cut short the directory is out of use, too, and it may be repeated.
func Retire(dir, to string) error {
	path := filepath.Join(dir, movedFile)
	if err := wholefile.WriteDurably(path, 0o600, []byte(to+"\n")); err != nil {
		return explain(err)
	}
	for _, name := range []string{recordFile, keysFile} {
		path := filepath.Join(dir, name)
		for _, end := range []string{"", "-wal", "-shm", "-journal"} {
			if err := os.Rename(path+end, path+MovedSuffix+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return explain(err)
			}
		}
	}
	return wholefile.SyncFolder(dir)
}

// Retired returns where the records of a directory went, empty if it is in use.
func Retired(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, movedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(text)), err
}

// inUse refuses a directory that was put out of use.
func inUse(dir string) error {
	to, err := Retired(dir)
	if err == nil && to != "" {
		err = &record.MovedError{To: to}
	}
	return err
}
