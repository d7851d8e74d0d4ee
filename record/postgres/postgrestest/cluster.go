// Package postgrestest starts real PostgreSQL clusters for tests.
package postgrestest

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bremen/internal/waittest"
)

// Cluster is a PostgreSQL of its own in a temporary folder, reached through a socket there.
type Cluster struct {
	dir, bin string
	attr     *syscall.SysProcAttr
	number   atomic.Int64
}

// Start makes and starts a cluster whose write-ahead log is in files of walMiB (PostgreSQL's default is 16; erasing is
// quicker with small ones) with these settings, such as "fsync=off". stop ends it and removes its folder. PostgreSQL
// refuses to run as root; then it runs as the user postgres or nobody.
func Start(walMiB int, settings ...string) (c *Cluster, stop func(), err error) {
	bin, err := programs()
	if err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "bremen-pg")
	if err != nil {
		return nil, nil, err
	}
	c = &Cluster{dir: dir, bin: bin}
	stop = func() {
		c.Stop()
		os.RemoveAll(dir)
	}
	if err := c.init(walMiB, settings); err != nil {
		stop()
		return nil, nil, err
	}
	if err := c.Start(); err != nil {
		stop()
		return nil, nil, err
	}
	return c, stop, nil
}

// programs finds the folder with PostgreSQL's programs: the one in the path, or the newest where Debian puts them.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	if len(found) > 0 {
		newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
		return filepath.Dir(newest), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", fmt.Errorf("PostgreSQL's initdb is neither in the path nor in /usr/lib/postgresql: run make postgres")
	}
	return filepath.Dir(path), nil
}

func (c *Cluster) init(walMiB int, settings []string) error {
	if os.Getuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			if u, err = user.Lookup("nobody"); err != nil {
				return err
			}
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil {
			return err
		}
		gid, err := strconv.Atoi(u.Gid)
		if err != nil {
			return err
		}
		c.attr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		if err := os.Chown(c.dir, uid, gid); err != nil {
			return err
		}
	}
	if err := c.run("initdb", "-D", c.Data(), "-U", "bremen", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", fmt.Sprintf("--wal-segsize=%d", walMiB)); err != nil {
		return err
	}
	var conf bytes.Buffer
	fmt.Fprintf(&conf, "\nlisten_addresses = ''\nunix_socket_directories = '%s'\nmax_connections = 200\nmin_wal_size = %dMB\n", c.dir, 5*walMiB)
	for _, s := range settings {
		fmt.Fprintln(&conf, s)
	}
	f, err := os.OpenFile(filepath.Join(c.Data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(conf.Bytes())
	return err
}

// Data is the folder with the cluster's files.
func (c *Cluster) Data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir, cmd.SysProcAttr = c.dir, c.attr
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	// What pg_ctl starts keeps its output open, so it cannot be a pipe.
	out, err := os.CreateTemp("", "bremen-pg-out")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
		return fmt.Errorf("%s: %w\n%s%s", program, err, said, log)
	}
	return nil
}

// Start starts the cluster, also after Stop or Kill.
func (c *Cluster) Start() error {
	return c.run("pg_ctl", "-D", c.Data(), "-l", filepath.Join(c.dir, "log"), "-w", "-t", "180", "start")
}

// Stop stops it in good order, ending connections.
func (c *Cluster) Stop() error {
	return c.run("pg_ctl", "-D", c.Data(), "-m", "fast", "-w", "-t", "180", "stop")
}

// Kill ends it as a crash would: the server at once with SIGKILL, its children when they notice.
func (c *Cluster) Kill() error {
	data, err := os.ReadFile(filepath.Join(c.Data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	pid, err := strconv.Atoi(string(line))
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return err
	}
	// The children still hold the shared memory; a new server refuses to start until they are gone.
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if err := c.Start(); err == nil || time.Since(begun) > waittest.Hanging {
			return err
		}
	}
}

// Dump returns what pg_dump writes of a database.
func (c *Cluster) Dump(url string, args ...string) ([]byte, error) {
	out := &bytes.Buffer{}
	cmd := exec.Command(filepath.Join(c.bin, "pg_dump"), append(args, url)...)
	cmd.SysProcAttr, cmd.Dir, cmd.Stdout = c.attr, c.dir, out
	err := cmd.Run()
	return out.Bytes(), err
}

// URL names a database of the cluster.
func (c *Cluster) URL(database string) string {
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{"host": {c.dir}, "user": {"bremen"}}.Encode()}).String()
}

// Database makes an empty database and returns its URL.
func (c *Cluster) Database(tb testing.TB) string {
	tb.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close(ctx)
	name := fmt.Sprintf("test%d", c.number.Add(1))
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		tb.Fatal(err)
	}
	return c.URL(name)
}
