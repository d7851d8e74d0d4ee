package govern

import (
	"crypto/ed25519"
	"fmt"

	"bremen/record"
)

// Verify checks the signatures of an entry that outsiders can check (Device,
// Card, Server), with the keys that count in the state before it. Those of
// Session, Assisted and Token rest on the server's word; checked tells how
// many of the entry's signatures did not. The error wraps ErrSignature.
func (s *State) Verify(e *record.Entry) (checked int, err error) {
	st, err := s.begin(e)
	if err != nil {
		return 0, err
	}
	for i := range e.Signatures {
		sig := &e.Signatures[i]
		person := sig.Member
		if i == 0 {
			person = e.Statement.Member
		}
		switch sig.Kind {
		case record.Device, record.Card:
			err = s.verifyKey(st, person, sig)
		case record.Server:
			err = s.verifyServer(st, sig)
		default:
			continue
		}
		if err != nil {
			return checked, fmt.Errorf("entry %d, person %d: %w", e.Seq, person, err)
		}
		checked++
	}
	return checked, nil
}

func (s *State) verifyKey(st *step, person int64, sig *record.Signature) error {
	key := s.findKey(st, person, sig)
	if key == nil || key.Kind != string(sig.Kind) {
		return fmt.Errorf("%w: no %s key %q that counts", ErrSignature, sig.Kind, short(sig.Key))
	}
	if sig.Kind == record.Card {
		return verifyCard(key.Public, st.entry.StatementHash, sig.Sig)
	}
	public, err := ParseCOSE(key.Public)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return VerifyAssertion(public, key.Party, st.entry.StatementHash, sig)
}

func verifyCard(public []byte, statement record.Hash, sig []byte) error {
	if len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, record.SignedText(statement), sig) {
		return ErrSignature
	}
	return nil
}

func (s *State) verifyServer(st *step, sig *record.Signature) error {
	keys := []string{s.LogKey, s.NextLogKey}
	if st.typ.ID == "log.succeed" {
		keys = []string{st.body.text("log-key")}
	}
	for _, text := range keys {
		if _, key, err := ParseLogKey(text); err == nil && verifyCard(key, st.entry.StatementHash, sig.Sig) == nil {
			return nil
		}
	}
	return fmt.Errorf("%w: not by the record's key", ErrSignature)
}
