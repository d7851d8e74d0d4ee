package commons

import (
	"errors"
	"testing"

	"bremen/record"
)

// called checks by what name a member or guest knows somebody.
func (w *world) called(want string, reader, person int64) {
	w.Helper()
	if got, err := w.n.Name(w.Context(), reader, person); err != nil || got != want {
		w.Errorf("person %d is called %q, %v, want %q", person, got, err, want)
	}
}

func TestEverybodySaysTheirOwnName(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 3)
		guest := w.arrive(1, "h4")
		w.called("", 1, 2)
		first := w.say(2, IntroduceOneself("Bo", "bo@example.org"))
		w.called("Bo", guest, 2)
		_, err := w.n.Payload(t.Context(), 1, first, "contact")
		w.hasCode(RefusedReader, err)

		second := w.say(2, IntroduceOneself("Bodil", ""))
		w.called("Bodil", guest, 2)
		_, err = w.n.Payload(t.Context(), 1, first, "name")
		w.hasCode(RefusedReader, err) // a name that somebody had is theirs alone
		if old, err := w.n.Payload(t.Context(), 2, first, "name"); err != nil || string(old) != "Bo" {
			t.Errorf("got %q, %v, want one's own old name", old, err)
		}
		if _, err := w.n.Payload(t.Context(), 2, second, "contact"); !errors.Is(err, record.ErrNone) {
			t.Errorf("got %v, want no contact any more", err)
		}

		// The founding and an arrival are described anew, too.
		w.say(1, IntroduceOneself("Augusta", ""))
		w.say(guest, IntroduceOneself("Kim", ""))
		w.called("Augusta", 2, 1)
		w.called("Kim", 2, guest)
		_, err = w.n.Payload(t.Context(), 2, 0, "name")
		w.hasCode(RefusedReader, err)

		w.say(2, Disown(second, "not me"))
		w.called("", 1, 2)
		w.n.View(func(s *State) {
			if s.Private[first] != nil || s.Private[second] != nil {
				t.Error("names that hold no more are kept as what holds")
			}
		})
		w.say(1, Erase())
		w.called("", 2, 1)
		before := string(w.state())
		w.again()
		if string(w.state()) != before {
			t.Error("replay gives another state")
		}
	})
}

func TestCountsTellNothingOfAnybody(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := village(t)
		w.needs()
		guest := w.arrive(1, "h12")
		w.say(guest, StateNeed(need("bread", "1", "kg"), nil))
		w.say(9, Leave(""))
		check := func(when string) {
			t.Helper()
			w.n.View(func(s *State) {
				c := s.Counts(w.clock())
				for what, n := range map[string][2]int64{
					"entries": {c.Entries, s.Size()}, "members": {c.Members, 8}, "guests": {c.Guests, 1}, "left": {c.Left, 1}, "groups": {c.Groups, 2},
					"organisations": {c.Organisations, 1}, "mandates": {c.Mandates, 2}, "needs": {c.Statements["need.state"], 9}, "work": {c.Statements["offer.state"], 2},
					"recipes": {c.Statements["recipe.state"], 1}, "plans": {c.Plans, 0}, "decisions": {c.Decisions, 1}, "stocks": {c.Stocks, 1},
				} {
					if n[0] != n[1] {
						t.Errorf("%s: got %d %s, want %d", when, n[0], what, n[1])
					}
				}
				byType := map[string]int64{}
				for _, x := range s.Govern.Statements {
					byType[x.Type]++
				}
				for typ, n := range byType {
					if c.Statements[typ] != n {
						t.Errorf("%s: got %d of %s, there are %d", when, c.Statements[typ], typ, n)
					}
				}
			})
		}
		check("as folded")
		w.again()
		check("after a snapshot")
	})
}
