package govern

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
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

// hold makes an entry a statement that holds.
func (s *State) hold(entry int64, typ string, of Scope) {
	s.letGo(entry)
	s.Statements[entry] = Statement{Type: typ, Of: s.kept(of)}
	s.holds[typ]++
}

// letGo ends that a statement holds.
func (s *State) letGo(entry int64) {
	if x, ok := s.Statements[entry]; ok {
		delete(s.Statements, entry)
		s.holds[x.Type]--
	}
}

// kept returns a scope to be kept with many statements: all share one text, which is not part of a larger one.
func (s *State) kept(scope Scope) Scope {
	have, ok := s.scopes[scope]
	if !ok {
		have = Scope(strings.Clone(string(scope)))
		s.scopes[have] = have
	}
	return have
}

// Counts are figures of a network that tell nothing of anybody.
type Counts struct {
	Entries       int64 `json:"entries"`
	Members       int64 `json:"members"`
	Guests        int64 `json:"guests"`
	Left          int64 `json:"left"` // people who were here
	Groups        int64 `json:"groups"`
	Organisations int64 `json:"organisations"`
	Mandates      int64 `json:"mandates"` // in force
	Acts          int64 `json:"acts"`     // that wait for assent
	Commitments   int64 `json:"commitments"`
	// Statements that hold, by type.
	Statements map[string]int64 `json:"statements"`
}

// Counts counts at a time what there is. It costs as much as there are people and mandates, not statements.
func (s *State) Counts(now int64) Counts {
	c := Counts{
		Entries: s.Size, Members: s.Members, Groups: int64(len(s.Groups)), Organisations: int64(len(s.Organisations)),
		Acts: int64(len(s.Acts)), Commitments: int64(len(s.Commitments)), Statements: map[string]int64{},
	}
	for _, p := range s.Persons {
		switch p.Standing {
		case Guest:
			c.Guests++
		case Left:
			c.Left++
		}
	}
	for _, m := range s.Mandates {
		if s.InForce(m, now) {
			c.Mandates++
		}
	}
	for typ, n := range s.holds {
		if n > 0 {
			c.Statements[typ] = n
		}
	}
	return c
}
