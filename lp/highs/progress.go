package highs

import (
	"strconv"
	"strings"
	"time"

	"bremen/lp"
)

// watch tells a caller how far a solve has come, from what the solver prints.
type watch struct {
	progress   func(lp.Progress)
	start      time.Time
	last       time.Time
	iterations int
	phase      string
}

const progressEvery = 100 * time.Millisecond

// reading returns what the clock does at each reading; nil without a listener.
func (w *watch) reading() func() {
	if w.progress == nil {
		return nil
	}
	return func() {
		now := time.Now()
		if now.Sub(w.last) < progressEvery {
			return
		}
		w.last = now
		w.progress(lp.Progress{Iterations: w.iterations, Elapsed: now.Sub(w.start), Phase: w.phase})
	}
}

// phases maps how a heading of the solver's log begins to the phase it opens.
var phases = []struct{ heading, phase string }{
	{"Presolving model", "presolve"},
	{"Presolve ", "presolve"},
	{"IPX model has", "interior"},
	{"Start factorization", "interior"},
	{"Running crossover", "crossover"},
	{"Solving with IPX", "interior"},
	{"Using ", "simplex"},
	{"Solving MIP", "mip"},
}

// line reads one line of the solver's log.
func (w *watch) line(s string) {
	s = strings.TrimSpace(s)
	for _, p := range phases {
		if strings.HasPrefix(s, p.heading) {
			w.phase = p.phase
			return
		}
	}
	first, _, _ := strings.Cut(s, " ")
	if n, err := strconv.Atoi(strings.TrimRight(first, "*")); err == nil && n >= 0 && w.phase != "presolve" {
		w.iterations = n
	}
}
