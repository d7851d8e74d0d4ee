package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"strings"

	"bremen/lp/highs"
	"bremen/lp/interior"
	"bremen/network"
	"bremen/plan"
	"bremen/series"
)

// seriesFlags are the flags of "bremen series".
type seriesFlags struct {
	dir      string // to write and to go on from; "" prints only
	database string // that workers take the variants from; "" computes here
	cancel   bool   // what is not finished there
}

func seriesCommand(f *flag.FlagSet) action {
	var s seriesFlags
	f.StringVar(&s.dir, "o", "", "")
	f.StringVar(&s.database, "database", "", "")
	f.BoolVar(&s.cancel, "cancel", false, "")
	return func(ctx context.Context, c *call) error {
		if s.cancel && s.database == "" {
			return usage(c.lang, c.command, errors.New(c.lang.say("series/cancel")))
		}
		return c.runSeries(ctx, &s)
	}
}

func (c *call) runSeries(ctx context.Context, f *seriesFlags) error {
	bar := c.progress()
	defer bar.done()
	bar.phase("read")
	n, err := c.stated(ctx, c.operands[0])
	if err != nil {
		return err
	}
	s, err := c.seriesOf(ctx, n, c.operands[1], bar)
	if err != nil {
		return err
	}
	w, err := c.openSeries(n, s, f.dir)
	if err != nil {
		return err
	}
	if err := c.outcomes(ctx, n, w, f, bar); err != nil {
		return c.unfinished(w, err)
	}
	bar.phase("write")
	t, err := series.NewTable(n, s, w.done)
	if err != nil {
		return err
	}
	if err := w.finish(n, t); err != nil {
		return err
	}
	bar.done()
	if c.json {
		return writeJSON(c.out, t)
	}
	c.printSeries(t, f.dir)
	return nil
}

// seriesOf reads a series and makes it of a network; its mistakes become one failure.
func (c *call) seriesOf(ctx context.Context, n *network.Network, name string, bar *progress) (*series.Series, error) {
	text, err := promptly(ctx, func() ([]byte, error) {
		if name == "-" {
			return io.ReadAll(io.LimitReader(c.in, series.MaxText+1))
		}
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return io.ReadAll(io.LimitReader(file, series.MaxText+1))
	})
	if err != nil {
		return nil, c.located(name, err)
	}
	spec, err := series.Parse(name, text)
	if err != nil {
		return nil, c.seriesMistakes(name, err)
	}
	s, err := spec.Of(n)
	if err != nil {
		return nil, c.seriesMistakes(name, err)
	}
	bar.phase("check")
	_, err = promptly(ctx, func() (struct{}, error) { return struct{}{}, s.Check(n) })
	if err != nil {
		return nil, c.seriesMistakes(name, err)
	}
	return s, nil
}

// seriesMistakes says what is wrong with a series in the language at hand.
func (c *call) seriesMistakes(name string, err error) error {
	var lines []string
	var file series.Mistakes
	var one *series.Mistake
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &file):
		for i := range file {
			lines = append(lines, name+":"+file[i].In(string(c.lang)))
		}
	case errors.As(err, &one):
		lines = []string{name + ": " + one.In(string(c.lang))}
	default:
		lines = c.variantMistakes(name, err)
	}
	if k := len(lines) - mistakesShown; k > 0 {
		lines = append(lines[:mistakesShown], c.lang.say("mistakes/more", "count", c.lang.count(k)))
	}
	return &failure{status: exitInput, err: errors.New(strings.Join(lines, "\n"))}
}

// variantMistakes says what is wrong with variants; every sentence once.
func (c *call) variantMistakes(name string, err error) []string {
	list := []error{err}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		list = j.Unwrap()
	}
	var lines []string
	for _, e := range list {
		var v *series.VariantError
		if !errors.As(e, &v) {
			return []string{c.unknownLadder(e).Error()}
		}
		sentences := c.changeErrors(v.Err)
		if ps, ok := network.AsProblems(v.Err); ok {
			sentences = nil
			for _, p := range ps {
				sentences = append(sentences, p.In(string(c.lang)))
			}
		}
		where := name
		if v.Variant != "" {
			where += ", " + v.Variant
		}
		for _, s := range sentences {
			lines = appendNew(lines, where+": "+s)
		}
	}
	return lines
}

// outcomes has computed what is missing, here or by the workers of a database.
func (c *call) outcomes(ctx context.Context, n *network.Network, w *seriesWork, f *seriesFlags, bar *progress) error {
	missing := w.missing()
	if len(missing) == 0 {
		return nil
	}
	if f.database != "" {
		return c.outcomesThere(ctx, n, w, f, bar)
	}
	return c.outcomesHere(ctx, n, w, missing, bar)
}

// outcomesHere computes orders with as many solvers as there are threads. Each solver has one thread, so that their number
// makes no difference to what comes out.
func (c *call) outcomesHere(ctx context.Context, n *network.Network, w *seriesWork, missing []series.Order, bar *progress) error {
	bar.phase("solver")
	pool, err := promptly(ctx, c.variantSolver)
	if err != nil {
		return err
	}
	defer pool.Close()
	told := bar.variants(len(w.orders), len(w.orders)-len(missing))
	return series.Run(ctx, missing, pool.Instances(), func(ctx context.Context, o series.Order) (*series.Outcome, error) {
		return series.Compute(ctx, n, o, pool, told.climbing())
	}, func(o series.Order, out *series.Outcome) error {
		defer told.one()
		return w.keep(o, out)
	})
}

// variantSolver is a solver for variants: many side by side, each with one thread.
func (c *call) variantSolver() (*solver, error) {
	pool, err := highs.New(highs.Options{Instances: c.threads, Memory: int64(c.memory) << 20, Cache: c.getenv("BREMEN_CACHE")})
	if err != nil {
		return nil, err
	}
	return &solver{interior.Solver{Else: pool, Threads: 1}, pool}, nil
}

// unfinished says how far a series came that was stopped.
func (c *call) unfinished(w *seriesWork, err error) error {
	stopped := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	if !stopped || w.dir == "" {
		return err
	}
	return &failure{
		status: exitInput,
		err:    errors.New(c.lang.say("series/stopped", "done", c.lang.count(w.count()), "of", c.lang.count(len(w.orders)), "name", w.dir)),
		next:   c.lang.say("series/stopped/next"),
	}
}

// rowsShown is how many variants are printed; --json and the files have all.
const rowsShown = 40

func (c *call) printSeries(t *series.Table, dir string) {
	l, w := c.lang, c.out
	proven, impossible := 0, 0
	for i := range t.Rows {
		if t.Rows[i].Proven {
			proven++
		}
		if t.Rows[i].Status == plan.Infeasible {
			impossible++
		}
	}
	io.WriteString(w, wrap(l.say("series/head", "network", t.Network, "count", l.count(len(t.Rows)), "proven", l.count(proven)), width)+"\n")
	if impossible > 0 {
		io.WriteString(w, wrap(l.say("series/impossible", "count", l.count(impossible)), width)+"\n")
	}
	io.WriteString(w, "\n")
	c.seriesTable(t).print(w)
	if k := len(t.Rows) - rowsShown; k > 0 {
		io.WriteString(w, l.say("series/more", "count", l.count(k))+"\n")
	}
	next := l.say("series/next", "network", c.operands[0], "series", c.operands[1])
	if dir != "" {
		next = l.say("series/next/report", "name", dir)
	}
	io.WriteString(w, "\n"+next+"\n")
}

// seriesTable has a row per variant: the worst and mean satisfaction of the most pressing urgencies, hours and money.
func (c *call) seriesTable(t *series.Table) *table {
	l := c.lang
	totals := make([]plan.Totals, len(t.Rows))
	for i := range t.Rows {
		totals[i] = t.Rows[i].Totals
	}
	urgencies := urgenciesOf(totals)
	urgencies = urgencies[:min(2, len(urgencies))]
	spent := anyOf(totals, func(p *plan.Totals) bool { return p.Spent != 0 })
	out := &table{head: []string{l.say("series/variant")}, right: map[int]bool{}}
	for _, u := range urgencies {
		out.head = append(out.head, l.say("totals/worst", "urgency", u), l.say("whatif/mean"))
	}
	out.head = append(out.head, l.say("totals/hours"))
	if spent {
		out.head = append(out.head, l.say("totals/spent"))
	}
	for i := range out.head[1:] {
		out.right[i+1] = true
	}
	for i := range t.Rows {
		if i == rowsShown {
			break
		}
		r := &t.Rows[i]
		cells := []string{r.Name}
		if r.Name == "" {
			cells[0] = l.say("whatif/base")
		}
		for _, u := range urgencies {
			worst, mean := "–", "–"
			for _, s := range r.Totals.Urgencies {
				if s.Urgency == u {
					worst, mean = l.share(s.Worst), l.share(s.Mean)
				}
			}
			cells = append(cells, worst, mean)
		}
		hours := l.number(r.Totals.Hours) + " h"
		if r.Status == plan.Infeasible {
			hours = l.say("status/infeasible")
		}
		cells = append(cells, hours)
		if spent {
			cells = append(cells, strings.TrimSpace(l.number(r.Totals.Spent)+" "+r.Totals.Currency))
		}
		out.add(cells...)
	}
	return out
}
