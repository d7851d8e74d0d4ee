package audittest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"bremen/record"
)

// identity is a person's device and card.
type identity struct {
	id     string
	device *ecdsa.PrivateKey
	public []byte
	card   ed25519.PrivateKey
}

func newIdentity(number int64) *identity {
	seed := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("card"), uint64(number)))
	device, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	public, err := x509.MarshalPKIXPublicKey(device.Public())
	if err != nil {
		panic(err)
	}
	return &identity{id: encode64(fmt.Appendf(nil, "credential-%d", number)), device: device, public: public, card: ed25519.NewKeyFromSeed(seed[:])}
}

func (p *identity) cardKey() string { return encode64(p.card.Public().(ed25519.PublicKey)) }

// sign makes the assertion that a browser would.
func (p *identity) sign(statement record.Hash) record.Signature {
	client := fmt.Appendf(nil, `{"type":"webauthn.get","challenge":%q,"origin":"https://%s","crossOrigin":false}`, base64.RawURLEncoding.EncodeToString(statement[:]), Party)
	rp := sha256.Sum256([]byte(Party))
	auth := append(rp[:], 1, 0, 0, 0, 0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(bytes.Clone(auth), hash[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, p.device, digest[:])
	if err != nil {
		panic(err)
	}
	return record.Signature{Kind: record.Device, Key: p.id, AuthenticatorData: auth, ClientData: client, Sig: sig}
}
