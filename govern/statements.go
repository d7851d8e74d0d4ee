package govern

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Statement tells of which type a statement is and whose.
type Statement struct {
	Type string
	Of   Scope
}

// Statements are those that hold, by their entries: needs, offers, recipes,
// stocks, rows of the catalogue, figures per head, and events not yet corrected.
//
// There may be millions, so JSON has them by type and scope, each a rising list
// of entries: {"need.state": {"person:1": [4, 9]}}.
type Statements map[int64]Statement

// of tells whether an entry is a statement of a type and scope that holds.
func (x Statements) of(entry int64, typ string, scope Scope) bool {
	s, ok := x[entry]
	return ok && s.Type == typ && s.Of == scope
}

// MarshalJSON writes them by type and scope.
func (x Statements) MarshalJSON() ([]byte, error) {
	lists := map[string]map[Scope][]int64{}
	for entry, s := range x {
		if lists[s.Type] == nil {
			lists[s.Type] = map[Scope][]int64{}
		}
		lists[s.Type][s.Of] = append(lists[s.Type][s.Of], entry)
	}
	for _, scopes := range lists {
		for _, list := range scopes {
			slices.Sort(list)
		}
	}
	return json.Marshal(lists)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (x *Statements) UnmarshalJSON(text []byte) error {
	var lists map[string]map[Scope][]int64
	if err := json.Unmarshal(text, &lists); err != nil {
		return err
	}
	if lists == nil {
		return fmt.Errorf("statements are null")
	}
	size := 0
	for _, scopes := range lists {
		for _, list := range scopes {
			size += len(list)
		}
	}
	*x = make(Statements, size)
	for typ, scopes := range lists {
		for scope, list := range scopes {
			if len(list) == 0 {
				return fmt.Errorf("no statements of type %q and %q", typ, scope)
			}
			for _, entry := range list {
				if _, twice := (*x)[entry]; twice {
					return fmt.Errorf("statement %d is there twice", entry)
				}
				(*x)[entry] = Statement{Type: typ, Of: scope}
			}
		}
	}
	return nil
}
