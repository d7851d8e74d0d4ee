package lptest

import (
	"math"
	"math/rand/v2"

	"bremen/lp"
)

// Planning returns a program like those of a plan: recipes in every period and
// at every site, stocks carried on, transport to the next site, scarce work,
// and the worst-served need raised as far as possible. It is feasible and
// bounded, depends on nothing but its arguments, and has about
// 10·products·sites·periods entries.
func Planning(products, sites, periods int, seed uint64) *lp.Problem {
	g := &planner{Problem: &lp.Problem{Maximise: true}, rand: rand.New(rand.NewPCG(seed, 1)), products: products, sites: sites, periods: periods}
	g.recipes()
	g.rows()
	for b := range sites * periods {
		g.block(b)
	}
	g.level()
	return g.Problem
}

const (
	skills   = 4
	perNeeds = 5 // every fifth product is needed by people
)

// planner is a program under construction. A block is one site in one period,
// numbered period·sites + site.
type planner struct {
	*lp.Problem
	rand                     *rand.Rand
	products, sites, periods int

	inputs  [][]input // per product, of the recipe that makes it
	hours   [][]float64
	demand  []float64 // per block and needed product
	balance []int     // first balance row of each block
	work    []int
	need    []int
}

type input struct {
	product int
	amount  float64
}

func (g *planner) between(a, b float64) float64 { return a + (b-a)*g.rand.Float64() }

func (g *planner) recipes() {
	for p := range g.products {
		var in []input
		if p > 0 {
			for range 1 + g.rand.IntN(4) {
				in = append(in, input{g.rand.IntN(p), g.between(0.05, 0.4)})
			}
		}
		g.inputs = append(g.inputs, in)
		h := make([]float64, skills)
		h[g.rand.IntN(skills)] = g.between(0.05, 0.5)
		g.hours = append(g.hours, h)
	}
}

func (g *planner) rows() {
	for b := range g.sites * g.periods {
		first := g.Rows()
		g.balance = append(g.balance, first)
		for range g.products {
			stock := 0.0
			if b < g.sites {
				stock = -g.between(0, 2)
			}
			g.AddRow(stock, lp.Inf)
		}
		g.work = append(g.work, g.Rows())
		for range skills {
			g.AddRow(-lp.Inf, g.between(0.05, 0.3)*float64(g.products)/skills)
		}
		g.need = append(g.need, g.Rows())
		for range (g.products + perNeeds - 1) / perNeeds {
			g.AddRow(0, lp.Inf)
			g.demand = append(g.demand, math.Exp(g.rand.NormFloat64()/2))
		}
	}
}

func (g *planner) block(b int) {
	next := b + g.sites
	for p := range g.products {
		g.AddColumn(-1e-4, 0, 1e4) // runs of the recipe
		g.Entry(g.balance[b]+p, 1)
		for _, in := range g.inputs[p] {
			g.Entry(g.balance[b]+in.product, -in.amount)
		}
		for k, h := range g.hours[p] {
			if h > 0 {
				g.Entry(g.work[b]+k, h)
			}
		}
		g.AddColumn(-1e-5, 0, 50) // stock at the end
		g.Entry(g.balance[b]+p, -1)
		if next < len(g.balance) {
			g.Entry(g.balance[next]+p, 0.95)
		}
		g.AddColumn(-1e-3, 0, 10) // transport to the next site
		g.Entry(g.balance[b]+p, -1)
		to := b - b%g.sites + (b+1)%g.sites
		g.Entry(g.balance[to]+p, 1)
		if p%perNeeds == 0 {
			n := p / perNeeds
			g.AddColumn(0, 0, 2*g.demandOf(b, n)) // what people get
			g.Entry(g.balance[b]+p, -1)
			g.Entry(g.need[b]+n, 1)
		}
	}
}

func (g *planner) demandOf(b, n int) float64 {
	return g.demand[b*((g.products+perNeeds-1)/perNeeds)+n]
}

// level appends the column that all needs hold up: the least share of a need that is met.
func (g *planner) level() {
	g.AddColumn(1e3, 0, 1)
	for b := range g.need {
		for n := range (g.products + perNeeds - 1) / perNeeds {
			g.Entry(g.need[b]+n, -g.demandOf(b, n))
		}
	}
}

// Random returns a program that has an optimum by construction: a point x is
// drawn and bounds are put around it, duals y are drawn and costs are made so
// that x and y are optimal. It returns the program and its objective at the
// optimum. Some rows are equations, some are ranges, some columns are free,
// fixed or empty, and many bounds are met at once.
func Random(rows, cols int, seed uint64) (*lp.Problem, float64) {
	r := rand.New(rand.NewPCG(seed, 2))
	p := &lp.Problem{Maximise: r.IntN(2) == 0, Offset: r.NormFloat64()}
	y, x := make([]float64, rows), make([]float64, cols)
	matrix := make([]map[int]float64, cols)
	active := make([]float64, rows)
	for j := range x {
		matrix[j] = map[int]float64{}
		x[j] = math.Round(4 * r.NormFloat64())
		for range r.IntN(4) {
			matrix[j][r.IntN(max(rows, 1))] = math.Round(8*r.NormFloat64()) / 4
		}
		if rows == 0 {
			clear(matrix[j])
		}
		for i := range rows {
			active[i] += matrix[j][i] * x[j]
		}
	}
	sense := 1.0
	if p.Maximise {
		sense = -1
	}
	for i := range y {
		lower, upper, dual := around(r, active[i])
		p.AddRow(lower, upper)
		y[i] = sense * dual
	}
	for j := range x {
		lower, upper, reduced := around(r, x[j])
		cost := sense * reduced
		for i := range rows {
			cost += matrix[j][i] * y[i]
		}
		p.AddColumn(cost, lower, upper)
		for i := range rows {
			if v := matrix[j][i]; v != 0 {
				p.Entry(i, v)
			}
		}
	}
	return p, p.Evaluate(x)
}

// around draws bounds that v meets and a dual of a minimisation that may stand
// at them: positive at the lower one, negative at the upper one, zero between.
func around(r *rand.Rand, v float64) (lower, upper, dual float64) {
	size := 0.0
	if r.IntN(3) > 0 {
		size = math.Round(8*r.ExpFloat64()) / 4
	}
	switch r.IntN(6) {
	case 0:
		return v, v, r.NormFloat64()
	case 1:
		return v, lp.Inf, size
	case 2:
		return -lp.Inf, v, -size
	case 3:
		return v, v + 1 + 5*r.Float64(), size
	case 4:
		return v - 1 - 5*r.Float64(), v, -size
	}
	if r.IntN(2) == 0 {
		return -lp.Inf, lp.Inf, 0
	}
	return v - 1, v + 1, 0
}
