package plan

import (
	"fmt"
	"math"
	"slices"

	"bremen/lp"
	"bremen/network"
)

// Build makes the linear program of a valid network (DESIGN 4.1): balances,
// capacities, hours, money, limits, needs; no goal yet. The network is put into
// canonical order first, so that the order of its rows does not matter.
//
// Where inForce is given, columns for the change of runs from that plan are
// added, for goals that keep movement small.
func Build(n *network.Network, inForce *Document) (*Program, error) {
	n = n.Ordered()
	if n.Calendar.Periods <= 0 {
		return nil, fmt.Errorf("network %s: the calendar has no periods", n.ID)
	}
	b := &builder{
		Program:       &Program{LP: &lp.Problem{}, Net: n, ix: newIndex(n), levels: len(n.Urgencies)},
		n:             n,
		T:             n.Calendar.Periods,
		supplyKey:     map[string]int{},
		hasPreference: map[string]bool{},
		alone:         map[string]bool{},
		returns:       map[int32][]network.Return{},
		byRow:         map[row]int{},
		purseOf:       map[string]int{},
	}
	b.ix = b.Program.ix
	if err := b.prepare(); err != nil {
		return nil, err
	}
	b.classify()
	b.activate()
	b.sigmas()
	b.buildImpacts()
	b.buildStocks()
	b.buildWork()
	b.buildRecipes()
	b.buildMoves()
	b.buildConsumption()
	b.buildTrade()
	b.buildMoney()
	b.buildChange(inForce)
	if err := b.commit(); err != nil {
		return nil, err
	}
	b.flush()
	p := b.Program
	p.LP.ColName, p.LP.RowName = p.colName, p.rowName
	p.LP.Compact()
	p.fit()
	return p, p.LP.Validate()
}

// builder holds what only building needs.
type builder struct {
	*Program
	n  *network.Network
	ix *index
	T  int

	supplyKey     map[string]int
	hasPreference map[string]bool
	alone         map[string]bool // agents that may not be merged with others: rules speak of them by name
	returns       map[int32][]network.Return

	balance []int32 // per site·products + product: first balance row, -1 where the product is not kept apart there
	ages    []int   // per product: 1, or shelf life + 1
	byRow   map[row]int
	purseOf map[string]int
	linkUse [][]network.LinkFlow
	late    []lateEntry

	wantedStocks []int // elements
}

// lateEntry is one for a column that is no longer the last.
type lateEntry struct {
	col, row int
	v        float64
}

func (b *builder) prepare() error {
	n, x := b.n, b.ix
	b.named()
	for _, r := range n.Returns {
		p := x.product[r.Product]
		b.returns[p] = append(b.returns[p], r)
	}
	b.ages = make([]int, len(n.Products))
	for i, p := range n.Products {
		b.ages[i] = 1
		if p.ShelfLife > 0 && p.ShelfLife < b.T { // what outlives the calendar just keeps
			b.ages[i] = p.ShelfLife + 1
		}
	}
	for i, l := range n.Links {
		b.arcs = append(b.arcs, arc{i, x.site[l.From], x.site[l.To], l.ID})
		if l.TwoWay {
			b.arcs = append(b.arcs, arc{i, x.site[l.To], x.site[l.From], l.ID + " back"})
		}
		var use []network.LinkFlow
		for _, f := range n.LinkFlows {
			if f.Link == l.ID || (f.Link == l.Mode && l.Mode != "") {
				if f.Direction == network.Labour && l.Agent == "" {
					return fmt.Errorf("link %s takes work of %q, but names no agent who carries", l.ID, f.What)
				}
				use = append(use, f)
			}
		}
		b.linkUse = append(b.linkUse, use)
	}
	for _, bu := range n.Budgets {
		if _, ok := b.purseOf[bu.Agent]; !ok {
			b.purseOf[bu.Agent] = len(b.purses)
			b.purses = append(b.purses, purse{bu.Agent})
		}
	}
	return nil
}

// named marks the agents that ratios, preferences, promised deliveries and
// goals single out: merged with others they would share what is meant for them alone.
func (b *builder) named() {
	n := b.n
	for _, r := range n.Ratios {
		b.alone[r.Agent] = true
	}
	for _, p := range n.Preferences {
		b.hasPreference[p.Agent] = true
		b.alone[p.Agent] = true
	}
	promised := map[string]bool{}
	for _, c := range n.Commitments {
		if c.Type == network.Delivery {
			promised[c.Of] = true
		}
	}
	for _, d := range n.Needs {
		if promised[d.ID] {
			b.alone[d.Agent] = true
		}
	}
	for _, l := range n.Ladders {
		for _, r := range l {
			for _, s := range r.Sets {
				b.alone[s.Agent] = true
			}
			for _, t := range r.Terms {
				b.alone[t.Agent] = true
			}
		}
	}
}

// col appends a column.
func (b *builder) col(c column, lower, upper float64) int {
	b.cols = append(b.cols, c)
	return b.LP.AddColumn(0, lower, upper)
}

// rowAt returns the row that r means, making it with the given bounds on first use.
func (b *builder) rowAt(r row, lower, upper float64) int {
	if i, ok := b.byRow[r]; ok {
		return i
	}
	i := b.LP.AddRow(lower, upper)
	b.rows = append(b.rows, r)
	b.byRow[r] = i
	return i
}

// entry adds to the column appended last.
func (b *builder) entry(i int, v float64) {
	if v != 0 {
		b.LP.Entry(i, v)
	}
}

// flush puts late entries where they belong.
func (b *builder) flush() {
	if len(b.late) == 0 {
		return
	}
	p := b.LP
	slices.SortStableFunc(b.late, func(a, c lateEntry) int { return a.col - c.col })
	index := make([]int32, 0, len(p.Index)+len(b.late))
	value := make([]float64, 0, len(p.Index)+len(b.late))
	start := make([]int, len(p.Start))
	k := 0
	for j := range p.Cols() {
		rows, vals := p.Column(j)
		index, value = append(index, rows...), append(value, vals...)
		for ; k < len(b.late) && b.late[k].col == j; k++ {
			index, value = append(index, int32(b.late[k].row)), append(value, b.late[k].v)
		}
		start[j+1] = len(value)
	}
	p.Start, p.Index, p.Value = start, index, value
}

// fit gives back what the program's arrays have room for beyond their length:
// a program is kept for as long as its plan is.
func (p *Program) fit() {
	q := p.LP
	for _, v := range []*[]float64{&q.Cost, &q.Lower, &q.Upper, &q.RowLower, &q.RowUpper, &q.Value} {
		*v = fitted(*v)
	}
	q.Start, q.Index = fitted(q.Start), fitted(q.Index)
	p.cols, p.rows = fitted(p.cols), fitted(p.rows)
}

func fitted[T any](s []T) []T { return append(make([]T, 0, len(s)), s...) }

func finite(v float64) bool { return !math.IsInf(v, 0) }
