package series

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"context"

	"pgregory.net/rapid"

	"bremen/lp/highs"
	"bremen/network"
	"bremen/network/tables"
	"bremen/plan"
)

func example(t testing.TB, name string) *network.Network {
	t.Helper()
	n, err := tables.Read("../examples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func of(t *testing.T, n *network.Network, name, text string) *Series {
	t.Helper()
	spec, err := Parse(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := spec.Of(n)
	if err == nil {
		err = s.Check(n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shown is a series as text: a line per variant.
func shown(s *Series) string {
	var b strings.Builder
	for _, v := range s.Variants {
		fmt.Fprintf(&b, "%s: %s\n", v.Name, strings.Join(texts(v.Changes), ", "))
	}
	return b.String()
}

func TestVariantsOfASeries(t *testing.T) {
	t.Parallel()
	n := example(t, "bakery")
	for _, c := range []struct{ what, name, text, want string }{
		{"one by one", "s.yaml", "title: Bread\nset: network.money_per_hour=10\nvariants:\n- {name: less, set: ['work[skill=baking].hours*=0.8']}\n- {name: none, cut: [bakery, farmers]}\n",
			": network.money_per_hour=10\nless: network.money_per_hour=10, work[skill=baking].hours*=0.8\nnone: network.money_per_hour=10, −bakery, −farmers\n"},
		{"a range in exact steps", "s.yaml", "ranges: ['work[skill=baking].hours=0..0.35 step 0.1']",
			": \n0: work[skill=baking].hours=0\n0.1: work[skill=baking].hours=0.1\n0.2: work[skill=baking].hours=0.2\n0.3: work[skill=baking].hours=0.3\n"},
		{"a grid, scaled and in a unit", "s.yaml", "ranges:\n- {name: Baking, set: 'work[skill=baking].hours=*1|2'}\n- stocks[product=flour].start=100..200 step 100 g\n",
			": \n1 / 100 g: work[skill=baking].hours=*1, stocks[product=flour].start=100 g\n1 / 200 g: work[skill=baking].hours=*1, stocks[product=flour].start=200 g\n" +
				"2 / 100 g: work[skill=baking].hours=*2, stocks[product=flour].start=100 g\n2 / 200 g: work[skill=baking].hours=*2, stocks[product=flour].start=200 g\n"},
		{"a table with commas", "s.csv", "name,work[skill=baking].hours,cut\nmore,20,\nnone,,bakery farmers\n",
			": \nmore: work[skill=baking].hours=20\nnone: −bakery, −farmers\n"},
		{"a table with semicolons and decimal commas", "s.CSV", "\ufeffname;work[].hours\r\nmehr;*=1,5\r\n", ": \nmehr: work[].hours*=1.5\n"},
		{"links one by one", "s.yaml", "cutoffs: links", ": \nlinks.farm-village: −links.farm-village\nlinks.village-hill: −links.village-hill\n"},
		{"suppliers one by one", "s.yaml", "cutoffs: [suppliers]",
			": \nsuppliers.A mill in the next valley: −trade.buy_flour\nsuppliers.buy_bottles: −trade.buy_bottles\nsuppliers.buy_bricks: −trade.buy_bricks\n"},
		{"agents that offer something", "s.yaml", "cutoffs: [agents]",
			": \nagents.bakery: −agents.bakery\nagents.children_house: −agents.children_house\nagents.farmers: −agents.farmers\nagents.mill_lane: −agents.mill_lane\n"},
		{"all coalitions of two", "s.yaml", "coalitions: [farmers, bakery]", ": \nbakery: −agents.farmers\nfarmers: −agents.bakery\nbakery + farmers: \n"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got := shown(of(t, n, c.name, c.text)); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// Up to eight players make all coalitions; more make each alone, all without each, and all.
func TestCoalitionsOfMany(t *testing.T) {
	t.Parallel()
	for players := 1; players <= 12; players++ {
		n := &network.Network{}
		for i := range players {
			id := fmt.Sprintf("a%02d", i)
			n.Agents = append(n.Agents, network.Agent{ID: id, Type: network.Organisation})
			n.Work = append(n.Work, network.WorkOffer{Agent: id})
		}
		_, list, err := coalitions(n, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := 1<<players - 1
		if players > AllCoalitions {
			want = 2*players + 1
		}
		seen := map[string]bool{}
		for _, v := range list {
			seen[v.Name] = true
			if len(v.Players)+len(v.Changes) != players {
				t.Errorf("%q: %d plan and %d do not, of %d", v.Name, len(v.Players), len(v.Changes), players)
			}
		}
		if len(list) != want || len(seen) != want || len(list[want-1].Players) != players {
			t.Errorf("%d players: %d coalitions, %d of them different, want %d; the last is %q", players, len(list), len(seen), want, list[len(list)-1].Name)
		}
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, en, de string }{
		{"s.yaml", "", "1:1: nothing varies", "1:1: hier variiert nichts"},
		{"s.yaml", "title: x", "nothing varies", "hier variiert nichts"},
		{"s.yaml", "variant: []", `there is no "variant" here; did you mean "variants"?`, "meintest du „variants“?"},
		{"s.yaml", "variants: [{name: a}]\nranges: ['a=1|2']", `"ranges" stands beside "variants"`, "nur auf eine Weise"},
		{"s.yaml", "variants: [{set: 'work[].hours=1'}]", "the variant has no name", "fehlt ein Name"},
		{"s.yaml", "variants: [{name: a}, {name: a}]", `"a" is there twice`, "zweimal"},
		{"s.yaml", "variants:\n- name: a\n  set: ['work[].hurs=1']", `unknown column "hurs"; did you mean "hours"?`, "meintest du „hours“?"},
		{"s.yaml", "ranges: ['work[].hours=1']", "is no range", "ist kein Bereich"},
		{"s.yaml", "ranges: ['work[].hours=0..1e9 step 1']", "variants, at most 10000", "höchstens 10000"},
		{"s.yaml", "ranges: ['work[].hours=0..1 step 0']", "is no range", "ist kein Bereich"},
		{"s.yaml", "ranges: ['work[].hours=0..1000 step 1', 'work[].burden=0..1000 step 1']", "1002001 variants", "1002001 Varianten"},
		{"s.yaml", "ranges: [a, b, c]", "one range, or two", "oder zwei"},
		{"s.yaml", "cutoffs: [agent]", `did you mean "agents"?`, "meintest du „agents“?"},
		{"s.yaml", "coalitions: [one]", "at least two agents", "mindestens zwei"},
		{"s.yaml", "[", "no YAML", "kein YAML"},
		{"s.csv", "nam,x\n", `no column "name"`, "fehlt die Spalte"},
		{"s.csv", "name,work[].hours\na,1,2\n", "no table", "keine Tabelle"},
		{"s.csv", "name,work.hours\na,1\n", "2:1: work.hours=1", "2:1: work.hours=1"},
		{"s.csv", "", "nothing varies", "hier variiert nichts"},
	} {
		_, err := Parse(c.name, []byte(c.text))
		var ms Mistakes
		if !errors.As(err, &ms) {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if en, de := ms[0].In("en"), ms[0].In("de"); !strings.Contains(en, c.en) || !strings.Contains(de, c.de) {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, en, de, c.en, c.de)
		}
	}
	spec, err := Parse("s.yaml", []byte("coalitions: [bakry, farmers]"))
	if err == nil {
		_, err = spec.Of(example(t, "bakery"))
	}
	if err == nil || !strings.Contains(err.Error(), `did you mean "bakery"`) {
		t.Errorf("an unknown player: %v", err)
	}
}

// What a change names that is not there, and what it makes invalid, is told of every variant.
func TestCheckTellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	n := example(t, "bakery")
	spec, err := Parse("s.yaml", []byte("variants:\n- {name: a, cut: bakry}\n- {name: b, set: 'work[].hours=-1'}\n- {name: c}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := spec.Of(n)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(s.Check(n))
	if !strings.Contains(got, `variant "a"`) || !strings.Contains(got, `variant "b"`) || strings.Contains(got, `variant "c"`) {
		t.Errorf("got %s", got)
	}
	s.Ladder = "none"
	if s.Check(n) == nil {
		t.Error("an unknown ladder passes")
	}
}

// Every kind of cut-off and all coalitions leave networks that can be planned.
func TestWhatFollowsFromANetworkIsValid(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"bakery", "region", "factory", "village-100"} {
		n := example(t, name)
		for _, text := range []string{"cutoffs: [" + strings.Join(cuttable, ", ") + "]", "coalitions: all"} {
			spec, err := Parse("s.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			s, err := spec.Of(n)
			if m := (*Mistake)(nil); errors.As(err, &m) && m.Code == CodeNothing {
				continue // nobody offers anything there
			}
			if err == nil {
				err = s.Check(n)
			}
			if err != nil {
				t.Errorf("%s: %s: %v", name, text, err)
			}
		}
	}
}

// Outcomes are the same bytes whoever computes them, in whatever order and however many side by side.
func TestOutcomesDependOnNothingElse(t *testing.T) {
	t.Parallel()
	n := example(t, "bakery")
	s := of(t, n, "s.yaml", "variants:\n- {name: a, cut: farmers}\n- {name: b, set: 'work[skill=farming].hours*=0.5'}\n- {name: like a, cut: farmers}\n- {name: none, set: 'limits[].quantity=0'}\n")
	orders := s.Orders()
	if len(orders) != 4 {
		t.Fatalf("%d orders, want 4: equal variants are one", len(orders))
	}
	var tables []string
	for _, side := range []int{1, 3} {
		pool, err := highs.New(highs.Options{Instances: side})
		if err != nil {
			t.Fatal(err)
		}
		outcomes := map[string]*Outcome{}
		err = Run(t.Context(), orders, side, func(ctx context.Context, o Order) (*Outcome, error) {
			read, err := DecodeOrder(o.Encode())
			if err != nil {
				return nil, err
			}
			return Compute(ctx, n, read, pool, nil)
		}, func(o Order, out *Outcome) error {
			text, err := out.Encode()
			if err != nil {
				return err
			}
			outcomes[o.Hash()], err = DecodeOutcome(text, network.Hash(n), o.Hash())
			return err
		})
		pool.Close()
		if err != nil {
			t.Fatal(err)
		}
		table, err := NewTable(n, s, outcomes)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(table)
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, string(b))
		slices.Reverse(orders)
		if table.Rows[1].Outcome != table.Rows[3].Outcome {
			t.Error("equal variants have two outcomes")
		}
		for _, r := range table.Rows {
			if r.Proven != (r.Status == plan.Optimal) {
				t.Errorf("%q: %s, proven %t", r.Name, r.Status, r.Proven)
			}
		}
	}
	if tables[0] != tables[1] {
		t.Errorf("one at a time:\n%s\nthree side by side, backwards:\n%s", tables[0], tables[1])
	}
}

func TestRunStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	var orders []Order
	for i := range 100 {
		orders = append(orders, Order{Changes: []Stated{{Text: fmt.Sprint(i)}}})
	}
	broken := errors.New("broken")
	var begun atomic.Int32
	var mu sync.Mutex
	kept := 0
	err := Run(t.Context(), orders, 4, func(ctx context.Context, o Order) (*Outcome, error) {
		if begun.Add(1) == 10 {
			return nil, broken
		}
		return &Outcome{}, ctx.Err()
	}, func(Order, *Outcome) error {
		mu.Lock()
		defer mu.Unlock()
		kept++
		return nil
	})
	if !errors.Is(err, broken) || kept < 6 || begun.Load() > 20 {
		t.Errorf("%v; %d begun, %d kept", err, begun.Load(), kept)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Run(ctx, orders, 4, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAnOrderIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		o := Order{Planner: Planner, Ladder: rapid.String().Draw(r, "ladder"), Changes: []Stated{}}
		for range rapid.IntRange(0, 5).Draw(r, "changes") {
			o.Changes = append(o.Changes, Stated{rapid.Bool().Draw(r, "cut"), rapid.String().Draw(r, "text")})
		}
		read, err := DecodeOrder(o.Encode())
		if err != nil || read.Hash() != o.Hash() {
			r.Errorf("%+v is read as %+v, %v", o, read, err)
		}
	})
	if _, err := Compute(t.Context(), &network.Network{}, Order{Planner: "other"}, nil, nil); err == nil {
		t.Error("an order to another planner is computed")
	}
}

// What is read is within bounds, and makes a series or a mistake.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"title: {de: a, en: b}\nladder: x\nset: ['work[].hours=1']\nvariants: [{name: a, cut: b}]", "ranges: ['work[].hours*=1..2 step 0.5 h', {name: x, set: 'work[].hours=1|2'}]",
		"cutoffs: [agents, suppliers]", "coalitions: all", "variants: {", "- - - [",
	} {
		f.Add("s.yaml", []byte(s))
	}
	f.Add("s.csv", []byte("name;work[].hours;cut\na;1,5;x y\n"))
	f.Add("s.csv", []byte("name,\"a"))
	f.Add("s.csv", []byte("\""))
	n := example(f, "bakery")
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		spec, err := Parse(name, text)
		if err != nil {
			var ms Mistakes
			if !errors.As(err, &ms) || ms[0].In("de") == "" || ms[0].In("en") == "" {
				t.Errorf("%v", err)
			}
			return
		}
		s, err := spec.Of(n)
		if err == nil && (len(s.Variants) < 2 || len(s.Variants) > MaxVariants) {
			t.Errorf("%d variants", len(s.Variants))
		}
	})
}

func FuzzDecodeOrder(f *testing.F) {
	f.Add(Order{Planner: Planner, Changes: []Stated{{true, "x"}, {false, "work[].hours=1"}}}.Encode())
	f.Add([]byte(`{"planner":"","changes":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := DecodeOrder(text)
		if err == nil && string(o.Encode()) != string(text) {
			t.Errorf("%q is read and written as %q", text, o.Encode())
		}
		if err == nil {
			o.changes() //nolint:errcheck // whatever comes, it does not panic
		}
	})
}

func FuzzDecodeOutcome(f *testing.F) {
	text, err := (&Outcome{Network: "n", Variant: "v", Status: plan.Optimal, Rungs: []Rung{}, Agents: []Served{{Agent: "a"}}}).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := DecodeOutcome(text, "n", "v")
		if err != nil {
			return
		}
		if again, err := o.Encode(); err != nil || string(again) != string(text) {
			t.Errorf("%q is read and written as %q, %v", text, again, err)
		}
	})
}
