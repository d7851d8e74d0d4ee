package commons

import (
	"math"
	"strings"
	"testing"
	"time"

	"bremen/network"
)

// promises has a group that can accept, and returns what states and accepts a promise of the bakery to it.
func promises(w *world) func(action, product, quantity, unit string, due time.Time, process string) int64 {
	w.mandate("host", "group:nord", 5, 5, 6, 7, 8)
	return func(action, product, quantity, unit string, due time.Time, process string) int64 {
		w.Helper()
		c := w.say(4, Commit(Flow{
			Agent: bakery, Action: action, Provider: bakery, Receiver: "group:nord", Product: product, Quantity: ptr(dec(quantity)), Unit: unit, Process: process,
		}, due, ""))
		w.say(5, AcceptCommitment(c))
		return c
	}
}

func TestAcceptedPromisesStandInThePlan(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	promise := promises(w)
	day := w.clock()
	kept := promise("transfer", "bread", "5000", "g", day.AddDate(0, 0, 8), "")
	w.say(4, Record(Event{Flow: Flow{Agent: bakery, Action: "transfer", Provider: bakery, Receiver: "group:nord", Product: "bread", Quantity: ptr(dec("1500")), Unit: "g"}, Fulfils: &kept}))
	more := promise("transfer", "bread", "2", "kg", day.AddDate(0, 0, 9), "")
	runs := promise("produce", "bread", "3", "kg", day.AddDate(0, 0, 15), "bake")
	w.say(4, Commit(Flow{Agent: bakery, Action: "produce", Provider: bakery, Receiver: "group:nord", Product: "bread", Quantity: ptr(dec("39")), Unit: "kg"}, day.AddDate(0, 0, 1), ""))
	after := promise("transfer", "bread", "9", "kg", day.AddDate(0, 0, 60), "")
	f, err := w.n.Freeze(t.Context())
	w.ok(err)
	if len(f.Left) != 0 {
		t.Errorf("left out: %+v", f.Left)
	}
	type row struct {
		typ  network.CommitmentType
		at   string
		kilo float64
	}
	want := map[row]bool{{network.Delivery, "2", 5.5}: true, {network.Runs, "3", 3}: true}
	for _, c := range f.Network.Commitments {
		if r := (row{c.Type, c.Periods.String(), math.Round(*c.Least*1e9) / 1e9}); !want[r] || c.Agent != string(bakery) {
			t.Errorf("unexpected commitment %+v of %s", r, c.Agent)
		} else {
			delete(want, r)
		}
	}
	if len(want) > 0 {
		t.Errorf("missing %v (entries %d, %d, %d, %d after the plan)", want, kept, more, runs, after)
	}
	p := makePlan(t, f.Network)
	for _, r := range p.Runs {
		if r.Recipe == "bake" && r.Period == 3 && r.Runs < 3-1e-6 {
			t.Errorf("%g runs in week 3, promised are 3", r.Runs)
		}
	}
}

func TestPromisesThatNoPlanCanKeepAreLeftOut(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	promise := promises(w)
	day := w.clock()
	for _, x := range []struct {
		entry int64
		why   string
	}{
		{promise("transfer", "bread", "1", "kg", time.Time{}, ""), "no day"},
		{promise("transfer", "bread", "1", "kg", day.AddDate(0, 0, -1), ""), "before the plan begins"},
		{promise("transfer", "rye", "1", "kg", day.AddDate(0, 0, 8), ""), "more than group:nord needs"},
		{promise("transfer", "bread", "1", "litre", day.AddDate(0, 0, 8), ""), "litre"},
		{promise("transfer", "bread", "40", "kg", day.AddDate(0, 0, 15), ""), "more than group:nord needs"},
		{promise("produce", "rye", "1", "kg", day.AddDate(0, 0, 8), ""), "0 recipes"},
		{promise("raise", "bread", "1", "kg", day.AddDate(0, 0, 8), ""), "raise"},
	} {
		f, err := w.n.Freeze(t.Context())
		w.ok(err)
		found := false
		for _, l := range f.Left {
			found = found || l.Entry == x.entry && strings.Contains(l.Why, x.why)
		}
		if !found {
			t.Errorf("entry %d is not left out for %q: %+v", x.entry, x.why, f.Left)
		}
	}
	f, err := w.n.Freeze(t.Context())
	w.ok(err)
	// What is promised beyond need binds as far as it is needed.
	if len(f.Network.Commitments) != 1 || math.Abs(*f.Network.Commitments[0].Least-9.45) > 1e-9 {
		t.Errorf("got %+v, want 9.45 kg in week 3", f.Network.Commitments)
	}
}
