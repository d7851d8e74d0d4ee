package plan

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"bremen/network"
	"bremen/network/tables"
)

// reverify writes and reads the proofs of a plan and verifies it.
func reverify(t *testing.T, n *network.Network, pl *Plan) *Verification {
	t.Helper()
	var b bytes.Buffer
	if err := pl.Proofs.Write(&b); err != nil {
		t.Fatal(err)
	}
	proofs, err := ReadProofs(&b)
	if err != nil {
		t.Fatal(err)
	}
	v, err := Verify(n, &pl.Document, proofs)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// wholesHold checks what a rounded plan promises, and returns the amount of each whole column.
func wholesHold(t *testing.T, pl *Plan) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	if pl.Rounded == nil {
		t.Fatalf("no rounded plan: %+v", pl.Rounding)
	}
	if r := residual(pl.Program.LP, pl.Rounded); r > roundingFeasible {
		t.Errorf("the rounded plan breaks a bound by %g", r)
	}
	for _, w := range pl.Program.wholes() {
		x := pl.Rounded[w.col]
		out[pl.Program.colName(w.col)] = x
		if w.unit > 0 && math.Abs(x/w.unit-math.Round(x/w.unit)) > 1e-9 {
			t.Errorf("%s: %g is no multiple of %g", pl.Program.colName(w.col), x, w.unit)
		}
		if x != 0 && x < w.least*(1-1e-9) {
			t.Errorf("%s: %g is below the least order of %g", pl.Program.colName(w.col), x, w.least)
		}
	}
	return out
}

// shop: ten households want 7 kg of rice a week for two weeks; it is bought.
func shop() *network.Network {
	n := bakery()
	n.Calendar.Periods = 2
	n.Currency = "EUR"
	n.Products = []network.Product{{ID: "rice", Name: "Reis", Unit: "kg", Storable: true}}
	n.Needs = []network.Need{{ID: "n1", Agent: "people", What: "rice", Quantity: 7, Urgency: "vital"}}
	n.Recipes, n.Flows, n.Stocks, n.Work = nil, nil, nil, nil
	n.Ladders["default"] = append(n.Ladders["default"][:2:2], network.Rung{Goal: "money", Kind: network.Least, Terms: []network.Term{{Of: "money"}}})
	n.Trade = []network.Trade{{ID: "t1", Site: "village", Type: "buy", Product: "rice", Price: 2}}
	n.Budgets = []network.Budget{{Opening: 100}}
	return n
}

func TestRunsComeInWholeBatches(t *testing.T) {
	n := bakery()
	n.Recipes[0].Batch = 7 // 60 hours of oven hold 8 batches of 7 runs
	pl := planned(t, n)
	at := wholesHold(t, pl)
	// Week 1 wants 50 runs: 8 batches, for 7 give only 49.
	for name, want := range map[string]float64{"run(bake,1)": 56, "run(bake,2)": 56, "run(bake,3)": 56} {
		if at[name] != want {
			t.Errorf("%s: got %g, want %g", name, at[name], want)
		}
	}
	r := pl.Rounding
	// Weeks 2 and 3 fall from 0.6 to 0.56; week 1 stays full: the mean of the three is 0.08/3.
	if r.Method != RoundedInteger || math.Abs(r.Loss["vital"]-0.08/3) > 1e-6 || r.Gap > roundingGap {
		t.Errorf("got %+v", r)
	}
	if !near6(pl.Ladder[0].Levels[0], 0.6) {
		t.Errorf("the ladder's level is %g, want that of the continuous plan, 0.6", pl.Ladder[0].Levels[0])
	}
	for _, l := range pl.Runs {
		if l.Runs != 56 {
			t.Errorf("the list shows %g runs in week %d", l.Runs, l.Period)
		}
	}
	if v := reverify(t, n, pl); !v.Holds {
		t.Errorf("%q", v.Failures)
	}
}

func TestPurchasesComeInPacksAndLeastOrders(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*network.Network)
		bought [2]float64
		loss   float64
	}{
		{"packs, what is left over is kept for the next week", func(n *network.Network) { n.Trade[0].Pack = 5 }, [2]float64{10, 5}, 0},
		{"money for two packs and a half", func(n *network.Network) { n.Trade[0].Pack, n.Budgets[0].Opening = 5, 25 }, [2]float64{5, 5}, 2.5 / 14},
		{"one order of both weeks, as the least is ten", func(n *network.Network) { n.Trade[0].Least = 10 }, [2]float64{14, 0}, 0},
		{"the least order is more than one can pay", func(n *network.Network) { n.Trade[0].Least = 60 }, [2]float64{0, 0}, 1},
		{"least order in packs", func(n *network.Network) { n.Trade[0].Least, n.Trade[0].Pack = 8, 5 }, [2]float64{15, 0}, 0},
		{"steps of the product", func(n *network.Network) { n.Products[0].Step = 4 }, [2]float64{8, 8}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := shop()
			c.change(n)
			pl := planned(t, n)
			at := wholesHold(t, pl)
			got := [2]float64{at["buy(t1,1)"], at["buy(t1,2)"]}
			if math.Abs(got[0]+got[1]-c.bought[0]-c.bought[1]) > 1e-6 {
				t.Errorf("bought %v, want %v", got, c.bought)
			}
			if math.Abs(pl.Rounding.Loss["vital"]-c.loss) > 1e-6 {
				t.Errorf("loss %v, want %g", pl.Rounding.Loss, c.loss)
			}
			if v := reverify(t, n, pl); !v.Holds {
				t.Errorf("%q", v.Failures)
			}
		})
	}
}

func TestNothingComesInWholes(t *testing.T) {
	n := bakery()
	pl := planned(t, n)
	if pl.Rounding != nil || pl.Rounded != nil || pl.Proofs.Rounded != nil {
		t.Errorf("got %+v", pl.Rounding)
	}
	n = bakery()
	n.Recipes[0].Batch = 10
	if pl = planned(t, n); pl.Rounding.Method != RoundedAlready || pl.Rounding.Loss["vital"] != 0 {
		t.Errorf("60, 60 and 50 runs are whole batches of 10: got %+v", pl.Rounding)
	}
	if v := reverify(t, n, pl); !v.Holds {
		t.Errorf("%q", v.Failures)
	}
}

func TestNoWholePlan(t *testing.T) {
	n := bakery()
	n.Recipes[0].Batch = 7
	n.Commitments = []network.Commitment{{ID: "c", Type: network.Runs, Of: "bake", Least: figure(58), Periods: network.Periods{{From: 2, To: 2}}}}
	pl := planned(t, n) // 63 runs exceed the oven
	if pl.Rounding.Method != RoundedNotAtAll || pl.Rounded != nil || len(pl.Runs) == 0 {
		t.Errorf("got %+v", pl.Rounding)
	}
	if v := reverify(t, n, pl); !v.Holds {
		t.Errorf("%q", v.Failures)
	}
}

func TestRoundingStepByStep(t *testing.T) {
	for _, change := range []func(*network.Network){
		func(n *network.Network) { n.Recipes[0].Batch = 7 },
		func(n *network.Network) {
			n.Recipes[0].Batch = 7
			n.Commitments = []network.Commitment{{ID: "c", Type: network.Runs, Of: "bake", Least: figure(50), Periods: network.Periods{{From: 2, To: 2}}}}
		},
	} {
		n := bakery()
		change(n)
		n.Normalise()
		pl, err := Make(context.Background(), n, testSolver(t), Options{Continuous: true})
		if err != nil {
			t.Fatal(err)
		}
		r := newRounding(pl.climb, pl.Program.wholes(), testSolver(t))
		choice, _, err := r.dive(context.Background())
		if err != nil || choice == nil {
			t.Fatalf("got %v, %v", choice, err)
		}
		x, err := r.complete(context.Background(), choice)
		if err != nil || x == nil {
			t.Fatalf("choice %v cannot be completed: %v", choice, err)
		}
		if choice[1] != 56 {
			t.Errorf("got %v", choice)
		}
	}
	n, err := tables.Read("../examples/bakery")
	if err != nil {
		t.Fatal(err)
	}
	pl, err := Make(context.Background(), n, testSolver(t), Options{Continuous: true})
	if err != nil {
		t.Fatal(err)
	}
	r := newRounding(pl.climb, pl.Program.wholes(), testSolver(t))
	choice, gap, err := r.dive(context.Background())
	if err != nil || choice == nil {
		t.Fatalf("bakery: got %v, %v", choice, err)
	}
	t.Logf("bakery: %d programs, gap %g", r.programs, gap)
}

func TestVerifyRejectsChangedRoundedPlans(t *testing.T) {
	n := bakery()
	n.Recipes[0].Batch = 7
	for name, spoil := range map[string]func(*Plan){
		"no whole batch":  func(p *Plan) { p.Proofs.Rounded[p.Program.wholes()[0].col] -= 0.5 },
		"breaks a bound":  func(p *Plan) { p.Proofs.Rounded[p.Program.wholes()[1].col] = 63 },
		"loss understate": func(p *Plan) { p.Rounding.Loss["vital"] /= 2 },
		"loss left out":   func(p *Plan) { p.Rounding.Loss = nil },
		"list changed":    func(p *Plan) { p.Runs[0].Runs = 49 },
		"left out":        func(p *Plan) { p.Proofs.Rounded = nil },
		"not said":        func(p *Plan) { p.Rounding = nil },
	} {
		pl := planned(t, n)
		spoil(pl)
		if v := reverify(t, n, pl); v.Holds {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestBakeryExampleInWholeBatches(t *testing.T) {
	n, err := tables.Read("../examples/bakery")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	pl := planned(t, n)
	t.Logf("%v, %+v", time.Since(start), pl.Rounding)
	wholesHold(t, pl)
	if pl.Rounding.Method != RoundedInteger {
		t.Errorf("got %+v", pl.Rounding)
	}
	for _, l := range pl.Runs {
		if strings.HasPrefix(l.Recipe, "bake") && l.Runs != math.Round(l.Runs) {
			t.Errorf("%+v", l)
		}
	}
	for _, l := range pl.Purchases {
		if l.Product == "flour" && math.Mod(l.Quantity, 25) != 0 {
			t.Errorf("%+v", l)
		}
	}
	if v := reverify(t, n, pl); !v.Holds {
		t.Errorf("%q", v.Failures)
	}
	again := planned(t, n)
	for j, v := range pl.Rounded {
		if again.Rounded[j] != v {
			t.Fatalf("column %d is %g, then %g", j, v, again.Rounded[j])
		}
	}
}
