package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"bremen/plan"
)

// progress draws one line on a terminal that says how far the work has come. The
// zero value, and a nil one, draw nothing.
type progress struct {
	c     *call
	start time.Time

	mu    sync.Mutex
	drawn time.Time
	open  bool // a line is on the screen
}

// progressEvery is the least time between two drawings.
const progressEvery = 100 * time.Millisecond

// progress starts a line if standard error is a terminal.
func (c *call) progress() *progress {
	if !c.terminal {
		return nil
	}
	return &progress{c: c, start: c.now()}
}

// phase draws what is being done, by a key of the catalogue.
func (p *progress) phase(key string) {
	if p != nil {
		p.draw(p.c.lang.say("phase/"+key), true)
	}
}

// planning returns the function that draws the climb of a ladder, nil without a
// terminal. The first drawing does not wait. What the solver reports says nothing of the rung it works for, so
// the last rung reported is kept.
func (p *progress) planning(name string) func(plan.Progress) {
	if p == nil {
		return nil
	}
	var last plan.Progress
	begun := false
	return func(g plan.Progress) {
		first := !begun
		begun = true
		if g.Goal != "" {
			last = g
		}
		if last.Goal == "" {
			p.draw(name, first)
			return
		}
		line := p.c.lang.say("phase/plan", "rung", fmt.Sprint(last.Rung+1), "rungs", fmt.Sprint(g.Rungs), "goal", last.Goal,
			"level", p.c.lang.share(last.Level), "free", p.c.lang.count(last.Free), "of", p.c.lang.count(last.Of))
		if g.Phase != "" {
			line += "  " + g.Phase + " " + p.c.lang.count(g.Iterations)
		}
		if name != "" {
			line = name + "  " + line
		}
		p.draw(line, first)
	}
}

func (p *progress) draw(line string, now bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.c.now()
	if !now && t.Sub(p.drawn) < progressEvery {
		return
	}
	p.drawn, p.open = t, true
	fmt.Fprintf(p.c.err, "\r%s\x1b[K", clip(fmt.Sprintf("%4ds  %s", int(t.Sub(p.start).Seconds()), line), width-1))
}

// done takes the line away.
func (p *progress) done() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open {
		fmt.Fprintf(p.c.err, "\r%s\r", strings.Repeat(" ", width-1))
		p.open = false
	}
}
