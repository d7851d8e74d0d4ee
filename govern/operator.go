package govern

import (
	"bytes"
	"fmt"

	"bremen/internal/mistake"
	"bremen/record"
)

// What the operator states, and what keeps a watch on it.
var operatorHandlers = map[string]handler{
	"witness.name":     {mayNameWitness, func(s *State, st *step) { s.Witnesses[st.body.Text("witness")] = st.body.Text("log-key") }},
	"witness.drop":     {mayDropWitness, func(s *State, st *step) { delete(s.Witnesses, st.body.Text("witness")) }},
	record.TypeNextKey: {mayAnnounce, func(s *State, st *step) { s.LogKey = st.body.Text("public") }},
	"log.succeed":      {maySucceed, succeed},
	"loss.declare":     {nil, declareLoss},
	"outage.declare":   {mayDeclareOutage, declareOutage},
}

func mayNameWitness(_ *State, st *step) error {
	if _, err := record.WitnessVerifier(st.body.Text("log-key")); err != nil {
		return st.no(refuseBody, err.Error(), "")
	}
	return nil
}

func mayDropWitness(s *State, st *step) error {
	if _, ok := s.Witnesses[st.body.Text("witness")]; !ok {
		return st.no(refuseMissing, fmt.Sprintf("witness %q", st.body.Text("witness")), "one that was named")
	}
	return nil
}

func mayAnnounce(s *State, st *step) error {
	key := st.body.Text("public")
	if _, err := record.Ed25519(key); err != nil {
		return st.no(refuseBody, err.Error(), "")
	}
	if key == s.LogKey {
		return st.no(refuseKey, key, "another than the present one")
	}
	return nil
}

// mayUseLogKey lets the server sign with the record's present key only.
func (s *State) mayUseLogKey(st *step, sig *record.Signature) error {
	if sig.Key == "" || sig.Key == s.LogKey {
		return nil
	}
	if st.typ.ID == "log.succeed" && sig.Key == st.body.Text("log-key") {
		return nil
	}
	return st.no(refuseKey, sig.Key, s.LogKey)
}

// maySucceed lets a record go on from another: it is the new one's first entry,
// and names exactly what was folded up to here.
func maySucceed(s *State, st *step) error {
	switch {
	case st.body.Text("origin") != s.Origin:
		return st.no(refuseState, mistake.Quote(st.body.Text("origin")), mistake.Quote(s.Origin))
	case st.body.Number("size") != s.Size:
		return st.no(refuseSequence, fmt.Sprint(st.body.Number("size")), fmt.Sprint(s.Size))
	}
	if _, err := record.Ed25519(st.body.Text("log-key")); err != nil {
		return st.no(refuseBody, err.Error(), "")
	}
	return nil
}

func succeed(s *State, st *step) {
	s.Origins = append(s.Origins, Loss{Entry: st.seq, Origin: s.Origin, Size: st.body.Number("size"), Root: bytes.Clone(st.body.Bytes("root"))})
	s.Base = st.seq
	s.Origin, s.LogKey = st.entry.Statement.Origin, st.body.Text("log-key")
	s.Operator = st.body.Text("operator")
}

func declareLoss(s *State, st *step) {
	s.Losses = append(s.Losses, Loss{Entry: st.seq, Size: st.body.Number("size"), Root: bytes.Clone(st.body.Bytes("root"))})
}

// mayDeclareOutage lets an outage reach back to the entry before and no further:
// nothing was appended in it, which everybody can see.
func mayDeclareOutage(s *State, st *step) error {
	if least := st.before + s.number("outage_hours")*msHour; st.now < least {
		return st.no(refuseEarly, clock(st.now), clock(least))
	}
	return nil
}

func declareOutage(s *State, st *step) {
	if st.now > st.before {
		s.Stops = append(s.Stops, Stop{From: st.before, Until: st.now, Entry: st.seq, Least: s.number("move_days") * msDay, Outage: true})
	}
}
