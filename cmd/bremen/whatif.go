package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"bremen/network"
	"bremen/plan"
)

// scenario is one set of changes, planned beside the network as it is.
type scenario struct {
	changes []network.Change
	texts   []string
}

// whatifResult is what "bremen whatif --json" prints.
type whatifResult struct {
	Network   string           `json:"network"`
	Base      plan.Totals      `json:"base"`
	Scenarios []scenarioResult `json:"scenarios"`
}

// scenarioResult is what one scenario makes of the plan.
type scenarioResult struct {
	Changes       []string            `json:"changes"`
	Totals        plan.Totals         `json:"totals"`
	Comparison    *plan.Comparison    `json:"comparison,omitempty"` // with the network as it is
	Contradiction *plan.Contradiction `json:"contradiction,omitempty"`
}

// whatifFlags collects the scenarios in the order of the command line.
type whatifFlags struct {
	scenarios []scenario
	wrong     []error // changes that were not understood
	ladder    string
}

func whatifCommand(f *flag.FlagSet) action {
	w := &whatifFlags{scenarios: make([]scenario, 1)}
	f.Func("cut", "", w.take(network.ParseCut))
	f.Func("set", "", w.take(network.ParseSet))
	f.BoolFunc("and", "", func(string) error { return nil })
	f.BoolFunc("or", "", func(string) error {
		w.scenarios = append(w.scenarios, scenario{})
		return nil
	})
	f.StringVar(&w.ladder, "ladder", "", "")
	return w.run
}

// take adds a change to the scenario at hand. What is wrong with its form is
// said later, in the language that a flag may still choose.
func (w *whatifFlags) take(parse func(string) (network.Change, error)) func(string) error {
	return func(text string) error {
		s := &w.scenarios[len(w.scenarios)-1]
		c, err := parse(text)
		if err != nil {
			w.wrong = append(w.wrong, err)
			return nil
		}
		s.changes, s.texts = append(s.changes, c), append(s.texts, whatText(c))
		return nil
	}
}

func whatText(c network.Change) string {
	if c.IsCut() {
		return "−" + c.String()
	}
	return c.String()
}

func (w *whatifFlags) run(ctx context.Context, c *call) error {
	if len(w.wrong) > 0 {
		return usage(c.lang, c.command, errors.New(strings.Join(c.changeErrors(errors.Join(w.wrong...)), "\n")))
	}
	for _, s := range w.scenarios {
		if len(s.changes) == 0 {
			return usage(c.lang, c.command, errors.New(c.lang.say("whatif/nothing")))
		}
	}
	bar := c.progress()
	defer bar.done()
	bar.phase("read")
	n, err := c.stated(ctx, c.operands[0])
	if err != nil {
		return err
	}
	changed, err := c.changed(n, w.scenarios)
	if err != nil {
		return err
	}
	if _, err := n.Ladder(w.ladder); err != nil {
		return c.unknownLadder(err)
	}
	base, plans, err := c.planAll(ctx, n, changed, w.ladder, bar)
	if err != nil {
		return err
	}
	bar.done()
	r := &whatifResult{Network: n.ID, Base: plan.SumUp(&base.Document)}
	status := exitDone
	for i, p := range plans {
		s := scenarioResult{Changes: w.scenarios[i].texts, Totals: plan.SumUp(&p.Document), Contradiction: p.Contradiction}
		if p.Status == plan.Optimal {
			s.Comparison = plan.Compare(&base.Document, &p.Document)
		} else {
			status = exitNo
		}
		r.Scenarios = append(r.Scenarios, s)
	}
	if c.json {
		err = writeJSON(c.out, r)
	} else {
		c.printWhatif(r)
	}
	if err == nil && status != exitDone {
		return said(status)
	}
	return err
}

// changed applies every scenario and checks what it makes of the network.
func (c *call) changed(n *network.Network, scenarios []scenario) ([]*network.Network, error) {
	var out []*network.Network
	var wrong []string
	for _, s := range scenarios {
		m, err := n.With(s.changes...)
		if err != nil {
			wrong = append(wrong, c.changeErrors(err)...)
			continue
		}
		for _, p := range m.Validate() {
			wrong = append(wrong, strings.Join(s.texts, ", ")+": "+p.In(string(c.lang)))
		}
		out = append(out, m)
	}
	if len(wrong) > 0 {
		return nil, &failure{status: exitInput, err: errors.New(strings.Join(wrong, "\n"))}
	}
	return out, nil
}

// changeErrors returns the sentences of what With found.
func (c *call) changeErrors(err error) []string {
	list := []error{err}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		list = j.Unwrap()
	}
	var out []string
	for _, e := range list {
		var ce *network.ChangeError
		if errors.As(e, &ce) {
			out = append(out, ce.In(string(c.lang)))
		} else {
			out = append(out, e.Error())
		}
	}
	return out
}

// planAll plans the network as it is, then every scenario with its proofs as
// guesses, as many side by side as the solver takes.
func (c *call) planAll(ctx context.Context, n *network.Network, changed []*network.Network, ladder string, bar *progress) (*plan.Plan, []*plan.Plan, error) {
	bar.phase("solver")
	solver, err := promptly(ctx, c.solver)
	if err != nil {
		return nil, nil, err
	}
	defer solver.Close()
	base, err := plan.Make(ctx, n, solver, plan.Options{Ladder: ladder, Progress: bar.planning(c.lang.say("whatif/base"))})
	if err != nil {
		return nil, nil, err
	}
	if base.Status != plan.Optimal {
		c.printContradiction(&base.Document, c.operands[0])
		return nil, nil, said(exitNo)
	}
	plans, errs := make([]*plan.Plan, len(changed)), make([]error, len(changed))
	turn := make(chan struct{}, solver.Instances())
	var wait sync.WaitGroup
	for i := range changed {
		wait.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			plans[i], errs[i] = plan.Make(ctx, changed[i], solver, plan.Options{Ladder: ladder, Guess: base.Proofs, Progress: bar.planning(scenarioName(i))})
		})
	}
	wait.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", scenarioName(i), err)
		}
	}
	return base, plans, nil
}

// scenarioName is A to Z, then 27 and on.
func scenarioName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return strconv.Itoa(i + 1)
}

// notable is the least difference of a satisfaction that is told.
const notable = 1 - plan.InFull

// whatsShown is how many things needed are listed per scenario.
const whatsShown = 8

func (c *call) printWhatif(r *whatifResult) {
	l, w := c.lang, c.out
	fmt.Fprintf(w, "%s\n", l.say("whatif/head", "network", r.Network, "count", l.count(len(r.Scenarios))))
	for i, s := range r.Scenarios {
		fmt.Fprintln(w, hang(strings.Join(s.Changes, ", "), "  "+scenarioName(i)+"  ", width))
	}
	fmt.Fprintln(w)
	names, totals := []string{l.say("whatif/base")}, []plan.Totals{r.Base}
	for i, s := range r.Scenarios {
		if s.Contradiction == nil {
			names, totals = append(names, scenarioName(i)), append(totals, s.Totals)
		}
	}
	c.printTotals(names, totals)
	for i, s := range r.Scenarios {
		fmt.Fprintln(w)
		if s.Contradiction != nil {
			fmt.Fprintln(w, hang(l.text(s.Contradiction.Sentence), scenarioName(i)+"  ", width))
			continue
		}
		c.printWhats(scenarioName(i), r.Base.Whats, s.Totals.Whats)
	}
	fmt.Fprintf(w, "\n%s\n", wrap(l.say("whatif/next"), width))
}

// printWhats lists the things needed whose satisfaction changes most.
func (c *call) printWhats(name string, base, changed []plan.Satisfaction) {
	l := c.lang
	type change struct{ a, b plan.Satisfaction }
	var list []change
	for _, b := range changed {
		k := slices.IndexFunc(base, func(a plan.Satisfaction) bool { return a.What == b.What && a.Urgency == b.Urgency })
		if k >= 0 && (math.Abs(base[k].Mean-b.Mean) > notable || math.Abs(base[k].Worst-b.Worst) > notable) {
			list = append(list, change{base[k], b})
		}
	}
	if len(list) == 0 {
		fmt.Fprintf(c.out, "%s\n", l.say("whatif/same", "name", name))
		return
	}
	slices.SortStableFunc(list, func(x, y change) int {
		p, q := math.Abs(x.a.Mean-x.b.Mean), math.Abs(y.a.Mean-y.b.Mean)
		switch {
		case p > q:
			return -1
		case p < q:
			return 1
		}
		return 0
	})
	t := &table{head: []string{l.say("whatif/what", "name", name), l.say("whatif/mean"), l.say("whatif/worst")}, right: map[int]bool{1: true, 2: true}, flex: 0}
	for i, x := range list {
		if i == whatsShown {
			break
		}
		t.add(x.b.What+" ("+x.b.Urgency+")", l.share(x.a.Mean)+" → "+l.share(x.b.Mean), l.share(x.a.Worst)+" → "+l.share(x.b.Worst))
	}
	t.print(c.out)
	if k := len(list) - whatsShown; k > 0 {
		fmt.Fprintf(c.out, "%s\n", l.say("whatif/more", "count", l.count(k)))
	}
}
