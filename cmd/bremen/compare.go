package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"bremen/plan"
)

// linesPerAgent is how many changes are printed for each agent; --json has all.
const (
	linesPerAgent = 6
	agentsShown   = 12
)

func compareCommand(f *flag.FlagSet) action {
	agent := f.String("agent", "", "")
	return func(ctx context.Context, c *call) error {
		a, _, err := c.document(ctx, c.operands[0])
		if err != nil {
			return err
		}
		b, _, err := c.document(ctx, c.operands[1])
		if err != nil {
			return err
		}
		r := plan.Compare(a, b)
		if *agent != "" {
			r.Agents = only(r.Agents, *agent)
		}
		if c.json {
			return writeJSON(c.out, r)
		}
		c.printComparison(r, *agent)
		return nil
	}
}

func only(list []plan.AgentChange, agent string) []plan.AgentChange {
	out := []plan.AgentChange{}
	for _, a := range list {
		if a.Agent == agent {
			out = append(out, a)
		}
	}
	return out
}

func (c *call) printComparison(r *plan.Comparison, agent string) {
	l, w := c.lang, c.out
	if r.Same {
		fmt.Fprintln(w, wrap(l.say("compare/same"), width))
		return
	}
	fmt.Fprintf(w, "%s\n", wrap(l.say("compare/differ", "count", l.count(len(r.Agents)), "goals", l.count(len(r.Ladder))), width))
	if !r.SameNetwork {
		fmt.Fprintf(w, "%s\n", wrap(l.say("compare/networks"), width))
	}
	fmt.Fprintln(w)
	c.printTotals([]string{"A", "B"}, []plan.Totals{r.A, r.B})
	shown, most := r.Agents, linesPerAgent
	if agent == "" && len(shown) > agentsShown {
		shown = shown[:agentsShown]
	}
	if agent != "" {
		most = 1 << 30
	}
	for i := range shown {
		fmt.Fprintf(w, "\n%s\n", l.say("compare/agent", "agent", shown[i].Agent))
		c.printAgent(&shown[i], most)
	}
	if k := len(r.Agents) - len(shown); k > 0 {
		fmt.Fprintf(w, "\n%s\n", l.say("compare/more", "count", l.count(k)))
	}
	fmt.Fprintf(w, "\n%s\n", wrap(l.say("compare/next", "a", c.operands[0], "b", c.operands[1]), width))
}

// printAgent prints what differs for one agent, a line each, at most most lines.
func (c *call) printAgent(a *plan.AgentChange, most int) {
	l := c.lang
	var lines []string
	for _, n := range a.Needs {
		lines = append(lines, l.say("compare/need", "what", n.What, "urgency", n.Urgency, "periods", c.periods(n.Periods),
			"a", l.share(n.Mean[0]), "b", l.share(n.Mean[1]), "from", l.number(n.Delivered[0]), "to", l.number(n.Delivered[1]), "unit", n.Unit))
	}
	for _, part := range []struct {
		key  string
		list []plan.AmountChange
	}{{"work", a.Work}, {"runs", a.Runs}, {"purchases", a.Purchases}, {"sales", a.Sales}, {"carried", a.Carried}} {
		for _, m := range part.list {
			lines = append(lines, strings.Join(strings.Fields(l.say("compare/"+part.key, "what", m.What, "for", m.For, "periods", c.periods(m.Periods),
				"from", l.number(m.A), "to", l.number(m.B), "unit", m.Unit)), " "))
		}
	}
	for i, line := range lines {
		if i == most-1 && len(lines) > most {
			fmt.Fprintf(c.out, "  %s\n", l.say("compare/lines", "count", l.count(len(lines)-i)))
			return
		}
		fmt.Fprintln(c.out, hang(line, "  ", width))
	}
}

// periods writes the periods in which something differs.
func (c *call) periods(p string) string {
	if p == "0" || p == "" {
		return c.lang.say("periods/whole")
	}
	if !strings.ContainsAny(p, ",-") {
		return c.lang.say("periods/one", "period", p)
	}
	return c.lang.say("periods", "periods", strings.ReplaceAll(p, ",", ", "))
}

// printTotals prints plans side by side: satisfaction per urgency, hours, money, impacts.
func (c *call) printTotals(names []string, plans []plan.Totals) {
	l := c.lang
	t := &table{head: append([]string{""}, names...), right: map[int]bool{}, flex: 0}
	for i := range names {
		t.right[i+1] = true
	}
	row := func(label string, cell func(*plan.Totals) string) {
		cells := []string{label}
		for i := range plans {
			cells = append(cells, cell(&plans[i]))
		}
		t.add(cells...)
	}
	for _, u := range urgenciesOf(plans) {
		of := func(f func(plan.Satisfaction) string) func(*plan.Totals) string {
			return func(p *plan.Totals) string {
				for _, s := range p.Urgencies {
					if s.Urgency == u {
						return f(s)
					}
				}
				return "–"
			}
		}
		row(l.say("totals/mean", "urgency", u), of(func(s plan.Satisfaction) string { return l.share(s.Mean) }))
		row(l.say("totals/worst", "urgency", u), of(func(s plan.Satisfaction) string { return l.share(s.Worst) }))
	}
	if anyOf(plans, func(p *plan.Totals) bool { return p.Hours != 0 }) {
		row(l.say("totals/hours"), func(p *plan.Totals) string { return l.number(p.Hours) + " h" })
	}
	if anyOf(plans, func(p *plan.Totals) bool { return p.Spent != 0 }) {
		row(l.say("totals/spent"), func(p *plan.Totals) string { return strings.TrimSpace(l.number(p.Spent) + " " + p.Currency) })
	}
	if anyOf(plans, func(p *plan.Totals) bool { return p.Earned != 0 }) {
		row(l.say("totals/earned"), func(p *plan.Totals) string { return strings.TrimSpace(l.number(p.Earned) + " " + p.Currency) })
	}
	for _, m := range impactsOf(plans) {
		row(m, func(p *plan.Totals) string {
			for _, a := range p.Impacts {
				if a.What == m {
					return l.number(a.Quantity) + " " + a.Unit
				}
			}
			return "–"
		})
	}
	t.print(c.out)
}

func anyOf(plans []plan.Totals, is func(*plan.Totals) bool) bool {
	for i := range plans {
		if is(&plans[i]) {
			return true
		}
	}
	return false
}

func urgenciesOf(plans []plan.Totals) []string {
	var out []string
	for i := range plans {
		for _, s := range plans[i].Urgencies {
			out = appendNew(out, s.Urgency)
		}
	}
	return out
}

func impactsOf(plans []plan.Totals) []string {
	var out []string
	for i := range plans {
		for _, a := range plans[i].Impacts {
			out = appendNew(out, a.What)
		}
	}
	return out
}

func appendNew(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}
