package govern

import (
	"fmt"
	"slices"
)

// Acts: entries that take effect when enough of those they concern have assented.
var actHandlers = map[string]handler{
	"mandate.give":  {mayOpen(mayGive), openAct},
	"recall.call":   {mayOpen(mayRecall), openAct},
	"figure.state":  {mayOpen(mayStateFigure), openAct},
	"rules.change":  {mayOpen(mayChangeRules), openAct},
	"key.replace":   {mayOpen(mayReplaceKey), openAct},
	"assembly.call": {mayOpen(mayCallAssembly), openAct},
	"pause.begin":   {mayOpen(mayPause), openAct},
	"act.assent":    {mayAssent, assent},
	"act.refuse":    {mayAssent, refuse},
	"act.close":     {mayClose, closeAct},
}

// signers returns the persons who signed an entry, its member first.
func signers(st *step) []int64 {
	list := []int64{st.by}
	for _, g := range st.entry.Signatures[1:] {
		list = append(list, g.Member)
	}
	return list
}

// newAct returns the act that an entry opens; nil if its body has no canonical form or its scope is not there.
func (s *State) newAct(st *step) *Act {
	scope, err := s.scopeOf(st)
	if err != nil {
		return nil
	}
	text, err := canonical(st.entry.Statement.Body)
	if err != nil {
		return nil
	}
	a := &Act{Type: st.typ.ID, By: st.by, At: st.now, Scope: scope, Body: text, Yes: map[int64]int64{}}
	if m := s.Mandates[st.body.Number("mandate")]; m != nil && st.typ.ID == "recall.call" {
		a.Not = m.Holder
	}
	a.Terms, a.Days = s.terms(a, st.body), s.number("act_days")
	if a.Type == "key.replace" {
		a.Named = s.number("key_named")
	}
	for n := range s.Persons {
		if s.concerns(a, st.body, st.seq, n) {
			a.Roll++
		}
	}
	for _, n := range signers(st) {
		a.Yes[n] = st.seq
	}
	return a
}

// concerns tells whether an act is a person's to decide: members of its scope
// from before it was opened; of a recall, all but the holder; of a mandate that
// an assembly gives, those who attended.
func (s *State) concerns(a *Act, body Body, entry, person int64) bool {
	if person == a.Not || !s.belongs(person, a.Scope) || s.since(person, a.Scope) >= entry {
		return false
	}
	if body.Has("assembly") {
		x := s.Assemblies[body.Number("assembly")]
		return x != nil && x.Attended[person]
	}
	return true
}

// mayOpen checks that all who sign an act are concerned by it, and what the act itself asks for.
func mayOpen(check func(*State, *step) error) func(*State, *step) error {
	return func(s *State, st *step) error {
		if err := check(s, st); err != nil {
			return err
		}
		if st.by == 0 {
			return nil
		}
		a := s.newAct(st)
		if a == nil {
			return st.no(refuseBody, "the body has no canonical form", "")
		}
		for _, n := range signers(st) {
			if !s.concerns(a, st.body, st.seq, n) {
				return st.no(refuseSigners, fmt.Sprintf("person %d", n), "members whom it concerns")
			}
		}
		return nil
	}
}

func openAct(s *State, st *step) {
	if st.by == 0 { // a pause by the operator asks nobody
		s.paused(st.seq, st.body, nil, st.now)
		return
	}
	a := s.newAct(st)
	if a == nil {
		return
	}
	if x := s.Assemblies[st.body.Number("assembly")]; x != nil && st.body.Has("assembly") {
		x.Closed = true
	}
	s.Acts[st.seq] = a
	s.settle(st.seq, st.now, false)
}

func mayAssent(s *State, st *step) error {
	entry := st.body.Number("act")
	a := s.Acts[entry]
	body, err := TypeByID(a.Type).decodeBody(a.Body)
	if err != nil || !s.concerns(a, body, entry, st.by) {
		return st.no(refuseStanding, "not concerned", fmt.Sprintf("a member of %q from before it was opened", a.Scope))
	}
	_, yes := a.Yes[st.by]
	_, no := a.No[st.by]
	if st.typ.ID == "act.assent" && yes || st.typ.ID == "act.refuse" && no {
		return st.no(refuseState, "you have said so already", "once, or the contrary")
	}
	if due := s.lapses(a); st.now >= due {
		return st.no(refuseLate, clock(st.now), clock(due))
	}
	return nil
}

func assent(s *State, st *step) {
	entry := st.body.Number("act")
	if a := s.Acts[entry]; a != nil {
		delete(a.No, st.by)
		a.Yes[st.by] = st.seq
		s.settle(entry, st.now, false)
	}
}

func refuse(s *State, st *step) {
	entry := st.body.Number("act")
	a := s.Acts[entry]
	if a == nil {
		return
	}
	if a.No == nil {
		a.No = map[int64]int64{}
	}
	delete(a.Yes, st.by)
	a.No[st.by] = st.seq
}

func mayClose(s *State, st *step) error {
	entry := st.body.Number("act")
	a := s.Acts[entry]
	if adopted, over := s.outcome(entry, a, st.now); adopted || over {
		return nil
	}
	if early := s.actDue(a, a.Terms.Quiet.Days); a.Terms.Quiet.Days > 0 && st.now < early {
		return st.no(refuseEarly, clock(st.now), clock(early))
	}
	return st.no(refuseEarly, clock(st.now), clock(s.lapses(a)))
}

func closeAct(s *State, st *step) { s.settle(st.body.Number("act"), st.now, true) }

// settle puts an act in force that has found enough assent, and drops one that
// has not when it is closed. In a pause only a recall and what concerns a
// person's own key are settled; other acts wait for act.close afterwards.
func (s *State) settle(entry, now int64, closing bool) {
	a := s.Acts[entry]
	if a == nil {
		return
	}
	if s.pausedAt(now) != nil && slices.Contains(s.Rules.Paused, "act.close") && a.Type != "recall.call" && a.Type != "key.replace" {
		return
	}
	adopted := a.outright(s.spoken(entry, a))
	if !adopted && closing {
		var over bool
		if adopted, over = s.outcome(entry, a, now); !adopted && !over {
			return
		}
	}
	if !adopted && !closing {
		return
	}
	delete(s.Acts, entry)
	body, err := TypeByID(a.Type).decodeBody(a.Body)
	if err != nil {
		return
	}
	s.ended = &Ended{Entry: entry, Act: a, Body: body}
	if adopted {
		s.ended.InForce = s.adopt(entry, a, body, now)
	}
}

// Ended is how an act ended.
type Ended struct {
	Entry   int64 // that opened it
	Act     *Act
	Body    Body
	InForce bool // whether it took effect
}

// Ended returns the act that ended with the last entry, nil if none did.
func (s *State) Ended() *Ended { return s.ended }

// adopt puts an act in force, and tells whether it still has an effect.
func (s *State) adopt(entry int64, a *Act, body Body, now int64) bool {
	switch a.Type {
	case "mandate.give":
		s.given(entry, body, now)
	case "recall.call":
		m := s.Mandates[body.Number("mandate")]
		if m == nil || m.Ended > 0 {
			return false
		}
		m.Ended = now
	case "figure.state":
		if body.Has("replaces") {
			s.letGo(body.Number("replaces"))
		}
		s.hold(entry, a.Type, a.Scope)
	case "rules.change":
		return s.changed(entry, body, now)
	case "key.replace":
		return s.replaced(entry, body, now)
	case "assembly.call":
		at := max(body.Number("at"), now+s.number("assembly_days")*msDay)
		s.Assemblies[entry] = &Assembly{At: at, Entry: entry, Attended: map[int64]bool{}}
	case "pause.begin":
		if a.Terms.Percent == 0 && s.pausedLately(now) { // a few begin only one in the days between
			return false
		}
		return s.paused(entry, body, a.Yes, now)
	}
	return true
}

// terms says how much assent an act needs under the rules in force. Where it is
// a number of members, whoever they are, Percent is 0 and nothing is adopted in silence.
func (s *State) terms(a *Act, body Body) Assent {
	count := func(key string) Assent { return Assent{Entry: a.Type, Least: s.number(key)} }
	switch {
	case a.Type == "key.replace":
		return count("key_any")
	case a.Type == "assembly.call":
		return count("assembly_members")
	case a.Type == "pause.begin" && !s.pausedLately(a.At):
		return count("pause_members")
	case body.Has("assembly"):
		t := count("assembly_members")
		t.Percent = 50
		return t
	}
	if r := s.Rules.assent(a.Type); r != nil {
		return *r
	}
	return Assent{Entry: a.Type, Percent: 100} // never
}

// lapses returns when an act that found too little assent is over.
func (s *State) lapses(a *Act) int64 { return s.actDue(a, a.Days) }

// actDue returns when so many days of an act are over. A pause does not hold up a recall.
func (s *State) actDue(a *Act, days int64) int64 {
	return s.due(a.At, days, a.Type != "recall.call")
}

// votes are how many of those concerned have said what.
type votes struct {
	yes, no, roll int64
	trustees      int64 // of yes, for a new key
}

// spoken counts those who are still concerned.
func (s *State) spoken(entry int64, a *Act) votes {
	v := votes{roll: a.Roll}
	body, err := TypeByID(a.Type).decodeBody(a.Body)
	if err != nil {
		return v
	}
	var named []int64
	if p := s.Persons[body.Number("person")]; p != nil && a.Type == "key.replace" {
		named = p.Trustees
	}
	for n := range a.Yes {
		if s.concerns(a, body, entry, n) {
			v.yes++
			if slices.Contains(named, n) {
				v.trustees++
			}
		}
	}
	for n := range a.No {
		if s.concerns(a, body, entry, n) {
			v.no++
		}
	}
	return v
}

// outright tells whether an act has found enough assent to be adopted at once.
func (a *Act) outright(v votes) bool {
	switch {
	case a.Named > 0 && v.trustees >= a.Named:
		return true
	case a.Terms.Percent == 0:
		return v.yes >= a.Terms.Least
	}
	return v.yes >= min(a.Terms.Least, max(1, v.roll)) && v.yes*100 > a.Terms.Percent*v.roll
}

// outcome tells whether an act is adopted, and whether its time is over: then
// it can be closed, adopted or not.
func (s *State) outcome(entry int64, a *Act, now int64) (adopted, over bool) {
	v := s.spoken(entry, a)
	over = now >= s.lapses(a)
	q, spoke := a.Terms.Quiet, v.yes+v.no
	switch {
	case a.outright(v):
		return true, over
	case q.Days == 0 || now < s.actDue(a, q.Days) || spoke == 0 || spoke < min(q.Least, v.roll) || spoke*100 < q.Percent*v.roll:
		return false, over
	}
	return v.yes*100 > q.Majority*spoke, true
}
