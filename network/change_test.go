package network

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// village is a small network with something of everything a change can touch.
func village() *Network {
	ten, two := 10.0, 2.0
	n := &Network{
		Settings: Settings{ID: "village", Calendar: Calendar{Unit: Week, Periods: 4}, MoneyPerHour: 10},
		Skills:   []Skill{{ID: "baking"}},
		Sites:    []Site{{ID: "mill"}, {ID: "town"}},
		Agents:   []Agent{{ID: "bakery", Site: "town"}, {ID: "people", Persons: 20, Site: "town"}, {ID: "mill"}, {ID: "carrier", Site: "town"}},
		Products: []Product{{ID: "bread", Unit: "kg", Storable: true}, {ID: "flour", Unit: "kg", Weight: 1, Storable: true}, {ID: "oven", Unit: "kg", Durable: true, Storable: true}},
		Needs: []Need{
			{Agent: "people", What: "bread", Quantity: 30, Periods: Periods{{1, 2}}},
			{Agent: "people", What: "bread", Quantity: 40, Periods: Periods{{3, 4}}},
		},
		Recipes: []Recipe{{ID: "bake", Agent: "bakery"}, {ID: "grind", Agent: "mill"}},
		Flows: []Flow{
			{Recipe: "bake", Direction: In, What: "flour", Quantity: 0.7},
			{Recipe: "bake", Direction: Use, What: "oven", Quantity: 1},
			{Recipe: "bake", Direction: Labour, What: "baking", Quantity: 0.1},
			{Recipe: "bake", Direction: Out, What: "bread", Quantity: 1},
			{Recipe: "grind", Direction: Out, What: "flour", Quantity: 1},
		},
		Work:      []WorkOffer{{Agent: "bakery", Skill: "baking", Hours: 5}, {Agent: "people", Skill: "baking", Hours: 2, Burden: 1}},
		Stocks:    []Stock{{Agent: "bakery", Product: "oven", Start: 50}, {Agent: "bakery", Product: "flour", Start: 100}},
		Links:     []Link{{Agent: "carrier", From: "mill", To: "town", Mode: "cart", Capacity: &ten}},
		LinkFlows: []LinkFlow{{Link: "cart", Direction: Labour, What: "baking", PerTonne: 1}},
		Trade:     []Trade{{ID: "buy", Agent: "bakery", Type: "buy", Product: "flour", Price: 1, Most: &ten}},
		Commitments: []Commitment{
			{ID: "promise", Type: Delivery, Of: "people:bread", Least: &two},
			{ID: "haul", Type: Transfer, Of: "mill-town", Product: "flour", Least: &two},
			{ID: "bakes", Type: Runs, Of: "bake", Least: &two},
		},
	}
	n.Normalise()
	return n
}

func mustChange(t *testing.T, n *Network, changes ...string) *Network {
	t.Helper()
	var list []Change
	for _, s := range changes {
		parse := ParseSet
		if !strings.Contains(s, "=") {
			parse = ParseCut
		}
		c, err := parse(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		list = append(list, c)
	}
	m, err := n.With(list...)
	if err != nil {
		t.Fatalf("%v: %v", changes, err)
	}
	return m
}

func TestSet(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change string
		got    func(*Network) any
		want   any
	}{
		{"a figure by the row's ID", "work.bakery:baking.hours=6", func(n *Network) any { return n.Work[0].Hours }, 6.0},
		{"scaled", "work.bakery:baking.hours*=1.1", func(n *Network) any { return n.Work[0].Hours }, 5.5},
		{"scaled after the equals sign", "work.bakery:baking.hours=*1.1", func(n *Network) any { return n.Work[0].Hours }, 5.5},
		{"added to", "stocks[product=flour].start+=20", func(n *Network) any { return n.Stocks[1].Start }, 120.0},
		{"taken from", "stocks[product=flour,agent=bakery].start-=20", func(n *Network) any { return n.Stocks[1].Start }, 80.0},
		{"in a unit of its own", "stocks[product=flour].start=500 g", func(n *Network) any { return n.Stocks[1].Start }, 0.5},
		{"every row", "work[].hours*=2", func(n *Network) any { return n.Work[0].Hours + n.Work[1].Hours }, 14.0},
		{"rows that share an ID", "needs.people:bread.quantity*=2", func(n *Network) any { return n.Needs[0].Quantity + n.Needs[1].Quantity }, 140.0},
		{"one of the rows that share an ID", "needs[id=people:bread,periods=1-2].quantity=7", func(n *Network) any { return n.Needs[0].Quantity + n.Needs[1].Quantity }, 47.0},
		{"an optional bound", "links.mill-town.capacity=25", func(n *Network) any { return *n.Links[0].Capacity }, 25.0},
		{"an optional bound taken away", "links.mill-town.capacity=", func(n *Network) any { return n.Links[0].Capacity }, (*float64)(nil)},
		{"a whole number", "links.mill-town.delay=2", func(n *Network) any { return n.Links[0].Delay }, 2},
		{"a word", "needs.people:bread.urgency=vital", func(n *Network) any { return n.Needs[1].Urgency }, "vital"},
		{"a choice in German", "products.bread.reach=netzwerk", func(n *Network) any { return n.Products[0].Reach }, Anywhere},
		{"yes or no", "products.bread.storable=no", func(n *Network) any { return n.Products[0].Storable }, false},
		{"periods", "recipes.bake.starts=2-3", func(n *Network) any { return n.Recipes[0].Starts.String() }, "2-3"},
		{"a setting", "network.money_per_hour*=2", func(n *Network) any { return n.MoneyPerHour }, 20.0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := village()
			m := mustChange(t, n, tt.change)
			if got := tt.got(m); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s: got %v, want %v", tt.change, got, tt.want)
			}
			if !reflect.DeepEqual(n, village()) {
				t.Errorf("%s: the network itself changed", tt.change)
			}
		})
	}
}

func TestSetMistakes(t *testing.T) {
	for _, tt := range []struct {
		change string
		code   Code
		near   string
	}{
		{"work", CodeChangeForm, ""},
		{"work=3", CodeChangeForm, ""},
		{"work.hours=3", CodeChangeForm, ""},
		{"work[skill.hours=3", CodeChangeForm, ""},
		{"wrok.x.hours=3", CodeChangeTable, "work"},
		{"work.x.huors=3", CodeChangeColumn, "hours"},
		{"work[skil=baking].hours=3", CodeChangeColumn, "skill"},
		{"network.money_per_huor=3", CodeChangeColumn, "money_per_hour"},
		{"stocks.flour.start=3", CodeChangeNoID, ""},
		{"recipes.bakes.most=3", CodeChangeRow, "bake"},
		{"work[skill=bakin].hours=3", CodeChangeRow, "baking"},
		{"work[].hours=many", CodeNumber, ""},
		{"work[].hours=1,5", CodeNumber, ""},
		{"work[].hours=NaN", CodeNumber, ""},
		{"work[].hours-=3", CodeNegative, ""},
		{"products.bread.loss=1.5", CodeShare, ""},
		{"products.bread.shelf_life=1.5", CodeCount, ""},
		{"products.bread.unit*=2", CodeChangeNumber, ""},
		{"products.bread.durable=perhaps", CodeFlag, ""},
		{"products.bread.reach=far", CodeChoice, ""},
		{"stocks[].start=3 h", CodeUnit, ""},
		{"stocks[].start*=3 kg", CodeNumber, ""},
		{"storage[site=town].capacity*=2", CodeChangeRow, ""},
		{"trade.buy.total*=2", CodeChangeEmpty, ""},
		{"network.counting=some", CodeChoice, ""},
		{"network.periods=0.5", CodeCount, ""},
	} {
		t.Run(tt.change, func(t *testing.T) {
			c, err := ParseSet(tt.change)
			if err == nil {
				_, err = village().With(c)
			}
			var e *ChangeError
			if !errors.As(err, &e) || e.Code != tt.code || e.Nearest != tt.near {
				t.Fatalf("got %v, want code %s with nearest %q", err, tt.code, tt.near)
			}
			for _, lang := range []string{"de", "en"} {
				if s := e.In(lang); !strings.HasPrefix(s, tt.change+": ") || strings.ContainsAny(s, "{}") {
					t.Errorf("sentence in %s: %s", lang, s)
				}
			}
		})
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		name string
		cut  string
		gone func(*Network) bool
	}{
		{"an agent states nothing any more", "bakery", func(n *Network) bool {
			return len(n.Recipes) == 1 && len(n.Flows) == 1 && len(n.Work) == 1 && len(n.Stocks) == 0 && len(n.Trade) == 0 && len(n.Agents) == 4 && len(n.Commitments) == 2
		}},
		{"a group takes its needs along", "people", func(n *Network) bool { return len(n.Needs) == 0 && len(n.Commitments) == 2 }},
		{"an agent comes before its own site", "mill", func(n *Network) bool { return len(n.Recipes) == 1 && len(n.Links) == 1 }},
		{"no way leads to a site", "sites.mill", func(n *Network) bool {
			return len(n.Links) == 0 && len(n.LinkFlows) == 0 && len(n.Recipes) == 2 && len(n.Commitments) == 2
		}},
		{"nobody has or makes a product", "flour", func(n *Network) bool {
			return len(n.Flows) == 4 && len(n.Stocks) == 1 && len(n.Trade) == 0 && len(n.Products) == 3 && len(n.Commitments) == 2
		}},
		{"a product that is needed stays needed", "bread", func(n *Network) bool { return len(n.Needs) == 2 && len(n.Commitments) == 2 }},
		{"a recipe", "bake", func(n *Network) bool { return len(n.Recipes) == 1 && len(n.Flows) == 1 && len(n.Commitments) == 2 }},
		{"a link", "mill-town", func(n *Network) bool { return len(n.Links) == 0 && len(n.LinkFlows) == 0 && len(n.Commitments) == 2 }},
		{"trade", "buy", func(n *Network) bool { return len(n.Trade) == 0 }},
		{"a skill", "baking", func(n *Network) bool { return len(n.Work) == 0 }},
		{"one offer", "work.people:baking", func(n *Network) bool { return len(n.Work) == 1 }},
		{"a need", "people:bread", func(n *Network) bool { return len(n.Needs) == 0 && len(n.Commitments) == 2 }},
		{"a promise", "promise", func(n *Network) bool { return len(n.Commitments) == 2 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := village()
			m := mustChange(t, n, tt.cut)
			if !tt.gone(m) {
				t.Errorf("cut %s left %+v", tt.cut, m)
			}
			if ps := m.Validate(); len(ps) > 0 {
				t.Errorf("cut %s: %v", tt.cut, ps)
			}
			if !reflect.DeepEqual(n, village()) {
				t.Errorf("cut %s: the network itself changed", tt.cut)
			}
		})
	}
}

func TestCutMistakes(t *testing.T) {
	for _, tt := range []struct {
		cut  string
		code Code
		near string
	}{
		{"", CodeCutUnknown, ""},
		{"bakry", CodeCutUnknown, "bakery"},
		{"work.bakery:bakin", CodeCutUnknown, "bakery:baking"},
		{"stocks.flour", CodeCutTable, ""},
	} {
		c, err := ParseCut(tt.cut)
		if err == nil {
			_, err = village().With(c)
		}
		var e *ChangeError
		if !errors.As(err, &e) || e.Code != tt.code || e.Nearest != tt.near {
			t.Errorf("cut %q: got %v, want code %s with nearest %q", tt.cut, err, tt.code, tt.near)
		}
	}
	n := village()
	n.Skills = append(n.Skills, Skill{ID: "bake"})
	c, _ := ParseCut("bake")
	var e *ChangeError
	if _, err := n.With(c); !errors.As(err, &e) || e.Code != CodeCutAmbiguous || e.Expected != "recipes.bake, skills.bake" {
		t.Errorf("a name of a recipe and a skill: got %v", err)
	}
}

// Several changes are made one after the other; every one that cannot be made is told.
func TestSeveralChanges(t *testing.T) {
	m := mustChange(t, village(), "work[].hours*=2", "work.people:baking.hours+=1", "buy")
	if m.Work[1].Hours != 5 || len(m.Trade) != 0 {
		t.Errorf("got %v hours and %d chances to buy, want 5 and 0", m.Work[1].Hours, len(m.Trade))
	}
	a, _ := ParseCut("nobody")
	b, _ := ParseSet("recipes.x.most=1")
	_, err := village().With(a, b)
	if j, ok := err.(interface{ Unwrap() []error }); !ok || len(j.Unwrap()) != 2 {
		t.Errorf("got %v, want two mistakes", err)
	}
}

func FuzzParseSet(f *testing.F) {
	for _, s := range []string{"work.bakery:baking.hours=6", "work[skill=baking].hours*=0.9", "network.periods=3", "a.b.c=", "work[", "needs.people:bread.periods=1-3,7"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseSet(s)
		if err == nil {
			_, err = village().With(c)
		}
		var e *ChangeError
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("%q: %v is no ChangeError", s, err)
		}
	})
}

func TestChangeSentences(t *testing.T) {
	for code, s := range changeSentences {
		for _, mark := range []string{"{found}", "{expected}", "{nearest}"} {
			if strings.Contains(s.De, mark) != strings.Contains(s.En, mark) && !slices.Contains([]Code{CodeChangeForm}, code) {
				t.Errorf("%s: only one language has %s", code, mark)
			}
		}
	}
}
