package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"

	"bremen/record/postgres/postgrestest"
	"bremen/serve/jobs"
)

// namespaced says whether the tests of several machines run: they make network namespaces, which takes root. "make
// namespaces" runs them, and "make test" does.
const namespaced = "BREMEN_NAMESPACES"

// machines are network namespaces: one of a database, and one of each worker, with a cable of its own to the database's.
type machines struct {
	*testing.T
	prefix string
}

// ip runs the ip command; the test ends if it cannot.
func (m *machines) ip(args ...string) {
	m.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		m.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

func (m *machines) name(machine string) string { return m.prefix + machine }

// namespace makes a machine.
func (m *machines) namespace(machine string) {
	m.ip("netns", "add", m.name(machine))
	m.Cleanup(func() { m.ip("netns", "del", m.name(machine)) })
	m.ip("-n", m.name(machine), "link", "set", "lo", "up")
}

// worker makes machine k with its cable; the database is at address(k) there.
func (m *machines) worker(k int) {
	db, w, cable := m.name("db"), m.name(fmt.Sprint("w", k)), cable(k)
	m.namespace(fmt.Sprint("w", k))
	m.ip("-n", db, "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", w)
	m.ip("-n", db, "addr", "add", address(k)+"/24", "dev", cable)
	m.ip("-n", db, "link", "set", cable, "up")
	m.ip("-n", w, "addr", "add", peer(k)+"/24", "dev", "eth0")
	m.ip("-n", w, "link", "set", "eth0", "up")
}

func cable(k int) string   { return fmt.Sprint("cable", k) }
func address(k int) string { return fmt.Sprintf("10.99.%d.1", k) }
func peer(k int) string    { return fmt.Sprintf("10.99.%d.2", k) }

// within runs f, and what it starts, in a namespace.
func (m *machines) within(machine string, f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		file, err := os.Open("/run/netns/" + m.name(machine))
		if err == nil {
			defer file.Close()
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
		}
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

const port = "5499"

// database starts PostgreSQL in the namespace of the database, where workers in their role may connect over their cables.
func (m *machines) database() string {
	hba := filepath.Join(m.TempDir(), "pg_hba.conf")
	if err := os.WriteFile(hba, []byte("local all bremen trust\nhost all bremen_worker 10.99.0.0/16 trust\n"), 0o644); err != nil {
		m.Fatal(err)
	}
	for dir := filepath.Dir(hba); strings.HasPrefix(dir, os.TempDir()) && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL runs as somebody else
			m.Fatal(err)
		}
	}
	var cluster *postgrestest.Cluster
	err := m.within("db", func() (err error) {
		var stop func()
		cluster, stop, err = postgrestest.Start(1, "listen_addresses = '*'", "port = "+port, "hba_file = '"+hba+"'")
		if err == nil {
			m.Cleanup(stop)
		}
		return err
	})
	if err != nil {
		m.Fatal(err)
	}
	return cluster.URL("postgres") + "&port=" + port
}

// show is a series that three machines compute.
type show struct {
	*machines
	conn    *pgx.Conn
	workers map[int]*process
	hosts   map[int]string // what a worker calls itself
}

func (s *show) ask(sql string, args []any, into ...any) {
	s.Helper()
	if err := s.conn.QueryRow(s.Context(), sql, args...).Scan(into...); err != nil {
		s.Fatalf("%s: %v", sql, err)
	}
}

// start starts the worker of machine k.
func (s *show) start(k int, database string) {
	at := fmt.Sprintf("postgres://bremen_worker@%s:%s/postgres?sslmode=disable", address(k), port)
	w := launchedBy(s.T, "ip", "netns", "exec", s.name(fmt.Sprint("w", k)), "bremen", "worker", "--series", "--database", at, "--threads", "1")
	w.says("Ready")
	host, err := os.Hostname()
	if err != nil {
		s.Fatal(err)
	}
	s.workers[k], s.hosts[k] = w, fmt.Sprintf("%s %d", host, w.Process.Pid) // ip becomes what it executes
}

// until waits for so many outcomes.
func (s *show) until(count int) {
	s.Helper()
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		var n int
		if s.ask(`SELECT count(*) FROM bremen_series.outcome`, nil, &n); n >= count {
			return
		}
		if time.Since(begun) > 5*time.Minute {
			s.Fatalf("%d outcomes, want %d", n, count)
		}
	}
}

// working returns the job whose lock machine k holds; 0 for none.
func (s *show) working(k int) (job int64) {
	s.ask(`SELECT coalesce(max(objid::bigint), 0) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND objid <> 0 AND host(a.client_addr) = $1`, []any{peer(k)}, &job)
	return job
}

// amid does something to machine k while it works on a job, and returns that job.
func (s *show) amid(k int, do, undo func()) int64 {
	for range 200 {
		if s.working(k) == 0 {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		do()
		time.Sleep(200 * time.Millisecond) // what was on its way has arrived
		if job := s.working(k); job != 0 {
			return job
		}
		undo()
	}
	s.Fatalf("machine %d is never at work", k)
	return 0
}

// outcomeOf tells who computed a job's variant, and how often it was begun.
func (s *show) outcomeOf(job int64) (worker string, tries int) {
	s.Helper()
	s.ask(`SELECT o.worker, o.tries FROM bremen_series.outcome o JOIN bremen_series.river_job j
		ON j.args->>'network' = o.network AND j.args->>'variant' = o.variant WHERE j.id = $1`, []any{job}, &worker, &tries)
	return worker, tries
}

// Three machines compute a series. One is killed amid its work; another is cut off the network until the database has given
// it up, and comes back. Every variant has one outcome, that of a run on one machine, and none is computed to its end twice.
func TestSeriesOnThreeMachines(t *testing.T) {
	if os.Getenv(namespaced) == "" {
		t.Skip("NOT CHECKED: three machines in network namespaces; as root: make namespaces")
	}
	s := &show{machines: &machines{t, fmt.Sprintf("bremen%d-", os.Getpid())}, workers: map[int]*process{}, hosts: map[int]string{}}
	s.namespace("db")
	database := s.database()
	q, err := jobs.OpenSeries(t.Context(), database, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	q.Close()
	if s.conn, err = pgx.Connect(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	defer s.conn.Close(context.Background())
	granted := regexp.MustCompile("(?s)```sql\n(CREATE ROLE bremen_worker.*?)```").FindStringSubmatch(docs(t)["../../docs/operators.md"])
	if granted == nil {
		t.Fatal("docs/operators.md grants nothing to bremen_worker")
	}
	if _, err := s.conn.Exec(t.Context(), granted[1]); err != nil {
		t.Fatal(err)
	}
	for k := 1; k <= 3; k++ {
		s.worker(k)
		s.start(k, database)
	}

	const variants = 61 // with the network as it is
	bakery, dir := filepath.Join("..", "..", "examples", "bakery"), t.TempDir()
	spec, more := filepath.Join(dir, "s.yaml"), filepath.Join(dir, "more.yaml")
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(spec, "ranges:\n- work[agent=farmers,skill=farming].hours=5..50 step 5 h\n- stocks[product=oven].start=*0.5..1.75 step 0.25\n")
	write(more, "ranges:\n- work[agent=farmers,skill=farming].hours=55..70 step 5 h\n- stocks[product=oven].start=*1|2\n")
	begun := time.Now()
	collector := launched(t, "series", bakery, spec, "-o", filepath.Join(dir, "there"), "--database", database)

	s.until(12)
	killed := s.amid(1, func() { s.workers[1].Process.Signal(syscall.SIGSTOP) }, func() { s.workers[1].Process.Signal(syscall.SIGCONT) })
	s.workers[1].Process.Kill()
	t.Logf("%4.1f s: machine 1 is killed amid job %d", time.Since(begun).Seconds(), killed)

	s.until(24)
	off := func(state string) { s.ip("-n", s.name("db"), "link", "set", cable(2), state) }
	cut := s.amid(2, func() { off("down") }, func() { off("up") })
	t.Logf("%4.1f s: machine 2 is cut off amid job %d", time.Since(begun).Seconds(), cut)
	for n := 1; n > 0; time.Sleep(100 * time.Millisecond) {
		s.ask(`SELECT count(*) FROM pg_stat_activity WHERE host(client_addr) = $1`, []any{peer(2)}, &n)
	}
	t.Logf("%4.1f s: the database has given machine 2 up", time.Since(begun).Seconds())
	for done := false; !done; time.Sleep(100 * time.Millisecond) {
		s.ask(`SELECT state = 'completed' FROM bremen_series.river_job WHERE id = $1`, []any{cut}, &done)
	}
	t.Logf("%4.1f s: machine 3 has done job %d, and machine 2 is let in again", time.Since(begun).Seconds(), cut)
	off("up")
	collector.ends()
	t.Logf("%4.1f s: all %d variants are there", time.Since(begun).Seconds(), variants)

	three := s.workers[3].stops(syscall.SIGTERM)
	// Only machine 2 is left, and at work again.
	if status, _, errs := runHere(t, t.Context(), "series", bakery, more, "-o", filepath.Join(dir, "more"), "--database", database); status != exitDone {
		t.Fatal(errs)
	}
	var by int
	s.ask(`SELECT count(*) FROM bremen_series.outcome WHERE worker = $1 AND added > (SELECT max(added) FROM bremen_series.outcome WHERE worker = $2)`,
		[]any{s.hosts[2], s.hosts[3]}, &by)
	if by < 8 {
		t.Errorf("machine 2 has computed %d variants alone, want 8 or more", by)
	}
	t.Logf("%4.1f s: machine 2 is back, and has computed 8 more variants alone", time.Since(begun).Seconds())
	two := s.workers[2].stops(syscall.SIGTERM)
	one := s.workers[1].stops(syscall.SIGKILL)

	if worker, tries := s.outcomeOf(killed); worker == s.hosts[1] || tries != 2 {
		t.Errorf("the job under way when machine 1 was killed: done by %s, begun %d times", worker, tries)
	}
	if worker, tries := s.outcomeOf(cut); worker != s.hosts[3] || tries != 2 {
		t.Errorf("the job under way when machine 2 was cut off: done by %s, begun %d times", worker, tries)
	}
	s.once(variants+8, one, two, three)
	here := filepath.Join(dir, "here")
	if status, _, errs := runHere(t, t.Context(), "series", bakery, spec, "-o", here); status != exitDone {
		t.Fatal(errs)
	}
	sameFiles(t, here, filepath.Join(dir, "there"))
}

// once checks that every variant has one outcome and one job, and that no two workers ended the same job.
func (s *show) once(variants int, logs ...[]string) {
	s.Helper()
	var outcomes, jobs, completed, tries, again int
	s.ask(`SELECT count(*), sum(tries), count(*) FILTER (WHERE tries > 1) FROM bremen_series.outcome`, nil, &outcomes, &tries, &again)
	s.ask(`SELECT count(*), count(*) FILTER (WHERE state = 'completed') FROM bremen_series.river_job`, nil, &jobs, &completed)
	if outcomes != variants || jobs != variants || completed != variants {
		s.Errorf("%d outcomes of %d jobs, %d completed; want %d each", outcomes, jobs, completed, variants)
	}
	ended, total := map[int64]int{}, 0
	for k, lines := range logs {
		mine := 0
		for _, line := range lines {
			var l struct {
				Msg, Level string
				Job        int64
			}
			if json.Unmarshal([]byte(line), &l) == nil && l.Msg == "variant over" {
				ended[l.Job]++
				mine++
			}
			if strings.Contains(line, "permission denied") {
				s.Errorf("machine %d: %s", k+1, line)
			}
		}
		total += mine
		s.Logf("machine %d ended %d variants", k+1, mine)
	}
	for job, times := range ended {
		if times != 1 {
			s.Errorf("job %d was ended %d times", job, times)
		}
	}
	if total != variants {
		s.Errorf("%d variants were ended by workers, want %d", total, variants)
	}
	s.Logf("%d variants, %d outcomes, begun %d times in all, %d of them more than once", variants, outcomes, tries, again)
}

// BenchmarkSeriesWorkers has one, two and three workers with a thread each compute a series.
func BenchmarkSeriesWorkers(b *testing.B) {
	bakery, spec := filepath.Join("..", "..", "examples", "bakery"), filepath.Join(b.TempDir(), "s.yaml")
	if err := os.WriteFile(spec, []byte("ranges: ['work[agent=farmers,skill=farming].hours=1..60 step 1 h']"), 0o600); err != nil {
		b.Fatal(err)
	}
	cluster, stop, err := postgrestest.Start(1, "fsync=off")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(stop)
	for count := 1; count <= 3; count++ {
		b.Run(fmt.Sprintf("%d-workers", count), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				database := cluster.Database(b)
				var workers []*process
				for range count {
					w := launched(b, "worker", "--series", "--database", database, "--threads", "1")
					w.says("Ready")
					workers = append(workers, w)
				}
				b.StartTimer()
				collector := launched(b, "series", bakery, spec, "--database", database)
				collector.ends()
				b.StopTimer()
				for _, w := range workers {
					w.stops(syscall.SIGTERM)
				}
				b.StartTimer()
			}
			b.ReportMetric(61*60*float64(b.N)/b.Elapsed().Seconds(), "variants/min")
		})
	}
}
