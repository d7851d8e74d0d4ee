package commons

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"

	"bremen/govern"
	"bremen/record"
)

// Payload returns a private part of an entry to somebody who may read it: the person it is of, or whom its PartType says.
// The error is record.ErrErased if it is gone, record.ErrNone if there is no such part, or a *Refusal. reader 0 is nobody: the
// operator reads nothing here.
func (n *Network) Payload(ctx context.Context, reader, number int64, name string) ([]byte, error) {
	e, _, err := n.Entry(ctx, number)
	if err != nil {
		return nil, err
	}
	for _, ref := range e.Statement.Payloads {
		if ref.Name != name {
			continue
		}
		about, err := n.about(ctx, e)
		if err != nil {
			return nil, err
		}
		if err := n.mayRead(reader, number, e, about, ref); err != nil {
			return nil, err
		}
		found, err := n.payloads(ctx, number, ref)
		if err != nil {
			return nil, err
		}
		p, there := found[ref.Hash]
		if !there {
			return nil, fmt.Errorf("entry %d, %s: %w", number, name, record.ErrErased)
		}
		return p.Data, nil
	}
	return nil, fmt.Errorf("entry %d, part %q: %w", number, clip(name), record.ErrNone)
}

// payloads reads private parts of one entry's record.
func (n *Network) payloads(ctx context.Context, number int64, refs ...record.Ref) (map[record.Hash]record.Payload, error) {
	log, _ := n.place(number)
	return log.Payloads(ctx, refs...)
}

// about returns the statement that an entry is about: of the withdrawal of a commitment the commitment, else itself.
func (n *Network) about(ctx context.Context, e *record.Entry) (*record.Entry, error) {
	if e.Statement.Type != "commitment.withdraw" {
		return e, nil
	}
	var b struct {
		Commitment int64 `json:"commitment"`
	}
	if err := json.Unmarshal(e.Statement.Body, &b); err != nil {
		return nil, err
	}
	about, _, err := n.Entry(ctx, b.Commitment)
	return about, err
}

// readerOf says who reads a part: what goes with a private statement of a person is as private as the statement.
func readerOf(e, about *record.Entry, name string) Reader {
	var b struct {
		Agent govern.Scope `json:"agent"`
	}
	if json.Unmarshal(about.Statement.Body, &b) == nil && b.Agent.Kind() == govern.InPerson {
		return partType(about.Statement.Type, "what").Reader
	}
	return partType(e.Statement.Type, name).Reader
}

func (n *Network) mayRead(reader, number int64, e, about *record.Entry, ref record.Ref) error {
	n.mu.RLock()
	defer n.mu.RUnlock()
	g := n.state.Govern
	who := readerOf(e, about, ref.Name)
	if now, given := n.state.Described[ref.Person]; describes(e.Statement.Type) && (!given || now != number) {
		who = Own // a name that somebody had
	}
	switch {
	case reader > 0 && reader == ref.Person && g.Holds(reader, "read-own", true):
		return nil
	case reader <= 0 || g.Persons[reader] == nil:
	case who == Everyone && g.Holds(reader, "read", true):
		return nil
	case who == Receiver && n.state.receives(reader, about, max(g.Time, n.c.o.Clock().UnixMilli())):
		return nil
	}
	return &Refusal{Code: RefusedReader, Found: fmt.Sprint(reader), Wanted: string(who)}
}

// describes tells whether entries of a type give name and contact.
func describes(typ string) bool {
	return typ == "network.found" || typ == "guest.arrive" || typ == "person.describe"
}

// receives tells whether somebody speaks for the receiver of what a person promised or did.
func (s *State) receives(reader int64, e *record.Entry, now int64) bool {
	var b struct {
		Receiver govern.Scope `json:"receiver"`
	}
	if json.Unmarshal(e.Statement.Body, &b) != nil || b.Receiver == "" {
		return false
	}
	return len(s.Govern.Rights(reader, "commitment.accept", b.Receiver, now)) > 0
}

// Item is one statement of a person with what is private of it.
type Item struct {
	Number int64             `json:"entry"`
	Type   string            `json:"type"`
	Time   string            `json:"time"`
	Parts  map[string]string `json:"parts,omitempty"` // by name; JSON parts as their text
	Erased bool              `json:"erased,omitempty"`
}

// Mine returns the private statements of a person that hold, with what they say, by number. Only they themselves may ask.
func (n *Network) Mine(ctx context.Context, person int64) ([]Item, error) {
	var numbers []int64
	n.View(func(s *State) {
		for _, number := range sorted(s.Private) {
			if s.Private[number].Person == person {
				numbers = append(numbers, number)
			}
		}
	})
	return n.items(ctx, person, numbers)
}

func (n *Network) items(ctx context.Context, person int64, numbers []int64) ([]Item, error) {
	list := make([]Item, 0, len(numbers))
	for _, number := range numbers {
		e, _, err := n.Entry(ctx, number)
		if err != nil {
			return nil, err
		}
		item := Item{Number: number, Type: e.Statement.Type, Time: instant(e.Time), Parts: map[string]string{}}
		found, err := n.payloads(ctx, number, e.Statement.Payloads...)
		if err != nil {
			return nil, err
		}
		for _, ref := range e.Statement.Payloads {
			if p, there := found[ref.Hash]; there && ref.Person == person {
				item.Parts[ref.Name] = string(p.Data)
			} else {
				item.Erased = true
			}
		}
		list = append(list, item)
	}
	return list, nil
}

// Name returns the name that a person gave, to a member or guest; "" if they gave none, record.ErrErased if it is gone.
func (n *Network) Name(ctx context.Context, reader, person int64) (string, error) {
	var number int64
	var given bool
	n.View(func(s *State) { number, given = s.Described[person] })
	if !given {
		return "", nil
	}
	name, err := n.Payload(ctx, reader, number, "name")
	if errors.Is(err, record.ErrNone) {
		return "", nil
	}
	return string(name), err
}
