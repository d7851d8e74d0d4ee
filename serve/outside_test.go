package serve

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"bremen/audit"
	"bremen/commons"
	"bremen/govern"
	"bremen/internal/browsertest"
	"bremen/record"
	"bremen/record/sqlite"
	"bremen/record/tiles"
	"bremen/record/witness"
)

// An outsider's audit of what the server shows passes, with a witness's cosignature; the record's page names the witness
// once the network has named it.
func TestAuditAndWitness(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.things()
	key, err := w.net.LogKey(t.Context())
	w.must(err)
	private, _, err := record.NewKey("witness.example")
	w.must(err)
	seen, err := sqlite.Open(t.Context(), t.TempDir(), w.now)
	w.must(err)
	t.Cleanup(func() { seen.Close() })
	signs, err := witness.New(seen, private, map[string][]string{w.net.Origin(): {key}})
	w.must(err)
	other := httptest.NewServer(signs.Handler())
	t.Cleanup(other.Close)
	public, err := record.PublicKey(private)
	w.must(err)
	asked, err := witness.NewClient(other.URL, public, nil)
	w.must(err)
	if _, err := w.net.Publish(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	c := w.client()
	if got := c.get("/nordhof/record"); !strings.Contains(got.body, "Unwitnessed") {
		t.Error("a witness that the network has not named counts")
	}
	until := w.now().Add(30 * 24 * time.Hour)
	act := w.state(1, commons.GiveMandate(commons.Mandating{Office: "records", Scope: govern.InNetwork, Holder: 2, Until: until}))
	w.state(2, commons.AssentTo(act.Number))
	w.state(2, commons.AcceptMandate(act.Number, ""))
	w.state(2, commons.NameWitness("witness.example", public))
	if _, err := w.net.Publish(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	if got := c.get("/nordhof/record"); !strings.Contains(got.body, "Cosigned by") || !strings.Contains(got.body, "witness.example") {
		t.Errorf("the witness is not shown:\n%s", got.body)
	}
	log, err := tiles.NewClient(w.address+"/nordhof/log", nil)
	w.must(err)
	report, err := audit.Run(t.Context(), log, audit.Options{})
	w.must(err)
	if len(report.Failures) > 0 || report.Entries != w.net.Size() {
		t.Errorf("audit of %d entries of %d: %v", report.Entries, w.net.Size(), report.Failures)
	}
}

// Proofs that one checkpoint extends another are those of the record.
func TestConsistency(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	_, err := w.net.Publish(t.Context())
	w.must(err)
	size := w.net.Size()
	for path, status := range map[string]int{
		"1/" + formatNumber(size): http.StatusOK, formatNumber(size) + "/" + formatNumber(size): http.StatusOK, "1/" + formatNumber(size+1): http.StatusNotFound, "x/2": http.StatusNotFound,
	} {
		if got := w.client().get("/nordhof/log/proof/consistency/" + path); got.status != status {
			t.Errorf("%s: %d, want %d", path, got.status, status)
		}
	}
}

// The browser tells a receipt, proof or entry that was tampered with, and a record that was forked for it.
func TestBrowserFindsTampering(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	_, err := w.net.Publish(t.Context())
	w.must(err)
	d := w.device(browsertest.Start(t))
	state := func(selector string) string {
		d.Wait(`document.querySelector("` + selector + `").dataset.state`)
		return d.eval(`document.querySelector("` + selector + `").dataset.state`)
	}
	for _, x := range []struct{ name, old, new, want string }{
		{"nothing", "", "", "proven"},
		{"the entry", `&#34;right&#34;:&#34;invite&#34;`, `&#34;right&#34;:&#34;record&#34;`, "failed"},
		{"the receipt's number", "localhost/nordhof\n1\n", "localhost/nordhof\n2\n", "failed"},
		{"the proof's place", "index 1\n", "index 2\n", "failed"},
		{"the checkpoint's size", "localhost/nordhof\n" + formatNumber(w.net.Size()) + "\n", "localhost/nordhof\n" + formatNumber(w.net.Size()+1) + "\n", "failed"},
		{"the key", `data-key="localhost`, `data-key="elsewhere`, "failed"},
	} {
		w.tamper(func(body string) string { return strings.Replace(body, x.old, x.new, 1) })
		d.open("/nordhof/receipts/1")
		if x.old != "" && !strings.Contains(d.eval("document.documentElement.outerHTML"), strings.ReplaceAll(x.new, "&#34;", `"`)) {
			t.Errorf("%s was not changed", x.name)
		}
		if got := state("[data-result]"); got != x.want {
			t.Errorf("%s changed: %s, want %s", x.name, got, x.want)
		}
	}
	w.tamper(nil)
	d.open("/nordhof/nosuch")
	d.Axe("an error")
	d.open("/nordhof/record")
	if got := state(".checkpoint [data-result]"); got != "good" {
		t.Errorf("the checkpoint: %s", got)
	}
	signed, err := w.net.Checkpoint(t.Context())
	w.must(err)
	forked := w.fork()
	w.tamper(func(body string) string { return strings.Replace(body, source(signed), source(forked), 1) })
	d.open("/nordhof/record")
	if got := state(".checkpoint [data-result]"); got != "forked" {
		t.Errorf("a forked record: %s", got)
	}
}

// A device signs nothing that would bind it to another history than the one its browser knows.
func TestBrowserSignsNoFork(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	_, err := w.net.Publish(t.Context())
	w.must(err)
	w.must(w.server.o.Store.putCodes(t.Context(), w.net.Origin(), 2, nil, []string{"CODE"}))
	d := w.device(browsertest.Start(t))
	d.open("/nordhof/signin")
	d.fill("code", "code")
	d.send(`form[action$="/signin/code"] button`, on("/nordhof/me"))
	d.open("/nordhof/record")
	d.Wait(`document.querySelector(".checkpoint [data-result]").dataset.state === "good"`)
	signed, err := w.net.Checkpoint(t.Context())
	w.must(err)
	seen, err := record.PeekCheckpoint(signed)
	w.must(err)
	other := record.LeafHash([]byte("another history"))
	w.tamper(func(body string) string {
		return strings.ReplaceAll(body, source([]byte(std64(seen.Root[:]))), source([]byte(std64(other[:]))))
	})
	d.open("/nordhof/do/vouch.give?guest=4")
	d.send("main .form button", `document.querySelector("[data-does=sign]")`)
	if text := d.eval(`document.querySelector("#statement").value`); !strings.Contains(text, std64(other[:])) {
		t.Fatalf("the statement was not changed: %s", text)
	}
	d.click("[data-passkey]", `!document.querySelector("[data-problem]").hidden`)
	if got := d.eval(`document.querySelector("[data-problem]").textContent`); !strings.Contains(got, "not the continuation") {
		t.Errorf("the page says %q", got)
	}
}

// source is a note as a page's source has it.
func source(signed []byte) string {
	return strings.NewReplacer("+", "&#43;").Replace(string(signed))
}

// fork signs another history of the same length with the log's own key, as only the operator can.
func (w *town) fork() []byte {
	w.t.Helper()
	key, err := w.net.Log().Key(w.t.Context())
	w.must(err)
	signer, err := note.NewSigner(strings.TrimSpace(key))
	w.must(err)
	signed, err := record.SignCheckpoint(w.net.Origin(), record.Head{Size: w.net.Size(), Root: record.LeafHash([]byte("another history"))}, signer)
	w.must(err)
	return signed
}
