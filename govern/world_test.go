package govern

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"bremen/record"
)

const (
	testOrigin = "example.org/nordhof"
	testParty  = "example.org"
)

// fataler is what *testing.T and *rapid.T share.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// world is a network in a test: its people have real keys and sign really.
type world struct {
	t      fataler
	state  *State
	log    []record.Entry
	now    time.Time
	people map[int64]*identity
	server ed25519.PrivateKey
	nonce  uint64
}

type identity struct {
	id      string
	ec      *ecdsa.PrivateKey
	ed      ed25519.PrivateKey
	public  []byte
	cardKey ed25519.PrivateKey
}

func (p *identity) card() string { return encode64(p.cardKey.Public().(ed25519.PublicKey)) }

// newIdentity makes keys; every second person has an Ed25519 passkey.
func newIdentity(n int64) *identity {
	seed := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("card"), uint64(n)))
	p := &identity{id: encode64(fmt.Appendf(nil, "credential-%d", n)), cardKey: ed25519.NewKeyFromSeed(seed[:])}
	var public any
	if n%2 == 0 {
		seed = sha256.Sum256(binary.BigEndian.AppendUint64([]byte("device"), uint64(n)))
		p.ed = ed25519.NewKeyFromSeed(seed[:])
		public = p.ed.Public()
	} else {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		p.ec, public = k, k.Public()
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		panic(err)
	}
	p.public = der
	return p
}

// sign makes the assertion that a browser would.
func (p *identity) sign(h record.Hash) record.Signature {
	client := fmt.Appendf(nil, `{"type":"webauthn.get","challenge":%q,"origin":"https://%s","crossOrigin":false}`, base64.RawURLEncoding.EncodeToString(h[:]), testParty)
	rp := sha256.Sum256([]byte(testParty))
	auth := append(rp[:], 1, 0, 0, 0, 0)
	hash := sha256.Sum256(client)
	message := append(bytes.Clone(auth), hash[:]...)
	g := record.Signature{Kind: record.Device, Key: p.id, AuthenticatorData: auth, ClientData: client}
	if p.ed != nil {
		g.Sig = ed25519.Sign(p.ed, message)
		return g
	}
	digest := sha256.Sum256(message)
	sig, err := ecdsa.SignASN1(rand.Reader, p.ec, digest[:])
	if err != nil {
		panic(err)
	}
	g.Sig = sig
	return g
}

func logKey(private ed25519.PrivateKey, name string) string {
	raw := append([]byte{1}, private.Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256([]byte(name + "\n" + string(raw)))
	return fmt.Sprintf("%s+%08x+%s", name, binary.BigEndian.Uint32(sum[:]), base64.StdEncoding.EncodeToString(raw))
}

// body is what a test states.
type body map[string]any

// said is one statement on its way in.
type said struct {
	typ      string
	by       int64
	body     body
	right    string // "" for the first that the rules have for the type
	kind     record.Kind
	helper   int64
	token    string
	with     []int64  // others who sign
	payloads []string // besides those needed
	origin   string
}

// newWorld returns a network before its founding.
func newWorld(t fataler) *world {
	seed := sha256.Sum256([]byte("server"))
	return &world{
		t: t, state: NewState(), now: time.Date(2027, 5, 3, 8, 0, 0, 0, time.UTC),
		people: map[int64]*identity{}, server: ed25519.NewKeyFromSeed(seed[:]),
	}
}

// person returns the keys of a number, made when first asked for.
func (w *world) person(n int64) *identity {
	if w.people[n] == nil {
		w.people[n] = newIdentity(n)
	}
	return w.people[n]
}

func (w *world) foundingBody(rules *Rules, households ...string) body {
	var founders []founder
	for i, h := range households {
		p := w.person(int64(i + 1))
		founders = append(founders, founder{Person: int64(i + 1), Household: h, Group: "nord", Key: p.id, Public: encode64(p.public), Card: p.card()})
	}
	return body{
		"name": "Nordhof", "purpose": "Bread for all", "rules": json.RawMessage(rules.JSON()), "founders": founders,
		"rp": testParty, "log-key": logKey(w.server, testOrigin), "operator": "Nordhof eG",
	}
}

// found founds a network, one founder for each household.
func newNetwork(t fataler, households ...string) *world {
	w := newWorld(t)
	var others []int64
	for i := range households[1:] {
		others = append(others, int64(i+2))
	}
	w.do(said{typ: "network.found", by: 1, body: w.foundingBody(Default(), households...), with: others})
	return w
}

// entry makes the next entry, signed.
func (w *world) entry(x said) record.Entry {
	typ := TypeByID(x.typ)
	s := record.Statement{Version: record.Version, Origin: testOrigin, Type: x.typ, Member: x.by, Right: x.right, Helper: x.helper}
	if x.origin != "" {
		s.Origin = x.origin
	}
	if s.Right == "" {
		s.Right = w.invoke(x)
	}
	w.nonce++
	s.Nonce = binary.BigEndian.AppendUint64(make([]byte, 8), w.nonce)
	if x.body == nil {
		x.body = body{}
	}
	raw, err := canonical(x.body)
	if err != nil {
		w.t.Fatalf("body of %s: %v", x.typ, err)
	}
	s.Body = raw
	names := x.payloads
	if typ != nil {
		names = append(names, typ.Needs...)
	}
	for _, name := range names {
		p := payload(max(1, x.by), name)
		s.Payloads = append(s.Payloads, record.Ref{Name: name, Person: p.Person, Hash: p.Hash()})
	}
	hash, err := s.Hash()
	if err != nil {
		w.t.Fatalf("%s: %v", x.typ, err)
	}
	return record.Entry{Seq: w.state.next(x.typ), Time: w.now, Statement: s, StatementHash: hash, Signatures: w.signatures(x, typ, hash)}
}

// payload is what a statement in a test refers to.
func payload(person int64, name string) record.Payload {
	return record.Payload{Person: person, Salt: [record.SaltSize]byte{1}, Data: []byte(name)}
}

func (w *world) invoke(x said) string {
	rules := w.state.Rules
	if rules == nil {
		rules = Default()
	}
	if own := w.state.Rights(x.by, x.typ, w.scope(x), w.now.UnixMilli()); len(own) > 0 {
		return own[0]
	}
	for _, r := range rules.Rights {
		for _, e := range r.Appends {
			if e == x.typ {
				return r.ID
			}
		}
	}
	for _, p := range rules.Powers {
		for _, e := range p.Appends {
			if e == x.typ {
				return p.ID
			}
		}
	}
	return "none"
}

// scope returns where a statement would act, as far as it can be told.
func (w *world) scope(x said) Scope {
	st := &step{entry: &record.Entry{}, typ: TypeByID(x.typ), by: x.by}
	raw, err := canonical(x.body)
	if st.typ == nil || err != nil {
		return InNetwork
	}
	if st.body, err = st.typ.decodeBody(raw); err != nil {
		return InNetwork
	}
	scope, err := w.state.scopeOf(st)
	if err != nil {
		return InNetwork
	}
	return scope
}

func (w *world) signatures(x said, typ *Type, hash record.Hash) []record.Signature {
	kind := x.kind
	if kind == "" {
		switch {
		case x.by == 0:
			kind = record.Server
		case typ != nil && typ.Consequence:
			kind = record.Device
		default:
			kind = record.Session
		}
	}
	var first record.Signature
	switch kind {
	case record.Device:
		first = w.person(x.by).sign(hash)
	case record.Card:
		p := w.person(x.by)
		first = record.Signature{Kind: kind, Key: p.card(), Sig: ed25519.Sign(p.cardKey, record.SignedText(hash))}
	case record.Server:
		first = record.Signature{Kind: kind, Sig: ed25519.Sign(w.server, record.SignedText(hash))}
	default:
		first = record.Signature{Kind: kind, Key: x.token}
	}
	list := []record.Signature{first}
	for _, n := range x.with {
		g := w.person(n).sign(hash)
		g.Member = n
		list = append(list, g)
	}
	return list
}

// try asks whether a statement may be appended, and does not append it.
func (w *world) try(x said) error {
	e := w.entry(x)
	return w.state.May(&e)
}

// do appends a statement that must be allowed, and returns its number.
func (w *world) do(x said) int64 {
	w.t.Helper()
	seq, err := w.attempt(x)
	if err != nil {
		w.t.Fatalf("%s by %d: %v", x.typ, x.by, err)
	}
	return seq
}

// attempt appends a statement if it is allowed.
func (w *world) attempt(x said) (int64, error) {
	e := w.entry(x)
	if err := w.state.May(&e); err != nil {
		return 0, err
	}
	w.take(&e)
	return w.state.Size - 1, nil
}

// take appends an entry that May has let in; its signatures must be good.
func (w *world) take(e *record.Entry) {
	w.t.Helper()
	if _, err := w.state.Verify(e); err != nil {
		w.t.Fatalf("%s by %d may be appended, but: %v", e.Statement.Type, e.Statement.Member, err)
	}
	w.log = append(w.log, *e)
	if err := w.state.Apply(e); err != nil {
		w.t.Fatalf("%s: %v", e.Statement.Type, err)
	}
}

// refused checks that a statement is refused with a code.
func (w *world) refused(code string, x said) *Refusal {
	w.t.Helper()
	err := w.try(x)
	r, ok := err.(*Refusal)
	if !ok || r.Code != code {
		w.t.Fatalf("%s by %d: got %v, want a refusal %q", x.typ, x.by, err, code)
		return nil
	}
	return r
}

func (w *world) pass(days float64) { w.now = w.now.Add(time.Duration(days * 24 * float64(time.Hour))) }

func (w *world) in(days float64) string {
	return clock(w.now.Add(time.Duration(days * 24 * float64(time.Hour))).UnixMilli())
}

// arrive has a member invite and somebody arrive as a guest.
func (w *world) arrive(inviter int64, household string) int64 {
	w.t.Helper()
	n := w.state.NextPerson()
	code := fmt.Appendf(nil, "code-%d", n)
	sum := sha256.Sum256(code)
	w.do(said{typ: "invitation.issue", by: inviter, body: body{"invitation": hash64(sum[:])}})
	w.do(w.arrival(n, code, household))
	return n
}

func (w *world) arrival(n int64, code []byte, household string) said {
	p := w.person(n)
	return said{typ: "guest.arrive", by: n, body: body{
		"code": encode64(code), "household": household, "key": p.id, "public": encode64(p.public), "card": p.card(), "rp": testParty,
	}}
}

// join brings somebody in as a member: two vouch, fourteen days pass.
func (w *world) join(inviter int64, household string, vouchers ...int64) int64 {
	w.t.Helper()
	n := w.arrive(inviter, household)
	for _, v := range vouchers {
		w.do(said{typ: "vouch.give", by: v, body: body{"guest": n}})
	}
	w.pass(14)
	w.do(said{typ: "member.join", by: n})
	return n
}

// give has a mandate given by those who assent, and accepted.
func (w *world) give(office string, scope Scope, holder int64, days float64, assents ...int64) int64 {
	w.t.Helper()
	m := w.do(said{typ: "mandate.give", by: assents[0], with: assents[1:], body: body{"office": office, "scope": string(scope), "holder": holder, "until": w.in(days)}})
	w.do(said{typ: "mandate.accept", by: holder, body: body{"mandate": m}})
	return m
}

// replay folds the log again and checks that the bytes are the same.
func (w *world) replay() {
	w.t.Helper()
	again := NewState()
	for i := range w.log {
		if err := again.Apply(&w.log[i]); err != nil {
			w.t.Fatalf("replaying entry %d: %v", i, err)
		}
	}
	if !bytes.Equal(again.JSON(), w.state.JSON()) {
		w.t.Fatalf("replay gives another state:\n%s\n%s", again.JSON(), w.state.JSON())
	}
	back, err := ParseState(w.state.JSON())
	if err != nil || !bytes.Equal(back.JSON(), w.state.JSON()) {
		w.t.Fatalf("a snapshot read again differs: %v", err)
	}
}

var _ fataler = (*testing.T)(nil)
