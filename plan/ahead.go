package plan

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"bremen/lp"
)

// ahead is a solver that may have solved a program before it is asked for it,
// on a processor that the climb leaves idle. What to solve is guessed; an answer
// is taken for the very same program and options only, and a solver answers
// these with the same bytes whenever it is asked. So guesses decide how long a plan
// takes, and nothing of what it says.
type ahead struct {
	lp.Solver
	ctx    context.Context
	cancel context.CancelFunc
	beside chan struct{} // one element while a guess is being solved
	turn   sync.Mutex    // held by the guessing that goes on
	going  sync.WaitGroup

	mu     sync.Mutex
	newest int // guessing asked for last
	most   int // programs solved ahead at most
	jobs   []*aheadJob
}

// aheadJob is a program solved ahead.
type aheadJob struct {
	p        *lp.Problem
	o        lp.Options
	progress atomic.Pointer[func(lp.Progress)] // of who waits for it
	done     chan struct{}
	sol      *lp.Solution
	err      error
}

var errStopped = errors.New("no more is solved ahead")

// takesSeveral tells whether a solver solves several programs side by side, as one does that does not say how many.
func takesSeveral(s lp.Solver) bool {
	n, ok := s.(interface{ Instances() int })
	return !ok || n.Instances() > 1
}

// newAhead returns a solver that solves so many programs ahead at most.
func newAhead(ctx context.Context, s lp.Solver, most int) *ahead {
	a := &ahead{Solver: s, beside: make(chan struct{}, 1), most: most}
	a.ctx, a.cancel = context.WithCancel(ctx)
	return a
}

// guess runs f beside the caller; programs that it solves may be asked for later. Guesses are made
// one after the other, and one that has not begun when the next is made is left out.
func (a *ahead) guess(f func(context.Context, lp.Solver)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.newest++
	mine := a.newest
	a.going.Go(func() {
		a.turn.Lock()
		defer a.turn.Unlock()
		a.mu.Lock()
		old := len(a.jobs) >= a.most || mine != a.newest
		a.mu.Unlock()
		if !old {
			f(a.ctx, guessed{a})
		}
	})
}

// explain guesses what explaining the plan will ask for, from the rungs climbed so far.
func (a *ahead) explain(c *climb, ladder string, o ExplainOptions) {
	x := c.last
	if x == nil {
		x = c.like
	}
	if x == nil {
		return
	}
	x = x[:c.p.LP.Cols()]
	pl := &Plan{Program: c.p, X: x, Proofs: c.proofs(x)}
	pl.LadderName, pl.Ladder = ladder, slices.Clone(c.results)
	pl.Proofs.Rounds = slices.Clone(c.rounds)
	o.Progress = nil
	a.guess(func(ctx context.Context, s lp.Solver) { figures(ctx, pl, s, o) }) // that it may fail is no matter: it is a guess
}

// stop begins no further program; one that is being solved can still be asked for.
func (a *ahead) stop() {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.most = 0
}

// close ends all guesses.
func (a *ahead) close() {
	if a == nil {
		return
	}
	a.stop()
	a.cancel()
	a.going.Wait()
}

// Solve implements lp.Solver.
func (a *ahead) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	if j := a.find(p, o); j != nil {
		if sol, err := j.wait(ctx, o.Progress); err == nil || ctx.Err() != nil {
			return sol, err
		}
	}
	return a.Solver.Solve(ctx, p, o)
}

// guessed is the solver that guesses use: of all of them, one program is solved at a time.
type guessed struct{ *ahead }

func (a guessed) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	select {
	case a.beside <- struct{}{}:
		defer func() { <-a.beside }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if j := a.find(p, o); j != nil {
		return j.wait(ctx, nil)
	}
	j := &aheadJob{p: p, o: o, done: make(chan struct{})}
	if o.Progress != nil {
		o.Progress = func(now lp.Progress) {
			if tell := j.progress.Load(); tell != nil {
				(*tell)(now)
			}
		}
	}
	a.mu.Lock()
	if len(a.jobs) >= a.most {
		a.mu.Unlock()
		return nil, errStopped
	}
	a.jobs = append(a.jobs, j)
	a.mu.Unlock()
	j.sol, j.err = a.Solver.Solve(ctx, p, o)
	close(j.done)
	return j.wait(ctx, nil)
}

// wait returns a job's answer, for the caller to own.
func (j *aheadJob) wait(ctx context.Context, progress func(lp.Progress)) (*lp.Solution, error) {
	if progress != nil {
		j.progress.Store(&progress)
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if j.err != nil {
		return nil, j.err
	}
	sol := *j.sol
	for _, v := range []*[]float64{&sol.Col, &sol.Row, &sol.RowDual, &sol.Reduced, &sol.RowDualRest} {
		*v = slices.Clone(*v)
	}
	return &sol, nil
}

// find returns the job that solves just this.
func (a *ahead) find(p *lp.Problem, o lp.Options) *aheadJob {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, j := range a.jobs {
		if sameOptions(j.o, o) && sameProgram(j.p, p) {
			return j
		}
	}
	return nil
}

// sameOptions tells whether both ask for the same, in options that rounds have.
func sameOptions(a, b lp.Options) bool {
	presolve := func(o lp.Options) int {
		switch {
		case o.Presolve == nil:
			return 0
		case *o.Presolve:
			return 1
		}
		return 2
	}
	plain := func(o lp.Options) bool {
		return o.Work == 0 && o.Time == 0 && o.Basis == nil && o.Start == nil && o.MIPGap == 0 && !o.Ranging && o.Extra == nil
	}
	return plain(a) && plain(b) && a.Method == b.Method && a.Tolerance == b.Tolerance && presolve(a) == presolve(b) &&
		(a.Progress == nil) == (b.Progress == nil)
}

// sameProgram tells whether two programs are the same to the last bit, names apart.
func sameProgram(a, b *lp.Problem) bool {
	bits := func(a, b []float64) bool {
		return slices.EqualFunc(a, b, func(v, w float64) bool { return math.Float64bits(v) == math.Float64bits(w) })
	}
	return a.Maximise == b.Maximise && bits([]float64{a.Offset}, []float64{b.Offset}) &&
		bits(a.Cost, b.Cost) && bits(a.Lower, b.Lower) && bits(a.Upper, b.Upper) && slices.Equal(a.Integer, b.Integer) &&
		bits(a.RowLower, b.RowLower) && bits(a.RowUpper, b.RowUpper) &&
		slices.Equal(a.Start, b.Start) && slices.Equal(a.Index, b.Index) && bits(a.Value, b.Value)
}
