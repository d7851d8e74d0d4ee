package govern

import (
	"fmt"
	"slices"
	"strings"
)

// Finding is something to know before rules are changed. What would end
// recall, leaving or the way back is no finding: such rules are not valid.
type Finding struct {
	Code    string `json:"code"`
	Path    string `json:"path"`
	Before  string `json:"before,omitempty"`
	After   string `json:"after,omitempty"`
	Holders string `json:"holders,omitempty"`
}

// Codes of findings.
const (
	findLost    = "right-lost"   // somebody can no longer do what they could
	findUnited  = "powers-unite" // one office would decide, carry out and inform
	findGained  = "power-gained" // an office can append more
	findLonger  = "term-longer"
	findSeats   = "seats-changed"
	findHarder  = "more-assent"
	findEasier  = "less-assent"
	findNumber  = "number-changed"
	findGone    = "office-gone"
	findStopped = "pause-stops-more"
)

var findings = map[string]Text{
	findLost:    {"{path}: {holders} verliert: {before}", "{path}: {holders} can no longer: {before}"},
	findUnited:  {"{path} entscheidet, führt aus und unterrichtet: {after}", "{path} would decide, carry out and inform: {after}"},
	findGained:  {"{path} kann nun auch: {after}", "{path} can now also: {after}"},
	findLonger:  {"{path}: die Amtszeit wird länger, {after} statt {before} Tage", "{path}: the term gets longer, {after} instead of {before} days"},
	findSeats:   {"{path}: {after} statt {before} Plätze", "{path}: {after} instead of {before} seats"},
	findHarder:  {"{path}: nötig wird mehr Zustimmung, {after} statt {before}", "{path}: more assent is needed, {after} instead of {before}"},
	findEasier:  {"{path}: es genügt weniger Zustimmung, {after} statt {before}", "{path}: less assent suffices, {after} instead of {before}"},
	findNumber:  {"{path}: {after} statt {before}", "{path}: {after} instead of {before}"},
	findGone:    {"{path}: das Amt gibt es nicht mehr, seine Mandate enden", "{path}: the office is gone, and its mandates end"},
	findStopped: {"{path}: eine Pause hält nun auch {after} an", "{path}: a pause now stops {after}, too"},
}

// In returns the sentence in a language.
func (f Finding) In(lang string) string {
	return strings.NewReplacer("{path}", f.Path, "{before}", f.Before, "{after}", f.After, "{holders}", f.Holders).Replace(findings[f.Code].In(lang))
}

// Compare warns of what a change of rules would take from people or give to
// offices, sorted by path. Both rules are valid; nil stands for no rules before.
func Compare(before, after *Rules) []Finding {
	var list []Finding
	if before == nil {
		before = &Rules{}
	}
	list = append(list, compareRights(before, after)...)
	list = append(list, compareOffices(before, after)...)
	list = append(list, compareAssents(before, after)...)
	for _, n := range numbers {
		a, there := before.Numbers[n.Key]
		if b := after.Numbers[n.Key]; there && a != b {
			list = append(list, Finding{Code: findNumber, Path: "numbers." + n.Key, Before: fmt.Sprint(a), After: fmt.Sprint(b)})
		}
	}
	for _, entry := range after.Paused {
		if len(before.Rights) > 0 && !slices.Contains(before.Paused, entry) {
			list = append(list, Finding{Code: findStopped, Path: "paused", After: entry})
		}
	}
	slices.SortStableFunc(list, func(a, b Finding) int { return strings.Compare(a.Path+a.Code, b.Path+b.Code) })
	return list
}

// canDo lists what those in a standing can do by right: entry types with the
// kind of scope, and rights that append nothing.
func (r *Rules) canDo(h Holder) []string {
	var list []string
	for i := range r.Rights {
		x := &r.Rights[i]
		if !x.holds(h) {
			continue
		}
		if len(x.Appends) == 0 {
			list = append(list, x.ID)
		}
		for _, entry := range x.Appends {
			for _, kind := range x.Within {
				list = append(list, entry+" ("+kind+")")
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func compareRights(before, after *Rules) []Finding {
	var list []Finding
	for _, name := range holders {
		h := Holder(name)
		can := after.canDo(h)
		var lost []string
		for _, what := range before.canDo(h) {
			if !slices.Contains(can, what) {
				lost = append(lost, what)
			}
		}
		if len(lost) > 0 {
			list = append(list, Finding{Code: findLost, Path: "rights", Before: strings.Join(lost, ", "), Holders: name})
		}
	}
	return list
}

// officeDoes lists what an office may append.
func (r *Rules) officeDoes(o *Office) []string {
	var list []string
	for _, id := range o.Powers {
		if p := r.Power(id); p != nil {
			list = append(list, p.Appends...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func compareOffices(before, after *Rules) []Finding {
	var list []Finding
	for i := range before.Offices {
		if id := before.Offices[i].ID; after.Office(id) == nil {
			list = append(list, Finding{Code: findGone, Path: "offices." + id})
		}
	}
	for i := range after.Offices {
		o := &after.Offices[i]
		path := "offices." + o.ID
		kinds := map[string]bool{}
		for _, id := range o.Powers {
			kinds[after.Power(id).Kind] = true
		}
		if len(kinds) == len(powerKinds) {
			list = append(list, Finding{Code: findUnited, Path: path, After: strings.Join(o.Powers, ", ")})
		}
		old := before.Office(o.ID)
		if old == nil {
			continue
		}
		var gained []string
		did := before.officeDoes(old)
		for _, entry := range after.officeDoes(o) {
			if !slices.Contains(did, entry) {
				gained = append(gained, entry)
			}
		}
		if len(gained) > 0 {
			list = append(list, Finding{Code: findGained, Path: path, After: strings.Join(gained, ", ")})
		}
		if o.TermDays > old.TermDays {
			list = append(list, Finding{Code: findLonger, Path: path, Before: fmt.Sprint(old.TermDays), After: fmt.Sprint(o.TermDays)})
		}
		if o.Seats != old.Seats {
			list = append(list, Finding{Code: findSeats, Path: path, Before: fmt.Sprint(old.Seats), After: fmt.Sprint(o.Seats)})
		}
	}
	return list
}

func compareAssents(before, after *Rules) []Finding {
	var list []Finding
	for _, a := range after.Assents {
		old := before.assent(a.Entry)
		if old == nil {
			continue
		}
		for _, x := range []struct {
			name string
			b, a int64
		}{
			{"least", old.Least, a.Least},
			{"percent", old.Percent, a.Percent},
			{"quiet.days", old.Quiet.Days, a.Quiet.Days},
			{"quiet.least", old.Quiet.Least, a.Quiet.Least},
			{"quiet.percent", old.Quiet.Percent, a.Quiet.Percent},
			{"quiet.majority", old.Quiet.Majority, a.Quiet.Majority},
		} {
			code := findHarder
			if x.a < x.b {
				code = findEasier
			}
			if x.a != x.b {
				list = append(list, Finding{Code: code, Path: "assents." + a.Entry + "." + x.name, Before: fmt.Sprint(x.b), After: fmt.Sprint(x.a)})
			}
		}
	}
	return list
}
