package govern

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"bremen/record"
)

func FuzzParseYAML(f *testing.F) {
	text := string(DefaultYAML())
	f.Add(text)
	f.Add(strings.Replace(text, "holders", "holder", 1))
	f.Add("schema: 1\nnumbers: {a: 1}\nrights: [{id: x}]\n")
	f.Add("a: &a [*a]")
	f.Add("? {a: b}\n: - - - c")
	f.Add("rights:\n  - &x {id: a}\n  - *x\n<<: *x")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseYAML([]byte(text))
		if err != nil {
			for _, m := range err.(Mistakes) {
				if m.In("de") == "" || m.In("en") == "" {
					t.Errorf("mistake without a sentence: %+v", m)
				}
			}
			return
		}
		again, err := ParseJSON(r.JSON())
		if err != nil || !bytes.Equal(again.JSON(), r.JSON()) {
			t.Errorf("valid rules do not survive canonical JSON: %v", err)
		}
	})
}

func FuzzParseJSON(f *testing.F) {
	f.Add(Default().JSON())
	f.Add([]byte(`{"schema":1}`))
	f.Add([]byte(`{"schema":1,"numbers":null,"rights":[{}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ParseJSON(text)
		if err != nil {
			return
		}
		again, err := ParseJSON(r.JSON())
		if err != nil || !bytes.Equal(again.JSON(), r.JSON()) {
			t.Errorf("valid rules do not survive canonical JSON: %v", err)
		}
		Compare(Default(), r)
	})
}

func FuzzParseState(f *testing.F) {
	v := newTown(panicker{}, true)
	f.Add(v.state.JSON())
	f.Add([]byte(`{"founded":true}`))
	f.Add([]byte(`{"persons":{"1":null},"mandates":{"1":null},"acts":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseState(text)
		if err != nil {
			return
		}
		e := record.Entry{Seq: s.Size, Time: time.UnixMilli(s.Time), Signatures: []record.Signature{{Kind: record.Session}}}
		for i := range types {
			e.Statement = record.Statement{Type: types[i].ID, Member: 1, Right: "state", Body: json.RawMessage(`{}`)}
			_ = s.May(&e)
		}
		s.WhoCan(s.Time)
		if len(s.JSON()) == 0 {
			t.Error("no JSON")
		}
	})
}

// FuzzApply folds whatever an entry says into a network where there is one of
// everything: it never panics, whether or not the entry might be appended, and
// the state stays one that can be written and read.
func FuzzApply(f *testing.F) {
	v := newTown(panicker{}, true)
	bare := newTown(panicker{}, false)
	snapshots := [][]byte{v.state.JSON(), bare.state.JSON(), NewState().JSON()}
	for i := range types {
		x, ok := v.sample(types[i].ID)
		if !ok {
			f.Fatalf("no sample of %s", types[i].ID)
		}
		if x.body == nil {
			x.body = body{}
		}
		raw, err := canonical(x.body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), uint8(0), x.by, x.helper, []byte(raw), v.person(1).id, uint16(1))
		f.Add(uint8(i), uint8(1), int64(2), int64(0), []byte(raw), "", uint16(90))
	}
	kinds := []record.Kind{record.Session, record.Device, record.Card, record.Token, record.Assisted, record.Server, "odd"}
	f.Fuzz(func(t *testing.T, typ, which uint8, by, helper int64, raw []byte, key string, days uint16) {
		s, err := ParseState(snapshots[int(which)%len(snapshots)])
		if err != nil {
			t.Fatal(err)
		}
		at := &types[int(typ)%len(types)]
		for i := range 4 {
			e := record.Entry{
				Seq: s.next(at.ID), Time: time.UnixMilli(s.Time).Add(time.Duration(days) * 24 * time.Hour),
				Signatures: []record.Signature{{Kind: kinds[(int(typ)+i)%len(kinds)], Key: key, Member: 0}, {Kind: record.Device, Member: by + 1, Key: key}},
				Statement:  record.Statement{Version: 1, Origin: testOrigin, Type: at.ID, Member: by, Helper: helper, Right: "state", Body: raw},
			}
			for _, r := range s.Rights(by, at.ID, InNetwork, s.Time) {
				e.Statement.Right = r
			}
			_ = s.May(&e)
			_, _ = s.Verify(&e)
			_ = s.Apply(&e)
		}
		text := s.JSON()
		back, err := ParseState(text)
		if err != nil || !bytes.Equal(back.JSON(), text) {
			t.Fatalf("a state that cannot be read again: %v", err)
		}
	})
}

// FuzzBody reads bodies of every type.
func FuzzBody(f *testing.F) {
	v := newTown(panicker{}, true)
	for i := range types {
		x, _ := v.sample(types[i].ID)
		if raw, err := canonical(x.body); err == nil && x.body != nil {
			f.Add(uint8(i), []byte(raw))
		}
	}
	f.Fuzz(func(t *testing.T, typ uint8, raw []byte) {
		at := &types[int(typ)%len(types)]
		b, err := at.decodeBody(raw)
		if err != nil {
			return
		}
		for _, v := range b {
			name := v.name
			found := false
			for i := range at.Fields {
				found = found || at.Fields[i].Name == name
			}
			if !found {
				t.Errorf("read a field %q that %s does not have", name, at.ID)
			}
		}
	})
}
