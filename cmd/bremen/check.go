package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"bremen/network"
	"bremen/network/iotable"
)

// checkResult is what "bremen check --json" prints.
type checkResult struct {
	Network  string            `json:"network"`
	Holds    bool              `json:"holds"` // no mistakes
	Mistakes []network.Problem `json:"mistakes"`
	Tables   []iotable.Problem `json:"table_mistakes,omitempty"` // of an input-output table
	Findings []network.Finding `json:"findings"`                 // doubtful, but no mistakes
	Counts   []tableCount      `json:"counts"`
}

// tableCount is how many rows a table has.
type tableCount struct {
	Table string `json:"table"`
	Rows  int    `json:"rows"`
}

func checkCommand(*flag.FlagSet) action {
	return func(ctx context.Context, c *call) error {
		name := c.operands[0]
		p := c.progress()
		p.phase("read")
		defer p.done()
		n, err := c.network(ctx, name)
		r := checkResult{Mistakes: []network.Problem{}, Findings: []network.Finding{}}
		if ps, ok := network.AsProblems(err); ok {
			r.Mistakes = ps
		} else if ps := (*iotable.Problems)(nil); errors.As(err, &ps) {
			r.Tables = ps.List
		} else if err != nil {
			return c.located(name, err)
		}
		if err == nil {
			p.phase("check")
			found, err := promptly(ctx, func() ([]network.Finding, error) { return n.Check(c.now()), nil })
			if err != nil {
				return err
			}
			r.Findings = append(r.Findings, found...)
			r.Network, r.Holds, r.Counts = n.ID, true, countRows(n)
		}
		p.done()
		if c.json {
			if werr := writeJSON(c.out, r); werr != nil {
				return werr
			}
		} else {
			c.printCheck(name, &r, c.mistakes(err))
		}
		if !r.Holds {
			return said(exitInput)
		}
		return nil
	}
}

func countRows(n *network.Network) []tableCount {
	var out []tableCount
	for i := range network.Tables {
		t := &network.Tables[i]
		if k := t.Cursor(n).Len(); k > 0 {
			out = append(out, tableCount{t.Name, k})
		}
	}
	return out
}

// printCheck says the result first, then what is wrong or doubtful, then what to do.
func (c *call) printCheck(name string, r *checkResult, mistakes []string) {
	l := c.lang
	if !r.Holds {
		fmt.Fprintf(c.out, "%s\n\n", l.say("check/wrong", "name", name, "count", l.count(len(mistakes))))
		for _, m := range mistakes {
			fmt.Fprintln(c.out, hang(m, "  ", width))
		}
		fmt.Fprintf(c.out, "\n%s\n", wrap(l.say("check/wrong/next"), width))
		return
	}
	if len(r.Counts) == 0 {
		fmt.Fprintf(c.out, "%s\n", wrap(l.say("check/empty", "name", name), width))
		return
	}
	fmt.Fprintf(c.out, "%s\n", wrap(l.say("check/right", "name", name, "network", r.Network), width))
	var counts string
	for i, t := range r.Counts {
		if i > 0 {
			counts += ", "
		}
		counts += c.tableTitle(t.Table) + " " + l.count(t.Rows)
	}
	fmt.Fprintf(c.out, "%s\n", hang(counts, "  ", width))
	c.printFindings(r.Findings)
	fmt.Fprintf(c.out, "\n%s\n", l.say("check/next", "name", name))
}

func (c *call) tableTitle(name string) string {
	if t := network.TableNamed(name); t != nil {
		return t.Title.In(string(c.lang))
	}
	return name
}

// findingsShown is how many findings of one check are printed; --json has all.
const findingsShown = 5

// printFindings prints what is doubtful, with the advice once per check.
func (c *call) printFindings(list []network.Finding) {
	if len(list) == 0 {
		return
	}
	l := c.lang
	fmt.Fprintf(c.out, "\n%s\n", l.say("check/doubts", "count", l.count(len(list))))
	for i := 0; i < len(list); {
		same := i
		for same < len(list) && list[same].Check == list[i].Check {
			same++
		}
		for k := i; k < same && k < i+findingsShown; k++ {
			fmt.Fprintln(c.out, hang(place(list[k].Position)+list[k].In(string(l)), "  ", width))
		}
		if k := same - i - findingsShown; k > 0 {
			fmt.Fprintf(c.out, "  %s\n", l.say("check/alike", "count", l.count(k)))
		}
		fmt.Fprintln(c.out, hang(list[i].Advice(string(l)), "    → ", width))
		i = same
	}
}

// place is where a row stands, before a sentence about it.
func place(p network.Position) string {
	switch {
	case p.File == "" || p.Line == 0:
		return ""
	case p.Sheet != "":
		return fmt.Sprintf("%s!%s:%d: ", p.File, p.Sheet, p.Line)
	}
	return fmt.Sprintf("%s:%d: ", p.File, p.Line)
}
