// Package wholefile puts files in place as a whole or not at all, whatever ends the program meanwhile.
package wholefile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write writes a file under a hidden name beside path, and puts it there, in place of what was, when it is complete and on
// the disk. After an error path is as it was and nothing is left beside it. The file has what the process's mask leaves of
// perm. The new name itself may be lost with the power until [SyncFolder].
func Write(path string, perm fs.FileMode, write func(io.Writer) error) (err error) {
	f, err := beside(path, perm)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	b := bufio.NewWriterSize(f, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// beside creates a file under a new hidden name beside path.
func beside(path string, perm fs.FileMode) (*os.File, error) {
	dir, base := filepath.Split(path)
	for i := 0; ; i++ {
		name := filepath.Join(dir, fmt.Sprintf(".%s.part-%d", base, i))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) || i == 1000 {
			return f, err
		}
	}
}

// WriteDurably is Write of data followed by SyncFolder: once it returns, the file outlives the loss of power.
func WriteDurably(path string, perm fs.FileMode, data []byte) error {
	err := Write(path, perm, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

// SyncFolder makes names that are new in a folder outlive the loss of power, where the system can.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
