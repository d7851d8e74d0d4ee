package network

// Codes of mistakes. They are stable; the sentences may change.
const (
	// values
	CodePeriods         Code = "periods"
	CodePeriod          Code = "period"
	CodeOutside         Code = "period-outside-calendar"
	CodeBackwards       Code = "backwards"
	CodeDateOutside     Code = "date-outside-calendar"
	CodeNoCalendar      Code = "no-calendar"
	CodeNoWeek          Code = "no-such-week"
	CodeManyWeeks       Code = "many-such-weeks"
	CodeSpan            Code = "offset"
	CodeNumber          Code = "number"
	CodeComma           Code = "decimal-comma"
	CodePoint           Code = "decimal-point"
	CodeDigits          Code = "too-many-digits"
	CodeNotFinite       Code = "not-finite"
	CodeAmbiguousNumber Code = "ambiguous-number"
	CodeCount           Code = "whole-number"
	CodeFlag            Code = "yes-or-no"
	CodeChoice          Code = "choice"
	CodeDate            Code = "date"
	CodeText            Code = "text"
	CodeID              Code = "id"
	CodeNegative        Code = "negative"
	CodePositive        Code = "not-positive"
	CodeShare           Code = "share"

	// references and rows
	CodeMissing       Code = "missing"
	CodeUnknown       Code = "unknown"
	CodeDuplicate     Code = "duplicate"
	CodeAmbiguous     Code = "ambiguous-name"
	CodeUnit          Code = "unit"
	CodeUnknownUnit   Code = "unknown-unit"
	CodeKindUnit      Code = "kind-without-unit"
	CodeKindDiffers   Code = "kind-stated-differently"
	CodeCircle        Code = "circular-kinds"
	CodeNotMember     Code = "not-a-member-of-kind"
	CodeOverlap       Code = "overlap"
	CodeTwoFactors    Code = "two-factors"
	CodeDisagree      Code = "rows-disagree"
	CodeLeastMost     Code = "least-above-most"
	CodeNoBound       Code = "neither-least-nor-most"
	CodeNoPersons     Code = "no-persons"
	CodeNoSite        Code = "no-site"
	CodePooledEnd     Code = "pooled-end"
	CodeNoCarrier     Code = "no-carrier"
	CodeBurden        Code = "burden"
	CodeDegrees       Code = "degrees"
	CodeNotDurable    Code = "not-durable"
	CodeNotProperty   Code = "only-for-properties"
	CodeBlendKind     Code = "blend-without-flow"
	CodeWrongForType  Code = "not-for-this-type"
	CodeCalendarUnit  Code = "calendar-unit"
	CodeCalendarDay   Code = "calendar-day"
	CodeCalendarMany  Code = "calendar-length"
	CodeUnknownLadder Code = "unknown-ladder"
	CodeRungKind      Code = "rung-kind"
	CodeRungSets      Code = "rung-sets"
	CodeRungTerms     Code = "rung-terms"
	CodeHeight        Code = "height"
	CodeExchange      Code = "exchange"

	// files
	CodeUnknownTable    Code = "unknown-table"
	CodeUnknownColumn   Code = "unknown-column"
	CodeDuplicateColumn Code = "duplicate-column"
	CodeDuplicateTable  Code = "duplicate-table"
	CodeMissingColumn   Code = "missing-column"
	CodeNoTables        Code = "no-tables"
	CodeForm            Code = "form"
	CodeNoHeader        Code = "no-header"
	CodeSeparator       Code = "separator"
	CodeRagged          Code = "ragged"
	CodeQuote           Code = "quote"
	CodeEncoding        Code = "encoding"
	CodeNUL             Code = "nul"
	CodeLongLine        Code = "long-line"
	CodeTooBig          Code = "too-big"
	CodeTooManyRows     Code = "too-many-rows"
	CodeCellError       Code = "cell-error"
	CodeFormula         Code = "formula-without-value"
	CodeWorkbook        Code = "workbook"
	CodeMangled         Code = "turned-into-a-date"
	CodeLongText        Code = "text-too-long"
	CodeYAML            Code = "yaml"
	CodeUnknownKey      Code = "unknown-key"
	CodeDuplicateKey    Code = "duplicate-key"
	CodeNotMapping      Code = "not-a-mapping"
	CodeNotList         Code = "not-a-list"
	CodeNotPlain        Code = "not-a-plain-value"
	CodeUnreadable      Code = "unreadable"
	CodeTooManyMistakes Code = "too-many-mistakes"
)

// refKind is the tables that a reference may lead to, joined by commas.
type refKind string

// kindNames are the words for what a reference may lead to.
var kindNames = map[refKind]DeEn{
	"agents":                    {"Mitglied", "agent"},
	"sites":                     {"Ort", "site"},
	"products":                  {"Gut", "product"},
	"kinds":                     {"Art", "kind"},
	"properties":                {"Eigenschaft", "property"},
	"skills":                    {"Fertigkeit", "skill"},
	"impacts":                   {"Naturgut", "impact"},
	"profiles":                  {"Verlauf", "profile"},
	"recipes":                   {"Rezept", "recipe"},
	"links":                     {"Weg", "link"},
	"needs":                     {"Bedürfnis", "need"},
	"trade":                     {"Handelsmöglichkeit", "trade"},
	"work":                      {"Arbeitsangebot", "work offer"},
	"urgencies":                 {"Dringlichkeit", "urgency"},
	"urgencies,committed":       {"Dringlichkeit", "urgency"},
	"products,kinds":            {"Gut oder Art", "product or kind"},
	"kinds,products":            {"Art oder Gut", "kind or product"},
	"products,kinds,properties": {"Gut, Art oder Eigenschaft", "product, kind or property"},
	"links,modes":               {"Weg oder Mittel", "link or mode"},
	"names":                     {"Gut, Art, Eigenschaft, Naturgut oder Fertigkeit", "product, kind, property, impact or skill"},
}

// sentences is the catalogue: a whole sentence per code and language.
var sentences = map[Code]DeEn{
	CodePeriods:         {`„{found}“ ist kein Zeitraum; schreibe 1-3,7 oder 2027-05-03..2027-06-01`, `"{found}" is no set of periods; write 1-3,7 or 2027-05-03..2027-06-01`},
	CodePeriod:          {`„{found}“ ist kein Zeitabschnitt; sie zählen von 1`, `"{found}" is no period; they count from 1`},
	CodeOutside:         {`Zeitabschnitt {found} liegt außerhalb des Kalenders ({expected})`, `period {found} is outside the calendar ({expected})`},
	CodeBackwards:       {`„{found}“ läuft rückwärts`, `"{found}" runs backwards`},
	CodeDateOutside:     {`der Tag „{found}“ liegt außerhalb des Kalenders ({expected})`, `the date "{found}" is outside the calendar ({expected})`},
	CodeNoCalendar:      {`„{found}“ braucht einen Kalender mit start und periods in network.yaml`, `"{found}" needs a calendar with start and periods in network.yaml`},
	CodeNoWeek:          {`die Woche „{found}“ kommt im Kalender nicht vor`, `the week "{found}" is not in the calendar`},
	CodeManyWeeks:       {`die Woche „{found}“ kommt im Kalender mehrmals vor; schreibe das Jahr dazu: 2027-{found}`, `the week "{found}" is in the calendar more than once; write the year too: 2027-{found}`},
	CodeSpan:            {`„{found}“ ist kein Versatz; schreibe 0, 3-8 oder 0..25`, `"{found}" is no offset; write 0, 3-8 or 0..25`},
	CodeNumber:          {`„{found}“ ist keine Zahl`, `"{found}" is not a number`},
	CodeComma:           {`„{found}“ hat ein Dezimalkomma, die Datei aber trennt Spalten mit Komma und braucht den Punkt; oder trenne mit Semikolon`, `"{found}" has a decimal comma, but this file separates columns by comma and needs the point; or separate by semicolon`},
	CodePoint:           {`„{found}“ hat einen Dezimalpunkt, die Datei aber trennt Spalten mit Semikolon und braucht das Komma (1.234,5); oder trenne mit Komma`, `"{found}" has a decimal point, but this file separates columns by semicolon and needs the comma (1.234,5); or separate by comma`},
	CodeDigits:          {`„{found}“ hat mehr als 15 gültige Ziffern`, `"{found}" has more than 15 significant digits`},
	CodeAmbiguousNumber: {`„{found}“ kann zweierlei heißen; schreibe die Zahl ohne Tausenderzeichen`, `"{found}" can mean two things; write the number without grouping`},
	CodeNotFinite:       {`„{found}“ ist zu groß oder keine endliche Zahl`, `"{found}" is too large or not a finite number`},
	CodeCount:           {`„{found}“ ist keine ganze Zahl von 0 an`, `"{found}" is not a whole number from 0`},
	CodeFlag:            {`„{found}“ ist weder ja noch nein`, `"{found}" is neither yes nor no`},
	CodeChoice:          {`„{found}“ gibt es hier nicht; möglich: {expected}`, `"{found}" is not possible here; possible: {expected}`},
	CodeDate:            {`„{found}“ ist kein Tag der Form JJJJ-MM-TT oder T.M.JJJJ`, `"{found}" is no date of the form YYYY-MM-DD`},
	CodeText:            {`„{found}“ enthält unlesbare oder Steuerzeichen`, `"{found}" has unreadable or control characters`},
	CodeID:              {`„{found}“ taugt nicht als Kennung; sie hat keine Zeilenwechsel, beginnt nicht mit # und ist höchstens 200 Bytes lang`, `"{found}" cannot be an ID; it has no line breaks, does not begin with # and is at most 200 bytes long`},
	CodeNegative:        {`„{found}“ ist negativ; erwartet wird eine Zahl von 0 an`, `"{found}" is negative; a number from 0 is expected`},
	CodePositive:        {`„{found}“ muss größer als 0 sein`, `"{found}" must be above 0`},
	CodeShare:           {`„{found}“ ist kein Anteil von 0 bis 1`, `"{found}" is not a share from 0 to 1`},

	CodeMissing:                 {`fehlt`, `is missing`},
	CodeUnknown:                 {`unbekannt als {kind}: „{found}“`, `unknown {kind} "{found}"`},
	CodeUnknown + nearestSuffix: {`unbekannt als {kind}: „{found}“; meintest du „{nearest}“?`, `unknown {kind} "{found}"; did you mean "{nearest}"?`},
	CodeUnknown + knownSuffix:   {`unbekannt als {kind}: „{found}“; bekannt: {expected}`, `unknown {kind} "{found}"; known: {expected}`},
	CodeUnknown + noneSuffix:    {`unbekannt als {kind}: „{found}“; in {expected} steht noch nichts`, `unknown {kind} "{found}"; nothing is stated in {expected} yet`},
	CodeMissing + knownSuffix:   {`fehlt; erwartet: {expected}`, `is missing; expected: {expected}`},
	CodeDuplicate:               {`„{found}“ steht schon in {expected}`, `"{found}" is already stated in {expected}`},
	CodeAmbiguous:               {`„{found}“ heißt schon etwas in {expected}; Güter, Arten und Eigenschaften brauchen verschiedene Kennungen`, `"{found}" already names something in {expected}; products, kinds and properties need different IDs`},
	CodeUnit:                    {`die Einheit „{found}“ lässt sich nicht in „{expected}“ umrechnen`, `unit "{found}" cannot be converted to "{expected}"`},
	CodeUnknownUnit:             {`unbekannte Einheit „{found}“; erwartet wird „{expected}“`, `unknown unit "{found}"; "{expected}" is expected`},
	CodeUnknownUnit + nearestSuffix: {
		`unbekannte Einheit „{found}“; erwartet wird „{expected}“; meintest du „{nearest}“?`,
		`unknown unit "{found}"; "{expected}" is expected; did you mean "{nearest}"?`,
	},
	CodeKindDiffers: {
		`„{found}“, aber in einer anderen Zeile derselben Art steht „{expected}“; eine Zeile genügt`,
		`"{found}", but another row of the same kind says "{expected}"; one row suffices`,
	},
	CodeKindUnit: {
		`die Güter der Art „{expected}“ haben verschiedene Einheiten; nenne die der Art in kinds, Spalte unit, damit „{found}“ umgerechnet werden kann`,
		`the members of kind "{expected}" have different units; state the kind's in kinds, column unit, so that "{found}" can be converted`,
	},
	CodeCircle: {`Arten im Kreis: {found}`, `circular kinds: {found}`},
	CodePooledEnd: {
		`„{found}“ ist überall zugleich da und wird nicht gelagert; am Ende kann kein Vorrat davon gewünscht werden`,
		`"{found}" is shared by all sites and not stored; no stock of it can be wanted at the end`,
	},
	CodeNoCarrier: {
		`die Verbindung „{found}“ braucht Arbeit ({expected} in link_flows), aber niemand befördert; nenne eine Organisation`,
		`link "{found}" takes work ({expected} in link_flows), but nobody carries; name an organisation`,
	},
	CodeNotMember: {`„{found}“ gehört nicht zur Art „{expected}“`, `"{found}" is not a member of kind "{expected}"`},
	CodeOverlap: {
		`die Zeitabschnitte {found} sind für dieses Bedürfnis schon in {expected} genannt; sind es zwei Bedürfnisse, gib ihnen verschiedene Kennungen`,
		`periods {found} are already stated for this need in {expected}; if these are two needs, give them different IDs`,
	},
	CodeTwoFactors: {`für die Zeitabschnitte {found} hat dieser Verlauf schon einen Faktor in {expected}`, `for periods {found} this profile already has a factor in {expected}`},
	CodeDisagree:   {`„{found}“ widerspricht der Zeile derselben Kennung in {expected}`, `"{found}" contradicts the row of the same ID in {expected}`},
	CodeLeastMost:  {`mindestens {found} ist mehr als höchstens {expected}`, `at least {found} is above at most {expected}`},
	CodeNoBound:    {`weder least noch most ist genannt`, `neither least nor most is stated`},
	CodeNoPersons:  {`Mengen je Kopf, aber „{found}“ hat keine persons`, `quantities are per head, but "{found}" has no persons`},
	CodeNoSite:     {`kein Ort genannt, und es gibt nicht genau einen; nenne site oder agent`, `no site is stated, and there is not just one; state site or agent`},
	CodeBurden:     {`„{found}“ ist keine Last von 0 bis 10`, `"{found}" is no burden from 0 to 10`},
	CodeDegrees:    {`„{found}“ liegt außerhalb von {expected} Grad`, `"{found}" is outside {expected} degrees`},
	CodeNotDurable: {
		`„{found}“ ist nicht dauerhaft; nutzen (use) lässt sich nur ein dauerhaftes Gut, sonst schreibe in`,
		`"{found}" is not durable; only a durable can be used (use), else write in`,
	},
	CodeNotProperty:  {`gilt nur für eine Eigenschaft, „{found}“ ist keine`, `holds for a property only, "{found}" is none`},
	CodeBlendKind:    {`das Rezept „{expected}“ nimmt die Art „{found}“ nicht`, `recipe "{expected}" does not take the kind "{found}"`},
	CodeWrongForType: {`gehört nicht zum Typ „{found}“`, `does not belong to type "{found}"`},
	CodeCalendarUnit: {`„{found}“ ist keine Kalendereinheit; möglich: {expected}`, `"{found}" is no calendar unit; possible: {expected}`},
	CodeCalendarDay: {
		`ein Kalender aus Monaten, Vierteljahren oder Jahren beginnt an einem Tag bis zum 28., nicht am „{found}“`,
		`a calendar of months, quarters or years starts on a day up to the 28th, not on "{found}"`,
	},
	CodeCalendarMany:                  {`„{found}“ ist keine Länge eines Kalenders; möglich: 1 bis {expected}`, `"{found}" is no length of a calendar; possible: 1 to {expected}`},
	CodeUnknownLadder:                 {`unbekannte Zielleiter „{found}“`, `unknown ladder "{found}"`},
	CodeUnknownLadder + knownSuffix:   {`unbekannte Zielleiter „{found}“; bekannt: {expected}`, `unknown ladder "{found}"; known: {expected}`},
	CodeUnknownLadder + nearestSuffix: {`unbekannte Zielleiter „{found}“; meintest du „{nearest}“?`, `unknown ladder "{found}"; did you mean "{nearest}"?`},
	CodeRungKind:                      {`die Stufe „{found}“ hat {expected} nicht`, `rung "{found}" cannot have {expected}`},
	CodeRungSets:                      {`die Stufe „{found}“ ist leximin und braucht sets`, `rung "{found}" is leximin and needs sets`},
	CodeRungTerms:                     {`die Stufe „{found}“ braucht terms`, `rung "{found}" needs terms`},
	CodeHeight:                        {`„{found}“ ist keine Höhe zwischen 0 und 1`, `"{found}" is no height between 0 and 1`},
	CodeExchange:                      {`give und gain müssen größer als 0 sein, keep von 0 bis 1`, `give and gain must be above 0, keep from 0 to 1`},

	CodeUnknownTable:                  {`„{found}“ ist keine Tabelle; was mit # oder _ beginnt, wird übergangen`, `"{found}" is no table; what begins with # or _ is passed over`},
	CodeUnknownTable + nearestSuffix:  {`„{found}“ ist keine Tabelle; meintest du „{nearest}“? Was mit # oder _ beginnt, wird übergangen`, `"{found}" is no table; did you mean "{nearest}"? What begins with # or _ is passed over`},
	CodeUnknownColumn:                 {`„{found}“ ist keine Spalte dieser Tabelle; was mit # beginnt, wird übergangen`, `"{found}" is no column of this table; what begins with # is passed over`},
	CodeUnknownColumn + nearestSuffix: {`„{found}“ ist keine Spalte dieser Tabelle; meintest du „{nearest}“? Was mit # beginnt, wird übergangen`, `"{found}" is no column of this table; did you mean "{nearest}"? What begins with # is passed over`},
	CodeDuplicateColumn:               {`die Spalte „{found}“ steht zweimal da`, `column "{found}" is there twice`},
	CodeDuplicateTable:                {`die Tabelle „{found}“ steht zweimal da`, `table "{found}" is there twice`},
	CodeMissingColumn:                 {`die Spalte „{found}“ fehlt`, `column "{found}" is missing`},
	CodeForm:                          {`weder ein Ordner mit Tabellen noch eine XLSX-Mappe; einzelne Tabellen werden mit dem Ordner gelesen, in dem sie liegen`, `neither a folder of tables nor an .xlsx workbook; single tables are read with the folder they lie in`},
	CodeNoTables:                      {`hier ist kein Netzwerk: weder network.yaml noch eine Tabelle wie {expected}`, `there is no network here: neither network.yaml nor a table such as {expected}`},
	CodeNoHeader:                      {`die Kopfzeile fehlt; erwartet: {expected}`, `the header is missing; expected: {expected}`},
	CodeSeparator:                     {`die Kopfzeile „{found}“ trennt Spalten weder mit Komma noch mit Semikolon`, `the header "{found}" separates columns neither by comma nor by semicolon`},
	CodeRagged:                        {`die Zeile hat {found} Felder, die Kopfzeile {expected}`, `the line has {found} fields, the header {expected}`},
	CodeQuote:                         {`ein Anführungszeichen steht falsch oder schließt nicht; im Feld wird es verdoppelt`, `a quotation mark is misplaced or does not close; within a field it is doubled`},
	CodeEncoding:                      {`die Datei ist nicht in UTF-8 geschrieben („{found}“); speichere sie als „CSV UTF-8“`, `the file is not in UTF-8 ("{found}"); save it as "CSV UTF-8"`},
	CodeNUL:                           {`die Zeile enthält ein Nullzeichen; ist das eine Textdatei?`, `the line has a NUL character; is this a text file?`},
	CodeLongLine:                      {`die Zeile ist länger als {expected} Bytes`, `the line is longer than {expected} bytes`},
	CodeTooBig:                        {`größer als {expected} Bytes`, `larger than {expected} bytes`},
	CodeTooManyRows:                   {`mehr als {expected} Zeilen`, `more than {expected} rows`},
	CodeCellError:                     {`die Zelle zeigt den Fehler {found}`, `the cell shows the error {found}`},
	CodeFormula:                       {`die Formel {found} hat keinen gespeicherten Wert; öffne die Datei, rechne neu und speichere`, `the formula {found} has no stored value; open the file, recalculate and save`},
	CodeMangled:                       {`„{found}“ ist ein Tag als Zahl; vermutlich hat das Tabellenprogramm etwas wie 1-3 in ein Datum verwandelt; schreibe 1..3`, `"{found}" is a day as a number; the spreadsheet probably turned something like 1-3 into a date; write 1..3`},
	CodeLongText:                      {`der Text hat {found} Zeichen, eine Zelle fasst {expected}`, `the text has {found} characters, a cell holds {expected}`},
	CodeWorkbook:                      {`das ist keine lesbare XLSX-Datei: {found}`, `this is no readable XLSX file: {found}`},
	CodeYAML:                          {`kein lesbares YAML: {found}`, `no readable YAML: {found}`},
	CodeUnknownKey:                    {`unbekannter Schlüssel „{found}“; möglich: {expected}`, `unknown key "{found}"; possible: {expected}`},
	CodeUnknownKey + nearestSuffix:    {`unbekannter Schlüssel „{found}“; meintest du „{nearest}“?`, `unknown key "{found}"; did you mean "{nearest}"?`},
	CodeDuplicateKey:                  {`der Schlüssel „{found}“ steht zweimal da`, `key "{found}" is there twice`},
	CodeNotMapping:                    {`„{found}“ sollte Schlüssel und Werte enthalten`, `"{found}" should hold keys and values`},
	CodeNotList:                       {`„{found}“ sollte eine Liste sein`, `"{found}" should be a list`},
	CodeNotPlain:                      {`hier sollte ein einfacher Wert stehen`, `a plain value should stand here`},
	CodeUnreadable:                    {`nicht lesbar: {found}`, `cannot be read: {found}`},
	CodeTooManyMistakes:               {`mehr als {expected} Fehler; die weiteren sind nicht aufgeführt`, `more than {expected} mistakes; the rest is not listed`},
}
