package record

import (
	"bytes"
	"fmt"
	"regexp"
	"time"
	"unicode"
	"unicode/utf8"
)

var typePattern = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+)*$`)

// CheckOrigin says what is wrong with the name of a log, if anything: it must be printable, without blanks or plus
// signs (signed notes use them), at most 200 bytes, and not a scheme.
func CheckOrigin(origin string) error {
	if origin == "" || len(origin) > 200 || !utf8.ValidString(origin) {
		return fmt.Errorf("origin %q: expected 1 to 200 bytes of UTF-8", origin)
	}
	for _, r := range origin {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || r == '+' {
			return fmt.Errorf("origin %q: expected a name like \"example.org/nordhof\", without blanks and plus signs", origin)
		}
	}
	return nil
}

func (s *Statement) check() error {
	if s.Version != Version {
		return fmt.Errorf("statement of version %d, this program knows version %d", s.Version, Version)
	}
	if err := CheckOrigin(s.Origin); err != nil {
		return err
	}
	if len(s.Type) > 64 || !typePattern.MatchString(s.Type) {
		return fmt.Errorf("type %q: expected one like \"need.state\", at most 64 long", s.Type)
	}
	if len(s.Right) > 64 || !typePattern.MatchString(s.Right) {
		return fmt.Errorf("right %q: expected one like \"state\", at most 64 long", s.Right)
	}
	for _, n := range []struct {
		name  string
		value int64
	}{{"member", s.Member}, {"helper", s.Helper}, {"cause", s.Cause}, {"seen.size", s.Seen.Size}} {
		// Beyond 2^53 canonical JSON cannot tell one number from the next.
		if n.value < 0 || n.value > 1<<53 {
			return fmt.Errorf("%s %d: expected 0 to 2^53", n.name, n.value)
		}
	}
	if len(s.Nonce) != 16 {
		return fmt.Errorf("nonce of %d bytes, expected 16", len(s.Nonce))
	}
	if body := bytes.TrimLeft(s.Body, " \t\r\n"); len(body) == 0 || body[0] != '{' {
		return fmt.Errorf("body: expected a JSON object")
	}
	return checkRefs(s.Payloads)
}

func checkRefs(refs []Ref) error {
	if len(refs) > MaxPayloads {
		return fmt.Errorf("%d payloads, at most %d", len(refs), MaxPayloads)
	}
	names, hashes := map[string]bool{}, map[Hash]bool{}
	for _, r := range refs {
		if len(r.Name) > 64 || !typePattern.MatchString(r.Name) {
			return fmt.Errorf("payload %q: expected a name like \"text\", at most 64 long", r.Name)
		}
		if r.Person <= 0 || r.Person > 1<<53 {
			return fmt.Errorf("payload %s: person %d, expected a member's number", r.Name, r.Person)
		}
		if names[r.Name] || hashes[r.Hash] {
			return fmt.Errorf("payload %s: there twice", r.Name)
		}
		names[r.Name], hashes[r.Hash] = true, true
	}
	return nil
}

func checkPayloads(refs []Ref, payloads []Payload) error {
	if len(refs) != len(payloads) {
		return fmt.Errorf("%d payloads for %d references", len(payloads), len(refs))
	}
	for i, r := range refs {
		p := &payloads[i]
		switch {
		case p.Person != r.Person:
			return fmt.Errorf("payload %s: of person %d, the statement says %d", r.Name, p.Person, r.Person)
		case len(p.Data) > MaxPayload:
			return fmt.Errorf("payload %s: %d bytes, at most %d", r.Name, len(p.Data), MaxPayload)
		case p.Salt == [SaltSize]byte{}:
			return fmt.Errorf("payload %s: no salt", r.Name)
		case p.Hash() != r.Hash:
			return fmt.Errorf("payload %s: its hash is %v, the statement says %v", r.Name, p.Hash(), r.Hash)
		}
	}
	return nil
}

// checkSignatures checks that signatures have the parts that their kinds need, not that they are good; for that one
// needs the keys.
func checkSignatures(s *Statement, sigs []Signature) error {
	if len(sigs) == 0 {
		return fmt.Errorf("no signature")
	}
	signed := map[int64]bool{}
	for i := range sigs {
		g := &sigs[i]
		member := g.Member
		switch {
		case member < 0 || member > 1<<53:
			return fmt.Errorf("signature %d: member %d", i, member)
		case i == 0 && member != 0, i > 0 && (member == 0 || member == s.Member):
			return fmt.Errorf("signature %d: of member %d; the first is that of the statement's member and leaves it out, the others are of others", i, member)
		case signed[member]:
			return fmt.Errorf("signature %d: member %d signs twice", i, member)
		case i == 0 && (g.Kind == Server) != (s.Member == 0), i > 0 && g.Kind == Server:
			return fmt.Errorf("signature %d: kind %q for member %d; the server signs for member 0 only", i, g.Kind, s.Member)
		case i == 0 && (g.Kind == Assisted) != (s.Helper != 0), i > 0 && g.Kind == Assisted:
			return fmt.Errorf("signature %d: kind %q with helper %d; an assisted statement names its helper", i, g.Kind, s.Helper)
		case s.Helper != 0 && s.Helper == s.Member:
			return fmt.Errorf("helper %d is the member", s.Helper)
		case len(g.Key) > 512:
			return fmt.Errorf("signature %d: key name of %d bytes, at most 512", i, len(g.Key))
		}
		signed[member] = true
		if err := g.check(); err != nil {
			return fmt.Errorf("signature %d: %w", i, err)
		}
	}
	return nil
}

func (g *Signature) check() error {
	assertion := len(g.AuthenticatorData) > 0 && len(g.ClientData) > 0 && len(g.Sig) > 0
	bare := len(g.AuthenticatorData) == 0 && len(g.ClientData) == 0
	switch g.Kind {
	case Device:
		if !assertion || g.Key == "" {
			return fmt.Errorf("a device's signature has key, authenticator, client and sig")
		}
	case Card, Server:
		if !bare || len(g.Sig) != 64 {
			return fmt.Errorf("kind %s has a sig of 64 bytes and no assertion", g.Kind)
		}
	case Session, Assisted, Token:
		if !bare || len(g.Sig) != 0 {
			return fmt.Errorf("kind %s has no sig", g.Kind)
		}
	default:
		return fmt.Errorf("unknown kind %q", g.Kind)
	}
	return nil
}

// checkPlace checks what an entry's number and time make possible.
func checkPlace(e *Entry) error {
	switch s := &e.Statement; {
	case e.Seq < 0 || e.Seq > 1<<53:
		return fmt.Errorf("number %d", e.Seq)
	case e.Time.Before(time.Unix(0, 0)) || e.Time.Year() > 9999:
		return fmt.Errorf("time %v", e.Time)
	case s.Cause > 0 && s.Cause >= e.Seq:
		return fmt.Errorf("entry %d: cause %d does not precede it", e.Seq, s.Cause)
	case s.Seen.Size > e.Seq:
		return fmt.Errorf("entry %d: its signer cannot have seen %d entries", e.Seq, s.Seen.Size)
	}
	return nil
}
