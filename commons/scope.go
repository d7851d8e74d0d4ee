package commons

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"bremen/govern"
	"bremen/record"
)

// scopeOfStatement tells where a statement acts, as its type's About says; the network where that cannot be told: then the
// rules refuse it with the reason.
func (s *State) scopeOfStatement(st *record.Statement) govern.Scope {
	g := s.Govern
	t := govern.TypeByID(st.Type)
	var b map[string]jsontext.Value
	if t == nil || json.Unmarshal(st.Body, &b) != nil {
		return govern.InNetwork
	}
	number := func(field string) (n int64) {
		if json.Unmarshal(b[field], &n) != nil {
			return -1
		}
		return n
	}
	word := func(field string) (w string) {
		if json.Unmarshal(b[field], &w) != nil {
			return ""
		}
		return w
	}
	switch t.About {
	case "@self":
		return govern.PersonScope(st.Member)
	case "@network":
		return govern.InNetwork
	case "@mandate":
		if m := g.Mandates[number("mandate")]; m != nil {
			return m.Scope
		}
	case "@act":
		if a := g.Acts[number("act")]; a != nil {
			return a.Scope
		}
	case "@cession":
		if c := g.Cessions[number("cession")]; c != nil {
			return govern.OrganisationScope(c.Organisation)
		}
	case "@commitment":
		c := g.Commitments[number("commitment")]
		switch {
		case c != nil && st.Type == "commitment.withdraw":
			return c.Maker
		case c != nil && c.Receiver != "":
			return c.Receiver
		}
	case "@group":
		return govern.GroupScope(word("group"))
	case "@organisation":
		return govern.OrganisationScope(word("organisation"))
	default:
		if scope := govern.Scope(word(t.About)); scope != "" {
			return scope
		}
	}
	return govern.InNetwork
}

// successor tells from which record one goes on, by its first entry, and how many entries the network had by then.
func successor(e *record.Entry) (origin string, size int64, ok bool) {
	var b struct {
		Origin string `json:"origin"`
		Size   int64  `json:"size"`
	}
	if e.Statement.Type != "log.succeed" || json.Unmarshal(e.Statement.Body, &b) != nil {
		return "", 0, false
	}
	return b.Origin, b.Size, true
}
