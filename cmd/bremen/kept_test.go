package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"bremen/audit/audittest"
	"bremen/govern"
	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
	"bremen/record/sqlite"
)

// keepVersion is given once for each release: go test ./cmd/bremen -run Kept -keep VERSION.
var keepVersion = flag.String("keep", "", "keep a data folder of this version in testdata/kept")

// keptIn is where a data folder and a dump of a database of each release are kept.
var keptIn = filepath.Join("testdata", "kept")

// dumpName is the file with what pg_dump --no-owner --inserts wrote, without psql's own commands.
const dumpName = "dump.sql"

// TestKept opens a copy of the data folder that each release left, and a database of each: what was written then is read,
// holds, and can be gone on with.
func TestKept(t *testing.T) {
	t.Parallel()
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	if *keepVersion != "" {
		keepFolder(t, cluster, filepath.Join(keptIn, *keepVersion))
	}
	versions, err := os.ReadDir(keptIn)
	if err != nil || len(versions) == 0 {
		t.Fatalf("no data folder of any version is kept: %v", err)
	}
	for _, v := range versions {
		t.Run(v.Name()+" in a database", func(t *testing.T) {
			t.Parallel()
			keptDatabase(t, cluster.Database(t), filepath.Join(keptIn, v.Name()))
		})
		t.Run(v.Name(), func(t *testing.T) {
			t.Parallel()
			dir, clock := t.TempDir(), audittest.NewClock()
			for _, name := range []string{recordName, keysName} {
				if err := copyFile(filepath.Join(dir, name), filepath.Join(keptIn, v.Name(), name)); err != nil {
					t.Fatal(err)
				}
			}
			known := filepath.Join(keptIn, v.Name(), "checkpoint")
			bremen(t, clock.Now, "audit", dir, "--since", known).wants(t, 0, "all 8 entries", "the record goes on from it",
				"2 of 3 private parts were there", "device 3", "card 1", "server 1", "session 3", "the member said: not mine")
			again(t, dir, clock, audittest.Origin, func(l record.Log) { goOnWith(t, l) })
			bremen(t, clock.Now, "audit", dir, "--since", known).wants(t, 0, "all 9 entries", "3 of 4 private parts were there")
		})
	}
}

// keptDatabase fills a database from a dump, goes on with it, and audits a backup of it.
func keptDatabase(t *testing.T, url, kept string) {
	t.Helper()
	dump, err := os.ReadFile(filepath.Join(kept, dumpName))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.PgConn().Exec(t.Context(), string(dump)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	clock, known := audittest.NewClock(), filepath.Join(kept, "checkpoint")
	s, err := postgres.Open(t.Context(), url, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	l, err := s.Log(t.Context(), audittest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	for entries := 8; entries <= 9; entries++ {
		b := backedUp(t, &audittest.Network{Clock: clock}, "--database", url)
		to := filepath.Join(t.TempDir(), "restored")
		bremen(t, clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", known).wants(t, 0, "Restored in")
		bremen(t, clock.Now, "audit", to, "--since", known).wants(t, 0, fmt.Sprintf("all %d entries", entries),
			fmt.Sprintf("%d of %d private parts were there", entries-6, entries-5), "device 3", "card 1", "server 1", "the member said: not mine")
		if entries == 8 {
			goOnWith(t, l)
		}
	}
}

// goOnWith has member 1 state a need.
func goOnWith(t *testing.T, l record.Log) {
	t.Helper()
	p, err := record.NewPayload(1, []byte("bread"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := record.Append(t.Context(), l, record.Anywhere, record.Draft{
		Statement: record.Statement{
			Version: record.Version, Origin: l.Origin(), Type: "need.state", Member: 1, Right: "state", Nonce: record.NewNonce(), Body: []byte("{}"),
			Payloads: []record.Ref{{Name: "need", Person: 1, Hash: p.Hash()}},
		},
		Signatures: []record.Signature{{Kind: record.Session}}, Payloads: []record.Payload{p},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Publish(t.Context(), l); err != nil {
		t.Fatal(err)
	}
}

// keepFolder makes a small data folder that has something of everything.
func keepFolder(t *testing.T, cluster *postgrestest.Cluster, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	clock := audittest.NewClock()
	data := filepath.Join(t.TempDir(), "data")
	s := store(t, data, clock)
	n := audittest.Found(t, s, clock)
	n.Mandate("records", 2)
	n.Publish()
	n.Say(audittest.Said{Type: "need.state", By: 2, Kind: record.Card, Seen: n.Head()})
	n.Need(3)
	mistaken := n.Need(1)
	n.Say(audittest.Said{Type: "entry.disown", By: 1, Body: map[string]any{"entry": mistaken.Seq}})
	private, public, err := record.NewKey(audittest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	n.Say(audittest.Said{Type: record.TypeNextKey, Scope: govern.InNetwork, Body: map[string]any{"public": public}})
	if err := errors.Join(n.Log.SetKey(t.Context(), private), n.Log.Erase(t.Context(), 3)); err != nil {
		t.Fatal(err)
	}
	checkpoint := n.Publish()
	err = errors.Join(s.Close(), sqlite.Backup(t.Context(), data, filepath.Join(dir, recordName), filepath.Join(dir, keysName)),
		os.WriteFile(filepath.Join(dir, "checkpoint"), checkpoint, 0o666))
	if err != nil {
		t.Fatal(err)
	}
	url := cluster.Database(t)
	bremen(t, clock.Now, "restore", filepath.Join(dir, recordName), filepath.Join(dir, keysName), "--database", url, "--known", filepath.Join(dir, "checkpoint")).wants(t, 0)
	dump, err := cluster.Dump(url, "--no-owner", "--inserts")
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for line := range strings.Lines(string(dump)) {
		if !strings.HasPrefix(line, "\\") && !strings.HasPrefix(line, "--") && strings.TrimSpace(line) != "" {
			kept = append(kept, line)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, dumpName), []byte(strings.Join(kept, "")), 0o666); err != nil {
		t.Fatal(err)
	}
}
