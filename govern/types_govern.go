package govern

import "bremen/record"

var mandateTypes = []Type{
	{
		ID: "mandate.give", About: "scope", Consequence: true, Act: true, Standings: members,
		Title:   Text{"Mandat gegeben", "Mandate given"},
		Explain: Text{"Ein Amt für eine Person, auf Zeit, in einem Bereich; wirksam, wenn genug von denen zustimmen, die es betrifft, und sie annimmt.", "An office for a person, for a term, in a scope; in force once enough of those concerned assent and the person accepts."},
		Fields: []Field{
			{Name: "office", Kind: KindName},
			{Name: "scope", Kind: KindAgent},
			{Name: "holder", Kind: KindPerson},
			fieldUntil,
			{Name: "assembly", Kind: KindEntry, Optional: true},
		},
		Payloads: []string{"duties", "means", "reason"},
	},
	{
		ID: "mandate.accept", About: aboutMandate, Consequence: true, Standings: members,
		Title:   Text{"Mandat angenommen", "Mandate accepted"},
		Explain: Text{"Die gewählte Person nimmt an; von da an hat sie die Befugnisse des Amtes.", "The person chosen accepts; from then on they have the office's powers."},
		Fields:  []Field{fieldMandate}, Payloads: []string{"interlocks"},
	},
	{
		ID: "mandate.end", About: aboutMandate, Consequence: true, Standings: members,
		Title:   Text{"Mandat niedergelegt", "Mandate laid down"},
		Explain: Text{"Wer es hat, legt es nieder.", "Whoever has it lays it down."},
		Fields:  []Field{fieldMandate}, Payloads: []string{"report"},
	},
	{
		ID: "recall.call", About: aboutMandate, Consequence: true, Act: true, Standings: members,
		Title:   Text{"Abberufung", "Recall"},
		Explain: Text{"Jede betroffene Person kann sie mit Gründen verlangen. Stimmen genug Betroffene zu, endet das Mandat. Eine Pause hält das nicht auf.", "Anyone concerned can call for it with reasons. If enough of those concerned assent, the mandate ends. A pause does not stop it."},
		Fields:  []Field{fieldMandate}, Payloads: []string{"reason"}, Needs: []string{"reason"},
	},
	{
		ID: "act.assent", About: aboutAct, Consequence: true, Standings: members,
		Title:   Text{"Zustimmung", "Assent"},
		Explain: Text{"Eine betroffene Person stimmt einem Vorhaben zu. Die letzte nötige Zustimmung setzt es in Kraft.", "Someone concerned assents to an act. The last assent needed puts it in force."},
		Fields:  []Field{fieldAct},
	},
	{
		ID: "act.refuse", About: aboutAct, Consequence: true, Standings: members,
		Title:   Text{"Ablehnung", "Refusal"},
		Explain: Text{"Eine betroffene Person lehnt ein Vorhaben ab.", "Someone concerned refuses an act."},
		Fields:  []Field{fieldAct}, Payloads: []string{"reason"},
	},
	{
		ID: "act.close", About: aboutAct, Standings: members, Stoppable: true,
		Title:   Text{"Abschluss", "Closing"},
		Explain: Text{"Ein betroffenes Mitglied stellt fest, dass die Frist vorbei ist; gezählt wird, wie die Regeln es sagen.", "A member concerned states that the time is over; it is counted as the rules say."},
		Fields:  []Field{fieldAct},
	},
	{
		ID: "assembly.call", About: aboutNetwork, Consequence: true, Act: true, Standings: members,
		Title:   Text{"Versammlung einberufen", "Assembly called"},
		Explain: Text{"Sind alle Mandate des Netzwerks erloschen, rufen drei Mitglieder eine Versammlung ein, die neue geben kann.", "When all mandates of the network have lapsed, three members call an assembly that may give new ones."},
		Fields:  []Field{{Name: "at", Kind: KindTime}}, Payloads: []string{"place", "agenda"},
	},
	{
		ID: "assembly.attend", About: aboutNetwork, Consequence: true, Standings: members,
		Title:   Text{"Anwesend", "Attending"},
		Explain: Text{"Ein Mitglied ist auf der Versammlung.", "A member is at the assembly."},
		Fields:  []Field{{Name: "assembly", Kind: KindEntry}},
	},
	{
		ID: "cession.give", About: aboutFirm, Consequence: true,
		Title:   Text{"Befugnis abgegeben", "Power ceded"},
		Explain: Text{"Eine Organisation gibt eine Befugnis über sich an ein Amt des Netzwerks ab, bis zu einem Tag, widerruflich.", "An organisation cedes a power over itself to an office of the network, until a day, revocably."},
		Fields:  []Field{{Name: "organisation", Kind: KindName}, {Name: "power", Kind: KindName}, {Name: "office", Kind: KindName}, fieldUntil}, Payloads: []string{"reason"},
	},
	{
		ID: "cession.withdraw", About: aboutCession, Consequence: true,
		Title:   Text{"Befugnis zurückgeholt", "Power taken back"},
		Explain: Text{"Die Organisation übt die Befugnis wieder allein aus.", "The organisation uses the power alone again."},
		Fields:  []Field{{Name: "cession", Kind: KindEntry}},
	},
}

var ruleTypes = []Type{
	{
		ID: "rules.change", About: aboutNetwork, Consequence: true, Act: true, Standings: members,
		Title:   Text{"Regeln geändert", "Rules changed"},
		Explain: Text{"Neue Regeln als Ganzes, mit dem Eintrag der alten. Abberufung, Austritt und der Weg zurück bleiben immer.", "New rules as a whole, with the entry of the old ones. Recall, leaving and the way back always stay."},
		Fields:  []Field{{Name: "rules", Kind: KindRules}, {Name: "base", Kind: KindEntry}}, Payloads: []string{"reason"},
	},
	{
		ID: "pause.begin", About: aboutNetwork, Consequence: true, Act: true, Standings: []Holder{Member, Operator},
		Title:   Text{"Pause begonnen", "Pause begun"},
		Explain: Text{"Drei Mitglieder, oder wer den Server betreibt, halten Annahme, Abschlüsse, Post und Einlesen für höchstens 72 Stunden an.", "Three members, or the operator, stop adoption, closings, mails and imports for at most 72 hours."},
		Fields:  []Field{fieldUntil, {Name: "why", Kind: KindText, Max: 1000, Optional: true}}, Payloads: []string{"reason"},
	},
	{
		ID: "pause.end", About: aboutNetwork, Standings: []Holder{Member, Operator},
		Title:   Text{"Pause beendet", "Pause ended"},
		Explain: Text{"Wer sie begonnen hat, beendet sie vor der Zeit.", "Whoever began it ends it early."},
	},
}

var operatorTypes = []Type{
	{
		ID: "witness.name", About: aboutNetwork, Consequence: true,
		Title:   Text{"Zeuge benannt", "Witness named"},
		Explain: Text{"Wer die Prüfpunkte dieses Protokolls gegenzeichnet.", "Who cosigns the checkpoints of this record."},
		Fields:  []Field{{Name: "witness", Kind: KindName}, {Name: "log-key", Kind: KindText, Max: 2000}},
	},
	{
		ID: "witness.drop", About: aboutNetwork, Consequence: true,
		Title:   Text{"Zeuge entlassen", "Witness dropped"},
		Explain: Text{"Gegenzeichnungen dieses Zeugen werden nicht mehr erwartet.", "Cosignatures of this witness are no longer expected."},
		Fields:  []Field{{Name: "witness", Kind: KindName}},
	},
	{
		ID: record.TypeNextKey, About: aboutNetwork, Consequence: true, Standings: theOperator,
		Title:   Text{"Nächster Schlüssel des Protokolls", "Next key of the record"},
		Explain: Text{"Der nächste Schlüssel, unterschrieben mit dem jetzigen; von hier an gilt er.", "The next key, signed with the present one; it counts from here on."},
		Fields:  []Field{{Name: "public", Kind: KindName}},
	},
	{
		ID: "log.succeed", About: aboutNetwork, Consequence: true, Standings: theOperator,
		Title:   Text{"Nachfolge bei anderem Betreiber", "Succession at another operator"},
		Explain: Text{"Dieses Protokoll setzt ein anderes fort, mit allen Mitgliedern und Regeln: sein erster Eintrag nennt Ursprung, Länge und Wurzel des alten.", "This record goes on from another with all members and rules: its first entry names origin, size and root of the old one."},
		Fields: []Field{
			{Name: "origin", Kind: KindName},
			{Name: "size", Kind: KindEntry},
			{Name: "root", Kind: KindHash},
			{Name: "log-key", Kind: KindName},
			{Name: "operator", Kind: KindText, Max: 300},
		},
	},
	{
		ID: "loss.declare", About: aboutNetwork, Consequence: true, Standings: theOperator,
		Title:   Text{"Verlust erklärt", "Loss declared"},
		Explain: Text{"Nach dem Einspielen einer Sicherung: der neueste bekannte Prüfpunkt, dessen Einträge verloren sind.", "After restoring a backup: the newest checkpoint known, whose entries are lost."},
		Fields:  []Field{{Name: "size", Kind: KindEntry}, {Name: "root", Kind: KindHash}, {Name: "why", Kind: KindText, Max: 1000}},
	},
	{
		ID: "outage.declare", About: aboutNetwork, Consequence: true, Standings: theOperator,
		Title:   Text{"Ausfall", "Outage"},
		Explain: Text{"Seit dem vorigen Eintrag war der Server nicht erreichbar; Fristen rücken. Länger als bis dorthin kann der Ausfall nicht zurückreichen.", "Since the entry before, the server could not be reached; deadlines move. The outage cannot reach further back than that."},
	},
}
