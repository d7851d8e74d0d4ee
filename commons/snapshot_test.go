package commons

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"bremen/govern"
	"bremen/record"
)

// snapshot returns the only snapshot of a world, and its path.
func (w *world) snapshot() (string, []byte) {
	w.Helper()
	found, err := filepath.Glob(filepath.Join(w.dir, "own", "snapshots", "*"))
	w.ok(err)
	if len(found) != 1 {
		w.Fatalf("%d snapshots, want 1", len(found))
	}
	data, err := os.ReadFile(found[0])
	w.ok(err)
	return found[0], data
}

func TestAStartFromASnapshotIsAStartFromTheRecord(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := village(t)
		w.needs()
		before, lines := w.state(), w.n.Search(Query{Types: []string{"need.state"}})
		w.close()
		path, data := w.snapshot()
		if _, s, j, err := decodeSnapshot(data); err != nil || !bytes.Equal(s.JSON(), before) || len(j.lines) != int(s.Size()) {
			t.Fatalf("the snapshot has another state, %v", err)
		}
		check := func(how string, saved int64) {
			t.Helper()
			w.again()
			if w.n.saved != saved {
				t.Errorf("%s: started from a snapshot of %d entries, want %d", how, w.n.saved, saved)
			}
			if !bytes.Equal(w.state(), before) {
				t.Errorf("%s: the state is another", how)
			}
			if got := w.n.Search(Query{Types: []string{"need.state"}}); len(got) != len(lines) {
				t.Errorf("%s: the journal is another", how)
			}
		}
		size := int64(len(bytesLines(w, before)))
		check("with it", size)
		w.close()
		for how, change := range map[string]func([]byte) []byte{
			"cut short":       func(d []byte) []byte { return d[:len(d)/2] },
			"a byte changed":  func(d []byte) []byte { d[len(d)-1]++; return d },
			"another history": func(d []byte) []byte { return bytes.Replace(d, []byte(`"root":"`), []byte(`"root":"AAAA`), 1) },
			"another schema":  func(d []byte) []byte { return bytes.Replace(d, []byte(`"schema":2`), []byte(`"schema":9`), 1) },
		} {
			w.ok(os.WriteFile(path, change(bytes.Clone(data)), 0o600))
			check(how, 0)
			w.close()
		}
		w.ok(os.Remove(path))
		check("without", 0)
	})
}

// bytesLines stands for the entries that a state was folded from.
func bytesLines(w *world, state []byte) []struct{} {
	s, err := ParseState(state)
	w.ok(err)
	return make([]struct{}, s.Size())
}

func TestASnapshotOfALongerRecordIsNotUsed(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 3)
		w.say(1, StateNeed(need("bread", "1", "kg"), nil))
		w.close()
		_, data := w.snapshot()
		other := founded(t, 3) // as after restoring an older backup: the same origin, another history
		other.close()
		path, _ := other.snapshot()
		other.ok(os.WriteFile(path, data, 0o600))
		other.again()
		if other.n.Size() != 1 || other.n.saved != 0 {
			t.Errorf("started with %d entries, %d of a snapshot; want 1 and none", other.n.Size(), other.n.saved)
		}
	})
}

func TestSnapshotsAreWrittenWhileRunning(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 3)
		w.every = 10
		w.again()
		for range 12 {
			w.say(1, StateNeed(need("bread", "1", "kg"), nil))
		}
		if w.n.saved < 10 {
			t.Errorf("a snapshot of %d entries, want one of at least 10", w.n.saved)
		}
	})
}

// TestTwoServersOnOneStore: both append all the time, and neither bends the rules.
func TestTwoServersOnOneStore(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := founded(t, 5)
		store := w.store
		if w.database != "" {
			store = w.openStore()
			defer store.Close()
		}
		second, err := Open(t.Context(), store, Options{Clock: w.clock, Dir: t.TempDir()})
		w.ok(err)
		defer second.Close()
		other, err := second.Network(t.Context(), testOrigin)
		w.ok(err)
		guest := w.arrive(1, "h9")
		var group sync.WaitGroup
		vouched := make(chan error, 2)
		for k, n := range []*Network{w.n, other} {
			group.Go(func() {
				for range 20 {
					if _, err := n.Do(t.Context(), Session(int64(k+1)), StateNeed(need("bread", "1", "kg"), nil)); err != nil {
						t.Error(err)
					}
				}
			})
			group.Go(func() { // the same vouch twice: one of them is too late
				_, err := n.Wait(t.Context(), 2)
				if err != nil {
					t.Error(err)
				}
				p, err := n.Prepare(t.Context(), Session(3), Vouch(guest))
				if err == nil {
					_, err = n.Append(t.Context(), p, device(3, p.Hash))
				}
				vouched <- err
			})
		}
		group.Wait()
		first, late := <-vouched, <-vouched
		if (first == nil) == (late == nil) {
			t.Errorf("two vouches: %v and %v, want one to be refused", first, late)
		}
		size, err := w.n.Log().Size(t.Context())
		w.ok(err)
		for _, n := range []*Network{w.n, other} {
			_, err := n.Wait(t.Context(), size-1)
			w.ok(err)
		}
		var again []byte
		other.View(func(s *State) { again = s.JSON() })
		if !bytes.Equal(again, w.state()) {
			t.Error("the two have other states")
		}
		audited := govern.NewState()
		for e, err := range record.Entries(t.Context(), w.n.Log(), 0) {
			w.ok(err)
			if err := audited.May(&e); err != nil {
				t.Errorf("entry %d: %v", e.Seq, err)
			}
			w.ok(audited.Apply(&e))
		}
	})
}

// TestANetworkGoesOnAtAnotherOperator: numbers, state and what is private go on from the old record.
func TestANetworkGoesOnAtAnotherOperator(t *testing.T) {
	onBoth(t, func(t testing.TB) {
		w := village(t)
		w.needs()
		mine, err := w.n.Mine(t.Context(), 2)
		w.ok(err)
		size := w.n.Size()
		head, err := record.HeadAt(t.Context(), w.n.Log(), size)
		w.ok(err)
		const next = "example.net/nordhof"
		n, err := w.commons.Succeed(t.Context(), next, w.n, "Another eG")
		w.ok(err)
		if n.Size() != size+1 || n.base() != size {
			t.Fatalf("the new network has %d entries, %d of them old, want %d and %d", n.Size(), n.base(), size+1, size)
		}
		n.View(func(s *State) {
			if o := s.Govern.Origins; len(o) != 1 || o[0].Size != size || !bytes.Equal(o[0].Root, head.Root[:]) || s.Govern.Operator != "Another eG" {
				t.Errorf("got %+v", o)
			}
		})
		w.n = n
		if got, err := n.Mine(t.Context(), 2); err != nil || len(got) != len(mine) {
			t.Errorf("got %d private statements, %v, want %d", len(got), err, len(mine))
		}
		old := mine[len(mine)-1].Number
		w.say(2, WithdrawOffer(old))
		fresh := w.say(2, StateNeed(need("bread", "9", "kg"), ptr(mine[0].Number)))
		if fresh != size+2 {
			t.Errorf("the need has number %d, want %d", fresh, size+2)
		}
		f, err := n.Freeze(t.Context())
		w.ok(err)
		if _, err := n.MyShare(t.Context(), 2, f.Hash); err != nil {
			t.Error(err)
		}
		before := w.state()
		w.close()
		w.open()
		if w.n, err = w.commons.Network(t.Context(), next); err != nil || !bytes.Equal(w.state(), before) {
			t.Errorf("after a restart the state is another, %v", err)
		}
		if got := w.commons.Origins(); len(got) != 1 || got[0] != next {
			t.Errorf("got %v, want only %s: what it goes on from is part of it", got, next)
		}
		w.say(2, Erase())
		if _, err := w.n.Payload(t.Context(), 2, fresh, "need"); err == nil {
			t.Error("erased in the new record, and still there")
		}
		if left, err := w.n.payloads(t.Context(), 1, record.Ref{}); err != nil || len(left) > 0 {
			t.Errorf("got %v, %v", left, err)
		}
	})
}
