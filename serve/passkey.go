package serve

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/big"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

func newPasskeys(address *url.URL) (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{
		RPID: address.Hostname(), RPDisplayName: "Bremen", RPOrigins: []string{address.String()},
		AttestationPreference: protocol.PreferNoAttestation,
	})
}

// algorithms are those whose signatures an auditor can check.
var algorithms = []protocol.CredentialParameter{
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgEdDSA},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgRS256},
}

// user is a person to the passkey library. The handle is random: it says nothing of who somebody is, and several people can
// have keys on one device.
type user struct {
	handle      []byte
	credentials []webauthn.Credential
}

func (u *user) WebAuthnID() []byte                         { return u.handle }
func (u *user) WebAuthnName() string                       { return "bremen" }
func (u *user) WebAuthnDisplayName() string                { return "bremen" }
func (u *user) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

// beginPasskey starts the making of a passkey and returns what the browser needs for it.
func (s *Server) beginPasskey(ctx context.Context) (*protocol.CredentialCreation, error) {
	if err := s.newSession(ctx); err != nil {
		return nil, err
	}
	handle := make([]byte, 32)
	rand.Read(handle) //nolint:errcheck // it never fails
	options, session, err := s.passkeys.BeginRegistration(&user{handle: handle},
		webauthn.WithCredentialParameters(algorithms), webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementRequired))
	if err != nil {
		return nil, err
	}
	s.sessions.Put(ctx, sessionCreate, append([]byte(session.Challenge+"\n"), handle...))
	return options, nil
}

// passkey is a fresh one: the ID of the credential, and its public key as SubjectPublicKeyInfo.
type passkey struct{ id, public []byte }

// endPasskey checks what the browser made.
func (s *Server) endPasskey(ctx context.Context, answer string) (*passkey, error) {
	kept := s.sessions.PopBytes(ctx, sessionCreate)
	at := len(kept) - 33
	if at < 0 {
		return nil, bad("")
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return nil, &failure{status: 400, code: "passkey", cause: err}
	}
	handle := kept[at+1:]
	c, err := s.passkeys.CreateCredential(&user{handle: handle}, webauthn.SessionData{
		Challenge: string(kept[:at]), UserID: handle, RelyingPartyID: s.passkeys.Config.RPID, CredParams: algorithms,
	}, parsed)
	if err != nil {
		return nil, &failure{status: 400, code: "passkey", cause: err}
	}
	public, err := spki(c.PublicKey)
	if err != nil {
		return nil, &failure{status: 400, code: "passkey", cause: err}
	}
	return &passkey{c.ID, public}, nil
}

// spki turns a COSE key into a SubjectPublicKeyInfo, as records hold it.
func spki(cose []byte) ([]byte, error) {
	parsed, err := webauthncose.ParsePublicKey(cose)
	if err != nil {
		return nil, err
	}
	var key any
	switch k := parsed.(type) {
	case webauthncose.EC2PublicKeyData:
		if key, err = k.ToECDSA(); err != nil {
			return nil, err
		}
	case webauthncose.OKPPublicKeyData:
		key = ed25519.PublicKey(k.XCoord)
	case webauthncose.RSAPublicKeyData:
		exponent, err := webauthncose.ParseRSAPublicKeyDataExponent(&k)
		if err != nil {
			return nil, err
		}
		key = &rsa.PublicKey{N: new(big.Int).SetBytes(k.Modulus), E: exponent}
	default:
		return nil, fmt.Errorf("key of kind %T", parsed)
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, err
	}
	return der, govern.CheckDeviceKey(der)
}

// cose turns it back.
func cose(der []byte) ([]byte, error) {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, err
	}
	common := func(kind webauthncose.COSEKeyType, alg webauthncose.COSEAlgorithmIdentifier) webauthncose.PublicKeyData {
		return webauthncose.PublicKeyData{KeyType: int64(kind), Algorithm: int64(alg)}
	}
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		point, err := k.Bytes() // 4, x, y
		if err != nil {
			return nil, err
		}
		return webauthncbor.Marshal(webauthncose.EC2PublicKeyData{
			PublicKeyData: common(webauthncose.EllipticKey, webauthncose.AlgES256), Curve: int64(webauthncose.P256), XCoord: point[1:33], YCoord: point[33:],
		})
	case ed25519.PublicKey:
		return webauthncbor.Marshal(webauthncose.OKPPublicKeyData{
			PublicKeyData: common(webauthncose.OctetKey, webauthncose.AlgEdDSA), Curve: int64(webauthncose.Ed25519), XCoord: k,
		})
	case *rsa.PublicKey:
		e := binary.BigEndian.AppendUint32(nil, uint32(k.E))[1:]
		return webauthncbor.Marshal(webauthncose.RSAPublicKeyData{
			PublicKeyData: common(webauthncose.RSAKey, webauthncose.AlgRS256), Modulus: k.N.Bytes(), Exponent: e,
		})
	}
	return nil, fmt.Errorf("key of kind %T", key)
}

// signInText is what is signed to sign in: a device signs its hash, a card the text. It begins so that it can be no
// statement, which is JSON, nor what a card signs of one: nobody who signs in is made to state something.
func signInText(origin, nonce string) []byte {
	return []byte("bremen sign-in\n" + origin + "\n" + nonce + "\n")
}

// beginSignIn returns a fresh nonce to be signed.
func (s *Server) beginSignIn(ctx context.Context, origin string) (string, error) {
	if err := s.newSession(ctx); err != nil {
		return "", err
	}
	nonce := rand.Text()
	s.sessions.Put(ctx, sessionNonce+origin, nonce)
	return nonce, nil
}

var errWrong = problem(403, "sign-in")

// checkPasskey returns who answered the nonce with a passkey, and with which.
func (s *Server) checkPasskey(ctx context.Context, n *commons.Network, answer string) (person int64, key string, err error) {
	nonce := s.sessions.PopString(ctx, sessionNonce+n.Origin())
	if nonce == "" {
		return 0, "", errWrong
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return 0, "", errWrong
	}
	id := base64.RawURLEncoding.EncodeToString(parsed.RawID)
	person, k := s.findKey(n, id)
	if k == nil || k.Kind != "device" {
		return 0, "", errWrong
	}
	public, err := cose(k.Public)
	if err != nil {
		return 0, "", err
	}
	challenge := sha256.Sum256(signInText(n.Origin(), nonce))
	_, err = s.passkeys.ValidateDiscoverableLogin(func(raw, handle []byte) (webauthn.User, error) {
		flags := parsed.Response.AuthenticatorData.Flags
		return &user{handle: handle, credentials: []webauthn.Credential{{
			ID: raw, PublicKey: public, Flags: webauthn.CredentialFlags{BackupEligible: flags.HasBackupEligible(), BackupState: flags.HasBackupState()},
		}}}, nil
	}, webauthn.SessionData{
		Challenge: base64.RawURLEncoding.EncodeToString(challenge[:]), RelyingPartyID: k.Party, UserVerification: protocol.VerificationPreferred,
	}, parsed)
	if err != nil {
		return 0, "", errWrong
	}
	return person, id, nil
}

// checkCard returns who answered the nonce with the key on a printed card.
func (s *Server) checkCard(ctx context.Context, n *commons.Network, public, signature string) (person int64, key string, err error) {
	nonce := s.sessions.PopString(ctx, sessionNonce+n.Origin())
	sig, err := base64.StdEncoding.DecodeString(signature)
	if nonce == "" || err != nil {
		return 0, "", errWrong
	}
	person, k := s.findKey(n, public)
	if k == nil || k.Kind != "card" || len(k.Public) != ed25519.PublicKeySize || !ed25519.Verify(k.Public, signInText(n.Origin(), nonce), sig) {
		return 0, "", errWrong
	}
	return person, public, nil
}

// findKey finds whose key it is; nil if it is nobody's, or does not count.
func (s *Server) findKey(n *commons.Network, id string) (person int64, key *govern.Key) {
	n.View(func(state *commons.State) {
		for number, p := range state.Govern.Persons {
			if k := p.Keys[id]; k != nil && counts(state.Govern, number, id, s.o.Clock()) {
				copied := *k
				person, key = number, &copied
			}
		}
	})
	return person, key
}

// counts tells whether a key counts now: whether the rules would take its signature under what everybody may who ever was
// here, and no rules can take away, their erasure. Keys that others entered count after some days, and end those before.
func counts(g *govern.State, person int64, id string, now time.Time) bool {
	const everybody = "person.erase"
	p := g.Persons[person]
	if p == nil || p.Keys[id] == nil {
		return false
	}
	now = time.UnixMilli(max(now.UnixMilli(), g.Time)).UTC()
	rights := g.Rights(person, everybody, govern.PersonScope(person), now.UnixMilli())
	if len(rights) == 0 {
		return false
	}
	return g.May(&record.Entry{
		Seq: g.Size - g.Base, Time: now, Signatures: []record.Signature{{Kind: record.Kind(p.Keys[id].Kind), Key: id}},
		Statement: record.Statement{
			Version: record.Version, Origin: g.Origin, Type: everybody, Member: person, Right: rights[0], Nonce: make([]byte, 16), Body: []byte("{}"),
		},
	}) == nil
}

// deviceSignature is what the page's script sends of a signature.
type deviceSignature struct {
	Kind          record.Kind `json:"kind"`
	Key           string      `json:"key"`
	Authenticator []byte      `json:"authenticator,omitempty" doc:"Of a device; a card has none."`
	Client        []byte      `json:"client,omitempty" doc:"Of a device; a card has none."`
	Sig           []byte      `json:"sig"`
}

func (d *deviceSignature) signature(member int64) record.Signature {
	return record.Signature{Kind: d.Kind, Member: member, Key: d.Key, AuthenticatorData: d.Authenticator, ClientData: d.Client, Sig: d.Sig}
}
