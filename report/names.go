package report

import (
	"strings"

	"bremen/network"
)

// names finds the name people know a thing by. Unknown IDs serve as their own
// names, so that a plan can be shown without its network.
type names struct {
	agents, sites, products, recipes, skills, impacts, properties, links map[string]string
}

func newNames(n *network.Network) names {
	m := names{
		agents: map[string]string{}, sites: map[string]string{}, products: map[string]string{},
		recipes: map[string]string{}, skills: map[string]string{}, impacts: map[string]string{},
		properties: map[string]string{}, links: map[string]string{},
	}
	for _, x := range n.Agents {
		m.agents[x.ID] = x.Name
	}
	for _, x := range n.Sites {
		m.sites[x.ID] = x.Name
	}
	for _, x := range n.Products {
		m.products[x.ID] = x.Name
	}
	for _, x := range n.Recipes {
		m.recipes[x.ID] = x.Name
	}
	for _, x := range n.Skills {
		m.skills[x.ID] = x.Name
	}
	for _, x := range n.Impacts {
		m.impacts[x.ID] = x.Name
	}
	for _, x := range n.Properties {
		m.properties[x.ID] = x.Name
	}
	for _, x := range n.Links {
		m.links[x.ID] = m.site(x.From) + " → " + m.site(x.To)
	}
	return m
}

func pick(id string, from ...map[string]string) string {
	for _, m := range from {
		if name := m[id]; name != "" {
			return name
		}
	}
	return strings.ReplaceAll(id, "_", " ")
}

func (m names) agent(id string) string   { return pick(id, m.agents, m.sites) }
func (m names) site(id string) string    { return pick(id, m.sites, m.agents) }
func (m names) product(id string) string { return pick(id, m.products) }
func (m names) recipe(id string) string  { return pick(id, m.recipes) }
func (m names) skill(id string) string   { return pick(id, m.skills) }
func (m names) impact(id string) string  { return pick(id, m.impacts) }

// what names a need's object: a product, a kind or a property.
func (m names) what(id string) string { return pick(id, m.products, m.properties) }

// any names a thing of whatever kind, the likeliest first.
func (m names) any(id string) string {
	return pick(id, m.products, m.recipes, m.skills, m.links, m.properties, m.impacts, m.agents, m.sites)
}
