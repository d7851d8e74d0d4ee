package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"

	"bremen/commons"
	"bremen/serve/jobs"
)

// workerFlags are the flags of "bremen worker".
type workerFlags struct {
	data, database string
	series         bool
}

func workerCommand(f *flag.FlagSet) action {
	var w workerFlags
	f.StringVar(&w.data, "data", "bremen-data", "")
	f.StringVar(&w.database, "database", "", "")
	f.BoolVar(&w.series, "series", false, "")
	return func(ctx context.Context, c *call) error {
		if w.database == "" {
			return usage(c.lang, c.command, errors.New(c.lang.say("worker/which")))
		}
		if w.series {
			return c.workOnSeries(ctx, &w)
		}
		return c.work(ctx, &w)
	}
}

// work computes plans until ctx ends.
func (c *call) work(ctx context.Context, w *workerFlags) (err error) {
	if info, err := os.Stat(w.data); err != nil || !info.IsDir() { // a folder of its own would hide the plans from the servers
		return &failure{status: exitInput, err: errors.New(c.lang.say("worker/data", "name", w.data))}
	}
	log := slog.New(slog.NewJSONHandler(c.err, nil))
	store, err := c.openDatabase(ctx, w.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	networks, err := commons.Open(ctx, store, commons.Options{Clock: c.now, Dir: w.data, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, networks.Close()) }()
	queue, err := jobs.OnPostgres(ctx, w.database, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, queue.Close()) }()
	fmt.Fprintln(c.err, c.laid(c.lang.say("worker/ready")))
	p := jobs.Planner{Commons: networks, Solver: c.jobSolver}
	return queue.Work(ctx, p.Do)
}
