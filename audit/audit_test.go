package audit_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"bremen/audit"
	"bremen/audit/audittest"
	"bremen/govern"
	"bremen/record"
	"bremen/record/sqlite"
	"bremen/record/tiles"
	"bremen/record/witness"
)

// found returns a network in a SQLite store of its own.
func found(tb testing.TB) *audittest.Network {
	tb.Helper()
	return foundWith(tb, audittest.NewClock())
}

func foundWith(tb testing.TB, clock *audittest.Clock) *audittest.Network {
	tb.Helper()
	return audittest.Found(tb, open(tb, clock), clock)
}

func open(tb testing.TB, clock *audittest.Clock) record.Store {
	tb.Helper()
	s, err := sqlite.Open(tb.Context(), tb.TempDir(), clock.Now)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}

// direct answers requests without a network.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

func client(tb testing.TB, h http.Handler) *tiles.Client {
	tb.Helper()
	c, err := tiles.NewClient("http://example.org", &http.Client{Transport: direct{h}})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func source(tb testing.TB, log record.Log) *tiles.Client {
	tb.Helper()
	return client(tb, tiles.Handler(log))
}

func run(tb testing.TB, s audit.Source, o audit.Options) *audit.Report {
	tb.Helper()
	r, err := audit.Run(tb.Context(), s, o)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// holds audits a log that must hold.
func holds(tb testing.TB, log record.Log, o audit.Options) *audit.Report {
	tb.Helper()
	r := run(tb, source(tb, log), o)
	if !r.Holds {
		tb.Fatalf("does not hold: %v", texts(r))
	}
	return r
}

// fails audits a log that must fail in this way, at this entry if it is not negative.
func fails(tb testing.TB, log record.Log, o audit.Options, code audit.Code, entry int64) *audit.Report {
	tb.Helper()
	r := run(tb, source(tb, log), o)
	if !slices.ContainsFunc(r.Failures, func(f audit.Failure) bool { return f.Code == code && (entry < 0 || f.Entry == entry) }) {
		tb.Fatalf("no failure %q at entry %d, but %v", code, entry, texts(r))
	}
	return r
}

func texts(r *audit.Report) []string {
	var list []string
	for _, f := range r.Failures {
		list = append(list, string(f.Code)+": "+f.In("en"))
	}
	return list
}

// busy is a network with some life in it, 20 entries and a checkpoint.
func busy(tb testing.TB) *audittest.Network {
	n := found(tb)
	n.Mandate("records", 2)
	n.Publish()
	n.Clock.Pass(time.Hour)
	n.Need(1)
	seen := n.Head()
	n.Publish()
	n.Need(1)
	n.Say(audittest.Said{Type: "need.state", By: 2, Kind: record.Device, Seen: seen})
	n.Say(audittest.Said{Type: "need.state", By: 3, Kind: record.Card})
	for len(n.State.Statements) < 16 {
		n.Need(3)
	}
	lost := n.Need(2)
	n.Say(audittest.Said{Type: "entry.disown", By: 2, Body: map[string]any{"entry": lost.Seq}})
	n.Publish()
	return n
}

func TestHonestRecordHolds(t *testing.T) {
	t.Parallel()
	n := busy(t)
	r := holds(t, n.Log, audit.Options{Known: [][]byte{n.Known(3)}})
	size := n.Head().Size
	if r.Entries != size || r.Size != size || r.Network != "Nordhof" || r.Origin != audittest.Origin || r.Key != n.Public {
		t.Errorf("got %+v", r)
	}
	// The founding, the mandate given with three signatures and accepted, a need by device, a card, two who sign along twice.
	if r.Kinds[record.Device] != 4 || r.Kinds[record.Card] != 1 || r.Kinds[record.Session] != size-5 || r.Verified != 9 {
		t.Errorf("%v, %d verified", r.Kinds, r.Verified)
	}
	if r.Seen != 1 || r.Disowned != 1 || r.Decisions.Opened != 1 || r.Decisions.Open != 0 || len(r.Known) != 1 || !r.Unwitnessed() {
		t.Errorf("got %+v", r)
	}
}

func TestEmptyRecordHolds(t *testing.T) {
	t.Parallel()
	s := open(t, audittest.NewClock())
	private, _, err := record.NewKey(audittest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Create(t.Context(), audittest.Origin, private)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := record.Publish(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if r := holds(t, l, audit.Options{}); r.Entries != 0 {
		t.Errorf("got %+v", r)
	}
}

// Whether a record holds does not depend on how many entries are read at a time.
func TestManySegments(t *testing.T) {
	t.Parallel()
	n := found(t)
	n.Many(2600)
	n.Publish()
	r := holds(t, n.Log, audit.Options{})
	if r.Entries != 2601 || r.Seen == 0 || r.Kinds[record.Device] < 250 {
		t.Errorf("got %+v", r)
	}
}

// named makes a witness, has the network name it, and returns what cosigns for it.
func named(t *testing.T, n *audittest.Network) *witness.Client {
	t.Helper()
	private, _, err := record.NewKey("witness.example.net")
	if err != nil {
		t.Fatal(err)
	}
	w, err := witness.New(open(t, n.Clock), private, map[string][]string{audittest.Origin: {n.Public}})
	if err != nil {
		t.Fatal(err)
	}
	signs, err := witness.PublicKey(private)
	if err != nil {
		t.Fatal(err)
	}
	n.Mandate("records", 2)
	n.Say(audittest.Said{Type: "witness.name", By: 2, Scope: govern.InNetwork, Body: map[string]any{"witness": "Südhof", "log-key": signs}})
	c, err := witness.NewClient("http://witness.example.net", signs, &http.Client{Transport: direct{w.Handler()}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// clockAt returns a clock that stands so far from the real one.
func clockAt(d time.Duration) *audittest.Clock {
	c := audittest.NewClock()
	c.Pass(time.Since(c.Now()) + d)
	return c
}

// Witnesses sign with the real clock, so the record's has to be right.
func TestWitnessedRecordHolds(t *testing.T) {
	t.Parallel()
	n := foundWith(t, clockAt(0))
	c := named(t, n)
	n.Publish(c)
	r := holds(t, n.Log, audit.Options{})
	if len(r.Witnesses) != 1 || r.Unwitnessed() || r.Cosigned != 1 || r.Witnesses[0].Name != "Südhof" {
		t.Errorf("got %+v", r)
	}
}

func TestForgedTimesAreFound(t *testing.T) {
	t.Parallel()
	ahead := foundWith(t, clockAt(10*time.Minute))
	c := named(t, ahead)
	ahead.Publish(c)
	fails(t, ahead.Log, audit.Options{}, audit.CodeTime, ahead.Head().Size-1)

	// Dated back: what came after a cosignature says it was before it.
	back := foundWith(t, clockAt(-10*time.Minute))
	c = named(t, back)
	cosigned := bytes.Clone(back.Publish(c))
	last := back.Head().Size
	back.Need(1)
	back.Publish()
	fails(t, back.Log, audit.Options{Known: [][]byte{cosigned}}, audit.CodeTime, last-1)
}

func TestSuccession(t *testing.T) {
	t.Parallel()
	n := busy(t)
	head := n.Head()
	private, public, err := record.NewKey("other.org/nordhof")
	if err != nil {
		t.Fatal(err)
	}
	next, err := open(t, n.Clock).Create(t.Context(), "other.org/nordhof", private)
	if err != nil {
		t.Fatal(err)
	}
	n.SayIn(next, audittest.Said{Type: "log.succeed", Key: private, Scope: govern.InNetwork, Body: map[string]any{
		"origin": audittest.Origin, "size": head.Size, "root": head.Root, "log-key": public, "operator": "Other eG",
	}})
	for range 3 {
		n.SayIn(next, audittest.Said{Type: "need.state", By: 1, Kind: record.Device})
	}
	if _, err := record.Publish(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	r := holds(t, next, audit.Options{Earlier: []audit.Source{source(t, n.Log)}, Known: [][]byte{n.Known(3)}})
	if len(r.Earlier) != 1 || r.Earlier[0].GoesOn != 0 || r.Entries != head.Size+4 || r.Operator != "Other eG" || len(r.Known) != 1 {
		t.Errorf("got %+v", r)
	}
	if _, err := audit.Run(t.Context(), source(t, next), audit.Options{}); err == nil {
		t.Error("a record that goes on from another is audited without it")
	}
	// The old one goes on as well: two networks, and the report says so.
	entries, err := record.Append(t.Context(), n.Log, record.Anywhere, n.Draft(audittest.Origin, audittest.Said{Type: "need.state", By: 1, Right: "state"}))
	if err != nil || len(entries) != 1 {
		t.Fatal(err)
	}
	n.Publish()
	r = holds(t, next, audit.Options{Earlier: []audit.Source{source(t, n.Log)}})
	if len(r.Earlier) != 1 || r.Earlier[0].GoesOn != 1 {
		t.Errorf("got %+v", r.Earlier)
	}
}

// The next key signs from its announcement on.
func TestNextKey(t *testing.T) {
	t.Parallel()
	n := busy(t)
	before := n.Known(n.Head().Size)
	private, public, err := record.NewKey(audittest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	n.Say(audittest.Said{Type: record.TypeNextKey, Scope: govern.InNetwork, Body: map[string]any{"public": public}})
	n.Private = private
	if err := n.Log.SetKey(t.Context(), private); err != nil {
		t.Fatal(err)
	}
	n.Publish()
	if r := holds(t, n.Log, audit.Options{Known: [][]byte{before}}); r.Key != public || r.Kinds[record.Server] != 1 {
		t.Errorf("got %+v", r)
	}
}
