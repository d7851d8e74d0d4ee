package recordtest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bremen/record"
)

// Place is where a store lies, empty at first. Open opens it, again after what was opened before was closed.
type Place interface {
	Open(tb testing.TB, clock func() time.Time) record.Store
}

// Run runs the tests. place returns a fresh place each time.
func Run(t *testing.T, place func(tb testing.TB) Place) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, *bench)
	}{
		{"what is appended is read", appended},
		{"it is there when the store is opened again", reopened},
		{"an append waits for the place it was made for", conditional},
		{"what builds on what failed fails", chained},
		{"several are appended together or not at all", together},
		{"a statement stands in a log once", once},
		{"many writers", writers},
		{"logs do not mix", apart},
		{"time never decreases", clock},
		{"waiting for more", waiting},
		{"payloads come back", payloads},
		{"an erased person stays erased", erased},
		{"checkpoints and proofs", checkpoints},
		{"old checkpoints are thinned", thinned},
		{"a log's key is kept and can change", keys},
		{"a log is moved byte by byte", moved},
		{"payloads that are missing are added", completed},
		{"a log that goes on elsewhere takes nothing more", ended},
		{"a witness keeps what it saw", witnessed},
		{"random histories agree with a model", random},
		{"a closed store refuses", closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := &bench{place: place(t), fresh: place}
			b.now.Store(Start.UnixMilli())
			c.run(t, b)
		})
	}
}

// bench is what a test works with.
type bench struct {
	place Place
	fresh func(tb testing.TB) Place
	now   atomic.Int64
}

// clock steps a millisecond each time it is looked at.
func (b *bench) clock() time.Time { return time.UnixMilli(b.now.Add(1)) }

func (b *bench) open(t *testing.T) record.Store {
	t.Helper()
	s := b.place.Open(t, b.clock)
	t.Cleanup(func() { s.Close() })
	return s
}

// log opens the store and begins a log in it.
func (b *bench) log(t *testing.T) (record.Store, record.Log) {
	t.Helper()
	s := b.open(t)
	l, err := s.Create(t.Context(), Origin, newKey(t, Origin))
	if err != nil {
		t.Fatal(err)
	}
	return s, l
}

func newKey(tb testing.TB, origin string) string {
	tb.Helper()
	key, _, err := record.NewKey(origin)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

// say appends a statement wherever the log ends.
func say(t *testing.T, l record.Log, text string, private ...string) record.Entry {
	t.Helper()
	entries, err := record.Append(t.Context(), l, record.Anywhere, Draft(l.Origin(), 1, text, private...))
	if err != nil {
		t.Fatal(err)
	}
	return entries[0]
}

func wants(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, expected %v", err, want)
	}
}

func appended(t *testing.T, b *bench) {
	_, l := b.log(t)
	mustCheck(t, l, 0)
	var want []record.Entry
	for i := range 70 {
		want = append(want, say(t, l, fmt.Sprint("entry ", i)))
	}
	if got := mustCheck(t, l, 70); !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
	for _, e := range want {
		seq, err := l.Find(t.Context(), e.StatementHash)
		if err != nil || seq != e.Seq {
			t.Fatalf("entry %d is found as %d, %v", e.Seq, seq, err)
		}
	}
	_, err := l.Find(t.Context(), record.Hash{1})
	wants(t, err, record.ErrNone)
	_, err = l.Hashes(t.Context(), []int64{1 << 40})
	wants(t, err, record.ErrNone)
	if raw, err := l.Read(t.Context(), 70, 10); err != nil || len(raw) != 0 {
		t.Fatalf("beyond the end: %d entries, %v", len(raw), err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	told := false
	for _, err := range record.Entries(ended, l, 0) {
		told = err != nil
	}
	if !told {
		t.Fatal("a reader whose time is over is told that there is nothing more")
	}
	if raw, err := l.Read(t.Context(), 60, 3); err != nil || len(raw) != 3 {
		t.Fatalf("3 asked for: %d entries, %v", len(raw), err)
	}
}

func reopened(t *testing.T, b *bench) {
	s, l := b.log(t)
	for i := range 9 {
		say(t, l, fmt.Sprint("entry ", i), "secret")
	}
	want := mustCheck(t, l, 9)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = b.open(t)
	if origins, err := s.Origins(t.Context()); err != nil || !reflect.DeepEqual(origins, []string{Origin}) {
		t.Fatalf("origins %q, %v", origins, err)
	}
	l, err := s.Log(t.Context(), Origin)
	if err != nil {
		t.Fatal(err)
	}
	if got := mustCheck(t, l, 9); !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
	if e := say(t, l, "one more"); e.Seq != 9 {
		t.Fatalf("goes on at %d", e.Seq)
	}
}

func conditional(t *testing.T, b *bench) {
	_, l := b.log(t)
	ctx := t.Context()
	first, err := l.Append(ctx, record.After{}, Draft(Origin, 1, "first"))
	if err != nil {
		t.Fatal(err)
	}
	// The second is made for a place behind the first, which may not be durable yet.
	second, err := l.Append(ctx, first.Entries[0].After(), Draft(Origin, 2, "second"))
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range []*record.Pending{first, second} {
		entries, err := p.Wait(ctx)
		if err != nil || !reflect.DeepEqual(entries, p.Entries) || entries[0].Seq != int64(i) {
			t.Fatalf("%d: got %+v, %v; announced %+v", i, entries, err, p.Entries)
		}
	}
	for name, after := range map[string]record.After{
		"the beginning":                    {},
		"behind the first":                 first.Entries[0].After(),
		"beyond the end":                   {Size: 3, Last: second.Entries[0].StatementHash},
		"the right number behind another":  {Size: 2, Last: first.Entries[0].StatementHash},
		"the right number behind anything": {Size: 2},
	} {
		_, err := record.Append(ctx, l, after, Draft(Origin, 3, name))
		if !errors.Is(err, record.ErrHeadMoved) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	mustCheck(t, l, 2)
}

// A caller that builds on a pending entry must not succeed when that one fails and another comes to stand at its place.
func chained(t *testing.T, b *bench) {
	_, l := b.log(t)
	ctx := t.Context()
	again := Draft(Origin, 1, "first")
	if _, err := record.Append(ctx, l, record.After{}, again); err != nil {
		t.Fatal(err)
	}
	failing, err := l.Append(ctx, record.Anywhere, again)
	if err != nil {
		t.Fatal(err)
	}
	other, err := l.Append(ctx, record.Anywhere, Draft(Origin, 2, "other"))
	if err != nil {
		t.Fatal(err)
	}
	_, errBuilt := record.Append(ctx, l, failing.Entries[0].After(), Draft(Origin, 1, "built on what failed"))
	wants(t, errBuilt, record.ErrHeadMoved)
	_, err = failing.Wait(ctx)
	wants(t, err, record.ErrDuplicate)
	if _, err := other.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	_, errBuilt = record.Append(ctx, l, failing.Entries[0].After(), Draft(Origin, 1, "built on what failed"))
	wants(t, errBuilt, record.ErrHeadMoved)
	mustCheck(t, l, 2)
}

func together(t *testing.T, b *bench) {
	_, l := b.log(t)
	ctx := t.Context()
	one, two, three := Draft(Origin, 1, "one"), Draft(Origin, 2, "two"), Draft(Origin, 3, "three")
	if _, err := record.Append(ctx, l, record.After{}, two); err != nil {
		t.Fatal(err)
	}
	_, err := record.Append(ctx, l, record.Anywhere, one, two, three)
	wants(t, err, record.ErrDuplicate)
	four := Draft(Origin, 4, "four")
	_, err = record.Append(ctx, l, record.Anywhere, four, four)
	wants(t, err, record.ErrDuplicate)
	mustCheck(t, l, 1)
	entries, err := record.Append(ctx, l, record.Anywhere, one, three)
	if err != nil || len(entries) != 2 || entries[1].Seq != 2 {
		t.Fatalf("got %+v, %v", entries, err)
	}
	_, err = record.Append(ctx, l, record.Anywhere)
	wants(t, err, record.ErrInvalid)
	_, err = record.Append(ctx, l, record.Anywhere, Draft("example.org/other", 1, "of another network"))
	wants(t, err, record.ErrInvalid)
	mustCheck(t, l, 3)
}

func once(t *testing.T, b *bench) {
	s, l := b.log(t)
	d := Draft(Origin, 1, "once")
	for range 5 {
		say(t, l, "something")
	}
	if _, err := record.Append(t.Context(), l, record.Anywhere, d); err != nil {
		t.Fatal(err)
	}
	say(t, l, "something else")
	s.Close()
	l, err := b.open(t).Log(t.Context(), Origin)
	if err != nil {
		t.Fatal(err)
	}
	_, err = record.Append(t.Context(), l, record.Anywhere, d)
	var duplicate *record.DuplicateError
	if !errors.As(err, &duplicate) || duplicate.Seq != 5 {
		t.Fatalf("error %v, expected entry 5", err)
	}
	mustCheck(t, l, 7)
}

func writers(t *testing.T, b *bench) {
	_, l := b.log(t)
	const n, each = 16, 25
	var wg sync.WaitGroup
	acknowledged := make([][]record.Entry, n)
	for w := range n {
		wg.Go(func() {
			for i := range each {
				entries, err := record.Append(t.Context(), l, record.Anywhere, Draft(Origin, int64(w+1), fmt.Sprint(i), "secret"))
				if err != nil {
					t.Error(err)
					return
				}
				acknowledged[w] = append(acknowledged[w], entries...)
			}
		})
	}
	wg.Wait()
	all := mustCheck(t, l, n*each)
	for _, entries := range acknowledged {
		for i, e := range entries {
			if !reflect.DeepEqual(e, all[e.Seq]) {
				t.Fatalf("acknowledged %+v\nis %+v", e, all[e.Seq])
			}
			if i > 0 && e.Seq <= entries[i-1].Seq {
				t.Fatalf("entry %d of a writer follows its entry %d", e.Seq, entries[i-1].Seq)
			}
		}
	}
}

func apart(t *testing.T, b *bench) {
	s, l := b.log(t)
	other, err := s.Create(t.Context(), "example.org/other", newKey(t, "example.org/other"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Create(t.Context(), Origin, newKey(t, Origin))
	wants(t, err, record.ErrLogExists)
	_, err = s.Log(t.Context(), "example.org/none")
	wants(t, err, record.ErrUnknownLog)
	if _, err := s.Create(t.Context(), "example.org/none", newKey(t, "example.org/wrong")); err == nil {
		t.Fatal("a log with another's key")
	}
	for i := range 5 {
		say(t, l, fmt.Sprint(i))
		if i < 3 {
			say(t, other, fmt.Sprint(i), "secret")
		}
	}
	mustCheck(t, l, 5)
	entries := mustCheck(t, other, 3)
	// Another log's payload is not served, and erasing there does not touch it.
	refs := entries[0].Statement.Payloads
	if got, err := l.Payloads(t.Context(), refs...); err != nil || len(got) != 0 {
		t.Fatalf("%d payloads of another log, %v", len(got), err)
	}
	if err := l.Erase(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if got, err := other.Payloads(t.Context(), refs...); err != nil || len(got) != 1 {
		t.Fatalf("%d payloads, %v", len(got), err)
	}
}

func clock(t *testing.T, b *bench) {
	s, l := b.log(t)
	first := say(t, l, "first")
	b.now.Add(-time.Minute.Milliseconds())
	if second := say(t, l, "a minute back"); !second.Time.Equal(first.Time) {
		t.Fatalf("time %v, expected that of the first, %v", second.Time, first.Time)
	}
	b.now.Add(-2 * record.MaxBackstep.Milliseconds())
	_, err := record.Append(t.Context(), l, record.Anywhere, Draft(Origin, 1, "two hours back"))
	wants(t, err, record.ErrClock)
	// A server that starts with such a clock does not know a time of its own.
	s.Close()
	if l, err = b.open(t).Log(t.Context(), Origin); err != nil {
		t.Fatal(err)
	}
	_, err = record.Append(t.Context(), l, record.Anywhere, Draft(Origin, 1, "two hours back"))
	wants(t, err, record.ErrClock)
	b.now.Add(3 * record.MaxBackstep.Milliseconds())
	say(t, l, "right again")
	mustCheck(t, l, 3)
}

func waiting(t *testing.T, b *bench) {
	_, l := b.log(t)
	say(t, l, "first")
	if n, err := l.Wait(t.Context(), 0); err != nil || n != 1 {
		t.Fatalf("size %d, %v", n, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := l.Wait(ctx, 1)
	wants(t, err, context.DeadlineExceeded)
	done := make(chan int64)
	go func() {
		n, err := l.Wait(t.Context(), 1)
		if err != nil {
			t.Error(err)
		}
		raw, err := l.Read(t.Context(), 1, 10)
		if err != nil || int64(len(raw)) < n-1 {
			t.Errorf("told of %d, read %d more, %v", n, len(raw), err)
		}
		done <- n
	}()
	say(t, l, "second")
	if n := <-done; n != 2 {
		t.Fatalf("size %d", n)
	}
}

func closed(t *testing.T, b *bench) {
	s, l := b.log(t)
	pending, err := l.Append(t.Context(), record.Anywhere, Draft(Origin, 1, "under way"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := pending.Wait(t.Context()); err != nil {
		t.Fatalf("what was under way: %v", err)
	}
	if _, err := record.Append(t.Context(), l, record.Anywhere, Draft(Origin, 1, "too late")); err == nil {
		t.Fatal("a closed store took an entry")
	}
	l, err = b.open(t).Log(t.Context(), Origin)
	if err != nil {
		t.Fatal(err)
	}
	mustCheck(t, l, 1)
}
