package serve

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// softKey is a passkey in software, for tests that need no browser.
type softKey struct {
	id     []byte
	key    *ecdsa.PrivateKey
	public []byte
	card   ed25519.PrivateKey
}

func newSoftKey(t testing.TB) *softKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	_, card, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	rand.Read(id)
	return &softKey{id, key, der, card}
}

func (k *softKey) cardPublic() []byte { return k.card.Public().(ed25519.PublicKey) }

// client data as a browser writes it.
func clientData(kind, challenge, origin string) []byte {
	b, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
	return b
}

const (
	userPresent  = 1
	userVerified = 4
	attested     = 64
)

func authData(flags byte) []byte {
	rp := sha256.Sum256([]byte("localhost"))
	return binary.BigEndian.AppendUint32(append(rp[:], flags), 0)
}

func (k *softKey) sign(challenge []byte, origin string) (auth, client, sig []byte) {
	auth, client = authData(userPresent|userVerified), clientData("webauthn.get", url64(challenge), origin)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, auth...), hash[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, k.key, digest[:])
	if err != nil {
		panic(err)
	}
	return auth, client, sig
}

// statement signs a statement, as the page's script does.
func (k *softKey) statement(hash record.Hash, origin string) deviceSignature {
	auth, client, sig := k.sign(hash[:], origin)
	return deviceSignature{record.Device, url64(k.id), auth, client, sig}
}

// create answers a request for a passkey.
func (k *softKey) create(challenge, origin string) string {
	cose, err := cose(k.public)
	if err != nil {
		panic(err)
	}
	auth := append(authData(userPresent|userVerified|attested), make([]byte, 16)...)
	auth = binary.BigEndian.AppendUint16(auth, uint16(len(k.id)))
	auth = append(append(auth, k.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": auth})
	if err != nil {
		panic(err)
	}
	return credential(k.id, map[string]any{"attestationObject": url64(object), "clientDataJSON": url64(clientData("webauthn.create", challenge, origin))})
}

// assert answers the nonce of a sign-in.
func (k *softKey) assert(text []byte, origin string) string {
	challenge := sha256.Sum256(text)
	auth, client, sig := k.sign(challenge[:], origin)
	return credential(k.id, map[string]any{"authenticatorData": url64(auth), "clientDataJSON": url64(client), "signature": url64(sig), "userHandle": url64([]byte("somebody"))})
}

func credential(id []byte, response map[string]any) string {
	b, _ := json.Marshal(map[string]any{"id": url64(id), "rawId": url64(id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response})
	return string(b)
}

// town is a network in a test: 1, 2 and 3 have founded it, 4 is a guest of 1, 5 was one and has left.
type town struct {
	*world
	keys []*softKey // by number
}

func newTown(t testing.TB) *town { return newTownUnder(t, nil) }

// newTownUnder is a town under other rules than the default.
func newTownUnder(t testing.TB, rules *govern.Rules) *town {
	t.Helper()
	return settle(newWorld(t), rules)
}

// settle brings the town's people to a server.
func settle(on *world, rules *govern.Rules) *town {
	on.t.Helper()
	return settleAs(on, commons.Founding{Name: "Nordhof", Purpose: "Brot", Rules: rules, Operator: "Test", FirstName: "Anna"}, "nord")
}

// settleAs does so under a founding entry that says all but who they are.
func settleAs(on *world, f commons.Founding, group string) *town {
	t := on.t
	t.Helper()
	w := &town{world: on, keys: []*softKey{nil}}
	f.Party = "localhost"
	for range 3 {
		k := newSoftKey(t)
		w.keys = append(w.keys, k)
		f.Founders = append(f.Founders, commons.Founder{Household: "h" + url64(k.id)[:4], Group: group, Credential: k.id, Public: k.public, Card: k.cardPublic()})
	}
	var err error
	f.LogKey, err = w.net.LogKey(t.Context())
	w.must(err)
	p, err := w.net.PrepareFounding(t.Context(), w.code, commons.Found(f))
	w.must(err)
	var all []record.Signature
	for n := int64(1); n <= 3; n++ {
		sig := w.keys[n].statement(p.Hash, w.address)
		member := n
		if n == 1 {
			member = 0
		}
		all = append(all, sig.signature(member))
	}
	_, err = w.net.Append(t.Context(), p, all...)
	w.must(err)
	w.arrive("Dora")
	w.arrive("Emil")
	w.state(5, commons.Leave(""))
	return w
}

// arrive brings a guest of 1.
func (w *town) arrive(name string) { w.t.Helper(); w.arriveWith(name, "") }

// arriveWith brings one who says how to reach them.
func (w *town) arriveWith(name, contact string) { w.t.Helper(); w.arriveIn("", name, contact) }

// arriveIn brings one to a household, or else to one of their own.
func (w *town) arriveIn(household, name, contact string) {
	w.t.Helper()
	code := make([]byte, 16)
	rand.Read(code)
	hash := sha256.Sum256(code)
	w.state(1, commons.Invite(hash[:], ""))
	k := newSoftKey(w.t)
	p, err := w.net.Prepare(w.t.Context(), commons.Newcomer(), commons.Arrive(commons.Arrival{
		Code: code, Household: cmp.Or(household, "h"+url64(k.id)[:4]), Credential: k.id, Public: k.public, Card: k.cardPublic(), Party: "localhost", Name: name, Contact: contact,
	}))
	w.must(err)
	w.keys = append(w.keys, k)
	sig := k.statement(p.Hash, w.address)
	_, err = w.net.Append(w.t.Context(), p, sig.signature(0))
	w.must(err)
}

// state states something, signed by the person's device where that is needed.
func (w *town) state(person int64, i commons.Intent) *commons.Done {
	w.t.Helper()
	p, err := w.net.Prepare(w.t.Context(), commons.Session(person), i)
	w.must(err)
	sig := w.keys[person].statement(p.Hash, w.address)
	done, err := w.net.Append(w.t.Context(), p, sig.signature(0))
	w.must(err)
	return done
}

var nonceMark = regexp.MustCompile(`data-nonce="([^"]+)"`)

// as is a client that is signed in with a person's passkey.
func (w *town) as(person int64) *client {
	w.t.Helper()
	c := w.client()
	if person == 0 {
		return c
	}
	got := c.signIn(w.keys[person])
	if got.status != http.StatusOK || got.path != "/nordhof/me" {
		w.t.Fatalf("person %d signs in: %d at %s\n%s", person, got.status, got.path, got.body)
	}
	return c
}

func (c *client) nonce() string {
	c.w.t.Helper()
	m := nonceMark.FindStringSubmatch(c.get("/nordhof/signin").body)
	if m == nil {
		c.w.t.Fatal("the page to sign in has no nonce")
	}
	return m[1]
}

func (c *client) signIn(k *softKey) answer_ {
	c.w.t.Helper()
	return c.post("/nordhof/signin/passkey", "credential", k.assert(signInText("localhost/nordhof", c.nonce()), c.w.address))
}

// hidden returns the value of a field in a page.
func hidden(body, name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// statement returns the text that a page wants signed.
func statement(body string) string {
	_, rest, _ := strings.Cut(body, `<textarea id="statement"`)
	_, rest, _ = strings.Cut(rest, ">")
	text, _, _ := strings.Cut(rest, "</textarea>")
	return html.UnescapeString(text)
}

// sign signs what a page wants signed, and sends it.
func (c *client) sign(page string, k *softKey) answer_ {
	c.w.t.Helper()
	text := statement(page)
	sig, _ := json.Marshal(k.statement(sha256.Sum256([]byte(text)), c.w.address))
	return c.post("/nordhof/sign", "statement", text, "payloads", hidden(page, "payloads"), "signature", string(sig))
}

// std64 is standard base64.
func std64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
