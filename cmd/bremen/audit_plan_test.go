package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bremen/audit/audittest"
	"bremen/govern"
	"bremen/record"
)

// adopted makes a plan of an example, has a network adopt it, and returns an export with its files, in which plan.json is
// first changed, and a backup from before.
func adopted(t *testing.T, change func(string) string) (export string, files map[string]string, n *audittest.Network, before backupResult) {
	t.Helper()
	example, out := filepath.Join("..", "..", "examples", "stigler"), filepath.Join(t.TempDir(), "plan")
	workbook := filepath.Join(t.TempDir(), "network.xlsx")
	data, n := stored(t, 1)
	before = backedUp(t, n, "--data", data)
	bremen(t, n.Clock.Now, "plan", example, "--no-why", "-o", out).wants(t, 0)
	bremen(t, n.Clock.Now, "convert", example, workbook).wants(t, 0)
	text := map[string][]byte{}
	for what, name := range map[string]string{"plan": filepath.Join(out, planName), "proofs": filepath.Join(out, proofsName), "network": workbook} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text[what] = b
	}
	text["plan"] = []byte(change(string(text["plan"])))
	hash := func(what string) record.Hash { return sha256.Sum256(text[what]) }
	export = grow(t, data, n, func() {
		n.Mandate("planning", 2)
		n.Say(audittest.Said{Type: "plan.adopt", By: 2, Scope: govern.InNetwork, Body: map[string]any{
			"plan": hash("plan"), "network": hash("network"), "program": "bremen", "status": "optimal",
			"from": "2027-05-03T00:00:00Z", "until": "2027-06-03T00:00:00Z",
		}})
	})
	files = map[string]string{}
	if err := os.Mkdir(filepath.Join(export, filesName), 0o777); err != nil {
		t.Fatal(err)
	}
	for what, b := range text {
		h := hash(what)
		files[what] = filepath.Join(export, filesName, hex.EncodeToString(h[:]))
		if err := os.WriteFile(files[what], b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return export, files, n, before
}

func same(s string) string { return s }

func TestAuditProvesAdoptedPlans(t *testing.T) {
	t.Parallel()
	export, files, n, _ := adopted(t, same)
	bremen(t, n.Clock.Now, "audit", export).wants(t, 0, "Plan in entry 4: ", "rounds proven")
	bremen(t, n.Clock.Now, "audit", tarOf(t, export)).wants(t, 0, "rounds proven")
	for what, says := range map[string]string{"proofs": "its proofs do not lie with the record", "network": "the network that it was made from does not lie", "plan": "its file does not lie with the record"} {
		b, err := os.ReadFile(files[what])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(files[what], append(b[:len(b):len(b)], ' '), 0o666); err != nil {
			t.Fatal(err)
		}
		bremen(t, n.Clock.Now, "audit", export).wants(t, 3, "The plan in entry 4 is not proven", "has the hash")
		if err := os.Remove(files[what]); err != nil {
			t.Fatal(err)
		}
		bremen(t, n.Clock.Now, "audit", export).wants(t, 0, says)
		if err := os.WriteFile(files[what], b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever carries a record to another operator carries the files of its plans, wherever they read it.
func TestPlansMoveAlong(t *testing.T) {
	t.Parallel()
	export, _, n, old := adopted(t, same)
	web := httptest.NewServer(http.FileServer(http.Dir(export)))
	t.Cleanup(web.Close)
	for _, from := range []string{export, tarOf(t, export), web.URL} {
		to := filepath.Join(t.TempDir(), "new")
		bremen(t, n.Clock.Now, "move", from, "--as", "other.org/nordhof", "--operator", "Other eG", "--data", to).wants(t, 0, "goes on from")
		bremen(t, n.Clock.Now, "audit", to).wants(t, 0, "rounds proven")
	}
	bremen(t, n.Clock.Now, "audit", web.URL).wants(t, 0, "rounds proven")
	// A backup from before the plan is completed with it from there.
	to := filepath.Join(t.TempDir(), "restored")
	bremen(t, n.Clock.Now, "restore", old.Record, old.Keys, "--data", to, "--from", web.URL, "--known", web.URL+"/checkpoint").wants(t, 0, "Restored in")
	bremen(t, n.Clock.Now, "audit", to).wants(t, 0, "rounds proven")
}

// A plan with one figure changed was adopted: the record holds it to what it proves.
func TestAuditFindsUnprovenPlans(t *testing.T) {
	t.Parallel()
	export, _, n, _ := adopted(t, func(s string) string {
		var d struct {
			Purchases []json.RawMessage `json:"purchases"`
		}
		if err := json.Unmarshal([]byte(s), &d); err != nil || len(d.Purchases) == 0 {
			t.Fatalf("%d purchases, %v", len(d.Purchases), err)
		}
		one := string(d.Purchases[0])
		return strings.Replace(s, one, strings.Replace(one, `"quantity": `, `"quantity": 9`, 1), 1)
	})
	bremen(t, n.Clock.Now, "audit", export).wants(t, 3, "The plan in entry 4 is not proven", "stated")
}

// Files that lie with the record are backed up and restored with it.
func TestFilesComeAlong(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 1)
	for _, dir := range []string{filesName, sumsName} {
		if err := os.MkdirAll(filepath.Join(data, dir), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(data, dir, "one"), []byte("content"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	known := noted(t, newest(t, data, n))
	b := backedUp(t, n, "--data", data)
	if b.Files != 2 {
		t.Errorf("%d files", b.Files)
	}
	to := filepath.Join(t.TempDir(), "restored")
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", known).wants(t, 0, "Restored in")
	for _, dir := range []string{filesName, sumsName} {
		if got, err := os.ReadFile(filepath.Join(to, dir, "one")); err != nil || string(got) != "content" {
			t.Errorf("%s: %q, %v", dir, got, err)
		}
	}
}
