package commons

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"bremen/network"
	"bremen/record"
)

// fill appends entries that the rules let in, over ten months: six of ten are events of an organisation for which person 4
// speaks (one of a hundred corrects another), three are needs of which each replaces the person's of ten before, with one
// somebody moves.
func fill(b *testing.B, w *world, count int) {
	b.Helper()
	ctx := context.Background()
	latest := map[int64][]int64{}
	first := w.n.Size()
	var last *record.Pending
	for done := 0; done < count; {
		var drafts []record.Draft
		for range min(1000, count-done) {
			number := first + int64(done)
			drafts = append(drafts, draft(b, number, int64(done%12+1), latest))
			done++
		}
		w.pass(0.3)
		p, err := w.n.log.Append(ctx, record.Anywhere, drafts...)
		w.ok(err)
		last = p
	}
	_, err := last.Wait(ctx)
	w.ok(err)
	_, err = w.n.Wait(ctx, first+int64(count)-1)
	w.ok(err)
}

func draft(b *testing.B, number, person int64, latest map[int64][]int64) record.Draft {
	b.Helper()
	d := record.Draft{Signatures: []record.Signature{{Kind: record.Session}}}
	s := &d.Statement
	*s = record.Statement{Version: 1, Origin: testOrigin, Member: person, Right: "state", Nonce: record.NewNonce()}
	body := map[string]any{}
	switch k := number % 10; {
	case k < 6:
		s.Type, s.Right, s.Member = "event.record", "speak", 4
		body = map[string]any{
			"agent": bakery, "action": "produce", "provider": bakery, "receiver": bakery, "product": fmt.Sprintf("product %d", number%1000),
			"quantity": fmt.Sprintf("%d.25", number%1000), "unit": "kg", "site": "mill lane", "at": "2027-05-03T08:00:00Z",
		}
		if k == 3 && number%100 == 3 && number > 1000 {
			body["corrects"] = number - number%10 - 10
		}
	case k < 9:
		s.Type = "need.state"
		if old := latest[person]; len(old) >= 10 {
			body["replaces"], latest[person] = old[0], old[1:]
		}
		latest[person] = append(latest[person], number)
		p, err := record.NewPayload(person, data("need", need("bread", "1.25", "kg")).Data)
		if err != nil {
			b.Fatal(err)
		}
		s.Payloads, d.Payloads = []record.Ref{{Name: "need", Person: person, Hash: p.Hash()}}, []record.Payload{p}
	default:
		s.Type, s.Right, body = "household.move", "live", map[string]any{"household": fmt.Sprintf("h%d", number%100)}
	}
	text, err := json.Marshal(body)
	if err != nil {
		b.Fatal(err)
	}
	s.Body = text
	return d
}

// BenchmarkReplay replays 10^6 entries, starts from a snapshot of them, and says how much memory the fold takes.
func BenchmarkReplay(b *testing.B) {
	const count = 1_000_000
	w := founded(b, 12)
	w.say(4, FoundOrganisation("bakery", ""))
	fill(b, w, count)
	want := w.state()
	if s, err := ParseState(want); err != nil || len(s.Govern.Statements) < count/2 {
		b.Fatalf("the rules did not let the entries in: %v", err)
	}
	w.close()
	w.n, w.commons = nil, nil
	snapshots := filepath.Join(w.dir, "own", "snapshots")
	start := func(b *testing.B, replayed bool) {
		b.ReportAllocs()
		var took, busy time.Duration
		var kept uint64
		for b.Loop() {
			if replayed {
				w.ok(os.RemoveAll(snapshots))
			}
			before := inUse()
			begin, spent := time.Now(), cpu()
			w.open()
			took += time.Since(begin)
			busy += cpu() - spent
			n, err := w.commons.Network(context.Background(), testOrigin)
			w.ok(err)
			w.n = n
			kept = inUse() - before
			if string(w.state()) != string(want) {
				b.Fatal("the state is another")
			}
			b.StopTimer()
			w.close()
			w.n, w.commons, n = nil, nil, nil
			b.StartTimer()
		}
		b.ReportMetric(took.Seconds()/float64(b.N), "s/start")
		b.ReportMetric(float64(kept)/count, "B/entry")
		b.ReportMetric(busy.Seconds()/float64(b.N), "cpu-s/start")
		b.ReportMetric(0, "ns/op")
	}
	b.Run("replay", func(b *testing.B) { start(b, true) })
	b.Run("snapshot", func(b *testing.B) {
		info, err := os.ReadDir(snapshots)
		w.ok(err)
		file, err := info[0].Info()
		w.ok(err)
		b.ReportMetric(float64(file.Size())/1e6, "MB")
		start(b, false)
	})
}

// inUse returns the bytes of memory that are in use once garbage is gone.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// cpu returns how long this process has kept processors busy, which says more than a clock where others work, too.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCommands has 64 people state needs one after the other, each checked, durable, folded and receipted.
func BenchmarkCommands(b *testing.B) {
	w := founded(b, 12)
	n := max(int64(b.N), 10_000)
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	begin := time.Now()
	for k := range 64 {
		group.Go(func() {
			for next.Add(1) <= n {
				if _, err := w.n.Do(context.Background(), Session(int64(k%12+1)), StateNeed(need("bread", "1", "kg"), nil)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(n)/time.Since(begin).Seconds(), "entries/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFreeze sums up the needs of 1000 people, ten each, over 52 weeks.
func BenchmarkFreeze(b *testing.B) {
	const people, each = 1000, 10
	f := &freezing{public: &public{}, group: map[int64]string{}, home: map[int64]string{}, members: map[int64]bool{}, measures: &measures{}}
	net := benchNetwork(each)
	f.net, f.measures = net, measuresOf(net)
	for person := int64(1); person <= people; person++ {
		f.group[person] = fmt.Sprintf("group:%d", person%20)
		for k := range each {
			f.private = append(f.private, frozenNeed{entry: person*each + int64(k), person: person, typ: "need.state", data: data("need", need(fmt.Sprintf("product %d", k), "1.25", "kg")).Data})
		}
	}
	for b.Loop() {
		f.trees(f.sums())
	}
}

func benchNetwork(products int) *network.Network {
	n := &network.Network{Settings: network.Settings{ID: "n", Calendar: network.Calendar{Start: time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC), Unit: network.Week, Periods: 52}}}
	for k := range products {
		n.Products = append(n.Products, network.Product{ID: fmt.Sprintf("product %d", k), Unit: "kg"})
	}
	n.Normalise()
	return n
}
