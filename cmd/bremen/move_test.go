package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bremen/audit/audittest"
	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
	"bremen/record/tiles"
)

// keyOf reads a person's key from a copy of keys.
func keyOf(t *testing.T, file string, person int64) []byte {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var key []byte
	if err := db.QueryRowContext(t.Context(), "SELECT key FROM person_keys WHERE person = ?", person).Scan(&key); err != nil || len(key) != record.KeySize {
		t.Fatalf("key of %d bytes, %v", len(key), err)
	}
	return key
}

// stands checks what a database holds of the network: so many entries, of which so many payloads can be read, and so many logs that it witnesses.
func stands(t *testing.T, url string, n *audittest.Network, size int64, payloads, witnessed int) {
	t.Helper()
	s, err := postgres.Open(t.Context(), url, n.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if origins, err := s.WitnessedOrigins(t.Context()); err != nil || len(origins) != witnessed {
		t.Fatalf("witnessed %v, %v", origins, err)
	}
	l, err := s.Log(t.Context(), audittest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	got, err := l.Size(t.Context())
	if err != nil || got != size {
		t.Fatalf("%d entries, %v, want %d", got, err, size)
	}
	var refs []record.Ref
	for e, err := range record.Entries(t.Context(), l, 0) {
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, e.Statement.Payloads...)
	}
	have, err := l.Payloads(t.Context(), refs...)
	if err != nil || len(have) != payloads {
		t.Fatalf("%d payloads, %v, want %d", len(have), err, payloads)
	}
	if key, err := l.Key(t.Context()); err != nil || key != n.Private {
		t.Fatalf("the key is another: %v", err)
	}
	if _, err := record.Append(t.Context(), l, record.Anywhere, n.Draft(audittest.Origin, audittest.Said{Type: "need.state", By: 1, Right: "state"})); err != nil {
		t.Fatal(err)
	}
}

// One PostgreSQL for what operators do with it: move there, back up from it, restore to it.
func TestDatabase(t *testing.T) {
	t.Parallel()
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	data, n := stored(t, 4)
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		if err := l.Erase(context.Background(), 3); err != nil {
			t.Fatal(err)
		}
	})
	known := noted(t, newest(t, data, n))
	s := store(t, data, n.Clock)
	if ok, err := s.SetWitnessed(t.Context(), "example.org/suedhof", nil, []byte("cosigned")); err != nil || !ok {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	url := cluster.Database(t)
	bremen(t, n.Clock.Now, "move", "--data", data).wants(t, 2, "either --data and --database")
	bremen(t, n.Clock.Now, "move", "--data", data, "--database", "mysql://x").wants(t, 2, "postgres://")
	bremen(t, n.Clock.Now, "move", "--data", t.TempDir(), "--database", url).wants(t, 1, "holds no record")
	s = store(t, data, n.Clock)
	bremen(t, n.Clock.Now, "move", "--data", data, "--database", url).wants(t, 1, "in use by another program", "stop the server")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	bremen(t, n.Clock.Now, "move", "--data", data, "--database", url).wants(t, 0, "example.org/nordhof: 5 entries", "Start the server with --database.")
	if _, err := os.Stat(filepath.Join(data, recordName)); err == nil {
		t.Error("the old record can still be appended to")
	}
	stands(t, url, n, 5, 3, 1)
	// Once more changes nothing, and no server goes on with the folder.
	bremen(t, n.Clock.Now, "move", "--data", data, "--database", url).wants(t, 0, "Start the server with --database.")
	bremen(t, n.Clock.Now, "move", "--data", data, "--database", cluster.Database(t)).wants(t, 1, "have moved: postgres://")
	bremen(t, n.Clock.Now, "serve", "--data", data, "--listen", "localhost:0").wants(t, 1, "have moved: postgres://", "start the server with --database")
	bremen(t, n.Clock.Now, "audit", data).wants(t, 1, "have moved: postgres://", "record.sqlite.moved")
	bremen(t, n.Clock.Now, "audit", filepath.Join(data, recordName+".moved"), "--since", known).wants(t, 0, "The record holds")

	b := backedUp(t, n, "--database", url)
	if len(b.Logs) != 1 || b.Logs[0].Size != 6 {
		t.Errorf("got %+v", b)
	}
	bremen(t, n.Clock.Now, "audit", b.Record, "--since", known).wants(t, 0, "The record holds")
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--database", url, "--known", known).wants(t, 1, "there are records in the database already")
	again := cluster.Database(t)
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--database", again, "--known", known).wants(t, 0, "Restored in the database.", "erased again", "This server witnesses one record of others")
	stands(t, again, n, 6, 4, 1) // what stands appended has its payload, too

	// And back into a folder.
	to := filepath.Join(t.TempDir(), "folder")
	bremen(t, n.Clock.Now, "restore", b.Record, b.Keys, "--data", to, "--known", known).wants(t, 0, "Restored in")
	bremen(t, n.Clock.Now, "audit", to, "--since", known).wants(t, 0, "The record holds")
}

// A move that was cut short is repeated.
func TestMoveGoesOn(t *testing.T) {
	t.Parallel()
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	data, n := stored(t, 4)
	url := cluster.Database(t)
	s, err := postgres.Open(t.Context(), url, n.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Create(t.Context(), audittest.Origin, n.Private)
	if err != nil {
		t.Fatal(err)
	}
	again(t, data, n.Clock, audittest.Origin, func(old record.Log) {
		raw, err := old.Read(t.Context(), 0, 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(l.Move(t.Context(), unfinished), l.Import(t.Context(), raw, nil)); err != nil {
			t.Fatal(err)
		}
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}
	bremen(t, n.Clock.Now, "move", "--data", data, "--database", url).wants(t, 1, "database")
	bremen(t, n.Clock.Now, "backup", "--database", url, t.TempDir(), t.TempDir()).wants(t, 1, "database")
	if _, err := os.Stat(filepath.Join(data, recordName)); err != nil {
		t.Errorf("the record was put out of use though nothing was moved: %v", err)
	}
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	// Half a record is no backup.
	bremen(t, n.Clock.Now, "backup", "--database", url, t.TempDir(), t.TempDir()).wants(t, 1, "not finished", "repeat it")
	bremen(t, n.Clock.Now, "move", "--data", data, "--database", url).wants(t, 0, "5 entries")
	stands(t, url, n, 5, 4, 0) // the need among the first two entries had come without its payload
}

// A network goes on at another operator, with what is public or with all, and once more after that.
func TestMoveToAnotherOperator(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 4)
	known := noted(t, newest(t, data, n))
	export := grow(t, data, n, func() {})
	var h *httptest.Server
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		h = httptest.NewServer(tiles.Handler(l))
		defer h.Close()
		to := filepath.Join(t.TempDir(), "new")
		bremen(t, n.Clock.Now, "move", h.URL, "--as", "other.org/nordhof", "--operator", "Other eG", "--data", to).wants(t, 0, "other.org/nordhof goes on from example.org/nordhof after 5 entries.")
		bremen(t, n.Clock.Now, "audit", to, "--since", known).wants(t, 0, "its one entry", "Goes on from example.org/nordhof after 5 entries", "run by: Other eG")
	})
	move := func(from, as string, flags ...string) string {
		t.Helper()
		to := filepath.Join(t.TempDir(), "new")
		bremen(t, n.Clock.Now, append([]string{"move", from, "--as", as, "--operator", "Other eG", "--data", to}, flags...)...).wants(t, 0, as+" goes on from")
		return to
	}
	public := move(export, "other.org/nordhof")
	bremen(t, n.Clock.Now, "audit", public, "--since", known).wants(t, 0, "What 4 private parts say.")
	all := move(data, "other.org/nordhof")
	bremen(t, n.Clock.Now, "audit", all, "--since", known).wants(t, 0, "4 of 4 private parts were there")
	third := move(all, "third.org/nordhof")
	bremen(t, n.Clock.Now, "audit", third, "--since", known).wants(t, 0, "Goes on from example.org/nordhof after 5 entries", "Goes on from other.org/nordhof after one entry", "4 of 4 private parts")

	// The successor is exported without the record before: it has to be given.
	alone := filepath.Join(t.TempDir(), "alone")
	again(t, public, n.Clock, "other.org/nordhof", func(l record.Log) {
		if err := tiles.Export(t.Context(), l, alone); err != nil {
			t.Fatal(err)
		}
	})
	bremen(t, n.Clock.Now, "audit", alone).wants(t, 1, "give it with --before")
	bremen(t, n.Clock.Now, "audit", alone, "--before", export).wants(t, 0, "The record holds")

	bremen(t, n.Clock.Now, "move", export, "--data", public, "--as", "other.org/nordhof", "--operator", "x").wants(t, 1, "there already is a record other.org/nordhof")
	bremen(t, n.Clock.Now, "move", export, "--data", public).wants(t, 2, "either --data and --database")
	early := func() time.Time { return audittest.NewClock().Now().Add(-time.Hour) }
	bremen(t, early, "move", export, "--data", filepath.Join(t.TempDir(), "y"), "--as", "other.org/nordhof", "--operator", "x").wants(t, 1, "clock is wrong")
	// Where it came from nothing is added any more; that one record went on twice is nobody's secret.
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		var moved *record.MovedError
		_, err := record.Append(t.Context(), l, record.Anywhere, n.Draft(audittest.Origin, audittest.Said{Type: "need.state", By: 1, Right: "state"}))
		if !errors.As(err, &moved) || moved.To != "other.org/nordhof" {
			t.Fatalf("error %v, expected to be told of other.org/nordhof", err)
		}
		if err := l.Move(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		n.Force(l, n.Draft(audittest.Origin, audittest.Said{Type: "need.withdraw", By: 1, Right: "withdraw", Body: map[string]any{"need": 2}}))
		if _, err := record.Publish(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	})
	bremen(t, n.Clock.Now, "move", data, "--data", filepath.Join(t.TempDir(), "z"), "--as", "other.org/nordhof", "--operator", "x").wants(t, 3, "the record does not hold")
}

// Whoever was erased at the second operator is erased again in what came from the first.
func TestRestoreErasesAcrossRecords(t *testing.T) {
	t.Parallel()
	const origin = "other.org/nordhof"
	data, n := stored(t, 6)
	to := filepath.Join(t.TempDir(), "new")
	bremen(t, n.Clock.Now, "move", data, "--as", origin, "--operator", "Other eG", "--data", to).wants(t, 0, origin+" goes on from")
	before := backedUp(t, n, "--data", to)
	export := filepath.Join(t.TempDir(), "export")
	again(t, to, n.Clock, origin, func(l record.Log) {
		for e, err := range record.Entries(t.Context(), l, 0) {
			if err == nil {
				err = n.State.Apply(&e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		n.SayIn(l, audittest.Said{Type: "person.erase", By: 2})
		if _, err := record.Publish(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		if err := tiles.Export(t.Context(), l, export); err != nil {
			t.Fatal(err)
		}
	})
	restored := filepath.Join(t.TempDir(), "restored")
	bremen(t, n.Clock.Now, "restore", before.Record, before.Keys, "--data", restored, "--from", export, "--known", filepath.Join(export, "checkpoint")).wants(t, 0, "Restored in")
	for _, o := range []string{audittest.Origin, origin} {
		again(t, restored, n.Clock, o, func(l record.Log) {
			if erased, err := l.Erased(t.Context()); err != nil || len(erased) != 1 || erased[0] != 2 {
				t.Errorf("%s: erased %v, %v", o, erased, err)
			}
		})
	}
	bremen(t, n.Clock.Now, "audit", restored).wants(t, 0, "4 of 6 private parts were there")
}

// Where a record went on in the same data folder there is one network, not two under one path; with it lies what it goes on
// from, so that an outsider's audit needs one address.
func TestMovedNetworkIsServed(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 4)
	known := noted(t, newest(t, data, n))
	to := filepath.Join(t.TempDir(), "new")
	bremen(t, n.Clock.Now, "move", data, "--as", "other.org/nordhof", "--operator", "Other eG", "--data", to).wants(t, 0, "goes on from")
	third := filepath.Join(t.TempDir(), "third")
	bremen(t, n.Clock.Now, "move", to, "--as", "third.org/nordhof", "--operator", "Third eG", "--data", third).wants(t, 0, "goes on from")
	_, url, stop := served(t, third)
	defer stop()
	bremen(t, time.Now, "audit", url+"nordhof", "--since", known).wants(t, 0, "record third.org/nordhof", "Goes on from example.org/nordhof after 5 entries", "Goes on from other.org/nordhof after one entry")
	// Another network of that path has no place there.
	other, m := stored(t, 0)
	bremen(t, m.Clock.Now, "move", other, "--as", "fourth.org/nordhof", "--operator", "x", "--data", to).wants(t, 1, "there already is a record other.org/nordhof")
}

// A network whose record went to another folder is still shown, and takes nothing more; the page says where it went on.
func TestMovedAwayNetworkIsRead(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 4)
	bremen(t, n.Clock.Now, "move", data, "--as", "other.org/nordhof", "--operator", "Other eG", "--data", filepath.Join(t.TempDir(), "new")).wants(t, 0, "goes on from")
	_, url, stop := served(t, data)
	bremen(t, time.Now, "audit", url+"nordhof").wants(t, 0, "all 5 entries")
	if status := stop(); status != exitDone {
		t.Errorf("stopped with status %d", status)
	}
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		if size, err := l.Size(t.Context()); err != nil || size != 5 {
			t.Errorf("%d entries, %v: a server added to it", size, err)
		}
	})
}
