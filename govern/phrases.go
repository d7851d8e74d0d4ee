package govern

import (
	"regexp"
	"strings"
)

// german has the parts of refusals that say what was found and what was
// expected. In a phrase, # stands for a number and @ for a quoted name.
var german = map[string]string{
	"# attend": "# Anwesende", "# founders": "# Gründende", "# guests": "# Gäste", "# hold it": "# im Amt", "# keys": "# Schlüssel",
	"# members of other households": "# Mitglieder anderer Haushalte", "# objections": "# Einwände", "# open invitations": "# offene Einladungen",
	"# people": "# Personen", "# terms in a row": "# Amtszeiten nacheinander", "# vouch": "# bürgen",
	"@ as one of them": "@ auf einer der beiden Seiten", "@ of person #": "@ von Person #", "a @ of @ that holds": "ein geltender Eintrag @ von @",
	"a commitment that holds": "eine geltende Zusage", "a commitment to a group or organisation": "eine Zusage an eine Gruppe oder Organisation",
	"a cession that was not withdrawn": "eine nicht zurückgeholte Abgabe", "a fresh one": "ein neuer", "a guest who is here": "ein Gast, der hier ist",
	"a key of kind @": "ein Schlüssel der Art @", "a key of person # that counts": "ein gültiger Schlüssel von Person #",
	"a key of their own for everybody": "für jede Person ein eigener", "a key of yours": "ein eigener", "a key that nobody has": "einer, den niemand hat",
	"a mandate that awaits acceptance": "ein Mandat, das noch anzunehmen ist", "a member": "ein Mitglied", "a member of @ from before it was opened": "ein Mitglied von @ aus der Zeit davor",
	"a member or guest": "ein Mitglied oder Gast", "a member since then": "seither Mitglied", "a member who belongs there": "ein Mitglied, das dazugehört",
	"a member who helps": "ein Mitglied, das hilft", "a new name": "ein neuer Name", "a pause": "eine Pause", "a power of the rules": "eine Befugnis der Regeln",
	"a recall of it is open already": "eine Abberufung läuft schon", "a receiver": "ein öffentlicher Empfänger", "a right": "ein Recht",
	"a right or power of the rules": "ein Recht oder eine Befugnis der Regeln", "a statement for @": "eine Aussage für @", "a vouch of yours": "eine eigene Bürgschaft",
	"act #": "ein Vorhaben #", "all # founders": "alle # Gründenden", "an act that is still open": "ein offenes Vorhaben", "an admission": "eine Aufnahme",
	"an entry that can be undone": "ein Eintrag, der sich zurücknehmen lässt", "an invitation with that code": "eine Einladung mit diesem Code",
	"an objection of yours": "ein eigener Einwand", "an office of the network": "ein Amt des Netzwerks", "an office of the rules": "ein Amt der Regeln",
	"an open one of one's own": "eine eigene offene", "an organisation of yours": "eine eigene Organisation", "another group": "eine andere Gruppe",
	"another than the present one": "ein anderer als der jetzige", "another that counts": "ein weiterer gültiger", "any other power": "jede andere Befugnis",
	"assembly #": "eine Versammlung #", "assent to that one": "Zustimmung zu ihr", "at least #": "mindestens #", "at least #, the first as member #": "mindestens #, zuerst Mitglied #",
	"at least one": "mindestens eines", "cession #": "eine Abgabe #", "commitment #": "eine Zusage #", "consent to person #": "eine Einwilligung für Person #",
	"entry #": "ein solcher Eintrag #", "entry # in your name": "ein Eintrag # in eigenem Namen", "erased already": "schon gelöscht", "guest #": "Gast #",
	"guest": "Gast", "it for a person, and only for a person": "er bei einer Person und nur dort", "it is accepted already": "schon angenommen",
	"it is your last key": "es ist der letzte Schlüssel", "it was accepted, laid down or its office is no more": "schon angenommen oder niedergelegt, oder das Amt gibt es nicht mehr",
	"keys that nobody else has": "Schlüssel, die sonst niemand hat", "left": "ausgetreten", "mandate #": "ein Mandat #", "member": "Mitglied", "member #": "Mitglied #",
	"members from before it was called": "Mitglied vor der Einberufung", "members other than oneself": "andere Mitglieder", "members whom it concerns": "betroffene Mitglieder",
	"newcomer": "noch nicht hier", "nobody": "niemand", "none": "keine", "none, or vouches of more than #% of the members": "keine, oder Bürgschaften von mehr als # % der Mitglieder",
	"not concerned": "nicht betroffen", "of person #": "von Person #", "office @": "ein Amt @", "once": "einmal", "once, or the contrary": "einmal, oder das Gegenteil",
	"one": "eine", "one by a delegate of the organisation": "eine durch Delegierte der Organisation", "one for @": "eine für @", "one in # days without a decision": "eine in # Tagen ohne Beschluss",
	"one of kind @": "einer der Art @", "one of the last # days": "einer der letzten # Tage", "one of those who began it": "jemand, der sie begonnen hat", "one of yours": "ein eigener",
	"one pause": "eine Pause", "one that is on": "eine laufende", "one that is given or in force": "ein gegebenes oder geltendes", "one that is open": "eine offene",
	"one that is there": "etwas, das es gibt", "one that others announced": "ein von anderen angekündigter", "one that was called": "eine einberufene",
	"one that was called, for an office of the network": "eine einberufene, für ein Amt des Netzwerks", "one that was given": "eine gegebene", "one that was named": "ein benannter",
	"one to take back": "etwas zum Zurücknehmen", "operator": "Betreiber", "others, each once": "andere, jede einmal", "person #": "Person #", "person # in @": "Person # in @",
	"power @": "eine Befugnis @", "provider @, receiver @": "gebend @, empfangend @", "right @": "ein Recht @", "scope @": "Bereich @", "somebody else": "jemand anderes",
	"somebody with a mandate": "jemand mit Mandat", "that all mandates of the network have lapsed": "dass alle Mandate des Netzwerks erloschen sind", "that assembly": "diese Versammlung",
	"that code was used before": "den Code gab es schon", "that group exists": "die Gruppe gibt es", "that invitation": "diese Einladung", "that mandate is over": "das Mandat ist zu Ende",
	"that organisation exists": "die Organisation gibt es", "that token": "diesen Zugangsschlüssel", "that token exists": "den Zugangsschlüssel gibt es", "that you belong to it": "deine Zugehörigkeit",
	"the end of that mandate": "dessen Ende", "the entry that gave a mandate": "der Eintrag, der ein Mandat gab", "the holder of a mandate that has not ended": "wer das Mandat noch hat",
	"the member": "das Mitglied", "the next number, #": "die nächste Nummer, #", "the plan ends before it begins": "der Plan endet vor seinem Beginn",
	"the power to take back": "die Befugnis zurückzuholen", "the statement's member first": "zuerst das Mitglied der Aussage", "there are mandates in force": "es gelten Mandate",
	"there is a pause": "es ist Pause", "they belong to it already": "gehört schon dazu", "they change the rules of entry #": "geändert würden die Regeln von Eintrag #",
	"those in force, of entry #": "die geltenden, von Eintrag #", "trustee #": "Vertrauensperson #", "until after from": "ein Ende nach dem Beginn", "witness @": "ein Zeuge @",
	"you attend already": "schon anwesend", "you belong to it already": "du gehörst schon dazu", "you have said so already": "schon gesagt", "you have this office already": "du hast das Amt schon",
	"you object already": "du wendest schon ein", "you vouch already": "du bürgst schon",
}

var variable = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[0-9]+`)

// inGerman translates a part of a refusal; names, times and lists of unknown words stay.
func inGerman(s string) string {
	var values []string
	key := variable.ReplaceAllStringFunc(s, func(v string) string {
		values = append(values, v)
		if v[0] == '"' {
			return "@"
		}
		return "#"
	})
	text, ok := german[key]
	if !ok {
		if words := strings.Split(s, ", "); len(words) > 1 {
			for i, w := range words {
				words[i] = inGerman(w)
			}
			return strings.Join(words, ", ")
		}
		return s
	}
	var b strings.Builder
	for _, r := range text {
		if (r == '#' || r == '@') && len(values) > 0 {
			b.WriteString(values[0])
			values = values[1:]
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
