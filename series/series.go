// Package series plans one network many times: each variant of it, a set of changes, is a program of its own that needs
// nothing of the others. So any number of solvers and machines share the work, and who computed what makes no difference:
// an [Outcome] is a function of the network and the [Order] alone, to the byte.
//
// A [Spec] is a series as somebody wrote it ([Parse]): variants one by one, a range of figures or a grid of two, or one of
// two kinds that follow from the network. Cut-offs take away one thing at a time, as operators of power grids do (N-1
// contingencies). Coalitions let every subset of the organisations plan alone: the characteristic function of their
// cooperative game, of satisfactions that are not added up (a game without transferable utility). [Spec.Of] makes the
// [Series] of a network, [Compute] plans one variant of it, [NewTable] puts the outcomes side by side, [Run] has those
// computed that are missing.
//
// Alternatives (plans clearly different from one plan) are no series: each is sought away from those before it.
//
// The package does no input or output and knows no clock.
package series

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"bremen/network"
	"bremen/plan"
)

// Planner names what computes outcomes; another one may come to other figures.
const Planner = "bremen " + plan.Version + " series 1"

// Kind of a series.
type Kind string

// Kinds of series.
const (
	Variants   Kind = "variants"   // one by one
	Range      Kind = "range"      // one figure, step by step
	Grid       Kind = "grid"       // two figures, every pair
	CutOffs    Kind = "cutoffs"    // one thing less each
	Coalitions Kind = "coalitions" // some organisations without the others
)

// Bounds on a series.
const (
	MaxText     = 1 << 20 // bytes of a file
	MaxVariants = 10_000
	MaxChanges  = 1000 // of a variant
	// AllCoalitions is up to how many players all their coalitions are planned; beyond it each alone, and all without each.
	AllCoalitions = 8
)

// Series is one network's variants. The first is the network as it is.
type Series struct {
	Kind     Kind
	Title    map[string]string // per language; may be nil
	Ladder   string            // of goals; "" is the network's default
	Axes     []Axis            // one of a range, two of a grid
	Players  []string          // of coalitions
	Variants []Variant
}

// Axis is a figure that a series sets to one value after the other.
type Axis struct {
	Name   string   `json:"name"` // what people call it; else the change as written
	Values []string `json:"values"`
}

// Variant is the network with some changes.
type Variant struct {
	Name    string   // "" is the network as it is
	At      []string // value on each axis
	Players []string // of a coalition: who plans
	Changes []network.Change
}

// Order is all of a variant that its outcome depends on.
type Order struct {
	Planner string   `json:"planner"`
	Ladder  string   `json:"ladder,omitempty"`
	Changes []Stated `json:"changes"`
}

// Stated is a change as text.
type Stated struct {
	Cut  bool   `json:"cut,omitempty"`
	Text string `json:"text"`
}

// Order of a variant.
func (s *Series) Order(v *Variant) Order {
	o := Order{Planner: Planner, Ladder: s.Ladder, Changes: make([]Stated, len(v.Changes))}
	for i, c := range v.Changes {
		o.Changes[i] = Stated{c.IsCut(), c.String()}
	}
	return o
}

// Encode writes an order as JSON, the same bytes for the same order.
func (o Order) Encode() []byte {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err) // texts and flags
	}
	return b
}

// Hash is the SHA-256 of what Encode writes, in hexadecimal.
func (o Order) Hash() string {
	sum := sha256.Sum256(o.Encode())
	return hex.EncodeToString(sum[:])
}

// DecodeOrder reads what Encode wrote; anything else is an error, and so is an order to another planner.
func DecodeOrder(text []byte) (Order, error) {
	var o Order
	if len(text) > MaxText {
		return o, fmt.Errorf("order of %d bytes, at most %d", len(text), MaxText)
	}
	if err := json.Unmarshal(text, &o); err != nil {
		return o, fmt.Errorf("order: %w", err)
	}
	if o.Changes == nil || string(o.Encode()) != string(text) {
		return o, errors.New("order: not as this program writes it")
	}
	if len(o.Changes) > MaxChanges {
		return o, fmt.Errorf("order: %d changes, at most %d", len(o.Changes), MaxChanges)
	}
	return o, nil
}

// changes reads the changes of an order.
func (o Order) changes() ([]network.Change, error) {
	var list []network.Change
	for _, s := range o.Changes {
		c, err := parse(s)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

func parse(s Stated) (network.Change, error) {
	if s.Cut {
		return network.ParseCut(s.Text)
	}
	return network.ParseSet(s.Text)
}

// Check makes every variant of the network and returns what is wrong with them, as a *VariantError each, joined; nil if
// nothing is.
func (s *Series) Check(n *network.Network) error {
	if _, err := n.Ladder(s.Ladder); err != nil {
		return err
	}
	var errs []error
	for i := range s.Variants {
		v := &s.Variants[i]
		m, err := n.With(v.Changes...)
		if err == nil {
			if ps := m.Validate(); len(ps) > 0 {
				err = ps
			}
		}
		if err != nil {
			errs = append(errs, &VariantError{v.Name, err})
		}
	}
	return errors.Join(errs...)
}

// VariantError is what is wrong with one variant: *network.ChangeError, joined, or network.Problems.
type VariantError struct {
	Variant string
	Err     error
}

func (e *VariantError) Error() string { return fmt.Sprintf("variant %q: %v", e.Variant, e.Err) }

// Unwrap returns what is wrong.
func (e *VariantError) Unwrap() error { return e.Err }
