package report

import (
	"sort"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"bremen/network"
	"bremen/plan"
)

// listKind says what a list is for; its words stand in the catalogue under "list." and the kind.
type listKind string

const (
	making     listKind = "making"     // what to produce, with what it takes and yields
	gathering  listKind = "gathering"  // what to put together for which place
	carrying   listKind = "carrying"   // what to drive from where to where
	receiving  listKind = "receiving"  // what arrives from where
	packing    listKind = "packing"    // what to hand out to which group
	collecting listKind = "collecting" // what a group takes home
	shifts     listKind = "shifts"     // who offered hours works when
	crew       listKind = "crew"       // who comes to work at an organisation
	ordering   listKind = "ordering"   // what to order from which supplier
	selling    listKind = "selling"    // what to sell
)

// listOrder is the order of lists within a period: as the work goes.
var listOrder = []listKind{ordering, shifts, crew, making, gathering, carrying, receiving, packing, collecting, selling}

// listLine is one thing to do.
type listLine struct {
	kind     listKind
	period   int
	who      string // for, from or with whom, or the way
	what     string
	quantity float64
	unit     string
	note     string
	due      time.Time // by when, when that is not the period
}

// agenda is what one agent, or one place without an agent, has to do.
type agenda struct {
	id, name string
	file     string // name of its files, without extension
	lines    []listLine
}

// agendas gathers the work of a plan by who does it, in the order of IDs.
type agendas struct {
	*facts
	lang   Language
	byID   map[string]*agenda
	keeper map[string]string // who looks after a site: its only organisation, or the site itself
}

// minor is the quantity below which a line is rounding, not work.
const minor = 1e-6

func newAgendas(f *facts, l Language) []*agenda {
	a := &agendas{facts: f, lang: l, byID: map[string]*agenda{}, keeper: keepers(f)}
	a.makings()
	a.transfers()
	a.handouts()
	a.work()
	a.trade()
	all := make([]*agenda, 0, len(a.byID))
	files := map[string]bool{}
	for _, id := range sortedKeys(a.byID) {
		g := a.byID[id]
		g.file = fileName(id, files)
		g.sort()
		all = append(all, g)
	}
	return all
}

func keepers(f *facts) map[string]string {
	keeper, several := map[string]string{}, map[string]bool{}
	for _, x := range f.net.Agents {
		if x.Type != network.Organisation {
			continue
		}
		site := f.homes[x.ID]
		if keeper[site] != "" {
			several[site] = true
		}
		keeper[site] = x.ID
	}
	for site := range several {
		delete(keeper, site)
	}
	return keeper
}

// latin writes letters as a German would who lacks them.
var latin = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// fileName makes a name that every file system takes and no other agenda has, in
// upper or lower case; accents are left off.
func fileName(id string, taken map[string]bool) string {
	var b strings.Builder
	for _, c := range norm.NFD.String(latin.Replace(norm.NFC.String(strings.ToLower(id)))) {
		if unicode.Is(unicode.Mn, c) {
			continue
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			b.WriteRune(c)
		} else {
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" || name == "index" || len(name) > 60 {
		name = "agent-" + name[:min(len(name), 60)]
	}
	for base, k := name, 2; taken[name]; k++ {
		name = base + "-" + string(rune('0'+k%10)) + strings.Repeat("x", k/10)
	}
	taken[name] = true
	return name
}

func (a *agendas) add(id, name string, line listLine) {
	if line.quantity < minor || line.period < 1 || line.period > a.doc.Calendar.Periods {
		return
	}
	if a.byID[id] == nil {
		a.byID[id] = &agenda{id: id, name: name}
	}
	a.byID[id].lines = append(a.byID[id].lines, line)
}

// addAt adds a line for whoever looks after a site.
func (a *agendas) addAt(site string, line listLine) {
	if id := a.keeper[site]; id != "" {
		a.add(id, a.Agent(id), line)
		return
	}
	a.add(site, a.Site(site), line)
}

func (g *agenda) sort() {
	place := map[listKind]int{}
	for i, k := range listOrder {
		place[k] = i
	}
	sort.SliceStable(g.lines, func(i, j int) bool {
		x, y := g.lines[i], g.lines[j]
		switch {
		case x.period != y.period:
			return x.period < y.period
		case x.kind != y.kind:
			return place[x.kind] < place[y.kind]
		case x.who != y.who:
			return x.who < y.who
		}
		return x.what < y.what
	})
}

func (a *agendas) makings() {
	units := a.units()
	flows := flowsOf(a.net)
	for _, r := range a.doc.Runs {
		line := listLine{kind: making, period: r.Period, what: a.Recipe(r.Recipe), quantity: r.Runs, unit: r.Unit}
		var takes, gives []string
		for _, m := range r.Mix {
			takes = append(takes, a.lang.quantity(m.Quantity, units[m.Product])+" "+a.Thing(m.Product))
		}
		for _, f := range flows[r.Recipe] {
			switch _, product := units[f.What]; {
			case f.Direction == network.In && product:
				takes = append(takes, a.lang.quantity(r.Runs*f.Quantity, units[f.What])+" "+a.Thing(f.What))
			case f.Direction == network.Out:
				gives = append(gives, a.lang.quantity(r.Runs*f.Quantity, units[f.What])+" "+a.Thing(f.What))
			}
		}
		switch {
		case len(takes) > 0 && len(gives) > 0:
			line.note = a.lang.say("list.making.both", "takes", strings.Join(takes, ", "), "gives", strings.Join(gives, ", "))
		case len(gives) > 0:
			line.note = a.lang.say("list.making.gives", "gives", strings.Join(gives, ", "))
		case len(takes) > 0:
			line.note = a.lang.say("list.making.takes", "takes", strings.Join(takes, ", "))
		}
		a.add(r.Agent, a.Agent(r.Agent), line)
	}
}

// units of products; kinds are none.
func (f *facts) units() map[string]string {
	units := map[string]string{}
	for _, p := range f.net.Products {
		units[p.ID] = p.Unit
	}
	for _, v := range f.net.Variants {
		delete(units, v.Kind)
	}
	return units
}

func (a *agendas) transfers() {
	carriers := map[string]string{}
	for _, l := range a.net.Links {
		carriers[l.ID] = l.Agent
	}
	for _, x := range a.doc.Transfers {
		line := listLine{period: x.Period, what: a.Thing(x.Product), quantity: x.Quantity, unit: x.Unit}
		if x.Arrival > x.Period {
			line.note = a.lang.say("list.arrives", "period", a.lang.period(a.cal, x.Arrival))
		}
		carrier := x.Agent
		if carrier == "" {
			carrier = carriers[x.Link]
		}
		if carrier != "" {
			line.kind, line.who = carrying, a.Site(x.From)+" → "+a.Site(x.To)
			a.add(carrier, a.Agent(carrier), line)
		}
		line.kind, line.who = gathering, a.Site(x.To)
		a.addAt(x.From, line)
		line.kind, line.who, line.period, line.note = receiving, a.Site(x.From), x.Arrival, ""
		a.addAt(x.To, line)
	}
}

func (a *agendas) handouts() {
	for _, c := range a.doc.Consumed {
		home := a.homes[c.Agent]
		line := listLine{kind: collecting, period: c.Period, who: a.Site(home), what: a.Thing(c.Product), quantity: c.Quantity, unit: c.Unit}
		a.add(c.Agent, a.Agent(c.Agent), line)
		if home != c.Agent && home != "" {
			line.kind, line.who = packing, a.Agent(c.Agent)
			a.addAt(home, line)
		}
	}
}

func (a *agendas) work() {
	hour := a.lang.say("unit.h")
	for _, w := range a.doc.Work {
		line := listLine{kind: shifts, period: w.Period, who: a.Agent(w.For), what: a.Skill(w.Skill), quantity: w.Hours, unit: hour}
		if w.Burden > 0 {
			line.note = a.lang.say("list.burden", "burden", w.Burden)
		}
		a.add(w.Agent, a.Agent(w.Agent), line)
		if w.For != w.Agent && w.For != "" {
			line.kind, line.who, line.note = crew, a.Agent(w.Agent), ""
			a.add(w.For, a.Agent(w.For), line)
		}
	}
}

// networkOwn is the ID of the agenda of what is bought and sold in the name of the whole network.
const networkOwn = "network"

func (a *agendas) trade() {
	terms := map[string]network.Trade{}
	for _, t := range a.net.Trade {
		terms[t.ID] = t
	}
	add := func(x plan.TradeLine, line listLine) {
		if x.Agent != "" {
			a.add(x.Agent, a.Agent(x.Agent), line)
			return
		}
		a.add(networkOwn, a.lang.say("list.network"), line)
	}
	for _, x := range a.doc.Purchases {
		line := listLine{kind: ordering, period: x.Period, who: x.Supplier, what: a.Thing(x.Product), quantity: x.Quantity, unit: x.Unit}
		line.note = a.orderNote(x, terms[x.Trade])
		if days := terms[x.Trade].Deadline; days > 0 && a.cal.dated(x.Period) {
			line.due = a.cal.first(x.Period).AddDate(0, 0, -days)
		}
		add(x, line)
		if x.Arrival <= a.doc.Calendar.Periods {
			line.kind, line.period, line.due, line.note = receiving, x.Arrival, time.Time{}, ""
			a.addAt(x.Site, line)
		}
	}
	for _, x := range a.doc.Sales {
		add(x, listLine{kind: selling, period: x.Period, who: x.Supplier, what: a.Thing(x.Product), quantity: x.Quantity, unit: x.Unit,
			note: a.lang.quantity(x.Money, a.doc.Currency)})
	}
}

// orderNote says article, packs and money of an order.
func (a *agendas) orderNote(x plan.TradeLine, t network.Trade) string {
	money := a.lang.quantity(x.Money, a.doc.Currency)
	packs, pack := "", ""
	if t.Pack > 0 {
		packs, pack = a.lang.number(x.Quantity/t.Pack), a.lang.quantity(t.Pack, x.Unit)
	}
	switch {
	case x.Article != "" && packs != "":
		return a.lang.say("list.order.article.packs", "article", x.Article, "packs", packs, "pack", pack, "money", money)
	case x.Article != "":
		return a.lang.say("list.order.article", "article", x.Article, "money", money)
	case packs != "":
		return a.lang.say("list.order.packs", "packs", packs, "pack", pack, "money", money)
	}
	return money
}
