package network

// What moves and what bounds it: storage, links, returns, trade, money, limits,
// commitments; and what statements rest on.

var storageTable = Table{
	Name: "storage", Title: DeEn{"Lager", "Storage"}, Key: []string{"site", "what"},
	Explain: DeEn{"Was an einem Ort gelagert werden kann und was es kostet.", "What can be kept at a site and what that costs."},
	Columns: []Column{
		{Name: "site", Type: TypeRef, Refs: []string{"sites"}, Required: true, De: Words{"ort", "wo"}, En: Words{"site", "where"}},
		{Name: "what", Type: TypeRef, Refs: []string{"products", "kinds"}, Rule: DeEn{"alles zusammen, nach Gewicht in t", "all together, by weight in t"}, De: Words{"was", "Gut oder Art"}, En: Words{"what", "product or kind"}},
		{Name: "capacity", Type: TypeNumber, Unit: "of what, or t", Rule: DeEn{"keine Grenze", "no bound"}, De: Words{"kapazität", "in der Einheit des Gutes oder der Art, sonst t"}, En: Words{"capacity", "in the unit of the product or kind, else t"}},
		{Name: "loss", Type: TypeShare, Unit: "share per period", Rule: DeEn{"der des Gutes", "the product's"}, De: Words{"schwund", "Anteil, der je Zeitabschnitt verdirbt"}, En: Words{"loss", "share lost per period"}},
		{Name: "money", Type: TypeNumber, Signed: true, Unit: "money per unit and period", Default: "0", De: Words{"geld", "je Einheit, die am Ende eines Zeitabschnitts da ist"}, En: Words{"money", "per unit there at the end of a period"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Storage { return &n.Storage }),
}

var linksTable = Table{
	Name: "links", Title: DeEn{"Wege", "Links"}, Key: []string{"id"},
	Explain: DeEn{"Wege zwischen zwei Orten: was sie tragen, wie viel, wie lange und für wie viel.", "Ways between two sites: what they carry, how much, how long and for how much."},
	Columns: []Column{
		optionalID("kurzer Name", "short name", "from-to, danach mode und what, wo es mehrere gibt", "from-to, then mode and what where there are several"),
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, De: Words{"wer", "wer fährt; dessen Arbeitsangebote werden gebraucht"}, En: Words{"agent", "who carries; its work offers are used"}},
		{Name: "from", Type: TypeRef, Refs: []string{"sites"}, Required: true, De: Words{"von", "Ort"}, En: Words{"from", "site"}},
		{Name: "to", Type: TypeRef, Refs: []string{"sites"}, Required: true, De: Words{"nach", "Ort"}, En: Words{"to", "site"}},
		{Name: "two_way", Type: TypeFlag, Default: "no", De: Words{"beidseitig", "auch zurück"}, En: Words{"two_way", "also back"}},
		{Name: "mode", Type: TypeID, De: Words{"mittel", "Lieferwagen, Lastenrad; link_flows kann davon sprechen"}, En: Words{"mode", "van, cargo bike; link_flows may speak of it"}},
		{Name: "what", Type: TypeRef, Refs: []string{"products", "kinds"}, Rule: DeEn{"alles, was sich über Wege bewegt", "every product that moves by link"}, De: Words{"was", "Gut oder Art"}, En: Words{"what", "product or kind"}},
		{Name: "km", Type: TypeNumber, Unit: "km", Default: "0", De: Words{"strecke", "Länge"}, En: Words{"km", "length"}},
		{Name: "capacity", Type: TypeNumber, Unit: "kg per period", Rule: DeEn{"keine Grenze", "no bound"}, De: Words{"kapazität", "bei einem einzelnen Gut ohne Gewicht in dessen Einheit"}, En: Words{"capacity", "of one product without weight: in its unit"}},
		{Name: "delay", Type: TypeCount, Unit: "periods", Default: "0", De: Words{"dauer", "Zeitabschnitte unterwegs"}, En: Words{"delay", "periods on the way"}},
		{Name: "money", Type: TypeNumber, Signed: true, Unit: "money per t", Default: "0", De: Words{"geld", "bei einem Gut ohne Gewicht je Einheit"}, En: Words{"money", "of a product without weight: per unit"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Link { return &n.Links }),
}

var linkFlowsTable = Table{
	Name: "link_flows", Title: DeEn{"Wegaufwand", "Link flows"},
	Explain: DeEn{"Was es braucht, eine Tonne zu tragen: Arbeit, Energie, Naturgüter.", "What carrying one tonne takes: work, energy, impacts."},
	Columns: []Column{
		{Name: "link", Type: TypeRef, Refs: []string{"links", "modes"}, Required: true, De: Words{"weg", "ein Weg oder ein Mittel"}, En: Words{"link", "a link or a mode"}},
		{
			Name: "direction", Type: TypeChoice, Required: true, Choices: []Choice{{"in", "ein"}, {"work", "arbeit"}, {"impact", "naturgut"}},
			De: Words{"richtung", "in: Gut verbraucht; work: Stunden dessen, der fährt; impact: Naturgut"}, En: Words{"direction", "in: a product consumed; work: hours of the carrier; impact: of a natural good"},
		},
		{Name: "what", Type: TypeRef, Refs: []string{"products", "skills", "impacts"}, Required: true, De: Words{"was", "Gut, Fertigkeit oder Naturgut"}, En: Words{"what", "product, skill or impact"}},
		{Name: "per_t", Type: TypeNumber, Unit: "of what per t", Default: "0", De: Words{"je_t", "je Tonne"}, En: Words{"per_t", "per tonne"}},
		{Name: "per_t_km", Type: TypeNumber, Unit: "of what per t and km", Default: "0", De: Words{"je_t_km", "je Tonne und Kilometer"}, En: Words{"per_t_km", "per tonne and kilometre"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]LinkFlow { return &n.LinkFlows }),
}

var returnsTable = Table{
	Name: "returns", Title: DeEn{"Rückläufe", "Returns"}, Key: []string{"product", "returned", "offset"},
	Explain: DeEn{"Was am Ort des Verbrauchs zurückkommt: Gläser, Schalen.", "What comes back at the site of consumption: jars, peelings."},
	Columns: []Column{
		{Name: "product", Type: TypeRef, Refs: []string{"products"}, Required: true, De: Words{"gut", "was verbraucht wird"}, En: Words{"product", "what is consumed"}},
		{Name: "returned", Type: TypeRef, Refs: []string{"products"}, Required: true, De: Words{"zurück", "was zurückkommt"}, En: Words{"returned", "what comes back"}},
		{Name: "quantity", Type: TypeNumber, Unit: "of the returned, per unit consumed", Default: "0", De: Words{"menge", "je verbrauchter Einheit"}, En: Words{"quantity", "per unit consumed"}},
		{Name: "offset", Type: TypeCount, Unit: "periods", Default: "0", De: Words{"versatz", "Zeitabschnitte später"}, En: Words{"offset", "periods later"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Return { return &n.Returns }),
}

var tradeTable = Table{
	Name: "trade", Title: DeEn{"Handel", "Trade"}, Key: []string{"id"},
	Explain: DeEn{"Was man außerhalb des Netzwerks kaufen oder verkaufen kann.", "What can be bought from or sold to the world outside."},
	Columns: []Column{
		optionalID("kurzer Name", "short name", "type:product:site, bei mehreren nach Preis nummeriert", "type:product:site, numbered by price when there are several"),
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, Rule: DeEn{"das Netzwerk", "the network"}, De: Words{"wer", "aus wessen Budget"}, En: Words{"agent", "whose budget"}},
		{Name: "site", Type: TypeRef, Refs: []string{"sites"}, Rule: DeEn{"der des Mitglieds, oder der einzige", "the agent's, or the only one"}, De: Words{"ort", "wo geliefert oder geholt wird"}, En: Words{"site", "where it is delivered or fetched"}},
		{Name: "type", Type: TypeChoice, Required: true, Choices: []Choice{{"buy", "kauf"}, {"sell", "verkauf"}}, De: Words{"typ", "kaufen oder verkaufen"}, En: Words{"type", "buy or sell"}},
		{Name: "product", Type: TypeRef, Refs: []string{"products"}, Required: true, De: Words{"gut", "das Gut"}, En: Words{"product", "the product"}},
		{Name: "price", Type: TypeNumber, Signed: true, Unit: "money per unit", Default: "0", De: Words{"preis", "je Einheit, mit Steuer"}, En: Words{"price", "per unit, tax included"}},
		{Name: "tax", Type: TypeShare, Default: "0", De: Words{"steuer", "Anteil des Preises, der Steuer ist"}, En: Words{"tax", "share of the price that is tax"}},
		{Name: "dated", Type: TypeDate, De: Words{"stand", "Tag des Preises"}, En: Words{"dated", "the price's date"}},
		profileColumn("Faktor auf den Preis", "factor on the price"),
		periodsColumn("wann", "when"),
		{Name: "most", Type: TypeNumber, Unit: "units per period", Rule: DeEn{"keine Grenze", "no bound"}, De: Words{"höchstens", "je Zeitabschnitt"}, En: Words{"most", "per period"}},
		{Name: "total", Type: TypeNumber, Unit: "units", Rule: DeEn{"keine Grenze", "no bound"}, De: Words{"gesamt", "über alle Zeitabschnitte höchstens"}, En: Words{"total", "at most over all periods"}},
		{Name: "pack", Type: TypeNumber, Unit: "units", Default: "0", De: Words{"gebinde", "nur in Vielfachen davon; 0: beliebig"}, En: Words{"pack", "comes in multiples of this; 0: any"}},
		{Name: "least", Type: TypeNumber, Unit: "units", Default: "0", De: Words{"mindestens", "kleinste Bestellung"}, En: Words{"least", "least order"}},
		{Name: "deadline", Type: TypeCount, Unit: "days", Default: "0", De: Words{"bestellfrist", "Tage vor dem Zeitabschnitt"}, En: Words{"deadline", "days before the period by which it must be ordered"}},
		{Name: "delay", Type: TypeCount, Unit: "periods", Default: "0", De: Words{"lieferzeit", "Zeitabschnitte von der Bestellung bis zur Lieferung"}, En: Words{"delay", "periods from order to delivery"}},
		{Name: "article", Type: TypeText, De: Words{"artikel", "Nummer beim Lieferanten"}, En: Words{"article", "the supplier's number"}},
		{Name: "supplier", Type: TypeText, De: Words{"lieferant", "von wem"}, En: Words{"supplier", "from whom"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Trade { return &n.Trade }),
}

var budgetsTable = Table{
	Name: "budgets", Title: DeEn{"Budgets", "Budgets"},
	Explain: DeEn{"Geld: Anfangsstand und Einkommen je Zeitabschnitt; es wird nie negativ.", "Money: opening balance and income per period; it never falls below zero."},
	Columns: []Column{
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, Rule: DeEn{"das Netzwerk", "the network"}, De: Words{"wer", "wessen"}, En: Words{"agent", "whose"}},
		{Name: "opening", Type: TypeNumber, Unit: "money", Default: "0", De: Words{"anfang", "am Anfang da"}, En: Words{"opening", "there at the start"}},
		{Name: "income", Type: TypeNumber, Unit: "money per period", Default: "0", De: Words{"einkommen", "je Zeitabschnitt"}, En: Words{"income", "per period"}},
		periodsColumn("wann das Einkommen kommt", "when the income comes"),
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Budget { return &n.Budgets }),
}

var limitsTable = Table{
	Name: "limits", Title: DeEn{"Grenzen", "Limits"}, Key: []string{"id"},
	Explain: DeEn{"Was von einem Naturgut nicht überschritten werden darf.", "What must not be exceeded of an impact."},
	Columns: []Column{
		optionalID("kurzer Name", "short name", "what, oder what:agent", "what, or what:agent"),
		{Name: "what", Type: TypeRef, Refs: []string{"impacts"}, Required: true, De: Words{"was", "das Naturgut"}, En: Words{"what", "the impact"}},
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, Rule: DeEn{"alle zusammen", "all together"}, De: Words{"wer", "wessen"}, En: Words{"agent", "whose"}},
		{Name: "quantity", Type: TypeNumber, Signed: true, Unit: "of the impact", Default: "0", De: Words{"menge", "höchstens"}, En: Words{"quantity", "at most"}},
		unitColumn("die des Naturguts", "the impact's"),
		basisColumn(DeEn{"total: über alle genannten zusammen", "total: over all periods named"}, Choice{"period", "zeitabschnitt"}, Choice{"total", "gesamt"}),
		periodsColumn("wann", "when"),
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Limit { return &n.Limits }),
}

var commitmentsTable = Table{
	Name: "commitments", Title: DeEn{"Zusagen", "Commitments"}, Key: []string{"id"},
	Explain: DeEn{"Was versprochen oder begonnen ist und im neuen Plan stehen muss.", "What has been promised or begun and must stand in the plan."},
	Columns: []Column{
		optionalID("kurzer Name", "short name", "type:of, bei mehreren nummeriert", "type:of, numbered when there are several"),
		{
			Name: "type", Type: TypeChoice, Required: true, Choices: []Choice{{"runs", "durchläufe"}, {"delivery", "lieferung"}, {"transfer", "transport"}, {"purchase", "kauf"}, {"sale", "verkauf"}, {"stock", "vorrat"}, {"work", "arbeit"}},
			De: Words{"typ", "was zugesagt ist"}, En: Words{"type", "what was promised"},
		},
		{Name: "of", Type: TypeRef, Refs: []string{"recipes", "needs", "links", "trade", "sites", "work"}, Required: true, De: Words{"von", "Rezept, Bedürfnis, Weg, Handel, Ort oder Arbeitsangebot"}, En: Words{"of", "recipe, need, link, trade, site or work offer"}},
		{Name: "product", Type: TypeRef, Refs: []string{"products"}, De: Words{"gut", "bei transfer und stock: das Gut"}, En: Words{"product", "for transfer and stock: the product"}},
		{Name: "least", Type: TypeNumber, Rule: DeEn{"ohne", "none"}, De: Words{"mindestens", "in jedem Zeitabschnitt"}, En: Words{"least", "in each period"}},
		{Name: "most", Type: TypeNumber, Rule: DeEn{"ohne", "none"}, De: Words{"höchstens", "in jedem Zeitabschnitt"}, En: Words{"most", "in each period"}},
		periodsColumn("wann", "when"),
		{Name: "agent", Type: TypeRef, Refs: []string{"agents"}, De: Words{"wer", "wer es zugesagt hat"}, En: Words{"agent", "who promised"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Commitment { return &n.Commitments }),
}

var assumptionsTable = Table{
	Name: "assumptions", Title: DeEn{"Annahmen", "Assumptions"}, Key: []string{"id"},
	Explain: DeEn{"Zahlen und Tatsachen, auf denen Aussagen ruhen.", "Figures and facts that statements rest on."},
	Columns: []Column{
		idColumn("kurzer Name", "short name"),
		{Name: "statement", Type: TypeText, Required: true, De: Words{"aussage", "was angenommen wird"}, En: Words{"statement", "what is assumed"}},
		{Name: "evidence", Type: TypeText, De: Words{"beleg", "worauf es beruht"}, En: Words{"evidence", "what it rests on"}},
		{Name: "holder", Type: TypeRef, Refs: []string{"agents"}, De: Words{"wer", "wer sie vertritt"}, En: Words{"holder", "who holds it"}},
		{Name: "review", Type: TypeDate, De: Words{"überprüfung", "wann sie wieder angesehen wird"}, En: Words{"review", "when it is looked at again"}},
		{Name: "concerns", Type: TypeText, De: Words{"betrifft", "Kennungen der Zeilen, die darauf ruhen, durch Leerzeichen getrennt"}, En: Words{"concerns", "IDs of rows that rest on it, separated by blanks"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Assumption { return &n.Assumptions }),
}

var sourcesTable = Table{
	Name: "sources", Title: DeEn{"Quellen", "Sources"}, Key: []string{"id"},
	Explain: DeEn{"Woher Zahlen kommen.", "Where figures come from."},
	Columns: []Column{
		idColumn("kurzer Name", "short name"),
		{Name: "citation", Type: TypeText, De: Words{"angabe", "was es ist"}, En: Words{"citation", "what it is"}},
		{Name: "licence", Type: TypeText, De: Words{"lizenz", "unter welcher Lizenz"}, En: Words{"licence", "under which licence"}},
		{Name: "url", Type: TypeText, De: Words{"adresse", "wo es zu finden ist"}, En: Words{"url", "where it is found"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Source { return &n.Sources }),
}
