package economy

import (
	"cmp"
	"math"
	"slices"

	"bremen/lp"
	"bremen/lp/block"
)

// Summary is what a plan comes to. It is written as plan.json.
type Summary struct {
	Economy   string  `json:"economy"`
	Status    string  `json:"status"` // optimal: within the tolerance; stopped: short of it; infeasible: there is none
	Tolerance float64 `json:"tolerance"`
	Method    string  `json:"method"` // first-order, or exact: a vertex; see lp/finish

	// Objective is the plan's value in the goal, Bound what no plan exceeds, Gap
	// their difference as a share of the larger of 1 and the objective. The bound
	// holds in exact arithmetic; the objective holds as far as the plan
	// keeps to its rows, see Check.
	Objective float64  `json:"objective"`
	Bound     float64  `json:"bound"`
	Gap       float64  `json:"gap"`
	Check     lp.Check `json:"check"`
	Unit      float64  `json:"unit"` // amounts of the program are in this many of the products' units

	Rows         int     `json:"rows"`
	Columns      int     `json:"columns"`
	Coefficients int     `json:"coefficients"`
	Iterations   int     `json:"iterations"`
	Seconds      float64 `json:"seconds"`

	Satisfactions []RegionSatisfaction `json:"satisfactions"`
	Scarce        []Scarcity           `json:"scarce"` // the most valuable first

	// Reasons say why there is no plan. Then nothing above is but which economy it is,
	// how its program was solved, and Unit.
	Reasons []Reason `json:"reasons,omitempty"`

	// Files are the SHA-256 of all other files of the plan, in hexadecimal, by name. Writing sets them.
	Files map[string]string `json:"files,omitempty"`
}

// RegionSatisfaction tells of the demands of one urgency in one region, over all periods.
type RegionSatisfaction struct {
	Urgency string  `json:"urgency"`
	Region  string  `json:"region"`
	Demands int     `json:"demands"`
	Mean    float64 `json:"mean"`
	Least   float64 `json:"least"`
	Product string  `json:"product,omitempty"` // of the least
	Period  string  `json:"period,omitempty"`
}

// Scarcity is something of which more would allow a better plan.
type Scarcity struct {
	Kind   string  `json:"kind"` // labour, capital, limit, arc
	Code   string  `json:"code"`
	Region string  `json:"region,omitempty"`
	Unit   string  `json:"unit,omitempty"`
	Used   float64 `json:"used"`  // over the periods
	There  float64 `json:"there"` // likewise
	// Price is what one more unit of it in every period would add to the objective, Value
	// that times all there is, as a share of the objective.
	Price float64 `json:"price"`
	Value float64 `json:"value"`
}

// Summarise tells what a solution with row duals y comes to. Bound, gap, check and how it
// was solved are the caller's.
func (ix *Index) Summarise(e *Economy, p *block.Problem, plan *Plan, y []float64, objective float64) *Summary {
	s := &Summary{
		Economy: e.ID, Objective: objective, Unit: ix.Unit,
		Rows: p.Rows(), Columns: p.Cols(), Coefficients: p.NNZ(),
	}
	for u := range e.Urgencies {
		for r := range e.Regions {
			if q := e.satisfaction(plan, u, r); q.Demands > 0 {
				s.Satisfactions = append(s.Satisfactions, q)
			}
		}
	}
	w := &scarcities{e: e, ix: ix, p: p, plan: plan, y: y}
	w.labour()
	w.capital()
	w.limits()
	w.arcs()
	for k := range w.list {
		w.list[k].Value /= math.Max(1, math.Abs(objective))
	}
	slices.SortStableFunc(w.list, func(a, b Scarcity) int { return cmp.Compare(b.Value, a.Value) })
	s.Scarce = w.list
	return s
}

// SetBound enters what a bound and a check say of a summary.
func (s *Summary) SetBound(bound float64, check lp.Check) {
	s.Bound, s.Check = bound, check
	s.Gap = math.Abs(bound-s.Objective) / math.Max(1, math.Abs(s.Objective))
	if math.IsInf(bound, 0) {
		s.Bound, s.Gap = math.Copysign(math.MaxFloat64, bound), math.MaxFloat64
	}
}

func (e *Economy) satisfaction(plan *Plan, urgency, region int) RegionSatisfaction {
	s := RegionSatisfaction{Urgency: e.Urgencies[urgency].Name, Region: e.Regions[region].Code, Least: math.Inf(1)}
	for k, n := range e.Needs {
		if n.Urgency != urgency {
			continue
		}
		for t := range e.Periods {
			b := e.Block(region, t)
			if e.Demand[k*e.Blocks()+b] == 0 {
				continue
			}
			v := e.Satisfaction(plan, k, b)
			s.Demands++
			s.Mean += v
			if v < s.Least {
				s.Least, s.Product, s.Period = v, e.Products[n.Product].Code, e.Periods[t].Code
			}
		}
	}
	if s.Demands > 0 {
		s.Mean /= float64(s.Demands)
	}
	return s
}

// scarcities collects what binds.
type scarcities struct {
	e    *Economy
	ix   *Index
	p    *block.Problem
	plan *Plan
	y    []float64
	list []Scarcity
}

// price returns what one more of the product's units on the right of a row
// adds to the objective. It is as good as the duals: those of the wrong sign are 0.
func (w *scarcities) price(group, item, b int) float64 {
	g := w.p.RowGroups[group]
	return math.Max(0, w.y[g.First+item*g.Blocks+b]) / w.ix.Unit
}

// add notes something that has a price. there is what each place has.
func (w *scarcities) add(s Scarcity, places int, at func(k int) (used, there, price float64)) {
	for k := range places {
		used, there, price := at(k)
		s.Used += used
		s.There += there
		s.Price += price
		if price > 0 {
			s.Value += price * there
		}
	}
	if s.Value > 0 {
		w.list = append(w.list, s)
	}
}

func (w *scarcities) labour() {
	e := w.e
	for q, skill := range e.Skills {
		for r, region := range e.Regions {
			w.add(Scarcity{Kind: "labour", Code: skill.Code, Region: region.Code, Unit: skill.Unit}, len(e.Periods), func(t int) (float64, float64, float64) {
				at := q*e.Blocks() + e.Block(r, t)
				return w.plan.Labour[at], e.Labour[at], w.price(w.ix.Labour, q, e.Block(r, t))
			})
		}
	}
}

func (w *scarcities) capital() {
	e := w.e
	used := make([]float64, len(e.Capitals)*e.Blocks())
	addTimes(used, e.Making.Capital, w.plan.Activity, e.Blocks(), false)
	if len(e.Capitals) > 0 {
		addTimes(used, e.Building.Capital, w.plan.Built, e.Blocks(), false)
	}
	if len(e.Arcs) > 0 {
		addTimes(used, e.Moving.Capital, e.hauled(w.plan.Carried), e.Blocks(), false)
	}
	for k, capital := range e.Capitals {
		for r, region := range e.Regions {
			w.add(Scarcity{Kind: "capital", Code: capital.Code, Region: region.Code, Unit: capital.Unit}, len(e.Periods), func(t int) (float64, float64, float64) {
				there := 0.0
				if t > 0 {
					there = w.plan.Installed[k*e.Blocks()+e.Block(r, t-1)]
				} else if e.Installed != nil {
					there = e.Installed[k*len(e.Regions)+r]
				}
				return used[k*e.Blocks()+e.Block(r, t)], there, w.price(w.ix.Capacity, k, e.Block(r, t))
			})
		}
	}
}

func (w *scarcities) limits() {
	e := w.e
	for scope, rows := range w.ix.Limits {
		for item, i := range rows {
			l := e.Limits[i]
			w.add(Scarcity{Kind: "limit", Code: l.Code, Unit: l.Unit}, len(l.Most), func(k int) (float64, float64, float64) {
				if math.IsInf(l.Most[k], 1) {
					return 0, 0, 0
				}
				return w.plan.Limits[i][k], l.Most[k], w.price(w.ix.Limit[scope], item, k)
			})
		}
	}
}

func (w *scarcities) arcs() {
	e := w.e
	t := len(e.Periods)
	for a, arc := range e.Arcs {
		code := e.Regions[arc.From].Code + " → " + e.Regions[arc.To].Code
		w.add(Scarcity{Kind: "arc", Code: code, Region: e.Modes[arc.Mode].Code}, t, func(k int) (float64, float64, float64) {
			// The capacity is a bound of the column: its price is the reduced cost,
			// what its row pays less what carrying takes.
			return w.plan.Carried[a*t+k], arc.Capacity[k], w.reduced(a*t + k)
		})
	}
}

// reduced returns what one more unit carried would add to the objective.
func (w *scarcities) reduced(at int) float64 {
	g := w.p.ColGroups[w.ix.Carried]
	index, value := w.p.AppendColumn(nil, nil, g, 0, at)
	d := w.p.Cost[g.First+at]
	for k, i := range index {
		d -= value[k] * w.y[i]
	}
	return math.Max(0, d) / w.ix.Unit
}
