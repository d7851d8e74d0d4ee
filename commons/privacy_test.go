package commons

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bremen/network"
)

// planted are texts and amounts that only their person may ever see.
var planted = []string{"plantedword", "31337.271828", "4711.1234", "plantedskill", "plantedproduct"}

// TestNothingPrivateLeaks plants texts and amounts in every private part, and looks for them in everything that is public
// or that the server keeps in the clear: entries, state, snapshot, files, sums, the store.
func TestNothingPrivateLeaks(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	mark := planted[0]
	amount := need("bread", planted[1], "kg")
	amount.Words = mark
	w.say(3, StateNeed(amount, nil))
	w.say(3, StateNeed(need(planted[4], "1", "kg"), nil))
	w.say(3, OfferWork(Offer{Skill: planted[3], Steps: []Step{{dec("1"), dec("0")}}, Words: mark}, nil))
	w.say(6, OfferWork(Offer{Skill: "baking", Steps: []Step{{dec(planted[2]), dec("1")}}}, nil))
	w.say(3, StateStock("person:3", Rows{"stocks": {{"product": "rye", "start": planted[2], "unit": "kg"}}}, nil, mark))
	w.say(3, Record(Event{Flow: Flow{Agent: "person:3", Action: "consume", Provider: "person:3", Product: planted[4], Quantity: ptr(dec(planted[1])), Unit: "kg"}, Note: mark}))
	w.say(3, Commit(Flow{Agent: "person:3", Action: "work", Provider: "person:3", Receiver: bakery, Effort: ptr(dec(planted[2])), EffortUnit: "h"}, w.in(3), mark))
	for _, i := range examples(w) {
		// Whatever carries a text gets the mark; what the rules refuse leaves nothing behind either.
		for k := range i.Private {
			if i.Private[k].Name != "need" && i.Private[k].Name != "offer" && i.Private[k].Name != "what" && i.Private[k].Name != "figure" {
				i.Private[k].Data = []byte(mark)
			}
		}
		if i.Type != "member.leave" && i.Type != "person.erase" {
			_, _ = w.try(5, i)
		}
	}
	f, err := w.n.Freeze(t.Context())
	w.ok(err)
	shares, err := w.n.MyShare(t.Context(), 2, f.Hash)
	w.ok(err)
	text, err := network.WriteJSON, error(nil)
	w.ok(err)
	var public bytes.Buffer
	w.ok(text(&public, f.Network))
	public.Write(w.state())
	for e, err := range w.n.Follow(t.Context(), 0) {
		w.ok(err)
		_, raw, err := w.n.Entry(t.Context(), w.n.base()+e.Seq)
		w.ok(err)
		public.Write(raw)
		if e.Seq+1 == w.n.Size() {
			break
		}
	}
	for i := range shares {
		for _, p := range shares[i].Proofs {
			for _, s := range p.Siblings[:1] { // the neighbour's leaf; nodes above are sums of several people
				public.WriteString(" " + s.Amount.String() + " ")
			}
		}
	}
	w.close()
	err = filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		public.Write(data)
		if z, bad := zip.NewReader(bytes.NewReader(data), int64(len(data))); bad == nil {
			for _, f := range z.File {
				r, err := f.Open()
				w.ok(err)
				_, err = io.Copy(&public, r)
				w.ok(err)
			}
		}
		return err
	})
	w.ok(err)
	if !strings.Contains(public.String(), "groups:nord+sued") || !strings.Contains(public.String(), "bake") {
		t.Fatal("what is public is not in what was searched")
	}
	for _, p := range planted {
		if i := strings.Index(public.String(), p); i >= 0 {
			t.Errorf("%q is public: …%s…", p, public.String()[max(0, i-100):min(public.Len(), i+100)])
		}
	}
}
