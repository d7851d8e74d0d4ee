package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"bremen/capacity"
	"bremen/internal/wholefile"
	"bremen/report"
	"bremen/words"
)

// capacityFlags are the flags of "bremen capacity".
type capacityFlags struct {
	out string // page to write; "" prints only
	o   capacity.Options
	mib int
}

func capacityCommand(f *flag.FlagSet) action {
	var k capacityFlags
	f.StringVar(&k.out, "o", "", "")
	f.DurationVar(&k.o.Time, "time", time.Minute, "")
	f.IntVar(&k.o.Products, "products", 0, "")
	f.IntVar(&k.o.Regions, "regions", 4, "")
	f.IntVar(&k.o.Periods, "periods", 12, "")
	f.Float64Var(&k.o.Tolerance, "tolerance", 1e-4, "")
	f.IntVar(&k.o.Threads, "threads", 0, "")
	f.IntVar(&k.mib, "memory", 0, "")
	f.Uint64Var(&k.o.Seed, "seed", 1, "")
	return func(ctx context.Context, c *call) error { return c.measureCapacity(ctx, &k) }
}

// measureCapacity measures, prints what can be planned here, and writes the page.
func (c *call) measureCapacity(ctx context.Context, f *capacityFlags) error {
	o := f.o
	switch {
	case o.Threads < 0 || f.mib < 0:
		return usage(c.lang, c.command, errors.New(c.lang.say("threads")))
	case o.Time <= 0 || o.Products < 0 || o.Products > 0 && o.Products < 10 || o.Regions < 1 || o.Periods < 1:
		return usage(c.lang, c.command, errors.New(c.lang.say("capacity/options")))
	case !(o.Tolerance >= 1e-9 && o.Tolerance <= 0.1):
		return usage(c.lang, c.command, errors.New(c.lang.say("economy/tolerance")))
	}
	bar := c.progress()
	defer bar.done()
	o.Memory, o.Progress = int64(f.mib)<<20, bar.measuring()
	r, err := promptly(ctx, func() (*capacity.Report, error) { return capacity.Measure(ctx, o) })
	var large *capacity.TooLarge
	if errors.As(err, &large) {
		return &failure{
			status: exitInput,
			err: errors.New(c.lang.say("capacity/large", "products", c.lang.count(large.Products),
				"need", c.lang.memory(float64(large.Need)), "most", c.lang.memory(float64(large.Most)))),
			next: c.lang.say("capacity/large/next"),
		}
	}
	if err != nil {
		return err
	}
	if f.out != "" {
		bar.phase("write")
		if err := wholefile.Write(f.out, 0o666, func(w io.Writer) error { return report.Capacity(w, r) }); err != nil {
			return err
		}
	}
	bar.done()
	if c.json {
		return writeJSON(c.out, r)
	}
	c.printCapacity(r, f.out)
	return nil
}

// measuring returns the function that draws how far a measurement is, nil without a terminal.
func (p *progress) measuring() func(capacity.Progress) {
	if p == nil {
		return nil
	}
	return func(g capacity.Progress) {
		if g.Products == 0 {
			p.phase("bandwidth")
			return
		}
		p.draw(p.c.lang.say("phase/capacity", "products", p.c.lang.count(g.Products), "iterations", p.c.lang.count(g.Iterations),
			"worst", p.c.lang.exponent(max(g.Check.Primal, g.Check.Dual)), "gap", p.c.lang.exponent(g.Check.Gap)), g.Iterations == 0)
	}
}

// printCapacity prints what was measured and what follows from it.
func (c *call) printCapacity(r *capacity.Report, out string) {
	l, w := c.lang, c.out
	m := r.Machine
	fmt.Fprintln(w, wrap(l.say("capacity/machine", "threads", l.count(m.Threads), "kernels", m.Kernels, "rate", l.number(m.Axpy/1e9),
		"triad", l.number(m.Triad/1e9), "memory", l.memory(float64(m.Memory))), width))
	fmt.Fprintf(w, "\n%s\n", wrap(l.say("capacity/series", "regions", l.count(r.Regions), "periods", l.count(r.Periods), "tolerance", l.exponent(r.Tolerance)), width))
	t := &table{right: map[int]bool{0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true}}
	for _, key := range []string{"products", "coefficients", "columns", "seconds", "cpu", "memory", "broken", "gap"} {
		t.head = append(t.head, l.say("capacity/"+key))
	}
	for _, s := range r.Steps {
		seconds, gap := l.number(s.Seconds), l.exact(s.Gap)
		if !s.Solved {
			seconds, gap = l.say("capacity/unsolved", "seconds", seconds), "–"
		}
		t.add(l.count(s.Products), l.power(float64(s.Coefficients)), l.power(float64(s.Columns)), seconds, l.number(s.CPU), l.memory(float64(s.Memory)), l.exact(s.Broken), gap)
	}
	t.print(w)
	fmt.Fprintf(w, "\n%s\n", wrap(l.say("capacity/end/"+string(r.End)), width))
	if r.Time == nil {
		fmt.Fprintf(w, "\n%s\n", wrap(l.say("capacity/short"), width))
	} else {
		c.printAnswers(r)
	}
	if out != "" {
		fmt.Fprintf(w, "\n%s\n", wrap(l.say("capacity/page", "name", out), width))
	}
}

func (c *call) printAnswers(r *capacity.Report) {
	l, w := c.lang, c.out
	fmt.Fprintln(w, wrap(l.say("capacity/growth", "time", l.number(r.Time.Exponent), "memory", l.number(r.Memory.Exponent), "spread", l.number(r.Time.Spread)), width))
	fmt.Fprintf(w, "\n%s\n", wrap(l.say("capacity/answers"), width))
	t := &table{head: []string{l.say("capacity/in"), l.say("capacity/products"), l.say("capacity/coefficients"), l.say("capacity/memory"), l.say("capacity/rests")}, right: map[int]bool{1: true, 2: true, 3: true}, flex: 4}
	for _, a := range r.Answers {
		rests := l.say("capacity/measured")
		if a.Beyond > 1 {
			rests = l.say("capacity/beyond", "times", l.number(rough(a.Beyond)))
		}
		if a.Limit == capacity.EndMemory {
			rests += "; " + l.say("capacity/full")
		}
		t.add(l.say(fmt.Sprint("capacity/in/", int(a.Seconds))), l.number(rough(a.Products)), l.power(a.Coefficients), l.memory(a.Memory), rests)
	}
	t.print(w)
}

// power writes a large figure as a multiple of a power of ten.
func (l language) power(x float64) string {
	if x < 1e4 {
		return l.count(int(x))
	}
	figure, exponent, _ := strings.Cut(words.Language(l).Exponent(x, 1), "e+")
	return figure + "e" + strings.TrimLeft(exponent, "0")
}

// rough rounds to two digits.
func rough(x float64) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 1, 64), 64)
	if err != nil {
		return x
	}
	return v
}

// exact writes an error, 0 where there is none, a dash where nothing is known.
func (l language) exact(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x == math.MaxFloat64:
		return "–"
	}
	return l.exponent(x)
}

// memory writes bytes.
func (l language) memory(bytes float64) string {
	if bytes < 1e10 {
		return l.count(int(math.Ceil(bytes/1e6))) + " MB"
	}
	return l.count(int(bytes/1e9)) + " GB"
}
