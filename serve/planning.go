package serve

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"bremen/commons"
	"bremen/serve/jobs"
)

// Jobs opens the queue of jobs that is kept where the store is.
func (s *Store) Jobs(ctx context.Context, log *slog.Logger) (jobs.Queue, error) {
	if s.postgres {
		return jobs.OnPostgres(ctx, s.where, log)
	}
	return jobs.OnSQLite(ctx, s.db, s.clock, log)
}

// work has plans computed here until ctx ends.
func (s *Server) work(ctx context.Context) {
	if s.o.Jobs == nil || s.o.Solver == nil {
		return
	}
	p := jobs.Planner{Commons: s.commons, Solver: s.o.Solver}
	if err := s.o.Jobs.Work(ctx, p.Do); err != nil {
		s.o.Log.Error("jobs", "err", err)
	}
}

// errNoJobs: the server was started without a queue.
var errNoJobs = problem(http.StatusServiceUnavailable, "no-jobs")

// jobError is how an error of the queue is answered.
func jobError(err error) error {
	switch {
	case errors.Is(err, jobs.ErrNoJob):
		return errNotFound
	case errors.Is(err, jobs.ErrUnderWay):
		return &failure{status: http.StatusConflict, code: "job-under-way", cause: err}
	}
	return err
}

// startJob has a plan computed for somebody who may have it.
func (s *Server) startJob(ctx context.Context, n *commons.Network, person int64) (*jobs.Job, error) {
	if s.o.Jobs == nil {
		return nil, errNoJobs
	}
	if _, err := n.MayPlan(ctx, person); err != nil {
		return nil, err
	}
	j, err := s.o.Jobs.Start(ctx, jobs.Order{Network: n.Origin(), Person: person, Entries: n.Size()})
	if err == nil {
		s.o.Log.Info("job started", "origin", n.Origin(), "job", j.ID)
	}
	return j, jobError(err)
}

// cancelJob ends a job for somebody who might have started it.
func (s *Server) cancelJob(ctx context.Context, n *commons.Network, person, id int64) error {
	if s.o.Jobs == nil {
		return errNoJobs
	}
	if _, err := n.MayPlan(ctx, person); err != nil {
		return err
	}
	err := s.o.Jobs.Cancel(ctx, n.Origin(), id)
	if err == nil {
		s.o.Log.Info("job cancelled", "origin", n.Origin(), "job", id)
	}
	return jobError(err)
}

func (s *Server) job(ctx context.Context, n *commons.Network, id int64) (*jobs.Job, error) {
	if s.o.Jobs == nil {
		return nil, errNoJobs
	}
	j, err := s.o.Jobs.Job(ctx, n.Origin(), id)
	return j, jobError(err)
}

// forgetPerson drops what is here of somebody who was erased, besides the record.
func (s *Server) forgetPerson(ctx context.Context, origin string, person int64) error {
	err := s.o.Store.forgetPerson(ctx, origin, person)
	if s.o.Jobs != nil {
		err = errors.Join(err, s.o.Jobs.Forget(ctx, origin, person))
	}
	return err
}
