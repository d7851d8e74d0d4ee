package govern

import (
	"encoding/json"
	"testing"
	"time"

	"bremen/record"
)

// session returns entries as they come most often: needs in a session.
func (w *world) session(n int) []record.Entry {
	list := make([]record.Entry, n)
	for i := range list {
		list[i] = record.Entry{
			Seq: w.state.Size + int64(i), Time: w.now.Add(time.Duration(i) * time.Millisecond),
			Signatures: []record.Signature{{Kind: record.Session}},
			Statement: record.Statement{
				Version: 1, Origin: testOrigin, Type: "need.state", Member: int64(1 + i%3), Right: "state", Body: json.RawMessage(`{}`),
				Payloads: []record.Ref{{Name: "need", Person: int64(1 + i%3)}},
			},
		}
	}
	return list
}

func BenchmarkApply(b *testing.B) {
	w := newNetwork(b, "h1", "h2", "h3")
	list := w.session(b.N)
	b.ResetTimer()
	for i := range list {
		if err := w.state.Apply(&list[i]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMayApply(b *testing.B) {
	w := newNetwork(b, "h1", "h2", "h3")
	list := w.session(b.N)
	b.ResetTimer()
	for i := range list {
		if err := w.state.May(&list[i]); err != nil {
			b.Fatal(err)
		}
		if err := w.state.Apply(&list[i]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSnapshot writes and reads the state after 10^6 needs that all
// hold, half a minute apart.
func BenchmarkSnapshot(b *testing.B) {
	w := newNetwork(b, "h1", "h2", "h3")
	list := w.session(1_000_000)
	for i := range list {
		list[i].Time = w.now.Add(time.Duration(i) * 30 * time.Second)
		if err := w.state.Apply(&list[i]); err != nil {
			b.Fatal(err)
		}
	}
	text := w.state.JSON()
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			w.state.JSON()
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportMetric(float64(len(text))/1e6, "MB")
		for b.Loop() {
			if _, err := ParseState(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkVerifyDevice(b *testing.B) {
	w := newNetwork(b, "h1", "h2", "h3")
	for _, c := range []struct {
		name string
		by   int64
	}{{"ES256", 1}, {"Ed25519", 2}} {
		e := w.entry(said{typ: "member.leave", by: c.by})
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := w.state.Verify(&e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
