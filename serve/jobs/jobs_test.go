package jobs

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite" // driver "sqlite"

	"bremen/commons"
	"bremen/internal/waittest"
	"bremen/plan"
	"bremen/record"
	"bremen/record/postgres/postgrestest"
)

const nordhof = "example.org/nordhof"

// doomed names, in a process that a test starts, the queue of which it is to work on a job until it is killed.
const doomed = "BREMEN_JOBS_DOOMED"

func TestMain(m *testing.M) {
	if where := os.Getenv(doomed); where != "" {
		workUntilKilled(where)
	}
	if url := os.Getenv(doomedSeries); url != "" {
		computeUntilKilled(url)
	}
	os.Exit(m.Run())
}

var frozen = record.Hash{1, 2, 3}

// workUntilKilled works on a job, says so once its progress is kept, and goes on for ever.
func workUntilKilled(where string) {
	ctx := context.Background()
	q, _, err := openAt(ctx, where)
	if err == nil {
		err = q.Work(ctx, func(ctx context.Context, j *Job, say func(commons.Progress)) (*commons.Computed, error) {
			say(commons.Progress{Phase: commons.PhaseSolve, Network: frozen})
			for {
				time.Sleep(50 * time.Millisecond)
				if k, err := q.Job(ctx, j.Network, j.ID); err == nil && k.Progress.Network == frozen {
					fmt.Println("working")
					select {}
				}
			}
		})
	}
	fmt.Println(err)
	os.Exit(1)
}

// openAt opens a queue in a file, or in a database.
func openAt(ctx context.Context, where string) (Queue, func(), error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if strings.HasPrefix(where, "postgres://") {
		q, err := OnPostgres(ctx, where, log)
		if err != nil {
			return nil, nil, err
		}
		return q, func() { q.Close() }, nil
	}
	db, err := sql.Open("sqlite", "file:"+where+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_txlock=immediate")
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	q, err := OnSQLite(ctx, db, time.Now, log)
	return q, func() { db.Close() }, err
}

// bench is a queue in a test.
type bench struct {
	*testing.T
	where string
	Queue
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// another opens the queue once more, as another process or this one again.
func (b *bench) another() *bench {
	b.Helper()
	q, closing, err := openAt(b.Context(), b.where)
	b.ok(err)
	b.Cleanup(closing)
	return &bench{b.T, b.where, q}
}

// work has jobs done until the test stops it.
func (b *bench) work(do Do) (stop func()) {
	b.Helper()
	return untilStopped(b.T, func(ctx context.Context) error { return b.Work(ctx, do) })
}

// untilStopped runs work until the test ends, or until it is stopped.
func untilStopped(t *testing.T, work func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- work(ctx) }()
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cancel()
			if err := <-done; err != nil {
				t.Errorf("work: %v", err)
			}
		}
	}
	t.Cleanup(stop)
	return stop
}

func (b *bench) start(network string) *Job {
	b.Helper()
	j, err := b.Start(b.Context(), Order{Network: network, Person: 7, Entries: 3})
	b.ok(err)
	return j
}

// until waits for a job to be as a test wants it.
func (b *bench) until(id int64, good func(*Job) bool) *Job {
	b.Helper()
	var j *Job
	waittest.Until(b, func() bool {
		var err error
		j, err = b.Job(b.Context(), nordhof, id)
		b.ok(err)
		return good(j)
	}, func() string { return fmt.Sprintf("the job is still %+v", j) })
	return j
}

func in(s State) func(*Job) bool { return func(j *Job) bool { return j.State == s } }

func TestQueue(t *testing.T) {
	t.Parallel()
	cluster, end, err := postgrestest.Start(1, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	each := func(name string, test func(*bench)) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Run("sqlite", func(t *testing.T) {
				t.Parallel()
				b := (&bench{t, filepath.Join(t.TempDir(), "jobs.sqlite"), nil}).another()
				test(b)
			})
			t.Run("postgres", func(t *testing.T) {
				t.Parallel()
				test((&bench{t, cluster.Database(t), nil}).another())
			})
		})
	}
	each("an order waits, one of a network at a time", waits)
	each("a job is done, and told of meanwhile", isDone)
	each("a job that fails says why", fails)
	each("a job is cancelled", isCancelled)
	each("a job under way is given back and goes on", goesOn)
	each("a person's jobs are forgotten", isForgotten)
	each("a job whose worker is killed goes on at another", survives)
}

func waits(b *bench) {
	first := b.start(nordhof)
	if first.State != Waiting || first.Person != 7 || first.Entries != 3 || first.Network != nordhof || first.Created.IsZero() || !first.Ended.IsZero() {
		b.Errorf("started: %+v", first)
	}
	if _, err := b.Start(b.Context(), Order{Network: nordhof, Person: 8}); !errors.Is(err, ErrUnderWay) {
		b.Errorf("a second order: %v", err)
	}
	other := b.start("example.org/sued")
	if _, err := b.Job(b.Context(), nordhof, other.ID); !errors.Is(err, ErrNoJob) {
		b.Errorf("another network's job: %v", err)
	}
	if err := b.Cancel(b.Context(), nordhof, other.ID); !errors.Is(err, ErrNoJob) {
		b.Errorf("cancelling another network's job: %v", err)
	}
	b.ok(b.Cancel(b.Context(), nordhof, first.ID))
	second := b.start(nordhof)
	list, err := b.another().Jobs(b.Context(), nordhof)
	b.ok(err)
	if len(list) != 2 || list[0].ID != second.ID || list[1].ID != first.ID || list[1].State != Cancelled || list[1].Ended.IsZero() {
		b.Errorf("jobs: %+v", list)
	}
}

func isDone(b *bench) {
	seen := make(chan struct{})
	b.work(func(_ context.Context, j *Job, say func(commons.Progress)) (*commons.Computed, error) {
		say(commons.Progress{Phase: commons.PhaseFreeze})
		say(commons.Progress{Phase: commons.PhaseSolve, Network: frozen, Climb: plan.Progress{Rung: 2, Rungs: 9, Goal: "vital", Level: 0.5, Free: 3, Of: 8}})
		say(commons.Progress{Phase: commons.PhaseSolve, Network: frozen, Climb: plan.Progress{Rung: 2, Rungs: 9, Goal: "vital", Iterations: 41}})
		<-seen
		if j.Tries != 1 || j.Entries != 3 {
			return nil, fmt.Errorf("got %+v", j)
		}
		return &commons.Computed{Adoption: commons.Adoption{Plan: record.Hash{9}, Network: frozen, Status: "optimal"}, Rounds: 4}, nil
	})
	id := b.start(nordhof).ID
	j := b.until(id, func(j *Job) bool { return j.Progress.Climb.Iterations == 41 })
	if j.State != Running || j.Progress.Network != frozen || j.Progress.Climb.Goal != "vital" || j.Progress.Climb.Rung != 2 {
		b.Errorf("under way: %+v", j)
	}
	if _, err := b.Start(b.Context(), Order{Network: nordhof}); !errors.Is(err, ErrUnderWay) {
		b.Errorf("a second order: %v", err)
	}
	close(seen)
	j = b.until(id, func(j *Job) bool { return j.State.Over() })
	if j.State != Done || j.Result == nil || j.Result.Plan != (record.Hash{9}) || j.Result.Rounds != 4 || j.Ended.IsZero() || j.Failure != nil {
		b.Errorf("over: %+v", j)
	}
	b.ok(b.Cancel(b.Context(), nordhof, id))
	b.until(id, in(Done))
	b.start(nordhof)
}

func fails(b *bench) {
	var next atomic.Value
	b.work(func(context.Context, *Job, func(commons.Progress)) (*commons.Computed, error) {
		if err := next.Load().(error); err.Error() != "panic" {
			return nil, err
		}
		panic("oh")
	})
	for _, x := range []struct {
		err  error
		want Failure
	}{
		{fmt.Errorf("freezing: %w", &commons.Refusal{Code: commons.RefusedFew, Found: "3", Wanted: "5"}), Failure{Refusal: &commons.Refusal{Code: commons.RefusedFew, Found: "3", Wanted: "5"}}},
		{fmt.Errorf("disk on fire"), Failure{Code: FailedInside}},
		{errors.New("panic"), Failure{Code: FailedInside}},
	} {
		next.Store(fmt.Errorf("%w", x.err))
		j := b.until(b.start(nordhof).ID, func(j *Job) bool { return j.State.Over() })
		if j.State != Failed || j.Failure == nil || j.Failure.Code != x.want.Code || (j.Failure.Refusal == nil) != (x.want.Refusal == nil) || x.want.Refusal != nil && *j.Failure.Refusal != *x.want.Refusal {
			b.Errorf("%v: %+v %+v", x.err, j, j.Failure)
		}
	}
}

func isCancelled(b *bench) {
	begun, ended := make(chan struct{}, 2), make(chan error, 2)
	b.work(func(ctx context.Context, _ *Job, say func(commons.Progress)) (*commons.Computed, error) {
		begun <- struct{}{}
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, ctx.Err()
	})
	id := b.start(nordhof).ID
	<-begun
	b.ok(b.another().Cancel(b.Context(), nordhof, id))
	<-ended
	j := b.until(id, in(Cancelled))
	if j.Ended.IsZero() {
		b.Errorf("cancelled: %+v", j)
	}
	waittest.Until(b, func() bool { // as soon as whoever worked on it has let go
		_, err := b.Start(b.Context(), Order{Network: nordhof})
		if err != nil && !errors.Is(err, ErrUnderWay) {
			b.Fatal(err)
		}
		return err == nil
	}, func() string { return "whoever worked on it does not let go" })
	<-begun
}

func goesOn(b *bench) {
	id := b.start(nordhof).ID
	stop := b.work(func(ctx context.Context, _ *Job, say func(commons.Progress)) (*commons.Computed, error) {
		say(commons.Progress{Phase: commons.PhaseSolve, Network: frozen})
		<-ctx.Done()
		return nil, ctx.Err()
	})
	b.until(id, func(j *Job) bool { return j.Progress.Network == frozen })
	stop()
	j, err := b.Job(b.Context(), nordhof, id)
	b.ok(err)
	if j.State != Waiting {
		b.Errorf("given back: %+v", j)
	}
	again := b.another()
	again.work(func(_ context.Context, j *Job, _ func(commons.Progress)) (*commons.Computed, error) {
		if j.Progress.Network != frozen || j.Tries != 1 {
			return nil, fmt.Errorf("goes on from %+v, try %d", j.Progress, j.Tries)
		}
		return &commons.Computed{}, nil
	})
	again.until(id, in(Done))
}

func isForgotten(b *bench) {
	begun, ended := make(chan struct{}), make(chan struct{})
	b.work(func(ctx context.Context, _ *Job, _ func(commons.Progress)) (*commons.Computed, error) {
		close(begun)
		<-ctx.Done()
		close(ended)
		return nil, ctx.Err()
	})
	id := b.start(nordhof).ID
	<-begun
	b.ok(b.Forget(b.Context(), nordhof, 8))
	if _, err := b.Job(b.Context(), nordhof, id); err != nil {
		b.Errorf("another person's job: %v", err)
	}
	b.ok(b.Forget(b.Context(), nordhof, 7))
	if _, err := b.Job(b.Context(), nordhof, id); !errors.Is(err, ErrNoJob) {
		b.Errorf("the job is still there: %v", err)
	}
	<-ended
}

// survives kills a process that works on a job. Another takes it up where it was frozen, and it is done once.
func survives(b *bench) {
	id := b.start(nordhof).ID
	var times atomic.Int32
	do := func(_ context.Context, j *Job, _ func(commons.Progress)) (*commons.Computed, error) {
		times.Add(1)
		if j.Progress.Network != frozen || j.Tries != 2 {
			return nil, fmt.Errorf("goes on from %+v, try %d", j.Progress, j.Tries)
		}
		return &commons.Computed{Rounds: 1}, nil
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), doomed+"="+b.where), os.Stderr
	out, err := cmd.StdoutPipe()
	b.ok(err)
	b.ok(cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "working\n" {
		b.Fatalf("the other process says %q, %v", line, err)
	}
	if strings.HasPrefix(b.where, "postgres://") { // another worker is there all the time, and leaves it alone
		b.another().work(do)
		time.Sleep(reclaimAfter + 2*reclaimEvery)
		if n := times.Load(); n != 0 {
			b.Errorf("begun %d times while the first worker lived", n)
		}
	}
	b.ok(cmd.Process.Kill())
	cmd.Wait()
	if !strings.HasPrefix(b.where, "postgres://") {
		b.another().work(do)
	}
	j := b.until(id, func(j *Job) bool { return j.State.Over() })
	if j.State != Done || times.Load() != 1 {
		b.Errorf("%+v, %+v, done %d times", j, j.Failure, times.Load())
	}
}

// A job that kills whoever works on it does not go round for ever.
func TestTriesEnd(t *testing.T) {
	t.Parallel()
	r, err := run(t.Context(), slog.New(slog.DiscardHandler), &Job{Tries: mostTries + 1}, nil, nil)
	if err != nil || r.Failure == nil || r.Failure.Code != FailedTries || r.over() != Failed {
		t.Errorf("got %+v, %v", r, err)
	}
}
