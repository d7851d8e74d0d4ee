package report

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"bremen/plan"
)

func planFile(d *plan.Document) File {
	return File{Name: "plan.json", Write: func(w io.Writer) error { return json.NewEncoder(w).Encode(d) }}
}

func filesOf(t *testing.T, dir string) []string {
	t.Helper()
	list, err := filesBelow(dir)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func writeAll(t *testing.T, dir string, size sampleSize, extra ...File) error {
	t.Helper()
	n, d := sample(size)
	err := Write(context.Background(), dir, n, d, stamp, append(extra, planFile(d))...)
	if errors.Is(err, ErrNoAssets) {
		t.Skip(err)
	}
	return err
}

func TestWriteMakesAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out", "plan")
	if err := writeAll(t, dir, tiny); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"report.html", "plan.json", "SHA256SUMS", "tables/needs.csv", "lists/de/index.html", "lists/en/baeckerei.ics"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	around, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(around) != 1 {
		t.Errorf("beside the folder: %v, %v", around, err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&0o055 == 0 && info.Mode().Perm() == 0o700 {
		t.Errorf("folder is for its owner alone: %v, %v", info.Mode(), err)
	}
}

// Files of the plan before are replaced or removed; others are left alone.
func TestWriteReplacesOnlyPlans(t *testing.T) {
	dir := t.TempDir()
	own := filepath.Join(dir, "lists", "mine.txt")
	if err := writeAll(t, dir, tiny); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(own, []byte("keep"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "lists/en/g03.html")); err != nil {
		t.Fatal(err)
	}
	if err := writeAll(t, dir, sampleSize{groups: 2, weeks: 3}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "lists/en/g03.html")); err == nil {
		t.Error("the list of a group that left is still there")
	}
	if b, err := os.ReadFile(own); err != nil || string(b) != "keep" {
		t.Errorf("a file that no plan wrote: %q, %v", b, err)
	}
	for _, name := range filesOf(t, dir) {
		if strings.Contains(name, "tmp") || strings.Contains(name, ".part") {
			t.Errorf("left over: %s", name)
		}
	}
}

// A file that cannot be written, as on a full disk, leaves everything as it was.
func TestFailedWriteLeavesThePlanBefore(t *testing.T) {
	dir := t.TempDir()
	if err := writeAll(t, dir, tiny); err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for _, name := range filesOf(t, dir) {
		before[name], _ = hashFile(filepath.Join(dir, name))
	}
	full := errors.New("no space left on device")
	err := writeAll(t, dir, sampleSize{groups: 2, weeks: 3}, File{Name: "certificates.bin", Write: func(w io.Writer) error {
		io.WriteString(w, "half")
		return full
	}})
	if !errors.Is(err, full) {
		t.Fatalf("got %v, want %v", err, full)
	}
	after := filesOf(t, dir)
	if len(after) != len(before) {
		t.Errorf("%d files before, %d after", len(before), len(after))
	}
	for _, name := range after {
		if sum, _ := hashFile(filepath.Join(dir, name)); sum != before[name] {
			t.Errorf("%s changed", name)
		}
	}
}

// When a file cannot take its place, those that did are taken back.
func TestFailedInstallIsUndone(t *testing.T) {
	dir := t.TempDir()
	if err := writeAll(t, dir, tiny); err != nil {
		t.Fatal(err)
	}
	sum, _ := hashFile(filepath.Join(dir, "report.html"))
	// A file where the new plan needs a folder: it is no plan's, so it may not be moved away.
	if err := os.WriteFile(filepath.Join(dir, "zz"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	err := writeAll(t, dir, sampleSize{groups: 2, weeks: 3}, File{Name: "zz/x", Write: func(io.Writer) error { return nil }})
	if err == nil {
		t.Fatal("no error")
	}
	if again, _ := hashFile(filepath.Join(dir, "report.html")); again != sum {
		t.Error("the page of the failed plan stayed")
	}
}

func TestCancelledWriteLeavesNothing(t *testing.T) {
	n, d := sample(tiny)
	parent := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, filepath.Join(parent, "out"), n, d, stamp); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(parent); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestWriteStaysInTheFolder(t *testing.T) {
	err := writeAll(t, filepath.Join(t.TempDir(), "out"), tiny, File{Name: "../x", Write: func(io.Writer) error { return nil }})
	if err == nil {
		t.Error("a file outside the folder was written")
	}
}

// Tables hold every row of the document's lists, to the last digit.
func TestTables(t *testing.T) {
	_, d := sample(tiny)
	d.Needs[0].Delivered = 0.1 + 0.2
	d.Runs[0].Mix = []plan.Quantity{{Product: "rye", Quantity: 3}, {Product: "carrots", Quantity: 4}}
	dir := t.TempDir()
	if err := Tables(dir, d); err != nil {
		t.Fatal(err)
	}
	read := func(name string) [][]string {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	needs := read("needs.csv")
	if len(needs) != len(d.Needs)+1 {
		t.Errorf("%d needs, want %d", len(needs)-1, len(d.Needs))
	}
	if x, _ := strconv.ParseFloat(needs[1][6], 64); x != 0.1+0.2 || needs[0][6] != "delivered" {
		t.Errorf("delivered is %q, under %q", needs[1][6], needs[0][6])
	}
	if mix := read("runs_mix.csv"); strings.Join(mix[0], " ") != "runs product quantity" || strings.Join(mix[2], " ") != "1 carrots 4" {
		t.Errorf("mix: %q", mix)
	}
	if ladder := read("ladder.csv"); strings.Join(ladder[0], " ") != "goal title_en title_de kind value levels unit elements programs seconds certificate_primal certificate_dual certificate_gap" {
		t.Errorf("ladder: %q", ladder[0])
	}
	var made []string
	for _, name := range filesOf(t, dir) {
		made = append(made, strings.TrimSuffix(name, ".csv"))
	}
	sort.Strings(made)
	if got := read("questions.csv"); got[0][0] != "kind" || len(got) != 3 {
		t.Errorf("questions: %q (tables: %v)", got, made)
	}
}

// Files that pages lead to are there.
func TestLinksLeadSomewhere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if err := writeAll(t, dir, tiny); err != nil {
		t.Fatal(err)
	}
	for _, page := range filesOf(t, dir) {
		if !strings.HasSuffix(page, ".html") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(withoutScripts(string(text)), `href="`)[1:] {
			to, _, _ := strings.Cut(part, `"`)
			to, _, _ = strings.Cut(to, "#")
			if to == "" || strings.HasPrefix(to, "https://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(dir, filepath.Dir(page), to)); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}
