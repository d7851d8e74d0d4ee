package network

import "cmp"

// Units holds the unit of everything that quantities of a network measure.
type Units struct {
	Products, Kinds, Properties, Impacts map[string]string
	Skills                               map[string]bool
}

// Units collects them; a kind whose members differ and that states none has "".
func (n *Network) Units() Units {
	u := Units{
		Products: make(map[string]string, len(n.Products)), Kinds: map[string]string{},
		Properties: make(map[string]string, len(n.Properties)), Impacts: make(map[string]string, len(n.Impacts)),
		Skills: make(map[string]bool, len(n.Skills)),
	}
	for i := range n.Products {
		u.Products[n.Products[i].ID] = n.Products[i].Unit
	}
	for i := range n.Properties {
		u.Properties[n.Properties[i].ID] = n.Properties[i].Unit
	}
	for i := range n.Impacts {
		u.Impacts[n.Impacts[i].ID] = n.Impacts[i].Unit
	}
	for i := range n.Skills {
		u.Skills[n.Skills[i].ID] = true
	}
	for i := range n.Variants {
		if v := &n.Variants[i]; v.Unit != "" || u.Kinds[v.Kind] == "" {
			u.Kinds[v.Kind] = v.Unit
		}
	}
	return u
}

// Of returns the unit of a product, kind or property, "" when unknown.
func (u Units) Of(what string) string {
	if s, ok := u.Products[what]; ok {
		return s
	}
	if s, ok := u.Kinds[what]; ok {
		return s
	}
	return u.Properties[what]
}

// OfFlow returns the unit of what a flow of this direction carries.
func (u Units) OfFlow(d Direction, what string) string {
	switch d {
	case Labour:
		return HourUnit
	case Burdens:
		return u.Impacts[what]
	case In:
		if s, ok := u.Products[what]; ok {
			return s
		}
		return u.Kinds[what]
	}
	return u.Products[what]
}

// unifyKinds gives all rows of a kind its name, and its unit: the one stated, or the one all its members have.
func (n *Network) unifyKinds() {
	k := kindUnits{members: map[string][]string{}, units: map[string]string{}, products: map[string]string{}}
	names := map[string]string{}
	for i := range n.Products {
		k.products[n.Products[i].ID] = n.Products[i].Unit
	}
	for i := range n.Variants {
		v := &n.Variants[i]
		k.members[v.Kind] = append(k.members[v.Kind], v.Product)
		if v.Unit != "" && k.units[v.Kind] == "" {
			k.units[v.Kind] = v.Unit
		}
		names[v.Kind] = cmp.Or(names[v.Kind], v.Name)
	}
	for i := range n.Variants {
		v := &n.Variants[i]
		v.Name = cmp.Or(v.Name, names[v.Kind])
		if v.Unit == "" {
			v.Unit = k.of(v.Kind)
		}
	}
}

type kindUnits struct {
	members         map[string][]string
	units, products map[string]string
}

func (k kindUnits) of(kind string) string {
	if u, ok := k.units[kind]; ok {
		return u
	}
	k.units[kind] = "" // while it is being looked up: kinds may be circular, which Validate reports
	unit, first := "", true
	for _, m := range k.members[kind] {
		u, ok := k.products[m]
		if !ok {
			u = k.of(m)
		} else if u == "" {
			continue // a product without its unit, which is reported as that
		}
		if !first && u != unit {
			return ""
		}
		unit, first = u, false
	}
	k.units[kind] = unit
	return unit
}

// normaliseText trims cells and unifies line ends, as files do.
func (n *Network) normaliseText() {
	for t := range Tables {
		c := Tables[t].Cursor(n)
		var texts []*string
		for i := range Tables[t].Columns {
			if p, ok := c.Field(i).(*string); ok {
				texts = append(texts, p)
			}
		}
		for i := range c.Len() {
			c.Load(i)
			changed := false
			for _, p := range texts {
				if s := cleanText(*p); s != *p {
					*p, changed = s, true
				}
			}
			if changed {
				c.Store(i)
			}
		}
	}
}
