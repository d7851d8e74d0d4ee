package capacity

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"bremen/internal/machine"
	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/pdhg"
	"bremen/network/economy"
)

// Options of a measurement. The zero value takes a minute.
type Options struct {
	Time      time.Duration // for the whole series; 0 means a minute
	Products  int           // of the largest economy; 0: as large as time and memory allow
	Regions   int           // 0 means 4
	Periods   int           // 0 means 12
	Tolerance float64       // on every figure of lp.Check; 0 means 1e-4
	Threads   int           // 0 means all there are
	Memory    int64         // most bytes; 0 means what the machine has free
	Seed      uint64        // of the generator of economies
	Progress  func(Progress)
}

// Progress tells how far a measurement has come. Products is 0 while the
// machine itself is measured.
type Progress struct {
	Products   int
	Iterations int
	Check      lp.Check
}

// TooLarge is the refusal of an economy that needs more memory than there is.
type TooLarge struct {
	Products   int
	Need, Most int64 // bytes
}

func (e *TooLarge) Error() string {
	return fmt.Sprintf("an economy of %d products needs about %d MB of memory, and %d MB are there", e.Products, e.Need>>20, e.Most>>20)
}

// growing is how many times as many products the next economy of a series has;
// first is how many the first one has.
const (
	growing = 2
	first   = 25
)

// Measure plans economies of growing size until time or memory is used up, or
// the size asked for is reached. An economy that was not planned in time is the
// last step of the report, which then says so. The error is a *TooLarge if the
// size asked for does not fit, before anything is planned, or ctx's.
func Measure(ctx context.Context, o Options) (*Report, error) {
	s := newSeries(o)
	if s.Products > 0 {
		if err := s.room(s.Products); err != nil {
			return nil, err
		}
	}
	s.tell(Progress{})
	s.r.Machine.Axpy, s.r.Machine.Triad = pdhg.Bandwidth(bandwidthBytes, s.Threads)
	end := time.Now().Add(s.Time)
	for products := s.begin(); ; products = s.next(products) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if s.room(products) != nil {
			s.r.End = EndMemory
			break
		}
		left := time.Until(end)
		if left <= 0 || s.expected(products) > left.Seconds() {
			s.r.End = EndTime
			break
		}
		step, err := s.plan(ctx, products, left)
		if err != nil {
			return nil, err
		}
		s.r.Steps = append(s.r.Steps, *step)
		if !step.Solved {
			s.r.End = EndStopped
			break
		}
		if products == s.Products {
			s.r.End = EndProducts
			break
		}
	}
	s.r.conclude(s.need)
	return s.r, nil
}

// bandwidthBytes is what the bandwidth of memory is measured with: more than any cache holds.
const bandwidthBytes = 3 << 27

// series is a measurement that is going on.
type series struct {
	Options
	r     *Report
	pilot counts // of the largest economy that was stated
}

func newSeries(o Options) *series {
	if o.Time == 0 {
		o.Time = time.Minute
	}
	if o.Regions == 0 {
		o.Regions = 4
	}
	if o.Periods == 0 {
		o.Periods = 12
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-4
	}
	if o.Threads == 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	machine.Settle()
	if o.Memory == 0 {
		o.Memory = machine.Free()
	}
	return &series{Options: o, r: &Report{
		Machine: Machine{OS: runtime.GOOS, Architecture: runtime.GOARCH, Kernels: pdhg.Kernels(), Threads: o.Threads, Memory: o.Memory, Base: machine.Resident()},
		Regions: o.Regions, Periods: o.Periods, Tolerance: o.Tolerance, Seed: o.Seed, Budget: o.Time.Seconds(),
		Steps: []Step{}, Answers: []Answer{},
	}}
}

func (s *series) tell(p Progress) {
	if s.Progress != nil {
		s.Progress(p)
	}
}

func (s *series) begin() int {
	if s.Products > 0 {
		return min(first, s.Products)
	}
	return first
}

// next is the size after one: the one asked for ends the series.
func (s *series) next(products int) int {
	if n := growing * products; s.Products == 0 || n < s.Products {
		return n
	}
	return s.Products
}

// expected is how many seconds an economy takes by the growth so far, 0 when
// that says nothing yet. It is taken low, for a plan that ends halfway is
// still one that shows how far it came.
func (s *series) expected(products int) float64 {
	var x, y []float64
	for _, step := range s.r.Steps {
		x, y = append(x, float64(step.Products)), append(y, step.Seconds+step.Stated)
	}
	g, ok := Fit(x, y)
	if !ok {
		return 0
	}
	return g.At(float64(products)) / 1.5
}

// plan plans one economy.
func (s *series) plan(ctx context.Context, products int, left time.Duration) (*Step, error) {
	s.tell(Progress{Products: products})
	machine.Settle()
	began := time.Now()
	e, err := s.generate(products)
	if err != nil {
		return nil, err
	}
	p, _, err := e.Problem(economy.Satisfaction)
	if err != nil {
		return nil, err
	}
	s.pilot = countsOf(products, p)
	step := &Step{
		Products: products, Coefficients: p.NNZ(), Stored: p.Stored(), Columns: p.Cols(), Rows: p.Rows(),
		Stated: time.Since(began).Seconds(),
	}
	o := pdhg.Options{
		Tolerance: s.Tolerance, Time: max(left-time.Since(began), time.Millisecond), Threads: s.Threads,
		Progress: func(g pdhg.Progress) { s.tell(Progress{products, g.Iterations, g.Check}) },
	}
	machine.Settle()
	spent, began := machine.CPU(), time.Now()
	found, err := pdhg.Solve(ctx, p, o)
	if err != nil {
		return nil, err
	}
	step.Iterations, step.Check = found.Iterations, found.Check
	step.Solved = found.Status == lp.Optimal
	x := found.Col
	if step.Solved {
		runtime.GC() // what solving took lies about
		if x, _, err = pdhg.Close(ctx, p, x, pdhg.Options{Threads: s.Threads, Time: max(left, time.Second)}); err != nil {
			return nil, err
		}
	}
	step.Seconds, step.CPU = time.Since(began).Seconds(), (machine.CPU() - spent).Seconds()
	step.Memory = max(machine.Peak()-s.r.Machine.Base, 0)
	step.prove(block.Prove(p, x, found.RowDual, nil, nil))
	return step, nil
}

func (s *series) generate(products int) (*economy.Economy, error) {
	return economy.Generate(economy.Shape{Products: products, Regions: s.Regions, Periods: s.Periods}, s.Seed)
}

// counts are the sizes of a stated economy.
type counts struct{ products, cols, rows, stored int }

func countsOf(products int, p *block.Problem) counts {
	return counts{products, p.Cols(), p.Rows(), p.Stored()}
}

// room refuses an economy that does not fit into the memory there is.
func (s *series) room(products int) error {
	if s.pilot.products == 0 {
		n := min(products, first)
		e, err := s.generate(n)
		if err != nil {
			return err
		}
		p, _, err := e.Problem(economy.Satisfaction)
		if err != nil {
			return err
		}
		s.pilot = countsOf(n, p)
	}
	if need := s.need(products); s.Memory > 0 && need > s.Memory {
		return &TooLarge{products, need, s.Memory}
	}
	return nil
}

// need estimates the bytes that planning an economy takes, by the sizes of a
// smaller one: what pdhg takes, and what the economy and its program are.
func (s *series) need(products int) int64 {
	times := float64(products) / float64(s.pilot.products)
	inputs := float64(economy.InputsOf(products)) / float64(economy.InputsOf(s.pilot.products))
	cols, rows := times*float64(s.pilot.cols), times*float64(s.pilot.rows)
	stored := times * inputs * float64(s.pilot.stored)
	bytes := float64(pdhg.MemoryOf(int(cols), int(rows), int(stored), 0)) + programPerCol*cols + programPerRow*rows + programPerStored*stored
	return leastMemory + int64(garbage*bytes)
}

// Bytes of an economy and its program: costs, bounds and what they were worked
// out of. Go's collector lets some of what is not used any more lie, and parts
// of pdhg take a few MB whatever the size. Measured, TestMeasure holds it to that.
const (
	programPerCol    = 64
	programPerRow    = 64
	programPerStored = 32
	garbage          = 1.6
	leastMemory      = 8 << 20
)
