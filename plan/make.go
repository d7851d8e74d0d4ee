package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"bremen/lp"
	"bremen/network"
)

// Version of the planner, written into every plan.
const Version = "0.1.0"

// Options of Make. The zero value plans by the network's default ladder.
type Options struct {
	Ladder    string         // name of a ladder of the network; "" is its default
	InForce   *Document      // the plan in force, for goals that keep movement small
	Guess     *Proofs        // proofs of an older plan of a similar network: levels that still hold are proven, not solved again
	Precision float64        // of levels; 0 means DefaultPrecision
	Progress  func(Progress) // may be nil
	// Continuous leaves batches, packs and least orders out.
	Continuous bool
	// RoundWork bounds the integer program that sets them, in the solver's deterministic clock; 0 means 20 s.
	RoundWork time.Duration
	// Explain has the plan explained too, in Plan.Why, with what that takes solved
	// beside the climb where a processor is idle; nil leaves it out. A plan that is not Optimal is not explained.
	Explain *ExplainOptions

	aheadFrom int // coefficients beyond which that is done beside the climb; 0 means smallProgram
}

// Plan is a document with what proves it.
type Plan struct {
	Document
	Proofs  *Proofs
	Program *Program  // the program it solves; nil when read from a file
	X       []float64 // its continuous solution, one value per column of Program
	// Rounded is the solution in whole batches and packs, which the lists show;
	// nil where nothing comes in whole amounts, or no such plan was found.
	Rounded []float64

	climb *climb
}

// Make plans a network: it builds the program, climbs the ladder with the
// solver, sets batches, packs and least orders, reads the plan back and proves
// it. The network must be valid.
//
// The ladder's values, levels and certificates are those of the continuous
// plan; what all lists show is the plan in whole amounts (Document.Rounding).
//
// A network whose bounds contradict each other gets a plan of status
// Infeasible that says why. A rung that no method can solve ends the climb: the
// plan of the rungs before it has status Stopped. When ctx is cancelled Make returns ctx's error.
func Make(ctx context.Context, n *network.Network, s lp.Solver, o Options) (*Plan, error) {
	p, err := Build(n, o.InForce)
	if err != nil {
		return nil, err
	}
	name, ladder, err := LadderOf(p.Net, o.Ladder)
	if err != nil {
		return nil, err
	}
	solver, side := s, (*ahead)(nil)
	if o.Explain != nil && p.LP.NNZ() > cmp.Or(o.aheadFrom, smallProgram) && takesSeveral(s) {
		side = newAhead(ctx, s, o.Explain.mostSolves(p.LP.NNZ()))
		solver = side
	}
	defer side.close()
	var answers oracle = &solving{solver: solver}
	if o.Guess != nil {
		answers = newGuessing(p, o.Guess, &solving{solver: solver})
	}
	c := newClimb(p, ladder, answers)
	if side != nil {
		c.after = func() { side.explain(c, name, *o.Explain) }
	}
	c.progress = o.Progress
	if o.Guess != nil && o.Guess.Columns == p.LP.Cols() {
		c.like = o.Guess.Primal
	}
	if o.Precision > 0 {
		c.precision = o.Precision
	}
	err = c.run(ctx)
	if o.Guess != nil && ctx.Err() == nil && (err != nil || !c.attained()) {
		o.Guess = nil // the guess cannot stand: plan from the start
		side.close()
		return Make(ctx, n, s, o)
	}
	if errors.Is(err, errContradiction) {
		return contradict(ctx, p, name, s)
	}
	status := Optimal
	if errors.Is(err, errUnsolved) && c.last != nil {
		status, err = Stopped, nil // what has been reached so far is a plan, and is said to be no more
	}
	if err != nil {
		return nil, err
	}
	if c.last == nil {
		return nil, fmt.Errorf("ladder %s has no goal to solve", name)
	}
	var whole *rounded
	if !o.Continuous {
		if whole, err = roundBatches(ctx, c, solver, o.RoundWork); err != nil {
			return nil, fmt.Errorf("whole batches and packs: %w", err)
		}
	}
	plan := finish(c, name, whole)
	plan.NetworkHash = network.Hash(n)
	plan.Status = status
	if o.Explain != nil && status == Optimal {
		side.stop()
		plan.Why, err = Explain(ctx, plan, solver, *o.Explain)
	}
	return plan, err
}

// attained tells whether the newest solution keeps what all rounds keep: one
// from before the last guessed round may not.
func (c *climb) attained() bool {
	if c.last == nil {
		return false
	}
	for e, f := range c.kept.floor {
		if c.last[c.p.Elements[e].Col] < f-verifyLevel {
			return false
		}
	}
	for _, k := range c.kept.caps {
		if v := k.expr.at(c.last); v > k.most+verifyLevel*(1+math.Abs(k.most)) {
			return false
		}
	}
	return true
}

// LadderOf returns a ladder of the network by name; "" and "default" give the
// one it has decided, or the one Bremen proposes.
func LadderOf(n *network.Network, name string) (string, network.Ladder, error) {
	if name == "" {
		name = "default"
	}
	if l, ok := n.Ladders[name]; ok {
		return name, l, nil
	}
	if name == "default" {
		return name, network.DefaultLadder(n), nil
	}
	return "", nil, fmt.Errorf("network %s has no ladder %q", n.ID, name)
}

// finish reads the plan back after the climb: the lists from the plan in whole
// amounts, if there is one, all else from the continuous one.
func finish(c *climb, ladder string, whole *rounded) *Plan {
	p := c.p
	x := c.last[:p.LP.Cols()]
	shown := x
	if whole != nil && whole.x != nil {
		shown = whole.x
	}
	d := p.readBack(shown, c.rungOf, c.roundOf, c.results)
	d.Status = Optimal
	p.head(d, ladder)
	c.reached(x)
	d.Ladder = c.results
	d.Prices = c.prices()
	d.noNulls()
	d.Program.Rows, d.Program.Columns, d.Program.Nonzeros = p.LP.Rows(), p.LP.Cols(), p.LP.NNZ()
	for _, r := range c.results {
		d.Program.Solves += r.Programs
		d.Program.Seconds += r.Seconds
	}
	plan := &Plan{Document: *d, Program: p, X: x, Proofs: c.proofs(x), climb: c}
	plan.Rounding = c.roundingOf(whole)
	if whole != nil {
		plan.Rounded, plan.Proofs.Rounded = whole.x, whole.x
		plan.Document.Program.Solves += whole.programs
		plan.Document.Program.Seconds += whole.seconds
	}
	return plan
}

func (p *Program) head(d *Document, ladder string) {
	n := p.Net
	d.Network, d.Title, d.Version, d.Currency, d.LadderName = n.ID, Text(n.Title), Version, n.Currency, ladder
	d.Calendar = Calendar{Unit: string(n.Calendar.Unit), Periods: p.T()}
	for _, u := range n.Urgencies {
		d.Urgencies = append(d.Urgencies, u.ID)
	}
	for t := 1; t <= p.T(); t++ {
		d.Calendar.Starts = append(d.Calendar.Starts, n.Calendar.StartOf(t).Format("2006-01-02"))
	}
}

// reached sets, per rung and round, what the final plan attains.
func (c *climb) reached(x []float64) {
	infeasibility := residual(c.p.LP, x)
	next := make([]int, len(c.results))
	worst := map[[2]int]float64{} // rung, round → lowest progress in the final plan
	for e := range c.p.Elements {
		r := c.rungOf[e]
		if r < 0 || c.ladder[r].Kind != network.Leximin {
			continue
		}
		key := [2]int{r, c.roundOf[e]}
		h, s := c.heightAt[r][e], c.startAt[r][e]
		v := 1.0
		if h > s {
			v = (snap(x[c.p.Elements[e].Col]) - s) / (h - s)
		}
		if w, ok := worst[key]; !ok || v < w {
			worst[key] = v
		}
	}
	for i := range c.rounds {
		rec := &c.rounds[i]
		res := &c.results[rec.Rung]
		k := next[rec.Rung]
		next[rec.Rung]++
		res.Certificate.Primal = infeasibility
		if rec.Kind == roundValue {
			res.Rounds[k].Reached = res.Value
			continue
		}
		if w, ok := worst[[2]int{rec.Rung, k + 1}]; ok {
			res.Rounds[k].Reached = snap(w)
		} else {
			res.Rounds[k].Reached = rec.Level
		}
	}
	for r := range c.results {
		res := &c.results[r]
		if c.ladder[r].Kind != network.Leximin {
			c.revalue(r, x)
			continue
		}
		if len(res.Levels) > 0 {
			res.Value = res.Levels[0]
		} else if res.Elements > 0 {
			res.Value = 1
		}
	}
}

// revalue states a value rung's value in the final plan, which later rungs may
// have moved within its tolerance.
func (c *climb) revalue(r int, x []float64) {
	e, err := c.p.expression(&c.ladder[r])
	if err != nil {
		return
	}
	res := &c.results[r]
	res.Value = e.at(x)
	for k := range res.Rounds {
		res.Rounds[k].Reached = res.Value
		if c.ladder[r].Kind == network.Most {
			res.Rounds[k].Level, res.Rounds[k].Bound = -res.Rounds[k].Level, -res.Rounds[k].Bound
		}
	}
}

// residual is the largest relative violation of a bound of the program at x.
func residual(p *lp.Problem, x []float64) float64 {
	return finiteOrMax(lp.CheckSolution(p, &lp.Solution{Col: x}).Primal)
}

func finiteOrMax(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return math.MaxFloat64
	}
	return v
}
