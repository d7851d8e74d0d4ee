package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bremen/network"
)

// want is what one agent wants of one thing in one window, before agents are
// merged into classes. Quantities are per head.
type want struct {
	key      string // what|of|window
	what, of string
	periods  []int
	perHead  []float64 // per urgency level
	maximum  float64
	needs    []wantNeed
}

type wantNeed struct {
	need    int
	perHead []float64
}

// classify merges agents into classes and makes their supplies.
//
// Agents at one site whose wants per head are equal (to ten digits) are one
// class: replacing what each gets by the mean per head keeps every balance and
// lowers no least satisfaction, so nothing is lost. Wants that only pooled
// products serve, and that count for nothing else, are one supply for the
// whole network. Agents of one basket are one class wherever they are.
func (b *builder) classify() {
	wants := b.wants()
	pooled := map[string]int{}
	byKey := map[string]int{}
	for _, a := range slices.Sorted(maps.Keys(wants)) {
		list := b.pool(a, wants[a], pooled)
		if len(list) == 0 {
			continue
		}
		agent := &b.n.Agents[a]
		key := "basket|" + agent.Basket
		if agent.Basket == "" {
			key = agent.Site + "|" + b.signature(a, list)
		}
		c, ok := byKey[key]
		if !ok {
			c = len(b.classes)
			byKey[key] = c
			b.classes = append(b.classes, class{})
		}
		b.join(c, a, list)
	}
	for c := range b.classes {
		b.shares(c)
	}
}

// wants collects the needs of each agent.
func (b *builder) wants() map[int][]*want {
	n, x := b.n, b.ix
	out := map[int][]*want{}
	index := map[string]*want{}
	add := func(i, a int, periods []int, window string, q, most float64) {
		d := &n.Needs[i]
		key := d.What + "|" + d.Of + "|" + window
		w := index[fmt.Sprint(a, "|", key)]
		if w == nil {
			w = &want{key: key, what: d.What, of: d.Of, periods: periods, perHead: make([]float64, b.levels+1)}
			index[fmt.Sprint(a, "|", key)] = w
			out[a] = append(out[a], w)
		}
		u := x.urgency[d.Urgency]
		for k := range w.needs {
			if w.needs[k].need == i {
				w.needs[k].perHead[u] += q
				w.perHead[u] += q
				return
			}
		}
		per := make([]float64, b.levels+1)
		per[u] = q
		w.needs = append(w.needs, wantNeed{i, per})
		w.perHead[u] += q
		w.maximum += most
	}
	for i := range n.Needs {
		d := &n.Needs[i]
		a := x.agent[d.Agent]
		heads := n.Agents[a].Persons
		if d.PerPerson {
			heads = 1
		}
		if heads <= 0 {
			heads = 1
		}
		total, most := 0.0, 0.0
		var periods []int
		for t := 1; t <= b.T; t++ {
			if !d.Periods.Has(t) {
				continue
			}
			f := x.factor(d.Profile, t) / heads
			if d.Basis == network.PerDay {
				f *= float64(n.Calendar.Days(t))
			}
			if d.Basis == network.InTotal {
				periods = append(periods, t)
				continue
			}
			if d.Quantity*f > 0 || d.Maximum*f > 0 {
				add(i, a, []int{t}, fmt.Sprintf("%04d", t), d.Quantity*f, d.Maximum*f)
			}
		}
		if d.Basis == network.InTotal && len(periods) > 0 {
			total, most = d.Quantity/heads, d.Maximum/heads
			add(i, a, periods, "total"+fmt.Sprint(periods), total, most)
		}
	}
	b.allow(out)
	return out
}

// allow moves what exceeds the allowance per head to the next lower level.
func (b *builder) allow(wants map[int][]*want) {
	if b.n.Allowance == "none" {
		return
	}
	stated := map[string]float64{}
	for _, a := range b.n.Allowances {
		stated[a.What+"|"+a.Urgency] = a.Quantity
	}
	type head struct{ q, persons float64 }
	heads := map[string][]head{}
	each := func(f func(a int, w *want, u int, key string)) {
		for _, a := range slices.Sorted(maps.Keys(wants)) {
			for _, w := range wants[a] {
				for u := b.levels - 1; u >= 0; u-- {
					if w.perHead[u] > 0 {
						f(a, w, u, fmt.Sprint(w.key, "|", u))
					}
				}
			}
		}
	}
	each(func(a int, w *want, u int, key string) {
		heads[key] = append(heads[key], head{w.perHead[u], b.n.Agents[a].Persons})
	})
	cap := map[string]float64{}
	for key, list := range heads {
		slices.SortFunc(list, func(a, b head) int { return cmp.Compare(a.q, b.q) })
		total, run := 0.0, 0.0
		for _, h := range list {
			total += h.persons
		}
		for _, h := range list {
			if run += h.persons; run >= total/2 {
				cap[key] = 2 * h.q
				break
			}
		}
	}
	each(func(_ int, w *want, u int, key string) {
		limit, ok := stated[w.what+"|"+b.n.Urgencies[u].ID]
		if ok {
			limit *= float64(len(w.periods))
		} else if b.n.Allowance == "stated" {
			return
		} else {
			limit = cap[key]
		}
		if limit <= 0 || w.perHead[u] <= limit*(1+1e-9) {
			return
		}
		keep := limit / w.perHead[u]
		for k := range w.needs {
			q := w.needs[k].perHead[u]
			w.needs[k].perHead[u] = q * keep
			w.needs[k].perHead[u+1] += q * (1 - keep)
		}
		w.perHead[u+1] += w.perHead[u] - limit
		w.perHead[u] = limit
	})
}

// pool moves the wants of agent a that only pooled products serve into
// network-wide classes and returns the others.
func (b *builder) pool(a int, list []*want, pooled map[string]int) []*want {
	agent := &b.n.Agents[a]
	if agent.Basket != "" || b.alone[agent.ID] {
		return list
	}
	type use struct {
		product int32
		t       int
	}
	used := map[use]int{}
	for _, w := range list {
		acc, _ := b.ix.accepts(w.what, w.of)
		for _, p := range acc {
			for _, t := range w.periods {
				used[use{p.product, t}]++
			}
		}
	}
	var rest []*want
	for _, w := range list {
		acc, property := b.ix.accepts(w.what, w.of)
		ok := !property && len(acc) > 0
		for _, p := range acc {
			ok = ok && b.n.Products[p.product].Reach == network.Anywhere && len(b.returns[p.product]) == 0
			for _, t := range w.periods {
				ok = ok && used[use{p.product, t}] == 1
			}
		}
		if !ok {
			rest = append(rest, w)
			continue
		}
		c, seen := pooled[w.key]
		if !seen {
			c = len(b.classes)
			pooled[w.key] = c
			b.classes = append(b.classes, class{})
		}
		b.join(c, a, []*want{w})
	}
	return rest
}

// signature is equal for agents that may be merged at one site.
func (b *builder) signature(a int, list []*want) string {
	id := b.n.Agents[a].ID
	if b.alone[id] {
		return "alone|" + id
	}
	parts := make([]string, len(list))
	for i, w := range list {
		parts[i] = fmt.Sprintf("%s=%.10g<%.10g", w.key, w.perHead, w.maximum)
	}
	slices.Sort(parts)
	return strings.Join(parts, ";")
}

// join makes agent a a member of class c and adds its wants to the class's supplies.
func (b *builder) join(c, a int, list []*want) {
	cl := &b.classes[c]
	persons := b.n.Agents[a].Persons
	if persons <= 0 {
		persons = 1
	}
	if !slices.ContainsFunc(cl.members, func(m member) bool { return m.agent == a }) {
		cl.members = append(cl.members, member{a, persons})
		cl.persons += persons
	}
	for _, w := range list {
		s := b.supplyOf(c, a, w)
		sp := &b.supplies[s]
		sp.part += persons
		sp.maximum += w.maximum * persons
		for u, q := range w.perHead {
			sp.quantity[u] += q * persons
		}
		for _, wn := range w.needs {
			t := taker{need: wn.need, agent: a, urgency: make([]float64, b.levels+1)}
			for u, q := range wn.perHead {
				t.urgency[u] = q * persons
			}
			sp.takers = append(sp.takers, t)
		}
	}
}

// supplyOf finds the supply of class c for what agent a wants, or makes it. In
// a basket, members with different amounts per head or preferences have
// supplies of their own; pooled and merged members share theirs.
func (b *builder) supplyOf(c, a int, w *want) int {
	key := fmt.Sprint(c, "|", w.key)
	if b.isBasket(c) {
		key += fmt.Sprintf("|%.10g<%.10g", w.perHead, w.maximum)
		if id := b.n.Agents[a].ID; b.hasPreference[id] {
			key += "|" + id
		}
	}
	if s, ok := b.supplyKey[key]; ok {
		return s
	}
	s := len(b.supplies)
	b.supplyKey[key] = s
	acc, property := b.ix.accepts(w.what, w.of)
	if !property {
		acc = b.preferred(a, w.what, acc)
	}
	b.supplies = append(b.supplies, supply{
		class: c, what: w.what, of: w.of, property: property, accepts: acc,
		periods: w.periods, quantity: make([]float64, b.levels+1),
		element: slices.Repeat([]int{-1}, b.levels+1), prefer: -1, row: -1,
	})
	b.classes[c].supplies = append(b.classes[c].supplies, s)
	return s
}

// preferred applies an agent's own preferences among the variants of a kind.
func (b *builder) preferred(agent int, kind string, acc []accept) []accept {
	id := b.n.Agents[agent].ID
	if !b.hasPreference[id] {
		return acc
	}
	acc = slices.Clone(acc)
	for _, p := range b.n.Preferences {
		if p.Agent != id || p.Kind != kind {
			continue
		}
		for i := range acc {
			if b.n.Products[acc[i].product].ID == p.Product {
				acc[i].preference = p.Preference
				if p.Rate > 0 {
					acc[i].rate = p.Rate
				}
			}
		}
	}
	return acc
}

func (b *builder) isBasket(c int) bool {
	m := b.classes[c].members
	return len(m) > 0 && b.n.Agents[m[0].agent].Basket != ""
}

// shares sets where a class consumes, and which part of it each supply's members take.
func (b *builder) shares(c int) {
	cl := &b.classes[c]
	at := map[int32]float64{}
	for _, m := range cl.members {
		at[b.ix.site[b.n.Agents[m.agent].Site]] += m.persons / cl.persons
	}
	for _, s := range slices.Sorted(maps.Keys(at)) {
		cl.sites = append(cl.sites, siteShare{s, at[s]})
	}
	for _, s := range cl.supplies {
		if b.isBasket(c) {
			b.supplies[s].part /= cl.persons
		} else {
			b.supplies[s].part = 1
		}
	}
}
