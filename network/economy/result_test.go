package economy

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"bremen/lp/block"
	"bremen/lp/pdhg"
	"bremen/network/cells"

	"pgregory.net/rapid"
)

// planned solves an economy and writes its plan to memory.
func planned(t *testing.T, e *Economy, format Format) (memory, *block.Problem, *Index, *Result) {
	t.Helper()
	p, ix, err := e.Problem(Satisfaction)
	if err != nil {
		t.Fatal(err)
	}
	s, err := pdhg.Solve(t.Context(), p, pdhg.Options{Tolerance: 1e-6, Iterations: 200000})
	if err != nil {
		t.Fatal(err)
	}
	plan := ix.Read(e, p, s.Col)
	r := &Result{Summary: ix.Summarise(e, p, plan, s.RowDual, s.Objective), Col: s.Col, RowDual: s.RowDual}
	r.Summary.Status, r.Summary.Tolerance = "optimal", 1e-6
	r.Summary.SetBound(block.SafeBound(p, s.RowDual).Value, block.Check(p, s.Col, s.RowDual))
	m := memory{fstest.MapFS{}}
	if err := r.Write(m.create, format, e, plan); err != nil {
		t.Fatal(err)
	}
	return m, p, ix, r
}

func TestVerify(t *testing.T) {
	t.Parallel()
	e := hillAndDale()
	for _, format := range []Format{CSV, Parquet} {
		m, p, ix, r := planned(t, e, format)
		v, err := Verify(t.Context(), m, e, p, ix)
		if err != nil {
			t.Fatal(err)
		}
		if !v.Holds || v.Tables != 9 || v.Gap > 1e-4 || v.Gap != r.Summary.Gap {
			t.Errorf("%s: %+v", format, v)
		}
	}
}

// A byte changed in any file that a plan stands on is found before anything else, and the file named; so is a file
// that is missing, added in place of another, or outside.
func TestVerifyNamesTheFileThatDiffers(t *testing.T) {
	t.Parallel()
	e := hillAndDale()
	for _, format := range []Format{CSV, Parquet} {
		m, p, ix, r := planned(t, e, format)
		if len(r.Summary.Files) != 11 || len(m.MapFS) != 12 {
			t.Fatalf("%d hashes of %d files, want 11 and plan.json", len(r.Summary.Files), len(m.MapFS))
		}
		verify := func(spoiled memory) string {
			t.Helper()
			v, err := Verify(t.Context(), spoiled, e, p, ix)
			if err != nil {
				t.Fatal(err)
			}
			if v.Holds == (len(v.Failures) > 0) || len(v.Failures) > 1 {
				t.Errorf("holds: %v, failures %q", v.Holds, v.Failures)
			}
			return strings.Join(v.Failures, "")
		}
		for name := range r.Summary.Files {
			rapid.Check(t, func(t *rapid.T) {
				n := memory{maps.Clone(m.MapFS)}
				data := bytes.Clone(m.MapFS[name].Data)
				data[rapid.IntRange(0, len(data)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
				n.MapFS[name] = &fstest.MapFile{Data: data}
				if got := verify(n); !strings.HasPrefix(got, name+": its SHA-256 is ") {
					t.Errorf("%s changed: found %q", name, got)
				}
			})
			n := memory{maps.Clone(m.MapFS)}
			delete(n.MapFS, name)
			if got := verify(n); !strings.HasPrefix(got, name+": found no such file") {
				t.Errorf("%s deleted: found %q", name, got)
			}
			n = memory{maps.Clone(m.MapFS)}
			n.MapFS[summaryFile] = &fstest.MapFile{Data: m.MapFS[summaryFile].Data}
			change(n, func(s *Summary) { delete(s.Files, name) })
			if got := verify(n); !strings.Contains(got, strings.TrimSuffix(name, filepath.Ext(name))) || !strings.Contains(got, "found no such file") {
				t.Errorf("%s without a hash: found %q", name, got)
			}
		}
		for _, name := range []string{"../secret", "/secret", "in/secret", "..", ".", ""} {
			n := memory{maps.Clone(m.MapFS)}
			n.MapFS[summaryFile] = &fstest.MapFile{Data: m.MapFS[summaryFile].Data}
			change(n, func(s *Summary) { s.Files[name] = "" })
			if got := verify(n); !strings.Contains(got, fmt.Sprintf("states the SHA-256 of %q", name)) {
				t.Errorf("%q, outside: found %q", name, got)
			}
		}
	}
}

// A number of figures that no file has takes no memory.
func TestReadVectorOfTooMany(t *testing.T) {
	t.Parallel()
	problems := &cells.Problems{}
	folder := cells.Folder{Files: fstest.MapFS{"v.csv": {Data: []byte("value\n1\n2\n")}}, Problems: problems}
	v, err := ReadVector(t.Context(), folder, "v.csv", math.MaxInt)
	if err != nil || len(v) != 2 || problems.Error() != fmt.Sprintf("v.csv: found 2 figures, expected %d", math.MaxInt) {
		t.Errorf("%v, %v, %s", v, err, problems)
	}
}

// Whatever is changed in a written plan is found, also where the hash is changed with it.
func TestVerifyFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	e := hillAndDale()
	for what, spoil := range map[string]func(m memory, r *Result){
		"its objective is":            func(m memory, r *Result) { change(m, func(s *Summary) { s.Objective++ }) },
		"its bound is":                func(m memory, r *Result) { change(m, func(s *Summary) { s.Bound-- }) },
		"its satisfactions":           func(m memory, r *Result) { change(m, func(s *Summary) { s.Satisfactions[0].Mean = 0.123 }) },
		"what is scarce":              func(m memory, r *Result) { change(m, func(s *Summary) { s.Scarce = s.Scarce[1:] }) },
		"it is a plan of":             func(m memory, r *Result) { change(m, func(s *Summary) { s.Columns++ }) },
		"it breaks a row or bound by": func(m memory, r *Result) { rewrite(t, m, "columns", r.Col, func(v []float64) { v[0] *= 1.01 }) },
		"its gap is":                  func(m memory, r *Result) { rewrite(t, m, "rows", r.RowDual, func(v []float64) { v[20] += 1 }) },
		"expected ":                   func(m memory, r *Result) { rewrite(t, m, "rows", r.RowDual[1:], func([]float64) {}) },
		"activity.csv: ": func(m memory, _ *Result) {
			f := m.MapFS["activity.csv"]
			f.Data = bytes.Replace(f.Data, []byte("hill"), []byte("dale"), 1)
		},
		"labour.csv: found no such file": func(m memory, _ *Result) { delete(m.MapFS, "labour.parquet"); delete(m.MapFS, "labour.csv") },
	} {
		m, p, ix, r := planned(t, e, CSV)
		spoil(m, r)
		change(m, func(s *Summary) {
			for name := range s.Files {
				if f := m.MapFS[name]; f != nil {
					s.Files[name] = fmt.Sprintf("%x", sha256.Sum256(f.Data))
				}
			}
		})
		v, err := Verify(t.Context(), m, e, p, ix)
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(v.Failures, "\n"); v.Holds || !strings.Contains(strings.ReplaceAll(all, "labour.parquet", "labour.csv"), what) {
			t.Errorf("%s: found %q", what, all)
		}
	}
}

func change(m memory, f func(*Summary)) {
	var s Summary
	if err := json.Unmarshal(m.MapFS[summaryFile].Data, &s); err != nil {
		panic(err)
	}
	f(&s)
	m.MapFS[summaryFile].Data, _ = json.Marshal(&s)
}

func rewrite(t interface{ Fatal(...any) }, m memory, name string, v []float64, f func([]float64)) {
	v = append([]float64{}, v...)
	f(v)
	w := &writer{create: m.create}
	w.table(name, Parquet, nil, []string{"value"}, func(row func([]string, ...float64)) {
		for _, x := range v {
			row(nil, x)
		}
	})
	if w.err != nil {
		t.Fatal(w.err)
	}
}

// What is scarce is what the goal gains from: adding a little of it changes the
// optimum by its price.
func TestPricesTellWhatMoreWouldBring(t *testing.T) {
	t.Parallel()
	e := hillAndDale()
	_, p, ix, r := planned(t, e, CSV)
	s := solve(t, p)
	if math.Abs(s.Objective-r.Summary.Objective) > 1e-4 || len(r.Summary.Scarce) == 0 {
		t.Fatalf("objective %v, want %v; scarce %v", r.Summary.Objective, s.Objective, r.Summary.Scarce)
	}
	sum := ix.Summarise(e, p, ix.Read(e, p, s.Col), s.RowDual, s.Objective)
	for _, c := range sum.Scarce {
		if c.Kind != "labour" {
			continue
		}
		more, r := *e, 0
		if c.Region == "dale" {
			r = 1
		}
		const little = 1e-3
		more.Labour = append([]float64{}, e.Labour...)
		for k := range 3 {
			more.Labour[3*r+k] += little
		}
		q, _, err := more.Problem(Satisfaction)
		if err != nil {
			t.Fatal(err)
		}
		copy(q.Cost, p.Cost) // the cost of labour depends on how much there is
		if gain := solve(t, q).Objective - s.Objective; math.Abs(gain-little*c.Price) > 1e-6 {
			t.Errorf("%+v: a little more brings %v, want %v", c, gain/little, c.Price)
		}
	}
}
