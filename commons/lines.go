package commons

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"bremen/network"
)

// Line names a sum: what a group needs or offers in a window, in the words of tables needs and work.
type Line struct {
	Group   string `json:"group"`        // Group.ID
	Kind    string `json:"kind"`         // "need", "maximum", "dislike" or "work"
	What    string `json:"what"`         // for work: the skill
	Of      string `json:"of,omitempty"` // of a dislike: the variant
	Unit    string `json:"unit"`
	Basis   string `json:"basis,omitempty"`
	Urgency string `json:"urgency,omitempty"`
	Profile string `json:"profile,omitempty"`
	For     string `json:"for,omitempty"`    // of work
	Burden  string `json:"burden,omitempty"` // of work
	Window  string `json:"window"`           // periods
}

// Kinds of lines.
const (
	kindNeed    = "need"
	kindMaximum = "maximum"
	kindDislike = "dislike" // of a kind: amounts needed, each times what somebody's preference for a variant lacks to 1
	kindWork    = "work"
)

// id names the line's row in tables needs or work, without the window: its rows are one need at different times.
func (l Line) id() string {
	parts := []string{l.Group, l.What}
	for _, s := range []string{l.Of, l.Urgency, l.Basis, l.Profile, l.For, l.Burden} {
		if s != "" && s != string(network.PerPeriod) {
			parts = append(parts, s)
		}
	}
	return strings.Join(append(parts, l.Unit), ":")
}

// window is a line's contributions in one period, or in several together (of basis total).
type window struct {
	line Line // Window is set for a total only
	at   int  // period; 0 for a total
}

// measures is what is known of a network when needs are put into lines.
type measures struct {
	units     network.Units
	calendar  network.Calendar
	urgencies map[string]bool
	second    string // the urgency of who says none
	skills    map[string]bool
	profiles  map[string]bool
	agents    map[string]bool
	// variants has for every product of a kind what the catalogue's preference for it lacks to 1.
	variants map[string]map[string]Decimal
	// rated are the variants of which somebody of a group said how much they like them: only these have lines.
	rated map[string]map[variant]bool
}

// variant is a product as one of a kind.
type variant struct{ kind, product string }

func (m *measures) rate(group, kind, product string) {
	if m.rated[group] == nil {
		m.rated[group] = map[variant]bool{}
	}
	m.rated[group][variant{kind, product}] = true
}

func measuresOf(n *network.Network) *measures {
	m := &measures{
		units: n.Units(), calendar: n.Calendar, urgencies: map[string]bool{}, second: n.Urgencies[min(1, len(n.Urgencies)-1)].ID,
		skills: map[string]bool{}, profiles: map[string]bool{"": true}, agents: map[string]bool{"": true},
		variants: map[string]map[string]Decimal{}, rated: map[string]map[variant]bool{},
	}
	for kind, products := range n.KindMembers() {
		m.variants[kind] = map[string]Decimal{}
		for _, product := range products {
			m.variants[kind][product] = Decimal{}
		}
	}
	for i := range n.Variants {
		v := &n.Variants[i]
		if _, is := m.variants[v.Kind][v.Product]; is {
			m.variants[v.Kind][v.Product], _ = ParseDecimal(strconv.FormatFloat(max(0, 1-v.Preference), 'f', places, 64))
		}
	}
	for i := range n.Preferences {
		if p := &n.Preferences[i]; p.Note != "" {
			if _, _, sum := SumOf(p.Note); sum {
				m.rate(p.Agent, p.Kind, p.Product)
			}
		}
	}
	for _, u := range n.Urgencies {
		m.urgencies[u.ID] = true
	}
	for i := range n.Skills {
		m.skills[n.Skills[i].ID] = true
	}
	for i := range n.Profiles {
		m.profiles[n.Profiles[i].ID] = true
	}
	for i := range n.Agents {
		m.agents[n.Agents[i].ID] = true
	}
	return m
}

// convert restates a quantity in the unit of what it measures. If that has more than nine places it stays as it is.
func (m *measures) convert(d Decimal, unit, of string) (Decimal, string, error) {
	if unit == of || of == "" {
		return d, unit, nil
	}
	factor, err := network.UnitFactor(unit, of)
	if err != nil {
		return d, unit, err
	}
	if exact, ok := decimalOf(new(big.Rat).Mul(d.Rat(), factor)); ok {
		return exact, of, nil
	}
	return d, unit, nil
}

// spread calls add for every period of a statement; once, with the window named, for a total.
func (m *measures) spread(l Line, periods string, add func(w window)) error {
	p, err := network.ParsePeriods(periods, m.calendar)
	if err != nil {
		return err
	}
	if l.Basis == string(network.InTotal) {
		l.Window = p.Canonical().String()
		add(window{line: l})
		return nil
	}
	if len(p) == 0 {
		p = network.Periods{{From: 1, To: m.calendar.Periods}}
	}
	for t := 1; t <= m.calendar.Periods; t++ {
		for _, s := range p {
			if s.From <= t && t <= s.To {
				add(window{line: l, at: t})
				break
			}
		}
	}
	return nil
}

// amounts are a person's parts of lines.
type amounts map[window]Decimal

func (a amounts) add(d Decimal) func(window) {
	return func(w window) { a[w] = a[w].Add(d) }
}

// need puts a need of somebody in a group into lines.
func (m *measures) need(a amounts, group string, x *Need) error {
	if err := x.check(); err != nil {
		return err
	}
	l := Line{Group: group, Kind: kindNeed, What: x.What, Of: x.Of, Basis: x.Basis, Urgency: x.Urgency, Profile: x.Profile}
	if l.Basis == "" {
		l.Basis = string(network.PerPeriod)
	}
	if l.Urgency == "" {
		l.Urgency = m.second
	}
	_, property := m.units.Properties[x.What]
	switch of := m.units.Of(x.What); {
	case of == "":
		return fmt.Errorf("%q is no product, kind or property of the catalogue", clip(x.What))
	case !property && (x.Of != "" || x.Maximum != nil):
		return fmt.Errorf("%q is no property", clip(x.What))
	case x.Of != "" && m.units.Of(x.Of) == "":
		return fmt.Errorf("%q is no product or kind of the catalogue", clip(x.Of))
	case !m.urgencies[l.Urgency]:
		return fmt.Errorf("urgency %q is not one of the network's", clip(l.Urgency))
	case !m.profiles[x.Profile]:
		return fmt.Errorf("profile %q is not one of the network's", clip(x.Profile))
	}
	q, unit, err := m.convert(x.Quantity, x.Unit, m.units.Of(x.What))
	if err != nil {
		return err
	}
	l.Unit = unit
	if err := m.checkPrefer(x); err != nil {
		return err
	}
	if err := m.spread(l, x.Periods, a.add(q)); err != nil {
		return err
	}
	if err := m.dislikes(a, l, q, x); err != nil || x.Maximum == nil {
		return err
	}
	if q, l.Unit, err = m.convert(*x.Maximum, x.Unit, unit); err != nil {
		return err
	}
	l.Kind = kindMaximum
	return m.spread(l, x.Periods, a.add(q))
}

// checkPrefer checks that what somebody likes are variants of what they need.
func (m *measures) checkPrefer(x *Need) error {
	for _, product := range sorted(x.Prefer) {
		if _, is := m.variants[x.What][product]; !is {
			return fmt.Errorf("preference for %q, which is no product of the kind %q", clip(product), clip(x.What))
		}
	}
	return nil
}

// dislikes puts into lines what somebody's preferences for variants of a kind lack to 1, times all that they need of it. Of what
// they do not say the catalogue's preference counts.
func (m *measures) dislikes(a amounts, l Line, q Decimal, x *Need) error {
	if len(m.rated[l.Group]) == 0 || l.Unit != m.units.Kinds[x.What] {
		return nil
	}
	weight := int64(0)
	if err := m.spread(l, x.Periods, func(w window) { weight += m.weight(w.line, w.at, w.at) }); err != nil {
		return err
	}
	one, _ := ParseDecimal("1")
	for v := range m.rated[l.Group] {
		if v.kind != x.What {
			continue
		}
		lacks := m.variants[v.kind][v.product]
		if stated, said := x.Prefer[v.product]; said {
			lacks = one.Sub(stated)
		}
		a.add(q.Times(weight).Part(lacks))(window{line: Line{
			Group: l.Group, Kind: kindDislike, What: v.kind, Of: v.product, Unit: l.Unit, Basis: string(network.InTotal),
		}})
	}
	return nil
}

// weight is how often a quantity of a line is needed from one period to another: once in a total, else by period or day.
func (m *measures) weight(l Line, from, to int) int64 {
	switch network.Basis(l.Basis) {
	case network.InTotal:
		return 1
	case network.PerDay:
		days := 0
		for t := from; t <= to; t++ {
			days += m.calendar.Days(t)
		}
		return int64(days)
	}
	return int64(to - from + 1)
}

// offer puts a work offer into lines, one for each burden.
func (m *measures) offer(a amounts, group string, x *Offer) error {
	if err := x.check(); err != nil {
		return err
	}
	switch {
	case !m.skills[x.Skill]:
		return fmt.Errorf("%q is no skill of the catalogue", clip(x.Skill))
	case !m.agents[x.For]:
		return fmt.Errorf("%q is no organisation here", clip(x.For))
	case !m.profiles[x.Profile]:
		return fmt.Errorf("profile %q is not one of the network's", clip(x.Profile))
	}
	for _, s := range x.Steps {
		l := Line{Group: group, Kind: kindWork, What: x.Skill, Unit: network.HourUnit, Profile: x.Profile, For: x.For, Burden: s.Burden.String()}
		if err := m.spread(l, x.Periods, a.add(s.Hours)); err != nil {
			return err
		}
	}
	return nil
}
