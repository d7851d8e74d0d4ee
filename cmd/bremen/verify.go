package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"bremen/plan"
)

// verifyResult is what "bremen verify --json" prints.
type verifyResult struct {
	Plan    string `json:"plan"`
	Network string `json:"network"`
	*plan.Verification
}

// failuresShown is how many failures are printed for people.
const failuresShown = 20

func verifyCommand(*flag.FlagSet) action {
	return func(ctx context.Context, c *call) error {
		p := c.progress()
		defer p.done()
		p.phase("read")
		d, file, err := c.document(ctx, c.operands[0])
		if err != nil {
			return err
		}
		n, err := c.stated(ctx, c.operands[1])
		if err != nil {
			return err
		}
		r := verifyResult{Plan: file, Network: n.ID}
		if d.Status != plan.Optimal {
			return &failure{status: exitNo, err: errors.New(c.lang.say("verify/none", "plan", file, "status", c.lang.say("status/"+string(d.Status))))}
		}
		proofs, err := c.proofs(ctx, d, file)
		var none *unproven
		switch {
		case errors.As(err, &none):
			r.Verification = &plan.Verification{Failures: []string{none.reason}}
		case err != nil:
			return c.located(file, err)
		default:
			p.phase("verify")
			r.Verification, err = promptly(ctx, func() (*plan.Verification, error) { return plan.Verify(n, d, proofs) })
			if err != nil {
				return err
			}
		}
		p.done()
		if c.json {
			if err := writeJSON(c.out, r); err != nil {
				return err
			}
		} else {
			c.printVerification(d, &r)
		}
		if !r.Holds {
			return said(exitNo)
		}
		return nil
	}
}

func (c *call) printVerification(d *plan.Document, r *verifyResult) {
	l, w := c.lang, c.out
	if !r.Holds {
		fmt.Fprintf(w, "%s\n\n", wrap(l.say("verify/no", "plan", r.Plan, "count", l.count(len(r.Failures))), width))
		for i, f := range r.Failures {
			if i == failuresShown {
				fmt.Fprintf(w, "  %s\n", l.say("mistakes/more", "count", l.count(len(r.Failures)-i)))
				break
			}
			fmt.Fprintln(w, hang(f, "  ", width))
		}
		fmt.Fprintf(w, "\n%s\n", wrap(l.say("verify/no/next"), width))
		return
	}
	fmt.Fprintf(w, "%s\n\n", wrap(l.say("verify/yes", "plan", r.Plan, "network", r.Network), width))
	for _, line := range []string{
		l.say("verify/network", "hash", d.NetworkHash[:min(16, len(d.NetworkHash))]),
		l.say("verify/program", "rows", l.count(d.Program.Rows), "columns", l.count(d.Program.Columns), "worst", l.exponent(r.Infeasibility)),
		l.say("verify/rounds", "count", l.count(r.Rounds), "rungs", l.count(len(d.Ladder)), "gap", l.exponent(r.Gap)),
		l.say("verify/precision", "precision", l.exponent(r.Precision)),
		l.say("verify/figures", "needs", l.count(len(d.Needs)), "runs", l.count(len(d.Runs))),
	} {
		fmt.Fprintln(w, hang(line, "  ", width))
	}
	fmt.Fprintf(w, "\n%s\n", wrap(l.say("verify/yes/next"), width))
}
