package commons

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bremen/govern"
	"bremen/record"
)

// Lookup returns an earlier entry by its number in the life of the network.
type Lookup func(number int64) (*record.Entry, error)

// step is one entry on its way into the state.
type step struct {
	*record.Entry
	number int64
	event  eventBody // of an event
	old    eventBody // of the event that it corrects
}

// newStep reads what of an entry can be read before its turn comes.
func newStep(e *record.Entry) *step {
	st := &step{Entry: e}
	if e.Statement.Type == "event.record" && !st.decode(&st.event) {
		st.event = eventBody{}
	}
	return st
}

// corrected reads the event that an event corrects.
func (st *step) corrected(read Lookup) error {
	if st.event.Corrects == nil || st.event.Agent.Kind() == govern.InPerson {
		return nil
	}
	e, err := read(*st.event.Corrects)
	if err != nil {
		return fmt.Errorf("entry %d: the event that it corrects: %w", st.Seq, err)
	}
	(&step{Entry: e}).decode(&st.old)
	return nil
}

// decode reads the body into the fields that v has.
func (st *step) decode(v any) bool {
	if len(st.Statement.Body) <= 2 { // {}, of needs and offers
		return true
	}
	return json.Unmarshal(st.Statement.Body, v) == nil
}

// Apply folds the next entry into the state. Corrections read the entry that they correct. The error is that e is not the
// next, or that of read; an entry that the rules did not let in, or that cannot be read, counts and has no other effect.
func (s *State) Apply(e *record.Entry, read Lookup) error { return s.apply(newStep(e), read) }

func (s *State) apply(st *step, read Lookup) error {
	g, e := s.Govern, st.Entry
	next := g.Size - g.Base
	if e.Statement.Type == "log.succeed" && g.Founded {
		next = 0
	}
	if e.Seq != next {
		return fmt.Errorf("entry %d: expected entry %d next", e.Seq, next)
	}
	st.number = g.Size
	if err := st.corrected(read); err != nil {
		return err
	}
	before := s.openAct(st)
	if g.Apply(e) != nil {
		return nil // it has no effect
	}
	if h := folds()[e.Statement.Type]; h != nil {
		h(s, st)
	}
	s.decide(st, before)
	return nil
}

// folds are the types of entries that change more than who governs.
var folds = sync.OnceValue(func() map[string]func(*State, *step) {
	return map[string]func(*State, *step){
		"network.found": described, "guest.arrive": described,
		"need.state": keepPrivate, "offer.state": keepPrivate, "figure.decline": keepPrivate,
		"recipe.state": stateRow, "stock.state": stateRow, "catalogue.state": stateRow,
		"need.withdraw": dropNamed("need"), "offer.withdraw": dropNamed("offer"), "recipe.withdraw": dropNamed("recipe"),
		"stock.withdraw": dropNamed("stock"), "catalogue.withdraw": dropNamed("row"),
		"commitment.make": promise, "commitment.withdraw": dropNamed("commitment"), "commitment.release": dropNamed("commitment"),
		"event.record": happen, "plan.adopt": adoptPlan,
		"member.leave": sweep, "person.erase": sweep, "entry.disown": disown,
		"group.found": settleAt("group", govern.GroupScope), "organisation.found": settleAt("organisation", govern.OrganisationScope),
	}
})

func described(s *State, st *step) {
	by := st.Statement.Member
	s.keep(st)
	s.Described[by] = st.number
}

// keep remembers where the private parts of an entry lie.
func (s *State) keep(st *step) {
	if len(st.Statement.Payloads) > 0 {
		s.Private[st.number] = &Private{Type: st.Statement.Type, Person: st.Statement.Member, Refs: st.Statement.Payloads}
	}
}

func keepPrivate(s *State, st *step) {
	var b struct {
		Replaces *int64 `json:"replaces"`
	}
	st.decode(&b)
	s.replace(b.Replaces)
	s.keep(st)
}

func (s *State) replace(entry *int64) {
	if entry != nil {
		s.drop(*entry)
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
	var b struct {
		Agent    govern.Scope   `json:"agent"`
		Table    string         `json:"table"`
		Row      jsontext.Value `json:"row"`
		Replaces *int64         `json:"replaces"`
	}
	if !st.decode(&b) {
		return
	}
	s.replace(b.Replaces)
	if b.Agent.Kind() == govern.InPerson {
		s.keep(st)
		return
	}
	if len(b.Row) == 0 {
		return // the rules let none in without
	}
	r := &Row{Type: st.Statement.Type, Agent: b.Agent, Table: b.Table, Row: raw(b.Row)}
	s.Rows[st.number] = r
	if r.Type == "stock.state" {
		s.Stocks.open(r, false)
	}
}

// dropNamed forgets the statement that a field of the body names.
func dropNamed(field string) func(*State, *step) {
	return func(s *State, st *step) {
		var b map[string]jsontext.Value
		var entry int64
		if st.decode(&b) && json.Unmarshal(b[field], &entry) == nil {
			s.drop(entry)
		}
	}
}

// eventBody is what commitments and events have in public.
type eventBody struct {
	Flow
	Due      string `json:"due"`
	Corrects *int64 `json:"corrects"`
	Fulfils  *int64 `json:"fulfils"`
}

func promise(s *State, st *step) {
	var b eventBody
	if !st.decode(&b) {
		return
	}
	if b.Agent.Kind() == govern.InPerson {
		s.keep(st)
		return
	}
	p := &Promise{Flow: b.Flow, Fulfilled: map[string]Decimal{}}
	if due, err := time.Parse(time.RFC3339, b.Due); err == nil {
		p.Due = due.UnixMilli()
	}
	s.Promises[st.number] = p
}

// happen folds an event: what it corrects never happened, what it says did.
func happen(s *State, st *step) {
	if st.event.Agent.Kind() == govern.InPerson {
		return
	}
	if st.event.Corrects != nil {
		s.event(&st.old, true)
	}
	s.event(&st.event, false)
}

// event adds a public event to stocks and to the commitment it fulfils, or takes it back.
func (s *State) event(b *eventBody, back bool) {
	s.Stocks.flow(&b.Flow, back)
	if b.Fulfils == nil {
		return
	}
	p := s.Promises[*b.Fulfils]
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
	var b struct {
		Plan    record.Hash `json:"plan"`
		Network record.Hash `json:"network"`
		Program string      `json:"program"`
		From    time.Time   `json:"from"`
		Until   time.Time   `json:"until"`
		Status  string      `json:"status"`
	}
	if st.decode(&b) {
		s.Plans = append(s.Plans, Plan{st.number, st.Statement.Member, b.Plan, b.Network, b.Program, b.From.UnixMilli(), b.Until.UnixMilli(), b.Status})
	}
}

// sweep forgets what somebody who left had stated; name and contact too, if they were erased. Commitments stay until they
// are withdrawn or released: others relied on them.
func sweep(s *State, st *step) {
	person, erased := st.Statement.Member, st.Statement.Type == "person.erase"
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
	var b struct {
		Entry int64 `json:"entry"`
	}
	if !st.decode(&b) {
		return
	}
	_, stated := s.Govern.Statements[b.Entry]
	_, promised := s.Govern.Commitments[b.Entry]
	if p := s.Private[b.Entry]; p != nil && !stated && !promised && b.Entry != s.Described[p.Person] {
		s.drop(b.Entry)
	}
}

func settleAt(field string, scope func(string) govern.Scope) func(*State, *step) {
	return func(s *State, st *step) {
		var b map[string]string
		if st.decode(&b) && b["site"] != "" {
			s.Sites[scope(b[field])] = b["site"]
		}
	}
}

// openAct returns the act that an entry may end, before it does.
func (s *State) openAct(st *step) *pendingAct {
	t := govern.TypeByID(st.Statement.Type)
	switch {
	case t == nil:
		return nil
	case t.Act:
		return &pendingAct{entry: st.number, body: st.Statement.Body, opens: true}
	case t.ID != "act.assent" && t.ID != "act.close":
		return nil
	}
	var b struct {
		Act int64 `json:"act"`
	}
	if !st.decode(&b) || s.Govern.Acts[b.Act] == nil {
		return nil
	}
	a := s.Govern.Acts[b.Act]
	return &pendingAct{entry: b.Act, act: a, body: jsontext.Value(a.Body)}
}

// pendingAct is an act that may end with an entry.
type pendingAct struct {
	entry int64
	act   *govern.Act // nil for one that the entry opens
	body  []byte
	opens bool
}

// decide notes how an act ended, if it did, and keeps the figure that it decided.
func (s *State) decide(st *step, p *pendingAct) {
	if p == nil || s.Govern.Acts[p.entry] != nil {
		return
	}
	d := Decision{Act: p.entry, Closed: st.number, Opened: st.Time.UnixMilli()}
	if p.opens {
		d.Type, d.By, d.Yes = st.Statement.Type, st.Statement.Member, int64(len(st.Signatures))
		d.Scope = s.scopeOf(d.Type, p.body)
		d.Roll = s.roll(d.Scope)
	} else {
		a := p.act
		d.Type, d.By, d.Opened, d.Scope, d.Roll = a.Type, a.By, a.At, a.Scope, a.Roll
		d.Yes, d.No = int64(len(a.Yes)), int64(len(a.No))
	}
	var b struct {
		Figure
		Mandate  int64  `json:"mandate"`
		Person   int64  `json:"person"`
		Replaces *int64 `json:"replaces"`
	}
	if json.Unmarshal(p.body, &b) != nil {
		return
	}
	d.InForce = s.took(d.Type, p.entry, b.Mandate, b.Person)
	s.Decisions = append(s.Decisions, d)
	if d.Type == "figure.state" && d.InForce {
		if b.Replaces != nil {
			delete(s.Figures, *b.Replaces)
		}
		f := b.Figure
		f.Window = raw(f.Window)
		s.Figures[p.entry] = &f
	}
}

// took tells whether an act that ended took effect.
func (s *State) took(typ string, entry, mandate, person int64) bool {
	g := s.Govern
	switch typ {
	case "mandate.give":
		return g.Mandates[entry] != nil
	case "recall.call":
		m := g.Mandates[mandate]
		return m != nil && m.Ended == g.Time
	case "figure.state":
		_, holds := g.Statements[entry]
		return holds
	case "rules.change":
		return g.RulesEntry == entry
	case "assembly.call":
		return g.Assemblies[entry] != nil
	case "pause.begin":
		return slices.ContainsFunc(g.Stops, func(x govern.Stop) bool { return x.Entry == entry })
	case "key.replace":
		p := g.Persons[person]
		if p == nil {
			return false
		}
		for _, k := range p.Keys {
			if k.Entry == entry {
				return true
			}
		}
	}
	return false
}

// scopeOf tells where an act acts that its own entry ended.
func (s *State) scopeOf(typ string, body []byte) govern.Scope {
	var b struct {
		Scope   govern.Scope `json:"scope"`
		Group   string       `json:"group"`
		Mandate int64        `json:"mandate"`
	}
	if json.Unmarshal(body, &b) != nil {
		return govern.InNetwork
	}
	switch m := s.Govern.Mandates[b.Mandate]; {
	case typ == "figure.state":
		return govern.GroupScope(b.Group)
	case typ == "mandate.give":
		return b.Scope
	case typ == "recall.call" && m != nil:
		return m.Scope
	}
	return govern.InNetwork
}

// roll counts the members of a scope.
func (s *State) roll(scope govern.Scope) int64 {
	count := int64(0)
	var people map[int64]int64
	if o := s.Govern.Organisations[scope.Name()]; o != nil {
		people = o.People
	}
	for n, p := range s.Govern.Persons {
		in := p.Standing == govern.Member
		switch scope.Kind() {
		case govern.InGroup:
			in = in && p.Group == scope.Name()
		case govern.InOrganisation:
			_, belongs := people[n]
			in = in && belongs
		}
		if in {
			count++
		}
	}
	return count
}
