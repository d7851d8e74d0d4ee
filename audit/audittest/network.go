// Package audittest makes networks whose people have real keys and really sign, in a record of any store, for tests of
// what outsiders and operators do.
package audittest

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"bremen/govern"
	"bremen/record"
)

// Origin is the record's name, Party the name for which its passkeys are made.
const (
	Origin = "example.org/nordhof"
	Party  = "example.org"
)

// Clock is one that tests set.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// NewClock returns a clock that stands at a fixed time.
func NewClock() *Clock { return &Clock{t: time.Date(2027, 5, 3, 8, 0, 0, 0, time.UTC)} }

// Now is what stores take as their clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Pass lets time go by.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// Network is a founded network of three members, each a household of its own.
type Network struct {
	tb      testing.TB
	Clock   *Clock
	Log     record.Log
	Private string // the log's key
	Public  string
	State   *govern.State
	people  map[int64]*identity
}

// Found makes a log in a store, whose clock must be the one given, and founds a network in it.
func Found(tb testing.TB, store record.Store, clock *Clock) *Network {
	tb.Helper()
	private, public, err := record.NewKey(Origin)
	if err != nil {
		tb.Fatal(err)
	}
	log, err := store.Create(tb.Context(), Origin, private)
	if err != nil {
		tb.Fatal(err)
	}
	n := &Network{tb: tb, Clock: clock, Log: log, Private: private, Public: public, State: govern.NewState(), people: map[int64]*identity{}}
	var founders []map[string]any
	for i := range int64(3) {
		p := n.person(i + 1)
		founders = append(founders, map[string]any{
			"person": i + 1, "household": string(rune('a' + i)), "group": "nord", "key": p.id, "public": encode64(p.public), "card": p.cardKey(),
		})
	}
	n.Say(Said{Type: "network.found", By: 1, Right: "found", With: []int64{2, 3}, Body: map[string]any{
		"name": "Nordhof", "purpose": "Bread for all", "rules": json.RawMessage(govern.Default().JSON()), "founders": founders,
		"rp": Party, "log-key": public, "operator": "Nordhof eG",
	}})
	return n
}

func (n *Network) person(number int64) *identity {
	if n.people[number] == nil {
		n.people[number] = newIdentity(number)
	}
	return n.people[number]
}

// Said is one statement on its way into a record.
type Said struct {
	Type  string
	By    int64
	Body  map[string]any
	Right string       // none: the first by which they may
	Scope govern.Scope // where it acts, for finding that right; none: the member's own person
	Kind  record.Kind  // none: device where the type is of consequence, else session; server for member 0
	With  []int64      // others who sign, with their devices
	Seen  record.Head
	Key   string // the log's key, for what the server says; none: the log's present one
}

// Say appends a statement that the rules allow, and returns its entry.
func (n *Network) Say(x Said) record.Entry {
	n.tb.Helper()
	return n.SayIn(n.Log, x)
}

// SayIn is Say in another record of the network, as after a succession.
func (n *Network) SayIn(log record.Log, x Said) record.Entry {
	n.tb.Helper()
	e := n.Force(log, n.Draft(log.Origin(), x))
	if err := n.State.May(&e); err != nil {
		n.tb.Fatalf("%s by %d: %v", x.Type, x.By, err)
	}
	if err := n.State.Apply(&e); err != nil {
		n.tb.Fatalf("%s by %d: %v", x.Type, x.By, err)
	}
	return e
}

// Force appends a draft whatever the rules say, as a server could that cheats. The network's state does not know of it.
func (n *Network) Force(log record.Log, d record.Draft) record.Entry {
	n.tb.Helper()
	entries, err := record.Append(n.tb.Context(), log, record.Anywhere, d)
	if err != nil {
		n.tb.Fatalf("%s by %d: %v", d.Statement.Type, d.Statement.Member, err)
	}
	return entries[0]
}

// Draft signs a statement, with a payload where its type needs one.
func (n *Network) Draft(origin string, x Said) record.Draft {
	n.tb.Helper()
	typ := govern.TypeByID(x.Type)
	if typ == nil {
		n.tb.Fatalf("unknown type %q", x.Type)
	}
	s := record.Statement{Version: record.Version, Origin: origin, Type: x.Type, Member: x.By, Right: x.Right, Seen: x.Seen, Nonce: record.NewNonce()}
	if s.Right == "" {
		scope := x.Scope
		if scope == "" {
			scope = govern.PersonScope(x.By)
		}
		if own := n.State.Rights(x.By, x.Type, scope, n.Clock.Now().UnixMilli()); len(own) > 0 {
			s.Right = own[0]
		}
	}
	if x.Body == nil {
		x.Body = map[string]any{}
	}
	var err error
	if s.Body, err = record.Canonical(x.Body); err != nil {
		n.tb.Fatal(err)
	}
	d := record.Draft{}
	for _, name := range typ.Needs {
		p, err := record.NewPayload(max(1, x.By), []byte("private: "+name))
		if err != nil {
			n.tb.Fatal(err)
		}
		d.Payloads = append(d.Payloads, p)
		s.Payloads = append(s.Payloads, record.Ref{Name: name, Person: p.Person, Hash: p.Hash()})
	}
	d.Statement = s
	d.Signatures = n.sign(typ, &s, x)
	return d
}

func (n *Network) sign(typ *govern.Type, s *record.Statement, x Said) []record.Signature {
	hash, err := s.Hash()
	if err != nil {
		n.tb.Fatal(err)
	}
	kind := x.Kind
	switch {
	case kind != "":
	case x.By == 0:
		kind = record.Server
	case typ.Consequence:
		kind = record.Device
	default:
		kind = record.Session
	}
	var first record.Signature
	switch kind {
	case record.Device:
		first = n.person(x.By).sign(hash)
	case record.Card:
		p := n.person(x.By)
		first = record.Signature{Kind: kind, Key: p.cardKey(), Sig: ed25519.Sign(p.card, record.SignedText(hash))}
	case record.Server:
		key := x.Key
		if key == "" {
			key = n.Private
		}
		if first, err = record.SignServer(key, s); err != nil {
			n.tb.Fatal(err)
		}
	default:
		first = record.Signature{Kind: kind}
	}
	list := []record.Signature{first}
	for _, other := range x.With {
		g := n.person(other).sign(hash)
		g.Member = other
		list = append(list, g)
	}
	return list
}

// Mandate has an office of the whole network given to a member by all three, and accepted.
func (n *Network) Mandate(office string, holder int64) {
	n.tb.Helper()
	until := n.Clock.Now().Add(100 * 24 * time.Hour).UTC().Format(time.RFC3339)
	e := n.Say(Said{Type: "mandate.give", By: 1, With: []int64{2, 3}, Scope: govern.InNetwork, Body: map[string]any{
		"office": office, "scope": govern.InNetwork, "holder": holder, "until": until,
	}})
	n.Say(Said{Type: "mandate.accept", By: holder, Scope: govern.InNetwork, Body: map[string]any{"mandate": n.State.Base + e.Seq}})
}

// Need has a member state a need in a session.
func (n *Network) Need(by int64) record.Entry {
	n.tb.Helper()
	return n.Say(Said{Type: "need.state", By: by})
}

// Publish signs a checkpoint of the log.
func (n *Network) Publish(witnesses ...record.Cosigner) []byte {
	n.tb.Helper()
	signed, err := record.Publish(n.tb.Context(), n.Log, witnesses...)
	if err != nil {
		n.tb.Fatal(err)
	}
	return signed
}

// Head returns the log's present head.
func (n *Network) Head() record.Head {
	n.tb.Helper()
	size, err := n.Log.Size(n.tb.Context())
	if err != nil {
		n.tb.Fatal(err)
	}
	head, err := record.HeadAt(n.tb.Context(), n.Log, size)
	if err != nil {
		n.tb.Fatal(err)
	}
	return head
}

// Known returns the checkpoint that was signed of a size.
func (n *Network) Known(size int64) []byte {
	n.tb.Helper()
	signed, err := n.Log.Checkpoint(n.tb.Context(), size)
	if err != nil {
		n.tb.Fatal(err)
	}
	return slices.Clone(signed)
}

func encode64(x []byte) string { return base64.RawURLEncoding.EncodeToString(x) }
