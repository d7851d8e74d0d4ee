package govern

import "fmt"

// What is stated, promised, done and planned. What it means for the plan is
// commons'; here counts whose it is, so that nobody withdraws another's.
var workHandlers = map[string]handler{
	"need.state":          {mayReplace, stated},
	"need.withdraw":       {mayWithdraw("need", "need.state"), withdraw("need")},
	"figure.decline":      {nil, stated},
	"decline.withdraw":    {mayWithdraw("decline", "figure.decline"), withdraw("decline")},
	"offer.state":         {mayReplace, stated},
	"offer.withdraw":      {mayWithdraw("offer", "offer.state"), withdraw("offer")},
	"recipe.state":        {mayReplace, stated},
	"recipe.withdraw":     {mayWithdraw("recipe", "recipe.state"), withdraw("recipe")},
	"stock.state":         {mayReplace, stated},
	"stock.withdraw":      {mayWithdraw("stock", "stock.state"), withdraw("stock")},
	"catalogue.state":     {mayReplace, stated},
	"catalogue.withdraw":  {mayWithdraw("row", "catalogue.state"), withdraw("row")},
	"commitment.make":     {mayCommit, commit},
	"commitment.accept":   {mayAccept, acceptCommitment},
	"commitment.withdraw": {nil, endCommitment},
	"commitment.release":  {nil, endCommitment},
	"event.record":        {mayRecord, recorded},
	"plan.adopt":          {mayAdoptPlan, nil},
}

// mayReplace checks that a statement replaces only one of the same agent and type.
func mayReplace(s *State, st *step) error {
	if st.typ.About == "agent" && st.scope.Kind() != InPerson && !st.body.Has("row") {
		return st.no(refuseBody, "field \"row\" is missing, expected what is stated", "")
	}
	if st.body.Has("replaces") {
		return s.ofSame(st, "replaces", st.typ.ID)
	}
	return nil
}

func mayWithdraw(field, typ string) func(*State, *step) error {
	return func(s *State, st *step) error { return s.ofSame(st, field, typ) }
}

// ofSame checks that a field names a statement that holds, of a type and of the scope in which the entry acts.
func (s *State) ofSame(st *step, field, typ string) error {
	if !s.Statements.of(st.body.Number(field), typ, st.scope) {
		return st.no(refuseMissing, fmt.Sprintf("entry %d", st.body.Number(field)), fmt.Sprintf("a %q of %q that holds", typ, st.scope))
	}
	return nil
}

func stated(s *State, st *step) {
	scope, err := s.scopeOf(st)
	if err != nil {
		return
	}
	if st.body.Has("replaces") {
		s.letGo(st.body.Number("replaces"))
	}
	s.hold(st.seq, st.typ.ID, scope)
}

func withdraw(field string) func(*State, *step) {
	return func(s *State, st *step) { s.letGo(st.body.Number(field)) }
}

// mayCommit checks that an agent commits for itself: it provides or receives.
func mayCommit(s *State, st *step) error {
	if err := s.mayFlow(st); err != nil {
		return err
	}
	if st.scope.Kind() != InPerson && !st.body.Has("action") {
		return st.no(refuseBody, "field \"action\" is missing, expected what is promised", "")
	}
	return nil
}

// mayFlow checks the parts of a flow that are public.
func (s *State) mayFlow(st *step) error {
	for _, field := range []string{"provider", "receiver"} {
		if st.body.Has(field) {
			if _, err := s.existing(st, Scope(st.body.Text(field))); err != nil {
				return err
			}
		}
	}
	a := ActionByID(st.body.Text("action"))
	if a == nil {
		return nil
	}
	agent := st.body.Text("agent")
	switch {
	case st.body.Text("provider") != agent && st.body.Text("receiver") != agent:
		return st.no(refuseState, fmt.Sprintf("provider %q, receiver %q", st.body.Text("provider"), st.body.Text("receiver")), fmt.Sprintf("%q as one of them", agent))
	case a.Quantity == "resource" && !(st.body.Has("quantity") && st.body.Has("unit") && st.body.Has("product")):
		return st.no(refuseBody, fmt.Sprintf("action %s needs product, quantity and unit", a.ID), "")
	case a.Quantity == "effort" && !(st.body.Has("effort") && st.body.Has("effort-unit")):
		return st.no(refuseBody, fmt.Sprintf("action %s needs effort and effort-unit", a.ID), "")
	}
	return nil
}

func commit(s *State, st *step) {
	c := &Commitment{Maker: Scope(st.body.Text("agent"))}
	for _, field := range []string{"provider", "receiver"} {
		if other := Scope(st.body.Text(field)); other != "" && other != c.Maker {
			c.Receiver = other
		}
	}
	s.Commitments[st.seq] = c
}

func mayAccept(s *State, st *step) error {
	if s.Commitments[st.body.Number("commitment")].Accepted {
		return st.no(refuseState, "it is accepted already", "once")
	}
	return nil
}

func acceptCommitment(s *State, st *step) {
	if c := s.Commitments[st.body.Number("commitment")]; c != nil {
		c.Accepted = true
	}
}

func endCommitment(s *State, st *step) { delete(s.Commitments, st.body.Number("commitment")) }

// mayRecord checks an event. It may lie in the past, never in the future; a
// correction names the event it corrects.
func mayRecord(s *State, st *step) error {
	if st.body.Has("at") && st.body.Number("at") > st.now {
		return st.no(refuseEarly, clock(st.now), clock(st.body.Number("at")))
	}
	if st.body.Has("corrects") {
		if err := s.ofSame(st, "corrects", st.typ.ID); err != nil {
			return err
		}
	}
	if st.body.Has("fulfils") && s.Commitments[st.body.Number("fulfils")] == nil {
		return st.no(refuseMissing, fmt.Sprintf("commitment %d", st.body.Number("fulfils")), "a commitment that holds")
	}
	if st.scope.Kind() != InPerson && !st.body.Has("action") {
		return st.no(refuseBody, "field \"action\" is missing, expected what happened", "")
	}
	return s.mayFlow(st)
}

// recorded keeps whose event it is, so that nobody corrects another's; one
// that was corrected is corrected no more, but its correction may be.
func recorded(s *State, st *step) {
	if st.body.Has("corrects") {
		s.letGo(st.body.Number("corrects"))
	}
	s.hold(st.seq, st.typ.ID, Scope(st.body.Text("agent")))
}

func mayAdoptPlan(s *State, st *step) error {
	if from, until := st.body.Number("from"), st.body.Number("until"); until <= from {
		return st.no(refuseState, "the plan ends before it begins", "until after from")
	}
	return nil
}
