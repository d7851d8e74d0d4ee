package plan

import (
	"math"
	"slices"

	"bremen/network"
)

// scarce returns the products that a round's duals put a price on.
func (p *Program) scarce(y []float64) map[int32]bool {
	top := map[int32]float64{}
	most := 0.0
	for i, r := range p.rows {
		if r.kind == rowBalance || r.kind == rowPool {
			top[r.b] = max(top[r.b], math.Abs(y[i]))
			most = max(most, math.Abs(y[i]))
		}
	}
	out := map[int32]bool{}
	for k, v := range top {
		if v > 1e-9*most {
			out[k] = true
		}
	}
	return out
}

// pathTo returns the products between what elements are about and a bound: the
// shortest way upstream, through recipes and scarce products, to something
// that the bound limits, which is left out. It is empty where the bound limits
// what is needed itself.
func (p *Program) pathTo(elements []int, scarce map[int32]bool, l *lever) []string {
	came := map[int32]int32{}
	var queue []int32
	for _, e := range elements {
		for _, a := range p.wanted(e) {
			if _, seen := came[a]; !seen {
				came[a] = -1
				queue = append(queue, a)
			}
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if p.limits(l, at) {
			var path []string
			for k := at; came[k] >= 0; k = came[k] {
				path = append(path, p.Net.Products[k].ID)
			}
			slices.Reverse(path)
			if k := len(path) - 1; k >= 0 && path[k] == l.what {
				path = path[:k]
			}
			return path
		}
		for _, k := range p.inputsOf(at) {
			if _, seen := came[k]; !seen && scarce[k] {
				came[k] = at
				queue = append(queue, k)
			}
		}
	}
	return nil
}

// wanted lists the products that serve an element.
func (p *Program) wanted(e int) []int32 {
	el := &p.Elements[e]
	if el.Kind == elementStock {
		return []int32{p.ix.product[p.Net.Stocks[el.index].Product]}
	}
	var out []int32
	for _, a := range p.supplies[el.supply].accepts {
		out = append(out, a.product)
	}
	return out
}

// recipesOf calls f for the recipes that make a product.
func (p *Program) recipesOf(product int32, f func(r int)) {
	id := p.Net.Products[product].ID
	for r := range p.Net.Recipes {
		if slices.ContainsFunc(p.ix.flows[r], func(k int) bool {
			return p.Net.Flows[k].Direction == network.Out && p.Net.Flows[k].What == id
		}) {
			f(r)
		}
	}
}

// inputsOf lists what the recipes that make a product take, in the order stated.
func (p *Program) inputsOf(product int32) []int32 {
	var out []int32
	add := func(k int32) {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	p.recipesOf(product, func(r int) {
		for _, i := range p.ix.flows[r] {
			f := &p.Net.Flows[i]
			if f.Direction != network.In {
				continue
			}
			if k, ok := p.ix.product[f.What]; ok {
				add(k)
				continue
			}
			for _, a := range p.ix.kind[f.What] {
				add(a.product)
			}
		}
	})
	return out
}

// limits tells whether a bound limits how much of a product there is: it is
// about the product itself, or about a recipe that makes it.
func (p *Program) limits(l *lever, product int32) bool {
	id := p.Net.Products[product].ID
	switch l.kind {
	case "budget", "link", "limit":
		return true // these lie on no path of products
	case "stock", "trade", "sale", "storage", "end":
		return l.what == id
	case "maximum", "ratio":
		return true
	}
	found := false
	p.recipesOf(product, func(r int) {
		rec := &p.Net.Recipes[r]
		switch l.kind {
		case "recipe", "least":
			found = found || rec.ID == l.what
		case "blend":
			found = found || rec.ID == l.where
		case "commitment":
			found = true
		}
		for _, i := range p.ix.flows[r] {
			f := &p.Net.Flows[i]
			site := p.ix.siteID[max(0, p.ix.siteOf(rec.Site, rec.Agent))]
			found = found || (l.kind == "work" && f.Direction == network.Labour && f.What == l.what && rec.Agent == l.where) ||
				(l.kind == "capacity" && f.Direction == network.Use && f.What == l.what && site == l.where)
		}
	})
	return found
}
