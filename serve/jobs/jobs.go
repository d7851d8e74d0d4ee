// Package jobs computes plans beside the requests that ask for them: slowly, one at a time, with progress that anybody can
// look at, until they are done or cancelled, over restarts and crashes.
//
// [Queue] keeps [Job]s. Two implementations pass the same tests: [OnSQLite] is for the one process that has a data folder
// open; [OnPostgres] is for any number of servers and workers on one database, with River (github.com/riverqueue/river).
// [Planner.Do] is what is done: it has package commons compute a plan. A job changes no record. Its result waits for somebody
// with the power to adopt it, so that a job done twice would adopt nothing twice.
//
// A job belongs to whoever holds it, and to one at a time. When its process ends in good order it is given back; when the
// process dies another takes it up: on SQLite the next to open the file, on PostgreSQL any worker as soon as the database has
// seen the connection end, since a session's advisory lock is held as long as a job is worked on. It then goes on from the public network
// that was frozen for it, and climbs the ladder again.
//
// [Series] has the variants of networks (package series) computed in the same way, as jobs of another kind in a schema of
// their own, for workers that see nothing else.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"bremen/commons"
)

// State is what has become of a job.
type State string

// States. The last three are final.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Over tells whether a state is final.
func (s State) Over() bool { return s == Done || s == Failed || s == Cancelled }

// Order is what a job is to do: a plan of a network.
type Order struct {
	Network string `json:"network"` // origin
	Person  int64  `json:"person"`  // who ordered it
	Entries int64  `json:"entries"` // in the record then: the plan is of no less
}

// Job is an order with what has become of it.
type Job struct {
	Order
	ID      int64
	State   State
	Tries   int // how often somebody has begun it
	Created time.Time
	Ended   time.Time // zero until it is over
	Report
}

// Report is what is told of a job while it runs, and after.
type Report struct {
	Progress commons.Progress
	Result   *commons.Computed // of one that is done
	Failure  *Failure          // of one that failed
}

// Failure is why a job failed.
type Failure struct {
	Refusal *commons.Refusal // what of the network does not do
	Code    string           // else: FailedTries or FailedInside
}

// Codes of failures that the network is no reason for.
const (
	FailedTries  = "tries"  // whoever worked on it has died again and again
	FailedInside = "inside" // an error of the program or the machine, which is in the log
)

// mostTries is how often a job is begun. One that brings down whoever works on it is not to go round for ever.
const mostTries = 5

// Errors of a Queue.
var (
	// ErrUnderWay: the network has a job that is not over.
	ErrUnderWay = errors.New("a plan of the network is being computed already")
	// ErrNoJob: the network has no such job.
	ErrNoJob = errors.New("no such job")
)

// Queue keeps jobs, and has them done. All methods may be called at once from many goroutines.
type Queue interface {
	// Start puts an order into the queue. The error is ErrUnderWay while a job of the network is not over.
	Start(ctx context.Context, o Order) (*Job, error)
	// Job returns a job of a network, or ErrNoJob.
	Job(ctx context.Context, network string, id int64) (*Job, error)
	// Jobs lists the jobs of a network that are still remembered, the newest first, at most 50.
	Jobs(ctx context.Context, network string) ([]*Job, error)
	// Cancel ends a job; one that is over stays as it is. Until whoever works on it has let go, Start may say that it is under
	// way. The error may be ErrNoJob.
	Cancel(ctx context.Context, network string, id int64) error
	// Forget drops the jobs of a person, whatever has become of them.
	Forget(ctx context.Context, network string, person int64) error
	// Work has jobs done, one at a time, until ctx ends; one that is under way is then given back. It is called once.
	Work(ctx context.Context, do Do) error
	// Close lets go of the queue. Work must have returned.
	Close() error
}

// Do computes what a job orders, and says how far it has come. It returns soon after ctx ends.
type Do func(ctx context.Context, j *Job, say func(commons.Progress)) (*commons.Computed, error)

// remembered is for how long jobs are kept that are over.
const remembered = 30 * 24 * time.Hour

// reportEvery is how often progress is kept within a phase; it is also how soon a job that was cancelled elsewhere stops.
const reportEvery = 500 * time.Millisecond

// errGone: the job is not held any more by who asks.
var errGone = errors.New("the job was cancelled, or another has it")

// run does a job and returns its last report. keep keeps a report, or returns errGone. The error is errGone, or that of a
// context that ended; then the job is not over.
func run(ctx context.Context, log *slog.Logger, j *Job, do Do, keep func(context.Context, Report) error) (Report, error) {
	if j.Tries > mostTries {
		return Report{Progress: j.Progress, Failure: &Failure{Code: FailedTries}}, nil
	}
	begun := time.Now() // of the machine: how long it takes, not when
	log.Info("job begun", "job", j.ID, "try", j.Tries)
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var mu sync.Mutex
	at := j.Progress
	turn := make(chan struct{}, 1) // another phase has begun
	say := func(p commons.Progress) {
		mu.Lock()
		defer mu.Unlock()
		if p.Phase != at.Phase {
			select {
			case turn <- struct{}{}:
			default:
			}
		}
		at = p
	}
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(reportEvery)
		defer tick.Stop()
		for {
			select {
			case <-working.Done():
				return
			case <-tick.C:
			case <-turn:
			}
			mu.Lock()
			r := Report{Progress: at}
			mu.Unlock()
			// Not with working: a question that is broken off ends the session of the job's lock.
			switch err := keep(ctx, r); {
			case errors.Is(err, errGone):
				stop(err)
			case err != nil && working.Err() == nil: // it may be kept the next time
				log.Warn("keeping the report of a job", "job", j.ID, "err", err)
			}
		}
	})
	result, err := guarded(working, log, j, do, say)
	cause := context.Cause(working)
	stop(nil)
	watch.Wait()
	if cause != nil {
		log.Info("job left", "job", j.ID, "ms", time.Since(begun).Milliseconds(), "why", cause)
		return Report{}, cause
	}
	last := Report{Progress: at, Result: result}
	if err != nil {
		last.Failure = failureOf(log, j, err)
	}
	log.Info("job over", "job", j.ID, "ms", time.Since(begun).Milliseconds(), "state", last.over())
	return last, nil
}

// guarded turns a panic into an error.
func guarded(ctx context.Context, log *slog.Logger, j *Job, do Do, say func(commons.Progress)) (_ *commons.Computed, err error) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("panic", "job", j.ID, "what", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do(ctx, j, say)
}

func failureOf(log *slog.Logger, j *Job, err error) *Failure {
	var refused *commons.Refusal
	if errors.As(err, &refused) {
		return &Failure{Refusal: refused}
	}
	log.Error("job", "job", j.ID, "err", err)
	return &Failure{Code: FailedInside}
}

// parse reads a report as it is kept.
func (r *Report) parse(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	if err := json.Unmarshal(text, r); err != nil {
		return fmt.Errorf("report of a job: %w", err)
	}
	return nil
}

// over is the state in which a last report leaves its job.
func (r *Report) over() State {
	if r.Failure != nil {
		return Failed
	}
	return Done
}
