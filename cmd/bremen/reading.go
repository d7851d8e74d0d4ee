package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"bremen/internal/mistake"
	"bremen/network"
	"bremen/network/iotable"
	"bremen/network/tables"
)

// mistakesShown is how many mistakes are printed beside a command's own work;
// "bremen check" prints all.
const mistakesShown = 20

// maxInput bounds what is read from standard input.
const maxInput = 2 << 30

// network reads what the operand names: a folder of tables or of an
// input-output table, a workbook, or "-" for a workbook or a zipped folder on
// standard input. Mistakes come back as network.Problems or *iotable.Problems
// within the error.
func (c *call) network(ctx context.Context, name string) (*network.Network, error) {
	return promptly(ctx, func() (*network.Network, error) {
		if name == "-" {
			return c.fromStdin()
		}
		if iotable.Folder(name) {
			n, notices, err := iotable.OpenNetwork(ctx, name)
			c.notices(notices)
			return n, err
		}
		return tables.Read(name)
	})
}

// stated reads a network for a command that does something else with it than
// listing its mistakes: they become one failure that shows the first of them.
func (c *call) stated(ctx context.Context, name string) (*network.Network, error) {
	n, err := c.network(ctx, name)
	return n, c.unreadable(name, err)
}

// unreadable is the failure of a command whose input could not be used, with the
// first of its mistakes; nil when there was no error.
func (c *call) unreadable(name string, err error) error {
	if err == nil {
		return nil
	}
	list := c.mistakes(err)
	if list == nil {
		return c.located(name, err)
	}
	lines := []string{c.lang.say("mistakes", "count", c.lang.count(len(list)), "name", name)}
	for i, m := range list {
		if i == mistakesShown {
			lines = append(lines, c.lang.say("mistakes/more", "count", c.lang.count(len(list)-i)))
			break
		}
		lines = append(lines, m)
	}
	next := c.lang.say("mistakes/next", "name", name)
	if len(list) <= mistakesShown {
		next = c.lang.say("mistakes/mend")
	}
	return &failure{status: exitInput, err: errors.New(strings.Join(lines, "\n")), next: next}
}

// mistakes returns the sentences of the mistakes in an error, nil when it holds none.
func (c *call) mistakes(err error) []string {
	if ps, ok := network.AsProblems(err); ok {
		list := make([]string, len(ps))
		for i := range ps {
			list[i] = ps[i].In(string(c.lang))
		}
		return list
	}
	var ps *iotable.Problems
	if errors.As(err, &ps) {
		var list []string
		for _, p := range ps.List {
			list = append(list, p.Error())
		}
		if ps.More > 0 {
			list = append(list, c.lang.say("mistakes/more", "count", c.lang.count(ps.More)))
		}
		return list
	}
	return nil
}

// located names what was being read, unless the error does.
func (c *call) located(name string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, fs.ErrNotExist) {
		f := &failure{status: exitInput, err: errors.New(c.lang.say("missing", "name", name)), next: c.lang.say("missing/next")}
		if c.command.record {
			f.next = "" // an example of a network would not help
		}
		if near := nearFile(name); near != "" {
			f.next = c.lang.say("missing/nearest", "nearest", near)
		}
		return f
	}
	if strings.Contains(err.Error(), name) {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// nearFile returns a file beside the missing one whose name is like it.
func nearFile(name string) string {
	dir, base := filepath.Split(filepath.Clean(name))
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if near := mistake.Nearest(base, names); near != "" {
		return filepath.Join(dir, near)
	}
	return ""
}

// fromStdin reads a workbook or a zipped folder of tables.
func (c *call) fromStdin() (*network.Network, error) {
	b, err := io.ReadAll(io.LimitReader(c.in, maxInput+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxInput {
		return nil, errors.New(c.lang.say("stdin/long"))
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, errors.New(c.lang.say("stdin/form"))
	}
	if _, err := fs.Stat(z, "[Content_Types].xml"); err == nil {
		return tables.ReadWorkbook(bytes.NewReader(b), "-")
	}
	return tables.ReadFS(folderIn(z))
}

// folderIn returns the only folder in an archive that holds nothing else at its top.
func folderIn(files fs.FS) fs.FS {
	entries, err := fs.ReadDir(files, ".")
	if err != nil || len(entries) != 1 || !entries[0].IsDir() {
		return files
	}
	if sub, err := fs.Sub(files, entries[0].Name()); err == nil {
		return sub
	}
	return files
}

// notices tells, for people, which cells of an input-output table mean something else than usual.
func (c *call) notices(list []iotable.Notice) {
	if !c.terminal {
		return
	}
	const most = 5
	for i, n := range list {
		if i == most {
			fmt.Fprintf(c.err, "%s\n", c.lang.say("notices/more", "count", c.lang.count(len(list)-most)))
			return
		}
		fmt.Fprintf(c.err, "%s\n", n)
	}
}

// promptly returns f's result, or ctx's error as soon as ctx ends: what f goes
// on reading then is of no use to anybody. f must not write files.
func promptly[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		v, err := f()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		if ctx.Err() == nil { // both may have come
			return r.value, r.err
		}
	case <-ctx.Done():
	}
	var zero T
	return zero, ctx.Err()
}
