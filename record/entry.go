package record

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	// Version is the schema version of the statements that this program writes.
	Version = 1

	// MaxEntry is the longest that an entry's canonical JSON may be, in bytes. It is 64 KiB less one, since C2SP
	// tlog-tiles writes an entry's length in 16 bits.
	MaxEntry = 1<<16 - 1

	// MaxPayload is the longest that what a payload holds may be, in bytes. What is larger is kept as a file elsewhere
	// and bound by its hash.
	MaxPayload = 1 << 20

	// MaxPayloads is the most payloads that one statement may refer to.
	MaxPayloads = 64
)

// Hash is a SHA-256 hash; in JSON it is a string in standard base64 with padding.
type Hash = tlog.Hash

// Head says how long a log is and what it holds: the root of the Merkle tree (RFC 6962) over its first Size entries.
type Head struct {
	Size int64 `json:"size"`
	Root Hash  `json:"root"`
}

// Statement is what somebody says and signs. It is complete before it is appended: the log adds number and time around
// it and cannot change it. Its hash is what devices sign.
type Statement struct {
	// Version is the schema version, at present 1.
	Version int `json:"v"`
	// Origin names the network's log, as in its checkpoints: a name like "example.org/nordhof" without scheme, blank or
	// plus sign. It keeps a statement from being carried into another network's record.
	Origin string `json:"origin"`
	// Type says what is stated, in lower case letters, digits, points and hyphens: "need.state", "ballot". Types that
	// begin with "record." belong to this package.
	Type string `json:"type"`
	// Member is the number of the member in whose name this is said; 0 is the server itself, which signs with the log's
	// key.
	Member int64 `json:"member"`
	// Right is the right or power that is invoked, as the rules name it.
	Right string `json:"right"`
	// Helper is the number of the member who entered it for Member; 0 if nobody helped.
	Helper int64 `json:"helper,omitzero"`
	// Cause is the number of the entry that this one follows from or answers; 0, the founding, if of no other.
	Cause int64 `json:"cause,omitzero"`
	// Seen is the newest checkpoint that the signer knew, if any. It binds the signature to the history the signer saw:
	// a log that shows two histories cannot use the statement in both.
	Seen Head `json:"seen,omitzero"`
	// Nonce is 16 random bytes. It makes every statement's hash its own, and a log holds no statement twice, so nobody
	// can replay one, and sending one again after a lost answer does no harm.
	Nonce []byte `json:"nonce"`
	// Body is what is public: a JSON object. In a canonical statement it is canonical too. Quantities are strings, since
	// RFC 8785 knows numbers only as IEEE 754 doubles.
	Body json.RawMessage `json:"body"`
	// Payloads refer to what is not public.
	Payloads []Ref `json:"payloads,omitempty"`
}

// Ref refers to a payload from a statement.
type Ref struct {
	// Name says what of the statement it is, as in "text"; unique in the statement.
	Name string `json:"name"`
	// Person is the number of the member under whose key it is encrypted and with whom it is erased.
	Person int64 `json:"person"`
	// Hash is the payload's salted hash; see [Payload.Hash].
	Hash Hash `json:"hash"`
}

// Kind says how a statement was signed.
type Kind string

const (
	// Device: a WebAuthn assertion by the member's own device whose challenge is the statement's hash.
	Device Kind = "device"
	// Card: an Ed25519 signature by the recovery key printed on the member's card.
	Card Kind = "card"
	// Session: the member was signed in; the server vouches for it.
	Session Kind = "session"
	// Assisted: the helper was signed in and entered it for the member, who had consented.
	Assisted Kind = "assisted"
	// Token: a program with an access token that the member had given it.
	Token Kind = "token"
	// Server: an Ed25519 signature by the log's own key, for what the server states itself (member 0).
	Server Kind = "server"
)

// Signature says who vouches for a statement, and how. Only Device, Card and Server can be checked from outside.
type Signature struct {
	Kind Kind `json:"kind"`
	// Member is the number of whoever signed, where it is not the statement's member: another founder, another of the
	// three who call an assembly.
	Member int64 `json:"member,omitzero"`
	// Key names the credential, token or public key that was used, so that it can be found in the record; never a secret.
	// For Device it is the credential ID in base64url without padding.
	Key string `json:"key,omitempty"`
	// AuthenticatorData and ClientData are the assertion's authenticatorData and clientDataJSON; Device only.
	AuthenticatorData []byte `json:"authenticator,omitempty"`
	ClientData        []byte `json:"client,omitempty"`
	// Sig is the signature itself: of the assertion for Device, over [Statement.SignedText] for Card and Server.
	Sig []byte `json:"sig,omitempty"`
}

// Entry is a statement in the record.
type Entry struct {
	// Seq is the entry's number; the founding is 0, and there are no gaps.
	Seq int64
	// Time is when the log took it, in UTC, to the millisecond. It never decreases from entry to entry.
	Time time.Time
	// Signatures has at least one, the first being that of the statement's member.
	Signatures []Signature
	Statement  Statement
	// StatementHash is the hash of the canonical statement, which devices signed.
	StatementHash Hash
}

// Kind returns how the statement's member signed.
func (e *Entry) Kind() Kind { return e.Signatures[0].Kind }

// SaltSize is the length of a payload's salt in bytes.
const SaltSize = 32

// Payload is what a statement refers to and does not show. Whoever holds it can show that it is what was stated.
type Payload struct {
	// Person is the number of the member with whose key it is erased.
	Person int64
	// Salt is random and as secret as Data: without it nobody can try whether they guess Data right.
	Salt [SaltSize]byte
	Data []byte
}

// Hash returns what statements hold of a payload: SHA-256 of "bremen payload\n", the salt and the data.
func (p *Payload) Hash() Hash {
	h := sha256.New()
	h.Write([]byte("bremen payload\n"))
	h.Write(p.Salt[:])
	h.Write(p.Data)
	return Hash(h.Sum(nil))
}

// Draft is a statement on its way into the record.
type Draft struct {
	Statement  Statement
	Signatures []Signature
	// Payloads are what Statement.Payloads refer to, in the same order.
	Payloads []Payload
}
