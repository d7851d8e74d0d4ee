package plan

import (
	"cmp"
	"context"
	"math"
	"slices"

	"bremen/lp"
	"bremen/network"
)

// DefaultLoss is how much of its value, relative, each value rung may lose in an alternative.
const DefaultLoss = 0.05

const (
	clearlyDifferent = 0.02 // share of the output that changes place
	keptFairness     = 1e-6 // relative, of what each need and wanted stock has
)

// Alternatives returns at most k plans that are clearly different from the
// plan and from each other, each found by one program (modelling to generate
// alternatives, Hop-Skip-Jump: Brill, Chang and Hopkins 1982; DeCarolis 2011).
// k = 0 means 3; loss = 0 means DefaultLoss.
//
// In every alternative each need and wanted stock that the ladder has raised
// has what it has in the plan, to a millionth. The values of other rungs, and
// satisfactions with variants and with rest, may each be worse by loss: values
// relative to themselves, satisfactions in parts of one. Within that, what the
// plans so far run is run as little as possible, each run weighing by the share that it
// makes of all output of its products. A plan that differs by less than a
// fiftieth of the output from one before it ends the search. Alternatives are
// continuous: batches and packs are not set.
func Alternatives(ctx context.Context, pl *Plan, s lp.Solver, k int, loss float64) ([]Alternative, error) {
	if pl.Program == nil {
		return nil, errNoProgram
	}
	if pl.Status != Optimal {
		return nil, nil
	}
	k, loss = cmp.Or(k, 3), cmp.Or(loss, DefaultLoss)
	c, err := retrace(ctx, pl, func(int, *climb, *goalProgram, *roundRecord) {})
	if err != nil {
		return nil, err
	}
	a := &alternatives{pl: pl, p: pl.Program, c: c, w: newWording(pl.Program), plans: [][]float64{pl.X}}
	a.weigh()
	keep := a.kept(loss)
	var out []Alternative
	for len(out) < k {
		target := a.target()
		if len(target.index) == 0 {
			break
		}
		sol, err := a.p.solveOne(ctx, s, a.p.goal(keep, nil, nil, nil, target).lp)
		if err != nil {
			return nil, err
		}
		x := sol.Col[:a.p.LP.Cols()]
		if slices.ContainsFunc(a.plans, func(y []float64) bool { return a.difference(y, x) < clearlyDifferent }) {
			break
		}
		a.plans = append(a.plans, x)
		out = append(out, a.describe(string(rune('A'+len(out))), x))
	}
	return out, nil
}

// alternatives holds what alternatives are found from.
type alternatives struct {
	pl     *Plan
	p      *Program
	c      *climb // retraced to its end
	w      *wording
	weight []float64   // per column: of runs, the share of all output that one run makes
	plans  [][]float64 // the plan and the alternatives so far
}

// weigh sets the weights: every product that is made counts 1 in all. Products
// that the plan does not make count by what the recipe could make at most.
func (a *alternatives) weigh() {
	a.weight = make([]float64, len(a.p.cols))
	total := make([]float64, len(a.p.Net.Products))
	could := make([]float64, len(a.p.Net.Products))
	a.outputs(func(j int, product int32, q float64) {
		total[product] += q * a.pl.X[j]
		if most := a.c.implied[1][j]; finite(most) {
			could[product] += q * most
		}
	})
	a.outputs(func(j int, product int32, q float64) {
		switch {
		case total[product] > 1e-9:
			a.weight[j] += q / total[product]
		case could[product] > 1e-9:
			a.weight[j] += q / could[product]
		}
	})
}

// outputs calls f for what one run of each run column makes of each product.
func (a *alternatives) outputs(f func(j int, product int32, quantity float64)) {
	for j, c := range a.p.cols {
		if c.kind != colRun {
			continue
		}
		for _, i := range a.p.ix.flows[c.a] {
			fl := &a.p.Net.Flows[i]
			if fl.Direction != network.Out {
				continue
			}
			times := min(int(c.t)+fl.Offset.To, a.p.T()) - (int(c.t) + fl.Offset.From) + 1
			if q := fl.Quantity * a.p.ix.factor(fl.Profile, int(c.t)) * float64(times); times > 0 && q > 0 {
				f(j, a.p.ix.product[fl.What], q)
			}
		}
	}
}

// kept is what an alternative must hold.
func (a *alternatives) kept(loss float64) *kept {
	k := &kept{floor: make([]float64, len(a.p.Elements))}
	for e := range a.p.Elements {
		el := &a.p.Elements[e]
		if a.c.rungOf[e] < 0 {
			continue
		}
		at := min(1, a.pl.X[el.Col])
		if el.Kind == elementNeed || el.Kind == elementStock {
			k.floor[e] = max(0, at*(1-keptFairness))
		} else {
			k.floor[e] = max(0, at-loss)
		}
	}
	for _, v := range a.c.kept.caps {
		at := v.expr.at(a.pl.X)
		v.most = max(v.most, at+loss*math.Abs(at))
		k.caps = append(k.caps, v)
	}
	return k
}

// target counts, for every run, in how many of the plans so far its recipe
// runs at all, and less strongly in how many it runs in that period.
func (a *alternatives) target() *expression {
	e := &expression{}
	here, recipe := map[int]int{}, map[int32]int{}
	for _, x := range a.plans {
		seen := map[int32]bool{}
		for j, c := range a.p.cols {
			if c.kind != colRun || a.weight[j]*x[j] < 1e-6 {
				continue
			}
			here[j]++
			if !seen[c.a] {
				seen[c.a] = true
				recipe[c.a]++
			}
		}
	}
	for j, c := range a.p.cols {
		if c.kind == colRun {
			e.add(j, a.weight[j]*(float64(recipe[c.a])+0.2*float64(here[j])))
		}
	}
	return e
}

// difference is the share of the output that comes from other runs.
func (a *alternatives) difference(x, y []float64) float64 {
	var all, less, more float64
	for j, w := range a.weight {
		all += w * x[j]
		less += w * max(0, x[j]-y[j])
		more += w * max(0, y[j]-x[j])
	}
	if all == 0 {
		return 0
	}
	return min(1, max(less, more)/all)
}

// describe puts a plan beside the one it is an alternative to.
func (a *alternatives) describe(name string, x []float64) Alternative {
	d := a.p.readBack(x, a.c.rungOf, a.c.roundOf, a.c.results)
	out := Alternative{Name: name, Difference: clean(a.difference(a.pl.X, x)), Runs: d.Runs}
	out.Gains, out.Losses = a.changes(x)
	out.Sentence = a.w.say("alternative", values{"share": share(out.Difference)})
	more, less := a.shifts(x)
	if len(more) > 0 {
		out.Sentence = out.Sentence.and(a.w.say("alternative.more", values{"recipes": more}))
	}
	if len(less) > 0 {
		out.Sentence = out.Sentence.and(a.w.say("alternative.less", values{"recipes": less}))
	}
	for r := range a.c.ladder {
		out.Sentence = out.Sentence.and(a.value(r, x))
	}
	if whos := a.whos(out.Gains); len(whos) > 0 {
		out.Sentence = out.Sentence.and(a.w.say("alternative.gains", values{"whos": whos}))
	}
	if whos := a.whos(out.Losses); len(whos) > 0 {
		out.Sentence = out.Sentence.and(a.w.say("alternative.losses", values{"whos": whos}))
	}
	return out
}

// value says how far a value rung moves; nothing where it does not.
func (a *alternatives) value(r int, x []float64) Text {
	rung := &a.c.ladder[r]
	if rung.Kind == network.Leximin {
		return nil
	}
	e, err := a.p.expression(rung)
	if err != nil || len(e.index) == 0 {
		return nil
	}
	from, to := e.at(a.pl.X), e.at(x)
	if math.Abs(to-from) <= 1e-3*math.Abs(from) || math.Abs(to-from) < 1e-6 {
		return nil
	}
	title := Text(rung.Title)
	if len(title) == 0 {
		title = Text{"de": rung.Goal, "en": rung.Goal}
	}
	return a.w.say("alternative.value", values{"goal": named(title), "from": amount{v: clean(from), unit: e.unit}, "to": amount{v: clean(to), unit: e.unit}})
}

// shifts names the recipes that run more and less, by the output they move, at most five each.
func (a *alternatives) shifts(x []float64) (more, less listed) {
	moved := make([]float64, len(a.p.Net.Recipes))
	for j, c := range a.p.cols {
		if c.kind == colRun {
			moved[c.a] += a.weight[j] * (x[j] - a.pl.X[j])
		}
	}
	order := make([]int, len(moved))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(math.Abs(moved[k]), math.Abs(moved[i])) })
	for _, i := range order {
		name := a.w.names.Recipe(a.p.Net.Recipes[i].ID)
		switch {
		case moved[i] > 1e-3 && len(more) < 5:
			more = append(more, name)
		case moved[i] < -1e-3 && len(less) < 5:
			less = append(less, name)
		}
	}
	return more, less
}

// restWhat is what the gains and losses of those who work are called.
const restWhat = network.SetRest

// changes lists who gains and who loses: needs by agent and thing, and the
// free share of those who work as "rest"; means over all elements.
func (a *alternatives) changes(x []float64) (gains, losses []Gain) {
	type mean struct{ weight, from, to float64 }
	sums := map[Gain]*mean{}
	add := func(agent, what string, weight float64, col int) {
		k := Gain{What: what, Agent: agent}
		if sums[k] == nil {
			sums[k] = &mean{}
		}
		sums[k].weight += weight
		sums[k].from += weight * a.pl.X[col]
		sums[k].to += weight * x[col]
	}
	for e := range a.p.Elements {
		el := &a.p.Elements[e]
		switch el.Kind {
		case elementRest:
			add(a.p.Net.Agents[el.index].ID, restWhat, 1, el.Col)
		case elementStock:
			s := &a.p.Net.Stocks[el.index]
			add(s.Agent, s.Product, el.Quantity, el.Col)
		case elementNeed:
			if el.Urgency >= a.p.levels {
				continue
			}
			sp := &a.p.supplies[el.supply]
			for _, tk := range sp.takers {
				if q := tk.urgency[el.Urgency]; q > 0 {
					add(a.p.Net.Agents[tk.agent].ID, sp.what, q, el.Col)
				}
			}
		}
	}
	for k, m := range sums {
		k.From, k.To = snap(m.from/m.weight), snap(m.to/m.weight)
		switch {
		case k.To > k.From+noticeSwap:
			gains = append(gains, k)
		case k.To < k.From-noticeSwap:
			losses = append(losses, k)
		}
	}
	for _, list := range [][]Gain{gains, losses} {
		slices.SortFunc(list, func(a, b Gain) int { return cmp.Or(cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.What, b.What)) })
	}
	return gains, losses
}

// whos names whose needs, or whose rest, gains or losses are about.
func (a *alternatives) whos(list []Gain) listed {
	var out listed
	for _, g := range list {
		name := a.w.names.Agent(g.Agent)
		if g.What != restWhat {
			name = a.w.names.Thing(g.What) + " (" + name + ")"
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
