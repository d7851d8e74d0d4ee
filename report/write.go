package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"bremen/internal/wholefile"
	"bremen/network"
	"bremen/plan"
)

// File is one file of a plan's folder, beside those that this package makes.
type File struct {
	Name  string // slashes separate folders
	Write func(io.Writer) error
}

// sumsName is the file that lists every file of a plan by hash, as sha256sum -c reads it.
const sumsName = "SHA256SUMS"

// Write leaves a plan in the folder dir: report.html, the folders tables and
// lists, the extra files (plan.json, certificates) and SHA256SUMS, which names
// them all by hash. at is the time that calendars carry as that of their
// making.
//
// Everything is written and flushed to the disk in a folder of its own first;
// only then does it take its place, file by file, and should that fail, what
// was there before is put back. So a full disk, a mistake or a cancelled
// context leaves dir as it was. Files of the plan that was there before are
// replaced, and removed when the new plan has none of that name; files that no
// plan wrote are not touched.
func Write(ctx context.Context, dir string, n *network.Network, d *plan.Document, at time.Time, extra ...File) (err error) {
	stage, err := newStage(dir)
	if err != nil {
		return err
	}
	defer func() {
		if removed := os.RemoveAll(stage); err == nil {
			err = removed
		}
	}()
	steps := []func() error{
		func() error {
			return wholefile.Write(filepath.Join(stage, "report.html"), 0o666, func(w io.Writer) error { return HTML(w, n, d) })
		},
		func() error { return Tables(filepath.Join(stage, "tables"), d) },
		func() error { return Lists(filepath.Join(stage, "lists"), n, d, at) },
	}
	for _, f := range extra {
		steps = append(steps, func() error { return writeExtra(stage, f) })
	}
	steps = append(steps, func() error { return writeSums(stage) })
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	return install(stage, dir)
}

// newStage makes the folder in which a plan is put together: inside dir, so
// that it is on the same disk, or beside it when dir does not exist yet.
func newStage(dir string) (string, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		parent, name := filepath.Split(filepath.Clean(dir))
		if parent == "" {
			parent = "."
		}
		if err := os.MkdirAll(parent, 0o777); err != nil {
			return "", err
		}
		return os.MkdirTemp(parent, name+".tmp-")
	case err != nil:
		return "", err
	case !info.IsDir():
		return "", fmt.Errorf("%s is a file, not a folder", dir)
	}
	return os.MkdirTemp(dir, ".tmp-")
}

func writeExtra(stage string, f File) error {
	if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
		return fmt.Errorf("file %q lies outside the folder", f.Name)
	}
	path := filepath.Join(stage, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return wholefile.Write(path, 0o666, f.Write)
}

// filesBelow lists the files of a folder by their path in it, in order.
func filesBelow(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	sort.Strings(names)
	return names, err
}

func writeSums(stage string) error {
	names, err := filesBelow(stage)
	if err != nil {
		return err
	}
	return wholefile.Write(filepath.Join(stage, sumsName), 0o666, func(w io.Writer) error {
		for _, name := range names {
			sum, err := hashFile(filepath.Join(stage, filepath.FromSlash(name)))
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s  %s\n", sum, name); err != nil {
				return err
			}
		}
		return nil
	})
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// install moves what is in stage into dir.
func install(stage, dir string) error {
	if filepath.Dir(stage) != filepath.Clean(dir) {
		if err := openFolder(stage); err != nil {
			return err
		}
		return os.Rename(stage, dir) // all at once: there was nothing before
	}
	names, err := filesBelow(stage)
	if err != nil {
		return err
	}
	s := &swap{stage: stage, dir: dir, kept: filepath.Join(stage, ".before")}
	fresh := map[string]bool{}
	for _, name := range names {
		fresh[name] = true
	}
	for _, name := range formerFiles(dir) {
		if !fresh[name] {
			if err := s.away(name); err != nil {
				return errors.Join(err, s.back())
			}
		}
	}
	for _, name := range names {
		if err := s.in(name); err != nil {
			return errors.Join(err, s.back())
		}
	}
	s.dropEmpty()
	return nil
}

// openFolder gives a folder, made for its owner alone, the rights that its
// files have: who may read them may enter it.
func openFolder(stage string) error {
	info, err := os.Stat(filepath.Join(stage, sumsName))
	if err != nil {
		return err
	}
	rights := info.Mode().Perm()
	return os.Chmod(stage, rights|rights>>2&0o111)
}

// formerFiles are the files that the last plan in dir left, as its SHA256SUMS says.
func formerFiles(dir string) []string {
	b, err := os.ReadFile(filepath.Join(dir, sumsName))
	if err != nil {
		return nil
	}
	var names []string
	for line := range strings.Lines(string(b)) {
		_, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if ok && filepath.IsLocal(filepath.FromSlash(name)) {
			names = append(names, name)
		}
	}
	return names
}

// swap moves files of a new plan in and those of the old one aside, and can undo both.
type swap struct {
	stage, dir, kept string
	undo             []func() error
}

// away moves a file of dir aside; one that is gone already is none to move.
func (s *swap) away(name string) error {
	from, to := filepath.Join(s.dir, name), filepath.Join(s.kept, name)
	if _, err := os.Lstat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := move(from, to); err != nil {
		return err
	}
	s.undo = append(s.undo, func() error { return move(to, from) })
	return nil
}

// in moves a file of the new plan to its place.
func (s *swap) in(name string) error {
	if err := s.away(name); err != nil {
		return err
	}
	from, to := filepath.Join(s.stage, name), filepath.Join(s.dir, name)
	if err := move(from, to); err != nil {
		return err
	}
	s.undo = append(s.undo, func() error { return move(to, from) })
	return nil
}

func move(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func (s *swap) back() error {
	var all error
	for i := len(s.undo) - 1; i >= 0; i-- {
		all = errors.Join(all, s.undo[i]())
	}
	return all
}

// dropEmpty removes folders of the plan that hold nothing any more.
func (s *swap) dropEmpty() {
	for _, name := range []string{"tables", "lists/de", "lists/en", "lists"} {
		os.Remove(filepath.Join(s.dir, name)) // fails, as it should, where there is something
	}
}
