package recordtest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
)

func payloads(t *testing.T, b *bench) {
	_, l := b.log(t)
	d := Draft(Origin, 3, "with payloads", "Brot", "", "Käse")
	entries, err := record.Append(t.Context(), l, record.Anywhere, d)
	if err != nil {
		t.Fatal(err)
	}
	refs := append(entries[0].Statement.Payloads, record.Ref{Name: "none", Person: 3, Hash: record.Hash{9}})
	got, err := l.Payloads(t.Context(), refs...)
	if err != nil || len(got) != 3 {
		t.Fatalf("%d payloads, %v", len(got), err)
	}
	for _, want := range d.Payloads {
		if p := got[want.Hash()]; p.Person != 3 || p.Salt != want.Salt || string(p.Data) != string(want.Data) {
			t.Errorf("got %+v, want %+v", p, want)
		}
	}
}

func erased(t *testing.T, b *bench) {
	s, l := b.log(t)
	entry := func(person int64) record.Entry {
		entries, err := record.Append(t.Context(), l, record.Anywhere, Draft(Origin, person, "says", "secret"))
		if err != nil {
			t.Fatal(err)
		}
		return entries[0]
	}
	gone, stays := entry(5), entry(6)
	before := mustCheck(t, l, 2)
	for range 2 { // twice does no harm
		if err := l.Erase(t.Context(), 5); err != nil {
			t.Fatal(err)
		}
	}
	look := func() {
		t.Helper()
		got, err := l.Payloads(t.Context(), gone.Statement.Payloads[0], stays.Statement.Payloads[0])
		if err != nil || len(got) != 1 || string(got[stays.Statement.Payloads[0].Hash].Data) != "secret" {
			t.Fatalf("payloads %v, %v", got, err)
		}
		persons, err := l.Erased(t.Context())
		if err != nil || !slices.Equal(persons, []int64{5}) {
			t.Fatalf("erased %v, %v", persons, err)
		}
		_, err = record.Append(t.Context(), l, record.Anywhere, Draft(Origin, 5, "says", "more"))
		wants(t, err, record.ErrErased)
	}
	look()
	s.Close()
	s = b.open(t)
	var err error
	if l, err = s.Log(t.Context(), Origin); err != nil {
		t.Fatal(err)
	}
	look()
	if after := mustCheck(t, l, 2); !reflect.DeepEqual(after, before) {
		t.Fatalf("the entries changed: %+v\nwere %+v", after, before)
	}
}

func checkpoints(t *testing.T, b *bench) {
	_, l := b.log(t)
	ctx := t.Context()
	_, err := l.LatestCheckpoint(ctx)
	wants(t, err, record.ErrNone)
	private, err := l.Key(ctx)
	if err != nil {
		t.Fatal(err)
	}
	public, err := record.PublicKey(private)
	if err != nil {
		t.Fatal(err)
	}
	signers, err := record.Signers(Origin, private)
	if err != nil {
		t.Fatal(err)
	}
	var heads []record.Head
	for i := range 13 {
		e := say(t, l, fmt.Sprint(i))
		raw, err := l.Read(ctx, e.Seq, 1)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := record.SignReceipt(raw[0], signers[0])
		if err != nil {
			t.Fatal(err)
		}
		signed, err := record.Publish(ctx, l)
		if err != nil {
			t.Fatal(err)
		}
		c, err := record.OpenCheckpoint(signed, Origin, public)
		if err != nil || c.Size != e.Seq+1 {
			t.Fatalf("checkpoint %+v, %v", c, err)
		}
		heads = append(heads, c.Head)
		promised, err := record.OpenReceipt(receipt, public)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := record.ProveInclusion(ctx, l, promised.Seq, signed)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := promised.Verify(proof, public); err != nil {
			t.Fatal(err)
		}
	}
	for i, older := range heads {
		signed, err := l.Checkpoint(ctx, older.Size)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := record.PeekCheckpoint(signed); err != nil || c.Head != older {
			t.Fatalf("checkpoint of %d: %+v, %v", older.Size, c, err)
		}
		for _, newer := range heads[i:] {
			proof, err := tlog.ProveTree(newer.Size, older.Size, record.HashReader(ctx, l))
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root); err != nil {
				t.Fatal(err)
			}
		}
	}
	again, err := record.Publish(ctx, l)
	if err != nil {
		t.Fatal(err)
	}
	mergeSignatures(t, l, again)
}

// thinned publishes a checkpoint every ten minutes for five hours, one of each hour with a second signature.
func thinned(t *testing.T, b *bench) {
	_, l := b.log(t)
	if n, err := record.Thin(t.Context(), l, Start); err != nil || n != 0 {
		t.Fatalf("%d dropped of none, %v", n, err)
	}
	signer, err := note.NewSigner(newKey(t, Origin))
	if err != nil {
		t.Fatal(err)
	}
	for i := range int64(30) {
		say(t, l, fmt.Sprint(i))
		signed, err := record.Publish(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		if i%6 == 4 {
			c, err := record.PeekCheckpoint(signed)
			if err != nil {
				t.Fatal(err)
			}
			second, err := record.SignCheckpoint(Origin, c.Head, signer)
			if err != nil {
				t.Fatal(err)
			}
			if err := l.PutCheckpoint(t.Context(), c.Size, second); err != nil {
				t.Fatal(err)
			}
		}
		b.now.Add((10 * time.Minute).Milliseconds())
	}
	sizes := func() (list []int64) {
		for size := int64(0); ; size = list[len(list)-1] + 1 {
			signed, err := l.Checkpoint(t.Context(), size)
			if errors.Is(err, record.ErrNone) {
				return list
			}
			c, bad := record.PeekCheckpoint(signed)
			if err != nil || bad != nil {
				t.Fatal(err, bad)
			}
			list = append(list, c.Size)
		}
	}
	now := time.UnixMilli(b.now.Load())
	for _, c := range []struct {
		now  time.Time
		want []int64
	}{
		{now, nil},
		{Start.Add(record.KeepAll + 2*time.Hour + time.Minute), []int64{5, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30}},
		{now.Add(record.KeepAll + time.Hour), []int64{5, 11, 17, 23, 29, 30}},
		{now.Add(2 * record.KeepAll), []int64{5, 11, 17, 23, 29, 30}},
	} {
		before := len(sizes())
		dropped, err := record.Thin(t.Context(), l, c.now)
		got := sizes()
		if err != nil || dropped != before-len(got) || c.want == nil && dropped > 0 || c.want != nil && !slices.Equal(got, c.want) {
			t.Fatalf("at %v: %d dropped, %v; left %v, want %v", c.now, dropped, err, got, c.want)
		}
	}
	if again, err := record.Publish(t.Context(), l); err != nil || !strings.Contains(string(again), "\n30\n") {
		t.Fatalf("the newest is %q, %v", again, err)
	}
	mustCheck(t, l, 30)
}

// mergeSignatures adds a second signature to the newest checkpoint, and tries to put another of that size in its place.
func mergeSignatures(t *testing.T, l record.Log, first []byte) {
	t.Helper()
	c, err := record.PeekCheckpoint(first)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(newKey(t, Origin))
	if err != nil {
		t.Fatal(err)
	}
	second, err := record.SignCheckpoint(Origin, c.Head, signer)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := l.PutCheckpoint(t.Context(), c.Size, second); err != nil {
			t.Fatal(err)
		}
	}
	want, err := record.MergeSignatures(first, second)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := l.LatestCheckpoint(t.Context()); err != nil || string(got) != string(want) {
		t.Fatalf("got %q, %v; want %q", got, err, want)
	}
	c.Root[0]++
	forged, err := record.SignCheckpoint(Origin, c.Head, signer)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.PutCheckpoint(t.Context(), c.Size, forged); err == nil {
		t.Fatal("another checkpoint of the same size was kept")
	}
}

func keys(t *testing.T, b *bench) {
	_, l := b.log(t)
	old, err := l.Key(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next := newKey(t, Origin)
	if err := l.SetKey(t.Context(), next+"\n"+old); err != nil {
		t.Fatal(err)
	}
	if err := l.SetKey(t.Context(), newKey(t, "example.org/other")); err == nil {
		t.Fatal("another log's key was taken")
	}
	say(t, l, "first")
	signed, err := record.Publish(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{next, old} {
		public, err := record.PublicKey(private)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := record.OpenCheckpoint(signed, Origin, public); err != nil {
			t.Error(err)
		}
	}
}

func moved(t *testing.T, b *bench) {
	_, l := b.log(t)
	for i := range 20 {
		say(t, l, fmt.Sprint(i), "secret")
	}
	entries, err := record.Append(t.Context(), l, record.Anywhere, Draft(Origin, 2, "erased later", "gone"))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Erase(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	to := &bench{place: b.fresh(t)}
	to.now.Store(Start.UnixMilli())
	_, copied := to.log(t)
	for range 2 { // going on where it ended
		if err := record.Copy(t.Context(), copied, l); err != nil {
			t.Fatal(err)
		}
		if got, want := mustCheck(t, copied, int(entries[0].Seq)+1), mustCheck(t, l, int(entries[0].Seq)+1); !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	}
	first, err := l.Read(t.Context(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	e, err := record.Decode(first[0])
	if err != nil {
		t.Fatal(err)
	}
	got, err := copied.Payloads(t.Context(), e.Statement.Payloads[0], entries[0].Statement.Payloads[0])
	if err != nil || len(got) != 1 || string(got[e.Statement.Payloads[0].Hash].Data) != "secret" {
		t.Fatalf("payloads %v, %v", got, err)
	}
	if persons, err := copied.Erased(t.Context()); err != nil || !slices.Equal(persons, []int64{2}) {
		t.Fatalf("erased %v, %v", persons, err)
	}
	if err := copied.Import(t.Context(), first, nil); err == nil {
		t.Fatal("an entry was imported where another stands")
	}
	say(t, copied, "goes on")
}

func completed(t *testing.T, b *bench) {
	_, l := b.log(t)
	d := []record.Draft{Draft(Origin, 1, "says", "one"), Draft(Origin, 2, "says", "two"), Draft(Origin, 3, "says", "three")}
	if _, err := record.Append(t.Context(), l, record.Anywhere, d...); err != nil {
		t.Fatal(err)
	}
	to := &bench{place: b.fresh(t)}
	to.now.Store(Start.UnixMilli())
	_, copied := to.log(t)
	raw, err := l.Read(t.Context(), 0, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := copied.Import(t.Context(), raw, d[0].Payloads); err != nil {
		t.Fatal(err)
	}
	if err := copied.Erase(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	refs := slices.Concat(d[0].Statement.Payloads, d[1].Statement.Payloads, d[2].Statement.Payloads)
	for range 2 {
		if err := record.Copy(t.Context(), copied, l); err != nil {
			t.Fatal(err)
		}
		got, err := copied.Payloads(t.Context(), refs...)
		if err != nil || len(got) != 2 || string(got[refs[1].Hash].Data) != "two" {
			t.Fatalf("payloads %v, %v", got, err)
		}
	}
	if err := copied.Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustCheck(t, copied, 3)
}

func ended(t *testing.T, b *bench) {
	s, l := b.log(t)
	say(t, l, "before")
	if to, err := l.Moved(t.Context()); err != nil || to != "" {
		t.Fatalf("moved to %q, %v", to, err)
	}
	const next = "example.org/next"
	if err := l.Move(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	refused := func() {
		t.Helper()
		_, err := record.Append(t.Context(), l, record.Anywhere, Draft(Origin, 1, "after"))
		var moved *record.MovedError
		if !errors.As(err, &moved) || moved.To != next || !errors.Is(err, record.ErrMoved) {
			t.Fatalf("error %v, expected to be told of %s", err, next)
		}
		mustCheck(t, l, 1)
	}
	refused()
	s.Close()
	s = b.open(t)
	var err error
	if l, err = s.Log(t.Context(), Origin); err != nil {
		t.Fatal(err)
	}
	refused()
	to := &bench{place: b.fresh(t)}
	to.now.Store(Start.UnixMilli())
	_, copied := to.log(t)
	if err := record.Copy(t.Context(), copied, l); err != nil {
		t.Fatal(err)
	}
	if to, err := copied.Moved(t.Context()); err != nil || to != next {
		t.Fatalf("the copy is moved to %q, %v", to, err)
	}
	if err := l.Move(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	say(t, l, "after all")
	mustCheck(t, l, 2)
}

func witnessed(t *testing.T, b *bench) {
	s := b.open(t)
	ctx := t.Context()
	if got, err := s.Witnessed(ctx, "example.org/w"); err != nil || got != nil {
		t.Fatalf("got %q, %v", got, err)
	}
	steps := []struct {
		old, new string
		ok       bool
	}{{"", "a", true}, {"", "b", false}, {"x", "b", false}, {"a", "b", true}, {"a", "c", false}, {"b", "b", true}}
	for _, c := range steps {
		ok, err := s.SetWitnessed(ctx, "example.org/w", []byte(c.old), []byte(c.new))
		if err != nil || ok != c.ok {
			t.Fatalf("%q to %q: %v, %v", c.old, c.new, ok, err)
		}
	}
	if ok, err := s.SetWitnessed(ctx, "example.org/a", nil, []byte("z")); err != nil || !ok {
		t.Fatalf("another log: %v, %v", ok, err)
	}
	s.Close()
	s = b.open(t)
	if got, err := s.Witnessed(ctx, "example.org/w"); err != nil || string(got) != "b" {
		t.Fatalf("got %q, %v", got, err)
	}
	if got, err := s.WitnessedOrigins(ctx); err != nil || !slices.Equal(got, []string{"example.org/a", "example.org/w"}) {
		t.Fatalf("got %q, %v", got, err)
	}
}
