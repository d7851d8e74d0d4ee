package govern

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestDefaultRules(t *testing.T) {
	t.Parallel()
	r := Default()
	again, err := ParseJSON(r.JSON())
	if err != nil || !bytes.Equal(again.JSON(), r.JSON()) {
		t.Fatalf("the rules do not survive canonical JSON: %v", err)
	}
	if again, err = ParseYAML(r.YAML()); err != nil || !bytes.Equal(again.JSON(), r.JSON()) {
		t.Fatalf("the rules do not survive YAML: %v", err)
	}
	if !bytes.Equal(again.YAML(), r.YAML()) {
		t.Error("the same rules give other YAML")
	}
	for _, typ := range Types() {
		needs, _ := NewState().whoCould(r, &typ, "", 0)
		if len(needs) == 0 {
			t.Errorf("nobody may append %s: expected a right or a power in rules.yaml", typ.ID)
		}
	}
	if n := len(r.JSON()); n > MaxRules*2/3 {
		t.Errorf("the default rules have %d bytes, leaving little of %d for changes", n, MaxRules)
	}
}

func TestMistakesInRulesArePlaced(t *testing.T) {
	t.Parallel()
	text := string(DefaultYAML())
	line := func(of string) int {
		i := strings.Index(text, of)
		if i < 0 {
			t.Fatalf("the default rules do not have %q", of)
		}
		return 1 + strings.Count(text[:i], "\n")
	}
	for _, c := range []struct {
		name, from, to string
		code, nearest  string
		column         int
	}{
		{"an unknown field names the nearest", "    holders: [anyone]", "    holder: [anyone]", codeUnknown, "holders", 13},
		{"an unknown entry type names the nearest", "appends: [guest.arrive]", "appends: [guest.arive]", codeChoice, "guest.arrive", 15},
		{"an unknown number names the nearest", "  key_days: 7", "  key_day: 7", codeUnknown, "key_days", 12},
		{"a figure out of bounds", "  pause_hours: 72", "  pause_hours: 99", codeBounds, "", 16},
		{"a word where a figure belongs", "  vouchers: 2", "  vouchers: two", codeWhole, "", 13},
		{"a key that stands twice", "  key_any: 3", "  key_any: 3\n  key_any: 4", codeTwice, "", 3},
		{"a list where a word belongs", "schema: 1", "schema: [1]", codePlain, "", 9},
		{"a word where a list belongs", "paused: [plan.adopt, act.close]", "paused: plan.adopt", codeList, "", 9},
		{"a power given to a standing", "appends: [plan.adopt]", "appends: [member.leave]", codeChoice, "", 15},
		{"a right of guests that only members can have", "appends: [need.state, figure.decline]", "appends: [need.state, offer.state]", codeHolder, "", 27},
		{"a pause that stops a recall", "paused: [plan.adopt, act.close]", "paused: [recall.call]", codeChoice, "", 10},
		{"leaving taken away", "appends: [member.leave]", "appends: [need.withdraw]", codeLaw, "", 0},
		{"a term without end", "    term_days: 183\n    seats: 3\n  - id: records", "    term_days: 9999\n    seats: 3\n  - id: records", codeBounds, "", 16},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if strings.Count(text, c.from) != 1 {
				t.Fatalf("%q stands there %d times, expected once", c.from, strings.Count(text, c.from))
			}
			_, err := ParseYAML([]byte(strings.Replace(text, c.from, c.to, 1)))
			mistakes, ok := err.(Mistakes)
			if !ok {
				t.Fatalf("got %v, want mistakes", err)
			}
			i := slices.IndexFunc(mistakes, func(m Mistake) bool { return m.Code == c.code })
			if i < 0 {
				t.Fatalf("got %v, want %s", mistakes, c.code)
			}
			m := mistakes[i]
			near := m.Line - line(c.from)
			if m.Nearest != c.nearest || c.column > 0 && (m.Column != c.column || near < 0 || near > 1) {
				t.Errorf("got %+v, want line %d, column %d, nearest %q", m, line(c.from), c.column, c.nearest)
			}
			for _, lang := range []string{"de", "en"} {
				if s := m.In(lang); strings.Contains(s, "{") {
					t.Errorf("unfilled sentence %q", s)
				}
			}
		})
	}
}

func TestAllMistakesAreReported(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("vouchers: 2", "vouchers: x", "key_any: 3", "key_any: y", "    holders: [anyone]", "    holder: [anyone]").Replace(string(DefaultYAML()))
	_, err := ParseYAML([]byte(text))
	if mistakes, ok := err.(Mistakes); !ok || len(mistakes) != 3 {
		t.Errorf("got %v, want three mistakes", err)
	}
}

func TestUnknownFieldsInJSONAreErrors(t *testing.T) {
	t.Parallel()
	text := bytes.Replace(Default().JSON(), []byte(`"paused"`), []byte(`"pausd"`), 1)
	if _, err := ParseJSON(text); err == nil || !strings.Contains(err.Error(), "pausd") {
		t.Errorf("got %v, want the unknown field named", err)
	}
	if _, err := ParseJSON(append(Default().JSON(), "{}"...)); err == nil {
		t.Error("two values were read as one")
	}
}

func TestCompareWarns(t *testing.T) {
	t.Parallel()
	after := Default()
	after.Numbers["objection_days"] = 7
	after.Offices[0].TermDays = 366
	after.Offices[0].Powers = []string{"adopt", "describe", "receive"}
	after.Rights = slices.DeleteFunc(after.Rights, func(r Right) bool { return r.ID == "audit" })
	after.Assents[1].Quiet.Percent = 20
	after.Offices = after.Offices[:3]
	if m := after.Check(); len(m) > 0 {
		t.Fatal(m)
	}
	var got []string
	for _, f := range Compare(Default(), after) {
		got = append(got, f.Code+" "+f.Path)
		if s := f.In("de"); strings.Contains(s, "{") {
			t.Errorf("unfilled sentence %q", s)
		}
	}
	for _, want := range []string{
		findNumber + " numbers.objection_days", findLonger + " offices.planning", findUnited + " offices.planning", findGained + " offices.planning",
		findHarder + " assents.recall.call.quiet.percent", findGone + " offices.host", findLost + " rights",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("got %v, want %q among them", got, want)
		}
	}
	if list := Compare(Default(), Default()); len(list) > 0 {
		t.Errorf("no change warns of %v", list)
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	if n := len(Actions()); n != 19 {
		t.Fatalf("got %d actions, Valueflows 1.0 has 19", n)
	}
	for _, a := range Actions() {
		if a.Pairs != "" && ActionByID(a.Pairs).Pairs != a.ID {
			t.Errorf("%s pairs with %s, which does not pair with it", a.ID, a.Pairs)
		}
		if (a.Accounting == DecrementIncrement || a.Onhand == DecrementIncrement || a.Accounting == IncrementTo) != (a.Creates == "optionalTo") {
			t.Errorf("%s moves to another resource, or creates one there, but not both", a.ID)
		}
	}
	if !slices.IsSortedFunc(Actions(), func(a, b Action) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the actions are not in the order of their names")
	}
}

func TestTypesAreWhole(t *testing.T) {
	t.Parallel()
	abouts := []string{aboutSelf, aboutNetwork, aboutMandate, aboutAct, aboutCommitment, aboutGroup, aboutFirm, aboutCession}
	seen := map[string]bool{}
	for _, typ := range Types() {
		fields := map[string]bool{}
		for _, f := range typ.Fields {
			if fields[f.Name] {
				t.Errorf("%s has field %s twice", typ.ID, f.Name)
			}
			fields[f.Name] = true
			if (f.Kind == KindText || f.Kind == KindBytes) != (f.Max > 0) || (f.Kind == KindChoice) != (len(f.Choices) > 0) {
				t.Errorf("%s: field %s of kind %s lacks its limit or choices", typ.ID, f.Name, f.Kind)
			}
		}
		for _, n := range typ.Needs {
			if !slices.Contains(typ.Payloads, n) {
				t.Errorf("%s needs a payload %q that it may not carry", typ.ID, n)
			}
		}
		if !slices.Contains(abouts, typ.About) && !fields[typ.About] {
			t.Errorf("%s acts in field %q, which it lacks", typ.ID, typ.About)
		}
		if typ.Title.De == "" || typ.Title.En == "" || typ.Explain.De == "" || typ.Explain.En == "" || seen[typ.ID] {
			t.Errorf("%s lacks a title or explanation, or is there twice", typ.ID)
		}
		seen[typ.ID] = true
		if len(typ.Standings) == 0 && !slices.Contains(officeTypes, typ.ID) {
			t.Errorf("%s: nobody can ever append it", typ.ID)
		}
	}
	for id := range handlers() {
		if !seen[id] {
			t.Errorf("there is a handler for %s, which is no type", id)
		}
	}
	for code, s := range refusals {
		if s.De == "" || s.En == "" {
			t.Errorf("refusal %s lacks a sentence", code)
		}
	}
}

func ExampleRefusal() {
	err := &Refusal{
		Code: refuseMandate, Type: "plan.adopt", Member: 7, Right: "adopt", Scope: InNetwork,
		Could: []Who{{Power: "adopt", Office: "planning", Title: Text{"Planung", "Planning"}, Persons: []int64{3, 4}}},
	}
	fmt.Println(err)
	// Output: plan.adopt: person 7 has no mandate with the power "adopt" for network; who can: Planning 3 4
}
