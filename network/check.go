package network

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"bremen/internal/mistake"
)

// Finding is something doubtful about a valid network, with advice.
type Finding struct {
	Check    Code   `json:"check"`
	Table    string `json:"table,omitempty"`
	ID       string `json:"id,omitempty"` // of the row it is about
	Position `json:"position"`
	Other    string `json:"other,omitempty"` // what else is named in the sentence
	Note     bool   `json:"note,omitempty"`  // worth knowing rather than likely wrong
}

// In returns the sentence in a language ("de", any other is English).
func (f Finding) In(lang string) string { return f.fill(findings[f.Check].say.In(lang)) }

// Advice says in a language what can be done.
func (f Finding) Advice(lang string) string { return f.fill(findings[f.Check].advice.In(lang)) }

func (f Finding) fill(s string) string {
	return strings.NewReplacer("{id}", mistake.Short(f.ID), "{other}", mistake.Short(f.Other)).Replace(s)
}

// Names of the checks.
const (
	CheckNoSource     Code = "product-without-source"
	CheckCycle        Code = "cycle-without-start"
	CheckCannotStart  Code = "recipe-cannot-start"
	CheckNoFlows      Code = "recipe-without-flows"
	CheckTooLate      Code = "recipe-ends-too-late"
	CheckNeverServed  Code = "need-never-served"
	CheckOutOfReach   Code = "need-out-of-reach"
	CheckNoSkill      Code = "skill-not-offered"
	CheckSkillElse    Code = "skill-offered-to-others-only"
	CheckUnbounded    Code = "recipe-without-bound"
	CheckTradeBound   Code = "purchase-without-bound"
	CheckMoneyPerHour Code = "money-per-hour-not-decided"
	CheckSmallGroup   Code = "small-group"
	CheckProfileGap   Code = "profile-with-gaps"
	CheckSelfLink     Code = "link-to-itself"
	CheckWeightless   Code = "product-without-weight"
	CheckSiteAlone    Code = "site-without-link"
	CheckReview       Code = "assumption-to-review"
)

// findings is the catalogue: what is said, and what can be done, under the name of the check.
// Its order is that of Check's answer.
var findings = map[Code]struct {
	order       int
	say, advice DeEn
}{
	CheckNoSource: {
		1,
		DeEn{"„{id}“ wird gebraucht, aber niemand macht, kauft oder hat es", `"{id}" is needed, but nobody makes, buys or has it`},
		DeEn{"Gib ein Rezept mit „{id}“ als out, einen Kauf in trade oder einen Vorrat in stocks an.", `State a recipe with "{id}" as out, a purchase in trade, or a stock in stocks.`},
	},
	CheckCycle: {
		2,
		DeEn{"diese Güter brauchen einander, und keines ist am Anfang da: {other}", `these products need each other, and none is there at the start: {other}`},
		DeEn{"Gib für eines davon einen Vorrat in stocks oder einen Kauf in trade an.", `State a stock in stocks or a purchase in trade for one of them.`},
	},
	CheckCannotStart: {
		3,
		DeEn{"das Rezept „{id}“ kann nie beginnen; ihm fehlt: {other}", `recipe "{id}" can never start; it lacks: {other}`},
		DeEn{"Sorge für das Fehlende an seinem Ort, oder nimm das Rezept heraus.", `Provide what is lacking at its site, or take the recipe out.`},
	},
	CheckNoFlows: {
		4,
		DeEn{"das Rezept „{id}“ hat keine Zeile in flows", `recipe "{id}" has no row in flows`},
		DeEn{"Gib in flows an, was hinein- und herausgeht.", `State in flows what goes in and out.`},
	},
	CheckTooLate: {
		5,
		DeEn{"was das Rezept „{id}“ gibt, kommt erst nach dem letzten Zeitabschnitt", `what recipe "{id}" gives comes only after the last period`},
		DeEn{"Verlängere den Kalender oder nenne frühere starts.", `Lengthen the calendar or state earlier starts.`},
	},
	CheckNeverServed: {
		6,
		DeEn{"den Bedarf an „{id}“ kann niemand je decken ({other})", `nobody can ever serve the need for "{id}" ({other})`},
		DeEn{"Siehe die Befunde darüber, welche Güter keine Herkunft haben; bei einer Eigenschaft gib in contents an, welche Güter sie haben.", `See the findings above on what has no source; for a property state in contents which products contain it.`},
	},
	CheckOutOfReach: {
		7,
		DeEn{"„{id}“ gibt es, aber es kommt nicht hin, wo es gebraucht wird: {other}", `"{id}" exists, but does not reach where it is needed: {other}`},
		DeEn{"Gib in links einen Weg dorthin an, oder reach: network, wenn es keine Fracht braucht.", `State a link to there in links, or reach: network if it needs no freight.`},
	},
	CheckNoSkill: {
		8,
		DeEn{"die Fertigkeit „{id}“ wird gebraucht, aber niemand bietet sie an", `skill "{id}" is needed, but nobody offers it`},
		DeEn{"Frage, wer „{id}“ kann, und trage das Angebot in work ein.", `Ask who knows "{id}", and state the offer in work.`},
	},
	CheckSkillElse: {
		9,
		DeEn{"die Fertigkeit „{id}“ wird nur anderen angeboten, nicht: {other}", `skill "{id}" is offered to others only, not to: {other}`},
		DeEn{"Lass in work die Spalte for leer, wenn ein Angebot für alle gilt.", `Leave the column for in work empty where an offer is for all.`},
	},
	CheckUnbounded: {
		10,
		DeEn{"das Rezept „{id}“ hat keine Grenze: weder most noch Eingang, Arbeit oder genutztes Gut", `recipe "{id}" has no bound: neither most nor input, work or durable`},
		DeEn{"Nenne most; Beweise brauchen für jeden Fluss eine Grenze.", `State most; proofs need a bound on every flow.`},
	},
	CheckTradeBound: {
		11,
		DeEn{"der Kauf von „{id}“ hat keine Grenze: weder most noch total noch ein Budget", `the purchase of "{id}" has no bound: neither most nor total nor a budget`},
		DeEn{"Nenne most oder total, oder ein Budget in budgets.", `State most or total, or a budget in budgets.`},
	},
	CheckMoneyPerHour: {
		12,
		DeEn{"das Netzwerk plant mit Arbeit und Geld, hat aber nicht entschieden, wie viel Geld eine Stunde Last wiegt; Arbeit geht so lange vor", `the network plans with work and money, but has not decided how much money an hour of burden weighs; until then work comes first`},
		DeEn{"Entscheidet gemeinsam über money_per_hour in network.yaml.", `Decide together on money_per_hour in network.yaml.`},
	},
	CheckSmallGroup: {
		13,
		DeEn{"die Gruppe „{id}“ hat weniger als 5 Personen; öffentlich wird sie mit anderen zusammengefasst", `group "{id}" has fewer than 5 persons; in public it is merged with others`},
		DeEn{"Nichts ist zu tun; wer größer sein will, schließt sich mit anderen zusammen.", `Nothing has to be done; who wants to be larger joins others.`},
	},
	CheckProfileGap: {
		14,
		DeEn{"der Verlauf „{id}“ nennt nicht jeden Zeitabschnitt; Faktor 1 gilt in {other}", `profile "{id}" does not name every period; factor 1 holds in {other}`},
		DeEn{"Nenne den Faktor auch dort, wenn 1 nicht gemeint ist.", `State the factor there too if 1 is not meant.`},
	},
	CheckSelfLink: {
		15,
		DeEn{"der Weg „{id}“ führt von {other} an denselben Ort", `link "{id}" leads from {other} to the same site`},
		DeEn{"Nenne zwei verschiedene Orte, oder nimm den Weg heraus.", `State two different sites, or take the link out.`},
	},
	CheckWeightless: {
		16,
		DeEn{"„{id}“ hat kein Gewicht und zählt deshalb auf Wegen mit Kapazität nicht", `"{id}" has no weight, and so does not count on links with a capacity`},
		DeEn{"Nenne in products das Gewicht je Einheit in kg, oder reach: network oder site.", `State the weight per unit in kg in products, or reach: network or site.`},
	},
	CheckSiteAlone: {
		17,
		DeEn{"kein Weg führt von oder zu dem Ort „{id}“", `no link leads from or to site "{id}"`},
		DeEn{"Gib in links an, wie er zu erreichen ist.", `State in links how it is reached.`},
	},
	CheckReview: {
		18,
		DeEn{"die Annahme „{id}“ sollte am {other} wieder angesehen werden", `assumption "{id}" was to be looked at again on {other}`},
		DeEn{"Sieh nach, ob sie noch stimmt, und nenne einen neuen Tag in review.", `See whether it still holds, and state a new day in review.`},
	},
}

// Checks lists the names of all checks in the order in which Check reports.
func Checks() []Code {
	var names []Code
	for name := range findings {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b Code) int { return findings[a].order - findings[b].order })
	return names
}

// Check tells what is doubtful about a normalised, valid network: what can
// never be made, served or reached, and what proofs or publication will need. Today
// is the day by which assumptions are due; the zero time leaves them out. The
// answer is ordered by check, then by place, and depends on nothing else.
func (n *Network) Check(today time.Time) []Finding {
	c := &checker{n: n, units: n.Units()}
	c.reach()
	c.sources()
	c.recipes()
	c.served()
	c.skills()
	c.trade()
	c.settings()
	c.groups()
	c.profiles()
	c.links()
	c.assumptions(today)
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		return cmp.Or(findings[a.Check].order-findings[b.Check].order, a.Line-b.Line, cmp.Compare(a.ID, b.ID), cmp.Compare(a.Other, b.Other))
	})
	return c.found
}

// checker holds what the checks share.
type checker struct {
	n     *Network
	units Units
	found []Finding
	*reached
}

func (c *checker) add(f Finding) { c.found = append(c.found, f) }

func (c *checker) settings() {
	if _, own := c.n.Ladders[DefaultLadderName]; own || c.n.MoneyPerHour > 0 || !c.n.HasMoney() {
		return
	}
	if slices.ContainsFunc(c.n.Work, func(w WorkOffer) bool { return w.Burden > 0 }) {
		c.add(Finding{Check: CheckMoneyPerHour, Table: SettingsTable, ID: "money_per_hour"})
	}
}

func (c *checker) groups() {
	for i := range c.n.Agents {
		if a := &c.n.Agents[i]; a.Type == Group && a.Persons < 5 {
			c.add(Finding{Check: CheckSmallGroup, Table: "agents", ID: a.ID, Position: a.Position, Note: true})
		}
	}
}

// profiles names the periods that a profile in use leaves at 1.
func (c *checker) profiles() {
	T := c.n.Calendar.Periods
	named := map[string]Periods{}
	first := map[string]Position{}
	var order []string
	for i := range c.n.Profiles {
		p := &c.n.Profiles[i]
		if _, ok := first[p.ID]; !ok {
			first[p.ID] = p.Position
			order = append(order, p.ID)
		}
		ps := p.Periods
		if len(ps) == 0 {
			ps = Periods{{1, T}}
		}
		named[p.ID] = append(named[p.ID], ps...)
	}
	for _, id := range order {
		if gaps := named[id].Canonical().gaps(T); len(gaps) > 0 {
			c.add(Finding{Check: CheckProfileGap, Table: "profiles", ID: id, Position: first[id], Other: gaps.String(), Note: true})
		}
	}
}

// gaps returns the periods up to T that a canonical set does not have.
func (p Periods) gaps(T int) Periods {
	var out Periods
	next := 1
	for _, s := range p {
		if s.From > next {
			out = append(out, Span{next, min(s.From-1, T)})
		}
		next = s.To + 1
	}
	if next <= T {
		out = append(out, Span{next, T})
	}
	return out
}

func (c *checker) links() {
	capacity := false
	touched := map[string]bool{}
	for i := range c.n.Links {
		l := &c.n.Links[i]
		touched[l.From], touched[l.To] = true, true
		if l.From == l.To {
			c.add(Finding{Check: CheckSelfLink, Table: "links", ID: l.ID, Position: l.Position, Other: l.From})
		}
		_, single := c.units.Products[l.What]
		capacity = capacity || l.Capacity != nil && !single
	}
	if capacity {
		for i := range c.n.Products {
			if p := &c.n.Products[i]; p.Reach == ByLink && p.Weight == 0 {
				c.add(Finding{Check: CheckWeightless, Table: "products", ID: p.ID, Position: p.Position})
			}
		}
	}
	c.lonelySites(touched)
}

// lonelySites names sites without a link where something is that moves by link.
func (c *checker) lonelySites(touched map[string]bool) {
	if len(c.n.Links) == 0 {
		return
	}
	busy := c.sitesOfGoods()
	if len(busy) < 2 {
		return
	}
	for i := range c.n.Sites {
		if s := &c.n.Sites[i]; busy[s.ID] && !touched[s.ID] {
			c.add(Finding{Check: CheckSiteAlone, Table: "sites", ID: s.ID, Position: s.Position})
		}
	}
}

// sitesOfGoods are the sites with a need, stock, trade or flow of a product that moves by link.
func (c *checker) sitesOfGoods() map[string]bool {
	busy := map[string]bool{}
	mark := func(site, product string) {
		if c.product[product] != nil && c.product[product].Reach == ByLink {
			busy[site] = true
		}
	}
	for i := range c.n.Needs {
		d := &c.n.Needs[i]
		for _, p := range c.fit(d.What, d.Of) {
			mark(c.site[d.Agent], p)
		}
	}
	for i := range c.n.Flows {
		if r := c.recipe[c.n.Flows[i].Recipe]; r != nil {
			mark(r.Site, c.n.Flows[i].What)
		}
	}
	for i := range c.n.Stocks {
		mark(c.n.Stocks[i].Site, c.n.Stocks[i].Product)
	}
	for i := range c.n.Trade {
		mark(c.n.Trade[i].Site, c.n.Trade[i].Product)
	}
	return busy
}

func (c *checker) assumptions(today time.Time) {
	if today.IsZero() {
		return
	}
	for i := range c.n.Assumptions {
		a := &c.n.Assumptions[i]
		if day, err := time.Parse(time.DateOnly, a.Review); err == nil && day.Before(today) {
			c.add(Finding{Check: CheckReview, Table: "assumptions", ID: a.ID, Position: a.Position, Other: a.Review})
		}
	}
}
