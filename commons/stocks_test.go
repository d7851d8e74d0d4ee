package commons

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bremen/govern"
	"bremen/record"
)

func TestDecimals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, out string }{
		{"0", "0"}, {"12.50", "12.5"}, {"999999999.999999999", "999999999.999999999"}, {"1000000000.000000001", "1000000000.000000001"}, {"-0.5", "-0.5"}, {"-0.000000001", "-0.000000001"}, {"999999999999999999.999999999", "999999999999999999.999999999"}, {"-0", "0"},
	} {
		d, err := ParseDecimal(c.in)
		if err != nil || d.String() != c.out {
			t.Errorf("%s: got %s, %v, want %s", c.in, d, err, c.out)
		}
	}
	for _, in := range []string{"", "-", "1.", ".5", "01", "1e3", "+1", "1,5", "1.0000000001", "1000000000000000000", " 1", "--1", "0x1"} {
		if d, err := ParseDecimal(in); err == nil {
			t.Errorf("%q was read as %s", in, d)
		}
	}
}

// levels writes stocks as text: agent/product/site/name accounting onhand.
func levels(s Stocks) string {
	var lines []string
	for _, x := range s.List() {
		lines = append(lines, fmt.Sprintf("%s/%s/%s/%s %s %s", x.Agent.Name(), x.Product, x.Site, x.Name, x.Accounting, x.Onhand))
	}
	return strings.Join(lines, "; ")
}

func TestActionsChangeStocksAsValueflowsSays(t *testing.T) {
	t.Parallel()
	a, b := govern.Scope("organisation:a"), govern.Scope("organisation:b")
	want := map[string]string{
		"accept": "a/p/s/ 0 -2", "cite": "", "combine": "a/p/s/ 0 -2", "consume": "a/p/s/ -2 -2",
		"copy": "b/p/s2/ 2 2", "deliverService": "", "dropoff": "b/p/s/ 0 2", "lower": "a/p/s/ -2 -2",
		"modify": "b/p/s/ 0 2", "move": "a/p/s/ -2 -2; a/p/s2/ 2 2", "pickup": "a/p/s/ 0 -2", "produce": "b/p/s/ 2 2",
		"raise": "b/p/s/ 2 2", "separate": "b/p/s/ 0 2", "transfer": "a/p/s/ -2 -2; b/p/s2/ 2 2",
		"transferAllRights": "a/p/s/ -2 0; b/p/s2/ 2 0", "transferCustody": "a/p/s/ 0 -2; b/p/s2/ 0 2", "use": "", "work": "",
	}
	for _, action := range govern.Actions() {
		f := Flow{Agent: a, Action: action.ID, Provider: a, Receiver: b, Product: "p", Quantity: ptr(dec("2")), Unit: "kg", Site: "s", ToSite: "s2"}
		s := Stocks{}
		s.flow(&f, false)
		expected, known := want[action.ID]
		if got := levels(s); !known || got != expected {
			t.Errorf("%s: got %q, want %q", action.ID, got, expected)
		}
		s.flow(&f, true)
		if len(s) != 0 {
			t.Errorf("%s: taken back, %s is left", action.ID, levels(s))
		}
	}
}

func TestACorrectionCountsInPlaceOfWhatItCorrects(t *testing.T) {
	t.Parallel()
	w := village(t)
	produce := func(q string, corrects *int64) Intent {
		return Record(Event{Flow: Flow{Agent: bakery, Action: "produce", Provider: bakery, Receiver: bakery, Product: "bread", Quantity: ptr(dec(q)), Unit: "kg"}, Corrects: corrects})
	}
	stock := func() string {
		text := ""
		w.n.View(func(s *State) { text = levels(s.Stocks) })
		return text
	}
	first := w.say(4, produce("100", nil))
	second := w.say(4, produce("10", &first))
	w.refused("not-there", 4, produce("5", &first))
	if got := stock(); got != "bakery/bread// 10 10; bakery/rye// 20 20" {
		t.Errorf("got %s", got)
	}
	w.say(4, produce("12.5", &second))
	w.say(4, StateStock(bakery, Rows{"stocks": {{"product": "rye", "start": "7", "unit": "kg"}}}, ptr(second-2), ""))
	if got := stock(); got != "bakery/bread// 12.5 12.5; bakery/rye// 7 7" {
		t.Errorf("got %s", got)
	}
	before := w.state()
	w.again()
	if !bytes.Equal(before, w.state()) {
		t.Error("replay gives another state")
	}
}

func TestACommitmentIsFulfilledByEvents(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.mandate("host", "group:nord", 5, 5, 6, 7, 8)
	flow := Flow{Agent: bakery, Action: "transfer", Provider: bakery, Receiver: "group:nord", Product: "bread", Quantity: ptr(dec("30")), Unit: "kg"}
	c := w.say(4, Commit(flow, w.in(7), ""))
	w.refused("no-mandate", 6, AcceptCommitment(c))
	w.say(5, AcceptCommitment(c))
	flow.Quantity = ptr(dec("12"))
	w.say(4, Record(Event{Flow: flow, Fulfils: &c}))
	wrong := w.say(4, Record(Event{Flow: flow, Fulfils: &c}))
	flow.Quantity = ptr(dec("8"))
	w.say(4, Record(Event{Flow: flow, Fulfils: &c, Corrects: &wrong}))
	w.n.View(func(s *State) {
		p := s.Promises[c]
		if p == nil || p.Fulfilled["kg"].String() != "20" || !s.Govern.Commitments[c].Accepted || p.Due == 0 {
			t.Errorf("got %+v, want 20 of 30 kg", p)
		}
	})
	// What a person promises stays private, and its receiver reads it.
	mine := Flow{Agent: "person:2", Action: "work", Provider: "person:2", Receiver: bakery, Effort: ptr(dec("3")), EffortUnit: "h"}
	private := w.say(2, Commit(mine, time.Time{}, "before the children wake"))
	if text, err := w.n.Payload(t.Context(), 4, private, "what"); err != nil || !strings.Contains(string(text), `"effort":"3"`) {
		t.Errorf("the receiver reads %q, %v", text, err)
	}
	w.say(4, AcceptCommitment(private))
	ill := w.say(2, Commit(mine, time.Time{}, ""))
	withdrawn := w.say(2, WithdrawCommitment(ill, "my back"))
	for _, part := range []struct {
		entry int64
		name  string
	}{{private, "what"}, {private, "note"}, {withdrawn, "reason"}} {
		_, err := w.n.Payload(t.Context(), 3, part.entry, part.name)
		w.hasCode(RefusedReader, err)
		_, err = w.n.Payload(t.Context(), 4, part.entry, part.name)
		w.ok(err)
	}
	w.say(2, Leave(""))
	w.n.View(func(s *State) {
		if s.Private[private] == nil {
			t.Error("a promise went with who left; others relied on it")
		}
	})
	w.say(4, ReleaseCommitment(private))
}

// run is a record in memory that is folded without being checked.
type run struct {
	state *State
	log   []*record.Entry
}

func (r *run) read(number int64) (*record.Entry, error) {
	if number < 0 || number >= int64(len(r.log)) {
		return nil, record.ErrNone
	}
	return r.log[number], nil
}

func (r *run) apply(e *record.Entry) error {
	r.log = append(r.log, e)
	st, err := newStep(e, r.read)
	if err != nil {
		return err
	}
	_, err = r.state.take(st, func(p *govern.Parsed) error { return r.state.Govern.Apply(p.Entry) })
	return err
}

// add folds a statement as if it had been let in.
func (r *run) add(typ string, member int64, body map[string]any, refs ...record.Ref) error {
	text, err := record.Canonical(body)
	if err != nil {
		return err
	}
	return r.apply(&record.Entry{
		Seq: int64(len(r.log)), Time: time.UnixMilli(1_800_000_000_000 + int64(len(r.log))).UTC(), Signatures: []record.Signature{{Kind: record.Session}},
		Statement: record.Statement{Version: 1, Origin: testOrigin, Type: typ, Member: member, Right: "x", Body: json.RawMessage(text), Payloads: refs},
	})
}

// newRun is a record that begins with a real founding.
func newRun(founding *record.Entry) *run {
	r := &run{state: NewState()}
	if err := r.apply(founding); err != nil {
		panic(err)
	}
	return r
}

// TestLawsOfTheFold: stocks are the sum of what was not corrected, in whatever order it happened; a state written and read
// is the same; so is one that is replayed.
func TestLawsOfTheFold(t *testing.T) {
	t.Parallel()
	w := founded(t, 5)
	founding, _, err := w.n.Entry(t.Context(), 0)
	w.ok(err)
	rapid.Check(t, func(t *rapid.T) {
		r := newRun(founding)
		type event struct {
			body map[string]any
			flow Flow
		}
		holds := map[int64]event{}
		agents := []govern.Scope{"organisation:a", "organisation:b", "group:nord"}
		for range rapid.IntRange(1, 30).Draw(t, "events") {
			q := Decimal{big.NewInt(rapid.Int64Range(0, 5_000_000_000).Draw(t, "quantity"))}
			f := Flow{
				Action: rapid.SampledFrom(govern.Actions()).Draw(t, "action").ID, Provider: rapid.SampledFrom(agents).Draw(t, "provider"),
				Receiver: rapid.SampledFrom(agents).Draw(t, "receiver"), Product: rapid.SampledFrom([]string{"p", "q"}).Draw(t, "product"),
				Quantity: &q, Unit: "kg", Site: rapid.SampledFrom([]string{"", "s"}).Draw(t, "site"), ToStock: rapid.SampledFrom([]string{"", "lot"}).Draw(t, "lot"),
			}
			f.Agent = f.Provider
			i := flow("event.record", f, map[string]any{}, "")
			number := int64(len(r.log))
			if old := sorted(holds); len(old) > 0 && rapid.IntRange(0, 3).Draw(t, "corrects") == 0 {
				k := rapid.SampledFrom(old).Draw(t, "which")
				i.Body["corrects"] = k
				delete(holds, k)
			}
			if err := r.add("event.record", 1, i.Body); err != nil {
				t.Fatal(err)
			}
			holds[number] = event{i.Body, f}
		}
		order := rapid.Permutation(sorted(holds)).Draw(t, "order")
		sum := Stocks{}
		for _, k := range order {
			f := holds[k].flow
			sum.flow(&f, false)
		}
		if got, want := levels(r.state.Stocks), levels(sum); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		text := r.state.JSON()
		back, err := ParseState(text)
		if err != nil || !bytes.Equal(back.JSON(), text) {
			t.Fatalf("read again: %v\n%s\n%s", err, text, back.JSON())
		}
		again := newRun(founding)
		for _, e := range r.log[1:] {
			if err := again.apply(e); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(again.state.JSON(), text) {
			t.Fatal("replay gives another state")
		}
	})
}

// TestSumTreeLaws: every part is proven, the sum is that of all parts, and nothing else is proven.
func TestSumTreeLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "leaves")
		leaves := make([]sumNode, n)
		salts, parts := make([]record.Hash, n), make([]Decimal, n)
		var sum Decimal
		for i := range leaves {
			salts[i] = record.Hash{byte(i), 7}
			parts[i] = Decimal{big.NewInt(rapid.Int64Range(0, 1<<40).Draw(t, "part"))}
			sum = sum.Add(parts[i])
			node, err := sumLeaf(salts[i], parts[i])
			if err != nil {
				t.Fatal(err)
			}
			leaves[i] = node
		}
		root := sumRoot(leaves)
		if root.Amount.Cmp(sum) != 0 {
			t.Fatalf("the root has %s, want %s", root.Amount, sum)
		}
		i := rapid.IntRange(0, n-1).Draw(t, "which")
		p := SumProof{Index: i, Leaves: n, Salt: salts[i], Amount: parts[i], Siblings: proveSum(leaves, i)}
		if err := p.Verify(root.Hash, sum); err != nil {
			t.Fatal(err)
		}
		one := Decimal{big.NewInt(1)}
		for what, change := range map[string]func(p *SumProof){
			"more":         func(p *SumProof) { p.Amount = p.Amount.Add(one) },
			"salt":         func(p *SumProof) { p.Salt[5]++ },
			"another root": func(p *SumProof) { p.Siblings = append(p.Siblings, sumNode{}) },
			"negative": func(p *SumProof) {
				p.Amount = p.Amount.Add(one)
				if len(p.Siblings) > 0 {
					p.Siblings[0].Amount = Decimal{}.Sub(one)
				}
			},
			"outside": func(p *SumProof) { p.Index = p.Leaves },
		} {
			q := p
			q.Siblings = slices.Clone(p.Siblings)
			change(&q)
			if q.Verify(root.Hash, sum) == nil {
				t.Fatalf("a proof with %s changed holds", what)
			}
		}
		if p.Verify(root.Hash, sum.Add(one)) == nil {
			t.Fatal("a proof holds for another sum")
		}
	})
	if _, err := sumLeaf(record.Hash{}, dec("-1")); err == nil {
		t.Error("a negative leaf was taken")
	}
}
