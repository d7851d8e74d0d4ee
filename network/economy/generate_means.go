package economy

import (
	"math"

	"bremen/lp/block"
)

// columns appends columns to a matrix of so many rows.
type columns struct{ m *block.Matrix }

func newColumns(rows, cols int) columns {
	return columns{&block.Matrix{Rows: rows, Start: make([]int32, 1, cols+1)}}
}

// add appends a column: pairs of row, ascending, and value.
func (c columns) add(pairs ...float64) {
	m := c.m
	for k := 0; k < len(pairs); k += 2 {
		m.Index, m.Value = append(m.Index, int32(pairs[k])), append(m.Value, round(pairs[k+1]))
	}
	m.Cols++
	m.Start = append(m.Start, int32(len(m.Value)))
}

// other draws labour, capital and what adds to limits, for each technique, and
// what building and moving take.
func (g *generator) other() {
	e := g.e
	skills, capitals, limits := len(e.Skills), len(e.Capitals), len(e.Limits)
	n := len(e.Techniques)
	labour, capital, limit := newColumns(skills, n), newColumns(capitals, n), newColumns(limits, n)
	for j := range n {
		ease := 1.0
		if j >= g.Products {
			ease = 0.7 // a second technique takes less work and more capital
		}
		work := math.Min(2, g.logNormal(labourMedian*ease, labourSpread))
		first, part := g.random.IntN(skills-1), g.between(0.3, 0.9)
		labour.add(float64(first), work*part, float64(first+1+g.random.IntN(skills-first-1)), work*(1-part))
		capital.add(float64(int(g.main[j])%capitals), g.logNormal(0.8/ease, 0.5))
		a := g.random.IntN(limits - 1)
		limit.add(float64(a), g.logNormal(0.1, 1), float64(limits-1), g.logNormal(0.1, 1))
	}
	e.Making.Labour, e.Making.Capital, e.Making.Limit = labour.m, capital.m, limit.m
	goods := g.sought(6*capitals, true)
	parts, build := newColumns(g.Products, capitals), newColumns(skills, capitals)
	for k := range capitals {
		parts.add(g.basket(goods, k, 6, 0.8)...)
		build.add(float64(k%skills), 0.2)
	}
	e.Building = Technology{Product: parts.m, Labour: build.m}
	if len(e.Modes) == 0 {
		return
	}
	fuel, drivers, smoke := newColumns(g.Products, 2), newColumns(skills, 2), newColumns(limits, 2)
	for k := range e.Modes {
		fuel.add(g.basket(goods, k, 1, 0.02/float64(k+1))...)
		drivers.add(float64(k), 0.01/float64(k+1))
		smoke.add(float64(limits-1), 0.02/float64(1+2*k))
	}
	e.Moving = Technology{Product: fuel.m, Labour: drivers.m, Limit: smoke.m}
}

// sought returns up to n products, those that can be moved if mobile, by number.
func (g *generator) sought(n int, mobile bool) []int {
	var list []int
	for i := range g.Products {
		if (!mobile || g.mobile[i]) && len(list) < n {
			list = append(list, i)
		}
	}
	return list
}

// basket returns pairs of up to n of the goods, from the k-th on, and what is taken of each: total in all.
func (g *generator) basket(goods []int, k, n int, total float64) []float64 {
	n = min(n, len(goods))
	at := min(k*n, len(goods)-n)
	share, sum := make([]float64, n), 0.0
	for q := range share {
		share[q] = 0.1 + g.random.Float64()
		sum += share[q]
	}
	var pairs []float64
	for q, v := range share {
		pairs = append(pairs, float64(goods[at+q]), -total*v/sum)
	}
	return pairs
}

// size draws final demand and computes what it takes by first techniques: the
// sum of rounds of inputs, replaced capital among them, less by-products.
func (g *generator) size() {
	e, m := g.e, g.e.Making.Product
	g.final = make([]float64, g.Products)
	for i := range g.final {
		if g.random.Float64() < demandShare {
			g.final[i] = g.logNormal(1, demandSpread)
		}
	}
	g.output = append([]float64{}, g.final...)
	next := make([]float64, g.Products)
	before, all := -1.0, 0.0
	for n := 0; n < 200 && math.Abs(all-before) > 1e-6*all; n++ {
		copy(next, g.final)
		worn := make([]float64, len(e.Capitals))
		for j := range g.Products {
			x := g.output[j] / e.mainOutput(j)
			for k := m.Start[j]; k < m.Start[j+1]; k++ {
				if int(m.Index[k]) != j {
					next[m.Index[k]] -= m.Value[k] * x
				}
			}
			c := e.Making.Capital
			worn[c.Index[c.Start[j]]] += c.Value[c.Start[j]] * x * e.Capitals[c.Index[c.Start[j]]].Wear
		}
		b := e.Building.Product
		for c, v := range worn {
			for k := b.Start[c]; k < b.Start[c+1]; k++ {
				next[b.Index[k]] -= b.Value[k] * v
			}
		}
		g.output, next = next, g.output
		before, all = all, 0
		for i, v := range g.output {
			g.output[i] = math.Max(v, 0) // more comes by the way than is needed
			all += g.output[i]
		}
	}
}

// mainOutput returns how much the first technique of product j makes of it.
func (e *Economy) mainOutput(j int) float64 {
	m := e.Making.Product
	for k := m.Start[j]; k < m.Start[j+1]; k++ {
		if int(m.Index[k]) == j {
			return m.Value[k]
		}
	}
	return 1
}

// means draws what there is of everything, near what demand takes.
func (g *generator) means() {
	e := g.e
	labour, capital := make([]float64, len(e.Skills)), make([]float64, len(e.Capitals))
	limit := make([]float64, len(e.Limits))
	use := func(to []float64, m *block.Matrix, j int, x float64) {
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			to[m.Index[k]] += m.Value[k] * x
		}
	}
	for j := range g.Products {
		x := g.output[j] / e.mainOutput(j)
		use(labour, e.Making.Labour, j, x)
		use(capital, e.Making.Capital, j, x)
		use(limit, e.Making.Limit, j, x)
	}
	for c := range capital {
		use(labour, e.Building.Labour, c, capital[c]*e.Capitals[c].Wear)
	}
	sum := 0.0
	for range g.Regions {
		g.region = append(g.region, g.logNormal(1, 0.5))
		sum += g.region[len(g.region)-1]
	}
	for r := range g.region {
		g.region[r] *= float64(g.Regions) / sum
	}
	for _, need := range labour {
		for _, size := range g.region {
			share := g.between(0.55, 0.95)
			for range e.Periods {
				e.Labour = append(e.Labour, round(need*size*share*g.between(0.98, 1.02)))
			}
		}
	}
	for k, need := range capital {
		left := math.Pow(1-e.Capitals[k].Wear, float64(g.Periods))
		for _, size := range g.region {
			v := round(need * size * g.logNormal(1, 0.3))
			e.Installed, e.Kept = append(e.Installed, v), append(e.Kept, round(0.999*v*left))
		}
	}
	g.limits(limit)
	g.stocks()
	g.demand()
}

func (g *generator) limits(need []float64) {
	for i := range g.e.Limits {
		l := &g.e.Limits[i]
		regions, periods := float64(g.Regions), float64(g.Periods)
		switch l.Scope {
		case PerBlock:
			for _, size := range g.region {
				for range g.Periods {
					l.Most = append(l.Most, round(need[i]*size*1.1))
				}
			}
		case PerRegion:
			for _, size := range g.region {
				l.Most = append(l.Most, round(need[i]*size*periods*g.between(0.8, 1.3)))
			}
		case PerPeriod:
			for range g.Periods {
				l.Most = append(l.Most, round(need[i]*regions))
			}
		case OverAll:
			l.Most = []float64{round(need[i] * regions * periods * 0.9)}
		}
	}
}

func (g *generator) stocks() {
	g.e.Stock = make([]float64, 0, g.Products*g.Regions)
	for i := range g.Products {
		for _, size := range g.region {
			v := 0.0
			if g.mobile[i] {
				v = round(0.05 * g.output[i] * size)
			}
			g.e.Stock = append(g.e.Stock, v)
		}
	}
}

func (g *generator) demand() {
	e := g.e
	for i, v := range g.final {
		if v == 0 {
			continue
		}
		urgency := 0
		if f := g.random.Float64(); f > 0.7 {
			urgency = 2
		} else if f > 0.3 {
			urgency = 1
		}
		e.Needs = append(e.Needs, Need{Product: i, Urgency: urgency})
		for _, size := range g.region {
			taste := g.logNormal(1, 0.2)
			for range g.Periods {
				e.Demand = append(e.Demand, round(v*size*taste*g.between(0.95, 1.05)))
			}
		}
	}
}

// transport joins each region with the next by road and, from five on, with the
// one across by rail, both ways.
func (g *generator) transport() {
	if g.Regions < 2 {
		return
	}
	weight := 0.0
	for i, v := range g.output {
		weight += v * g.e.Products[i].Weight
	}
	arc := func(from, to, mode int, distance float64) {
		a := Arc{From: from, To: to, Mode: mode, Distance: distance}
		v := round(weight * math.Min(g.region[from], g.region[to]) * g.between(0.03, 0.09))
		for range g.Periods {
			a.Capacity = append(a.Capacity, v)
		}
		g.e.Arcs = append(g.e.Arcs, a)
	}
	for r := range g.Regions {
		next := (r + 1) % g.Regions
		arc(r, next, 0, 1)
		if g.Regions > 2 {
			arc(next, r, 0, 1)
		}
		if across := (r + g.Regions/2) % g.Regions; g.Regions >= 5 && across != r {
			arc(r, across, 1, float64(g.Regions/2))
		}
	}
}
