package lptest

import (
	"math"
	"math/rand/v2"

	"bremen/lp/block"
)

// Economy returns a planning program whose recipes, stocks, transports and
// needs stand in every period at every site, with about
// 26·products·sites·periods coefficients: 1e5 for (100, 5, 8), 1.2e6 for
// (500, 8, 12), 9.4e6 for (3000, 10, 12), 1e8 for (15000, 20, 12).
//
// A tenth of the products come from nature; each of the others is made from 3
// to 12 products, mostly nearby in number, and three in ten have a second
// recipe that takes less work. Magnitudes of products spread over a factor of
// a hundred. Recipes take work of two of 12 skills, one kind of machine and two
// of four resources that all blocks share. Products are stored with losses and
// shipped to the next site and across; every fifth is needed by people, in
// three segments of falling urgency; a single column raises the worst-served
// need. Skills are scarce, so that not every need can be met.
//
// Block b is site b/periods in period b%periods. The result is feasible (do
// nothing), bounded, and depends on nothing but the arguments. There must be
// at least 20 products, three sites and two periods.
func Economy(products, sites, periods int, seed uint64) *block.Problem {
	e := &economy{
		rand: rand.New(rand.NewPCG(seed, 77)), products: products, sites: sites, periods: periods,
		blocks: sites * periods, raw: products / 10, machines: max(8, products/25),
	}
	e.drawRecipes()
	e.drawNeeds()
	e.drawDemand()
	e.measure()
	e.drawCapacities()
	return e.problem()
}

const (
	economySkills    = 12
	economyResources = 4
	economySegments  = 3
	economyRoutes    = 2
)

var (
	segmentSize  = [economySegments]float64{0.5, 0.3, 0.2} // shares of the demand
	segmentValue = [economySegments]float64{1, 0.6, 0.3}
)

// economy is what has been drawn so far. Figures per block stand item by item,
// blocks in the order of the program.
type economy struct {
	rand                             *rand.Rand
	products, sites, periods, blocks int
	raw, machines                    int

	size    []float64 // per product: its order of magnitude
	recipes []recipe
	// Stock that is left after a period and the weight of a unit, per product.
	keep, weight []float64

	needed  []int // products that people need
	urgency []float64
	demand  []float64 // per need and block

	// What meeting all demand with first recipes would take.
	runs      []float64 // per product and block
	average   []float64 // per product and site: of runs over periods
	resources []float64

	work, capacity, freight []float64 // per skill, machine, route and block
	stock, initial          []float64 // per product and block, per product and site
}

// recipe makes a product. Amounts are per run; what goes in is negative.
type recipe struct {
	product, skill, machine, resource []amount
}

type amount struct {
	item int
	size float64
}

func (e *economy) between(a, b float64) float64 { return a + (b-a)*e.rand.Float64() }

// add adds to the amount of an item.
func add(to *[]amount, item int, size float64) {
	for k := range *to {
		if (*to)[k].item == item {
			(*to)[k].size += size
			return
		}
	}
	*to = append(*to, amount{item, size})
}

func (e *economy) drawRecipes() {
	e.size = make([]float64, e.products)
	for p := range e.size {
		e.size[p] = math.Pow(10, e.between(-1, 1))
	}
	for r := range e.products + e.products*3/10 {
		p, ease := r, 1.0
		if r >= e.products {
			p, ease = e.raw+e.rand.IntN(e.products-e.raw), 0.6
		}
		e.recipes = append(e.recipes, e.drawRecipe(p, ease))
	}
}

// drawRecipe draws a recipe for product p that takes ease times the usual work.
func (e *economy) drawRecipe(p int, ease float64) recipe {
	r := recipe{product: []amount{{p, 1}}}
	if p >= e.raw {
		e.drawInputs(&r, p)
	}
	first := e.rand.IntN(economySkills)
	second := (first + 1 + e.rand.IntN(economySkills-1)) % economySkills
	for _, q := range []int{first, second} {
		add(&r.skill, q, e.between(0.05, 0.3)*ease/e.size[p])
	}
	add(&r.machine, e.rand.IntN(e.machines), e.between(0.05, 0.3)/e.size[p])
	res := e.rand.IntN(economyResources)
	add(&r.resource, res, e.between(0.02, 0.2)/e.size[p])
	add(&r.resource, (res+1)%economyResources, e.between(0.02, 0.2)/e.size[p])
	return r
}

func (e *economy) drawInputs(r *recipe, p int) {
	share := make([]float64, 3+e.rand.IntN(10))
	total, sum := e.between(0.25, 0.65), 0.0
	for k := range share {
		share[k] = e.rand.ExpFloat64() + 0.05
		sum += share[k]
	}
	for _, s := range share {
		if in := e.drawInput(p); in != p {
			add(&r.product, in, -s/sum*total*e.size[in]/e.size[p])
		}
	}
	if e.rand.Float64() < 0.2 { // something useful is left over
		by := e.rand.IntN(e.raw)
		for _, a := range r.product {
			if a.item == by {
				return
			}
		}
		add(&r.product, by, 0.05*e.size[by]/e.size[p])
	}
}

// drawInput draws what may go into product p: anything, raw, or something near.
func (e *economy) drawInput(p int) int {
	switch f := e.rand.Float64(); {
	case f < 0.15:
		return e.rand.IntN(e.products)
	case f < 0.35:
		return e.rand.IntN(e.raw)
	}
	lo := max(0, p-e.products*3/10)
	return lo + e.rand.IntN(p-lo)
}

func (e *economy) drawNeeds() {
	half := e.products / 2
	perm := e.rand.Perm(half)
	for n := range e.products / 5 {
		e.needed = append(e.needed, e.products-half+perm[n])
		e.urgency = append(e.urgency, float64(int(1)<<e.rand.IntN(4)))
	}
	for p := range e.products {
		keep := 0.98
		if e.rand.Float64() < 0.3 {
			keep = 0.8
		}
		e.keep = append(e.keep, keep)
		e.weight = append(e.weight, e.between(0.5, 1.5)/e.size[p])
	}
}

// byPeriod calls f for every block, period by period.
func (e *economy) byPeriod(f func(block, site int)) {
	for t := range e.periods {
		for s := range e.sites {
			f(s*e.periods+t, s)
		}
	}
}

func (e *economy) drawDemand() {
	base := make([]float64, len(e.needed)*e.sites)
	for i := range base {
		base[i] = math.Exp(0.7 * e.rand.NormFloat64())
	}
	e.demand = make([]float64, len(e.needed)*e.blocks)
	for n, p := range e.needed {
		e.byPeriod(func(b, s int) {
			e.demand[n*e.blocks+b] = e.size[p] * base[n*e.sites+s] * e.between(0.8, 1.2)
		})
	}
}

// measure computes what meeting all demand would take.
func (e *economy) measure() {
	n := e.blocks
	direct := make([]float64, e.products*n)
	for k, p := range e.needed {
		copy(direct[p*n:][:n], e.demand[k*n:])
	}
	e.runs = make([]float64, len(direct))
	next := make([]float64, len(direct))
	for range 60 { // the Neumann series of the inverse: shares of inputs are at most 0.65
		copy(next, direct)
		for p := range e.products {
			for _, in := range e.recipes[p].product {
				if in.size < 0 {
					addScaled(next[in.item*n:][:n], -in.size, e.runs[p*n:])
				}
			}
		}
		e.runs, next = next, e.runs
	}
	e.average = make([]float64, e.products*e.sites)
	for i := range e.average {
		for _, v := range e.runs[i*e.periods:][:e.periods] {
			e.average[i] += v / float64(e.periods)
		}
	}
	e.work = make([]float64, economySkills*n)
	e.resources = make([]float64, economyResources)
	for p := range e.products {
		runs := e.runs[p*n:][:n]
		for _, a := range e.recipes[p].skill {
			addScaled(e.work[a.item*n:][:n], a.size, runs)
		}
		for _, a := range e.recipes[p].resource {
			for _, v := range runs {
				e.resources[a.item] += a.size * v
			}
		}
	}
}

func addScaled(to []float64, a float64, v []float64) {
	for b := range to {
		to[b] += a * v[b]
	}
}

// drawCapacities draws what there is to work with. Machines and storage are
// the same in every period.
func (e *economy) drawCapacities() {
	n := e.blocks
	e.capacity, e.freight = make([]float64, e.machines*n), make([]float64, economyRoutes*n)
	e.stock, e.initial = make([]float64, e.products*n), make([]float64, e.products*e.sites)
	always := func(v []float64, item, site int, figure float64) {
		for t := range e.periods {
			v[item*n+site*e.periods+t] = figure
		}
	}
	for s := range e.sites {
		used, weight := make([]float64, e.machines), 0.0
		for p := range e.products {
			runs := e.average[p*e.sites+s]
			for _, a := range e.recipes[p].machine {
				used[a.item] += a.size * runs
			}
			weight += e.weight[p] * runs
			e.initial[p*e.sites+s] = 0.1 * runs
			always(e.stock, p, s, 0.5*runs+0.01*e.size[p])
		}
		for m, u := range used {
			always(e.capacity, m, s, u*e.between(0.7, 1.4)+0.1)
		}
		for a := range economyRoutes {
			always(e.freight, a, s, e.between(0.02, 0.06)*weight)
		}
	}
	for q := range economySkills {
		e.byPeriod(func(b, _ int) { e.work[q*n+b] *= e.between(0.6, 1.1) })
	}
	for r := range e.resources {
		e.resources[r] *= 0.9
	}
}

// to returns where route a leads from a site.
func (e *economy) to(a, site int) int {
	step := 1
	if a == 1 {
		if step = (e.sites + 1) / 2; step == 1 {
			step = 2 % e.sites
		}
	}
	return (site + step) % e.sites
}
