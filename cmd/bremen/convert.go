package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"bremen/internal/wholefile"
	"bremen/lp"
	"bremen/network"
	"bremen/network/tables"
	"bremen/plan"
)

// Forms that convert reads and writes.
const (
	formTables   = "tables"
	formWorkbook = "xlsx"
	formMPS      = "mps"
	formLP       = "lp"
)

func convertCommand(f *flag.FlagSet) action {
	to := f.String("to", "", "")
	ladder := f.String("ladder", "", "")
	goal := f.String("goal", "", "")
	return func(ctx context.Context, c *call) error {
		in, out := c.operands[0], c.operands[1]
		form := *to
		if form == "" {
			form = formOf(out)
		}
		switch form {
		case formTables, formWorkbook, formMPS, formLP:
		default:
			return usage(c.lang, c.command, errors.New(c.lang.say("convert/form", "form", form)))
		}
		if out == "-" && form == formTables {
			return usage(c.lang, c.command, errors.New(c.lang.say("convert/stdout")))
		}
		bar := c.progress()
		defer bar.done()
		bar.phase("read")
		if from := formOf(in); from == formMPS || from == formLP {
			return c.convertProgram(ctx, in, from, out, form)
		}
		n, err := c.stated(ctx, in)
		if err != nil {
			return err
		}
		bar.phase("write")
		if form == formTables || form == formWorkbook {
			if err := c.writeNetwork(ctx, n, out, form); err != nil {
				return err
			}
			bar.done()
			return c.converted(in, out, form, c.lang.say("convert/network", "in", in, "out", out))
		}
		p, note, err := c.program(n, *ladder, *goal)
		if err != nil {
			return err
		}
		if err := c.writeProgram(ctx, p, out, form); err != nil {
			return err
		}
		bar.done()
		return c.converted(in, out, form, c.lang.say("convert/program", "in", in, "out", out,
			"rows", c.lang.count(p.Rows()), "columns", c.lang.count(p.Cols()), "entries", c.lang.count(p.NNZ()))+"\n"+note)
	}
}

// formOf guesses a form from a file's name; a name without a known ending is a folder of tables.
func formOf(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx":
		return formWorkbook
	case ".mps":
		return formMPS
	case ".lp":
		return formLP
	}
	if name == "-" {
		return formWorkbook
	}
	return formTables
}

// converted says what was written, unless the result itself went to standard output.
func (c *call) converted(in, out, form, text string) error {
	if out == "-" {
		return nil
	}
	if c.json {
		return writeJSON(c.out, struct {
			In   string `json:"in"`
			Out  string `json:"out"`
			Form string `json:"form"`
			Note string `json:"note"`
		}{in, out, form, text})
	}
	_, err := fmt.Fprintln(c.out, wrap(text, width))
	return err
}

// program is the network's program, with the goal named, or the only goal of
// its ladder that is one expression, as its objective.
func (c *call) program(n *network.Network, ladder, goal string) (*lp.Problem, string, error) {
	p, err := plan.Build(n, nil)
	if err != nil {
		return nil, "", err
	}
	l, err := n.Ladder(ladder)
	if err != nil {
		return nil, "", c.unknownLadder(err)
	}
	var names []string
	for i := range l {
		if l[i].Kind == network.Leximin {
			continue
		}
		names = append(names, l[i].Goal)
		if goal == l[i].Goal || (goal == "" && len(l) == 1) {
			o, err := p.WithObjective(&l[i])
			return o, c.lang.say("convert/goal", "goal", l[i].Goal), err
		}
	}
	if goal != "" {
		return nil, "", &failure{status: exitInput, err: errors.New(c.lang.say("convert/nogoal", "goal", goal)), next: c.lang.say("convert/goals", "goals", strings.Join(names, ", "))}
	}
	return p.LP, c.lang.say("convert/goalless", "goals", strings.Join(names, ", ")), nil
}

// convertProgram rewrites a program that is given as such.
func (c *call) convertProgram(ctx context.Context, in, from, out, form string) error {
	if form != formMPS && form != formLP {
		return &failure{status: exitInput, err: errors.New(c.lang.say("convert/back", "in", in))}
	}
	p, err := promptly(ctx, func() (*lp.Problem, error) {
		f, err := os.Open(in)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if from == formMPS {
			return lp.ReadMPS(f, in)
		}
		return lp.ReadLP(f, in)
	})
	if err != nil {
		return c.located(in, err)
	}
	if err := c.writeProgram(ctx, p, out, form); err != nil {
		return err
	}
	return c.converted(in, out, form, c.lang.say("convert/program", "in", in, "out", out,
		"rows", c.lang.count(p.Rows()), "columns", c.lang.count(p.Cols()), "entries", c.lang.count(p.NNZ())))
}

func (c *call) writeProgram(ctx context.Context, p *lp.Problem, out, form string) error {
	write := func(w io.Writer) error {
		w = &stoppable{ctx, w}
		if form == formLP {
			return lp.WriteLP(w, p)
		}
		return lp.WriteMPS(w, p)
	}
	if out == "-" {
		return write(c.out)
	}
	return c.unwritten(out, wholefile.Write(out, 0o666, write))
}

func (c *call) writeNetwork(ctx context.Context, n *network.Network, out, form string) error {
	if form == formWorkbook {
		write := func(w io.Writer) error { return tables.WriteWorkbook(&stoppable{ctx, w}, n) }
		if out == "-" {
			return write(c.out)
		}
		return c.unwritten(out, wholefile.Write(out, 0o666, write))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.unwritten(out, tables.Write(out, n)) // whole or not at all
}

// stoppable is a writer that fails when ctx ends.
type stoppable struct {
	ctx context.Context
	w   io.Writer
}

func (s *stoppable) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(b)
}

// unwritten says that a file could not be written, and that nothing of it is left.
func (c *call) unwritten(name string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return &failure{status: exitInput, err: fmt.Errorf("%s: %w", name, path.Err), next: c.lang.say("unwritten", "name", name)}
	}
	return err
}
