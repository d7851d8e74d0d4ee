package main

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// wholeOrNothing says what is wrong with the folder of a plan: it must be
// missing, or hold exactly the files of its SHA256SUMS; and nothing half-written
// may lie beside it.
func wholeOrNothing(dir string) error {
	beside, err := os.ReadDir(filepath.Dir(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range beside {
		if name := e.Name(); strings.Contains(name, ".part") || strings.Contains(name, ".tmp") {
			return fmt.Errorf("%s was left behind", name)
		}
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	listed, err := sums(dir)
	if err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == "SHA256SUMS" {
			return err
		}
		b, err := os.ReadFile(path)
		if got := fmt.Sprintf("%x", sha256.Sum256(b)); err == nil && listed[name] != got {
			return fmt.Errorf("%s: SHA-256 %s, listed %q", name, got, listed[name])
		}
		delete(listed, name)
		return err
	})
}

func sums(dir string) (map[string]string, error) {
	f, err := os.Open(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	listed := map[string]string{}
	s := bufio.NewScanner(f)
	for s.Scan() {
		sum, name, _ := strings.Cut(s.Text(), "  ")
		listed[name] = sum
	}
	return listed, s.Err()
}
