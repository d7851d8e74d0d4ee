package network

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// sources names products that are used somewhere and come from nowhere.
func (c *checker) sources() {
	made := map[string]bool{}
	for p := range c.has {
		made[p.product] = true
	}
	for i := range c.n.Flows {
		if f := &c.n.Flows[i]; f.Direction == Out && f.Quantity > 0 {
			made[f.What] = true // whether its recipe can start is another check
		}
	}
	for i := range c.n.Returns {
		made[c.n.Returns[i].Returned] = true
	}
	used := map[string]bool{}
	for i := range c.n.Needs {
		used[c.n.Needs[i].What] = true
	}
	for i := range c.n.Flows {
		if f := &c.n.Flows[i]; f.Direction == In || f.Direction == Use {
			used[f.What] = true
		}
	}
	for i := range c.n.LinkFlows {
		if f := &c.n.LinkFlows[i]; f.Direction == In {
			used[f.What] = true
		}
	}
	for i := range c.n.Products {
		if p := &c.n.Products[i]; used[p.ID] && !made[p.ID] {
			c.add(Finding{Check: CheckNoSource, Table: "products", ID: p.ID, Position: p.Position})
		}
	}
	c.emptyKinds(used, made)
}

// emptyKinds names kinds that are used and of which no member comes from anywhere.
func (c *checker) emptyKinds(used, made map[string]bool) {
	told := map[string]bool{}
	for i := range c.n.Variants {
		v := &c.n.Variants[i]
		if used[v.Kind] && !told[v.Kind] && !slices.ContainsFunc(c.members[v.Kind], func(p string) bool { return made[p] }) {
			told[v.Kind] = true
			c.add(Finding{Check: CheckNoSource, Table: "kinds", ID: v.Kind, Position: v.Position})
		}
	}
}

// recipes names those that can never start, and those that need no limit to run for ever.
func (c *checker) recipes() {
	inCycle := c.cycles()
	for i := range c.n.Recipes {
		rec := &c.n.Recipes[i]
		f := Finding{Table: "recipes", ID: rec.ID, Position: rec.Position}
		if len(c.flows[rec.ID]) == 0 {
			f.Check = CheckNoFlows
			c.add(f)
			continue
		}
		s := c.starts[rec.ID]
		lacks := s.lacking()
		for _, fl := range c.flows[rec.ID] {
			if fl.Direction == Labour && fl.Quantity > 0 && !c.offered(fl.What, rec.Agent) && !slices.Contains(lacks, fl.What) {
				lacks = append(lacks, fl.What)
			}
		}
		if rec.Starts.Count(c.n.Calendar.Periods) == 0 {
			lacks = append(lacks, "starts")
		}
		if len(lacks) > 0 && !(inCycle[rec.ID] && !s.never) {
			f.Check, f.Other = CheckCannotStart, strings.Join(lacks, ", ")
			c.add(f)
		}
		c.late(rec, f)
		c.bound(rec, f)
	}
}

// late reports a recipe of which no run gives anything within the calendar.
func (c *checker) late(rec *Recipe, f Finding) {
	first, any := 0, false
	for _, fl := range c.flows[rec.ID] {
		if fl.Direction == Out && (!any || fl.Offset.From < first) {
			first, any = fl.Offset.From, true
		}
	}
	begin := 1
	if len(rec.Starts) > 0 {
		begin = rec.Starts[0].From
	}
	if any && begin <= c.n.Calendar.Periods && begin+first > c.n.Calendar.Periods {
		f.Check, f.Other, f.Note = CheckTooLate, "", true
		c.add(f)
	}
}

// bound reports a recipe that nothing limits.
func (c *checker) bound(rec *Recipe, f Finding) {
	if rec.Most > 0 {
		return
	}
	for _, fl := range c.flows[rec.ID] {
		if fl.Quantity > 0 && (fl.Direction == In || fl.Direction == Use || fl.Direction == Labour) {
			return
		}
	}
	f.Check, f.Other = CheckUnbounded, ""
	c.add(f)
}

// cycles reports products that need each other and of which none can begin. It
// returns the recipes that lack nothing but those.
func (c *checker) cycles() map[string]bool {
	had := map[string]bool{}
	for p := range c.has {
		had[p.product] = true
	}
	graph := map[string][]string{} // from what a recipe lacks to what it would make
	for i := range c.n.Recipes {
		rec := &c.n.Recipes[i]
		for _, l := range c.starts[rec.ID].need {
			for _, in := range l.products {
				for _, f := range c.flows[rec.ID] {
					if f.Direction == Out && f.Quantity > 0 && !l.met && !had[in] && !had[f.What] && !slices.Contains(graph[in], f.What) {
						graph[in] = append(graph[in], f.What)
					}
				}
			}
		}
	}
	component := map[string]int{}
	for k, group := range components(graph) {
		if len(group) == 1 && !slices.Contains(graph[group[0]], group[0]) {
			continue
		}
		slices.Sort(group)
		for _, p := range group {
			component[p] = k + 1
		}
		first := c.product[group[0]]
		c.add(Finding{Check: CheckCycle, Table: "products", ID: first.ID, Position: first.Position, Other: strings.Join(group, ", ")})
	}
	return c.onlyLacking(component)
}

// onlyLacking returns the recipes whose every unmet input is in the cycle that an output of theirs is in.
func (c *checker) onlyLacking(component map[string]int) map[string]bool {
	out := map[string]bool{}
	for id, s := range c.starts {
		own := 0
		for _, f := range c.flows[id] {
			if f.Direction == Out && component[f.What] > 0 {
				own = component[f.What]
			}
		}
		only := own > 0
		for _, l := range s.need {
			only = only && (l.met || slices.ContainsFunc(l.products, func(p string) bool { return component[p] == own }))
		}
		out[id] = only
	}
	return out
}

// components returns the strongly connected components of a graph, each once,
// in an order that depends on the graph alone (Tarjan 1972, without recursion).
func components(graph map[string][]string) [][]string {
	t := tarjan{graph: graph, index: map[string]int{}, low: map[string]int{}, on: map[string]bool{}}
	for _, v := range slices.Sorted(maps.Keys(graph)) {
		if t.index[v] == 0 {
			t.visit(v)
		}
	}
	return t.found
}

type tarjan struct {
	graph      map[string][]string
	index, low map[string]int
	on         map[string]bool
	stack      []string
	found      [][]string
}

func (t *tarjan) visit(root string) {
	type frame struct {
		v    string
		next int
	}
	open := func(v string) frame {
		t.index[v] = len(t.index) + 1
		t.low[v] = t.index[v]
		t.stack = append(t.stack, v)
		t.on[v] = true
		return frame{v: v}
	}
	frames := []frame{open(root)}
	for len(frames) > 0 {
		f := &frames[len(frames)-1]
		if f.next < len(t.graph[f.v]) {
			w := t.graph[f.v][f.next]
			f.next++
			if t.index[w] == 0 {
				frames = append(frames, open(w))
			} else if t.on[w] {
				t.low[f.v] = min(t.low[f.v], t.index[w])
			}
			continue
		}
		v := f.v
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			parent := frames[len(frames)-1].v
			t.low[parent] = min(t.low[parent], t.low[v])
		}
		if t.low[v] == t.index[v] {
			t.close(v)
		}
	}
}

// close takes a finished component off the stack.
func (t *tarjan) close(v string) {
	i := slices.Index(t.stack, v)
	group := slices.Clone(t.stack[i:])
	t.stack = t.stack[:i]
	for _, w := range group {
		t.on[w] = false
	}
	t.found = append(t.found, group)
}

// served names what is needed and never to be had, at all or where it is needed.
func (c *checker) served() {
	type group struct {
		at     Position
		agents map[string]bool
		far    map[string]bool
	}
	groups := map[string]*group{}
	anywhere := map[string]bool{}
	for p := range c.has {
		anywhere[p.product] = true
	}
	for i := range c.n.Needs {
		d := &c.n.Needs[i]
		if d.Quantity <= 0 {
			continue
		}
		fit := c.fit(d.What, d.Of)
		if slices.ContainsFunc(fit, func(p string) bool { return c.has[c.at(c.site[d.Agent], p)] }) {
			continue
		}
		g := groups[d.What]
		if g == nil {
			g = &group{at: d.Position, agents: map[string]bool{}, far: map[string]bool{}}
			groups[d.What] = g
		}
		if slices.ContainsFunc(fit, func(p string) bool { return anywhere[p] }) {
			g.far[c.site[d.Agent]] = true
		} else {
			g.agents[d.Agent] = true
		}
	}
	for what, g := range groups {
		f := Finding{Table: "needs", ID: what, Position: g.at}
		if len(g.agents) > 0 {
			f.Check, f.Other = CheckNeverServed, some(g.agents)
			c.add(f)
		}
		if len(g.far) > 0 {
			f.Check, f.Other = CheckOutOfReach, some(g.far)
			c.add(f)
		}
	}
}

// some lists the first names of a set, and how many more there are.
func some(set map[string]bool) string {
	names := slices.Sorted(maps.Keys(set))
	if len(names) > 4 {
		return strings.Join(names[:3], ", ") + ", … +" + strconv.Itoa(len(names)-3)
	}
	return strings.Join(names, ", ")
}

// skills names those that recipes take and nobody offers them.
func (c *checker) skills() {
	without := map[string]map[string]bool{}
	for i := range c.n.Flows {
		f := &c.n.Flows[i]
		rec := c.recipe[f.Recipe]
		if f.Direction == Labour && f.Quantity > 0 && rec != nil && !c.offered(f.What, rec.Agent) {
			if without[f.What] == nil {
				without[f.What] = map[string]bool{}
			}
			without[f.What][rec.Agent] = true
		}
	}
	for i := range c.n.Skills {
		s := &c.n.Skills[i]
		agents := without[s.ID]
		switch {
		case len(agents) == 0:
		case len(c.offers[s.ID]) == 0:
			c.add(Finding{Check: CheckNoSkill, Table: "skills", ID: s.ID, Position: s.Position})
		default:
			c.add(Finding{Check: CheckSkillElse, Table: "skills", ID: s.ID, Position: s.Position, Other: some(agents)})
		}
	}
}

// trade names products whose purchase neither quantity nor money bounds.
func (c *checker) trade() {
	budget := map[string]bool{}
	for i := range c.n.Budgets {
		budget[c.n.Budgets[i].Agent] = true
	}
	told := map[string]bool{}
	for i := range c.n.Trade {
		t := &c.n.Trade[i]
		if t.Type == "buy" && t.Most == nil && t.Total == nil && !told[t.Product] && (t.Price <= 0 || !budget[t.Agent] && !budget[""]) {
			told[t.Product] = true
			c.add(Finding{Check: CheckTradeBound, Table: "trade", ID: t.Product, Position: t.Position, Note: true})
		}
	}
}
