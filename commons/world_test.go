package commons

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"bremen/govern"
	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
	"bremen/record/sqlite"
)

const (
	testOrigin = "example.org/nordhof"
	testParty  = "example.org"
)

// world is a network on a real store, whose people have real keys.
type world struct {
	testing.TB
	dir     string
	store   record.Store
	commons *Commons
	n       *Network
	console bytes.Buffer
	every   int64 // Options.SnapshotEvery
	// database is that of a world on PostgreSQL; "" stands for a SQLite file.
	database string

	mu  sync.Mutex
	now time.Time
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Millisecond)
	return w.now
}

func (w *world) pass(days float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Duration(days * 24 * float64(time.Hour)))
}

func (w *world) in(days float64) time.Time {
	return w.clock().Add(time.Duration(days * 24 * float64(time.Hour)))
}

// cluster is the PostgreSQL of this package's tests, which begins with the first test that needs it.
var cluster = sync.OnceValues(func() (*postgrestest.Cluster, error) {
	c, stop, err := postgrestest.Start(1)
	stopCluster = stop
	return c, err
})

var stopCluster func()

func TestMain(m *testing.M) {
	code := m.Run()
	if stopCluster != nil {
		stopCluster()
	}
	os.Exit(code)
}

// onPostgres is a test whose worlds are on PostgreSQL.
type onPostgres struct {
	testing.TB
	cluster *postgrestest.Cluster
}

// onBoth runs a test on a SQLite file and on PostgreSQL, side by side with others.
func onBoth(t *testing.T, test func(t testing.TB)) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		c, err := cluster()
		if err != nil {
			t.Fatal(err)
		}
		test(onPostgres{t, c})
	})
}

// newWorld opens a store with one network that is not founded.
func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, dir: tb.TempDir(), now: time.Date(2027, 5, 3, 8, 0, 0, 0, time.UTC)}
	if on, ok := tb.(onPostgres); ok {
		w.database = on.cluster.Database(tb)
	}
	w.open()
	tb.Cleanup(w.close)
	n, err := w.commons.Create(tb.Context(), testOrigin)
	w.ok(err)
	w.n = n
	return w
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) open() {
	w.Helper()
	var err error
	w.store = w.openStore()
	w.commons, err = Open(w.Context(), w.store, Options{Clock: w.clock, Dir: w.dir + "/own", Console: &w.console, SnapshotEvery: w.every})
	w.ok(err)
}

// openStore opens the world's store: that of another server, if it is PostgreSQL and open already.
func (w *world) openStore() record.Store {
	w.Helper()
	if w.database != "" {
		store, err := postgres.Open(w.Context(), w.database, w.clock)
		w.ok(err)
		return store
	}
	store, err := sqlite.Open(w.Context(), w.dir+"/store", w.clock)
	w.ok(err)
	return store
}

func (w *world) close() {
	if w.store != nil {
		w.ok(errors.Join(w.commons.Close(), w.store.Close()))
		w.store = nil
	}
}

// again closes everything and opens it anew.
func (w *world) again() {
	w.Helper()
	w.close()
	w.open()
	n, err := w.commons.Network(w.Context(), testOrigin)
	w.ok(err)
	w.n = n
}

func deviceKey(n int64) ed25519.PrivateKey {
	seed := sha256.Sum256(fmt.Appendf(nil, "device %d", n))
	return ed25519.NewKeyFromSeed(seed[:])
}

func cardKey(n int64) ed25519.PrivateKey {
	seed := sha256.Sum256(fmt.Appendf(nil, "card %d", n))
	return ed25519.NewKeyFromSeed(seed[:])
}

func credential(n int64) []byte { return fmt.Appendf(nil, "credential-%d", n) }

func publicKey(n int64) []byte {
	der, err := x509.MarshalPKIXPublicKey(deviceKey(n).Public())
	if err != nil {
		panic(err)
	}
	return der
}

func cardPublic(n int64) []byte { return cardKey(n).Public().(ed25519.PublicKey) }

// device signs as a browser would.
func device(n int64, h record.Hash) record.Signature {
	client := fmt.Appendf(nil, `{"type":"webauthn.get","challenge":%q,"origin":"https://%s","crossOrigin":false}`, base64.RawURLEncoding.EncodeToString(h[:]), testParty)
	rp := sha256.Sum256([]byte(testParty))
	auth := append(rp[:], 1, 0, 0, 0, 0)
	hash := sha256.Sum256(client)
	return record.Signature{
		Kind: record.Device, Key: url64(credential(n)), AuthenticatorData: auth, ClientData: client,
		Sig: ed25519.Sign(deviceKey(n), append(bytes.Clone(auth), hash[:]...)),
	}
}

// found founds the network with one founder for each household, all in group "nord".
func (w *world) found(households ...string) {
	w.Helper()
	code, err := w.n.SetUpCode(w.Context())
	w.ok(err)
	key, err := w.n.LogKey(w.Context())
	w.ok(err)
	f := Founding{Name: "Nordhof", Purpose: "Bread for all", Party: testParty, Operator: "Nordhof eG", LogKey: key, FirstName: "Ada", FirstContact: "ada@example.org"}
	for i, h := range households {
		n := int64(i + 1)
		f.Founders = append(f.Founders, Founder{Household: h, Group: "nord", Credential: credential(n), Public: publicKey(n), Card: cardPublic(n)})
	}
	p, err := w.n.PrepareFounding(w.Context(), code, Found(f))
	w.ok(err)
	var sigs []record.Signature
	for i := range households {
		g := device(int64(i+1), p.Hash)
		if i > 0 {
			g.Member = int64(i + 1)
		}
		sigs = append(sigs, g)
	}
	_, err = w.n.Append(w.Context(), p, sigs...)
	w.ok(err)
}

// network returns a network with as many founders in households of their own.
func founded(tb testing.TB, founders int) *world {
	tb.Helper()
	w := newWorld(tb)
	w.found(strings.Fields("h1 h2 h3 h4 h5 h6 h7 h8 h9 h10 h11 h12")[:founders]...)
	return w
}

// try has somebody say something, with the signature that it needs, and others sign along.
func (w *world) try(by int64, i Intent, with ...int64) (*Done, error) {
	w.Helper()
	a := Session(by)
	if by == 0 {
		a = Newcomer()
	}
	p, err := w.n.Prepare(w.Context(), a, i)
	if err != nil {
		return nil, err
	}
	if t := govern.TypeByID(i.Type); !t.Consequence {
		return w.n.Append(w.Context(), p)
	}
	sigs := []record.Signature{device(p.Statement.Member, p.Hash)}
	for _, n := range with {
		g := device(n, p.Hash)
		g.Member = n
		sigs = append(sigs, g)
	}
	return w.n.Append(w.Context(), p, sigs...)
}

// say is try that must succeed; it returns the entry's number.
func (w *world) say(by int64, i Intent, with ...int64) int64 {
	w.Helper()
	d, err := w.try(by, i, with...)
	if err != nil {
		w.Fatalf("%s by %d: %v", i.Type, by, err)
	}
	return d.Number
}

// refused checks that something is refused with a code, by the rules or by this package.
func (w *world) refused(code string, by int64, i Intent, with ...int64) {
	w.Helper()
	_, err := w.try(by, i, with...)
	w.hasCode(code, err)
}

func (w *world) hasCode(code string, err error) {
	w.Helper()
	var g *govern.Refusal
	var r *Refusal
	switch {
	case errors.As(err, &g) && g.Code == code, errors.As(err, &r) && r.Code == code:
	default:
		w.Fatalf("got %v, want a refusal %q", err, code)
	}
}

// arrive has somebody arrive who was invited, and returns their number.
func (w *world) arrive(inviter int64, household string) int64 {
	w.Helper()
	var n int64
	w.n.View(func(s *State) { n = s.Govern.NextPerson() })
	code := fmt.Appendf(nil, "code-%d-of-sixteen", n)
	sum := sha256.Sum256(code)
	w.say(inviter, Invite(sum[:], ""))
	w.say(0, Arrive(Arrival{Code: code, Household: household, Credential: credential(n), Public: publicKey(n), Card: cardPublic(n), Party: testParty, Name: fmt.Sprintf("Name %d", n)}))
	return n
}

// mandate gives an office of a scope to somebody, who accepts it.
func (w *world) mandate(office string, scope govern.Scope, holder int64, assents ...int64) int64 {
	w.Helper()
	m := w.say(assents[0], GiveMandate(Mandating{Office: office, Scope: scope, Holder: holder, Until: w.in(100)}), assents[1:]...)
	w.say(holder, AcceptMandate(m, ""))
	return m
}

func (w *world) state() []byte {
	var text []byte
	w.n.View(func(s *State) { text = s.JSON() })
	return text
}

func dec(s string) Decimal {
	d, err := ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

func ptr[T any](x T) *T { return &x }
