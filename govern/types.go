package govern

import (
	"slices"
	"sync"

	"bremen/record"
)

// Type is one kind of entry: what is public of it, which payloads it may
// carry, how it must be signed, and where it acts. Who may append it is not
// here but in the rules.
type Type struct {
	ID      string
	Title   Text
	Explain Text
	Fields  []Field
	// Payloads are the names of what the entry may refer to and not show; those of Needs it must carry.
	Payloads []string
	Needs    []string
	// Consequence: only a signature that outsiders can check suffices (Device or Card; Server for member 0).
	Consequence bool
	// Assist, Program: may be entered by a helper with consent; by a program with an access token.
	Assist, Program bool
	// Act: it takes effect when enough of those it concerns have assented; see Assent.
	Act bool
	// Stoppable: rules may list it among what a pause stops.
	Stoppable bool
	// About says where it acts: aboutSelf, aboutNetwork, aboutMandate, aboutAct, aboutCommitment, or the name of a field with an agent.
	About string
	// Standings that may have a right to append it. A power is always held by a member.
	Standings []Holder
}

// Where entries act that name no agent in a field.
const (
	aboutSelf       = "@self"
	aboutNetwork    = "@network"
	aboutMandate    = "@mandate"    // the scope of the mandate in field "mandate"
	aboutAct        = "@act"        // the scope of the act in field "act"
	aboutCommitment = "@commitment" // whoever made it, or for accept and release whoever receives
	aboutGroup      = "@group"      // the group named in field "group"
	aboutFirm       = "@organisation"
	aboutCession    = "@cession"
)

// Types lists every type of entry in the order in which the life of a network brings them.
func Types() []Type { return types }

// TypeByID finds a type of entry; nil where there is none.
func TypeByID(id string) *Type {
	if i, ok := typeIndex()[id]; ok {
		return &types[i]
	}
	return nil
}

var typeIndex = sync.OnceValue(func() map[string]int {
	index := make(map[string]int, len(types))
	for i := range types {
		index[types[i].ID] = i
	}
	return index
})

// Kinds returns the kinds of signature that suffice for the statement's member,
// who is in a standing.
func (t *Type) Kinds(h Holder) []record.Kind {
	if h == Operator {
		return []record.Kind{record.Server}
	}
	kinds := []record.Kind{record.Device, record.Card}
	if t.Consequence && !(t.ID == "person.erase" && h == Left) {
		return kinds
	}
	kinds = append(kinds, record.Session)
	if t.Assist {
		kinds = append(kinds, record.Assisted)
	}
	if t.Program {
		kinds = append(kinds, record.Token)
	}
	return kinds
}

func typeNames() []string {
	names := make([]string, len(types))
	for i := range types {
		names[i] = types[i].ID
	}
	return names
}

var types = slices.Concat(foundingTypes, joiningTypes, keyTypes, helpTypes, statementTypes, doingTypes, mandateTypes, ruleTypes, operatorTypes)

var (
	members     = []Holder{Member}
	signedUp    = []Holder{Member, Guest}
	everWas     = []Holder{Member, Guest, Left}
	newcomers   = []Holder{Newcomer}
	theOperator = []Holder{Operator}
)

// Fields that many types share.
var (
	fieldGuest   = Field{Name: "guest", Kind: KindPerson}
	fieldAgent   = Field{Name: "agent", Kind: KindAgent}
	fieldKey     = Field{Name: "key", Kind: KindBytes, Max: 400}
	fieldPublic  = Field{Name: "public", Kind: KindBytes, Max: 600}
	fieldMandate = Field{Name: "mandate", Kind: KindEntry}
	fieldAct     = Field{Name: "act", Kind: KindEntry}
	fieldGroup   = Field{Name: "group", Kind: KindName}
	fieldUntil   = Field{Name: "until", Kind: KindTime}
	fieldCommit  = Field{Name: "commitment", Kind: KindEntry}
)
