package recordtest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
)

// CrashRounds is how often a process is killed: 30 times, or as BREMEN_TORTURE says.
func CrashRounds(tb testing.TB) int {
	tb.Helper()
	s := os.Getenv("BREMEN_TORTURE")
	if s == "" {
		return 30
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		tb.Fatalf("BREMEN_TORTURE is %q, expected a number of rounds", s)
	}
	return n
}

// Load is what the process does that is to be killed: it opens the log, begins it if need be, and has 16 writers append
// until it is ended. Each acknowledged entry is a line on out, its number and its statement's hash; several are
// appended together at times, some with payloads, and checkpoints are published meanwhile.
func Load(s record.Store, out io.Writer) error {
	ctx := context.Background()
	l, err := s.Log(ctx, Origin)
	if err != nil {
		key, _, err := record.NewKey(Origin)
		if err != nil {
			return err
		}
		if l, err = s.Create(ctx, Origin, key); err != nil {
			return err
		}
	}
	lines, failed := make(chan string), make(chan error)
	for w := range 16 {
		go func() { failed <- writer(l, int64(w+1), lines) }()
	}
	go func() {
		for {
			if _, err := record.Publish(ctx, l); err != nil {
				failed <- err
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	for {
		select {
		case line := <-lines:
			if _, err := io.WriteString(out, line); err != nil {
				return err
			}
		case err := <-failed:
			return err
		}
	}
}

func writer(l record.Log, member int64, lines chan<- string) error {
	for i := 0; ; i++ {
		var drafts []record.Draft
		for range 1 + i%3 {
			var private []string
			if i%4 == 0 {
				private = []string{"secret"}
			}
			drafts = append(drafts, Draft(Origin, member, strings.Repeat("text ", i%50), private...))
		}
		entries, err := record.Append(context.Background(), l, record.Anywhere, drafts...)
		if err != nil {
			return err
		}
		var b strings.Builder
		for _, e := range entries {
			fmt.Fprintf(&b, "%d %v\n", e.Seq, e.StatementHash)
		}
		lines <- b.String()
	}
}

// Acknowledged are entries that a process said are durable.
type Acknowledged map[int64]record.Hash

// Crash runs a process that does Load, kills it with SIGKILL at a random instant, and adds what it acknowledged.
func Crash(tb testing.TB, cmd *exec.Cmd, acknowledged Acknowledged) {
	tb.Helper()
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	// Half of the time it is killed while it starts, or soon after; else under load, once it has said something.
	wait, loaded := rand.N(200*time.Millisecond), rand.N(2) == 0
	if loaded {
		wait = time.Hour
	}
	kill := time.AfterFunc(wait, func() { cmd.Process.Kill() })
	defer kill.Stop()
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // also in the middle of a line: then nobody was told
		}
		if loaded {
			loaded = false
			kill.Reset(rand.N(100 * time.Millisecond))
		}
		seq, hash, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.ParseInt(seq, 10, 64)
		if err != nil {
			tb.Fatalf("the process said %q", line)
		}
		h, err := tlog.ParseHash(hash)
		if err != nil {
			tb.Fatalf("the process said %q", line)
		}
		acknowledged[n] = h
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		tb.Fatalf("the process ended by itself: %v", err)
	}
}

// Survived checks a store after a crash: the log is whole, every acknowledged entry is in its place, payloads of all
// entries are there, and no checkpoint contradicts it.
func Survived(tb testing.TB, s record.Store, acknowledged Acknowledged) {
	tb.Helper()
	ctx := tb.Context()
	l, err := s.Log(ctx, Origin)
	if err != nil {
		if len(acknowledged) > 0 {
			tb.Fatalf("%d entries were acknowledged: %v", len(acknowledged), err)
		}
		return
	}
	entries, err := Check(ctx, l)
	if err != nil {
		tb.Fatal(err)
	}
	for seq, hash := range acknowledged {
		if seq >= int64(len(entries)) || entries[seq].StatementHash != hash {
			tb.Fatalf("entry %d was acknowledged and is not there; the log has %d", seq, len(entries))
		}
	}
	var refs []record.Ref
	for i := range entries {
		refs = append(refs, entries[i].Statement.Payloads...)
	}
	if payloads, err := l.Payloads(ctx, refs...); err != nil || len(payloads) != len(refs) {
		tb.Fatalf("%d payloads of %d, %v", len(payloads), len(refs), err)
	}
	if signed, err := l.LatestCheckpoint(ctx); err == nil {
		c, err := record.PeekCheckpoint(signed)
		if err != nil {
			tb.Fatal(err)
		}
		if head, err := record.HeadAt(ctx, l, c.Size); err != nil || head != c.Head {
			tb.Fatalf("the checkpoint says %+v, the log %+v, %v", c.Head, head, err)
		}
	}
	if _, err := record.Append(ctx, l, record.Anywhere, Draft(Origin, 1, "after the crash")); err != nil {
		tb.Fatal(err)
	}
}
