package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bremen/audit"
	"bremen/audit/audittest"
	"bremen/record"
	"bremen/record/sqlite"
	"bremen/record/tiles"
)

// ran is what a command line left.
type ran struct {
	status   int
	out, err string
}

// bremen carries out a command line as the program would, by a clock.
func bremen(t *testing.T, now func() time.Time, args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	status := run(t.Context(), args, env{in: strings.NewReader(""), out: &out, err: &errs, getenv: func(string) string { return "" }, now: now})
	for i, line := range strings.Split(out.String(), "\n") {
		whole := strings.Contains(line, "+") || strings.Contains(line, "/") // keys and names of files are not broken
		if n := len([]rune(line)); n > width && !whole && !slices.Contains(args, "--json") {
			t.Errorf("%v: line %d has %d columns: %s", args, i+1, n, line)
		}
	}
	return ran{status, out.String(), errs.String()}
}

// wants checks a command's exit status and that its output has all of the texts.
func (r ran) wants(t *testing.T, status int, texts ...string) {
	t.Helper()
	all := r.out + r.err
	if r.status != status {
		t.Fatalf("exit status %d, want %d:\n%s", r.status, status, all)
	}
	flat := strings.Join(strings.Fields(all), " ")
	for _, text := range texts {
		if !strings.Contains(flat, text) {
			t.Fatalf("%q is missing in:\n%s", text, all)
		}
	}
}

// store opens a data folder.
func store(t *testing.T, dir string, clock *audittest.Clock) record.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// stored makes a data folder with a network of n needs beside its founding, each checkpoint apart, and closes it.
func stored(t *testing.T, n int) (string, *audittest.Network) {
	t.Helper()
	dir, clock := filepath.Join(t.TempDir(), "data"), audittest.NewClock()
	s := store(t, dir, clock)
	net := audittest.Found(t, s, clock)
	net.Publish()
	for i := range n {
		net.Need(int64(1 + i%3))
		net.Publish()
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, net
}

// again opens a data folder for a moment.
func again(t *testing.T, dir string, clock *audittest.Clock, origin string, do func(record.Log)) {
	t.Helper()
	s := store(t, dir, clock)
	defer s.Close()
	l, err := s.Log(t.Context(), origin)
	if err != nil {
		t.Fatal(err)
	}
	do(l)
}

// tarOf packs a folder into a tar, in a folder of its own.
func tarOf(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "record.tar")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(f)
	if err := w.AddFS(os.DirFS(filepath.Dir(dir))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// A record is found wherever it is: at an address, in a folder, a tar, a data folder, a backup.
func TestAuditFindsRecords(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 4)
	export := filepath.Join(t.TempDir(), "export")
	copied := filepath.Join(t.TempDir(), "copy.sqlite")
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		if err := tiles.Export(t.Context(), l, export); err != nil {
			t.Fatal(err)
		}
		if err := sqlite.Backup(t.Context(), data, copied, filepath.Join(t.TempDir(), "keys")); err != nil {
			t.Fatal(err)
		}
	})
	mux := http.NewServeMux()
	mux.Handle("/nordhof/log/", http.StripPrefix("/nordhof/log", tiles.Handler(exported(t, copied))))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	address := server.URL + "/nordhof/log"
	note := filepath.Join(t.TempDir(), "checkpoint")
	for name, record := range map[string]string{"address": address, "page": server.URL + "/nordhof/", "folder": export, "tar": tarOf(t, export), "data": data, "backup": copied} {
		bremen(t, n.Clock.Now, "audit", record, "-o", note, "--since", filepath.Join(export, "checkpoint")).wants(t, 0,
			"The record holds, unwitnessed: all 5 entries.", "Your checkpoint of 5 entries", "device 1 verified", "session 4 on the server's word")
		bremen(t, n.Clock.Now, "audit", record, "--lang", "de", "--since", note).wants(t, 0, "Das Protokoll hält stand, unbezeugt: alle 5 Einträge.")
		r := bremen(t, n.Clock.Now, "audit", "--json", record)
		var report audit.Report
		if err := json.Unmarshal([]byte(r.out), &report); err != nil || !report.Holds || report.Entries != 5 || r.status != 0 {
			t.Errorf("%s: %v, %s", name, err, r.out)
		}
	}
	bremen(t, n.Clock.Now, "audit", data).wants(t, 0, "4 of 4 private parts were there")
	bremen(t, n.Clock.Now, "audit", copied).wants(t, 0, "What 4 private parts say.")
}

// exported opens the copy of a record.sqlite as a log.
func exported(t *testing.T, file string) record.Log {
	t.Helper()
	dir := t.TempDir()
	if err := copyFile(filepath.Join(dir, recordName), file); err != nil {
		t.Fatal(err)
	}
	s := store(t, dir, audittest.NewClock())
	t.Cleanup(func() { s.Close() })
	l, err := s.Log(t.Context(), audittest.Origin)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A server that is busy is asked again; one that stays so, or lets nobody in, is no reason to distrust the record. Entries
// that are signed and not shown are.
func TestAuditIsPatient(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 4)
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		h := tiles.Handler(l)
		for name, c := range map[string]struct {
			status, busy int // for so many of the first requests for entries
			holds, fails bool
		}{
			"busy for a moment": {503, 2, true, false}, "asked too often": {429, 2, true, false}, "away": {502, 1000, false, false},
			"not for you": {403, 1000, false, false}, "withheld": {404, 1000, false, true},
		} {
			asked := 0
			answers := handlerTransport{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.URL.Path, "/tile/entries") {
					if asked++; asked <= c.busy {
						w.WriteHeader(c.status)
						return
					}
				}
				h.ServeHTTP(w, r)
			})}
			client, err := tiles.NewClient("http://example.org", &http.Client{Transport: patient{answers, time.Microsecond}})
			if err != nil {
				t.Fatal(err)
			}
			r, err := audit.Run(t.Context(), client, audit.Options{})
			if (err == nil && r.Holds) != c.holds || (err == nil && !r.Holds) != c.fails {
				t.Errorf("%s: %+v, %v", name, r, err)
			}
		}
	})
}

func TestAuditSaysNo(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 4)
	export := filepath.Join(t.TempDir(), "export")
	again(t, data, n.Clock, audittest.Origin, func(l record.Log) {
		n.Force(l, n.Draft(audittest.Origin, audittest.Said{Type: "need.withdraw", By: 1, Right: "withdraw", Body: map[string]any{"need": 2}}))
		if _, err := record.Publish(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		if err := tiles.Export(t.Context(), l, export); err != nil {
			t.Fatal(err)
		}
	})
	bremen(t, n.Clock.Now, "audit", export).wants(t, 3, "The record does NOT hold: one failure.", "Entry 5 should not be there.")
	bremen(t, n.Clock.Now, "audit", export, "--lang", "de").wants(t, 3, "hält NICHT stand", "Eintrag 5 hätte es nicht geben dürfen.")
	bremen(t, n.Clock.Now, "audit", export, "--json").wants(t, 3, `"code": "right"`, `"entry": 5`)
	bundle := filepath.Join(export, "tile", "entries", "000.p", "6")
	b, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-9] ^= 1
	if err := os.WriteFile(bundle, b, 0o666); err != nil {
		t.Fatal(err)
	}
	bremen(t, n.Clock.Now, "audit", export).wants(t, 3, "From entry 0 on the record is not what the checkpoint signs")
}

func TestAuditRefuses(t *testing.T) {
	t.Parallel()
	data, n := stored(t, 1)
	empty := t.TempDir()
	packed := filepath.Join(t.TempDir(), "x.tgz")
	if err := os.WriteFile(packed, []byte{0x1f, 0x8b, 8}, 0o666); err != nil {
		t.Fatal(err)
	}
	bremen(t, n.Clock.Now, "audit").wants(t, 2, "audit takes RECORD")
	bremen(t, n.Clock.Now, "audit", filepath.Join(empty, "none")).wants(t, 1, "there is no")
	bremen(t, n.Clock.Now, "audit", empty).wants(t, 1, "holds no record")
	bremen(t, n.Clock.Now, "audit", packed).wants(t, 1, "gunzip")
	unfounded := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(unfounded.Close)
	bremen(t, n.Clock.Now, "audit", unfounded.URL+"/nordhof").wants(t, 1, "shows no checkpoint", "not founded yet")
	bremen(t, n.Clock.Now, "audit", "http://127.0.0.1:1").wants(t, 1, "127.0.0.1:1")
	bremen(t, n.Clock.Now, "audit", data, "--origin", "example.org/other").wants(t, 1, "name one with --origin")
	bremen(t, n.Clock.Now, "audit", data, "--since", filepath.Join(data, "none")).wants(t, 1, "none")
	other, _, err := record.NewKey("example.org/other")
	if err != nil {
		t.Fatal(err)
	}
	signers, err := record.Signers("example.org/other", other)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := record.SignCheckpoint("example.org/other", record.Head{Size: 1}, signers...)
	if err != nil {
		t.Fatal(err)
	}
	bremen(t, n.Clock.Now, "audit", data, "--since", noted(t, signed)).wants(t, 1, `a checkpoint of record "example.org/other" was given`)
	bremen(t, n.Clock.Now, "audit", data, "--since", packed).wants(t, 1, "checkpoint")
	s := store(t, data, n.Clock)
	defer s.Close()
	bremen(t, n.Clock.Now, "audit", data).wants(t, 1, "in use by another program", "audit the server's address")
}

func FuzzTar(f *testing.F) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	w.WriteHeader(&tar.Header{Name: "x/checkpoint", Size: 3, Mode: 0o600})
	w.Write([]byte("abc"))
	w.Close()
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		name := filepath.Join(t.TempDir(), "tar")
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		files, err := readTar(file)
		if err != nil {
			return
		}
		c, err := files.Open("checkpoint")
		if err != nil {
			t.Fatalf("no checkpoint in what was taken for a record: %v", err)
		}
		if _, err := io.ReadAll(c); err != nil {
			t.Fatal(err)
		}
	})
}
