package highs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bremen/lp"
)

// modelStatus is the solver's own verdict.
type modelStatus int32

const (
	statusEmpty                 modelStatus = 6
	statusOptimal               modelStatus = 7
	statusInfeasible            modelStatus = 8
	statusUnboundedOrInfeasible modelStatus = 9
	statusUnbounded             modelStatus = 10
	statusTimeLimit             modelStatus = 13
	statusIterationLimit        modelStatus = 14
	statusUnknown               modelStatus = 15
	statusSolutionLimit         modelStatus = 16
	statusInterrupted           modelStatus = 17
)

var statusWords = map[modelStatus]string{
	0: "not set", 1: "load error", 2: "model error", 3: "presolve error", 4: "solve error", 5: "postsolve error",
	statusEmpty: "empty", statusOptimal: "optimal", statusInfeasible: "infeasible",
	statusUnboundedOrInfeasible: "infeasible or unbounded", statusUnbounded: "unbounded",
	11: "objective bound reached", 12: "objective target reached",
	statusTimeLimit: "time limit", statusIterationLimit: "iteration limit", statusUnknown: "unknown",
	statusSolutionLimit: "solution limit", statusInterrupted: "interrupted",
}

func (s modelStatus) String() string {
	if w, ok := statusWords[s]; ok {
		return w
	}
	return fmt.Sprintf("status %d", int32(s))
}

// job is one request: its options and until when it may run.
type job struct {
	ctx   context.Context
	o     lp.Options
	start time.Time
}

func newJob(ctx context.Context, o lp.Options) *job {
	return &job{ctx: ctx, o: o, start: time.Now()}
}

// rest returns the job with the work that is left of it, some of it having
// been done in the instance.
func (b *job) rest(in *instance) *job {
	c := *b
	if c.o.Work > 0 {
		c.o.Work = max(c.o.Work-(in.host.clock.now-in.began), 1)
	}
	return &c
}

// during runs something of the solver's that may take long: meanwhile its
// clock watches over cancellation and deadline, and tells of progress.
func (in *instance) during(b *job, f func() error) error {
	w := watch{progress: b.o.Progress, start: b.start}
	c := &in.host.clock
	c.ctx, c.each = b.ctx, w.reading()
	if b.o.Progress != nil {
		in.host.log = w.line
	}
	if b.o.Time > 0 {
		c.end = b.start.Add(b.o.Time)
	}
	err := f()
	c.ctx, c.each, c.end, in.host.log = nil, nil, time.Time{}, nil
	return err
}

// run solves what was passed. The verdict is statusTimeLimit with ended false
// when the solver had to be stopped after its deadline and has nothing to show.
func (in *instance) run(b *job) (verdict modelStatus, ended bool, err error) {
	err = in.during(b, func() error {
		_, err := in.raw("Highs_run", in.ptr)
		return err
	})
	if errors.Is(err, errOvertime) {
		return statusTimeLimit, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	s, err := in.raw("Highs_getModelStatus", in.ptr)
	return modelStatus(int32(s)), true, err
}

// attempt solves the program p that was passed before, by one method, from
// the basis of the job or from where the solver stands.
func (in *instance) attempt(b *job, p *lp.Problem, m lp.Method) (*lp.Solution, modelStatus, error) {
	s := &lp.Solution{Method: m}
	if err := in.configure(p, b.rest(in).o, m); err != nil {
		return nil, 0, err
	}
	verdict, ended, err := in.run(b)
	if err != nil {
		return nil, 0, err
	}
	s.Detail = verdict.String()
	if ended {
		if err := in.read(p, s); err != nil {
			return nil, 0, err
		}
	}
	return s, verdict, nil
}

// read fetches the point, the basis and the counts of the last run.
func (in *instance) read(p *lp.Problem, s *lp.Solution) error {
	for _, key := range []string{"simplex_iteration_count", "ipm_iteration_count", "crossover_iteration_count", "pdlp_iteration_count"} {
		n, err := in.infoInt(key)
		if err != nil {
			return err
		}
		s.Iterations += max(n, 0)
	}
	primal, err := in.infoInt("primal_solution_status")
	if err != nil {
		return err
	}
	dual, err := in.infoInt("dual_solution_status")
	if err != nil {
		return err
	}
	if primal == 0 && dual == 0 {
		return nil
	}
	if s.Objective, err = in.infoDouble("objective_function_value"); err != nil {
		return err
	}
	s.Objective *= sign(p)
	if err := in.readPoint(p, s, primal != 0, dual != 0 && !integral(p)); err != nil {
		return err
	}
	return in.readBasis(p, s)
}

func (in *instance) readPoint(p *lp.Problem, s *lp.Solution, primal, dual bool) error {
	a := in.arena()
	defer a.free()
	cols, rows := p.Cols(), p.Rows()
	x, d, r, y := a.alloc(8*cols), a.alloc(8*cols), a.alloc(8*rows), a.alloc(8*rows)
	if a.err != nil {
		return a.err
	}
	if err := in.do("Highs_getSolution", x, d, r, y); err != nil {
		return err
	}
	if primal {
		s.Col, s.Row = a.readDoubles(x, cols), a.readDoubles(r, rows)
	}
	if dual {
		s.Reduced, s.RowDual = stated(p, a.readDoubles(d, cols)), stated(p, a.readDoubles(y, rows))
	}
	return nil
}
