package network

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// MaxCalendar is how many periods the longest calendar that can be planned has.
const MaxCalendar = 100_000

func (v *validator) settings() {
	c := &v.n.Calendar
	units := []string{string(Day), string(Week), string(Month), string(Quarter), string(Year)}
	if checkChoice(string(c.Unit), units) != nil {
		v.setting("calendar.unit", Mistake{Code: CodeCalendarUnit, Found: string(c.Unit), Expected: strings.Join(units, ", ")})
	}
	if c.Periods < 1 || c.Periods > MaxCalendar {
		v.setting("calendar.periods", Mistake{Code: CodeCalendarMany, Found: fmt.Sprint(c.Periods), Expected: fmt.Sprint(MaxCalendar)})
	}
	if c.Start.Day() > 28 && c.Unit != Day && c.Unit != Week {
		v.setting("calendar.start", Mistake{Code: CodeCalendarDay, Found: c.Start.Format(time.DateOnly)})
	}
	if m := checkChoice(string(v.n.Counting), []string{string(CountOnce), string(CountAll)}); m != nil {
		v.setting("counting", *m)
	}
	if m := checkChoice(v.n.Allowance, []string{AllowTwiceMedian, AllowStated, AllowNone}); m != nil {
		v.setting("allowance", *m)
	}
	if x := v.n.MoneyPerHour; !(x >= 0) || math.IsInf(x, 0) {
		v.setting("money_per_hour", Mistake{Code: CodeNegative, Found: formatFloat(x)})
	}
	v.urgencies()
}

func (v *validator) urgencies() {
	seen := map[string]bool{Committed: true}
	for i, u := range v.n.Urgencies {
		key := fmt.Sprintf("urgencies[%d].id", i+1)
		switch {
		case u.ID == "":
			v.setting(key, Mistake{Code: CodeMissing})
		case CheckID(u.ID) != nil:
			v.setting(key, Mistake{Code: CodeID, Found: u.ID})
		case seen[u.ID]:
			v.setting(key, Mistake{Code: CodeDuplicate, Found: u.ID, Expected: "urgencies"})
		}
		seen[u.ID] = true
	}
}

// TermsOf lists what a term of a ladder can be of.
var TermsOf = []string{
	"hours", "burden", "money", "spending", "earning", "impact", "shortfall", "satisfaction", "preferred",
	"goods", "runs", "output", "stock", "transport", "disposal", "purchases", "sales", "movement",
}

func (v *validator) ladder(name string, l Ladder) {
	if len(l) == 0 || CheckID(name) != nil {
		v.setting("ladders."+name, Mistake{Code: CodeMissing})
	}
	goals := map[string]bool{}
	for i := range l {
		r := &l[i]
		key := fmt.Sprintf("ladders.%s[%d]", name, i+1)
		switch {
		case r.Goal == "":
			v.setting(key+".goal", Mistake{Code: CodeMissing})
		case goals[r.Goal]:
			v.setting(key+".goal", Mistake{Code: CodeDuplicate, Found: r.Goal, Expected: "ladders." + name})
		}
		goals[r.Goal] = true
		v.rung(key, r)
	}
}

func (v *validator) rung(key string, r *Rung) {
	kinds := []string{string(Leximin), string(Least), string(Most), string(Sum)}
	switch {
	case r.Kind == "":
		v.setting(key+".kind", Mistake{Code: CodeMissing})
	case checkChoice(string(r.Kind), kinds) != nil:
		v.setting(key+".kind", *checkChoice(string(r.Kind), kinds))
	case r.Kind == Leximin && len(r.Terms) > 0:
		v.setting(key+".terms", Mistake{Code: CodeRungKind, Found: r.Goal, Expected: "terms"})
	case r.Kind == Leximin && len(r.Sets) == 0:
		v.setting(key+".sets", Mistake{Code: CodeRungSets, Found: r.Goal})
	case r.Kind != Leximin && len(r.Sets) > 0:
		v.setting(key+".sets", Mistake{Code: CodeRungKind, Found: r.Goal, Expected: "sets"})
	case r.Kind != Leximin && len(r.Terms) == 0:
		v.setting(key+".terms", Mistake{Code: CodeRungTerms, Found: r.Goal})
	}
	if x := r.Exchange; x != nil && !(x.Give > 0 && x.Gain > 0) {
		v.setting(key+".exchange", Mistake{Code: CodeExchange})
	}
	if !(r.Keep >= 0 && r.Keep <= 1) {
		v.setting(key+".keep", Mistake{Code: CodeExchange})
	}
	for i := range r.Sets {
		v.set(fmt.Sprintf("%s.sets[%d]", key, i+1), &r.Sets[i])
	}
	for i := range r.Terms {
		v.term(fmt.Sprintf("%s.terms[%d]", key, i+1), &r.Terms[i])
	}
}

func (v *validator) set(key string, s *Set) {
	if m := checkChoice(s.Of, []string{SetNeeds, SetPreferences, SetRest}); m != nil {
		v.setting(key+".of", *m)
	}
	if !(s.To > 0 && s.To <= 1) {
		v.setting(key+".to", Mistake{Code: CodeHeight, Found: formatFloat(s.To)})
	}
	v.settingRef(key+".urgency", s.Urgency, "urgencies")
	v.settingRef(key+".what", s.What, "products", "kinds", "properties")
	v.settingRef(key+".agent", s.Agent, "agents")
}

func (v *validator) term(key string, t *Term) {
	if t.Of == "" {
		v.setting(key+".of", Mistake{Code: CodeMissing})
	} else if m := checkChoice(t.Of, TermsOf); m != nil {
		v.setting(key+".of", *m)
	}
	if t.Per != "" {
		if m := checkChoice(t.Per, []string{"persons", "units"}); m != nil {
			v.setting(key+".per", *m)
		}
	}
	if math.IsNaN(t.Weight) || math.IsInf(t.Weight, 0) {
		v.setting(key+".weight", Mistake{Code: CodeNotFinite, Found: formatFloat(t.Weight)})
	}
	if m := checkPeriods(t.Periods, v.n.Calendar.Periods); m != nil {
		v.setting(key+".periods", *m)
	}
	v.settingRef(key+".urgency", t.Urgency, "urgencies", Committed)
	v.settingRef(key+".agent", t.Agent, "agents")
	v.settingRef(key+".site", t.Site, "sites")
	switch t.Of {
	case "impact":
		v.settingRef(key+".what", t.What, "impacts")
	case "hours", "burden":
		v.settingRef(key+".what", t.What, "skills")
	case "runs":
		v.settingRef(key+".what", t.What, "recipes")
	default:
		v.settingRef(key+".what", t.What, "products", "kinds", "properties")
	}
}

func (v *validator) settingRef(key, id string, tables ...string) {
	if id == "" {
		return
	}
	if m := v.reference(id, tables); m != nil {
		v.setting(key, *m)
	}
}
