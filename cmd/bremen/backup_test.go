package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bremen/audit/audittest"
	"bremen/govern"
	"bremen/record"
	"bremen/record/tiles"
	"bremen/record/witness"
)

// backedUp makes a backup and returns its files.
func backedUp(t *testing.T, n *audittest.Network, flags ...string) backupResult {
	t.Helper()
	return backedUpTo(t, n, filepath.Join(t.TempDir(), "records"), filepath.Join(t.TempDir(), "keys"), flags...)
}

func backedUpTo(t *testing.T, n *audittest.Network, records, keys string, flags ...string) backupResult {
	t.Helper()
	r := bremen(t, n.Clock.Now, append([]string{"backup", "--json", records, keys}, flags...)...)
	var out backupResult
	if err := json.Unmarshal([]byte(r.out), &out); err != nil || r.status != 0 {
		t.Fatalf("%d, %v: %s%s", r.status, err, r.out, r.err)
	}
	return out
}

// A backup is made while a server appends, and holds what was there.
func TestBackupWhileRunning(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 3)
	known := noted(t, newest(t, data, n))
	s := store(t, data, n.Clock)
	defer s.Close()
	l, err := s.Log(t.Context(), audittest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		for range 200 {
			d := n.Draft(audittest.Origin, audittest.Said{Type: "need.state", By: 1, Right: "state"})
			if _, err := record.Append(t.Context(), l, record.Anywhere, d); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	b := backedUp(t, n, "--data", data)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if len(b.Logs) != 1 || b.Logs[0].Size < 4 {
		t.Errorf("got %+v", b)
	}
	bremen(t, n.Clock.Now, "audit", b.Record, "--since", known).wants(t, 0, "The record holds")
}

func TestBackupKeepsKeysApart(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 3)
	dir := t.TempDir()
	bremen(t, n.Clock.Now, "backup", dir, filepath.Join(dir, "keys"), "--data", data).wants(t, 2, "lie in one another")
	bremen(t, n.Clock.Now, "backup", dir, dir, "--data", data).wants(t, 2, "lie in one another")
	bremen(t, n.Clock.Now, "backup", dir, t.TempDir()).wants(t, 2, "say where the data are")
	bremen(t, n.Clock.Now, "backup", dir, t.TempDir(), "--data", t.TempDir()).wants(t, 1, "holds no record")
	records, keys := filepath.Join(t.TempDir(), "r"), filepath.Join(t.TempDir(), "k")
	old := backedUpTo(t, n, records, keys, "--data", data)
	bremen(t, n.Clock.Now, "backup", records, keys, "--data", data).wants(t, 1, "is there already", "wait a second")
	if _, err := os.Stat(old.Record); err != nil {
		t.Errorf("an earlier backup was removed: %v", err)
	}
	if err := os.WriteFile(filepath.Join(keys, "mine.txt"), []byte("not a copy of keys"), 0o600); err != nil {
		t.Fatal(err)
	}
	n.Clock.Pass(29 * 24 * time.Hour)
	if b := backedUpTo(t, n, records, keys, "--data", data); len(b.Removed) != 0 {
		t.Errorf("removed %v", b.Removed)
	}
	n.Clock.Pass(2 * 24 * time.Hour)
	if b := backedUpTo(t, n, records, keys, "--data", data); len(b.Removed) != 1 || b.Removed[0] != filepath.Base(old.Keys) {
		t.Errorf("removed %v", b.Removed)
	}
	for name, there := range map[string]bool{old.Keys: false, old.Record: true, filepath.Join(keys, "mine.txt"): true} {
		if _, err := os.Stat(name); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A backup of which one half fails leaves no other half, and takes nothing away.
func TestBackupIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 1)
	if err := os.Remove(filepath.Join(data, keysName)); err != nil {
		t.Fatal(err)
	}
	records, keys := filepath.Join(t.TempDir(), "r"), filepath.Join(t.TempDir(), "k")
	bremen(t, n.Clock.Now, "backup", records, keys, "--data", data).wants(t, 1, keysName)
	for _, dir := range []string{records, keys} {
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%v is left, %v", left, err)
		}
	}
}

// noted writes a checkpoint to a file.
func noted(t *testing.T, signed []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "checkpoint")
	if err := os.WriteFile(name, signed, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// newest returns the newest checkpoint in a data folder.
func newest(t *testing.T, data string, n *audittest.Network) []byte {
	t.Helper()
	var signed []byte
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		var err error
		if signed, err = l.LatestCheckpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	return bytes.Clone(signed)
}

// grow has the network go on in its data folder, and returns an export of it.
func grow(t *testing.T, data string, n *audittest.Network, do func()) string {
	t.Helper()
	export := filepath.Join(t.TempDir(), "export")
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		n.Log = l
		do()
		n.Publish()
		if err := tiles.Export(t.Context(), l, export); err != nil {
			t.Fatal(err)
		}
	})
	return export
}

func TestRestoreMeetsTheNewestCheckpoint(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 3)
	b := backedUp(t, n, "--data", data)
	old := noted(t, newest(t, data, n))
	export := grow(t, data, n, func() { n.Need(1); n.Need(2) })
	known := filepath.Join(export, "checkpoint")
	to := filepath.Join(t.TempDir(), "restored")
	nothing := func() {
		t.Helper()
		if left, err := os.ReadDir(filepath.Dir(to)); err != nil || len(left) > 0 {
			t.Fatalf("something is left where nothing was restored: %v, %v", left, err)
		}
	}
	// How far it went is not said, or it went further.
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to).wants(t, 3, "How far it went is not known", "Nothing was put in place.")
	nothing()
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", known, "--known", old).wants(t, 3, "a checkpoint of 6 is known. 2 are missing", "Nothing was put in place.")
	nothing()
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", known, "--lang", "de").wants(t, 3, "2 fehlen", "Nichts wurde eingespielt.")
	// Another copy has what is missing.
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", known, "--from", export).wants(t, 0, "6 entries, 2 of them from other copies", "Restored in")
	bremen(t, n.Clock.Now, "audit", to, "--since", known).wants(t, 0, "The record holds", "Your checkpoint of 6 entries: the record goes on from it.", "3 of 5 private parts were there")
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", known).wants(t, 1, "is there already")
	// It can be gone on with.
	grow(t, to, n, func() { n.Need(3) })
	bremen(t, n.Clock.Now, "audit", to, "--since", known).wants(t, 0, "all 7 entries")
	// And a checkpoint that the backup goes beyond is met as it is.
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", filepath.Join(t.TempDir(), "x"), "--known", old).wants(t, 0, "4 entries, 0 of them")
}

func TestRestoreDeclaresLoss(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 3)
	b := backedUp(t, n, "--data", data)
	known := filepath.Join(grow(t, data, n, func() { n.Need(1); n.Need(2) }), "checkpoint")
	to := filepath.Join(t.TempDir(), "restored")
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", known, "--declare-loss", "the disk broke").wants(t, 0, "The loss is declared in entry 4.")
	bremen(t, n.Clock.Now, "audit", to, "--since", known).wants(t, 0, "Entry 4 declares a loss: there had been 6 entries", "whose loss the record declares", "server 1")
	// Where nobody knows how far it went, all that came later is declared lost.
	to = filepath.Join(t.TempDir(), "restored")
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to, "--declare-loss", "the disk broke").wants(t, 0, "entry 4")
	bremen(t, n.Clock.Now, "audit", to).wants(t, 0, "Entry 4 declares a loss: there had been 4 entries")
	bremen(t, n.Clock.Now, "audit", to, "--since", known).wants(t, 3, "Entries are missing")
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 3)
	b := backedUp(t, n, "--data", data)
	known := noted(t, newest(t, data, n))
	other, m := stored(t, 3)
	to := filepath.Join(t.TempDir(), "restored")
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys).wants(t, 2, "say where the data are")
	bremen(t, n.Clock.Now, "restore", b.Record+"x", b.Keys, "--data", to, "--known", known).wants(t, 1, "x")
	bremen(t, n.Clock.Now, "restore", b.Keys, b.Record, "--data", to, "--known", known).wants(t, 1)
	// A checkpoint of another network of that name is a fork, or one of them is no record of this network.
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", noted(t, newest(t, other, m))).wants(t, 3, "not signed with the record's key", "Nothing was put in place.")
	// A backup in which a byte was changed.
	data2, err := os.ReadFile(b.Record)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(data2, []byte(`"type":"need.state"`))
	data2[at+20] ^= 1
	damaged := filepath.Join(t.TempDir(), "damaged.sqlite")
	if err := os.WriteFile(damaged, data2, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := bremen(t, n.Clock.Now, "restore", damaged, b.Keys, "--data", to, "--known", known); r.status != 1 && r.status != 3 {
		t.Errorf("a damaged backup is restored: %s%s", r.out, r.err)
	}
	if _, err := os.Stat(to); err == nil {
		t.Error("something was put in place")
	}
}

// Who was erased after the backup is erased again: known from the record's later entries, or from a newer copy of keys.
func TestRestoreErasesAgain(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 6)
	b := backedUp(t, n, "--data", data)
	export := grow(t, data, n, func() {
		n.Say(audittest.Said{Type: "person.erase", By: 2})
		if err := n.Log.Erase(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
	})
	known := filepath.Join(export, "checkpoint")
	n.Clock.Pass(time.Hour)
	later := backedUp(t, n, "--data", data)
	for _, file := range []string{later.Record, later.Keys} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, keyOf(t, b.Keys, 2)) {
			t.Errorf("%s holds the key of somebody who was erased", file)
		}
	}
	for name, flags := range map[string][]string{
		"by the record": {"--known", known, "--from", export},
		"by newer keys": {"--known", known, "--declare-loss", "gone", "--erased", later.Keys},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := filepath.Join(t.TempDir(), "restored")
			bremen(t, n.Clock.Now, append([]string{"restore", b.Record, b.Keys, "--data", to}, flags...)...).wants(t, 0, "persons erased again: 1")
			again(t, to, n.Clock, audittest.Origin, func(l record.Log) {
				erased, err := l.Erased(t.Context())
				if err != nil || len(erased) != 1 || erased[0] != 2 {
					t.Errorf("erased %v, %v", erased, err)
				}
			})
			bremen(t, n.Clock.Now, "audit", to).wants(t, 0, "4 of 6 private parts were there")
			if strings.Contains(name, "keys") {
				return
			}
			files, err := os.ReadDir(to)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				content, err := os.ReadFile(filepath.Join(to, f.Name()))
				if err == nil && bytes.Contains(content, keyOf(t, b.Keys, 2)) {
					t.Errorf("%s holds the key of somebody who was erased", f.Name())
				}
			}
		})
	}
}

// A record that has witnesses goes on under a new name when entries are lost: under the old one they would never cosign
// again, and nothing is added there, so that no history is split.
func TestRestoreGoesOnUnderANewName(t *testing.T) {
	t.Parallel()
	const next = "example.org/nordhof-2"
	clock := audittest.NewClock()
	clock.Pass(time.Since(clock.Now())) // witnesses have the real one
	data, dir := filepath.Join(t.TempDir(), "data"), t.TempDir()
	s := store(t, data, clock)
	n := audittest.Found(t, s, clock)
	logs := filepath.Join(dir, "logs")
	if err := os.WriteFile(logs, []byte(n.Public+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	keyFile, state := filepath.Join(dir, "key"), filepath.Join(dir, "state")
	url, key, stop := running(t, "--name", "witness.example.net", "--key", keyFile, "--logs", logs, "--data", state)
	c, err := witness.NewClient(url, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	n.Mandate("records", 2)
	n.Say(audittest.Said{Type: "witness.name", By: 2, Scope: govern.InNetwork, Body: map[string]any{"witness": "Südhof", "log-key": key}})
	n.Publish(c)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b := backedUp(t, n, "--data", data)
	grow(t, data, n, func() { n.Need(1); n.Need(2); n.Publish(c) })
	seen := noted(t, newest(t, data, n))
	stop()

	to := filepath.Join(t.TempDir(), "restored")
	bremen(t, clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", seen, "--declare-loss", "the disk broke").wants(t, 1, "has witnesses", "--as")
	bremen(t, clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", seen, "--as", next).wants(t, 2, "goes with --declare-loss")
	if _, err := os.Stat(to); err == nil {
		t.Fatal("something was put in place")
	}
	bremen(t, clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", seen, "--declare-loss", "the disk broke", "--as", next).wants(t, 0, "It goes on as "+next, "Restored in")
	bremen(t, clock.Now, "audit", to, "--since", seen).wants(t, 0, "record "+next, "Goes on from "+audittest.Origin, "whose loss the record declares", "declares a loss")
	again(t, to, clock, audittest.Origin, func(l record.Log) {
		if _, err := record.Append(t.Context(), l, record.Anywhere, n.Draft(audittest.Origin, audittest.Said{Type: "need.state", By: 1, Right: "state"})); !errors.Is(err, record.ErrMoved) {
			t.Errorf("error %v: something was added under the old name", err)
		}
	})
	// The witness cosigns the new name.
	again(t, to, clock, next, func(l record.Log) {
		private, err := l.Key(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		public, err := record.PublicKey(private)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(logs, []byte(n.Public+"\n"+public+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		url, key, stop := running(t, "--key", keyFile, "--logs", logs, "--data", state)
		defer stop()
		if c, err = witness.NewClient(url, key, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := record.Publish(t.Context(), l, c); err != nil {
			t.Fatal(err)
		}
	})
	bremen(t, clock.Now, "audit", to, "--since", seen).wants(t, 0, "The record holds, witnessed")
}
