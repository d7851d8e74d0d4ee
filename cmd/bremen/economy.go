package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"bremen/network/cells"
	"bremen/network/economy"
	"bremen/network/iotable"
)

// economyFlags are the flags of "bremen economy".
type economyFlags struct {
	out   string // folder to write
	to    string // form of large tables
	shape economy.Shape
	seed  uint64

	tolerance float64
	time      time.Duration // after which to stop with what there is; 0: never
	threads   int
	memory    int // MiB; 0: what is free
	dryRun    bool

	ladder bool // plan by the ladder of goals
	stated bool // the tolerance was
}

// economyDoing is what "bremen economy" can do, with the least and most operands after the word.
var economyDoing = map[string]struct {
	least, most int
	operands    string
	do          func(ctx context.Context, c *call, f *economyFlags) error
}{
	"check":    {1, 1, "FOLDER", func(ctx context.Context, c *call, _ *economyFlags) error { return c.checkEconomy(ctx) }},
	"stats":    {1, 4, "FOLDER …", func(ctx context.Context, c *call, _ *economyFlags) error { return c.economyStats(ctx) }},
	"generate": {0, 0, "", func(ctx context.Context, c *call, f *economyFlags) error { return c.generateEconomy(ctx, f) }},
	"convert":  {2, 2, "IN OUT", func(ctx context.Context, c *call, f *economyFlags) error { return c.convertEconomy(ctx, f) }},
	"plan":     {1, 1, "FOLDER", func(ctx context.Context, c *call, f *economyFlags) error { return c.planEconomy(ctx, f) }},
	"verify":   {2, 2, "PLAN FOLDER", func(ctx context.Context, c *call, _ *economyFlags) error { return c.verifyEconomy(ctx) }},
}

var economyWords = []string{"check", "stats", "generate", "convert", "plan", "verify"}

func economyCommand(f *flag.FlagSet) action {
	var e economyFlags
	f.StringVar(&e.out, "o", "", "")
	f.StringVar(&e.to, "to", string(economy.CSV), "")
	f.IntVar(&e.shape.Products, "products", 1000, "")
	f.IntVar(&e.shape.Regions, "regions", 1, "")
	f.IntVar(&e.shape.Periods, "periods", 1, "")
	f.IntVar(&e.shape.Inputs, "inputs", 0, "")
	f.Float64Var(&e.shape.Alternatives, "alternatives", 0, "")
	f.Uint64Var(&e.seed, "seed", 1, "")
	f.Float64Var(&e.tolerance, "tolerance", 1e-4, "")
	f.DurationVar(&e.time, "time", 0, "")
	f.IntVar(&e.threads, "threads", 0, "")
	f.IntVar(&e.memory, "memory", 0, "")
	f.BoolVar(&e.dryRun, "dry-run", false, "")
	f.BoolVar(&e.ladder, "ladder", false, "")
	return func(ctx context.Context, c *call) error {
		f.Visit(func(fl *flag.Flag) { e.stated = e.stated || fl.Name == "tolerance" })
		word := c.operands[0]
		d, known := economyDoing[word]
		if !known {
			return usage(c.lang, c.command, errors.New(c.lang.say("economy/what", "what", word, "all", strings.Join(economyWords, ", "))))
		}
		if n := len(c.operands) - 1; n < d.least || n > d.most {
			return usage(c.lang, c.command, errors.New(c.lang.say("operands", "command", "economy "+word, "count", fmt.Sprint(n), "operands", orNone(c.lang, d.operands))))
		}
		if e.to != string(economy.CSV) && e.to != string(economy.Parquet) {
			return usage(c.lang, c.command, errors.New(c.lang.say("economy/form", "form", e.to)))
		}
		if !(e.tolerance >= 1e-9 && e.tolerance <= 0.1) {
			return usage(c.lang, c.command, errors.New(c.lang.say("economy/tolerance")))
		}
		if e.threads < 0 || e.memory < 0 {
			return usage(c.lang, c.command, errors.New(c.lang.say("threads")))
		}
		return d.do(ctx, c, &e)
	}
}

// readEconomy reads a folder of an economy, or of an input-output table, which
// is stated as an economy.
func (c *call) readEconomy(ctx context.Context, name string) (*economy.Economy, error) {
	return promptly(ctx, func() (*economy.Economy, error) {
		if !iotable.Folder(name) || economy.Folder(name) {
			return economy.Read(ctx, os.DirFS(name))
		}
		t, notices, err := iotable.Open(ctx, name)
		c.notices(notices)
		if err != nil {
			return nil, err
		}
		return economy.FromTable(t)
	})
}

// economyChecked is what "bremen economy check --json" prints.
type economyChecked struct {
	Economy  string          `json:"economy"`
	Holds    bool            `json:"holds"`
	Mistakes []cells.Problem `json:"mistakes"`
	// More is how many mistakes there are beyond those listed.
	More      int                     `json:"more,omitempty"`
	Counts    []tableCount            `json:"counts"`
	Program   *economyProgram         `json:"program,omitempty"`
	Unbounded *economy.UnboundedError `json:"unbounded,omitempty"`
	Kept      *economy.KeptError      `json:"kept,omitempty"` // there is no plan
}

// economyProgram is the size of the program that plans an economy.
type economyProgram struct {
	Rows         int `json:"rows"`
	Columns      int `json:"columns"`
	Coefficients int `json:"coefficients"` // written out
	Stored       int `json:"stored"`       // each technique once
}

func (c *call) checkEconomy(ctx context.Context) error {
	name := c.operands[1]
	bar := c.progress()
	defer bar.done()
	bar.phase("read")
	r := economyChecked{Mistakes: []cells.Problem{}, Counts: []tableCount{}}
	e, err := c.readEconomy(ctx, name)
	var problems *cells.Problems
	switch {
	case errors.As(err, &problems):
		r.Mistakes, r.More = problems.List, problems.More
	case err != nil:
		return c.located(name, err)
	default:
		r.Economy, r.Counts = e.ID, countEconomy(e)
		bar.phase("check")
		p, _, err := c.economyProgram(ctx, e)
		if err != nil && !errors.As(err, &r.Unbounded) && !errors.As(err, &r.Kept) {
			return err
		}
		if r.Holds = err == nil; r.Holds {
			r.Program = &economyProgram{p.Rows(), p.Cols(), p.NNZ(), p.Stored()}
		}
	}
	bar.done()
	if c.json {
		if err := writeJSON(c.out, r); err != nil {
			return err
		}
	} else {
		c.printEconomyCheck(name, &r, c.mistakes(err))
	}
	switch {
	case r.Kept != nil:
		return said(exitNo)
	case !r.Holds:
		return said(exitInput)
	}
	return nil
}

func countEconomy(e *economy.Economy) []tableCount {
	coefficients := 0
	for _, t := range []economy.Technology{e.Making, e.Building, e.Moving} {
		coefficients += t.Coefficients()
	}
	return []tableCount{
		{"products", len(e.Products)}, {"techniques", len(e.Techniques)}, {"coefficients", coefficients}, {"skills", len(e.Skills)},
		{"capitals", len(e.Capitals)}, {"limits", len(e.Limits)}, {"regions", len(e.Regions)}, {"periods", len(e.Periods)},
		{"arcs", len(e.Arcs)}, {"needs", len(e.Needs)},
	}
}

func (c *call) printEconomyCheck(name string, r *economyChecked, mistakes []string) {
	l, w := c.lang, c.out
	if len(r.Mistakes) > 0 {
		fmt.Fprintf(w, "%s\n\n", l.say("check/wrong", "name", name, "count", l.count(len(r.Mistakes)+r.More)))
		for _, m := range mistakes {
			fmt.Fprintln(w, hang(m, "  ", width))
		}
		fmt.Fprintf(w, "\n%s\n", wrap(l.say("check/wrong/next"), width))
		return
	}
	if u := r.Unbounded; u != nil {
		fmt.Fprintln(w, wrap(c.unboundedText(u), width))
		return
	}
	if r.Kept != nil {
		fmt.Fprintln(w, wrap(c.keptText(r.Economy, r.Kept), width))
		c.printNoneNext("")
		return
	}
	fmt.Fprintln(w, wrap(l.say("economy/right", "name", name, "economy", r.Economy), width))
	var counts []string
	for _, t := range r.Counts {
		if t.Rows > 0 {
			counts = append(counts, l.say("economy/"+t.Table)+" "+l.count(t.Rows))
		}
	}
	fmt.Fprintln(w, hang(strings.Join(counts, ", "), "  ", width))
	p := r.Program
	fmt.Fprintln(w, wrap(l.say("economy/program", "rows", l.count(p.Rows), "columns", l.count(p.Columns), "entries", l.count(p.Coefficients), "stored", l.count(p.Stored)), width))
}

// economyStats prints the statistics of up to four economies side by side.
func (c *call) economyStats(ctx context.Context) error {
	bar := c.progress()
	defer bar.done()
	type measured struct {
		Economy string `json:"economy"`
		economy.Statistics
	}
	var list []measured
	for _, name := range c.operands[1:] {
		bar.phase("read")
		e, err := c.readEconomy(ctx, name)
		if err != nil {
			return c.unreadable(name, err)
		}
		bar.phase("check")
		s, err := promptly(ctx, func() (economy.Statistics, error) { return e.Measure(), nil })
		if err != nil {
			return err
		}
		list = append(list, measured{e.ID, s})
	}
	bar.done()
	if c.json {
		return writeJSON(c.out, list)
	}
	t := &table{head: []string{""}, right: map[int]bool{}}
	all := make([]economy.Statistics, len(list))
	for k, m := range list {
		t.head, t.right[k+1], all[k] = append(t.head, m.Economy), true, m.Statistics
	}
	c.statisticsRows(t, all)
	t.print(c.out)
	_, err := fmt.Fprintf(c.out, "\n%s\n", c.lang.say("economy/stats/note"))
	return err
}

// statisticsRows adds the rows of what Measure tells.
func (c *call) statisticsRows(t *table, list []economy.Statistics) {
	l := c.lang
	row := func(key string, cell func(s *economy.Statistics) string) {
		cells := []string{l.say("economy/stats/" + key)}
		for k := range list {
			cells = append(cells, cell(&list[k]))
		}
		t.add(cells...)
	}
	spread := func(q economy.Quantiles, write func(float64) string) string {
		return write(q.P10) + " / " + write(q.P50) + " / " + write(q.P90)
	}
	whole := func(v float64) string { return l.count(int(v)) }
	row("products", func(s *economy.Statistics) string { return l.count(s.Products) })
	row("techniques", func(s *economy.Statistics) string { return l.count(s.Techniques) })
	row("coefficients", func(s *economy.Statistics) string { return l.count(s.Coefficients) })
	row("filled", func(s *economy.Statistics) string { return l.share(s.Filled) })
	row("inputs", func(s *economy.Statistics) string { return spread(s.Inputs, whole) })
	row("users", func(s *economy.Statistics) string { return spread(s.Users, l.share) })
	row("outputs", func(s *economy.Statistics) string { return spread(s.Outputs, whole) })
	row("hubs", func(s *economy.Statistics) string { return l.share(s.Hubs) })
	row("shares", func(s *economy.Statistics) string { return spread(s.InputShare, l.share) })
	row("largest", func(s *economy.Statistics) string { return l.share(s.Largest) })
	row("spread", func(s *economy.Statistics) string { return l.number(s.Spread) })
	row("skew", func(s *economy.Statistics) string { return l.number(s.Skew) })
	row("tails", func(s *economy.Statistics) string { return l.number(s.Tails) })
	row("popular", func(s *economy.Statistics) string { return l.number(s.Popular) })
	row("cycle", func(s *economy.Statistics) string { return l.share(s.Cycle) })
	row("labour", func(s *economy.Statistics) string { return spread(s.Labour, l.number) })
	row("work", func(s *economy.Statistics) string { return l.number(s.LabourSpread) })
}

// economyWritten is what "generate" and "convert" print with --json.
type economyWritten struct {
	Economy string       `json:"economy"`
	Folder  string       `json:"folder"`
	Form    string       `json:"form"`
	Counts  []tableCount `json:"counts"`
}

func (c *call) generateEconomy(ctx context.Context, f *economyFlags) error {
	if f.out == "" {
		return usage(c.lang, c.command, errors.New(c.lang.say("economy/where")))
	}
	bar := c.progress()
	defer bar.done()
	bar.phase("generate")
	e, err := promptly(ctx, func() (*economy.Economy, error) { return economy.Generate(f.shape, f.seed) })
	if err != nil {
		return err
	}
	bar.phase("write")
	return c.writeEconomy(ctx, e, f.out, f.to, bar)
}

func (c *call) convertEconomy(ctx context.Context, f *economyFlags) error {
	bar := c.progress()
	defer bar.done()
	bar.phase("read")
	e, err := c.readEconomy(ctx, c.operands[1])
	if err != nil {
		return c.unreadable(c.operands[1], err)
	}
	bar.phase("write")
	return c.writeEconomy(ctx, e, c.operands[2], f.to, bar)
}

func (c *call) writeEconomy(ctx context.Context, e *economy.Economy, out, form string, bar *progress) error {
	err := c.newFolder(out, func(dir string) error {
		return e.Write(filesIn(ctx, dir), economy.Format(form))
	})
	if err != nil {
		return err
	}
	bar.done()
	if c.json {
		return writeJSON(c.out, economyWritten{e.ID, out, form, countEconomy(e)})
	}
	_, err = fmt.Fprintln(c.out, wrap(c.lang.say("economy/written", "folder", out, "economy", e.ID), width))
	return err
}

// stoppableFile is a file that cannot be written to once the command is stopped.
type stoppableFile struct {
	*stoppable
	io.Closer
}

// vacant refuses a folder that holds something.
func (c *call) vacant(name string) error {
	if entries, err := os.ReadDir(name); err == nil && len(entries) > 0 {
		return &failure{status: exitInput, err: errors.New(c.lang.say("economy/there", "folder", name)), next: c.lang.say("economy/there/next")}
	}
	return nil
}

// newFolder fills a folder that is not there or empty, whole or not at all.
func (c *call) newFolder(name string, fill func(dir string) error) error {
	if err := c.vacant(name); err != nil {
		return err
	}
	name = filepath.Clean(name)
	fresh, err := os.MkdirTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part")
	if err != nil {
		return c.unwritten(name, err)
	}
	defer os.RemoveAll(fresh) // nothing is there any more when all went well
	if err = fill(fresh); err == nil {
		err = os.Chmod(fresh, 0o755)
	}
	if err == nil {
		if err = os.Remove(name); errors.Is(err, os.ErrNotExist) || err == nil {
			err = os.Rename(fresh, name)
		}
	}
	return c.unwritten(name, err)
}
