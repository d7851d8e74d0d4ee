package plan

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp"
	"bremen/network"
)

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		if a, b := withoutSeconds(r, &lawful(r, t, n).Document), withoutSeconds(r, &lawful(r, t, n).Document); a != b {
			r.Errorf("first\n%s\nthen\n%s", a, b)
		}
	})
}

func TestMakeDoesNotChangeTheNetwork(t *testing.T) {
	n := bakery()
	n.Normalise()
	before := stated(n)
	planned(t, n)
	if after := stated(n); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

func TestALadderIsChosenByName(t *testing.T) {
	n := bakery()
	n.Ladders["lazy"] = network.Ladder{{Goal: "hours", Kind: network.Least, Terms: []network.Term{{Of: "hours"}}}}
	n.Normalise()
	pl, err := Make(t.Context(), n, testSolver(t), Options{Ladder: "lazy"})
	if err != nil || pl.LadderName != "lazy" || len(pl.Runs) != 0 {
		t.Errorf("got %v, ladder %q, %d runs", err, pl.LadderName, len(pl.Runs))
	}
	if v := holds(t, n, &pl.Document, pl.Proofs); !v.Holds {
		t.Error(v.Failures)
	}
	if _, err := Make(t.Context(), n, testSolver(t), Options{Ladder: "steep"}); err == nil || !strings.Contains(err.Error(), `no ladder "steep"`) {
		t.Errorf("got %v", err)
	}
}

func TestWithoutALadderTheDefaultOneIsClimbed(t *testing.T) {
	n := bakery()
	n.Ladders = nil
	pl := planned(t, n)
	var goals []string
	for _, r := range pl.Ladder {
		goals = append(goals, r.Goal)
	}
	want := []string{"vital-half", "vital-most", "vital", "wish", "effort", "rest", "movement", "stock-and-transport"}
	if !slices.Equal(goals, want) {
		t.Errorf("got %q, want %q", goals, want)
	}
	if v := holds(t, n, &pl.Document, pl.Proofs); !v.Holds {
		t.Error(v.Failures)
	}
}

// stopping is a solver that is cancelled at its k-th program.
type stopping struct {
	lp.Solver
	after  int
	cancel context.CancelFunc
}

func (s *stopping) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	if s.after--; s.after < 0 {
		s.cancel()
	}
	return s.Solver.Solve(ctx, p, o)
}

func TestCancellingEndsWithTheContextsError(t *testing.T) {
	for after := range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		n := bakery()
		n.Normalise()
		pl, err := Make(ctx, n, &stopping{testSolver(t), after, cancel}, Options{})
		if !errors.Is(err, context.Canceled) || pl != nil {
			t.Errorf("cancelled at program %d: got %v, %v", after+1, pl, err)
		}
		cancel()
	}
}

// broken is a solver that crashes.
type broken struct{}

func (broken) Solve(context.Context, *lp.Problem, lp.Options) (*lp.Solution, error) {
	return nil, errors.New("out of memory")
}

func TestASolverThatCrashesIsAnErrorThatNamesTheRung(t *testing.T) {
	n := bakery()
	n.Normalise()
	_, err := Make(t.Context(), n, broken{}, Options{})
	if err == nil || !strings.Contains(err.Error(), "rung vital") || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("got %v", err)
	}
}

func TestReplanningFromGuessesGivesTheSameLevels(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		old := lawful(r, t, n)
		if old.Status == Infeasible {
			return
		}
		relax(r, n)
		fresh := lawful(r, t, n)
		pl, err := Make(t.Context(), n, testSolver(t), Options{Guess: old.Proofs})
		if err != nil {
			r.Fatalf("%v\n%s", err, stated(n))
		}
		if v := holds(r, n, &pl.Document, pl.Proofs); !v.Holds {
			r.Fatalf("with guesses: %v\n%s", v.Failures, stated(n))
		}
		for rung := range fresh.Ladder {
			if fresh.Ladder[rung].Kind != string(network.Leximin) {
				if a, b := fresh.Ladder[rung].Value, pl.Ladder[rung].Value; math.Abs(a-b) > 1e-3*(1+math.Abs(a)) {
					r.Fatalf("rung %s is %g, with guesses %g\n%s", fresh.Ladder[rung].Goal, a, b, stated(n))
				}
				continue
			}
			if a, b := fresh.progress(rung), pl.progress(rung); compareProgress(a, b) != 0 {
				r.Fatalf("rung %s reaches %v, with guesses %v\n%s", fresh.Ladder[rung].Goal, a, b, stated(n))
			}
		}
	})
}

func TestALadderThatEndsWithNeedsCanBeGuessed(t *testing.T) {
	n := bakery()
	n.Ladders["default"] = n.Ladders["default"][:1]
	old := planned(t, n)
	for _, hours := range []float64{40, 30} {
		n.Work[0].Hours = hours
		pl, err := Make(t.Context(), n, testSolver(t), Options{Guess: old.Proofs})
		if err != nil {
			t.Fatalf("%g hours: %v", hours, err)
		}
		if v := holds(t, n, &pl.Document, pl.Proofs); !v.Holds {
			t.Errorf("%g hours: %v", hours, v.Failures)
		}
	}
}

func TestThePlanInForceIsKeptWhereNothingIsLost(t *testing.T) {
	d := drafted(2)
	d.good("bread")
	for _, id := range []string{"here", "there"} {
		d.recipe(id, 10)
		d.flow(network.Out, "bread", 1)
	}
	d.link("farm", "town")
	d.need("bread", "people", "bread", 10)
	d.Ladders["default"] = append(d.Ladders["default"][:1], network.Rung{Goal: "calm", Kind: network.Least, Terms: []network.Term{{Of: "movement"}}})
	d.Normalise()
	force := &Document{Runs: []RunLine{{Recipe: "there", Period: 1, Runs: 8}, {Recipe: "here", Period: 2, Runs: 9}}}
	pl, err := Make(t.Context(), d.Network, testSolver(t), Options{InForce: force})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := runsIn(&pl.Document, "there", 1), runsIn(&pl.Document, "here", 2); a < 8-1e-5 || b < 9-1e-5 {
		t.Errorf("got %g and %g, 8 and 9 are in force", a, b)
	}
	if got := pl.Ladder[1].Value; !near6(got, 3) {
		t.Errorf("got movement %g, want 3", got)
	}
	if v := holds(t, d.Network, &pl.Document, pl.Proofs); !v.Holds {
		t.Errorf("not proven: %v", v.Failures)
	}
}

// What an exchange gives away is its own rung's, not what earlier rungs secured.
func TestAnExchangeDoesNotTouchEarlierRungs(t *testing.T) {
	d := drafted(1)
	d.good("bread")
	d.good("cake")
	d.good("flour")
	d.stock("farm", "flour", 10)
	for _, id := range []string{"bread", "cake"} {
		d.recipe("bake "+id, 100)
		d.flow(network.In, "flour", 1)
		d.flow(network.Out, id, 1)
	}
	d.link("farm", "town")
	d.need("bread", "people", "bread", 20).Urgency = "vital"
	d.need("cake", "people", "cake", 1).Urgency = "wish"
	d.Ladders["default"] = network.Ladder{
		{Goal: "some", Kind: network.Leximin, Sets: []network.Set{{Urgency: "vital", To: 0.5}}},
		{Goal: "more", Kind: network.Leximin, Sets: []network.Set{{Urgency: "vital", To: 1}}, Exchange: &network.Exchange{Give: 0.1, Gain: 2}},
		{Goal: "wish", Kind: network.Leximin, Sets: []network.Set{{Urgency: "wish", To: 1}}},
	}
	plannedRight(t, d.Network, wants{"bread@1": 0.5, "cake@1": 0})
	// Without the first rung a tenth less bread gives all the cake: 0.05 of bread for 1.
	d.Ladders["default"] = d.Ladders["default"][1:]
	plannedRight(t, d.Network, wants{"bread@1": 0.45, "cake@1": 1})
}

// What nothing bounds but the needs: purchases, free carriage both ways, runs.
func TestWhatHasNoBoundOfItsOwnIsProvenAllTheSame(t *testing.T) {
	for name, build := range map[string]func(d *draft){
		"purchases without end": func(d *draft) {
			d.good("rice")
			d.buy("town", "rice", 2).Most = nil
			d.need("rice", "people", "rice", 10)
		},
		"links both ways without room or cost": func(d *draft) {
			d.good("rice")
			d.stock("farm", "rice", 7)
			d.link("farm", "town").TwoWay = true
			d.link("farm", "mill").TwoWay = true
			d.link("mill", "town").TwoWay = true
			d.Sites[1].Transit = true
			d.need("rice", "people", "rice", 10)
			d.need("other", "people", "rice", 5)
		},
		"runs without end": func(d *draft) {
			d.good("rice")
			d.recipe("grow", 0)
			d.flow(network.Out, "rice", 1)
			d.link("farm", "town")
			d.need("rice", "people", "rice", 10)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := drafted(2)
			build(d)
			pl := plannedRight(t, d.Network, nil)
			if _, err := json.Marshal(&pl.Document); err != nil {
				t.Errorf("plan.json: %v", err)
			}
			if _, err := json.Marshal(pl.Proofs); err != nil {
				t.Errorf("proofs: %v", err)
			}
		})
	}
}
