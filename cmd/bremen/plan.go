package main

import (
	"context"
	"errors"
	"flag"
	"io"

	"bremen/network"
	"bremen/network/tables"
	"bremen/plan"
	"bremen/report"
)

// planFlags are the flags of "bremen plan".
type planFlags struct {
	dir     string // to write; "" prints only
	ladder  string
	guess   string // folder or plan.json of an older plan
	inForce string
	noWhy   bool
	solves  int // programs that confirm the explanation, see explain
}

func planCommand(f *flag.FlagSet) action {
	var p planFlags
	f.StringVar(&p.dir, "o", "", "")
	f.StringVar(&p.ladder, "ladder", "", "")
	f.StringVar(&p.guess, "guess", "", "")
	f.StringVar(&p.inForce, "in-force", "", "")
	f.BoolVar(&p.noWhy, "no-why", false, "")
	return func(ctx context.Context, c *call) error {
		bar := c.progress()
		defer bar.done()
		name := c.operands[0]
		bar.phase("read")
		n, err := c.stated(ctx, name)
		if err != nil {
			return err
		}
		begun := c.now()
		made, err := c.makePlan(ctx, n, p, bar)
		if err != nil {
			return err
		}
		var proofs []byte
		if p.dir != "" {
			bar.phase("write")
			if proofs, err = nameProofs(made); err != nil {
				return err
			}
			if err := c.writePlan(ctx, p.dir, n, made, proofs); err != nil {
				return err
			}
		}
		bar.done()
		if c.json {
			err = writeJSON(c.out, &made.Document)
		} else {
			c.printPlan(n, &made.Document, name, p.dir, c.now().Sub(begun))
		}
		if err == nil && made.Status == plan.Infeasible {
			return said(exitNo)
		}
		return err
	}
}

// makePlan plans a network as the flags say, with its explanation.
func (c *call) makePlan(ctx context.Context, n *network.Network, p planFlags, bar *progress) (*plan.Plan, error) {
	if _, err := n.Ladder(p.ladder); err != nil {
		return nil, c.unknownLadder(err)
	}
	o := plan.Options{Ladder: p.ladder, Progress: bar.planning("")}
	var err error
	if p.inForce != "" {
		if o.InForce, _, err = c.document(ctx, p.inForce); err != nil {
			return nil, err
		}
	}
	if p.guess != "" {
		old, file, err := c.document(ctx, p.guess)
		if err != nil {
			return nil, err
		}
		if o.Guess, err = c.proofs(ctx, old, file); err != nil {
			return nil, err
		}
	}
	bar.phase("solver")
	solver, err := promptly(ctx, c.solver)
	if err != nil {
		return nil, err
	}
	defer solver.Close()
	if !p.noWhy {
		o.Explain = c.whyOptions(p.solves, bar)
	}
	made, err := plan.Make(ctx, n, solver, o)
	if err != nil || p.noWhy || made.Status != plan.Optimal || p.solves < 0 {
		return made, err
	}
	return made, c.more(ctx, made, solver, bar)
}

func (c *call) unknownLadder(err error) error {
	var m network.Mistake
	if errors.As(err, &m) {
		err = errors.New(m.In(string(c.lang)))
	}
	return &failure{status: exitInput, err: err}
}

// nameProofs returns a plan's proofs as bytes and names them in the plan.
func nameProofs(made *plan.Plan) ([]byte, error) {
	if made.Proofs == nil {
		return nil, nil
	}
	b, ref, err := writeProofs(made.Proofs)
	if err != nil {
		return nil, err
	}
	made.Certificates = ref
	return b, nil
}

// writePlan writes the folder of a plan: plan.json, its proofs, the network it
// was made from, and what people read: the report, tables, lists and calendars.
func (c *call) writePlan(ctx context.Context, dir string, n *network.Network, made *plan.Plan, proofs []byte) error {
	extra := networkFiles(n)
	if proofs != nil {
		extra = append(extra, report.File{Name: proofsName, Write: func(w io.Writer) error { _, err := w.Write(proofs); return err }})
	}
	extra = append(extra, report.File{Name: planName, Write: func(w io.Writer) error { return writeJSON(w, &made.Document) }})
	return c.unwritten(dir, report.Write(ctx, dir, n, &made.Document, c.now(), extra...))
}

// networkFiles are the tables of the network, in a folder of their own, so that
// the plan can be checked and explained from its folder alone.
func networkFiles(n *network.Network) []report.File {
	files := []report.File{{Name: networkName + "/" + network.SettingsTable + ".yaml", Write: func(w io.Writer) error { return tables.WriteSettings(w, &n.Settings) }}}
	for i := range network.Tables {
		t := &network.Tables[i]
		if t.Cursor(n).Len() > 0 {
			files = append(files, report.File{Name: networkName + "/" + t.Name + ".csv", Write: func(w io.Writer) error { return tables.WriteCSV(w, t, n) }})
		}
	}
	return files
}
