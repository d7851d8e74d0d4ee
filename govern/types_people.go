package govern

var foundingTypes = []Type{
	{
		ID: "network.found", About: aboutNetwork, Consequence: true, Standings: newcomers,
		Title: Text{"Gründung", "Founding"},
		Explain: Text{
			"Drei oder mehr Personen gründen das Netzwerk: Name, Zweck, Regeln, Schlüssel. Alle unterschreiben diesen einen Eintrag.",
			"Three or more people found the network: name, purpose, rules, keys. All sign this one entry.",
		},
		Fields: []Field{
			{Name: "name", Kind: KindText, Max: 120},
			{Name: "purpose", Kind: KindText, Max: 4000},
			{Name: "rules", Kind: KindRules},
			{Name: "founders", Kind: KindFounders},
			{Name: "rp", Kind: KindName},
			{Name: "log-key", Kind: KindName},
			{Name: "operator", Kind: KindText, Max: 300},
			{Name: "origin", Kind: KindName, Optional: true},
			{Name: "size", Kind: KindEntry, Optional: true},
			{Name: "root", Kind: KindHash, Optional: true},
		},
		Payloads: []string{"name", "contact"},
	},
}

var joiningTypes = []Type{
	{
		ID: "invitation.issue", About: aboutNetwork, Standings: members,
		Title: Text{"Einladung", "Invitation"},
		Explain: Text{
			"Ein Mitglied lädt eine Person ein. Öffentlich ist nur der Hash des Codes; er gilt einmal.",
			"A member invites one person. Public is only the hash of the code, which works once.",
		},
		Fields:   []Field{{Name: "invitation", Kind: KindHash}},
		Payloads: []string{"note"},
	},
	{
		ID: "invitation.withdraw", About: aboutNetwork, Standings: members,
		Title:   Text{"Einladung zurückgenommen", "Invitation withdrawn"},
		Explain: Text{"Eine eigene offene Einladung gilt nicht mehr.", "An open invitation of one's own no longer holds."},
		Fields:  []Field{{Name: "invitation", Kind: KindHash}},
	},
	{
		ID: "guest.arrive", About: aboutSelf, Consequence: true, Standings: newcomers,
		Title: Text{"Ankunft als Gast", "Arrival as a guest"},
		Explain: Text{
			"Wer eingeladen ist, legt den Code vor und trägt eigene Schlüssel ein: Gast in der Gruppe der einladenden Person.",
			"Whoever is invited shows the code and enters keys of their own: a guest in the inviter's group.",
		},
		Fields: []Field{
			{Name: "code", Kind: KindBytes, Max: 64},
			{Name: "household", Kind: KindName},
			fieldKey, fieldPublic,
			{Name: "card", Kind: KindBytes, Max: 32},
			{Name: "rp", Kind: KindName},
		},
		Payloads: []string{"name", "contact"},
	},
	{
		ID: "vouch.give", About: aboutNetwork, Consequence: true, Standings: members,
		Title:   Text{"Bürgschaft", "Vouch"},
		Explain: Text{"Ein Mitglied bürgt dafür, dass ein Gast die ist, für die sie sich ausgibt, und mitmachen will.", "A member vouches that a guest is who they say, and wants to take part."},
		Fields:  []Field{fieldGuest},
	},
	{
		ID: "vouch.withdraw", About: aboutNetwork, Standings: members,
		Title:   Text{"Bürgschaft zurückgenommen", "Vouch withdrawn"},
		Explain: Text{"Eine Bürgschaft gilt nicht mehr, solange der Gast noch nicht Mitglied ist.", "A vouch no longer counts, as long as the guest is not yet a member."},
		Fields:  []Field{fieldGuest},
	},
	{
		ID: "joining.object", About: aboutNetwork, Standings: members,
		Title:    Text{"Einwand gegen eine Aufnahme", "Objection to joining"},
		Explain:  Text{"Ein Einwand mit Gründen. Er hält die Aufnahme auf, bis er zurückgenommen ist oder viele bürgen.", "An objection with reasons. It holds the joining up until it is withdrawn or many vouch."},
		Fields:   []Field{fieldGuest},
		Payloads: []string{"reason"}, Needs: []string{"reason"},
	},
	{
		ID: "joining.yield", About: aboutNetwork, Standings: members,
		Title:   Text{"Einwand zurückgenommen", "Objection withdrawn"},
		Explain: Text{"Wer eingewandt hat, nimmt es zurück.", "Whoever objected takes it back."},
		Fields:  []Field{fieldGuest},
	},
	{
		ID: "member.join", About: aboutSelf, Consequence: true, Standings: []Holder{Guest},
		Title:   Text{"Beitritt", "Joining"},
		Explain: Text{"Ein Gast wird Mitglied: genug Bürgschaften, die Einwandfrist vorbei.", "A guest becomes a member: enough vouches, and the time for objections is over."},
	},
	{
		ID: "member.leave", About: aboutSelf, Consequence: true, Standings: signedUp,
		Title:   Text{"Austritt", "Leaving"},
		Explain: Text{"Jederzeit möglich. Mandate, Einladungen und Zugangsschlüssel enden damit; Auskunft, Mitnehmen und Löschen bleiben.", "Possible at any time. Mandates, invitations and tokens end with it; reading one's own, carrying away and erasing stay."},
		Fields:  nil, Payloads: []string{"reason"},
	},
	{
		ID: "person.erase", About: aboutSelf, Consequence: true, Standings: everWas,
		Title:   Text{"Löschung", "Erasure"},
		Explain: Text{"Alles Nichtöffentliche der Person wird mit ihrem Schlüssel vernichtet. Wer noch nicht ausgetreten ist, tritt damit aus.", "All that is not public of the person is destroyed with their key. Whoever has not left yet leaves by it."},
	},
	{
		ID: "person.describe", About: aboutSelf, Standings: signedUp, Assist: true,
		Title: Text{"Name und Kontakt", "Name and contact"},
		Explain: Text{
			"Eine Person sagt, wie sie heißt und wie sie zu erreichen ist, an Stelle von allem, was sie dazu gesagt hat. Den Namen lesen Mitglieder und Gäste, den Kontakt niemand sonst; leer gelassen, ist nichts mehr angegeben.",
			"Somebody says what they are called and how to reach them, in place of whatever they said of it before. Members and guests read the name, nobody else the contact; left empty, nothing is given any more.",
		},
		Payloads: []string{"name", "contact"},
	},
	{
		ID: "household.move", About: aboutSelf, Standings: members,
		Title:   Text{"Haushalt", "Household"},
		Explain: Text{"Ein Mitglied lebt jetzt in einem anderen Haushalt.", "A member now lives in another household."},
		Fields:  []Field{{Name: "household", Kind: KindName}},
	},
	{
		ID: "group.found", About: aboutNetwork, Standings: members,
		Title:   Text{"Gruppe gegründet", "Group founded"},
		Explain: Text{"Eine neue Gruppe; wer sie gründet, gehört von da an zu ihr.", "A new group; whoever founds it belongs to it from then on."},
		Fields:  []Field{fieldGroup, {Name: "site", Kind: KindName, Optional: true}},
	},
	{
		ID: "group.enter", About: aboutSelf, Standings: members,
		Title:   Text{"Gruppe gewechselt", "Group entered"},
		Explain: Text{"Ein Mitglied gehört jetzt zu dieser Gruppe.", "A member now belongs to this group."},
		Fields:  []Field{fieldGroup},
	},
	{
		ID: "organisation.found", About: aboutNetwork, Consequence: true, Standings: members,
		Title:   Text{"Organisation eingetragen", "Organisation entered"},
		Explain: Text{"Ein Mitglied trägt seine Organisation ein und spricht eine Amtszeit lang für sie.", "A member enters their organisation and speaks for it for one term."},
		Fields:  []Field{{Name: "organisation", Kind: KindName}, {Name: "site", Kind: KindName, Optional: true}},
	},
	{
		ID: "organisation.admit", About: aboutFirm, Consequence: true,
		Title:   Text{"Zur Organisation gehörig", "Belongs to the organisation"},
		Explain: Text{"Wer für eine Organisation spricht, trägt ein, dass ein Mitglied zu ihr gehört; es muss es annehmen.", "Whoever speaks for an organisation enters that a member belongs to it; the member has to accept."},
		Fields:  []Field{{Name: "organisation", Kind: KindName}, {Name: "person", Kind: KindPerson}},
	},
	{
		ID: "organisation.enter", About: aboutNetwork, Standings: members,
		Title:   Text{"Zugehörigkeit angenommen", "Belonging accepted"},
		Explain: Text{"Ein Mitglied nimmt an, zu einer Organisation zu gehören.", "A member accepts to belong to an organisation."},
		Fields:  []Field{{Name: "organisation", Kind: KindName}},
	},
	{
		ID: "organisation.quit", About: aboutNetwork, Standings: members,
		Title:   Text{"Organisation verlassen", "Organisation left"},
		Explain: Text{"Ein Mitglied gehört nicht mehr zu einer Organisation.", "A member no longer belongs to an organisation."},
		Fields:  []Field{{Name: "organisation", Kind: KindName}},
	},
}

var keyTypes = []Type{
	{
		ID: "key.enrol", About: aboutSelf, Consequence: true, Standings: signedUp,
		Title:   Text{"Schlüssel eingetragen", "Key enrolled"},
		Explain: Text{"Ein weiteres Gerät oder eine neue gedruckte Karte, unterschrieben mit einem Schlüssel, der schon gilt.", "Another device or a new printed card, signed with a key that already counts."},
		Fields:  []Field{{Name: "kind", Kind: KindChoice, Choices: []string{"device", "card"}}, fieldKey, fieldPublic, {Name: "rp", Kind: KindName, Optional: true}},
	},
	{
		ID: "key.withdraw", About: aboutSelf, Consequence: true, Standings: signedUp,
		Title:   Text{"Schlüssel zurückgezogen", "Key withdrawn"},
		Explain: Text{"Ein eigener Schlüssel gilt nicht mehr; der letzte bleibt.", "A key of one's own no longer counts; the last one stays."},
		Fields:  []Field{fieldKey},
	},
	{
		ID: "trustees.name", About: aboutSelf, Consequence: true, Standings: signedUp,
		Title:   Text{"Vertrauenspersonen benannt", "Trustees named"},
		Explain: Text{"Zwei von ihnen können zusammen einen neuen Schlüssel eintragen, wenn alle verloren sind.", "Two of them together can enter a new key when all are lost."},
		Fields:  []Field{{Name: "trustees", Kind: KindPersons}},
	},
	{
		ID: "key.replace", About: aboutNetwork, Consequence: true, Act: true, Standings: members,
		Title:   Text{"Verlorener Schlüssel ersetzt", "Lost key replaced"},
		Explain: Text{"Zwei Vertrauenspersonen oder drei Mitglieder tragen einen neuen Schlüssel ein. Er gilt nach sieben Tagen, wenn der alte nicht widerspricht.", "Two trustees or three members enter a new key. It counts after seven days, unless the old one objects."},
		Fields:  []Field{{Name: "person", Kind: KindPerson}, fieldKey, fieldPublic, {Name: "rp", Kind: KindName}},
	},
	{
		ID: "key.object", About: aboutSelf, Consequence: true, Standings: signedUp,
		Title:   Text{"Widerspruch gegen einen neuen Schlüssel", "Objection to a new key"},
		Explain: Text{"Der alte Schlüssel widerspricht: der angekündigte neue wird nie gelten.", "The old key objects: the announced new one will never count."},
		Fields:  []Field{fieldKey},
	},
	{
		ID: "entry.disown", About: aboutSelf, Standings: everWas, Assist: true,
		Title:   Text{"Nicht von mir", "Not mine"},
		Explain: Text{"Ein Eintrag im eigenen Namen stammt nicht von der Person; er wirkt nicht weiter.", "An entry in one's name is not one's own; it has no further effect."},
		Fields:  []Field{{Name: "entry", Kind: KindEntry}}, Payloads: []string{"reason"},
	},
}

var helpTypes = []Type{
	{
		ID: "assistance.consent", About: aboutSelf, Standings: signedUp,
		Title:   Text{"Einwilligung in Hilfe", "Consent to help"},
		Explain: Text{"Eine Person willigt ein, dass ein Mitglied eine Zeit lang für sie einträgt.", "A person consents that a member enters things for them for a time."},
		Fields:  []Field{{Name: "helper", Kind: KindPerson}, fieldUntil},
	},
	{
		ID: "assistance.end", About: aboutSelf, Standings: signedUp, Assist: true,
		Title:   Text{"Einwilligung beendet", "Consent ended"},
		Explain: Text{"Die helfende Person trägt nicht mehr ein.", "The helper no longer enters anything."},
		Fields:  []Field{{Name: "helper", Kind: KindPerson}},
	},
	{
		ID: "token.grant", About: aboutSelf, Consequence: true, Standings: members,
		Title:   Text{"Zugangsschlüssel gegeben", "Access token granted"},
		Explain: Text{"Ein Programm darf bis zu einem Tag bestimmte Rechte für das Mitglied ausüben.", "A program may use certain rights for the member until a day."},
		Fields:  []Field{{Name: "token", Kind: KindHash}, {Name: "rights", Kind: KindNames}, fieldUntil}, Payloads: []string{"name"},
	},
	{
		ID: "token.revoke", About: aboutSelf, Standings: members,
		Title:   Text{"Zugangsschlüssel entzogen", "Access token revoked"},
		Explain: Text{"Das Programm darf nichts mehr.", "The program may do nothing any more."},
		Fields:  []Field{{Name: "token", Kind: KindHash}},
	},
}
