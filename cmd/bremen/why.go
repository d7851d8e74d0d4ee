package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"bremen/internal/mistake"
	"bremen/lp"
	"bremen/network"
	"bremen/plan"
)

// whyResult is what "bremen why --json" prints.
type whyResult struct {
	Asked string `json:"asked,omitempty"`
	// Needs asked about, line by line, and what keeps those from more that fall short.
	Needs      []plan.NeedLine  `json:"needs,omitempty"`
	Shortfalls []plan.Shortfall `json:"shortfalls"`
	Questions  []plan.Question  `json:"questions"`
	// Collisions of needs, and clearly different plans that are as fair.
	Collisions   []plan.Collision   `json:"collisions,omitempty"`
	Alternatives []plan.Alternative `json:"alternatives,omitempty"`
	// Origin of the product asked about.
	Origin *plan.OriginReport `json:"origin,omitempty"`
}

func whyCommand(f *flag.FlagSet) action {
	from := f.String("network", "", "")
	return func(ctx context.Context, c *call) error {
		bar := c.progress()
		defer bar.done()
		bar.phase("read")
		d, file, err := c.document(ctx, c.operands[0])
		if err != nil {
			return err
		}
		if *from == "" {
			*from = filepath.Join(filepath.Dir(file), networkName)
		}
		n, err := c.stated(ctx, *from)
		if err != nil {
			return err
		}
		if d.Status == plan.Infeasible {
			bar.done()
			return c.whyNone(d)
		}
		asked := ""
		if len(c.operands) > 1 {
			asked = c.operands[1]
		}
		r := &whyResult{Asked: asked, Shortfalls: []plan.Shortfall{}, Questions: []plan.Question{}}
		if !r.find(d, n) {
			return c.unknownThing(d, n, asked)
		}
		if err := c.reasons(ctx, n, d, file, r, bar); err != nil {
			return err
		}
		bar.done()
		if c.json {
			return writeJSON(c.out, r)
		}
		c.printWhy(d, r)
		return nil
	}
}

// find collects the lines of the need or thing asked about; false if nothing is called so.
func (r *whyResult) find(d *plan.Document, n *network.Network) bool {
	if r.Asked == "" {
		return true
	}
	for i := range d.Needs {
		if l := &d.Needs[i]; l.Need == r.Asked || l.What == r.Asked {
			r.Needs = append(r.Needs, *l)
		}
	}
	return len(r.Needs) > 0 || isProduct(n, r.Asked)
}

func isProduct(n *network.Network, id string) bool {
	return slices.ContainsFunc(n.Products, func(p network.Product) bool { return p.ID == id })
}

func (c *call) unknownThing(d *plan.Document, n *network.Network, asked string) error {
	var names []string
	for i := range d.Needs {
		names = append(names, d.Needs[i].Need, d.Needs[i].What)
	}
	for i := range n.Products {
		names = append(names, n.Products[i].ID)
	}
	f := &failure{status: exitInput, err: errors.New(c.lang.say("why/unknown", "name", asked)), next: c.lang.say("why/unknown/next")}
	if near := mistake.Nearest(asked, names); near != "" {
		f.next = c.lang.say("missing/nearest", "nearest", near)
	}
	return f
}

// reasons fills in what keeps the needs asked about from more, and where the
// product asked about comes from. A plan made without reasons is explained now.
func (c *call) reasons(ctx context.Context, n *network.Network, d *plan.Document, file string, r *whyResult, bar *progress) error {
	short := r.Asked == "" || slices.ContainsFunc(r.Needs, func(l plan.NeedLine) bool { return l.Satisfaction < plan.InFull })
	if short && d.Why == nil {
		if err := c.explainFile(ctx, n, d, file, bar); err != nil {
			return err
		}
	}
	if d.Why != nil {
		for i := range d.Why.Shortfalls {
			if s := &d.Why.Shortfalls[i]; r.concerns(s) {
				r.Shortfalls = append(r.Shortfalls, *s)
			}
		}
		if r.Asked == "" {
			r.Questions = append(r.Questions, d.Why.Questions...)
			r.Collisions, r.Alternatives = d.Why.Collisions, d.Why.Alternatives
		}
	}
	if isProduct(n, r.Asked) {
		o, err := promptly(ctx, func() (*plan.OriginReport, error) { return plan.Origin(d, n, r.Asked) })
		if err != nil {
			return err
		}
		r.Origin = o
	}
	return nil
}

// concerns tells whether a shortfall is one of what was asked about.
func (r *whyResult) concerns(s *plan.Shortfall) bool {
	return r.Asked == "" || slices.Contains(s.Needs, r.Asked) || slices.Contains(s.Whats, r.Asked)
}

// explainFile explains a plan read from files, with the solver.
func (c *call) explainFile(ctx context.Context, n *network.Network, d *plan.Document, file string, bar *progress) error {
	proofs, err := c.proofs(ctx, d, file)
	if err != nil {
		return err
	}
	made, err := promptly(ctx, func() (*plan.Plan, error) { return plan.Reopen(n, d, proofs) })
	if err != nil {
		return err
	}
	bar.phase("solver")
	solver, err := promptly(ctx, c.solver)
	if err != nil {
		return err
	}
	defer solver.Close()
	if made.Why, err = plan.Explain(ctx, made, solver, *c.whyOptions(0, bar)); err != nil {
		return err
	}
	if err := c.more(ctx, made, solver, bar); err != nil {
		return err
	}
	d.Why = made.Why
	return nil
}

// Collisions and alternatives are looked for in programs of up to allReasons
// nonzeros, where that takes seconds.
const (
	allReasons     = 40_000
	collisionsMost = 3
	curvePoints    = 5
)

// whyOptions asks for a plan's explanation. solves bounds the programs that
// confirm its figures; 0 is the planner's choice, negative none.
func (c *call) whyOptions(solves int, bar *progress) *plan.ExplainOptions {
	return &plan.ExplainOptions{Solves: solves, Progress: bar.planning(c.lang.say("phase/why"))}
}

// more adds collisions and alternatives to the explanation of a small plan.
func (c *call) more(ctx context.Context, made *plan.Plan, solver lp.Solver, bar *progress) (err error) {
	why := made.Why
	if made.Program.LP.NNZ() > allReasons {
		return nil
	}
	bar.phase("collisions")
	if why.Collisions, err = plan.Collide(ctx, made, solver, plan.CollideOptions{Most: collisionsMost, Points: curvePoints}); err != nil {
		return err
	}
	bar.phase("others")
	why.Alternatives, err = plan.Alternatives(ctx, made, solver, 0, 0)
	return err
}

// whyNone says why there is no plan.
func (c *call) whyNone(d *plan.Document) error {
	if c.json {
		if err := writeJSON(c.out, d.Contradiction); err != nil {
			return err
		}
	} else {
		c.printContradiction(d, d.Network)
	}
	return said(exitNo)
}

// questionsShown is how many questions are printed; the report has all.
const questionsShown = 8

func (c *call) printWhy(d *plan.Document, r *whyResult) {
	l, w := c.lang, c.out
	if len(r.Needs) > 0 {
		c.printSatisfied(r)
	}
	for i := range r.Shortfalls {
		fmt.Fprintf(w, "\n%s\n", fill(l.text(r.Shortfalls[i].Sentence), width, ""))
	}
	if r.Asked == "" {
		if len(r.Shortfalls) == 0 {
			fmt.Fprintf(w, "%s\n", l.say("why/nothing", "network", d.Network))
		}
		if len(r.Questions) > 0 {
			fmt.Fprintf(w, "\n%s\n", l.say("why/questions"))
		}
		for i := range r.Questions {
			if i == questionsShown {
				break
			}
			fmt.Fprintln(w, hang(l.text(r.Questions[i].Question), "  ", width))
		}
		c.printOthers(r)
		return
	}
	if len(r.Needs) > 0 && len(r.Shortfalls) == 0 && slices.ContainsFunc(r.Needs, func(l plan.NeedLine) bool { return l.Satisfaction < plan.InFull }) {
		fmt.Fprintf(w, "\n%s\n", wrap(l.say("why/unexplained"), width))
	}
	if r.Origin != nil {
		if len(r.Needs) > 0 {
			fmt.Fprintln(w)
		}
		c.printOrigin(r.Origin)
	}
}

// printSatisfied says how far what was asked about is met, by who needs it.
func (c *call) printSatisfied(r *whyResult) {
	l := c.lang
	type line struct {
		need, agent, unit string
		want, got, worst  float64
	}
	var lines []*line
	at := map[string]*line{}
	for _, n := range r.Needs {
		g := at[n.Need]
		if g == nil {
			g = &line{need: n.Need, agent: n.Agent, unit: n.Unit, worst: 1}
			at[n.Need] = g
			lines = append(lines, g)
		}
		g.want += n.Required
		g.got += n.Delivered
		g.worst = min(g.worst, n.Satisfaction)
	}
	t := &table{head: []string{l.say("why/need"), l.say("unmet/want"), l.say("why/gets"), l.say("unmet/worst")}, right: map[int]bool{1: true, 2: true, 3: true}}
	for _, g := range lines {
		t.add(g.need, l.number(g.want)+" "+g.unit, l.number(g.got)+" "+g.unit, l.share(g.worst))
	}
	t.print(c.out)
}

// printOrigin prints what a product embodies and its chain of inputs as a tree.
func (c *call) printOrigin(o *plan.OriginReport) {
	l, w := c.lang, c.out
	for _, s := range o.Sentences {
		fmt.Fprintln(w, wrap(l.text(s), width))
	}
	if o.Chain != nil {
		fmt.Fprintln(w)
		c.printNode(o.Chain, 0)
	}
}

func (c *call) printNode(n *plan.OriginNode, depth int) {
	l := c.lang
	text := l.number(n.Quantity) + " " + n.Unit + " " + n.Product
	if n.Site != "" {
		text += " @ " + n.Site
	}
	if len(n.Recipes) > 0 {
		text += " (" + strings.Join(n.Recipes, ", ") + ")"
	}
	text += "  " + l.share(n.Share)
	fmt.Fprintln(c.out, hang(text, strings.Repeat("  ", depth+1), width))
	for _, k := range n.Inputs {
		c.printNode(k, depth+1)
	}
}

// printOthers prints which wishes collide, and which plans would be as fair.
func (c *call) printOthers(r *whyResult) {
	l, w := c.lang, c.out
	if len(r.Collisions) > 0 {
		fmt.Fprintf(w, "\n%s\n", l.say("why/collisions"))
	}
	for i := range r.Collisions {
		fmt.Fprintln(w, hang(l.text(r.Collisions[i].Sentence), "  ", width))
	}
	if len(r.Alternatives) > 0 {
		fmt.Fprintf(w, "\n%s\n", l.say("why/others"))
	}
	for i := range r.Alternatives {
		fmt.Fprintln(w, hang(l.text(r.Alternatives[i].Sentence), "  ", width))
	}
}
