package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// Document is a plan as data: what plan.json holds. It is written with the
// keys in this order, sorted lists, and no clock time but the seconds of each
// program, so that the same network gives the same bytes but for those.
type Document struct {
	Network string `json:"network"`
	Title   Text   `json:"title,omitempty"`
	// NetworkHash is the SHA-256 of the network the plan was made from, in its canonical form.
	NetworkHash string   `json:"network_hash"`
	Version     string   `json:"version"`
	Status      Status   `json:"status"`
	Calendar    Calendar `json:"calendar"`
	Currency    string   `json:"currency,omitempty"`
	LadderName  string   `json:"ladder_name"`
	// Urgencies of the network, most urgent first.
	Urgencies []string `json:"urgencies"`

	Ladder    []RungResult `json:"ladder"`
	Needs     []NeedLine   `json:"needs"`
	Consumed  []Consumed   `json:"consumed"`
	Runs      []RunLine    `json:"runs"`
	Transfers []Transfer   `json:"transfers"`
	Stocks    []StockLine  `json:"stocks"`
	Work      []WorkLine   `json:"work"`
	Purchases []TradeLine  `json:"purchases"`
	Sales     []TradeLine  `json:"sales"`
	Disposals []Disposal   `json:"disposals"`
	Impacts   []ImpactLine `json:"impacts"`
	Money     []MoneyLine  `json:"money"`
	Unmet     []Unmet      `json:"unmet"`
	Prices    []Price      `json:"prices"`
	Idle      []Idle       `json:"idle"`
	CutOff    []CutOff     `json:"cut_off"` // flows after the last period
	Rounding  *Rounding    `json:"rounding,omitempty"`

	Why           *Explanation   `json:"why,omitempty"`
	Contradiction *Contradiction `json:"contradiction,omitempty"` // when infeasible

	Program ProgramSize `json:"program"`
	// Certificates names the file beside plan.json that holds the proofs, by SHA-256.
	Certificates *FileRef `json:"certificates,omitempty"`
}

// Text is a sentence per language code ("de", "en").
type Text map[string]string

// Status of a plan.
type Status string

const (
	Optimal    Status = "optimal"    // every rung solved and certified
	Infeasible Status = "infeasible" // what must hold cannot hold together
	Stopped    Status = "stopped"    // cancelled or out of time; rungs solved so far are kept
)

// Calendar of the plan: period t (from 1) starts on Starts[t-1].
type Calendar struct {
	Unit    string   `json:"unit"`
	Periods int      `json:"periods"`
	Starts  []string `json:"starts"` // YYYY-MM-DD
}

// RungResult is what one goal reached.
type RungResult struct {
	Goal  string  `json:"goal"`
	Title Text    `json:"title,omitempty"`
	Kind  string  `json:"kind"`  // leximin, least, most, sum
	Value float64 `json:"value"` // leximin: its first (lowest) level, as progress on the way to the heights; else the expression's value in the direction stated
	// Levels of a leximin rung, ascending, as progress on the way to the heights (0..1); the last is 1 when all reach theirs.
	Levels   []float64 `json:"levels,omitempty"`
	Unit     string    `json:"unit"`
	Elements int       `json:"elements,omitempty"`
	Programs int       `json:"programs"`
	Seconds  float64   `json:"seconds"`
	Rounds   []Round   `json:"rounds,omitempty"`
	// Certificate holds the worst figures over the rung's rounds.
	Certificate Certificate `json:"certificate"`
	// Exchange: what it takes to lift the rung a little further.
	Exchange []ExchangeRate `json:"exchange,omitempty"`
}

// Round is one program of a rung.
type Round struct {
	Level      float64 `json:"level"`     // as progress; for scalar rungs the value
	Reached    float64 `json:"reached"`   // in the final plan
	Fixed      int     `json:"fixed"`     // elements fixed at this level
	Bound      float64 `json:"bound"`     // proven: no plan that keeps what was fixed before goes beyond it
	Precision  float64 `json:"precision"` // largest gap/weight over the elements fixed
	Seconds    float64 `json:"seconds"`
	Iterations int     `json:"iterations"`
	Guessed    bool    `json:"guessed,omitempty"` // taken from an older plan and proven, not solved again
}

// Certificate: relative residuals and gap as in lp.Check, proven from the stored vectors.
type Certificate struct {
	Primal float64 `json:"primal"`
	Dual   float64 `json:"dual"`
	Gap    float64 `json:"gap"`
}

// ExchangeRate: lifting the rung by one unit takes Rate from Need (negative: gives).
type ExchangeRate struct {
	Rung string  `json:"rung"` // goal it takes from
	What string  `json:"what"`
	Rate float64 `json:"rate"`
	Unit string  `json:"unit"`
}

// NeedLine is one need in one period (period 0: over all its periods).
type NeedLine struct {
	Need         string  `json:"need"`
	Agent        string  `json:"agent"`
	What         string  `json:"what"`
	Urgency      string  `json:"urgency"`
	Period       int     `json:"period"`
	Required     float64 `json:"required"`
	Delivered    float64 `json:"delivered"` // of product and kind needs never more than required
	Satisfaction float64 `json:"satisfaction"`
	Unit         string  `json:"unit"`
	Persons      float64 `json:"persons"`
	Rung         string  `json:"rung,omitempty"`  // goal of the round in which the element was fixed last
	Round        int     `json:"round,omitempty"` // number of that round in the rung, from 1
}

// Consumed is what an agent takes of a product in a period, in the product's unit.
type Consumed struct {
	Agent    string  `json:"agent"`
	Product  string  `json:"product"`
	Period   int     `json:"period"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
}

// RunLine is how often a recipe starts in a period.
type RunLine struct {
	Recipe string  `json:"recipe"`
	Agent  string  `json:"agent"`
	Site   string  `json:"site"`
	Period int     `json:"period"`
	Runs   float64 `json:"runs"`
	Unit   string  `json:"unit"`
	// Mix is what the recipe takes for its kinds, per product; empty without kinds.
	Mix []Quantity `json:"mix,omitempty"`
}

// Quantity of a product.
type Quantity struct {
	Product  string  `json:"product"`
	Quantity float64 `json:"quantity"`
}

// Transfer of a product over a link; Period is that of departure.
type Transfer struct {
	Link     string  `json:"link"`
	From     string  `json:"from"`
	To       string  `json:"to"`
	Agent    string  `json:"agent,omitempty"`
	Product  string  `json:"product"`
	Period   int     `json:"period"`
	Arrival  int     `json:"arrival"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
}

// StockLine is what is kept at a site at the end of a period (period 0: at the start).
type StockLine struct {
	Site     string  `json:"site"`
	Product  string  `json:"product"`
	Period   int     `json:"period"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
}

// WorkLine is hours of one offer worked for one organisation in one period.
type WorkLine struct {
	Offer   string  `json:"offer"`
	Agent   string  `json:"agent"`
	For     string  `json:"for"`
	Skill   string  `json:"skill"`
	Period  int     `json:"period"`
	Hours   float64 `json:"hours"`
	Offered float64 `json:"offered"`
	Burden  float64 `json:"burden"`
}

// TradeLine is a purchase or sale in the period of its order.
type TradeLine struct {
	Trade    string  `json:"trade"`
	Agent    string  `json:"agent,omitempty"`
	Site     string  `json:"site"`
	Product  string  `json:"product"`
	Supplier string  `json:"supplier,omitempty"`
	Article  string  `json:"article,omitempty"`
	Period   int     `json:"period"`
	Arrival  int     `json:"arrival"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
	Money    float64 `json:"money"`
}

// Disposal is what is thrown away or left unused.
type Disposal struct {
	Site     string  `json:"site"`
	Product  string  `json:"product"`
	Period   int     `json:"period"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
}

// ImpactLine is an impact caused in a period, all agents together.
type ImpactLine struct {
	Impact   string  `json:"impact"`
	Period   int     `json:"period"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
}

// MoneyLine is a budget at the end of a period.
type MoneyLine struct {
	Agent   string  `json:"agent,omitempty"`
	Period  int     `json:"period"`
	Spent   float64 `json:"spent"`
	Earned  float64 `json:"earned"`
	Balance float64 `json:"balance"`
}

// Unmet is a need that falls short, summed over its periods.
type Unmet struct {
	Need     string  `json:"need"`
	Agent    string  `json:"agent"`
	What     string  `json:"what"`
	Urgency  string  `json:"urgency"`
	Required float64 `json:"required"`
	Short    float64 `json:"short"`
	Unit     string  `json:"unit"`
	Periods  string  `json:"periods"` // in which it falls short, "3-5,9"
	Worst    float64 `json:"worst"`   // lowest satisfaction
}

// Price is a shadow price: what one more unit would bring to the rung's value,
// within the basis at hand. For leximin rungs it is that of the round. Large
// programs have none for rounds that lean on what earlier ones keep.
type Price struct {
	Rung   string  `json:"rung"`
	Round  int     `json:"round,omitempty"`
	Kind   string  `json:"kind"` // capacity, work, stock, product, limit, budget, link, storage, trade, season
	What   string  `json:"what"`
	Where  string  `json:"where,omitempty"`
	Period int     `json:"period"`
	Price  float64 `json:"price"`
	Unit   string  `json:"unit"` // of What
}

// Idle is capacity, hours or land not used.
type Idle struct {
	Kind    string  `json:"kind"` // capacity, work, link
	What    string  `json:"what"`
	Where   string  `json:"where"`
	Offered float64 `json:"offered"` // over all periods
	Used    float64 `json:"used"`
	Unit    string  `json:"unit"`
}

// CutOff is what a run yields or takes after the last period.
type CutOff struct {
	Recipe   string  `json:"recipe"`
	Kind     string  `json:"kind"` // in, out, use, work, impact
	What     string  `json:"what"`
	Quantity float64 `json:"quantity"`
}

// Rounding is the step from the continuous plan to whole batches and packs.
type Rounding struct {
	Method string             `json:"method"` // already whole, integer program, rounding, none
	Gap    float64            `json:"gap"`    // how far, relative, the whole numbers chosen may be from the best
	Loss   map[string]float64 `json:"loss"`   // per urgency: mean satisfaction lost against the continuous plan
}

// ProgramSize of the linear program behind the plan.
type ProgramSize struct {
	Rows     int     `json:"rows"`
	Columns  int     `json:"columns"`
	Nonzeros int     `json:"nonzeros"`
	Solves   int     `json:"solves"`
	Seconds  float64 `json:"seconds"`
}

// FileRef names a file by hash.
type FileRef struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Sum returns the SHA-256 that a document names; an error where it names no file, or not by a SHA-256 in hexadecimal.
func (f *FileRef) Sum() (sum [sha256.Size]byte, err error) {
	if f == nil {
		return sum, errors.New("the plan names no proofs")
	}
	text, err := hex.DecodeString(f.SHA256)
	if err != nil || len(text) != len(sum) {
		return sum, fmt.Errorf("proofs %.80q: expected a SHA-256 in hexadecimal", f.SHA256)
	}
	return [sha256.Size]byte(text), nil
}

// Explanation is what the plan says about itself: all of DESIGN 4.4 that is
// computed with the plan. Sentences are in every language of the catalogue.
type Explanation struct {
	Shortfalls   []Shortfall   `json:"shortfalls"`
	Questions    []Question    `json:"questions"`
	Collisions   []Collision   `json:"collisions,omitempty"`
	Alternatives []Alternative `json:"alternatives,omitempty"`
	Fallen       []Unmet       `json:"fallen_through,omitempty"` // needs that get nothing at all
}

// Shortfall says why needs fall short together: one round of one rung.
type Shortfall struct {
	Rung     string   `json:"rung"`
	Round    int      `json:"round"`
	Level    float64  `json:"level"` // satisfaction
	Needs    []string `json:"needs"` // IDs
	Whats    []string `json:"whats"`
	Periods  string   `json:"periods"`
	Causes   []Cause  `json:"causes"` // what binds, strongest first
	Sentence Text     `json:"sentence"`
}

// Cause is one bound that holds needs down, and what moving it would bring.
type Cause struct {
	Kind      string     `json:"kind"` // as in Price
	What      string     `json:"what"`
	Where     string     `json:"where,omitempty"`
	Periods   string     `json:"periods"`
	Via       []string   `json:"via,omitempty"` // products between the bound and what is needed, from the need upstream
	Unit      string     `json:"unit"`
	Price     float64    `json:"price"` // satisfaction per unit, from the dual
	More      float64    `json:"more"`  // by how much the bound was moved
	From      float64    `json:"from"`  // worst satisfaction before
	To        float64    `json:"to"`    // and after, confirmed by solving again
	Range     [2]float64 `json:"range"` // of More, within which the price holds
	Confirmed bool       `json:"confirmed"`
	Gains     []Gain     `json:"gains,omitempty"` // to whom
	Sentence  Text       `json:"sentence"`
}

// Gain is what a change brings to the needs of one kind.
type Gain struct {
	What  string  `json:"what"`
	Agent string  `json:"agent,omitempty"`
	From  float64 `json:"from"` // mean satisfaction
	To    float64 `json:"to"`
}

// Question is an offer, stock, link or limit that would help most, as a question to whoever could give it.
type Question struct {
	Cause
	To_      string `json:"asked,omitempty"` // agent asked; empty: anybody
	Question Text   `json:"question"`
}

// Collision is a smallest set of wishes and bounds that cannot all hold.
type Collision struct {
	Wanted   []string     `json:"wanted"` // needs at full satisfaction
	Bounds   []string     `json:"bounds"`
	Curve    [][2]float64 `json:"curve,omitempty"` // trade-off of the first two wanted, satisfactions
	Sentence Text         `json:"sentence"`
}

// Alternative is a clearly different plan that is nearly as good.
type Alternative struct {
	Name       string    `json:"name"`
	Difference float64   `json:"difference"` // share of the output that changes place, 0..1
	Runs       []RunLine `json:"runs"`
	Gains      []Gain    `json:"gains"`
	Losses     []Gain    `json:"losses"`
	Sentence   Text      `json:"sentence"`
}

// Contradiction is why no plan exists: an irreducible set of bounds that cannot all hold, and the cheapest repair.
type Contradiction struct {
	Members  []Member `json:"members"`
	Repair   []Member `json:"repair"`
	Sentence Text     `json:"sentence"`
}

// Member is one bound of a contradiction; in a repair Change is how far it must give.
type Member struct {
	Kind     string  `json:"kind"`
	What     string  `json:"what"`
	Where    string  `json:"where,omitempty"`
	Period   int     `json:"period"`
	Bound    float64 `json:"bound"`
	Change   float64 `json:"change,omitempty"`
	Unit     string  `json:"unit"`
	Sentence Text    `json:"sentence"`
}
