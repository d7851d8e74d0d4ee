package govern

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"bremen/internal/mistake"
	"bremen/record"
)

// ErrSignature: a signature does not fit statement and key.
var ErrSignature = errors.New("signature is not good")

// CheckDeviceKey tells what is wrong with a passkey's public key, a DER
// SubjectPublicKeyInfo as browsers' getPublicKey gives it: ECDSA on P-256 (ES256),
// Ed25519 (EdDSA), or RSA of 2048 to 4096 bits (RS256).
func CheckDeviceKey(der []byte) error {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return fmt.Errorf("public key: %w", err)
	}
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return nil
		}
	case ed25519.PublicKey:
		return nil
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits >= 2048 && bits <= 4096 {
			return nil
		}
	}
	return fmt.Errorf("public key of kind %T: expected ECDSA on P-256, Ed25519, or RSA of 2048 to 4096 bits", key)
}

// checkKeys checks the credential ID, public key and card of somebody who arrives, all base64url.
func checkKeys(id, public, card string) error {
	if x, err := base64.RawURLEncoding.Strict().DecodeString(id); err != nil || len(x) == 0 || len(x) > 400 {
		return fmt.Errorf("key %s: expected a credential ID in base64url", mistake.Quote(id))
	}
	x, err := base64.RawURLEncoding.Strict().DecodeString(public)
	if err != nil {
		return fmt.Errorf("public %s: expected base64url", mistake.Quote(public))
	}
	if err := CheckDeviceKey(x); err != nil {
		return err
	}
	x, err = base64.RawURLEncoding.Strict().DecodeString(card)
	if err != nil {
		return fmt.Errorf("card %s: expected base64url", mistake.Quote(card))
	}
	return checkCard(x)
}

func checkCard(x []byte) error {
	if len(x) != ed25519.PublicKeySize {
		return fmt.Errorf("card key of %d bytes, expected an Ed25519 key of %d", len(x), ed25519.PublicKeySize)
	}
	return nil
}

// Verify checks the signatures of an entry that outsiders can check (Device,
// Card, Server), with the keys that count in the state before it. Those of
// Session, Assisted and Token rest on the server's word; checked tells how
// many of the entry's signatures do not. The error wraps ErrSignature.
func (s *State) Verify(e *record.Entry) (checked int, err error) {
	st, err := s.begin(Parse(e))
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
			return checked, fmt.Errorf("entry %d, person %d: %w: %w", e.Seq, person, ErrSignature, err)
		}
		checked++
	}
	return checked, nil
}

func (s *State) verifyKey(st *step, person int64, sig *record.Signature) error {
	key := s.findKey(st, person, sig)
	if key == nil || key.Kind != string(sig.Kind) {
		return fmt.Errorf("no %s key %q that counts", sig.Kind, mistake.Short(sig.Key))
	}
	if sig.Kind == record.Card {
		return sig.VerifyKey(key.Public, st.entry.StatementHash)
	}
	return sig.VerifyDevice(key.Public, key.Party, st.entry.StatementHash)
}

func (s *State) verifyServer(st *step, sig *record.Signature) error {
	text := s.LogKey
	if st.typ.ID == "log.succeed" {
		text = st.body.Text("log-key")
	}
	key, err := record.Ed25519(text)
	if err != nil {
		return err
	}
	return sig.VerifyKey(key, st.entry.StatementHash)
}
