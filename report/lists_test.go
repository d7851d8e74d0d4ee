package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var stamp = time.Date(2027, 4, 29, 18, 30, 0, 0, time.FixedZone("CEST", 2*3600))

// writeLists writes the lists of a sample and returns their folder.
func writeLists(t *testing.T, size sampleSize) string {
	t.Helper()
	n, d := sample(size)
	dir := t.TempDir()
	if err := Lists(dir, n, d, stamp); errors.Is(err, ErrNoAssets) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestListsGolden(t *testing.T) {
	dir := writeLists(t, tiny)
	for _, name := range []string{"de/baeckerei.csv", "en/kurier.csv", "de/network.ics", "en/baeckerei.ics", "de/depot_nord.csv", "en/g01.csv"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		golden(t, "lists/"+name, got)
	}
}

// icsLine is one unfolded content line.
type icsLine struct{ name, value string }

// parseICS reads a calendar as RFC 5545 says: CR LF, folding, and nothing longer than 75 octets.
func parseICS(b []byte) ([]icsLine, error) {
	if !utf8.Valid(b) {
		return nil, errors.New("not UTF-8")
	}
	if !bytes.HasSuffix(b, []byte("\r\n")) || bytes.Count(b, []byte("\n")) != bytes.Count(b, []byte("\r\n")) {
		return nil, errors.New("a line does not end in CR LF")
	}
	var lines []icsLine
	for _, raw := range strings.Split(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
		if len(raw) > 75 || !utf8.ValidString(raw) {
			return nil, fmt.Errorf("%q has %d octets or half a character", raw, len(raw))
		}
		if strings.HasPrefix(raw, " ") {
			lines[len(lines)-1].value += raw[1:]
			continue
		}
		name, value, ok := strings.Cut(raw, ":")
		if !ok {
			return nil, fmt.Errorf("%q has no colon", raw)
		}
		lines = append(lines, icsLine{name, value})
	}
	return lines, nil
}

func TestCalendarsAreValid(t *testing.T) {
	dir := writeLists(t, sampleSize{groups: 6, weeks: 8})
	files, _ := filepath.Glob(dir + "/*/*.ics")
	if len(files) == 0 {
		t.Fatal("no calendars")
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := parseICS(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkCalendar(t, name, lines)
	}
}

func checkCalendar(t *testing.T, name string, lines []icsLine) {
	t.Helper()
	uids := map[string]bool{}
	var event map[string]string
	for _, l := range lines {
		switch {
		case l.name == "BEGIN" && l.value == "VEVENT":
			event = map[string]string{}
		case l.name == "END" && l.value == "VEVENT":
			for _, need := range []string{"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SUMMARY"} {
				if event[need] == "" {
					t.Errorf("%s: an event has no %s", name, need)
				}
			}
			if uids[event["UID"]] {
				t.Errorf("%s: two events have the UID %s", name, event["UID"])
			}
			uids[event["UID"]] = true
			if event["DTSTAMP"] != "20270429T163000Z" {
				t.Errorf("%s: stamped %s, want the time given, in UTC", name, event["DTSTAMP"])
			}
			if event["DTSTART;VALUE=DATE"] >= event["DTEND;VALUE=DATE"] {
				t.Errorf("%s: an event ends before it starts", name)
			}
		case event != nil:
			event[l.name] = l.value
		}
	}
	if first, last := lines[0], lines[len(lines)-1]; first != (icsLine{"BEGIN", "VCALENDAR"}) || last != (icsLine{"END", "VCALENDAR"}) {
		t.Errorf("%s: is no calendar", name)
	}
}

// A calendar read again updates its events: their UIDs do not depend on time or language.
func TestEventsKeepTheirUID(t *testing.T) {
	dir := writeLists(t, tiny)
	uids := func(l Language) (list []string) {
		b, err := os.ReadFile(filepath.Join(dir, string(l), "baeckerei.ics"))
		if err != nil {
			t.Fatal(err)
		}
		lines, err := parseICS(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range lines {
			if x.name == "UID" {
				list = append(list, x.value)
			}
		}
		return list
	}
	if fmt.Sprint(uids(English)) != fmt.Sprint(uids(German)) {
		t.Error("the same events have different UIDs")
	}
}

func TestOrderDeadlines(t *testing.T) {
	dir := writeLists(t, tiny)
	b, err := os.ReadFile(filepath.Join(dir, "en", "network.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// Week 1 begins on 3 May; the oil is to be ordered four days before, in packs of ten.
	if got := rows[1]; got[8] != "2027-04-29" || !strings.Contains(got[9], "no. RO-1010; 37 × 10") {
		t.Errorf("got %q", got)
	}
}

func TestGermanSpreadsheetsReadTheLists(t *testing.T) {
	dir := writeLists(t, tiny)
	b, err := os.ReadFile(filepath.Join(dir, "de", "kurier.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b, []byte("\ufeffListe;Periode;")) || !bytes.Contains(b, []byte(",")) {
		t.Errorf("got %.60q", b)
	}
}

func TestFileNamesDiffer(t *testing.T) {
	taken := map[string]bool{}
	seen := map[string]bool{}
	for _, id := range []string{"Bäcker", "BÄCKER", "../etc", "index", "", "con/..", "a:b", "a b", "a-b"} {
		name := fileName(id, taken)
		if seen[name] || name == "" || name == "index" || strings.ContainsAny(name, `/\.: `) {
			t.Errorf("%q gives %q", id, name)
		}
		seen[name] = true
	}
	for id, want := range map[string]string{"gärtnerei": "gaertnerei", "Südstraße": "suedstrasse", "café": "cafe", "ga\u0308rten": "gaerten"} {
		if got := fileName(id, map[string]bool{}); got != want {
			t.Errorf("%q gives %q, want %q", id, got, want)
		}
	}
}

func TestFormulasAreTexts(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "@x": "'@x", "Brot": "Brot", "": ""} {
		if got := harmless(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}
