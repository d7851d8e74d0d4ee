package commons

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bremen/govern"
	"bremen/record"
)

func need(what, quantity, unit string) Need {
	return Need{What: what, Quantity: dec(quantity), Unit: unit, Urgency: "vital"}
}

func TestThreeFoundAndAFourthJoins(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := newWorld(t)
		code, err := w.n.SetUpCode(t.Context())
		w.ok(err)
		if !strings.Contains(w.console.String(), code) {
			t.Errorf("console says %q, want the code %s", w.console.String(), code)
		}
		w.hasCode(RefusedSetUp, w.n.CheckSetUp(t.Context(), "AAAA-BBBB"))
		w.refused("unfounded", 1, StateNeed(need("bread", "2", "kg"), nil))
		w.found("h1", "h2", "h3")
		w.refused("founded", 0, Found(Founding{Name: "x", Purpose: "y", Operator: "z", Party: "p", LogKey: "k"}))

		fourth := w.arrive(1, "h4")
		d, err := w.try(fourth, StateNeed(need("bread", "2.5", "kg"), nil))
		w.ok(err)
		w.say(1, Vouch(fourth))
		w.say(2, Vouch(fourth))
		w.refused("too-early", fourth, Join())
		w.pass(14)
		w.say(fourth, Join())
		w.refused("standing", fourth, Join())

		signed, err := w.n.Publish(t.Context())
		w.ok(err)
		public, err := w.n.LogKey(t.Context())
		w.ok(err)
		r, err := record.OpenReceipt(d.Receipt, public)
		w.ok(err)
		proof, err := record.ProveInclusion(t.Context(), w.n.Log(), d.Entry.Seq, signed)
		w.ok(err)
		if _, err := r.Verify(proof, public); err != nil {
			t.Errorf("receipt: %v", err)
		}
		mine, err := w.n.Mine(t.Context(), fourth)
		w.ok(err)
		if len(mine) != 2 || !strings.Contains(mine[1].Parts["need"], `"2.5"`) {
			t.Errorf("got %+v, want the arrival and the need", mine)
		}
	})
}

func TestNobodyElseReadsWhatIsPrivate(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 3)
		entry := w.say(1, StateNeed(need("bread", "2", "kg"), nil))
		ctx := t.Context()
		if text, err := w.n.Payload(ctx, 1, entry, "need"); err != nil || !strings.Contains(string(text), "bread") {
			t.Errorf("got %q, %v", text, err)
		}
		for _, reader := range []int64{0, 2, 99} {
			_, err := w.n.Payload(ctx, reader, entry, "need")
			w.hasCode(RefusedReader, err)
		}
		name, err := w.n.Name(ctx, 3, 1)
		if err != nil || name != "Ada" {
			t.Errorf("got %q, %v, want the name, for members to read", name, err)
		}
		_, err = w.n.Name(ctx, 0, 1)
		w.hasCode(RefusedReader, err)
	})
}

func TestAnErasureLeavesThePublicStateAsItWas(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 4)
		entry := w.say(1, StateNeed(need("bread", "2", "kg"), nil))
		other := w.say(2, StateNeed(need("bread", "3", "kg"), nil))
		w.say(1, Erase())
		before := w.state()
		_, err := w.n.Payload(t.Context(), 1, entry, "need")
		if !errors.Is(err, record.ErrErased) {
			t.Errorf("got %v, want %v", err, record.ErrErased)
		}
		w.again()
		if !bytes.Equal(before, w.state()) {
			t.Error("the state is another after a restart")
		}
		if _, err := w.n.Payload(t.Context(), 2, other, "need"); err != nil {
			t.Errorf("another's need: %v", err)
		}
		w.refused("standing", 1, StateNeed(need("bread", "2", "kg"), nil))
	})
}

func TestAnErasureCutShortIsCompleted(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 4)
		entry := w.say(1, StateNeed(need("bread", "2", "kg"), nil))
		p, err := w.n.Prepare(t.Context(), Session(1), Erase())
		w.ok(err)
		// As if the server had died between the entry and the erasure.
		_, err = record.Append(t.Context(), w.n.log, record.Anywhere, record.Draft{Statement: p.Statement, Signatures: []record.Signature{device(1, p.Hash)}})
		w.ok(err)
		w.again()
		if _, err := w.n.Payload(t.Context(), 1, entry, "need"); !errors.Is(err, record.ErrErased) {
			t.Errorf("got %v, want %v", err, record.ErrErased)
		}
	})
}

func TestSendingAgainDoesNoHarm(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 3)
		w.refused("not-there", 1, Vouch(9))
		guest := w.arrive(1, "h4")
		p, err := w.n.Prepare(t.Context(), Session(1), Vouch(guest))
		w.ok(err)
		first, err := w.n.Append(t.Context(), p, device(1, p.Hash))
		w.ok(err)
		second, err := w.n.Append(t.Context(), p, device(1, p.Hash))
		w.ok(err)
		if first.Number != second.Number || !bytes.Equal(first.Bytes, second.Bytes) {
			t.Errorf("got entries %d and %d, want one", first.Number, second.Number)
		}
		if size := w.n.Size(); size != first.Number+1 {
			t.Errorf("got %d entries, want %d", size, first.Number+1)
		}
	})
}

func TestAForgedSignatureIsRefused(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 3)
		p, err := w.n.Prepare(t.Context(), Session(1), Leave("tired"))
		w.ok(err)
		forged := device(2, p.Hash)
		forged.Key = url64(credential(1))
		if _, err := w.n.Append(t.Context(), p, forged); !errors.Is(err, govern.ErrSignature) {
			t.Errorf("got %v, want %v", err, govern.ErrSignature)
		}
		_, err = w.n.Append(t.Context(), p)
		if err == nil {
			t.Error("a statement of consequence went in without a signature")
		}
		_, err = w.n.Append(t.Context(), p, SignCard(p, cardKey(1)))
		w.ok(err)
	})
}

func TestManyAtOnceAllGetIn(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 5)
		failed := make(chan error)
		for k := range 200 {
			go func() {
				_, err := w.n.Do(context.Background(), Session(int64(k%5+1)), StateNeed(need("bread", "1", "kg"), nil))
				failed <- err
			}()
		}
		for range 200 {
			w.ok(<-failed)
		}
		if size := w.n.Size(); size != 201 {
			t.Errorf("got %d entries, want 201", size)
		}
		before := w.state()
		w.again()
		if !bytes.Equal(before, w.state()) {
			t.Error("replay gives another state")
		}
	})
}

func TestWhatOthersAppendIsFollowed(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 3)
		w.say(1, StateNeed(need("bread", "1", "kg"), nil))
		p, err := w.n.Prepare(t.Context(), Session(2), StateNeed(need("bread", "2", "kg"), nil))
		w.ok(err)
		// Another server on the same store.
		_, err = record.Append(t.Context(), w.n.log, record.Anywhere, record.Draft{Statement: p.Statement, Payloads: p.Payloads, Signatures: []record.Signature{{Kind: record.Session}}})
		w.ok(err)
		w.say(3, StateNeed(need("bread", "3", "kg"), nil))
		if size := w.n.Size(); size != 4 {
			t.Errorf("got %d entries, want 4", size)
		}
		ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute) // it hangs
		defer stop()
		var types []string
		for e, err := range w.n.Follow(ctx, 0) {
			w.ok(err)
			if types = append(types, e.Statement.Type); len(types) == 4 {
				break
			}
		}
		if got := strings.Join(types, " "); got != "network.found need.state need.state need.state" {
			t.Errorf("followed %s", got)
		}
		if got := w.n.Search(Query{Types: []string{"need.state"}, Member: ptr(int64(2))}); len(got) != 1 || got[0] != 2 {
			t.Errorf("found %v, want entry 2", got)
		}
	})
}

// TestWhatTheRulesDoNotLetInHasNoEffect: a server that cheats appends past the commands.
func TestWhatTheRulesDoNotLetInHasNoEffect(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 3)
		mine := w.say(1, StateNeed(need("bread", "1", "kg"), nil))
		before := w.state()
		skills := Rows{"skills": {{"id": "baking"}}}
		for _, c := range []struct {
			by    int64
			right string
			i     Intent
		}{
			{2, "withdraw", WithdrawNeed(mine)},                                                                    // of another
			{2, "describe", Describe(govern.InNetwork, "skills", skills["skills"], nil, "")},                       // without a mandate
			{9, "state", StateNeed(need("bread", "1", "kg"), nil)},                                                 // by nobody
			{3, "adopt", Intent{Type: "plan.adopt", Body: map[string]any{"plan": "x"}}},                            // not to be read
			{3, "record", Intent{Type: "event.record", Body: map[string]any{"agent": "person:3", "corrects": 99}}}, // of what is not there
		} {
			body, err := record.Canonical(c.i.Body)
			w.ok(err)
			s := record.Statement{Version: 1, Origin: testOrigin, Type: c.i.Type, Member: c.by, Right: c.right, Nonce: record.NewNonce(), Body: body}
			_, err = record.Append(t.Context(), w.n.log, record.Anywhere, record.Draft{Statement: s, Signatures: []record.Signature{{Kind: record.Session}}})
			w.ok(err)
		}
		_, err := w.n.Wait(t.Context(), 6)
		w.ok(err)
		effects := func(text []byte) []byte {
			s, err := ParseState(text)
			w.ok(err)
			s.Govern.Size, s.Govern.Time = 0, 0 // which every entry moves
			return s.JSON()
		}
		for range 2 {
			if got := w.state(); !bytes.Equal(effects(got), effects(before)) {
				t.Errorf("they had an effect:\n%s\nbefore:\n%s", got, before)
			}
			w.again()
		}
		w.say(1, WithdrawNeed(mine))
	})
}

func TestTheKeyOfTheRecordChanges(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 3)
		old, err := w.n.LogKey(t.Context())
		w.ok(err)
		_, err = w.n.ChangeKey(t.Context())
		w.ok(err)
		fresh, err := w.n.LogKey(t.Context())
		w.ok(err)
		d, err := w.try(1, StateNeed(need("bread", "1", "kg"), nil))
		w.ok(err)
		if fresh == old {
			t.Fatal("the key is the same")
		}
		if _, err := record.OpenReceipt(d.Receipt, fresh); err != nil {
			t.Errorf("receipt with the new key: %v", err)
		}
		w.again()
		if again, err := w.n.LogKey(t.Context()); err != nil || again != fresh {
			t.Errorf("after a restart the key is %s, %v, want %s", again, err, fresh)
		}
	})
}

func TestAHelperAndAProgramSpeakOnlyAsTheyWereAllowed(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 4)
		helped := Actor{Person: 1, Kind: record.Assisted, Helper: 2}
		i := StateNeed(need("bread", "1", "kg"), nil)
		_, err := w.n.Do(t.Context(), helped, i)
		w.hasCode("helper", err)
		w.say(1, ConsentToHelp(2, w.in(30)))
		d, err := w.n.Do(t.Context(), helped, i)
		w.ok(err)
		if s := d.Entry.Statement; s.Helper != 2 || s.Member != 1 || d.Entry.Kind() != record.Assisted {
			t.Errorf("got member %d, helper %d, %s", s.Member, s.Helper, d.Entry.Kind())
		}
		if text, err := w.n.Payload(t.Context(), 2, d.Number, "need"); err == nil {
			t.Errorf("the helper reads %s afterwards", text)
		}
		w.pass(31)
		_, err = w.n.Do(t.Context(), helped, i)
		w.hasCode("helper", err)

		token := []byte("sixteen bytes or more")
		sum := sha256.Sum256(token)
		w.say(3, GrantToken(sum[:], []string{"state"}, w.in(30), "phone"))
		program := Actor{Person: 3, Kind: record.Token, Token: TokenHash(token)}
		_, err = w.n.Do(t.Context(), program, i)
		w.ok(err)
		_, err = w.n.Do(t.Context(), program, OfferWork(Offer{Skill: "baking", Steps: []Step{{dec("1"), dec("0")}}}, nil))
		w.hasCode("token-scope", err)
		w.say(3, RevokeToken(sum[:]))
		_, err = w.n.Do(t.Context(), program, i)
		w.hasCode("token", err)
	})
}

func TestOfficesAndRulesLiveByAssent(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 6)
		m := w.mandate("planning", "network", 1, 2, 3, 4, 5)
		skill := Describe(govern.InNetwork, "skills", []map[string]string{{"id": "baking"}}, nil, "")
		w.refused("no-mandate", 2, skill)
		w.say(1, skill)
		recall := w.say(3, Recall(m, "never there"))
		w.say(4, AssentTo(recall))
		w.say(2, Refuse(recall, "give it time"))
		w.say(5, AssentTo(recall))
		w.refused("mandate-expired", 1, skill)
		rules := govern.Default()
		rules.Numbers["open_invitations"] = 1
		change := w.say(1, ChangeRules(rules, 0, "one at a time"), 2)
		w.say(4, AssentTo(change))
		w.refused("not-there", 5, AssentTo(change+99))
		w.say(5, Refuse(change, ""))
		w.pass(21)
		w.say(6, CloseAct(change))
		w.n.View(func(s *State) {
			var got []string
			for _, d := range s.Decisions {
				got = append(got, fmt.Sprintf("%s %d:%d of %d %v", d.Type, d.Yes, d.No, d.Roll, d.InForce))
			}
			want := "mandate.give 4:0 of 6 true; recall.call 3:1 of 5 true; rules.change 3:1 of 6 true"
			if strings.Join(got, "; ") != want {
				t.Errorf("got %s\nwant %s", strings.Join(got, "; "), want)
			}
		})
		w.n.View(func(s *State) {
			if n := s.Govern.Rules.Number("open_invitations"); n != 1 {
				t.Errorf("got %d open invitations, want 1", n)
			}
		})
	})
}

func TestAPauseStopsAdoptionAndNoLeaving(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 5)
		d, err := w.n.Operate(t.Context(), OperatorPause(w.in(2), "the disk is being changed"))
		w.ok(err)
		if d.Entry.Kind() != record.Server {
			t.Errorf("signed by %s, want the server", d.Entry.Kind())
		}
		w.refused("does-not-hold", 1, Pause(w.in(2), "again"))
		act := w.say(1, GiveMandate(Mandating{Office: "records", Scope: "network", Holder: 2, Until: w.in(30)}))
		w.refused("paused", 1, CloseAct(act))
		w.say(5, Leave(""))
		if _, err := w.n.Operate(t.Context(), StateNeed(need("bread", "1", "kg"), nil)); err == nil {
			t.Error("the operator stated a need")
		}
	})
}

// TestAFoundingIsSignedOverARestart: whoever prepared it, any server of the database lets it in, and nothing that was prepared
// without the set-up code.
func TestAFoundingIsSignedOverARestart(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := newWorld(t)
		code, err := w.n.SetUpCode(t.Context())
		w.ok(err)
		key, err := w.n.LogKey(t.Context())
		w.ok(err)
		f := Founding{Name: "Nordhof", Purpose: "Bread for all", Party: testParty, Operator: "Nordhof eG", LogKey: key, FirstName: "Ada"}
		for n := int64(1); n <= 3; n++ {
			f.Founders = append(f.Founders, Founder{Household: fmt.Sprint("h", n), Group: "nord", Credential: credential(n), Public: publicKey(n), Card: cardPublic(n)})
		}
		sign := func(p *Prepared) (list []record.Signature) {
			for n := int64(1); n <= 3; n++ {
				g := device(n, p.Hash)
				if n > 1 {
					g.Member = n
				}
				list = append(list, g)
			}
			return list
		}
		p, err := w.n.PrepareFounding(t.Context(), code, Found(f))
		w.ok(err)
		w.again()
		without, err := w.n.Prepare(t.Context(), Newcomer(), Found(f))
		w.ok(err)
		_, err = w.n.Append(t.Context(), without, sign(without)...)
		w.hasCode(RefusedSetUp, err)
		without.Statement.Nonce = p.Statement.Nonce // of another statement: its payloads have salts of their own
		without.Hash, err = without.Statement.Hash()
		w.ok(err)
		_, err = w.n.Append(t.Context(), without, sign(without)...)
		w.hasCode(RefusedSetUp, err)
		_, err = w.n.Append(t.Context(), p, sign(p)...)
		w.ok(err)
		w.called("Ada", 3, 1)
	})
}
