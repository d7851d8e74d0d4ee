package commons

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bremen/govern"
	"bremen/record"
)

// State is a network's public state, folded from its entries by Apply. Entries are named by their number in the life of
// the network, as govern.State does. Treat it as read-only.
type State struct {
	// Govern is who is here, what they may do, and which statements hold.
	Govern *govern.State
	// Rows are what organisations, groups and offices have stated in public and holds, by entry.
	Rows map[int64]*Row
	// Private is what is stated, holds and is not public, by entry: to whom it belongs and where it lies, not what it says.
	Private map[int64]*Private
	// Stocks are openings and events added up.
	Stocks Stocks
	// Promises are the public commitments that hold, by entry; govern has whose they are and whether they are accepted.
	Promises map[int64]*Promise
	// Figures are those per head that groups have decided and that hold, by entry.
	Figures map[int64]*Figure
	// Plans are all that were adopted, in order.
	Plans []Plan
	// Decisions are the acts that ended, in order.
	Decisions []Decision
	// Sites are where groups and organisations said they are.
	Sites map[govern.Scope]string
	// Described are the entries in which people gave name and contact, by person.
	Described map[int64]int64
}

// Row is a public statement: rows of tables as network.Tables has them.
type Row struct {
	Type  string         `json:"type"` // recipe.state, stock.state or catalogue.state
	Agent govern.Scope   `json:"agent"`
	Table string         `json:"table,omitempty"` // of catalogue.state
	Row   jsontext.Value `json:"row"`             // see [Rows]
}

// Private is where something private lies.
type Private struct {
	Type   string       `json:"type"`
	Person int64        `json:"person"`
	Refs   []record.Ref `json:"refs"`
}

// Promise is a public commitment.
type Promise struct {
	Flow
	Due       int64              `json:"due,omitzero"` // milliseconds since 1970
	Fulfilled map[string]Decimal `json:"fulfilled"`    // what events that name it add up to, by unit
}

// Figure is what a group decided for each member who says nothing.
type Figure struct {
	Group    string         `json:"group"`
	Product  string         `json:"product"`
	Quantity Decimal        `json:"quantity"` // per head
	Unit     string         `json:"unit"`
	Urgency  string         `json:"urgency"`
	Window   jsontext.Value `json:"window,omitzero"` // columns periods, basis and profile, as in table needs
}

// Plan is one that was adopted. What it says is in files, which the hashes name; it is never computed again here.
type Plan struct {
	Entry   int64       `json:"entry"`
	By      int64       `json:"by"`
	Plan    record.Hash `json:"plan"`    // SHA-256 of plan.json
	Network record.Hash `json:"network"` // SHA-256 of the file with the public network, see [Network.Freeze]
	Program string      `json:"program"` // that made it
	From    int64       `json:"from"`
	Until   int64       `json:"until"`
	Status  string      `json:"status"`
}

// Decision is how an act ended.
type Decision struct {
	Act     int64        `json:"act"` // the entry that opened it
	Type    string       `json:"type"`
	Scope   govern.Scope `json:"scope"`
	By      int64        `json:"by"`
	Opened  int64        `json:"opened"` // milliseconds
	Closed  int64        `json:"closed"` // entry by which it ended
	Yes     int64        `json:"yes"`
	No      int64        `json:"no"`
	Roll    int64        `json:"roll"`     // how many it concerned
	InForce bool         `json:"in_force"` // whether it took effect
}

// NewState returns the state before the founding.
func NewState() *State {
	return &State{
		Govern: govern.NewState(), Rows: map[int64]*Row{}, Private: map[int64]*Private{}, Stocks: Stocks{},
		Promises: map[int64]*Promise{}, Figures: map[int64]*Figure{}, Plans: []Plan{}, Decisions: []Decision{},
		Sites: map[govern.Scope]string{}, Described: map[int64]int64{},
	}
}

// Size returns how many entries are folded.
func (s *State) Size() int64 { return s.Govern.Size }

// Counts are figures of a network that tell nothing of anybody, for metrics and pages.
type Counts struct {
	govern.Counts
	Stocks    int64 `json:"stocks"` // levels that are not zero
	Plans     int64 `json:"plans"`  // that were adopted
	Decisions int64 `json:"decisions"`
}

// Counts counts what there is at a time.
func (s *State) Counts(now time.Time) Counts {
	return Counts{s.Govern.Counts(now.UnixMilli()), int64(len(s.Stocks)), int64(len(s.Plans)), int64(len(s.Decisions))}
}

// PlanInForce returns the newest plan adopted whose time is not over, nil if there is none.
func (s *State) PlanInForce(now int64) *Plan {
	for _, p := range slices.Backward(s.Plans) {
		if now < p.Until {
			return &p
		}
	}
	return nil
}

// stateSchema is the version of the state's form; snapshots of another are not read.
const stateSchema = 1

// wireState is the state as it is written.
type wireState struct {
	Schema    int                     `json:"schema"`
	Govern    jsontext.Value          `json:"govern"`
	Rows      map[int64]*Row          `json:"rows"`
	Private   map[int64]*Private      `json:"private"`
	Stocks    []Stock                 `json:"stocks"` // sorted by their keys
	Promises  map[int64]*Promise      `json:"promises"`
	Figures   map[int64]*Figure       `json:"figures"`
	Plans     []Plan                  `json:"plans"`
	Decisions []Decision              `json:"decisions"`
	Sites     map[govern.Scope]string `json:"sites"`
	Described map[int64]int64         `json:"described"`
}

// JSON returns the state as canonical JSON (RFC 8785): the same bytes for the same entries.
func (s *State) JSON() []byte {
	w := wireState{
		Schema: stateSchema, Govern: s.Govern.JSON(), Rows: s.Rows, Private: s.Private, Stocks: s.Stocks.list(), Promises: s.Promises,
		Figures: s.Figures, Plans: s.Plans, Decisions: s.Decisions, Sites: s.Sites, Described: s.Described,
	}
	text, err := record.Canonical(w)
	if err != nil { // a State holds nothing that JSON cannot
		panic(fmt.Sprintf("commons: state: %v", err))
	}
	return text
}

// ParseState reads a state that JSON wrote. It is for one's own snapshots: it does not check that any entries lead there.
func ParseState(text []byte) (*State, error) {
	var w wireState
	if err := json.Unmarshal(text, &w, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	if w.Schema != stateSchema {
		return nil, fmt.Errorf("state: of schema %d, expected %d", w.Schema, stateSchema)
	}
	g, err := govern.ParseState(w.Govern)
	if err != nil {
		return nil, err
	}
	s := NewState()
	s.Govern = g
	for _, st := range w.Stocks {
		if _, twice := s.Stocks[st.StockKey]; twice || st.Accounting.Sign() == 0 && st.Onhand.Sign() == 0 {
			return nil, fmt.Errorf("state: stock %v twice or empty", st.StockKey)
		}
		s.Stocks[st.StockKey] = &Level{st.Accounting, st.Onhand}
	}
	if err := noNull(w); err != nil {
		return nil, err
	}
	s.Rows, s.Private, s.Promises, s.Figures = orMap(w.Rows), orMap(w.Private), orMap(w.Promises), orMap(w.Figures)
	s.Sites, s.Described = orMap(w.Sites), orMap(w.Described)
	s.Plans, s.Decisions = append(s.Plans, w.Plans...), append(s.Decisions, w.Decisions...)
	return s, nil
}

func orMap[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}

// noNull checks that nothing is null where the fold puts a value.
func noNull(w wireState) error {
	bad := func(what string, entry int64) error { return fmt.Errorf("state: %s %d is null", what, entry) }
	for entry, r := range w.Rows {
		if r == nil || r.Row.Kind() != '{' {
			return bad("row", entry)
		}
	}
	for entry, p := range w.Private {
		if p == nil {
			return bad("private statement", entry)
		}
	}
	for entry, p := range w.Promises {
		if p == nil {
			return bad("promise", entry)
		}
		if p.Fulfilled == nil {
			p.Fulfilled = map[string]Decimal{}
		}
	}
	for entry, f := range w.Figures {
		if f == nil || f.Window != nil && f.Window.Kind() != '{' {
			return bad("figure", entry)
		}
	}
	return nil
}

// Clone returns a state that shares nothing with s.
func (s *State) Clone() *State {
	c, err := ParseState(s.JSON())
	if err != nil { // what JSON writes ParseState reads
		panic(fmt.Sprintf("commons: clone: %v", err))
	}
	return c
}

// Rows is what a statement's row holds: rows by table, each from column to cell as CSV files have them. recipe.state has the
// tables recipes, flows and blends, stock.state has stocks, catalogue.state the table it names.
type Rows map[string][]map[string]string

// ParseRows reads the row of a statement.
func ParseRows(row []byte) (Rows, error) {
	var r Rows
	if err := json.Unmarshal(row, &r); err != nil {
		return nil, fmt.Errorf("row: expected tables with rows of texts: %w", err)
	}
	return r, nil
}

// sorted returns the keys of a map, rising.
func sorted[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
