package economy

import "bremen/lp/block"

// Index says what stands where in the program of an economy. Groups are named
// by their number in block.Problem, −1 where there is none.
type Index struct {
	Goal Goal
	Unit float64 // amounts in the program are in this many of the products' units

	// Columns by technique, storable product, capital, movable product, and
	// need times step (step innermost). Blocks are those of the economy, but
	// of Moved and Carried: arc·periods + period.
	Activity, Stored, Installed, Built, Moved, Carried, Served int
	// Worst is one column per urgency: the least satisfaction of its needs.
	Worst int

	// Rows by product, skill, capital, capital, need, and one per arc.
	Balance, Labour, Capacity, Accumulation, Satisfaction, Haul int
	Limit                                                       [scopeCount]int

	Storable, Movable []int             // products in the order of their columns
	Limits            [scopeCount][]int // limits in the order of their rows
	Steps             int               // columns per need

	// WorstUrgency lists the urgencies that have a column Worst, in its order.
	WorstUrgency []int
}

// Goal is what a program strives for.
type Goal uint8

const (
	Satisfaction Goal = iota // as the package comment says
	LeastLabour              // all demand is met with the least labour
)

// ServedColumn returns the columns that serve a need in a block: Steps many,
// ix.Steps apart by stride.
func (ix *Index) ServedColumn(p *block.Problem, need, step, b int) int {
	g := p.ColGroups[ix.Served]
	return g.First + (need*ix.Steps+step)*g.Blocks + b
}
