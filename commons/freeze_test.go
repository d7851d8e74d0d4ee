package commons

import (
	"errors"
	"testing"

	"bremen/govern"
	"bremen/network"
	"bremen/plan"
	"bremen/record"
)

const bakery = govern.Scope("organisation:bakery")

// village is a network of nine in two groups that can be planned: a bakery bakes bread from rye that it has in stock.
func village(tb testing.TB) *world {
	tb.Helper()
	w := founded(tb, 9)
	w.say(1, FoundGroup("sued", ""))
	for n := int64(2); n <= 3; n++ {
		w.say(n, EnterGroup("sued"))
	}
	w.mandate("planning", "network", 1, 2, 3, 4, 5, 6)
	describe := func(table string, rows ...map[string]string) {
		w.Helper()
		w.say(1, Describe(govern.InNetwork, table, rows, nil, ""))
	}
	describe(settingsTable, map[string]string{"yaml": "network: nordhof\ncalendar:\n  start: 2027-05-03\n  unit: week\n  periods: 4\nallowance: none\n"})
	describe("products", map[string]string{"id": "bread", "unit": "kg", "reach": "network"}, map[string]string{"id": "rye", "unit": "kg", "reach": "network"})
	describe("skills", map[string]string{"id": "baking"})
	w.say(4, FoundOrganisation("bakery", "mill lane"))
	w.say(4, StateRecipe(bakery, Rows{
		"recipes": {{"id": "bake", "unit": "kg", "most": "40"}},
		"flows": {
			{"recipe": "bake", "direction": "in", "what": "rye", "quantity": "0.7", "unit": "kg"},
			{"recipe": "bake", "direction": "out", "what": "bread", "quantity": "1", "unit": "kg"},
			{"recipe": "bake", "direction": "work", "what": "baking", "quantity": "0.1", "unit": "h"},
		},
	}, nil, "grandmother's"))
	w.say(4, StateStock(bakery, Rows{"stocks": {{"product": "rye", "start": "20", "unit": "kg"}}}, nil, ""))
	return w
}

// needs states what the nine need and who works.
func (w *world) needs() {
	w.Helper()
	for n := int64(1); n <= 8; n++ {
		x := need("bread", "1.25", "kg")
		if n == 8 {
			x = need("bread", "700", "g")
			x.Periods = "2-4"
		}
		w.say(n, StateNeed(x, nil))
	}
	w.say(2, OfferWork(Offer{Skill: "baking", Steps: []Step{{dec("3"), dec("1")}, {dec("2"), dec("4")}}}, nil))
	w.say(5, OfferWork(Offer{Skill: "baking", For: string(bakery), Steps: []Step{{dec("2.5"), dec("1")}}}, nil))
}

func TestSumsByGroup(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	f, err := w.n.Freeze(t.Context())
	w.ok(err)
	if len(f.Left) > 0 {
		t.Errorf("left out: %+v", f.Left)
	}
	// Group sued has three people and is published with nord.
	if len(f.Groups) != 1 || f.Groups[0].ID != "groups:nord+sued" || f.Groups[0].Persons != 9 {
		t.Fatalf("got groups %+v, want both as one of nine", f.Groups)
	}
	got := map[string]float64{}
	for _, d := range f.Network.Needs {
		got[d.What+" "+d.Periods.String()] = d.Quantity
	}
	if len(got) != 2 || got["bread 1"] != 8.75 || got["bread 2-4"] != 9.45 {
		t.Errorf("got needs %v, want 8.75 in week 1 and 9.45 in weeks 2 to 4", got)
	}
	if len(f.Network.Work) != 3 {
		t.Errorf("got %d work offers, want 3", len(f.Network.Work))
	}
	if len(f.Network.Stocks) != 1 || f.Network.Stocks[0].Start != 20 {
		t.Errorf("got stocks %+v, want 20 kg of rye", f.Network.Stocks)
	}
	for n := int64(1); n <= 9; n++ {
		shares, err := w.n.MyShare(t.Context(), n, f.Hash)
		w.ok(err)
		if len(shares) != 5 {
			t.Fatalf("person %d has %d shares, want one of each sum", n, len(shares))
		}
		for _, s := range shares {
			w.ok(s.Verify())
			if n == 8 && s.Line.What == "bread" && s.Line.Window == "2-4" && s.Own.String() != "0.7" {
				t.Errorf("person 8 has %s of bread in weeks 2 to 4, want 0.7", s.Own)
			}
			if n == 9 && s.Own.Sign() != 0 {
				t.Errorf("person 9 said nothing and has %s of %s", s.Own, s.Line.What)
			}
		}
	}
}

func TestAFigurePerHeadHoldsForTheSilent(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	figure := w.say(5, StateFigure(Figure{Group: "nord", Product: "bread", Quantity: dec("0.5"), Unit: "kg", Urgency: "vital", Window: []byte(`{"periods":"3"}`)}, nil, ""), 6, 7, 8)
	w.n.View(func(s *State) {
		if len(s.Figures) != 1 || s.Decisions[len(s.Decisions)-1].Act != figure {
			t.Errorf("got figures %+v, decisions %+v", s.Figures, s.Decisions)
		}
	})
	sum := func() string {
		f, err := w.n.Freeze(t.Context())
		w.ok(err)
		shares, err := w.n.MyShare(t.Context(), 9, f.Hash)
		w.ok(err)
		for _, s := range shares {
			if s.Line.What == "bread" && s.Line.Window == "3" {
				w.ok(s.Verify())
				return s.Own.String() + " of " + s.Sum.String()
			}
		}
		return "none"
	}
	if got := sum(); got != "0.5 of 9.95" {
		t.Errorf("person 9 has %s, want 0.5 of 9.95", got)
	}
	frozen, err := w.n.Freeze(t.Context())
	w.ok(err)
	decline := w.say(9, DeclineFigure(figure))
	if shares, err := w.n.MyShare(t.Context(), 9, frozen.Hash); err != nil || len(shares) == 0 {
		t.Errorf("what was frozen before is shown as it was: %v", err)
	}
	if got := sum(); got != "none" { // week 3 is as weeks 2 and 4 again
		t.Errorf("person 9 declined and has %s", got)
	}
	w.refused("not-there", 8, AcceptFigure(decline))
	w.say(9, AcceptFigure(decline))
	if got := sum(); got != "0.5 of 9.95" {
		t.Errorf("person 9 accepted again and has %s, want 0.5 of 9.95", got)
	}
	again := w.say(9, DeclineFigure(figure))
	w.say(9, Disown(again, ""))
	if got := sum(); got != "0.5 of 9.95" {
		t.Errorf("somebody else declined for person 9, who has %s, want 0.5 of 9.95", got)
	}
	// A figure stated anew is another one: who declined the last has not declined it.
	w.say(9, DeclineFigure(figure))
	w.say(5, StateFigure(Figure{Group: "nord", Product: "bread", Quantity: dec("0.25"), Unit: "kg", Urgency: "vital", Window: []byte(`{"periods":"3"}`)}, &figure, ""), 6, 7, 8)
	if got := sum(); got != "0.25 of 9.7" {
		t.Errorf("after the figure was stated anew person 9 has %s, want 0.25 of 9.7", got)
	}
}

func TestTooFewPublishNothing(t *testing.T) {
	t.Parallel()
	w := founded(t, 4)
	_, err := w.n.Freeze(t.Context())
	w.hasCode(RefusedFew, err)
}

func TestANeedThatFitsNothingIsLeftOutAndNoPlanFails(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	bad := w.say(9, StateNeed(need("moon dust", "1", "kg"), nil))
	worse := w.say(9, StateNeed(need("bread", "1", "litre"), nil))
	f, err := w.n.Freeze(t.Context())
	w.ok(err)
	if len(f.Left) != 2 || f.Left[0].Entry != bad || f.Left[1].Entry != worse {
		t.Errorf("left out: %+v, want entries %d and %d", f.Left, bad, worse)
	}
	_, err = w.n.MyShare(t.Context(), 9, f.Hash)
	w.ok(err)
}

func TestAnErasedPersonHasNoShare(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	f, err := w.n.Freeze(t.Context())
	w.ok(err)
	w.say(7, Erase())
	if _, err := w.n.MyShare(t.Context(), 7, f.Hash); !errors.Is(err, record.ErrErased) {
		t.Errorf("got %v, want %v", err, record.ErrErased)
	}
	_, err = w.n.MyShare(t.Context(), 6, f.Hash)
	w.ok(err)
}

func makePlan(t *testing.T, n *network.Network) *plan.Plan {
	t.Helper()
	p, err := plan.Make(t.Context(), n, solver(t), plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPreferencesAmongVariantsAreSummedUp(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.say(1, Describe(govern.InNetwork, "products", []map[string]string{{"id": "rye bread", "unit": "kg"}, {"id": "wheat bread", "unit": "kg"}, {"id": "spelt bread", "unit": "kg"}}, nil, ""))
	w.say(1, Describe(govern.InNetwork, "kinds", []map[string]string{
		{"kind": "loaf", "product": "rye bread"}, {"kind": "loaf", "product": "wheat bread", "preference": "0.8"}, {"kind": "loaf", "product": "spelt bread", "preference": "0.7"},
	}, nil, ""))
	loaves := func(quantity, basis, periods string, prefer map[string]Decimal) Need {
		x := need("loaf", quantity, "kg")
		x.Basis, x.Periods, x.Prefer = basis, periods, prefer
		return x
	}
	// Four weeks: 2 kg each week are 8, 1 kg a day in week 1 are 7, 5 in all are 5, and 2 kg in weeks 2 and 3 are 4.
	w.say(2, StateNeed(loaves("2", "", "", map[string]Decimal{"rye bread": dec("0.5")}), nil))
	w.say(3, StateNeed(loaves("1", "day", "1", map[string]Decimal{"wheat bread": dec("1")}), nil))
	w.say(5, StateNeed(loaves("5000", "total", "", map[string]Decimal{"rye bread": dec("1"), "wheat bread": dec("0")}), nil))
	w.say(6, StateNeed(loaves("2", "period", "2-3", nil), nil))
	bad := w.say(7, StateNeed(loaves("1", "", "", map[string]Decimal{"rye": dec("1")}), nil))
	freeze := func() (*Frozen, map[string]float64) {
		t.Helper()
		f, err := w.n.Freeze(t.Context())
		w.ok(err)
		got := map[string]float64{}
		for _, p := range f.Network.Preferences {
			got[p.Product] = p.Preference
			if p.Agent != "groups:nord+sued" || p.Kind != "loaf" {
				t.Errorf("got a preference of %s among %s", p.Agent, p.Kind)
			}
		}
		for n := int64(1); n <= 9; n++ {
			shares, err := w.n.MyShare(t.Context(), n, f.Hash)
			w.ok(err)
			for _, s := range shares {
				w.ok(s.Verify())
				if n == 2 && s.Line.Kind == kindDislike && s.Line.Of == "rye bread" && s.Own.String() != "4" {
					t.Errorf("person 2 dislikes rye bread by %s, want half of 8", s.Own)
				}
			}
		}
		return f, got
	}
	// 5000 kg in all are 5000 of 5019; spelt bread has no row: nobody spoke of it.
	f, got := freeze()
	if len(f.Left) != 1 || f.Left[0].Entry != bad {
		t.Errorf("left out: %+v, want entry %d", f.Left, bad)
	}
	near := func(product string, want float64) {
		t.Helper()
		if d := got[product] - want; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s: preference %v, want %v", product, got[product], want)
		}
	}
	if len(got) != 2 {
		t.Errorf("got preferences %v, want those of rye and wheat bread", got)
	}
	near("rye bread", 1-4.0/5019)
	near("wheat bread", 1-(8*0.2+0+5000+4*0.2)/5019)
	// Who says nothing about a variant keeps the catalogue's; all who liked it less are gone.
	w.say(2, Leave(""))
	w.say(5, Leave(""))
	_, got = freeze()
	if len(got) != 1 {
		t.Errorf("got preferences %v, want that of wheat bread", got)
	}
	near("wheat bread", 1-4*0.2/11)
}
