package govern

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"

	"bremen/record"
)

// How a network is founded and people come to it.
var joiningHandlers = map[string]handler{
	"network.found":       {mayFound, found},
	"invitation.issue":    {mayInvite, invite},
	"invitation.withdraw": {mayUninvite, func(s *State, st *step) { delete(s.Invitations, hash64(st.body.Bytes("invitation"))) }},
	"guest.arrive":        {mayArrive, arrive},
	"vouch.give":          {mayVouch, vouch},
	"vouch.withdraw":      {mayUnvouch, func(s *State, st *step) { s.ofGuest(st, func(p *Person) { delete(p.Vouches, st.by) }) }},
	"joining.object":      {mayObject, object},
	"joining.yield":       {mayYield, func(s *State, st *step) { s.ofGuest(st, func(p *Person) { delete(p.Objections, st.by) }) }},
	"member.join":         {mayJoin, becomeMember},
}

func hash64(x []byte) string { return base64.StdEncoding.EncodeToString(x) }

func mayFound(s *State, st *step) error {
	founders := st.body.founders()
	least := int(st.rules.Numbers["founders"])
	if len(founders) < least || st.by != 1 {
		return st.no(refuseSigners, fmt.Sprintf("%d founders", len(founders)), fmt.Sprintf("at least %d, the first as member 1", least))
	}
	if n := len(st.entry.Signatures); n != len(founders) {
		return st.no(refuseSigners, fmt.Sprintf("%d people", n), fmt.Sprintf("all %d founders", len(founders)))
	}
	seen := map[string]bool{}
	for _, f := range founders {
		for _, key := range []string{f.Key, f.Card} {
			if seen[key] {
				return st.no(refuseKey, key, "a key of their own for everybody")
			}
			seen[key] = true
		}
	}
	if _, err := record.Ed25519(st.body.Text("log-key")); err != nil {
		return st.no(refuseBody, err.Error(), "")
	}
	return mayFollow(st)
}

// mayFollow checks what a founding says of an earlier record that it follows.
func mayFollow(st *step) error {
	b := st.body
	if !b.Has("origin") && !b.Has("size") && !b.Has("root") {
		return nil
	}
	if err := record.CheckOrigin(b.Text("origin")); err != nil || !b.Has("root") || b.Number("size") < 1 {
		return st.no(refuseBody, "expected origin, size and root of the record that this one follows, or none of them", "")
	}
	return nil
}

func found(s *State, st *step) {
	rules, err := ParseJSON(st.body.Object("rules"))
	if err != nil || s.Founded {
		return
	}
	s.Founded, s.Rules, s.RulesEntry = true, rules, st.seq
	s.Name, s.Purpose, s.Operator = st.body.Text("name"), st.body.Text("purpose"), st.body.Text("operator")
	s.Origin, s.LogKey, s.Party = st.entry.Statement.Origin, st.body.Text("log-key"), st.body.Text("rp")
	if st.body.Has("origin") {
		s.Origins = append(s.Origins, Loss{Entry: st.seq, Origin: st.body.Text("origin"), Size: st.body.Number("size"), Root: bytes.Clone(st.body.Bytes("root"))})
	}
	founders := st.body.founders()
	for _, f := range founders {
		p := &Person{Standing: Member, Household: f.Household, Group: f.Group, Arrived: st.now, Joined: st.seq, GroupEntry: st.seq}
		p.Keys = map[string]*Key{
			f.Key:  {Kind: "device", Public: decode64(f.Public), Party: s.Party, Entry: st.seq, At: st.now},
			f.Card: {Kind: "card", Public: decode64(f.Card), Entry: st.seq, At: st.now},
		}
		s.Persons[f.Person] = p
		if _, there := s.Groups[f.Group]; !there {
			s.Groups[f.Group] = st.seq
		}
		s.Members++
	}
}

// expires returns when an invitation is over.
func (s *State) expires(i *Invitation) int64 { return s.deadline(i.At, s.number("invitation_days")) }

func mayInvite(s *State, st *step) error {
	if s.Invitations[hash64(st.body.Bytes("invitation"))] != nil {
		return st.no(refuseState, "that code was used before", "a fresh one")
	}
	open := int64(0)
	for _, i := range s.Invitations {
		if i.By == st.by && st.now < s.expires(i) {
			open++
		}
	}
	if most := s.number("open_invitations"); open >= most {
		return st.no(refuseMany, fmt.Sprintf("%d open invitations", open), fmt.Sprint(most))
	}
	guests := int64(0)
	for _, p := range s.Persons {
		if p.Standing == Guest && p.Inviter == st.by {
			guests++
		}
	}
	if most := s.number("guests_per_member"); guests >= most {
		return st.no(refuseMany, fmt.Sprintf("%d guests", guests), fmt.Sprint(most))
	}
	return nil
}

func invite(s *State, st *step) {
	for code, i := range s.Invitations {
		if i.By == st.by && st.now >= s.expires(i) {
			delete(s.Invitations, code)
		}
	}
	s.Invitations[hash64(st.body.Bytes("invitation"))] = &Invitation{By: st.by, Entry: st.seq, At: st.now}
}

func mayUninvite(s *State, st *step) error {
	if i := s.Invitations[hash64(st.body.Bytes("invitation"))]; i == nil || i.By != st.by {
		return st.no(refuseMissing, "that invitation", "an open one of one's own")
	}
	return nil
}

// invitationOf finds the invitation whose code an arriving guest shows.
func (s *State) invitationOf(st *step) (string, *Invitation) {
	sum := sha256.Sum256(st.body.Bytes("code"))
	code := hash64(sum[:])
	return code, s.Invitations[code]
}

func mayArrive(s *State, st *step) error {
	_, i := s.invitationOf(st)
	switch {
	case i == nil:
		return st.no(refuseMissing, "an invitation with that code", "one that is open")
	case st.now >= s.expires(i):
		return st.no(refuseLate, clock(st.now), clock(s.expires(i)))
	}
	if err := checkKeys(encode64(st.body.Bytes("key")), encode64(st.body.Bytes("public")), encode64(st.body.Bytes("card"))); err != nil {
		return st.no(refuseBody, err.Error(), "")
	}
	if key := encode64(st.body.Bytes("key")); s.taken(key) || s.taken(encode64(st.body.Bytes("card"))) {
		return st.no(refuseKey, key, "keys that nobody else has")
	}
	return nil
}

// taken tells whether somebody already has a key of this name.
func (s *State) taken(key string) bool {
	for _, p := range s.Persons {
		if p.Keys[key] != nil {
			return true
		}
	}
	return false
}

func arrive(s *State, st *step) {
	code, i := s.invitationOf(st)
	if i == nil || st.by != s.NextPerson() {
		return
	}
	delete(s.Invitations, code)
	p := &Person{Standing: Guest, Household: st.body.Text("household"), Inviter: i.By, Arrived: st.now, GroupEntry: st.seq, Joined: st.seq}
	if by := s.Persons[i.By]; by != nil {
		p.Group = by.Group
	}
	p.Keys = map[string]*Key{
		encode64(st.body.Bytes("key")):  {Kind: "device", Public: st.body.Bytes("public"), Party: st.body.Text("rp"), Entry: st.seq, At: st.now},
		encode64(st.body.Bytes("card")): {Kind: "card", Public: st.body.Bytes("card"), Entry: st.seq, At: st.now},
	}
	s.Persons[st.by] = p
}

// guest returns the guest whom an entry is about.
func (s *State) guest(st *step) (*Person, error) {
	p := s.Persons[st.body.Number("guest")]
	if p == nil || p.Standing != Guest {
		return nil, st.no(refuseMissing, fmt.Sprintf("guest %d", st.body.Number("guest")), "a guest who is here")
	}
	return p, nil
}

func (s *State) ofGuest(st *step, do func(*Person)) {
	if p, err := s.guest(st); err == nil {
		do(p)
	}
}

func mayVouch(s *State, st *step) error {
	p, err := s.guest(st)
	if err == nil && has(p.Vouches, st.by) {
		return st.no(refuseState, "you vouch already", "once")
	}
	return err
}

func vouch(s *State, st *step) {
	s.ofGuest(st, func(p *Person) {
		if p.Vouches == nil {
			p.Vouches = map[int64]Vouch{}
		}
		p.Vouches[st.by] = Vouch{Entry: st.seq, At: st.now}
	})
}

func mayUnvouch(s *State, st *step) error {
	p, err := s.guest(st)
	if err == nil && !has(p.Vouches, st.by) {
		return st.no(refuseMissing, "a vouch of yours", "one to take back")
	}
	return err
}

func mayObject(s *State, st *step) error {
	p, err := s.guest(st)
	if err == nil && has(p.Objections, st.by) {
		return st.no(refuseState, "you object already", "once")
	}
	return err
}

func object(s *State, st *step) {
	s.ofGuest(st, func(p *Person) {
		if p.Objections == nil {
			p.Objections = map[int64]int64{}
		}
		p.Objections[st.by] = st.seq
	})
}

func mayYield(s *State, st *step) error {
	p, err := s.guest(st)
	if err == nil && !has(p.Objections, st.by) {
		return st.no(refuseMissing, "an objection of yours", "one to take back")
	}
	return err
}

// vouched returns when the last vouch needed was given, and how many vouch;
// 0 if more are needed. Those of members count, of other households first: if
// fewer members live in other households than must vouch, others make up for them.
func (s *State) vouched(p *Person) (at, count int64) {
	apart, needed := int64(0), min(s.number("vouchers"), s.Members)
	for _, q := range s.Persons {
		if q.Standing == Member && q.Household != p.Household {
			apart++
		}
	}
	apart = min(apart, needed)
	var times, others []int64
	for person, v := range p.Vouches {
		q := s.Persons[person]
		if q == nil || q.Standing != Member {
			continue
		}
		times = append(times, v.At)
		if q.Household != p.Household {
			others = append(others, v.At)
		}
	}
	slices.Sort(times)
	slices.Sort(others)
	count = int64(len(times))
	if count < needed || int64(len(others)) < apart || needed == 0 {
		return 0, count
	}
	at = times[needed-1]
	if apart > 0 {
		at = max(at, others[apart-1])
	}
	return at, count
}

// MayJoinFrom returns when a guest can become a member, if nobody objects; 0 if
// more vouches are needed. Objections counts those that hold it up.
func (s *State) MayJoinFrom(guest int64) (from int64, objections int) {
	p := s.Persons[guest]
	if p == nil || p.Standing != Guest {
		return 0, 0
	}
	at, count := s.vouched(p)
	if at == 0 {
		return 0, len(p.Objections)
	}
	if count*100 <= s.number("overrule_percent")*s.Members {
		for person := range p.Objections {
			if s.Standing(person) == Member {
				objections++
			}
		}
	}
	return s.deadline(at, s.number("objection_days")), objections
}

func mayJoin(s *State, st *step) error {
	from, objections := s.MayJoinFrom(st.by)
	switch {
	case from == 0:
		_, count := s.vouched(s.Persons[st.by])
		return st.no(refuseState, fmt.Sprintf("%d vouch", count), fmt.Sprintf("%d members of other households", s.number("vouchers")))
	case st.now < from:
		return st.no(refuseEarly, clock(st.now), clock(from))
	case objections > 0:
		return st.no(refuseState, fmt.Sprintf("%d objections", objections), fmt.Sprintf("none, or vouches of more than %d%% of the members", s.number("overrule_percent")))
	}
	return nil
}

func becomeMember(s *State, st *step) {
	p := s.Persons[st.by]
	if p == nil || p.Standing != Guest {
		return
	}
	p.Standing, p.Joined, p.GroupEntry = Member, st.seq, st.seq
	p.Vouches, p.Objections = nil, nil
	s.Members++
}
