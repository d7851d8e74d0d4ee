package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"bremen/record/postgres/postgrestest"
	"bremen/report"
)

// A series that is stopped keeps what is finished and says so; the same command goes on, and ends where one that was not
// stopped does.
func TestAStoppedSeriesGoesOn(t *testing.T) {
	t.Parallel()
	bakery := filepath.Join("..", "..", "examples", "bakery")
	whole, parts := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "parts")
	spec := filepath.Join(t.TempDir(), "s.yaml")
	if err := os.WriteFile(spec, []byte("cutoffs: [agents, links]"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	screen := &trip{phase: "variants 3/", cancel: cancel}
	e := env{out: &bytes.Buffer{}, err: screen, getenv: func(string) string { return "" }, now: time.Now, terminal: true}
	if status := run(ctx, []string{"series", bakery, spec, "-o", parts, "--threads", "1"}, e); status != exitInput {
		t.Errorf("stopped: status %d", status)
	}
	if said := screen.text.String(); !strings.Contains(said, "3 of 7 variants lie finished in") || !strings.Contains(said, "the same command goes on from there") {
		t.Errorf("says %q", said)
	}
	kept, err := os.ReadDir(filepath.Join(parts, variantsName))
	if err != nil || len(kept) != 3 {
		t.Fatalf("kept %v, %v", kept, err)
	}
	first := filepath.Join(parts, variantsName, kept[0].Name())
	before, err := os.Stat(first)
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(parts, variantsName, kept[1].Name())
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil { // by whatever; it is computed anew
		t.Fatal(err)
	}
	for _, dir := range []string{parts, whole} {
		if status, _, errs := runHere(t, t.Context(), "series", bakery, spec, "-o", dir); status != exitDone {
			t.Fatal(errs)
		}
	}
	if after, err := os.Stat(first); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("what was there was made anew: %v", err)
	}
	sameFiles(t, whole, parts)
}

// sameFiles compares all files of two folders of series.
func sameFiles(t *testing.T, a, b string) {
	t.Helper()
	left, right := contents(t, a), contents(t, b)
	if left[report.SeriesData] == "" || len(left) != len(right) {
		t.Errorf("%d files, and %d", len(left), len(right))
	}
	for name, text := range left {
		if right[name] != text {
			t.Errorf("%s differs", name)
		}
	}
}

// contents reads a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A series that workers of a database compute is the one that is computed here, also after its collector was stopped.
func TestASeriesOfWorkers(t *testing.T) {
	t.Parallel()
	cluster, end, err := postgrestest.Start(1, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	database := cluster.Database(t)
	bakery, spec := filepath.Join("..", "..", "examples", "bakery"), filepath.Join(t.TempDir(), "s.csv")
	here, there := filepath.Join(t.TempDir(), "here"), filepath.Join(t.TempDir(), "there")
	if err := os.WriteFile(spec, []byte("name,cut\nno farm,farmers\nno bakery,bakery\nno way,links.farm-village\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"series", bakery, spec, "-o", there, "--database", database}
	ctx, cancel := context.WithCancel(t.Context())
	screen := &trip{phase: "variants 0/4", cancel: cancel}
	e := env{out: &bytes.Buffer{}, err: screen, getenv: func(string) string { return "" }, now: time.Now, terminal: true}
	if status := run(ctx, args, e); status != exitInput || !strings.Contains(screen.text.String(), "0 of 4 variants lie finished in") {
		t.Errorf("stopped: status %d, %s", status, screen.text.String())
	}
	if status, _, errs := runHere(t, t.Context(), append(args, "--cancel")...); status != exitInput || !strings.Contains(errs, "cancelled what was not finished") {
		t.Errorf("cancelled: status %d, %s", status, errs)
	}
	worker := launched(t, "worker", "--series", "--database", database, "--threads", "1")
	worker.says("Ready")
	for _, args := range [][]string{args, {"series", bakery, spec, "-o", here}} {
		if status, _, errs := runHere(t, t.Context(), args...); status != exitDone {
			t.Fatal(errs)
		}
	}
	sameFiles(t, here, there)
	worker.stops(syscall.SIGTERM)
	for text, args := range map[string][]string{
		"--database is missing": {"series", bakery, spec, "--cancel"},
		"postgres://":           {"series", bakery, spec, "--database", "x.sqlite"},
		"is missing":            {"worker", "--series"},
	} {
		if status, _, errs := runHere(t, t.Context(), args...); status != exitUsage || !strings.Contains(errs, text) {
			t.Errorf("%v: status %d, %s", args, status, errs)
		}
	}
}
