package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

// sizes by about how many coefficients they have. Those of a figure to reach
// (docs/capacity.md) and two between, for the growth.
var sizes = []size{
	{"1e5", 100, 5, 8},
	{"3e5", 250, 6, 8},
	{"1.2e6", 500, 8, 12},
	{"3e6", 1200, 8, 12},
	{"9.4e6", 3000, 10, 12},
	{"1e8", 15000, 20, 12},
}

// tolerances are those that a size is solved to, the first by HiGHS too.
func (s size) tolerances() []float64 {
	switch s.Name {
	case "1e8":
		return []float64{1e-3}
	case "1e5", "1.2e6":
		return []float64{1e-4, 1e-6}
	}
	return []float64{1e-4}
}

// peers are the methods of HiGHS that are tried: none where it has no room, an
// instance of the module having 2 GiB.
func (s size) peers() []string {
	switch s.Name {
	case "1e5", "1.2e6":
		return []string{simplex, interior, pdlp}
	case "9.4e6":
		return []string{interior, pdlp}
	}
	return nil
}

func sizeNamed(name string) (size, error) {
	for _, s := range sizes {
		if s.Name == name {
			return s, nil
		}
	}
	return size{}, fmt.Errorf("size %q, expected one of 1e5, 3e5, 1.2e6, 3e6, 9.4e6, 1e8", name)
}

// options of a whole run.
type options struct {
	runs       int
	own, highs time.Duration
	threads    int
}

// result is what several runs of one job came to: the run of median time.
type result struct {
	job
	outcome
	Runs int
}

// once is the time from which on a job is run a single time.
const once = time.Minute

// measure runs all jobs; with an error it returns what is done.
func (o options) measure(ctx context.Context, chosen []size) ([]result, error) {
	var results []result
	for _, j := range o.jobs(chosen) {
		r, err := o.repeat(ctx, j)
		if err != nil {
			return results, err
		}
		results = append(results, r)
		fmt.Fprintln(os.Stderr, r.line())
	}
	return results, nil
}

func (o options) jobs(chosen []size) []job {
	var jobs []job
	for _, s := range chosen {
		jobs = append(jobs, job{Size: s, Threads: o.threads, Floor: true})
		for _, tolerance := range s.tolerances() {
			jobs = append(jobs, job{Size: s, Solver: inBlocks, Tolerance: tolerance, Time: o.own, Threads: o.threads})
			if s.Name == "1e5" { // larger ones have no sparse factor
				jobs = append(jobs, job{Size: s, Solver: factored, Tolerance: tolerance, Time: o.own, Threads: o.threads})
			}
			if o.highs == 0 {
				continue
			}
			for _, peer := range s.peers() {
				jobs = append(jobs, job{Size: s, Solver: peer, Tolerance: tolerance, Time: o.highs})
			}
		}
		if s.Name == "1e5" || s.Name == "1.2e6" {
			jobs = append(jobs, job{Size: s, Solver: writtenOut, Tolerance: 1e-4, Time: o.own, Threads: o.threads})
		}
	}
	return jobs
}

func (o options) repeat(ctx context.Context, j job) (result, error) {
	var runs []outcome
	for len(runs) < max(1, o.runs) {
		r, err := j.start(ctx)
		if err != nil {
			return result{}, err
		}
		runs = append(runs, *r)
		if j.Floor || r.Seconds > once.Seconds() || r.Error != "" {
			break
		}
	}
	slices.SortFunc(runs, func(a, b outcome) int {
		switch {
		case a.Seconds < b.Seconds:
			return -1
		case a.Seconds > b.Seconds:
			return 1
		}
		return 0
	})
	return result{j, runs[(len(runs)-1)/2], len(runs)}, nil
}

// start does the job in a process of its own.
func (j job) start(ctx context.Context) (*outcome, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	c := exec.CommandContext(ctx, self, "-one", string(text))
	c.Stdout, c.Stderr = &out, os.Stderr
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return &outcome{Error: err.Error()}, nil // killed for its memory, or crashed
	}
	var r outcome
	return &r, json.Unmarshal(out.Bytes(), &r)
}

func format(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
