package report

import (
	"fmt"
	"math"
	"strings"

	"bremen/capacity"
)

// plot is a picture of a figure against size on logarithmic scales, in the
// coordinates of its box.
type plot struct {
	ID, Title, About string
	Width, Height    int
	Left, Right      float64 // of the frame
	Top, Bottom      float64
	X, Y             []tick
	Marks            []tick // lines across, with what they mean
	Dots             []dot
	Fitted, Ahead    string // points of polylines
	Axis             string
}

type tick struct {
	At   float64
	Text string
}

type dot struct {
	X, Y   float64
	Hollow bool
	Text   string
}

// point of a plot, in its own figures.
type point struct{ x, y float64 }

const (
	plotWidth, plotHeight         = 460, 330
	plotLeft, plotRight           = 50, 438
	plotTop, plotBottom   float64 = 16, 282
)

// plots draws time and memory against the number of coefficients.
func (p *page) plots(r *capacity.Report) []plot {
	if len(r.Steps) == 0 {
		return nil
	}
	seconds := func(s capacity.Step) float64 { return s.Seconds }
	bytes := func(s capacity.Step) float64 { return float64(s.Memory) }
	var ahead, memory []point // what has not been tried
	last := r.Steps[0]
	for _, s := range r.Steps {
		if s.Solved {
			last = s
		}
	}
	if r.Ahead != nil {
		from := float64(last.Coefficients)
		ahead, memory = []point{{from, r.Ahead.At(from)}}, []point{{from, float64(last.Memory)}}
		for _, a := range r.Answers {
			if a.Beyond > 1 {
				ahead, memory = append(ahead, point{a.Coefficients, r.Ahead.At(a.Coefficients)}), append(memory, point{a.Coefficients, a.Memory})
			}
		}
	}
	spans := []point{{capacity.Spans[0], 0}, {capacity.Spans[1], 1}, {capacity.Spans[2], 2}}
	names := []string{p.say("capacity.span.0"), p.say("capacity.span.1"), p.say("capacity.span.2")}
	time := newScales(r.Steps, seconds, append(ahead, point{0, spans[2].x}))
	timePlot := time.plot(p.id("time"), p.say("capacity.time"), p.say("capacity.plot.time"), r.Steps, seconds, func(v float64) string { return p.lang.quantity(rough(v), "s") })
	for k, s := range spans {
		timePlot.Marks = append(timePlot.Marks, tick{time.y(s.x), names[k]})
	}
	timePlot.draw(time, r.Time, last, ahead)
	here := float64(r.Machine.Memory)
	space := newScales(r.Steps, bytes, append(memory, point{0, here}))
	spacePlot := space.plot(p.id("memory"), p.say("capacity.memory"), p.say("capacity.plot.memory"), r.Steps, bytes, p.lang.memory)
	if here > 0 {
		spacePlot.Marks = append(spacePlot.Marks, tick{space.y(here), p.say("capacity.memory.here")})
	}
	spacePlot.draw(space, r.Memory, last, memory)
	timePlot.Axis, spacePlot.Axis = p.say("capacity.axis"), p.say("capacity.axis")
	return []plot{timePlot, spacePlot}
}

// scales are the powers of ten between which a plot lies.
type scales struct{ x0, x1, y0, y1 float64 }

// newScales makes room for the steps and for further points; what is not
// positive needs none.
func newScales(steps []capacity.Step, figure func(capacity.Step) float64, more []point) scales {
	s := scales{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	reach := func(lo, hi *float64, v float64) {
		if v > 0 {
			*lo, *hi = min(*lo, math.Floor(math.Log10(v))), max(*hi, math.Ceil(math.Log10(v)))
		}
	}
	for _, step := range steps {
		reach(&s.x0, &s.x1, float64(step.Coefficients))
		reach(&s.y0, &s.y1, figure(step))
	}
	for _, q := range more {
		reach(&s.x0, &s.x1, q.x)
		reach(&s.y0, &s.y1, q.y)
	}
	s.x1, s.y1 = max(s.x1, s.x0+1), max(s.y1, s.y0+1)
	return s
}

func (s scales) x(v float64) float64 {
	return tenth(plotLeft + (math.Log10(v)-s.x0)/(s.x1-s.x0)*(plotRight-plotLeft))
}

func (s scales) y(v float64) float64 {
	return tenth(plotBottom - (math.Log10(v)-s.y0)/(s.y1-s.y0)*(plotBottom-plotTop))
}

func tenth(v float64) float64 { return math.Round(10*v) / 10 }

func (s scales) plot(id, title, about string, steps []capacity.Step, figure func(capacity.Step) float64, write func(float64) string) plot {
	p := plot{ID: id, Title: title, About: about, Width: plotWidth, Height: plotHeight, Left: plotLeft, Right: plotRight, Top: plotTop, Bottom: plotBottom}
	for e := s.x0; e <= s.x1; e++ {
		p.X = append(p.X, tick{s.x(math.Pow(10, e)), powerOfTen(e)})
	}
	for e := s.y0; e <= s.y1; e++ {
		p.Y = append(p.Y, tick{s.y(math.Pow(10, e)), powerOfTen(e)})
	}
	for _, step := range steps {
		if v := figure(step); v > 0 {
			p.Dots = append(p.Dots, dot{s.x(float64(step.Coefficients)), s.y(v), !step.Solved, write(v)})
		}
	}
	return p
}

// draw adds the fitted law over what was planned and the way ahead.
func (p *plot) draw(s scales, fitted *capacity.Growth, last capacity.Step, ahead []point) {
	if fitted == nil || len(p.Dots) == 0 {
		return
	}
	first := math.Pow(10, s.x0+(p.Dots[0].X-plotLeft)/(plotRight-plotLeft)*(s.x1-s.x0))
	p.Fitted = s.line([]point{{first, fitted.At(first)}, {float64(last.Coefficients), fitted.At(float64(last.Coefficients))}})
	if len(ahead) > 1 {
		p.Ahead = s.line(ahead)
	}
}

func (s scales) line(points []point) string {
	var b strings.Builder
	for _, q := range points {
		fmt.Fprintf(&b, "%g,%g ", s.x(q.x), s.y(q.y))
	}
	return strings.TrimSpace(b.String())
}

// powerOfTen writes 10 to the power of a whole e.
func powerOfTen(e float64) string {
	return "10" + strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(fmt.Sprint(int(e)))
}
