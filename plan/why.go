package plan

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"bremen/lp"
	"bremen/network"
)

// ExplainOptions bound an explanation. The zero value explains the twenty most
// urgent shortfalls with three causes each.
type ExplainOptions struct {
	Shortfalls int // explained at most; 0 means 20
	Causes     int // shown per shortfall; 0 means 3
	Questions  int // asked at most; 0 means 10
	// Solves is how many programs may be solved to confirm figures; 0 means as
	// many as it takes for a small network, 8 for others; negative means none.
	Solves   int
	Progress func(Progress) // may be nil; called with nothing known once it begins
}

// Solves by default, up to smallProgram nonzeros and above.
const (
	manySolves = 600
	fewSolves  = 8
)

func (o *ExplainOptions) defaults(nonzeros int) {
	o.Shortfalls = cmp.Or(o.Shortfalls, 20)
	o.Causes = cmp.Or(o.Causes, 3)
	o.Questions = cmp.Or(o.Questions, 10)
	o.Solves = o.mostSolves(nonzeros)
}

func (o *ExplainOptions) mostSolves(nonzeros int) int {
	return cmp.Or(o.Solves, pick(nonzeros <= smallProgram, manySolves, fewSolves))
}

// Explain says why needs fall short, what would help, and what to ask whom
// (DESIGN 4.4). It also fills in the exchange rates of pl's rungs.
//
// Causes come from the duals of the round in which a need was fixed: bounds
// of hours, machines, money and nature whose relaxation could lift it. A
// figure is confirmed by climbing the ladder again, up to that round's rung,
// with the bound moved; rounds that the bound has no part in are proven by the
// plan's own duals and not solved again. Where the programs allowed are used
// up, figures stay estimates and are marked and worded so; exchange rates, which
// are only given where they are confirmed, get what is left. The result depends
// only on the arguments.
func Explain(ctx context.Context, pl *Plan, s lp.Solver, o ExplainOptions) (*Explanation, error) {
	if pl.Status == Infeasible {
		return &Explanation{}, nil
	}
	if o.Progress != nil {
		o.Progress(Progress{})
	}
	x, falls, err := figures(ctx, pl, s, o)
	if err != nil {
		return nil, err
	}
	out := &Explanation{Fallen: fallen(pl)}
	for i := range falls {
		out.Shortfalls = append(out.Shortfalls, x.describe(&falls[i]))
	}
	out.Questions = x.questions(falls)
	return out, nil
}

// figures finds the shortfalls of the rungs that a plan has, solves what its
// explanation rests on, and fills in exchange rates.
func figures(ctx context.Context, pl *Plan, s lp.Solver, o ExplainOptions) (*explaining, []shortfall, error) {
	x := &explaining{pl: pl, p: pl.Program, solver: s, stuck: map[int]int{}}
	c, err := retrace(ctx, pl, x.visit)
	if err != nil {
		return nil, nil, err
	}
	o.defaults(x.p.LP.NNZ())
	x.o, x.c, x.w = o, c, newWording(x.p)
	x.before = append(x.before, c.stands)
	if err := x.again(ctx); err != nil {
		return nil, nil, err
	}
	falls := x.shortfalls()
	if err := x.confirm(ctx, falls); err != nil {
		return nil, nil, err
	}
	return x, falls, x.exchange(ctx)
}

// fallen lists the needs that get nothing at all, as Unmet has them.
func fallen(pl *Plan) []Unmet {
	var out []Unmet
	for _, u := range pl.Unmet {
		if u.Short >= u.Required*(1-1e-6) {
			out = append(out, u)
		}
	}
	return out
}

// explaining holds what an explanation is made from.
type explaining struct {
	pl     *Plan
	p      *Program
	c      *climb // retraced to its end
	w      *wording
	o      ExplainOptions
	solver lp.Solver
	used   int // programs solved

	before [][]float64            // per round: satisfactions before it; then at the end
	rungs  []int                  // per round: its rung
	prices []map[leverKey]float64 // per round: of bounds, with all that was kept before
	net    []map[leverKey]float64 // per round: with what the bounds do to the rounds before
	stuck  map[int]int            // element → round in which it was fixed below its height
	rounds []shortfall
}

// shortfall is a round's share of needs that stay below their height, and what binds them.
type shortfall struct {
	rung, round int
	elements    []int
	level       float64 // lowest satisfaction
	gain        float64 // of the lowest: satisfaction per progress
	levers      []lever
	binding     []lever // where no lever helps: what binds, but would go to earlier rounds first
	causes      []cause
	scarce      map[int32]bool // products that had a price in the round
	k           int            // the round's number in the climb
	program     *goalProgram   // where its duals told nothing
	part        float64        // of what its objective gains, the share of one element
}

// cause is a lever as far as it is known.
type cause struct {
	lever
	via       []string // products from the need upstream to the bound
	more      float64
	confirmed bool
	alone     bool // brings nothing on its own
	earlier   bool // since what it brings goes to earlier rounds
	from, to  float64
	rng       [2]float64
	helped    []int // elements of the shortfall that rise
	gains     []Gain
	benefit   float64 // people times satisfaction, gained less lost
}

// visit notes what binds in a round of the climb.
func (x *explaining) visit(k int, c *climb, g *goalProgram, r *roundRecord) {
	x.before = append(x.before, slices.Clone(c.stands))
	x.rungs = append(x.rungs, r.Rung)
	x.prices = append(x.prices, map[leverKey]float64{})
	x.net = append(x.net, map[leverKey]float64{})
	if r.Kind == roundFull || r.Kind == roundValue {
		return
	}
	f := shortfall{rung: r.Rung, round: len(c.results[r.Rung].Rounds) + 1, scarce: x.p.scarce(r.Dual), level: math.Inf(1), k: k}
	share := 1.0
	if r.Kind == roundSettle {
		share = 1 / float64(max(1, len(r.Fixed))) // the dual is of the sum of what they could gain
	}
	all := x.p.levers(g, r.Dual, x.pl.X)
	f.levers = x.netted(k, all, x.pressure(c, g, r.Dual, k), share)
	height, start := c.heightAt[r.Rung], c.startAt[r.Rung]
	for _, e := range r.Fixed {
		if r.Level < fullLevel {
			x.stuck[e] = k
		}
		if kind := x.p.Elements[e].Kind; kind != elementNeed && kind != elementStock {
			continue
		}
		f.elements = append(f.elements, e)
		if at := start[e] + (height[e]-start[e])*r.Level; at < f.level {
			f.level, f.gain = at, height[e]-start[e]
		}
	}
	if r.Level >= fullLevel || len(f.elements) == 0 {
		return
	}
	if hopeless := x.sourceless(f.elements) || f.level < sameLevel && x.p.late(f.elements); len(f.levers) == 0 && !hopeless {
		f.program, f.part, f.binding = g, share, all
	}
	x.rounds = append(x.rounds, f)
}

// pressure is how much the progress of a round would fall if the level of an
// earlier round rose by one: by the duals of the floors of what was fixed there below its height.
func (x *explaining) pressure(c *climb, g *goalProgram, y []float64, before int) map[int]float64 {
	out := map[int]float64{}
	for e := range c.p.Elements {
		k, ok := x.stuck[e]
		if !ok || k >= before || g.lp.Lower[c.p.Elements[e].Col] == 0 {
			continue
		}
		d := reduced(g.lp, c.p.Elements[e].Col, y) / g.scale
		if !g.lp.Maximise {
			d = -d
		}
		if rung := x.rungs[k]; d < 0 {
			out[k] -= d * (c.heightAt[rung][e] - c.startAt[rung][e])
		}
	}
	return out
}

// netted turns prices at fixed earlier levels into what a bound really brings:
// relaxed, it lifts earlier rounds first, and what these then take has to be
// subtracted. Bounds that bring nothing are left out; the strongest comes first.
func (x *explaining) netted(k int, levers []lever, pressure map[int]float64, share float64) []lever {
	prices, net := x.prices[k], x.net[k]
	for i := range levers {
		prices[levers[i].leverKey] = levers[i].price * share
		net[levers[i].leverKey] = levers[i].price * share
	}
	for _, i := range sortedKeys(pressure) {
		for key, earlier := range x.net[i] {
			net[key] -= pressure[i] * share * earlier
		}
	}
	var out []lever
	for _, l := range levers {
		l.price = net[l.leverKey]
		if l.price > netDust*prices[l.leverKey] && l.effect() >= leastEffect {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b lever) int { return cmp.Compare(b.effect(), a.effect()) })
	return out
}

// slacken is how much what was kept gives way, relatively, in programs solved for their duals only.
const slacken = 1e-4

// again solves rounds whose duals told nothing once more, two at a time, with a little room
// in what was kept before: without it the duals are not unique, and may be so
// large that what is left of them is rounding.
func (x *explaining) again(ctx context.Context) error {
	var due []*shortfall
	for i := range x.rounds {
		if f := &x.rounds[i]; f.program != nil && x.used < x.o.Solves {
			due = append(due, f)
			x.used++
		}
	}
	for pair := range slices.Chunk(due, sideBySide) {
		var done sync.WaitGroup
		programs, duals := make([]goalProgram, len(pair)), make([][]float64, len(pair))
		for i, f := range pair {
			g := &programs[i]
			*g = x.slackened(f.program)
			f.program = nil
			done.Go(func() {
				sol, err := x.solver.Solve(ctx, g.lp, lp.Options{Method: pick(x.p.large(), lp.Interior, lp.Sharp)})
				if err == nil && sol.Status == lp.Optimal {
					duals[i] = sol.RowDual
				}
			})
		}
		done.Wait()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for i, f := range pair { // in order: what earlier rounds are worth counts in later ones
			if y := duals[i]; y != nil {
				f.binding = x.p.levers(&programs[i], y, x.pl.X)
				f.levers = x.netted(f.k, f.binding, x.pressure(x.c, &programs[i], y, f.k), f.part)
				f.scarce = x.p.scarce(y)
			}
		}
	}
	return nil
}

// slackened returns a round's program with a little room in what was kept before it.
func (x *explaining) slackened(g *goalProgram) goalProgram {
	out, q := *g, *g.lp
	q.Lower = slices.Clone(q.Lower)
	for e := range x.p.Elements {
		q.Lower[x.p.Elements[e].Col] *= 1 - slacken
	}
	out.lp = &q
	return out
}

// What is left of a price below a share of it is rounding; what a step brings below leastEffect is nothing.
const (
	netDust     = 1e-3
	leastEffect = sameLevel / 10
)

// shortfalls joins rounds of one rung and level that have the same causes and
// are about the same things or the same periods, and takes the most urgent.
func (x *explaining) shortfalls() []shortfall {
	var out []shortfall
	for _, f := range x.rounds {
		f.levers = slices.DeleteFunc(f.levers, func(l lever) bool {
			return l.effect() < 1e-3*f.levers[0].effect()
		})
		if i := slices.IndexFunc(out, func(o shortfall) bool { return x.alike(&o, &f) }); i >= 0 {
			out[i].join(&f)
			continue
		}
		out = append(out, f)
	}
	if len(out) > x.o.Shortfalls {
		out = out[:x.o.Shortfalls]
	}
	return out
}

func (x *explaining) alike(a, b *shortfall) bool {
	if a.rung != b.rung || math.Abs(a.level-b.level) > sameLevel || len(a.levers) != len(b.levers) {
		return false
	}
	ids, _ := x.w.whats(a.elements)
	others, _ := x.w.whats(b.elements)
	if !slices.Equal(ids, others) && x.periodsOf(a.elements) != x.periodsOf(b.elements) {
		return false
	}
	for i := range a.levers {
		if !slices.ContainsFunc(b.levers, func(l lever) bool { return l.leverKey == a.levers[i].leverKey }) {
			return false
		}
	}
	return true
}

func (f *shortfall) join(o *shortfall) {
	f.elements = append(f.elements, o.elements...)
	for i := range f.levers {
		l := &f.levers[i]
		for _, m := range o.levers {
			if m.leverKey != l.leverKey {
				continue
			}
			for _, v := range m.moves {
				if !slices.ContainsFunc(l.moves, func(w move) bool { return w.way == v.way && w.index == v.index }) {
					l.moves = append(l.moves, v)
				}
			}
			l.price = max(l.price, m.price)
		}
	}
}

// describe puts a shortfall into the document's terms.
func (x *explaining) describe(f *shortfall) Shortfall {
	ids, names := x.w.whats(f.elements)
	periods := x.periodsOf(f.elements)
	s := Shortfall{
		Rung: x.c.results[f.rung].Goal, Round: f.round, Level: snap(f.level),
		Needs: x.needsOf(f.elements), Whats: ids, Periods: periods,
	}
	code := "short"
	if s.Level < sameLevel {
		code, s.Level = "short.none", 0
	}
	s.Sentence = x.w.say(code, values{"whats": names, "when": when(periods), "level": share(s.Level), "who": x.whoOf(f.elements)})
	for i := range f.causes {
		c := x.w.cause(&f.causes[i])
		s.Causes = append(s.Causes, c)
		s.Sentence = s.Sentence.and(c.Sentence)
	}
	if len(f.causes) == 0 {
		code := "short.unclear"
		switch {
		case x.sourceless(f.elements):
			code = "short.nobody"
		case s.Level == 0 && x.p.late(f.elements):
			code = "short.late"
		}
		s.Sentence = s.Sentence.and(x.w.say(code, nil))
	}
	return s
}

// sourceless tells whether nothing that could serve the elements is made, bought, returned or in stock anywhere.
func (x *explaining) sourceless(elements []int) bool {
	n := x.p.Net
	var ids []string
	for _, e := range elements {
		el := &x.p.Elements[e]
		if el.Kind == elementStock {
			ids = append(ids, n.Stocks[el.index].Product)
			continue
		}
		for _, a := range x.p.supplies[el.supply].accepts {
			ids = append(ids, n.Products[a.product].ID)
		}
	}
	has := func(id string) bool { return slices.Contains(ids, id) }
	return !slices.ContainsFunc(n.Flows, func(f network.Flow) bool { return f.Direction == network.Out && has(f.What) }) &&
		!slices.ContainsFunc(n.Trade, func(t network.Trade) bool { return t.Type != "sell" && has(t.Product) }) &&
		!slices.ContainsFunc(n.Stocks, func(s network.Stock) bool { return s.Start > 0 && has(s.Product) }) &&
		!slices.ContainsFunc(n.Returns, func(r network.Return) bool { return has(r.Returned) })
}

// periodsOf elements; "" as soon as one of them spans several.
func (x *explaining) periodsOf(elements []int) string {
	var t []int
	for _, e := range elements {
		el := &x.p.Elements[e]
		if el.Period > 0 {
			t = append(t, el.Period)
			continue
		}
		if el.Kind == elementNeed {
			t = append(t, x.p.supplies[el.supply].periods...)
		}
	}
	return spans(t)
}

func (x *explaining) needsOf(elements []int) []string {
	var ids []string
	for _, e := range elements {
		if el := &x.p.Elements[e]; el.Kind == elementNeed {
			for _, tk := range x.p.supplies[el.supply].takers {
				if tk.urgency[el.Urgency] > 0 {
					ids = append(ids, x.p.Net.Needs[tk.need].ID)
				}
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// whoOf names the agents behind elements.
func (x *explaining) whoOf(elements []int) listed {
	var ids []string
	for _, e := range elements {
		el := &x.p.Elements[e]
		if el.Kind == elementStock {
			s := &x.p.Net.Stocks[el.index]
			ids = append(ids, cmp.Or(s.Agent, s.Site))
			continue
		}
		for _, tk := range x.p.supplies[el.supply].takers {
			ids = append(ids, x.p.Net.Agents[tk.agent].ID)
		}
	}
	slices.Sort(ids)
	return callAll(x.w.names.Agent, slices.Compact(ids))
}
