package plan

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"bremen/lp"
	"bremen/lp/conflict"
	"bremen/network"
)

var errNoProgram = errors.New("the plan comes without its program: reopen it with its network")

// Wish is a satisfaction wanted together with others.
type Wish struct {
	What    string          // product, kind or property; or the ID of a need
	Agent   string          // empty: of everyone
	Periods network.Periods // empty: all
	To      float64         // satisfaction; 0 means 1, in full
}

// CollideOptions say which collisions to look for. The zero value looks for
// the five most urgent ones of a plan.
type CollideOptions struct {
	// Wanted is what is wanted together. Without it, each need that falls short
	// in the plan is wanted as far as it could be met were it alone,
	// together with what all others have.
	Wanted []Wish
	Most   int // collisions at most; 0 means 5
	Points int // of trade-off curves; 0 means 7, negative none
	// Tries is how many needs that fall short are looked at; 0 means four for each collision asked for.
	Tries int
}

// Collide finds smallest sets of wanted satisfactions and stated bounds that
// cannot all hold (DESIGN 4.4). Balances and definitions hold whatever else
// does not and are never members. Irreducible means that without any one
// member the others can be met: each has been left out in turn, beginning with
// the support of a proof of infeasibility (deletion filter on a Farkas ray:
// Chinneck and Dravnieks 1991).
//
// Programs above 40,000 nonzeros are cut down to the rows that the dual of the
// round rests on; then the set is in conflict for certain, but that nothing
// can be left out is only shown for these rows, and the sentence says less.
//
// Collisions of different things come before those of one thing at other times or
// for other people. With Wanted there is one collision at most, and none if all can be had. A
// need that falls short on its own, without others in the way, is no collision: see Explain.
func Collide(ctx context.Context, pl *Plan, s lp.Solver, o CollideOptions) ([]Collision, error) {
	if pl.Program == nil {
		return nil, errNoProgram
	}
	o.Most = cmp.Or(o.Most, 5)
	o.Tries = cmp.Or(o.Tries, 4*o.Most)
	x := &colliding{pl: pl, p: pl.Program, w: newWording(pl.Program), solver: s, o: o, cut: pl.Program.LP.NNZ() > smallProgram}
	if len(o.Wanted) > 0 {
		return x.asked(ctx)
	}
	if pl.Status != Optimal {
		return nil, nil
	}
	return x.worst(ctx)
}

// worst finds the collisions of needs that fall short, in the order of the rounds that fixed them.
func (x *colliding) worst(ctx context.Context) ([]Collision, error) {
	if _, err := retrace(ctx, x.pl, x.visit); err != nil {
		return nil, err
	}
	var out, alike []Collision // of different things, and of one thing at other times or for other people
	for _, f := range x.falls[:min(len(x.falls), x.o.Tries)] {
		if len(out) == x.o.Most {
			break
		}
		c, err := x.against(ctx, &f)
		if err != nil {
			return nil, err
		}
		if c == nil {
			continue
		}
		list := &out
		if !x.differ(c) {
			list = &alike
		}
		if !slices.ContainsFunc(*list, func(o Collision) bool { return sameCollision(&o, c) }) {
			*list = append(*list, *c)
		}
	}
	out = append(out, alike...)
	return out[:min(len(out), x.o.Most)], nil
}

// differ tells whether a collision is between needs for different things.
func (x *colliding) differ(c *Collision) bool {
	for _, e := range x.p.elementsOf(c.Wanted[0]) {
		for _, id := range c.Wanted[1:] {
			if slices.ContainsFunc(x.p.elementsOf(id), func(o int) bool { return x.p.whatOf(o) != x.p.whatOf(e) }) {
				return true
			}
		}
	}
	return false
}

// sameCollision tells whether two collisions are of the same needs over the same bounds.
func sameCollision(a, b *Collision) bool {
	return slices.Equal(slices.Sorted(slices.Values(a.Wanted)), slices.Sorted(slices.Values(b.Wanted))) && slices.Equal(a.Bounds, b.Bounds)
}

// colliding holds what collisions are found from.
type colliding struct {
	pl     *Plan
	p      *Program
	w      *wording
	solver lp.Solver
	o      CollideOptions
	falls  []fall
	cut    bool // to the rows that duals rest on
}

// fall is the elements of one thing that a round fixed below their height.
type fall struct {
	what     string
	elements []int
	level    float64 // lowest satisfaction in the plan
	dual     []float64
}

// visit notes, per round and thing, what falls short; each thing once per agents concerned.
func (x *colliding) visit(_ int, _ *climb, _ *goalProgram, r *roundRecord) {
	if r.Kind == roundFull || r.Kind == roundValue || r.Level >= fullLevel {
		return
	}
	for _, e := range r.Fixed {
		el := &x.p.Elements[e]
		at := snap(x.pl.X[el.Col])
		if (el.Kind != elementNeed && el.Kind != elementStock) || at == 1 {
			continue
		}
		what := x.p.whatOf(e)
		i := slices.IndexFunc(x.falls, func(f fall) bool { return f.what == what && &f.dual[0] == &r.Dual[0] })
		if i < 0 {
			i = len(x.falls)
			x.falls = append(x.falls, fall{what: what, level: 1, dual: r.Dual})
		}
		f := &x.falls[i]
		f.elements, f.level = append(f.elements, e), min(f.level, at)
	}
}

// against finds what keeps the elements of a fall from what they could have
// alone; nil where no other need does.
func (x *colliding) against(ctx context.Context, f *fall) (*Collision, error) {
	p := *x.p
	q := *p.LP
	q.Lower, q.Upper = slices.Clone(q.Lower), slices.Clone(q.Upper)
	q.RowLower, q.RowUpper = slices.Clone(q.RowLower), slices.Clone(q.RowUpper)
	if x.cut {
		x.cutDown(&q, f.dual)
	}
	p.LP = &q
	alone, err := p.highest(ctx, x.solver, &kept{floor: make([]float64, len(p.Elements))}, f.elements)
	if err != nil || alone <= f.level+noticeSwap {
		return nil, err
	}
	to := map[int]float64{}
	for e := range p.Elements {
		el := &p.Elements[e]
		if at := snap(x.pl.X[el.Col]); (el.Kind == elementNeed || el.Kind == elementStock) && at >= sameLevel {
			to[e] = at * (1 - swapRoom)
		}
	}
	for _, e := range f.elements {
		to[e] = max(to[e], alone*(1-swapRoom))
	}
	return x.collision(ctx, &q, to, f.elements)
}

const (
	// noticeSwap: by less than this no need is held down by others.
	noticeSwap = 1e-3
	// swapRoom is what wanted satisfactions are lowered by, relative, so that
	// what is in conflict is so by more than a solver's tolerance.
	swapRoom = 2e-4
)

// cutDown frees the rows that a dual does not rest on.
func (x *colliding) cutDown(q *lp.Problem, dual []float64) {
	dust := 1e-9 * largest(dual[:q.Rows()])
	for i := range q.RowLower {
		if math.Abs(dual[i]) <= dust {
			q.RowLower[i], q.RowUpper[i] = -lp.Inf, lp.Inf
		}
	}
}

// asked finds the collision of what the options want.
func (x *colliding) asked(ctx context.Context) ([]Collision, error) {
	q := *x.p.LP
	q.Lower, q.Upper = slices.Clone(q.Lower), slices.Clone(q.Upper)
	to := map[int]float64{}
	var first []int
	for _, wish := range x.o.Wanted {
		for _, e := range x.p.elementsOf(wish.What) {
			el := &x.p.Elements[e]
			if !x.p.isOf(e, wish.Agent) || (el.Period > 0 && !wish.Periods.Has(el.Period)) {
				continue
			}
			if wish.To == 0 {
				wish.To = 1
			}
			to[e] = max(to[e], wish.To)
			first = append(first, e)
		}
	}
	c, err := x.collision(ctx, &q, to, first)
	if c == nil || err != nil {
		return nil, err
	}
	return []Collision{*c}, nil
}

// isOf tells whether an element is of an agent, or any where it is "".
func (p *Program) isOf(e int, agent string) bool {
	el := &p.Elements[e]
	if agent == "" {
		return true
	}
	if el.Kind == elementStock {
		return p.Net.Stocks[el.index].Agent == agent
	}
	return slices.ContainsFunc(p.supplies[el.supply].takers, func(t taker) bool { return p.Net.Agents[t.agent].ID == agent })
}

// collision finds an irreducible set among wanted satisfactions, per element,
// and the stated bounds of q, which it changes; nil where all can be had.
// first are the elements to be named first.
func (x *colliding) collision(ctx context.Context, q *lp.Problem, to map[int]float64, first []int) (*Collision, error) {
	wantedAt := map[int]int{} // column → element
	for e, v := range to {
		j := x.p.Elements[e].Col
		q.Lower[j] = max(q.Lower[j], v)
		wantedAt[j] = e
	}
	set, err := conflict.Find(ctx, x.solver, q, conflict.Options{Background: func(m conflict.Member) bool {
		if _, wanted := wantedAt[m.Index]; m.Column && !m.Upper && wanted {
			return false
		}
		_, stated := x.p.stated(m)
		return !stated
	}})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, conflict.ErrFeasible), errors.Is(err, conflict.ErrUndecided):
		return nil, nil
	case err != nil:
		return nil, err
	}
	var elements []int
	var bounds []conflict.Member
	for _, m := range set.Members {
		if e, wanted := wantedAt[m.Index]; m.Column && !m.Upper && wanted {
			elements = append(elements, e)
		} else {
			bounds = append(bounds, m)
		}
	}
	return x.describe(ctx, elements, bounds, to, first, set.Irreducible && !x.cut)
}

// describe puts a set into the document's terms and adds the trade-off of its first two needs.
func (x *colliding) describe(ctx context.Context, elements []int, bounds []conflict.Member, to map[int]float64, first []int, irreducible bool) (*Collision, error) {
	slices.SortStableFunc(elements, func(a, b int) int {
		return cmp.Compare(flag(!slices.Contains(first, a)), flag(!slices.Contains(first, b)))
	})
	c := &Collision{Sentence: x.w.say(pick(irreducible, "collision", "collision.loose"), nil)}
	for _, e := range elements {
		for _, id := range x.p.idsOf(e) {
			if !slices.Contains(c.Wanted, id) {
				c.Wanted = append(c.Wanted, id)
			}
		}
	}
	rival := x.rival(elements)
	if rival != "" {
		c.Wanted = slices.DeleteFunc(c.Wanted, func(id string) bool { return id == rival })
		c.Wanted = slices.Insert(c.Wanted, 1, rival)
	}
	for _, t := range x.wanted(elements, to) {
		c.Sentence = c.Sentence.and(t)
	}
	for _, l := range x.p.joined(bounds) {
		if !slices.Contains(c.Bounds, l.what) {
			c.Bounds = append(c.Bounds, l.what)
		}
		c.Sentence = c.Sentence.and(x.w.member(&l.lever, l.low).Sentence)
	}
	if rival == "" || x.o.Points < 0 {
		return c, nil
	}
	var err error
	c.Curve, err = TradeOff(ctx, x.pl, c.Wanted[0], rival, x.o.Points, x.solver)
	if err != nil && ctx.Err() == nil {
		return c, nil // the collision stands without its curve
	}
	return c, err
}

// rival is the need to hold against that of the first element: of another
// thing if there is one, else of somebody else; "" without.
func (x *colliding) rival(elements []int) string {
	if len(elements) == 0 {
		return ""
	}
	mine := x.p.idsOf(elements[0])
	other := ""
	for _, e := range elements[1:] {
		ids := x.p.idsOf(e)
		if len(ids) == 0 || slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(mine, id) }) {
			continue
		}
		if x.p.whatOf(e) != x.p.whatOf(elements[0]) {
			return ids[0]
		}
		other = cmp.Or(other, ids[0])
	}
	return other
}

// wanted says what is wanted, elements of one thing, the same people and the same height together.
func (x *colliding) wanted(elements []int, to map[int]float64) []Text {
	type line struct {
		key      string
		e        int
		elements []int
	}
	var lines []line
	for _, e := range elements {
		key := strings.Join(append(x.p.idsOf(e), x.p.whatOf(e), strconv.FormatFloat(x.height(to[e]), 'f', 3, 64)), "|")
		i := slices.IndexFunc(lines, func(l line) bool { return l.key == key })
		if i < 0 {
			i = len(lines)
			lines = append(lines, line{key: key, e: e})
		}
		lines[i].elements = append(lines[i].elements, e)
	}
	var out []Text
	n := &explaining{p: x.p, w: x.w}
	for _, l := range lines {
		_, names := x.w.whats(l.elements)
		out = append(out, x.w.say("collision.want", values{
			"what": names, "who": n.whoOf(l.elements), "when": when(n.periodsOf(l.elements)), "level": share(x.height(to[l.e])),
		}))
	}
	return out
}

// height is a wanted satisfaction as it is said: without the room left to the solver.
func (x *colliding) height(v float64) float64 {
	if len(x.o.Wanted) == 0 {
		v /= 1 - swapRoom
	}
	return snap(min(1, v))
}

// statedBound is a lever with the side of the bound that is meant.
type statedBound struct {
	lever
	low bool
}

// joined returns the levers behind bounds; those of one lever with the same figure together.
func (p *Program) joined(bounds []conflict.Member) []statedBound {
	var out []statedBound
	for _, m := range bounds {
		l, ok := p.stated(m)
		if !ok {
			continue
		}
		i := slices.IndexFunc(out, func(o statedBound) bool {
			return o.leverKey == l.leverKey && o.low == !m.Upper && o.size == l.size && o.moves[0].way == l.moves[0].way && o.moves[0].way != rowShift
		})
		if i < 0 {
			out = append(out, statedBound{l, !m.Upper})
			continue
		}
		out[i].moves = append(out[i].moves, l.moves...)
	}
	return out
}
