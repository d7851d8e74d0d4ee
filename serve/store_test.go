package serve

import (
	"bytes"
	"context"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"bremen/record/postgres/postgrestest"
)

// What is kept is found again until it runs out, in both databases; codes and keys of requests are taken once, however many
// ask at a time.
func TestStore(t *testing.T) {
	t.Parallel()
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	for name, where := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "s.sqlite"), "postgres": cluster.Database(t)} {
		t.Run(name, func(t *testing.T) { testStore(t, where) })
	}
}

func testStore(t *testing.T, where string) {
	now := time.Now()
	s, err := OpenStore(t.Context(), where, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Commit("t", []byte("one"), time.Now().Add(time.Hour)))
	must(s.Commit("t", []byte("two"), time.Now().Add(time.Hour)))
	if data, found, err := s.Find("t"); err != nil || !found || !bytes.Equal(data, []byte("two")) {
		t.Errorf("session: %q %v %v", data, found, err)
	}
	again, err := OpenStore(t.Context(), where, func() time.Time { return now.Add(2 * time.Hour) })
	must(err)
	t.Cleanup(func() { again.Close() })
	if _, found, err := again.Find("t"); err != nil || found {
		t.Errorf("a session that ran out: %v %v", found, err)
	}
	must(again.forget(t.Context()))
	if _, found, err := s.Find("t"); err != nil || found {
		t.Errorf("a session that was forgotten: %v %v", found, err)
	}
	must(s.Delete("t"))

	must(s.putCodes(t.Context(), "o", 7, []string{"k1", "k2"}, []string{"A", "B"}))
	if n := atOnce(func(ctx context.Context) bool {
		p, keys, err := s.useCode(ctx, "o", "A")
		return err == nil && p == 7 && len(keys) == 2
	}); n != 1 {
		t.Errorf("a code was taken %d times, want once", n)
	}
	if p, _, err := s.useCode(t.Context(), "other", "B"); err != nil || p != 0 {
		t.Errorf("a code of another network: %d %v", p, err)
	}
	must(s.forgetPerson(t.Context(), "o", 7))
	if n, err := s.codes(t.Context(), "o", 7); err != nil || n != 0 {
		t.Errorf("%d codes of somebody erased, %v", n, err)
	}

	if n := atOnce(func(ctx context.Context) bool {
		a, err := s.begin(ctx, "k", []byte("r"))
		return err == nil && a == nil
	}); n != 1 {
		t.Errorf("a request was begun %d times, want once", n)
	}
	must(s.end(t.Context(), "k", 5))
	if a, err := s.begin(t.Context(), "k", []byte("r")); err != nil || a == nil || a.number != 5 {
		t.Errorf("the answer: %v %v", a, err)
	}
}

// What a session holds comes back as it was, and is the same bytes when nothing has changed.
func TestCodec(t *testing.T) {
	t.Parallel()
	values := map[string]any{"a": "text", "b": int64(7), "c": true, "d": []byte{0, 255}, "e": "", "f": int64(0)}
	deadline := time.Now()
	text, err := codec{}.Encode(deadline, values)
	if err != nil {
		t.Fatal(err)
	}
	until, back, err := codec{}.Decode(text)
	if err != nil || !until.Equal(deadline) || !reflect.DeepEqual(back, values) {
		t.Errorf("got %v %v %v, want %v %v", until, back, err, deadline, values)
	}
	if again, err := (codec{}).Encode(until, back); err != nil || !bytes.Equal(again, text) {
		t.Errorf("written again: %s, then %s (%v)", text, again, err)
	}
	if _, err := (codec{}).Encode(deadline, map[string]any{"x": 1.5}); err == nil {
		t.Error("a value that nothing reads is written")
	}
}

// atOnce counts how many of many at a time succeed.
func atOnce(do func(context.Context) bool) (n int) {
	var wait sync.WaitGroup
	var mu sync.Mutex
	for range 16 {
		wait.Go(func() {
			if do(context.Background()) {
				mu.Lock()
				n++
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	return n
}

// Attempts come back one by one, for each key apart; what a limiter remembers is bounded.
func TestLimiter(t *testing.T) {
	t.Parallel()
	l := newLimiter(3, time.Minute)
	now := time.Now()
	for i := range 3 {
		if wait := l.take("a", now); wait > 0 {
			t.Fatalf("attempt %d waits %v", i, wait)
		}
	}
	if wait := l.take("a", now); wait != time.Minute {
		t.Errorf("the fourth waits %v, want a minute", wait)
	}
	if wait := l.take("b", now); wait > 0 {
		t.Errorf("another key waits %v", wait)
	}
	if wait := l.take("a", now.Add(time.Minute)); wait > 0 {
		t.Errorf("after a minute it waits %v", wait)
	}
	for i := range limiterKeys + 10 {
		l.take(string(rune(i)), now)
	}
	if len(l.next) > limiterKeys {
		t.Errorf("%d keys are remembered", len(l.next))
	}
}
