package commons

import (
	"errors"
	"fmt"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"bremen/govern"
	"bremen/record"
)

// Lookup returns an earlier entry by its number in the life of the network.
type Lookup func(number int64) (*record.Entry, error)

// step is one entry on its way into the state.
type step struct {
	*govern.Parsed
	number int64
	event  event // of an event or commitment
	old    event // of the event that it corrects
}

// newStep reads what of an entry can be read before its turn comes, and the event that an event corrects.
func newStep(e *record.Entry, read Lookup) (*step, error) {
	st := &step{Parsed: govern.Parse(e)}
	switch e.Statement.Type {
	case "commitment.make":
		st.event = eventOf(st.Body)
	case "event.record":
		st.event = eventOf(st.Body)
		if !st.Body.Has("corrects") || st.event.Agent.Kind() == govern.InPerson {
			break
		}
		old, err := read(st.Body.Number("corrects"))
		switch {
		case errors.Is(err, record.ErrNone): // the rules will not let it in
		case err != nil:
			return nil, fmt.Errorf("entry %d: the event that it corrects: %w", e.Seq, err)
		default:
			st.old = eventOf(govern.Parse(old).Body)
		}
	}
	return st, nil
}

// fold takes the next entry into the state. The error is that it is not the next; one that the rules do not let in, or that
// cannot be read, counts and has no other effect, and refused says why.
func (s *State) fold(st *step) (refused, err error) {
	return s.take(st, s.Govern.Fold)
}

// take folds an entry, of which governed says whether it has an effect.
func (s *State) take(st *step, governed func(*govern.Parsed) error) (refused, err error) {
	st.number = s.Govern.Size
	if err := governed(st.Parsed); err != nil {
		if errors.Is(err, govern.ErrNotNext) {
			return nil, err
		}
		return err, nil
	}
	if h := folds()[st.Entry.Statement.Type]; h != nil {
		h(s, st)
	}
	s.decide(st)
	return nil, nil
}

// folds are the types of entries that change more than who governs.
var folds = sync.OnceValue(func() map[string]func(*State, *step) {
	return map[string]func(*State, *step){
		"network.found": described, "guest.arrive": described, "person.describe": described,
		"need.state": keepPrivate, "offer.state": keepPrivate, "figure.decline": keepPrivate,
		"recipe.state": stateRow, "stock.state": stateRow, "catalogue.state": stateRow,
		"need.withdraw": dropNamed("need"), "offer.withdraw": dropNamed("offer"), "decline.withdraw": dropNamed("decline"), "recipe.withdraw": dropNamed("recipe"),
		"stock.withdraw": dropNamed("stock"), "catalogue.withdraw": dropNamed("row"),
		"commitment.make": promise, "commitment.withdraw": dropNamed("commitment"), "commitment.release": dropNamed("commitment"),
		"event.record": happen, "plan.adopt": adoptPlan,
		"member.leave": sweep, "person.erase": sweep, "entry.disown": disown,
		"group.found": settleAt("group", govern.GroupScope), "organisation.found": settleAt("organisation", govern.OrganisationScope),
	}
})

// described keeps where somebody's name and contact lie, in place of where they lay.
func described(s *State, st *step) {
	person := st.Entry.Statement.Member
	if before, given := s.Described[person]; given {
		delete(s.Private, before)
	}
	s.keep(st)
	s.Described[person] = st.number
}

// keep remembers where the private parts of an entry lie.
func (s *State) keep(st *step) {
	if t := &st.Entry.Statement; len(t.Payloads) > 0 {
		s.Private[st.number] = &Private{Type: t.Type, Person: t.Member, Refs: t.Payloads}
	}
}

func keepPrivate(s *State, st *step) {
	s.replace(st)
	s.keep(st)
}

// replace forgets the statement in whose place another comes.
func (s *State) replace(st *step) {
	if st.Body.Has("replaces") {
		s.drop(st.Body.Number("replaces"))
	}
}

// drop forgets a statement, and takes back what an opening stock added.
func (s *State) drop(entry int64) {
	if r := s.Rows[entry]; r != nil && r.Type == "stock.state" {
		s.Stocks.open(r, true)
	}
	delete(s.Rows, entry)
	delete(s.Private, entry)
	delete(s.Promises, entry)
}

func stateRow(s *State, st *step) {
	s.replace(st)
	agent, row := govern.Scope(st.Body.Text("agent")), st.Body.Object("row")
	if agent.Kind() == govern.InPerson {
		s.keep(st)
		return
	}
	if len(row) == 0 {
		return // the rules let none in without
	}
	r := &Row{Type: st.Entry.Statement.Type, Agent: agent, Table: st.Body.Text("table"), Row: jsontext.Value(row)}
	s.Rows[st.number] = r
	if r.Type == "stock.state" {
		s.Stocks.open(r, false)
	}
}

// dropNamed forgets the statement that a field of the body names.
func dropNamed(field string) func(*State, *step) {
	return func(s *State, st *step) { s.drop(st.Body.Number(field)) }
}

// event is what a commitment or an event says in public.
type event struct {
	Flow
	due     int64
	fulfils int64 // 0 for none: the founding is no commitment
}

// eventOf takes it out of a body.
func eventOf(b govern.Body) event {
	amount := func(field string) *Decimal {
		d, err := ParseDecimal(b.Text(field))
		if err != nil {
			return nil
		}
		return &d
	}
	e := event{due: b.Number("due"), fulfils: b.Number("fulfils"), Flow: Flow{
		Agent: govern.Scope(b.Text("agent")), Action: b.Text("action"), Provider: govern.Scope(b.Text("provider")), Receiver: govern.Scope(b.Text("receiver")),
		Product: b.Text("product"), Quantity: amount("quantity"), Unit: b.Text("unit"), Effort: amount("effort"), EffortUnit: b.Text("effort-unit"),
		Site: b.Text("site"), ToSite: b.Text("to-site"), Stock: b.Text("stock"), ToStock: b.Text("to-stock"), Process: b.Text("process"),
	}}
	if b.Has("plan") {
		plan := b.Number("plan")
		e.Plan = &plan
	}
	return e
}

func promise(s *State, st *step) {
	if st.event.Agent.Kind() == govern.InPerson {
		s.keep(st)
		return
	}
	s.Promises[st.number] = &Promise{Flow: st.event.Flow, Due: st.event.due, Fulfilled: map[string]Decimal{}}
}

// happen folds an event: what it corrects never happened, what it says did.
func happen(s *State, st *step) {
	if st.event.Agent.Kind() == govern.InPerson {
		return
	}
	if st.Body.Has("corrects") {
		s.event(&st.old, true)
	}
	s.event(&st.event, false)
}

// event adds a public event to stocks and to the commitment it fulfils, or takes it back.
func (s *State) event(b *event, back bool) {
	s.Stocks.flow(&b.Flow, back)
	p := s.Promises[b.fulfils]
	if p == nil {
		return
	}
	for _, part := range []struct {
		amount *Decimal
		unit   string
	}{{b.Quantity, b.Unit}, {b.Effort, b.EffortUnit}} {
		if part.amount == nil {
			continue
		}
		sum := p.Fulfilled[part.unit].Add(*part.amount)
		if back {
			sum = p.Fulfilled[part.unit].Sub(*part.amount)
		}
		if p.Fulfilled[part.unit] = sum; sum.Sign() == 0 {
			delete(p.Fulfilled, part.unit)
		}
	}
}

func adoptPlan(s *State, st *step) {
	b := st.Body
	s.Plans = append(s.Plans, Plan{
		st.number, st.Entry.Statement.Member, record.Hash(b.Bytes("plan")), record.Hash(b.Bytes("network")), b.Text("program"), b.Number("from"),
		b.Number("until"), b.Text("status"),
	})
}

// sweep forgets what somebody who left had stated; name and contact too, if they were erased. Commitments stay until they
// are withdrawn or released: others relied on them.
func sweep(s *State, st *step) {
	person, erased := st.Entry.Statement.Member, st.Entry.Statement.Type == "person.erase"
	for entry, p := range s.Private {
		_, promised := s.Govern.Commitments[entry]
		if p.Person == person && (erased || !promised && entry != s.Described[person]) {
			delete(s.Private, entry)
		}
	}
	if erased {
		delete(s.Described, person)
	}
}

// disown follows what govern took back.
func disown(s *State, st *step) {
	entry := st.Body.Number("entry")
	_, stated := s.Govern.Statements[entry]
	_, promised := s.Govern.Commitments[entry]
	if p := s.Private[entry]; p != nil && !stated && !promised && p.Type != "network.found" && p.Type != "guest.arrive" {
		s.drop(entry)
		if described, given := s.Described[p.Person]; given && described == entry {
			delete(s.Described, p.Person)
		}
	}
}

func settleAt(field string, scope func(string) govern.Scope) func(*State, *step) {
	return func(s *State, st *step) {
		if site := st.Body.Text("site"); site != "" {
			s.Sites[scope(st.Body.Text(field))] = site
		}
	}
}

// decide notes how an act ended, if one did, and keeps the figure that it decided.
func (s *State) decide(st *step) {
	end := s.Govern.Ended()
	if end == nil {
		return
	}
	a := end.Act
	s.Decisions = append(s.Decisions, Decision{
		Act: end.Entry, Type: a.Type, Scope: a.Scope, By: a.By, Opened: a.At, Closed: st.number, Yes: int64(len(a.Yes)), No: int64(len(a.No)),
		Roll: a.Roll, InForce: end.InForce,
	})
	if a.Type != "figure.state" || !end.InForce {
		return
	}
	b := end.Body
	if b.Has("replaces") {
		delete(s.Figures, b.Number("replaces"))
	}
	quantity, err := ParseDecimal(b.Text("quantity"))
	if err != nil {
		return
	}
	s.Figures[end.Entry] = &Figure{
		Group: b.Text("group"), Product: b.Text("product"), Quantity: quantity, Unit: b.Text("unit"), Urgency: b.Text("urgency"),
		Window: jsontext.Value(b.Object("window")),
	}
}
