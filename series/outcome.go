package series

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"bremen/lp"
	"bremen/network"
	"bremen/plan"
)

// Outcome is what an order makes of the plan of a network. It holds no time, so that the same order gives the same bytes.
type Outcome struct {
	Network string      `json:"network"` // hash of the network as it is stated
	Variant string      `json:"variant"` // hash of the order
	Status  plan.Status `json:"status"`
	// Proven: the plan was verified against its certificates, as an outsider would.
	Proven bool    `json:"proven"`
	Rounds int     `json:"rounds"` // proven
	Gap    float64 `json:"gap"`    // largest, as verified
	Rungs  []Rung  `json:"rungs"`

	Totals plan.Totals  `json:"totals"`
	Agents []Served     `json:"agents"` // by agent and urgency
	Unmet  []plan.Unmet `json:"unmet"`
	// Contradiction says why there is no plan.
	Contradiction plan.Text `json:"contradiction,omitempty"`
}

// Rung is what one goal of the ladder reached.
type Rung struct {
	Goal     string    `json:"goal"`
	Title    plan.Text `json:"title,omitempty"`
	Kind     string    `json:"kind"`
	Unit     string    `json:"unit"`
	Value    float64   `json:"value"` // as plan.RungResult has it
	Levels   []float64 `json:"levels,omitempty"`
	Elements int       `json:"elements,omitempty"` // that it is about; a leximin goal without any has nothing to reach
}

// Served is how far one agent's needs of one urgency are met.
type Served struct {
	Agent   string  `json:"agent"`
	Urgency string  `json:"urgency"`
	Needs   int     `json:"needs"` // elements: a need in one period, or over its periods
	Met     int     `json:"met"`   // of them, in full
	Mean    float64 `json:"mean"`  // over elements
	Worst   float64 `json:"worst"`
}

// Encode writes an outcome as JSON, the same bytes for the same outcome.
func (o *Outcome) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(o); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// DecodeOutcome reads what Encode wrote of an order and a network; of another one it is an error.
func DecodeOutcome(text []byte, networkHash, orderHash string) (*Outcome, error) {
	var o Outcome
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, fmt.Errorf("outcome: %w", err)
	}
	if o.Network != networkHash || o.Variant != orderHash {
		return nil, fmt.Errorf("outcome of variant %q of network %q, expected %q of %q", o.Variant, o.Network, orderHash, networkHash)
	}
	if again, err := o.Encode(); err != nil || !bytes.Equal(again, text) {
		return nil, errors.New("outcome: not as this program writes it")
	}
	return &o, nil
}

// Compute plans a normalised network with an order's changes and verifies the plan. progress may be nil. The order must be
// to this Planner. When ctx is cancelled it returns ctx's error.
func Compute(ctx context.Context, n *network.Network, o Order, s lp.Solver, progress func(plan.Progress)) (*Outcome, error) {
	if o.Planner != Planner {
		return nil, fmt.Errorf("order to %q, this is %q", o.Planner, Planner)
	}
	changes, err := o.changes()
	if err != nil {
		return nil, err
	}
	m, err := n.With(changes...)
	if err != nil {
		return nil, err
	}
	if ps := m.Validate(); len(ps) > 0 {
		return nil, ps
	}
	made, err := plan.Make(ctx, m, s, plan.Options{Ladder: o.Ladder, Progress: progress})
	if err != nil {
		return nil, err
	}
	out := read(&made.Document)
	out.Network, out.Variant = network.Hash(n), o.Hash()
	if made.Status != plan.Optimal {
		return out, nil
	}
	v, err := plan.Verify(m, &made.Document, made.Proofs)
	if err != nil {
		return nil, err
	}
	if !v.Holds {
		return nil, fmt.Errorf("the plan is not proven: %s", v.Failures[0])
	}
	out.Proven, out.Rounds, out.Gap = true, v.Rounds, v.Gap
	return out, nil
}

// read takes from a plan what a series tells of it.
func read(d *plan.Document) *Outcome {
	o := &Outcome{Status: d.Status, Totals: plan.SumUp(d), Agents: served(d), Unmet: d.Unmet, Rungs: []Rung{}}
	for i := range d.Ladder {
		r := &d.Ladder[i]
		o.Rungs = append(o.Rungs, Rung{r.Goal, r.Title, r.Kind, r.Unit, r.Value, r.Levels, r.Elements})
	}
	if d.Contradiction != nil {
		o.Contradiction = d.Contradiction.Sentence
	}
	return o
}

func served(d *plan.Document) []Served {
	rank := map[string]int{}
	for i, u := range d.Urgencies {
		rank[u] = i
	}
	type key struct{ agent, urgency string }
	all := map[key]*Served{}
	list := []Served{}
	for i := range d.Needs {
		l := &d.Needs[i]
		s := all[key{l.Agent, l.Urgency}]
		if s == nil {
			s = &Served{Agent: l.Agent, Urgency: l.Urgency, Worst: 1}
			all[key{l.Agent, l.Urgency}] = s
		}
		s.Needs++
		if l.Satisfaction >= plan.InFull {
			s.Met++
		}
		s.Mean += l.Satisfaction
		s.Worst = min(s.Worst, l.Satisfaction)
	}
	for _, s := range all {
		s.Mean /= float64(s.Needs)
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Served) int {
		return cmp.Or(cmp.Compare(a.Agent, b.Agent), cmp.Compare(rank[a.Urgency], rank[b.Urgency]), cmp.Compare(a.Urgency, b.Urgency))
	})
	return list
}
