package commons

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"bremen/govern"
	"bremen/record"
)

// Prepared is a statement that the rules would let in, to be signed. Its payloads are private: keep it where only its
// person's session finds it.
type Prepared struct {
	Statement record.Statement `json:"statement"`
	Payloads  []record.Payload `json:"payloads,omitempty"`
	// Hash of the statement: the challenge that a device signs; a card signs record.SignedText of it.
	Hash record.Hash `json:"hash"`
	// Kinds of signature that suffice.
	Kinds []record.Kind `json:"kinds"`
	// Number that the person will have, for somebody who arrives or founds.
	Number int64 `json:"number"`

	own record.Signature // by session, helper or token; zero if that does not do
}

// Done is an entry that is in the record, durably.
type Done struct {
	Number  int64        `json:"number"` // in the life of the network
	Entry   record.Entry `json:"-"`
	Bytes   []byte       `json:"entry"`   // canonical
	Receipt []byte       `json:"receipt"` // the log's signed promise
}

// writer is the end of the record as those who append see it: what is durable, and what is on its way.
type writer struct {
	mu    sync.Mutex
	tip   *State // nil: to be taken from the durable state
	after record.After
	early map[int64]*record.Entry // on their way, by number
	turn  int64                   // counts the tips that were taken
}

// patience is for how long a statement is tried again when other servers were faster.
const patience = 15 * time.Second

// soon is how much later than now an entry may at most be dated when it is checked now: it must be allowed then as well.
const soon = time.Second

// Prepare makes a statement of an intent and asks whether the rules would let it in now.
func (n *Network) Prepare(ctx context.Context, a Actor, i Intent) (*Prepared, error) {
	typ := govern.TypeByID(i.Type)
	if err := n.checkIntent(typ, i); err != nil {
		return nil, err
	}
	p := &Prepared{Statement: record.Statement{
		Version: record.Version, Origin: n.log.Origin(), Type: i.Type, Member: a.Person, Right: i.Right, Helper: a.Helper,
		Cause: i.Cause, Seen: a.Seen, Nonce: record.NewNonce(),
	}}
	if a.Seen == (record.Head{}) {
		if _, err := n.Checkpoint(ctx); err != nil {
			return nil, err
		}
		n.newest.mu.Lock()
		p.Statement.Seen = n.newest.head
		n.newest.mu.Unlock()
	}
	body, err := record.Canonical(i.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: body: %w", i.Type, err)
	}
	p.Statement.Body = body
	if p.own, err = a.signature(typ); err != nil {
		return nil, err
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	return p, n.state.prepare(p, typ, i, n.c.o.Clock())
}

// signature is that of an actor who is known by other means than a device; zero where a device or card has to sign.
func (a Actor) signature(typ *govern.Type) (record.Signature, error) {
	switch {
	case typ != nil && typ.Consequence:
		return record.Signature{}, nil
	case a.Kind == record.Session || a.Kind == record.Assisted:
		return record.Signature{Kind: a.Kind}, nil
	case a.Kind == record.Token:
		return record.Signature{Kind: a.Kind, Key: a.Token}, nil
	}
	return record.Signature{}, fmt.Errorf("actor of kind %q: expected session, assisted or token", a.Kind)
}

// prepare fills in who says it, by which right, and the payloads, and asks the rules.
func (s *State) prepare(p *Prepared, typ *govern.Type, i Intent, now time.Time) error {
	g, st := s.Govern, &p.Statement
	if st.Member == 0 {
		st.Member = g.NextPerson()
		p.Number = st.Member
	}
	if err := p.seal(i.Private); err != nil {
		return err
	}
	if st.Right == "" {
		st.Right = s.invoke(st, now)
	}
	hash, err := st.Hash()
	if err != nil {
		return err
	}
	p.Hash = hash
	standing := g.Standing(st.Member)
	if typ != nil {
		p.Kinds = typ.Kinds(standing)
	}
	return s.would(p, now)
}

// seal puts the private parts into payloads with fresh salts.
func (p *Prepared) seal(parts []Part) error {
	for _, part := range parts {
		payload, err := record.NewPayload(p.Statement.Member, part.Data)
		if err != nil {
			return err
		}
		p.Payloads = append(p.Payloads, payload)
		p.Statement.Payloads = append(p.Statement.Payloads, record.Ref{Name: part.Name, Person: p.Statement.Member, Hash: payload.Hash()})
	}
	return nil
}

// invoke finds the right by which a person may state something, or the first that would do.
func (s *State) invoke(st *record.Statement, now time.Time) string {
	rules := s.Govern.Rules
	if rules == nil {
		rules = govern.Default()
	}
	scope := s.Govern.ScopeOf(govern.Parse(&record.Entry{Statement: *st}))
	if own := s.Govern.Rights(st.Member, st.Type, scope, max(now.UnixMilli(), s.Govern.Time)); len(own) > 0 {
		return own[0]
	}
	for _, reaching := range []bool{true, false} {
		for _, r := range rules.Rights {
			if slices.Contains(r.Appends, st.Type) && (!reaching || slices.Contains(r.Within, scope.Kind())) {
				return r.ID
			}
		}
		for _, p := range rules.Powers {
			if slices.Contains(p.Appends, st.Type) {
				return p.ID
			}
		}
	}
	return "none"
}

// would asks the rules whether a prepared statement could be the next entry, if signed well.
func (s *State) would(p *Prepared, now time.Time) error {
	e := record.Entry{Statement: p.Statement, StatementHash: p.Hash}
	var err error
	for _, sigs := range s.conceivable(p) {
		e.Signatures = sigs
		var r *govern.Refusal
		if err = s.may(&e, now); !errors.As(err, &r) || r.Code != "key" {
			return err
		}
	}
	return err
}

// conceivable are the signatures that the statement might get.
func (s *State) conceivable(p *Prepared) [][]record.Signature {
	if p.own.Kind != "" {
		return [][]record.Signature{{p.own}}
	}
	st := &p.Statement
	var b struct {
		Key      string `json:"key"`
		Founders []struct {
			Person int64  `json:"person"`
			Key    string `json:"key"`
		} `json:"founders"`
	}
	_ = json.Unmarshal(st.Body, &b) // the rules refuse what is none
	if st.Type == "guest.arrive" {
		return [][]record.Signature{{{Kind: record.Device, Key: b.Key}}}
	}
	if st.Type == "network.found" {
		var all []record.Signature
		for _, f := range b.Founders {
			g := record.Signature{Kind: record.Device, Key: f.Key, Member: f.Person}
			if f.Person == st.Member {
				g.Member = 0
			}
			all = append(all, g)
		}
		if len(all) > 0 {
			return [][]record.Signature{all}
		}
	}
	list := [][]record.Signature{}
	if who := s.Govern.Persons[st.Member]; who != nil {
		for _, id := range sorted(who.Keys) {
			list = append(list, []record.Signature{{Kind: record.Kind(who.Keys[id].Kind), Key: id}})
		}
	}
	return append(list, []record.Signature{{Kind: record.Device, Key: "none"}})
}

// may asks the rules about the next entry, now and a moment later, since the record dates it when it takes it.
func (s *State) may(e *record.Entry, now time.Time) error {
	g := s.Govern
	e.Seq = g.Size - g.Base
	if e.Statement.Type == "log.succeed" && g.Founded {
		e.Seq = 0
	}
	last := time.UnixMilli(g.Time).UTC()
	if now.Before(last) {
		now = last
	}
	e.Time = now.UTC().Truncate(time.Millisecond)
	if err := g.May(e); err != nil {
		return err
	}
	later := *e
	later.Time = e.Time.Add(soon)
	return g.May(&later)
}

// Append puts a prepared statement into the record with its signatures, that of the statement's member first, and returns
// when it is durable. Without signatures that of the actor is taken, where it suffices. It is checked against the rules
// and the keys as they are at the end of the record. Sending one again that is in already returns its entry.
func (n *Network) Append(ctx context.Context, p *Prepared, signatures ...record.Signature) (*Done, error) {
	if len(signatures) == 0 && p.own.Kind != "" {
		signatures = []record.Signature{p.own}
	}
	d := record.Draft{Statement: p.Statement, Signatures: signatures, Payloads: p.Payloads}
	for tried, begin := 0, time.Now(); ; tried++ {
		e, err := n.try(ctx, d, p.Hash)
		var again *record.DuplicateError
		switch {
		case err == nil:
			return n.done(ctx, e)
		case errors.As(err, &again):
			e, _, err := n.Entry(ctx, n.base()+again.Seq)
			if err != nil {
				return nil, err
			}
			return n.done(ctx, e)
		case !errors.Is(err, record.ErrHeadMoved):
			return nil, err
		case time.Since(begin) > patience:
			return nil, fmt.Errorf("%s: others were faster %d times: %w", d.Statement.Type, tried+1, err)
		}
		// Whoever was faster may still be writing; chance decides who is next.
		select {
		case <-time.After(rand.N(time.Duration(min(tried, 20)+1) * time.Millisecond)):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Do prepares and appends what needs no device.
func (n *Network) Do(ctx context.Context, a Actor, i Intent) (*Done, error) {
	p, err := n.Prepare(ctx, a, i)
	if err != nil {
		return nil, err
	}
	return n.Append(ctx, p)
}

// try checks a draft against the end of the record and appends it there.
func (n *Network) try(ctx context.Context, d record.Draft, hash record.Hash) (*record.Entry, error) {
	if err := n.guard(ctx, &d, hash); err != nil {
		return nil, err
	}
	w := &n.write
	w.mu.Lock()
	p, refused, err := n.push(ctx, d, hash)
	turn := w.turn
	w.mu.Unlock()
	if err != nil {
		return nil, err
	}
	entries, err := p.Wait(ctx)
	if err != nil {
		w.mu.Lock()
		if ctx.Err() == nil && w.turn == turn {
			w.tip = nil // all behind it failed as well
		}
		w.mu.Unlock()
		return nil, err
	}
	return &entries[0], refused
}

// push checks and queues a draft; the caller holds write.mu. That it is refused all the same says that the record took it so
// late that it is in and has no effect.
func (n *Network) push(ctx context.Context, d record.Draft, hash record.Hash) (p *record.Pending, refused, err error) {
	w := &n.write
	if err := n.catchUp(ctx); err != nil {
		return nil, nil, err
	}
	e := record.Entry{Statement: d.Statement, Signatures: d.Signatures, StatementHash: hash}
	if err := w.tip.may(&e, n.c.o.Clock()); err != nil {
		if seq, found := n.log.Find(ctx, hash); found == nil { // it is in already, and may be there once
			return nil, nil, &record.DuplicateError{Seq: seq}
		}
		return nil, nil, err
	}
	if _, err := w.tip.Govern.Verify(&e); err != nil {
		return nil, nil, err
	}
	if p, err = n.log.Append(ctx, w.after, d); err != nil {
		if errors.Is(err, record.ErrHeadMoved) {
			w.tip = nil
		}
		return nil, nil, err
	}
	next := p.Entries[0]
	number := w.tip.Size()
	st, err := newStep(&next, n.early(ctx))
	if err == nil {
		refused, err = w.tip.fold(st)
	}
	if err != nil {
		w.tip = nil // the durable state will tell
		return p, nil, nil
	}
	w.after = next.After()
	w.early[number] = &next
	return p, refused, nil
}

// catchUp makes the tip the durable state, if there is none. What is on its way stays out: then the append fails with
// ErrHeadMoved, and the next attempt finds it durable.
func (n *Network) catchUp(ctx context.Context) error {
	w := &n.write
	if w.tip != nil {
		n.forget()
		return nil
	}
	size, err := n.log.Size(ctx)
	if err != nil {
		return err
	}
	if _, err := n.Wait(ctx, n.base()+size-1); err != nil {
		return err
	}
	n.mu.RLock()
	w.tip = n.state.Clone()
	n.mu.RUnlock()
	w.turn++
	w.early = map[int64]*record.Entry{}
	w.after = record.After{}
	if have := w.tip.Size() - n.base(); have > 0 {
		e, _, err := n.Entry(ctx, w.tip.Size()-1)
		if err != nil {
			w.tip = nil
			return err
		}
		w.after = e.After()
	}
	return nil
}

// forget lets go of entries that have become durable.
func (n *Network) forget() {
	const many = 1000
	if len(n.write.early) < many {
		return
	}
	durable := n.Size()
	for number := range n.write.early {
		if number < durable {
			delete(n.write.early, number)
		}
	}
}

// early reads entries that may still be on their way.
func (n *Network) early(ctx context.Context) Lookup {
	return func(number int64) (*record.Entry, error) {
		if e := n.write.early[number]; e != nil {
			return e, nil
		}
		return n.reader(ctx)(number)
	}
}

// done waits until an entry is folded, does what follows from it outside the record, and gives the receipt.
func (n *Network) done(ctx context.Context, e *record.Entry) (*Done, error) {
	number := n.base() + e.Seq
	if _, err := n.Wait(ctx, number); err != nil {
		return nil, err
	}
	if e.Statement.Type == "person.erase" {
		if err := n.erase(ctx, e.Statement.Member); err != nil {
			return nil, err
		}
	}
	_, raw, err := n.Entry(ctx, number)
	if err != nil {
		return nil, err
	}
	receipt, err := n.receipt(ctx, raw)
	return &Done{Number: number, Entry: *e, Bytes: raw, Receipt: receipt}, err
}

// erase destroys what is private of a person in every record of the network.
func (n *Network) erase(ctx context.Context, person int64) error {
	var failed []error
	for _, s := range n.past {
		failed = append(failed, s.log.Erase(ctx, person))
	}
	return errors.Join(append(failed, n.log.Erase(ctx, person))...)
}

// settle completes what a crash cut short: erasures, and a change of the log's key.
func (n *Network) settle(ctx context.Context) error {
	erased, err := n.log.Erased(ctx)
	if err != nil {
		return err
	}
	for _, person := range sorted(n.state.Govern.Persons) {
		if n.state.Govern.Persons[person].Erased && !slices.Contains(erased, person) {
			if err := n.erase(ctx, person); err != nil {
				return err
			}
		}
	}
	return n.settleKey(ctx)
}

// TokenHash returns the name by which the record knows an access token.
func TokenHash(token []byte) string {
	sum := sha256.Sum256(token)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// SignCard signs a prepared statement with the key of a printed card.
func SignCard(p *Prepared, key ed25519.PrivateKey) record.Signature {
	public := key.Public().(ed25519.PublicKey)
	return record.Signature{Kind: record.Card, Key: base64.RawURLEncoding.EncodeToString(public), Sig: ed25519.Sign(key, record.SignedText(p.Hash))}
}
