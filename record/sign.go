package record

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
)

// VerifyKey checks a Card or Server signature with an Ed25519 public key.
func (g *Signature) VerifyKey(public ed25519.PublicKey, statement Hash) error {
	if g.Kind != Card && g.Kind != Server {
		return fmt.Errorf("a signature of kind %q is not made with a bare key", g.Kind)
	}
	if len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, SignedText(statement), g.Sig) {
		return fmt.Errorf("%s signature does not fit statement %v", g.Kind, statement)
	}
	return nil
}

// VerifyDevice checks a Device signature: a WebAuthn assertion (Web Authentication Level 3, section 7.2) by the
// credential whose public key is given as a DER SubjectPublicKeyInfo (ECDSA on P-256, Ed25519 or RSA), for the relying
// party rpID, with the statement's hash as challenge, the person being present. It does not look at the signature
// counter, which many authenticators leave at zero.
func (g *Signature) VerifyDevice(public []byte, rpID string, statement Hash) error {
	if g.Kind != Device {
		return fmt.Errorf("a signature of kind %q is not a device's", g.Kind)
	}
	if err := checkClientData(g.ClientData, rpID, statement); err != nil {
		return err
	}
	// rpIdHash, 32 bytes; flags, of which bit 0 says that the person was present; counter, 4 bytes; extensions.
	const flags, present, least = 32, 1, 37
	rp := sha256.Sum256([]byte(rpID))
	switch auth := g.AuthenticatorData; {
	case len(auth) < least:
		return fmt.Errorf("authenticator data of %d bytes, expected at least %d", len(auth), least)
	case !bytes.Equal(auth[:flags], rp[:]):
		return fmt.Errorf("assertion for another relying party than %q", rpID)
	case auth[flags]&present == 0:
		return fmt.Errorf("assertion without the person being present")
	}
	client := sha256.Sum256(g.ClientData)
	return verify(public, append(bytes.Clone(g.AuthenticatorData), client[:]...), g.Sig)
}

func checkClientData(data []byte, rpID string, statement Hash) error {
	var c struct {
		Type        string `json:"type"`
		Challenge   string `json:"challenge"`
		Origin      string `json:"origin"`
		CrossOrigin bool   `json:"crossOrigin"`
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("client data: %w", err)
	}
	u, err := url.Parse(c.Origin)
	if err != nil {
		return fmt.Errorf("client data: origin %q: %w", c.Origin, err)
	}
	host := u.Hostname()
	switch {
	case c.Type != "webauthn.get":
		return fmt.Errorf("client data: type %q, expected %q", c.Type, "webauthn.get")
	case c.Challenge != base64.RawURLEncoding.EncodeToString(statement[:]):
		return fmt.Errorf("client data: challenge %q is not the hash of statement %v", c.Challenge, statement)
	case host != rpID && !strings.HasSuffix(host, "."+rpID), u.Scheme != "https" && host != "localhost":
		return fmt.Errorf("client data: origin %q is not of relying party %q", c.Origin, rpID)
	case c.CrossOrigin:
		return fmt.Errorf("client data: signed inside another site's page")
	}
	return nil
}

func verify(public, signed, sig []byte) error {
	key, err := x509.ParsePKIXPublicKey(public)
	if err != nil {
		return fmt.Errorf("public key: %w", err)
	}
	digest := sha256.Sum256(signed)
	ok := false
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		ok = ecdsa.VerifyASN1(key, digest[:], sig)
	case ed25519.PublicKey:
		ok = ed25519.Verify(key, signed, sig)
	case *rsa.PublicKey:
		ok = rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], sig) == nil
	default:
		return fmt.Errorf("public key of kind %T, expected ECDSA, Ed25519 or RSA", key)
	}
	if !ok {
		return fmt.Errorf("device signature does not fit")
	}
	return nil
}
