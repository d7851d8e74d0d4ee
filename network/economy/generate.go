package economy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"bremen/lp/block"
)

// Shape is the size of a generated economy. Zeros of the last three take what
// real tables have.
type Shape struct {
	Products, Regions, Periods int
	// Inputs is how many products go into a technique, on average. 0: as many
	// as in tables of 71 and 402 sectors, growing with the logarithm of the
	// number of products.
	Inputs int
	// Alternatives is the share of products that a second technique makes, 0 to 1.
	Alternatives float64
	// Single leaves by-products out.
	Single bool
}

// InputsOf returns how many products go into a technique among so many products:
// 52 of 71 and 119 of 402, as in the US tables of 2017, and 39 more for each
// e-fold of products. No table says how it goes on below 71: the logarithm falls to 1 of 19, and Generate
// takes 1 of fewer, too.
func InputsOf(products int) int {
	n := float64(products)
	return int(math.Round(math.Min(0.73*n, math.Max(1, 52+38.6*math.Log(n/71)))))
}

// Figures taken from the US tables of 2017; docs/economy.md shows what they lead to.
const (
	fitnessSpread  = 2.5  // of the logarithm of how much products are sought after as inputs
	countSpread    = 0.27 // of the logarithm of the number of inputs
	shareSpread    = 1.93 // of the logarithm of inputs as shares of all inputs
	shareFitness   = 0.5  // how much of the fitness goes into the size of inputs
	inputMean      = -0.1 // logistic of inputs per output
	inputSpread    = 0.72
	inputMost      = 0.9   // so that every economy is productive
	sideMedian     = 0.055 // by-products' share of outputs
	sideSpread     = 1.2
	sideCount      = 7.0
	sideCountSigma = 0.6
	labourMedian   = 0.28 // per unit of output
	labourSpread   = 0.62
	demandShare    = 0.81 // of products that are finally demanded
	demandSpread   = 2.3
)

// Generate returns an economy whose structure follows real tables; see Measure and
// docs/economy.md. The same shape and seed give the same economy on all
// processors that round exponentials and logarithms alike.
//
// All products count in one unit of value, and so does labour. Labour, capital,
// limits, stocks and transport are made up, near what meeting all demand takes:
// of labour there is between 0.55 and 0.95 of it, so that
// not every demand can be met. Of capital as much is wanted at the end as is left
// when none is built: doing nothing is feasible.
func Generate(s Shape, seed uint64) (*Economy, error) {
	if s.Products < 10 || s.Products > 10_000_000 || s.Regions < 1 || s.Periods < 1 || s.Inputs < 0 || s.Inputs > s.Products/2 || !within(s.Alternatives, 0, 1) {
		return nil, fmt.Errorf("shape %+v: expected 10 to 10,000,000 products, regions, periods, inputs of at most half the products, and alternatives from 0 to 1", s)
	}
	if s.Inputs == 0 {
		s.Inputs = InputsOf(s.Products)
	}
	techniques := s.Products + int(s.Alternatives*float64(s.Products))
	if cells := float64(techniques) * (float64(s.Inputs) + 2*sideCount); cells > math.MaxInt32/2 {
		return nil, fmt.Errorf("shape %+v: about %.3g coefficients, expected at most %.3g; ask for fewer inputs", s, cells, float64(math.MaxInt32/2))
	}
	g := &generator{Shape: s, random: rand.New(rand.NewPCG(seed, 4)), e: &Economy{Urgencies: DefaultUrgencies(), Steps: DefaultSteps()}}
	g.e.ID = fmt.Sprintf("generated-%d-%d-%d-%d", s.Products, s.Regions, s.Periods, seed)
	g.lists(techniques)
	g.techniques(techniques)
	g.other()
	g.size()
	g.means()
	g.transport()
	return g.e, g.e.Validate()
}

type generator struct {
	Shape
	random *rand.Rand
	e      *Economy

	fitness []float64 // by product, normal: how sought after it is as an input
	main    []int32   // by technique: what it makes above all

	final  []float64 // by product: final demand of one region of size 1 in one period
	output []float64 // by product: what that takes
	region []float64 // sizes of regions, 1 on average
	mobile []bool    // by product
}

func (g *generator) normal() float64                { return g.random.NormFloat64() }
func (g *generator) between(a, b float64) float64   { return a + (b-a)*g.random.Float64() }
func (g *generator) logNormal(m, s float64) float64 { return m * math.Exp(s*g.normal()) }

func (g *generator) lists(techniques int) {
	e := g.e
	item := func(prefix string, i int) Item { return Item{Code: fmt.Sprint(prefix, i+1)} }
	g.mobile = make([]bool, g.Products)
	for i := range g.Products {
		p := Product{Item: item("p", i)}
		if g.mobile[i] = g.random.Float64() < 0.5; g.mobile[i] { // the others are services
			p.Keep, p.Weight = 0.98, g.logNormal(1, 0.7)
			if g.random.Float64() < 0.3 {
				p.Keep = 0.8
			}
		}
		e.Products = append(e.Products, p)
	}
	for j := range techniques {
		e.Techniques = append(e.Techniques, item("t", j))
		g.main = append(g.main, int32(j))
		if j >= g.Products {
			g.main[j] = int32(g.random.IntN(g.Products))
		}
	}
	for i := range 8 {
		e.Skills = append(e.Skills, item("skill", i))
	}
	for i := range min(40, max(4, g.Products/10)) {
		e.Capitals = append(e.Capitals, Capital{item("capital", i), math.Round(1000*g.between(0.04, 0.16)) / 1000})
	}
	for i, code := range []string{"land", "water", "waste", "co2"} {
		e.Limits = append(e.Limits, Limit{Item: Item{Code: code}, Scope: Scope(i)})
	}
	if g.Regions > 1 {
		e.Modes = []Item{{Code: "road"}, {Code: "rail"}}
	}
	for r := range g.Regions {
		e.Regions = append(e.Regions, item("region", r))
	}
	for t := range g.Periods {
		e.Periods = append(e.Periods, item("", t))
	}
}

// techniques draws what goes into and comes out of each technique.
func (g *generator) techniques(techniques int) {
	g.fitness = make([]float64, g.Products)
	weight := make([]float64, g.Products)
	for i := range weight {
		g.fitness[i] = g.normal()
		weight[i] = math.Exp(fitnessSpread * g.fitness[i])
	}
	draw := newDrawing(g.random, weight)
	m := &block.Matrix{Rows: g.Products, Cols: techniques, Start: make([]int32, 1, techniques+1)}
	room := techniques * (g.Inputs + 12)
	m.Index, m.Value = make([]int32, 0, room), make([]float64, 0, room)
	column := recipe{seen: make([]int32, g.Products)}
	for j := range techniques {
		column.reset()
		g.outputs(&column, int(g.main[j]))
		g.inputs(&column, draw)
		slices.SortFunc(column.cells, func(a, b entry) int { return int(a.product) - int(b.product) })
		for _, c := range column.cells {
			m.Index, m.Value = append(m.Index, c.product), append(m.Value, round(c.value))
		}
		m.Start = append(m.Start, int32(len(m.Value)))
	}
	g.e.Making.Product = m
}

// recipe is one column while it is drawn.
type recipe struct {
	cells  []entry
	seen   []int32 // by product: number of the last column it is in
	number int32
}

type entry struct {
	product int32
	value   float64
}

func (c *recipe) reset() {
	c.cells = c.cells[:0]
	c.number++
}

// take says whether a product is new to the column, which then holds it.
func (c *recipe) take(product int32) bool {
	if c.seen[product] == c.number {
		return false
	}
	c.seen[product] = c.number
	return true
}

func (c *recipe) add(product int32, value float64) bool {
	if !c.take(product) {
		return false
	}
	c.cells = append(c.cells, entry{product, value})
	return true
}

// outputs draws what comes out: 1 in all, most of it the main product.
func (g *generator) outputs(c *recipe, main int) {
	c.add(int32(main), 1)
	if g.Single {
		return
	}
	count := min(g.Products/4, int(g.logNormal(sideCount*math.Min(1, float64(g.Products)/200), sideCountSigma)))
	if count == 0 {
		return
	}
	share, sum := math.Min(0.6, g.logNormal(sideMedian, sideSpread)), 0.0
	for range count {
		if v := g.logNormal(1, 1.5); c.add(int32(g.random.IntN(g.Products)), v) {
			sum += v
		}
	}
	for k := range c.cells {
		if k > 0 {
			c.cells[k].value *= share / sum
		}
	}
	c.cells[0].value = 1 - share
}

// inputs draws what goes in.
func (g *generator) inputs(c *recipe, draw *drawing) {
	first := len(c.cells)
	spread := math.Exp(countSpread*g.normal() - countSpread*countSpread/2)
	count := 1
	if g.Inputs > 1 {
		count = min(max(int(math.Round(float64(g.Inputs)*spread)), 1), g.Products-first-1)
	}
	sum := 0.0
	draw.some(count, c.take, func(i int32) {
		v := math.Exp(shareSpread*g.normal() + shareFitness*g.fitness[i])
		c.cells = append(c.cells, entry{i, -v})
		sum += v
	})
	share := math.Min(inputMost, 1/(1+math.Exp(-inputMean-inputSpread*g.normal())))
	for k := range c.cells[first:] {
		c.cells[first+k].value *= share / sum
	}
}

// round keeps six significant digits, as tables have them.
func round(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(v))))
	if math.IsInf(scale, 0) || scale == 0 {
		return v
	}
	return math.Round(v*scale) / scale
}
