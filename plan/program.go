package plan

import (
	"fmt"

	"bremen/lp"
	"bremen/network"
)

// Program is the linear program of a network, without goals, and what each of
// its rows and columns means. Build makes it; it is not changed afterwards.
//
// Columns are amounts: runs, transfers, stock, consumption, hours, purchases …,
// and one satisfaction in [0, 1] per Element. Rows are balances and bounds.
type Program struct {
	LP       *lp.Problem
	Net      *network.Network // normalised
	Elements []Element

	ix       *index
	classes  []class
	supplies []supply
	arcs     []arc
	purses   []purse
	cols     []column
	rows     []row
	cut      []CutOff
	force    []RunLine // runs of the plan in force, where changes from it are counted
	levels   int       // number of urgency levels; level == levels is surplus
}

// Element is one satisfaction that goals lift: column Col in [0, 1] counts the
// share of Quantity that is delivered.
type Element struct {
	Col      int
	Kind     elementKind
	Urgency  int     // rank, 0 the most urgent; len(Urgencies) = surplus
	Quantity float64 // of all members together
	Persons  float64
	Period   int // 0: over several periods

	supply int // needs and preferences: index of supplies
	index  int // stocks: of Net.Stocks; rest: of Net.Agents
}

type elementKind uint8

const (
	elementNeed       elementKind = iota
	elementStock                  // a wanted end stock
	elementPreference             // share of preferred variants in a supply
	elementRest                   // 1 − share of the offered burden that an agent works
)

// column says what a column of the program is; a, b, c depend on kind.
type column struct {
	kind    columnKind
	age     uint8
	t       int16
	a, b, c int32
}

type columnKind uint8

const (
	colRun     columnKind = iota // a recipe, t its start
	colMix                       // a flow, b product, c offset, t start of the run
	colMove                      // a arc, b product, age on departure, t departure
	colLoad                      // a arc, t: what is carried on it together, kg
	colStock                     // a site, b product, age, t: kept at its end
	colDispose                   // a site, b product, age, t
	colDraw                      // a site, b product, age, t: taken for use
	colConsume                   // a class, b product, c supply it counts for (-1 none or all), t
	colWork                      // a offer, b organisation, t
	colBuy                       // a trade, t order
	colSell                      // a trade, t
	colSigma                     // a element
	colImpact                    // a impact, t
	colMoney                     // a purse, t: balance at its end
	colChange                    // a recipe, b 0 more 1 less, t: difference from the plan in force
)

// row says what a row of the program is; a, b, c depend on kind.
type row struct {
	kind    rowKind
	age     uint8
	t       int16
	a, b, c int32
}

type rowKind uint8

const (
	rowBalance  rowKind = iota // a site, b product, age, t
	rowDraw                    // a site, b product, t: what is used = what is drawn of all ages
	rowPool                    // b product, t: network-wide
	rowCapacity                // a site, b durable, t
	rowWork                    // a organisation, b skill, t
	rowOffer                   // a offer, t
	rowLink                    // a arc, t
	rowLoad                    // a arc, t: defines its load
	rowStorage                 // a storage, t
	rowImpact                  // a impact, t: defines its column
	rowLimit                   // a limit, t (0: over all)
	rowPurse                   // a purse, t
	rowSupply                  // a supply: what is delivered
	rowMaximum                 // a supply: a property's maximum
	rowRatio                   // a ratio, b class, c 0 least 1 most, t
	rowMix                     // a flow, c offset, t start
	rowBlend                   // a blend, b flow, c offset, t start
	rowTrade                   // a trade: total
	rowPrefer                  // a supply
	rowRest                    // a agent
	rowCommit                  // a commitment, t
	rowChange                  // a recipe, t
)

// class is a set of agents that consume together: at one site with the same
// needs per head, in one basket, or of services that reach everybody alike.
type class struct {
	sites    []siteShare
	members  []member
	persons  float64
	supplies []int
}

type siteShare struct {
	site  int32
	share float64
}

type member struct {
	agent   int
	persons float64
}

// supply is what a class is to get of one thing in one window: the row
// Σ rate·consumed = Σ quantity·satisfaction over its urgency levels.
type supply struct {
	class    int
	what, of string
	property bool
	accepts  []accept
	periods  []int
	quantity []float64 // per urgency level, surplus last; all members together
	maximum  float64   // of a property, 0 = none
	part     float64   // share of the class's consumption that its members take
	takers   []taker
	element  []int // per urgency level, -1 without
	prefer   int   // element of preferences, -1 without
	row      int
}

// accept is a product that serves a supply at a rate.
type accept struct {
	product          int32
	rate, preference float64
}

// taker is one statement behind a supply.
type taker struct {
	need, agent int
	urgency     []float64 // quantity per level
}

// arc is a link in one direction.
type arc struct {
	link     int
	from, to int32
	id       string
}

// purse is a budget that pays.
type purse struct {
	agent string
}

// T returns the number of periods.
func (p *Program) T() int { return p.Net.Calendar.Periods }

func (p *Program) colName(j int) string {
	if j >= len(p.cols) {
		return fmt.Sprintf("goal%d", j-len(p.cols))
	}
	c, n, x := p.cols[j], p.Net, p.ix
	switch c.kind {
	case colRun:
		return fmt.Sprintf("run(%s,%d)", n.Recipes[c.a].ID, c.t)
	case colMix:
		return fmt.Sprintf("mix(%s,%s,%d,%d)", n.Flows[c.a].Recipe, n.Products[c.b].ID, c.c, c.t)
	case colMove:
		return fmt.Sprintf("move(%s,%s,%d,%d)", p.arcs[c.a].id, n.Products[c.b].ID, c.age, c.t)
	case colLoad:
		return fmt.Sprintf("load(%s,%d)", p.arcs[c.a].id, c.t)
	case colStock:
		return fmt.Sprintf("stock(%s,%s,%d,%d)", x.siteID[c.a], n.Products[c.b].ID, c.age, c.t)
	case colDispose:
		return fmt.Sprintf("dispose(%s,%s,%d,%d)", x.siteID[c.a], n.Products[c.b].ID, c.age, c.t)
	case colDraw:
		return fmt.Sprintf("draw(%s,%s,%d,%d)", x.siteID[c.a], n.Products[c.b].ID, c.age, c.t)
	case colConsume:
		return fmt.Sprintf("consume(%d,%s,%d,%d)", c.a, n.Products[c.b].ID, c.c, c.t)
	case colWork:
		return fmt.Sprintf("work(%s,%s,%d)", n.Work[c.a].ID, n.Agents[c.b].ID, c.t)
	case colBuy:
		return fmt.Sprintf("buy(%s,%d)", n.Trade[c.a].ID, c.t)
	case colSell:
		return fmt.Sprintf("sell(%s,%d)", n.Trade[c.a].ID, c.t)
	case colSigma:
		return fmt.Sprintf("satisfaction(%d)", c.a)
	case colImpact:
		return fmt.Sprintf("impact(%s,%d)", n.Impacts[c.a].ID, c.t)
	case colMoney:
		return fmt.Sprintf("money(%s,%d)", p.purses[c.a].agent, c.t)
	default:
		return fmt.Sprintf("change(%s,%d,%d)", n.Recipes[c.a].ID, c.b, c.t)
	}
}

var rowNames = [...]string{
	"balance", "draw", "pool", "capacity", "work", "offer", "link", "load", "storage", "impact", "limit", "money",
	"supply", "maximum", "ratio", "mix", "blend", "trade", "prefer", "rest", "commitment", "change",
}

func (p *Program) rowName(i int) string {
	if i >= len(p.rows) {
		return fmt.Sprintf("goal%d", i-len(p.rows))
	}
	r, n, x := p.rows[i], p.Net, p.ix
	name := rowNames[r.kind]
	switch r.kind {
	case rowBalance, rowDraw, rowCapacity:
		return fmt.Sprintf("%s(%s,%s,%d,%d)", name, x.siteID[r.a], n.Products[r.b].ID, r.age, r.t)
	case rowPool:
		return fmt.Sprintf("%s(%s,%d)", name, n.Products[r.b].ID, r.t)
	case rowWork:
		return fmt.Sprintf("%s(%s,%s,%d)", name, n.Agents[r.a].ID, x.skillID[r.b], r.t)
	case rowLink, rowLoad:
		return fmt.Sprintf("%s(%s,%d)", name, p.arcs[r.a].id, r.t)
	default:
		return fmt.Sprintf("%s(%d,%d,%d,%d)", name, r.a, r.b, r.c, r.t)
	}
}
