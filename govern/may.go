package govern

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"bremen/internal/mistake"
	"bremen/record"
)

// step is one entry with what is known of it before it is let in.
type step struct {
	entry  *record.Entry
	seq    int64 // its number in the network's life; see State.Base
	typ    *Type
	body   Body
	now    int64 // milliseconds
	before int64 // time of the entry before
	by     int64
	scope  Scope
	rules  *Rules // in force, or those that a founding brings
}

// handler is what one type of entry asks for beyond what all do, and its effect.
// check may take for granted that the rules allow it; apply that check passed,
// but must not panic where it did not.
type handler struct {
	check func(*State, *step) error
	apply func(*State, *step)
}

func (st *step) no(code, found, wanted string) error {
	s := &st.entry.Statement
	return &Refusal{Code: code, Type: s.Type, Member: s.Member, Right: s.Right, Scope: st.scope, Found: found, Wanted: wanted}
}

// May tells whether an entry may be the next in the record: nil, or a
// *Refusal that says what was missing and who has it. It does not check that
// signatures are good, which Verify does.
func (s *State) May(e *record.Entry) error {
	_, err := s.may(Parse(e))
	return err
}

func (s *State) may(p *Parsed) (*step, error) {
	st, err := s.begin(p)
	if err != nil {
		return nil, err
	}
	for _, check := range checks {
		if err := check(s, st); err != nil {
			return nil, err
		}
	}
	if h := handlers()[st.typ.ID]; h.check != nil {
		return st, h.check(s, st)
	}
	return st, nil
}

// checks are what is asked of entries of every type, in this order.
var checks = []func(*State, *step) error{
	(*State).mayNext, (*State).mayStand, (*State).mayCarry, (*State).maySign, (*State).mayInvoke, (*State).mayGoOn,
}

// begin looks at an entry as the next one.
func (s *State) begin(p *Parsed) (*step, error) {
	e := p.Entry
	st := &step{entry: e, seq: s.Size, typ: p.typ, body: p.Body, now: e.Time.UnixMilli(), before: s.Time, by: e.Statement.Member, rules: s.Rules}
	switch {
	case p.typ == nil:
		return nil, st.no(refuseType, "", mistake.Nearest(e.Statement.Type, typeNames()))
	case p.err != nil:
		return nil, st.no(refuseBody, p.err.Error(), "")
	}
	return st, nil
}

func (s *State) mayNext(st *step) error {
	e := &st.entry.Statement
	switch {
	case st.entry.Seq != s.next(e.Type):
		return st.no(refuseSequence, fmt.Sprint(st.entry.Seq), fmt.Sprint(s.next(e.Type)))
	case st.now < s.Time:
		return st.no(refuseTime, clock(st.now), clock(s.Time))
	case len(st.entry.Signatures) == 0:
		return st.no(refuseSigners, "nobody", "the member")
	case s.Founded && (e.Origin == s.Origin) == (st.typ.ID == "log.succeed"):
		return st.no(refuseState, fmt.Sprintf("a statement for %q", e.Origin), fmt.Sprintf("one for %q", s.Origin))
	case !s.Founded && st.typ.ID != "network.found":
		return st.no(refuseUnfounded, "", "")
	case s.Founded && st.typ.ID == "network.found":
		return st.no(refuseFounded, "", "")
	case !s.Founded:
		rules, err := ParseJSON(st.body.Object("rules"))
		if err != nil {
			return st.no(refuseBody, err.Error(), "")
		}
		st.rules = rules
	}
	scope, err := s.scopeOf(st)
	st.scope = scope
	return err
}

// ScopeOf tells where an entry acts; the network where that cannot be told, and May refuses it.
func (s *State) ScopeOf(p *Parsed) Scope {
	st, err := s.begin(p)
	if err != nil {
		return InNetwork
	}
	scope, err := s.scopeOf(st)
	if err != nil {
		return InNetwork
	}
	return scope
}

// scopeOf finds where an entry acts.
func (s *State) scopeOf(st *step) (Scope, error) {
	missing := func(field, wanted string) (Scope, error) {
		found := fmt.Sprintf("%s %d", field, st.body.Number(field))
		return "", st.no(refuseMissing, found, wanted)
	}
	switch st.typ.About {
	case aboutSelf:
		return PersonScope(st.by), nil
	case aboutNetwork:
		return InNetwork, nil
	case aboutMandate:
		if m := s.Mandates[st.body.Number("mandate")]; m != nil {
			return m.Scope, nil
		}
		return missing("mandate", "the entry that gave a mandate")
	case aboutAct:
		if a := s.Acts[st.body.Number("act")]; a != nil {
			return a.Scope, nil
		}
		return missing("act", "an act that is still open")
	case aboutCession:
		if c := s.Cessions[st.body.Number("cession")]; c != nil {
			return OrganisationScope(c.Organisation), nil
		}
		return missing("cession", "a cession that was not withdrawn")
	case aboutCommitment:
		return s.scopeOfCommitment(st)
	case aboutGroup:
		return s.existing(st, GroupScope(st.body.Text("group")))
	case aboutFirm:
		return s.existing(st, OrganisationScope(st.body.Text("organisation")))
	}
	return s.existing(st, Scope(st.body.Text(st.typ.About)))
}

func (s *State) scopeOfCommitment(st *step) (Scope, error) {
	c := s.Commitments[st.body.Number("commitment")]
	switch {
	case c == nil:
		return "", st.no(refuseMissing, fmt.Sprintf("commitment %d", st.body.Number("commitment")), "a commitment that holds")
	case st.typ.ID == "commitment.withdraw":
		return c.Maker, nil
	case c.Receiver == "":
		return "", st.no(refuseMissing, "a receiver", "a commitment to a group or organisation")
	}
	return c.Receiver, nil
}

// existing checks that a group, organisation or person is there.
func (s *State) existing(st *step, scope Scope) (Scope, error) {
	var ok bool
	switch scope.Kind() {
	case InNetwork:
		ok = true
	case InGroup:
		_, ok = s.Groups[scope.Name()]
	case InOrganisation:
		ok = s.Organisations[scope.Name()] != nil
	case InPerson:
		ok = s.Persons[scope.Person()] != nil
	}
	if !ok {
		return "", st.no(refuseMissing, mistake.Quote(string(scope)), "one that is there")
	}
	return scope, nil
}

// mayStand checks who says it: a person who is here, the next to arrive, or the operator.
func (s *State) mayStand(st *step) error {
	standing := s.Standing(st.by)
	if standing == Newcomer && st.by != s.NextPerson() {
		return st.no(refuseNumber, fmt.Sprint(st.by), fmt.Sprintf("the next number, %d", s.NextPerson()))
	}
	powers := slices.Contains(officeTypes, st.typ.ID) && standing == Member
	if !slices.Contains(st.typ.Standings, standing) && !powers {
		r := st.no(refuseStanding, string(standing), joinHolders(st.typ.Standings)).(*Refusal)
		r.Needs, r.Could = s.whoCould(st.rules, st.typ, st.scope, st.now)
		return r
	}
	return nil
}

func joinHolders(list []Holder) string {
	if len(list) == 0 {
		return "somebody with a mandate"
	}
	var words []string
	for _, h := range list {
		words = append(words, string(h))
	}
	return strings.Join(words, ", ")
}

// mayCarry checks the payloads: known, all that must be there, each of the person whose entry it is.
func (s *State) mayCarry(st *step) error {
	var names []string
	for _, ref := range st.entry.Statement.Payloads {
		if !slices.Contains(st.typ.Payloads, ref.Name) {
			return st.no(refusePayload, ref.Name, orNone(strings.Join(st.typ.Payloads, ", ")))
		}
		if ref.Person != st.by {
			return st.no(refusePayload, fmt.Sprintf("%q of person %d", ref.Name, ref.Person), fmt.Sprintf("of person %d", st.by))
		}
		names = append(names, ref.Name)
	}
	for _, name := range st.typ.Needs {
		if !slices.Contains(names, name) {
			return st.no(refusePayload, "", name)
		}
	}
	return s.mayShow(st, names)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// shown are the fields that may be public of what a person states as an agent.
var shown = []string{"agent", "table", "receiver", "replaces", "corrects", "fulfils", "plan", "recipe", "stock", "row"}

// mayShow keeps what persons offer, promise, do and receive out of the public part.
func (s *State) mayShow(st *step, payloads []string) error {
	if st.typ.About != "agent" || !slices.Contains(st.typ.Payloads, "what") {
		return nil
	}
	private := st.scope.Kind() == InPerson
	for i := range st.typ.Fields {
		f := &st.typ.Fields[i]
		if !st.body.Has(f.Name) {
			continue
		}
		if private && (!slices.Contains(shown, f.Name) || f.Kind == KindRow || f.Name == "stock" && f.Kind == KindName) {
			return st.no(refuseDiscreet, f.Name, "what")
		}
		if f.Kind == KindAgent && f.Name != "agent" && Scope(st.body.Text(f.Name)).Kind() == InPerson {
			return st.no(refuseDiscreet, f.Name, "what")
		}
	}
	if private != slices.Contains(payloads, "what") {
		return st.no(refusePayload, "what", "it for a person, and only for a person")
	}
	return nil
}

// mayInvoke checks the right or power that the entry invokes.
func (s *State) mayInvoke(st *step) error {
	id := st.entry.Statement.Right
	var err error
	if right := st.rules.Right(id); right != nil {
		err = s.mayByRight(st, right)
	} else if power := st.rules.Power(id); power != nil {
		err = s.mayByPower(st, power)
	} else {
		err = st.no(refuseRight, "", "")
	}
	if r, ok := err.(*Refusal); ok {
		r.Needs, r.Could = s.whoCould(st.rules, st.typ, st.scope, st.now)
	}
	return err
}

func (s *State) mayByRight(st *step, r *Right) error {
	standing := s.Standing(st.by)
	switch {
	case !slices.Contains(r.Appends, st.typ.ID):
		return st.no(refuseRight, "", "")
	case !r.holds(standing):
		return st.no(refuseStanding, string(standing), joinHolders(r.Holders))
	case !slices.Contains(r.Within, st.scope.Kind()):
		return st.no(refuseScope, "", "")
	case standing == Operator || standing == Newcomer:
		return nil // the type says which; neither is one of any scope
	case standing == Guest && st.scope == InNetwork:
		return nil
	case !s.belongs(st.by, st.scope):
		return st.no(refuseScope, "", "")
	}
	return nil
}

func (s *State) mayByPower(st *step, p *Power) error {
	if !slices.Contains(p.Appends, st.typ.ID) {
		return st.no(refuseRight, "", "")
	}
	code := refuseMandate
	for _, m := range s.Mandates { // in any order: one in force suffices
		o := st.rules.Office(m.Office)
		if m.Holder != st.by || o == nil || !slices.Contains(o.Powers, p.ID) || !s.covers(m, p.ID, st.scope, st.now) {
			continue
		}
		if s.InForce(m, st.now) {
			return nil
		}
		if m.From > 0 {
			code = refuseExpired
		}
	}
	return st.no(code, "", "")
}

// covers tells whether a mandate reaches a scope: its own, or that of an
// organisation that has ceded the power to the office.
func (s *State) covers(m *Mandate, power string, scope Scope, now int64) bool {
	if m.Scope == scope {
		return true
	}
	if m.Scope != InNetwork || scope.Kind() != InOrganisation {
		return false
	}
	for _, c := range s.Cessions {
		if c.Organisation == scope.Name() && c.Power == power && c.Office == m.Office && now < c.Until {
			return true
		}
	}
	return false
}

// mayGoOn checks that no pause stops it. A recall is never stopped.
func (s *State) mayGoOn(st *step) error {
	if st.rules == nil || !slices.Contains(st.rules.Paused, st.typ.ID) {
		return nil
	}
	if a := s.Acts[st.body.Number("act")]; st.typ.ID == "act.close" && a != nil && a.Type == "recall.call" {
		return nil
	}
	if p := s.pausedAt(st.now); p != nil {
		return st.no(refusePaused, clock(p.Until), "")
	}
	return nil
}

func encode64(x []byte) string { return base64.RawURLEncoding.EncodeToString(x) }

func decode64(s string) []byte {
	x, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return x
}

// clock writes a time as bodies have it.
func clock(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z") }
