package commons

import (
	"strings"

	"bremen/govern"
)

// Refusal says why something cannot be stated, shown or published that the rules alone would not refuse.
type Refusal struct {
	Code   string `json:"code"` // stable
	Found  string `json:"found,omitempty"`
	Wanted string `json:"wanted,omitempty"`
}

// Error returns the English sentence.
func (r *Refusal) Error() string { return r.In("en") }

// In returns the sentence in a language; any but "de" is English.
func (r *Refusal) In(lang string) string {
	t := sentences[r.Code]
	return strings.NewReplacer("{found}", clip(r.Found), "{wanted}", clip(r.Wanted)).Replace(t.In(lang))
}

// Codes of refusals.
const (
	RefusedSetUp    = "set-up"
	RefusedPart     = "private-part"
	RefusedRow      = "row"
	RefusedFew      = "too-few"
	RefusedFile     = "file"
	RefusedPlan     = "plan"
	RefusedReader   = "reader"
	RefusedNegative = "negative"
	RefusedTables   = "tables"
)

var sentences = map[string]govern.Text{
	RefusedSetUp:    {De: "der Einrichtungscode stimmt nicht; er steht auf der Konsole des Servers", En: "the set-up code is wrong; it is printed on the server's console"},
	RefusedPart:     {De: "nichtöffentlicher Teil {wanted}: {found}", En: "private part {wanted}: {found}"},
	RefusedRow:      {De: "Zeile: {found}; erwartet wird {wanted}", En: "row: {found}; expected {wanted}"},
	RefusedFew:      {De: "{found} Personen; erst ab {wanted} werden Summen veröffentlicht", En: "{found} people; sums are published from {wanted} on"},
	RefusedFile:     {De: "die Datei {found} ist nicht hier; sie wird vor dem Eintrag abgelegt", En: "file {found} is not here; it is put there before the entry"},
	RefusedPlan:     {De: "der Plan passt nicht: {found}; erwartet wird {wanted}", En: "the plan does not fit: {found}; expected {wanted}"},
	RefusedReader:   {De: "Person {found} darf das nicht lesen; das kann {wanted}", En: "person {found} may not read this; who can: {wanted}"},
	RefusedNegative: {De: "{found} ist negativ; Mengen sind mindestens 0", En: "{found} is negative; quantities are at least 0"},
	RefusedTables:   {De: "aus dem Gesagten wird kein Netz: {found}", En: "what was stated makes no network: {found}"},
}
