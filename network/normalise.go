package network

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Normalise fills in what a network leaves to defaults, so that later code
// need not know them, and converts quantities to the units of what they
// measure. Readers call it; call it for a network built in Go as well.
// It is idempotent, and the order of rows does not matter to it.
//
// The title of an urgency becomes its ID. It fills: calendar unit (week) and length (1), urgencies, counting,
// allowance; an agent's type, persons and site, with a site of its own where it names
// none; the site of recipes, stocks and trade; reach, basis, rate, urgency; the
// ID of needs, ratios, work offers, links, trade, limits and commitments;
// whose work an organisation's offer is; units. Values whose zero means
// something are taken as they are: a network built in Go states
// Product.Storable, Variant.Preference, Preference.Preference and
// Profile.Factor itself, where files have defaults.
//
// What it cannot resolve (an unknown reference, a unit of another dimension)
// it leaves for Validate to report.
func (n *Network) Normalise() {
	n.normaliseText()
	n.normaliseSettings()
	n.normaliseAgents()
	n.normaliseProducts()
	n.normaliseUrgencies()
	n.normaliseNeeds()
	n.normaliseMaking()
	n.normaliseMoving()
	n.convertUnits()
}

func (n *Network) normaliseSettings() {
	orDefault(&n.Calendar.Unit, Week)
	orDefault(&n.Calendar.Periods, 1)
	orDefault(&n.Counting, CountOnce)
	orDefault(&n.Allowance, AllowTwiceMedian)
	if len(n.Urgencies) == 0 {
		n.Urgencies = DefaultUrgencies()
	}
	for _, l := range n.Ladders {
		for r := range l {
			for s := range l[r].Sets {
				orDefault(&l[r].Sets[s].Of, SetNeeds)
				orDefault(&l[r].Sets[s].To, 1)
			}
			for t := range l[r].Terms {
				orDefault(&l[r].Terms[t].Weight, 1)
				l[r].Terms[t].Periods = l[r].Terms[t].Periods.Canonical()
			}
		}
	}
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

func (n *Network) normaliseAgents() {
	listed := make(map[string]bool, len(n.Sites))
	for i := range n.Sites {
		listed[n.Sites[i].ID] = true
	}
	for i := range n.Agents {
		a := &n.Agents[i]
		if a.Type == "" {
			switch {
			case a.Persons > 1:
				a.Type = Group
			case a.Persons > 0:
				a.Type = Person
			default:
				a.Type = Organisation
			}
		}
		if a.Type == Person {
			orDefault(&a.Persons, 1)
		}
		if a.Site == "" && a.ID != "" {
			a.Site = a.ID
			if !listed[a.ID] {
				listed[a.ID] = true
				n.Sites = append(n.Sites, Site{ID: a.ID, Name: a.Name, Row: Row{Position: a.Position}})
			}
		}
	}
}

func (n *Network) normaliseProducts() {
	for i := range n.Products {
		orDefault(&n.Products[i].Reach, ByLink)
	}
	for i := range n.Variants {
		orDefault(&n.Variants[i].Rate, 1)
	}
	for i := range n.Profiles {
		n.Profiles[i].Periods = n.Profiles[i].Periods.Canonical()
	}
}

// normaliseUrgencies replaces a level's title, in any of its languages, by its
// ID: who fills in a German sheet writes "wichtig".
func (n *Network) normaliseUrgencies() {
	ids := map[string]string{}
	for _, u := range n.Urgencies {
		for _, title := range u.Title {
			ids[strings.ToLower(title)] = u.ID
		}
	}
	for _, u := range n.Urgencies {
		ids[strings.ToLower(u.ID)] = u.ID // an ID goes before a title
	}
	level := func(s *string) {
		if *s == "" || n.Rank(*s) >= 0 {
			return
		}
		if id, ok := ids[strings.ToLower(*s)]; ok {
			*s = id
		}
	}
	for i := range n.Needs {
		level(&n.Needs[i].Urgency)
	}
	for i := range n.Allowances {
		level(&n.Allowances[i].Urgency)
	}
	for i := range n.Stocks {
		level(&n.Stocks[i].Urgency)
	}
}

// defaultUrgency is the second level, or the only one.
func (n *Network) defaultUrgency() string { return n.Urgencies[min(1, len(n.Urgencies)-1)].ID }

func (n *Network) normaliseNeeds() {
	urgency := n.defaultUrgency()
	groups := map[wants]needGroup{}
	for i := range n.Needs {
		d := &n.Needs[i]
		orDefault(&d.Basis, PerPeriod)
		orDefault(&d.Urgency, urgency)
		d.Periods = d.Periods.Canonical()
		if d.ID == "" {
			k := wants{d.Agent, d.What}
			if g, ok := groups[k]; !ok {
				groups[k] = needGroup{first: i}
			} else if differ := g.differ | differences(d, &n.Needs[g.first]); differ != g.differ {
				g.differ = differ
				groups[k] = g
			}
		}
	}
	names := map[string]string{}
	for i := range n.Needs {
		d := &n.Needs[i]
		if d.ID != "" || d.Agent == "" || d.What == "" {
			continue
		}
		k := wants{d.Agent, d.What}
		g := groups[k]
		if g.differ != 0 {
			d.ID = sameText(names, needName(d, g.differ))
			continue
		}
		if g.id == "" {
			g.id = needName(d, 0)
			groups[k] = g
		}
		d.ID = g.id
	}
	numbered(n.Ratios, func(r *Ratio) *string { return &r.ID },
		func(r *Ratio) string { return r.Agent + ":" + r.Property + "/" + r.To },
		func(a, b *Ratio) int {
			return cmp.Or(comparePeriods(a.Periods, b.Periods), cmp.Compare(a.Of, b.Of), comparePointers(a.Least, b.Least), comparePointers(a.Most, b.Most))
		})
	for i := range n.Ratios {
		n.Ratios[i].Periods = n.Ratios[i].Periods.Canonical()
	}
}

// wants is who needs what.
type wants struct{ agent, what string }

// needGroup is the rows without an ID of one agent and one thing.
type needGroup struct {
	first  int // row
	id     string
	differ byte // in what the rows differ
}

// What can tell apart the needs that one agent has for one thing.
const (
	byUrgency = 1 << iota
	byOf
	byBasis
	byHead
)

func differences(d, first *Need) byte {
	var differ byte
	if d.Urgency != first.Urgency {
		differ |= byUrgency
	}
	if d.Of != first.Of {
		differ |= byOf
	}
	if d.Basis != first.Basis {
		differ |= byBasis
	}
	if d.PerPerson != first.PerPerson {
		differ |= byHead
	}
	return differ
}

// needName is agent:what, and whatever tells needs of this name apart.
func needName(d *Need, differ byte) string {
	id := d.Agent + ":" + d.What
	if differ&byUrgency != 0 {
		id += ":" + d.Urgency
	}
	if differ&byOf != 0 && d.Of != "" {
		id += ":" + d.Of
	}
	if differ&byBasis != 0 {
		id += ":" + string(d.Basis)
	}
	if differ&byHead != 0 && d.PerPerson {
		id += ":each"
	}
	return id
}

// sameText returns the one copy of a text that is kept.
func sameText(known map[string]string, s string) string {
	if k, ok := known[s]; ok {
		return k
	}
	known[s] = s
	return s
}

func (n *Network) normaliseMaking() {
	site, kind := n.agentSites(), n.agentTypes()
	for i := range n.Recipes {
		r := &n.Recipes[i]
		orDefault(&r.Site, site[r.Agent])
		r.Starts = r.Starts.Canonical()
	}
	for i := range n.Work {
		w := &n.Work[i]
		if w.For == "" && kind[w.Agent] == Organisation {
			w.For = w.Agent
		}
		w.Periods = w.Periods.Canonical()
	}
	numbered(n.Work, func(w *WorkOffer) *string { return &w.ID },
		func(w *WorkOffer) string { return w.Agent + ":" + w.Skill },
		func(a, b *WorkOffer) int {
			return cmp.Or(cmp.Compare(a.Burden, b.Burden), comparePeriods(a.Periods, b.Periods), cmp.Compare(a.For, b.For),
				cmp.Compare(a.Hours, b.Hours), cmp.Compare(a.Profile, b.Profile))
		})
	for i := range n.Stocks {
		s := &n.Stocks[i]
		orDefault(&s.Site, site[s.Agent])
		if s.End != 0 {
			orDefault(&s.Urgency, Committed)
		}
	}
}

// agentSites maps agents to their sites, nobody to the only site there is.
func (n *Network) agentSites() map[string]string {
	m := make(map[string]string, len(n.Agents)+1)
	for i := range n.Agents {
		m[n.Agents[i].ID] = n.Agents[i].Site
	}
	delete(m, "")
	if len(n.Sites) == 1 {
		m[""] = n.Sites[0].ID
	}
	return m
}

func (n *Network) agentTypes() map[string]AgentType {
	m := make(map[string]AgentType, len(n.Agents))
	for i := range n.Agents {
		m[n.Agents[i].ID] = n.Agents[i].Type
	}
	return m
}

func (n *Network) normaliseMoving() {
	site := n.agentSites()
	n.nameLinks()
	for i := range n.Trade {
		t := &n.Trade[i]
		orDefault(&t.Site, site[t.Agent])
		t.Periods = t.Periods.Canonical()
	}
	numbered(n.Trade, func(t *Trade) *string { return &t.ID },
		func(t *Trade) string { return t.Type + ":" + t.Product + ":" + t.Site },
		func(a, b *Trade) int {
			return cmp.Or(comparePeriods(a.Periods, b.Periods), cmp.Compare(a.Price, b.Price), cmp.Compare(a.Agent, b.Agent),
				cmp.Compare(a.Article, b.Article), comparePointers(a.Most, b.Most), comparePointers(a.Total, b.Total))
		})
	for i := range n.Budgets {
		n.Budgets[i].Periods = n.Budgets[i].Periods.Canonical()
	}
	for i := range n.Limits {
		orDefault(&n.Limits[i].Basis, PerPeriod)
		n.Limits[i].Periods = n.Limits[i].Periods.Canonical()
	}
	numbered(n.Limits, func(l *Limit) *string { return &l.ID },
		func(l *Limit) string { return join(":", l.What, l.Agent) },
		func(a, b *Limit) int {
			return cmp.Or(cmp.Compare(a.Basis, b.Basis), comparePeriods(a.Periods, b.Periods), cmp.Compare(a.Quantity, b.Quantity))
		})
	for i := range n.Commitments {
		n.Commitments[i].Periods = n.Commitments[i].Periods.Canonical()
	}
	numbered(n.Commitments, func(c *Commitment) *string { return &c.ID },
		func(c *Commitment) string { return join(":", string(c.Type), c.Of, c.Product) },
		func(a, b *Commitment) int {
			return cmp.Or(comparePeriods(a.Periods, b.Periods), comparePointers(a.Least, b.Least), comparePointers(a.Most, b.Most))
		})
}

// nameLinks names links from-to, and says how or what where that is not enough.
func (n *Network) nameLinks() {
	ends := map[[2]string]int{}
	for i := range n.Links {
		ends[[2]string{n.Links[i].From, n.Links[i].To}]++
	}
	numbered(n.Links, func(l *Link) *string { return &l.ID },
		func(l *Link) string {
			if ends[[2]string{l.From, l.To}] == 1 {
				return l.From + "-" + l.To
			}
			return join("-", l.From, l.To, l.Mode, l.What)
		},
		func(a, b *Link) int {
			return cmp.Or(cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Delay, b.Delay), cmp.Compare(a.Money, b.Money), comparePointers(a.Capacity, b.Capacity))
		})
}

func comparePeriods(a, b Periods) int {
	return slices.CompareFunc(a, b, func(x, y Span) int { return cmp.Or(x.From-y.From, x.To-y.To) })
}

func comparePointers(a, b *float64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

// numbered gives rows without an ID their base name; where several share one
// they are numbered in the order of compare.
func numbered[R any](rows []R, id func(*R) *string, base func(*R) string, compare func(a, b *R) int) {
	groups := map[string][]*R{}
	for i := range rows {
		if r := &rows[i]; *id(r) == "" {
			name := base(r)
			groups[name] = append(groups[name], r)
		}
	}
	for name, g := range groups {
		if strings.Trim(name, ":-/") == "" {
			continue
		}
		if len(g) == 1 {
			*id(g[0]) = name
			continue
		}
		slices.SortStableFunc(g, compare)
		for k, r := range g {
			*id(r) = name + ":" + strconv.Itoa(k+1)
		}
	}
}

// conversion remembers factors by the units they lead from and to.
type conversion map[[2]string]*big.Rat

// to restates quantities in the target's unit, or leaves all as it is when that cannot be done.
func (c conversion) to(target string, unit *string, quantities ...*float64) {
	if *unit == target || target == "" {
		return
	}
	if *unit == "" {
		*unit = target
		return
	}
	k := [2]string{*unit, target}
	f, known := c[k]
	if !known {
		f, _ = UnitFactor(*unit, target)
		c[k] = f
	}
	c.scale(f, target, unit, quantities)
}

func (c conversion) scale(f *big.Rat, target string, unit *string, quantities []*float64) {
	if f == nil {
		return
	}
	var scaled [2]float64
	for i, q := range quantities {
		y, ok := Scale(*q, f)
		if !ok {
			return
		}
		scaled[i] = y
	}
	for i, q := range quantities {
		*q = scaled[i]
	}
	*unit = target
}

// HourUnit is the unit of work.
const HourUnit = "h"

func (n *Network) convertUnits() {
	c := conversion{}
	n.unifyKinds()
	u := n.Units()
	for i := range n.Needs {
		d := &n.Needs[i]
		c.to(u.Of(d.What), &d.Unit, &d.Quantity, &d.Maximum)
	}
	for i := range n.Allowances {
		a := &n.Allowances[i]
		c.to(u.Of(a.What), &a.Unit, &a.Quantity)
	}
	for i := range n.Flows {
		f := &n.Flows[i]
		c.to(u.OfFlow(f.Direction, f.What), &f.Unit, &f.Quantity)
	}
	for i := range n.Stocks {
		s := &n.Stocks[i]
		c.to(u.Products[s.Product], &s.Unit, &s.Start, &s.End)
	}
	for i := range n.Limits {
		l := &n.Limits[i]
		c.to(u.Impacts[l.What], &l.Unit, &l.Quantity)
	}
	n.convertContents(u)
}

func (n *Network) convertContents(u Units) {
	c := conversion{}
	for i := range n.Contents {
		row := &n.Contents[i]
		target := u.Properties[row.Property]
		if row.Unit == "" || row.Unit == target || target == "" {
			c.to(target, &row.Unit, &row.Quantity)
			continue
		}
		if f, err := contentFactor(row.Unit, target, u.Products[row.Product]); err == nil {
			c.scale(f, target, &row.Unit, []*float64{&row.Quantity})
		}
	}
}
