package plan

import (
	"cmp"
	"math"
	"slices"

	"bremen/network"
	"bremen/words"
)

// Totals is a plan in a few figures.
type Totals struct {
	Network   string         `json:"network"`
	Ladder    string         `json:"ladder"`
	Status    Status         `json:"status"`
	Urgencies []Satisfaction `json:"urgencies"` // most urgent first
	Whats     []Satisfaction `json:"whats"`     // per urgency and thing needed
	Hours     float64        `json:"hours"`     // worked
	Offered   float64        `json:"offered"`   // hours
	Spent     float64        `json:"spent"`
	Earned    float64        `json:"earned"`
	Currency  string         `json:"currency,omitempty"`
	Impacts   []Amount       `json:"impacts"`
}

// InFull is the satisfaction from which a need counts as met in full in sums
// and for people: later goals may take a few millionths of what earlier ones keep.
const InFull = words.InFull

// Satisfaction sums up needs of one urgency, or of one urgency and thing.
type Satisfaction struct {
	Urgency string `json:"urgency"`
	What    string `json:"what,omitempty"`
	Needs   int    `json:"needs"` // elements: a need in one period, or over its periods
	Met     int    `json:"met"`   // of them, in full
	// Mean counts every head once in every period.
	Mean  float64 `json:"mean"`
	Worst float64 `json:"worst"`
}

// Amount of something named.
type Amount struct {
	What     string  `json:"what"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
}

// Comparison says what differs between two plans, A and B, and for whom.
// Figures that differ by less than a millionth of themselves do not.
type Comparison struct {
	Same        bool          `json:"same"`         // nothing differs
	SameNetwork bool          `json:"same_network"` // both were made from the same statements
	A           Totals        `json:"a"`
	B           Totals        `json:"b"`
	Ladder      []GoalChange  `json:"ladder"` // goals whose value differs, or that only one plan has
	Agents      []AgentChange `json:"agents"` // those for whom something differs, by ID
}

// GoalChange is a goal's value in both plans; nil where a plan lacks it.
type GoalChange struct {
	Goal string   `json:"goal"`
	Kind string   `json:"kind"`
	Unit string   `json:"unit"`
	A    *float64 `json:"a"`
	B    *float64 `json:"b"`
}

// AgentChange is what differs for one agent.
type AgentChange struct {
	Agent     string         `json:"agent"`
	Needs     []NeedChange   `json:"needs,omitempty"`
	Work      []AmountChange `json:"work,omitempty"`      // hours by skill
	Runs      []AmountChange `json:"runs,omitempty"`      // by recipe
	Purchases []AmountChange `json:"purchases,omitempty"` // by product
	Sales     []AmountChange `json:"sales,omitempty"`
	Carried   []AmountChange `json:"carried,omitempty"` // by product, over the agent's links
}

// NeedChange is one need in both plans, over all periods.
type NeedChange struct {
	Need    string `json:"need"`
	What    string `json:"what"`
	Urgency string `json:"urgency"`
	Unit    string `json:"unit"`
	// Required, Delivered, Mean and Worst satisfaction: plan A, plan B.
	Required  [2]float64 `json:"required"`
	Delivered [2]float64 `json:"delivered"`
	Mean      [2]float64 `json:"mean"`
	Worst     [2]float64 `json:"worst"`
	Periods   string     `json:"periods"` // in which what is delivered or required differs
}

// AmountChange is an amount in both plans, over all periods.
type AmountChange struct {
	What    string  `json:"what"`
	For     string  `json:"for,omitempty"`
	Unit    string  `json:"unit"`
	A       float64 `json:"a"`
	B       float64 `json:"b"`
	Periods string  `json:"periods"` // in which it differs
}

// sameFigure is the relative difference up to which figures count as equal.
const sameFigure = 1e-6

func differ(a, b float64) bool {
	return math.Abs(a-b) > sameFigure*(1+max(math.Abs(a), math.Abs(b)))
}

// Compare says what differs between two plans. Neither is changed.
func Compare(a, b *Document) *Comparison {
	c := &Comparison{
		SameNetwork: a.NetworkHash == b.NetworkHash,
		A:           SumUp(a), B: SumUp(b),
		Ladder: compareLadders(a, b),
		Agents: compareAgents(a, b),
	}
	c.Same = len(c.Ladder) == 0 && len(c.Agents) == 0 && a.Status == b.Status
	return c
}

func compareLadders(a, b *Document) []GoalChange {
	var out []GoalChange
	seen := map[string]bool{}
	for i := range a.Ladder {
		x := &a.Ladder[i]
		seen[x.Goal] = true
		k := slices.IndexFunc(b.Ladder, func(r RungResult) bool { return r.Goal == x.Goal && r.Kind == x.Kind })
		if k < 0 {
			out = append(out, GoalChange{x.Goal, x.Kind, x.Unit, &x.Value, nil})
		} else if y := &b.Ladder[k]; differ(x.Value, y.Value) {
			out = append(out, GoalChange{x.Goal, x.Kind, x.Unit, &x.Value, &y.Value})
		}
	}
	for i := range b.Ladder {
		if y := &b.Ladder[i]; !seen[y.Goal] {
			out = append(out, GoalChange{y.Goal, y.Kind, y.Unit, nil, &y.Value})
		}
	}
	return out
}

// SumUp returns a plan's totals.
func SumUp(d *Document) Totals {
	t := Totals{Network: d.Network, Ladder: d.LadderName, Status: d.Status, Currency: d.Currency}
	t.Urgencies = satisfactions(d, func(l *NeedLine) Satisfaction { return Satisfaction{Urgency: l.Urgency} })
	t.Whats = satisfactions(d, func(l *NeedLine) Satisfaction { return Satisfaction{Urgency: l.Urgency, What: l.What} })
	for i := range d.Work {
		t.Hours += d.Work[i].Hours
	}
	for i := range d.Idle {
		if d.Idle[i].Kind == "work" {
			t.Offered += d.Idle[i].Offered
		}
	}
	for i := range d.Money {
		t.Spent += d.Money[i].Spent
		t.Earned += d.Money[i].Earned
	}
	for i := range d.Impacts {
		l := &d.Impacts[i]
		k := slices.IndexFunc(t.Impacts, func(m Amount) bool { return m.What == l.Impact })
		if k < 0 {
			k = len(t.Impacts)
			t.Impacts = append(t.Impacts, Amount{What: l.Impact, Unit: l.Unit})
		}
		t.Impacts[k].Quantity += l.Quantity
	}
	slices.SortFunc(t.Impacts, func(a, b Amount) int { return cmp.Compare(a.What, b.What) })
	return t
}

// satisfactions sums up needs by what key tells of them.
func satisfactions(d *Document, key func(*NeedLine) Satisfaction) []Satisfaction {
	type sum struct{ weight, weighted float64 }
	all, sums := map[Satisfaction]*Satisfaction{}, map[Satisfaction]*sum{}
	for i := range d.Needs {
		l := &d.Needs[i]
		k := key(l)
		s, w := all[k], sums[k]
		if s == nil {
			s, w = &Satisfaction{Urgency: k.Urgency, What: k.What, Worst: 1}, &sum{}
			all[k], sums[k] = s, w
		}
		s.Needs++
		if l.Satisfaction >= InFull {
			s.Met++
		}
		s.Worst = min(s.Worst, l.Satisfaction)
		heads := l.Persons
		if heads <= 0 {
			heads = 1
		}
		w.weight += heads
		w.weighted += float64(heads * l.Satisfaction)
	}
	rank := map[string]int{}
	for i, u := range d.Urgencies {
		rank[u] = i
	}
	var out []Satisfaction
	for k, s := range all {
		s.Mean = sums[k].weighted / sums[k].weight
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Satisfaction) int {
		return cmp.Or(cmp.Compare(rank[a.Urgency], rank[b.Urgency]), cmp.Compare(a.Urgency, b.Urgency), cmp.Compare(a.What, b.What))
	})
	return out
}

// compareAgents collects what differs, agent by agent.
func compareAgents(a, b *Document) []AgentChange {
	agents := map[string]*AgentChange{}
	of := func(id string) *AgentChange {
		if agents[id] == nil {
			agents[id] = &AgentChange{Agent: id}
		}
		return agents[id]
	}
	for _, n := range compareNeeds(a, b) {
		x := of(n.agent)
		x.Needs = append(x.Needs, n.NeedChange)
	}
	for _, part := range []struct {
		of    func(*Document, func(amountKey, int, float64))
		place func(*AgentChange) *[]AmountChange
	}{
		{workAmounts, func(c *AgentChange) *[]AmountChange { return &c.Work }},
		{runAmounts, func(c *AgentChange) *[]AmountChange { return &c.Runs }},
		{purchaseAmounts, func(c *AgentChange) *[]AmountChange { return &c.Purchases }},
		{saleAmounts, func(c *AgentChange) *[]AmountChange { return &c.Sales }},
		{transferAmounts, func(c *AgentChange) *[]AmountChange { return &c.Carried }},
	} {
		for _, m := range compareAmounts(a, b, part.of) {
			list := part.place(of(m.agent))
			*list = append(*list, m.AmountChange)
		}
	}
	var out []AgentChange
	for _, c := range agents {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(x, y AgentChange) int { return cmp.Compare(x.Agent, y.Agent) })
	return out
}

// needSum is one need in one plan.
type needSum struct {
	needKey
	required, delivered, weighted float64
	worst                         float64
	lines                         map[int][2]float64 // by period: required, delivered
}

type needKey struct{ need, agent, what, urgency, unit string }

func needSums(d *Document) map[needKey]*needSum {
	sums := map[needKey]*needSum{}
	for i := range d.Needs {
		l := &d.Needs[i]
		k := needKey{l.Need, l.Agent, l.What, l.Urgency, l.Unit}
		s := sums[k]
		if s == nil {
			s = &needSum{needKey: k, worst: 1, lines: map[int][2]float64{}}
			sums[k] = s
		}
		s.required += l.Required
		s.delivered += l.Delivered
		s.weighted += l.Satisfaction
		s.worst = min(s.worst, l.Satisfaction)
		s.lines[l.Period] = [2]float64{l.Required, l.Delivered}
	}
	return sums
}

func (s *needSum) mean() float64 {
	if s == nil || len(s.lines) == 0 {
		return 0
	}
	return s.weighted / float64(len(s.lines))
}

type agentNeed struct {
	agent string
	NeedChange
}

func compareNeeds(a, b *Document) []agentNeed {
	x, y := needSums(a), needSums(b)
	var out []agentNeed
	for _, k := range unionKeys(x, y, func(p, q needKey) int {
		return cmp.Or(cmp.Compare(p.agent, q.agent), cmp.Compare(p.what, q.what), cmp.Compare(p.need, q.need), cmp.Compare(p.urgency, q.urgency), cmp.Compare(p.unit, q.unit))
	}) {
		n := agentNeed{k.agent, NeedChange{Need: k.need, What: k.what, Urgency: k.urgency, Unit: k.unit}}
		var lines [2]map[int][2]float64
		for i, s := range []*needSum{x[k], y[k]} {
			if s != nil {
				n.Required[i], n.Delivered[i], n.Mean[i], n.Worst[i], lines[i] = s.required, s.delivered, s.mean(), s.worst, s.lines
			}
		}
		if n.Periods = differing(lines[0], lines[1], func(p, q [2]float64) bool { return differ(p[0], q[0]) || differ(p[1], q[1]) }); n.Periods != "" {
			out = append(out, n)
		}
	}
	return out
}

// amountKey names an amount of an agent.
type amountKey struct{ agent, what, whom, unit string }

type agentAmount struct {
	agent string
	AmountChange
}

func workAmounts(d *Document, add func(amountKey, int, float64)) {
	for _, l := range d.Work {
		add(amountKey{l.Agent, l.Skill, l.For, network.HourUnit}, l.Period, l.Hours)
	}
}

func runAmounts(d *Document, add func(amountKey, int, float64)) {
	for _, l := range d.Runs {
		add(amountKey{l.Agent, l.Recipe, "", l.Unit}, l.Period, l.Runs)
	}
}

func purchaseAmounts(d *Document, add func(amountKey, int, float64)) {
	for _, l := range d.Purchases {
		add(amountKey{l.Agent, l.Product, "", l.Unit}, l.Period, l.Quantity)
	}
}

func saleAmounts(d *Document, add func(amountKey, int, float64)) {
	for _, l := range d.Sales {
		add(amountKey{l.Agent, l.Product, "", l.Unit}, l.Period, l.Quantity)
	}
}

func transferAmounts(d *Document, add func(amountKey, int, float64)) {
	for _, l := range d.Transfers {
		add(amountKey{l.Agent, l.Product, l.To, l.Unit}, l.Period, l.Quantity)
	}
}

func compareAmounts(a, b *Document, amounts func(*Document, func(amountKey, int, float64))) []agentAmount {
	var sums [2]map[amountKey]map[int]float64
	for i, d := range []*Document{a, b} {
		sums[i] = map[amountKey]map[int]float64{}
		amounts(d, func(k amountKey, t int, q float64) {
			if sums[i][k] == nil {
				sums[i][k] = map[int]float64{}
			}
			sums[i][k][t] += q
		})
	}
	var out []agentAmount
	for _, k := range unionKeys(sums[0], sums[1], func(p, q amountKey) int {
		return cmp.Or(cmp.Compare(p.agent, q.agent), cmp.Compare(p.what, q.what), cmp.Compare(p.whom, q.whom), cmp.Compare(p.unit, q.unit))
	}) {
		m := agentAmount{k.agent, AmountChange{What: k.what, For: k.whom, Unit: k.unit, A: total(sums[0][k]), B: total(sums[1][k])}}
		if m.Periods = differing(sums[0][k], sums[1][k], differ); m.Periods != "" {
			out = append(out, m)
		}
	}
	return out
}

// total sums in the order of periods, so that the same plan gives the same bytes.
func total(by map[int]float64) float64 {
	s := 0.0
	for _, t := range unionKeys(by, nil, cmp.Compare[int]) {
		s += by[t]
	}
	return s
}

// differing names the periods in which two courses differ, "" if none; "0" is
// what counts over all periods.
func differing[V any](a, b map[int]V, differ func(V, V) bool) string {
	var p network.Periods
	whole := false
	for _, t := range unionKeys(a, b, cmp.Compare[int]) {
		if differ(a[t], b[t]) {
			p = append(p, network.Span{From: t, To: t})
			whole = whole || t == 0
		}
	}
	if whole {
		return "0"
	}
	return p.Canonical().String()
}

func unionKeys[K comparable, V any](a, b map[K]V, compare func(K, K) int) []K {
	keys := make([]K, 0, len(a))
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, compare)
	return keys
}
