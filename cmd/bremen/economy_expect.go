package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bremen/capacity"
	"bremen/internal/machine"
	"bremen/lp/block"
	"bremen/lp/finish"
	"bremen/lp/pdhg"
	"bremen/network/economy"
)

// roomFor refuses a program that takes more memory than is allowed or free. It
// returns how many bytes may be used, 0 if that is not known.
func (c *call) roomFor(p *block.Problem, f *economyFlags) (most int64, err error) {
	most = int64(f.memory) << 20
	if most == 0 {
		most = machine.Free()
	}
	if need := pdhg.Memory(p); most > 0 && need > most {
		return 0, &failure{status: exitInput, err: errors.New(c.lang.say("economy/large", "need", c.mebibytes(need), "most", c.mebibytes(most))), next: c.lang.say("economy/large/next")}
	}
	return most, nil
}

func (c *call) mebibytes(n int64) string { return c.lang.count(int(n >> 20)) }

// economyExpected is what "bremen economy plan --dry-run --json" prints.
type economyExpected struct {
	Economy string         `json:"economy"`
	Program economyProgram `json:"program"`
	Memory  int64          `json:"memory"` // bytes that solving takes beside the program
	Free    int64          `json:"free"`   // that may be used; 0: not known
	Exact   bool           `json:"exact"`  // small enough to be planned to a vertex
	capacity.Estimate
}

// expect measures the pace of the solver and tells what planning will take: by the ladder of goals, if that is asked for.
func (c *call) expect(ctx context.Context, e *economy.Economy, p *block.Problem, f *economyFlags, memory int64, bar *progress) (*economyExpected, error) {
	bar.phase("pace")
	x := &economyExpected{Economy: e.ID, Program: economyProgram{p.Rows(), p.Cols(), p.NNZ(), p.Stored()}, Memory: pdhg.Memory(p), Free: memory, Exact: !f.ladder && finish.Small(p, memory)}
	if x.Exact {
		x.Memory = max(x.Memory, finish.Memory(p))
	}
	pace, err := pdhg.Pace(ctx, p, f.threads)
	if err != nil {
		return nil, err
	}
	if f.ladder {
		x.Estimate = capacity.ExpectLadder(p, e.Goals(), pace)
	} else {
		x.Estimate = capacity.Expect(p, f.tolerance, pace, x.Exact)
	}
	machine.Settle() // what measuring took
	return x, nil
}

// expectedText says it in words.
func (c *call) expectedText(x *economyExpected) string {
	l := c.lang
	seconds := func(s float64) string { return l.duration(time.Duration(s * float64(time.Second))) }
	key := "economy/expected"
	programs := &capacity.Range{}
	if x.Exact {
		key = "economy/expected/exact"
	}
	if x.Programs != nil {
		key, programs = "economy/expected/ladder", x.Programs
	}
	return l.say("economy/estimate", "rows", l.count(x.Program.Rows), "columns", l.count(x.Program.Columns), "entries", l.count(x.Program.Coefficients),
		"need", c.mebibytes(x.Memory+1<<20)) + " " + l.say(key, "least", seconds(x.Seconds.Least), "most", seconds(max(x.Seconds.Most, 0.1)),
		"few", l.number(rough(x.Iterations.Least)), "many", l.number(rough(x.Iterations.Most)), "pace", l.figure(rough(x.Pace*1000)),
		"fewest", l.number(programs.Least), "highest", l.number(programs.Most))
}

// printExpected says on standard error what planning will take.
func (c *call) printExpected(ctx context.Context, e *economy.Economy, p *block.Problem, f *economyFlags, memory int64, bar *progress) error {
	x, err := c.expect(ctx, e, p, f, memory, bar)
	if err == nil {
		bar.done()
		_, err = fmt.Fprintln(c.err, wrap(c.expectedText(x), width))
	}
	return err
}

// foretellEconomy is a dry run: it prints what planning would take, and plans nothing.
func (c *call) foretellEconomy(ctx context.Context, e *economy.Economy, p *block.Problem, f *economyFlags, memory int64, bar *progress) error {
	x, err := c.expect(ctx, e, p, f, memory, bar)
	if err != nil {
		return err
	}
	bar.done()
	if c.json {
		return writeJSON(c.out, x)
	}
	_, err = fmt.Fprintln(c.out, wrap(e.ID+": "+c.expectedText(x), width))
	return err
}
