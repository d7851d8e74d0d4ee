package govern

import (
	"fmt"
	"slices"

	"bremen/internal/mistake"
)

// Keys, help and programs: in whose hands it is to speak for a person.
var keyHandlers = map[string]handler{
	"key.enrol":          {mayEnrol, enrol},
	"key.withdraw":       {mayWithdrawKey, func(s *State, st *step) { s.ofPerson(st.by, func(p *Person) { delete(p.Keys, keyID(st)) }) }},
	"key.object":         {mayObjectToKey, objectToKey},
	"trustees.name":      {mayNameTrustees, nameTrustees},
	"entry.disown":       {mayDisown, disown},
	"assistance.consent": {mayConsent, consent},
	"assistance.end": {mayEndConsent, func(s *State, st *step) {
		s.ofPerson(st.by, func(p *Person) { delete(p.Consents, st.body.Number("helper")) })
	}},
	"token.grant":  {mayGrant, grant},
	"token.revoke": {mayRevoke, func(s *State, st *step) { delete(s.Tokens, hash64(st.body.Bytes("token"))) }},
}

// keyID returns the name of the key that an entry is about.
func keyID(st *step) string { return encode64(st.body.Bytes("key")) }

// checkKey checks a new key: readable, and nobody's yet.
func (s *State) checkKey(st *step, card bool) error {
	var err error
	if card {
		err = checkCard(st.body.Bytes("public"))
		if err == nil && encode64(st.body.Bytes("public")) != keyID(st) {
			err = fmt.Errorf("key %s: a card's name is its public key", mistake.Quote(keyID(st)))
		}
	} else {
		err = CheckDeviceKey(st.body.Bytes("public"))
	}
	switch {
	case err != nil:
		return st.no(refuseBody, err.Error(), "")
	case !card && !st.body.Has("rp"):
		return st.no(refuseBody, "field \"rp\" is missing, expected the name for which the passkey was made", "")
	case s.taken(keyID(st)):
		return st.no(refuseKey, keyID(st), "a key that nobody has")
	}
	return nil
}

// maxKeys is how many keys one person may have.
const maxKeys = 20

func mayEnrol(s *State, st *step) error {
	if n := len(s.Persons[st.by].Keys); n >= maxKeys {
		return st.no(refuseMany, fmt.Sprintf("%d keys", n), fmt.Sprint(maxKeys))
	}
	return s.checkKey(st, st.body.Text("kind") == "card")
}

func enrol(s *State, st *step) {
	s.ofPerson(st.by, func(p *Person) {
		p.Keys[keyID(st)] = &Key{Kind: st.body.Text("kind"), Public: st.body.Bytes("public"), Party: st.body.Text("rp"), Entry: st.seq, At: st.now}
	})
}

func mayWithdrawKey(s *State, st *step) error {
	p := s.Persons[st.by]
	if p.Keys[keyID(st)] == nil {
		return st.no(refuseKey, keyID(st), "a key of yours")
	}
	for id := range p.Keys {
		if id != keyID(st) && s.counts(p, id, st.now) {
			return nil
		}
	}
	return st.no(refuseState, "it is your last key", "another that counts")
}

// replaced is the adoption of a key that others enter for somebody. It counts
// once its days are over; until then the old ones do, and can object.
func (s *State) replaced(entry int64, b Body, now int64) bool {
	p, id := s.Persons[b.Number("person")], encode64(b.Bytes("key"))
	if p == nil || p.Standing == Left || s.taken(id) {
		return false
	}
	p.Keys[id] = &Key{Kind: "device", Public: b.Bytes("public"), Party: b.Text("rp"), Entry: entry, At: now, Days: s.number("key_days")}
	return true
}

func mayReplaceKey(s *State, st *step) error {
	n := st.body.Number("person")
	switch p := s.Persons[n]; {
	case n == st.by || slices.ContainsFunc(signers(st), func(x int64) bool { return x == n }):
		return st.no(refuseSelf, "", "")
	case p == nil || p.Standing == Left:
		return st.no(refuseMissing, fmt.Sprintf("person %d", n), "a member or guest")
	case len(p.Keys) >= maxKeys:
		return st.no(refuseMany, fmt.Sprintf("%d keys", len(p.Keys)), fmt.Sprint(maxKeys))
	}
	return s.checkKey(st, false)
}

// KeyCounts returns when the key counts that an act has entered for somebody who lost theirs, in milliseconds since 1970; 0 if
// there is none.
func (s *State) KeyCounts(person, act int64) int64 {
	if p := s.Persons[person]; p != nil {
		for _, k := range p.Keys {
			if k.Entry == act && k.Days > 0 {
				return s.keyDue(k)
			}
		}
	}
	return 0
}

func mayObjectToKey(s *State, st *step) error {
	k := s.Persons[st.by].Keys[keyID(st)]
	if k == nil || k.Days == 0 {
		return st.no(refuseKey, keyID(st), "one that others announced")
	}
	if due := s.keyDue(k); st.now >= due {
		return st.no(refuseLate, clock(st.now), clock(due))
	}
	return nil
}

func objectToKey(s *State, st *step) {
	s.ofPerson(st.by, func(p *Person) {
		if k := p.Keys[keyID(st)]; k != nil && k.Days > 0 {
			delete(p.Keys, keyID(st))
		}
	})
}

func mayNameTrustees(s *State, st *step) error {
	list := st.body.persons("trustees")
	for _, n := range list {
		if n == st.by || s.Standing(n) != Member {
			return st.no(refuseMissing, fmt.Sprintf("trustee %d", n), "members other than oneself")
		}
	}
	return nil
}

func nameTrustees(s *State, st *step) {
	list := st.body.persons("trustees")
	s.ofPerson(st.by, func(p *Person) { p.Trustees = slices.Clone(list) })
}

// final are entries that nobody can take back by saying that they are not theirs.
var final = []string{"member.leave", "person.erase", "entry.disown", "member.join", "guest.arrive"}

// DisownableUntil returns until when somebody can say of an entry in their name that it is not theirs, in milliseconds since
// 1970; 0 if they cannot.
func (s *State) DisownableUntil(person, entry int64) int64 {
	i := slices.IndexFunc(s.Recent, func(r Recent) bool { return r.Entry == entry && r.Person == person })
	if i < 0 || slices.Contains(final, s.Recent[i].Type) {
		return 0
	}
	return s.deadline(s.Recent[i].At, s.number("disown_days"))
}

func mayDisown(s *State, st *step) error {
	entry := st.body.Number("entry")
	i := slices.IndexFunc(s.Recent, func(r Recent) bool { return r.Entry == entry && r.Person == st.by })
	if i < 0 {
		return st.no(refuseMissing, fmt.Sprintf("entry %d in your name", entry), fmt.Sprintf("one of the last %d days", s.number("disown_days")))
	}
	if t := s.Recent[i].Type; slices.Contains(final, t) {
		return st.no(refuseState, t, "an entry that can be undone")
	}
	return nil
}

// disown takes back what an entry did here, as far as it still stands. What has
// already taken effect for others (an act adopted, a mandate accepted) stays:
// they relied on it, and there are recall and new acts.
func disown(s *State, st *step) {
	entry := st.body.Number("entry")
	s.Recent = slices.DeleteFunc(s.Recent, func(r Recent) bool { return r.Entry == entry && r.Person == st.by })
	if s.Statements[entry].Of == PersonScope(st.by) {
		s.letGo(entry)
	}
	if c := s.Commitments[entry]; c != nil && c.Maker == PersonScope(st.by) {
		delete(s.Commitments, entry)
	}
	for code, i := range s.Invitations {
		if i.Entry == entry && i.By == st.by {
			delete(s.Invitations, code)
		}
	}
	for id, t := range s.Tokens {
		if t.Entry == entry && t.Person == st.by {
			delete(s.Tokens, id)
		}
	}
	for _, p := range s.Persons {
		if p.Vouches[st.by].Entry == entry {
			delete(p.Vouches, st.by)
		}
		if p.Objections[st.by] == entry {
			delete(p.Objections, st.by)
		}
	}
	for id, a := range s.Acts {
		s.disownAct(id, a, entry, st.by)
	}
	s.disownKey(entry, st)
}

func (s *State) disownAct(id int64, a *Act, entry, by int64) {
	if seq, yes := a.Yes[by]; yes && seq == entry {
		delete(a.Yes, by)
	}
	if seq, no := a.No[by]; no && seq == entry {
		delete(a.No, by)
	}
	if id == entry && a.By == by && len(a.Yes) == 0 {
		delete(s.Acts, id)
	}
}

// disownKey removes a key that somebody else enrolled in one's name, if another counts.
func (s *State) disownKey(entry int64, st *step) {
	s.ofPerson(st.by, func(p *Person) {
		for id, k := range p.Keys {
			others := false
			for other := range p.Keys {
				others = others || other != id && s.counts(p, other, st.now)
			}
			if k.Entry == entry && k.Days == 0 && entry != 0 && others {
				delete(p.Keys, id)
			}
		}
	})
}

func mayConsent(s *State, st *step) error {
	helper, until := st.body.Number("helper"), st.body.Number("until")
	switch latest := st.now + s.number("consent_days")*msDay; {
	case helper == st.by:
		return st.no(refuseSelf, "", "")
	case s.Standing(helper) != Member:
		return st.no(refuseMissing, fmt.Sprintf("member %d", helper), "a member who helps")
	case until <= st.now || until > latest:
		return st.no(refuseLate, clock(until), clock(latest))
	}
	return nil
}

func consent(s *State, st *step) {
	s.ofPerson(st.by, func(p *Person) {
		if p.Consents == nil {
			p.Consents = map[int64]int64{}
		}
		p.Consents[st.body.Number("helper")] = st.body.Number("until")
	})
}

func mayEndConsent(s *State, st *step) error {
	if !has(s.Persons[st.by].Consents, st.body.Number("helper")) {
		return st.no(refuseMissing, fmt.Sprintf("consent to person %d", st.body.Number("helper")), "one that was given")
	}
	return nil
}

func mayGrant(s *State, st *step) error {
	until, latest := st.body.Number("until"), st.now+s.number("token_days")*msDay
	switch {
	case s.Tokens[hash64(st.body.Bytes("token"))] != nil:
		return st.no(refuseState, "that token exists", "a fresh one")
	case until <= st.now || until > latest:
		return st.no(refuseLate, clock(until), clock(latest))
	case len(st.body.names("rights")) == 0:
		return st.no(refuseMissing, "a right", "at least one")
	}
	for _, id := range st.body.names("rights") {
		if s.Rules.Right(id) == nil && s.Rules.Power(id) == nil {
			return st.no(refuseMissing, fmt.Sprintf("right %q", id), "a right or power of the rules")
		}
	}
	return nil
}

func grant(s *State, st *step) {
	s.Tokens[hash64(st.body.Bytes("token"))] = &Token{
		Person: st.by, Rights: slices.Clone(st.body.names("rights")), Until: st.body.Number("until"), Entry: st.seq,
	}
}

func mayRevoke(s *State, st *step) error {
	if t := s.Tokens[hash64(st.body.Bytes("token"))]; t == nil || t.Person != st.by {
		return st.no(refuseMissing, "that token", "one of yours")
	}
	return nil
}
