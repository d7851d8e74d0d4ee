package commons

import (
	"encoding/json"

	"bremen/govern"
	"bremen/record"
)

// Intent is what somebody wants to say. The functions that make one are the commands; see [Commands].
type Intent struct {
	Type    string         `json:"type"`
	Right   string         `json:"right,omitempty"` // the right or power invoked; "": the first by which the person may
	Cause   int64          `json:"cause,omitempty"` // the entry that this follows from or answers
	Body    map[string]any `json:"body"`            // public, as govern.Types has the fields
	Private []Part         `json:"private,omitempty"`
}

// Part is a private part of an intent.
type Part struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// Following returns the intent with its cause named.
func (i Intent) Following(entry int64) Intent {
	i.Cause = entry
	return i
}

// By returns the intent under another right or power than the first that fits.
func (i Intent) By(right string) Intent {
	i.Right = right
	return i
}

// With returns the intent with a private text under a name that its type knows ("reason", "note"); an empty one is left out.
func (i Intent) With(name, text string) Intent {
	if text != "" {
		i.Private = append(i.Private[:len(i.Private):len(i.Private)], Part{name, []byte(text)})
	}
	return i
}

// Actor is who says something, and how they are known.
type Actor struct {
	// Person in whose name it is said; 0 for somebody who arrives or founds and has no number yet.
	Person int64
	// Kind is how they are known: record.Session, record.Assisted or record.Token. What needs a device is signed later.
	Kind record.Kind
	// Helper is who enters it for them; Assisted only.
	Helper int64
	// Token is the hash of the access token in standard base64; Token only.
	Token string
	// Seen is the newest checkpoint that they saw; zero for the newest that this server has published.
	Seen record.Head
}

// Session is a person who is signed in.
func Session(person int64) Actor { return Actor{Person: person, Kind: record.Session} }

// Newcomer is somebody who arrives or founds.
func Newcomer() Actor { return Actor{Kind: record.Session} }

func said(typ string, body map[string]any, private ...Part) Intent {
	if body == nil {
		body = map[string]any{}
	}
	i := Intent{Type: typ, Body: body}
	for _, p := range private {
		if len(p.Data) > 0 {
			i.Private = append(i.Private, p)
		}
	}
	return i
}

// text is a private part that is a text.
func text(name, s string) Part { return Part{name, []byte(s)} }

// data is a private part that is JSON.
func data(name string, v any) Part {
	out, err := json.Marshal(v)
	if err != nil { // the types of this package hold nothing that JSON cannot
		panic("commons: " + name + ": " + err.Error())
	}
	return Part{name, out}
}

// Command is one thing a person can do: a type of entry with what it asks for.
type Command struct {
	*govern.Type
	// Parts are its private parts with what each holds, in the order of Type.Payloads.
	Parts []PartType
}

// Commands lists every command in the order of govern.Types, from which it is made. Commands that are refused to everybody
// under some rules are there as well; State.Govern.WhoCan says who can do what.
func Commands() []Command {
	types := govern.Types()
	list := make([]Command, len(types))
	for i := range types {
		list[i] = Command{Type: &types[i]}
		for _, name := range types[i].Payloads {
			list[i].Parts = append(list[i].Parts, partType(types[i].ID, name))
		}
	}
	return list
}
