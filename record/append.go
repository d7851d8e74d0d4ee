package record

import (
	"encoding/base64"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// append writes the statement's canonical JSON: members sorted, empty ones left out.
func (s *Statement) append(b []byte) ([]byte, error) {
	body, err := Canonical(s.Body)
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	w := writer{b: append(b, '{')}
	w.key("body")
	w.b = append(w.b, body...)
	w.number("cause", s.Cause)
	w.number("helper", s.Helper)
	w.key("member")
	w.b = strconv.AppendInt(w.b, s.Member, 10)
	w.bytes("nonce", s.Nonce)
	w.text("origin", s.Origin)
	if len(s.Payloads) > 0 {
		w.key("payloads")
		w.b = append(w.b, '[')
		for _, r := range s.Payloads {
			w.open()
			w.bytes("hash", r.Hash[:])
			w.text("name", r.Name)
			w.number("person", r.Person)
			w.b = append(w.b, '}')
		}
		w.b = append(w.b, ']')
	}
	w.text("right", s.Right)
	if s.Seen != (Head{}) {
		w.key("seen")
		w.b = append(w.b, '{')
		w.bytes("root", s.Seen.Root[:])
		w.key("size")
		w.b = strconv.AppendInt(w.b, s.Seen.Size, 10)
		w.b = append(w.b, '}')
	}
	w.text("type", s.Type)
	w.number("v", int64(s.Version))
	return append(w.b, '}'), w.err
}

// appendSignatures writes the signatures' canonical JSON.
func appendSignatures(b []byte, sigs []Signature) ([]byte, error) {
	w := writer{b: append(b, '[')}
	for i := range sigs {
		g := &sigs[i]
		w.open()
		w.bytes("authenticator", g.AuthenticatorData)
		w.bytes("client", g.ClientData)
		w.text("key", g.Key)
		w.text("kind", string(g.Kind))
		w.number("member", g.Member)
		w.bytes("sig", g.Sig)
		w.b = append(w.b, '}')
	}
	return append(w.b, ']'), w.err
}

// writer writes members of objects; the methods leave out what is empty.
type writer struct {
	b   []byte
	err error
}

// comma separates what follows from what stands before it.
func (w *writer) comma() {
	if last := w.b[len(w.b)-1]; last != '{' && last != '[' {
		w.b = append(w.b, ',')
	}
}

func (w *writer) open() {
	w.comma()
	w.b = append(w.b, '{')
}

func (w *writer) key(name string) {
	w.comma()
	w.b = append(append(append(w.b, '"'), name...), `":`...)
}

func (w *writer) number(name string, n int64) {
	if n != 0 {
		w.key(name)
		w.b = strconv.AppendInt(w.b, n, 10)
	}
}

func (w *writer) text(name, s string) {
	if s == "" {
		return
	}
	w.key(name)
	b, err := jsontext.AppendQuote(w.b, s)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("%s: %w", name, err)
	}
	w.b = b
}

func (w *writer) bytes(name string, data []byte) {
	if len(data) > 0 {
		w.key(name)
		w.b = append(w.b, '"')
		w.b = base64.StdEncoding.AppendEncode(w.b, data)
		w.b = append(w.b, '"')
	}
}
