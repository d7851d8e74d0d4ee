package main

// helpSentences are what "bremen help" says. arg/FLAG is the name of a flag's value.
var helpSentences = map[string]sentence{
	"help/first": {`Bremen plant aus dem, was ein Netzwerk von Menschen braucht, kann und hat.`, `Bremen plans from what a network of people needs, can do and has.`},
	"help/last": {
		`NETWORK ist ein Ordner mit CSV-Tabellen, eine Arbeitsmappe (.xlsx), ein Ordner mit iotable.yaml, oder - für eine Arbeitsmappe oder einen gezippten Ordner in der Standardeingabe. PLAN ist der Ordner, den „bremen plan NETWORK -o ORDNER“ schreibt, oder ein plan.json.
Überall: --json für Programme, --lang de oder en. „bremen help BEFEHL“ sagt mehr.
Rückgabe: 0 getan (auch wenn Bedürfnisse offen bleiben), 1 die Eingabe ist falsch, 2 der Aufruf ist falsch, 3 die Antwort ist nein.`,
		`NETWORK is a folder of CSV tables, a workbook (.xlsx), a folder with iotable.yaml, or - for a workbook or a zipped folder on standard input. PLAN is the folder that "bremen plan NETWORK -o DIR" writes, or a plan.json.
Everywhere: --json for programs, --lang de or en. "bremen help COMMAND" says more.
Exit status: 0 done (needs may stay unmet), 1 the input is wrong, 2 the command was not understood, 3 the answer is no.`,
	},

	"about/demo":     {`plant die Beispielregion und zeigt ihren Bericht im Browser`, `plans the example region and shows its report in the browser`},
	"about/template": {`macht eine leere Arbeitsmappe zum Ausfüllen`, `makes an empty workbook to fill in`},
	"about/check":    {`sagt, was an den Tabellen falsch oder zweifelhaft ist`, `says what is wrong or doubtful in the tables`},
	"about/plan":     {`rechnet den Plan, mit Gründen und Nachweisen`, `computes the plan, with reasons and proofs`},
	"about/why":      {`erklärt, woran etwas fehlt oder woraus etwas entsteht`, `explains what something falls short of or comes from`},
	"about/compare":  {`sagt, was zwei Pläne unterscheidet, und für wen`, `says what differs between two plans, and for whom`},
	"about/verify":   {`rechnet einen Plan nach, ohne Löser`, `checks a plan's proofs, without a solver`},
	"about/whatif":   {`zeigt, was wäre, wenn etwas wegfällt oder sich ändert`, `shows what would be if something fell away or changed`},
	"about/convert":  {`schreibt ein Netzwerk als Tabellen, Arbeitsmappe oder Programm`, `writes a network as tables, workbook or program`},
	"about/version":  {`sagt, welches Bremen das ist`, `says which Bremen this is`},

	"more/demo": {
		`Der Plan kommt in den Ordner out/region. Ohne Terminal, mit CI=true oder --once endet der Befehl, sobald er geschrieben ist.`,
		`The plan goes to the folder out/region. Without a terminal, with CI=true or --once the command ends when it is written.`,
	},
	"more/plan": {
		`Ohne -o wird nur gezeigt, was herauskommt. Mit -o entsteht ein Ordner: plan.json, die Nachweise dazu, Tabellen, Listen und Kalender je Mitglied, report.html, und das Netzwerk, aus dem er gemacht ist. Ein früherer Plan im selben Ordner wird ersetzt, sonst nichts.`,
		`Without -o it only prints what comes out. With -o it writes a folder: plan.json, its proofs, tables, lists and calendars per agent, report.html, and the network it was made from. An earlier plan in the same folder is replaced, nothing else is.`,
	},
	"more/whatif": {
		`Mehrere --cut und --set gelten zusammen; --or beginnt eine weitere Möglichkeit, die daneben steht. --cut nimmt ein Mitglied, einen Ort, ein Gut, ein Rezept, einen Weg, Handel, eine Fertigkeit, ein Arbeitsangebot, ein Bedürfnis, eine Grenze oder Zusage weg, mit allem, was daran hängt. --set ändert jede Zahl der Tabellen; *= vervielfacht, += und -= vermehren und vermindern.`,
		`Several --cut and --set hold together; --or begins another possibility, shown beside. --cut takes away an agent, site, product, recipe, link, trade, skill, work offer, need, limit or commitment, with all that depends on it. --set changes any figure in the tables; *= scales, += and -= add and take away.`,
	},
	"more/convert": {
		`Was OUT wird, sagt seine Endung: .xlsx, .mps, .lp; alles andere ist ein Ordner von Tabellen. IN kann auch ein Programm (.mps, .lp) sein, das dann ein Programm bleibt.`,
		`What OUT becomes, its ending tells: .xlsx, .mps, .lp; anything else is a folder of tables. IN may be a program (.mps, .lp) as well, and then stays one.`,
	},
	"more/verify": {
		`Das Programm jeder Runde wird aus NETWORK neu gebaut; geprüft wird, dass der Plan alle Grenzen einhält, dass jedes Niveau bewiesen ist, und dass alle Zahlen im Plan aus der Lösung folgen.`,
		`The program of every round is built anew from NETWORK; checked is that the plan keeps all bounds, that every level is proven, and that all figures of the plan follow from the solution.`,
	},
	"more/why": {
		`Ein Bedürfnis wird mit seiner Kennung genannt oder mit dem, was gebraucht wird; ein Gut, das niemandem fehlt, wird bis zu seinen Ursprüngen verfolgt. Ohne weitere Angabe: die wichtigsten Gründe und Fragen des Plans.`,
		`A need is named by its ID or by what is needed; a product that nobody is short of is followed to its origins. Without it: the plan's main reasons and questions.`,
	},

	"example/whatif": {
		"  bremen whatif examples/region --cut baecker\n  bremen whatif examples/region --set 'work[skill=gardening].hours*=1.1' --or --cut kurier",
		"  bremen whatif examples/region --cut baecker\n  bremen whatif examples/region --set 'work[skill=gardening].hours*=1.1' --or --cut kurier",
	},
	"example/convert": {
		"  bremen convert examples/region region.xlsx\n  bremen convert examples/region region.mps --ladder weighted",
		"  bremen convert examples/region region.xlsx\n  bremen convert examples/region region.mps --ladder weighted",
	},

	"flag/json":     {`das Ergebnis als JSON`, `the result as JSON`},
	"flag/lang":     {`Sprache der Sätze: de oder en`, `language of the sentences: de or en`},
	"flag/threads":  {`wie viele Rechnungen nebeneinander laufen (0: so viele wie Prozessoren)`, `how many solves run side by side (0: as many as processors)`},
	"flag/memory":   {`höchstens so viele MiB Speicher je Rechnung (0: bis 2048)`, `most memory per solve in MiB (0: up to 2048)`},
	"arg/memory":    {`MIB`, `MIB`},
	"flag/time":     {`nach dieser Zeit aufgeben: 90s, 5m`, `give up after this time: 90s, 5m`},
	"flag/o":        {`diesen Ordner schreiben`, `write this folder`},
	"flag/ladder":   {`Zielleiter des Netzwerks, nach Namen`, `ladder of goals of the network, by name`},
	"flag/guess":    {`älterer Plan, dessen Niveaus als Vermutung dienen und nachgewiesen werden`, `older plan, whose levels serve as guesses and are proven`},
	"flag/in-force": {`geltender Plan, von dem möglichst wenig abgewichen wird`, `plan in force, which is to change as little as possible`},
	"flag/no-why":   {`ohne Gründe und Fragen, die eigene Rechnungen brauchen`, `without reasons and questions, which take solves of their own`},
	"flag/agent":    {`nur für dieses Mitglied, dafür alles`, `only for this agent, but all of it`},
	"flag/cut":      {`fällt weg`, `falls away`},
	"flag/set":      {`TABELLE.ZEILE.SPALTE=WERT oder TABELLE[SPALTE=WERT].SPALTE*=1.1`, `TABLE.ROW.COLUMN=VALUE or TABLE[COLUMN=VALUE].COLUMN*=1.1`},
	"flag/and":      {`noch etwas an derselben Möglichkeit (darf fehlen)`, `something more of the same possibility (may be left out)`},
	"flag/or":       {`eine weitere Möglichkeit`, `another possibility`},
	"flag/to":       {`Form von OUT: tables, xlsx, mps, lp`, `form of OUT: tables, xlsx, mps, lp`},
	"flag/goal":     {`Stufe, die das Ziel des Programms wird`, `rung that becomes the program's objective`},
	"flag/once":     {`nur schreiben, nicht zeigen`, `only write, do not show`},
	"flag/demo/o":   {`Ordner des Plans (sonst out/region)`, `folder of the plan (else out/region)`},

	"flag/network": {`das Netzwerk, wenn es nicht beim Plan liegt`, `the network, if it does not lie with the plan`},
	"arg/network":  {`NETZWERK`, `NETWORK`},
	"arg/lang":     {`SPRACHE`, `LANG`},
	"arg/threads":  {`ZAHL`, `N`},
	"arg/time":     {`DAUER`, `TIME`},
	"arg/o":        {`ORDNER`, `DIR`},
	"arg/ladder":   {`NAME`, `NAME`},
	"arg/guess":    {`PLAN`, `PLAN`},
	"arg/in-force": {`PLAN`, `PLAN`},
	"arg/agent":    {`KENNUNG`, `ID`},
	"arg/cut":      {`KENNUNG`, `ID`},
	"arg/set":      {`ÄNDERUNG`, `CHANGE`},
	"arg/to":       {`FORM`, `FORM`},
	"arg/goal":     {`STUFE`, `RUNG`},
}
