package main

// seriesSentences are what "bremen series" says.
var seriesSentences = map[string]sentence{
	"about/series": {`plant ein Netzwerk viele Male, mit je anderen Änderungen`, `plans a network many times, each time with other changes`},
	"more/series": {
		`SERIES ist eine YAML-Datei oder eine CSV-Tabelle mit einer Variante je Zeile. Eine Reihe hat Varianten (variants), einen Bereich oder ein Raster von Zahlen (ranges), Ausfälle je eines Mitglieds, Lieferanten oder Wegs (cutoffs) oder Koalitionen von Organisationen (coalitions). Mit -o entsteht ein Ordner mit einer Seite (series.html), series.json und Tabellen; wird die Rechnung abgebrochen, geht derselbe Befehl dort weiter. docs/series.md sagt mehr.`,
		`SERIES is a YAML file, or a CSV table with one variant per row. A series has variants, a range or a grid of figures (ranges), cut-offs of one agent, supplier or link at a time (cutoffs), or coalitions of organisations (coalitions). With -o it writes a folder with a page (series.html), series.json and tables; if it is stopped, the same command goes on there. docs/series.md says more.`,
	},
	"example/series": {
		"  bremen series examples/bakery examples/bakery/farming.yaml -o out/farming",
		"  bremen series examples/bakery examples/bakery/farming.yaml -o out/farming",
	},
	"flag/series/o":        {`diesen Ordner schreiben, und dort weitermachen`, `write this folder, and go on from what it holds`},
	"flag/series/database": {`Varianten als Aufträge in diese PostgreSQL-Datenbank geben: postgres://…`, `leave the variants as jobs to workers on this PostgreSQL database: postgres://…`},

	"flag/cancel":        {`was in der Datenbank noch nicht fertig ist, nicht mehr rechnen lassen`, `have what is not finished in the database computed no more`},
	"series/cancel":      {`--cancel gilt für Aufträge in einer Datenbank: --database fehlt`, `--cancel is about jobs in a database: --database is missing`},
	"series/cancelled":   {`abgesagt, was in der Datenbank noch nicht fertig war; hier liegen {done} von {of} Varianten`, `cancelled what was not finished in the database; here are {done} of {of} variants`},
	"series/given":       {`für {count} Varianten kommt nichts mehr; bei {variant}: {why}`, `nothing will come for {count} variants; of {variant}: {why}`},
	"series/given/one":   {`für eine Variante kommt nichts mehr, {variant}: {why}`, `nothing will come for one variant, {variant}: {why}`},
	"flag/worker/series": {`Varianten von Reihen rechnen statt Pläne von Netzwerken; dazu braucht es keinen Ordner`, `compute variants of series instead of plans of networks; that needs no folder`},

	"phase/variants":        {`Varianten {done}/{of}  {goal}`, `variants {done}/{of}  {goal}`},
	"series/stopped":        {`abgebrochen; {done} von {of} Varianten liegen fertig in {name}`, `stopped; {done} of {of} variants lie finished in {name}`},
	"series/stopped/next":   {`derselbe Befehl macht dort weiter`, `the same command goes on from there`},
	"series/head":           {`{network}: {count} Varianten, {proven} davon bewiesen`, `{network}: {count} variants, {proven} of them proven`},
	"series/impossible":     {`{count} sind unmöglich: Was fest gelten soll, widerspricht sich dort.`, `{count} are impossible: what must hold contradicts itself there.`},
	"series/impossible/one": {`Eine ist unmöglich: Was fest gelten soll, widerspricht sich dort.`, `One is impossible: what must hold contradicts itself there.`},
	"series/variant":        {`Variante`, `variant`},
	"series/more":           {`und {count} weitere`, `and {count} more`},
	"series/next":           {`weiter: bremen series {network} {series} -o out/series   schreibt Seite und Tabellen`, `next: bremen series {network} {series} -o out/series   writes page and tables`},
	"series/next/report":    {`sieh: {name}/series.html`, `see: {name}/series.html`},
}
