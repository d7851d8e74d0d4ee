package plan

import (
	"errors"
	"math"

	"bremen/network"
)

// origin holds a plan's flows, summed over periods, and what they embody.
type origin struct {
	n        *network.Network
	x        *index
	nodes    []originProduct
	at       map[[2]int32]int // site (−1 pooled) and product → node
	runs     []originRuns     // per recipe
	measures []originMeasure
	measured map[[2]string]int
	e        [][]float64 // per node and measure, per unit
}

// originProduct is a product at a site.
type originProduct struct {
	site, product int32
	in            float64 // all that came in
	useful        float64 // what went out of it into use, or is left at the end
	from          []originSource
	direct        []float64 // embodied in what comes from outside recipes: purchases, opening stocks, carriage
}

// originSource is one way into a node: a recipe's output, or a transfer from another node.
type originSource struct {
	recipe   int // −1: a transfer
	node     int // where the transfer comes from
	quantity float64
	share    float64 // of what all runs of the recipe took
}

// originRuns is all runs of a recipe together.
type originRuns struct {
	takes  []originFlow
	yields []originFlow
	direct []float64
	key    string
	taken  []float64 // embodied in all that it took
}

type originFlow struct {
	node     int
	quantity float64
}

// originMeasure is a primary good.
type originMeasure struct{ kind, what, unit string }

func newOrigin(d *Document, n *network.Network) *origin {
	o := &origin{n: n, x: newIndex(n), at: map[[2]int32]int{}, runs: make([]originRuns, len(n.Recipes)), measured: map[[2]string]int{}}
	o.recipes(d)
	o.carriage(d)
	o.outside(d)
	o.uses(d)
	for r := range o.runs {
		o.divide(r)
	}
	return o
}

// node returns the node of a product at a site.
func (o *origin) node(site, product int32) int {
	if o.n.Products[product].Reach == network.Anywhere {
		site = -1
	}
	k := [2]int32{site, product}
	if i, ok := o.at[k]; ok {
		return i
	}
	o.at[k] = len(o.nodes)
	o.nodes = append(o.nodes, originProduct{site: site, product: product})
	return len(o.nodes) - 1
}

func (o *origin) siteOf(node int) string {
	if s := o.nodes[node].site; s >= 0 {
		return o.x.siteID[s]
	}
	return ""
}

// add counts q of a primary good in v.
func (o *origin) add(v *[]float64, kind, what, unit string, q float64) {
	if q == 0 {
		return
	}
	m, ok := o.measured[[2]string{kind, what}]
	if !ok {
		m = len(o.measures)
		o.measured[[2]string{kind, what}] = m
		o.measures = append(o.measures, originMeasure{kind, what, unit})
	}
	for len(*v) <= m {
		*v = append(*v, 0)
	}
	(*v)[m] += q
}

// recipes sums what runs take and yield, also what of it falls after the last period.
func (o *origin) recipes(d *Document) {
	times := make([]map[int]float64, len(o.n.Recipes)) // per start
	for _, l := range d.Runs {
		r, ok := o.x.recipe[l.Recipe]
		if !ok {
			continue
		}
		if times[r] == nil {
			times[r] = map[int]float64{}
		}
		times[r][l.Period] += l.Runs
		site := o.x.siteOf(o.n.Recipes[r].Site, o.n.Recipes[r].Agent)
		for _, m := range l.Mix {
			if p, ok := o.x.product[m.Product]; ok {
				o.runs[r].takes = append(o.runs[r].takes, originFlow{o.node(site, p), m.Quantity})
			}
		}
		o.add(&o.runs[r].direct, "money", o.n.Currency, o.n.Currency, o.n.Recipes[r].Money*l.Runs)
	}
	for r, starts := range times {
		for _, f := range o.x.flows[r] {
			o.flow(r, &o.n.Flows[f], starts)
		}
	}
}

func (o *origin) flow(r int, f *network.Flow, starts map[int]float64) {
	q := 0.0
	for t := 1; t <= o.n.Calendar.Periods; t++ {
		q += f.Quantity * o.x.factor(f.Profile, t) * starts[t] * float64(f.Offset.To-f.Offset.From+1)
	}
	if q == 0 {
		return
	}
	run := &o.runs[r]
	site := o.x.siteOf(o.n.Recipes[r].Site, o.n.Recipes[r].Agent)
	p, isProduct := o.x.product[f.What]
	switch {
	case f.Direction == network.Labour:
		o.add(&run.direct, "work", f.What, network.HourUnit, q)
	case f.Direction == network.Burdens:
		o.add(&run.direct, "impact", f.What, o.impactUnit(f.What), q)
	case !isProduct: // a kind, counted by its mix
	case f.Direction == network.Use:
		o.add(&run.direct, "use", f.What, o.n.Products[p].Unit, q)
		if wear := o.n.Products[p].Wear; wear > 0 {
			run.takes = append(run.takes, originFlow{o.node(site, p), q * wear})
		}
	case f.Direction == network.In:
		run.takes = append(run.takes, originFlow{o.node(site, p), q})
	case f.Direction == network.Out:
		run.yields = append(run.yields, originFlow{o.node(site, p), q})
	}
}

func (o *origin) impactUnit(id string) string {
	if k, ok := o.x.impact[id]; ok {
		return o.n.Impacts[k].Unit
	}
	return ""
}

// carriage sums transfers, with the hours, impacts and money that carrying takes.
func (o *origin) carriage(d *Document) {
	links := map[string]int{}
	for i, l := range o.n.Links {
		links[l.ID] = i
	}
	for _, t := range d.Transfers {
		p, ok := o.x.product[t.Product]
		k, known := links[t.Link]
		if !ok || !known {
			continue
		}
		from, to := o.node(o.x.site[t.From], p), o.node(o.x.site[t.To], p)
		o.nodes[from].useful += t.Quantity
		o.nodes[to].in += t.Quantity
		o.nodes[to].from = append(o.nodes[to].from, originSource{recipe: -1, node: from, quantity: t.Quantity})
		l := &o.n.Links[k]
		tonnes := o.n.Products[p].Weight / 1000 * t.Quantity
		if o.n.Products[p].Weight == 0 && l.What == t.Product {
			tonnes = t.Quantity
		}
		direct := &o.nodes[to].direct
		o.add(direct, "money", o.n.Currency, o.n.Currency, l.Money*tonnes)
		for _, f := range o.n.LinkFlows {
			if f.Link != l.ID && (f.Link != l.Mode || l.Mode == "") {
				continue
			}
			q := (f.PerTonne + f.PerKm*l.Distance) * tonnes
			switch f.Direction {
			case network.Labour:
				o.add(direct, "work", f.What, network.HourUnit, q)
			case network.Burdens:
				o.add(direct, "impact", f.What, o.impactUnit(f.What), q)
			default:
				if taken, ok := o.x.product[f.What]; ok && q > 0 {
					j := o.node(o.x.site[t.From], taken)
					o.nodes[j].useful += q
					o.nodes[to].from = append(o.nodes[to].from, originSource{recipe: -1, node: j, quantity: q})
				}
			}
		}
	}
}

// outside sums what comes from outside the recipes: purchases, opening stocks, returns.
func (o *origin) outside(d *Document) {
	for _, t := range d.Purchases {
		if p, ok := o.x.product[t.Product]; ok {
			i := o.node(o.x.site[t.Site], p)
			o.nodes[i].in += t.Quantity
			o.add(&o.nodes[i].direct, "money", o.n.Currency, o.n.Currency, t.Money)
		}
	}
	for _, s := range o.n.Stocks {
		p, ok := o.x.product[s.Product]
		if !ok || s.Start <= 0 || o.n.Products[p].Durable {
			continue
		}
		i := o.node(o.x.siteOf(s.Site, s.Agent), p)
		o.nodes[i].in += s.Start
		o.add(&o.nodes[i].direct, "opening", s.Product, o.n.Products[p].Unit, s.Start)
	}
	for _, c := range d.Consumed {
		p, ok := o.x.product[c.Product]
		if !ok {
			continue
		}
		for _, r := range o.n.Returns {
			if r.Product == c.Product {
				o.nodes[o.node(o.siteOfAgent(c.Agent), o.x.product[r.Returned])].in += r.Quantity * c.Quantity
			}
		}
		o.nodes[o.node(o.siteOfAgent(c.Agent), p)].useful += c.Quantity
	}
}

func (o *origin) siteOfAgent(id string) int32 {
	if a, ok := o.x.agent[id]; ok {
		return o.x.site[o.n.Agents[a].Site]
	}
	return -1
}

// uses sums what goes out of each node into use: into recipes, sales, and what is left at the end.
func (o *origin) uses(d *Document) {
	T := o.n.Calendar.Periods
	for r := range o.runs {
		for _, f := range o.runs[r].takes {
			o.nodes[f.node].useful += f.quantity
		}
		for _, f := range o.runs[r].yields {
			o.nodes[f.node].in += f.quantity
		}
	}
	for _, s := range d.Sales {
		if p, ok := o.x.product[s.Product]; ok {
			o.nodes[o.node(o.x.site[s.Site], p)].useful += s.Quantity
		}
	}
	for _, s := range d.Stocks {
		if p, ok := o.x.product[s.Product]; ok && s.Period == T {
			o.nodes[o.node(o.x.site[s.Site], p)].useful += s.Quantity
		}
	}
	for _, c := range d.CutOff { // what is made but arrives later is of use then
		r, ok := o.x.recipe[c.Recipe]
		p, isProduct := o.x.product[c.What]
		if ok && isProduct && c.Kind == string(network.Out) {
			o.nodes[o.node(o.x.siteOf(o.n.Recipes[r].Site, o.n.Recipes[r].Agent), p)].useful += c.Quantity
		}
	}
}

// divide shares out what a recipe took among what it yields.
func (o *origin) divide(r int) {
	run := &o.runs[r]
	used := make([]float64, len(run.yields))
	count, mass, unit, same := 0, true, "", true
	for k, y := range run.yields {
		node := &o.nodes[y.node]
		used[k] = y.quantity * finiteShare(node.useful, node.in)
		if used[k] <= 0 {
			continue
		}
		p := &o.n.Products[node.product]
		same = same && (count == 0 || p.Unit == unit)
		unit = p.Unit
		mass = mass && p.Weight > 0
		count++
	}
	if count > 1 {
		run.key = pick(mass, "mass", pick(same, "unit", "equal"))
	}
	total := 0.0
	for k, y := range run.yields {
		switch {
		case used[k] <= 0:
		case run.key == "mass":
			used[k] *= o.n.Products[o.nodes[y.node].product].Weight
		case run.key == "equal":
			used[k] = 1
		}
		total += used[k]
	}
	for k, y := range run.yields {
		s := originSource{recipe: r, node: -1, quantity: y.quantity}
		if total > 0 {
			s.share = used[k] / total
		}
		o.nodes[y.node].from = append(o.nodes[y.node].from, s)
	}
}

// finalMix is how much of a product is consumed where; where nobody consumes
// it, how much of it is of use where it is made or comes in.
func (o *origin) finalMix(product int32) map[int]float64 {
	consumed, made := map[int]float64{}, map[int]float64{}
	for i := range o.nodes {
		if o.nodes[i].product != product || o.nodes[i].useful <= 0 {
			continue
		}
		out := o.nodes[i].useful
		for r := range o.runs {
			for _, f := range o.runs[r].takes {
				if f.node == i {
					out -= f.quantity
				}
			}
		}
		consumed[i] = out
		for _, s := range o.nodes[i].from {
			if s.recipe >= 0 {
				made[i] = o.nodes[i].useful
			}
		}
		if len(o.nodes[i].from) == 0 {
			made[i] = o.nodes[i].useful
		}
	}
	for i := range o.nodes {
		for _, s := range o.nodes[i].from {
			if _, ok := consumed[s.node]; ok && s.recipe < 0 {
				consumed[s.node] -= s.quantity
			}
		}
	}
	sum := 0.0
	for _, i := range sortedKeys(consumed) {
		if consumed[i] <= 1e-9*o.nodes[i].useful {
			delete(consumed, i)
			continue
		}
		sum += consumed[i]
	}
	if sum > 0 {
		return consumed
	}
	return made
}

// Sweeps until embodied quantities stand still.
const (
	mostSweeps = 20_000
	stillness  = 1e-12
)

// upstream marks the nodes and recipes that anything at the given nodes may come from.
func (o *origin) upstream(mix map[int]float64) (nodes, recipes []bool) {
	nodes, recipes = make([]bool, len(o.nodes)), make([]bool, len(o.runs))
	todo := sortedKeys(mix)
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if nodes[i] {
			continue
		}
		nodes[i] = true
		for _, s := range o.nodes[i].from {
			if s.recipe < 0 {
				todo = append(todo, s.node)
			} else if s.share > 0 && !recipes[s.recipe] {
				recipes[s.recipe] = true
				for _, in := range o.runs[s.recipe].takes {
					todo = append(todo, in.node)
				}
			}
		}
	}
	return nodes, recipes
}

// solve finds what a unit embodies at each node that mix comes from, and
// returns the number of sweeps. Elsewhere a cycle could feed only itself and
// pile up without end; what is upstream of something used cannot.
func (o *origin) solve(mix map[int]float64) (int, error) {
	nodes, recipes := o.upstream(mix)
	M := len(o.measures)
	o.e = make([][]float64, len(o.nodes))
	for i := range o.e {
		o.e[i] = make([]float64, M)
	}
	for r := range o.runs {
		o.runs[r].taken = make([]float64, M)
	}
	next := make([]float64, M)
	for sweep := 1; sweep <= mostSweeps; sweep++ {
		for r := range o.runs {
			if recipes[r] {
				o.take(&o.runs[r])
			}
		}
		change := 0.0
		for i := range o.nodes {
			node := &o.nodes[i]
			if node.useful <= 0 || !nodes[i] {
				continue
			}
			clear(next)
			copy(next, node.direct)
			for _, s := range node.from {
				from, q := []float64(nil), s.quantity
				if s.recipe >= 0 {
					from, q = o.runs[s.recipe].taken, s.share
				} else {
					from = o.e[s.node]
				}
				for m := range next {
					next[m] += float64(q * from[m])
				}
			}
			for m := range next {
				v := next[m] / node.useful
				change = max(change, math.Abs(v-o.e[i][m])/(math.Abs(v)+1e-300))
				o.e[i][m] = v
			}
		}
		if change <= stillness {
			return sweep, nil
		}
	}
	return mostSweeps, errors.New("what it embodies did not stand still: a cycle gives almost nothing but to itself")
}

// take sums what all runs of a recipe took.
func (o *origin) take(r *originRuns) {
	clear(r.taken)
	copy(r.taken, r.direct)
	for _, f := range r.takes {
		e := o.e[f.node]
		for m := range r.taken {
			r.taken[m] += float64(f.quantity * e[m])
		}
	}
}
