package audit_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"

	"bremen/audit"
	"bremen/audit/audittest"
	"bremen/govern"
	"bremen/record"
	"bremen/record/tiles"
)

// swap serves one path otherwise.
type swap struct {
	http.Handler
	path string
	body []byte
}

func (s swap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == s.path {
		w.Write(s.body)
		return
	}
	s.Handler.ServeHTTP(w, r)
}

// Every byte of what is served of a small record, changed once, is found. Of the founding, which is long, the quick form
// looks at every 11th byte; with BREMEN_TORTURE all are looked at.
func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	n := found(t)
	n.Say(audittest.Said{Type: "need.state", By: 2, Kind: record.Device, Seen: n.Head()})
	n.Need(1)
	n.Publish()
	h := tiles.Handler(n.Log)
	want := run(t, client(t, h), audit.Options{})
	for _, path := range []string{"/checkpoint", "/tile/0/000.p/3", "/tile/entries/000.p/3"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		body := w.Body.Bytes()
		founding := 0
		if strings.Contains(path, "entries") {
			founding = 2 + int(body[0])<<8 + int(body[1])
		}
		tried := 0
		for i := range body {
			if i < founding && i%11 != 0 && os.Getenv("BREMEN_TORTURE") == "" {
				continue
			}
			tried++
			changed := bytes.Clone(body)
			changed[i] ^= 1
			r, err := audit.Run(t.Context(), client(t, swap{h, path, changed}), audit.Options{})
			if err == nil && r.Holds && !(path == "/checkpoint" && reflect.DeepEqual(without(r), without(want))) {
				t.Fatalf("%s, byte %d of %d: not found", path, i, len(body))
			}
		}
		t.Logf("%s: %d of %d bytes changed, one at a time", path, tried, len(body))
	}
}

// without returns a report without the text of the checkpoint, whose key hash no signature covers.
func without(r *audit.Report) audit.Report {
	out := *r
	out.Checkpoint = ""
	return out
}

// rewrite makes another log with the same key out of drafts, as an operator could who cheats.
func rewrite(t *testing.T, n *audittest.Network, change func([]record.Entry) []record.Entry) record.Log {
	t.Helper()
	var list []record.Entry
	for e, err := range record.Entries(t.Context(), n.Log, 0) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	list = change(list)
	l, err := open(t, n.Clock).Create(t.Context(), n.Log.Origin(), n.Private)
	if err != nil {
		t.Fatal(err)
	}
	var raw [][]byte
	for i := range list {
		list[i].Seq = int64(i)
		data, err := list[i].Canonical()
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, data)
	}
	if err := l.Import(t.Context(), raw, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Publish(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	return l
}

func drop(i int) func([]record.Entry) []record.Entry {
	return func(list []record.Entry) []record.Entry { return append(list[:i:i], list[i+1:]...) }
}

// An operator who rewrites the record and signs it anew is found by whoever holds an older checkpoint; a change that the
// rules or a signature contradict is found by anybody.
func TestRewritten(t *testing.T) {
	t.Parallel()
	n := busy(t)
	older := audit.Options{Known: [][]byte{n.Known(4)}}
	same := rewrite(t, n, func(list []record.Entry) []record.Entry { return list })
	holds(t, same, older)

	// A session's entry dropped: its member can show a receipt, others an older checkpoint or what was signed with it in view.
	fails(t, rewrite(t, n, drop(3)), older, audit.CodeFork, -1)
	fails(t, rewrite(t, n, drop(3)), audit.Options{}, audit.CodeSeen, 4)
	fails(t, rewrite(t, n, drop(9)), audit.Options{Known: [][]byte{n.Known(n.Head().Size)}}, audit.CodeShrunk, -1)
	fails(t, rewrite(t, n, drop(2)), older, audit.CodeFork, -1) // the acceptance of a mandate
	fails(t, rewrite(t, n, func(list []record.Entry) []record.Entry {
		list[8], list[9] = list[9], list[8]
		return list
	}), audit.Options{Known: [][]byte{n.Known(n.Head().Size)}}, audit.CodeFork, -1)
	// What was signed is another statement as soon as it is changed.
	fails(t, rewrite(t, n, func(list []record.Entry) []record.Entry {
		list[5].Statement.Nonce = record.NewNonce()
		return list
	}), audit.Options{}, audit.CodeSignature, 5)
	fails(t, rewrite(t, n, func(list []record.Entry) []record.Entry {
		list[5].Statement.Member = 3
		return list
	}), audit.Options{}, audit.CodeRight, 5)
	fails(t, rewrite(t, n, func(list []record.Entry) []record.Entry {
		list[6].Signatures[0].Sig[0] ^= 1
		return list
	}), audit.Options{}, audit.CodeSignature, 6)
}

// A checkpoint signed with another key is not the record's.
func TestOtherKey(t *testing.T) {
	t.Parallel()
	n := busy(t)
	other, _, err := record.NewKey(audittest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	n.Need(1)
	if err := n.Log.SetKey(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	n.Publish()
	fails(t, n.Log, audit.Options{}, audit.CodeCheckpoint, -1)
}

// Two auditors who were shown two histories find out as soon as one has the other's checkpoint.
func TestForkedForTwo(t *testing.T) {
	t.Parallel()
	n := busy(t)
	other := rewrite(t, n, func(list []record.Entry) []record.Entry { return list })
	n.Need(1)
	one := n.Publish()
	n.Force(other, n.Draft(audittest.Origin, audittest.Said{Type: "need.state", By: 3, Right: "state"}))
	two, err := record.Publish(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	a := holds(t, n.Log, audit.Options{})
	b := holds(t, other, audit.Options{})
	if a.Size != b.Size || a.Root == b.Root {
		t.Fatalf("not a fork: %+v, %+v", a, b)
	}
	fails(t, n.Log, audit.Options{Known: [][]byte{two}}, audit.CodeFork, -1)
	fails(t, other, audit.Options{Known: [][]byte{one}}, audit.CodeFork, -1)
	n.Need(2)
	n.Publish()
	fails(t, n.Log, audit.Options{Known: [][]byte{[]byte(b.Checkpoint)}}, audit.CodeFork, -1)
}

// A server that states something of consequence in a member's name has no signature for it; what needs none is counted
// as resting on its word, and stands as disowned once the member has seen it.
func TestForgedInAMembersName(t *testing.T) {
	t.Parallel()
	forge := func(x audittest.Said, change func(*record.Draft)) (record.Log, int64) {
		n := busy(t)
		d := n.Draft(audittest.Origin, x)
		change(&d)
		e := n.Force(n.Log, d)
		n.Publish()
		return n.Log, e.Seq
	}
	leave := audittest.Said{Type: "member.leave", By: 1}
	l, seq := forge(leave, func(d *record.Draft) { d.Signatures[0] = record.Signature{Kind: record.Session} })
	fails(t, l, audit.Options{}, audit.CodeRight, seq)
	l, seq = forge(leave, func(d *record.Draft) { d.Signatures[0].Sig[9] ^= 4 })
	fails(t, l, audit.Options{}, audit.CodeSignature, seq)
	l, seq = forge(audittest.Said{Type: "member.leave", By: 2}, func(d *record.Draft) { d.Statement.Member = 1 })
	fails(t, l, audit.Options{}, audit.CodeRight, seq)
	l, seq = forge(audittest.Said{Type: "plan.adopt", By: 1, Right: "adopt", Body: map[string]any{
		"plan": record.Hash{1}, "network": record.Hash{2}, "program": "bremen", "from": "2027-05-03T00:00:00Z", "until": "2027-06-03T00:00:00Z", "status": "optimal",
	}}, func(*record.Draft) {})
	r := fails(t, l, audit.Options{}, audit.CodeRight, seq)
	if len(r.Plans) != 0 {
		t.Error("a plan that nobody had the power to adopt counts as adopted")
	}
	l, _ = forge(audittest.Said{Type: "need.state", By: 1}, func(*record.Draft) {})
	before := holds(t, busy(t).Log, audit.Options{})
	if r := holds(t, l, audit.Options{}); r.Kinds[record.Session] != before.Kinds[record.Session]+1 {
		t.Errorf("a session's entry is not counted: %v, %v", r.Kinds, before.Kinds)
	}
}

// A statement cannot be there twice, nor carried from another network's record.
func TestCarriedOver(t *testing.T) {
	t.Parallel()
	n := busy(t)
	if _, err := record.Append(t.Context(), n.Log, record.Anywhere, n.Draft("example.org/suedhof", audittest.Said{Type: "need.state", By: 1})); err == nil {
		t.Error("a store takes a statement for another record")
	}
}

// A declared loss explains checkpoints of what was lost, and nothing else.
func TestDeclaredLoss(t *testing.T) {
	t.Parallel()
	n := busy(t)
	size := n.Head().Size
	lost := map[string][]byte{"the newest": n.Known(size)}
	head, err := record.PeekCheckpoint(lost["the newest"])
	if err != nil {
		t.Fatal(err)
	}
	restored := rewrite(t, n, func(list []record.Entry) []record.Entry { return list[:10] })
	fails(t, restored, audit.Options{Known: [][]byte{lost["the newest"]}}, audit.CodeShrunk, -1)
	n.Force(restored, n.Draft(audittest.Origin, audittest.Said{Type: "loss.declare", Right: "operate", Scope: govern.InNetwork, Body: map[string]any{
		"size": head.Size, "root": head.Root, "why": "the disk broke",
	}}))
	publish := func() {
		if _, err := record.Publish(t.Context(), restored); err != nil {
			t.Fatal(err)
		}
	}
	publish()
	for range 2 {
		r := holds(t, restored, audit.Options{Known: [][]byte{lost["the newest"], n.Known(4)}})
		if len(r.Losses) != 1 || len(r.Known) != 2 || r.Known[0].Lost || !r.Known[1].Lost {
			t.Errorf("got %+v, %+v", r.Losses, r.Known)
		}
		for range 12 { // beyond what was lost
			n.Force(restored, n.Draft(audittest.Origin, audittest.Said{Type: "need.state", By: 1, Right: "state"}))
		}
		publish()
	}
	// Another history of the same length is not what was declared lost.
	other := rewrite(t, n, func(list []record.Entry) []record.Entry {
		list[size-3].Statement.Nonce = record.NewNonce()
		return list
	})
	signed, err := other.LatestCheckpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fails(t, restored, audit.Options{Known: [][]byte{signed}}, audit.CodeFork, -1)
}
