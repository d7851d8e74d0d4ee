package govern

import (
	"fmt"
	"slices"
)

// Mandates, rules, pauses and assemblies: what acts are about, and what follows them.
var mandateHandlers = map[string]handler{
	"mandate.accept":   {mayAcceptMandate, func(s *State, st *step) { s.ofMandate(st, func(m *Mandate) { s.begins(m, st.now) }) }},
	"mandate.end":      {mayEndMandate, func(s *State, st *step) { s.ofMandate(st, func(m *Mandate) { m.Ended = st.now }) }},
	"assembly.attend":  {mayAttend, attend},
	"cession.give":     {mayCede, cede},
	"cession.withdraw": {nil, func(s *State, st *step) { delete(s.Cessions, st.body.Number("cession")) }},
	"pause.end":        {mayEndPause, endPause},
}

func (s *State) ofMandate(st *step, do func(*Mandate)) {
	if m := s.Mandates[st.body.Number("mandate")]; m != nil {
		do(m)
	}
}

func mayGive(s *State, st *step) error {
	o := s.Rules.Office(st.body.Text("office"))
	scope, holder := Scope(st.body.Text("scope")), st.body.Number("holder")
	switch {
	case o == nil:
		return st.no(refuseMissing, fmt.Sprintf("office %q", st.body.Text("office")), "an office of the rules")
	case scope.Kind() != o.Scope:
		return st.no(refuseState, fmt.Sprintf("scope %q", scope), fmt.Sprintf("one of kind %q", o.Scope))
	case !s.belongs(holder, scope):
		return st.no(refuseMissing, fmt.Sprintf("person %d in %q", holder, scope), "a member who belongs there")
	}
	term := o.TermDays
	if st.body.Has("assembly") {
		if err := s.mayGiveByAssembly(st); err != nil {
			return err
		}
		term = min(term, s.number("assembly_term_days"))
	}
	if until, latest := st.body.Number("until"), st.now+term*msDay; until <= st.now || until > latest {
		return st.no(refuseLate, clock(until), clock(latest))
	}
	return nil
}

// mayGiveByAssembly checks that the assembly has met, and that whoever proposes was there.
func (s *State) mayGiveByAssembly(st *step) error {
	a := s.Assemblies[st.body.Number("assembly")]
	switch {
	case a == nil || Scope(st.body.Text("scope")) != InNetwork:
		return st.no(refuseMissing, "that assembly", "one that was called, for an office of the network")
	case int64(len(a.Attended)) < s.number("assembly_members"):
		return st.no(refuseState, fmt.Sprintf("%d attend", len(a.Attended)), fmt.Sprintf("at least %d", s.number("assembly_members")))
	}
	if due := a.At + s.number("assembly_open_days")*msDay; st.now >= due {
		return st.no(refuseLate, clock(st.now), clock(due))
	}
	return nil
}

// given is the adoption of a mandate; it begins when it is accepted.
func (s *State) given(entry int64, b Body, now int64) {
	s.Mandates[entry] = &Mandate{
		Office: b.Text("office"), Scope: Scope(b.Text("scope")), Holder: b.Number("holder"), Until: b.Number("until"), Given: now,
	}
}

// begins puts a mandate in force, for the office's term at most.
func (s *State) begins(m *Mandate, now int64) {
	m.From = now
	if o := s.Rules.Office(m.Office); o != nil {
		m.Until = min(m.Until, now+o.TermDays*msDay)
	}
}

func mayAcceptMandate(s *State, st *step) error {
	m := s.Mandates[st.body.Number("mandate")]
	o := s.Rules.Office(m.Office)
	switch {
	case m.Holder != st.by:
		return st.no(refuseStanding, fmt.Sprintf("person %d", st.by), fmt.Sprintf("person %d", m.Holder))
	case m.From > 0 || m.Ended > 0 || o == nil:
		return st.no(refuseState, "it was accepted, laid down or its office is no more", "a mandate that awaits acceptance")
	}
	if due := min(m.Until, s.deadline(m.Given, s.number("accept_days"))); st.now >= due {
		return st.no(refuseLate, clock(st.now), clock(due))
	}
	taken := int64(0)
	for _, other := range s.Mandates {
		if other.Office == m.Office && other.Scope == m.Scope && s.InForce(other, st.now) {
			if other.Holder == st.by {
				return st.no(refuseState, "you have this office already", "the end of that mandate")
			}
			taken++
		}
	}
	if taken >= o.Seats {
		return st.no(refuseMany, fmt.Sprintf("%d hold it", taken), fmt.Sprint(o.Seats))
	}
	if n := s.termsInARow(m, o, st.now); n >= s.number("terms") && s.people(m.Scope) > o.Seats {
		return st.no(refuseMany, fmt.Sprintf("%d terms in a row", n), fmt.Sprint(s.number("terms")))
	}
	return nil
}

// people counts those who belong to a scope. Where there are no more than an
// office has seats, nobody has to make room after some terms.
func (s *State) people(scope Scope) int64 {
	count := int64(0)
	for n := range s.Persons {
		if s.belongs(n, scope) {
			count++
		}
	}
	return count
}

// termsInARow counts how often somebody has held an office in a scope without
// the break of a whole term between.
func (s *State) termsInARow(m *Mandate, o *Office, now int64) int64 {
	var held []*Mandate
	for _, x := range s.Mandates {
		if x.Office == m.Office && x.Scope == m.Scope && x.Holder == m.Holder && x.From > 0 {
			held = append(held, x)
		}
	}
	slices.SortFunc(held, func(a, b *Mandate) int { return int(sign(b.From - a.From)) })
	count, next := int64(0), now
	for _, x := range held {
		if next-x.ends() >= o.TermDays*msDay {
			break
		}
		count++
		next = x.From
	}
	return count
}

func sign(x int64) int64 { return min(1, max(-1, x)) }

func mayEndMandate(s *State, st *step) error {
	m := s.Mandates[st.body.Number("mandate")]
	if m.Holder != st.by || m.Ended > 0 {
		return st.no(refuseStanding, fmt.Sprintf("person %d", st.by), "the holder of a mandate that has not ended")
	}
	return nil
}

func mayRecall(s *State, st *step) error {
	entry := st.body.Number("mandate")
	m := s.Mandates[entry]
	if m.Holder == st.by {
		return st.no(refuseSelf, "", "")
	}
	if m.Ended > 0 || st.now >= m.Until {
		return st.no(refuseState, "that mandate is over", "one that is given or in force")
	}
	for _, a := range s.Acts {
		if a.Type != "recall.call" || st.now >= s.lapses(a) {
			continue
		}
		if body, err := TypeByID(a.Type).decodeBody(a.Body); err == nil && body.Number("mandate") == entry {
			return st.no(refuseState, "a recall of it is open already", "assent to that one")
		}
	}
	return nil
}

func mayStateFigure(s *State, st *step) error {
	if st.body.Has("replaces") {
		return s.ofSame(st, "replaces", st.typ.ID)
	}
	return nil
}

func mayChangeRules(s *State, st *step) error {
	if base := st.body.Number("base"); base != s.RulesEntry {
		return st.no(refuseState, fmt.Sprintf("they change the rules of entry %d", base), fmt.Sprintf("those in force, of entry %d", s.RulesEntry))
	}
	if _, err := ParseJSON(st.body.Object("rules")); err != nil {
		if m, ok := err.(Mistakes); ok && slices.ContainsFunc(m, func(x Mistake) bool { return x.Code == codeLaw }) {
			return st.no(refuseLaw, err.Error(), "")
		}
		return st.no(refuseBody, err.Error(), "")
	}
	return nil
}

// changed puts new rules in force, if those they were to change still are.
// Shorter terms hold for mandates in force as well, once and for all; those of
// offices that are no more end.
func (s *State) changed(entry int64, b Body, now int64) bool {
	rules, err := ParseJSON(b.Object("rules"))
	if err != nil || b.Number("base") != s.RulesEntry {
		return false
	}
	s.Rules, s.RulesEntry = rules, entry
	for _, m := range s.Mandates {
		o := rules.Office(m.Office)
		switch {
		case m.Ended > 0:
		case o == nil || o.Scope != m.Scope.Kind():
			m.Ended = now
		case m.From > 0:
			m.Until = min(m.Until, m.From+o.TermDays*msDay)
		}
	}
	return true
}

// pausedLately tells whether a pause began in the days in which there is only one without a decision.
func (s *State) pausedLately(now int64) bool {
	for i := range s.Stops {
		if p := &s.Stops[i]; !p.Outage && now < p.From+s.number("pause_days")*msDay {
			return true
		}
	}
	return false
}

func mayPause(s *State, st *step) error {
	until, latest := st.body.Number("until"), st.now+s.number("pause_hours")*msHour
	switch {
	case s.pausedAt(st.now) != nil:
		return st.no(refuseState, "there is a pause", "none")
	case until <= st.now || until > latest:
		return st.no(refuseLate, clock(until), clock(latest))
	case st.by == 0 && s.pausedLately(st.now):
		return st.no(refuseMany, "one pause", fmt.Sprintf("one in %d days without a decision", s.number("pause_days")))
	case st.by == 0 && !st.body.Has("why"):
		return st.no(refuseBody, "field \"why\" is missing, expected a reason", "")
	case st.by != 0 && len(st.entry.Statement.Payloads) == 0 && !st.body.Has("why"):
		return st.no(refusePayload, "", "reason")
	}
	return nil
}

// paused is the adoption of a pause. It is as long as was asked for, and never
// longer than the rules let it be from when it begins.
func (s *State) paused(entry int64, b Body, by map[int64]int64, now int64) bool {
	until := min(b.Number("until"), now+s.number("pause_hours")*msHour)
	if s.pausedAt(now) != nil || until <= now {
		return false
	}
	s.Stops = append(s.Stops, Stop{From: now, Until: until, Entry: entry, Least: s.number("move_days") * msDay, By: by})
	return true
}

func mayEndPause(s *State, st *step) error {
	p := s.pausedAt(st.now)
	if p == nil {
		return st.no(refuseMissing, "a pause", "one that is on")
	}
	if st.by == 0 && len(p.By) == 0 || st.by != 0 && has(p.By, st.by) {
		return nil
	}
	return st.no(refuseStanding, fmt.Sprintf("person %d", st.by), "one of those who began it")
}

func endPause(s *State, st *step) {
	if p := s.pausedAt(st.now); p != nil {
		p.Until = st.now
	}
}

// Lapsed tells whether no mandate of the whole network is in force at a time.
func (s *State) Lapsed(now int64) bool {
	for _, m := range s.Mandates {
		if m.Scope == InNetwork && s.InForce(m, now) {
			return false
		}
	}
	return true
}

func mayCallAssembly(s *State, st *step) error {
	least := st.now + s.number("assembly_days")*msDay
	switch {
	case !s.Lapsed(st.now):
		return st.no(refuseState, "there are mandates in force", "that all mandates of the network have lapsed")
	case st.body.Number("at") < least || st.body.Number("at") > least+366*msDay:
		return st.no(refuseEarly, clock(st.body.Number("at")), clock(least))
	}
	return nil
}

func mayAttend(s *State, st *step) error {
	entry := st.body.Number("assembly")
	a := s.Assemblies[entry]
	switch {
	case a == nil:
		return st.no(refuseMissing, fmt.Sprintf("assembly %d", entry), "one that was called")
	case st.now < a.At:
		return st.no(refuseEarly, clock(st.now), clock(a.At))
	case st.now >= a.At+s.number("assembly_open_days")*msDay || a.Closed:
		return st.no(refuseLate, clock(st.now), clock(a.At+s.number("assembly_open_days")*msDay))
	case a.Attended[st.by]:
		return st.no(refuseState, "you attend already", "once")
	case s.Persons[st.by].Joined >= entry:
		return st.no(refuseStanding, "a member since then", "members from before it was called")
	}
	return nil
}

func attend(s *State, st *step) {
	if a := s.Assemblies[st.body.Number("assembly")]; a != nil {
		a.Attended[st.by] = true
	}
}

func mayCede(s *State, st *step) error {
	o, until, latest := s.Rules.Office(st.body.Text("office")), st.body.Number("until"), st.now+s.number("cession_days")*msDay
	switch {
	case s.Rules.Power(st.body.Text("power")) == nil:
		return st.no(refuseMissing, fmt.Sprintf("power %q", st.body.Text("power")), "a power of the rules")
	case o == nil || o.Scope != InNetwork:
		return st.no(refuseMissing, fmt.Sprintf("office %q", st.body.Text("office")), "an office of the network")
	case until <= st.now || until > latest:
		return st.no(refuseLate, clock(until), clock(latest))
	case slices.Contains(s.Rules.Power(st.body.Text("power")).Appends, "cession.withdraw"):
		return st.no(refuseState, "the power to take back", "any other power")
	}
	return nil
}

func cede(s *State, st *step) {
	s.Cessions[st.seq] = &Cession{
		Organisation: st.body.Text("organisation"), Power: st.body.Text("power"), Office: st.body.Text("office"), Until: st.body.Number("until"),
	}
}
