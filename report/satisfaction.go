package report

import (
	"math"
	"sort"

	"bremen/plan"
)

// satisfactions holds how far needs are met, by agent, by what is needed, and
// by period (0: needs stated over several periods as one).
type satisfactions struct {
	agents, whats []string
	urgency       map[string]string // most pressing urgency per what
	unit          map[string]string // per what
	pairs         map[[2]string]*course
	periods       int
}

// course is one agent's need of one thing through the periods.
type course struct {
	required, served []float64 // by period; served never exceeds required
	worst            float64
	worstAt          int
}

func newSatisfactions(d *plan.Document, rank map[string]int) *satisfactions {
	s := &satisfactions{
		urgency: map[string]string{}, unit: map[string]string{},
		pairs: map[[2]string]*course{}, periods: d.Calendar.Periods,
	}
	agents, whats := map[string]bool{}, map[string]bool{}
	for _, line := range d.Needs {
		if line.Period < 0 || line.Period > s.periods {
			continue
		}
		if !agents[line.Agent] {
			agents[line.Agent] = true
			s.agents = append(s.agents, line.Agent)
		}
		if !whats[line.What] {
			whats[line.What] = true
			s.whats = append(s.whats, line.What)
			s.unit[line.What], s.urgency[line.What] = line.Unit, line.Urgency
		}
		if rank[line.Urgency] < rank[s.urgency[line.What]] {
			s.urgency[line.What] = line.Urgency
		}
		s.add(line)
	}
	sort.SliceStable(s.whats, func(i, j int) bool {
		return rank[s.urgency[s.whats[i]]] < rank[s.urgency[s.whats[j]]]
	})
	return s
}

func (s *satisfactions) add(line plan.NeedLine) {
	key := [2]string{line.Agent, line.What}
	c := s.pairs[key]
	if c == nil {
		c = &course{required: make([]float64, s.periods+1), served: make([]float64, s.periods+1), worst: math.Inf(1)}
		s.pairs[key] = c
	}
	c.required[line.Period] += line.Required
	c.served[line.Period] += line.Required * clamp(line.Satisfaction)
	if line.Satisfaction < c.worst {
		c.worst, c.worstAt = clamp(line.Satisfaction), line.Period
	}
}

func clamp(x float64) float64 { return math.Max(0, math.Min(1, x)) }

// mean of all periods, weighed by what is required; ok is false where nothing is.
func (c *course) mean() (share float64, ok bool) {
	if c == nil {
		return 0, false
	}
	required, served := 0.0, 0.0
	for t := range c.required {
		required += c.required[t]
		served += c.served[t]
	}
	return quotient(served, required)
}

func (c *course) at(t int) (share float64, ok bool) {
	if c == nil {
		return 0, false
	}
	return quotient(c.served[t], c.required[t])
}

func quotient(a, b float64) (float64, bool) {
	if b <= 0 {
		return 0, false
	}
	return clamp(a / b), true
}

// together is the satisfaction of all agents' need of what in period t, weighed by what is required.
func (s *satisfactions) together(what string, t int) (share float64, ok bool) {
	required, served := 0.0, 0.0
	for _, a := range s.agents {
		if c := s.pairs[[2]string{a, what}]; c != nil {
			required += c.required[t]
			served += c.served[t]
		}
	}
	return quotient(served, required)
}

// has reports whether an agent has needs.
func (s *satisfactions) has(agent string) bool {
	for _, a := range s.agents {
		if a == agent {
			return true
		}
	}
	return false
}

// dated reports whether any need is stated for single periods.
func (s *satisfactions) dated() bool {
	for _, c := range s.pairs {
		for t := 1; t < len(c.required); t++ {
			if c.required[t] > 0 {
				return true
			}
		}
	}
	return false
}

// levels are the lower bounds of the classes in which satisfaction is coloured.
var levels = []float64{0, 0.25, 0.5, 0.7, 0.85, 0.95, full}

// heatClass names the class of a satisfaction: h0 the lowest, h6 fully met.
func heatClass(x float64) string {
	k := 0
	for i, from := range levels {
		if x >= from {
			k = i
		}
	}
	return "h" + string(rune('0'+k))
}
