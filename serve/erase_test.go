package serve

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"bremen/audit"
	"bremen/commons"
	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
	"bremen/record/sqlite"
	"bremen/record/tiles"
)

// What somebody said on pages is gone when they erase themselves there: neither a word of it nor their key is in any file of the
// server, in the database's log of changes, in a dump or in a new backup. An outsider's audit holds as before, and the public
// state is the same to the byte for those who come to the record only now.
func TestErasedOnPages(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		w := &world{t: t, log: &safeBuffer{}}
		store, err := sqlite.Open(t.Context(), dir, w.now)
		w.must(err)
		w.on(store, filepath.Join(dir, "sessions.sqlite"), dir)
		testErasedOnPages(t, settle(w, nil), store, []string{dir}, func() []byte {
			db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.Join(dir, "keys.sqlite")}).EscapedPath()+"?mode=ro")
			w.must(err)
			defer db.Close()
			var key []byte
			w.must(db.QueryRowContext(t.Context(), "SELECT key FROM person_keys WHERE person = 4").Scan(&key))
			return key
		}, func(to string) {
			w.must(sqlite.Backup(t.Context(), dir, filepath.Join(to, "record.sqlite"), filepath.Join(to, "keys.sqlite")))
		})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		cluster, stop, err := postgrestest.Start(1)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		dir, database := t.TempDir(), cluster.Database(t)
		w := &world{t: t, log: &safeBuffer{}}
		store, err := postgres.Open(t.Context(), database, w.now)
		w.must(err)
		w.on(store, database, dir)
		testErasedOnPages(t, settle(w, nil), store, []string{dir, cluster.Data()}, func() []byte {
			conn, err := pgx.Connect(t.Context(), database)
			w.must(err)
			defer conn.Close(t.Context())
			_, err = conn.Exec(t.Context(), "CHECKPOINT")
			w.must(err)
			var key []byte
			w.must(conn.QueryRow(t.Context(), "SELECT key FROM bremen_keys.person_keys WHERE person = 4").Scan(&key))
			return key
		}, func(to string) {
			dump, err := cluster.Dump(database)
			w.must(err)
			w.must(os.WriteFile(filepath.Join(to, "dump.sql"), dump, 0o600))
		})
	})
}

// testErasedOnPages has person 4 say things and erase themselves; places are the server's folders, keyOf reads their key and backup
// makes a copy as operators do.
func testErasedOnPages(t *testing.T, w *town, store record.Store, places []string, keyOf func() []byte, backup func(to string)) {
	const word = "Zwiebelkuchen"
	c := w.as(4)
	for path, form := range map[string][]string{
		"/nordhof/need":                  {"what", "bread", "quantity", "4711.25", "unit", "kg", "basis", "period", "urgency", "wish", "words", word},
		"/nordhof/do/person.describe":    {"part.name", word, "part.contact", word + "@example.org"},
		"/nordhof/me/codes":              nil,
		"/nordhof/do/assistance.consent": {"helper", "2", "until", w.now().AddDate(0, 0, 9).Format("2006-01-02")},
	} {
		if got := c.post(path, form...); got.status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := c.get("/nordhof/me"); !strings.Contains(got.body, word) {
		t.Fatal("what was said is not shown")
	}
	key := keyOf()
	secrets := map[string][]byte{"a word": []byte(word), "an amount": []byte("4711.25"), "the key": key, "the key in a dump": fmt.Appendf(nil, "%x", key), "the key as text": []byte(base64.StdEncoding.EncodeToString(key))}
	copied := t.TempDir()
	backup(copied)
	if len(inAny(t, places, key)) == 0 || len(holding(t, copied, key))+len(holding(t, copied, secrets["the key in a dump"])) == 0 {
		t.Fatal("before, the key is in no file or in no copy: it is not looked for where it would be")
	}
	page := c.post("/nordhof/do/person.erase")
	if got := c.sign(page.body, w.keys[4]); got.status != http.StatusOK {
		t.Fatalf("erasing: %d %s", got.status, got.body)
	}
	_, err := w.net.Publish(t.Context())
	w.must(err)
	copied = t.TempDir()
	backup(copied)
	for what, secret := range secrets {
		if found := inAny(t, append([]string{copied}, places...), secret); len(found) > 0 {
			t.Errorf("%s is in %q", what, found)
		}
	}
	if strings.Contains(w.log.String(), word) {
		t.Error("a word is in the log")
	}
	log, err := tiles.NewClient(w.address+"/nordhof/log", nil)
	w.must(err)
	report, err := audit.Run(t.Context(), log, audit.Options{})
	w.must(err)
	if !report.Holds || report.Entries != w.net.Size() {
		t.Errorf("an audit of %d entries of %d: %v", report.Entries, w.net.Size(), report.Failures)
	}
	state := func(n *commons.Network) (text []byte) {
		n.View(func(s *commons.State) { text = s.JSON() })
		return text
	}
	folded := state(w.net)
	if anew := state(w.afresh(store)); !bytes.Equal(anew, folded) {
		t.Errorf("the public state is another for who folds the record now:\n%.300s\n%.300s", anew, folded)
	}
}

// afresh folds the network's record once more, from its first entry, without snapshots.
func (w *town) afresh(store record.Store) *commons.Network {
	w.t.Helper()
	c, err := commons.Open(w.t.Context(), store, commons.Options{Clock: w.now, Dir: w.t.TempDir()})
	w.must(err)
	w.t.Cleanup(func() { c.Close() })
	n, err := c.Network(w.t.Context(), w.net.Origin())
	w.must(err)
	_, err = n.Wait(w.t.Context(), w.net.Size()-1)
	w.must(err)
	return n
}

func inAny(t *testing.T, dirs []string, what []byte) (found []string) {
	t.Helper()
	for _, dir := range dirs {
		found = append(found, holding(t, dir, what)...)
	}
	return found
}
