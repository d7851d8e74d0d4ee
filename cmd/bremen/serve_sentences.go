package main

// serveSentences are what "bremen serve" says.
var serveSentences = map[string]sentence{
	"about/serve": {`ist der Server von Netzwerken`, `is the server of networks`},
	"more/serve": {
		`Ohne Weiteres antwortet er nur auf diesem Rechner, unter http://localhost:8080, und hält alles in einem Datenordner. Ein neues Netzwerk antwortet nur auf den Einrichtungscode, der hier gezeigt wird; drei Personen gründen es, jede auf ihrem Gerät. Für andere Rechner braucht er --address, einen Reverse Proxy mit TLS davor, und imprint.yaml mit Impressum, Kontakt und Datenschutz. docs/serve.md sagt mehr.`,
		`As it is, it answers on this machine only, at http://localhost:8080, and keeps everything in a data folder. A new network answers only to the set-up code shown here; three people found it, each on their own device. For other machines it needs --address, a reverse proxy with TLS before it, and imprint.yaml with imprint, contact and privacy notice. docs/serve.md says more.`,
	},
	"example/serve": {
		"  bremen serve\n  bremen serve --listen localhost:8080 --address https://nordhof.example.org \\\n    --proxy 127.0.0.1 --new nordhof",
		"  bremen serve\n  bremen serve --listen localhost:8080 --address https://nordhof.example.org \\\n    --proxy 127.0.0.1 --new nordhof",
	},
	"flag/serve/data":     {`Datenordner (sonst bremen-data)`, `data folder (else bremen-data)`},
	"flag/serve/database": {`mehrere Server an einer PostgreSQL-Datenbank: postgres://…`, `several servers on one PostgreSQL database: postgres://…`},
	"flag/serve/listen":   {`Adresse, an der er antwortet (sonst localhost:8080)`, `address at which it answers (else localhost:8080)`},
	"flag/address":        {`Adresse, unter der Browser ihn erreichen; Schlüssel gelten nur für sie`, `address under which browsers reach it; keys are good for it alone`},
	"arg/address":         {`URL`, `URL`},
	"flag/imprint":        {`Datei mit name, imprint, contact, privacy (sonst imprint.yaml im Datenordner)`, `file with name, imprint, contact, privacy (else imprint.yaml in the data folder)`},
	"arg/imprint":         {`DATEI`, `FILE`},
	"flag/mail":           {`Datei mit host, port, security, user, password-file, from (sonst mail.yaml im Datenordner)`, `file with host, port, security, user, password-file, from (else mail.yaml in the data folder)`},
	"arg/mail":            {`DATEI`, `FILE`},
	"flag/oidc":           {`Datei mit OpenID-Anbietern von Organisationen (sonst oidc.yaml im Datenordner)`, `file with OpenID providers of organisations (else oidc.yaml in the data folder)`},
	"arg/oidc":            {`DATEI`, `FILE`},
	"flag/new":            {`ein weiteres Netzwerk dieses Namens; darf mehrmals stehen`, `another network of this name; may be given several times`},
	"arg/new":             {`NAME`, `NAME`},
	"flag/witness":        {`Zeuge, der gegenzeichnen soll: öffentlicher Schlüssel, @, Adresse; darf mehrmals stehen`, `witness to cosign: public key, @, address; may be given several times`},
	"arg/witness":         {`SCHLÜSSEL@URL`, `KEY@URL`},
	"flag/proxy":          {`Adresse eines Reverse Proxy, dem X-Forwarded-For geglaubt wird; darf mehrmals stehen`, `address of a reverse proxy whose X-Forwarded-For is believed; may be given several times`},
	"arg/proxy":           {`ADRESSE`, `ADDRESS`},

	"flag/leave-jobs": {`berechnet selbst keine Pläne, sondern lässt sie "bremen worker"`, `computes no plans itself but leaves them to "bremen worker"`},

	"about/worker": {`berechnet Pläne neben Servern an einer PostgreSQL-Datenbank`, `computes plans beside servers on a PostgreSQL database`},
	"more/worker": {
		`Er nimmt, was Mitglieder an irgendeinem der Server in Auftrag geben, eins nach dem anderen; es können beliebig viele laufen. Mit --data hat er denselben Ordner wie die Server: dort liegen die Dateien der Pläne. Wird er angehalten, gibt er zurück, woran er rechnet; stürzt er ab, nimmt es ein anderer. Ins Protokoll schreibt er nichts. Mit --series rechnet er stattdessen die Varianten, die „bremen series … --database“ bestellt (docs/series.md).`,
		`It takes what members order at any of the servers, one after the other; any number of workers may run. With --data it has the same folder as the servers: the files of plans lie there. Told to stop, it gives back what it is computing; if it dies, another takes it. It writes nothing into the record. With --series it computes instead the variants that "bremen series … --database" orders (docs/series.md).`,
	},
	"example/worker": {
		"  bremen worker --database postgres:///bremen --data /srv/bremen\n  bremen worker --series --database postgres://bremen_worker@db/series",
		"  bremen worker --database postgres:///bremen --data /srv/bremen\n  bremen worker --series --database postgres://bremen_worker@db/series",
	},
	"flag/worker/data":     {`Ordner, den die Server gemeinsam haben (sonst bremen-data)`, `folder that the servers share (else bremen-data)`},
	"flag/worker/database": {`die Datenbank der Server: postgres://…`, `the servers' database: postgres://…`},
	"worker/which":         {`--database fehlt: an SQLite rechnet der Server selbst`, `--database is missing: on SQLite the server itself computes`},
	"worker/data":          {`{name} gibt es nicht; erwartet wird der Ordner, den die Server mit --data haben`, `there is no {name}; expected is the folder that the servers have with --data`},
	"worker/ready":         {`Bereit: nimmt Aufträge aus der Datenbank`, `Ready: takes jobs from the database`},

	"serve/ready":   {`Bereit: {url}`, `Ready: {url}`},
	"serve/address": {`--address fehlt oder ist keine: erwartet wird zum Beispiel https://nordhof.example.org`, `--address is missing or is none: expected is, for example, https://nordhof.example.org`},
	"serve/new":     {`"{name}" taugt nicht als Name: nur Buchstaben, Ziffern und Bindestriche`, `"{name}" does not do as a name: only letters, digits and hyphens`},
	"serve/witness": {`Zeuge "{text}": erwartet wird SCHLÜSSEL@URL`, `witness "{text}": expected KEY@URL`},
	"serve/proxy":   {`Proxy "{text}": erwartet wird eine Adresse wie 127.0.0.1 oder 10.0.0.0/8`, `proxy "{text}": expected an address like 127.0.0.1 or 10.0.0.0/8`},
	"serve/imprint": {
		`an {listen} wäre er von anderen Rechnern zu erreichen; es fehlt noch: {missing}`,
		`at {listen} other machines would reach it; still missing: {missing}`,
	},
	"serve/imprint/next": {
		"Schreibe in {file}:\n\n    name: Nordhof eG, Hauptstraße 1, 28195 Bremen\n    imprint: |\n      wer betreibt, Anschrift, Vertretung, Register\n    contact: |\n      E-Mail und Telefon\n    privacy: |\n      wer verantwortlich ist, was gespeichert wird, wie lange, welche Rechte\n\nund starte ihn wieder.",
		"Write into {file}:\n\n    name: Nordhof Coop, 1 Main Street, 28195 Bremen\n    imprint: |\n      who operates it, address, who represents them, register\n    contact: |\n      e-mail and phone\n    privacy: |\n      who is responsible, what is kept, how long, which rights\n\nand start it again.",
	},
}
