package record

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The samples of RFC 8785: 3.2.2 and 3.2.3, and rows of appendix B.
func TestCanonicalVectors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"section 3.2.2", `{
       "numbers": [333333333.33333329, 1E30, 4.50,
                   2e-3, 0.000000000000000000000000001],
       "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
       "literals": [null, true, false]
     }`, `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`},
		{"section 3.2.3", `{
       "\u20ac": "Euro Sign",
       "\r": "Carriage Return",
       "\ufb33": "Hebrew Letter Dalet With Dagesh",
       "1": "One",
       "\ud83d\ude00": "Emoji: Grinning Face",
       "\u0080": "Control",
       "\u00f6": "Latin Small Letter O With Diaeresis"
     }`, "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}"},
	} {
		got, err := Canonical(json.RawMessage(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("%s:\ngot  %s %v\nwant %s", c.name, got, err, c.want)
		}
	}
	for _, c := range []struct {
		bits uint64
		want string
	}{
		{0x0000000000000000, "0"},
		{0x8000000000000000, "0"},
		{0x0000000000000001, "5e-324"},
		{0x8000000000000001, "-5e-324"},
		{0x4340000000000000, "9007199254740992"},
		{0xc340000000000000, "-9007199254740992"},
		{0x4430000000000000, "295147905179352830000"},
		{0x44b52d02c7e14af5, "9.999999999999997e+22"},
		{0x44b52d02c7e14af6, "1e+23"},
		{0x44b52d02c7e14af7, "1.0000000000000001e+23"},
		{0x444b1ae4d6e2ef4e, "999999999999999700000"},
		{0x444b1ae4d6e2ef4f, "999999999999999900000"},
		{0x444b1ae4d6e2ef50, "1e+21"},
		{0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
		{0x3eb0c6f7a0b5ed8d, "0.000001"},
		{0x41b3de4355555553, "333333333.3333332"},
		{0x41b3de4355555554, "333333333.33333325"},
		{0x41b3de4355555555, "333333333.3333333"},
		{0x41b3de4355555556, "333333333.3333334"},
		{0x41b3de4355555557, "333333333.33333343"},
		{0xbecbf647612f3696, "-0.0000033333333333333333"},
		{0x43143ff3c1cb0959, "1424953923781206.2"},
	} {
		in := fmt.Sprintf("%.20e", math.Float64frombits(c.bits))
		if got, err := Canonical(json.RawMessage(in)); err != nil || string(got) != c.want {
			t.Errorf("%016x: got %s %v, want %s", c.bits, got, err, c.want)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"a member twice":                    `{"a":1,"a":2}`,
		"a member twice, escaped":           `{"a":1,"\u0061":2}`,
		"invalid UTF-8":                     "\"\xff\"",
		"half a surrogate pair":             `"\ud800"`,
		"a number that overflows":           `{"a":1e400}`,
		"a number that overflows downwards": `{"a":-1e400}`,
		"two values":                        `1 2`,
		"nothing":                           ``,
		"a trailing comma":                  `[1,]`,
		"not a number":                      `NaN`,
	} {
		if got, err := Canonical(json.RawMessage(in)); err == nil {
			t.Errorf("%s: %s became %s", name, in, got)
		}
	}
}

const testOrigin = "example.org/nordhof"

func testDraft(tb testing.TB) Draft {
	tb.Helper()
	p, err := NewPayload(7, []byte("Brot für die Küche"))
	if err != nil {
		tb.Fatal(err)
	}
	s := Statement{
		Version: Version, Origin: testOrigin, Type: "need.state", Member: 7, Right: "state",
		Nonce: make([]byte, 16), Body: json.RawMessage(`{ "urgency": "vital", "amount": "3.50" }`),
		Payloads: []Ref{{Name: "text", Person: 7, Hash: p.Hash()}},
	}
	if _, err := rand.Read(s.Nonce); err != nil {
		tb.Fatal(err)
	}
	return Draft{Statement: s, Signatures: []Signature{{Kind: Session}}, Payloads: []Payload{p}}
}

var testTime = time.Date(2027, 5, 3, 12, 0, 0, 120e6, time.UTC)

func testEntry(tb testing.TB, d Draft, seq int64) ([]byte, Entry) {
	tb.Helper()
	p, err := Prepare(testOrigin, d)
	if err != nil {
		tb.Fatal(err)
	}
	data, err := p.Place(seq, testTime)
	if err != nil {
		tb.Fatal(err)
	}
	return data, p.Entry
}

// What is appended is what is read, and its statement is found in it byte for byte.
func TestDecodeEncoded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := testDraft(t)
		s := &d.Statement
		s.Cause = rapid.Int64Range(0, 99).Draw(rt, "cause")
		s.Seen.Size = rapid.Int64Range(0, 100).Draw(rt, "seen")
		body, err := json.Marshal(rapid.MapOf(rapid.String(), rapid.Float64Range(-1e300, 1e300)).Draw(rt, "body"))
		if err != nil {
			rt.Fatal(err)
		}
		s.Body = body
		if rapid.Bool().Draw(rt, "assisted") {
			s.Helper, d.Signatures[0].Kind = 9, Assisted
		}
		if rapid.Bool().Draw(rt, "second") {
			d.Signatures = append(d.Signatures, Signature{Kind: Card, Member: 8, Sig: bytes.Repeat([]byte{1}, 64)})
		}
		data, want := testEntry(t, d, 100)
		got, err := Decode(data)
		if err != nil {
			rt.Fatalf("%s: %v", data, err)
		}
		if !reflect.DeepEqual(got, want) {
			rt.Fatalf("got  %+v\nwant %+v", got, want)
		}
		statement, err := s.Canonical()
		if general, err := Canonical(d.Statement); err != nil || !bytes.Equal(statement, general) {
			rt.Fatalf("got  %s\nwant %s, %v", statement, general, err)
		}
		if err != nil || !bytes.Contains(data, append([]byte(`"statement":`), statement...)) {
			rt.Fatalf("statement %s is not in %s: %v", statement, data, err)
		}
	})
}

func TestPrepareRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Draft){
		"another network's statement":   func(d *Draft) { d.Statement.Origin = "example.org/other" },
		"version 2":                     func(d *Draft) { d.Statement.Version = 2 },
		"type in capitals":              func(d *Draft) { d.Statement.Type = "Need" },
		"no right":                      func(d *Draft) { d.Statement.Right = "" },
		"member below zero":             func(d *Draft) { d.Statement.Member = -1 },
		"member beyond 2^53":            func(d *Draft) { d.Statement.Member = 1<<53 + 1 },
		"short nonce":                   func(d *Draft) { d.Statement.Nonce = d.Statement.Nonce[1:] },
		"body that is a list":           func(d *Draft) { d.Statement.Body = json.RawMessage(`[]`) },
		"no body":                       func(d *Draft) { d.Statement.Body = nil },
		"body that is broken":           func(d *Draft) { d.Statement.Body = json.RawMessage(`{"a":}`) },
		"body with a member twice":      func(d *Draft) { d.Statement.Body = json.RawMessage(`{"a":1,"a":2}`) },
		"body too large":                func(d *Draft) { d.Statement.Body = json.RawMessage(`{"a":"` + strings.Repeat("x", MaxEntry) + `"}`) },
		"payload that is missing":       func(d *Draft) { d.Payloads = nil },
		"payload that is another":       func(d *Draft) { d.Payloads[0].Data = []byte("Wein") },
		"payload with another salt":     func(d *Draft) { d.Payloads[0].Salt[3]++ },
		"payload of someone else":       func(d *Draft) { d.Payloads[0].Person++ },
		"payload too large":             func(d *Draft) { d.Payloads[0].Data = make([]byte, MaxPayload+1) },
		"no signature":                  func(d *Draft) { d.Signatures = nil },
		"unknown kind":                  func(d *Draft) { d.Signatures[0].Kind = "oath" },
		"session with a signature":      func(d *Draft) { d.Signatures[0].Sig = make([]byte, 64) },
		"device without assertion":      func(d *Draft) { d.Signatures[0].Kind = Device },
		"server for a member":           func(d *Draft) { d.Signatures[0] = Signature{Kind: Server, Sig: make([]byte, 64)} },
		"session for the server":        func(d *Draft) { d.Statement.Member = 0 },
		"helper without being assisted": func(d *Draft) { d.Statement.Helper = 3 },
		"assisted without helper":       func(d *Draft) { d.Signatures[0].Kind = Assisted },
		"helped by oneself":             func(d *Draft) { d.Signatures[0].Kind, d.Statement.Helper = Assisted, 7 },
		"member signs twice":            func(d *Draft) { d.Signatures = append(d.Signatures, Signature{Kind: Session, Member: 7}) },
		"another member signs twice":    func(d *Draft) { s := Signature{Kind: Session, Member: 8}; d.Signatures = append(d.Signatures, s, s) },
		"a first signature of another":  func(d *Draft) { d.Signatures[0].Member = 8 },
		"two payloads of one name": func(d *Draft) {
			s := &d.Statement
			s.Payloads = append(s.Payloads, s.Payloads[0])
			d.Payloads = append(d.Payloads, d.Payloads[0])
		},
		"payload name with a line feed":   func(d *Draft) { d.Statement.Payloads[0].Name = "a\n" },
		"statement seen beyond any bound": func(d *Draft) { d.Statement.Seen.Size = -3 },
	} {
		d := testDraft(t)
		change(&d)
		if _, err := Prepare(testOrigin, d); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	d := testDraft(t)
	d.Statement.Cause = 5
	p, err := Prepare(testOrigin, d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Place(5, testTime); !errors.Is(err, ErrInvalid) {
		t.Errorf("caused by itself: error %v", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	data, _ := testEntry(t, testDraft(t), 100)
	for name, change := range map[string][2]string{
		"a blank":                   {`{"seq"`, `{ "seq"`},
		"unknown member":            {`{"seq"`, `{"sea":1,"seq"`},
		"unknown statement member":  {`"right"`, `"rifht":1,"right"`},
		"empty member written":      {`"member":7,`, `"helper":0,"member":7,`},
		"time without milliseconds": {`.120Z`, `Z`},
		"time with a nanosecond":    {`.120Z`, `.1200Z`},
		"time in a zone":            {`.120Z`, `.120+01:00`},
		"a fraction as number":      {`"seq":100`, `"seq":100.5`},
		"an exponent":               {`"seq":100`, `"seq":1e2`},
		"a number as string":        {`"seq":100`, `"seq":"100"`},
		"null for a list":           {`"signatures":[{"kind":"session"}]`, `"signatures":null`},
		"base64 without padding":    {`=="`, `"`},
	} {
		changed := strings.Replace(string(data), change[0], change[1], 1)
		if changed == string(data) {
			t.Fatalf("%s: %q is not in %s", name, change[0], data)
		}
		if _, err := Decode([]byte(changed)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: error %v for %s", name, err, changed)
		}
	}
}

// Every change of a single byte of an entry is refused or is another entry.
func TestDecodeOneForm(t *testing.T) {
	t.Parallel()
	data, want := testEntry(t, testDraft(t), 100)
	for i := range data {
		for _, x := range []byte{1, 4, 0x20, 0x80} {
			changed := bytes.Clone(data)
			changed[i] ^= x
			if got, err := Decode(changed); err == nil && reflect.DeepEqual(got, want) {
				t.Errorf("byte %d: %s reads as %s", i, changed, data)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	data, _ := testEntry(f, testDraft(f), 100)
	f.Add(data)
	f.Add([]byte(`{"seq":0,"signatures":[],"statement":{},"time":""}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Decode(data)
		if err != nil {
			return
		}
		if again, err := e.Canonical(); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%q is written again as %q, %v", data, again, err)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	f.Add([]byte(`{"b":[1e3,"\u00e9"],"a":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		once, err := Canonical(json.RawMessage(data))
		if err != nil {
			return
		}
		if twice, err := Canonical(json.RawMessage(once)); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%q became %q and that %q: %v", data, once, twice, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	data, _ := testEntry(b, testDraft(b), 100)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
