package plan

import (
	"cmp"
	"slices"

	"bremen/network"
)

// index resolves the IDs of a normalised network to positions.
type index struct {
	n        *network.Network
	site     map[string]int32
	siteID   []string
	transit  []bool
	product  map[string]int32
	agent    map[string]int
	recipe   map[string]int
	skill    map[string]int32
	skillID  []string
	impact   map[string]int32
	property map[string]bool
	kind     map[string][]accept
	content  map[string]map[int32]float64 // property → product → per unit
	profile  map[string][]float64         // by period, from 1
	urgency  map[string]int
	trade    map[string]int
	work     map[string]int
	flows    [][]int // per recipe: indices of Flows
}

func newIndex(n *network.Network) *index {
	x := &index{
		n: n, site: map[string]int32{}, product: map[string]int32{}, agent: map[string]int{},
		recipe: map[string]int{}, skill: map[string]int32{}, impact: map[string]int32{},
		property: map[string]bool{}, kind: map[string][]accept{}, content: map[string]map[int32]float64{},
		profile: map[string][]float64{}, urgency: map[string]int{}, trade: map[string]int{}, work: map[string]int{},
	}
	for _, s := range n.Sites {
		x.addSite(s.ID, s.Transit)
	}
	for i, a := range n.Agents {
		x.agent[a.ID] = i
		x.addSite(a.Site, false)
	}
	for i, p := range n.Products {
		x.product[p.ID] = int32(i)
	}
	for _, s := range n.Skills {
		x.addSkill(s.ID)
	}
	for _, w := range n.Work {
		x.addSkill(w.Skill)
	}
	for _, f := range n.Flows {
		if f.Direction == network.Labour {
			x.addSkill(f.What)
		}
	}
	for _, f := range n.LinkFlows {
		if f.Direction == network.Labour {
			x.addSkill(f.What)
		}
	}
	for i, m := range n.Impacts {
		x.impact[m.ID] = int32(i)
	}
	for _, p := range n.Properties {
		x.property[p.ID] = true
		x.content[p.ID] = map[int32]float64{}
	}
	for _, c := range n.Contents {
		x.content[c.Property][x.product[c.Product]] = c.Quantity
	}
	for _, p := range n.Profiles {
		f := x.profile[p.ID]
		if f == nil {
			f = slices.Repeat([]float64{1}, n.Calendar.Periods+1)
			x.profile[p.ID] = f
		}
		for t := 1; t <= n.Calendar.Periods; t++ {
			if p.Periods.Has(t) {
				f[t] = p.Factor
			}
		}
	}
	for i, u := range n.Urgencies {
		x.urgency[u.ID] = i
	}
	for i, tr := range n.Trade {
		x.trade[tr.ID] = i
	}
	for i, w := range n.Work {
		x.work[w.ID] = i
	}
	x.flows = make([][]int, len(n.Recipes))
	for i, r := range n.Recipes {
		x.recipe[r.ID] = i
	}
	for i, f := range n.Flows {
		r := x.recipe[f.Recipe]
		x.flows[r] = append(x.flows[r], i)
	}
	for _, v := range n.Variants {
		if _, done := x.kind[v.Kind]; !done {
			x.kind[v.Kind] = x.members(v.Kind, 1, 0)
		}
	}
	return x
}

func (x *index) addSite(id string, transit bool) {
	if _, ok := x.site[id]; ok || id == "" {
		return
	}
	x.site[id] = int32(len(x.siteID))
	x.siteID = append(x.siteID, id)
	x.transit = append(x.transit, transit)
}

func (x *index) addSkill(id string) {
	if _, ok := x.skill[id]; ok {
		return
	}
	x.skill[id] = int32(len(x.skillID))
	x.skillID = append(x.skillID, id)
}

// members returns the products of a kind, kinds within it resolved, sorted by product.
func (x *index) members(kind string, rate float64, depth int) []accept {
	best := map[int32]accept{}
	for _, v := range x.n.Variants {
		if v.Kind != kind || depth > len(x.n.Variants) {
			continue
		}
		if p, ok := x.product[v.Product]; ok {
			best[p] = accept{p, rate * v.Rate, v.Preference}
			continue
		}
		for _, a := range x.members(v.Product, rate*v.Rate, depth+1) {
			if _, ok := best[a.product]; !ok {
				best[a.product] = a
			}
		}
	}
	return sortedAccepts(best)
}

func sortedAccepts(m map[int32]accept) []accept {
	out := make([]accept, 0, len(m))
	for _, a := range m {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b accept) int { return cmp.Compare(a.product, b.product) })
	return out
}

// accepts returns the products that serve what (a product, kind or property,
// the latter restricted to members of the kind of).
func (x *index) accepts(what, of string) (list []accept, property bool) {
	if p, ok := x.product[what]; ok {
		return []accept{{p, 1, 1}}, false
	}
	if k, ok := x.kind[what]; ok {
		return k, false
	}
	content := x.content[what]
	m := map[int32]accept{}
	if of != "" {
		for _, a := range x.kind[of] {
			if c := content[a.product]; c != 0 {
				m[a.product] = accept{a.product, c, 1}
			}
		}
	} else {
		for p, c := range content {
			if c != 0 && !x.n.Products[p].Durable {
				m[p] = accept{p, c, 1}
			}
		}
	}
	return sortedAccepts(m), true
}

// factor returns a profile's factor in period t; the empty profile is 1.
func (x *index) factor(profile string, t int) float64 {
	if f, ok := x.profile[profile]; ok && t < len(f) {
		return f[t]
	}
	return 1
}

// nameOf returns a site's ID; "" for none, where a pooled product has no site.
func (x *index) nameOf(site int32) string {
	if site < 0 {
		return ""
	}
	return x.siteID[site]
}

// siteOf returns the site named, or the agent's.
func (x *index) siteOf(site, agent string) int32 {
	if site != "" {
		return x.site[site]
	}
	if a, ok := x.agent[agent]; ok {
		return x.site[x.n.Agents[a].Site]
	}
	return -1
}
