package plan

import (
	"context"
	"fmt"
	"math"
	"slices"

	"bremen/lp"
	"bremen/network"
)

// Constants of the climb, measured on a network of 4,520 people over 26 weeks.
const (
	keepValue = 1e-6 // relative, for values of large programs
	sameLevel = 1e-4 // levels nearer than this are one; a level below it is 0
	fullLevel = 1 - 1e-6
	weakDual  = 1e-7 // share of the largest dual below which one counts as none
	// DefaultPrecision is how far, at most, an element fixed at a level could be from the level it deserves.
	DefaultPrecision = 1e-3
)

// Levels and values are kept exactly: any tolerance on thousands of elements would add up
// to something that the last ones live on. Where they are, a program has hardly a point
// inside its bounds, and interior-point methods fail. So programs are solved on
// the face on which all earlier rounds lie (see face); large ones, whose duals are not
// sharp enough for that, in elastic form (see elastic).

// largeProgram is the number of nonzeros from which a program is large.
const largeProgram = 100_000

func (p *Program) large() bool { return p.LP.NNZ() > largeProgram }

// small programs have their values solved to vertices, which makes figures clean.
func (p *Program) small() bool { return p.LP.NNZ() <= smallProgram }

// answer is what a round found, from a solver or from a proof.
type answer struct {
	kind    roundKind
	level   float64   // progress, or value
	fixed   []int     // elements that stop here
	dual    []float64 // row duals of the round's program; nil where none is needed
	rest    []float64 // what figures of dual leave out; nil where nothing depends on it
	x       []float64 // primal; nil from a proof
	cost    cost
	guess   bool
	onFace  *faceDual  // the dual as it was found on the face; nil from a proof or an elastic program
	gap     float64    // between what x reaches and what dual proves
	lowered []lowering // of an elastic program
	raised  int        // how often the price of falling had to be raised
	given   []float64  // per give: what the round took of it
}

type cost struct {
	programs, iterations int
	seconds              float64
}

type roundKind string

const (
	roundLevel  roundKind = "level"  // highest common progress; fixes elements by dual weight
	roundFull   roundKind = "full"   // all free elements reach their heights
	roundSettle roundKind = "settle" // no element named can rise: the sum of them is maximised
	roundValue  roundKind = "value"  // best value of an expression
)

// oracle answers the rounds of a climb: by solving (solving), or from stored proofs (proving).
type oracle interface {
	// level finds the highest common progress of g's free elements. atLast is the level before.
	level(ctx context.Context, c *climb, g *goalProgram, atLast float64) (*answer, error)
	value(ctx context.Context, c *climb, g *goalProgram) (*answer, error)
}

// climb goes up a ladder rung by rung, round by round. What it keeps between
// rounds depends only on the answers, so replaying stored answers rebuilds
// the same programs.
type climb struct {
	p         *Program
	ladder    network.Ladder
	oracle    oracle
	precision float64
	progress  func(Progress)
	after     func() // called after each leximin rung; may be nil

	kept     kept
	face     *face
	stands   []float64 // per element: satisfaction it has been lifted to
	blocked  []bool    // per element: cannot rise any further
	rungOf   []int     // per element: rung and round it was fixed in last
	roundOf  []int
	heightAt [][]float64 // per rung and element: where the rung raises it to, and from
	startAt  [][]float64
	implied  [2][]float64 // bounds that every feasible plan of the network meets
	results  []RungResult
	rounds   []roundRecord
	last     []float64 // the newest primal
	like     []float64 // a solution of a similar program, for magnitudes; nil without one
}

// roundRecord is one round with what proves it.
type roundRecord struct {
	Rung      int        `json:"rung"`
	Kind      roundKind  `json:"kind"`
	Level     float64    `json:"level"`
	Fixed     []int      `json:"fixed,omitempty"`
	Bound     float64    `json:"bound"`
	Precision float64    `json:"precision"`
	Lowered   []lowering `json:"lowered,omitempty"`
	Given     []float64  `json:"given,omitempty"`
	Dual      []float64  `json:"-"`
	Rest      []float64  `json:"-"` // what figures of Dual leave out; nil where nothing depends on it
	scale     float64    // of the objective in Dual
	check     lp.Check
	cost      cost
	guess     bool
}

// Progress tells how far a plan has come.
type Progress struct {
	Rung, Rungs int
	Goal        string
	Level       float64
	Free, Of    int // elements still free
	Programs    int
	Phase       string
	Iterations  int
}

func newClimb(p *Program, ladder network.Ladder, o oracle) *climb {
	n := len(p.Elements)
	c := &climb{
		p: p, ladder: ladder, oracle: o, precision: DefaultPrecision,
		stands: make([]float64, n), blocked: make([]bool, n),
		rungOf: slices.Repeat([]int{-1}, n), roundOf: make([]int, n),
		kept: kept{floor: make([]float64, n)}, face: newFace(p),
	}
	c.implied[0], c.implied[1] = lp.ImpliedBounds(p.LP)
	return c
}

// run climbs the whole ladder. On an error, results hold the rungs done so far.
func (c *climb) run(ctx context.Context) error {
	for r := range c.ladder {
		if err := ctx.Err(); err != nil {
			return err
		}
		rung := &c.ladder[r]
		c.heightAt, c.startAt = append(c.heightAt, nil), append(c.startAt, nil)
		c.results = append(c.results, RungResult{Goal: rung.Goal, Title: Text(rung.Title), Kind: string(rung.Kind), Unit: rung.Unit})
		var err error
		if rung.Kind == network.Leximin {
			err = c.leximin(ctx, r)
		} else {
			err = c.scalar(ctx, r)
		}
		if err != nil {
			return fmt.Errorf("rung %s: %w", rung.Goal, err)
		}
		if c.after != nil && rung.Kind == network.Leximin {
			c.after()
		}
	}
	return nil
}

// heights returns, per element, the height the rung raises it to; 0 for elements outside.
func (c *climb) heights(rung *network.Rung) []float64 {
	h := make([]float64, len(c.p.Elements))
	for i := range h {
		for _, s := range rung.Sets {
			to := s.To
			if to == 0 {
				to = 1
			}
			if c.p.inSet(i, s.Of, s.Urgency, s.What, s.Agent) {
				h[i] = max(h[i], to)
			}
		}
	}
	return h
}

// leximin raises the free elements of a rung together, fixes those that can
// rise no further, and goes on with the others until all stand at their
// heights or are blocked (max-min fairness by repeated programs: Ogryczak and
// Śliwiński 2006; Nace and Pióro 2008).
func (c *climb) leximin(ctx context.Context, r int) error {
	res := &c.results[r]
	height := c.heights(&c.ladder[r])
	var free []int
	for e, h := range height {
		if h > 0 {
			res.Elements++
		}
		if h > c.stands[e]+1e-9 && !c.blocked[e] {
			free = append(free, e)
		}
	}
	if res.Elements == 0 {
		return nil
	}
	start := slices.Clone(c.stands)
	c.heightAt[r], c.startAt[r] = height, start
	before, faceBefore := slices.Clone(c.kept.floor), c.face
	last := -1.0
	for len(free) > 0 {
		base, gain := make([]float64, len(free)), make([]float64, len(free))
		for i, e := range free {
			base[i], gain[i] = start[e], height[e]-start[e]
		}
		g := c.p.goal(&c.kept, free, base, gain, nil)
		c.report(Progress{Rung: r, Goal: res.Goal, Level: max(0, last), Free: len(free), Of: res.Elements})
		a, err := c.oracle.level(ctx, c, g, last)
		if err != nil {
			return err
		}
		z, keep := a.level, c.ladder[r].Keep
		if a.kind == roundFull {
			z = 1
		}
		c.record(r, g, a, a.level)
		if a.kind == roundLevel && keep == 0 && a.onFace != nil && a.onFace.gap <= sharpGap {
			c.face = c.face.hold(c, g, a.onFace, a.fixed, max(0, c.rounds[len(c.rounds)-1].Bound-a.level), 1)
		}
		stop := map[int]bool{}
		for _, e := range a.fixed {
			stop[e] = true
		}
		var rest []int
		for i, e := range free {
			if !stop[e] {
				rest = append(rest, e)
				continue
			}
			at := base[i] + gain[i]*z
			if z >= 1 {
				at = height[e]
			}
			c.fix(r, e, at, z >= 1, keep)
		}
		if len(rest) == len(free) {
			return fmt.Errorf("round %d fixed no element at level %g", len(res.Rounds), z)
		}
		if z < 1 && !(z-last < sameLevel && len(res.Levels) > 0) || z >= 1 {
			res.Levels = append(res.Levels, z)
		}
		free, last = rest, max(last, z)
	}
	if c.exchange(r, height, before) {
		c.face = faceBefore
	}
	return nil
}

// fix lets element e stand at a satisfaction from now on.
func (c *climb) fix(r, e int, at float64, full bool, keep float64) {
	c.stands[e] = at
	c.blocked[e] = !full
	c.rungOf[e], c.roundOf[e] = r, len(c.results[r].Rounds)
	if at < sameLevel {
		c.kept.floor[e] = 0
		return
	}
	c.kept.floor[e] = max(c.kept.floor[e], at*(1-keep))
}

// exchange opens what later rungs may take from this one, if anything; what was
// kept before it stays kept.
func (c *climb) exchange(r int, height, before []float64) bool {
	x := c.ladder[r].Exchange
	if x == nil || x.Give <= 0 {
		return false
	}
	gv := give{capped: -1, most: x.Give, gain: x.Gain}
	for e, h := range height {
		if h > 0 {
			gv.elements = append(gv.elements, e)
			gv.floor = append(gv.floor, c.kept.floor[e])
			c.kept.floor[e] = before[e]
		}
	}
	c.kept.gives = append(c.kept.gives, gv)
	return true
}

// scalar finds the best value of a rung's expression and keeps it within the rung's tolerance.
func (c *climb) scalar(ctx context.Context, r int) error {
	rung := &c.ladder[r]
	e, err := c.p.expression(rung)
	if err != nil {
		return err
	}
	res := &c.results[r]
	res.Unit = e.unit
	if len(e.index) == 0 {
		res.Value = e.constant
		return nil
	}
	sign := 1.0
	if rung.Kind == network.Most {
		sign = -1
	}
	target := &expression{index: e.index, value: scaled(e.value, sign), constant: sign * e.constant, unit: e.unit}
	g := c.p.goal(&c.kept, nil, nil, nil, target)
	c.report(Progress{Rung: r, Goal: res.Goal})
	a, err := c.oracle.value(ctx, c, g)
	if err != nil {
		return err
	}
	c.record(r, g, a, a.level)
	res.Value = sign * a.level
	keep := c.keep(r)
	if keep == 0 && a.onFace != nil {
		if size := g.size(a.level); a.onFace.gap <= sharpGap*size {
			c.face = c.face.hold(c, g, a.onFace, nil, math.Abs(c.rounds[len(c.rounds)-1].Bound-a.level)/size, size)
		}
	}
	c.kept.caps = append(c.kept.caps, keptValue{target, a.level + keep*max(1e-3*largest(target.value), math.Abs(a.level))})
	if x := rung.Exchange; x != nil && x.Give > 0 {
		c.kept.gives = append(c.kept.gives, give{capped: len(c.kept.caps) - 1, most: x.Give, gain: x.Gain})
	}
	return nil
}

// keep is by how much of itself the value of rung r may get worse later.
func (c *climb) keep(r int) float64 {
	if k := c.ladder[r].Keep; k > 0 || !c.p.large() {
		return k
	}
	return keepValue
}

// record keeps a round and what proves it, and narrows what may still be given.
func (c *climb) record(r int, g *goalProgram, a *answer, level float64) {
	rec := roundRecord{Rung: r, Kind: a.kind, Level: level, Fixed: a.fixed, Dual: a.dual, Rest: a.rest, cost: a.cost, guess: a.guess, scale: g.scale, Lowered: a.lowered, Given: a.given}
	if c.ladder[r].Kind != network.Leximin {
		rec.scale = -g.scale // a price says by how much the goal gets better
	}
	if a.kind == roundSettle {
		rec.scale = -smallestGain(g, a.fixed)
	}
	rec.Bound, rec.Precision, rec.check = c.prove(g, a, level)
	c.rounds = append(c.rounds, rec)
	res := &c.results[r]
	res.Programs += a.cost.programs
	res.Seconds += a.cost.seconds
	res.Rounds = append(res.Rounds, Round{
		Level: level, Fixed: len(a.fixed), Bound: rec.Bound, Precision: rec.Precision,
		Seconds: a.cost.seconds, Iterations: a.cost.iterations, Guessed: a.guess,
	})
	ct := &res.Certificate
	ct.Dual = max(ct.Dual, rec.check.Dual)
	ct.Gap = max(ct.Gap, rec.check.Gap)
	if a.x != nil {
		c.last = a.x
	}
	for i, u := range a.given {
		gv := &c.kept.gives[i]
		gv.least = min(gv.most, max(gv.least, u))
	}
}

// smallestGain is the scale of a settle program's objective.
func smallestGain(g *goalProgram, named []int) float64 {
	least := math.Inf(1)
	for i, e := range g.free {
		if slices.Contains(named, e) {
			least = min(least, g.gain[i])
		}
	}
	return least
}

// prove computes, without any solver, the bound that a round's dual vector
// gives and how precisely it fixes the round's elements.
//
// Sum the progress rows by their weights w: every plan that keeps what is kept has
// Σ w·(σ − base) ≤ bound. If every other element in the sum makes at least
// progress z, element e can exceed its level by (bound − z)/w_e at most.
func (c *climb) prove(g *goalProgram, a *answer, level float64) (bound, precision float64, check lp.Check) {
	if a.kind == roundFull {
		return 1, 0, lp.Check{}
	}
	if a.kind == roundSettle {
		g = c.settleProgram(g, a.fixed, level)
	}
	bound = c.safeBound(g, a.dual, a.rest)
	if a.kind == roundValue {
		bound += g.target.constant
		check.Gap = math.Abs(level-bound) / (1 + math.Abs(level) + math.Abs(bound))
		return bound, 0, check
	}
	if a.kind == roundSettle {
		precision = max(0, -(bound + g.target.constant))
		check.Gap = precision
		return level + precision, precision, check
	}
	check.Gap = math.Abs(bound-level) / (1 + math.Abs(level) + math.Abs(bound))
	w := g.weights(a.dual)
	at := map[int]int{}
	for i, e := range g.free {
		at[e] = i
	}
	for _, e := range a.fixed {
		precision = max(precision, max(0, bound-level)/w[at[e]])
	}
	return bound, precision, check
}

// bounds returns implied bounds for the columns of a round's program.
func (c *climb) bounds(g *goalProgram) (lower, upper []float64) {
	lower, upper = slices.Clone(g.lp.Lower), slices.Clone(g.lp.Upper)
	for j := range c.p.LP.Cols() {
		lower[j] = max(lower[j], c.implied[0][j])
		upper[j] = min(upper[j], c.implied[1][j])
	}
	return lower, upper
}

func (c *climb) report(p Progress) {
	if c.progress != nil {
		p.Rungs = len(c.ladder)
		for _, r := range c.results {
			p.Programs += r.Programs
		}
		c.progress(p)
	}
}
