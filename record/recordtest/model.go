package recordtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"bremen/record"
)

// model is what a log is in theory: a list of statements, those that it holds, and persons that were erased.
type model struct {
	entries []record.Entry
	drafts  []record.Draft
	erased  map[int64]bool
}

// after is where the model ends, or a place where it does not.
func (m *model) after(r *rand.Rand) record.After {
	if len(m.entries) == 0 {
		return record.After{}
	}
	switch r.IntN(3) {
	case 0:
		return record.Anywhere
	case 1:
		return m.entries[r.IntN(len(m.entries))].After()
	}
	return m.entries[len(m.entries)-1].After()
}

// want is the error that appending must give.
func (m *model) want(after record.After, drafts []record.Draft) error {
	end := record.After{}
	if n := len(m.entries); n > 0 {
		end = m.entries[n-1].After()
	}
	if after != record.Anywhere && after != end {
		return record.ErrHeadMoved
	}
	for i := range drafts {
		for _, p := range drafts[i].Payloads {
			if m.erased[p.Person] {
				return record.ErrErased
			}
		}
		for _, had := range m.drafts {
			if reflect.DeepEqual(had.Statement.Nonce, drafts[i].Statement.Nonce) {
				return record.ErrDuplicate
			}
		}
	}
	return nil
}

// random appends to right and wrong places, old and new statements, of erased and other persons, closes and opens the
// store, and compares with the model throughout.
func random(t *testing.T, b *bench) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	s, l := b.log(t)
	m := &model{erased: map[int64]bool{}}
	for step := range 120 {
		switch {
		case step%40 == 39:
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = b.open(t)
			var err error
			if l, err = s.Log(t.Context(), Origin); err != nil {
				t.Fatal(err)
			}
		case step%50 == 25:
			person := r.Int64N(5) + 1
			if err := l.Erase(t.Context(), person); err != nil {
				t.Fatal(err)
			}
			m.erased[person] = true
		default:
			m.append(t, r, l, step)
		}
	}
	if got := mustCheck(t, l, len(m.entries)); !reflect.DeepEqual(got, m.entries) {
		t.Fatalf("got  %+v\nwant %+v", got, m.entries)
	}
	for i, d := range m.drafts {
		got, err := l.Payloads(t.Context(), d.Statement.Payloads...)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range d.Payloads {
			if kept, ok := got[p.Hash()]; ok == m.erased[p.Person] || ok && !reflect.DeepEqual(kept, p) {
				t.Fatalf("entry %d: payload of person %d: %v", i, p.Person, kept)
			}
		}
	}
}

func (m *model) append(t *testing.T, r *rand.Rand, l record.Log, step int) {
	t.Helper()
	var drafts []record.Draft
	for i := range 1 + r.IntN(3) {
		if len(m.drafts) > 0 && r.IntN(20) == 0 {
			drafts = append(drafts, m.drafts[r.IntN(len(m.drafts))])
			continue
		}
		var private []string
		if r.IntN(2) == 0 {
			private = []string{fmt.Sprint("secret ", step, i)}
		}
		drafts = append(drafts, Draft(Origin, r.Int64N(5)+1, fmt.Sprint(step), private...))
	}
	after := m.after(r)
	want := m.want(after, drafts)
	entries, err := record.Append(t.Context(), l, after, drafts...)
	if !errors.Is(err, want) || want == nil && err != nil {
		t.Fatalf("step %d: error %v, expected %v", step, err, want)
	}
	if want == nil {
		m.entries, m.drafts = append(m.entries, entries...), append(m.drafts, drafts...)
	}
}
