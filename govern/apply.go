package govern

import (
	"fmt"
	"sync"

	"bremen/record"
)

// Apply folds the next entry into the state. It takes for granted that May let
// it in: it checks only that it is the next. An entry that means nothing to
// this package, or that cannot be read, counts and has no other effect; then
// the error says so, and the fold can go on.
func (s *State) Apply(e *record.Entry) error {
	if want := s.next(e.Statement.Type); e.Seq != want {
		return fmt.Errorf("entry %d: expected entry %d next", e.Seq, want)
	}
	before, seq := s.Time, s.Size
	s.Size++
	s.Time = max(s.Time, e.Time.UnixMilli())
	defer s.forget() // after an outage has moved what falls in it
	typ := TypeByID(e.Statement.Type)
	if typ == nil || len(e.Signatures) == 0 {
		return nil // of package record, or of a later version
	}
	if p := s.Persons[e.Statement.Member]; p != nil {
		s.Recent = append(s.Recent, Recent{Entry: seq, Person: e.Statement.Member, At: s.Time, Type: typ.ID})
	}
	h := handlers()[typ.ID]
	if h.apply == nil {
		return nil
	}
	if !s.Founded && typ.ID != "network.found" {
		return fmt.Errorf("entry %d has no effect: the network is not founded", e.Seq)
	}
	st, err := s.begin(e)
	if err != nil {
		return fmt.Errorf("entry %d has no effect: %w", e.Seq, err)
	}
	st.seq, st.now, st.before = seq, s.Time, before
	h.apply(s, st)
	return nil
}

// next returns the number that the next entry has in its record.
func (s *State) next(typ string) int64 {
	if s.Founded && typ == "log.succeed" {
		return 0
	}
	return s.Size - s.Base
}

// forget drops entries that can no longer be disowned.
func (s *State) forget() {
	drop := 0
	for drop < len(s.Recent) && s.Time >= s.deadline(s.Recent[drop].At, s.number("disown_days")) {
		drop++
	}
	s.Recent = s.Recent[drop:]
}

// handlers are the types of entries that ask for more, or have effects here.
var handlers = sync.OnceValue(func() map[string]handler {
	all := map[string]handler{}
	for _, part := range []map[string]handler{joiningHandlers, peopleHandlers, keyHandlers, workHandlers, actHandlers, mandateHandlers, operatorHandlers} {
		for id, h := range part {
			all[id] = h
		}
	}
	return all
})
