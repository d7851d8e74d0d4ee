package govern

import (
	"testing"

	"bremen/record"
)

func TestLostKeys(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4", "h5")
	fresh := newIdentity(101)
	replace := body{"person": int64(5), "key": fresh.id, "public": encode64(fresh.public), "rp": testParty}
	w.refused(refuseSelf, said{typ: "key.replace", by: 1, with: []int64{5}, body: replace})
	w.do(said{typ: "trustees.name", by: 5, body: body{"trustees": []int64{1, 2}}})
	w.do(said{typ: "key.replace", by: 1, with: []int64{2}, body: replace})
	old := w.people[5]
	w.pass(6)
	w.people[5] = fresh
	w.refused(refuseKey, said{typ: "member.leave", by: 5})
	w.people[5] = old
	w.do(said{typ: "key.object", by: 5, body: body{"key": fresh.id}})
	w.pass(2)
	w.people[5] = fresh
	w.refused(refuseKey, said{typ: "member.leave", by: 5})
	w.do(said{typ: "key.replace", by: 2, with: []int64{3, 4}, body: replace})
	w.pass(7)
	w.do(said{typ: "trustees.name", by: 5, body: body{"trustees": []int64{1}}})
	w.people[5] = old
	w.refused(refuseKey, said{typ: "member.leave", by: 5})
	w.replay()
}

func TestAThiefEnrolsNoKeyThatOutlivesTheReplacement(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3", "h4")
	fresh, stolen := newIdentity(100), newIdentity(102)
	w.do(said{typ: "key.replace", by: 2, with: []int64{3, 4}, body: body{"person": 1, "key": fresh.id, "public": encode64(fresh.public), "rp": testParty}})
	w.pass(1)
	w.do(said{typ: "key.enrol", by: 1, body: body{"kind": "device", "key": stolen.id, "public": encode64(stolen.public), "rp": testParty}})
	w.pass(6)
	w.people[1] = stolen
	w.refused(refuseKey, said{typ: "member.leave", by: 1})
	w.people[1] = fresh
	w.do(said{typ: "member.leave", by: 1})
}

func TestHelpNeedsConsent(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	helped := said{typ: "need.state", by: 1, kind: record.Assisted, helper: 2}
	w.refused(refuseHelper, helped)
	w.do(said{typ: "assistance.consent", by: 1, body: body{"helper": int64(2), "until": w.in(30)}})
	w.do(helped)
	w.refused(refuseHelper, said{typ: "need.state", by: 1, kind: record.Assisted, helper: 3})
	w.refused(refuseKind, said{typ: "member.leave", by: 1, kind: record.Assisted, helper: 2})
	w.pass(30)
	w.refused(refuseHelper, helped)
}

func TestTokensReachOnlyTheirRights(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	token := hash64(make([]byte, 32))
	w.do(said{typ: "token.grant", by: 1, body: body{"token": token, "rights": []string{"offer"}, "until": w.in(30)}})
	w.do(said{typ: "offer.state", by: 1, kind: record.Token, token: token})
	w.refused(refuseTokenScope, said{typ: "need.state", by: 1, kind: record.Token, token: token})
	w.refused(refuseToken, said{typ: "offer.state", by: 2, kind: record.Token, token: token})
	w.refused(refuseKind, said{typ: "member.leave", by: 1, kind: record.Token, token: token})
	w.pass(30)
	w.refused(refuseToken, said{typ: "offer.state", by: 1, kind: record.Token, token: token})
}

func TestNotMine(t *testing.T) {
	t.Parallel()
	w := newNetwork(t, "h1", "h2", "h3")
	need := w.do(said{typ: "need.state", by: 1})
	w.refused(refuseMissing, said{typ: "entry.disown", by: 2, body: body{"entry": need}})
	w.do(said{typ: "entry.disown", by: 1, body: body{"entry": need}})
	w.refused(refuseMissing, said{typ: "need.withdraw", by: 1, body: body{"need": need}})
	late := w.do(said{typ: "need.state", by: 1})
	w.pass(14)
	w.do(said{typ: "need.state", by: 2})
	w.refused(refuseMissing, said{typ: "entry.disown", by: 1, body: body{"entry": late}})
}
