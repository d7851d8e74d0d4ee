package record

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// assertion signs a statement as an authenticator does.
func assertion(tb testing.TB, key crypto.Signer, statement Hash, change func(auth []byte, client map[string]any)) Signature {
	tb.Helper()
	rp := sha256.Sum256([]byte("example.org"))
	auth := append(rp[:], 0x05, 0, 0, 0, 1)
	c := map[string]any{
		"type": "webauthn.get", "challenge": base64.RawURLEncoding.EncodeToString(statement[:]),
		"origin": "https://plan.example.org", "crossOrigin": false, "other_keys_can_be_added_here": "…",
	}
	change(auth, c)
	client, err := json.Marshal(c)
	if err != nil {
		tb.Fatal(err)
	}
	hash := sha256.Sum256(client)
	signed := append(bytes.Clone(auth), hash[:]...)
	var opts crypto.SignerOpts = crypto.SHA256
	if _, ok := key.(ed25519.PrivateKey); ok {
		opts = crypto.Hash(0)
	} else {
		digest := sha256.Sum256(signed)
		signed = digest[:]
	}
	sig, err := key.Sign(rand.Reader, signed, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return Signature{Kind: Device, Key: "credential", AuthenticatorData: auth, ClientData: client, Sig: sig}
}

func TestVerifyDevice(t *testing.T) {
	t.Parallel()
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	statement := Hash{1, 2, 3}
	for _, key := range []crypto.Signer{p256, ed, r} {
		public, err := x509.MarshalPKIXPublicKey(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		good := assertion(t, key, statement, func([]byte, map[string]any) {})
		if err := good.VerifyDevice(public, "example.org", statement); err != nil {
			t.Fatalf("%T: %v", key, err)
		}
		if err := good.VerifyDevice(public, "example.org", Hash{9}); err == nil {
			t.Errorf("%T: accepted for another statement", key)
		}
		for _, part := range [][]byte{good.AuthenticatorData, good.ClientData, good.Sig} {
			for i := range part {
				part[i] ^= 1
				if err := good.VerifyDevice(public, "example.org", statement); err == nil {
					t.Errorf("%T: %q accepted with byte %d changed", key, part, i)
				}
				part[i] ^= 1
			}
		}
	}
	public, err := x509.MarshalPKIXPublicKey(p256.Public())
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]byte, map[string]any){
		"another relying party":          func(auth []byte, _ map[string]any) { auth[0]++ },
		"nobody present":                 func(auth []byte, _ map[string]any) { auth[32] = 0x04 },
		"a registration":                 func(_ []byte, c map[string]any) { c["type"] = "webauthn.create" },
		"another site":                   func(_ []byte, c map[string]any) { c["origin"] = "https://example.com" },
		"a site whose name ends alike":   func(_ []byte, c map[string]any) { c["origin"] = "https://notexample.org" },
		"a site without encryption":      func(_ []byte, c map[string]any) { c["origin"] = "http://plan.example.org" },
		"another site's frame":           func(_ []byte, c map[string]any) { c["crossOrigin"] = true },
		"a challenge with padding":       func(_ []byte, c map[string]any) { c["challenge"] = base64.URLEncoding.EncodeToString(statement[:]) },
		"a challenge beyond the hash":    func(_ []byte, c map[string]any) { c["challenge"] = c["challenge"].(string) + "A" },
		"a site that is no address":      func(_ []byte, c map[string]any) { c["origin"] = "https://%" },
		"a type that is not text at all": func(_ []byte, c map[string]any) { c["type"] = 1 },
	} {
		g := assertion(t, p256, statement, change)
		if err := g.VerifyDevice(public, "example.org", statement); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// testLog is a tree of entries in memory.
type testLog struct {
	raw    [][]byte
	hashes []Hash
}

func (l *testLog) ReadHashes(indexes []int64) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	for i, x := range indexes {
		out[i] = l.hashes[x]
	}
	return out, nil
}

func (l *testLog) add(tb testing.TB) {
	tb.Helper()
	data, _ := testEntry(tb, testDraft(tb), int64(len(l.raw)))
	more, err := tlog.StoredHashes(int64(len(l.raw)), data, l)
	if err != nil {
		tb.Fatal(err)
	}
	l.raw, l.hashes = append(l.raw, data), append(l.hashes, more...)
}

// receipt makes a key, a receipt of an entry, a checkpoint that covers it and its proof.
func receipt(tb testing.TB) (public string, signed, proof []byte) {
	tb.Helper()
	private, public, err := NewKey(testOrigin)
	if err != nil {
		tb.Fatal(err)
	}
	signers, err := Signers(testOrigin, private)
	if err != nil {
		tb.Fatal(err)
	}
	l := &testLog{}
	for range 5 {
		l.add(tb)
	}
	root, err := tlog.TreeHash(5, l)
	if err != nil {
		tb.Fatal(err)
	}
	checkpoint, err := SignCheckpoint(testOrigin, Head{Size: 5, Root: root}, signers...)
	if err != nil {
		tb.Fatal(err)
	}
	if signed, err = SignReceipt(l.raw[3], signers[0]); err != nil {
		tb.Fatal(err)
	}
	hashes, err := tlog.ProveRecord(5, 3, l)
	if err != nil {
		tb.Fatal(err)
	}
	return public, signed, formatProof(3, hashes, checkpoint)
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	public, signed, proof := receipt(t)
	r, err := OpenReceipt(signed, public)
	if err != nil {
		t.Fatal(err)
	}
	if r.Seq != 3 || r.Origin != testOrigin || !r.Time.Equal(testTime) || r.By.Sub(r.Time) != time.Minute {
		t.Fatalf("got %+v", r)
	}
	if _, err := r.Verify(proof, public); err != nil {
		t.Fatal(err)
	}
	// A changed byte makes no other receipt or proof; what is not signed, as the name before a signature, may be refused too.
	for i := range signed {
		changed := bytes.Clone(signed)
		changed[i] ^= 1
		if got, err := OpenReceipt(changed, public); err == nil && got != r {
			t.Errorf("receipt, byte %d: %q accepted", i, changed)
		}
	}
	for i := range proof {
		changed := bytes.Clone(proof)
		changed[i] ^= 1
		if c, err := r.Verify(changed, public); err == nil && c.Size != 5 {
			t.Errorf("proof, byte %d: %q accepted", i, changed)
		}
	}
	other, _, _ := receipt(t)
	if _, err := OpenReceipt(signed, other); err == nil {
		t.Error("accepted with another key")
	}
	for _, wrong := range []Receipt{{Seq: 2, Leaf: r.Leaf, Origin: r.Origin}, {Seq: 3, Leaf: r.Statement, Origin: r.Origin}, {Seq: 3, Leaf: r.Leaf, Origin: "example.org/x"}} {
		if _, err := wrong.Verify(proof, public); err == nil {
			t.Errorf("proof accepted for %+v", wrong)
		}
	}
}

// A signature of one thing is never one of another: statement, receipt, checkpoint.
func TestSignaturesDoNotMix(t *testing.T) {
	t.Parallel()
	private, public, err := NewKey(testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(SignedText(Hash{1})), receiptHeader + "\n" + testOrigin + "\n"} {
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := OpenCheckpoint(signed, testOrigin, public); err == nil {
			t.Errorf("%q is a checkpoint: %+v", text, c)
		}
		if CheckOrigin(strings.Split(text, "\n")[0]) == nil {
			t.Errorf("a log could be named %q", strings.Split(text, "\n")[0])
		}
	}
}

func TestNextKey(t *testing.T) {
	t.Parallel()
	private, public, err := NewKey(testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	_, next, err := NewKey(testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	announce := func(private, next string) Entry {
		d := testDraft(t)
		s := Statement{Version: 1, Origin: testOrigin, Type: TypeNextKey, Right: "server", Nonce: d.Statement.Nonce}
		s.Body = json.RawMessage(fmt.Sprintf(`{"public":%q}`, next))
		g, err := SignServer(private, &s)
		if err != nil {
			t.Fatal(err)
		}
		_, e := testEntry(t, Draft{Statement: s, Signatures: []Signature{g}}, 9)
		return e
	}
	e := announce(private, next)
	if got, err := ReadNextKey(&e, public); err != nil || got != next {
		t.Fatalf("got %q, %v", got, err)
	}
	if _, err := ReadNextKey(&e, next); err == nil {
		t.Error("accepted as signed with the next key")
	}
	_, another, err := NewKey("example.org/other")
	if err != nil {
		t.Fatal(err)
	}
	e = announce(private, another)
	if _, err := ReadNextKey(&e, public); err == nil {
		t.Error("another log's key accepted")
	}
}

func TestPayloadSealed(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte{7}, KeySize)
	p, err := NewPayload(7, []byte("Brot"))
	if err != nil {
		t.Fatal(err)
	}
	ref := Ref{Name: "text", Person: 7, Hash: p.Hash()}
	sealed, err := Seal(key, testOrigin, &p)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Unseal(key, testOrigin, ref, sealed); err != nil || string(got.Data) != "Brot" || got.Salt != p.Salt {
		t.Fatalf("got %+v, %v", got, err)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := Unseal(key, testOrigin, ref, changed); err == nil {
			t.Fatalf("byte %d: accepted", i)
		}
	}
	for i := range sealed {
		if _, err := Unseal(key, testOrigin, ref, sealed[:i]); err == nil {
			t.Fatalf("accepted with %d bytes", i)
		}
	}
	if _, err := Unseal(key, "example.org/other", ref, sealed); err == nil {
		t.Error("accepted in another log")
	}
	if _, err := Unseal(key, testOrigin, Ref{Person: 8, Hash: ref.Hash}, sealed); err == nil {
		t.Error("accepted as another person's")
	}
}

func FuzzReceipt(f *testing.F) {
	public, signed, _ := receipt(f)
	f.Add(string(signed))
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseReceipt(text)
		if err == nil && (r.Seq < 0 || CheckOrigin(r.Origin) != nil) {
			t.Fatalf("%q reads as %+v", text, r)
		}
		OpenReceipt([]byte(text), public)
	})
}

func FuzzInclusion(f *testing.F) {
	public, signed, proof := receipt(f)
	r, err := OpenReceipt(signed, public)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(proof)
	f.Fuzz(func(t *testing.T, data []byte) {
		PeekCheckpoint(data)
		if c, err := r.Verify(data, public); err == nil && c.Size != 5 {
			t.Fatalf("%q shows %+v", data, c)
		}
	})
}

func FuzzClientData(f *testing.F) {
	f.Add([]byte(`{"type":"webauthn.get","challenge":"AQID","origin":"https://example.org"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkClientData(data, "example.org", Hash{1, 2, 3})
	})
}
