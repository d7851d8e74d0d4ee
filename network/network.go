package network

import "time"

// Network is everything its members have stated, row by row and in the order
// stated. Read it with network/tables; Validate tells what is wrong with it,
// Check what is doubtful. Rows refer to each other by ID.
//
// Quantities are float64 and carry decimals of at most 15 significant digits
// without loss; readers refuse decimals that they cannot carry. Units are those
// of the product, impact or property meant, after exact conversion by Normalise.
type Network struct {
	Settings

	Properties  []Property
	Impacts     []Impact
	Skills      []Skill
	Sites       []Site
	Agents      []Agent
	Products    []Product
	Contents    []Content
	Variants    []Variant // members of kinds
	Profiles    []Profile
	Needs       []Need
	Preferences []Preference
	Ratios      []Ratio
	Allowances  []Allowance
	Recipes     []Recipe
	Flows       []Flow
	Blends      []Blend
	Work        []WorkOffer
	Stocks      []Stock
	Storage     []Storage
	Links       []Link
	LinkFlows   []LinkFlow
	Returns     []Return
	Trade       []Trade
	Budgets     []Budget
	Limits      []Limit
	Commitments []Commitment
	Assumptions []Assumption
	Sources     []Source
}

// Settings are the statements about the network as a whole; in files they
// stand in network.yaml (sheet "network" of a workbook).
type Settings struct {
	ID          string `yaml:"network"` // short name, as in plan.json
	Title       Text   `yaml:"title"`
	Description Text   `yaml:"description"`
	Licence     string `yaml:"licence"`

	Calendar Calendar `yaml:"calendar"`
	Currency string   `yaml:"currency"` // code of the money, "EUR"; "" when the network plans without money

	// Urgencies from most to least urgent. Default: vital, important, wish.
	Urgencies []Urgency `yaml:"urgencies"`
	// Counting says whether a unit of a product counts for one product or
	// kind need only ("once", the default) or for all it fits ("all").
	Counting Counting `yaml:"counting"`
	// Allowance says up to what amount a need counts at its stated urgency:
	// "twice-median" (per head, the default), "stated" (only where the table
	// allowances says so) or "none".
	Allowance string `yaml:"allowance"`
	// MoneyPerHour is what one hour of burden 1 weighs in money, for the effort rung.
	// 0 means not decided.
	MoneyPerHour float64 `yaml:"money_per_hour"`

	Ladders map[string]Ladder `yaml:"ladders"` // "default" and others by name
}

// Text is a sentence per language code ("de", "en"); in files also a plain string, which then serves both.
type Text map[string]string

// Calendar divides the time planned into Periods of equal kind.
type Calendar struct {
	Start   time.Time `yaml:"start"`   // first day of period 1
	Unit    Unit      `yaml:"unit"`    // day, week, month, quarter, year
	Periods int       `yaml:"periods"` // how many
}

// Unit of a calendar's period.
type Unit string

const (
	Day     Unit = "day"
	Week    Unit = "week"
	Month   Unit = "month"
	Quarter Unit = "quarter"
	Year    Unit = "year"
)

// Counting: see Settings.
type Counting string

const (
	CountOnce Counting = "once"
	CountAll  Counting = "all"
)

// Urgency is one level; its place in Settings.Urgencies is its rank.
type Urgency struct {
	ID    string `yaml:"id"`
	Title Text   `yaml:"title"`
}

// Span is periods From to To, both included, counted from 1.
type Span struct{ From, To int }

// Periods is a set of periods, "1-3,7"; empty means all.
type Periods []Span

// Position is where a row was stated, for messages. It is no part of the statement.
type Position struct {
	File  string // file, or workbook
	Sheet string // sheet of a workbook; "" in a file
	Line  int    // line of the file, or row of the sheet; 0 unknown
}

// Row is what every statement carries besides its figures.
type Row struct {
	Note     string   `col:"note"`
	Source   string   `col:"source"` // ID in Sources, optionally followed by ":" and where in it; or free text
	Position Position `json:"-"`
}

// Property is something a unit of a product contains: kcal, protein, hardness.
type Property struct {
	ID   string `col:"id"`
	Name string `col:"name"`
	Unit string `col:"unit"`
	Row
}

// Impact is a natural good taken or burdened: CO2e, water, nitrogen, waste.
type Impact struct {
	ID   string `col:"id"`
	Name string `col:"name"`
	Unit string `col:"unit"`
	Row
}

// Skill is a kind of work.
type Skill struct {
	ID   string `col:"id"`
	Name string `col:"name"`
	Row
}

// Site is a place. Coordinates are kilometres (X east, Y north) or degrees.
type Site struct {
	ID   string   `col:"id"`
	Name string   `col:"name"`
	X    *float64 `col:"x_km"`
	Y    *float64 `col:"y_km"`
	Lat  *float64 `col:"lat"`
	Lon  *float64 `col:"lon"`
	// Transit lets goods pass through that are neither made, used nor wanted here.
	Transit bool `col:"transit"`
	Row
}

// AgentType says what an agent is.
type AgentType string

const (
	Person       AgentType = "person"
	Group        AgentType = "group"
	Organisation AgentType = "organisation"
)

// Agent can state, offer and decide.
type Agent struct {
	ID      string    `col:"id"`
	Name    string    `col:"name"`
	Type    AgentType `col:"type"`
	Site    string    `col:"site"`    // default: a site of the agent's own ID
	Persons float64   `col:"persons"` // head count of a group; 1 for a person
	Basket  string    `col:"basket"`  // groups of the same basket take the same amounts per head
	Row
}

// Reach says how a product gets from site to site.
type Reach string

const (
	ByLink   Reach = "link"    // over links (default)
	Anywhere Reach = "network" // pooled: reaches every site without freight (services, grid electricity)
	OnSite   Reach = "site"    // cannot be moved
)

// Product is a kind of thing, service, or machine or land whose capacity is used.
type Product struct {
	ID        string  `col:"id"`
	Name      string  `col:"name"`
	Unit      string  `col:"unit"`
	Weight    float64 `col:"weight"`     // kg per unit, for links
	Reach     Reach   `col:"reach"`      //
	ShelfLife int     `col:"shelf_life"` // periods after the one it was made in; 0 = it keeps
	Loss      float64 `col:"loss"`       // share lost per period in stock, 0..1
	Durable   bool    `col:"durable"`    // used, not used up: its stock is capacity
	Wear      float64 `col:"wear"`       // share of a durable that is lost per period, 0..1
	Keep      bool    `col:"keep"`       // may not be thrown away (default: it may)
	Storable  bool    `col:"storable"`   // default yes; a service is not
	Step      float64 `col:"step"`       // smallest amount handed out, 0 = any
	Category  string  `col:"category"`   // free, for pictures
	Row
}

// Content is how much of a property one unit of a product contains.
type Content struct {
	Product  string  `col:"product"`
	Property string  `col:"property"`
	Quantity float64 `col:"quantity"`
	Unit     string  `col:"unit"` // of Quantity; the property's after Normalise. As stated also per another unit of the product: "kcal/100 g"
	Row
}

// Variant is one member of a kind: a unit of Product counts Rate units of the
// kind, and is preferred the more the higher Preference (0..1, default 1 = as good as any).
type Variant struct {
	Kind       string  `col:"kind"`
	Name       string  `col:"name"`    // the kind's; default: its ID. One row may state it for all
	Product    string  `col:"product"` // a product, or a kind, whose members are then members too (rates multiply)
	Rate       float64 `col:"rate"`    // default 1
	Preference float64 `col:"preference"`
	Unit       string  `col:"unit"` // the kind's; default: its members' where they agree. One row may state it for all
	Row
}

// Preference of one agent among the variants of a kind; overrides Variant's.
type Preference struct {
	Agent      string  `col:"agent"`
	Kind       string  `col:"kind"`
	Product    string  `col:"product"`
	Rate       float64 `col:"rate"` // 0: as the kind says
	Preference float64 `col:"preference"`
	Row
}

// Profile is a figure's course in time: factors by period, 1 where none is stated.
type Profile struct {
	ID      string  `col:"id"`
	Periods Periods `col:"periods"`
	Factor  float64 `col:"factor"`
	Row
}

// Basis says to what a need's quantity refers.
type Basis string

const (
	PerPeriod Basis = "period" // in each period (default)
	PerDay    Basis = "day"    // times the days of each period
	InTotal   Basis = "total"  // over all periods named, one element
)

// Need is what someone says they need. Rows with the same ID are one need
// stated for different periods; they agree in all but Quantity, Maximum, Periods and Profile.
type Need struct {
	ID        string  `col:"id"` // default: agent:what
	Agent     string  `col:"agent"`
	What      string  `col:"what"`       // a product, a kind or a property
	Of        string  `col:"of"`         // for a property: the kind whose members count (default: every product that contains it)
	Quantity  float64 `col:"quantity"`   // what is wanted (a property's minimum)
	Maximum   float64 `col:"maximum"`    // a property's maximum, hard, same basis; 0 = none
	Unit      string  `col:"unit"`       // of Quantity and Maximum; that of What after Normalise
	PerPerson bool    `col:"per_person"` // quantities are per head of the agent
	Basis     Basis   `col:"basis"`
	Periods   Periods `col:"periods"`
	Profile   string  `col:"profile"`
	Urgency   string  `col:"urgency"`
	Row
}

// Ratio bounds, for all that an agent consumes in a period,
// Least ≤ Property / To ≤ Most. It is hard.
type Ratio struct {
	ID       string   `col:"id"`
	Agent    string   `col:"agent"`
	Property string   `col:"property"`
	To       string   `col:"to"` // another property
	Of       string   `col:"of"` // kind whose members count; default all consumed
	Least    *float64 `col:"least"`
	Most     *float64 `col:"most"`
	Periods  Periods  `col:"periods"`
	Row
}

// Allowance is the amount per head and period up to which a need counts at its stated urgency.
type Allowance struct {
	What     string  `col:"what"`
	Urgency  string  `col:"urgency"`
	Quantity float64 `col:"quantity"`
	Unit     string  `col:"unit"` // that of What after Normalise
	Row
}

// Recipe says who makes something, where, and when it may begin. What goes
// in and out stands in Flows, per run.
type Recipe struct {
	ID     string  `col:"id"`
	Name   string  `col:"name"`
	Agent  string  `col:"agent"`
	Site   string  `col:"site"`   // default: the agent's
	Unit   string  `col:"unit"`   // what one run is: ha, batch, kg
	Starts Periods `col:"starts"` // periods in which a run may begin; empty: all
	Least  float64 `col:"least"`  // runs per period
	Most   float64 `col:"most"`   // runs per period; 0 = no bound of its own
	Season string  `col:"season"` // profile on Most; where its factor is 0 nothing starts
	Batch  float64 `col:"batch"`  // runs come in multiples of this; 0 = any
	Money  float64 `col:"money"`  // money spent per run, in the period it starts
	Row
}

// Direction of a flow.
type Direction string

const (
	In      Direction = "in"     // consumed
	Out     Direction = "out"    // produced
	Use     Direction = "use"    // a durable occupied, given back at the end of the period
	Labour  Direction = "work"   // hours of a skill
	Burdens Direction = "impact" // of a natural good
)

// Flow is one line of a recipe: quantity per run, Offset periods after its start.
type Flow struct {
	Recipe    string    `col:"recipe"`
	Direction Direction `col:"direction"`
	What      string    `col:"what"`     // product; kind (in only: any mix of its members); skill; impact
	Quantity  float64   `col:"quantity"` // per run, in each period of Offset
	Unit      string    `col:"unit"`     // that of What after Normalise; hours (h) for a skill
	Offset    Span      `col:"offset"`   // "0", "3-8"; From and To count from 0 here
	Profile   string    `col:"profile"`  // factor by the period in which the run starts
	Row
}

// Blend bounds a property of the mix that a recipe takes for a kind:
// Least ≤ Σ content·amount / Σ amount ≤ Most, per start.
type Blend struct {
	Recipe   string   `col:"recipe"`
	Kind     string   `col:"kind"`
	Property string   `col:"property"`
	Least    *float64 `col:"least"`
	Most     *float64 `col:"most"`
	Row
}

// WorkOffer is hours someone is willing to work. Steps ("two hours more at
// burden 3") are rows of their own.
type WorkOffer struct {
	ID      string  `col:"id"` // default: agent:skill, numbered when there are several
	Agent   string  `col:"agent"`
	Skill   string  `col:"skill"`
	For     string  `col:"for"`    // organisation whose work it is; default: the agent itself if it is an organisation, else any
	Hours   float64 `col:"hours"`  // per period, of the whole agent
	Burden  float64 `col:"burden"` // 0 gladly … 10
	Periods Periods `col:"periods"`
	Profile string  `col:"profile"`
	Row
}

// Stock is what is there at the start and what is wanted at the end of the
// calendar. For a durable Start is its capacity, Profile its availability.
type Stock struct {
	Agent   string  `col:"agent"` // default: nobody in particular
	Site    string  `col:"site"`  // default: the agent's
	Product string  `col:"product"`
	Start   float64 `col:"start"`
	End     float64 `col:"end"`
	Unit    string  `col:"unit"`    // of Start and End; the product's after Normalise
	Urgency string  `col:"urgency"` // of End: a level, or "committed" = must be (default)
	Profile string  `col:"profile"` // durables: factor on what can be used, by period
	Row
}

// Committed in a Stock's urgency makes its End hard.
const Committed = "committed"

// Storage bounds and prices what is kept at a site.
type Storage struct {
	Site     string   `col:"site"`
	What     string   `col:"what"`     // product, kind; empty: all together by weight (t)
	Capacity *float64 `col:"capacity"` // in the product's unit, the kind's (rate 1), or t
	Loss     *float64 `col:"loss"`     // share per period, instead of the product's
	Money    float64  `col:"money"`    // per unit and period, on what is there at its end
	Row
}
