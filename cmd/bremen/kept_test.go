package main

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"bremen/audit/audittest"
	"bremen/govern"
	"bremen/record"
	"bremen/record/sqlite"
)

// keepVersion is given once for each release: go test ./cmd/bremen -run Kept -keep VERSION.
var keepVersion = flag.String("keep", "", "keep a data folder of this version in testdata/kept")

// TestKept opens a copy of the data folder that each release left: what was written then is read, holds, and can be gone
// on with.
func TestKept(t *testing.T) {
	t.Parallel()
	root := filepath.Join("testdata", "kept")
	if *keepVersion != "" {
		keepFolder(t, filepath.Join(root, *keepVersion))
	}
	versions, err := os.ReadDir(root)
	if err != nil || len(versions) == 0 {
		t.Fatalf("no data folder of any version is kept: %v", err)
	}
	for _, v := range versions {
		t.Run(v.Name(), func(t *testing.T) {
			t.Parallel()
			dir, clock := t.TempDir(), audittest.NewClock()
			for _, name := range []string{recordName, keysName} {
				if err := copyFile(filepath.Join(dir, name), filepath.Join(root, v.Name(), name)); err != nil {
					t.Fatal(err)
				}
			}
			known := filepath.Join(root, v.Name(), "checkpoint")
			bremen(t, clock.Now, "audit", dir, "--since", known).wants(t, 0, "all 8 entries", "the record goes on from it",
				"2 of 3 private parts were there", "device 3", "card 1", "server 1", "session 3", "the member said: not mine")
			again(t, dir, clock, audittest.Origin, func(l record.Log) { goOnWith(t, l) })
			bremen(t, clock.Now, "audit", dir, "--since", known).wants(t, 0, "all 9 entries", "3 of 4 private parts were there")
		})
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
func keepFolder(t *testing.T, dir string) {
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
}
