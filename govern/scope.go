package govern

import (
	"fmt"
	"strconv"
	"strings"

	"bremen/internal/mistake"
)

// Scope is where an entry acts and a mandate holds: "network", "group:nord",
// "organisation:bakery" or "person:12". It is how agents are named, too.
type Scope string

// Kinds of scopes.
const (
	InNetwork      = "network"
	InGroup        = "group"
	InOrganisation = "organisation"
	InPerson       = "person"
)

var scopeKinds = []string{InNetwork, InGroup, InOrganisation, InPerson}

// Kind returns the part before the colon.
func (s Scope) Kind() string {
	kind, _, _ := strings.Cut(string(s), ":")
	return kind
}

// Name returns the part after the colon, "" for the network.
func (s Scope) Name() string {
	_, name, _ := strings.Cut(string(s), ":")
	return name
}

// Person returns the number of a person's scope, 0 for others.
func (s Scope) Person() int64 {
	if s.Kind() != InPerson {
		return 0
	}
	n, err := strconv.ParseInt(s.Name(), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// PersonScope returns the scope of one person.
func PersonScope(n int64) Scope { return Scope(InPerson + ":" + strconv.FormatInt(n, 10)) }

// GroupScope returns the scope of a group.
func GroupScope(name string) Scope { return Scope(InGroup + ":" + name) }

// OrganisationScope returns the scope of an organisation.
func OrganisationScope(name string) Scope { return Scope(InOrganisation + ":" + name) }

func checkScope(s string) error {
	kind, name, colon := strings.Cut(s, ":")
	switch {
	case kind == InNetwork && !colon:
		return nil
	case kind == InPerson && colon:
		if n := Scope(s).Person(); n > 0 && PersonScope(n) == Scope(s) {
			return nil
		}
	case (kind == InGroup || kind == InOrganisation) && colon && checkName(name) == nil:
		return nil
	}
	return fmt.Errorf("found %s, expected \"network\", \"person:12\", \"group:nord\" or \"organisation:bakery\"", mistake.Quote(s))
}
