package network

import (
	"maps"
	"slices"
)

// place is a product at a site; pooled products have no site.
type place struct{ site, product string }

// reached is what can ever be had where, quantities, times and order of goals
// aside: a product that is bought, in stock, returned, carried there, or made by a recipe
// that has all it takes.
type reached struct {
	product map[string]*Product
	recipe  map[string]*Recipe
	site    map[string]string   // of agents
	members map[string][]string // products of a kind
	bearers map[string][]string // products that contain a property
	flows   map[string][]*Flow  // of a recipe
	offers  map[string][]string // by skill: for whom, "" for all

	has     map[place]bool
	wants   map[place][]*start
	starts  map[string]*start // by recipe
	out     map[string][]way  // links by site
	returns map[string][]string
	queue   []place
}

// way is a link in one direction.
type way struct{ to, what string }

// start counts what a recipe still lacks before it can ever run.
type start struct {
	recipe *Recipe
	need   []lack
	open   int
	never  bool // no skill or no period to start in

	together bool // begins with others in one period
}

// lack is one thing a recipe takes; any of the products will do.
type lack struct {
	what     string
	products []string
	first    int // offset at which it is taken
	met      bool
}

func (c *checker) reach() {
	c.reached = &reached{
		product: map[string]*Product{}, recipe: map[string]*Recipe{}, site: map[string]string{},
		members: map[string][]string{}, bearers: map[string][]string{}, flows: map[string][]*Flow{}, offers: map[string][]string{},
		has: map[place]bool{}, wants: map[place][]*start{}, starts: map[string]*start{},
		out: map[string][]way{}, returns: map[string][]string{},
	}
	r := c.reached
	r.index(c.n)
	r.prepare(c.n)
	r.begin(c.n)
	r.spread()
	for r.together(c.n) {
		r.spread()
	}
}

func (r *reached) index(n *Network) {
	for i := range n.Products {
		r.product[n.Products[i].ID] = &n.Products[i]
	}
	for i := range n.Recipes {
		r.recipe[n.Recipes[i].ID] = &n.Recipes[i]
	}
	for i := range n.Agents {
		r.site[n.Agents[i].ID] = n.Agents[i].Site
	}
	r.members = n.KindMembers()
	for i := range n.Contents {
		if c := &n.Contents[i]; c.Quantity > 0 {
			r.bearers[c.Property] = append(r.bearers[c.Property], c.Product)
		}
	}
	for i := range n.Flows {
		f := &n.Flows[i]
		r.flows[f.Recipe] = append(r.flows[f.Recipe], f)
	}
	for i := range n.Work {
		if w := &n.Work[i]; w.Hours > 0 {
			r.offers[w.Skill] = append(r.offers[w.Skill], w.For)
		}
	}
	for i := range n.Links {
		l := &n.Links[i]
		r.out[l.From] = append(r.out[l.From], way{l.To, l.What})
		if l.TwoWay {
			r.out[l.To] = append(r.out[l.To], way{l.From, l.What})
		}
	}
	for i := range n.Returns {
		if t := &n.Returns[i]; t.Quantity > 0 {
			r.returns[t.Product] = append(r.returns[t.Product], t.Returned)
		}
	}
}

// KindMembers returns the products of every kind, those of the kinds in it
// included, in order and each once.
func (n *Network) KindMembers() map[string][]string {
	direct := map[string][]string{}
	for i := range n.Variants {
		v := &n.Variants[i]
		direct[v.Kind] = append(direct[v.Kind], v.Product)
	}
	members := make(map[string][]string, len(direct))
	for kind := range direct {
		seen := map[string]bool{kind: true}
		var collect func(k string)
		collect = func(k string) {
			for _, p := range direct[k] {
				if seen[p] {
					continue
				}
				seen[p] = true
				if _, nested := direct[p]; nested {
					collect(p)
				} else {
					members[kind] = append(members[kind], p)
				}
			}
		}
		collect(kind)
		slices.Sort(members[kind])
	}
	return members
}

// fit returns the products that can meet a need for what, of a kind if one is named.
func (r *reached) fit(what, of string) []string {
	if r.product[what] != nil {
		return []string{what}
	}
	if m, ok := r.members[what]; ok {
		return m
	}
	if of == "" {
		return r.bearers[what]
	}
	var both []string
	for _, p := range r.bearers[what] {
		if p == of || slices.Contains(r.members[of], p) {
			both = append(both, p)
		}
	}
	return both
}

// at is where a product is when it is at a site.
func (r *reached) at(site, product string) place {
	if p := r.product[product]; p != nil && p.Reach == Anywhere {
		return place{"", product}
	}
	return place{site, product}
}

// prepare lists what each recipe takes.
func (r *reached) prepare(n *Network) {
	for i := range n.Recipes {
		rec := &n.Recipes[i]
		s := &start{recipe: rec}
		r.starts[rec.ID] = s
		for _, f := range r.flows[rec.ID] {
			if f.Quantity <= 0 {
				continue
			}
			switch f.Direction {
			case In, Use:
				s.need = append(s.need, lack{what: f.What, products: r.fit(f.What, ""), first: f.Offset.From})
			case Labour:
				s.never = s.never || !r.offered(f.What, rec.Agent)
			}
		}
		s.never = s.never || rec.Starts.Count(n.Calendar.Periods) == 0
		s.open = len(s.need)
		for _, l := range s.need {
			for _, p := range l.products {
				at := r.at(rec.Site, p)
				r.wants[at] = append(r.wants[at], s)
			}
		}
	}
}

func (r *reached) offered(skill, agent string) bool {
	return slices.ContainsFunc(r.offers[skill], func(whom string) bool { return whom == "" || whom == agent })
}

// begin has what is there, bought, or made from nothing.
func (r *reached) begin(n *Network) {
	for i := range n.Stocks {
		if s := &n.Stocks[i]; s.Start > 0 {
			r.have(r.at(s.Site, s.Product))
		}
	}
	for i := range n.Trade {
		t := &n.Trade[i]
		if t.Type == "buy" && (t.Most == nil || *t.Most > 0) && (t.Total == nil || *t.Total > 0) {
			r.have(r.at(t.Site, t.Product))
		}
	}
	for i := range n.Recipes {
		r.run(r.starts[n.Recipes[i].ID])
	}
}

func (r *reached) have(p place) {
	if !r.has[p] {
		r.has[p] = true
		r.queue = append(r.queue, p)
	}
}

// run has what a recipe makes, once it lacks nothing.
func (r *reached) run(s *start) {
	if s.open > 0 || s.never {
		return
	}
	for _, f := range r.flows[s.recipe.ID] {
		if f.Direction == Out && f.Quantity > 0 {
			r.have(r.at(s.recipe.Site, f.What))
		}
	}
}

// spread follows links, returns and recipes until nothing new can be had.
func (r *reached) spread() {
	for len(r.queue) > 0 {
		at := r.queue[len(r.queue)-1]
		r.queue = r.queue[:len(r.queue)-1]
		for _, s := range r.wants[at] {
			r.supply(s, at.product)
		}
		for _, back := range r.returns[at.product] {
			for _, site := range r.consumers(at) {
				r.have(r.at(site, back))
			}
		}
		r.carry(at, r.have)
	}
}

// together finds recipes that support each other within one period, as industries
// do that take each other's products: what they give comes no later than what
// they take, so they need no stock to begin. It reports whether there were any.
func (r *reached) together(n *Network) bool {
	var open []*start
	for i := range n.Recipes {
		if s := r.starts[n.Recipes[i].ID]; s.open > 0 && !s.never && !s.together && r.atOnce(s) {
			open = append(open, s)
		}
	}
	for before := -1; before != len(open); {
		before = len(open)
		given := r.given(open)
		open = slices.DeleteFunc(open, func(s *start) bool {
			return slices.ContainsFunc(s.need, func(l lack) bool {
				return !l.met && !slices.ContainsFunc(l.products, func(p string) bool { return given[r.at(s.recipe.Site, p)] })
			})
		})
	}
	for _, s := range open {
		s.together = true
		for _, f := range r.flows[s.recipe.ID] {
			if f.Direction == Out && f.Quantity > 0 {
				r.have(r.at(s.recipe.Site, f.What))
			}
		}
	}
	return len(open) > 0
}

// atOnce tells whether a recipe gives something no later than it takes what it lacks.
func (r *reached) atOnce(s *start) bool {
	gives := -1
	for _, f := range r.flows[s.recipe.ID] {
		if f.Direction == Out && f.Quantity > 0 && (gives < 0 || f.Offset.From < gives) {
			gives = f.Offset.From
		}
	}
	return gives >= 0 && !slices.ContainsFunc(s.need, func(l lack) bool { return !l.met && l.first < gives })
}

// given is where the outputs of recipes get to by links.
func (r *reached) given(open []*start) map[place]bool {
	given := map[place]bool{}
	var queue []place
	mark := func(p place) {
		if !given[p] {
			given[p] = true
			queue = append(queue, p)
		}
	}
	for _, s := range open {
		for _, f := range r.flows[s.recipe.ID] {
			if f.Direction == Out && f.Quantity > 0 {
				mark(r.at(s.recipe.Site, f.What))
			}
		}
	}
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		r.carry(at, mark)
	}
	return given
}

// carry marks where links take a product.
func (r *reached) carry(at place, mark func(place)) {
	if p := r.product[at.product]; p == nil || p.Reach != ByLink {
		return
	}
	for _, w := range r.out[at.site] {
		if w.what == "" || w.what == at.product || slices.Contains(r.members[w.what], at.product) {
			mark(place{w.to, at.product})
		}
	}
}

// consumers are the sites where what is at a place can be consumed: there, or anywhere.
func (r *reached) consumers(at place) []string {
	if at.site != "" {
		return []string{at.site}
	}
	sites := map[string]bool{}
	for _, s := range r.site {
		sites[s] = true
	}
	return slices.Sorted(maps.Keys(sites))
}

func (r *reached) supply(s *start, product string) {
	for i := range s.need {
		if l := &s.need[i]; !l.met && slices.Contains(l.products, product) {
			l.met = true
			s.open--
		}
	}
	r.run(s)
}

// lacking lists what a recipe never gets.
func (s *start) lacking() []string {
	var names []string
	for _, l := range s.need {
		if !l.met && !slices.Contains(names, l.what) {
			names = append(names, l.what)
		}
	}
	return names
}
