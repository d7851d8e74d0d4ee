package recordtest

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"bremen/record"
)

// Bench measures a store.
func Bench(b *testing.B, place func(tb testing.TB) Place) {
	b.Run("append by 64 writers", func(b *testing.B) { benchAppend(b, benchLog(b, place)) })
	b.Run("append at 1000 a second", func(b *testing.B) { benchPaced(b, benchLog(b, place), 1000) })
	b.Run("replay", func(b *testing.B) { benchReplay(b, benchLog(b, place)) })
}

func benchLog(b *testing.B, place func(tb testing.TB) Place) record.Log {
	b.Helper()
	s := place(b).Open(b, time.Now)
	b.Cleanup(func() { s.Close() })
	l, err := s.Create(b.Context(), Origin, newKey(b, Origin))
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// benchAppend has 64 writers append one entry after the other, each durable before the next, for at least 20,000.
func benchAppend(b *testing.B, l record.Log) {
	n := int64(max(b.N, 20_000))
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	begin := time.Now()
	for w := range 64 {
		wg.Go(func() {
			for next.Add(1) <= n {
				if _, err := record.Append(context.Background(), l, record.Anywhere, Draft(Origin, int64(w+1), "durable")); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(n)/time.Since(begin).Seconds(), "entries/s")
	b.ReportMetric(0, "ns/op")
}

// benchPaced starts an append every 1/rate seconds for 5 seconds, whether or not those before are done, and reports how
// long they took.
func benchPaced(b *testing.B, l record.Log, rate int) {
	n := 5 * rate
	took := make([]time.Duration, n)
	var wg sync.WaitGroup
	b.ResetTimer()
	begin := time.Now()
	for i := range n {
		due := begin.Add(time.Duration(i) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		wg.Go(func() {
			if _, err := record.Append(context.Background(), l, record.Anywhere, Draft(Origin, 1, "paced")); err != nil {
				b.Error(err)
			}
			took[i] = time.Since(due)
		})
	}
	wg.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[n/2].Microseconds())/1000, "ms/p50")
	b.ReportMetric(float64(took[n*99/100].Microseconds())/1000, "ms/p99")
	b.ReportMetric(0, "ns/op")
}

// benchReplay reads a million entries back and decodes each, and says how much room they take when all are kept.
func benchReplay(b *testing.B, l record.Log) {
	const n = 1_000_000
	ctx := context.Background()
	fill(b, l, n)
	b.ResetTimer()
	begin := time.Now()
	members := int64(0)
	for e, err := range record.Entries(ctx, l, 0) {
		if err != nil {
			b.Fatal(err)
		}
		members += e.Statement.Member
	}
	took := time.Since(begin)
	if members != n/1000*(1000*1001/2) {
		b.Fatalf("the members' numbers add up to %d", members)
	}
	b.ReportMetric(took.Seconds(), "s/million")
	b.ReportMetric(kept(b, l, n/10), "B/entry")
	b.ReportMetric(0, "ns/op")
}

// fill appends n entries, a thousand at a time.
func fill(b *testing.B, l record.Log, n int) {
	b.Helper()
	var last *record.Pending
	for i := 0; i < n; i += 1000 {
		drafts := make([]record.Draft, 1000)
		for j := range drafts {
			drafts[j] = Draft(Origin, int64(j+1), "one of a million entries of which each says a little more than nothing")
		}
		p, err := l.Append(context.Background(), record.Anywhere, drafts...)
		if err != nil {
			b.Fatal(err)
		}
		last = p
	}
	if _, err := last.Wait(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// kept returns how many bytes of memory an entry takes, decoded.
func kept(b *testing.B, l record.Log, n int) float64 {
	b.Helper()
	heap := func() float64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	entries := make([]record.Entry, 0, n)
	before := heap() - float64(n)*float64(unsafe.Sizeof(record.Entry{}))
	for e, err := range record.Entries(context.Background(), l, 0) {
		if err != nil {
			b.Fatal(err)
		}
		if entries = append(entries, e); len(entries) == n {
			break
		}
	}
	after := heap()
	runtime.KeepAlive(entries)
	return (after - before) / float64(n)
}
