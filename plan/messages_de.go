package plan

import "bremen/network"

// german: words as in the glossary; "du" where somebody is asked.
var german = map[string]string{
	"short":         "Der Bedarf an {whats} wird {when} zu {level} gedeckt ({who}).",
	"short.none":    "Vom Bedarf an {whats} wird {when} nichts gedeckt ({who}).",
	"short.nobody":  "Niemand im Netzwerk stellt es her, kauft es ein oder hat es vorrätig.",
	"short.late":    "Bis dahin kann nichts davon da sein: Herstellen oder Bringen dauert länger, und was vorher da war, hält nicht so lange.",
	"short.unclear": "Was hier bindet, lässt sich aus den Schattenpreisen nicht erkennen.",

	"binds.work":          "Für {what} sind bei {where} {when} alle angebotenen Stunden verplant.",
	"binds.work.none":     "Für {what} bietet bei {where} {when} niemand Stunden an.",
	"binds.capacity":      "Die Kapazität „{what}“ bei {where} ist {when} voll belegt.",
	"binds.capacity.none": "„{what}“ gibt es bei {where} {when} gar nicht.",
	"binds.stock":         "Der Anfangsvorrat an {what} bei {where} wird ganz gebraucht.",
	"binds.limit":         "Die Grenze für {what} ist {when} erreicht.",
	"binds.limit.of":      "Die Grenze für {what} bei {where} ist {when} erreicht.",
	"binds.budget":        "Das gemeinsame Geld ist {when} aufgebraucht.",
	"binds.budget.of":     "Das Geld von {where} ist {when} aufgebraucht.",
	"binds.link":          "Der Weg „{what}“ ist {when} ausgelastet.",
	"binds.storage":       "Das Lager für {what} bei {where} ist {when} voll.",
	"binds.storage.all":   "Das Lager bei {where} ist {when} voll.",
	"binds.trade":         "Mehr {what} ist {when} nicht zu kaufen.",
	"binds.sale":          "Mehr {what} ist {when} nicht zu verkaufen.",
	"binds.recipe":        "Das Rezept „{what}“ läuft {when} so oft, wie es darf.",
	"binds.least":         "Das Rezept „{what}“ muss {when} mindestens so oft laufen wie vorgeschrieben.",
	"binds.commitment":    "Die Zusage „{what}“ bindet {when}.",
	"binds.end":           "Der zugesagte Endvorrat an {what} bei {where} bindet.",
	"binds.maximum":       "Das Höchstmaß an {what} für {where} ist {when} erreicht.",
	"binds.ratio":         "Das vorgeschriebene Verhältnis „{what}“ für {where} bindet {when}.",
	"binds.blend":         "Die vorgeschriebene Mischung ({what}) im Rezept „{where}“ bindet {when}.",

	"via":             "Das wirkt über {goods}.",
	"effect":          "Mit {more} steigt die Erfüllung von {whats} von {from} auf {to}.",
	"effect.estimate": "Mit {more} stiege die Erfüllung von {whats} von {from} auf ungefähr {to}; das ist aus dem Schattenpreis geschätzt und nicht nachgerechnet.",
	"effect.alone":    "Das allein um {by} zu ändern, bringt nichts, denn zugleich bindet etwas anderes.",
	"effect.earlier":  "Mehr davon käme zuerst denen zugute, die dringender brauchen oder weniger haben.",
	"effect.range":    "Jede weitere Einheit bringt ebenso viel, bis insgesamt {most}.",
	"effect.losses":   "Dafür sinkt die Erfüllung von {whats}.",

	"ask.work":        "Würdest du {when} {more} für {what} arbeiten?",
	"ask.work.anyone": "Wer würde {when} {more} für {what} bei {where} arbeiten?",
	"ask.capacity":    "Lässt sich bei {where} {when} mehr von „{what}“ bereitstellen, nämlich {by}?",
	"ask.stock":       "Kann es bei {where} am Anfang {more} von {what} geben?",
	"ask.limit":       "Soll {when} bei {what} eine um {by} höhere Grenze gelten?",
	"ask.limit.of":    "Soll {when} für {where} bei {what} eine um {by} höhere Grenze gelten?",
	"ask.budget":      "Lässt sich das gemeinsame Geld um {by} erhöhen?",
	"ask.budget.of":   "Lässt sich das Geld von {where} um {by} erhöhen?",
	"ask.link":        "Ist es möglich, auf dem Weg „{what}“ {when} {more} zu befördern?",
	"ask.storage":     "Ist es möglich, bei {where} {when} {more} von {what} zu lagern?",
	"ask.storage.all": "Ist es möglich, bei {where} {when} {more} zu lagern?",
	"ask.trade":       "Ist es möglich, {when} {more} von {what} zu kaufen?",
	"ask.sale":        "Ist es möglich, {when} {more} von {what} zu verkaufen?",
	"ask.recipe":      "Kann das Rezept „{what}“ {when} öfter laufen, um {by}?",
	"ask.least":       "Darf das Rezept „{what}“ {when} seltener laufen, um {by}?",
	"ask.commitment":  "Wärst du einverstanden, die Zusage „{what}“ {when} um {by} zu ändern?",
	"ask.end":         "Darf der Endvorrat an {what} bei {where} um {by} kleiner sein?",
	"ask.maximum":     "Darf das Höchstmaß an {what} für {where} {when} um {by} höher sein?",
	"ask.ratio":       "Darf das Verhältnis „{what}“ für {where} {when} um {by} abweichen?",
	"ask.blend":       "Darf die Mischung ({what}) im Rezept „{where}“ {when} um {by} abweichen?",
	"ask.so":          "Damit stiege die Erfüllung von {whats} von {from} auf {to}.",
	"ask.so.estimate": "Damit stiege die Erfüllung von {whats} von {from} auf ungefähr {to}; nachgerechnet ist das nicht.",

	"member.work":            "{where} bietet {when} für {what} höchstens {bound} an.",
	"member.capacity":        "Von „{what}“ gibt es bei {where} {when} nur {bound}.",
	"member.stock":           "Vom Anfangsvorrat an {what} gibt es bei {where} nur {bound}.",
	"member.surplus":         "Der Anfangsvorrat an {what} bei {where}, {bound}, muss verbraucht oder gelagert werden.",
	"member.limit":           "Bei {what} gilt {when} eine Grenze von {bound}.",
	"member.limit.of":        "Bei {what} gilt {when} für {where} eine Grenze von {bound}.",
	"member.budget":          "An gemeinsamem Geld kommt {when} nicht mehr herein als {bound}.",
	"member.budget.of":       "An Geld kommt bei {where} {when} nicht mehr herein als {bound}.",
	"member.link":            "Auf dem Weg „{what}“ lässt sich {when} nicht mehr befördern als {bound}.",
	"member.storage":         "Bei {where} lässt sich {when} nicht mehr {what} lagern als {bound}.",
	"member.storage.all":     "Bei {where} lässt sich {when} nicht mehr lagern als {bound}.",
	"member.trade":           "Von {what} lässt sich {when} nicht mehr kaufen als {bound}.",
	"member.sale":            "Von {what} lässt sich {when} nicht mehr verkaufen als {bound}.",
	"member.recipe":          "Das Rezept „{what}“ darf {when} höchstens so oft laufen: {bound}.",
	"member.least":           "Das Rezept „{what}“ muss {when} mindestens so oft laufen: {bound}.",
	"member.commitment":      "Die Zusage „{what}“ verlangt {when} mindestens {bound}.",
	"member.commitment.most": "Die Zusage „{what}“ erlaubt {when} höchstens {bound}.",
	"member.end":             "Bei {where} ist ein Endvorrat an {what} von {bound} zugesagt.",
	"member.maximum":         "Für {where} gilt {when} ein Höchstmaß an {what} von {bound}.",
	"member.ratio":           "Für {where} muss das Verhältnis „{what}“ {when} mindestens {bound} sein.",
	"member.ratio.most":      "Für {where} darf das Verhältnis „{what}“ {when} höchstens {bound} sein.",
	"member.blend":           "Im Rezept „{where}“ muss die Mischung {when} mindestens {bound} {what} haben.",
	"member.blend.most":      "Im Rezept „{where}“ darf die Mischung {when} höchstens {bound} {what} haben.",
	"member.need":            "Von {what} wird {when} nicht mehr gebraucht als {bound} ({where}).",

	"repair.up":   "Nötig wäre: {to}, also {change} mehr.",
	"repair.down": "Möglich wäre nur: {to}, also {change} weniger.",

	"contradiction":         "Es gibt keinen Plan: {n} Angaben können nicht alle zugleich gelten. Fiele eine davon weg, könnten es die übrigen.",
	"contradiction.one":     "Es gibt keinen Plan: Eine Angabe ist für sich allein unerfüllbar.",
	"contradiction.loose":   "Es gibt keinen Plan: {n} Angaben können nicht alle zugleich gelten; vielleicht widersprechen einander nur einige davon.",
	"contradiction.goods":   "Verbunden sind sie durch das, was davon da ist: {goods}.",
	"contradiction.repair":  "Mit der kleinsten Änderung, gemessen an der Größe jeder Angabe, ginge es so:",
	"contradiction.unknown": "Es gibt keinen Plan, und welche Angaben einander widersprechen, ließ sich nicht feststellen.",

	"collision":       "Diese Wünsche lassen sich nicht alle zugleich erfüllen; gäbe einer der Wünsche oder eine der Grenzen nach, ginge das Übrige.",
	"collision.loose": "Diese Wünsche lassen sich nicht alle zugleich erfüllen; vielleicht genügt dafür schon ein Teil von ihnen.",
	"collision.want":  "Gewünscht wird {what} {when} zu {level} ({who}).",

	"alternative":        "{share} der Erzeugung geschieht anderswo, anders oder zu anderer Zeit als im Plan; die Bedürfnisse sind ebenso gerecht gedeckt.",
	"alternative.more":   "Öfter läuft: {recipes}.",
	"alternative.less":   "Seltener läuft: {recipes}.",
	"alternative.value":  "Das Ziel „{goal}“ erreicht {to} statt {from}.",
	"alternative.gains":  "Besser steht: {whos}.",
	"alternative.losses": "Schlechter steht: {whos}.",

	"origin":           "Für {quantity} {product} braucht es {hours} Arbeit.",
	"origin.free":      "Für {quantity} {product} braucht es keine Arbeit.",
	"origin.nothing":   "{product}: davon entsteht in diesem Plan nichts.",
	"origin.skill":     "Davon {skill}: {hours}.",
	"origin.impact":    "Dabei fällt an: {quantity} {impact}.",
	"origin.money":     "Nach außen kostet das {money}.",
	"origin.use":       "Belegt wird dafür: {quantity} {durable}, gezählt je {period}.",
	"origin.opening":   "Zu {share} stammt das aus Anfangsvorräten, deren eigene Herkunft der Plan nicht kennt.",
	"origin.stock":     "Aus Anfangsvorräten, deren eigene Herkunft der Plan nicht kennt, stammt dafür: {quantity} {what}.",
	"origin.key.mass":  "Entsteht bei einem Durchlauf mehreres, wird nach Masse geteilt; was weggeworfen wird, trägt nichts.",
	"origin.key.unit":  "Entsteht bei einem Durchlauf mehreres, wird nach der Menge in gemeinsamer Einheit geteilt; was weggeworfen wird, trägt nichts.",
	"origin.key.equal": "Entsteht bei einem Durchlauf mehreres ohne gemeinsames Maß, wird zu gleichen Teilen geteilt; was weggeworfen wird, trägt nichts.",
	"origin.input":     "{share} der Arbeit steckt schon in {input}.",
}

var (
	unitWordsDE = map[string][2]string{"h": {"Stunde", "Stunden"}, "a": {"Ar", "Ar"}, "EUR": {"€", "€"}}
	changesDE   = [2]string{"# mehr", "# weniger"}
	eachDE      = map[network.Unit]string{
		network.Day: "je Tag", network.Week: "je Woche", network.Month: "je Monat", network.Quarter: "je Quartal", network.Year: "je Jahr",
	}
	whenDE = whenForms{
		always: "im ganzen Zeitraum",
		one: map[network.Unit]string{
			network.Day: "am Tag #", network.Week: "in Woche #", network.Month: "im Monat #", network.Quarter: "im Quartal #", network.Year: "im Jahr #",
		},
		many: map[network.Unit]string{
			network.Day: "an den Tagen #", network.Week: "in den Wochen #", network.Month: "in den Monaten #", network.Quarter: "in den Quartalen #", network.Year: "in den Jahren #",
		},
	}
	periodDE = map[network.Unit]string{
		network.Day: "Tag", network.Week: "Woche", network.Month: "Monat", network.Quarter: "Quartal", network.Year: "Jahr",
	}
)
