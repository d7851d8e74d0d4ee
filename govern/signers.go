package govern

import (
	"fmt"
	"slices"
	"strings"

	"bremen/record"
)

// maySign checks that kinds of signature, keys and signers suffice.
func (s *State) maySign(st *step) error {
	e := st.entry
	standing := s.Standing(st.by)
	sig := &e.Signatures[0]
	if kinds := st.typ.Kinds(standing); !slices.Contains(kinds, sig.Kind) {
		var words []string
		for _, k := range kinds {
			words = append(words, string(k))
		}
		return st.no(refuseKind, string(sig.Kind), strings.Join(words, ", "))
	}
	if sig.Member != 0 {
		return st.no(refuseSigners, fmt.Sprint(sig.Member), "the statement's member first")
	}
	if (e.Statement.Helper != 0) != (sig.Kind == record.Assisted) {
		return st.no(refuseHelper, fmt.Sprint(e.Statement.Helper), "")
	}
	var err error
	switch sig.Kind {
	case record.Device, record.Card:
		err = s.mayUseKey(st, st.by, sig)
	case record.Assisted:
		err = s.mayHelp(st)
	case record.Server:
		err = s.mayUseLogKey(st, sig)
	case record.Token:
		err = s.mayUseToken(st, sig.Key)
	}
	if err != nil {
		return err
	}
	return s.mayCosign(st)
}

func (s *State) mayUseKey(st *step, person int64, sig *record.Signature) error {
	key := s.findKey(st, person, sig)
	switch {
	case key == nil:
		return st.no(refuseKey, sig.Key, fmt.Sprintf("a key of person %d that counts", person))
	case key.Kind != string(sig.Kind):
		return st.no(refuseKey, sig.Key, fmt.Sprintf("a key of kind %q", sig.Kind))
	}
	return nil
}

func (s *State) mayHelp(st *step) error {
	helper := st.entry.Statement.Helper
	p := s.Persons[st.by]
	if p == nil || helper == st.by || s.Standing(helper) != Member || st.now >= p.Consents[helper] {
		return st.no(refuseHelper, fmt.Sprint(helper), "")
	}
	return nil
}

func (s *State) mayUseToken(st *step, id string) error {
	t := s.Tokens[id]
	switch {
	case t == nil || t.Person != st.by || st.now >= t.Until:
		return st.no(refuseToken, id, "")
	case !slices.Contains(t.Rights, st.entry.Statement.Right):
		return st.no(refuseTokenScope, "", strings.Join(t.Rights, ", "))
	}
	return nil
}

// mayCosign checks those who sign besides the member: the other founders, or
// people whom an act concerns, each with a key of their own.
func (s *State) mayCosign(st *step) error {
	others := st.entry.Signatures[1:]
	if len(others) > 0 && !st.typ.Act && st.typ.ID != "network.found" {
		return st.no(refuseSigners, fmt.Sprintf("%d people", 1+len(others)), "one")
	}
	seen := map[int64]bool{st.by: true}
	for i := range others {
		g := &others[i]
		if seen[g.Member] || g.Member < 1 {
			return st.no(refuseSigners, fmt.Sprintf("person %d", g.Member), "others, each once")
		}
		seen[g.Member] = true
		if g.Kind != record.Device && g.Kind != record.Card {
			return st.no(refuseKind, string(g.Kind), "device, card")
		}
		if err := s.mayUseKey(st, g.Member, g); err != nil {
			return err
		}
	}
	return nil
}

// findKey finds the key that a signature names: one that counts now, or one
// that the entry itself brings.
func (s *State) findKey(st *step, person int64, sig *record.Signature) *Key {
	switch st.typ.ID {
	case "network.found":
		list := st.body.founders()
		if person < 1 || person > int64(len(list)) {
			return nil
		}
		f := list[person-1]
		return broughtKey(sig, f.Key, decode64(f.Public), decode64(f.Card), st.body.Text("rp"))
	case "guest.arrive":
		return broughtKey(sig, encode64(st.body.Bytes("key")), st.body.Bytes("public"), st.body.Bytes("card"), st.body.Text("rp"))
	}
	p := s.Persons[person]
	if p == nil || !s.counts(p, sig.Key, st.now) {
		return nil
	}
	return p.Keys[sig.Key]
}

func broughtKey(sig *record.Signature, id string, public, card []byte, party string) *Key {
	switch sig.Key {
	case id:
		return &Key{Kind: "device", Public: public, Party: party}
	case encode64(card):
		return &Key{Kind: "card", Public: card}
	}
	return nil
}

// counts tells whether a person's key counts at a time: one of their own, or
// one that others entered when its days are over. Once one of these counts, no
// key counts that was entered before it did.
func (s *State) counts(p *Person, id string, now int64) bool {
	k := p.Keys[id]
	if k == nil {
		return false
	}
	if now < s.keyDue(k) {
		return false
	}
	for _, other := range p.Keys {
		if due := s.keyDue(other); other != k && other.Days > 0 && k.At < due && now >= due {
			return false
		}
	}
	return true
}

// keyDue returns from when a key counts.
func (s *State) keyDue(k *Key) int64 {
	if k.Days == 0 {
		return k.At
	}
	return s.deadline(k.At, k.Days)
}
