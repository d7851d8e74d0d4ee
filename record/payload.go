package record

import (
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"strconv"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length in bytes of the keys under which payloads are encrypted.
const KeySize = chacha20poly1305.KeySize

// NewPayload returns a payload with a fresh salt. The error is that of the system's random source.
func NewPayload(person int64, data []byte) (Payload, error) {
	p := Payload{Person: person, Data: data}
	_, err := rand.Read(p.Salt[:])
	return p, err
}

// NewNonce returns a fresh nonce for a statement.
func NewNonce() []byte {
	nonce := make([]byte, 16)
	rand.Read(nonce) // never fails, says its documentation
	return nonce
}

// Seal encrypts salt and data of a payload under its person's key with XChaCha20-Poly1305, bound to log, person and
// hash, so that what is stored cannot be put in another's place.
func Seal(key []byte, origin string, p *Payload) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	plain := append(p.Salt[:len(p.Salt):len(p.Salt)], p.Data...)
	out := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	if _, err := rand.Read(out); err != nil {
		return nil, err
	}
	return aead.Seal(out, out, plain, bound(origin, p.Person, p.Hash())), nil
}

// Unseal decrypts what Seal encrypted and checks it against its hash.
func Unseal(key []byte, origin string, ref Ref, sealed []byte) (Payload, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return Payload{}, err
	}
	plain, err := open(aead, sealed, bound(origin, ref.Person, ref.Hash))
	if err != nil {
		return Payload{}, fmt.Errorf("payload %v of person %d: %w", ref.Hash, ref.Person, err)
	}
	p := Payload{Person: ref.Person, Salt: [SaltSize]byte(plain), Data: plain[SaltSize:]}
	if h := p.Hash(); h != ref.Hash {
		return Payload{}, fmt.Errorf("payload %v of person %d: its hash is %v", ref.Hash, ref.Person, h)
	}
	return p, nil
}

func open(aead cipher.AEAD, sealed, bound []byte) ([]byte, error) {
	n := aead.NonceSize()
	if len(sealed) < n+SaltSize+aead.Overhead() {
		return nil, fmt.Errorf("only %d bytes stored", len(sealed))
	}
	return aead.Open(nil, sealed[:n], sealed[n:], bound)
}

func bound(origin string, person int64, hash Hash) []byte {
	return []byte("bremen payload\n" + origin + "\n" + strconv.FormatInt(person, 10) + "\n" + hash.String() + "\n")
}
