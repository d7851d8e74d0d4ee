package govern

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"bremen/record"
)

// Algorithms of COSE keys (RFC 9053) that are accepted.
const (
	algES256 = -7
	algEdDSA = -8
)

// ErrSignature: a signature does not fit statement and key.
var ErrSignature = errors.New("signature is not good")

// coseKey is a public key as authenticators give it (RFC 9052, section 7).
type coseKey struct {
	Type  int64  `cbor:"1,keyasint"`
	Alg   int64  `cbor:"3,keyasint"`
	Curve int64  `cbor:"-1,keyasint"`
	X     []byte `cbor:"-2,keyasint"`
	Y     []byte `cbor:"-3,keyasint"`
}

var decodeCBOR = func() cbor.DecMode {
	m, err := cbor.DecOptions{DupMapKey: cbor.DupMapKeyEnforcedAPF, MaxNestedLevels: 4, MaxMapPairs: 16, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden}.DecMode()
	if err != nil { // the options are constants
		panic(err)
	}
	return m
}()

// PublicKey is a COSE key that checks signatures.
type PublicKey struct {
	ecdsa   *ecdsa.PublicKey
	ed25519 ed25519.PublicKey
}

// ParseCOSE reads a COSE key: ES256 on P-256, or EdDSA with Ed25519.
func ParseCOSE(text []byte) (*PublicKey, error) {
	var k coseKey
	if err := decodeCBOR.Unmarshal(text, &k); err != nil {
		return nil, fmt.Errorf("COSE key: %w", err)
	}
	switch {
	case k.Type == 2 && k.Alg == algES256 && k.Curve == 1 && len(k.X) == 32 && len(k.Y) == 32:
		point := append(append([]byte{4}, k.X...), k.Y...)
		pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
		if err != nil {
			return nil, fmt.Errorf("COSE key: %w", err)
		}
		return &PublicKey{ecdsa: pub}, nil
	case k.Type == 1 && k.Alg == algEdDSA && k.Curve == 6 && len(k.X) == ed25519.PublicKeySize && len(k.Y) == 0:
		return &PublicKey{ed25519: k.X}, nil
	}
	return nil, fmt.Errorf("COSE key of type %d, algorithm %d, curve %d: expected ES256 on P-256 or EdDSA with Ed25519", k.Type, k.Alg, k.Curve)
}

func (k *PublicKey) verify(message, sig []byte) bool {
	if k.ecdsa != nil {
		hash := sha256.Sum256(message)
		return ecdsa.VerifyASN1(k.ecdsa, hash[:], sig)
	}
	return len(sig) == ed25519.SignatureSize && ed25519.Verify(k.ed25519, message, sig)
}

// clientData is what a browser says of an assertion (WebAuthn Level 3, 5.8.1).
type clientData struct {
	Type        string `json:"type"`
	Challenge   string `json:"challenge"`
	Origin      string `json:"origin"`
	CrossOrigin bool   `json:"crossOrigin"`
}

// userPresent is the flag that somebody touched the authenticator.
const userPresent = 1

// VerifyAssertion checks a WebAuthn assertion (WebAuthn Level 3, 7.2) over a
// statement: made for this purpose and relying party, on a page of it, with
// somebody present, over this very statement, by this key. The signature
// counter is not looked at: passkeys that are synchronised have none.
func VerifyAssertion(key *PublicKey, rp string, statement record.Hash, s *record.Signature) error {
	var c clientData
	if err := json.Unmarshal(s.ClientData, &c); err != nil {
		return fmt.Errorf("%w: client data: %w", ErrSignature, err)
	}
	challenge := base64.RawURLEncoding.EncodeToString(statement[:])
	switch {
	case c.Type != "webauthn.get":
		return fmt.Errorf("%w: made for %q, expected \"webauthn.get\"", ErrSignature, short(c.Type))
	case c.Challenge != challenge:
		return fmt.Errorf("%w: signs %q, the statement is %q", ErrSignature, short(c.Challenge), challenge)
	case c.CrossOrigin:
		return fmt.Errorf("%w: made in a frame of another site", ErrSignature)
	case !ofParty(c.Origin, rp):
		return fmt.Errorf("%w: made on %q, expected a page of %q", ErrSignature, short(c.Origin), rp)
	}
	rpHash := sha256.Sum256([]byte(rp))
	data := s.AuthenticatorData
	if len(data) < 37 || !bytes.Equal(data[:32], rpHash[:]) {
		return fmt.Errorf("%w: made for another site than %q", ErrSignature, rp)
	}
	if data[32]&userPresent == 0 {
		return fmt.Errorf("%w: nobody was present", ErrSignature)
	}
	hash := sha256.Sum256(s.ClientData)
	if !key.verify(append(bytes.Clone(data), hash[:]...), s.Sig) {
		return ErrSignature
	}
	return nil
}

// ofParty tells whether an origin is a page of the relying party: of its name
// or one below, over HTTPS except on the same machine.
func ofParty(origin, rp string) bool {
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	host := u.Hostname()
	secure := u.Scheme == "https" || u.Scheme == "http" && host == "localhost"
	return secure && (host == rp || strings.HasSuffix(host, "."+rp))
}

// checkKeys checks the credential ID, COSE key and card of somebody who arrives, all base64url.
func checkKeys(id, public, card string) error {
	if x, err := base64.RawURLEncoding.Strict().DecodeString(id); err != nil || len(x) == 0 || len(x) > 400 {
		return fmt.Errorf("key %s: expected a credential ID in base64url", quote(id))
	}
	x, err := base64.RawURLEncoding.Strict().DecodeString(public)
	if err != nil {
		return fmt.Errorf("public %s: expected base64url", quote(public))
	}
	if _, err := ParseCOSE(x); err != nil {
		return err
	}
	x, err = base64.RawURLEncoding.Strict().DecodeString(card)
	if err != nil {
		return fmt.Errorf("card %s: expected base64url", quote(card))
	}
	return checkCard(x)
}

func checkCard(x []byte) error {
	if len(x) != ed25519.PublicKeySize {
		return fmt.Errorf("card key of %d bytes, expected an Ed25519 key of %d", len(x), ed25519.PublicKeySize)
	}
	return nil
}

// ParseLogKey reads a log's public key as golang.org/x/mod/sumdb/note writes
// it, name+hash+key, of type Ed25519.
func ParseLogKey(text string) (name string, key ed25519.PublicKey, err error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		return "", nil, fmt.Errorf("log key %s: expected name+hash+key", quote(text))
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != 1 {
		return "", nil, fmt.Errorf("log key %s: expected an Ed25519 key", quote(text))
	}
	sum := sha256.Sum256([]byte(parts[0] + "\n" + string(raw)))
	if fmt.Sprintf("%08x", binary.BigEndian.Uint32(sum[:])) != parts[1] {
		return "", nil, fmt.Errorf("log key %s: its hash does not fit", quote(text))
	}
	return parts[0], raw[1:], nil
}
