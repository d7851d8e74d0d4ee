package pdhg

import (
	"context"
	"runtime"
	"time"

	"bremen/lp/block"
)

// Pace measures how long an iteration of Solve takes for p on this machine, from some
// 40 to 400 of them: a second, or 40 iterations where these take longer. It
// takes the memory that Solve takes. p must be valid.
func Pace(ctx context.Context, p *block.Problem, threads int) (time.Duration, error) {
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	r := newRun(ctx, p, Options{Threads: threads})
	if _, err := r.advance(r.w, &r.rule); err != nil { // the first one warms up
		return 0, err
	}
	begin, first := time.Now(), r.total
	for range 10 {
		if _, err := r.advance(r.w, &r.rule); err != nil {
			return 0, err
		}
		if time.Since(begin) > time.Second {
			break
		}
	}
	return time.Since(begin) / time.Duration(r.total-first), nil
}
