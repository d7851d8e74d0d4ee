package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Schema has River's tables; dumps may leave it out.
const Schema = "bremen_jobs"

// lockSpace is the first half of the advisory locks of jobs; the second is the job's ID. What it is says nothing.
const lockSpace = 0x6272656d

// shared is a queue in PostgreSQL.
type shared struct{ line }

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
	q := &shared{line{log: log, schema: Schema, kind: planArgs{}.Kind(), locks: lockSpace}}
	if err := q.open(ctx, url); err != nil {
		return nil, err
	}
	return q, nil
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
		Output json.RawMessage `json:"output"`
	}
	if err := json.Unmarshal(row.Metadata, &m); err != nil {
		return nil, fmt.Errorf("job %d: %w", row.ID, err)
	}
	if err := j.Report.parse(m.Output); err != nil {
		return nil, err
	}
	cancelled, err := cancelAsked(row)
	if err != nil {
		return nil, err
	}
	switch row.State {
	case rivertype.JobStateRunning:
		j.State = Running
		if cancelled != nil { // whoever works on it is about to hear
			j.State, j.Ended = Cancelled, cancelled.UTC()
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

// Work runs a client of River that fetches one job at a time.
func (q *shared) Work(ctx context.Context, do Do) error {
	workers := river.NewWorkers()
	w := &worker{queue: q, do: do}
	river.AddWorker(workers, w)
	return q.work(ctx, &river.Config{Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}},
		func(c *river.Client[pgx.Tx]) { w.client = c })
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
		if errors.Is(err, rivertype.ErrNotFound) || err == nil && !owns(row, job.JobRow) {
			return errGone
		}
		return err
	})
	if err != nil {
		return w.queue.leave(ctx, job.JobRow)
	}
	if err := l.holds(ctx); err != nil {
		return w.queue.leave(ctx, job.JobRow)
	}
	return river.RecordOutput(ctx, last)
}
