package network

// Ladder is the order of goals: each rung is solved, then kept while the next is.
type Ladder []Rung

// RungKind says how a rung compares plans.
type RungKind string

const (
	Leximin RungKind = "leximin" // raise the least progress first
	Least   RungKind = "least"   // as little as possible of an expression
	Most    RungKind = "most"    // as much as possible
	Sum     RungKind = "sum"     // least of a weighted sum of unlike things (effort)
)

// Rung is one goal.
type Rung struct {
	Goal  string   `yaml:"goal"` // short name, unique in the ladder
	Title Text     `yaml:"title"`
	Kind  RungKind `yaml:"kind"`

	// Sets of a leximin rung: each element is raised from where it stands to
	// the height To of its set; compared is the progress on that way.
	Sets []Set `yaml:"sets"`

	// Terms of a least, most or sum rung.
	Terms []Term `yaml:"terms"`

	// Keep is the relative tolerance within which the rung's value is kept
	// while later rungs are solved; 0 means the default (1e-7 leximin, 1e-6 others).
	Keep float64 `yaml:"keep"`
	// Exchange lets later rungs take up to Give of this one (in its own unit: satisfaction
	// for leximin) if they gain at least Gain per unit given.
	Exchange *Exchange `yaml:"exchange"`
	Unit     string    `yaml:"unit"` // for display
}

// Exchange: see Rung.
type Exchange struct {
	Give float64 `yaml:"give"`
	Gain float64 `yaml:"gain"`
}

// Set names elements of a leximin rung and their height.
type Set struct {
	// Of is "needs" (default; elements are satisfactions of needs and wanted
	// stocks of the urgency), "preferences" (share of preferred variants) or
	// "rest" (one minus the share of offered hours that each agent works, weighed by burden).
	Of      string  `yaml:"of"`
	Urgency string  `yaml:"urgency"`
	What    string  `yaml:"what"`  // only needs of this product, kind or property
	Agent   string  `yaml:"agent"` // only of this agent
	To      float64 `yaml:"to"`    // height, 0..1; 0 means 1
}

// Term is one part of a linear expression; empty fields do not restrict it.
type Term struct {
	// Of: hours, burden (hours times burden, gladly done counting 0), money (spent
	// minus earned), spending, earning, impact, shortfall (1 − satisfaction), satisfaction,
	// preferred (share of what is delivered in the variants that somebody likes better),
	// goods (What consumed), runs, output (What made), stock, transport (t), disposal,
	// purchases, sales (units), movement (change from the plan in force).
	Of      string  `yaml:"of"`
	What    string  `yaml:"what"`
	Agent   string  `yaml:"agent"`
	Site    string  `yaml:"site"`
	Urgency string  `yaml:"urgency"`
	Per     string  `yaml:"per"` // "persons": shortfall and satisfaction weighed by head count; "units": by quantity
	Periods Periods `yaml:"periods"`
	Weight  float64 `yaml:"weight"` // 0 means 1
}
