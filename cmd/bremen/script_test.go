package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// TestMain lets the test binary be the program, so that scripts and tests run
// it as "bremen".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bremen": main})
}

// TestScript runs the scripts in testdata/script: command lines with what they
// must print, leave behind and return.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setUpScript, Condition: canMount,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    statusIs,
			"workbook":  editWorkbook,
			"small":     smallDisk,
			"narrow":    narrow,
			"unchanged": unchanged,
		},
	})
}

// setUpScript gives a script the examples, and the cache of compiled solvers
// that the tests before it filled.
func setUpScript(e *testscript.Env) error {
	examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		return err
	}
	e.Setenv("EXAMPLES", examples)
	if cache, err := os.UserCacheDir(); err == nil {
		e.Setenv("XDG_CACHE_HOME", cache)
	}
	return nil
}

// status N COMMAND… runs a command and checks its exit status; its output is
// left in the files out.txt and err.txt.
func statusIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command [args…]")
	}
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), append(os.Environ(), "PWD="+ts.MkAbs("."), "HOME="+ts.Getenv("HOME"), "XDG_CACHE_HOME="+ts.Getenv("XDG_CACHE_HOME"), "LANG="+ts.Getenv("LANG"), "LC_ALL=", "LC_MESSAGES=")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Run() // what it returns is looked at below
	ts.Check(os.WriteFile(ts.MkAbs("out.txt"), []byte(out.String()), 0o666))
	ts.Check(os.WriteFile(ts.MkAbs("err.txt"), []byte(errs.String()), 0o666))
	if got := cmd.ProcessState.ExitCode(); strconv.Itoa(got) != args[0] {
		ts.Fatalf("%s: exit status %d, want %s\nstdout:\n%s\nstderr:\n%s", strings.Join(args[1:], " "), got, args[0], out.String(), errs.String())
	}
	if s := errs.String(); strings.Contains(s, "panic") || strings.Contains(s, "goroutine ") {
		ts.Fatalf("a crash:\n%s", s)
	}
}

// workbook FILE drop SHEET | set SHEET CELL VALUE | sheet NAME edits a workbook as a person would.
func editWorkbook(ts *testscript.TestScript, _ bool, args []string) {
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	switch args[1] {
	case "drop":
		ts.Check(f.DeleteSheet(args[2]))
	case "sheet":
		_, err := f.NewSheet(args[2])
		ts.Check(err)
	case "set":
		ts.Check(f.SetCellValue(args[2], args[3], args[4]))
	case "formula":
		ts.Check(f.SetCellValue(args[2], args[3], nil))
		ts.Check(f.SetCellFormula(args[2], args[3], args[4]))
	default:
		ts.Fatalf("workbook: unknown %q", args[1])
	}
	ts.Check(f.Save())
}

// small DIR SIZE makes DIR a disk of that size.
func smallDisk(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o777))
	ts.Check(syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+args[1]))
	ts.Defer(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// canMount is the condition [mount]: this machine lets us make a small disk.
func canMount(name string) (bool, error) {
	if name != "mount" {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	dir, err := os.MkdirTemp("", "bremen-mount-")
	if err != nil {
		return false, err
	}
	defer os.Remove(dir)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		return false, nil
	}
	return true, syscall.Unmount(dir, 0)
}

// narrow FILE… checks that no line is wider than 80 columns.
func narrow(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		for i, line := range strings.Split(ts.ReadFile(name), "\n") {
			if n := len([]rune(line)); n > width && !strings.Contains(line, "bremen ") {
				ts.Fatalf("%s:%d: %d columns: %s", name, i+1, n, line)
			}
		}
	}
}

// unchanged DIR checks that a folder of a plan is whole, as its SHA256SUMS
// says, with nothing else in it; and that nothing half-written lies around it.
func unchanged(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		if err := wholeOrNothing(ts.MkAbs(name)); (err != nil) != neg {
			ts.Fatalf("%s: %v", name, err)
		}
	}
}
