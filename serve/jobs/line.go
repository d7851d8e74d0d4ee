package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"bremen/record/postgres"
)

const (
	// reclaimEvery is how often a worker looks for jobs whose worker died.
	reclaimEvery = 2 * time.Second
	// reclaimAfter is for how long a job may be said to be running before whoever fetched it has its lock.
	reclaimAfter = 5 * time.Second
	// stopWithin is how long a job that is told to stop may take.
	stopWithin = 15 * time.Second
)

// line is one kind of job in a schema of River's of its own, for all who open it. Whoever works on a job holds its advisory
// lock in a session of the database; a job that is said to be running and whose lock nobody holds is given back.
type line struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx] // that works on nothing
	log    *slog.Logger
	schema string
	kind   string
	locks  int32 // first half of the advisory locks of its jobs; the second is the job's ID
}

// silence is after how long a session is ended, and its lock let go, whose machine is not heard of any more.
const silence = "tcp_keepalives_idle=5 tcp_keepalives_interval=5 tcp_keepalives_count=2 tcp_user_timeout=15000"

// open connects to the database that a URL names and brings River's tables up to date.
func (q *line) open(ctx context.Context, url string) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return err // pgx leaves the password out
	}
	if err := postgres.CheckTLS(config.ConnConfig); err != nil {
		return err
	}
	config.ConnConfig.RuntimeParams["application_name"] = "bremen jobs"
	for setting := range strings.FieldsSeq(silence) {
		name, value, _ := strings.Cut(setting, "=")
		config.ConnConfig.RuntimeParams[name] = value
	}
	config.MaxConns = max(config.MaxConns, 8) // one listens, two are held while a job is worked on
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return err
	}
	q.pool = pool
	if err = q.migrate(ctx); err == nil {
		q.client, err = river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: q.schema, Logger: quiet(q.log), SkipUnknownJobCheck: true})
	}
	if err != nil {
		pool.Close()
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}

// quiet lets River say what went wrong, and no more.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

// Enabled is slog.Handler's.
func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// migrate brings River's tables up to date, one server at a time.
func (q *line) migrate(ctx context.Context) error {
	conn, err := q.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1, 0)`, q.locks); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1, 0)`, q.locks) //nolint:errcheck // it ends with the connection
	// Asking first, since who may only work here may create none.
	var there bool
	if err := conn.QueryRow(ctx, `SELECT to_regnamespace($1) IS NOT NULL`, q.schema).Scan(&there); err != nil {
		return err
	}
	if !there {
		if _, err := conn.Exec(ctx, `CREATE SCHEMA `+q.schema); err != nil {
			return err
		}
	}
	m, err := rivermigrate.New(riverpgxv5.New(q.pool), &rivermigrate.Config{Schema: q.schema, Logger: quiet(q.log)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// reclaim gives back the jobs that are said to be running and that nobody holds the lock of.
func (q *line) reclaim(ctx context.Context) error {
	res, err := q.client.JobList(ctx, river.NewJobListParams().Kinds(q.kind).States(rivertype.JobStateRunning).First(1000))
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

// giveBack makes a job available whose worker died, where it stood in the queue, or ends it if it was cancelled meanwhile. It
// does what River's own rescuer does, which cannot tell who died from who takes long.
func (q *line) giveBack(ctx context.Context, row *rivertype.JobRow) error {
	cancelled, err := cancelAsked(row)
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	state, ended := rivertype.JobStateAvailable, (*time.Time)(nil)
	if cancelled != nil {
		state, ended = rivertype.JobStateCancelled, &now
	}
	note, err := json.Marshal(rivertype.AttemptError{At: now, Attempt: row.Attempt, Error: "its worker died"})
	if err != nil {
		return err
	}
	_, err = q.client.Driver().GetExecutor().JobRescueMany(ctx, &riverdriver.JobRescueManyParams{
		ID: []int64{row.ID}, Error: [][]byte{note}, FinalizedAt: []*time.Time{ended}, ScheduledAt: []time.Time{row.ScheduledAt}, State: []string{string(state)},
		Schema: q.schema, StuckHorizon: row.AttemptedAt.Add(time.Microsecond), // of this very attempt
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
func (q *line) lock(ctx context.Context, id int64) (*held, error) {
	conn, err := q.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	var got bool
	err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, $2)`, q.locks, int32(id)).Scan(&got)
	if err != nil || !got {
		conn.Release()
		return nil, err
	}
	return &held{conn, id}, nil
}

// holds fails when the connection has ended, and the lock with it, or is about to: nothing comes over it any more.
func (l *held) holds(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	return l.conn.Ping(asking)
}

// release ends the connection too, so that the lock is let go whatever became of it.
func (l *held) release() {
	l.conn.Hijack().Close(context.Background()) //nolint:errcheck // it is of no more use
}

// owns tells whether a job is still in the hands in which it was, and nobody has cancelled it.
func owns(now, was *rivertype.JobRow) bool {
	cancelled, err := cancelAsked(now)
	return err == nil && cancelled == nil && inHands(now, was)
}

func inHands(now, was *rivertype.JobRow) bool {
	return now.State == rivertype.JobStateRunning && now.Attempt == was.Attempt && slices.Equal(now.AttemptedBy, was.AttemptedBy)
}

// cancelAsked is when somebody cancelled a job that was running; nil when nobody did.
func cancelAsked(row *rivertype.JobRow) (*time.Time, error) {
	var m struct {
		Cancelled *time.Time `json:"cancel_attempted_at"`
	}
	if err := json.Unmarshal(row.Metadata, &m); err != nil {
		return nil, fmt.Errorf("job %d: %w", row.ID, err)
	}
	return m.Cancelled, nil
}

// leave ends the work on a job that is not over: it is given back. Where another has it already, what is returned to River
// must not change its state, so that is waited for.
func (q *line) leave(ctx context.Context, was *rivertype.JobRow) error {
	for {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		now, err := q.client.JobGet(asking, was.ID)
		cancel()
		switch {
		case errors.Is(err, rivertype.ErrNotFound):
			return nil
		case err == nil && (inHands(now, was) || now.State != rivertype.JobStateRunning):
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

// work runs a client of River until ctx ends, and beside it gives back the jobs of workers that died. begin is told the
// client before it fetches anything.
func (q *line) work(ctx context.Context, config *river.Config, begin func(*river.Client[pgx.Tx])) error {
	config.Schema, config.Logger, config.JobTimeout = q.schema, quiet(q.log), -1
	config.CancelledJobRetentionPeriod, config.CompletedJobRetentionPeriod, config.DiscardedJobRetentionPeriod = remembered, remembered, remembered
	client, err := river.NewClient(riverpgxv5.New(q.pool), config)
	if err != nil {
		return err
	}
	begin(client)
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
