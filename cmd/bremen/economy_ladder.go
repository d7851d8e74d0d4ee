package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"bremen/lp/block"
	"bremen/lp/interior"
	"bremen/network/economy"
	"bremen/network/economy/ladder"
)

// worstShown is how many of the worst-served are printed.
const worstShown = 8

// climbEconomy plans an economy by its ladder, prints what comes out, and writes it.
func (c *call) climbEconomy(ctx context.Context, e *economy.Economy, p *block.Problem, ix *economy.Index, f *economyFlags, bar *progress) error {
	o := ladder.Options{Tolerance: f.tolerance, Time: f.time, Threads: f.threads, Sharp: &interior.Solver{Threads: f.threads}}
	if !f.stated {
		o.Tolerance = 0 // that of a ladder
	}
	bar.climbing(&o, len(e.Goals().Rungs))
	climbed, err := ladder.Climb(ctx, e, p, ix, o)
	if err != nil {
		return err
	}
	bar.phase("check")
	r, err := promptly(ctx, func() (*ladder.Result, error) { return ladder.Conclude(e, p, ix, climbed, o), nil })
	if err != nil {
		return err
	}
	write := func(dir string) error { return r.Write(filesIn(ctx, dir), economy.Format(f.to), e) }
	err = c.handOut(f.out, write, r.Summary, bar, func() { c.printEconomyLadder(e, r.Summary, f.out) })
	if err == nil && climbed.Stopped {
		err = said(exitNo)
	}
	return err
}

// climbing draws how far a climb has come.
func (p *progress) climbing(o *ladder.Options, rungs int) {
	if p == nil {
		return
	}
	programs, last := 0, ""
	o.Progress = func(s ladder.Step) {
		programs++
		if s.Kind == ladder.Level {
			last = p.c.lang.share(s.Level)
		}
	}
	o.Within = func(rung int, kind ladder.Kind, iterations int) {
		p.draw(p.c.lang.say("phase/ladder", "rung", fmt.Sprint(min(rung, rungs)), "rungs", fmt.Sprint(rungs), "kind", p.c.lang.say("economy/step/"+string(kind)),
			"level", last, "programs", p.c.lang.count(programs), "iterations", p.c.lang.count(iterations)), false)
	}
}

// printEconomyLadder prints a plan by a ladder on one page: how high each rung came and what is proven of it, for whom, what binds.
func (c *call) printEconomyLadder(e *economy.Economy, s *ladder.Summary, out string) {
	l, w := c.lang, c.out
	fmt.Fprintf(w, "%s\n\n", wrap(l.say("economy/ladder/"+s.Status, "economy", s.Economy, "worst", l.broken(s.Broken), "programs", l.count(len(s.Steps)),
		"seconds", l.seconds(s.Seconds)), width))
	c.printRungs(e, s)
	for _, note := range c.ladderNotes(s) {
		fmt.Fprintln(w, hang("- "+note, "  ", width))
	}
	fmt.Fprintln(w)
	c.printSatisfactions(s.Satisfactions)
	if len(s.Worst) > 0 {
		t := &table{head: []string{l.say("economy/ladder/worst"), l.say("economy/urgency"), l.say("economy/region"), l.say("economy/period"), l.say("economy/mean")}, right: map[int]bool{4: true}, flex: 0}
		for _, n := range s.Worst[:min(len(s.Worst), worstShown)] {
			t.add(n.Product, n.Urgency, n.Region, n.Period, l.share(n.Satisfaction))
		}
		fmt.Fprintln(w)
		t.print(w)
	}
	if s.ScarceStep > 0 {
		c.printScarce(s.Scarce, l.say("economy/ladder/scarce", "rung", fmt.Sprint(s.Steps[s.ScarceStep-1].Rung)))
	}
	if out != "" {
		fmt.Fprintf(w, "\n%s\n", wrap(l.say("economy/plan/next", "folder", out, "from", c.operands[1]), width))
	}
}

// printRungs prints a line for each rung: its first level, which is that of the worst-served.
func (c *call) printRungs(e *economy.Economy, s *ladder.Summary) {
	l := c.lang
	t := &table{head: []string{"", l.say("economy/ladder/goal"), l.say("economy/ladder/level"), l.say("economy/ladder/bound"), l.say("economy/ladder/programs"), l.say("economy/ladder/time")},
		right: map[int]bool{2: true, 3: true, 4: true, 5: true}, flex: 1}
	for k, heights := range e.Goals().Rungs {
		level, bound, n, seconds := "–", "–", 0, 0.0
		for _, step := range s.Steps {
			if step.Rung != k+1 {
				continue
			}
			if n++; n == 1 {
				level, bound = l.share(step.Level), l.share(step.Bound)
			}
			seconds += step.Seconds
		}
		if n == 0 && s.Status == "climbed" {
			level = l.share(1) // nobody was short of it
		}
		var goals []string
		for u, height := range heights {
			if height > 0 {
				goals = append(goals, e.Urgencies[u].Name+" "+l.share(height))
			}
		}
		t.add(fmt.Sprint(k+1), strings.Join(goals, ", "), level, bound, l.count(n), l.seconds(seconds))
	}
	if last := len(s.Steps) - 1; last >= 0 && s.Steps[last].Kind == ladder.Labour {
		step := s.Steps[last]
		t.add("", l.say("economy/step/labour"), l.number(step.Level), l.number(step.Bound), "1", l.seconds(step.Seconds))
	}
	t.print(c.out)
}

// ladderNotes say how to read the lines of rungs, and what is not proven.
func (c *call) ladderNotes(s *ladder.Summary) []string {
	l := c.lang
	notes := []string{l.say("economy/ladder/read")}
	levels, weak, short, widest := 0, 0, 0, 0.0
	for _, step := range s.Steps {
		if step.Stopped {
			short++
		}
		if step.Kind != ladder.Level {
			continue
		}
		levels++
		if open := step.Bound - step.Level; open > s.Ladder.Window {
			weak, widest = weak+1, max(widest, open)
		}
	}
	if short > 0 {
		notes = append(notes, l.say("economy/ladder/short", "count", l.count(short), "of", l.count(len(s.Steps))))
	}
	if weak > 0 {
		notes = append(notes, l.say("economy/ladder/weak", "count", l.count(weak), "of", l.count(levels), "open", l.share(widest)))
	}
	if slices.ContainsFunc(s.Steps, func(step ladder.Step) bool { return step.Kept }) {
		notes = append(notes, l.say("economy/ladder/kept"))
	}
	return notes
}

func (l language) seconds(s float64) string {
	return l.duration(time.Duration(s * float64(time.Second)))
}

// verifyLadder checks a written plan by a ladder.
func (c *call) verifyLadder(ctx context.Context, out string, e *economy.Economy, p *block.Problem, ix *economy.Index, bar *progress) error {
	v, err := promptly(ctx, func() (*ladder.Verification, error) { return ladder.Verify(ctx, os.DirFS(out), e, p, ix) })
	if err != nil {
		return c.located(out, err)
	}
	bar.done()
	if c.json {
		err = writeJSON(c.out, v)
	} else if v.Holds {
		_, err = fmt.Fprintln(c.out, wrap(c.lang.say("economy/ladder/holds", "plan", out, "economy", e.ID, "worst", c.lang.broken(v.Broken),
			"steps", c.lang.count(v.Steps), "tables", c.lang.count(v.Tables)), width))
	}
	if err == nil && !v.Holds {
		err = c.holdsNot(out, e, v.Failures)
	}
	return err
}
