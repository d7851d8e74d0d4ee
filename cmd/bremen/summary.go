package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"bremen/network"
	"bremen/plan"
)

// unmetShown is how many lines of unmet needs are printed; the tables have all.
const unmetShown = 12

// printPlan says what a plan reached, what falls short and why, and what to do next.
func (c *call) printPlan(n *network.Network, d *plan.Document, name, dir string, took time.Duration) {
	l, w := c.lang, c.out
	if d.Status == plan.Infeasible {
		c.printContradiction(d, name)
		return
	}
	met, all := 0, len(d.Needs)
	for i := range d.Needs {
		if d.Needs[i].Satisfaction >= plan.InFull {
			met++
		}
	}
	fmt.Fprintf(w, "%s\n", l.say("plan/head", "network", d.Network, "status", l.say("status/"+string(d.Status)), "met", l.count(met), "all", l.count(all), "time", l.duration(took)))
	fmt.Fprintln(w)
	c.printLadder(d)
	unmet := groupUnmet(n, d)
	if len(unmet) > 0 {
		fmt.Fprintln(w)
		c.printUnmet(d, unmet)
	}
	fmt.Fprintln(w)
	c.printNext(unmet, name, dir)
}

func (c *call) printLadder(d *plan.Document) {
	l := c.lang
	t := &table{
		head:  []string{l.say("ladder/goal"), l.say("ladder/kind"), l.say("ladder/value"), l.say("ladder/gap")},
		right: map[int]bool{2: true, 3: true}, flex: 0,
	}
	for i := range d.Ladder {
		r := &d.Ladder[i]
		if r.Programs == 0 && r.Elements == 0 {
			continue // the network has nothing for this rung
		}
		goal := cmp.Or(l.text(r.Title), r.Goal)
		value := strings.TrimSpace(l.figure(r.Value) + " " + r.Unit)
		if r.Kind == string(network.Leximin) {
			value = l.say("ladder/way", "share", l.share(r.Value))
		}
		t.add(goal, l.sayOr("kind/"+r.Kind, r.Kind), value, l.exponent(r.Certificate.Gap))
	}
	t.print(c.out)
}

// unmetGroup is what falls short of one thing at one urgency, all agents together.
type unmetGroup struct {
	what, urgency, unit string
	agents              map[string]bool
	want, short, worst  float64
}

// groupUnmet puts together what falls short, the most urgent and worst first.
func groupUnmet(n *network.Network, d *plan.Document) []*unmetGroup {
	var groups []*unmetGroup
	at := map[[3]string]*unmetGroup{}
	for i := range d.Unmet {
		u := &d.Unmet[i]
		if u.Worst >= plan.InFull {
			continue
		}
		k := [3]string{u.Urgency, u.What, u.Unit}
		g := at[k]
		if g == nil {
			g = &unmetGroup{what: u.What, urgency: u.Urgency, unit: u.Unit, agents: map[string]bool{}, worst: 1}
			at[k] = g
			groups = append(groups, g)
		}
		g.agents[u.Agent] = true
		g.want += u.Required
		g.short += u.Short
		g.worst = min(g.worst, u.Worst)
	}
	slices.SortStableFunc(groups, func(a, b *unmetGroup) int {
		return cmp.Or(cmp.Compare(n.Rank(a.urgency), n.Rank(b.urgency)), cmp.Compare(a.worst, b.worst), cmp.Compare(a.what, b.what))
	})
	return groups
}

func (c *call) printUnmet(d *plan.Document, groups []*unmetGroup) {
	l := c.lang
	t := &table{
		head:  []string{l.say("unmet/what"), l.say("unmet/who"), l.say("unmet/want"), l.say("unmet/short"), l.say("unmet/worst")},
		right: map[int]bool{1: true, 2: true, 3: true, 4: true}, flex: 0,
	}
	for i, g := range groups {
		if i == unmetShown {
			break
		}
		who := l.count(len(g.agents))
		t.add(g.what+" ("+g.urgency+")", who, l.number(g.want)+" "+g.unit, l.number(g.short)+" "+g.unit, l.share(g.worst))
	}
	t.print(c.out)
	if k := len(groups) - unmetShown; k > 0 {
		fmt.Fprintf(c.out, "%s\n", l.say("unmet/more", "count", l.count(k)))
	}
	c.printBecause(d)
}

// becauseShown is how many reasons are printed beside a plan.
const becauseShown = 4

// printBecause prints the sentences of the strongest shortfalls.
func (c *call) printBecause(d *plan.Document) {
	if d.Why == nil || len(d.Why.Shortfalls) == 0 {
		return
	}
	fmt.Fprintf(c.out, "\n%s\n", c.lang.say("because"))
	for i := range d.Why.Shortfalls {
		if i == becauseShown {
			return
		}
		fmt.Fprintln(c.out, hang(c.lang.text(d.Why.Shortfalls[i].Sentence), "  ", width))
	}
}

// printNext says what can be done with the plan.
func (c *call) printNext(unmet []*unmetGroup, name, dir string) {
	l := c.lang
	if dir == "" {
		fmt.Fprintf(c.out, "%s\n", l.say("plan/next", "name", name))
		return
	}
	if len(unmet) > 0 {
		fmt.Fprintf(c.out, "%s\n", l.say("plan/next/why", "dir", dir, "what", unmet[0].what))
	}
	fmt.Fprintf(c.out, "%s\n", l.say("plan/next/report", "dir", dir))
	fmt.Fprintf(c.out, "%s\n", l.say("plan/next/verify", "dir", dir, "name", name))
}

func (c *call) printContradiction(d *plan.Document, name string) {
	l, w := c.lang, c.out
	fmt.Fprintf(w, "%s\n\n", l.say("plan/no", "network", d.Network))
	if k := d.Contradiction; k != nil {
		if len(k.Members) == 0 { // else the sentence says no more than what follows
			fmt.Fprintf(w, "%s\n", wrap(l.text(k.Sentence), width))
		} else {
			fmt.Fprintf(w, "%s\n", l.say("plan/no/members"))
		}
		for _, m := range k.Members {
			fmt.Fprintln(w, hang(l.text(m.Sentence), "  ", width))
		}
		if len(k.Repair) > 0 {
			fmt.Fprintf(w, "\n%s\n", l.say("plan/repair"))
		}
		for _, m := range k.Repair {
			fmt.Fprintln(w, hang(l.text(m.Sentence), "  ", width))
		}
	}
	fmt.Fprintf(w, "\n%s\n", wrap(l.say("plan/no/next", "name", name), width))
}
