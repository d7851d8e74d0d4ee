package govern

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"pgregory.net/rapid"

	"bremen/record"
)

// plots are several statements that lead somewhere, as far as they are let in.
var plots = []func(*history){
	func(h *history) { // a mandate, given by a random part of the members, and used
		who := h.able()
		if len(who) < 3 {
			return
		}
		scope := rapid.SampledFrom([][2]string{{"network", "planning"}, {"network", "records"}, {"group:nord", "host"}, {"organisation:bakery", "delegate"}}).Draw(h.rt, "office")
		give := said{typ: "mandate.give", by: who[0], body: body{"office": scope[1], "scope": scope[0], "holder": who[1], "until": h.in(rapid.SampledFrom([]float64{1, 30, 90, 183}).Draw(h.rt, "until"))}}
		entry := h.state.Size
		h.step(give)
		for _, n := range who[1:] {
			h.step(said{typ: rapid.SampledFrom([]string{"act.assent", "act.assent", "act.refuse"}).Draw(h.rt, "vote"), by: n, body: body{"act": entry}})
		}
		h.step(said{typ: "mandate.accept", by: who[1], body: body{"mandate": entry}})
	},
	(*history).useOffices, (*history).useOffices,
	func(h *history) { // a recall
		who := h.able()
		if len(who) < 3 || len(h.state.Mandates) == 0 {
			return
		}
		entry := h.state.Size
		h.step(said{typ: "recall.call", by: who[0], body: body{"mandate": h.pick("mandate", sortedKeys(h.state.Mandates))}})
		for _, n := range who[1:] {
			h.step(said{typ: "act.assent", by: n, body: body{"act": entry}})
		}
	},
	func(h *history) { // somebody arrives, and joins if two vouch
		who := h.able()
		if len(who) < 3 {
			return
		}
		n := h.state.NextPerson()
		code := fmt.Appendf(nil, "plot-%d-%d", n, h.state.Size)
		sum := sha256.Sum256(code)
		h.step(said{typ: "invitation.issue", by: who[0], body: body{"invitation": hash64(sum[:])}})
		h.step(h.arrival(n, code, rapid.SampledFrom([]string{"h1", "h7", "h8"}).Draw(h.rt, "household")))
		for _, v := range who {
			h.step(said{typ: "vouch.give", by: v, body: body{"guest": n}})
		}
		h.pass(14)
		h.step(said{typ: "member.join", by: n})
	},
	func(h *history) { // new rules that most want
		who := h.able()
		if len(who) < 3 {
			return
		}
		h.step(said{typ: "rules.change", by: who[0], with: who[1:], body: body{"rules": json.RawMessage(h.rules().JSON()), "base": h.state.RulesEntry}})
	},
	func(h *history) { // a pause
		who := h.able()
		if len(who) < 3 {
			return
		}
		h.step(said{typ: "pause.begin", by: who[0], with: who[1:3], body: body{"until": h.in(rapid.SampledFrom([]float64{0.1, 1, 3, 4}).Draw(h.rt, "pause")), "why": "x"}})
	},
	func(h *history) { // help, consented to or not
		who := h.able()
		if len(who) < 3 {
			return
		}
		if rapid.Bool().Draw(h.rt, "consent") {
			h.step(said{typ: "assistance.consent", by: who[0], body: body{"helper": who[1], "until": h.in(1)}})
		}
		h.pass(rapid.SampledFrom([]float64{0, 0.5, 1, 2}).Draw(h.rt, "later"))
		h.step(said{typ: "need.state", by: who[0], kind: record.Assisted, helper: rapid.SampledFrom(who[1:]).Draw(h.rt, "helper")})
	},
	func(h *history) { // an organisation, and power ceded
		who := h.able()
		if len(who) < 1 {
			return
		}
		h.step(said{typ: "organisation.found", by: who[0], body: body{"organisation": "bakery"}})
		h.step(said{typ: "cession.give", by: who[0], body: body{"organisation": "bakery", "power": "describe", "office": "planning", "until": h.in(30)}})
	},
}

// useOffices has everybody who has or had an office use each of its powers.
func (h *history) useOffices() {
	zero := hash64(make([]byte, 32))
	for _, entry := range h.state.mandateEntries() {
		m := h.state.Mandates[entry]
		for _, x := range []said{
			{typ: "plan.adopt", right: "adopt", body: body{"plan": zero, "network": zero, "program": "bremen", "from": h.in(0), "until": h.in(9), "status": "optimal"}},
			{typ: "witness.name", right: "witnesses", body: body{"witness": "w", "log-key": logKey(h.server, "w")}},
			{typ: "catalogue.state", right: "describe", body: body{"table": "limits", "agent": "organisation:bakery", "row": body{}}},
			{typ: "recipe.state", right: "speak", body: body{"agent": "organisation:bakery", "row": body{}}},
			{typ: "stock.state", right: "receive", body: body{"agent": "group:nord", "row": body{}}},
		} {
			x.by = m.Holder
			if h.known(m.Holder) {
				h.step(x)
			}
		}
	}
}
