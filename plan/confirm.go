package plan

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
)

// Confirming figures.
const (
	noticeable  = 1e-5 // a satisfaction that rises by less does not rise
	worthSaying = 5e-4
	priceHolds  = 0.1 // relative: as long as a unit brings this much, the price holds
	doublings   = 4
	halvings    = 3
)

// confirm solves the ladder again for the causes of shortfalls, the strongest
// of each first, as long as programs are left.
func (x *explaining) confirm(ctx context.Context, falls []shortfall) error {
	for i := range falls {
		f := &falls[i]
		for k := range f.levers {
			if len(f.levers[k].moves) > 0 && k < 2*x.o.Causes {
				c := f.estimate(&f.levers[k])
				if c.doubtful() && x.p.large() && k >= x.o.Causes {
					continue // not worth a program
				}
				c.via = x.p.pathTo(f.elements, f.scarce, &c.lever)
				f.causes = append(f.causes, c)
			}
		}
	}
	for i := range falls {
		falls[i].goesEarlier(x.o.Causes)
	}
	for turn := range 2 * x.o.Causes {
		var due []trial
		for i := range falls {
			f := &falls[i]
			if turn < len(f.causes) && !f.causes[turn].earlier && f.effective() < x.o.Causes {
				due = append(due, trial{f, &f.causes[turn]})
			}
		}
		if err := x.measureAll(ctx, due); err != nil {
			return err
		}
	}
	for i := range falls {
		falls[i].choose(x.o.Causes)
	}
	return nil
}

// trial is a cause of a shortfall to be measured.
type trial struct {
	of    *shortfall
	cause *cause
}

// Large programs are tried two at a time, each with its share of what is left,
// so that what comes out does not depend on the machine.
const (
	sideBySide   = 2
	mostPrograms = 3 // of one try in a large program
)

func (x *explaining) measureAll(ctx context.Context, due []trial) error {
	if !x.p.large() {
		for _, t := range due {
			if err := x.measure(ctx, t.of, t.cause); err != nil {
				return err
			}
		}
		return nil
	}
	var mu sync.Mutex
	report := x.o.Progress
	if report != nil {
		report = func(p Progress) {
			mu.Lock()
			defer mu.Unlock()
			x.o.Progress(p)
		}
	}
	for wave := range slices.Chunk(due, sideBySide) {
		var done sync.WaitGroup
		each := make([]explaining, len(wave))
		failed := make([]error, len(wave))
		left := x.o.Solves - x.used - reserved
		for k, t := range wave {
			share := min(mostPrograms, left)
			if left -= share; share <= 0 {
				break
			}
			each[k] = *x
			each[k].used, each[k].o.Solves, each[k].o.Progress = 0, share+reserved, report
			done.Go(func() { failed[k] = each[k].measure(ctx, t.of, t.cause) })
		}
		done.Wait()
		for k := range each {
			x.used += each[k].used
		}
		if err := errors.Join(failed...); err != nil {
			return err
		}
	}
	return nil
}

// goesEarlier names, where no lever helps, the strongest bounds that would help earlier rounds first.
func (f *shortfall) goesEarlier(most int) {
	if len(f.causes) > 0 {
		return
	}
	for k := range f.binding {
		l := &f.binding[k]
		if k < most && l.effect() >= 0.1*f.binding[0].effect() {
			f.causes = append(f.causes, cause{lever: *l, alone: true, earlier: true, from: f.level, to: f.level, helped: f.elements})
		}
	}
}

// effective counts the causes known to bring something.
func (f *shortfall) effective() int {
	n := 0
	for i := range f.causes {
		if f.causes[i].confirmed && f.causes[i].to-f.causes[i].from >= worthSaying {
			n++
		}
	}
	return n
}

// choose keeps the causes to show: those that bring something to speak of, then
// those not tried, and only if there is no other, one that brings next to nothing.
func (f *shortfall) choose(most int) {
	rank := func(c *cause) int {
		switch {
		case c.alone || c.to-c.from < worthSaying:
			return 2
		case c.confirmed:
			return 0
		}
		return 1
	}
	f.causes = slices.DeleteFunc(f.causes, func(c cause) bool { return c.doubtful() })
	slices.SortStableFunc(f.causes, func(a, b cause) int { return rank(&a) - rank(&b) })
	keep := 0
	for keep < len(f.causes) && keep < most && (keep == 0 || f.causes[keep].earlier || rank(&f.causes[keep]) < 2) {
		keep++
	}
	f.causes = f.causes[:keep]
}

// estimate is what the dual alone says of a lever.
func (f *shortfall) estimate(l *lever) cause {
	c := cause{lever: *l, more: l.step(), from: f.level, helped: f.elements}
	c.to = min(1, f.level+l.price*f.gain*c.more)
	c.price = l.price * f.gain
	c.rng = [2]float64{0, 0}
	return c
}

// doubtful tells whether an estimate promises more than there is to have: its
// price, which counts what earlier rounds would give for a unit, holds for next to nothing.
func (c *cause) doubtful() bool { return !c.confirmed && c.from+c.price*c.more > 1+worthSaying }

// outcome is where elements stand after a bound was moved.
type outcome struct {
	stands []float64
	whole  bool // climbed to the end of the rung
	known  bool // all elements of the shortfall are fixed; else they have at least this
}

// measure moves a cause's bound, reads what that brings, and finds how far the price holds.
func (x *explaining) measure(ctx context.Context, f *shortfall, c *cause) error {
	first, err := x.try(ctx, f, &c.lever, c.more)
	if err != nil || first == nil {
		return err
	}
	if got := *c; !first.known {
		if x.read(f, &got, first); got.alone {
			return nil // what the programs allowed for show of it proves nothing
		}
	}
	dual := c.price
	c.confirmed, c.rng = true, [2]float64{c.more, c.more}
	x.read(f, c, first)
	if c.alone {
		return nil
	}
	slope := c.slope()
	if math.Abs(slope-dual) <= priceHolds*dual {
		c.rng[0] = 0
	}
	if x.p.large() {
		return nil
	}
	if slope < dual*(1-priceHolds) {
		if err := x.smaller(ctx, f, c, dual); err != nil {
			return err
		}
	}
	return x.larger(ctx, f, c)
}

func (c *cause) slope() float64 { return (c.to - c.from) / c.more }

// smaller halves the step until the price holds over it.
func (x *explaining) smaller(ctx context.Context, f *shortfall, c *cause, dual float64) error {
	for range halvings {
		got, err := x.try(ctx, f, &c.lever, c.more/2)
		if err != nil || got == nil {
			return err
		}
		half := *c
		half.more = c.more / 2
		x.read(f, &half, got)
		if half.alone {
			return nil
		}
		if math.Abs(half.slope()-c.slope()) <= priceHolds*c.slope() {
			c.rng[0] = 0
			return nil
		}
		*c = half
		c.rng = [2]float64{c.more, c.more}
		if math.Abs(c.slope()-dual) <= priceHolds*dual {
			c.rng[0] = 0
			return nil
		}
	}
	return nil
}

// larger doubles the step as long as the price holds.
func (x *explaining) larger(ctx context.Context, f *shortfall, c *cause) error {
	if c.to >= 1-1e-6 {
		return nil
	}
	slope, most := c.slope(), c.more
	for range doublings {
		got, err := x.try(ctx, f, &c.lever, 2*most)
		if err != nil || got == nil {
			return err
		}
		to := lowest(got.stands, c.helped)
		if math.Abs((to-c.from)/(2*most)-slope) > priceHolds*slope {
			return nil
		}
		most *= 2
		c.rng[1] = most
	}
	return nil
}

func lowest(stands []float64, elements []int) float64 {
	m := math.Inf(1)
	for _, e := range elements {
		m = min(m, stands[e])
	}
	return m
}

// read fills in what an outcome means for a cause.
func (x *explaining) read(f *shortfall, c *cause, o *outcome) {
	before := x.c.stands
	c.helped = nil
	for _, e := range f.elements {
		if o.stands[e] > before[e]+noticeable {
			c.helped = append(c.helped, e)
		}
	}
	c.alone = len(c.helped) == 0
	if c.alone {
		c.from, c.to, c.helped = f.level, f.level, f.elements
		c.price = 0
		return
	}
	c.from, c.to = snap(lowest(before, c.helped)), snap(lowest(o.stands, c.helped))
	c.price = c.slope()
	among := f.elements
	if o.whole {
		before = x.atEndOf(f.rung)
		among = nil
		for e := range x.p.Elements {
			if k := x.p.Elements[e].Kind; k == elementNeed || k == elementStock {
				among = append(among, e)
			}
		}
	}
	c.gains = x.gains(among, before, o.stands)
	c.benefit = 0
	for _, e := range among {
		c.benefit += max(1, x.p.Elements[e].Persons) * (o.stands[e] - before[e])
	}
}

// atEndOf returns where elements stood at the end of a rung.
func (x *explaining) atEndOf(rung int) []float64 {
	for k, r := range x.rungs {
		if r > rung {
			return x.before[k]
		}
	}
	return x.c.stands
}

// gains compares mean satisfactions by what, persons counting alike.
func (x *explaining) gains(elements []int, before, after []float64) []Gain {
	type mean struct{ persons, from, to float64 }
	sum := map[string]*mean{}
	var ids []string
	for _, e := range elements {
		id := x.p.whatOf(e)
		if sum[id] == nil {
			sum[id] = &mean{}
			ids = append(ids, id)
		}
		w := max(1, x.p.Elements[e].Persons)
		sum[id].persons += w
		sum[id].from += w * before[e]
		sum[id].to += w * after[e]
	}
	slices.Sort(ids)
	var out []Gain
	for _, id := range ids {
		m := sum[id]
		if from, to := m.from/m.persons, m.to/m.persons; math.Abs(to-from) > sameLevel {
			out = append(out, Gain{What: id, From: snap(from), To: snap(to)})
		}
	}
	return out
}

// try climbs the ladder again with a lever relaxed by d. It returns nil where
// no program is left to solve, or none could be solved.
func (x *explaining) try(ctx context.Context, f *shortfall, l *lever, d float64) (*outcome, error) {
	small := !x.p.large()
	left := x.o.Solves - x.used - pick(small, 0, reserved)
	if left <= 0 {
		return nil, nil
	}
	p := x.p.relax(l, d)
	used := 0
	o := &retrying{
		guessing: *newGuessing(p, x.pl.Proofs, &solving{solver: counted{x.solver, &used}}),
		touched:  map[int]bool{}, group: f.elements, rung: f.rung, whole: small,
		most: pick(small, left, min(left, mostPrograms)), used: &used,
	}
	for k, prices := range x.prices {
		if prices[l.leverKey]*d > noticeable {
			o.touched[k] = true
		}
	}
	ladder := slices.Clone(x.c.ladder[:f.rung+1])
	c := newClimb(p, ladder, o)
	c.like = x.pl.Proofs.Primal
	c.precision, c.progress = x.pl.Proofs.Precision, x.o.Progress
	err := c.run(ctx)
	x.used += used
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, errEnough):
		return &outcome{stands: o.reached, known: o.fixed}, nil
	case err != nil:
		return nil, nil // numerical trouble leaves the figure an estimate
	}
	return &outcome{stands: c.stands, whole: true, known: true}, nil
}
