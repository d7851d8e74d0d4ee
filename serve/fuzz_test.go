package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
	"bremen/record/sqlite"
	"bremen/serve/page"
)

// emptyNetwork is one that is not founded.
func emptyNetwork(f *testing.F) *commons.Network {
	f.Helper()
	w := &world{}
	store, err := sqlite.Open(context.Background(), f.TempDir(), w.now)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { store.Close() })
	c, err := commons.Open(context.Background(), store, commons.Options{Clock: w.now, Dir: f.TempDir()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { c.Close() })
	n, err := c.Create(context.Background(), "localhost/nordhof")
	if err != nil {
		f.Fatal(err)
	}
	return n
}

// A signed statement is read as it was written or not at all.
func FuzzReadSigned(f *testing.F) {
	n := emptyNetwork(f)
	s := record.Statement{Version: 1, Origin: "localhost/nordhof", Type: "vouch.give", Member: 2, Right: "vouch", Nonce: make([]byte, 16), Body: json.RawMessage(`{"guest":4}`)}
	text, err := s.Canonical()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text), "device")
	f.Add(`{"v":1,"v":2}`, "card")
	f.Add(`null`, "session")
	f.Fuzz(func(t *testing.T, statement, kind string) {
		p, sig, err := readSigned(n, statement, nil, &deviceSignature{Kind: record.Kind(kind)})
		if err != nil {
			return
		}
		again, err := p.Statement.Canonical()
		if err != nil || string(again) != statement || sig.Kind != record.Device && sig.Kind != record.Card || p.Statement.Member == 0 {
			t.Errorf("%q was taken: %v, signed by %q", statement, err, sig.Kind)
		}
	})
}

// A key that becomes one of a record is the same when it comes back.
func FuzzKeys(f *testing.F) {
	for _, seed := range []string{"a5010203262001215820", "a4010103272006215820"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		der, err := spki(data)
		if err != nil {
			return
		}
		back, err := cose(der)
		if err != nil {
			t.Fatalf("%x: %v", data, err)
		}
		again, err := spki(back)
		if err != nil || !bytes.Equal(again, der) {
			t.Errorf("%x: %x, then %x (%v)", data, der, again, err)
		}
	})
}

// Whatever is typed into a field of a form, it is a value that can be encoded, or a mistake.
func FuzzReadField(f *testing.F) {
	f.Add("persons", "1 2,3")
	f.Add("time", "2027-05-03")
	f.Add("rules", "schema: 1")
	f.Add("row", `{"stocks":[]}`)
	f.Fuzz(func(t *testing.T, kind, text string) {
		if value, err := readField(&govern.Field{Name: "x", Kind: govern.FieldKind(kind)}, text); err == nil {
			if _, err := json.Marshal(value); err != nil {
				t.Errorf("%s %q: %v", kind, text, err)
			}
		}
		if code := plainCode(text); len(code) > len(text) || plainCode(code) != code {
			t.Errorf("code %q is %q", text, code)
		}
	})
}

// What the API is sent is read as a command or refused.
func FuzzRead(f *testing.F) {
	c := command("need.state")
	f.Add([]byte(`{"body":{"replaces":3},"private":{"need":"{}"}}`))
	f.Add([]byte(`{"body":null}`))
	f.Add([]byte(`[1]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if i, err := (&stateIn{RawBody: data}).read(c); err == nil {
			if _, err := json.Marshal(i); err != nil {
				t.Errorf("%q: %v", data, err)
			}
		}
	})
}

// Preferences among variants are read as they are written, in both languages.
func FuzzPreferences(f *testing.F) {
	for _, text := range []string{"rye bread: 0.5\nspelt: 1", "Roggen: 0,25\r\n\r\n", "rye", "rye: 0.5\nrye: 1", ": 1", "a: b: 0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		prefer, wrong := readPreferences(text)
		if wrong != "" {
			return
		}
		for _, lang := range []page.Language{"de", "en"} {
			v := visit{lang: lang}
			again, wrong := readPreferences(strings.Join(v.preferences(prefer), "\n"))
			if wrong != "" || len(again) != len(prefer) {
				t.Fatalf("%q is read again as %v, %q", text, again, wrong)
			}
			for product, d := range prefer {
				if d.Cmp(again[product]) != 0 {
					t.Errorf("%q: %s is %s and then %s", text, product, d, again[product])
				}
			}
		}
	})
}
