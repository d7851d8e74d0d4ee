package wholefile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// names lists a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return strings.Join(list, " ")
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "plan.json")
	for _, text := range []string{"one", "two"} {
		if err := WriteDurably(path, 0o600, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("got %q, %v, want %q", got, err, text)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
	full := errors.New("the disk is full")
	err := Write(path, 0o600, func(w io.Writer) error {
		fmt.Fprint(w, strings.Repeat("half", 1<<16))
		return full
	})
	if got, _ := os.ReadFile(path); !errors.Is(err, full) || string(got) != "two" {
		t.Errorf("after %v there is %q, want what was", err, got)
	}
	if got := names(t, dir); got != "plan.json" {
		t.Errorf("the folder holds %s", got)
	}
	if err := WriteDurably(filepath.Join(dir, "nowhere", "x"), 0o600, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("into no folder: %v", err)
	}
}

// What a killed process left does no harm, and writers at the same time leave one whole file.
func TestWriteBesideOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	if err := os.WriteFile(filepath.Join(dir, ".x.part-0"), []byte("left"), 0o600); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			err := Write(path, 0o666, func(w io.Writer) error {
				_, err := io.WriteString(w, strings.Repeat(fmt.Sprint(i%10), 100_000))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	got, err := os.ReadFile(path)
	if err != nil || len(got) != 100_000 || strings.Trim(string(got), string(got[:1])) != "" {
		t.Errorf("%d bytes of several writers, %v", len(got), err)
	}
	if got := names(t, dir); got != ".x.part-0 x" {
		t.Errorf("the folder holds %s", got)
	}
}
