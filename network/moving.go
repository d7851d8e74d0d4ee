package network

// Link carries products from one site to another.
type Link struct {
	ID       string   `col:"id"`
	Agent    string   `col:"agent"` // who carries; its work offers are used
	From     string   `col:"from"`
	To       string   `col:"to"`
	TwoWay   bool     `col:"two_way"`
	Mode     string   `col:"mode"` // van, cargo bike; LinkFlows may speak of it
	What     string   `col:"what"` // product or kind; empty: every product that moves by link
	Distance float64  `col:"km"`
	Capacity *float64 `col:"capacity"` // kg per period; of one product without weight: its unit
	Delay    int      `col:"delay"`    // periods
	Money    float64  `col:"money"`    // per t (per unit of a product without weight)
	Row
}

// LinkFlow is what carrying one tonne takes: hours of the carrier's skill, a
// product (at network reach, or at From), or an impact.
type LinkFlow struct {
	Link      string    `col:"link"`      // a link or a mode
	Direction Direction `col:"direction"` // in, work, impact
	What      string    `col:"what"`
	PerTonne  float64   `col:"per_t"`
	PerKm     float64   `col:"per_t_km"`
	Row
}

// Return is what comes back at the site of consumption: jars, peelings.
type Return struct {
	Product  string  `col:"product"`
	Returned string  `col:"returned"`
	Quantity float64 `col:"quantity"` // per unit consumed
	Offset   int     `col:"offset"`   // periods later
	Row
}

// Trade is a chance to buy from or sell to the world outside.
type Trade struct {
	ID       string   `col:"id"`
	Agent    string   `col:"agent"` // whose budget; empty: the network's
	Site     string   `col:"site"`  // default: the agent's
	Type     string   `col:"type"`  // "buy" or "sell"
	Product  string   `col:"product"`
	Price    float64  `col:"price"`   // money per unit, tax included
	Tax      float64  `col:"tax"`     // share of the price that is tax, for lists
	Dated    string   `col:"dated"`   // the price's date
	Profile  string   `col:"profile"` // factor on Price by period
	Periods  Periods  `col:"periods"`
	Most     *float64 `col:"most"`     // per period
	Total    *float64 `col:"total"`    // over all periods
	Pack     float64  `col:"pack"`     // comes in multiples of this
	Least    float64  `col:"least"`    // least order
	Deadline int      `col:"deadline"` // days before the period by which it must be ordered
	Delay    int      `col:"delay"`    // periods from order to delivery
	Article  string   `col:"article"`  // the supplier's number
	Supplier string   `col:"supplier"`
	Row
}

// Budget is money: opening balance plus income per period. What is bought,
// carried and stored is paid from it, what is sold comes in; it never falls below zero.
type Budget struct {
	Agent   string  `col:"agent"` // empty: the network's
	Opening float64 `col:"opening"`
	Income  float64 `col:"income"` // per period
	Periods Periods `col:"periods"`
	Row
}

// Limit is what must not be exceeded of an impact, per period or over all.
type Limit struct {
	ID       string  `col:"id"`
	What     string  `col:"what"`  // an impact
	Agent    string  `col:"agent"` // whose; empty: all together
	Quantity float64 `col:"quantity"`
	Unit     string  `col:"unit"`  // the impact's after Normalise
	Basis    Basis   `col:"basis"` // period or total
	Periods  Periods `col:"periods"`
	Row
}

// CommitmentType says what was promised.
type CommitmentType string

const (
	Runs     CommitmentType = "runs"     // of a recipe, started in the period
	Delivery CommitmentType = "delivery" // to a need, in its unit
	Transfer CommitmentType = "transfer" // of Product over a link
	Purchase CommitmentType = "purchase" // a trade of type buy
	Sale     CommitmentType = "sale"     // a trade of type sell
	Holding  CommitmentType = "stock"    // of Product at a site, at the period's end
	Working  CommitmentType = "work"     // hours of an offer
)

// Commitment must stand in the plan: Least ≤ quantity ≤ Most in each of Periods.
type Commitment struct {
	ID      string         `col:"id"`
	Type    CommitmentType `col:"type"`
	Of      string         `col:"of"`      // recipe, need, link, trade, site or offer
	Product string         `col:"product"` // for transfer and stock
	Least   *float64       `col:"least"`
	Most    *float64       `col:"most"`
	Periods Periods        `col:"periods"`
	Agent   string         `col:"agent"` // who promised
	Row
}

// Assumption is a figure or fact that statements rest on.
type Assumption struct {
	ID        string `col:"id"`
	Statement string `col:"statement"`
	Evidence  string `col:"evidence"`
	Holder    string `col:"holder"`   // agent
	Review    string `col:"review"`   // date, YYYY-MM-DD
	Concerns  string `col:"concerns"` // IDs of rows that rest on it, space separated
	Row
}

// Source is where figures come from.
type Source struct {
	ID       string `col:"id"`
	Citation string `col:"citation"`
	Licence  string `col:"licence"`
	URL      string `col:"url"`
	Row
}
