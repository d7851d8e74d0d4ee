package commons

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"bremen/govern"
	"bremen/network"
)

// promised are the public commitments of a state that were accepted, by entry, with how much of each is still open.
func (s *State) promised() map[int64]Promise {
	all := map[int64]Promise{}
	for entry, p := range s.Promises {
		if c := s.Govern.Commitments[entry]; c != nil && c.Accepted {
			open := *p
			open.Fulfilled = maps.Clone(p.Fulfilled)
			all[entry] = open
		}
	}
	return all
}

// bound is what promises bind in one period.
type bound struct {
	typ    network.CommitmentType
	of     string
	period int
}

// binding is how much, of whom, by which entries.
type binding struct {
	least   *big.Rat
	agent   govern.Scope // "" where several promised
	entries []int64
}

// commit puts accepted promises into table commitments, in the period in which they are due, as far as they are not
// fulfilled: what an organisation will produce as runs of its recipe, what it will hand over to a group or do for it as a
// delivery to the group's needs, the most urgent first. What a plan has no row for is left out.
func (f *freezing) commit() {
	b := map[bound]*binding{}
	for _, entry := range sorted(f.promises) {
		p := f.promises[entry]
		if err := f.bind(b, entry, &p); err != nil {
			f.left = append(f.left, Left{entry, err.Error()})
		}
	}
	keys := slices.SortedFunc(maps.Keys(b), func(x, y bound) int {
		return cmp.Or(cmp.Compare(x.typ, y.typ), cmp.Compare(x.of, y.of), cmp.Compare(x.period, y.period))
	})
	for i, k := range keys {
		least, _ := b[k].least.Float64()
		f.net.Commitments = append(f.net.Commitments, network.Commitment{
			ID: fmt.Sprintf("promise:%d", i+1), Type: k.typ, Of: k.of, Least: &least, Agent: string(b[k].agent), Periods: network.Periods{{From: k.period, To: k.period}},
			Row: network.Row{Note: fmt.Sprintf("promised in entries %v", b[k].entries)},
		})
	}
}

// bind adds what a promise binds.
func (f *freezing) bind(b map[bound]*binding, entry int64, p *Promise) error {
	if p.Quantity == nil || p.Product == "" {
		return fmt.Errorf("%s: hours promised in public bind no plan", p.Action)
	}
	open := p.Quantity.Sub(p.Fulfilled[p.Unit])
	if open.Sign() <= 0 {
		return nil
	}
	period, err := f.due(p.Due)
	if err != nil || period == 0 {
		return err
	}
	switch p.Action {
	case "produce":
		return f.bindRuns(b, entry, p, open, period)
	case "transfer", "transferAllRights", "transferCustody", "deliverService":
		return f.bindDelivery(b, entry, p, open, period)
	}
	return fmt.Errorf("action %q is nothing that a plan has to keep", p.Action)
}

// due returns the period in which a moment lies; 0 for one after the plan.
func (f *freezing) due(at int64) (int, error) {
	if at == 0 {
		return 0, errors.New("it says no day by which it is due")
	}
	c := f.net.Calendar
	day := time.UnixMilli(at).UTC()
	if day.Before(c.StartOf(1)) {
		return 0, fmt.Errorf("it was due on %s, before the plan begins", day.Format(time.DateOnly))
	}
	for t := 1; t <= c.Periods; t++ {
		if day.Before(c.StartOf(t + 1)) {
			return t, nil
		}
	}
	return 0, nil
}

func (b *binding) add(entry int64, agent govern.Scope, least *big.Rat) {
	if b.least.Sign() == 0 {
		b.agent = agent
	} else if b.agent != agent {
		b.agent = ""
	}
	b.least.Add(b.least, least)
	if !slices.Contains(b.entries, entry) {
		b.entries = append(b.entries, entry)
	}
}

func at(b map[bound]*binding, k bound) *binding {
	if b[k] == nil {
		b[k] = &binding{least: new(big.Rat)}
	}
	return b[k]
}

// bindRuns binds runs of the recipe that the promise names as process, or of the only one of its agent that makes the product.
func (f *freezing) bindRuns(b map[bound]*binding, entry int64, p *Promise, open Decimal, period int) error {
	agents := map[string]string{}
	for i := range f.net.Recipes {
		agents[f.net.Recipes[i].ID] = f.net.Recipes[i].Agent
	}
	var out []*network.Flow
	for i := range f.net.Flows {
		x := &f.net.Flows[i]
		if x.Direction == network.Out && x.What == p.Product && x.Quantity > 0 && agents[x.Recipe] == string(p.Agent) && (p.Process == "" || p.Process == x.Recipe) {
			out = append(out, x)
		}
	}
	if len(out) != 1 {
		return fmt.Errorf("%d recipes of %s make %s; expected one, or the one named as process", len(out), p.Agent, p.Product)
	}
	start := period - out[0].Offset.To
	if start < 1 {
		return fmt.Errorf("recipe %s would have begun before the plan", out[0].Recipe)
	}
	amount, err := inUnit(open, p.Unit, out[0].Unit)
	if err != nil {
		return err
	}
	perRun := new(big.Rat)
	perRun.SetFloat64(out[0].Quantity * float64(1+out[0].Offset.To-out[0].Offset.From))
	at(b, bound{network.Runs, out[0].Recipe, start}).add(entry, p.Agent, amount.Quo(amount, perRun))
	return nil
}

// bindDelivery binds what the group's needs for the product get, the most urgent first, each up to what is needed.
func (f *freezing) bindDelivery(b map[bound]*binding, entry int64, p *Promise, open Decimal, period int) error {
	group := f.publishedAs[p.Receiver.Name()]
	if p.Receiver.Kind() != govern.InGroup || group == "" {
		return fmt.Errorf("a plan delivers to groups, not to %s", p.Receiver)
	}
	urgency := map[string]int{}
	for i, u := range f.net.Urgencies {
		urgency[u.ID] = i
	}
	var needs []*network.Need
	for i := range f.net.Needs {
		if d := &f.net.Needs[i]; d.Agent == group && d.What == p.Product && d.Periods.Has(period) {
			needs = append(needs, d)
		}
	}
	slices.SortFunc(needs, func(x, y *network.Need) int {
		return cmp.Or(cmp.Compare(urgency[x.Urgency], urgency[y.Urgency]), cmp.Compare(x.ID, y.ID))
	})
	for _, d := range needs {
		amount, err := inUnit(open, p.Unit, d.Unit)
		if err != nil {
			return err
		}
		k := bound{network.Delivery, d.ID, period}
		if d.Basis == network.InTotal { // it is bound once, whatever the period
			k.period = first(d.Periods)
		}
		room := f.required(d, period)
		if b[k] != nil {
			room.Sub(room, b[k].least)
		}
		if room.Sign() <= 0 {
			continue
		}
		taken := amount
		if room.Cmp(amount) < 0 {
			taken = room
		}
		at(b, k).add(entry, p.Agent, taken)
		rest, err := inUnitRat(new(big.Rat).Sub(amount, taken), d.Unit, p.Unit)
		if err != nil {
			return err
		}
		if rest.Sign() == 0 {
			return nil
		}
		open, _ = ParseDecimal(rest.FloatString(places))
	}
	return fmt.Errorf("%s of %s is more than %s needs then", open, p.Product, p.Receiver)
}

// first returns the first period of a set; 1 for the empty one, which has all.
func first(p network.Periods) int {
	least := 0
	for _, s := range p {
		if least == 0 || s.From < least {
			least = s.From
		}
	}
	return max(1, least)
}

// required is what a need asks for in a period, or in all where it is a total.
func (f *freezing) required(d *network.Need, period int) *big.Rat {
	q := d.Quantity
	if d.Basis == network.PerDay {
		q *= float64(f.net.Calendar.Days(period))
	}
	if d.Basis != network.InTotal {
		for _, x := range f.net.Profiles {
			if x.ID == d.Profile && x.Periods.Has(period) {
				q *= x.Factor
			}
		}
	}
	r := new(big.Rat)
	r.SetFloat64(q)
	return r
}

func inUnit(d Decimal, unit, of string) (*big.Rat, error) { return inUnitRat(d.Rat(), unit, of) }

func inUnitRat(r *big.Rat, unit, of string) (*big.Rat, error) {
	factor, err := network.UnitFactor(unit, of)
	if err != nil {
		return nil, err
	}
	return new(big.Rat).Mul(r, factor), nil
}
