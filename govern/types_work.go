package govern

// Statements about what is needed, offered and there. Needs and work offers
// have nothing public but that they were stated: not even a name of their own,
// which could tell what they are about. They are named by their entry's number.
var statementTypes = []Type{
	{
		ID: "need.state", About: aboutSelf, Standings: signedUp, Assist: true, Program: true,
		Title:   Text{"Bedürfnis", "Need"},
		Explain: Text{"Eine Person sagt, was sie braucht. Öffentlich wird nur die Summe ihrer Gruppe.", "A person states a need. Only the sum of their group is ever public."},
		Fields:  []Field{{Name: "replaces", Kind: KindEntry, Optional: true}}, Payloads: []string{"need"}, Needs: []string{"need"},
	},
	{
		ID: "need.withdraw", About: aboutSelf, Standings: signedUp, Assist: true, Program: true,
		Title:   Text{"Bedürfnis zurückgenommen", "Need withdrawn"},
		Explain: Text{"Ein eigenes Bedürfnis gilt nicht mehr.", "A need of one's own no longer holds."},
		Fields:  []Field{{Name: "need", Kind: KindEntry}},
	},
	{
		ID: "offer.state", About: aboutSelf, Standings: members, Assist: true, Program: true,
		Title:   Text{"Arbeitsangebot", "Work offer"},
		Explain: Text{"Eine Person bietet Arbeit an: welche, wie viel, mit welcher Last.", "A person offers work: what kind, how much, with what burden."},
		Fields:  []Field{{Name: "replaces", Kind: KindEntry, Optional: true}}, Payloads: []string{"offer"}, Needs: []string{"offer"},
	},
	{
		ID: "offer.withdraw", About: aboutSelf, Standings: signedUp, Assist: true, Program: true,
		Title:   Text{"Arbeitsangebot zurückgenommen", "Work offer withdrawn"},
		Explain: Text{"Ein eigenes Angebot gilt nicht mehr.", "An offer of one's own no longer holds."},
		Fields:  []Field{{Name: "offer", Kind: KindEntry}},
	},
	{
		ID: "recipe.state", About: "agent", Standings: members, Assist: true, Program: true,
		Title:   Text{"Rezept", "Recipe"},
		Explain: Text{"Wie etwas hergestellt wird: was hineingeht, was herauskommt, wann.", "How something is made: what goes in, what comes out, when."},
		Fields:  statedFields, Payloads: []string{"what", "note"},
	},
	{
		ID: "recipe.withdraw", About: "agent", Standings: members, Assist: true, Program: true,
		Title:   Text{"Rezept zurückgenommen", "Recipe withdrawn"},
		Explain: Text{"Ein Rezept gilt nicht mehr.", "A recipe no longer holds."},
		Fields:  []Field{fieldAgent, {Name: "recipe", Kind: KindEntry}},
	},
	{
		ID: "stock.state", About: "agent", Standings: members, Assist: true, Program: true,
		Title:   Text{"Vorrat", "Stock"},
		Explain: Text{"Was am Anfang da ist, oder welcher Endbestand gewünscht wird. Danach folgen Vorräte den Ereignissen.", "What is there at the start, or which end stock is wanted. From then on stocks follow events."},
		Fields:  statedFields, Payloads: []string{"what", "note"},
	},
	{
		ID: "stock.withdraw", About: "agent", Standings: members, Assist: true, Program: true,
		Title:   Text{"Vorrat zurückgenommen", "Stock withdrawn"},
		Explain: Text{"Eine Angabe zum Vorrat gilt nicht mehr.", "A statement about stock no longer holds."},
		Fields:  []Field{fieldAgent, {Name: "stock", Kind: KindEntry}},
	},
	{
		ID: "catalogue.state", About: "agent", Standings: members, Assist: true, Program: true,
		Title:   Text{"Katalog", "Catalogue"},
		Explain: Text{"Güter, Arten, Eigenschaften, Orte, Wege, Maschinen, Handel, Grenzen, Annahmen: eine Zeile einer Tabelle.", "Products, kinds, properties, sites, links, machines, trade, limits, assumptions: a row of a table."},
		Fields:  append([]Field{{Name: "table", Kind: KindName}}, statedFields...), Payloads: []string{"what", "note"},
	},
	{
		ID: "catalogue.withdraw", About: "agent", Standings: members, Assist: true, Program: true,
		Title:   Text{"Katalogzeile zurückgenommen", "Catalogue row withdrawn"},
		Explain: Text{"Eine eigene Zeile gilt nicht mehr.", "A row of one's own no longer holds."},
		Fields:  []Field{fieldAgent, {Name: "row", Kind: KindEntry}},
	},
	{
		ID: "figure.state", About: aboutGroup, Consequence: true, Act: true, Standings: members,
		Title:   Text{"Zahl je Kopf", "Figure per head"},
		Explain: Text{"Eine Gruppe beschließt, was für Mitglieder gilt, die nichts gesagt und nicht abgelehnt haben.", "A group decides what holds for members who said nothing and did not decline."},
		Fields: []Field{
			fieldGroup,
			{Name: "product", Kind: KindName},
			{Name: "quantity", Kind: KindDecimal},
			{Name: "unit", Kind: KindName},
			{Name: "urgency", Kind: KindName},
			{Name: "window", Kind: KindRow, Optional: true},
			{Name: "replaces", Kind: KindEntry, Optional: true},
		},
		Payloads: []string{"reason"},
	},
	{
		ID: "figure.decline", About: aboutSelf, Standings: signedUp, Assist: true,
		Title:    Text{"Zahl je Kopf abgelehnt", "Figure per head declined"},
		Explain:  Text{"Für diese Person gilt die Zahl ihrer Gruppe nicht. Welche, bleibt nichtöffentlich.", "The group's figure does not hold for this person. Which one stays private."},
		Payloads: []string{"figure"}, Needs: []string{"figure"},
	},
	{
		ID: "decline.withdraw", About: aboutSelf, Standings: signedUp, Assist: true,
		Title:   Text{"Zahl je Kopf doch angenommen", "Figure per head accepted again"},
		Explain: Text{"Eine eigene Ablehnung gilt nicht mehr: Die Zahl der Gruppe gilt wieder für die Person.", "What one declined is accepted after all: the group's figure holds for the person again."},
		Fields:  []Field{{Name: "decline", Kind: KindEntry}},
	},
}

// statedFields are those of a statement by an agent. Persons state nothing in
// public: their row is the payload "what", and field "row" is missing.
var statedFields = []Field{fieldAgent, {Name: "row", Kind: KindRow, Optional: true}, {Name: "replaces", Kind: KindEntry, Optional: true}}

// flowFields say what is promised or happened between two agents.
var flowFields = []Field{
	{Name: "action", Kind: KindChoice, Choices: actionNames(), Optional: true},
	{Name: "provider", Kind: KindAgent, Optional: true},
	{Name: "receiver", Kind: KindAgent, Optional: true},
	{Name: "product", Kind: KindName, Optional: true},
	{Name: "quantity", Kind: KindDecimal, Optional: true},
	{Name: "unit", Kind: KindName, Optional: true},
	{Name: "effort", Kind: KindDecimal, Optional: true},
	{Name: "effort-unit", Kind: KindName, Optional: true},
	{Name: "site", Kind: KindName, Optional: true},
	{Name: "to-site", Kind: KindName, Optional: true},
	{Name: "stock", Kind: KindName, Optional: true},
	{Name: "to-stock", Kind: KindName, Optional: true},
	{Name: "process", Kind: KindName, Optional: true},
	{Name: "plan", Kind: KindEntry, Optional: true},
}

var doingTypes = []Type{
	{
		ID: "commitment.make", About: "agent", Consequence: true, Standings: members,
		Title:   Text{"Zusage", "Commitment"},
		Explain: Text{"Wer handelt, sagt zu. Ein Plan ist nur ein Vorschlag. Was eine Person zusagt, bleibt nichtöffentlich.", "Whoever acts commits. A plan is only a proposal. What a person commits to stays private."},
		Fields:  append([]Field{fieldAgent, {Name: "due", Kind: KindTime, Optional: true}}, flowFields...), Payloads: []string{"what", "note"},
	},
	{
		ID: "commitment.accept", About: aboutCommitment, Consequence: true, Standings: members,
		Title:   Text{"Zusage angenommen", "Commitment accepted"},
		Explain: Text{"Wer empfängt, nimmt die Zusage an; nun steht sie in jedem neuen Plan fest.", "Whoever receives accepts the commitment; now it stands in every new plan."},
		Fields:  []Field{fieldCommit},
	},
	{
		ID: "commitment.withdraw", About: aboutCommitment, Consequence: true, Standings: members,
		Title:   Text{"Zusage zurückgenommen", "Commitment withdrawn"},
		Explain: Text{"Wer zugesagt hat, kann oder will nicht mehr; das sehen alle, die es betrifft.", "Whoever committed can or will no longer; all whom it concerns see it."},
		Fields:  []Field{fieldCommit}, Payloads: []string{"reason"},
	},
	{
		ID: "commitment.release", About: aboutCommitment, Standings: members,
		Title:   Text{"Aus der Zusage entlassen", "Released from a commitment"},
		Explain: Text{"Wer empfängt, besteht nicht mehr darauf.", "Whoever receives no longer insists."},
		Fields:  []Field{fieldCommit},
	},
	{
		ID: "event.record", About: "agent", Standings: members, Assist: true, Program: true,
		Title:   Text{"Ereignis", "Event"},
		Explain: Text{"Was wirklich geschah: eine der 19 Handlungen von Valueflows. Nie geändert, nur durch ein neues Ereignis berichtigt.", "What really happened: one of the 19 actions of Valueflows. Never edited, only corrected by a new event."},
		Fields: append([]Field{
			fieldAgent,
			{Name: "at", Kind: KindTime, Optional: true},
			{Name: "corrects", Kind: KindEntry, Optional: true},
			{Name: "fulfils", Kind: KindEntry, Optional: true},
		}, flowFields...), Payloads: []string{"what", "note"},
	},
	{
		ID: "plan.adopt", About: aboutNetwork, Consequence: true, Stoppable: true,
		Title:   Text{"Plan angenommen", "Plan adopted"},
		Explain: Text{"Der Vorschlag, an dem sich alle ausrichten; er befiehlt niemandem. Netz und Plan sind durch Hashes gebunden.", "The proposal that all go by; it commands nobody. Network and plan are bound by hashes."},
		Fields: []Field{
			{Name: "plan", Kind: KindHash},
			{Name: "network", Kind: KindHash},
			{Name: "program", Kind: KindName},
			{Name: "from", Kind: KindTime},
			fieldUntil,
			{Name: "status", Kind: KindChoice, Choices: []string{"optimal", "stopped"}},
		},
		Payloads: []string{"reason"},
	},
}
