package economy

import (
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/highs"
	"bremen/network/iotable"
)

var solver = sync.OnceValues(func() (*highs.Pool, error) { return highs.New(highs.Options{Instances: 1}) })

// solve solves a program written out and checks that HiGHS found its optimum.
func solve(t *testing.T, p *block.Problem) *lp.Solution {
	t.Helper()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	for j, v := range p.Upper {
		if math.IsInf(v, 1) {
			t.Fatalf("column %d has no finite bound", j)
		}
	}
	pool, err := solver()
	if err != nil {
		t.Fatal(err)
	}
	s, err := pool.Solve(t.Context(), p.Explicit(), lp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != lp.Optimal {
		t.Fatalf("status %v %s, want optimal", s.Status, s.Detail)
	}
	return s
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// matrix builds a matrix from its columns: pairs of row and value.
func matrix(rows int, cols ...[]float64) *block.Matrix {
	m := &block.Matrix{Rows: rows, Cols: len(cols), Start: []int32{0}}
	for _, c := range cols {
		for k := 0; k < len(c); k += 2 {
			m.Index, m.Value = append(m.Index, int32(c[k])), append(m.Value, c[k+1])
		}
		m.Start = append(m.Start, int32(len(m.Value)))
	}
	return m
}

// hillAndDale is an economy of corn and bread in two regions over three
// periods. Corn grows in the hills only, by hand or with a tractor, which is
// built of bread; bread is baked from corn in the dale.
func hillAndDale() *Economy {
	inf := math.Inf(1)
	return &Economy{
		ID:         "hill-and-dale",
		Products:   []Product{{Item: Item{Code: "corn"}, Keep: 0.5, Weight: 1}, {Item: Item{Code: "bread"}, Weight: 2}},
		Techniques: []Item{{Code: "by_hand"}, {Code: "by_tractor"}, {Code: "bake"}},
		Skills:     []Item{{Code: "work"}},
		Capitals:   []Capital{{Item: Item{Code: "tractor"}, Wear: 0.25}},
		Limits: []Limit{
			{Item: Item{Code: "land"}, Scope: PerBlock, Most: []float64{40, 40, 40, 0, 0, 0}},
			{Item: Item{Code: "smoke"}, Scope: PerPeriod, Most: []float64{12, 9, inf}},
			{Item: Item{Code: "soil"}, Scope: PerRegion, Most: []float64{100, inf}},
			{Item: Item{Code: "ore"}, Scope: OverAll, Most: []float64{inf}},
		},
		Modes:     []Item{{Code: "cart"}},
		Regions:   []Item{{Code: "hill"}, {Code: "dale"}},
		Periods:   []Item{{Code: "1"}, {Code: "2"}, {Code: "3"}},
		Urgencies: []Urgency{{"vital", 4}, {"wish", 1}},
		Steps:     DefaultSteps(),
		Making: Technology{
			Product: matrix(2, []float64{0, 1}, []float64{0, 1}, []float64{0, -1, 1, 1}),
			Labour:  matrix(1, []float64{0, 1}, []float64{0, 0.25}, []float64{0, 0.5}),
			Capital: matrix(1, nil, []float64{0, 0.1}, nil),
			Limit:   matrix(4, []float64{0, 1, 2, 1}, []float64{0, 1, 1, 0.5, 2, 1}, []float64{1, 0.1}),
		},
		Building:  Technology{Product: matrix(2, []float64{1, -2}), Labour: matrix(1, []float64{0, 1}), Limit: matrix(4, []float64{3, 1})},
		Moving:    Technology{Product: matrix(2, []float64{0, -0.01}), Labour: matrix(1, []float64{0, 0.02})},
		Labour:    []float64{20, 20, 20, 15, 15, 15},
		Stock:     []float64{3, 8, 0, 0},
		Installed: []float64{1, 0},
		Kept:      []float64{0.5, 0},
		Arcs: []Arc{
			{From: 0, To: 1, Mode: 0, Distance: 2, Capacity: []float64{30, 30, 30}},
			{From: 1, To: 0, Mode: 0, Distance: 3, Capacity: []float64{30, 30, 0}},
		},
		Needs:  []Need{{1, 0}, {1, 1}},
		Demand: []float64{10, 10, 10, 12, 12, 12, 0, 5, 5, 20, 20, 20},
	}
}

// TestPlanKeepsItsBalances recomputes from a plan, in the economy's own words,
// that nothing comes from nothing.
func TestPlanKeepsItsBalances(t *testing.T) {
	t.Parallel()
	e := hillAndDale()
	if err := e.Validate(); err != nil {
		t.Fatal(err)
	}
	p, ix, err := e.Problem(Satisfaction)
	if err != nil {
		t.Fatal(err)
	}
	s := solve(t, p)
	plan := ix.Read(e, p, s.Col)
	least := func(what string, v float64) {
		t.Helper()
		if v < -1e-6 {
			t.Errorf("%s is short by %v", what, -v)
		}
	}
	used := 0.0
	for r := range 2 {
		for k := range 3 {
			b := e.Block(r, k)
			x := func(j int) float64 { return plan.Activity[j*6+b] }
			corn := x(0) + x(1) - x(2) - plan.Stored[b]
			bread := x(2) - 2*plan.Built[b] - plan.Served[b] - plan.Served[6+b]
			work := 20 - 5*float64(r) - x(0) - 0.25*x(1) - 0.5*x(2) - plan.Built[b]
			installed := e.Installed[r]
			if k == 0 {
				corn += e.Stock[r]
			} else {
				corn += 0.5 * plan.Stored[b-1]
				installed = plan.Installed[b-1]
			}
			for a, arc := range e.Arcs {
				weight := plan.Moved[a*3+k] + 2*plan.Moved[6+a*3+k]
				least("weight", plan.Carried[a*3+k]-weight)
				if arc.From == r {
					corn -= plan.Moved[a*3+k] + 0.01*arc.Distance*plan.Carried[a*3+k]
					bread -= plan.Moved[6+a*3+k]
					work -= 0.02 * arc.Distance * plan.Carried[a*3+k]
				} else {
					corn += plan.Moved[a*3+k]
					bread += plan.Moved[6+a*3+k]
				}
			}
			least("corn", corn)
			least("bread", bread)
			least("work", work)
			least("tractors", installed-0.1*x(1))
			least("tractors kept", 0.75*installed+plan.Built[b]-plan.Installed[b])
			least("land", e.Limits[0].Most[b]-x(0)-x(1))
			near(t, "labour", plan.Labour[b], e.Labour[b]-work)
			used += x(0) + x(1)
		}
	}
	near(t, "soil", plan.Limits[2][0]+plan.Limits[2][1], used)
	least("smoke", 9-plan.Limits[1][1])
	least("tractors at the end", plan.Installed[2]-0.5)
	near(t, "objective", s.Objective, value(e, p, ix, s.Col, plan))
	if w := s.Col[p.ColGroups[ix.Worst].First]; w < 0.5 || w > 1 {
		t.Errorf("worst satisfaction of vital needs is %v, want most of it", w)
	}
}

// value is the goal of the package comment, computed from a plan.
func value(e *Economy, p *block.Problem, ix *Index, x []float64, plan *Plan) float64 {
	total, all := 0.0, 0.0
	size := []float64{11, 14} // mean demands
	n := e.Blocks()
	for k, need := range e.Needs {
		weight := e.Urgencies[need.Urgency].Weight
		for b := range n {
			left := plan.Served[k*n+b]
			for _, s := range e.Steps {
				part := math.Min(left, s.Share*e.Demand[k*n+b])
				left -= part
				total += weight * s.Slope / 0.74 * part / size[k]
			}
			if e.Demand[k*n+b] > 0 {
				all += weight
			}
		}
	}
	for w, u := range ix.WorstUrgency {
		total += 2 * x[p.ColGroups[ix.Worst].First+w] * e.Urgencies[u].Weight * float64(6-u)
	}
	hours, there := 0.0, 0.0
	for i := range plan.Labour {
		hours, there = hours+plan.Labour[i], there+e.Labour[i]
	}
	return total - 0.01*all*hours/there
}

// TestLeastLabourIsTheLeontiefInverse compares with iotable.Solve on up to 402 sectors.
func TestLeastLabourIsTheLeontiefInverse(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"germany-1995", "usa-2014", "usa-2017-402"} {
		t.Run(folder, func(t *testing.T) {
			table, e := openTable(t, folder, true)
			want, _, err := table.Required(t.Context(), demandAbove(table), iotable.Options{})
			if err != nil {
				t.Fatal(err)
			}
			// As pure a question as Solve's: nothing comes from outside but what
			// nobody makes.
			e.Supply = make([]float64, len(e.Products))
			for i, v := range table.Output {
				if v == 0 {
					e.Supply[i] = want[i]
				}
			}
			p, ix, err := e.Problem(LeastLabour)
			if err != nil {
				t.Fatal(err)
			}
			s := solve(t, p)
			plan := ix.Read(e, p, s.Col)
			labour := 0.0
			for j, tech := range e.Techniques {
				w, hours := want[indexOf(table, tech.Code)], columnSum(e.Making.Labour, j)
				labour += hours * w
				if math.Abs(plan.Activity[j]-w) > 1e-5*(1+w) && hours > 0 {
					t.Errorf("%s makes %v, want %v", tech.Code, plan.Activity[j], w)
				}
			}
			near(t, "labour", s.Objective*ix.Unit, labour)
		})
	}
}

// TestLeastLabourOfJointProducts compares with the answer of examples/README.md.
func TestLeastLabourOfJointProducts(t *testing.T) {
	t.Parallel()
	for folder, want := range map[string]float64{"usa-2017-71": 10434978, "usa-2017-402": 10401471.78} {
		_, e := openTable(t, folder, false)
		p, ix, err := e.Problem(LeastLabour)
		if err != nil {
			t.Fatal(err)
		}
		near(t, folder, solve(t, p).Objective*ix.Unit, want)
	}
}

func openTable(t *testing.T, folder string, symmetric bool) (*iotable.Table, *Economy) {
	t.Helper()
	table, _, err := iotable.Open(t.Context(), "../../examples/"+folder)
	if err != nil {
		t.Fatal(err)
	}
	if symmetric {
		if table, err = table.Symmetric(); err != nil {
			t.Fatal(err)
		}
	}
	e, err := FromTable(table)
	if err != nil {
		t.Fatal(err)
	}
	return table, e
}

func demandAbove(t *iotable.Table) []float64 {
	y := t.FinalDemand()
	for i := range y {
		y[i] = math.Max(y[i], 0)
	}
	return y
}

func indexOf(t *iotable.Table, code string) int {
	for i, s := range t.Industries {
		if s.Code == code {
			return i
		}
	}
	return -1
}

func TestUnbounded(t *testing.T) {
	t.Parallel()
	e := hillAndDale()
	e.Making.Labour = matrix(1, nil, []float64{0, 0.25}, nil)
	e.Making.Limit = nil
	_, _, err := e.Problem(Satisfaction)
	if err == nil || !strings.Contains(err.Error(), `technique "by_hand" in region "hill", period "1": nothing bounds it`) {
		t.Errorf("got %v", err)
	}
	e.Most = []Most{{Technique: 0, Region: Everywhere, Period: Everywhere, Amount: 7}}
	p, ix, err := e.Problem(Satisfaction)
	if err != nil {
		t.Fatal(err)
	}
	// Baking takes no labour now: it is bounded by 7 of corn, the stock of 3,
	// 1 tractor's 10, and 30 that the arc from the dale can carry.
	near(t, "most of baking", p.Upper[p.ColGroups[ix.Activity].First+2*6]*ix.Unit, 7+3+10+30)
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*Economy){
		`skill "corn": the code stands twice, also for a product`:            func(e *Economy) { e.Skills[0].Code = "corn" },
		`product "corn": keeps 2 of a stock`:                                 func(e *Economy) { e.Products[0].Keep = 2 },
		`limit "smoke": 1 figures, expected 3`:                               func(e *Economy) { e.Limits[1].Most = []float64{1} },
		`making, labour: takes -1, expected at least 0`:                      func(e *Economy) { e.Making.Labour.Value[0] = -1 },
		`making, labour: a matrix of 1×3, expected 2×3`:                      func(e *Economy) { e.Skills = append(e.Skills, Item{Code: "s"}) },
		`demand: figure 3 is NaN`:                                            func(e *Economy) { e.Demand[3] = math.NaN() },
		`arc 1: capacity: 2 figures, expected 3`:                             func(e *Economy) { e.Arcs[1].Capacity = []float64{1, 2} },
		`need 1 is for product 1 with urgency 0`:                             func(e *Economy) { e.Needs[1].Urgency = 0 },
		`moving: brings 1 of product "corn"`:                                 func(e *Economy) { e.Moving.Product.Value[0] = 1 },
		`expected shares above 0 and slopes that fall`:                       func(e *Economy) { e.Steps[1].Slope = 2 },
		`installed: 1 figures, expected 2`:                                   func(e *Economy) { e.Installed = []float64{1} },
		`0 regions`:                                                          func(e *Economy) { e.Regions = nil },
		`making, products: matrix column 0: row 7 after -1, of 2`:            func(e *Economy) { e.Making.Product.Index[0] = 7 },
		`most {Technique:9 Region:0 Period:0 Amount:1} of 3 techniques, 2 r`: func(e *Economy) { e.Most = []Most{{9, 0, 0, 1}} },
	} {
		e := hillAndDale()
		spoil(e)
		if err := e.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestGermanyInTwoRegions solves the example and holds its technology to the table it comes from.
func TestGermanyInTwoRegions(t *testing.T) {
	t.Parallel()
	e, err := Read(t.Context(), os.DirFS("../../examples/germany-two-regions"))
	if err != nil {
		t.Fatal(err)
	}
	_, table := openTable(t, "germany-1995", false)
	for what, m := range map[string][2]*block.Matrix{
		"products": {e.Making.Product, table.Making.Product}, "labour": {e.Making.Labour, table.Making.Labour},
	} {
		got, want := plain(m[0]), plain(m[1])
		for at, v := range want {
			if math.Abs(got[at]-v) > 1e-12 {
				t.Errorf("%s: %v is %v, want %v", what, at, got[at], v)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d figures, want %d", what, len(got), len(want))
		}
	}
	p, ix, err := e.Problem(Satisfaction)
	if err != nil {
		t.Fatal(err)
	}
	s := solve(t, p)
	near(t, "objective", s.Objective, 975.535865)
	plan := ix.Read(e, p, s.Col)
	if s := e.Satisfaction(plan, 0, 0); math.Abs(s-1) > 1e-6 {
		t.Errorf("households in the east get %v of what they need of agriculture, want all", s)
	}
	if used, most := plan.Limits[0][3], e.Limits[0].Most[3]; math.Abs(used-most) > 1e-6*most {
		t.Errorf("CO2 of the last year is %v, want the limit %v", used, most)
	}
}
