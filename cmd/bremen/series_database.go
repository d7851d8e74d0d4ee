package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"time"

	"bremen/network"
	"bremen/plan"
	"bremen/series"
	"bremen/serve/jobs"
)

// openVariants opens the series of a database.
func (c *call) openVariants(ctx context.Context, url string, log *slog.Logger) (*jobs.Series, error) {
	if !isDatabase(url) {
		return nil, usage(c.lang, c.command, errors.New(c.lang.say("data/url")))
	}
	q, err := jobs.OpenSeries(ctx, url, log)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.lang.say("data/database"), err)
	}
	return q, nil
}

// workOnSeries computes variants until ctx ends.
func (c *call) workOnSeries(ctx context.Context, w *workerFlags) (err error) {
	log := slog.New(slog.NewJSONHandler(c.err, nil))
	q, err := c.openVariants(ctx, w.database, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	solver, err := c.variantSolver()
	if err != nil {
		return err
	}
	defer solver.Close()
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	fmt.Fprintln(c.err, c.laid(c.lang.say("worker/ready")))
	return q.Work(ctx, fmt.Sprintf("%s %d", name, os.Getpid()), solver.Instances(), func(ctx context.Context, n *network.Network, o series.Order) (*series.Outcome, error) {
		return series.Compute(ctx, n, o, solver, func(plan.Progress) {})
	})
}

// collectEvery is how often outcomes are looked for; away is for how long the database may not answer meanwhile.
const (
	collectEvery = 500 * time.Millisecond
	away         = 2 * time.Minute
)

// outcomesThere orders what is missing in a database and collects what its workers compute. Stopping it leaves the orders
// where they are, unless they are to be cancelled.
func (c *call) outcomesThere(ctx context.Context, n *network.Network, w *seriesWork, f *seriesFlags, bar *progress) (err error) {
	q, err := c.openVariants(ctx, f.database, slog.New(slog.NewJSONHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	missing := w.missing()
	if f.cancel {
		if err := q.Cancel(ctx, w.network, hashes(missing)); err != nil {
			return err
		}
		return &failure{status: exitInput, err: errors.New(c.lang.say("series/cancelled", "done", c.lang.count(w.count()), "of", c.lang.count(len(w.orders))))}
	}
	if err := q.Start(ctx, n, missing); err != nil {
		return err
	}
	told := bar.variants(len(w.orders), w.count())
	heard := c.now()
	for {
		err := c.collect(ctx, q, w, told)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			heard = c.now()
		case errors.As(err, new(*failure)) || c.now().Sub(heard) > away:
			return err
		}
		if len(w.missing()) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(collectEvery):
		}
	}
}

func hashes(orders []series.Order) []string {
	list := make([]string, len(orders))
	for i := range orders {
		list[i] = orders[i].Hash()
	}
	return list
}

// collect takes over what has come; a *failure says that no more will.
func (c *call) collect(ctx context.Context, q *jobs.Series, w *seriesWork, told *variantBar) error {
	missing := w.missing()
	// What is given up is asked first: between the two questions an outcome may come, but none goes.
	given, err := q.Given(ctx, w.network, hashes(missing))
	if err != nil {
		return err
	}
	found, err := q.Outcomes(ctx, w.network, hashes(missing))
	if err != nil {
		return err
	}
	for _, o := range missing {
		if out := found[o.Hash()]; out != nil {
			if err := w.keep(o, out); err != nil {
				return &failure{status: exitInput, err: err}
			}
			delete(given, o.Hash())
		}
	}
	told.set(w.count())
	left := w.missing()
	if len(left) == 0 || len(given) < len(left) {
		return nil
	}
	first := slices.Sorted(maps.Keys(given))[0]
	return &failure{status: exitInput, err: errors.New(c.lang.say("series/given", "count", c.lang.count(len(left)), "variant", first, "why", given[first]))}
}
