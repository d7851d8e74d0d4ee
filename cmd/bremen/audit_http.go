package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	mostTries = 6
	mostPause = 30 * time.Second
)

// patient asks again where a server is busy or away for a moment, so that nobody takes that for entries withheld: what it
// gives up on is an error of the way there, not an answer.
type patient struct {
	http  http.RoundTripper
	first time.Duration // before the second try; doubled for each further one
}

// RoundTrip is http.RoundTripper's. It is for requests without a body.
func (p patient) RoundTrip(r *http.Request) (*http.Response, error) {
	pause := p.first
	for try := 1; ; try++ {
		res, err := p.http.RoundTrip(r)
		if err != nil || !busy(res.StatusCode) {
			return res, err
		}
		io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)) //nolint:errcheck // it is thrown away
		res.Body.Close()
		if try == mostTries || !retry(res.StatusCode) {
			return nil, fmt.Errorf("answered %s", res.Status)
		}
		if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s >= 0 {
			pause = max(pause, time.Duration(s)*time.Second)
		}
		if err := wait(r.Context(), min(pause, mostPause)); err != nil {
			return nil, err
		}
		pause *= 2
	}
}

// busy tells whether an answer says nothing about what was asked for.
func busy(status int) bool {
	return retry(status) || status == http.StatusUnauthorized || status == http.StatusForbidden
}

func retry(status int) bool { return status == http.StatusTooManyRequests || status >= 500 }

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
