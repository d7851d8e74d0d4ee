package plan

import (
	"reflect"
	"testing"
)

// sketch is a small plan of two agents by hand.
func sketch() *Document {
	return &Document{
		Network: "sketch", NetworkHash: "1", Status: Optimal, Urgencies: []string{"vital", "important"},
		Ladder: []RungResult{{Goal: "vital", Kind: "leximin", Value: 0.5}, {Goal: "effort", Kind: "sum", Value: 10, Unit: "h"}},
		Needs: []NeedLine{
			{Need: "a:bread", Agent: "a", What: "bread", Urgency: "vital", Period: 1, Required: 10, Delivered: 5, Satisfaction: 0.5, Unit: "kg", Persons: 30},
			{Need: "a:bread", Agent: "a", What: "bread", Urgency: "vital", Period: 2, Required: 10, Delivered: 10, Satisfaction: 1, Unit: "kg", Persons: 30},
			{Need: "b:bread", Agent: "b", What: "bread", Urgency: "vital", Period: 1, Required: 10, Delivered: 10, Satisfaction: 1, Unit: "kg", Persons: 10},
			{Need: "b:fun", Agent: "b", What: "fun", Urgency: "important", Period: 0, Required: 4, Delivered: 2, Satisfaction: 0.5, Unit: "h", Persons: 10},
		},
		Work:    []WorkLine{{Offer: "b:bake", Agent: "b", For: "bakery", Skill: "baking", Period: 1, Hours: 4, Offered: 6}},
		Runs:    []RunLine{{Recipe: "bake", Agent: "bakery", Period: 1, Runs: 2, Unit: "batch"}, {Recipe: "bake", Agent: "bakery", Period: 2, Runs: 1, Unit: "batch"}},
		Idle:    []Idle{{Kind: "work", What: "baking", Where: "bakery", Offered: 12, Used: 4, Unit: "h"}},
		Impacts: []ImpactLine{{Impact: "co2", Period: 1, Quantity: 3, Unit: "kg"}, {Impact: "co2", Period: 2, Quantity: 4, Unit: "kg"}},
		Money:   []MoneyLine{{Period: 1, Spent: 5, Earned: 1}, {Period: 2, Spent: 2}},
	}
}

func TestSumUp(t *testing.T) {
	got := SumUp(sketch())
	want := []Satisfaction{
		{Urgency: "vital", Needs: 3, Met: 2, Mean: (30*0.5 + 30*1 + 10*1) / 70.0, Worst: 0.5},
		{Urgency: "important", Needs: 1, Mean: 0.5, Worst: 0.5},
	}
	if !reflect.DeepEqual(got.Urgencies, want) {
		t.Errorf("urgencies: got %+v, want %+v", got.Urgencies, want)
	}
	if got.Hours != 4 || got.Offered != 12 || got.Spent != 7 || got.Earned != 1 || got.Impacts[0] != (Amount{"co2", 7, "kg"}) {
		t.Errorf("got %+v", got)
	}
}

func TestCompareSame(t *testing.T) {
	a, b := sketch(), sketch()
	b.Needs[0].Delivered += 1e-8 // less than is told
	if c := Compare(a, b); !c.Same || !c.SameNetwork || len(c.Agents) > 0 {
		t.Errorf("got %+v", c)
	}
}

// What differs is told for whom, in which periods, and the other way round the
// other way round.
func TestCompareDiffers(t *testing.T) {
	a, b := sketch(), sketch()
	b.NetworkHash = "2"
	b.Ladder[0].Value = 0.8
	b.Ladder = b.Ladder[:1]
	b.Needs[0].Delivered, b.Needs[0].Satisfaction = 8, 0.8
	b.Needs[3].Delivered, b.Needs[3].Satisfaction = 4, 1
	b.Runs[0].Runs, b.Runs[1].Runs = 1, 2 // the same in all, in other weeks
	b.Work = nil
	c := Compare(a, b)
	if c.Same || c.SameNetwork {
		t.Fatalf("got %+v", c)
	}
	if len(c.Ladder) != 2 || *c.Ladder[0].B != 0.8 || c.Ladder[1].B != nil {
		t.Errorf("ladder: got %+v", c.Ladder)
	}
	want := []AgentChange{
		{Agent: "a", Needs: []NeedChange{{
			Need: "a:bread", What: "bread", Urgency: "vital", Unit: "kg",
			Required: [2]float64{20, 20}, Delivered: [2]float64{15, 18}, Mean: [2]float64{0.75, 0.9}, Worst: [2]float64{0.5, 0.8}, Periods: "1",
		}}},
		{
			Agent: "b", Needs: []NeedChange{{
				Need: "b:fun", What: "fun", Urgency: "important", Unit: "h",
				Required: [2]float64{4, 4}, Delivered: [2]float64{2, 4}, Mean: [2]float64{0.5, 1}, Worst: [2]float64{0.5, 1}, Periods: "0",
			}},
			Work: []AmountChange{{What: "baking", For: "bakery", Unit: "h", A: 4, B: 0, Periods: "1"}},
		},
		{Agent: "bakery", Runs: []AmountChange{{What: "bake", Unit: "batch", A: 3, B: 3, Periods: "1-2"}}},
	}
	if !reflect.DeepEqual(c.Agents, want) {
		t.Errorf("agents: got %+v, want %+v", c.Agents, want)
	}
	back := Compare(b, a)
	for i, x := range back.Agents {
		for k, n := range x.Needs {
			m := c.Agents[i].Needs[k]
			if n.Delivered != [2]float64{m.Delivered[1], m.Delivered[0]} || n.Periods != m.Periods {
				t.Errorf("the other way round: got %+v, was %+v", n, m)
			}
		}
	}
}
