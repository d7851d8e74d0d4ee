package iotable

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
)

// Method is a way to solve x = A·x + y.
type Method string

const (
	// GMRES is restarted GMRES(20), in units in which every product weighs
	// the same, the diagonal divided out. It is the default; where it stalls
	// on a small table, Elimination follows.
	GMRES Method = "gmres"
	// Neumann adds up y + A·y + A²·y + …: round after round of inputs.
	Neumann Method = "neumann"
	// Elimination is dense LU with partial pivoting, for tables of up to 4096 products.
	Elimination Method = "elimination"
)

// Options of Solve; the zero value is the default.
type Options struct {
	Tolerance float64 // most of Stats.Residual and Stats.Scaled; default 1e-9
	Method    Method  // default GMRES
	Restart   int     // basis vectors kept, n·8 bytes each; default 20
	Most      int     // products of the matrix with a vector, at most; default 5000
	Threads   int     // default: as many as the process may use
	// Progress is called after every product of the matrix, by the goroutine
	// that called Solve. Residual is then an estimate.
	Progress func(Stats)
}

// Stats says how a system was solved and how well.
type Stats struct {
	Method   Method
	Products int // of the matrix with a vector, the check included
	Cycles   int // restarts of GMRES, the first included
	// Residual is ‖y − x + A·x‖₂ / ‖y‖₂, computed anew from the result with
	// compensated sums.
	Residual float64
	// Scaled is the same with every product in units of what the first two
	// rounds of inputs take of it, so that it does not depend on the units
	// in which the table states its products.
	Scaled float64
	// Worst is the largest |y − x + A·x|ᵢ / (|x|ᵢ + |A·x|ᵢ + |y|ᵢ) of a single product.
	Worst float64
}

// ErrNotConverged is wrapped by errors of Solve when the tolerance was not
// reached within Options.Most products.
var ErrNotConverged = errors.New("did not converge")

// Solve returns the x with x = A·x + y: what must be made in all so that y is
// left over.
//
// A is square and passes Check. With A and y nonnegative the result is the
// least such x, x ≥ y ≥ 0 holds exactly, products that nobody needs are
// exactly 0, and when there is no such x the error is an *UnproductiveError.
// Entries of A and y may be negative; then neither the sign of x nor the
// reason for failure is promised. Other errors are that of ctx,
// ErrNotConverged, and mistakes in the arguments.
//
// The result is the same for every number of threads.
func Solve(ctx context.Context, a *Matrix, y []float64, opts Options) ([]float64, Stats, error) {
	s, err := newSystem(ctx, a, y, opts)
	if err != nil {
		return nil, Stats{}, err
	}
	if s.yNorm == 0 {
		return make([]float64, s.n), s.stats, nil
	}
	x, err := s.solve()
	if err != nil {
		return nil, s.stats, err
	}
	return x, s.stats, nil
}

// system is one call of Solve.
type system struct {
	ctx   context.Context
	a     *Matrix
	y     []float64
	opts  Options
	stats Stats
	crew  *crew
	n     int

	nonnegative bool      // A and y
	yNorm       float64   // ‖y‖₂
	scale       []float64 // the unit of each product, > 0
	yScaled     float64   // ‖y/scale‖₂
	start       []float64 // first guess
	back        []float64 // scale / (1 − diagonal): from GMRES's unknowns to amounts
}

func newSystem(ctx context.Context, a *Matrix, y []float64, opts Options) (*system, error) {
	if a.Rows != a.Cols || len(y) != a.Rows {
		return nil, fmt.Errorf("solve: matrix of %d×%d with a demand for %d products", a.Rows, a.Cols, len(y))
	}
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("solve: demand for product %d is %v", i, v)
		}
	}
	switch opts.Method {
	case "":
		opts.Method = GMRES
	case GMRES, Neumann, Elimination:
	default:
		return nil, fmt.Errorf("solve: unknown method %q, expected %s, %s or %s", opts.Method, GMRES, Neumann, Elimination)
	}
	if opts.Tolerance <= 0 {
		opts.Tolerance = 1e-9
	}
	if opts.Restart <= 0 {
		opts.Restart = 20
	}
	if opts.Most <= 0 {
		opts.Most = 5000
	}
	s := &system{ctx: ctx, a: a, y: y, opts: opts, n: a.Rows, crew: newCrew(a.Start, opts.Threads)}
	s.stats.Method = opts.Method
	s.yNorm = s.crew.norm(y)
	s.nonnegative = nonnegative(a.Value, s.crew.threads) && nonnegative(y, 1)
	return s, nil
}

func (s *system) solve() ([]float64, error) {
	if err := s.measure(); err != nil {
		return nil, err
	}
	var x []float64
	var err error
	switch s.opts.Method {
	case Elimination:
		x, err = s.eliminate()
	case Neumann:
		x, err = s.neumann()
	default:
		x, err = s.gmres()
	}
	if !errors.Is(err, ErrNotConverged) {
		return x, err
	}
	if s.nonnegative {
		if why := s.unproductive(); why != nil {
			return nil, why
		}
	}
	if s.opts.Method == GMRES && s.n <= eliminationMost {
		s.stats.Method = Elimination
		return s.eliminate()
	}
	return nil, err
}

// measure chooses the unit of each product, what y and its first two rounds
// of inputs take of it, and sets the first guess to that amount. More rounds
// follow, up to ten, while they reach products not reached before.
func (s *system) measure() error {
	s.scale = make([]float64, s.n)
	round, next := make([]float64, s.n), make([]float64, s.n)
	for i, v := range s.y {
		round[i] = math.Abs(v)
		s.scale[i] = round[i]
	}
	magnitude := s.a
	if !s.nonnegative {
		magnitude = s.a.magnitude()
	}
	reached := 0.0
	for k := range 10 {
		if err := s.count(0); err != nil {
			return err
		}
		s.crew.multiply(next, magnitude, round)
		s.crew.vectors(func(b, lo, hi int) {
			count := 0.0
			for i := lo; i < hi; i++ {
				s.scale[i] += next[i]
				if s.scale[i] > 0 {
					count++
				}
			}
			s.crew.partial[b] = count
		})
		now := sumOf(s.crew.partial)
		round, next = next, round
		if k >= 1 && now == reached {
			break
		}
		reached = now
	}
	s.start = make([]float64, s.n)
	if s.nonnegative {
		copy(s.start, s.scale)
	}
	s.finishScale()
	s.crew.vectors(func(b, lo, hi int) {
		sum := 0.0
		for i := lo; i < hi; i++ {
			v := s.y[i] / s.scale[i]
			sum += float64(v * v)
		}
		s.crew.partial[b] = sum
	})
	s.yScaled = math.Sqrt(sumOf(s.crew.partial))
	return nil
}

// finishScale gives products that no round reached the mean unit, and keeps
// all units within 1e30 of the largest.
func (s *system) finishScale() {
	largest, sum, count := 0.0, 0.0, 0.0
	for _, v := range s.scale {
		largest = max(largest, v)
		if v > 0 {
			sum, count = sum+v, count+1
		}
	}
	mean := sum / count
	for i, v := range s.scale {
		if v == 0 || math.IsInf(v, 0) {
			s.scale[i] = mean
		}
		s.scale[i] = max(s.scale[i], largest*1e-30)
	}
}

// count notes one more product of the matrix and asks whether to go on.
func (s *system) count(estimate float64) error {
	if s.opts.Progress != nil && s.stats.Products > 0 {
		p := s.stats
		p.Residual = estimate
		s.opts.Progress(p)
	}
	if err := s.ctx.Err(); err != nil {
		return fmt.Errorf("solve: after %d products of the matrix: %w", s.stats.Products, err)
	}
	if s.stats.Products >= s.opts.Most {
		return fmt.Errorf("solve: %w: relative residual %.2g after %d products of the matrix", ErrNotConverged, estimate, s.stats.Products)
	}
	s.stats.Products++
	return nil
}

// neumann adds rounds of inputs until the last is small, then checks.
func (s *system) neumann() ([]float64, error) {
	x := append([]float64(nil), s.y...)
	next := make([]float64, s.n)
	target := s.opts.Tolerance
	for {
		change := math.Inf(1)
		for change > target*s.yScaled {
			if err := s.count(change / s.yScaled); err != nil {
				return nil, err
			}
			s.crew.multiply(next, s.a, x)
			s.crew.vectors(func(b, lo, hi int) {
				sum := 0.0
				for i := lo; i < hi; i++ {
					v := next[i] + s.y[i]
					d := (v - x[i]) / s.scale[i]
					sum += float64(d * d)
					x[i] = v
				}
				s.crew.partial[b] = sum
			})
			change = math.Sqrt(sumOf(s.crew.partial))
			if math.IsNaN(change) || math.IsInf(change, 0) {
				return nil, fmt.Errorf("solve: %w: the rounds of inputs grow without end", ErrNotConverged)
			}
		}
		done, err := s.accept(x)
		if done || err != nil {
			return x, err
		}
		target /= 10
	}
}

// settle takes one more round, x ← y + A·max(x, 0), which makes x ≥ y exact
// where A and y are nonnegative, and checks the result.
func (s *system) settle(x []float64) ([]float64, bool, error) {
	if s.nonnegative {
		for i, v := range x {
			x[i] = max(v, 0)
		}
		if err := s.count(s.stats.Residual); err != nil {
			return nil, false, err
		}
		next := make([]float64, s.n)
		s.crew.multiply(next, s.a, x)
		for i, v := range s.y {
			next[i] += v
		}
		x = next
	}
	done, err := s.accept(x)
	return x, done, err
}

// accept computes the residuals of x anew and compares with the tolerance.
func (s *system) accept(x []float64) (bool, error) {
	if err := s.count(s.stats.Residual); err != nil {
		return false, err
	}
	n := len(s.crew.partial)
	scaled, worst := make([]float64, n), make([]float64, n)
	s.crew.vectors(func(b, lo, hi int) {
		var plain, inUnits, most float64
		for i := lo; i < hi; i++ {
			ax := s.a.exactRow(i, x)
			r := s.y[i] - x[i] + ax
			plain += float64(r * r)
			u := r / s.scale[i]
			inUnits += float64(u * u)
			if r != 0 {
				most = max(most, math.Abs(r)/(math.Abs(x[i])+math.Abs(ax)+math.Abs(s.y[i])))
			}
		}
		s.crew.partial[b], scaled[b], worst[b] = plain, inUnits, most
	})
	s.stats.Residual = math.Sqrt(sumOf(s.crew.partial)) / s.yNorm
	s.stats.Scaled = math.Sqrt(sumOf(scaled)) / s.yScaled
	s.stats.Worst = 0
	for _, v := range worst {
		s.stats.Worst = max(s.stats.Worst, v)
	}
	return s.stats.Residual <= s.opts.Tolerance && s.stats.Scaled <= s.opts.Tolerance, nil
}

// exactRow is row i of m·x with the rounding of the sum carried along
// (Knuth's TwoSum), in a loop of its own so that it shares no mistake with row.
func (m *Matrix) exactRow(i int, x []float64) float64 {
	sum, lost := 0.0, 0.0
	cols, values := m.Row(i)
	for k, c := range cols {
		v := float64(values[k] * x[c])
		t := sum + v
		b := t - sum
		lost += (sum - (t - b)) + (v - b)
		sum = t
	}
	return sum + lost
}

// magnitude is m with every value's sign dropped.
func (m *Matrix) magnitude() *Matrix {
	c := *m
	c.Value = make([]float64, len(m.Value))
	for k, v := range m.Value {
		c.Value[k] = math.Abs(v)
	}
	return &c
}

// nonnegative says whether no value is below 0 (nor NaN).
func nonnegative(values []float64, threads int) bool {
	var negative atomic.Bool
	var group sync.WaitGroup
	for p := range threads {
		part := values[len(values)*p/threads : len(values)*(p+1)/threads]
		group.Go(func() {
			for _, v := range part {
				if !(v >= 0) {
					negative.Store(true)
					return
				}
			}
		})
	}
	group.Wait()
	return !negative.Load()
}
