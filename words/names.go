package words

import (
	"strings"

	"bremen/network"
)

// Names finds the name by which people know a thing of a network. What has no
// name of its own is called by its ID, read as words; so a plan can be shown
// without its network.
type Names struct {
	agents, sites, products, kinds, recipes, skills, impacts, properties, ratios, links map[string]string
}

// NewNames collects the names in a network.
func NewNames(n *network.Network) *Names {
	m := &Names{}
	m.agents = named(n.Agents, func(x *network.Agent) (string, string) { return x.ID, x.Name })
	m.products = named(n.Products, func(x *network.Product) (string, string) { return x.ID, x.Name })
	m.recipes = named(n.Recipes, func(x *network.Recipe) (string, string) { return x.ID, x.Name })
	m.skills = named(n.Skills, func(x *network.Skill) (string, string) { return x.ID, x.Name })
	m.impacts = named(n.Impacts, func(x *network.Impact) (string, string) { return x.ID, x.Name })
	m.properties = named(n.Properties, func(x *network.Property) (string, string) { return x.ID, x.Name })
	m.kinds = named(n.Variants, func(x *network.Variant) (string, string) { return x.Kind, x.Name })
	m.sites = siteNames(n)
	m.links = named(n.Links, func(x *network.Link) (string, string) { return x.ID, m.Site(x.From) + " → " + m.Site(x.To) })
	for _, x := range n.Links {
		if x.TwoWay {
			m.links[x.ID+" back"] = m.Site(x.To) + " → " + m.Site(x.From) // as a plan calls the way back
		}
	}
	m.ratios = named(n.Ratios, func(x *network.Ratio) (string, string) { return x.ID, m.Thing(x.Property) + " / " + m.Thing(x.To) })
	return m
}

func named[T any](rows []T, of func(*T) (id, name string)) map[string]string {
	m := make(map[string]string, len(rows))
	for i := range rows {
		if id, name := of(&rows[i]); name != "" && m[id] == "" {
			m[id] = name
		}
	}
	return m
}

// siteNames calls a site without a name of its own by the only organisation,
// or else the only agent, that is there.
func siteNames(n *network.Network) map[string]string {
	m := map[string]string{}
	all, organisations := map[string]int{}, map[string]int{}
	for _, a := range n.Agents {
		all[a.Site]++
		if a.Type == network.Organisation {
			organisations[a.Site]++
		}
	}
	for _, a := range n.Agents {
		if (a.Type == network.Organisation && organisations[a.Site] == 1) || all[a.Site] == 1 {
			m[a.Site] = a.Name
		}
	}
	for _, s := range n.Sites {
		if s.Name != "" {
			m[s.ID] = s.Name
		}
	}
	return m
}

func pick(id string, from ...map[string]string) string {
	for _, m := range from {
		if name := m[id]; name != "" {
			return name
		}
	}
	return Spelled(id)
}

// Spelled reads an ID as words: rye_bread is "rye bread".
func Spelled(id string) string { return strings.ReplaceAll(id, "_", " ") }

// Agent names an agent, or the site of that ID.
func (m *Names) Agent(id string) string { return pick(id, m.agents, m.sites) }

// Site names a site, or the agent of that ID.
func (m *Names) Site(id string) string { return pick(id, m.sites, m.agents) }

// Link names a way from one site to another.
func (m *Names) Link(id string) string { return pick(id, m.links) }

// Place names an agent, a site or a link.
func (m *Names) Place(id string) string { return pick(id, m.agents, m.sites, m.links) }

// Recipe names a recipe.
func (m *Names) Recipe(id string) string { return pick(id, m.recipes) }

// Skill names a skill.
func (m *Names) Skill(id string) string { return pick(id, m.skills) }

// Impact names an impact.
func (m *Names) Impact(id string) string { return pick(id, m.impacts) }

// Thing names what a need can be for: a product, a kind or a property.
func (m *Names) Thing(id string) string { return pick(id, m.products, m.kinds, m.properties) }

// Any names a thing of whatever sort, the likeliest first.
func (m *Names) Any(id string) string {
	return pick(id, m.products, m.kinds, m.recipes, m.skills, m.links, m.properties, m.ratios, m.impacts, m.agents, m.sites)
}
