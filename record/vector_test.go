package record

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// vectorKey returns the key pair whose seed is 32 bytes of 1.
func vectorKey(t *testing.T) (private, public string) {
	t.Helper()
	seed := bytes.Repeat([]byte{1}, ed25519.SeedSize)
	public, err := note.NewEd25519VerifierKey(testOrigin, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.Split(public, "+")[1]
	return "PRIVATE+KEY+" + testOrigin + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed...)), public
}

// The example in docs/record.md is what this package writes.
func TestDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../docs/record.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := func(what string, text []byte) {
		t.Helper()
		if !strings.Contains(string(doc), "```\n"+strings.TrimSuffix(string(text), "\n")+"\n```\n") {
			t.Errorf("docs/record.md has another %s than\n%s", what, text)
		}
	}
	private, public := vectorKey(t)
	documented("public key", []byte(public))
	signers, err := Signers(testOrigin, private)
	if err != nil {
		t.Fatal(err)
	}
	p := Payload{Person: 7, Salt: [SaltSize]byte(bytes.Repeat([]byte{3}, SaltSize)), Data: []byte("Brot")}
	first := Statement{
		Version: 1, Origin: testOrigin, Type: TypeNextKey, Right: "server", Nonce: bytes.Repeat([]byte{2}, 16),
		Body: json.RawMessage(`{"public":` + quote(t, public) + `}`),
	}
	signature, err := SignServer(private, &first)
	if err != nil {
		t.Fatal(err)
	}
	second := Statement{
		Version: 1, Origin: testOrigin, Type: "need.state", Member: 7, Right: "state", Nonce: bytes.Repeat([]byte{4}, 16),
		Body: json.RawMessage(`{"urgency":"vital","amount":"3.50"}`), Payloads: []Ref{{Name: "text", Person: 7, Hash: p.Hash()}},
	}
	l := &testLog{}
	for i, d := range []Draft{
		{Statement: first, Signatures: []Signature{signature}},
		{Statement: second, Signatures: []Signature{{Kind: Session}}, Payloads: []Payload{p}},
	} {
		data, e := testEntry(t, d, int64(i))
		more, err := tlog.StoredHashes(int64(i), data, l)
		if err != nil {
			t.Fatal(err)
		}
		l.raw, l.hashes = append(l.raw, data), append(l.hashes, more...)
		documented("entry", data)
		documented("hashes", []byte(e.StatementHash.String()+"\n"+LeafHash(data).String()))
	}
	root, err := tlog.TreeHash(2, l)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := SignCheckpoint(testOrigin, Head{Size: 2, Root: root}, signers[0])
	if err != nil {
		t.Fatal(err)
	}
	documented("checkpoint", checkpoint)
	receipt, err := SignReceipt(l.raw[1], signers[0])
	if err != nil {
		t.Fatal(err)
	}
	documented("receipt", receipt)
	hashes, err := tlog.ProveRecord(2, 1, l)
	if err != nil {
		t.Fatal(err)
	}
	documented("proof", formatProof(1, hashes, checkpoint))
}

func quote(t *testing.T, s string) string {
	t.Helper()
	out, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
