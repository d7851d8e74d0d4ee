package main

import (
	"fmt"
	"time"

	"bremen/audit"
	"bremen/record"
)

// printAudit says what was checked, what failed and what nobody can check from outside.
func (c *call) printAudit(r *audit.Report) error {
	l, w := c.lang, c.out
	fmt.Fprintf(w, "%s\n\n", wrap(l.say("audit/head", "name", r.Network, "origin", r.Origin, "operator", r.Operator,
		"count", l.count(int(r.Entries)), "first", stamp(r.First), "last", stamp(r.Last)), width))
	title := l.say("audit/checked")
	if !r.Holds {
		title = l.say("audit/looked")
	}
	c.section(title, c.checked(r))
	c.printKinds(r)
	c.section(l.say("audit/open"), c.openQuestions(r))
	c.section(l.say("audit/failed"), c.failed(r))
	if !r.Holds {
		_, err := fmt.Fprintln(w, wrap(l.say("audit/no", "count", l.count(len(r.Failures)+int(r.MoreFailures))), width))
		return err
	}
	last := l.say("audit/yes", "count", l.count(int(r.Size)))
	if r.Unwitnessed() {
		last = l.say("audit/yes/unwitnessed", "count", l.count(int(r.Size)))
	}
	_, err := fmt.Fprintln(w, wrap(last, width))
	return err
}

// section prints sentences under a title; without any, nothing.
func (c *call) section(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(c.out, title)
	for _, line := range lines {
		fmt.Fprintln(c.out, hang(line, "  ", width))
	}
	fmt.Fprintln(c.out)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// checked lists what was looked at; that it holds is only said where nothing failed.
func (c *call) checked(r *audit.Report) []string {
	l := c.lang
	n := func(x int64) string { return l.count(int(x)) }
	lines := []string{
		l.say("audit/checkpoint", "count", n(r.Size), "root", r.Root.String(), "key", r.Key),
		l.say("audit/entries", "count", n(r.Entries)),
		l.say("audit/rights"),
		l.say("audit/signatures", "count", n(r.Verified)),
	}
	if r.Seen > 0 {
		lines = append(lines, l.say("audit/seen", "count", n(r.Seen)))
	}
	if r.Kept > 0 {
		lines = append(lines, l.say("audit/kept", "count", n(r.Kept)))
	}
	for _, k := range r.Known {
		line := l.say("audit/known", "count", n(k.Size))
		if k.Lost {
			line = l.say("audit/known/lost", "count", n(k.Size))
		}
		lines = append(lines, line)
	}
	if r.Cosigned > 0 {
		lines = append(lines, l.say("audit/times", "count", n(r.Cosigned)))
	}
	for _, x := range r.Witnesses {
		if !x.Time.IsZero() {
			lines = append(lines, l.say("audit/witness", "name", x.Name, "time", stamp(x.Time)))
		}
	}
	if r.Decisions.Opened > 0 {
		lines = append(lines, l.say("audit/decisions", "count", n(r.Decisions.Opened), "answers", n(r.Decisions.Answers), "open", n(r.Decisions.Open)))
	}
	for _, p := range r.Plans {
		if p.Checked {
			lines = append(lines, l.say("audit/plan", "entry", n(p.Entry), "rounds", n(int64(p.Rounds)), "gap", l.exponent(p.Gap)))
		}
	}
	if r.PayloadsHad > 0 {
		lines = append(lines, l.say("audit/payloads", "count", n(r.PayloadsHad), "all", n(r.Payloads)))
	}
	for _, e := range r.Earlier {
		lines = append(lines, l.say("audit/follows", "origin", e.Origin, "count", n(e.Size)))
	}
	return lines
}

// printKinds counts entries by how their member signed.
func (c *call) printKinds(r *audit.Report) {
	l := c.lang
	t := table{head: []string{l.say("audit/kind"), l.say("audit/number"), l.say("audit/says")}, right: map[int]bool{1: true}, flex: 2}
	for _, k := range kinds {
		if n := r.Kinds[k]; n > 0 {
			t.add(l.say("signed/"+string(k)), l.count(int(n)), l.say("means/"+string(k)))
		}
	}
	if len(t.rows) == 0 {
		return
	}
	t.print(c.out)
	fmt.Fprintln(c.out)
}

// openQuestions lists what this audit could not check, and what no audit can.
func (c *call) openQuestions(r *audit.Report) []string {
	l := c.lang
	n := func(x int64) string { return l.count(int(x)) }
	var lines []string
	if r.Unwitnessed() {
		lines = append(lines, l.say("audit/unwitnessed"))
	}
	for _, x := range r.Witnesses {
		if x.Time.IsZero() && !r.Unwitnessed() {
			lines = append(lines, l.say("audit/witness/none", "name", x.Name))
		}
	}
	if len(r.Known) == 0 {
		lines = append(lines, l.say("audit/known/none"))
	}
	if word := r.Kinds[record.Session] + r.Kinds[record.Assisted] + r.Kinds[record.Token]; word > 0 {
		lines = append(lines, l.say("audit/word", "count", n(word)))
	}
	if r.Disowned > 0 {
		lines = append(lines, l.say("audit/disowned", "count", n(r.Disowned)))
	}
	for _, p := range r.Plans {
		if p.Missing != "" {
			lines = append(lines, l.say("unproven/"+p.Missing, "entry", n(p.Entry)))
		}
	}
	for _, x := range r.Losses {
		lines = append(lines, l.say("audit/loss", "entry", n(x.Entry), "count", n(x.Size)))
	}
	for _, e := range r.Earlier {
		if e.GoesOn > 0 {
			lines = append(lines, l.say("audit/goeson", "origin", e.Origin, "count", n(e.GoesOn)))
		}
	}
	if r.Payloads > r.PayloadsHad {
		lines = append(lines, l.say("audit/private", "count", n(r.Payloads-r.PayloadsHad)))
	}
	return append(lines, l.say("audit/never"))
}

// failed lists what does not hold.
func (c *call) failed(r *audit.Report) []string {
	l := c.lang
	var lines []string
	for i, f := range r.Failures {
		if i == failuresShown {
			lines = append(lines, l.say("mistakes/more", "count", l.count(len(r.Failures)-i+int(r.MoreFailures))))
			break
		}
		lines = append(lines, l.fault(f))
	}
	return lines
}

// fault says what does not hold.
func (l language) fault(f audit.Failure) string {
	return l.say("fails/"+string(f.Code), "entry", l.count(int(f.Entry)), "count", l.count(int(f.Size)), "why", l.reason(f))
}

// reason says more exactly what does not hold.
func (l language) reason(f audit.Failure) string {
	code, with := f.Reason()
	if code == "" {
		return f.In(string(l))
	}
	return l.say("reason/"+code, with...)
}
