package main

// sentences is the catalogue of what the program itself says: a whole sentence
// per key and language, parameters in braces. KEY/one serves a {count} of 1.
var sentences = merged(generalSentences, resultSentences, helpSentences)

func merged(parts ...map[string]sentence) map[string]sentence {
	all := map[string]sentence{}
	for _, p := range parts {
		for k, s := range p {
			all[k] = s
		}
	}
	return all
}

// generalSentences are said by several commands, mostly about what was wrong.
var generalSentences = map[string]sentence{
	"stopped":   {`abgebrochen; nichts wurde geschrieben`, `stopped; nothing was written`},
	"late":      {`nach {time} nicht fertig; nichts wurde geschrieben`, `not done after {time}; nothing was written`},
	"late/next": {`gib mit --time mehr Zeit, oder lass --time weg`, `give more time with --time, or leave --time out`},

	"operands":                {`{command} erwartet {operands}, bekommen hat es {count} Angaben`, `{command} takes {operands}, but was given {count} operands`},
	"operands/one":            {`{command} erwartet {operands}, bekommen hat es eine Angabe`, `{command} takes {operands}, but was given one operand`},
	"operands/none":           {`keine Angaben`, `no operands`},
	"usage/next":              {`„bremen help{command}“ zeigt, was geht`, `"bremen help{command}" shows what is possible`},
	"unknown/command":         {`unbekannter Befehl „{name}“`, `unknown command "{name}"`},
	"unknown/command/nearest": {`unbekannter Befehl „{name}“; meintest du „{nearest}“?`, `unknown command "{name}"; did you mean "{nearest}"?`},
	"unknown/flag":            {`{command} kennt {name} nicht`, `{command} has no flag {name}`},
	"unknown/flag/nearest":    {`{command} kennt {name} nicht; meintest du {nearest}?`, `{command} has no flag {name}; did you mean {nearest}?`},
	"flag/value":              {`{name} braucht einen Wert`, `{name} needs a value`},
	"flag/bad":                {`„{value}“ passt nicht zu {name}: {why}`, `"{value}" does not fit {name}: {why}`},
	"lang/known":              {`es gibt de und en`, `there are de and en`},
	"threads":                 {`--threads und --memory zählen von 0`, `--threads and --memory count from 0`},

	"mistakes":         {`{name}: {count} Fehler`, `{name}: {count} mistakes`},
	"mistakes/one":     {`{name}: ein Fehler`, `{name}: one mistake`},
	"mistakes/more":    {`und {count} weitere`, `and {count} more`},
	"mistakes/next":    {`„bremen check {name}“ zeigt alle`, `"bremen check {name}" lists all of them`},
	"mistakes/mend":    {`behebe das und versuche es noch einmal`, `mend this and try again`},
	"missing":          {`{name} gibt es nicht`, `there is no {name}`},
	"missing/next":     {`„bremen template netz.xlsx“ macht eine leere Arbeitsmappe, „bremen demo“ zeigt ein Beispiel`, `"bremen template network.xlsx" makes an empty workbook, "bremen demo" shows an example`},
	"missing/nearest":  {`meintest du {nearest}?`, `did you mean {nearest}?`},
	"stdin/long":       {`die Eingabe ist zu lang`, `the input is too long`},
	"stdin/form":       {`die Eingabe ist weder eine Arbeitsmappe noch ein gezippter Ordner von Tabellen`, `the input is neither a workbook nor a zipped folder of tables`},
	"notices/more":     {`und {count} weitere Hinweise`, `and {count} more notices`},
	"notices/more/one": {`und ein weiterer Hinweis`, `and one more notice`},

	"noplan":         {`in {name} liegt kein plan.json`, `there is no plan.json in {name}`},
	"noplan/next":    {`„bremen plan NETZWERK -o {name}“ macht einen Plan`, `"bremen plan NETWORK -o {name}" makes a plan`},
	"proofs/none":    {`{name} nennt keine Nachweise; mit „bremen plan NETZWERK -o ORDNER“ gemachte Pläne haben sie`, `{name} names no proofs; plans made with "bremen plan NETWORK -o DIR" have them`},
	"proofs/name":    {`„{name}“ ist kein Name einer Datei neben dem Plan`, `"{name}" is not the name of a file beside the plan`},
	"proofs/missing": {`{name} fehlt`, `{name} is missing`},
	"proofs/other":   {`{name} ist nicht die Datei, die der Plan nennt: ihr Hash ist ein anderer`, `{name} is not the file that the plan names: its hash is another`},
	"unwritten":      {`in {name} wurde nichts geändert`, `nothing in {name} was changed`},
	"exists":         {`{name} gibt es schon`, `{name} is there already`},
	"exists/next":    {`nimm einen anderen Namen; es wurde nichts geändert`, `choose another name; nothing was changed`},

	"phase/read":   {`liest`, `reading`},
	"phase/check":  {`prüft`, `checking`},
	"phase/solver": {`startet den Löser`, `starting the solver`},
	"phase/plan":   {`Stufe {rung}/{rungs} {goal}  {level}  offen {free}/{of}`, `rung {rung}/{rungs} {goal}  {level}  open {free}/{of}`},
	"phase/why":    {`sucht Gründe`, `looking for reasons`},
	"phase/write":  {`schreibt`, `writing`},
	"phase/verify": {`rechnet die Nachweise nach`, `checking the proofs`},
}

// resultSentences are the results of commands.
var resultSentences = map[string]sentence{
	"check/wrong":      {`{name}: {count} Fehler`, `{name}: {count} mistakes`},
	"check/wrong/one":  {`{name}: ein Fehler`, `{name}: one mistake`},
	"check/wrong/next": {`Behebe das und prüfe noch einmal.`, `Mend this and check again.`},
	"check/right":      {`{name}: das Netzwerk „{network}“ ist in Ordnung`, `{name}: network {network} is in order`},
	"check/empty":      {`{name}: noch steht nichts darin. Beginne mit agents (Mitglieder), products (Güter) und needs (Bedürfnisse).`, `{name}: nothing is stated yet. Begin with agents, products and needs.`},
	"check/doubts":     {`{count} Hinweise (planen lässt es sich trotzdem):`, `{count} things to look at (it can be planned all the same):`},
	"check/doubts/one": {`Ein Hinweis (planen lässt es sich trotzdem):`, `One thing to look at (it can be planned all the same):`},
	"check/alike":      {`und {count} weitere dieser Art`, `and {count} more of this kind`},
	"check/next":       {`weiter: bremen plan {name} -o out/plan`, `next: bremen plan {name} -o out/plan`},

	"status/optimal":   {`bewiesen`, `proven`},
	"status/stopped":   {`unvollständig`, `incomplete`},
	"plan/head":        {`Plan {network}  {status}  {met} von {all} Bedürfnissen ganz erfüllt  {time}`, `plan {network}  {status}  {met} of {all} needs met in full  {time}`},
	"ladder/goal":      {`Stufe`, `rung`},
	"ladder/kind":      {`Art`, `kind`},
	"ladder/value":     {`erreicht`, `reached`},
	"ladder/gap":       {`bewiesen auf`, `proven to`},
	"ladder/way":       {`{share} des Weges`, `{share} of the way`},
	"kind/leximin":     {`alle mit`, `leximin`},
	"kind/least":       {`wenig`, `least`},
	"kind/most":        {`viel`, `most`},
	"kind/sum":         {`Summe`, `sum`},
	"unmet/what":       {`fehlt`, `unmet`},
	"unmet/who":        {`bei`, `whose`},
	"unmet/want":       {`gewollt`, `want`},
	"unmet/short":      {`es fehlt`, `short`},
	"unmet/worst":      {`am wenigsten`, `worst`},
	"unmet/more":       {`und {count} weitere`, `and {count} more`},
	"because":          {`warum:`, `because:`},
	"plan/next":        {"weiter: bremen plan {name} -o out/plan   schreibt Bericht, Listen, Nachweise", "next: bremen plan {name} -o out/plan   writes report, lists and proofs"},
	"plan/next/why":    {"warum:  bremen why {dir} {what}", "why:    bremen why {dir} {what}"},
	"plan/next/report": {"sieh:   {dir}/report.html", "see:    {dir}/report.html"},
	"plan/next/verify": {"prüfe:  bremen verify {dir} {name}", "verify: bremen verify {dir} {name}"},
	"plan/no":          {`Plan {network}: es gibt keinen. Was fest gelten soll, widerspricht sich.`, `plan {network}: there is none. What must hold contradicts itself.`},
	"plan/repair":      {`Am wenigsten müsste sich so ändern:`, `The least that would have to give:`},
	"plan/no/next":     {`weiter: ändere eines davon in den Tabellen und plane {name} noch einmal`, `next: change one of these in the tables and plan {name} again`},

	"status/infeasible": {`unmöglich`, `impossible`},
	"verify/none":       {`{plan} nennt sich „{status}“ und hat keine Nachweise`, `{plan} calls itself {status} and has no proofs`},
	"verify/no":         {`{plan} hält NICHT stand: {count} Mängel`, `{plan} does NOT hold: {count} failures`},
	"verify/no/one":     {`{plan} hält NICHT stand: ein Mangel`, `{plan} does NOT hold: one failure`},
	"verify/no/next":    {`Der Plan passt nicht zu diesen Tabellen, wurde verändert, oder ist nicht so gut, wie er sagt. Wer ihn gemacht hat, kann ihn mit „bremen plan“ neu rechnen.`, `The plan is not of these tables, was altered, or is not as good as it says. Whoever made it can make it anew with "bremen plan".`},
	"verify/yes":        {`{plan} hält stand: von {network} gemacht, eingehalten und nicht zu übertreffen`, `{plan} holds: made from {network}, kept to, and not to be surpassed`},
	"verify/network":    {`Netzwerk: dasselbe, aus dem der Plan gemacht ist (SHA-256 {hash}…).`, `Network: the one the plan was made from (SHA-256 {hash}…).`},
	"verify/program":    {`Grenzen: alle {rows} Zeilen und {columns} Spalten des neu gebauten Programms eingehalten, schlechteste Abweichung {worst}.`, `Bounds: all {rows} rows and {columns} columns of the program, built anew, are kept; the worst misses by {worst}.`},
	"verify/rounds":     {`Güte: {count} Runden auf {rungs} Stufen durch duale Werte mit sicherer Rundung bewiesen, größte Lücke {gap}.`, `Quality: {count} rounds on {rungs} rungs proven by dual values with safe rounding, largest gap {gap}.`},
	"verify/precision":  {`Gerechtigkeit: niemand kann um mehr als {precision} unter dem stehen, was erreichbar ist.`, `Fairness: nobody can stand below what can be reached by more than {precision}.`},
	"verify/figures":    {`Zahlen: {needs} Bedürfnisse, {runs} Durchläufe und alles andere im Plan folgt aus der Lösung.`, `Figures: {needs} needs, {runs} runs and all else in the plan follow from the solution.`},
	"verify/yes/next":   {`Kein Löser hat daran mitgewirkt: nachgerechnet wurde allein aus den Tabellen und den Nachweisen.`, `No solver took part in this: it was worked out from the tables and the proofs alone.`},

	"compare/same":       {`Die Pläne sind gleich.`, `The plans are the same.`},
	"compare/differ":     {`Für {count} Mitglieder ist etwas anders; {goals} Stufen unterscheiden sich.`, `Something is different for {count} agents; {goals} rungs differ.`},
	"compare/differ/one": {`Für ein Mitglied ist etwas anders; {goals} Stufen unterscheiden sich.`, `Something is different for one agent; {goals} rungs differ.`},
	"compare/networks":   {`Sie sind aus verschiedenen Angaben gemacht.`, `They were made from different statements.`},
	"compare/agent":      {`{agent}`, `{agent}`},
	"compare/need":       {`{what} ({urgency}): {a} → {b}, {from} → {to} {unit}, {periods}`, `{what} ({urgency}): {a} → {b}, {from} → {to} {unit}, {periods}`},
	"compare/work":       {`arbeitet {what} für {for}: {from} → {to} {unit}, {periods}`, `works {what} for {for}: {from} → {to} {unit}, {periods}`},
	"compare/runs":       {`macht {what}: {from} → {to} {unit}, {periods}`, `makes {what}: {from} → {to} {unit}, {periods}`},
	"compare/purchases":  {`kauft {what}: {from} → {to} {unit}, {periods}`, `buys {what}: {from} → {to} {unit}, {periods}`},
	"compare/sales":      {`verkauft {what}: {from} → {to} {unit}, {periods}`, `sells {what}: {from} → {to} {unit}, {periods}`},
	"compare/carried":    {`fährt {what} nach {for}: {from} → {to} {unit}, {periods}`, `carries {what} to {for}: {from} → {to} {unit}, {periods}`},
	"compare/lines":      {`und {count} weitere Änderungen`, `and {count} more changes`},
	"compare/lines/one":  {`und eine weitere Änderung`, `and one more change`},
	"compare/more":       {`und {count} weitere Mitglieder`, `and {count} more agents`},
	"compare/more/one":   {`und ein weiteres Mitglied`, `and one more agent`},
	"compare/next":       {`alles für ein Mitglied: bremen compare {a} {b} --agent KENNUNG`, `all for one agent: bremen compare {a} {b} --agent ID`},
	"compare/nobody":     {`(niemand)`, `(nobody)`},
	"periods":            {`Zeitabschnitte {periods}`, `periods {periods}`},
	"periods/whole":      {`insgesamt`, `over all`},

	"totals/mean":   {`{urgency}: im Mittel`, `{urgency}: mean`},
	"totals/worst":  {`{urgency}: am wenigsten`, `{urgency}: worst`},
	"totals/hours":  {`Arbeit`, `work`},
	"totals/spent":  {`ausgegeben`, `spent`},
	"totals/earned": {`eingenommen`, `earned`},

	"why/unknown":      {`im Plan heißt nichts „{name}“, was jemand braucht oder macht`, `nothing that the plan needs or makes is called "{name}"`},
	"why/unknown/next": {`ohne Namen zeigt „bremen why PLAN“ die wichtigsten Gründe`, `without a name "bremen why PLAN" shows the main reasons`},
	"why/nothing":      {`{network}: Alle Bedürfnisse sind ganz erfüllt.`, `{network}: all needs are met in full.`},
	"why/questions":    {`Fragen, die sich zu stellen lohnen:`, `Questions worth asking:`},
	"why/unexplained":  {`Dafür steht kein Grund im Plan; der Bericht zeigt die Engpässe.`, `The plan holds no reason for this; the report shows the bottlenecks.`},
	"why/need":         {`Bedürfnis`, `need`},
	"why/gets":         {`bekommt`, `gets`},

	"whatif/nothing":  {`sag, was anders sein soll: --cut KENNUNG, --set TABELLE.ZEILE.SPALTE=WERT`, `say what should be different: --cut ID, --set TABLE.ROW.COLUMN=VALUE`},
	"whatif/base":     {`wie es ist`, `as it is`},
	"whatif/head":     {`{network}: {count} Möglichkeiten neben dem, was ist`, `{network}: {count} possibilities beside what is`},
	"whatif/head/one": {`{network}: eine Möglichkeit neben dem, was ist`, `{network}: one possibility beside what is`},
	"whatif/same":     {`{name}  An keinem Bedürfnis ändert sich etwas.`, `{name}  No need is met more or less than before.`},
	"whatif/what":     {`{name}: am meisten ändert sich`, `{name}: what changes most`},
	"whatif/mean":     {`im Mittel`, `mean`},
	"whatif/worst":    {`am wenigsten`, `worst`},
	"whatif/more":     {`und {count} weitere`, `and {count} more`},
	"whatif/next":     {`weiter: mit --json steht hier alles, was sich für wen ändert`, `next: --json has all that changes, and for whom`},

	"convert/network":  {`{out} enthält nun {in}.`, `{out} now holds {in}.`},
	"convert/program":  {`{out} enthält das Programm von {in}: {rows} Zeilen, {columns} Spalten, {entries} Einträge.`, `{out} holds the program of {in}: {rows} rows, {columns} columns, {entries} entries.`},
	"convert/goal":     {`Sein Ziel ist die Stufe {goal}.`, `Its objective is the rung {goal}.`},
	"convert/goalless": {`Es hat kein Ziel: eine Leiter passt in kein einzelnes Programm. Mit --goal lässt sich eine Stufe wählen, die ein einziger Ausdruck ist: {goals}.`, `It has no objective: a ladder does not fit into one program. Choose a rung that is one expression with --goal: {goals}.`},
	"convert/nogoal":   {`die Leiter hat keine Stufe „{goal}“, die ein einziger Ausdruck ist`, `the ladder has no rung "{goal}" that is one expression`},
	"convert/goals":    {`es gibt: {goals}`, `there are: {goals}`},
	"convert/form":     {`unbekannte Form „{form}“; es gibt tables, xlsx, mps, lp`, `unknown form "{form}"; there are tables, xlsx, mps, lp`},
	"convert/stdout":   {`ein Ordner passt nicht in die Ausgabe; nimm --to xlsx, mps oder lp`, `a folder does not fit into standard output; take --to xlsx, mps or lp`},
	"convert/back":     {`{in} ist ein Programm; daraus wird kein Netzwerk, nur mps oder lp`, `{in} is a program; it becomes no network, only mps or lp`},

	"template/form": {`„{name}“ endet nicht auf .xlsx`, `"{name}" does not end in .xlsx`},
	"template/done": {`{name} ist eine Arbeitsmappe mit einem Blatt je Tabelle. Fülle aus, was du brauchst; leere Blätter schaden nicht. Dann: bremen check {name}`, `{name} is a workbook with a sheet per table. Fill in what you need; empty sheets do no harm. Then: bremen check {name}`},
	"demo/address":  {`Der Bericht: {url}   (Strg-C beendet)`, `The report: {url}   (Ctrl-C ends)`},
	"demo/file":     {`öffne {file} in einem Browser`, `open {file} in a browser`},
}
