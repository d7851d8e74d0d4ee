package commons

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"bremen/govern"
	"bremen/record"
)

// small is a state that has a little of everything but rules, which govern fuzzes.
func small() *State {
	s := NewState()
	s.Rows[3] = &Row{Type: "stock.state", Agent: bakery, Row: []byte(`{"stocks":[{"product":"rye","start":"2","unit":"kg"}]}`)}
	s.Private[4] = &Private{Type: "need.state", Person: 2, Refs: []record.Ref{{Name: "need", Person: 2, Hash: record.Hash{1}}}}
	s.Stocks.open(s.Rows[3], false)
	s.Promises[5] = &Promise{Flow: Flow{Agent: bakery, Action: "produce", Quantity: ptr(dec("2.5"))}, Fulfilled: map[string]Decimal{"kg": dec("1")}}
	s.Figures[6] = &Figure{Group: "nord", Product: "bread", Quantity: dec("0.5"), Unit: "kg", Window: []byte(`{"periods":"1-3"}`)}
	s.Plans = append(s.Plans, Plan{Entry: 7, Plan: record.Hash{2}, Until: 9, Status: "optimal"})
	s.Decisions = append(s.Decisions, Decision{Act: 6, Type: "figure.state", Scope: "group:nord", Yes: 3, Roll: 4, InForce: true})
	s.Sites[bakery], s.Described[1] = "mill lane", 0
	return s
}

// smallSums is a file of one sum of two people.
func smallSums() *sumFile {
	f := &sumFile{Number: 8, Seed: record.Hash{3}, People: map[int64]sumPerson{1: {Group: "group:nord", Entries: []int64{4}}, 2: {Group: "group:nord"}}}
	f.Trees = []sumTree{{Line: Line{Group: "group:nord", Kind: kindNeed, What: "bread", Unit: "kg", Basis: "period"}, from: 1, to: 3, parts: []Decimal{dec("1.5"), {}}, who: []int64{1, 2}}}
	f.finish(map[int64]record.Hash{1: {4}, 2: {5}})
	return f
}

func FuzzState(f *testing.F) {
	f.Add(small().JSON())
	f.Add(NewState().JSON())
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseState(text)
		if err != nil {
			return
		}
		again, err := ParseState(s.JSON())
		if err != nil || !bytes.Equal(again.JSON(), s.JSON()) {
			t.Fatalf("what was read is written otherwise: %v", err)
		}
		s.PlanInForce(0)
		if s.Govern.Rules != nil {
			_, _ = s.publishedGroups()
		}
	})
}

func FuzzSnapshot(f *testing.F) {
	s := NewState()
	snapshot, err := encodeSnapshot(snapshotHead{Origin: testOrigin}, s.JSON(), (&journal{}).append(nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(snapshot)
	f.Fuzz(func(t *testing.T, data []byte) {
		h, s, j, err := decodeSnapshot(data)
		if err != nil {
			return
		}
		again, err := encodeSnapshot(h, s.JSON(), j.append(nil))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := decodeSnapshot(again); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzJournal(f *testing.F) {
	j := journal{names: []string{"need.state"}, lines: []line{{cause: 3, member: 2}}}
	f.Add(j.append(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := parseJournal(data)
		if err != nil {
			return
		}
		again, err := parseJournal(j.append(nil))
		if err != nil || len(again.lines) != len(j.lines) {
			t.Fatalf("what was read is written otherwise: %v", err)
		}
	})
}

func FuzzSums(f *testing.F) {
	text, err := record.Canonical(smallSums())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := parseSums(data)
		if err != nil {
			return
		}
		for i := range file.Trees {
			tree := &file.Trees[i]
			if root, sum, ok := SumOf(tree.note()); ok && (root != tree.root() || sum.Cmp(tree.Sum) != 0) {
				t.Fatalf("note %q", tree.note())
			}
			_, _ = tree.share(file.Seed, record.Hash{}, amounts{}, []amounts{{}})
		}
	})
}

func FuzzParts(f *testing.F) {
	for _, s := range []string{
		`{"what":"bread","quantity":"1.5","unit":"kg","periods":"1-3,7","prefer":{"rye":"0.9"}}`,
		`{"skill":"baking","steps":[{"hours":"2","burden":"3"}]}`, `{"figure":12}`, `{"stocks":[{"product":"rye","start":"1"}]}`,
		`{"agent":"person:3","action":"work","effort":"3","effort-unit":"h"}`, "a text", "Merkle sum tree: root AAAA, sum 1 kg, leaves 4",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, c := range Commands() {
			for _, p := range c.Parts {
				if checkPart(p, data) == nil && p.Holds == "Need" {
					var x Need
					if err := strict(data, &x); err != nil || x.Quantity.Sign() < 0 {
						t.Fatalf("%q passed as a need: %v", data, err)
					}
				}
			}
		}
		_, _, _ = SumOf(string(data))
		if d, err := ParseDecimal(string(data)); err == nil {
			if again, err := ParseDecimal(d.String()); err != nil || again.Cmp(d) != 0 {
				t.Fatalf("%q is written as %s", data, d)
			}
		}
	})
}

// FuzzFold folds two entries of any type and body, as a server that cheats could have let in: nothing panics, and the
// state can still be written and read.
func FuzzFold(f *testing.F) {
	types := govern.Types()
	founding := Founding{Name: "n", Purpose: "p", Party: testParty, Operator: "o", LogKey: "k"}
	for n := int64(1); n <= 3; n++ {
		founding.Founders = append(founding.Founders, Founder{"h", "nord", credential(n), publicKey(n), cardPublic(n)})
	}
	body, err := record.Canonical(Found(founding).Body)
	if err != nil {
		f.Fatal(err)
	}
	first := &record.Entry{
		Time: time.UnixMilli(1_800_000_000_000), Signatures: []record.Signature{{Kind: record.Device}},
		Statement: record.Statement{Version: 1, Origin: testOrigin, Type: "network.found", Member: 1, Right: "found", Body: body},
	}
	for i := range types {
		f.Add(uint8(i), uint8(i), `{"agent":"organisation:bakery","action":"produce","product":"p","quantity":"1","unit":"kg","corrects":1,"fulfils":1}`, `{"act":1,"group":"nord"}`, uint8(1))
	}
	for i := range types {
		f.Add(uint8(i), uint8(i), `{"agent":"network"}`, `{"agent":"person:1"}`, uint8(1))
	}
	f.Add(uint8(0), uint8(1), `{"row":{"stocks":[{"product":"p","start":"2","unit":"kg"}]},"agent":"network","replaces":1}`, `{"entry":1}`, uint8(2))
	f.Fuzz(func(t *testing.T, one, two uint8, body1, body2 string, member uint8) {
		r := newRun(first)
		for k, x := range []struct {
			typ  uint8
			body string
		}{{one, body1}, {two, body2}} {
			text, err := record.Canonical(json.RawMessage(x.body))
			if err != nil || len(text) == 0 || text[0] != '{' {
				return
			}
			e := &record.Entry{
				Seq: int64(k + 1), Time: time.UnixMilli(1_800_000_000_001), Signatures: []record.Signature{{Kind: record.Session}},
				Statement: record.Statement{
					Version: 1, Origin: testOrigin, Type: types[int(x.typ)%len(types)].ID, Member: int64(member), Right: "x", Body: text,
					Payloads: []record.Ref{{Name: "need", Person: int64(member), Hash: record.Hash{member}}},
				},
			}
			if e.Statement.Type == "log.succeed" {
				e.Seq = 0
			}
			if r.apply(e) != nil {
				return // it corrects what is not there
			}
			if e.Statement.Type == "log.succeed" {
				return
			}
		}
		text := r.state.JSON()
		s, err := ParseState(text)
		if err != nil || !bytes.Equal(s.JSON(), text) {
			t.Fatalf("the state cannot be read again: %v", err)
		}
		_, _ = s.publishedGroups()
	})
}
