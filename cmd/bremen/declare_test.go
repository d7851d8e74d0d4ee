package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bremen/audit/audittest"
	"bremen/record/sqlite"
)

// What the operator states stands in the record, signed by the server, and the audit holds with it; the rules bound it as they
// bound everybody.
func TestDeclare(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 3)
	bremen(t, n.Clock.Now, "declare", "pause", "--data", data, "--for", "100h").wants(t, 3, "it was possible until")
	bremen(t, n.Clock.Now, "declare", "pause", "--data", data, "--for", "12h", "--why", "somebody broke in").wants(t, 0, audittest.Origin+": Pause")
	bremen(t, n.Clock.Now, "declare", "resume", "--data", data).wants(t, 0, "Pause ended")
	n.Clock.Pass(5 * time.Hour)
	bremen(t, n.Clock.Now, "declare", "outage", "--data", data, "--lang", "de").wants(t, 0, "Ausfall, Eintrag")
	old := bremen(t, n.Clock.Now, "audit", data)
	old.wants(t, 0, "The record holds")
	r := bremen(t, n.Clock.Now, "declare", "key", "--data", data, "--json")
	var x declared
	if err := json.Unmarshal([]byte(r.out), &x); err != nil || r.status != 0 || x.Type != "record.key" || !strings.HasPrefix(x.Key, audittest.Origin+"+") || strings.Contains(old.out, x.Key) {
		t.Fatalf("%d %s %s (%v)", r.status, r.out, r.err, err)
	}
	bremen(t, n.Clock.Now, "audit", data).wants(t, 0, "The record holds", x.Key)
}

func TestDeclareRefuses(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 1)
	bremen(t, n.Clock.Now, "declare").wants(t, 2, "declare takes WHAT")
	bremen(t, n.Clock.Now, "declare", "need", "--data", data).wants(t, 2, `"need" cannot be declared`, "outage")
	bremen(t, n.Clock.Now, "declare", "pause").wants(t, 2, "say where the data are")
	bremen(t, n.Clock.Now, "declare", "pause", "--data", filepath.Join(data, "none")).wants(t, 1, "holds no record")
	bremen(t, n.Clock.Now, "declare", "resume", "--data", data).wants(t, 3, "")
	s, err := sqlite.Open(t.Context(), data, n.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	bremen(t, n.Clock.Now, "declare", "pause", "--data", data).wants(t, 1, "stop the server")
}
