package lptest

import (
	"slices"

	"bremen/lp"
	"bremen/lp/block"
)

// problem writes an economy down as a program.
func (e *economy) problem() *block.Problem {
	p := &block.Problem{}
	n := e.blocks
	balance := p.AddRows("balance", e.products, n, 0, lp.Inf)
	for i, v := range e.initial {
		p.RowLower[i*e.periods] = -v
	}
	limits := func(name string, items, blocks int, most []float64) int {
		g := p.AddRows(name, items, blocks, -lp.Inf, 0)
		copy(p.RowUpper[p.RowGroups[g].First:], most)
		return g
	}
	work := limits("work", economySkills, n, e.work)
	machine := limits("machine", e.machines, n, e.capacity)
	freight := limits("freight", economyRoutes, n, e.freight)
	need := p.AddRows("need", len(e.needed), n, 0, lp.Inf)
	resource := limits("resource", economyResources, 1, e.resources)

	everywhere := []block.Run{block.Everywhere(n)}
	term := func(rows, cols int, m *block.Matrix, runs []block.Run) {
		p.Terms = append(p.Terms, block.Term{Rows: rows, Cols: cols, Matrix: m, Runs: runs})
	}

	makes := e.costly(p, "makes", len(e.recipes), func(r int) float64 {
		hours := 0.0
		for _, a := range e.recipes[r].skill {
			hours += a.size
		}
		return 0.01 * hours
	})
	term(balance, makes, e.matrix(e.products, func(r *recipe) []amount { return r.product }), everywhere)
	term(work, makes, e.matrix(economySkills, func(r *recipe) []amount { return r.skill }), everywhere)
	term(machine, makes, e.matrix(e.machines, func(r *recipe) []amount { return r.machine }), everywhere)
	term(resource, makes, e.matrix(economyResources, func(r *recipe) []amount { return r.resource }), []block.Run{{ColStep: 1, Count: n}})

	store := e.costly(p, "store", e.products, func(i int) float64 { return 0.0005 / e.size[i] })
	copy(p.Upper[p.ColGroups[store].First:], e.stock)
	away := block.Diagonal(repeat(-1.0, e.products))
	term(balance, store, away, everywhere)
	var carry []block.Run
	for s := range e.sites {
		carry = append(carry, block.Run{Row: s*e.periods + 1, Col: s * e.periods, RowStep: 1, ColStep: 1, Count: e.periods - 1})
	}
	term(balance, store, block.Diagonal(e.keep), carry)

	arrives := block.Diagonal(repeat(1.0, e.products))
	for a := range economyRoutes {
		ship := e.costly(p, "ship", e.products, func(i int) float64 { return 0.002 * e.weight[i] })
		var there []block.Run
		for s := range e.sites {
			there = append(there, block.Run{Row: e.to(a, s) * e.periods, Col: s * e.periods, RowStep: 1, ColStep: 1, Count: e.periods})
		}
		term(balance, ship, away, everywhere)
		term(balance, ship, arrives, there)
		term(freight, ship, single(economyRoutes, repeat(a, e.products), e.weight), everywhere)
	}
	e.serve(p, balance, need)
	return p
}

// costly adds a group of unlimited columns, item i at the cost of cost(i).
func (e *economy) costly(p *block.Problem, name string, items int, cost func(i int) float64) int {
	g := p.AddCols(name, items, e.blocks, 0, 0, lp.Inf)
	for i := range items {
		c := cost(i)
		for b := range e.blocks {
			p.Cost[p.ColGroups[g].First+i*e.blocks+b] = c
		}
	}
	return g
}

// serve adds the columns by which people get what they need, and the one that
// raises the share of the worst-served need.
func (e *economy) serve(p *block.Problem, balance, need int) {
	n := e.blocks
	from, to := make([]int, 0), make([]int, 0)
	for k := range e.needed {
		for range economySegments {
			from, to = append(from, e.needed[k]), append(to, k)
		}
	}
	served := e.costly(p, "served", len(to), func(i int) float64 {
		k := to[i]
		return -e.urgency[k] * segmentValue[i%economySegments] / e.size[e.needed[k]]
	})
	first, total := p.ColGroups[served].First, 0.0
	for i, k := range to {
		for b, d := range e.demand[k*n:][:n] {
			p.Upper[first+i*n+b] = segmentSize[i%economySegments] * d
		}
	}
	for k, product := range e.needed {
		for _, d := range e.demand[k*n:][:n] {
			total += e.urgency[k] * d / e.size[product]
		}
	}
	everywhere := []block.Run{block.Everywhere(n)}
	p.Terms = append(p.Terms,
		block.Term{Rows: balance, Cols: served, Matrix: single(e.products, from, repeat(-1.0, len(from))), Runs: everywhere},
		block.Term{Rows: need, Cols: served, Matrix: single(len(e.needed), to, repeat(1.0, len(to))), Runs: everywhere})

	p.AddCols("worst", 1, 1, -2*total, 0, 1)
	p.Start = make([]int, p.Cols()+1)
	p.Start[p.Cols()] = len(e.demand)
	for i, d := range e.demand {
		p.Index = append(p.Index, int32(p.RowGroups[need].First+i))
		p.Value = append(p.Value, -d)
	}
}

// matrix returns one side of all recipes.
func (e *economy) matrix(rows int, side func(*recipe) []amount) *block.Matrix {
	m := &block.Matrix{Rows: rows, Cols: len(e.recipes), Start: make([]int32, 1, len(e.recipes)+1)}
	for r := range e.recipes {
		list := slices.SortedFunc(slices.Values(side(&e.recipes[r])), func(a, b amount) int { return a.item - b.item })
		for _, a := range list {
			m.Index, m.Value = append(m.Index, int32(a.item)), append(m.Value, a.size)
		}
		m.Start = append(m.Start, int32(len(m.Value)))
	}
	return m
}

// single returns a matrix with one entry per column.
func single(rows int, row []int, value []float64) *block.Matrix {
	m := &block.Matrix{Rows: rows, Cols: len(row), Start: make([]int32, len(row)+1), Index: make([]int32, len(row)), Value: value}
	for j, i := range row {
		m.Index[j], m.Start[j+1] = int32(i), int32(j+1)
	}
	return m
}

func repeat[T any](v T, n int) []T { return slices.Repeat([]T{v}, n) }
