package commons

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"bremen/govern"
	"bremen/record"
)

// optional adds a field unless it is empty.
func optional(body map[string]any, name, value string) map[string]any {
	if value != "" {
		body[name] = value
	}
	return body
}

// replacing adds the entry that a statement replaces, if there is one.
func replacing(body map[string]any, entry *int64) map[string]any {
	if entry != nil {
		body["replaces"] = *entry
	}
	return body
}

// rising returns a list sorted and without doubles.
func rising[T cmp.Ordered](list []T) []T {
	list = slices.Clone(list)
	if list == nil {
		list = []T{}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// StateNeed states a need of one's own, in place of an earlier one if replaces is not nil.
func StateNeed(need Need, replaces *int64) Intent {
	return said("need.state", replacing(map[string]any{}, replaces), data("need", need))
}

// WithdrawNeed takes a need back.
func WithdrawNeed(entry int64) Intent { return said("need.withdraw", map[string]any{"need": entry}) }

// OfferWork offers work, in place of an earlier offer if replaces is not nil.
func OfferWork(offer Offer, replaces *int64) Intent {
	return said("offer.state", replacing(map[string]any{}, replaces), data("offer", offer))
}

// WithdrawOffer takes an offer back.
func WithdrawOffer(entry int64) Intent { return said("offer.withdraw", map[string]any{"offer": entry}) }

// rows states rows of tables: in public, or as the private part of a person.
func rows(typ string, agent govern.Scope, body map[string]any, rows Rows, note string) Intent {
	body["agent"] = agent
	if agent.Kind() == govern.InPerson {
		return said(typ, body, data("what", rows), text("note", note))
	}
	body["row"] = rows
	return said(typ, body, text("note", note))
}

// StateRecipe states a recipe of an agent: rows of the tables recipes, flows and blends.
func StateRecipe(agent govern.Scope, r Rows, replaces *int64, note string) Intent {
	return rows("recipe.state", agent, replacing(map[string]any{}, replaces), r, note)
}

// WithdrawRecipe takes a recipe back.
func WithdrawRecipe(agent govern.Scope, entry int64) Intent {
	return said("recipe.withdraw", map[string]any{"agent": agent, "recipe": entry})
}

// StateStock states what an agent has at the start, and what is wanted at the end: rows of the table stocks.
func StateStock(agent govern.Scope, r Rows, replaces *int64, note string) Intent {
	return rows("stock.state", agent, replacing(map[string]any{}, replaces), r, note)
}

// WithdrawStock takes that back.
func WithdrawStock(agent govern.Scope, entry int64) Intent {
	return said("stock.withdraw", map[string]any{"agent": agent, "stock": entry})
}

// Describe states rows of one table of the catalogue.
func Describe(agent govern.Scope, table string, list []map[string]string, replaces *int64, note string) Intent {
	return rows("catalogue.state", agent, replacing(map[string]any{"table": table}, replaces), Rows{table: list}, note)
}

// Undescribe takes that back.
func Undescribe(agent govern.Scope, entry int64) Intent {
	return said("catalogue.withdraw", map[string]any{"agent": agent, "row": entry})
}

// StateFigure proposes to a group what holds for each member who says nothing. window has the columns periods, basis and
// profile as in table needs, or is nil.
func StateFigure(f Figure, replaces *int64, reason string) Intent {
	body := replacing(map[string]any{
		"group": f.Group, "product": f.Product, "quantity": f.Quantity, "unit": f.Unit, "urgency": f.Urgency,
	}, replaces)
	if f.Window != nil {
		body["window"] = json.RawMessage(f.Window)
	}
	return said("figure.state", body, text("reason", reason))
}

// DeclineFigure says that a figure per head does not hold for oneself.
func DeclineFigure(figure int64) Intent {
	return said("figure.decline", nil, data("figure", Declined{figure}))
}

// AcceptFigure says that a figure per head holds for oneself after all; decline is the entry by which one declined it.
func AcceptFigure(decline int64) Intent {
	return said("decline.withdraw", map[string]any{"decline": decline})
}

// flow states a flow: in public, or as the private part of a person, whose body names only agent and receiver.
func flow(typ string, f Flow, body map[string]any, note string) Intent {
	if f.Agent.Kind() == govern.InPerson {
		body["agent"] = f.Agent
		if f.Receiver != "" && f.Receiver.Kind() != govern.InPerson {
			body["receiver"] = f.Receiver
		}
		delete(body, "due")
		return said(typ, body, data("what", f), text("note", note))
	}
	out, err := json.Marshal(f)
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(out))
		d.UseNumber()
		err = d.Decode(&body)
	}
	if err != nil { // a Flow holds nothing that JSON cannot
		panic("commons: flow: " + err.Error())
	}
	return said(typ, body, text("note", note))
}

// Commit promises a flow, until due if that is not zero. What a person promises stays private; its receiver reads it.
func Commit(f Flow, due time.Time, note string) Intent {
	body := map[string]any{}
	if !due.IsZero() {
		body["due"] = instant(due)
	}
	return flow("commitment.make", f, body, note)
}

// AcceptCommitment accepts a commitment for its receiver.
func AcceptCommitment(entry int64) Intent {
	return said("commitment.accept", map[string]any{"commitment": entry}).Following(entry)
}

// WithdrawCommitment takes a commitment back that one cannot or will not keep.
func WithdrawCommitment(entry int64, reason string) Intent {
	return said("commitment.withdraw", map[string]any{"commitment": entry}, text("reason", reason)).Following(entry)
}

// ReleaseCommitment says for its receiver that it is no longer insisted on. Declining one is the same.
func ReleaseCommitment(entry int64) Intent {
	return said("commitment.release", map[string]any{"commitment": entry}).Following(entry)
}

// Event is what happened.
type Event struct {
	Flow
	At       time.Time // zero: now
	Corrects *int64    // the event that this one corrects; it then counts in its place
	Fulfils  *int64    // the commitment that it fulfils, wholly or in part
	Note     string
}

// Record records an event. What a person did stays private.
func Record(e Event) Intent {
	body := map[string]any{}
	if !e.At.IsZero() && e.Agent.Kind() != govern.InPerson {
		body["at"] = instant(e.At)
	}
	if e.Corrects != nil {
		body["corrects"] = *e.Corrects
	}
	if e.Fulfils != nil {
		body["fulfils"] = *e.Fulfils
	}
	i := flow("event.record", e.Flow, body, e.Note)
	switch {
	case e.Corrects != nil:
		i.Cause = *e.Corrects
	case e.Fulfils != nil:
		i.Cause = *e.Fulfils
	}
	return i
}

// Adoption is a plan to be adopted: its file and that of its public network are in Commons.Files.
type Adoption struct {
	Plan, Network record.Hash
	Program       string // that made it, with its version
	From, Until   time.Time
	Status        string // "optimal" or "stopped", as the plan says
	Reason        string
}

// AdoptPlan makes a plan the common proposal. It commands nobody.
func AdoptPlan(a Adoption) Intent {
	return said("plan.adopt", map[string]any{
		"plan": a.Plan, "network": a.Network, "program": a.Program, "from": instant(a.From), "until": instant(a.Until), "status": a.Status,
	}, text("reason", a.Reason))
}
