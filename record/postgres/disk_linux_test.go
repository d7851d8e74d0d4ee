package postgres_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bremen/record"
	"bremen/record/recordtest"
)

// On a full disk appends fail with an error that says so; what was acknowledged stays, and appending goes on when there is
// room.
func TestFullDisk(t *testing.T) {
	if !recordtest.Alone(t) {
		return
	}
	disk, real := recordtest.SmallDisk(t, 48<<20)
	if !real {
		t.Skip("a PostgreSQL on a full disk needs a small disk: run it as root, or where user namespaces are allowed")
	}
	s := onDisk(t, disk).Open(t, time.Now)
	defer s.Close()
	l := newLog(t, s)
	acknowledged := recordtest.Acknowledged{}
	say := func() error {
		entries, err := record.Append(t.Context(), l, record.Anywhere, recordtest.Draft(recordtest.Origin, 1, strings.Repeat("text ", 2000), "secret"))
		if err == nil {
			acknowledged[entries[0].Seq] = entries[0].StatementHash
		}
		return err
	}
	for round := range 3 {
		if err := say(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		filler := filepath.Join(disk, "filler")
		fill(t, filler)
		var err error
		for range 2000 {
			if err = say(); err != nil {
				break
			}
		}
		if !errors.Is(err, record.ErrFull) {
			t.Fatalf("round %d: error %v", round, err)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	}
	recordtest.Survived(t, s, acknowledged)
}

// onDisk makes a database whose files lie on a disk.
func onDisk(t *testing.T, disk string) place {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, cluster.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	dir := filepath.Join(disk, "space")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	owner, err := os.Stat(cluster.Data())
	if err != nil {
		t.Fatal(err)
	}
	if who := owner.Sys().(*syscall.Stat_t); os.Getuid() == 0 { // PostgreSQL runs as another user, who must come there
		if err := errors.Join(os.Chown(dir, int(who.Uid), int(who.Gid)), os.Chmod(filepath.Dir(disk), 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	for _, query := range []string{"CREATE TABLESPACE small LOCATION '" + dir + "'", "CREATE DATABASE small TABLESPACE small"} {
		if _, err := conn.Exec(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	return place(cluster.URL("small"))
}

// fill leaves no room on a disk.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 1<<12); ; {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
}
