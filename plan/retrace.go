package plan

import (
	"context"
	"errors"
	"slices"

	"bremen/lp"
	"bremen/network"
)

// Reopen makes a plan read from files whole again: its program is rebuilt
// from the network it was made from. It proves nothing; Verify does.
func Reopen(n *network.Network, d *Document, proofs *Proofs) (*Plan, error) {
	p, err := Build(n, proofs.inForce())
	if err != nil {
		return nil, err
	}
	if proofs.Rows != p.LP.Rows() || proofs.Columns != p.LP.Cols() || len(proofs.Primal) != p.LP.Cols() {
		return nil, errors.New("the proofs are not of this network")
	}
	return &Plan{Document: *d, Program: p, Proofs: proofs, X: proofs.Primal}, nil
}

// retracing goes up a ladder again with the answers of a plan's proofs and
// shows each round, with its program and duals, before its elements are fixed.
type retracing struct {
	proving
	visit func(k int, c *climb, g *goalProgram, r *roundRecord)
}

func (o *retracing) level(ctx context.Context, c *climb, g *goalProgram, last float64) (*answer, error) {
	k := o.next
	a, err := o.proving.level(ctx, c, g, last)
	if err == nil {
		if a.kind == roundSettle {
			g = c.settleProgram(g, a.fixed, a.level)
		}
		o.visit(k, c, g, &o.proofs.Rounds[k])
	}
	return a, err
}

func (o *retracing) value(ctx context.Context, c *climb, g *goalProgram) (*answer, error) {
	k := o.next
	a, err := o.proving.value(ctx, c, g)
	if err == nil {
		o.visit(k, c, g, &o.proofs.Rounds[k])
	}
	return a, err
}

// retrace climbs a plan's ladder again by its proofs, as far as the plan has rungs.
func retrace(ctx context.Context, pl *Plan, visit func(k int, c *climb, g *goalProgram, r *roundRecord)) (*climb, error) {
	if pl.Program == nil || pl.Proofs == nil {
		return nil, errors.New("the plan comes without program or proofs: reopen it with its network")
	}
	_, ladder, err := LadderOf(pl.Program.Net, pl.LadderName)
	if err != nil {
		return nil, err
	}
	ladder = ladder[:min(len(ladder), len(pl.Ladder))]
	c := newClimb(pl.Program, ladder, &retracing{proving: proving{proofs: pl.Proofs}, visit: visit})
	c.precision = pl.Proofs.Precision
	return c, c.run(ctx)
}

// errEnough ends a climb once what it was made for is known.
var errEnough = errors.New("known well enough")

// retrying climbs a ladder under a relaxed bound. Rounds that the bound has no
// part in are proven by the old plan's duals; the others are solved.
type retrying struct {
	guessing
	touched map[int]bool // rounds of the old plan whose duals rest on the bound
	group   []int        // elements to watch: the climb ends when all of them are fixed
	rung    int          // in this rung or before
	whole   bool         // climb to the end of the ladder all the same
	most    int          // programs to solve at most
	used    *int
	reached []float64 // per element, when ended early: what it has at least
	fixed   bool      // ended early, with the whole group fixed
}

func (o *retrying) level(ctx context.Context, c *climb, g *goalProgram, last float64) (*answer, error) {
	if o.known(c, g, last) {
		return nil, errEnough
	}
	if o.usable && o.touched[len(c.rounds)] {
		r, _ := o.take(c, g, roundLevel, roundFull, roundSettle)
		return o.solved(ctx, c, g, last, r)
	}
	return o.guessing.level(ctx, c, g, last)
}

// known tells whether the climb has gone far enough, and notes where all stand.
func (o *retrying) known(c *climb, g *goalProgram, last float64) bool {
	fixed := 0
	for _, e := range o.group {
		if !slices.Contains(g.free, e) && c.rungOf[e] >= 0 && (c.blocked[e] || c.rungOf[e] == o.rung) {
			fixed++
		}
	}
	done := fixed == len(o.group) && !o.whole
	if !done && *o.used < o.most {
		return false
	}
	o.reached, o.fixed = slices.Clone(c.stands), fixed == len(o.group)
	for i, e := range g.free {
		o.reached[e] = max(o.reached[e], g.base[i]+g.gain[i]*max(0, last))
	}
	return true
}

// counted counts the programs solved.
type counted struct {
	lp.Solver
	n *int
}

func (s counted) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	*s.n++
	return s.Solver.Solve(ctx, p, o)
}
