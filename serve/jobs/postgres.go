package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// Schema has River's tables; dumps may leave it out.
const Schema = "bremen_jobs"

const (
	// reclaimEvery is how often a worker looks for jobs whose worker died.
	reclaimEvery = 2 * time.Second
	// reclaimAfter is for how long a job may be said to be running before whoever fetched it has its lock.
	reclaimAfter = 5 * time.Second
	// stopWithin is how long a job that is told to stop may take.
	stopWithin = 15 * time.Second
)

// lockSpace is the first half of the advisory locks of jobs; the second is the job's ID. What it is says nothing.
const lockSpace = 0x6272656d

// shared is a queue in PostgreSQL.
type shared struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx] // that works on nothing
	log    *slog.Logger
}

// planArgs is an order as River keeps it; a network has one that is not over.
type planArgs struct {
	Network string `json:"network" river:"unique"`
	Person  int64  `json:"person"`
	Entries int64  `json:"entries"`
}

// Kind is river.JobArgs'.
func (planArgs) Kind() string { return "plan" }

// unended are River's states of jobs that are not over.
var unended = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// InsertOpts is river.JobArgsWithInsertOpts'.
func (planArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unended}}
}

// OnPostgres keeps jobs in the database that a URL names, for all who open it.
func OnPostgres(ctx context.Context, url string, log *slog.Logger) (Queue, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err // pgx leaves the password out
	}
	config.ConnConfig.RuntimeParams["application_name"] = "bremen jobs"
	config.MaxConns = max(config.MaxConns, 8) // one listens, two are held while a job is worked on
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	q := &shared{pool: pool, log: log}
	if err = q.migrate(ctx); err == nil {
		q.client, err = river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: Schema, Logger: quiet(log), SkipUnknownJobCheck: true})
	}
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return q, nil
}

// quiet lets River say what went wrong, and no more.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

// Enabled is slog.Handler's.
func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// migrate brings River's tables up to date, one server at a time.
func (q *shared) migrate(ctx context.Context) error {
	conn, err := q.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1, 0)`, lockSpace); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1, 0)`, lockSpace) //nolint:errcheck // it ends with the connection
	if _, err := conn.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+Schema); err != nil {
		return err
	}
	m, err := rivermigrate.New(riverpgxv5.New(q.pool), &rivermigrate.Config{Schema: Schema, Logger: quiet(q.log)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func (q *shared) Close() error {
	q.pool.Close()
	return nil
}

func (q *shared) Start(ctx context.Context, o Order) (*Job, error) {
	res, err := q.client.Insert(ctx, planArgs(o), nil)
	if err != nil {
		return nil, err
	}
	if res.UniqueSkippedAsDuplicate {
		return nil, ErrUnderWay
	}
	return jobOf(res.Job)
}

// jobOf is a job as River keeps it.
func jobOf(row *rivertype.JobRow) (*Job, error) {
	var a planArgs
	if err := json.Unmarshal(row.EncodedArgs, &a); err != nil {
		return nil, fmt.Errorf("job %d: %w", row.ID, err)
	}
	j := &Job{Order: Order(a), ID: row.ID, Tries: row.Attempt, Created: row.CreatedAt.UTC(), State: Waiting}
	if row.FinalizedAt != nil {
		j.Ended = row.FinalizedAt.UTC()
	}
	var m struct {
		Output    json.RawMessage `json:"output"`
		Cancelled *time.Time      `json:"cancel_attempted_at"`
	}
	if err := json.Unmarshal(row.Metadata, &m); err != nil {
		return nil, fmt.Errorf("job %d: %w", row.ID, err)
	}
	if err := j.Report.parse(m.Output); err != nil {
		return nil, err
	}
	switch row.State {
	case rivertype.JobStateRunning:
		j.State = Running
		if m.Cancelled != nil { // whoever works on it is about to hear
			j.State, j.Ended = Cancelled, m.Cancelled.UTC()
		}
	case rivertype.JobStateCompleted:
		j.State = j.Report.over()
	case rivertype.JobStateCancelled:
		j.State = Cancelled
	case rivertype.JobStateDiscarded:
		j.State = Failed
		if j.Failure == nil {
			j.Failure = &Failure{Code: FailedInside}
		}
	}
	return j, nil
}

func (q *shared) row(ctx context.Context, network string, id int64) (*rivertype.JobRow, error) {
	row, err := q.client.JobGet(ctx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil, ErrNoJob
	}
	if err != nil {
		return nil, err
	}
	var a planArgs
	if row.Kind != a.Kind() || json.Unmarshal(row.EncodedArgs, &a) != nil || a.Network != network {
		return nil, ErrNoJob
	}
	return row, nil
}

func (q *shared) Job(ctx context.Context, network string, id int64) (*Job, error) {
	row, err := q.row(ctx, network, id)
	if err != nil {
		return nil, err
	}
	return jobOf(row)
}

func (q *shared) Jobs(ctx context.Context, network string) ([]*Job, error) {
	return q.list(ctx, river.NewJobListParams().First(50), "args->>'network' = @network", river.NamedArgs{"network": network})
}

func (q *shared) list(ctx context.Context, p *river.JobListParams, where string, args river.NamedArgs) ([]*Job, error) {
	res, err := q.client.JobList(ctx, p.Kinds(planArgs{}.Kind()).OrderBy(river.JobListOrderByID, river.SortOrderDesc).Where(where, args))
	if err != nil {
		return nil, err
	}
	var list []*Job
	for _, row := range res.Jobs {
		j, err := jobOf(row)
		if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, nil
}

func (q *shared) Cancel(ctx context.Context, network string, id int64) error {
	if _, err := q.row(ctx, network, id); err != nil {
		return err
	}
	_, err := q.client.JobCancel(ctx, id)
	return err
}

func (q *shared) Forget(ctx context.Context, network string, person int64) error {
	list, err := q.list(ctx, river.NewJobListParams().First(10_000), "args->>'network' = @network AND (args->>'person')::bigint = @person",
		river.NamedArgs{"network": network, "person": person})
	if err != nil {
		return err
	}
	for _, j := range list {
		if _, err := q.client.JobCancel(ctx, j.ID); err != nil && !errors.Is(err, rivertype.ErrNotFound) {
			return err
		}
		// River deletes no job that runs; its worker finds it gone.
		if _, err := q.pool.Exec(ctx, `DELETE FROM `+Schema+`.river_job WHERE id = $1`, j.ID); err != nil {
			return err
		}
	}
	return nil
}

// Work runs a client of River that fetches one job at a time, and beside it gives back the jobs of workers that died.
func (q *shared) Work(ctx context.Context, do Do) error {
	workers := river.NewWorkers()
	w := &worker{queue: q, do: do}
	river.AddWorker(workers, w)
	client, err := river.NewClient(riverpgxv5.New(q.pool), &river.Config{
		Schema: Schema, Logger: quiet(q.log), Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}, JobTimeout: -1,
		CancelledJobRetentionPeriod: remembered, CompletedJobRetentionPeriod: remembered, DiscardedJobRetentionPeriod: remembered,
	})
	if err != nil {
		return err
	}
	w.client = client
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	tick := time.NewTicker(reclaimEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := q.reclaim(ctx); err != nil && ctx.Err() == nil {
			q.log.Warn("looking for jobs of workers that died", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	return client.StopAndCancel(ending)
}

// reclaim gives back the jobs that are said to be running and that nobody holds the lock of.
func (q *shared) reclaim(ctx context.Context) error {
	res, err := q.client.JobList(ctx, river.NewJobListParams().Kinds(planArgs{}.Kind()).States(rivertype.JobStateRunning).First(1000))
	if err != nil {
		return err
	}
	for _, row := range res.Jobs {
		if row.AttemptedAt == nil || time.Since(*row.AttemptedAt) < reclaimAfter {
			continue
		}
		l, err := q.lock(ctx, row.ID)
		if err != nil {
			return err
		}
		if l != nil {
			err = q.giveBack(ctx, row)
			l.release()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// giveBack makes a job available whose worker died, or ends it if it was cancelled meanwhile. It does what River's own
// rescuer does, which cannot tell who died from who takes long.
func (q *shared) giveBack(ctx context.Context, row *rivertype.JobRow) error {
	j, err := jobOf(row)
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	state, ended := rivertype.JobStateAvailable, (*time.Time)(nil)
	if j.State == Cancelled {
		state, ended = rivertype.JobStateCancelled, &now
	}
	note, err := json.Marshal(rivertype.AttemptError{At: now, Attempt: row.Attempt, Error: "its worker died"})
	if err != nil {
		return err
	}
	_, err = q.client.Driver().GetExecutor().JobRescueMany(ctx, &riverdriver.JobRescueManyParams{
		ID: []int64{row.ID}, Error: [][]byte{note}, FinalizedAt: []*time.Time{ended}, ScheduledAt: []time.Time{now}, State: []string{string(state)},
		Schema: Schema, StuckHorizon: row.AttemptedAt.Add(time.Microsecond), // of this very attempt
	})
	if err == nil {
		q.log.Warn("a worker died", "job", row.ID, "try", row.Attempt)
	}
	return err
}

// held is the lock of a job, as long as its connection lives.
type held struct {
	conn *pgxpool.Conn
	id   int64
}

// lock takes the lock of a job; nil where another has it.
func (q *shared) lock(ctx context.Context, id int64) (*held, error) {
	conn, err := q.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	var got bool
	err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, $2)`, lockSpace, int32(id)).Scan(&got)
	if err != nil || !got {
		conn.Release()
		return nil, err
	}
	return &held{conn, id}, nil
}

// holds fails when the connection has ended, and the lock with it.
func (l *held) holds(ctx context.Context) error { return l.conn.Ping(ctx) }

// release ends the connection too, so that the lock is let go whatever became of it.
func (l *held) release() {
	l.conn.Hijack().Close(context.Background()) //nolint:errcheck // it is of no more use
}

// worker is River's worker of plans.
type worker struct {
	river.WorkerDefaults[planArgs]
	queue  *shared
	client *river.Client[pgx.Tx]
	do     Do
}

// Timeout is river.Worker's: none, plans take as long as they take.
func (w *worker) Timeout(*river.Job[planArgs]) time.Duration { return -1 }

// NextRetry is river.Worker's, after an error of the database.
func (w *worker) NextRetry(*river.Job[planArgs]) time.Time { return time.Now().Add(5 * time.Second) }

// Work is river.Worker's. It returns nil when the job is over, one way or the other, and gives it back when it is told to stop.
func (w *worker) Work(ctx context.Context, job *river.Job[planArgs]) error {
	l, err := w.queue.lock(ctx, job.ID)
	if err != nil {
		return err
	}
	if l == nil { // whoever was thought dead is not
		return river.JobSnooze(reclaimEvery)
	}
	defer l.release()
	j, err := jobOf(job.JobRow)
	if err != nil {
		return err
	}
	last, err := run(ctx, w.queue.log, j, w.do, func(ctx context.Context, r Report) error {
		if err := l.holds(ctx); err != nil {
			return cmp.Or(ctx.Err(), errGone)
		}
		row, err := w.client.JobUpdate(ctx, job.ID, &river.JobUpdateParams{Output: r})
		if errors.Is(err, rivertype.ErrNotFound) || err == nil && !w.owns(row, job.JobRow) {
			return errGone
		}
		return err
	})
	if err != nil {
		return w.leave(ctx, job.JobRow)
	}
	if err := l.holds(ctx); err != nil {
		return w.leave(ctx, job.JobRow)
	}
	return river.RecordOutput(ctx, last)
}

// owns tells whether a job is still in the hands in which it was.
func (w *worker) owns(now, was *rivertype.JobRow) bool {
	var m struct {
		Cancelled *time.Time `json:"cancel_attempted_at"`
	}
	json.Unmarshal(now.Metadata, &m) //nolint:errcheck // River wrote it
	return w.held(now, was) && m.Cancelled == nil
}

func (w *worker) held(now, was *rivertype.JobRow) bool {
	return now.State == rivertype.JobStateRunning && now.Attempt == was.Attempt && slices.Equal(now.AttemptedBy, was.AttemptedBy)
}

// leave ends the work on a job that is not over: it is given back. Where another has it already, what is returned to River
// must not change its state, so that is waited for.
func (w *worker) leave(ctx context.Context, was *rivertype.JobRow) error {
	for {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		now, err := w.client.JobGet(asking, was.ID)
		cancel()
		switch {
		case errors.Is(err, rivertype.ErrNotFound):
			return nil
		case err == nil && (w.held(now, was) || now.State != rivertype.JobStateRunning):
			return river.JobSnooze(0)
		case ctx.Err() != nil:
			return river.JobSnooze(0) // it was cancelled, or this process ends; at worst the job is begun twice
		}
		select {
		case <-ctx.Done():
		case <-time.After(reclaimEvery):
		}
	}
}
