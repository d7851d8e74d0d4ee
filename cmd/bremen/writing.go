package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile writes a file beside path, and puts it there when it is complete
// and on the disk. On failure path stays as it was and nothing is left.
func writeFile(path string, write func(io.Writer) error) (err error) {
	var f *os.File
	temp, err := beside(path, func(name string) (err error) {
		f, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		return err
	})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(temp)
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
	return os.Rename(temp, path)
}

// beside creates something new under a hidden name beside path and returns that name.
func beside(path string, create func(name string) error) (string, error) {
	dir, base := filepath.Split(path)
	for i := 0; ; i++ {
		name := filepath.Join(dir, fmt.Sprintf(".%s.part-%d", base, i))
		if err := create(name); !errors.Is(err, fs.ErrExist) || i == 1000 {
			return name, err
		}
	}
}
