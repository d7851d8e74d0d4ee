package serve

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"bremen/commons"
	"bremen/govern"
)

// option is one that a form offers to choose from.
type option struct{ Value, Title string }

// choices are what a field of a command can be, as far as it is one of few; none where it is to be typed.
func (v *visit) choices(typ string, f *govern.Field) (list []option) {
	switch {
	case f.Kind == govern.KindChoice:
		for _, x := range f.Choices {
			list = append(list, option{x, v.choice(x)})
		}
	case f.Kind == govern.KindPerson || f.Kind == govern.KindPersons:
		return v.personChoices(f.Name)
	case f.Kind == govern.KindAgent:
		return v.agentChoices()
	case f.Kind == govern.KindEntry:
		return v.entryChoices(typ, f.Name)
	case f.Name == "key" && (typ == "key.withdraw" || typ == "key.object"):
		return v.keyChoices(typ)
	}
	v.govern(func(g *govern.State) {
		switch f.Name {
		case "office":
			for i := range g.Rules.Offices {
				list = append(list, option{g.Rules.Offices[i].ID, g.Rules.Offices[i].Title.In(string(v.lang))})
			}
		case "power":
			for i := range g.Rules.Powers {
				list = append(list, option{g.Rules.Powers[i].ID, g.Rules.Powers[i].Title.In(string(v.lang))})
			}
		case "group":
			if typ != "group.found" {
				list = named(slices.Sorted(maps.Keys(g.Groups)))
			}
		case "organisation":
			if typ != "organisation.found" {
				list = named(slices.Sorted(maps.Keys(g.Organisations)))
			}
		case "witness":
			if typ == "witness.drop" {
				list = named(slices.Sorted(maps.Keys(g.Witnesses)))
			}
		}
	})
	return list
}

func named(names []string) (list []option) {
	for _, x := range names {
		list = append(list, option{x, x})
	}
	return list
}

// choice is one of a field's choices in words.
func (v *visit) choice(x string) string {
	if key := "choice." + x; v.lang.Has(key) {
		return v.say(key)
	}
	return x
}

// personChoices are the people whom a field can name: guests where it is about joining, else members.
func (v *visit) personChoices(field string) (list []option) {
	var numbers []int64
	v.govern(func(g *govern.State) {
		for n, p := range g.Persons {
			if n != v.person && (p.Standing == govern.Guest) == (field == "guest") && p.Standing != govern.Left || field == "person" && p.Standing == govern.Guest {
				numbers = append(numbers, n)
			}
		}
	})
	slices.Sort(numbers)
	for _, n := range numbers {
		list = append(list, option{formatNumber(n), v.called(n)})
	}
	return list
}

// agentChoices are for whom or where something can hold.
func (v *visit) agentChoices() (list []option) {
	v.govern(func(g *govern.State) {
		list = append(list, option{string(govern.PersonScope(v.person)), v.say("scope.me")}, option{string(govern.InNetwork), v.say("scope.network")})
		for _, x := range slices.Sorted(maps.Keys(g.Groups)) {
			list = append(list, option{"group:" + x, v.say("scope.group", "name", x)})
		}
		for _, x := range slices.Sorted(maps.Keys(g.Organisations)) {
			list = append(list, option{"organisation:" + x, v.say("scope.organisation", "name", x)})
		}
	})
	return list
}

// entryChoices are the entries that a field can name, where they are few.
func (v *visit) entryChoices(typ, field string) (list []option) {
	type entry struct {
		number int64
		what   string
	}
	var found []entry
	v.net.View(func(s *commons.State) {
		g := s.Govern
		now := max(v.s.o.Clock().UnixMilli(), g.Time)
		switch {
		case field == "act":
			for n, a := range g.Acts {
				found = append(found, entry{n, titleOf(a.Type).In(string(v.lang))})
			}
		case field == "mandate":
			for n, m := range g.Mandates {
				if m.Ended == 0 && (typ == "mandate.accept" && m.Holder == v.person && m.From == 0 || typ == "mandate.end" && m.Holder == v.person || typ == "recall.call" && g.InForce(m, now)) {
					found = append(found, entry{n, v.mandate(g, m)})
				}
			}
		case field == "entry" && typ == "entry.disown":
			for _, r := range g.Recent {
				if r.Person == v.person && g.DisownableUntil(v.person, r.Entry) > now {
					found = append(found, entry{r.Entry, titleOf(r.Type).In(string(v.lang))})
				}
			}
		case field == "need" || field == "offer" || field == "decline":
			for n, p := range s.Private {
				if p.Person == v.person && strings.HasSuffix(p.Type, ".state") && strings.HasPrefix(p.Type, field) || field == "decline" && p.Type == "figure.decline" && p.Person == v.person {
					found = append(found, entry{n, titleOf(p.Type).In(string(v.lang))})
				}
			}
		}
	})
	slices.SortFunc(found, func(a, b entry) int { return cmp.Compare(a.number, b.number) })
	for _, x := range found {
		list = append(list, option{formatNumber(x.number), x.what + " (" + v.say("entry", "number", x.number) + ")"})
	}
	return list
}

// mandate is a mandate in words: the office, where, and who has it.
func (v *visit) mandate(g *govern.State, m *govern.Mandate) string {
	office := m.Office
	if o := g.Rules.Office(m.Office); o != nil {
		office = o.Title.In(string(v.lang))
	}
	return office + ", " + v.scope(m.Scope) + ", " + v.say("person.number", "number", m.Holder)
}

// scope is a scope in words.
func (v *visit) scope(x govern.Scope) string {
	kind, name, _ := strings.Cut(string(x), ":")
	switch kind {
	case "network":
		return v.say("scope.network")
	case "group":
		return v.say("scope.group", "name", name)
	case "organisation":
		return v.say("scope.organisation", "name", name)
	case "person":
		return v.say("person.number", "number", name)
	}
	return string(x)
}

// keyChoices are one's keys: to withdraw, or to object to one that others entered.
func (v *visit) keyChoices(typ string) (list []option) {
	v.govern(func(g *govern.State) {
		p := g.Persons[v.person]
		for _, id := range slices.Sorted(maps.Keys(p.Keys)) {
			if k := p.Keys[id]; typ == "key.withdraw" || k.Days > 0 {
				list = append(list, option{id, v.say("key."+k.Kind) + ", " + v.say("entry", "number", k.Entry)})
			}
		}
	})
	return list
}
