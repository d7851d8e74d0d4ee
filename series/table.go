package series

import (
	"fmt"
	"strings"

	"bremen/network"
)

// Table is a series with its outcomes side by side: what series.json holds. It does not depend on who computed what, or when.
type Table struct {
	Network     string            `json:"network"`
	Title       map[string]string `json:"title,omitempty"` // of the series
	NetworkHash string            `json:"network_hash"`
	Planner     string            `json:"planner"`
	Kind        Kind              `json:"kind"`
	Ladder      string            `json:"ladder,omitempty"`
	Axes        []Axis            `json:"axes,omitempty"`
	Players     []string          `json:"players,omitempty"`
	Rows        []Row             `json:"rows"` // the first is the network as it is
}

// Row is one variant with its outcome.
type Row struct {
	Name    string   `json:"name"`              // "" is the network as it is
	At      []string `json:"at,omitempty"`      // value on each axis
	Players []string `json:"players,omitempty"` // of a coalition
	Changes []string `json:"changes"`           // a cut begins with −
	*Outcome
}

// NewTable puts outcomes, by the hash of their order, beside the variants of a series.
func NewTable(n *network.Network, s *Series, outcomes map[string]*Outcome) (*Table, error) {
	t := &Table{
		Network: n.ID, Title: s.Title, NetworkHash: network.Hash(n), Planner: Planner, Kind: s.Kind, Ladder: s.Ladder,
		Axes: s.Axes, Players: s.Players,
	}
	for i := range s.Variants {
		v := &s.Variants[i]
		o := outcomes[s.Order(v).Hash()]
		if o == nil {
			return nil, fmt.Errorf("variant %q has no outcome", v.Name)
		}
		t.Rows = append(t.Rows, Row{Name: v.Name, At: v.At, Players: v.Players, Changes: texts(v.Changes), Outcome: o})
	}
	return t, nil
}

// texts writes changes as people read them.
func texts(changes []network.Change) []string {
	list := make([]string, len(changes))
	for i, c := range changes {
		list[i] = c.String()
		if c.IsCut() {
			list[i] = "−" + strings.TrimSpace(c.String())
		}
	}
	return list
}

// Orders of a series, each once, in the order of its variants.
func (s *Series) Orders() []Order {
	var list []Order
	seen := map[string]bool{}
	for i := range s.Variants {
		o := s.Order(&s.Variants[i])
		if h := o.Hash(); !seen[h] {
			seen[h] = true
			list = append(list, o)
		}
	}
	return list
}
