// Command bremen plans production, work and distribution of a network of
// people and organisations from what they state, explains the plan and checks
// its proofs. "bremen help" lists what it can do.
//
// Standard output is the result and nothing else; with --json it is for
// programs. Standard error is for people: what went wrong and what to do about
// it, and progress when it is a terminal.
//
// Exit status: 0 done (unmet needs are no failure), 1 the input is wrong or
// something outside failed, 2 the command was not understood, 3 the answer is
// no: what must hold contradicts itself, or a plan is not proven.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"
	"modernc.org/sqlite"

	"bremen/record"
)

// Exit statuses.
const (
	exitDone  = 0
	exitInput = 1
	exitUsage = 2
	exitNo    = 3
)

// env is all that a command sees of the machine but the files it is told of.
type env struct {
	in  io.Reader
	out io.Writer
	err io.Writer

	getenv   func(string) string
	now      func() time.Time
	terminal bool // err is a terminal: progress may be drawn
	attended bool // in is a terminal: somebody is there
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	status := run(ctx, os.Args[1:], env{
		in: os.Stdin, out: out, err: os.Stderr,
		getenv: os.Getenv, now: time.Now,
		terminal: term.IsTerminal(int(os.Stderr.Fd())),
		attended: term.IsTerminal(int(os.Stdin.Fd())),
	})
	if err := out.Flush(); err != nil && status != exitInput {
		fmt.Fprintln(os.Stderr, "bremen:", err)
		status = exitInput
	}
	os.Exit(status)
}

// run carries out one command line and returns the exit status.
func run(ctx context.Context, args []string, e env) int {
	lang := languageOf(e.getenv)
	err := dispatch(ctx, args, e, &lang)
	if err == nil {
		return exitDone
	}
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{status: exitInput, err: err, next: lang.hint(err)}
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		f = &failure{status: exitInput, err: errors.New(lang.say("stopped"))}
	}
	if f.err != nil {
		fmt.Fprintln(e.err, e.laid("bremen: "+indent(f.err.Error(), "  ")))
	}
	if f.next != "" {
		fmt.Fprintln(e.err, e.laid("  "+indent(f.next, "  ")))
	}
	return f.status
}

// hint says what to do about a disk that cannot be written to.
func (l language) hint(err error) string {
	const readOnly, full, cannotOpen = 8, 13, 14 // https://sqlite.org/rescode.html
	code := 0
	var e *sqlite.Error
	if errors.As(err, &e) {
		code = e.Code() & 0xff
	}
	switch {
	case errors.Is(err, record.ErrFull), errors.Is(err, syscall.ENOSPC), code == full:
		return l.say("disk/full")
	case errors.Is(err, record.ErrReadOnly), errors.Is(err, syscall.EROFS), code == readOnly, code == cannotOpen:
		return l.say("disk/closed")
	}
	return ""
}

// failure is an error with the exit status it gives and what to do next. Without
// err the result already said it all.
type failure struct {
	status int
	err    error
	next   string
}

func (f *failure) Error() string {
	if f.err == nil {
		return fmt.Sprintf("exit status %d", f.status)
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// said is the failure of a command whose result is printed already.
func said(status int) error { return &failure{status: status} }

// laid breaks the lines of a message where they would not fit on a terminal;
// what is read by programs keeps them whole.
func (e env) laid(message string) string {
	if !e.terminal {
		return message
	}
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		rest := strings.TrimLeft(line, " ")
		blanks := line[:len(line)-len(rest)]
		lines[i] = blanks + fill(rest, width-len(blanks)-2, blanks+"  ")
	}
	return strings.Join(lines, "\n")
}

// indent puts prefix before every line but the first.
func indent(s, prefix string) string {
	return strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n"+prefix)
}
