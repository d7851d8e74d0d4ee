package network

// What there is: properties, impacts, skills, sites, agents, products and what belongs to them.

var (
	noteColumn   = Column{Name: "note", Type: TypeText, De: Words{"bemerkung", "frei"}, En: Words{"note", "free text"}}
	sourceColumn = Column{
		Name: "source", Type: TypeText,
		De: Words{"quelle", "Kennung in sources, danach mit Doppelpunkt die Stelle; oder freier Text"},
		En: Words{"source", "ID in sources, then after a colon where in it; or free text"},
	}
)

func idColumn(de, en string) Column {
	return Column{Name: "id", Type: TypeID, Required: true, De: Words{"kennung", de}, En: Words{"id", en}}
}

func optionalID(de, en string, ruleDe, ruleEn string) Column {
	return Column{Name: "id", Type: TypeID, Rule: DeEn{ruleDe, ruleEn}, De: Words{"kennung", de}, En: Words{"id", en}}
}

func nameColumn() Column {
	return Column{
		Name: "name", Type: TypeText, Rule: DeEn{"die Kennung", "the ID"},
		De: Words{"name", "wie es auf Seiten und Listen heißt"}, En: Words{"name", "as shown on pages and lists"},
	}
}

func unitColumn(ofDe, ofEn string) Column {
	return Column{
		Name: "unit", Type: TypeText, Rule: DeEn{ofDe, ofEn},
		De: Words{"einheit", "Einheit der Mengen dieser Zeile; wird genau umgerechnet"},
		En: Words{"unit", "unit of this row's quantities; converted exactly"},
	}
}

func profileColumn(de, en string) Column {
	return Column{Name: "profile", Type: TypeRef, Refs: []string{"profiles"}, De: Words{"verlauf", de}, En: Words{"profile", en}}
}

func periodsColumn(de, en string) Column {
	return Column{Name: "periods", Type: TypePeriods, Rule: DeEn{"alle", "all"}, De: Words{"zeitraum", de}, En: Words{"periods", en}}
}

var propertiesTable = Table{
	Name: "properties", Title: DeEn{"Eigenschaften", "Properties"}, Key: []string{"id"},
	Explain: DeEn{"Was eine Einheit eines Gutes enthält: kcal, Eiweiß, Härte.", "What a unit of a product contains: kcal, protein, hardness."},
	Columns: []Column{
		idColumn("kurzer Name der Eigenschaft", "short name of the property"),
		nameColumn(),
		{Name: "unit", Type: TypeText, Required: true, De: Words{"einheit", "Einheit, in der sie gezählt wird: kcal, g"}, En: Words{"unit", "unit it is counted in: kcal, g"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Property { return &n.Properties }),
}

var impactsTable = Table{
	Name: "impacts", Title: DeEn{"Naturgüter", "Impacts"}, Key: []string{"id"},
	Explain: DeEn{"Naturgüter, die genommen oder belastet werden: CO2, Wasser, Stickstoff, Abfall.", "Natural goods taken or burdened: CO2, water, nitrogen, waste."},
	Columns: []Column{
		idColumn("kurzer Name; was mit co2 beginnt, wird zuerst gering gehalten", "short name; what begins with co2 is kept low first"),
		nameColumn(),
		{Name: "unit", Type: TypeText, Required: true, De: Words{"einheit", "Einheit, in der es gezählt wird: kg, m3"}, En: Words{"unit", "unit it is counted in: kg, m3"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Impact { return &n.Impacts }),
}

var skillsTable = Table{
	Name: "skills", Title: DeEn{"Fertigkeiten", "Skills"}, Key: []string{"id"},
	Explain: DeEn{"Arten von Arbeit, in Stunden gezählt.", "Kinds of work, counted in hours."},
	Columns: []Column{idColumn("kurzer Name der Fertigkeit", "short name of the skill"), nameColumn(), noteColumn, sourceColumn},
	open:    rows(func(n *Network) *[]Skill { return &n.Skills }),
}

var sitesTable = Table{
	Name: "sites", Title: DeEn{"Orte", "Sites"}, Key: []string{"id"},
	Explain: DeEn{"Orte mit ihrer Lage, in Kilometern oder in Grad.", "Places with their position, in kilometres or in degrees."},
	Columns: []Column{
		idColumn("kurzer Name des Ortes", "short name of the site"),
		nameColumn(),
		{Name: "x_km", Type: TypeNumber, Unit: "km", Signed: true, De: Words{"x_km", "nach Osten"}, En: Words{"x_km", "to the east"}},
		{Name: "y_km", Type: TypeNumber, Unit: "km", Signed: true, De: Words{"y_km", "nach Norden"}, En: Words{"y_km", "to the north"}},
		{Name: "lat", Type: TypeNumber, Unit: "°", Signed: true, De: Words{"breite", "geografische Breite, −90 bis 90"}, En: Words{"lat", "latitude, −90 to 90"}},
		{Name: "lon", Type: TypeNumber, Unit: "°", Signed: true, De: Words{"länge", "geografische Länge, −180 bis 180"}, En: Words{"lon", "longitude, −180 to 180"}},
		{
			Name: "transit", Type: TypeFlag, Default: "no", De: Words{"umschlag", "Güter dürfen durchlaufen, die hier weder gemacht noch gebraucht werden"},
			En: Words{"transit", "goods may pass through that are neither made, used nor wanted here"},
		},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Site { return &n.Sites }),
}

var agentsTable = Table{
	Name: "agents", Title: DeEn{"Mitglieder", "Agents"}, Key: []string{"id"},
	Explain: DeEn{"Personen, Gruppen und Organisationen, die Bedürfnisse haben, anbieten und entscheiden.", "Persons, groups and organisations that have needs, offer and decide."},
	Columns: []Column{
		idColumn("kurzer Name", "short name"),
		nameColumn(),
		{
			Name: "type", Type: TypeChoice, Choices: []Choice{{"person", "person"}, {"group", "gruppe"}, {"organisation", "organisation"}},
			Rule: DeEn{"nach persons: 1 Person, mehr Gruppe, keine Organisation", "by persons: 1 a person, more a group, none an organisation"},
			De:   Words{"typ", "was es ist"}, En: Words{"type", "what it is"},
		},
		{
			Name: "site", Type: TypeRef, Refs: []string{"sites"}, Rule: DeEn{"ein eigener Ort mit der Kennung des Mitglieds", "a site of its own with the agent's ID"},
			De: Words{"ort", "wo es ist"}, En: Words{"site", "where it is"},
		},
		{
			Name: "persons", Type: TypeNumber, Unit: "persons", Rule: DeEn{"1 bei einer Person, sonst 0", "1 for a person, else 0"},
			De: Words{"personen", "Kopfzahl"}, En: Words{"persons", "head count"},
		},
		{Name: "basket", Type: TypeText, De: Words{"korb", "Gruppen desselben Korbs nehmen je Kopf dasselbe"}, En: Words{"basket", "groups of the same basket take the same per head"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Agent { return &n.Agents }),
}

var productsTable = Table{
	Name: "products", Title: DeEn{"Güter", "Products"}, Key: []string{"id"},
	Explain: DeEn{"Güter, Dienste, und Maschinen oder Flächen, deren Zeit gebraucht wird.", "Goods, services, and machines or land whose capacity is used."},
	Columns: []Column{
		idColumn("kurzer Name des Gutes", "short name of the product"),
		nameColumn(),
		{Name: "unit", Type: TypeText, Required: true, De: Words{"einheit", "Einheit, in der alle Mengen des Gutes gezählt werden"}, En: Words{"unit", "unit all quantities of the product are counted in"}},
		{Name: "weight", Type: TypeNumber, Unit: "kg per unit", Default: "0", De: Words{"gewicht", "Masse je Einheit, für Wege und Lager"}, En: Words{"weight", "mass per unit, for links and storage"}},
		{
			Name: "reach", Type: TypeChoice, Default: "link", Choices: []Choice{{"link", "weg"}, {"network", "netzwerk"}, {"site", "ort"}},
			De: Words{"reichweite", "link: über Wege; network: überall ohne Fracht (Dienste, Netzstrom); site: bleibt am Ort"},
			En: Words{"reach", "link: over links; network: everywhere without freight (services, grid electricity); site: stays"},
		},
		{Name: "shelf_life", Type: TypeCount, Unit: "periods", Default: "0", De: Words{"haltbarkeit", "Zeitabschnitte nach dem der Herstellung; 0: hält sich"}, En: Words{"shelf_life", "periods after the one it was made in; 0: it keeps"}},
		{Name: "loss", Type: TypeShare, Unit: "share per period", Default: "0", De: Words{"schwund", "Anteil, der im Vorrat je Zeitabschnitt verdirbt"}, En: Words{"loss", "share lost per period in stock"}},
		{Name: "durable", Type: TypeFlag, Default: "no", De: Words{"dauerhaft", "wird genutzt, nicht verbraucht: sein Vorrat ist Kapazität"}, En: Words{"durable", "used, not used up: its stock is capacity"}},
		{Name: "wear", Type: TypeShare, Unit: "share per period", Default: "0", De: Words{"verschleiß", "Anteil eines dauerhaften Gutes, der je Zeitabschnitt verloren geht"}, En: Words{"wear", "share of a durable lost per period"}},
		{Name: "keep", Type: TypeFlag, Default: "no", De: Words{"behalten", "darf nicht weggeworfen werden"}, En: Words{"keep", "may not be thrown away"}},
		{Name: "storable", Type: TypeFlag, Default: "yes", De: Words{"lagerbar", "kann in den nächsten Zeitabschnitt mitgenommen werden; ein Dienst nicht"}, En: Words{"storable", "can be carried to the next period; a service cannot"}},
		{Name: "step", Type: TypeNumber, Unit: "of the product", Default: "0", De: Words{"schritt", "kleinste Menge, die ausgegeben wird; 0: jede"}, En: Words{"step", "smallest amount handed out; 0: any"}},
		{Name: "category", Type: TypeText, De: Words{"gruppe", "frei, für Bilder"}, En: Words{"category", "free, for pictures"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Product { return &n.Products }),
}

var contentsTable = Table{
	Name: "contents", Title: DeEn{"Inhalte", "Contents"}, Key: []string{"product", "property"},
	Explain: DeEn{"Wie viel von einer Eigenschaft eine Einheit eines Gutes enthält.", "How much of a property a unit of a product contains."},
	Columns: []Column{
		{Name: "product", Type: TypeRef, Refs: []string{"products"}, Required: true, De: Words{"gut", "das Gut"}, En: Words{"product", "the product"}},
		{Name: "property", Type: TypeRef, Refs: []string{"properties"}, Required: true, De: Words{"eigenschaft", "die Eigenschaft"}, En: Words{"property", "the property"}},
		{Name: "quantity", Type: TypeNumber, Signed: true, Unit: "of the property, per unit of the product", Default: "0", De: Words{"menge", "je Einheit des Gutes"}, En: Words{"quantity", "per unit of the product"}},
		{
			Name: "unit", Type: TypeText, Rule: DeEn{"die der Eigenschaft", "the property's"},
			De: Words{"einheit", "Einheit der Menge, auch je einer anderen Einheit des Gutes: kcal/100 g"},
			En: Words{"unit", "unit of the quantity, also per another unit of the product: kcal/100 g"},
		},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Content { return &n.Contents }),
}

var kindsTable = Table{
	Name: "kinds", Title: DeEn{"Arten", "Kinds"}, Key: []string{"kind", "product"},
	Explain: DeEn{"Güter, die füreinander einstehen können: Roggenbrot ist ein Brot. Eine Zeile je Gut einer Art.", "Products that can stand in for one another: rye bread is a bread. One row per member of a kind."},
	Columns: []Column{
		{Name: "kind", Type: TypeID, Required: true, De: Words{"art", "kurzer Name der Art"}, En: Words{"kind", "short name of the kind"}},
		{
			Name: "name", Type: TypeText, Rule: DeEn{"die Kennung", "the ID"},
			De: Words{"name", "wie die Art auf Seiten und Listen heißt; eine Zeile genügt für alle"}, En: Words{"name", "the kind as shown on pages and lists; one row may state it for all"},
		},
		{Name: "product", Type: TypeRef, Refs: []string{"products", "kinds"}, Required: true, De: Words{"gut", "ein Gut, oder eine Art, deren Güter dann auch dazugehören"}, En: Words{"product", "a product, or a kind whose members are then members too"}},
		{Name: "rate", Type: TypeNumber, Positive: true, Default: "1", Unit: "units of the kind per unit", De: Words{"satz", "wie viele Einheiten der Art eine Einheit zählt"}, En: Words{"rate", "how many units of the kind one unit counts"}},
		{Name: "preference", Type: TypeShare, Default: "1", De: Words{"vorliebe", "1: so gern wie jedes andere; weniger: weniger gern"}, En: Words{"preference", "1: as good as any; less: liked less"}},
		{
			Name: "unit", Type: TypeText, Rule: DeEn{"die der Güter, wenn sie dieselbe haben", "the members', where they agree"},
			De: Words{"einheit", "Einheit der Art; eine Zeile genügt für alle"}, En: Words{"unit", "the kind's unit; one row may state it for all"},
		},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Variant { return &n.Variants }),
}

var profilesTable = Table{
	Name: "profiles", Title: DeEn{"Verläufe", "Profiles"},
	Explain: DeEn{"Verlauf einer Zahl über die Zeit: Faktoren je Zeitabschnitt, 1, wo keiner steht.", "A figure's course in time: factors by period, 1 where none is stated."},
	Columns: []Column{
		{Name: "id", Type: TypeID, Required: true, De: Words{"kennung", "kurzer Name; mehrere Zeilen ergeben einen Verlauf"}, En: Words{"id", "short name; several rows make one profile"}},
		periodsColumn("für welche Zeitabschnitte", "for which periods"),
		{Name: "factor", Type: TypeNumber, Default: "1", De: Words{"faktor", "Faktor in diesen Zeitabschnitten"}, En: Words{"factor", "factor in these periods"}},
		noteColumn, sourceColumn,
	},
	open: rows(func(n *Network) *[]Profile { return &n.Profiles }),
}
