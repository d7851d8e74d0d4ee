package jobs

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

//go:embed migrations/*.sql
var migrations embed.FS

// local is a queue in an SQLite file, for the one process that has it open.
type local struct {
	db    *sql.DB
	clock func() time.Time
	log   *slog.Logger
	wake  chan struct{} // something may be waiting

	mu      sync.Mutex
	running int64 // job under way, 0 for none
	stop    context.CancelCauseFunc
}

// OnSQLite keeps jobs in an SQLite database, which stays the caller's and whose jobs no other process works on.
func OnSQLite(ctx context.Context, db *sql.DB, clock func() time.Time, log *slog.Logger) (Queue, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	kept, err := database.NewStore(database.DialectSQLite3, "bremen_jobs_version")
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider("", db, files, goose.WithStore(kept), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, err
	}
	if _, err := p.Up(ctx); err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return &local{db: db, clock: clock, log: log, wake: make(chan struct{}, 1)}, nil
}

func (q *local) Close() error { return nil }

func (q *local) now() int64 { return q.clock().UnixMilli() }

const columns = `id, network, person, entries, state, tries, created, ended, report`

func scan(row interface{ Scan(...any) error }) (*Job, error) {
	var j Job
	var created int64
	var ended sql.NullInt64
	var report []byte
	err := row.Scan(&j.ID, &j.Network, &j.Person, &j.Entries, &j.State, &j.Tries, &created, &ended, &report)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoJob
	}
	if err != nil {
		return nil, err
	}
	j.Created = time.UnixMilli(created).UTC()
	if ended.Valid {
		j.Ended = time.UnixMilli(ended.Int64).UTC()
	}
	return &j, j.Report.parse(report)
}

func (q *local) Start(ctx context.Context, o Order) (*Job, error) {
	if _, err := q.db.ExecContext(ctx, `DELETE FROM bremen_jobs WHERE ended < ?`, q.clock().Add(-remembered).UnixMilli()); err != nil {
		return nil, err
	}
	j, err := scan(q.db.QueryRowContext(ctx, `INSERT INTO bremen_jobs (network, person, entries, state, created) VALUES (?, ?, ?, 'waiting', ?)
		ON CONFLICT DO NOTHING RETURNING `+columns, o.Network, o.Person, o.Entries, q.now()))
	if errors.Is(err, ErrNoJob) {
		return nil, ErrUnderWay
	}
	if err == nil {
		q.notice()
	}
	return j, err
}

// notice has Work look for what waits.
func (q *local) notice() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *local) Job(ctx context.Context, network string, id int64) (*Job, error) {
	return scan(q.db.QueryRowContext(ctx, `SELECT `+columns+` FROM bremen_jobs WHERE network = ? AND id = ?`, network, id))
}

func (q *local) Jobs(ctx context.Context, network string) ([]*Job, error) {
	rows, err := q.db.QueryContext(ctx, `SELECT `+columns+` FROM bremen_jobs WHERE network = ? ORDER BY id DESC LIMIT 50`, network)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*Job
	for rows.Next() {
		j, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, rows.Err()
}

func (q *local) Cancel(ctx context.Context, network string, id int64) error {
	if _, err := q.Job(ctx, network, id); err != nil {
		return err
	}
	_, err := q.db.ExecContext(ctx, `UPDATE bremen_jobs SET state = 'cancelled', ended = ? WHERE id = ? AND ended IS NULL`, q.now(), id)
	if err == nil {
		q.halt(id)
	}
	return err
}

func (q *local) Forget(ctx context.Context, network string, person int64) error {
	rows, err := q.db.QueryContext(ctx, `DELETE FROM bremen_jobs WHERE network = ? AND person = ? RETURNING id`, network, person)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		q.halt(id)
	}
	return rows.Err()
}

// halt ends a job that is under way at once; else its next report would.
func (q *local) halt(id int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.running == id {
		q.stop(errGone)
	}
}

func (q *local) Work(ctx context.Context, do Do) error {
	for {
		// Nothing is under way here now, so what is said to be was left by a process that died, or could not be kept.
		j, err := scan(q.db.QueryRowContext(ctx, `UPDATE bremen_jobs SET state = 'running', tries = tries + 1
			WHERE id = (SELECT id FROM bremen_jobs WHERE ended IS NULL ORDER BY id LIMIT 1) RETURNING `+columns))
		switch {
		case err == nil:
			err = q.do(ctx, j, do)
		case errors.Is(err, ErrNoJob):
			select {
			case <-ctx.Done():
				return nil
			case <-q.wake:
			}
			continue
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			q.log.Error("jobs", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

// do does one job and keeps what came of it.
func (q *local) do(ctx context.Context, j *Job, do Do) error {
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	q.mu.Lock()
	q.running, q.stop = j.ID, stop
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		q.running, q.stop = 0, nil
		q.mu.Unlock()
	}()
	last, err := run(working, q.log, j, do, func(ctx context.Context, r Report) error { return q.keep(ctx, j.ID, Running, r) })
	settling := context.WithoutCancel(ctx)
	switch {
	case errors.Is(err, errGone):
		return nil
	case err != nil: // it is given back, and this try does not count: nobody died of it
		_, failed := q.db.ExecContext(settling, `UPDATE bremen_jobs SET state = 'waiting', tries = tries - 1 WHERE id = ? AND state = 'running'`, j.ID)
		if ctx.Err() != nil {
			err = nil
		}
		return errors.Join(err, failed)
	}
	if err := q.keep(settling, j.ID, last.over(), last); !errors.Is(err, errGone) {
		return err
	}
	return nil
}

// keep keeps a report of a job that is still held, with the state that it leaves it in.
func (q *local) keep(ctx context.Context, id int64, s State, r Report) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	var ended sql.NullInt64
	if s.Over() {
		ended = sql.NullInt64{Int64: q.now(), Valid: true}
	}
	res, err := q.db.ExecContext(ctx, `UPDATE bremen_jobs SET report = ?, state = ?, ended = ? WHERE id = ? AND state = 'running'`, string(text), s, ended, id)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(errGone, err)
	}
	return nil
}
