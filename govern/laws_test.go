package govern

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"bremen/record"
)

// history is a network that people drive about at random.
type history struct {
	*world
	rt       *rapid.T
	ends     map[int64]int64    // of mandates, as they last were
	consents map[[2]int64]int64 // person and helper to the time until which, kept apart from the state
}

// pick returns one of a list, or something else now and then.
func (h *history) pick(what string, list []int64) int64 {
	if len(list) == 0 || rapid.IntRange(0, 15).Draw(h.rt, what+" odd") == 0 {
		return rapid.Int64Range(0, 12).Draw(h.rt, what)
	}
	return rapid.SampledFrom(list).Draw(h.rt, what)
}

func sortedKeys[V any](m map[int64]V) []int64 {
	var list []int64
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// value makes a plausible value for a field.
func (h *history) value(f *Field, by int64) any {
	s := h.state
	days := func() string {
		return h.in(rapid.SampledFrom([]float64{-1, 0.5, 1, 3, 8, 30, 60, 90, 183}).Draw(h.rt, "days"))
	}
	switch f.Kind {
	case KindPerson:
		return max(1, h.pick(f.Name, sortedKeys(s.Persons)))
	case KindPersons:
		return []int64{1, 2}
	case KindEntry:
		lists := map[string][]int64{
			"mandate": sortedKeys(s.Mandates), "act": sortedKeys(s.Acts), "assembly": sortedKeys(s.Assemblies), "cession": sortedKeys(s.Cessions),
			"commitment": sortedKeys(s.Commitments), "entry": {s.Size - 1, s.Size - 2}, "base": {s.RulesEntry}, "size": {s.Size},
		}
		list, ok := lists[f.Name]
		if !ok {
			list = sortedKeys(s.Statements)
		}
		return h.pick(f.Name, list)
	case KindTime:
		return days()
	case KindAgent:
		return rapid.SampledFrom([]string{"network", "group:nord", "organisation:bakery", fmt.Sprintf("person:%d", max(1, by)), "person:1"}).Draw(h.rt, f.Name)
	case KindName:
		return h.name(f)
	case KindChoice:
		return rapid.SampledFrom(f.Choices).Draw(h.rt, f.Name)
	case KindNames:
		return []string{"offer", "state"}
	case KindDecimal:
		return "1.5"
	case KindText:
		return "because"
	case KindRow:
		return body{"a": "b"}
	case KindRules:
		return json.RawMessage(h.rules().JSON())
	case KindHash:
		n := rapid.IntRange(0, 5).Draw(h.rt, f.Name)
		sum := sha256.Sum256(fmt.Appendf(nil, "code-%d", n))
		return hash64(sum[:])
	case KindBytes:
		return h.bytes(f)
	}
	return nil
}

func (h *history) name(f *Field) string {
	names := map[string][]string{
		"office": {"planning", "records", "host", "delegate"}, "group": {"nord", "sued"}, "organisation": {"bakery", "mill"},
		"power": {"adopt", "speak", "describe"}, "log-key": {logKey(h.server, testOrigin)}, "public": {logKey(h.server, testOrigin)}, "rp": {testParty},
	}
	list := names[f.Name]
	if list == nil {
		list = []string{"a", "b"}
	}
	return rapid.SampledFrom(list).Draw(h.rt, f.Name)
}

// bytes returns a code, or a key that nobody in the test can sign with.
func (h *history) bytes(f *Field) string {
	n := rapid.Int64Range(0, 5).Draw(h.rt, f.Name)
	other := newIdentity(1000 + 2*h.state.Size)
	switch f.Name {
	case "code":
		return encode64(fmt.Appendf(nil, "code-%d", n))
	case "key":
		for _, p := range h.state.Persons { // any key that somebody announced
			for id, k := range p.Keys {
				if k.Days > 0 {
					return id
				}
			}
		}
		return other.id
	case "public":
		return encode64(other.public)
	}
	return other.card()
}

// rules are the default ones, with some figures changed within their bounds.
func (h *history) rules() *Rules {
	r := Default()
	for range rapid.IntRange(0, 3).Draw(h.rt, "changes") {
		n := rapid.SampledFrom(numbers).Draw(h.rt, "number")
		r.Numbers[n.Key] = rapid.Int64Range(n.Least, n.Most).Draw(h.rt, n.Key)
	}
	if rapid.IntRange(0, 3).Draw(h.rt, "take") == 0 {
		i := rapid.IntRange(0, len(r.Rights)-1).Draw(h.rt, "right")
		r.Rights = slices.Delete(r.Rights, i, i+1)
	}
	for i := range r.Offices {
		r.Offices[i].TermDays = rapid.Int64Range(1, maxTerm).Draw(h.rt, "term")
	}
	return r
}

// statement makes one, plausible in most.
func (h *history) statement() said {
	var names []string
	for i := range types {
		if id := types[i].ID; id != "network.found" && id != "member.leave" && id != "person.erase" && id != "log.succeed" {
			names = append(names, id)
		}
	}
	often := []string{"act.assent", "mandate.give", "mandate.accept", "vouch.give", "recall.call", "plan.adopt", "member.leave", "need.state", "act.close", "invitation.issue"}
	typ := TypeByID(rapid.SampledFrom(append(names, often...)).Draw(h.rt, "type"))
	x := said{typ: typ.ID, body: body{}}
	people := sortedKeys(h.state.Persons)
	switch {
	case slices.Contains(typ.Standings, Operator) && rapid.Bool().Draw(h.rt, "operator"):
		x.by = 0
	case typ.ID == "guest.arrive":
		x = h.arrival(h.state.NextPerson(), fmt.Appendf(nil, "code-%d", rapid.IntRange(0, 5).Draw(h.rt, "code")), "h9")
		return x
	default:
		x.by = rapid.SampledFrom(people).Draw(h.rt, "by")
	}
	for i := range typ.Fields {
		f := &typ.Fields[i]
		if !f.Optional || f.Name == "row" && rapid.Bool().Draw(h.rt, "row") {
			x.body[f.Name] = h.value(f, x.by)
		}
	}
	if typ.Act && x.by != 0 {
		for _, n := range people {
			if n != x.by && h.known(n) && rapid.Bool().Draw(h.rt, "signs") {
				x.with = append(x.with, n)
			}
		}
	}
	if slices.Contains(typ.Payloads, "what") && x.body["agent"] == fmt.Sprintf("person:%d", x.by) {
		x.payloads = []string{"what"}
		delete(x.body, "row")
	}
	if slices.Contains(typ.Payloads, "reason") && len(typ.Needs) == 0 && x.by != 0 {
		x.payloads = append(x.payloads, "reason")
	}
	if x.by != 0 && typ.Assist && rapid.IntRange(0, 4).Draw(h.rt, "helped") == 0 {
		x.kind, x.helper = record.Assisted, h.pick("helper", people)
	}
	return x
}

// known tells whether a person's own key still counts, so that the test can sign for them.
func (h *history) known(n int64) bool {
	p := h.state.Persons[n]
	return p != nil && h.state.counts(p, h.person(n).id, h.now.UnixMilli())
}

// TestLaws drives networks about at random and checks what must hold whatever happens.
func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		households := rapid.SampledFrom([][]string{{"h1", "h1", "h2"}, {"h1", "h2", "h3", "h4", "h5"}}).Draw(rt, "households")
		h := &history{world: newNetwork(rt, households...), rt: rt, ends: map[int64]int64{}, consents: map[[2]int64]int64{}}
		if len(households) > 3 {
			h.give("planning", InNetwork, 1, 100, 2, 3, 4)
		}
		for range rapid.SampledFrom([]int{5, 10, 15}).Draw(rt, "steps") {
			h.pass(rapid.SampledFrom([]float64{0, 0, 0, 0.04, 1, 8, 15, 100}).Draw(rt, "pass"))
			if rapid.Bool().Draw(rt, "plot") {
				rapid.SampledFrom(plots).Draw(rt, "which")(h)
			}
			h.step(h.statement())
			h.checkState()
		}
		h.replay()
	})
}

// step tries a statement and checks the entry if it is let in.
func (h *history) step(x said) bool {
	e := h.entry(x)
	if err := h.state.May(&e); err != nil {
		return false
	}
	before := h.state.JSON()
	snapshot, err := ParseState(before)
	if err != nil {
		h.rt.Fatalf("snapshot: %v", err)
	}
	h.take(&e)
	h.checkEntry(snapshot, &h.log[len(h.log)-1])
	return true
}

var defaultJSON = sync.OnceValue(func() json.RawMessage { return Default().JSON() })

// able returns the members who can sign here, in a random order.
func (h *history) able() []int64 {
	var list []int64
	for _, n := range sortedKeys(h.state.Persons) {
		if h.state.Standing(n) == Member && h.known(n) {
			list = append(list, n)
		}
	}
	if len(list) == 0 {
		return list
	}
	return rapid.Permutation(list).Draw(h.rt, "able")
}

// checkEntry checks an entry that was let in against the state before it.
func (h *history) checkEntry(before *State, e *record.Entry) {
	s := &e.Statement
	now := e.Time.UnixMilli()
	st, err := before.begin(Parse(e))
	if err != nil {
		h.rt.Fatalf("%v", err)
	}
	scope, err := before.scopeOf(st)
	if err != nil {
		h.rt.Fatalf("%v", err)
	}
	// Nobody speaks for anybody else.
	if n := scope.Person(); n != 0 && n != s.Member {
		h.rt.Fatalf("%s by person %d acts for person %d", s.Type, s.Member, n)
	}
	if s.Helper != 0 && now >= h.consents[[2]int64{s.Member, s.Helper}] {
		h.rt.Fatalf("%s by person %d with helper %d without consent", s.Type, s.Member, s.Helper)
	}
	switch s.Type {
	case "assistance.consent":
		h.consents[[2]int64{s.Member, st.body.Number("helper")}] = st.body.Number("until")
	case "assistance.end":
		delete(h.consents, [2]int64{s.Member, st.body.Number("helper")})
	}
	// No power without a mandate, none that outlasts its term.
	if p := before.Rules.Power(s.Right); p != nil {
		ok := slices.ContainsFunc(sortedKeys(before.Mandates), func(n int64) bool {
			m := before.Mandates[n]
			o := before.Rules.Office(m.Office)
			return m.Holder == s.Member && o != nil && slices.Contains(o.Powers, p.ID) &&
				m.From > 0 && now >= m.From && now < m.Until && now < m.From+o.TermDays*msDay && m.Ended == 0
		})
		if !ok {
			h.rt.Fatalf("%s by person %d with power %q and no mandate", s.Type, s.Member, p.ID)
		}
	}
}

// checkState checks what must be possible, and what must not be, at any time.
func (h *history) checkState() {
	s, now := h.state, h.now.UnixMilli()
	if m := s.Rules.Check(); len(m) > 0 {
		h.rt.Fatalf("rules in force: %v", m)
	}
	for i := range s.Stops {
		if p := &s.Stops[i]; !p.Outage && p.Until-p.From > 72*msHour {
			h.rt.Fatalf("a pause of %d hours", (p.Until-p.From)/msHour)
		}
	}
	count, one := int64(0), rapid.SampledFrom(sortedKeys(s.Persons)).Draw(h.rt, "somebody")
	for _, n := range sortedKeys(s.Persons) {
		p := s.Persons[n]
		if p.Standing == Member {
			count++
		}
		if p.Standing != Left && n == one && h.known(n) {
			if err := h.try(said{typ: "member.leave", by: n}); err != nil {
				h.rt.Fatalf("person %d cannot leave: %v", n, err)
			}
		}
		if p.Standing == Member && n == one && h.known(n) {
			h.checkWayBack(n)
		}
	}
	if count != s.Members {
		h.rt.Fatalf("%d members counted as %d", count, s.Members)
	}
	for _, entry := range s.mandateEntries() {
		m := s.Mandates[entry]
		if s.InForce(m, now) && m.ends() > m.From+maxTerm*msDay {
			h.rt.Fatalf("mandate %d outlasts every term", entry)
		}
		if before, ok := h.ends[entry]; ok && m.ends() > before {
			h.rt.Fatalf("the end of mandate %d moved from %s to %s", entry, clock(before), clock(m.ends()))
		}
		h.ends[entry] = m.ends()
	}
}

// checkWayBack checks that a member can call for the recall of every mandate
// that concerns them, propose rules, and, with two more, call an assembly when all mandates have lapsed.
func (h *history) checkWayBack(n int64) {
	s, now := h.state, h.now.UnixMilli()
	for _, entry := range s.mandateEntries() {
		m := s.Mandates[entry]
		if !s.InForce(m, now) || m.Holder == n || !s.belongs(n, m.Scope) {
			continue
		}
		err := h.try(said{typ: "recall.call", by: n, body: body{"mandate": entry}})
		if err != nil && err.(*Refusal).Code != refuseState && err.(*Refusal).Code != refuseSigners { // one is open; or came to the group just now
			h.rt.Fatalf("person %d cannot recall mandate %d: %v", n, entry, err)
		}
	}
	if err := h.try(said{typ: "rules.change", by: n, body: body{"rules": defaultJSON(), "base": s.RulesEntry}}); err != nil {
		h.rt.Fatalf("member %d cannot propose rules: %v", n, err)
	}
	if !s.Lapsed(now) {
		return
	}
	var others []int64
	for _, k := range sortedKeys(s.Persons) {
		if k != n && s.Standing(k) == Member && h.known(k) && len(others) < 2 {
			others = append(others, k)
		}
	}
	x := said{typ: "assembly.call", by: n, with: others, body: body{"at": h.in(31)}}
	if err := h.try(x); err != nil && len(others) == 2 {
		h.rt.Fatalf("members %d, %v cannot call an assembly: %v", n, others, err)
	}
}

// TestOrderDoesNotMatter: what several say at the same time gives the same
// result in whatever order the record takes it.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		said := func() []said {
			return []said{
				{typ: "vouch.give", by: 1, body: body{"guest": 6}},
				{typ: "vouch.give", by: 2, body: body{"guest": 6}},
				{typ: "vouch.give", by: 3, body: body{"guest": 6}},
				{typ: "joining.object", by: 4, body: body{"guest": 6}},
				{typ: "need.state", by: 6},
				{typ: "need.state", by: 1},
				{typ: "offer.state", by: 2},
				{typ: "act.assent", by: 3, body: body{"act": 3}},
				{typ: "act.assent", by: 4, body: body{"act": 3}},
				{typ: "household.move", by: 4, body: body{"household": "h1"}},
				{typ: "organisation.found", by: 3, body: body{"organisation": "bakery"}},
				{typ: "trustees.name", by: 2, body: body{"trustees": []int64{1}}},
			}
		}
		run := func(order []int) string {
			w := newNetwork(rt, "h1", "h2", "h3", "h4", "h5")
			w.arrive(1, "h6")
			if act := w.do(statementBy("mandate.give", 1, body{"office": "planning", "scope": "network", "holder": 2, "until": w.in(50)})); act != 3 {
				rt.Fatalf("the act is entry %d", act)
			}
			all := said()
			for _, i := range order {
				w.do(all[i])
			}
			w.pass(14)
			return w.summary()
		}
		order := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}).Draw(rt, "order")
		if a, b := run(order), run([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}); a != b {
			rt.Fatalf("order %v gives\n%s, want\n%s", order, a, b)
		}
	})
}

func statementBy(typ string, by int64, b body) said { return said{typ: typ, by: by, body: b} }

// summary is the state without the numbers of entries.
func (w *world) summary() string {
	var b bytes.Buffer
	s := w.state
	for _, n := range sortedKeys(s.Persons) {
		p := s.Persons[n]
		from, objections := s.MayJoinFrom(n)
		fmt.Fprintln(&b, n, p.Standing, p.Household, p.Group, p.Trustees, sortedKeys(p.Vouches), sortedKeys(p.Objections), from, objections)
	}
	var rest []string
	for _, m := range s.Mandates {
		rest = append(rest, fmt.Sprint(m.Office, m.Scope, m.Holder, m.Until, m.From))
	}
	for _, x := range s.Statements {
		rest = append(rest, fmt.Sprint(x.Type, x.Of))
	}
	slices.Sort(rest)
	fmt.Fprintln(&b, rest, len(s.Acts), s.Members)
	return b.String()
}
