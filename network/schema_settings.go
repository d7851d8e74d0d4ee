package network

import "strings"

var calendarUnits = []Choice{{"day", "tag"}, {"week", "woche"}, {"month", "monat"}, {"quarter", "quartal"}, {"year", "jahr"}}

// UnitNamed returns the calendar unit of a German or English word; another word as it is.
func UnitNamed(word string) Unit {
	for _, c := range calendarUnits {
		if strings.EqualFold(word, c.ID) || strings.EqualFold(word, c.De) {
			return Unit(c.ID)
		}
	}
	return Unit(word)
}

// SettingsColumns lists every key of Settings as Tables lists columns; Name is
// the path in network.yaml, where NAME stands for a name of one's own and [] for
// the entries of a list.
var SettingsColumns = []Column{
	{
		Name: "network", Type: TypeID, Rule: DeEn{"Name des Ordners oder der Datei", "name of the folder or file"},
		De: Words{Explain: "kurzer Name des Netzwerks"}, En: Words{Explain: "short name of the network"},
	},
	{Name: "title", Type: TypeText, De: Words{Explain: "wie es heißt: ein Text, oder je einer unter de und en"}, En: Words{Explain: "what it is called: one text, or one each under de and en"}},
	{Name: "description", Type: TypeText, De: Words{Explain: "worum es geht, ebenso"}, En: Words{Explain: "what it is about, likewise"}},
	{Name: "licence", Type: TypeText, De: Words{Explain: "Lizenz der Angaben"}, En: Words{Explain: "licence of what is stated"}},
	{Name: "calendar.start", Type: TypeDate, De: Words{Explain: "erster Tag des ersten Zeitabschnitts"}, En: Words{Explain: "first day of period 1"}},
	{
		Name: "calendar.unit", Type: TypeChoice, Default: "week", Choices: calendarUnits,
		De: Words{Explain: "Länge eines Zeitabschnitts"}, En: Words{Explain: "length of a period"},
	},
	{Name: "calendar.periods", Type: TypeCount, Default: "1", De: Words{Explain: "wie viele Zeitabschnitte geplant werden"}, En: Words{Explain: "how many periods are planned"}},
	{Name: "currency", Type: TypeText, De: Words{Explain: "Kürzel des Geldes; leer: ohne Geld"}, En: Words{Explain: "code of the money; empty: without money"}},
	{
		Name: "urgencies[].id", Type: TypeID, Rule: DeEn{"vital, important, wish", "vital, important, wish"},
		De: Words{Explain: "Stufen der Dringlichkeit, die dringendste zuerst"}, En: Words{Explain: "levels of urgency, the most urgent first"},
	},
	{Name: "urgencies[].title", Type: TypeText, De: Words{Explain: "wie die Stufe heißt"}, En: Words{Explain: "what the level is called"}},
	{
		Name: "counting", Type: TypeChoice, Default: string(CountOnce), Choices: []Choice{{ID: "once"}, {ID: "all"}},
		De: Words{Explain: "ob eine Einheit nur für einen Bedarf an einem Gut oder einer Art zählt (once) oder für alle, zu denen sie passt (all)"},
		En: Words{Explain: "whether a unit counts for one product or kind need only (once) or for all it fits (all)"},
	},
	{
		Name: "allowance", Type: TypeChoice, Default: AllowTwiceMedian, Choices: []Choice{{ID: AllowTwiceMedian}, {ID: AllowStated}, {ID: AllowNone}},
		De: Words{Explain: "bis zu welcher Menge ein Bedürfnis mit der genannten Dringlichkeit zählt: das Doppelte des Medians je Kopf, nur wie in allowances genannt, oder ohne Grenze"},
		En: Words{Explain: "up to what amount a need counts at its stated urgency: twice the median per head, only as stated in allowances, or without bound"},
	},
	{
		Name: "money_per_hour", Type: TypeNumber, Unit: "money", Default: "0",
		De: Words{Explain: "wie viel Geld eine Stunde der Last 1 wiegt; 0: nicht entschieden"}, En: Words{Explain: "what one hour of burden 1 weighs in money; 0: not decided"},
	},
	{
		Name: "ladders.NAME[].goal", Type: TypeID, Required: true, De: Words{Explain: "kurzer Name der Stufe; die Zielleiter default gilt, wenn keine andere genannt wird"},
		En: Words{Explain: "short name of the rung; the ladder default holds unless another is named"},
	},
	{Name: "ladders.NAME[].title", Type: TypeText, De: Words{Explain: "wie die Stufe heißt"}, En: Words{Explain: "what the rung is called"}},
	{
		Name: "ladders.NAME[].kind", Type: TypeChoice, Required: true, Choices: []Choice{{ID: "leximin"}, {ID: "least"}, {ID: "most"}, {ID: "sum"}},
		De: Words{Explain: "leximin: den geringsten Fortschritt zuerst heben; least: möglichst wenig; most: möglichst viel; sum: möglichst wenig von ungleichen Dingen, gewichtet"},
		En: Words{Explain: "leximin: raise the least progress first; least: as little as possible; most: as much as possible; sum: as little as possible of unlike things, weighted"},
	},
	{
		Name: "ladders.NAME[].sets[].of", Type: TypeChoice, Default: SetNeeds, Choices: []Choice{{ID: SetNeeds}, {ID: SetPreferences}, {ID: SetRest}},
		De: Words{Explain: "was leximin hebt: Bedürfnisse, Vorlieben oder freie Zeit"}, En: Words{Explain: "what leximin raises: needs, preferences or rest"},
	},
	{Name: "ladders.NAME[].sets[].urgency", Type: TypeRef, Refs: []string{"urgencies"}, Rule: DeEn{"alle", "all"}, De: Words{Explain: "nur dieser Dringlichkeit"}, En: Words{Explain: "of this urgency only"}},
	{Name: "ladders.NAME[].sets[].what", Type: TypeRef, Refs: []string{"products", "kinds", "properties"}, Rule: DeEn{"alles", "all"}, De: Words{Explain: "nur Bedürfnisse danach"}, En: Words{Explain: "only needs for this"}},
	{Name: "ladders.NAME[].sets[].agent", Type: TypeRef, Refs: []string{"agents"}, Rule: DeEn{"alle", "all"}, De: Words{Explain: "nur dieses Mitglieds"}, En: Words{Explain: "only of this agent"}},
	{Name: "ladders.NAME[].sets[].to", Type: TypeShare, Default: "1", De: Words{Explain: "Höhe, bis zu der gehoben wird"}, En: Words{Explain: "height up to which it is raised"}},
	{
		Name: "ladders.NAME[].terms[].of", Type: TypeChoice, Required: true, Choices: termChoices(),
		De: Words{Explain: "was zusammengezählt wird"}, En: Words{Explain: "what is added up"},
	},
	{Name: "ladders.NAME[].terms[].what", Type: TypeText, Rule: DeEn{"alles", "all"}, De: Words{Explain: "nur dieses Gutes, dieser Art, Fertigkeit, Eigenschaft, dieses Rezepts oder Naturguts"}, En: Words{Explain: "only of this product, kind, skill, property, recipe or impact"}},
	{Name: "ladders.NAME[].terms[].agent", Type: TypeRef, Refs: []string{"agents"}, Rule: DeEn{"alle", "all"}, De: Words{Explain: "nur dieses Mitglieds"}, En: Words{Explain: "only of this agent"}},
	{Name: "ladders.NAME[].terms[].site", Type: TypeRef, Refs: []string{"sites"}, Rule: DeEn{"alle", "all"}, De: Words{Explain: "nur an diesem Ort"}, En: Words{Explain: "only at this site"}},
	{Name: "ladders.NAME[].terms[].urgency", Type: TypeRef, Refs: []string{"urgencies"}, Rule: DeEn{"alle", "all"}, De: Words{Explain: "nur Bedürfnisse dieser Dringlichkeit"}, En: Words{Explain: "only needs of this urgency"}},
	{
		Name: "ladders.NAME[].terms[].per", Type: TypeChoice, Choices: []Choice{{ID: "persons"}, {ID: "units"}}, Rule: DeEn{"jedes Element zählt gleich", "every element counts the same"},
		De: Words{Explain: "bei shortfall und satisfaction: nach Köpfen oder nach Menge gewichtet"}, En: Words{Explain: "for shortfall and satisfaction: weighed by head count or by quantity"},
	},
	{Name: "ladders.NAME[].terms[].periods", Type: TypePeriods, Rule: DeEn{"alle", "all"}, De: Words{Explain: "nur in diesen Zeitabschnitten"}, En: Words{Explain: "only in these periods"}},
	{Name: "ladders.NAME[].terms[].weight", Type: TypeNumber, Signed: true, Default: "1", De: Words{Explain: "Gewicht in der Summe"}, En: Words{Explain: "weight in the sum"}},
	{
		Name: "ladders.NAME[].keep", Type: TypeNumber, Rule: DeEn{"0; 1e-6 für Werte großer Netze", "0; 1e-6 for values of large networks"},
		De: Words{Explain: "Genauigkeit, mit der die Stufe gehalten wird, während spätere berechnet werden"}, En: Words{Explain: "tolerance within which the rung is kept while later ones are solved"},
	},
	{Name: "ladders.NAME[].exchange.give", Type: TypeNumber, Positive: true, De: Words{Explain: "so viel darf die Stufe abgeben"}, En: Words{Explain: "this much the rung may give up"}},
	{Name: "ladders.NAME[].exchange.gain", Type: TypeNumber, Positive: true, De: Words{Explain: "wenn eine spätere je Einheit mindestens so viel gewinnt"}, En: Words{Explain: "if a later one gains at least this much per unit"}},
	{Name: "ladders.NAME[].unit", Type: TypeText, De: Words{Explain: "Einheit des Werts, zur Anzeige"}, En: Words{Explain: "unit of the value, for display"}},
}

func termChoices() []Choice {
	var out []Choice
	for _, id := range TermsOf {
		out = append(out, Choice{ID: id})
	}
	return out
}
