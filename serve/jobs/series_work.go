package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"bremen/network"
	"bremen/series"
)

// Planning computes an order of a network. It returns soon after ctx ends.
type Planning func(ctx context.Context, n *network.Network, o series.Order) (*series.Outcome, error)

// Work has variants computed, as many side by side as told, until ctx ends; those under way are then given back. name is
// what outcomes name as their worker.
func (q *Series) Work(ctx context.Context, name string, side int, do Planning) error {
	workers := river.NewWorkers()
	w := &variantWorker{queue: q, name: name, do: do}
	river.AddWorker(workers, w)
	return q.work(ctx, &river.Config{
		Workers: workers, Queues: map[string]river.QueueConfig{seriesQueue: {MaxWorkers: side}},
		ReindexerSchedule: river.NeverSchedule(), // that is for the owner of the tables
	}, func(*river.Client[pgx.Tx]) {})
}

// variantWorker is River's worker of variants.
type variantWorker struct {
	river.WorkerDefaults[variantArgs]
	queue *Series
	name  string
	do    Planning

	mu   sync.Mutex // guards what is below: the network worked on last
	hash string
	last *network.Network
}

// Timeout is river.Worker's: none, plans take as long as they take.
func (w *variantWorker) Timeout(*river.Job[variantArgs]) time.Duration { return -1 }

// NextRetry is river.Worker's, after an error: a second later for each try.
func (w *variantWorker) NextRetry(*river.Job[variantArgs]) time.Time {
	return time.Now().Add(5 * time.Second)
}

// Work is river.Worker's. It returns nil when the outcome is kept, an error when it should be tried again.
func (w *variantWorker) Work(ctx context.Context, job *river.Job[variantArgs]) error {
	if job.Attempt > mostTries { // River counts errors; this counts workers that died as well
		return river.JobCancel(fmt.Errorf("begun %d times, and never ended", job.Attempt-1))
	}
	l, err := w.queue.lock(ctx, job.ID)
	if err != nil {
		return err
	}
	if l == nil { // whoever was thought dead is not
		return river.JobSnooze(reclaimEvery)
	}
	defer l.release()
	begun := time.Now() // of the machine: how long it takes, not when
	w.queue.log.Info("variant begun", "job", job.ID, "variant", job.Args.Variant, "try", job.Attempt)
	out, err := w.compute(ctx, l, job)
	if errors.Is(err, errGone) || ctx.Err() != nil {
		w.queue.log.Info("variant left", "job", job.ID, "ms", time.Since(begun).Milliseconds(), "why", cmp.Or(err, ctx.Err()))
		return w.queue.leave(ctx, job.JobRow)
	}
	if err == nil {
		err = w.keep(ctx, l, job, out)
		if err != nil && l.holds(ctx) != nil { // another may have the lock by now, and be at work
			return w.queue.leave(ctx, job.JobRow)
		}
	}
	if err != nil {
		w.queue.log.Error("variant", "job", job.ID, "try", job.Attempt, "err", err)
		return err
	}
	w.queue.log.Info("variant over", "job", job.ID, "ms", time.Since(begun).Milliseconds())
	return nil
}

// compute has the outcome computed, and stops when the job is in other hands or nobody's.
func (w *variantWorker) compute(ctx context.Context, l *held, job *river.Job[variantArgs]) (out *series.Outcome, err error) {
	n, o, err := w.variant(ctx, job.Args)
	if err != nil {
		return nil, err
	}
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(reportEvery)
		defer tick.Stop()
		for {
			select {
			case <-working.Done():
				return
			case <-tick.C:
			}
			// Not with working: a question that is broken off ends the session, and with it the lock.
			if err := w.still(ctx, l, job.JobRow); errors.Is(err, errGone) {
				stop(err)
			}
		}
	})
	out, err = w.guarded(working, n, o)
	cause := context.Cause(working)
	stop(nil)
	watch.Wait() // the session of the lock is free again
	if cause != nil {
		return nil, cause
	}
	return out, err
}

// still returns errGone unless the job is held by this worker yet.
func (w *variantWorker) still(ctx context.Context, l *held, was *rivertype.JobRow) error {
	if err := l.holds(ctx); err != nil {
		return cmp.Or(ctx.Err(), errGone)
	}
	now, err := w.queue.client.JobGet(ctx, was.ID)
	if errors.Is(err, rivertype.ErrNotFound) || err == nil && !owns(now, was) {
		return errGone
	}
	return err
}

// guarded turns a panic into an error.
func (w *variantWorker) guarded(ctx context.Context, n *network.Network, o series.Order) (out *series.Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			w.queue.log.Error("panic", "what", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return w.do(ctx, n, o)
}

// variant reads what a job is about; a network is read once for the variants of it that come after one another.
func (w *variantWorker) variant(ctx context.Context, a variantArgs) (*network.Network, series.Order, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hash != a.Network {
		n, err := w.queue.network(ctx, a.Network)
		if err != nil {
			return nil, series.Order{}, err
		}
		w.hash, w.last = a.Network, n
	}
	o, err := w.queue.order(ctx, a)
	return w.last, o, err
}

// keep writes an outcome and ends its job, both or neither, in the session that holds the lock. Should there be an outcome
// already, it stays.
func (w *variantWorker) keep(ctx context.Context, l *held, job *river.Job[variantArgs], out *series.Outcome) error {
	text, err := out.Encode()
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO bremen_series.outcome (network, variant, stated, tries, worker)
			VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, job.Args.Network, job.Args.Variant, text, job.Attempt, w.name)
		if err != nil {
			return err
		}
		_, err = river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
}
