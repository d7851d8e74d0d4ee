package govern

import "fmt"

// Where people live and belong, and how they leave.
var peopleHandlers = map[string]handler{
	"member.leave": {nil, func(s *State, st *step) { s.leave(st.by, st.now) }},
	"person.erase": {mayErase, erase},
	"household.move": {nil, func(s *State, st *step) {
		s.ofPerson(st.by, func(p *Person) { p.Household = st.body.Text("household") })
	}},
	"group.found":        {mayFoundGroup, foundGroup},
	"group.enter":        {mayEnterGroup, func(s *State, st *step) { s.enterGroup(st, st.body.Text("group")) }},
	"organisation.found": {mayFoundOrganisation, foundOrganisation},
	"organisation.admit": {mayAdmit, admit},
	"organisation.enter": {mayEnter, enter},
	"organisation.quit":  {mayQuit, quit},
}

func (s *State) ofPerson(n int64, do func(*Person)) {
	if p := s.Persons[n]; p != nil {
		do(p)
	}
}

// leave ends all that somebody has here but their keys, with which they can
// still read, carry away and erase what is theirs.
func (s *State) leave(person, now int64) {
	p := s.Persons[person]
	if p == nil || p.Standing == Left {
		return
	}
	if p.Standing == Member {
		s.Members--
	}
	p.Standing, p.Ended = Left, now
	p.Vouches, p.Objections, p.Consents = nil, nil, nil
	for entry, x := range s.Statements {
		if x.Of == PersonScope(person) {
			s.letGo(entry)
		}
	}
	for _, m := range s.Mandates {
		if m.Holder == person && m.Ended == 0 {
			m.Ended = now
		}
	}
	for code, i := range s.Invitations {
		if i.By == person {
			delete(s.Invitations, code)
		}
	}
	for id, t := range s.Tokens {
		if t.Person == person {
			delete(s.Tokens, id)
		}
	}
	for _, o := range s.Organisations {
		delete(o.People, person)
		delete(o.Admitted, person)
	}
	for _, q := range s.Persons {
		delete(q.Consents, person)
		if q.Standing == Guest {
			delete(q.Vouches, person)
			delete(q.Objections, person)
		}
	}
}

func mayErase(s *State, st *step) error {
	if p := s.Persons[st.by]; p.Erased {
		return st.no(refuseState, "erased already", "once")
	}
	return nil
}

func erase(s *State, st *step) {
	s.leave(st.by, st.now)
	s.ofPerson(st.by, func(p *Person) { p.Erased = true })
}

func mayFoundGroup(s *State, st *step) error {
	if _, there := s.Groups[st.body.Text("group")]; there {
		return st.no(refuseState, "that group exists", "a new name")
	}
	return nil
}

func foundGroup(s *State, st *step) {
	name := st.body.Text("group")
	if _, there := s.Groups[name]; !there {
		s.Groups[name] = st.seq
	}
	s.enterGroup(st, name)
}

func mayEnterGroup(s *State, st *step) error {
	_, err := s.existing(st, GroupScope(st.body.Text("group")))
	if err == nil && s.Persons[st.by].Group == st.body.Text("group") {
		return st.no(refuseState, "you belong to it already", "another group")
	}
	return err
}

// enterGroup moves a member; a mandate in the old group stays with those who gave it.
func (s *State) enterGroup(st *step, name string) {
	s.ofPerson(st.by, func(p *Person) { p.Group, p.GroupEntry = name, st.seq })
}

func mayFoundOrganisation(s *State, st *step) error {
	if s.Organisations[st.body.Text("organisation")] != nil {
		return st.no(refuseState, "that organisation exists", "a new name")
	}
	return nil
}

// foundOrganisation also gives the founder the office that speaks for
// organisations, for one term, as the rules say which.
func foundOrganisation(s *State, st *step) {
	name := st.body.Text("organisation")
	if s.Organisations[name] != nil {
		return
	}
	s.Organisations[name] = &Organisation{Entry: st.seq, People: map[int64]int64{st.by: st.seq}}
	for i := range s.Rules.Offices {
		if o := &s.Rules.Offices[i]; o.Founds {
			s.Mandates[st.seq] = &Mandate{
				Office: o.ID, Scope: OrganisationScope(name), Holder: st.by,
				Given: st.now, From: st.now, Until: st.now + o.TermDays*msDay,
			}
		}
	}
}

func mayAdmit(s *State, st *step) error {
	o, n := s.Organisations[st.body.Text("organisation")], st.body.Number("person")
	switch {
	case s.Standing(n) != Member:
		return st.no(refuseMissing, fmt.Sprintf("member %d", n), "a member")
	case has(o.People, n) || has(o.Admitted, n):
		return st.no(refuseState, "they belong to it already", "somebody else")
	}
	return nil
}

func admit(s *State, st *step) {
	if o := s.Organisations[st.body.Text("organisation")]; o != nil {
		if o.Admitted == nil {
			o.Admitted = map[int64]int64{}
		}
		o.Admitted[st.body.Number("person")] = st.seq
	}
}

func mayEnter(s *State, st *step) error {
	if o := s.Organisations[st.body.Text("organisation")]; o == nil || !has(o.Admitted, st.by) {
		return st.no(refuseMissing, "an admission", "one by a delegate of the organisation")
	}
	return nil
}

func enter(s *State, st *step) {
	if o := s.Organisations[st.body.Text("organisation")]; o != nil && has(o.Admitted, st.by) {
		delete(o.Admitted, st.by)
		o.People[st.by] = st.seq
	}
}

func mayQuit(s *State, st *step) error {
	if o := s.Organisations[st.body.Text("organisation")]; o == nil || !has(o.People, st.by) {
		return st.no(refuseMissing, "that you belong to it", "an organisation of yours")
	}
	return nil
}

// quit ends the person's mandates for the organisation, too.
func quit(s *State, st *step) {
	o := s.Organisations[st.body.Text("organisation")]
	if o == nil {
		return
	}
	delete(o.People, st.by)
	for _, m := range s.Mandates {
		if m.Holder == st.by && m.Ended == 0 && m.Scope == OrganisationScope(st.body.Text("organisation")) {
			m.Ended = st.now
		}
	}
}
