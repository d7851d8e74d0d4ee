package series

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"bremen/internal/mistake"
	"bremen/network"
)

// Code names one kind of mistake.
type Code string

// Codes of mistakes.
const (
	CodeYAML    Code = "yaml"
	CodeTable   Code = "table"
	CodeHead    Code = "head"
	CodeLong    Code = "long"
	CodeNothing Code = "nothing"
	CodeMany    Code = "many"
	CodeKinds   Code = "kinds"
	CodeKey     Code = "key"
	CodeMapping Code = "mapping"
	CodeTwice   Code = "twice"
	CodeText    Code = "text"
	CodeName    Code = "name"
	CodeChange  Code = "change"
	CodeRange   Code = "range"
	CodeRanges  Code = "ranges"
	CodeCutOff  Code = "cutoff"
	CodePlayer  Code = "player"
	CodePlayers Code = "players"
)

// Mistake is something wrong in a file of a series.
type Mistake struct {
	Code         Code
	Line, Column int // from 1; 0 where it has no place
	Found        string
	Expected     string
	Nearest      string
	Err          error // of a change: what package network says of it
}

// Error returns the English sentence.
func (m *Mistake) Error() string { return m.In("en") }

// In returns the sentence in a language ("de", "en"; any other is English), after its place.
func (m *Mistake) In(lang string) string {
	place := ""
	if m.Line > 0 {
		place = strconv.Itoa(m.Line) + ":" + strconv.Itoa(m.Column) + ": "
	}
	if m.Err != nil {
		if s, ok := m.Err.(interface{ In(string) string }); ok {
			return place + s.In(lang)
		}
		return place + m.Err.Error()
	}
	s := sentences[m.Code].In(lang)
	if m.Nearest != "" {
		s = nearest.In(lang)
	}
	return place + strings.NewReplacer("{found}", mistake.Short(m.Found), "{expected}", mistake.Short(m.Expected), "{nearest}", mistake.Short(m.Nearest)).Replace(s)
}

// Mistakes are all that was found in a file.
type Mistakes []Mistake

// Error lists the English sentences, one a line.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i := range ms {
		lines[i] = ms[i].Error()
	}
	return strings.Join(lines, "\n")
}

func unknown(code Code, found string, known []string) *Mistake {
	return &Mistake{Code: code, Found: found, Expected: strings.Join(known, ", "), Nearest: mistake.Nearest(found, known)}
}

func tooMany(n int) *Mistake {
	return &Mistake{Code: CodeMany, Found: strconv.Itoa(n), Expected: strconv.Itoa(MaxVariants)}
}

var nearest = network.DeEn{De: `„{found}“ gibt es hier nicht; meintest du „{nearest}“?`, En: `there is no "{found}" here; did you mean "{nearest}"?`}

var sentences = map[Code]network.DeEn{
	CodeYAML:    {De: `kein YAML: {found}`, En: `no YAML: {found}`},
	CodeTable:   {De: `keine Tabelle: {found}`, En: `no table: {found}`},
	CodeHead:    {De: `der Tabelle fehlt die Spalte „name“`, En: `the table has no column "name"`},
	CodeLong:    {De: `zu lang`, En: `too long`},
	CodeNothing: {De: `hier variiert nichts; nötig ist eines von variants, ranges, cutoffs, coalitions`, En: `nothing varies here; one of variants, ranges, cutoffs, coalitions is needed`},
	CodeMany:    {De: `{found} Varianten, höchstens {expected}`, En: `{found} variants, at most {expected}`},
	CodeKinds:   {De: `„{found}“ steht neben „{expected}“; eine Reihe variiert nur auf eine Weise`, En: `"{found}" stands beside "{expected}"; a series varies in one way only`},
	CodeKey:     {De: `unbekannt: „{found}“; möglich: {expected}`, En: `unknown: "{found}"; possible: {expected}`},
	CodeMapping: {De: `erwartet werden benannte Angaben: {expected}`, En: `named values are expected: {expected}`},
	CodeTwice:   {De: `„{found}“ steht zweimal da`, En: `"{found}" is there twice`},
	CodeText:    {De: `erwartet wird ein einfacher Wert`, En: `a plain value is expected`},
	CodeName:    {De: `der Variante fehlt ein Name`, En: `the variant has no name`},
	CodeChange:  {De: `das ist keine Änderung`, En: `this is no change`},
	CodeRange: {
		De: `„{found}“ ist kein Bereich; schreibe TABELLE[SPALTE=WERT].SPALTE=0..40 step 5 oder …=10|20|40`,
		En: `"{found}" is no range; write TABLE[COLUMN=VALUE].COLUMN=0..40 step 5 or …=10|20|40`,
	},
	CodeRanges:  {De: `ein Bereich, oder zwei für ein Raster`, En: `one range, or two for a grid`},
	CodeCutOff:  {De: `„{found}“ kann nicht der Reihe nach ausfallen; möglich: {expected}`, En: `"{found}" cannot be cut off one by one; possible: {expected}`},
	CodePlayer:  {De: `kein Mitglied heißt „{found}“`, En: `no agent is called "{found}"`},
	CodePlayers: {De: `schreibe all, oder mindestens zwei Mitglieder`, En: `write all, or at least two agents`},
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
