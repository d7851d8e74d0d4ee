package network

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"bremen/internal/mistake"
)

// What the elements of a leximin set are.
const (
	SetNeeds       = "needs"
	SetPreferences = "preferences"
	SetRest        = "rest"
)

// DefaultLadderName is the ladder a plan follows unless told otherwise.
const DefaultLadderName = "default"

// Ladder returns the ladder of a name as the network states it. An empty name
// is "default", and where the network states no such ladder, DefaultLadder.
func (n *Network) Ladder(name string) (Ladder, error) {
	if name == "" {
		name = DefaultLadderName
	}
	if l, ok := n.Ladders[name]; ok {
		return l, nil
	}
	if name == DefaultLadderName {
		return DefaultLadder(n), nil
	}
	names := append(slices.Sorted(maps.Keys(n.Ladders)), DefaultLadderName)
	slices.Sort(names)
	names = slices.Compact(names)
	return nil, fmt.Errorf("ladder: %w", Mistake{
		Code: CodeUnknownLadder, Found: name, Nearest: mistake.Nearest(name, names), Expected: strings.Join(names, ", "),
	})
}

// DefaultLadder is the order of goals for a network that decided none: vital
// needs to a half; vital to 0.8 with important to 0.5 and wishes to 0.3; vital
// to 1 with important to 0.7 and wishes to 0.4; important to 1; wishes to 1;
// preferred variants; effort; rest; least CO2; least movement; least stock and
// transport. The first urgency of a network stands for vital, the second for
// important, all later ones for wishes. Rungs that the network has nothing for
// are left out. The result shares nothing with n.
func DefaultLadder(n *Network) Ladder {
	ladder := needRungs(n.Urgencies)
	if n.hasPreferences() {
		ladder = append(ladder, Rung{
			Goal: "preferences", Kind: Most, Terms: []Term{{Of: "preferred", Per: "persons", Weight: 1}},
			Title: Text{"de": "Was lieber genommen wird", "en": "What is liked better"},
		})
	}
	ladder = append(ladder, effortRungs(n)...)
	if len(n.Work) > 0 {
		ladder = append(ladder, Rung{
			Goal: SetRest, Kind: Leximin, Sets: []Set{{Of: SetRest, To: 0.5}},
			Title: Text{"de": "Niemand gibt mehr als die Hälfte, wo andere es tun können", "en": "Nobody gives more than half where others can"},
		})
	}
	for _, im := range n.Impacts {
		if strings.HasPrefix(strings.ToLower(im.ID), "co2") {
			name := im.Name
			if name == "" {
				name = im.ID
			}
			ladder = append(ladder, Rung{
				Goal: "least-" + im.ID, Kind: Least, Unit: im.Unit,
				Title: Text{"de": "Möglichst wenig: " + name, "en": "As little as possible: " + name},
				Terms: []Term{{Of: "impact", What: im.ID, Weight: 1}},
			})
		}
	}
	return append(ladder,
		Rung{
			Goal: "movement", Kind: Least, Terms: []Term{{Of: "movement", Weight: 1}},
			Title: Text{"de": "Möglichst wenig Änderung am geltenden Plan", "en": "As little change of the plan in force as possible"},
		},
		Rung{
			Goal: "stock-and-transport", Kind: Sum, Terms: []Term{{Of: "stock", Weight: 1}, {Of: "transport", Weight: 1}},
			Title: Text{"de": "Möglichst wenig Vorrat und Transport", "en": "As little stock and transport as possible"},
		})
}

// needRungs are the rungs of the default ladder that raise needs.
func needRungs(levels []Urgency) Ladder {
	if len(levels) == 0 {
		levels = DefaultUrgencies()
	}
	sets := func(heights ...float64) []Set {
		var out []Set
		for i, u := range levels {
			if h := heights[min(i, 2)]; h > 0 {
				out = append(out, Set{Of: SetNeeds, Urgency: u.ID, To: h})
			}
		}
		return out
	}
	rung := func(goal, de, en string, heights ...float64) Rung {
		return Rung{Goal: goal, Kind: Leximin, Title: Text{"de": de, "en": en}, Sets: sets(heights...)}
	}
	vital := levels[0]
	ladder := Ladder{
		rung(vital.ID+"-half", "Das Dringendste zur Hälfte", "The most urgent to a half", 0.5, 0, 0),
		rung(vital.ID+"-most", "Das Dringendste zu vier Fünfteln, anderes mit", "The most urgent to four fifths, other needs with it", 0.8, 0.5, 0.3),
		rung(vital.ID, "Das Dringendste ganz, anderes mit", "The most urgent in full, other needs with it", 1, 0.7, 0.4),
	}
	if len(levels) > 1 {
		ladder = append(ladder, rung(levels[1].ID, "Wichtiges ganz", "Important needs in full", 0, 1, 0))
	}
	if len(levels) > 2 {
		ladder = append(ladder, rung(levels[2].ID, "Alles Übrige ganz", "All other needs in full", 0, 0, 1))
	}
	return ladder
}

// effortRungs weigh burden and money at the rate decided. Without a rate they
// are two rungs, burden first, since nobody has said what one is worth in the other.
func effortRungs(n *Network) Ladder {
	burden := Term{Of: "burden", Weight: 1}
	money := Term{Of: "money", Weight: 1}
	effort := Rung{
		Goal: "effort", Kind: Sum, Unit: HourUnit, Terms: []Term{burden},
		Title: Text{"de": "Möglichst wenig Mühe", "en": "As little effort as possible"},
	}
	switch {
	case !n.HasMoney():
		return Ladder{effort}
	case n.MoneyPerHour > 0:
		burden.Weight = n.MoneyPerHour
		effort.Unit = n.Currency
		effort.Terms = []Term{burden, money}
		return Ladder{effort}
	}
	return Ladder{effort, {
		Goal: "money", Kind: Least, Unit: n.Currency, Terms: []Term{money},
		Title: Text{"de": "Möglichst wenig Geld", "en": "As little money as possible"},
	}}
}

// HasMoney tells whether anything in the network costs or brings money.
func (n *Network) HasMoney() bool {
	return len(n.Budgets) > 0 ||
		slices.ContainsFunc(n.Trade, func(t Trade) bool { return t.Price != 0 }) ||
		slices.ContainsFunc(n.Recipes, func(r Recipe) bool { return r.Money != 0 }) ||
		slices.ContainsFunc(n.Links, func(l Link) bool { return l.Money != 0 }) ||
		slices.ContainsFunc(n.Storage, func(s Storage) bool { return s.Money != 0 })
}

func (n *Network) hasPreferences() bool {
	return slices.ContainsFunc(n.Variants, func(v Variant) bool { return v.Preference != 1 }) ||
		slices.ContainsFunc(n.Preferences, func(p Preference) bool { return p.Preference != 1 })
}
