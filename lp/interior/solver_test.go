package interior

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"

	"bremen/lp"
	"bremen/lp/highs"
	"bremen/lp/lptest"
)

// pool is made once for all tests.
var pool = sync.OnceValues(func() (*highs.Pool, error) { return highs.New(highs.Options{Instances: 2}) })

func poolOf(t testing.TB) *highs.Pool {
	t.Helper()
	p, err := pool()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// hopeless are the cases of the bank for which there is no point, or no best
// one, and which come to the method itself. TestNothingIsSaidOfTheHopeless solves them.
var hopeless = map[string]string{
	"two rows that contradict":                        noRay,
	"a row that column bounds cannot meet":            noRay,
	"a contradiction of free columns":                 noRay,
	"a contradiction round a circle":                  noRay,
	"an empty row that cannot be met":                 noRay,
	"infeasible, and costs that would go on for ever": noRay,
	"a profit without end":                            noRay,
	"a cost without end":                              noRay,
	"an empty column without end":                     noRay,
}

const noRay = "the method proves neither that there is no point nor that there is no best one: its status is unknown"

func TestBank(t *testing.T) {
	t.Parallel()
	var except []lptest.Exclusion
	for name, reason := range hopeless {
		except = append(except, lptest.Exclusion{Case: name, Reason: reason})
	}
	lptest.Run(t, &Solver{Else: poolOf(t)}, []lp.Method{lp.Sharp}, except...)
}

func TestNothingIsSaidOfTheHopeless(t *testing.T) {
	t.Parallel()
	for _, c := range lptest.Bank() {
		if hopeless[c.Name] == "" {
			continue
		}
		s := solved(t, c.Problem(), 1)
		if s.Status != lp.Unknown || s.Ray != nil {
			t.Errorf("%s: status %d, ray %v; want that nothing is said", c.Name, s.Status, s.Ray)
		}
		if s.Check.Within(1e-3) {
			t.Errorf("%s: residuals %+v of what has no answer", c.Name, s.Check)
		}
		if again := lp.CheckSolution(c.Problem(), s); again != s.Check {
			t.Errorf("%s: residuals reported %+v, found %+v", c.Name, s.Check, again)
		}
	}
}

// recording answers nothing and remembers what it was asked.
type recording struct{ asked []lp.Method }

func (r *recording) Solve(_ context.Context, _ *lp.Problem, o lp.Options) (*lp.Solution, error) {
	r.asked = append(r.asked, o.Method)
	return &lp.Solution{}, nil
}

func TestWhatIsHandedOn(t *testing.T) {
	t.Parallel()
	continuous, _ := lptest.Random(4, 4, 1)
	integer, _ := lptest.Random(4, 4, 1)
	integer.SetInteger(2)
	rowless := &lp.Problem{}
	rowless.AddColumn(1, 0, 1)
	empty := &lp.Problem{}
	empty.AddRow(0, 1)
	for _, c := range []struct {
		name   string
		p      *lp.Problem
		m      lp.Method
		handed bool
	}{
		{"sharp", continuous, lp.Sharp, false},
		{"auto", continuous, lp.Auto, true},
		{"interior", continuous, lp.Interior, true},
		{"exact", continuous, lp.Exact, true},
		{"simplex", continuous, lp.Simplex, true},
		{"integer columns", integer, lp.Sharp, true},
		{"no rows", rowless, lp.Sharp, true},
		{"no columns", empty, lp.Sharp, true},
	} {
		r := &recording{}
		if _, err := (&Solver{Else: r}).Solve(t.Context(), c.p, lp.Options{Method: c.m}); err != nil {
			t.Fatal(err)
		}
		if handed := len(r.asked) == 1 && r.asked[0] == c.m; handed != c.handed {
			t.Errorf("%s: asked of the other solver: %v, want %v", c.name, r.asked, c.handed)
		}
	}
}

// Entries that name one row twice once made a wrong matrix of the system.
func TestEntriesThatRepeatARow(t *testing.T) {
	t.Parallel()
	p := lptest.Planning(10, 1, 1, 1) // transport goes round to where it came from
	q := compacted(p)
	if q.NNZ() == p.NNZ() {
		t.Fatal("the program repeats no row")
	}
	s := solved(t, p, 1)
	if s.Status != lp.Optimal {
		t.Fatalf("status %d: %s", s.Status, s.Detail)
	}
	sameBits(t, "point", s.Col, solved(t, q, 1).Col)
}

// Polishing may take for between its bounds what is at one; then the point stays as it was.
func TestPolishingSpoilsNothing(t *testing.T) {
	t.Parallel()
	p := lptest.Planning(35, 2, 2, 5)
	f := newForm(p)
	w := newNewton(f, 1)
	path := newPath(f, w)
	path.begin()
	if err := path.follow(&run{ctx: t.Context(), tolerance: 1e-7}, 1e-9); err != nil {
		t.Fatal(err)
	}
	x, y := slices.Clone(path.best.x), slices.Clone(path.best.y)
	if s := checked(f, x, y, path.polish(x, y)); s.Check.Within(1e-6) {
		t.Errorf("polished duals have residuals %+v: this program is no case any more", s.Check)
	}
	if s := solved(t, p, 1); s.Status != lp.Optimal {
		t.Errorf("status %d: %s", s.Status, s.Detail)
	}
}

// Everything is fixed: nothing is left to solve.
func TestAllColumnsFixed(t *testing.T) {
	t.Parallel()
	p := &lp.Problem{Maximise: true, Offset: 1}
	p.AddRow(2, 8)
	p.AddColumn(3, 2, 2)
	p.Entry(0, 1)
	s := solved(t, p, 1)
	if s.Status != lp.Optimal || s.Objective != 7 || s.Col[0] != 2 || s.Row[0] != 2 {
		t.Errorf("%+v, want the point 2 and the objective 7", s)
	}
	p.RowLower[0] = 3
	if s := solved(t, p, 1); s.Status != lp.Unknown || math.Abs(s.Check.Primal-0.25) > 1e-15 {
		t.Errorf("status %d with residuals %+v, want unknown and 1/4", s.Status, s.Check)
	}
}
