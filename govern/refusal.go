package govern

import (
	"fmt"
	"slices"
	"strings"

	"bremen/internal/mistake"
)

// Refusal says why an entry may not be appended: which right or power was
// missing and who has it, or what does not hold.
type Refusal struct {
	Code   string   `json:"code"`
	Type   string   `json:"type"`             // of the entry
	Member int64    `json:"member"`           // in whose name
	Right  string   `json:"right"`            // that was invoked
	Scope  Scope    `json:"scope,omitempty"`  // where it would have acted
	Found  string   `json:"found,omitempty"`  // what stood there
	Wanted string   `json:"wanted,omitempty"` // what was expected
	Needs  []string `json:"needs,omitempty"`  // rights and powers that would do
	Could  []Who    `json:"could,omitempty"`  // who has one of them
}

// Error returns the English sentence.
func (r *Refusal) Error() string { return r.In("en") }

// In returns the sentence in a language.
func (r *Refusal) In(lang string) string {
	t, ok := refusals[r.Code]
	if !ok {
		t = Text{r.Code, r.Code}
	}
	found, wanted := r.Found, r.Wanted
	if lang == "de" {
		found, wanted = inGerman(found), inGerman(wanted)
	}
	s := strings.NewReplacer("{found}", mistake.Short(found), "{wanted}", mistake.Short(wanted), "{member}", fmt.Sprint(r.Member),
		"{right}", mistake.Quote(r.Right), "{scope}", mistake.Short(string(r.Scope))).Replace(t.In(lang))
	s = mistake.Short(r.Type) + ": " + s
	if len(r.Could) == 0 {
		return s
	}
	var who []string
	for _, w := range r.Could {
		if said := w.In(lang); !slices.Contains(who, said) {
			who = append(who, said)
		}
	}
	return s + Text{"; das kann: ", "; who can: "}.In(lang) + strings.Join(who, ", ")
}

// Codes of refusals. The catalogue has their sentences.
const (
	refuseUnfounded  = "unfounded"
	refuseFounded    = "founded"
	refuseSequence   = "sequence"
	refuseTime       = "time-goes-back"
	refuseType       = "unknown-type"
	refuseBody       = "body"
	refusePayload    = "payload"
	refuseDiscreet   = "private"
	refuseStanding   = "standing"
	refuseNumber     = "number"
	refuseRight      = "right"
	refuseScope      = "scope"
	refuseMandate    = "no-mandate"
	refuseExpired    = "mandate-expired"
	refuseKind       = "signature-kind"
	refuseSigners    = "signers"
	refuseKey        = "key"
	refuseHelper     = "helper"
	refuseToken      = "token"
	refuseTokenScope = "token-scope"
	refusePaused     = "paused"
	refuseMissing    = "not-there"
	refuseState      = "does-not-hold"
	refuseMany       = "too-many"
	refuseEarly      = "too-early"
	refuseLate       = "too-late"
	refuseSelf       = "oneself"
	refuseLaw        = "against-the-laws"
)

var refusals = map[string]Text{
	refuseUnfounded:  {"das Netzwerk ist noch nicht gegründet", "the network is not founded yet"},
	refuseFounded:    {"das Netzwerk ist schon gegründet", "the network is already founded"},
	refuseSequence:   {"der nächste Eintrag hat die Nummer {wanted}, nicht {found}", "the next entry has the number {wanted}, not {found}"},
	refuseTime:       {"die Zeit {found} liegt vor der des vorigen Eintrags, {wanted}", "time {found} is before that of the entry before, {wanted}"},
	refuseType:       {"unbekannte Art von Eintrag; ähnlich ist {wanted}", "unknown type of entry; like it is {wanted}"},
	refuseBody:       {"der Inhalt stimmt nicht: {found}", "{found}"},
	refusePayload:    {"nichtöffentlicher Teil {found}: erwartet wird {wanted}", "private part {found}: expected {wanted}"},
	refuseDiscreet:   {"Öffentlich über eine Person: {found}; das gehört in den nichtöffentlichen Teil {wanted}", "public about a person: {found}; that belongs in the private part {wanted}"},
	refuseStanding:   {"das kann niemand, der {found} ist; erwartet wird {wanted}", "somebody who is {found} cannot do that; expected {wanted}"},
	refuseNumber:     {"Person {found}: erwartet wird {wanted}", "person {found}: expected {wanted}"},
	refuseRight:      {"{right} gibt es nicht oder es erlaubt das nicht", "{right} does not exist or does not allow it"},
	refuseScope:      {"{right} reicht nicht bis {scope}", "{right} does not reach {scope}"},
	refuseMandate:    {"Person {member} hat kein Mandat mit der Befugnis {right} für {scope}", "person {member} has no mandate with the power {right} for {scope}"},
	refuseExpired:    {"das Mandat von Person {member} mit der Befugnis {right} ist zu Ende", "the mandate of person {member} with the power {right} is over"},
	refuseKind:       {"Unterschrift der Art {found}; erwartet wird {wanted}", "signature of kind {found}; expected {wanted}"},
	refuseSigners:    {"unterschrieben von {found}; erwartet wird {wanted}", "signed by {found}; expected {wanted}"},
	refuseKey:        {"Schlüssel {found}: erwartet wird {wanted}", "key {found}: expected {wanted}"},
	refuseHelper:     {"Person {found} hilft ohne Einwilligung", "person {found} helps without consent"},
	refuseToken:      {"Zugangsschlüssel {found} gilt nicht", "access token {found} does not hold"},
	refuseTokenScope: {"der Zugangsschlüssel erlaubt {right} nicht, nur {wanted}", "the access token does not allow {right}, only {wanted}"},
	refusePaused:     {"es ist Pause bis {found}", "there is a pause until {found}"},
	refuseMissing:    {"{found} gibt es nicht; erwartet wird {wanted}", "{found} does not exist; expected {wanted}"},
	refuseState:      {"{found}; erwartet wird {wanted}", "{found}; expected {wanted}"},
	refuseMany:       {"schon {found}; höchstens {wanted}", "already {found}; at most {wanted}"},
	refuseEarly:      {"es ist {found}; möglich ab {wanted}", "it is {found}; possible from {wanted}"},
	refuseLate:       {"es ist {found}; möglich war es bis {wanted}", "it is {found}; it was possible until {wanted}"},
	refuseSelf:       {"das kann niemand für sich selbst", "nobody can do that for themselves"},
	refuseLaw:        {"diese Regeln nähmen Abberufung, Austritt oder den Weg zurück: {found}", "these rules would end recall, leaving or the way back: {found}"},
}

// Who is one way to be allowed something: a right of all in some standings, or
// a power of an office with those who hold it now.
type Who struct {
	Right    string   `json:"right,omitempty"`
	Holders  []Holder `json:"holders,omitempty"` // of a right
	Power    string   `json:"power,omitempty"`
	Office   string   `json:"office,omitempty"`
	Scope    string   `json:"scope,omitempty"`    // kind of the office's scope
	Persons  []int64  `json:"persons,omitempty"`  // who holds the office now
	Title    Text     `json:"title"`              // of the right or the office
	Mandates []int64  `json:"mandates,omitempty"` // of Persons
}

// In returns who it is in a language: a right's title, or an office's with who holds it.
func (w Who) In(lang string) string {
	switch {
	case w.Right != "":
		var list []string
		for _, h := range w.Holders {
			list = append(list, standingWords[h].In(lang))
		}
		return strings.Join(list, Text{" oder ", " or "}.In(lang))
	case len(w.Persons) == 0:
		return w.Title.In(lang) + Text{" (niemand)", " (nobody)"}.In(lang)
	}
	return w.Title.In(lang) + " " + strings.Trim(fmt.Sprint(w.Persons), "[]")
}

var standingWords = map[Holder]Text{
	Member: {"Mitglied", "a member"}, Guest: {"Gast", "a guest"}, Left: {"wer ausgetreten ist", "somebody who left"},
	Newcomer: {"wer eingeladen ist", "somebody invited"}, Operator: {"wer den Server betreibt", "the operator"}, Anyone: {"alle", "anyone"},
}
