package govern

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"testing"

	"bremen/record"
)

func TestThreeFoundAndAFourthJoins(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h1", "h2")
	n := w.arrive(1, "h4")
	if n != 4 || w.state.Standing(4) != Guest || w.state.Persons[4].Group != "nord" {
		t.Fatalf("got person %d, %+v; want guest 4 in the inviter's group", n, w.state.Persons[4])
	}
	w.do(said{typ: "need.state", by: 4})
	w.refused(refuseStanding, said{typ: "offer.state", by: 4})
	w.refused(refuseState, said{typ: "member.join", by: 4})
	w.do(said{typ: "vouch.give", by: 1, body: body{"guest": 4}})
	w.refused(refuseState, said{typ: "vouch.give", by: 1, body: body{"guest": 4}})
	w.do(said{typ: "vouch.give", by: 3, body: body{"guest": 4}})
	w.pass(13.9)
	w.refused(refuseEarly, said{typ: "member.join", by: 4})
	w.pass(0.1)
	w.refused(refuseKind, said{typ: "member.join", by: 4, kind: record.Session})
	w.do(said{typ: "member.join", by: 4})
	w.do(said{typ: "offer.state", by: 4})
	if w.state.Members != 4 {
		t.Errorf("got %d members, want 4", w.state.Members)
	}
	w.replay()
}

func TestFoundingNeedsAllFounders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.foundingBody(Default(), "h1", "h2", "h3")
	w.refused(refuseSigners, said{typ: "network.found", by: 1, body: b, with: []int64{2}})
	w.refused(refuseUnfounded, said{typ: "need.state", by: 1})
	w.refused(refuseSigners, said{typ: "network.found", by: 1, body: w.foundingBody(Default(), "h1", "h2"), with: []int64{2}})
	w.do(said{typ: "network.found", by: 1, body: b, with: []int64{2, 3}})
	w.refused(refuseFounded, said{typ: "network.found", by: 4, body: b})
}

func TestAVouchOfOnesOwnHouseholdDoesNotCount(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h1", "h2", "h3")
	w.arrive(1, "h1")
	w.do(said{typ: "vouch.give", by: 1, body: body{"guest": 5}})
	w.do(said{typ: "vouch.give", by: 2, body: body{"guest": 5}})
	w.pass(20)
	w.refused(refuseState, said{typ: "member.join", by: 5})
	w.do(said{typ: "vouch.give", by: 3, body: body{"guest": 5}})
	w.do(said{typ: "vouch.give", by: 4, body: body{"guest": 5}})
	w.pass(14)
	w.do(said{typ: "member.join", by: 5})
}

func TestAnObjectionHoldsUpUntilManyVouch(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4", "h5")
	w.arrive(1, "h6")
	w.do(said{typ: "vouch.give", by: 1, body: body{"guest": 6}})
	w.do(said{typ: "vouch.give", by: 2, body: body{"guest": 6}})
	w.do(said{typ: "joining.object", by: 5, body: body{"guest": 6}})
	w.pass(14)
	w.refused(refuseState, said{typ: "member.join", by: 6})
	w.do(said{typ: "vouch.give", by: 3, body: body{"guest": 6}})
	w.do(said{typ: "member.join", by: 6})
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	code := func(s string) string { h := sha256.Sum256([]byte(s)); return hash64(h[:]) }
	for _, c := range []string{"a", "b", "c"} {
		w.do(said{typ: "invitation.issue", by: 1, body: body{"invitation": code(c)}})
	}
	w.refused(refuseMany, said{typ: "invitation.issue", by: 1, body: body{"invitation": code("d")}})
	w.refused(refuseMissing, w.arrival(4, []byte("x"), "h"))
	w.do(w.arrival(4, []byte("a"), "h"))
	w.refused(refuseMissing, w.arrival(5, []byte("a"), "h"))
	w.refused(refuseMissing, said{typ: "invitation.withdraw", by: 2, body: body{"invitation": code("b")}})
	w.pass(7)
	w.refused(refuseLate, w.arrival(5, []byte("b"), "h"))
	w.do(said{typ: "invitation.issue", by: 1, body: body{"invitation": code("d")}})
	w.refused(refuseNumber, w.arrival(9, []byte("d"), "h"))
}

func TestPowersNeedAMandateInForce(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4", "h5")
	adopt := said{typ: "plan.adopt", by: 1, body: body{
		"plan": hash64(make([]byte, 32)), "network": hash64(make([]byte, 32)), "program": "bremen 1", "from": w.in(0), "until": w.in(30), "status": "optimal",
	}}
	if r := w.refused(refuseMandate, adopt); len(r.Could) != 1 || r.Could[0].Office != "planning" {
		t.Errorf("got %+v, want the office of planning", r.Could)
	}
	m := w.do(said{typ: "mandate.give", by: 2, with: []int64{3}, body: body{"office": "planning", "scope": "network", "holder": 1, "until": w.in(100)}})
	w.refused(refuseMissing, said{typ: "mandate.accept", by: 1, body: body{"mandate": m}})
	w.do(said{typ: "act.assent", by: 4, body: body{"act": m}})
	w.refused(refuseMandate, adopt)
	w.do(said{typ: "mandate.accept", by: 1, body: body{"mandate": m}})
	w.do(adopt)
	w.pass(99.99)
	w.do(adopt)
	w.pass(0.02)
	w.refused(refuseExpired, adopt)
}

func TestRecallByThoseConcerned(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4", "h5")
	m := w.give("planning", InNetwork, 1, 100, 2, 3, 4)
	w.refused(refuseSelf, said{typ: "recall.call", by: 1, body: body{"mandate": m}})
	r := w.do(said{typ: "recall.call", by: 5, body: body{"mandate": m}})
	w.refused(refuseStanding, said{typ: "act.refuse", by: 1, body: body{"act": r}})
	w.refused(refuseState, said{typ: "recall.call", by: 2, body: body{"mandate": m}})
	// A pause does not stop it.
	w.do(said{typ: "pause.begin", by: 2, with: []int64{3, 4}, body: body{"until": w.in(2), "why": "stop"}})
	w.do(said{typ: "act.assent", by: 2, body: body{"act": r}})
	w.do(said{typ: "act.assent", by: 3, body: body{"act": r}})
	if w.state.InForce(w.state.Mandates[m], w.now.UnixMilli()) {
		t.Error("the mandate holds after three of four assented to its recall")
	}
}

func TestAQuietNetworkStillDecides(t *testing.T) {
	t.Parallel()
	households := make([]string, 25)
	for i := range households {
		households[i] = string(rune('a' + i))
	}
	w := newNetwork(t, households...)
	m := w.do(said{typ: "mandate.give", by: 2, with: []int64{3}, body: body{"office": "planning", "scope": "network", "holder": 1, "until": w.in(100)}})
	w.pass(13)
	w.refused(refuseEarly, said{typ: "act.close", by: 4, body: body{"act": m}})
	w.pass(1)
	w.refused(refuseEarly, said{typ: "act.close", by: 4, body: body{"act": m}})
	w.do(said{typ: "act.refuse", by: 4, body: body{"act": m}})
	w.do(said{typ: "act.close", by: 4, body: body{"act": m}})
	w.do(said{typ: "mandate.accept", by: 1, body: body{"mandate": m}})
}

func TestWhenAllMandatesLapseThreeCallAnAssembly(t *testing.T) {
	t.Parallel()
	households := make([]string, 25)
	for i := range households {
		households[i] = string(rune('a' + i))
	}
	w := newNetwork(t, households...)
	a := w.do(said{typ: "assembly.call", by: 1, with: []int64{2, 3}, body: body{"at": w.in(8)}})
	w.refused(refuseEarly, said{typ: "assembly.attend", by: 1, body: body{"assembly": a}})
	w.pass(8)
	for _, n := range []int64{1, 2, 3, 4} {
		w.do(said{typ: "assembly.attend", by: n, body: body{"assembly": a}})
	}
	give := body{"office": "planning", "scope": "network", "holder": int64(5), "until": w.in(91), "assembly": a}
	w.refused(refuseLate, said{typ: "mandate.give", by: 1, with: []int64{2, 3}, body: give})
	give["until"] = w.in(90)
	w.refused(refuseSigners, said{typ: "mandate.give", by: 6, body: give})
	m := w.do(said{typ: "mandate.give", by: 1, with: []int64{2, 3}, body: give})
	w.do(said{typ: "mandate.accept", by: 5, body: body{"mandate": m}})
	w.refused(refuseState, said{typ: "assembly.call", by: 1, with: []int64{2, 3}, body: body{"at": w.in(8)}})
	w.replay()
}

func TestPause(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4", "h5")
	w.give("planning", InNetwork, 1, 100, 2, 3, 4)
	w.arrive(1, "h6")
	w.do(said{typ: "vouch.give", by: 1, body: body{"guest": 6}})
	w.do(said{typ: "vouch.give", by: 2, body: body{"guest": 6}})
	w.pass(13)
	w.refused(refuseLate, said{typ: "pause.begin", by: 0, body: body{"until": w.in(3.01), "why": "attack"}})
	w.do(said{typ: "pause.begin", by: 0, body: body{"until": w.in(3), "why": "attack"}})
	w.refused(refusePaused, said{typ: "plan.adopt", by: 1, body: body{
		"plan": hash64(make([]byte, 32)), "network": hash64(make([]byte, 32)), "program": "bremen 1", "from": w.in(0), "until": w.in(30), "status": "optimal",
	}})
	for _, open := range []said{{typ: "need.state", by: 2}, {typ: "member.leave", by: 5}, {typ: "recall.call", by: 3, body: body{"mandate": w.mandateOf(1)}}} {
		w.do(open)
	}
	w.refused(refuseStanding, said{typ: "pause.end", by: 2})
	w.pass(1.5) // the fourteen days would be over, but fell in the pause
	w.refused(refuseEarly, said{typ: "member.join", by: 6})
	w.pass(2)
	w.refused(refuseMany, said{typ: "pause.begin", by: 0, body: body{"until": w.in(1), "why": "again"}})
	w.pass(0.5)
	w.do(said{typ: "member.join", by: 6})
	// Three suffice only once in thirty days.
	p := w.do(said{typ: "pause.begin", by: 2, body: body{"until": w.in(1), "why": "again"}})
	w.do(said{typ: "act.assent", by: 3, body: body{"act": p}})
	if len(w.state.Stops) != 1 {
		t.Error("two of five began a second pause")
	}
	w.do(said{typ: "act.assent", by: 4, body: body{"act": p}})
	if w.state.pausedAt(w.now.UnixMilli()) == nil {
		t.Error("more than half of the members did not begin a pause")
	}
}

// mandateOf returns the mandate that somebody holds.
func (w *world) mandateOf(holder int64) int64 {
	for _, m := range w.state.mandateEntries() {
		if w.state.Mandates[m].Holder == holder {
			return m
		}
	}
	return -1
}

func TestAnOutageMovesWhatFellInIt(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	need := w.do(said{typ: "need.state", by: 1})
	w.pass(13.5)
	w.do(said{typ: "need.state", by: 2})
	w.pass(1)
	w.do(said{typ: "outage.declare", by: 0})
	w.pass(0.4)
	w.do(said{typ: "entry.disown", by: 1, body: body{"entry": need}})
}

func TestNobodyWithdrawsWhatIsAnothers(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	need := w.do(said{typ: "need.state", by: 1})
	w.refused(refuseMissing, said{typ: "need.withdraw", by: 2, body: body{"need": need}})
	w.refused(refuseMissing, said{typ: "need.state", by: 2, body: body{"replaces": need}})
	w.refused(refuseMissing, said{typ: "offer.withdraw", by: 1, body: body{"offer": need}})
	w.do(said{typ: "need.withdraw", by: 1, body: body{"need": need}})
}

func TestPersonsSayNothingInPublic(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	row := body{"product": "bread"}
	w.refused(refuseDiscreet, said{typ: "recipe.state", by: 1, body: body{"agent": "person:1", "row": row}, payloads: []string{"what"}})
	w.do(said{typ: "recipe.state", by: 1, body: body{"agent": "person:1"}, payloads: []string{"what"}})
	w.refused(refuseScope, said{typ: "recipe.state", by: 1, body: body{"agent": "person:2"}, payloads: []string{"what"}})
	w.do(said{typ: "organisation.found", by: 1, body: body{"organisation": "bakery"}})
	w.do(said{typ: "recipe.state", by: 1, right: "speak", body: body{"agent": "organisation:bakery", "row": row}})
	event := body{"agent": "organisation:bakery", "action": "transfer", "provider": "organisation:bakery", "receiver": "person:2", "product": "bread", "quantity": "2", "unit": "kg"}
	w.refused(refuseDiscreet, said{typ: "event.record", by: 1, right: "speak", body: event})
	event["receiver"] = "group:nord"
	e := w.do(said{typ: "event.record", by: 1, right: "speak", body: event})
	event["corrects"] = e
	w.do(said{typ: "event.record", by: 1, right: "speak", body: event})
	w.refused(refuseMissing, said{typ: "event.record", by: 1, right: "speak", body: event})
}

func TestOrganisationsCedePowersRevocably(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4", "h5")
	w.do(said{typ: "organisation.found", by: 1, body: body{"organisation": "bakery"}})
	w.give("planning", InNetwork, 2, 100, 3, 4, 5)
	describe := said{typ: "catalogue.state", by: 2, right: "describe", body: body{"table": "limits", "agent": "organisation:bakery", "row": body{"a": "b"}}}
	w.refused(refuseMandate, describe)
	c := w.do(said{typ: "cession.give", by: 1, body: body{"organisation": "bakery", "power": "describe", "office": "planning", "until": w.in(30)}})
	w.do(describe)
	w.refused(refuseMandate, said{typ: "cession.withdraw", by: 2, body: body{"cession": c}})
	w.do(said{typ: "cession.withdraw", by: 1, body: body{"cession": c}})
	w.refused(refuseMandate, describe)
}

func TestRulesThatEndLeavingAreRefused(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	change := func(edit func(*Rules)) body {
		r := Default()
		edit(r)
		return body{"rules": json.RawMessage(r.JSON()), "base": int64(0)}
	}
	drop := func(entry string) func(*Rules) {
		return func(r *Rules) {
			for i := range r.Rights {
				r.Rights[i].Appends = slices.DeleteFunc(r.Rights[i].Appends, func(x string) bool { return x == entry })
			}
		}
	}
	for _, entry := range []string{"member.leave", "recall.call", "rules.change", "person.erase", "assembly.call", "act.assent", "mandate.give"} {
		w.refused(refuseLaw, said{typ: "rules.change", by: 1, body: change(drop(entry))})
	}
	w.refused(refuseBody, said{typ: "rules.change", by: 1, body: change(func(r *Rules) { r.Assents[1].Percent = 99 })})
	ok := change(func(r *Rules) { r.Numbers["objection_days"] = 7 })
	a := w.do(said{typ: "rules.change", by: 1, body: ok})
	stale := w.do(said{typ: "rules.change", by: 2, body: ok})
	w.do(said{typ: "act.assent", by: 3, body: body{"act": a}})
	if w.state.RulesEntry != a || w.state.number("objection_days") != 7 {
		t.Fatalf("got rules of entry %d, want those of %d", w.state.RulesEntry, a)
	}
	w.do(said{typ: "act.assent", by: 1, body: body{"act": stale}})
	if w.state.RulesEntry != a {
		t.Error("rules that change rules no longer in force came into force")
	}
	w.refused(refuseState, said{typ: "rules.change", by: 1, body: ok})
}

func TestRulesShortenMandatesForGood(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	m := w.give("planning", InNetwork, 1, 100, 2, 3)
	change := func(days int64) {
		r := Default()
		r.Offices[0].TermDays = days
		w.do(said{typ: "rules.change", by: 1, with: []int64{2, 3}, body: body{"rules": json.RawMessage(r.JSON()), "base": w.state.RulesEntry}})
	}
	change(10)
	w.pass(11)
	change(183)
	if w.state.InForce(w.state.Mandates[m], w.now.UnixMilli()) {
		t.Error("a mandate that was over came back with a longer term")
	}
}

func TestAPauseDoesNotHoldUpARecall(t *testing.T) {
	t.Parallel()
	households := make([]string, 25)
	for i := range households {
		households[i] = string(rune('a' + i))
	}
	w := newNetwork(t, households...)
	var most []int64
	for n := int64(2); n < 16; n++ {
		most = append(most, n)
	}
	m := w.give("planning", InNetwork, 1, 100, most...)
	r := w.do(said{typ: "recall.call", by: 5, with: []int64{6, 7}, body: body{"mandate": m}})
	w.pass(6)
	w.do(said{typ: "pause.begin", by: 0, body: body{"until": w.in(3), "why": "to keep the office"}})
	w.pass(1)
	w.do(said{typ: "act.close", by: 8, body: body{"act": r}})
	if w.state.InForce(w.state.Mandates[m], w.now.UnixMilli()) {
		t.Error("the operator's pause held up a recall")
	}
}

func TestTheRollIsThatOfTheOpening(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4")
	m := w.do(said{typ: "mandate.give", by: 1, body: body{"office": "planning", "scope": "network", "holder": 1, "until": w.in(100)}})
	n := w.join(1, "h5", 1, 2)
	w.refused(refuseStanding, said{typ: "act.assent", by: n, body: body{"act": m}})
	if roll := w.state.Acts[m].Roll; roll != 4 {
		t.Errorf("got a roll of %d, want the 4 who were members", roll)
	}
}

func TestNobodyHasAnOfficeThreeTimesInARow(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4")
	n := w.join(1, "h5", 1, 2)
	for range 2 {
		w.give("planning", InNetwork, n, 100, 1, 2, 3)
		w.pass(110)
	}
	third := said{typ: "mandate.give", by: 1, with: []int64{2, 3}, body: body{"office": "planning", "scope": "network", "holder": n, "until": w.in(100)}}
	m := w.do(third)
	w.refused(refuseMany, said{typ: "mandate.accept", by: n, body: body{"mandate": m}})
	w.pass(183)
	third.body["until"] = w.in(100)
	m = w.do(third)
	w.do(said{typ: "mandate.accept", by: n, body: body{"mandate": m}})
	w.replay()
}

func TestWhoeverIsAloneInAnOrganisationGoesOnSpeaking(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	w.do(said{typ: "organisation.found", by: 1, body: body{"organisation": "bakery"}})
	for range 3 {
		w.pass(367)
		m := w.do(said{typ: "mandate.give", by: 1, body: body{"office": "delegate", "scope": "organisation:bakery", "holder": 1, "until": w.in(366)}})
		w.do(said{typ: "mandate.accept", by: 1, body: body{"mandate": m}})
	}
}

func TestSeats(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4", "h5")
	w.give("records", InNetwork, 1, 100, 2, 3, 4)
	w.give("records", InNetwork, 2, 100, 1, 3, 4)
	m := w.do(said{typ: "mandate.give", by: 1, with: []int64{2, 4}, body: body{"office": "records", "scope": "network", "holder": 3, "until": w.in(100)}})
	w.refused(refuseMany, said{typ: "mandate.accept", by: 3, body: body{"mandate": m}})
	w.do(said{typ: "member.leave", by: 2})
	w.do(said{typ: "mandate.accept", by: 3, body: body{"mandate": m}})
}

func TestOperator(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	w.refused(refuseEarly, said{typ: "outage.declare", by: 0})
	w.pass(2)
	w.do(said{typ: "outage.declare", by: 0})
	next := newIdentity(200)
	w.do(said{typ: record.TypeNextKey, by: 0, body: body{"public": logKey(next.cardKey, testOrigin)}})
	e := w.entry(said{typ: "loss.declare", by: 0, body: body{"size": int64(9), "root": hash64(make([]byte, 32)), "why": "disk"}})
	if _, err := w.state.Verify(&e); err == nil {
		t.Error("the record's old key still signs")
	}
	w.server = next.cardKey
	w.do(said{typ: "loss.declare", by: 0, body: body{"size": int64(9), "root": hash64(make([]byte, 32)), "why": "disk"}})
	moved := body{"origin": testOrigin, "size": w.state.Size, "root": hash64(make([]byte, 32)), "log-key": logKey(next.cardKey, "other.org/nordhof"), "operator": "other"}
	w.refused(refuseState, said{typ: "log.succeed", by: 0, body: moved})
	w.do(said{typ: "log.succeed", by: 0, body: moved, origin: "other.org/nordhof"})
	w.refused(refuseState, said{typ: "need.state", by: 1})
	need := w.do(said{typ: "need.state", by: 1, origin: "other.org/nordhof"})
	w.do(said{typ: "need.withdraw", by: 1, origin: "other.org/nordhof", body: body{"need": need}})
	if last := w.log[len(w.log)-1]; last.Seq != 2 || need != w.state.Base+1 {
		t.Errorf("the new record's entry 2 has number %d, and its need number %d", last.Seq, need)
	}
	fresh := newIdentity(201)
	w.do(said{typ: "key.enrol", by: 1, kind: record.Card, origin: "other.org/nordhof", body: body{
		"kind": "device", "key": fresh.id, "public": encode64(fresh.public), "rp": "other.org",
	}})
	w.replay()
}

func TestTimeNeverGoesBack(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	w.pass(-0.1)
	w.refused(refuseTime, said{typ: "need.state", by: 1})
}

func TestLeavingEndsEverything(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4")
	m := w.give("planning", InNetwork, 4, 100, 1, 2, 3)
	w.do(said{typ: "need.state", by: 4})
	w.do(said{typ: "token.grant", by: 4, body: body{"token": hash64(make([]byte, 32)), "rights": []string{"offer"}, "until": w.in(3)}})
	w.do(said{typ: "member.leave", by: 4})
	if w.state.InForce(w.state.Mandates[m], w.now.UnixMilli()) || len(w.state.Tokens) > 0 || len(w.state.Statements) > 0 || w.state.Members != 3 {
		t.Errorf("something of the member who left goes on: %s", w.state.JSON())
	}
	w.refused(refuseStanding, said{typ: "need.state", by: 4})
	w.do(said{typ: "person.erase", by: 4, kind: record.Session})
	w.refused(refuseState, said{typ: "person.erase", by: 4})
	if !w.state.Holds(4, "export", true) || w.state.Holds(4, "read", true) || !w.state.Holds(0, "audit", false) || w.state.Holds(0, "read", false) {
		t.Error("whoever left reads and carries away what is theirs; anyone audits; nobody else reads")
	}
}
