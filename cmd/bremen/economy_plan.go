package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/finish"
	"bremen/lp/pdhg"
	"bremen/network/economy"
	"bremen/network/economy/ladder"
	"bremen/words"
)

// scarceShown and regionsShown are how many lines of a plan's summary are
// printed; --json has all.
const (
	reasonsShown = 8
	scarceShown  = 10
	regionsShown = 12
	leastValue   = 5e-4 // of the goal; below it a price says little
)

// planEconomy plans an economy, prints what comes out, and writes it.
func (c *call) planEconomy(ctx context.Context, f *economyFlags) error {
	name := c.operands[1]
	if err := c.vacant(f.out); err != nil {
		return err
	}
	bar := c.progress()
	defer bar.done()
	bar.phase("read")
	e, err := c.readEconomy(ctx, name)
	if err != nil {
		return c.unreadable(name, err)
	}
	p, ix, err := c.economyProgram(ctx, e)
	if kept := (*economy.KeptError)(nil); errors.As(err, &kept) {
		return c.answerKept(ctx, f, e, kept, bar)
	}
	if err != nil {
		return c.unplannable(err)
	}
	most, err := c.roomFor(p, f)
	if err != nil {
		return err
	}
	if f.dryRun {
		return c.foretellEconomy(ctx, e, p, f, most, bar)
	}
	if c.terminal {
		if err := c.printExpected(ctx, e, p, f, most, bar); err != nil {
			return err
		}
	}
	if f.ladder {
		var none *ladder.NoPlanError
		if err := c.climbEconomy(ctx, e, p, ix, f, bar); !errors.As(err, &none) {
			return err
		} // that there is none is proven as without a ladder
	}
	s, err := c.solveEconomy(ctx, p, f, most, bar)
	if err != nil {
		return err
	}
	return c.concludeEconomy(ctx, e, p, ix, s, f, bar)
}

// concludeEconomy checks a solution, writes and prints what it means.
func (c *call) concludeEconomy(ctx context.Context, e *economy.Economy, p *block.Problem, ix *economy.Index, s *finish.Solution, f *economyFlags, bar *progress) error {
	bar.phase("check")
	var plan *economy.Plan
	r, err := promptly(ctx, func() (r *economy.Result, err error) {
		r, plan = economyResult(e, p, ix, s)
		return r, nil
	})
	if err != nil {
		return err
	}
	r.Summary.Tolerance = f.tolerance
	write := func(dir string) error { return r.Write(filesIn(ctx, dir), economy.Format(f.to), e, plan) }
	err = c.handOut(f.out, write, r.Summary, bar, func() {
		if plan == nil {
			c.printImpossible(r.Summary, f.out)
		} else {
			c.printEconomyPlan(r.Summary, f.out)
		}
	})
	if err == nil && s.Status != lp.Optimal {
		err = said(exitNo)
	}
	return err
}

// handOut writes a plan, or that there is none, into a folder, "" for none, and prints its summary as JSON or what inWords does.
func (c *call) handOut(folder string, write func(dir string) error, summary any, bar *progress, inWords func()) error {
	if folder != "" {
		bar.phase("write")
		if err := c.newFolder(folder, write); err != nil {
			return err
		}
	}
	bar.done()
	if c.json {
		return writeJSON(c.out, summary)
	}
	inWords()
	return nil
}

// economyResult is what a solution means for the economy; without a plan if there is none.
func economyResult(e *economy.Economy, p *block.Problem, ix *economy.Index, s *finish.Solution) (r *economy.Result, plan *economy.Plan) {
	if s.Status == lp.Infeasible {
		r = ix.Impossible(e, p, s.Ray)
	} else {
		plan = ix.Read(e, p, s.Col)
		r = &economy.Result{Summary: ix.Summarise(e, p, plan, s.RowDual, s.Proof.Objective), Col: s.Col, RowDual: s.RowDual}
		r.Summary.SetBound(s.Proof.Bound, block.Check(p, s.Col, s.RowDual))
		r.Summary.Status = "stopped"
		if s.Status == lp.Optimal {
			r.Summary.Status = "optimal"
		}
	}
	r.Summary.Method, r.Summary.Iterations = string(s.Method), s.Iterations
	r.Summary.Seconds = s.Elapsed.Round(time.Millisecond).Seconds()
	return r, plan
}

// solveEconomy solves the program of an economy in so many bytes, 0 for no bound.
func (c *call) solveEconomy(ctx context.Context, p *block.Problem, f *economyFlags, memory int64, bar *progress) (*finish.Solution, error) {
	o := finish.Options{Options: pdhg.Options{Tolerance: f.tolerance, Time: f.time, Threads: f.threads, Memory: memory, Progress: bar.solving()}}
	if finish.Small(p, memory) {
		exact, err := c.solver()
		if err != nil {
			return nil, err
		}
		defer exact.Close()
		o.Exact, o.ExactProgress = exact, bar.finishing()
	}
	return finish.Solve(ctx, p, o)
}

// economyProgram states an economy as a program.
func (c *call) economyProgram(ctx context.Context, e *economy.Economy) (*block.Problem, *economy.Index, error) {
	var ix *economy.Index
	p, err := promptly(ctx, func() (p *block.Problem, err error) {
		p, ix, err = e.Problem(economy.Satisfaction)
		return p, err
	})
	return p, ix, err
}

// unplannable is the failure of a command whose economy has no program.
func (c *call) unplannable(err error) error {
	var u *economy.UnboundedError
	if errors.As(err, &u) {
		return &failure{status: exitInput, err: errors.New(c.unboundedText(u))}
	}
	return err
}

// answerKept says that an economy has no plan, as bounds alone show, and writes that but in a dry run.
func (c *call) answerKept(ctx context.Context, f *economyFlags, e *economy.Economy, k *economy.KeptError, bar *progress) error {
	r, folder := k.Result(e), f.out
	if f.dryRun {
		folder = ""
	}
	write := func(dir string) error { return r.Write(filesIn(ctx, dir), economy.Format(f.to), e, nil) }
	err := c.handOut(folder, write, r.Summary, bar, func() {
		fmt.Fprintln(c.out, wrap(c.keptText(e.ID, k), width))
		c.printNoneNext(folder)
	})
	if err == nil {
		err = said(exitNo)
	}
	return err
}

func (c *call) keptText(id string, k *economy.KeptError) string {
	return c.lang.say("economy/kept", "economy", id, "capital", k.Capital, "region", k.Region, "kept", c.lang.number(k.Kept), "most", c.lang.number(k.Most))
}

// printNoneNext says what to do where there is no plan.
func (c *call) printNoneNext(out string) {
	fmt.Fprintf(c.out, "\n%s\n", wrap(c.lang.say("economy/none/next"), width))
	if out != "" {
		fmt.Fprintln(c.out, wrap(c.lang.say("economy/none/proof", "folder", out, "from", c.operands[1]), width))
	}
}

func (c *call) unboundedText(u *economy.UnboundedError) string {
	return c.lang.say("economy/unbounded", "what", c.lang.say("economy/"+u.What), "code", u.Code, "region", u.Region, "period", u.Period)
}

// solving returns the function that draws how far the solver has come, and how long 10,000
// iterations take; nil without a terminal.
func (p *progress) solving() func(pdhg.Progress) {
	if p == nil {
		return nil
	}
	return func(g pdhg.Progress) {
		rate := time.Duration(0)
		if g.Iterations > 0 {
			rate = g.Elapsed / time.Duration(g.Iterations) * 10000
		}
		l := p.c.lang
		p.draw(l.say("phase/economy", "iterations", l.count(g.Iterations), "worst", l.exponent(g.Check.Primal),
			"gap", l.exponent(g.Check.Gap), "rate", l.duration(rate)), false)
	}
}

// finishing returns the function that draws how far the exact method has come; nil without a terminal.
func (p *progress) finishing() func(lp.Progress) {
	if p == nil {
		return nil
	}
	return func(g lp.Progress) {
		p.draw(p.c.lang.say("phase/exact", "iterations", p.c.lang.count(g.Iterations)), false)
	}
}

// filesIn creates files in a folder that cannot be written to once ctx ends.
func filesIn(ctx context.Context, dir string) func(file string) (io.WriteCloser, error) {
	return func(file string) (io.WriteCloser, error) {
		w, err := os.Create(filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		return stoppableFile{&stoppable{ctx, w}, w}, nil
	}
}

// gap writes a share that no plan exceeds.
func (l language) gap(x float64) string {
	if x < 1e-6 {
		return plain(words.Language(l).Percent(fmt.Sprintf("%.0e", 100*max(1e-9, math.Exp2(math.Ceil(math.Log2(x)))))))
	}
	return plain(words.Language(l).Percent(l.figure(x * 100)))
}

// broken writes by how much bounds are broken.
func (l language) broken(x float64) string {
	if x == 0 {
		return "0"
	}
	return l.exponent(x)
}

// printEconomyPlan prints a plan on one page: how good, for whom, what binds.
func (c *call) printEconomyPlan(s *economy.Summary, out string) {
	l, w := c.lang, c.out
	fmt.Fprintln(w, wrap(l.say("economy/plan/"+s.Status, "economy", s.Economy, "gap", l.gap(s.Gap), "method", l.say("economy/method/"+s.Method), "worst", l.broken(s.Check.Primal),
		"seconds", l.duration(time.Duration(s.Seconds*float64(time.Second))), "iterations", l.count(s.Iterations)), width))
	fmt.Fprintln(w)
	c.printSatisfactions(s.Satisfactions)
	c.printScarce(s.Scarce, l.say("economy/scarce"))
	if out != "" {
		fmt.Fprintf(w, "\n%s\n", wrap(l.say("economy/plan/next", "folder", out, "from", c.operands[1]), width))
	}
}

// printSatisfactions prints how each urgency fares in each region.
func (c *call) printSatisfactions(list []economy.RegionSatisfaction) {
	l := c.lang
	t := &table{head: []string{l.say("economy/urgency"), l.say("economy/region"), l.say("economy/mean"), l.say("economy/least"), ""}, right: map[int]bool{2: true, 3: true}, flex: 4}
	for k, q := range list {
		if k == regionsShown {
			t.add("…", "", "", "", l.say("economy/more", "count", l.count(len(list)-k)))
			break
		}
		least := ""
		if q.Least < 1-1e-3 {
			least = l.say("economy/where/least", "product", q.Product, "period", q.Period)
		}
		t.add(q.Urgency, q.Region, l.share(q.Mean), l.share(q.Least), least)
	}
	t.print(c.out)
}

// printScarce prints what is scarce under a heading, if anything is.
func (c *call) printScarce(list []economy.Scarcity, heading string) {
	if len(list) == 0 {
		return
	}
	l := c.lang
	fmt.Fprintf(c.out, "\n%s\n", wrap(heading, width))
	t := &table{head: []string{"", "", l.say("economy/used"), l.say("economy/price"), l.say("economy/value")}, right: map[int]bool{2: true, 3: true, 4: true}, flex: 0}
	for k, q := range list {
		if k == scarceShown || k > 0 && q.Value < leastValue {
			break
		}
		share := "–"
		if q.There > 0 {
			share = l.share(q.Used / q.There)
		}
		t.add(l.say("economy/kind/"+q.Kind)+" "+q.Code, q.Region, share, l.significant(q.Price), l.share(q.Value))
	}
	t.print(c.out)
}

// printImpossible prints why an economy has no plan.
func (c *call) printImpossible(s *economy.Summary, out string) {
	l, w := c.lang, c.out
	fmt.Fprintln(w, wrap(l.say("economy/none", "economy", s.Economy, "method", l.say("economy/method/"+s.Method),
		"seconds", l.duration(time.Duration(s.Seconds*float64(time.Second))), "iterations", l.count(s.Iterations)), width))
	for _, part := range []struct {
		key string
		is  func(share float64) bool
	}{
		{"must", func(v float64) bool { return v > 0 }}, {"there", func(v float64) bool { return v < 0 }}, {"through", func(v float64) bool { return v == 0 }},
	} {
		t := &table{head: []string{"", l.say("economy/region"), l.say("economy/period"), l.say("economy/amount"), l.say("economy/share")}, right: map[int]bool{3: true, 4: true}, flex: 0}
		for _, r := range s.Reasons {
			if !part.is(r.Share) {
				continue
			}
			if len(t.rows) == reasonsShown {
				t.add("…")
				break
			}
			share, amount := "", l.number(math.Abs(r.Amount))
			if r.Share != 0 {
				share = l.share(math.Abs(r.Share))
			}
			t.add(l.say("economy/reason/"+r.Kind)+" "+r.Code, r.Region, r.Period, amount, share)
		}
		if len(t.rows) > 0 {
			fmt.Fprintf(w, "\n%s\n", wrap(l.say("economy/reasons/"+part.key), width))
			t.print(w)
		}
	}
	c.printNoneNext(out)
}

// verifyEconomy checks a written plan against its economy.
func (c *call) verifyEconomy(ctx context.Context) error {
	out, name := c.operands[1], c.operands[2]
	bar := c.progress()
	defer bar.done()
	bar.phase("read")
	e, err := c.readEconomy(ctx, name)
	if err != nil {
		return c.unreadable(name, err)
	}
	p, ix, err := c.economyProgram(ctx, e)
	kept := (*economy.KeptError)(nil)
	if err != nil && !errors.As(err, &kept) {
		return c.unplannable(err)
	}
	bar.phase("verify")
	if kept == nil && ladder.Written(os.DirFS(out)) {
		return c.verifyLadder(ctx, out, e, p, ix, bar)
	}
	v, err := promptly(ctx, func() (*economy.Verification, error) {
		if kept != nil {
			return kept.Verify(ctx, os.DirFS(out), e)
		}
		return economy.Verify(ctx, os.DirFS(out), e, p, ix)
	})
	if err != nil {
		return c.located(out, err)
	}
	bar.done()
	if c.json {
		err = writeJSON(c.out, v)
	} else if v.Holds && v.Summary.Status == economy.StatusInfeasible {
		_, err = fmt.Fprintln(c.out, wrap(c.lang.say("economy/holds/none", "plan", out, "economy", e.ID), width))
	} else if v.Holds {
		l := c.lang
		_, err = fmt.Fprintln(c.out, wrap(l.say("economy/holds", "plan", out, "economy", e.ID, "worst", l.broken(v.Worst),
			"gap", l.gap(v.Gap), "tables", l.count(v.Tables)), width))
	}
	if err == nil && !v.Holds {
		err = c.holdsNot(out, e, v.Failures)
	}
	return err
}

// holdsNot says what is wrong with a plan, unless that was written as JSON, and that the answer is no.
func (c *call) holdsNot(plan string, e *economy.Economy, failures []string) error {
	if !c.json {
		if _, err := fmt.Fprintln(c.out, wrap(c.lang.say("economy/holds/not", "plan", plan, "economy", e.ID), width)); err != nil {
			return err
		}
		for _, f := range failures {
			fmt.Fprintln(c.out, hang(f, "  ", width))
		}
	}
	return said(exitNo)
}
