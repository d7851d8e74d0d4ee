package economy

import (
	"bremen/lp/block"
	"bremen/network"
)

// Economy is what is known of an economy. Items are referred to by their place
// in the lists. Products, skills, capitals and limits have codes that differ
// from each other, and so do techniques, capitals and modes.
type Economy struct {
	ID          string
	Title       network.Text
	Description network.Text
	Licence     string
	Sources     []network.Source

	Products   []Product
	Techniques []Item
	Skills     []Item // labour is in hours, or the Unit of the skill
	Capitals   []Capital
	Limits     []Limit
	Modes      []Item // of transport

	Regions []Item
	Periods []Item

	Urgencies []Urgency // the most urgent first
	Steps     []Step    // how satisfaction counts; shares add up to 1, slopes fall
	Ladder    Ladder    // zero for what Goals takes by default

	Making   Technology // by technique, per unit of activity
	Building Technology // by capital, per unit built
	Moving   Technology // by mode, per unit of weight moved over a unit of distance, where it starts

	Most   []Most    // activities that are bounded for other reasons
	Labour []float64 // skill × block: how much there is; +Inf without end
	Stock  []float64 // product × region: at the start; nil: none
	Supply []float64 // product × block: what comes from outside; nil: nothing

	Installed []float64 // capital × region: at the start
	Kept      []float64 // capital × region: at least at the end; nil: 0

	Arcs []Arc

	Needs  []Need
	Demand []float64 // need × block: how much is needed
}

// Item has a code, by which files refer to it, and may have a name and a unit.
type Item struct {
	Code, Name, Unit string
}

// Product is a kind of good or service.
type Product struct {
	Item
	Keep   float64 // share of a stock that is left after a period; 0: cannot be stored
	Room   float64 // most that a region can store; 0: no bound but what there can be
	Weight float64 // of a unit in transport; 0: is not moved
}

// Capital is a kind of capital good: buildings, machines, cattle.
type Capital struct {
	Item
	Wear float64 // share that is worn out in a period, 0 to 1
}

// Limit is a bound of nature or law on what is taken or emitted.
type Limit struct {
	Item
	Scope Scope
	// Most holds one figure per block, region, period or one for all, as Scope
	// says; +Inf: counted, not bounded.
	Most []float64
}

// Scope says over what a limit adds up.
type Scope uint8

const (
	PerBlock   Scope = iota // each region in each period
	PerRegion               // a region over all periods
	PerPeriod               // a period over all regions
	OverAll                 // everything
	scopeCount = iota
)

// String is the word for it in files.
func (s Scope) String() string { return scopeNames[s] }

var scopeNames = [scopeCount]string{"block", "region", "period", "all"}

// Technology says what a unit of each of its columns brings and takes. All
// matrices have the same columns; nil stands for one without entries.
type Technology struct {
	Product *block.Matrix // product × column: made +, used up −
	Labour  *block.Matrix // skill × column: work it takes, ≥ 0
	Capital *block.Matrix // capital × column: what must be installed, ≥ 0
	Limit   *block.Matrix // limit × column: what it adds, − what it takes back
}

// Coefficients returns how many figures a technology has.
func (t Technology) Coefficients() int {
	n := 0
	for _, m := range []*block.Matrix{t.Product, t.Labour, t.Capital, t.Limit} {
		if m != nil {
			n += len(m.Value)
		}
	}
	return n
}

// Urgency is a level of needs.
type Urgency struct {
	Name   string
	Weight float64 // of a need in the goal, > 0
}

// Step is a part of satisfaction: Share of the demand counts Slope per unit.
type Step struct{ Share, Slope float64 }

// DefaultUrgencies and DefaultSteps stand for what an economy does not state.
func DefaultUrgencies() []Urgency { return []Urgency{{"vital", 4}, {"important", 2}, {"wish", 1}} }

// DefaultSteps lets the first half of a demand count most.
func DefaultSteps() []Step { return []Step{{0.5, 1}, {0.3, 0.6}, {0.2, 0.3}} }

// Everywhere stands for all regions or all periods.
const Everywhere = -1

// Most bounds a technique's activity. Region and Period may be Everywhere: in each of them.
type Most struct {
	Technique, Region, Period int
	Amount                    float64
}

// Arc leads from one region to another by a mode of transport. Capacity is the
// most weight in each period.
type Arc struct {
	From, To, Mode int
	Distance       float64
	Capacity       []float64
}

// Need is a product at a level of urgency; Economy.Demand says where and when.
type Need struct{ Product, Urgency int }

// Blocks returns how many blocks there are.
func (e *Economy) Blocks() int { return len(e.Regions) * len(e.Periods) }

// Block returns the number of a block.
func (e *Economy) Block(region, period int) int { return region*len(e.Periods) + period }
