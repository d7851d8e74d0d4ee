package serve

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/mail"
	"slices"
	"strconv"
	"sync"
	"time"

	"bremen/commons"
	"bremen/record"
)

// Telling people of entries in their name, over a second channel: one goroutine for each network follows its record and keeps
// whom there is to tell; one sends mails. What waits is kept durably before the place in the record moves on, and taken off
// only after the mail server has taken the mail, so a stop in between loses nothing, and repeats at most one mail.

// telling does both until ctx ends.
func (s *Server) telling(ctx context.Context) {
	if s.o.Mail == nil {
		return
	}
	var wait sync.WaitGroup
	for _, origin := range s.commons.Origins() {
		wait.Go(func() {
			s.untilEnd(ctx, time.Minute, "following for mails", func() (time.Duration, error) { return 0, s.followToTell(ctx, origin) })
		})
	}
	wait.Go(func() {
		s.untilEnd(ctx, time.Minute, "sending mails", func() (time.Duration, error) { return s.o.MailEvery, s.sendMails(ctx) })
	})
	wait.Wait()
}

// untilEnd does something again and again: after it said how long to wait, or after an error a fixed time.
func (s *Server) untilEnd(ctx context.Context, afterError time.Duration, what string, do func() (time.Duration, error)) {
	for ctx.Err() == nil {
		pause, err := do()
		if err != nil && ctx.Err() == nil {
			s.o.Log.Error(what, "err", mailFailure(err))
			pause = afterError
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// tellAtOnce is how many entries are looked at in one transaction at most.
const tellAtOnce = 1000

// followToTell keeps whom to tell of what is appended. A record that is followed for the first time is so from its end on.
func (s *Server) followToTell(ctx context.Context, origin string) error {
	n, err := s.commons.Network(ctx, origin)
	if err != nil {
		return err
	}
	next, err := s.o.Store.told(ctx, origin)
	if err != nil {
		return err
	}
	if next < 0 {
		var contacts map[int64]int64
		n.View(func(state *commons.State) { next, contacts = state.Size(), maps.Clone(state.Described) })
		if err := s.o.Store.beginTelling(ctx, origin, next, contacts); err != nil {
			return err
		}
	}
	for {
		end, err := n.Wait(ctx, next)
		if err != nil {
			return err
		}
		end = min(end, next+tellAtOnce)
		list, err := s.whomToTell(ctx, n, next, end)
		if err != nil {
			return err
		}
		if err := s.o.Store.tellUntil(ctx, origin, next, end, list); err != nil {
			return err
		}
		next = end
	}
}

// whomToTell reads entries and says whom they concern: in whose name they are, who signed along, and whose key is replaced.
func (s *Server) whomToTell(ctx context.Context, n *commons.Network, from, end int64) ([]notice, error) {
	var list []notice
	number, oldest := from, s.o.Clock().Add(-tryMost)
	for raw, err := range n.Raw(ctx, from, end) {
		if err != nil {
			return nil, err
		}
		e, err := record.Decode(raw)
		if err != nil {
			return nil, err
		}
		if e.Time.After(oldest) {
			list = append(list, concerned(n, &e, number)...)
		}
		number++
	}
	return list, nil
}

func concerned(n *commons.Network, e *record.Entry, number int64) (list []notice) {
	at, ref := e.Time.UnixMilli(), strconv.FormatInt(number, 10)
	people := []int64{e.Statement.Member}
	for _, sig := range e.Signatures {
		people = append(people, sig.Member)
	}
	slices.Sort(people)
	for _, person := range slices.Compact(people) {
		if person > 0 {
			list = append(list, notice{person: person, kind: tellEntry, ref: ref, at: at})
		}
	}
	var body struct {
		Person, Act int64
	}
	if json.Unmarshal(e.Statement.Body, &body) != nil {
		return list
	}
	switch e.Statement.Type {
	case "key.replace":
		list = append(list, notice{person: body.Person, kind: tellKey, ref: ref, at: at})
	case "act.assent", "act.close":
		if person := announced(n, body.Act); person > 0 {
			list = append(list, notice{person: person, kind: tellNewKey, ref: strconv.FormatInt(body.Act, 10), at: at})
		}
	}
	return list
}

// announced returns for whom an act has entered a new key, if it has; 0 else.
func announced(n *commons.Network, act int64) (person int64) {
	n.View(func(s *commons.State) {
		for number, p := range s.Govern.Persons {
			for _, k := range p.Keys {
				if k.Entry == act && k.Days > 0 {
					person = number
				}
			}
		}
	})
	return person
}

// tell keeps that somebody is to be told of something that is no entry.
func (s *Server) tell(ctx context.Context, origin string, n notice) error {
	if s.o.Mail == nil {
		return nil
	}
	n.at = s.o.Clock().UnixMilli()
	return s.o.Store.tellOf(ctx, origin, n)
}

// sendMails sends what is due, until nothing is or the mail server does not answer. In a pause no mails are sent.
func (s *Server) sendMails(ctx context.Context) error {
	for _, origin := range s.commons.Origins() {
		n, err := s.commons.Network(ctx, origin)
		if err != nil {
			return err
		}
		for {
			paused := false
			now := s.o.Clock().UnixMilli()
			n.View(func(state *commons.State) { paused = state.Govern.Paused(now) })
			if paused {
				break
			}
			person, waiting, err := s.o.Store.claim(ctx, origin)
			if err != nil {
				return err
			}
			if person == 0 {
				break
			}
			if err := s.mailTo(ctx, n, person, waiting); err != nil {
				return err
			}
		}
	}
	return nil
}

// mailTo tells one person of what waits for them. When they have changed their contact, the old one is told once more: whoever
// changed it may not have been they.
func (s *Server) mailTo(ctx context.Context, n *commons.Network, person int64, waiting []notice) error {
	origin := n.Origin()
	entry := describedIn(n, person)
	before, refused, err := s.o.Store.reach(ctx, origin, person)
	if err != nil {
		return err
	}
	now, err := s.contact(ctx, n, person, entry)
	if err != nil {
		return err
	}
	to := []*mail.Address{}
	if now != nil && (refused == 0 || entry != before) {
		to = append(to, now)
	}
	if before >= 0 && before != entry {
		old, err := s.contact(ctx, n, person, before)
		if err != nil {
			return err
		}
		if old != nil && (now == nil || old.Address != now.Address) {
			to = append(to, old)
		}
	}
	reached := false
	for _, a := range to {
		l, err := s.letter(ctx, n, waiting, a)
		if err != nil {
			return err
		}
		err = s.o.Mail.send(ctx, l, s.o.Clock())
		switch {
		case err == nil:
			s.metrics.mails.WithLabelValues("sent").Inc()
			reached = true
		case refusedForGood(err):
			s.metrics.mails.WithLabelValues("refused").Inc()
		default:
			s.metrics.mails.WithLabelValues("failed").Inc()
			return errors.Join(err, s.tryAgain(ctx, origin, waiting))
		}
	}
	if len(to) > 0 || before != entry {
		if err := s.o.Store.setReach(ctx, origin, person, entry, len(to) > 0 && !reached); err != nil {
			return err
		}
	}
	return s.o.Store.settleNotices(ctx, origin, waiting, reached, 0)
}

// tryAgain keeps what could not be sent for later; what is too old to be answered is dropped.
func (s *Server) tryAgain(ctx context.Context, origin string, waiting []notice) error {
	now := s.o.Clock()
	var all error
	for _, n := range waiting {
		again := min(time.Minute<<min(n.tries, 10), 6*time.Hour)
		if now.Sub(time.UnixMilli(n.at)) > tryMost {
			again = 0
		}
		all = errors.Join(all, s.o.Store.settleNotices(ctx, origin, []notice{n}, false, again))
	}
	return all
}

// describedIn returns the entry in which somebody last said how to reach them; -1 if they never did.
func describedIn(n *commons.Network, person int64) int64 {
	entry := int64(-1)
	n.View(func(s *commons.State) {
		if e, given := s.Described[person]; given {
			entry = e
		}
	})
	return entry
}

// contact reads a person's mail address from the entry in which they gave it; nil if they gave none, or it is gone.
func (s *Server) contact(ctx context.Context, n *commons.Network, person, entry int64) (*mail.Address, error) {
	if entry < 0 {
		return nil, nil
	}
	text, err := n.Payload(ctx, person, entry, "contact")
	var refused *commons.Refusal
	if errors.Is(err, record.ErrNone) || errors.Is(err, record.ErrErased) || errors.As(err, &refused) {
		return nil, nil
	}
	return addressIn(string(text)), err
}

// answerUntil is until when somebody can say of an entry that it is not theirs; 0 if they cannot.
func answerUntil(n *commons.Network, person, entry int64) (until int64) {
	n.View(func(s *commons.State) { until = s.Govern.DisownableUntil(person, entry) })
	return until
}
