package highs

import (
	"fmt"
	"math"
	"time"

	"bremen/lp"
)

// solve solves the program p that was passed before, and answers only what
// lp's own check bears out.
func (in *instance) solve(b *job, p *lp.Problem) (*lp.Solution, error) {
	if s := trivial(p, b.o); s != nil {
		return s, nil
	}
	in.began = in.host.clock.now
	m := method(p, b.o)
	if b.o.Basis != nil && m == lp.Simplex && !integral(p) {
		if err := in.setBasis(p, b.o.Basis); err != nil {
			return nil, err
		}
	}
	s, err := in.answer(b, p, m)
	if err == nil && s.Status == lp.Unknown && b.o.Method == lp.Auto && !integral(p) {
		s, err = in.another(b, p, s)
	}
	if err != nil {
		return nil, err
	}
	if b.o.Ranging && s.Status == lp.Optimal && s.Basis != nil {
		if err := in.ranging(p, s); err != nil {
			return nil, err
		}
	}
	s.Elapsed = time.Since(b.start)
	return s, nil
}

// another tries the other method when the first had no answer and the caller
// left the choice open.
func (in *instance) another(b *job, p *lp.Problem, s *lp.Solution) (*lp.Solution, error) {
	other := lp.Simplex
	if s.Method == lp.Simplex {
		other = lp.Interior
	}
	if err := in.do("Highs_clearSolver"); err != nil {
		return nil, err
	}
	t, err := in.answer(b, p, other)
	if err != nil || t.Status == lp.Unknown {
		return s, err
	}
	return t, nil
}

// answer solves by one method and turns the solver's verdict into a status.
func (in *instance) answer(b *job, p *lp.Problem, m lp.Method) (*lp.Solution, error) {
	attempt := in.attempt
	if m == lp.Interior && b.o.Presolve != nil && !*b.o.Presolve {
		attempt = in.unpresolved
	}
	s, v, err := attempt(b, p, m)
	if err != nil {
		return nil, err
	}
	s.Check = lp.CheckSolution(p, s)
	if v == statusIterationLimit && m != lp.Simplex && b.o.Extra == nil {
		v = statusUnknown // by mostInterior, not by the caller
	}
	switch v {
	case statusTimeLimit, statusIterationLimit, statusSolutionLimit, statusInterrupted:
		s.Status = lp.Stopped
		return s, in.checkInteger(p, s)
	case statusUnbounded, statusUnboundedOrInfeasible:
		if costs(p) {
			return s, in.endless(b, p, s)
		}
		return s, in.infeasible(b, p, s)
	case statusInfeasible:
		return s, in.infeasible(b, p, s)
	}
	if integral(p) {
		return s, in.judgeInteger(b, p, s, v)
	}
	switch {
	case s.Check.Within(tolerance(b.o)):
	case m == lp.Interior && b.o.Presolve == nil:
		s, err = in.plain(b, p, s)
	case v == statusOptimal && m != lp.Interior:
		s, err = in.polish(b, p, s)
	}
	if err != nil {
		return nil, err
	}
	accept(s, b.o)
	return s, nil
}

// slack is by how much the residuals of an interior point without crossover
// may exceed the tolerance asked for: it approaches its bounds from inside, and
// what presolve took out is put back with rounding.
const slack = 10

// accept gives a point the status that its residuals deserve, whatever the
// solver said of it.
func accept(s *lp.Solution, o lp.Options) {
	limit := tolerance(o)
	if s.Method == lp.Interior {
		limit *= slack
	}
	if s.Check.Within(limit) {
		s.Status = lp.Optimal
		return
	}
	s.Status = lp.Unknown
	s.Detail = fmt.Sprintf("%s by the solver's word, but residuals are primal %.1e, dual %.1e, gap %.1e, and %.0e was asked for",
		s.Detail, s.Check.Primal, s.Check.Dual, s.Check.Gap, limit)
}

// polish goes on from a basis that the solver holds for optimal within its
// tolerances, which are absolute and per figure, until lp's check agrees. It
// returns the better of what it had and what it found.
func (in *instance) polish(b *job, p *lp.Problem, s *lp.Solution) (*lp.Solution, error) {
	if s.Basis == nil {
		return s, nil
	}
	tighter := *b
	for _, tol := range []float64{1e-9, 1e-10} {
		if tol >= tolerance(b.o) {
			continue
		}
		tighter.o.Tolerance = tol
		t, v, err := in.attempt(&tighter, p, lp.Simplex)
		if err != nil {
			return nil, err
		}
		t.Check = lp.CheckSolution(p, t)
		if v != statusOptimal || worst(t.Check) >= worst(s.Check) {
			break
		}
		t.Method, t.Iterations = s.Method, s.Iterations+t.Iterations
		s = t
		if s.Check.Within(tolerance(b.o)) {
			break
		}
	}
	return s, nil
}

func worst(c lp.Check) float64 { return max(c.Primal, c.Dual, c.Gap) }

// judgeInteger judges the answer to an integer program. It has no duals, so
// what is checked is the point; the gap is the solver's.
func (in *instance) judgeInteger(b *job, p *lp.Problem, s *lp.Solution, v modelStatus) error {
	if err := in.checkInteger(p, s); err != nil {
		return err
	}
	gap := max(mipGap(b.o), tolerance(b.o))
	if v == statusOptimal && s.Check.Primal <= slack*tolerance(b.o) && s.Check.Gap <= gap {
		s.Status = lp.Optimal
		return nil
	}
	s.Detail = fmt.Sprintf("%s by the solver's word, primal residual %.1e, gap %.1e", s.Detail, s.Check.Primal, s.Check.Gap)
	return nil
}

// checkInteger puts the solver's gap into the check of an integer program.
func (in *instance) checkInteger(p *lp.Problem, s *lp.Solution) error {
	if !integral(p) || s.Col == nil || in.dead != nil {
		return nil
	}
	gap, err := in.infoDouble("mip_gap")
	if err != nil {
		return err
	}
	if math.IsNaN(gap) || gap > math.MaxFloat64 {
		gap = math.MaxFloat64
	}
	s.Check.Dual, s.Check.Gap = 0, math.Abs(gap)
	return nil
}

func mipGap(o lp.Options) float64 {
	if o.MIPGap > 0 {
		return o.MIPGap
	}
	return 1e-6
}
