package capacity

import (
	"math"
	"time"

	"bremen/lp/block"
	"bremen/lp/finish"
	"bremen/network/economy"
	"bremen/network/economy/ladder"
)

// Estimate is how long planning will probably take: nine of ten programs of the
// published run (docs/capacity.md) lie between Least and Most.
type Estimate struct {
	Pace       float64 `json:"pace"`               // seconds of an iteration here, measured
	Programs   *Range  `json:"programs,omitempty"` // of a ladder of goals; iterations and seconds are of all together
	Iterations Range   `json:"iterations"`
	Seconds    Range   `json:"seconds"`
}

// Range is from Least to Most.
type Range struct {
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
}

// The published fit: a program of n coefficients takes published.At(n)
// iterations to 1e-4, nine of ten no less than that by under and no more than
// that times over; each digit more takes perDigit times as many.
var published = Growth{Exponent: 0.41, Factor: 105, Points: 38, Spread: 2}

const (
	under, over = 2.5, 3
	perDigit    = 2
	closing     = 1.1 // times as long with what closes and checks the plan
)

// The exact method of small programs (lp/finish) takes the time of exactPace
// iterations for each coefficient, nine of ten no less than that by exactUnder and no more
// than that times exactOver.
const (
	exactPace             = 0.7
	exactUnder, exactOver = 4, 2
)

// Expect tells how long it will probably take to plan p to a tolerance by
// lp/finish at this pace (pdhg.Pace), with the exact method for small programs if it is to be had.
func Expect(p *block.Problem, tolerance float64, pace time.Duration, exact bool) Estimate {
	size := float64(max(1, p.NNZ()))
	n := published.At(size)
	e := Estimate{Pace: pace.Seconds()}
	if exact {
		tolerance = max(tolerance, finish.Before)
	}
	n *= math.Pow(perDigit, math.Log10(finish.Before/tolerance))
	e.Iterations = Range{math.Ceil(n / under), math.Ceil(n * over)}
	if exact {
		e.Iterations.Least, e.Iterations.Most = min(e.Iterations.Least, finish.BeforeIterations), min(e.Iterations.Most, finish.BeforeIterations)
	}
	e.Seconds = Range{e.Iterations.Least * e.Pace, e.Iterations.Most * e.Pace * closing}
	if exact {
		e.Seconds.Least += exactPace * size * e.Pace / exactUnder
		e.Seconds.Most += exactPace * size * e.Pace * exactOver
	}
	return e
}

// The published fit of ladders (docs/capacity.md): a climb takes so many programs for each rung beside that of least
// labour, where the window is 0.1; nine of ten no fewer than that by programsUnder and no more than that times
// programsOver. A program takes so many iterations and, closing and proving included, the time of so many. What the
// interior-point method takes over has its own time for each coefficient. Of all together nine of ten
// take no less than that by climbUnder and no more than that times climbOver.
const (
	perRung                     = 3.9
	byWindow                    = 0.4 // its power of how many windows there are in what was measured
	programsUnder, programsOver = 1.9, 1.6
	smallIterations, smallTime  = 1_700, 4_000
	largeIterations, largeTime  = 8_600, 13_000
	smallEntry                  = 0.63
	climbUnder, climbOver       = 2, 2.3
)

// ExpectLadder tells how long it will probably take to plan p by a ladder of goals with package ladder, in
// all its programs, at this pace (pdhg.Pace) and its default tolerance.
func ExpectLadder(p *block.Problem, goals economy.Ladder, pace time.Duration) Estimate {
	rungs := len(goals.Rungs)
	programs := 1 + perRung*float64(rungs)*math.Pow(0.1/goals.Window, byWindow)
	iterations, each := float64(largeIterations), float64(largeTime)
	if n := p.NNZ(); n <= ladder.SharpMost {
		iterations, each = smallIterations, smallTime+smallEntry*float64(n)
	}
	seconds := programs * each * pace.Seconds()
	count := Range{max(float64(rungs+1), math.Floor(programs/programsUnder)), math.Ceil(programs * programsOver)}
	return Estimate{
		Pace: pace.Seconds(), Programs: &count, Iterations: Range{count.Least * iterations, count.Most * iterations},
		Seconds: Range{seconds / climbUnder, seconds * climbOver},
	}
}
