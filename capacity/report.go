package capacity

import (
	"math"

	"bremen/lp"
	"bremen/lp/block"
)

// Report is what a measurement found. Times are in seconds, memory is in bytes.
type Report struct {
	Machine   Machine `json:"machine"`
	Regions   int     `json:"regions"`
	Periods   int     `json:"periods"`
	Tolerance float64 `json:"tolerance"`
	Seed      uint64  `json:"seed"`
	Budget    float64 `json:"budget"` // of time, for the series
	Steps     []Step  `json:"steps"`
	End       End     `json:"end"` // why the series ends

	// Time, CPU and Memory grow by these laws with the number of coefficients;
	// nil with fewer than three economies planned.
	Time   *Growth `json:"time,omitempty"`
	CPU    *Growth `json:"cpu,omitempty"`
	Memory *Growth `json:"memory,omitempty"`

	// Ahead is the growth of time that answers rest on: from the largest economy
	// that was planned, or from the fit or what was not done in time where that
	// is slower, as fitted, but at least in proportion, for a large economy may happen to take fewer steps
	// than a small one, but no step gets quicker with size.
	Ahead   *Growth  `json:"ahead,omitempty"`
	Answers []Answer `json:"answers"`
}

// Machine is what plans were made with.
type Machine struct {
	OS           string  `json:"os"`
	Architecture string  `json:"architecture"`
	Kernels      string  `json:"kernels"` // as pdhg.Kernels
	Threads      int     `json:"threads"`
	Memory       int64   `json:"memory"` // that plans may take; 0: not known
	Base         int64   `json:"base"`   // that the program takes without a plan
	Axpy         float64 `json:"axpy"`   // bytes per second, as pdhg.Bandwidth
	Triad        float64 `json:"triad"`
}

// End is why a series ends.
type End string

const (
	EndTime     End = "time"     // the next economy would take longer than there was
	EndStopped  End = "stopped"  // the last one was not planned in the time that was left
	EndMemory   End = "memory"   // the next economy would not fit
	EndProducts End = "products" // the size asked for is planned
)

// Step is one economy of a series.
type Step struct {
	Products     int     `json:"products"`
	Coefficients int     `json:"coefficients"` // of its program, written out
	Stored       int     `json:"stored"`       // each technique once
	Columns      int     `json:"columns"`
	Rows         int     `json:"rows"`
	Stated       float64 `json:"stated"`  // time to generate it and state its program
	Seconds      float64 `json:"seconds"` // time to plan it and to close what the plan breaks
	CPU          float64 `json:"cpu"`     // time of processors for that
	Iterations   int     `json:"iterations"`
	Memory       int64   `json:"memory"` // most that was resident meanwhile, beyond Base

	Solved    bool     `json:"solved"` // within the tolerance, in time
	Check     lp.Check `json:"check"`  // of the plan before what it breaks was closed
	Objective float64  `json:"objective"`
	Broken    float64  `json:"broken"` // largest relative violation of a bound; 0: none
	Bound     float64  `json:"bound"`  // no plan is better; 0 where Gap is math.MaxFloat64
	Gap       float64  `json:"gap"`    // by how much a plan could be better, proven, relative; math.MaxFloat64: nothing is proven
}

func (s *Step) prove(p block.Proof) {
	s.Objective, s.Broken, s.Bound, s.Gap = p.Objective, p.Broken, p.Bound, p.Gap
	if math.IsInf(p.Bound, 0) || math.IsNaN(p.Bound) {
		s.Bound = 0
	}
}

// Answer tells what can be planned in a time, by Report.Ahead.
type Answer struct {
	Seconds      float64 `json:"seconds"`
	Products     float64 `json:"products"`
	Coefficients float64 `json:"coefficients"`
	Memory       float64 `json:"memory"`
	// Limit is what ends it: the time, or memory before it.
	Limit End `json:"limit"`
	// Beyond is how many times as many coefficients it has as the largest
	// economy that was planned; up to 1 it is measured rather than told by growth.
	Beyond float64 `json:"beyond"`
}

// Spans are the times that answers are given for: a minute, an hour, a night.
var Spans = []float64{60, 3600, 12 * 3600}

// conclude fits the growth and answers what can be planned. need estimates the
// memory for so many products.
func (r *Report) conclude(need func(products int) int64) {
	var products, size, seconds, cpu, memory []float64
	for _, s := range r.Steps {
		if !s.Solved {
			continue
		}
		products, size = append(products, float64(s.Products)), append(size, float64(s.Coefficients))
		seconds, cpu, memory = append(seconds, s.Seconds), append(cpu, s.CPU), append(memory, float64(s.Memory))
	}
	fit := func(y []float64) *Growth {
		if g, ok := Fit(size, y); ok {
			return &g
		}
		return nil
	}
	r.Time, r.CPU, r.Memory = fit(seconds), fit(cpu), fit(memory)
	shape, ok := Fit(products, size)
	if r.Time == nil || !ok {
		return
	}
	r.Ahead = r.ahead(size[len(size)-1], seconds[len(size)-1])
	most := mostProducts(need, r.Machine.Memory)
	for _, span := range Spans {
		a := Answer{Seconds: span, Limit: EndTime, Coefficients: r.Ahead.Until(span)}
		a.Products = shape.Until(a.Coefficients)
		if a.Products > most {
			a.Products, a.Coefficients, a.Limit = most, shape.At(most), EndMemory
		}
		a.Memory = float64(need(int(a.Products)))
		a.Beyond = a.Coefficients / size[len(size)-1]
		r.Answers = append(r.Answers, a)
	}
}

func (r *Report) ahead(size, seconds float64) *Growth {
	g := &Growth{Exponent: max(1, r.Time.Exponent), Points: r.Time.Points, Spread: r.Time.Spread}
	g.Factor = max(seconds, r.Time.At(size)) / math.Pow(size, g.Exponent)
	for _, s := range r.Steps {
		if !s.Solved { // it takes that long at least
			g.Factor = max(g.Factor, s.Seconds/math.Pow(float64(s.Coefficients), g.Exponent))
		}
	}
	return g
}

// mostProducts is how many fit into memory, no more than ten million, which is
// as many as the generator makes.
func mostProducts(need func(int) int64, memory int64) float64 {
	lo, hi := 1, 10_000_000
	if memory == 0 || need(hi) <= memory {
		return float64(hi)
	}
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; need(mid) <= memory {
			lo = mid
		} else {
			hi = mid
		}
	}
	return float64(lo)
}
