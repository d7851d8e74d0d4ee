package govern

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"bremen/record"
)

// People of the town in which rights are tested: 1 speaks for the bakery, 2 plans,
// 3 keeps the record, 4 receives for group nord; 5 lives in group sued and has no
// office; 6 had a mandate that is over; 7 left; 8 and 9 are guests; 10 is to join.
const (
	personOther   = 5
	personExpired = 6
	personLeft    = 7
	personGuest   = 8
)

// town is that network, with one of everything that entries can be about.
type town struct {
	*world
	need, offer, decline, recipe, stock, row, commitment, toGroup, act, given, held, cession, announced, assembly int64
	token, invitation                                                                                             string
}

func newTown(t fataler, mandates bool) *town {
	w := newNetwork(t, "h1", "h2", "h3", "h4", "h5", "h6", "h7")
	w.do(said{typ: "group.found", by: personOther, body: body{"group": "sued"}})
	v := &town{world: w, invitation: hash64(make([]byte, 32)), token: hash64(append(make([]byte, 31), 1))}
	if mandates {
		w.give("planning", InNetwork, personExpired, 1, 1, 2, 3, 4)
		w.pass(2)
		w.give("planning", InNetwork, 2, 100, 1, 3, 4, 5)
		v.held = w.give("records", InNetwork, 3, 100, 1, 2, 4, 5)
		w.give("host", GroupScope("nord"), 4, 100, 1, 2, 3, 6)
	}
	w.do(said{typ: "organisation.found", by: 1, body: body{"organisation": "bakery"}})
	w.do(said{typ: "organisation.admit", by: 1, body: body{"organisation": "bakery", "person": 2}})
	w.do(said{typ: "member.leave", by: personLeft})
	w.arrive(1, "h8")
	w.arrive(1, "h9")
	w.arrive(2, "h10")
	for _, n := range []int64{1, 2} {
		w.do(said{typ: "vouch.give", by: n, body: body{"guest": 10}})
	}
	w.do(said{typ: "vouch.give", by: 1, body: body{"guest": 9}})
	w.do(said{typ: "joining.object", by: 1, body: body{"guest": 9}})
	w.pass(10)
	fresh := newIdentity(300)
	w.do(said{typ: "key.replace", by: 2, with: []int64{3, 4}, body: body{"person": 1, "key": fresh.id, "public": encode64(fresh.public), "rp": testParty}})
	w.pass(4.5)
	v.need, v.offer = w.do(said{typ: "need.state", by: 1}), w.do(said{typ: "offer.state", by: 1})
	v.decline = w.do(said{typ: "figure.decline", by: 1})
	v.recipe = w.do(said{typ: "recipe.state", by: 1, body: body{"agent": "person:1"}, payloads: []string{"what"}})
	v.stock = w.do(said{typ: "stock.state", by: 1, body: body{"agent": "person:1"}, payloads: []string{"what"}})
	v.row = w.do(said{typ: "catalogue.state", by: 1, body: body{"agent": "person:1", "table": "sites"}, payloads: []string{"what"}})
	v.commitment = w.do(said{typ: "commitment.make", by: 1, body: body{"agent": "person:1", "receiver": "group:nord"}, payloads: []string{"what"}})
	flow := body{"agent": "group:nord", "action": "transfer", "provider": "group:nord", "receiver": "organisation:bakery", "product": "flour", "quantity": "1", "unit": "kg"}
	if mandates {
		v.given = w.do(said{typ: "mandate.give", by: 1, with: []int64{2, 3, 5}, body: body{"office": "planning", "scope": "network", "holder": 4, "until": w.in(50)}})
		v.toGroup = w.do(said{typ: "commitment.make", by: 4, right: "receive", body: flow})
	}
	v.act = w.do(said{typ: "rules.change", by: 2, body: body{"rules": json.RawMessage(Default().JSON()), "base": 0}})
	v.cession = w.do(said{typ: "cession.give", by: 1, body: body{"organisation": "bakery", "power": "describe", "office": "planning", "until": w.in(9)}})
	v.announced = 300
	w.do(said{typ: "assistance.consent", by: 1, body: body{"helper": 2, "until": w.in(9)}})
	w.do(said{typ: "invitation.issue", by: 1, body: body{"invitation": v.invitation}})
	for _, n := range []int64{1, personOther} {
		w.do(said{typ: "token.grant", by: n, body: body{"token": hash64(append(make([]byte, 31), byte(n))), "rights": []string{"export"}, "until": w.in(9)}})
	}
	if !mandates {
		w.do(said{typ: "key.object", by: 1, body: body{"key": fresh.id}})
		v.assembly = w.do(said{typ: "assembly.call", by: 1, with: []int64{2, 3}, body: body{"at": w.in(7)}})
		w.pass(7)
	}
	return v
}

// sample returns a statement of a type that the town allows. Every type has one.
func (v *town) sample(typ string) (said, bool) {
	zero, flow := hash64(make([]byte, 32)), body{"agent": "organisation:bakery", "action": "produce", "provider": "organisation:bakery", "product": "bread", "quantity": "1", "unit": "kg"}
	fresh := newIdentity(400)
	what := []string{"what"}
	key := body{"person": 2, "key": fresh.id, "public": encode64(fresh.public), "rp": testParty}
	code := sha256.Sum256([]byte("code"))
	x, ok := map[string]said{
		"network.found":       {by: 1, body: v.foundingBody(Default(), "h1", "h2", "h3"), with: []int64{2, 3}},
		"invitation.issue":    {by: 1, body: body{"invitation": hash64(code[:])}},
		"invitation.withdraw": {by: 1, body: body{"invitation": v.invitation}},
		"guest.arrive":        {by: 11},
		"vouch.give":          {by: 3, body: body{"guest": 9}},
		"vouch.withdraw":      {by: 1, body: body{"guest": 9}},
		"joining.object":      {by: 2, body: body{"guest": 9}},
		"joining.yield":       {by: 1, body: body{"guest": 9}},
		"member.join":         {by: 10},
		"member.leave":        {by: 1},
		"person.erase":        {by: 1},
		"person.describe":     {by: 1},
		"household.move":      {by: 1, body: body{"household": "h2"}},
		"group.found":         {by: 1, body: body{"group": "ost"}},
		"group.enter":         {by: 1, body: body{"group": "sued"}},
		"organisation.found":  {by: 1, body: body{"organisation": "mill"}},
		"organisation.admit":  {by: 1, body: body{"organisation": "bakery", "person": 3}},
		"organisation.enter":  {by: 2, body: body{"organisation": "bakery"}},
		"organisation.quit":   {by: 1, body: body{"organisation": "bakery"}},
		"key.enrol":           {by: 1, body: body{"kind": "device", "key": fresh.id, "public": encode64(fresh.public), "rp": testParty}},
		"key.withdraw":        {by: 1, body: body{"key": v.person(1).card()}},
		"key.replace":         {by: 1, body: key},
		"key.object":          {by: 1, body: body{"key": newIdentity(v.announced).id}},
		"trustees.name":       {by: 1, body: body{"trustees": []int64{2, 3}}},
		"entry.disown":        {by: 1, body: body{"entry": v.need}},
		"assistance.consent":  {by: 1, body: body{"helper": 3, "until": v.in(1)}},
		"assistance.end":      {by: 1, body: body{"helper": 2}},
		"token.grant":         {by: 1, body: body{"token": zero, "rights": []string{"state"}, "until": v.in(1)}},
		"token.revoke":        {by: 1, body: body{"token": v.token}},
		"need.state":          {by: 1},
		"need.withdraw":       {by: 1, body: body{"need": v.need}},
		"offer.state":         {by: 1},
		"offer.withdraw":      {by: 1, body: body{"offer": v.offer}},
		"recipe.state":        {by: 1, body: body{"agent": "person:1"}, payloads: what},
		"recipe.withdraw":     {by: 1, body: body{"agent": "person:1", "recipe": v.recipe}},
		"stock.state":         {by: 1, body: body{"agent": "person:1"}, payloads: what},
		"stock.withdraw":      {by: 1, body: body{"agent": "person:1", "stock": v.stock}},
		"catalogue.state":     {by: 1, body: body{"agent": "person:1", "table": "sites"}, payloads: what},
		"catalogue.withdraw":  {by: 1, body: body{"agent": "person:1", "row": v.row}},
		"figure.state":        {by: 1, body: body{"group": "nord", "product": "bread", "quantity": "2", "unit": "kg", "urgency": "vital"}},
		"figure.decline":      {by: 1},
		"decline.withdraw":    {by: 1, body: body{"decline": v.decline}},
		"commitment.make":     {by: 1, body: flow},
		"commitment.accept":   {by: 4, body: body{"commitment": v.commitment}},
		"commitment.withdraw": {by: 1, body: body{"commitment": v.commitment}},
		"commitment.release":  {by: 1, body: body{"commitment": v.toGroup}},
		"event.record":        {by: 1, body: flow},
		"plan.adopt":          {by: 2, body: body{"plan": zero, "network": zero, "program": "bremen", "from": v.in(0), "until": v.in(9), "status": "optimal"}},
		"mandate.give":        {by: 1, body: body{"office": "planning", "scope": "network", "holder": 1, "until": v.in(9)}},
		"mandate.accept":      {by: 4, body: body{"mandate": v.given}},
		"mandate.end":         {by: 3, body: body{"mandate": v.held}},
		"recall.call":         {by: 1, body: body{"mandate": v.held}},
		"act.assent":          {by: 1, body: body{"act": v.act}},
		"act.refuse":          {by: 1, body: body{"act": v.act}},
		"assembly.call":       {by: 1, with: []int64{2, 3}, body: body{"at": v.in(8)}},
		"assembly.attend":     {by: 1, body: body{"assembly": v.assembly}},
		"cession.give":        {by: 1, body: body{"organisation": "bakery", "power": "speak", "office": "planning", "until": v.in(9)}},
		"cession.withdraw":    {by: 1, body: body{"cession": v.cession}},
		"rules.change":        {by: 1, body: body{"rules": json.RawMessage(Default().JSON()), "base": 0}},
		"pause.begin":         {by: 1, body: body{"until": v.in(1), "why": "attack"}},
		"pause.end":           {by: 1},
		"witness.name":        {by: 3, body: body{"witness": "w", "log-key": logKey(v.server, "w")}},
		"witness.drop":        {by: 3, body: body{"witness": "old"}},
		"act.close":           {by: 1, body: body{"act": v.act}},
		record.TypeNextKey:    {by: 0, body: body{"public": logKey(fresh.cardKey, testOrigin)}},
		"log.succeed":         {by: 0, origin: "other.org/x", body: body{"origin": testOrigin, "size": v.state.Size, "root": zero, "log-key": logKey(v.server, "other.org/x"), "operator": "other"}},
		"loss.declare":        {by: 0, body: body{"size": 1, "root": zero, "why": "disk"}},
		"outage.declare":      {by: 0},
	}[typ]
	x.typ = typ
	return x, ok
}

// prepare brings about what one type asks for besides.
func (v *town) prepare(typ string) {
	switch typ {
	case "guest.arrive":
		code := sha256.Sum256([]byte("code"))
		v.do(said{typ: "invitation.issue", by: 1, body: body{"invitation": hash64(code[:])}})
	case "pause.end":
		v.do(said{typ: "pause.begin", by: 1, with: []int64{2, 3}, body: body{"until": v.in(1), "why": "attack"}})
	case "witness.drop":
		v.do(said{typ: "witness.name", by: 3, body: body{"witness": "old", "log-key": logKey(v.server, "w")}})
	case "act.close":
		v.pass(60)
	case "outage.declare":
		v.pass(1)
	}
}

// sampleIn makes a town fit for a type, and its sample.
func sampleIn(t fataler, typ string) (*town, said) {
	if typ == "network.found" {
		v := &town{world: newWorld(t)}
		x, _ := v.sample(typ)
		return v, x
	}
	v := newTown(t, typ != "assembly.call" && typ != "assembly.attend")
	v.prepare(typ)
	x, ok := v.sample(typ)
	if !ok {
		t.Fatalf("%s is a new type of entry: give it a sample here, and a right or power in rules.yaml", typ)
	}
	if typ == "guest.arrive" {
		x = v.arrival(11, []byte("code"), "h11")
	}
	return v, x
}

// outsiders are all who should not, each as they would try it: what becomes of
// the statement, and whether the rules let them after all.
var outsiders = []struct {
	name string
	as   func(*town, said) said
	may  func(*town, *Type, said) bool
}{
	{"not signed in", as(99), never},
	{"newcomer without an invitation", as(11), func(_ *town, typ *Type, _ said) bool { return typ.ID == "guest.arrive" || typ.ID == "network.found" }},
	{"guest", as(personGuest), standingMay(Guest)},
	{"left", as(personLeft), standingMay(Left)},
	{"operator", as(0), standingMay(Operator)},
	{"other member", as(personOther), ownScope(personOther)},
	{"other member, in the name of the first", func(_ *town, x said) said { x.kind = record.Device; return x }, never},
	{"expired mandate", as(personExpired), ownScope(personExpired)},
	{"token of another scope", func(v *town, x said) said {
		x.kind, x.token = record.Token, v.token
		return x
	}, never},
	{"helper without consent", func(_ *town, x said) said {
		x.kind, x.helper = record.Assisted, 3
		return x
	}, never},
}

func as(n int64) func(*town, said) said {
	return func(_ *town, x said) said {
		x.by, x.with, x.kind = n, nil, ""
		return x
	}
}

func never(*town, *Type, said) bool { return false }

func standingMay(h Holder) func(*town, *Type, said) bool {
	return func(v *town, typ *Type, _ said) bool {
		return slices.ContainsFunc(Default().Rights, func(r Right) bool { return r.holds(h) && slices.Contains(r.Appends, typ.ID) })
	}
}

// ownScope: a member may what every member may, for themselves and for all; not
// in the name of an agent, an office or a group of others.
func ownScope(n int64) func(*town, *Type, said) bool {
	return func(v *town, typ *Type, x said) bool {
		scope := v.scope(x)
		return standingMay(Member)(v, typ, x) && (scope == PersonScope(n) || v.state.belongs(n, scope))
	}
}

// rightsCodes are refusals for want of a right, not of a fitting statement.
var rightsCodes = []string{
	refuseStanding, refuseNumber, refuseRight, refuseScope, refuseMandate, refuseExpired, refuseKind, refuseKey,
	refuseHelper, refuseToken, refuseTokenScope, refuseSigners, refuseFounded, refusePayload,
}

// TestRights tries every type of entry as everybody who should not, with every
// right and power there is. A type without a sample or without a rule fails.
func TestRights(t *testing.T) {
	t.Parallel()
	rules := Default()
	var ids []string
	for _, r := range rules.Rights {
		ids = append(ids, r.ID)
	}
	for _, p := range rules.Powers {
		ids = append(ids, p.ID)
	}
	for i := range types {
		typ := &types[i]
		t.Run(typ.ID, func(t *testing.T) {
			t.Parallel()
			v, x := sampleIn(t, typ.ID)
			if err := v.try(x); err != nil {
				t.Fatalf("whoever should cannot: %v", err)
			}
			if typ.ID == "network.found" {
				v, _ = sampleIn(t, "need.state")
			}
			for _, o := range outsiders {
				y := o.as(v, x)
				if o.may(v, typ, y) {
					continue
				}
				for _, id := range ids {
					y.right = id
					checkRefused(t, v, o.name, y)
				}
			}
		})
	}
}

func checkRefused(t *testing.T, v *town, who string, x said) {
	t.Helper()
	e := v.entry(x)
	if who == "other member, in the name of the first" {
		e.Signatures = []record.Signature{v.person(personOther).sign(e.StatementHash)}
		if x.by == 0 {
			e.Signatures[0].Kind = record.Server
			if _, err := v.state.Verify(&e); err == nil {
				t.Errorf("%s, invoking %q: the signature is good", who, x.right)
			}
			return
		}
	}
	err := v.state.May(&e)
	r, ok := err.(*Refusal)
	if !ok || !slices.Contains(rightsCodes, r.Code) {
		t.Errorf("%s, invoking %q: got %v, want a refusal for want of a right", who, x.right, err)
		return
	}
	if s := r.In("de"); s == "" || s == r.In("en") {
		t.Errorf("%s: not shown why in German: %s", who, s)
	}
	if r.Code == refuseMandate && len(r.Could) == 0 {
		t.Errorf("%s, invoking %q: %v does not say who can", who, x.right, err)
	}
}

// TestSamplesStandInTheRecord takes one entry of every type through package
// record: written, read again, it is still let in and its signatures are good.
func TestSamplesStandInTheRecord(t *testing.T) {
	t.Parallel()
	for i := range types {
		t.Run(types[i].ID, func(t *testing.T) {
			t.Parallel()
			v, x := sampleIn(t, types[i].ID)
			e := v.entry(x)
			d := record.Draft{Statement: e.Statement, Signatures: e.Signatures}
			for _, ref := range e.Statement.Payloads {
				d.Payloads = append(d.Payloads, payload(ref.Person, ref.Name))
			}
			p, err := record.Prepare(e.Statement.Origin, d)
			if err != nil {
				t.Fatal(err)
			}
			text, err := p.Place(e.Seq, e.Time)
			if err != nil {
				t.Fatal(err)
			}
			back, err := record.Decode(text)
			if err != nil {
				t.Fatal(err)
			}
			if err := v.state.May(&back); err != nil {
				t.Errorf("read again it is refused: %v", err)
			}
			if _, err := v.state.Verify(&back); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSignaturesOfConsequence: nothing of consequence is signed by a session alone.
func TestSignaturesOfConsequence(t *testing.T) {
	t.Parallel()
	for i := range types {
		typ := &types[i]
		if !typ.Consequence || slices.Contains(typ.Standings, Operator) {
			continue
		}
		t.Run(typ.ID, func(t *testing.T) {
			t.Parallel()
			v, x := sampleIn(t, typ.ID)
			x.kind = record.Session
			v.refused(refuseKind, x)
		})
	}
}

func ExampleState_WhoCan() {
	v := newTown(panicker{}, true)
	for _, row := range v.state.WhoCan(v.now.UnixMilli()) {
		if row.ID == "plan.adopt" {
			fmt.Println(row.ID, row.Who[0].In("en"))
		}
	}
	// Output: plan.adopt Planning 2
}

// panicker stands in for a test where there is none.
type panicker struct{}

func (panicker) Helper() {}

func (panicker) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
