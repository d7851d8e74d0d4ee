package network

// What is needed and how it is made: needs and what belongs to them, recipes, work, stocks.

func basisColumn(total DeEn, choices ...Choice) Column {
	return Column{
		Name: "basis", Type: TypeChoice, Default: "period", Choices: choices,
		De: Words{"bezug", "period: in jedem Zeitabschnitt; " + total.De}, En: Words{"basis", "period: in each period; " + total.En},
	}
}

var needsTable = Table{
	Name: "needs", Title: DeEn{"Bedürfnisse", "Needs"},
	Explain: DeEn{
		"Was jemand braucht: ein Gut, eine Art oder eine Eigenschaft. Mehrere Zeilen derselben Kennung sind ein Bedürfnis in verschiedenen Zeiten.",
		"What someone needs: a product, a kind or a property. Rows of the same ID are one need at different times.",
	},
	Columns: []Column{
		optionalID("kurzer Name", "short name", "agent:what", "agent:what"),
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, Required: true, De: Words{"wer", "wer es braucht"}, En: Words{"agent", "who needs it"}},
		{Name: "what", Type: TypeRef, Refs: []string{"products", "kinds", "properties"}, Required: true, De: Words{"was", "Gut, Art oder Eigenschaft"}, En: Words{"what", "product, kind or property"}},
		{
			Name: "of", Type: TypeRef, Refs: []string{"kinds", "products"}, Rule: DeEn{"jedes Gut, das die Eigenschaft hat", "every product that contains the property"},
			De: Words{"von", "bei einer Eigenschaft: nur Güter dieser Art zählen"}, En: Words{"of", "for a property: only members of this kind count"},
		},
		{Name: "quantity", Type: TypeNumber, Unit: "of what", Default: "0", De: Words{"menge", "was gewollt ist; bei einer Eigenschaft mindestens"}, En: Words{"quantity", "what is wanted; of a property at least"}},
		{Name: "maximum", Type: TypeNumber, Unit: "of what", Default: "0", De: Words{"höchstens", "bei einer Eigenschaft höchstens, fest; 0: ohne"}, En: Words{"maximum", "of a property at most, hard; 0: none"}},
		unitColumn("die von what", "that of what"),
		{Name: "per_person", Type: TypeFlag, Default: "no", De: Words{"je_person", "Mengen gelten je Kopf"}, En: Words{"per_person", "quantities are per head"}},
		basisColumn(DeEn{"day: an jedem Tag; total: über alle genannten Zeitabschnitte zusammen", "day: on each day; total: over all periods named"},
			Choice{"period", "zeitabschnitt"}, Choice{"day", "tag"}, Choice{"total", "gesamt"}),
		periodsColumn("wann", "when"),
		profileColumn("Faktor je Zeitabschnitt", "factor by period"),
		{
			Name: "urgency", Type: TypeRef, Refs: []string{"urgencies"}, Rule: DeEn{"die zweite Stufe des Netzwerks", "the network's second level"},
			De: Words{"dringlichkeit", "wie dringend, nach eigener Aussage"}, En: Words{"urgency", "how urgent, as said by who has the need"},
		},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Need { return &n.Needs }),
}

var preferencesTable = Table{
	Name: "preferences", Title: DeEn{"Vorlieben", "Preferences"}, Key: []string{"agent", "kind", "product"},
	Explain: DeEn{"Vorlieben Einzelner unter den Gütern einer Art.", "One agent's preferences among the members of a kind."},
	Columns: []Column{
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, Required: true, De: Words{"wer", "wessen"}, En: Words{"agent", "whose"}},
		{Name: "kind", Type: TypeRef, Refs: []string{"kinds"}, Required: true, De: Words{"art", "die Art"}, En: Words{"kind", "the kind"}},
		{Name: "product", Type: TypeRef, Refs: []string{"products", "kinds"}, Required: true, De: Words{"gut", "das Gut"}, En: Words{"product", "the product"}},
		{Name: "rate", Type: TypeNumber, Default: "0", De: Words{"satz", "wie in kinds, nur für dieses Mitglied; 0: wie dort"}, En: Words{"rate", "as in kinds, for this agent only; 0: as there"}},
		{Name: "preference", Type: TypeShare, Default: "1", De: Words{"vorliebe", "0 bis 1"}, En: Words{"preference", "0 to 1"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Preference { return &n.Preferences }),
}

func leastColumn(de, en string) Column {
	return Column{Name: "least", Type: TypeNumber, Signed: true, Rule: DeEn{"ohne", "none"}, De: Words{"mindestens", de}, En: Words{"least", en}}
}

func mostColumn(de, en string) Column {
	return Column{Name: "most", Type: TypeNumber, Signed: true, Rule: DeEn{"ohne", "none"}, De: Words{"höchstens", de}, En: Words{"most", en}}
}

var ratiosTable = Table{
	Name: "ratios", Title: DeEn{"Verhältnisse", "Ratios"}, Key: []string{"id"},
	Explain: DeEn{"Feste Grenzen für das Verhältnis zweier Eigenschaften in allem, was jemand in einem Zeitabschnitt nimmt.", "Hard bounds on the ratio of two properties in all that an agent takes in a period."},
	Columns: []Column{
		optionalID("kurzer Name", "short name", "agent:property/to", "agent:property/to"),
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, Required: true, De: Words{"wer", "wessen"}, En: Words{"agent", "whose"}},
		{Name: "property", Type: TypeRef, Refs: []string{"properties"}, Required: true, De: Words{"eigenschaft", "die eine"}, En: Words{"property", "the one"}},
		{Name: "to", Type: TypeRef, Refs: []string{"properties"}, Required: true, De: Words{"zu", "die andere"}, En: Words{"to", "the other"}},
		{Name: "of", Type: TypeRef, Refs: []string{"kinds", "products"}, Rule: DeEn{"alles Genommene", "all that is taken"}, De: Words{"von", "nur Güter dieser Art zählen"}, En: Words{"of", "only members of this kind count"}},
		leastColumn("property ≥ least · to", "property ≥ least · to"),
		mostColumn("property ≤ most · to", "property ≤ most · to"),
		periodsColumn("wann", "when"),
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Ratio { return &n.Ratios }),
}

var allowancesTable = Table{
	Name: "allowances", Title: DeEn{"Freimengen", "Allowances"}, Key: []string{"what", "urgency"},
	Explain: DeEn{
		"Bis zu welcher Menge je Kopf und Zeitabschnitt ein Bedürfnis mit der genannten Dringlichkeit zählt; was darüber ist, zählt eine Stufe tiefer.",
		"Up to what amount per head and period a need counts at its stated urgency; what is above counts one level lower.",
	},
	Columns: []Column{
		{Name: "what", Type: TypeRef, Refs: []string{"products", "kinds", "properties"}, Required: true, De: Words{"was", "Gut, Art oder Eigenschaft"}, En: Words{"what", "product, kind or property"}},
		{Name: "urgency", Type: TypeRef, Refs: []string{"urgencies"}, Required: true, De: Words{"dringlichkeit", "die Stufe"}, En: Words{"urgency", "the level"}},
		{Name: "quantity", Type: TypeNumber, Unit: "of what, per head and period", Default: "0", De: Words{"menge", "je Kopf und Zeitabschnitt"}, En: Words{"quantity", "per head and period"}},
		unitColumn("die von what", "that of what"),
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Allowance { return &n.Allowances }),
}

var recipesTable = Table{
	Name: "recipes", Title: DeEn{"Rezepte", "Recipes"}, Key: []string{"id"},
	Explain: DeEn{"Wer etwas macht, wo, und wann es beginnen darf. Was hinein- und herausgeht, steht in flows.", "Who makes something, where, and when it may begin. What goes in and out stands in flows."},
	Columns: []Column{
		idColumn("kurzer Name", "short name"),
		nameColumn(),
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, Required: true, De: Words{"wer", "wer es macht"}, En: Words{"agent", "who makes it"}},
		{Name: "site", Type: TypeRef, Refs: []string{"sites"}, Rule: DeEn{"der des Mitglieds", "the agent's"}, De: Words{"ort", "wo"}, En: Words{"site", "where"}},
		{Name: "unit", Type: TypeText, De: Words{"einheit", "was ein Durchlauf ist: ha, Blech, kg"}, En: Words{"unit", "what one run is: ha, batch, kg"}},
		{Name: "starts", Type: TypePeriods, Rule: DeEn{"alle", "all"}, De: Words{"beginn", "Zeitabschnitte, in denen ein Durchlauf beginnen darf"}, En: Words{"starts", "periods in which a run may begin"}},
		{Name: "least", Type: TypeNumber, Unit: "runs per period", Default: "0", De: Words{"mindestens", "Durchläufe je Zeitabschnitt"}, En: Words{"least", "runs per period"}},
		{Name: "most", Type: TypeNumber, Unit: "runs per period", Default: "0", De: Words{"höchstens", "Durchläufe je Zeitabschnitt; 0: keine eigene Grenze"}, En: Words{"most", "runs per period; 0: no bound of its own"}},
		{Name: "season", Type: TypeRef, Refs: []string{"profiles"}, De: Words{"saison", "Verlauf von most; wo er 0 ist, beginnt nichts"}, En: Words{"season", "profile on most; where it is 0 nothing starts"}},
		{Name: "batch", Type: TypeNumber, Unit: "runs", Default: "0", De: Words{"charge", "Durchläufe nur in Vielfachen davon; 0: beliebig"}, En: Words{"batch", "runs come in multiples of this; 0: any"}},
		{Name: "money", Type: TypeNumber, Signed: true, Unit: "money per run", Default: "0", De: Words{"geld", "Ausgabe je Durchlauf, in dem Zeitabschnitt, in dem er beginnt"}, En: Words{"money", "spent per run, in the period it starts"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Recipe { return &n.Recipes }),
}

var flowsTable = Table{
	Name: "flows", Title: DeEn{"Flüsse", "Flows"},
	Explain: DeEn{"Was ein Rezept je Durchlauf nimmt, nutzt, an Arbeit braucht, gibt und belastet.", "What a recipe takes, uses, needs in work, gives and burdens per run."},
	Columns: []Column{
		{Name: "recipe", Type: TypeRef, Refs: []string{"recipes"}, Required: true, De: Words{"rezept", "das Rezept"}, En: Words{"recipe", "the recipe"}},
		{
			Name: "direction", Type: TypeChoice, Required: true, Choices: []Choice{{"in", "ein"}, {"out", "aus"}, {"use", "nutzung"}, {"work", "arbeit"}, {"impact", "naturgut"}},
			De: Words{"richtung", "in: verbraucht; out: gemacht; use: dauerhaftes Gut belegt; work: Stunden einer Fertigkeit; impact: Naturgut"},
			En: Words{"direction", "in: consumed; out: produced; use: a durable occupied; work: hours of a skill; impact: of a natural good"},
		},
		{Name: "what", Type: TypeRef, Refs: []string{"products", "kinds", "skills", "impacts"}, Required: true, De: Words{"was", "Gut, Art (nur in: beliebige Mischung), Fertigkeit oder Naturgut"}, En: Words{"what", "product, kind (in only: any mix), skill or impact"}},
		{Name: "quantity", Type: TypeNumber, Signed: true, Unit: "of what, per run", Default: "0", De: Words{"menge", "je Durchlauf, in jedem Zeitabschnitt des Versatzes"}, En: Words{"quantity", "per run, in each period of the offset"}},
		unitColumn("die von what", "that of what"),
		{Name: "offset", Type: TypeSpan, Unit: "periods", Default: "0", De: Words{"versatz", "Zeitabschnitte nach dem Beginn: 0, 3-8, 0..25"}, En: Words{"offset", "periods after the start: 0, 3-8, 0..25"}},
		profileColumn("Faktor je Zeitabschnitt, in dem der Durchlauf beginnt", "factor by the period in which the run starts"),
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Flow { return &n.Flows }),
}

var blendsTable = Table{
	Name: "blends", Title: DeEn{"Mischungen", "Blends"}, Key: []string{"recipe", "kind", "property"},
	Explain: DeEn{"Grenzen für eine Eigenschaft der Mischung, die ein Rezept von einer Art nimmt.", "Bounds on a property of the mix that a recipe takes of a kind."},
	Columns: []Column{
		{Name: "recipe", Type: TypeRef, Refs: []string{"recipes"}, Required: true, De: Words{"rezept", "das Rezept"}, En: Words{"recipe", "the recipe"}},
		{Name: "kind", Type: TypeRef, Refs: []string{"kinds"}, Required: true, De: Words{"art", "die Art, die es nimmt"}, En: Words{"kind", "the kind it takes"}},
		{Name: "property", Type: TypeRef, Refs: []string{"properties"}, Required: true, De: Words{"eigenschaft", "die Eigenschaft je Einheit der Mischung"}, En: Words{"property", "the property per unit of the mix"}},
		leastColumn("im Mittel der Mischung", "in the mean of the mix"),
		mostColumn("im Mittel der Mischung", "in the mean of the mix"),
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Blend { return &n.Blends }),
}

var workTable = Table{
	Name: "work", Title: DeEn{"Arbeitsangebote", "Work"}, Key: []string{"id"},
	Explain: DeEn{"Stunden, die jemand zu arbeiten bereit ist. Stufen (zwei Stunden mehr, wenn es sein muss) sind eigene Zeilen.", "Hours someone is willing to work. Steps (two hours more if it must be) are rows of their own."},
	Columns: []Column{
		optionalID("kurzer Name", "short name", "agent:skill, bei mehreren nach Last nummeriert", "agent:skill, numbered by burden when there are several"),
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, Required: true, De: Words{"wer", "wer arbeitet"}, En: Words{"agent", "who works"}},
		{Name: "skill", Type: TypeRef, Refs: []string{"skills"}, Required: true, De: Words{"fertigkeit", "was für Arbeit"}, En: Words{"skill", "what work"}},
		{Name: "for", Type: TypeRef, Refs: []string{"agents"}, Rule: DeEn{"eine Organisation für sich selbst, andere für alle", "an organisation for itself, others for any"}, De: Words{"für", "Organisation, deren Arbeit es ist"}, En: Words{"for", "organisation whose work it is"}},
		{Name: "hours", Type: TypeNumber, Unit: "h per period", Default: "0", De: Words{"stunden", "je Zeitabschnitt, vom ganzen Mitglied"}, En: Words{"hours", "per period, of the whole agent"}},
		{Name: "burden", Type: TypeNumber, Default: "0", De: Words{"last", "0: gern, bis 10: kaum zumutbar"}, En: Words{"burden", "0: gladly, to 10: hardly bearable"}},
		periodsColumn("wann", "when"),
		profileColumn("Faktor auf die Stunden", "factor on the hours"),
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]WorkOffer { return &n.Work }),
}

var stocksTable = Table{
	Name: "stocks", Title: DeEn{"Vorräte", "Stocks"},
	Explain: DeEn{"Was am Anfang da ist und am Ende da sein soll. Bei einem dauerhaften Gut ist start seine Kapazität.", "What is there at the start and wanted at the end. Of a durable start is its capacity."},
	Columns: []Column{
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, De: Words{"wer", "wem es gehört"}, En: Words{"agent", "whose it is"}},
		{Name: "site", Type: TypeRef, Refs: []string{"sites"}, Rule: DeEn{"der des Mitglieds, oder der einzige", "the agent's, or the only one"}, De: Words{"ort", "wo"}, En: Words{"site", "where"}},
		{Name: "product", Type: TypeRef, Refs: []string{"products"}, Required: true, De: Words{"gut", "das Gut"}, En: Words{"product", "the product"}},
		{Name: "start", Type: TypeNumber, Unit: "of the product", Default: "0", De: Words{"anfang", "am Anfang da"}, En: Words{"start", "there at the start"}},
		{Name: "end", Type: TypeNumber, Unit: "of the product", Default: "0", De: Words{"ende", "am Ende gewollt"}, En: Words{"end", "wanted at the end"}},
		unitColumn("die des Gutes", "the product's"),
		{
			Name: "urgency", Type: TypeRef, Refs: []string{"urgencies"}, Rule: DeEn{"committed, wenn end genannt ist", "committed where end is stated"},
			De: Words{"dringlichkeit", "von end: eine Stufe, oder committed: muss sein"}, En: Words{"urgency", "of end: a level, or committed: must be"},
		},
		profileColumn("dauerhafte Güter: Faktor auf das Nutzbare", "durables: factor on what can be used"),
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Stock { return &n.Stocks }),
}
