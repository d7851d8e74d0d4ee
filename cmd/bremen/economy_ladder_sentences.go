package main

// ladderSentences are what "bremen economy" says of ladders.
var ladderSentences = map[string]sentence{
	"flag/ladder":             {`nach der Zielleiter planen (economy.yaml: ladder), die am schlechtesten Versorgten zuerst`, `plan by the ladder of goals (economy.yaml: ladder), the worst-served first`},
	"phase/ladder":            {`Stufe {rung} von {rungs}: {kind}  zuletzt {level}  {programs} Programme  {iterations} Schritte`, `rung {rung} of {rungs}: {kind}  last {level}  {programs} programs  {iterations} iterations`},
	"economy/step/level":      {`Niveau`, `level`},
	"economy/step/settle":     {`wer höher kann`, `who can rise`},
	"economy/step/labour":     {`möglichst wenig Arbeit`, `least labour`},
	"economy/ladder/climbed":  {`{economy}: nach der Zielleiter geplant, {programs} Programme in {seconds}. Grenzen sind um höchstens {worst} verletzt.`, `{economy}: planned by the ladder of goals, {programs} programs in {seconds}. Bounds are broken by {worst} at most.`},
	"economy/ladder/stopped":  {`{economy}: nicht bis zur letzten Stufe gekommen. {programs} Programme in {seconds}; Grenzen sind um höchstens {worst} verletzt.`, `{economy}: did not come to the last rung. {programs} programs in {seconds}; bounds are broken by {worst} at most.`},
	"economy/ladder/goal":     {`Stufe: erfüllen bis`, `rung: satisfy up to`},
	"economy/ladder/level":    {`erreicht`, `reached`},
	"economy/ladder/bound":    {`bewiesen`, `proven`},
	"economy/ladder/programs": {`Programme`, `programs`},
	"economy/ladder/time":     {`Zeit`, `time`},
	"economy/ladder/worst":    {`am schlechtesten versorgt`, `served worst`},
	"economy/ladder/read": {
		`Erreicht: wie weit die am schlechtesten Versorgten der Stufe kommen, von ihrem Beginn bis zu ihrer Höhe. Bewiesen: weiter bringt sie kein Plan, der behält, was die Stufen davor erreicht haben; weniger Arbeit braucht keiner.`,
		`Reached: how far the worst-served of the rung come on the way from where it begins to its height. Proven: no plan that keeps what the rungs before it have reached brings them further; none takes less labour.`,
	},
	"economy/ladder/short": {
		`{count} von {of} Programmen endeten vor ihrer Genauigkeit: dort kann jemand höher kommen, als er steht.`,
		`{count} of {of} programs ended short of their tolerance: there somebody may be able to rise above where they stand.`,
	},
	"economy/ladder/weak": {
		`{count} von {of} Niveaus sind nur grob bewiesen: bis zu {open} des Wegs liegen zwischen dem, was erreicht, und dem, was ausgeschlossen ist.`,
		`{count} of {of} levels are proven roughly only: up to {open} of the way lie between what is reached and what is ruled out.`,
	},
	"economy/ladder/kept":   {`Manches Programm fand keinen Plan, der alle Grenzen einhält; dort gilt der Plan davor.`, `Some program found no plan that keeps to all bounds; there the plan before it stands.`},
	"economy/ladder/scarce": {`Die am schlechtesten Versorgten der Stufe {rung} hält auf (Preis: welchen Anteil des Wegs eine Einheit mehr je Zeitraum sie höher brächte; Wert: alles davon):`, `The worst-served of rung {rung} are held by (price: what share of the way one more unit per period would lift them; value: all of it):`},
	"economy/ladder/holds":  {`{plan} ist ein Plan von {economy} und hält: Grenzen sind um höchstens {worst} verletzt, {steps} Programme sind nachgerechnet und bewiesen, {tables} Tabellen stimmen.`, `{plan} is a plan of {economy} and holds: bounds are broken by {worst} at most, {steps} programs are worked out again and proven, {tables} tables are right.`},
}
