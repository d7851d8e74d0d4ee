package record

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/transparency-dev/formats/log"
	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Cosignature says that a witness has seen a checkpoint and that it does not contradict what the witness saw before.
type Cosignature struct {
	Name string
	Time time.Time // by the witness's clock, to the second
}

// Checkpoint is a signed head.
type Checkpoint struct {
	Head
	Origin   string
	Cosigned []Cosignature // by the witnesses that were asked for, in the order of the note
}

// NewKey returns a fresh key pair for the log of an origin, or for a witness of that name, as note writes them.
func NewKey(name string) (private, public string, err error) {
	if err := CheckOrigin(name); err != nil {
		return "", "", err
	}
	return note.GenerateKey(rand.Reader, name)
}

// PublicKey returns the public half of a private key that note wrote.
func PublicKey(private string) (string, error) {
	_, key, err := splitKey(private)
	if err != nil {
		return "", err
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return "", err
	}
	return note.NewEd25519VerifierKey(signer.Name(), key.Public().(ed25519.PublicKey))
}

// splitKey takes the Ed25519 key out of a private key that note wrote: PRIVATE+KEY+name+hash+base64(1, seed).
func splitKey(private string) (name string, key ed25519.PrivateKey, err error) {
	parts := strings.SplitN(private, "+", 5)
	if len(parts) == 5 {
		seed, err := base64.StdEncoding.DecodeString(parts[4])
		if err == nil && len(seed) == 1+ed25519.SeedSize && seed[0] == 1 {
			return parts[2], ed25519.NewKeyFromSeed(seed[1:]), nil
		}
	}
	return "", nil, fmt.Errorf("not an Ed25519 private key of a signed note")
}

// Ed25519 returns the bare key in a public key that note wrote, as [Signature.VerifyKey] takes it.
func Ed25519(public string) (ed25519.PublicKey, error) {
	parts := strings.SplitN(public, "+", 3)
	if len(parts) == 3 {
		key, err := base64.StdEncoding.DecodeString(parts[2])
		if err == nil && len(key) == 1+ed25519.PublicKeySize && key[0] == 1 {
			return key[1:], nil
		}
	}
	return nil, fmt.Errorf("public key %q: expected an Ed25519 key of a signed note", public)
}

// WitnessVerifier returns what verifies a witness's cosignatures. The public key is one as C2SP tlog-cosignature has it,
// of type 0x04 (Ed25519) or 0x06 (ML-DSA-44), or a plain Ed25519 key of type 0x01, which stands for the key of type 0x04
// that is made of it.
func WitnessVerifier(public string) (note.Verifier, error) {
	v, err := cosign.NewVerifierForCosignatureV1(public)
	if err == nil {
		err = checkKeyID(public, v)
	}
	if err != nil {
		return nil, fmt.Errorf("witness key %q: %w", public, err)
	}
	return v, nil
}

// checkKeyID checks that the identifier in a witness's public key is that of the key, so that a letter mistaken in the
// name is found before cosignatures are looked for in vain.
func checkKeyID(public string, v note.Verifier) error {
	_, rest, _ := strings.Cut(public, "+")
	id, key, _ := strings.Cut(rest, "+")
	if data, err := base64.StdEncoding.DecodeString(key); err == nil && data[0] == 1 {
		_, err := note.NewVerifier(public)
		return err
	}
	if want := fmt.Sprintf("%08x", v.KeyHash()); id != want {
		return fmt.Errorf("its identifier is %s, expected %s", id, want)
	}
	return nil
}

// Signers returns the signers of a log's key: one private key a line, of which the first is the log's present key and
// the others, earlier ones, sign along for witnesses who have not yet changed.
func Signers(origin, key string) ([]note.Signer, error) {
	var signers []note.Signer
	for line := range strings.Lines(key) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		s, err := note.NewSigner(line)
		if err != nil {
			return nil, fmt.Errorf("key of log %q: %w", origin, err)
		}
		if s.Name() != origin {
			return nil, fmt.Errorf("key of log %q: it is named %q", origin, s.Name())
		}
		signers = append(signers, s)
	}
	if len(signers) == 0 {
		return nil, fmt.Errorf("key of log %q: empty", origin)
	}
	return signers, nil
}

// SignServer signs a statement of member 0 with the first of a log's keys.
func SignServer(key string, s *Statement) (Signature, error) {
	first, _, _ := strings.Cut(strings.TrimSpace(key), "\n")
	_, private, err := splitKey(first)
	if err != nil {
		return Signature{}, err
	}
	hash, err := s.Hash()
	if err != nil {
		return Signature{}, err
	}
	return Signature{Kind: Server, Sig: ed25519.Sign(private, SignedText(hash))}, nil
}

// SignCheckpoint writes and signs a checkpoint (C2SP tlog-checkpoint).
func SignCheckpoint(origin string, head Head, signers ...note.Signer) ([]byte, error) {
	c := log.Checkpoint{Origin: origin, Size: uint64(head.Size), Hash: head.Root[:]}
	return note.Sign(&note.Note{Text: string(c.Marshal())}, signers...)
}

// OpenCheckpoint reads a checkpoint of an origin that must be signed by the log's public key; of the witnesses, given
// by their public keys, it says which have cosigned (C2SP tlog-cosignature). Signatures by others are left aside.
func OpenCheckpoint(signed []byte, origin, public string, witnesses ...string) (Checkpoint, error) {
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("public key %q: %w", public, err)
	}
	var others []note.Verifier
	for _, w := range witnesses {
		v, err := WitnessVerifier(w)
		if err != nil {
			return Checkpoint{}, err
		}
		others = append(others, v)
	}
	c, _, n, err := log.ParseCheckpoint(signed, origin, verifier, others...)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint of %q: %w", origin, err)
	}
	out, err := checkpoint(c)
	if err != nil {
		return Checkpoint{}, err
	}
	for _, s := range n.Sigs {
		if s.Name == verifier.Name() && s.Hash == verifier.KeyHash() {
			continue
		}
		t, err := cosign.CoSigV1Timestamp(s)
		if err != nil {
			return Checkpoint{}, fmt.Errorf("cosignature of %q: %w", s.Name, err)
		}
		out.Cosigned = append(out.Cosigned, Cosignature{Name: s.Name, Time: t.UTC()})
	}
	return out, nil
}

// PeekCheckpoint reads a checkpoint without looking at who signed it.
func PeekCheckpoint(signed []byte) (Checkpoint, error) {
	var c log.Checkpoint
	if _, err := c.Unmarshal(signed); err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	return checkpoint(&c)
}

func checkpoint(c *log.Checkpoint) (Checkpoint, error) {
	if len(c.Hash) != len(Hash{}) || c.Size > 1<<53 {
		return Checkpoint{}, fmt.Errorf("checkpoint of %q: size %d, hash of %d bytes", c.Origin, c.Size, len(c.Hash))
	}
	return Checkpoint{Origin: c.Origin, Head: Head{Size: int64(c.Size), Root: Hash(c.Hash)}}, nil
}

// MergeSignatures returns checkpoint a with the signatures of b added; both must be of the same head.
func MergeSignatures(a, b []byte) ([]byte, error) {
	textA, sigsA, okA := bytes.Cut(a, []byte("\n\n"))
	textB, sigsB, okB := bytes.Cut(b, []byte("\n\n"))
	if !okA || !okB || !bytes.Equal(textA, textB) {
		return nil, fmt.Errorf("two checkpoints of one size differ: %q and %q", textA, textB)
	}
	out := bytes.Clone(a)
	for line := range bytes.Lines(sigsB) {
		if !bytes.Contains(sigsA, line) {
			out = append(out, line...)
		}
	}
	return out, nil
}

// HashReader reads the hashes of a log's tree for golang.org/x/mod/sumdb/tlog.
func HashReader(ctx context.Context, r Reader) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) { return r.Hashes(ctx, indexes) })
}

// HeadAt returns the head that a log had when it held size entries.
func HeadAt(ctx context.Context, r Reader, size int64) (Head, error) {
	root, err := tlog.TreeHash(size, HashReader(ctx, r))
	return Head{Size: size, Root: root}, err
}

// TypeNextKey is the type of the statement, by member 0 and signed with the log's present key, that announces its next
// one. The next key signs every checkpoint that covers the statement's entry.
const TypeNextKey = "record.key"

// NextKey is the body of a TypeNextKey statement.
type NextKey struct {
	Public string `json:"public"` // as note writes it, its name being the origin
}

// ReadNextKey checks that an entry announces a next key and is signed with the present one, and returns the next.
func ReadNextKey(e *Entry, present string) (string, error) {
	if e.Statement.Type != TypeNextKey || e.Statement.Member != 0 {
		return "", fmt.Errorf("entry %d is of type %q by member %d, expected %q by the server", e.Seq, e.Statement.Type, e.Statement.Member, TypeNextKey)
	}
	key, err := Ed25519(present)
	if err != nil {
		return "", err
	}
	if err := e.Signatures[0].VerifyKey(key, e.StatementHash); err != nil {
		return "", fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	var next NextKey
	if err := json.Unmarshal(e.Statement.Body, &next); err != nil {
		return "", fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	v, err := note.NewVerifier(next.Public)
	if err != nil {
		return "", fmt.Errorf("entry %d: public key %q: %w", e.Seq, next.Public, err)
	}
	if v.Name() != e.Statement.Origin {
		return "", fmt.Errorf("entry %d: the next key is named %q, the log %q", e.Seq, v.Name(), e.Statement.Origin)
	}
	return next.Public, nil
}

// Predecessor is what the founding statement of a log says of the log that it follows, if it follows one.
type Predecessor struct {
	Origin string `json:"origin"`
	Head
}
