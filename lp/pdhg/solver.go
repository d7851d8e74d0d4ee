package pdhg

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"bremen/lp"
	"bremen/lp/block"
)

// Options of one solve. The zero value solves to 1e-4 without limits.
type Options struct {
	Tolerance  float64       // on every figure of lp.Check; 0 means 1e-4
	Time       time.Duration // by the wall clock; 0 means no bound
	Iterations int           // 0 means no bound
	Threads    int           // 0 means all there are
	Memory     int64         // most bytes beside the program itself; 0 means no bound
	Start      *Point        // where to begin; nil for nothing made and no prices
	Progress   func(Progress)
}

// Point is a point of a program with duals, in the signs of lp.Solution.
type Point struct {
	Col     []float64
	RowDual []float64
	Weight  float64 // the primal weight the method had come to; 0 if unknown
}

// Progress tells how far a solve has come.
type Progress struct {
	Iterations int
	Restarts   int
	Elapsed    time.Duration
	Check      lp.Check // of the point then, not compensated
	Objective  float64
	Weight     float64
}

// Solution is what a solve came to.
type Solution struct {
	Point
	Status    lp.Status // Optimal, Infeasible, Unbounded, Stopped or Unknown
	Objective float64
	Check     lp.Check
	// Ray holds weights of rows when Status is Infeasible. If rows imply bounds on
	// all columns, block.FarkasHolds of it with those; else it does but for rounding.
	Ray        []float64
	Iterations int
	Restarts   int
	Elapsed    time.Duration
}

// ErrMemory says that a program needs more memory than Options allow.
var ErrMemory = errors.New("out of memory")

// Memory estimates how many bytes Solve takes beside p.
func Memory(p *block.Problem) int64 { return MemoryOf(p.Cols(), p.Rows(), p.Stored(), len(p.Value)) }

// MemoryOf estimates it for a program of so many columns, rows and stored
// coefficients, so many of which repeat nothing.
func MemoryOf(cols, rows, stored, sparse int) int64 {
	perCol := int64(8 * (4 + 4 + 4 + 1)) // a walk, the scaled program, polishing, what is answered
	perRow := int64(8 * (3 + 3 + 4 + 1))
	return perCol*int64(cols) + perRow*int64(rows) + 24*int64(stored) + 24*int64(sparse)
}

// Solve finds a point of p that passes lp.Check within the tolerance. It never
// changes p. A point that falls short is returned too, with its Check and
// Status Stopped. When ctx is cancelled it returns ctx's error.
func Solve(ctx context.Context, p *block.Problem, o Options) (*Solution, error) {
	if o.Tolerance == 0 {
		o.Tolerance = 1e-4
	}
	if o.Threads == 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if need := Memory(p); o.Memory > 0 && need > o.Memory {
		return nil, fmt.Errorf("%w: %d columns and %d rows take about %d MB, and %d MB are allowed", ErrMemory, p.Cols(), p.Rows(), need>>20, o.Memory>>20)
	}
	return newRun(ctx, p, o).solve()
}

// newRun scales a program and puts a walk at its start.
func newRun(ctx context.Context, p *block.Problem, o Options) *run {
	r := &run{ctx: ctx, p: p, o: o, begin: time.Now()}
	r.scaling.equilibrate(p, nil, nil)
	scaled := r.scaling.apply(p, nil)
	op := newBlocks(scaled, o.Threads)
	r.gauge = newGauge(op, p, scaled, r.scaling)
	r.w = newWalk(op, scaled)
	r.w.step = 0.998 / max(min(r.norm(), 1), 1e-12)
	r.w.weight = initialWeight(r.w.prog)
	r.start()
	return r
}

// run is one solve.
type run struct {
	ctx     context.Context
	p       *block.Problem
	o       Options
	begin   time.Time
	scaling scaling
	gauge   *gauge
	w       *walk
	total   int // iterations

	rule     restarts
	check    lp.Check
	value    float64
	restarts int
	rescale  int // iterations from which it is scaled anew

	x, y           []float64 // the point that is answered, scaled
	spareX, spareY []float64
	polished       int       // iterations when it was polished last
	beside         *walk     // that polishes, once it has
	lower, upper   []float64 // bounds that rows imply, once a ray has called for them
}

// checkEvery is how many iterations pass between two looks at how far the walk has come.
const checkEvery = 40

func (r *run) solve() (*Solution, error) {
	w := r.w
	r.rescale = firstRescale
	for {
		again, err := r.advance(w, &r.rule)
		if err != nil {
			return nil, err
		}
		if again || r.total%(5*checkEvery) < checkEvery {
			if s, err := r.look(); s != nil || err != nil {
				return s, err
			}
		}
		if again {
			if r.total >= r.rescale {
				r.adapt()
			}
			r.rule.reweigh(w, r.check)
			w.anchor()
			r.restarts++
		}
	}
}

// norm writes over vectors that are made anew when the walk sets out from an anchor.
func (r *run) norm() float64 {
	r.spareX = sized(r.spareX, len(r.w.x))
	return norm(r.w.op, r.w.x, r.w.xbar, r.spareX, r.w.y)
}

// look measures T(z), polishes it if that may do, and returns what is answered if it is time to.
func (r *run) look() (*Solution, error) {
	w := r.w
	r.x, r.y = w.xt, w.yt
	r.check, r.value = r.gauge.check(w.xt, w.yt)
	if !r.check.Within(r.o.Tolerance) && r.ripe() {
		if err := r.polish(); err != nil {
			return nil, err
		}
	}
	r.tell()
	if r.check.Within(r.o.Tolerance) {
		if s := r.solution(lp.Optimal); s.Check.Within(r.o.Tolerance) {
			return s, nil
		}
	}
	if r.late() {
		return r.solution(lp.Stopped), nil
	}
	if w.steps > raysFrom {
		if status, ray := r.hopeless(); status != lp.Unknown {
			r.x, r.y = w.xt, w.yt
			s := r.solution(status)
			s.Ray = ray
			return s, nil
		}
	}
	return nil, nil
}

// advance walks on until T(z) is kept, and says whether to drop the anchor anew.
func (r *run) advance(w *walk, rule *restarts) (bool, error) {
	for {
		keep := w.steps == 0 || w.steps%checkEvery == checkEvery-1
		distance := w.advance(keep)
		r.total++
		if keep {
			return rule.again(distance, w.steps, w.total), r.ctx.Err()
		}
	}
}

func (r *run) late() bool {
	return r.o.Time > 0 && time.Since(r.begin) > r.o.Time || r.o.Iterations > 0 && r.total >= r.o.Iterations
}

func (r *run) tell() {
	if r.o.Progress != nil {
		r.o.Progress(Progress{r.total, r.restarts, time.Since(r.begin), r.check, r.value, r.w.weight})
	}
}

// start puts the walk at the point asked for, or at the point of the box next to nothing.
func (r *run) start() {
	w := r.w
	for j := range w.x {
		v := 0.0
		if r.o.Start != nil {
			v = r.o.Start.Col[j] / r.scaling.col[j]
		}
		w.xt[j] = min(max(v, w.prog.Lower[j]), w.prog.Upper[j])
	}
	if r.o.Start != nil {
		for i := range w.y {
			w.yt[i] = r.sign() * r.o.Start.RowDual[i] / r.scaling.row[i]
		}
		if r.o.Start.Weight > 0 {
			w.weight = r.o.Start.Weight
		}
	}
	w.anchor()
}

func (r *run) sign() float64 {
	if r.p.Maximise {
		return -1
	}
	return 1
}

// solution is T(z) in the program as stated.
func (r *run) solution(status lp.Status) *Solution {
	r.collect()
	x, y := make([]float64, len(r.x)), make([]float64, len(r.y))
	for j := range x {
		x[j] = min(max(r.x[j]*r.scaling.col[j], r.p.Lower[j]), r.p.Upper[j])
	}
	for i := range y {
		y[i] = r.sign() * r.y[i] * r.scaling.row[i]
	}
	return &Solution{
		Point: Point{x, y, r.w.weight}, Status: status, Objective: evaluate(r.p, x), Check: block.Check(r.p, x, y),
		Iterations: r.total, Restarts: r.restarts, Elapsed: time.Since(r.begin),
	}
}

func evaluate(p *block.Problem, x []float64) float64 {
	v := p.Offset
	for j, c := range p.Cost {
		v += float64(c * x[j])
	}
	return v
}

// initialWeight is the size of the costs over that of the bounds of rows.
func initialWeight(p *block.Problem) float64 {
	c, b := 0.0, 0.0
	for _, v := range p.Cost {
		c += float64(v * v)
	}
	for i, lo := range p.RowLower {
		v := 0.0
		if !math.IsInf(lo, 0) {
			v = math.Abs(lo)
		}
		if up := p.RowUpper[i]; !math.IsInf(up, 0) {
			v = max(v, math.Abs(up))
		}
		b += float64(v * v)
	}
	if c == 0 || b == 0 {
		return 1
	}
	return math.Sqrt(c / b)
}
