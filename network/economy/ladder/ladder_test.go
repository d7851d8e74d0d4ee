package ladder_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"bremen/lp"
	"bremen/lp/block"
	"bremen/lp/highs"
	"bremen/lp/interior"
	"bremen/network/economy"
	"bremen/network/economy/ladder"
)

var pool = sync.OnceValues(func() (*highs.Pool, error) { return highs.New(highs.Options{}) })

func small(t testing.TB, products int, seed uint64) (*economy.Economy, *block.Problem, *economy.Index) {
	e, err := economy.Generate(economy.Shape{Products: products, Regions: 2, Periods: 2}, seed)
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.Labour { // too little for most, so that there are many levels
		e.Labour[i] *= 0.3
	}
	p, ix, err := e.Problem(economy.Satisfaction)
	if err != nil {
		t.Fatal(err)
	}
	return e, p, ix
}

// leximin raises the needs of one urgency by exact programs until all are
// fixed: after each, those whose rows have a price. It returns what they reach, ascending.
func leximin(t *testing.T, e *economy.Economy, p *block.Problem, ix *economy.Index, urgency int) []float64 {
	t.Helper()
	by, err := pool()
	if err != nil {
		t.Fatal(err)
	}
	free, fixed := map[int]bool{}, map[int]float64{}
	for at, d := range e.Demand {
		if d > 0 && e.Needs[at/e.Blocks()].Urgency == urgency {
			free[at] = true
		}
	}
	first := p.RowGroups[ix.Satisfaction].First
	for len(free) > 0 {
		q := p.Explicit()
		q.Cost, q.Upper, q.RowLower = make([]float64, p.Cols()), slices.Clone(q.Upper), slices.Clone(q.RowLower)
		for w := range ix.WorstUrgency {
			q.Upper[p.ColGroups[ix.Worst].First+w] = 0
		}
		z := q.AddColumn(1, 0, 1)
		q.Maximise = true
		for at, d := range e.Demand {
			if free[at] {
				q.Entry(first+at, -d/ix.Unit)
			} else if v, ok := fixed[at]; ok {
				q.RowLower[first+at] = (v - 1e-7) * d / ix.Unit
			}
		}
		s, err := by.Solve(t.Context(), q, lp.Options{Method: lp.Simplex})
		if err != nil || s.Status != lp.Optimal {
			t.Fatal(s, err)
		}
		for at := range e.Demand {
			if free[at] && (s.Col[z] > 1-1e-6 || math.Abs(s.RowDual[first+at]*e.Demand[at]/ix.Unit) > 1e-6) {
				fixed[at] = s.Col[z]
				delete(free, at)
			}
		}
	}
	return slices.Sorted(maps.Values(fixed))
}

// laddered is a small economy with a ladder of two rungs, the first of one urgency.
func laddered(t testing.TB, seed uint64) (*economy.Economy, *block.Problem, *economy.Index, int) {
	e, p, ix := small(t, 10+int(seed), seed)
	urgency := int(seed % 3)
	rung, then := make([]float64, 3), make([]float64, 3)
	rung[urgency], then[(urgency+1)%3] = 1, 1
	e.Ladder.Rungs = [][]float64{rung, then}
	return e, p, ix, urgency
}

// The plan breaks nothing, keeps all floors, no level is above what is proven, and
// who is served worst is served as by exact programs, to the window. What is written is proven
// again. Both ways of solving do.
func TestClimbComesNearExactLeximin(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		for _, sharp := range []lp.Solver{nil, &interior.Solver{}} {
			t.Run(fmt.Sprint(seed, sharp != nil), func(t *testing.T) {
				t.Parallel()
				e, p, ix, urgency := laddered(t, seed)
				o := ladder.Options{Sharp: sharp}
				c, err := ladder.Climb(t.Context(), e, p, ix, o)
				if err != nil {
					t.Fatal(err)
				}
				if got := block.Check(p, c.Col, nil).Primal; got != 0 {
					t.Errorf("broken by %v", got)
				}
				r := ladder.Conclude(e, p, ix, c, o)
				for k, s := range slices.Concat(c.Steps, r.Summary.Steps) {
					worse := s.Level - s.Bound
					if s.Kind == ladder.Labour {
						worse = -worse / (1 + s.Level)
					}
					if worse > 1e-9 {
						t.Errorf("step %d, %+v, is better than what is proven", k, s)
					}
					if sharp != nil && s.Stopped {
						t.Errorf("step %d, %+v, is short of the tolerance", k, s)
					}
				}
				plan, got := ix.Read(e, p, c.Col), []float64{}
				for at, d := range e.Demand {
					v := e.Satisfaction(plan, at/e.Blocks(), at%e.Blocks())
					if v < c.Floor[at]-1e-9 {
						t.Errorf("need %d is satisfied %v, kept is %v", at, v, c.Floor[at])
					}
					if d > 0 && e.Needs[at/e.Blocks()].Urgency == urgency {
						got = append(got, v)
					}
				}
				slices.Sort(got)
				want := leximin(t, e, p, ix, urgency)
				if math.Abs(got[0]-want[0]) > 5e-3 {
					t.Errorf("the worst is served %v, by leximin %v", got[0], want[0])
				}
				for k := range want {
					if got[k] < want[k]-0.1-5e-3 {
						t.Errorf("place %d is served %v, by leximin %v", k, got[k], want[k])
					}
				}
				if v := written(t, r, e).verify(t, e, p, ix); !v.Holds {
					t.Errorf("what is written does not hold: %v", v.Failures)
				}
			})
		}
	}
}

// folder is a folder in memory.
type folder struct{ fstest.MapFS }

type file struct {
	bytes.Buffer
	close func([]byte)
}

func (f *file) Close() error { f.close(f.Bytes()); return nil }

func (m folder) create(name string) (io.WriteCloser, error) {
	return &file{close: func(b []byte) { m.MapFS[name] = &fstest.MapFile{Data: b} }}, nil
}

func written(t *testing.T, r *ladder.Result, e *economy.Economy) folder {
	t.Helper()
	m := folder{fstest.MapFS{}}
	if err := r.Write(m.create, economy.CSV, e); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m folder) verify(t *testing.T, e *economy.Economy, p *block.Problem, ix *economy.Index) *ladder.Verification {
	t.Helper()
	if !ladder.Written(m) {
		t.Error("it is not taken for a plan by a ladder")
	}
	v, err := ladder.Verify(t.Context(), m, e, p, ix)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Whatever figure is changed in a written plan is found, also where the figures beside it are changed to fit.
func TestVerifyFindsWhatIsChanged(t *testing.T) {
	t.Parallel()
	e, p, ix, _ := laddered(t, 4)
	o := ladder.Options{Sharp: &interior.Solver{}}
	c, err := ladder.Climb(t.Context(), e, p, ix, o)
	if err != nil {
		t.Fatal(err)
	}
	whole := ladder.Conclude(e, p, ix, c, o)
	settle := slices.IndexFunc(c.Steps, func(s ladder.Step) bool { return s.Kind == ladder.Settle })
	priced := slices.IndexFunc(c.Duals[0], func(v float64) bool { return math.Abs(v) > 1 })
	made := slices.IndexFunc(c.Col, func(v float64) bool { return v > 1e-3 })
	other := *e
	other.Ladder.Window = 0.2
	type change struct {
		name  string
		spoil func(s *ladder.Summary, c *ladder.Climbed)
		want  string
	}
	for _, x := range []change{
		{"nothing", func(*ladder.Summary, *ladder.Climbed) {}, ""},
		{"a level", func(s *ladder.Summary, _ *ladder.Climbed) { s.Steps[0].Level += 1e-6 }, "step 1: its level is"},
		{"a bound", func(s *ladder.Summary, _ *ladder.Climbed) { s.Steps[0].Bound -= 1e-6 }, "step 1: its bound is"},
		{"labour", func(s *ladder.Summary, _ *ladder.Climbed) { s.Steps[len(s.Steps)-1].Level *= 0.999 }, "its level is"},
		{"what is settled above", func(s *ladder.Summary, _ *ladder.Climbed) { s.Steps[settle].Above += 1e-3 }, fmt.Sprintf("step %d: ", settle+1)},
		{"a window", func(s *ladder.Summary, _ *ladder.Climbed) { s.Steps[settle].Window /= 2 }, fmt.Sprintf("step %d: ", settle+1)},
		{"a rung", func(s *ladder.Summary, _ *ladder.Climbed) { s.Steps[0].Rung = 2 }, "rung 1 has left"},
		{"how many are free", func(s *ladder.Summary, _ *ladder.Climbed) { s.Steps[0].Free-- }, "free needs"},
		{"a fixed need raised", func(_ *ladder.Summary, c *ladder.Climbed) { c.Fixings[0].Floor += 0.01 }, "is kept at"},
		{"a fixed need lowered", func(_ *ladder.Summary, c *ladder.Climbed) { c.Fixings[0].Floor -= 0.01 }, ""},
		{"a fixed need for another", func(_ *ladder.Summary, c *ladder.Climbed) { c.Fixings[0].Element = c.Fixings[1].Element }, "was not free"},
		{"a fixed need left out", func(_ *ladder.Summary, c *ladder.Climbed) { c.Fixings = c.Fixings[1:] }, "fixed needs"},
		{"a fixed need earlier", func(_ *ladder.Summary, c *ladder.Climbed) { c.Fixings[len(c.Fixings)-1].Step = 1 }, "out of order"},
		{"a dual", func(_ *ladder.Summary, c *ladder.Climbed) { c.Duals[0][priced] *= 1.01 }, "step 1: its bound is"},
		{"duals of another step", func(_ *ladder.Summary, c *ladder.Climbed) { c.Duals[0] = c.Duals[1] }, "step 1: its bound is"},
		{"a column", func(_ *ladder.Summary, c *ladder.Climbed) { c.Col[made] *= 1.01 }, "it breaks a row or bound by"},
		{"the worst", func(s *ladder.Summary, _ *ladder.Climbed) { s.Worst[0].Satisfaction += 0.01 }, "served worst"},
		{"what is scarce", func(s *ladder.Summary, _ *ladder.Climbed) { s.Scarce = s.Scarce[1:] }, "what is scarce"},
		{"satisfactions", func(s *ladder.Summary, _ *ladder.Climbed) { s.Satisfactions[0].Mean += 0.01 }, "its satisfactions"},
		{"the ladder", func(s *ladder.Summary, _ *ladder.Climbed) { s.Ladder.Keep = 0.01 }, "its ladder"},
		{"the top", func(s *ladder.Summary, c *ladder.Climbed) {
			s.Steps, c.Duals = s.Steps[:len(s.Steps)-1], c.Duals[:len(s.Steps)-1]
		}, "top of the ladder"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := copied(t, whole)
			x.spoil(r.Summary, r.Climbed)
			v := written(t, r, e).verify(t, e, p, ix)
			all := strings.Join(v.Failures, "\n")
			if holds := x.name == "nothing"; v.Holds != holds || !strings.Contains(all, x.want) {
				t.Errorf("holds: %v, found %q, want %q", v.Holds, all, x.want)
			}
		})
	}
	if v := written(t, whole, e).verify(t, &other, p, ix); v.Holds {
		t.Error("it holds for another ladder")
	}
}

// A byte changed in any file that a plan stands on is found first, and the file named.
func TestVerifyNamesTheFileThatDiffers(t *testing.T) {
	t.Parallel()
	e, p, ix, _ := laddered(t, 4)
	o := ladder.Options{Most: 200}
	c, err := ladder.Climb(t.Context(), e, p, ix, o)
	if err != nil {
		t.Fatal(err)
	}
	r := ladder.Conclude(e, p, ix, c, o)
	m := written(t, r, e)
	if len(r.Summary.Files) != len(m.MapFS)-1 || r.Summary.Files["duals.parquet"] == "" || r.Summary.Files["floors.csv"] == "" {
		t.Errorf("hashes of %v", slices.Sorted(maps.Keys(r.Summary.Files)))
	}
	for name := range r.Summary.Files {
		n := folder{maps.Clone(m.MapFS)}
		data := bytes.Clone(m.MapFS[name].Data)
		data[len(data)/2] ^= 1
		n.MapFS[name] = &fstest.MapFile{Data: data}
		if v := n.verify(t, e, p, ix); v.Holds || len(v.Failures) != 1 || !strings.HasPrefix(v.Failures[0], name+": its SHA-256 is ") {
			t.Errorf("%s changed: holds %v, found %q", name, v.Holds, v.Failures)
		}
	}
}

// copied is a result that shares nothing that a test changes.
func copied(t *testing.T, r *ladder.Result) *ladder.Result {
	t.Helper()
	text, err := json.Marshal(r.Summary)
	c := *r.Climbed
	c.Col, c.Fixings, c.Duals = slices.Clone(c.Col), slices.Clone(c.Fixings), slices.Clone(c.Duals)
	for k := range c.Duals {
		c.Duals[k] = slices.Clone(c.Duals[k])
	}
	s := &ladder.Summary{}
	if err == nil {
		err = json.Unmarshal(text, s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &ladder.Result{Summary: s, Climbed: &c, Plan: r.Plan}
}

func TestClimbSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	e, p, ix := small(t, 12, 1)
	for _, l := range []economy.Ladder{{Rungs: [][]float64{{1}}}, {Window: 2}, {Keep: -1}} {
		wrong := *e
		wrong.Ladder = l
		if _, err := ladder.Climb(t.Context(), &wrong, p, ix, ladder.Options{}); err == nil {
			t.Errorf("%+v went through", l)
		}
	}
	q, least, err := e.Problem(economy.LeastLabour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ladder.Climb(t.Context(), e, q, least, ladder.Options{}); err == nil {
		t.Error("a program of least labour went through")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ladder.Climb(ctx, e, p, ix, ladder.Options{}); err == nil {
		t.Error("a climb that was cancelled came to an end")
	}
}

// Where time is over, what there is is a plan, and what is stated of it is proven.
func TestClimbEndsInTime(t *testing.T) {
	t.Parallel()
	e, p, ix, _ := laddered(t, 4)
	for _, time := range []time.Duration{1, 20 * time.Millisecond} {
		o := ladder.Options{Time: time}
		c, err := ladder.Climb(t.Context(), e, p, ix, o)
		if err != nil {
			t.Fatal(err)
		}
		if !c.Stopped {
			t.Errorf("it came to the top in %v", time)
		}
		if v := written(t, ladder.Conclude(e, p, ix, c, o), e).verify(t, e, p, ix); !v.Holds {
			t.Errorf("after %v: %v", time, v.Failures)
		}
	}
}

// hashed is a plan.json that states the hash of floors, if it is one.
func hashed(summary, floors []byte) []byte {
	var s map[string]any
	if json.Unmarshal(summary, &s) != nil {
		return summary
	}
	if files, is := s["files"].(map[string]any); is {
		files["floors.csv"] = fmt.Sprintf("%x", sha256.Sum256(floors))
	}
	text, err := json.Marshal(s)
	if err != nil {
		return summary
	}
	return text
}

// FuzzVerify: whatever stands in a plan's files, checking it ends in an answer or an error, and what holds says the same of the worst.
func FuzzVerify(f *testing.F) {
	e, p, ix, _ := laddered(f, 4)
	o := ladder.Options{Most: 200}
	c, err := ladder.Climb(context.Background(), e, p, ix, o)
	if err != nil {
		f.Fatal(err)
	}
	m := folder{fstest.MapFS{}}
	if err := ladder.Conclude(e, p, ix, c, o).Write(m.create, economy.CSV, e); err != nil {
		f.Fatal(err)
	}
	f.Add(m.MapFS["plan.json"].Data, m.MapFS["floors.csv"].Data)
	f.Add([]byte(`{"goal":"ladder","steps":[{"rung":-1,"kind":"level"}]}`), []byte("product,urgency,region,period,step,floor\np1,vital,region1,1,1,NaN\n"))
	f.Fuzz(func(t *testing.T, summary, floors []byte) {
		n := folder{maps.Clone(m.MapFS)}
		n.MapFS["plan.json"], n.MapFS["floors.csv"] = &fstest.MapFile{Data: hashed(summary, floors)}, &fstest.MapFile{Data: floors}
		v, err := ladder.Verify(t.Context(), n, e, p, ix)
		if err == nil && v.Holds {
			for _, s := range v.Summary.Steps {
				if s.Kind == ladder.Level && s.Level > s.Bound+1e-9 {
					t.Errorf("%+v holds and is better than what is proven", s)
				}
			}
		}
	})
}
