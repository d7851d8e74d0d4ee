package plan

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bremen/network"
)

// lawful plans a random network; a network that contradicts itself is not drawn.
func lawful(t *rapid.T, s *testing.T, n *network.Network) *Plan {
	t.Helper()
	pl, err := Make(s.Context(), n, testSolver(s), Options{})
	if err != nil {
		t.Fatalf("plan: %v\n%s", err, stated(n))
	}
	return pl
}

// stated is a network as text, for messages.
func stated(n *network.Network) string {
	var b strings.Builder
	network.WriteJSON(&b, n)
	return b.String()
}

func TestBalancesClose(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		pl := lawful(r, t, n)
		if pl.Status == Infeasible {
			return
		}
		if wrong := audited(n, &pl.Document); len(wrong) > 0 {
			r.Errorf("%s\n%s", strings.Join(wrong, "\n"), stated(n))
		}
	})
}

func TestEveryPlanIsProven(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		pl := lawful(r, t, n)
		if pl.Status == Infeasible {
			return
		}
		v, err := Verify(n, &pl.Document, pl.Proofs)
		if err != nil || !v.Holds {
			r.Errorf("%v %+v\n%s", err, v, stated(n))
		}
	})
}

// withoutSeconds is a plan's JSON without what depends on the clock.
func withoutSeconds(t rapid.TB, d *Document) string {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatalf("plan.json: %v", err)
	}
	var c Document
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	c.Program.Seconds = 0
	for i := range c.Ladder {
		c.Ladder[i].Seconds = 0
		for k := range c.Ladder[i].Rounds {
			c.Ladder[i].Rounds[k].Seconds = 0
		}
	}
	if b, err = json.Marshal(&c); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheOrderOfRowsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		first := withoutSeconds(r, &lawful(r, t, n).Document)
		shuffle(r, n)
		second := withoutSeconds(r, &lawful(r, t, n).Document)
		if first != second {
			r.Errorf("first\n%s\nthen, rows in another order,\n%s\n%s", first, second, stated(n))
		}
	})
}

func shuffle(r *rapid.T, n *network.Network) {
	n.Sites = rapid.Permutation(n.Sites).Draw(r, "sites")
	n.Agents = rapid.Permutation(n.Agents).Draw(r, "agents")
	n.Products = rapid.Permutation(n.Products).Draw(r, "products")
	n.Contents = permuted(r, n.Contents)
	n.Variants = permuted(r, n.Variants)
	n.Needs = permuted(r, n.Needs)
	n.Recipes = permuted(r, n.Recipes)
	n.Flows = permuted(r, n.Flows)
	n.Work = permuted(r, n.Work)
	n.Stocks = permuted(r, n.Stocks)
	n.Links = permuted(r, n.Links)
	n.LinkFlows = permuted(r, n.LinkFlows)
	n.Trade = permuted(r, n.Trade)
}

func permuted[R any](r *rapid.T, rows []R) []R {
	if len(rows) < 2 {
		return rows
	}
	return rapid.Permutation(rows).Draw(r, "rows")
}

// progress is, per leximin rung, the sorted progress of the rung's elements in
// the plan. Elements that stood at their height before count as 1.
func (pl *Plan) progress(rung int) []float64 {
	c := pl.climb
	var out []float64
	for e, h := range c.heightAt[rung] {
		if h <= 0 {
			continue
		}
		s := c.startAt[rung][e]
		v := 1.0
		if h > s+1e-9 {
			v = min(1, (pl.X[c.p.Elements[e].Col]-s)/(h-s))
		}
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}

// sameWithin: sorted progresses that differ by less are equal. Levels are exact to about 1e-4 (sameLevel).
const sameWithin = 5e-4

// compareProgress compares sorted progresses lexicographically: −1 where a is worse.
func compareProgress(a, b []float64) int {
	for i := range min(len(a), len(b)) {
		switch {
		case a[i] < b[i]-sameWithin:
			return -1
		case a[i] > b[i]+sameWithin:
			return 1
		}
	}
	return 0
}

// Compared is satisfaction rung by rung, for a relaxed network has the same
// elements: the first rung that differs must have become better. Where an
// earlier rung became better, later ones start elsewhere.
func TestRelaxingABoundNeverWorsensTheLadder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		n.Allowance = "none" // what others state is a bound too, but of another kind
		before := lawful(r, t, n)
		what := relax(r, n)
		if what == "" || before.Status == Infeasible {
			return
		}
		after := lawful(r, t, n)
		if after.Status != Optimal {
			r.Fatalf("after %s the plan is %s\n%s", what, after.Status, stated(n))
		}
		for rung := range before.Ladder {
			a, b := &before.Ladder[rung], &after.Ladder[rung]
			if a.Kind == string(network.Leximin) {
				order := compareProgress(before.progress(rung), after.progress(rung))
				if order > 0 {
					r.Fatalf("after %s rung %s falls from %v to %v\n%s", what, a.Goal, before.progress(rung), after.progress(rung), stated(n))
				}
				if order < 0 {
					return
				}
				continue
			}
			better := a.Value - b.Value
			if a.Kind == string(network.Most) {
				better = -better
			}
			// Levels held within sameWithin cost something too.
			if better < -2e-2*(1+math.Abs(a.Value)) {
				r.Fatalf("after %s rung %s goes from %g to %g\n%s", what, a.Goal, a.Value, b.Value, stated(n))
			}
			if better > 1e-4*(1+math.Abs(a.Value)) {
				return
			}
		}
	})
}

// relax loosens one bound of a network and says which; "" where it has none of that sort.
func relax(r *rapid.T, n *network.Network) string {
	i := rapid.IntRange(0, 100).Draw(r, "which")
	switch rapid.SampledFrom([]string{"stock", "work", "recipe", "link", "limit", "budget", "trade", "store"}).Draw(r, "bound") {
	case "stock":
		if k := len(n.Stocks); k > 0 && !keeps(n, n.Stocks[i%k].Product) {
			n.Stocks[i%k].Start *= 1.5
			return "more stock of " + n.Stocks[i%k].Product
		}
	case "work":
		if k := len(n.Work); k > 0 && n.Work[i%k].Burden == 0 { // rest is a share of what is offered
			n.Work[i%k].Hours *= 1.5
			return "more hours of " + n.Work[i%k].ID
		}
	case "recipe":
		k := len(n.Recipes)
		n.Recipes[i%k].Most *= 1.5
		return "more runs of " + n.Recipes[i%k].ID
	case "link":
		if k := len(n.Links); k > 0 {
			*n.Links[i%k].Capacity *= 1.5
			return "more room on " + n.Links[i%k].ID
		}
	case "limit":
		if len(n.Limits) > 0 {
			n.Limits[0].Quantity *= 1.5
			return "a higher limit"
		}
	case "budget":
		if len(n.Budgets) > 0 {
			n.Budgets[0].Opening += 50
			return "more money"
		}
	case "trade":
		if k := len(n.Trade); k > 0 {
			*n.Trade[i%k].Most *= 1.5
			return "more trade " + n.Trade[i%k].ID
		}
	case "store":
		if len(n.Storage) > 0 {
			*n.Storage[0].Capacity *= 1.5
			return "a larger store"
		}
	}
	return ""
}

// keeps tells whether a product may not be thrown away, so that more of it is a burden.
func keeps(n *network.Network, id string) bool {
	return slices.ContainsFunc(n.Products, func(p network.Product) bool { return p.ID == id && (p.Keep || p.Durable) })
}
