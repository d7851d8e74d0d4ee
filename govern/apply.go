package govern

import (
	"errors"
	"fmt"
	"sync"

	"bremen/record"
)

// Fold takes the next entry into the state: with its effect if May lets it in,
// otherwise it counts and has none. Then the error says why, and the fold can go
// on. Only an entry that is not the next does not count: ErrNotNext.
func (s *State) Fold(p *Parsed) error {
	st, err := s.may(p)
	if err == nil {
		return s.take(p, st)
	}
	if bad := s.Void(p.Entry); bad != nil {
		return bad
	}
	return fmt.Errorf("entry %d has no effect: %w", p.Entry.Seq, err)
}

// Apply folds the next entry into the state as Fold does, but takes for granted
// that May let it in: it checks only that it is the next. An entry that means
// nothing to this package, or that cannot be read, counts and has no other
// effect; then the error says so, and the fold can go on.
func (s *State) Apply(e *record.Entry) error {
	if err := s.isNext(e); err != nil {
		return err
	}
	p := Parse(e)
	st, err := s.begin(p)
	if err != nil {
		st = nil
	}
	if bad := s.take(p, st); bad != nil {
		return fmt.Errorf("entry %d has no effect: %w", e.Seq, errors.Join(bad, err))
	}
	return nil
}

// ErrNotNext is of an entry that does not follow on what is folded.
var ErrNotNext = errors.New("not the next entry")

func (s *State) isNext(e *record.Entry) error {
	if want := s.next(e.Statement.Type); e.Seq != want {
		return fmt.Errorf("entry %d: %w, which is %d", e.Seq, ErrNotNext, want)
	}
	return nil
}

// Void counts the next entry and leaves it without effect.
func (s *State) Void(e *record.Entry) error {
	if err := s.isNext(e); err != nil {
		return err
	}
	s.count(e)
	s.forget()
	return nil
}

func (s *State) count(e *record.Entry) {
	s.Size++
	s.ended = nil
	s.Time = max(s.Time, e.Time.UnixMilli())
}

var (
	errUnreadable = errors.New("it cannot be read")
	errUnfounded  = errors.New("the network is not founded")
)

// take counts an entry and does what it says; st is nil where it cannot be read.
func (s *State) take(p *Parsed, st *step) error {
	e, seq := p.Entry, s.Size
	s.count(e)
	defer s.forget() // after an outage has moved what falls in it
	if p.typ == nil || len(e.Signatures) == 0 {
		return nil // of package record, or of a later version
	}
	if s.Persons[e.Statement.Member] != nil {
		s.Recent = append(s.Recent, Recent{Entry: seq, Person: e.Statement.Member, At: s.Time, Type: p.typ.ID})
	}
	h := handlers()[p.typ.ID]
	switch {
	case st == nil:
		return errUnreadable
	case !s.Founded && p.typ.ID != "network.found":
		return errUnfounded
	case h.apply != nil:
		st.now = s.Time
		h.apply(s, st)
	}
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
