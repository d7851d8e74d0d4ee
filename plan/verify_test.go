package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bremen/lp"
	"bremen/network"
)

// claimless are the numbers of plan.json that say how a plan was found, not
// what it is; nothing follows from them and Verify does not look at them.
var claimless = []*regexp.Regexp{
	regexp.MustCompile(`^ladder\[\d+\]\.(programs|seconds)$`),
	regexp.MustCompile(`^ladder\[\d+\]\.rounds\[\d+\]\.(seconds|iterations)$`),
	// Exchange rates and explanations come with Explain; they are confirmed by solving again, not proven.
	regexp.MustCompile(`^ladder\[\d+\]\.exchange`),
	regexp.MustCompile(`^why`),
	regexp.MustCompile(`^program\.(solves|seconds)$`),
	// Named for the reader of the folder; the file's hash is checked by whoever reads it.
	regexp.MustCompile(`^certificates\.bytes$`),
}

// claim is a figure somewhere in a document.
type claim struct {
	path  string
	value reflect.Value
}

// numbers lists all figures below v that can be set.
func numbers(v reflect.Value, path string, list []claim) []claim {
	switch v.Kind() {
	case reflect.Float64, reflect.Int, reflect.Int64:
		return append(list, claim{path, v})
	case reflect.Pointer:
		if !v.IsNil() {
			return numbers(v.Elem(), path, list)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			list = numbers(v.Index(i), fmt.Sprintf("%s[%d]", path, i), list)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).PkgPath != "" {
				continue
			}
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			list = numbers(v.Field(i), strings.TrimPrefix(path+"."+name, "."), list)
		}
	}
	return list
}

// change moves a figure by a hundredth and a hundredth of itself, an integer by one.
func (n claim) change() {
	if n.value.CanInt() {
		n.value.SetInt(n.value.Int() + 1)
		return
	}
	x := n.value.Float()
	n.value.SetFloat(x + 0.01 + 0.01*max(x, -x))
}

// copied is a plan as its files hold it.
func copied(t rapid.TB, pl *Plan) (*Document, *Proofs) {
	t.Helper()
	b, err := json.Marshal(&pl.Document)
	if err != nil {
		t.Fatalf("plan.json: %v", err)
	}
	d := &Document{}
	if err := json.Unmarshal(b, d); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := pl.Proofs.Write(&file); err != nil {
		t.Fatalf("proofs: %v", err)
	}
	proofs, err := ReadProofs(&file)
	if err != nil {
		t.Fatal(err)
	}
	return d, proofs
}

func holds(t rapid.TB, n *network.Network, d *Document, proofs *Proofs) *Verification {
	t.Helper()
	v, err := Verify(n, d, proofs)
	if err != nil {
		t.Fatalf("verify: %v\n%s", err, stated(n))
	}
	return v
}

func TestAnyNumberOfThePlanThatIsChangedIsFound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		pl := lawful(r, t, n)
		if pl.Status == Infeasible {
			return
		}
		d, proofs := copied(r, pl)
		if v := holds(r, n, d, proofs); !v.Holds {
			r.Fatalf("the plan as written does not hold: %v\n%s", v.Failures, stated(n))
		}
		all := numbers(reflect.ValueOf(d).Elem(), "", nil)
		for range 25 {
			i := rapid.IntRange(0, len(all)-1).Draw(r, "number")
			if slices.ContainsFunc(claimless, func(x *regexp.Regexp) bool { return x.MatchString(all[i].path) }) {
				continue
			}
			forged, proofs := copied(r, pl)
			k := numbers(reflect.ValueOf(forged).Elem(), "", nil)[i]
			k.change()
			if holds(r, n, forged, proofs).Holds {
				r.Errorf("%s changed to %v goes unnoticed\n%s", k.path, k.value, stated(n))
			}
		}
	})
}

// A dual value may be changed without harm where what it proves stays as
// tight: then every claim still holds and is proven. All else is noticed.
func TestAnyNumberOfTheProofsThatIsChangedIsFoundOrProvesAsMuch(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := drawNetwork(r)
		pl := lawful(r, t, n)
		if pl.Status == Infeasible {
			return
		}
		for range 25 {
			d, forged := copied(r, pl)
			what := forge(r, pl.Program, forged)
			if v := holds(r, n, d, forged); v.Holds && !(strings.HasPrefix(what, "dual") && asTight(pl.Proofs, n, d, forged)) {
				r.Errorf("%s goes unnoticed\n%s", what, stated(n))
			}
		}
	})
}

// forge changes one number of the proofs and says which.
func forge(r *rapid.T, program *Program, p *Proofs) string {
	k := rapid.IntRange(0, len(p.Rounds)-1).Draw(r, "round")
	rec := &p.Rounds[k]
	part := rapid.SampledFrom([]string{"primal", "dual", "level", "bound", "precision", "fixed", "rung", "lowered", "rows", "columns"}).Draw(r, "part")
	switch part {
	case "primal":
		i := rapid.IntRange(0, len(p.Primal)-1).Draw(r, "column")
		// How preferred or rested somebody is shows in no list and is claimed by rounds alone, as the least of many.
		if c := program.cols[i]; c.kind == colSigma && program.Elements[c.a].Kind >= elementPreference {
			break
		}
		p.Primal[i] += 0.01 + 0.01*max(p.Primal[i], -p.Primal[i])
		return fmt.Sprint("primal of column ", i)
	case "dual":
		if len(rec.Dual) > 0 {
			i := rapid.IntRange(0, len(rec.Dual)-1).Draw(r, "row")
			rec.Dual[i] += 0.01*largest(rec.Dual) + 0.01*max(rec.Dual[i], -rec.Dual[i])
			return fmt.Sprint("dual of row ", i, " in round ", k)
		}
	case "bound":
		rec.Bound += 0.01
		return part
	case "precision":
		rec.Precision += 0.01
		return part
	case "fixed":
		if len(rec.Fixed) > 0 {
			rec.Fixed[rapid.IntRange(0, len(rec.Fixed)-1).Draw(r, "fixed")]++
			return part
		}
	case "rung":
		rec.Rung++
		return part
	case "lowered":
		rec.Lowered = append(rec.Lowered, lowering{Element: 0, Floor: -1})
		return part
	case "rows":
		p.Rows++
		return part
	case "columns":
		p.Columns++
		return part
	}
	rec.Level += 0.01 + 0.01*max(rec.Level, -rec.Level)
	return fmt.Sprint("level of round ", k)
}

// asTight tells whether forged duals prove bounds that equal those of the
// true ones, so that no claim rests on the number that was changed.
func asTight(honest *Proofs, n *network.Network, d *Document, forged *Proofs) bool {
	v, err := Verify(n, d, forged)
	if err != nil || !v.Holds {
		return false
	}
	for i := range honest.Rounds {
		if !near(honest.Rounds[i].Bound, forged.Rounds[i].Bound) {
			return false
		}
	}
	return true
}

// lowered is a network's plan with one element pushed down as far as its bounds allow, all others kept.
func lowered(t *testing.T, pl *Plan, e int) []float64 {
	t.Helper()
	var lines []line
	for f := range pl.Program.Elements {
		if col := pl.Program.Elements[f].Col; f != e {
			lines = append(lines, line{pl.X[col] - 1e-7, lp.Inf, map[int]float64{col: 1}})
		}
	}
	q := with(pl.Program.LP, 0, lines, pl.Program.Elements[e].Col)
	q.Maximise = false
	sol, err := testSolver(t).Solve(t.Context(), q, lp.Options{Method: lp.Simplex})
	if err != nil || sol.Status != lp.Optimal {
		t.Fatalf("%v %+v", err, sol)
	}
	return sol.Col
}

// What an earlier rung gave must be there even where a later rung of the same
// element could give nothing more.
func TestAPlanBelowAnEarlierRungIsRejected(t *testing.T) {
	n := bakery()
	n.Ladders["default"] = network.Ladder{
		{Goal: "half", Kind: network.Leximin, Sets: []network.Set{{Urgency: "vital", To: 0.6}}},
		{Goal: "all", Kind: network.Leximin, Sets: []network.Set{{Urgency: "vital", To: 1}}},
	}
	pl := planned(t, n)
	if v := holds(t, n, &pl.Document, pl.Proofs); !v.Holds {
		t.Fatalf("the honest plan: %v", v.Failures)
	}
	for e := range pl.Program.Elements {
		if pl.Program.Elements[e].Kind != elementNeed {
			continue
		}
		// A document that follows from the lowered solution in every figure.
		c := newClimb(pl.Program, n.Ladders["default"], &proving{proofs: pl.Proofs})
		if err := c.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.last = lowered(t, pl, e)
		forged := finish(c, "default", nil)
		forged.NetworkHash = pl.NetworkHash
		if v := holds(t, n, &forged.Document, forged.Proofs); v.Holds {
			t.Errorf("element %d stands at %g instead of %g unnoticed", e, c.last[pl.Program.Elements[e].Col], c.stands[e])
		}
	}
}

func TestVerifyNamesWhatDoesNotHold(t *testing.T) {
	for name, c := range map[string]struct {
		change func(n *network.Network, d *Document, p *Proofs)
		want   string
	}{
		"another network":            {func(n *network.Network, _ *Document, _ *Proofs) { n.Work[0].Hours++ }, "not the one this plan was made from"},
		"proofs of another program":  {func(_ *network.Network, _ *Document, p *Proofs) { p.Rows++ }, "rows"},
		"a round too few":            {func(_ *network.Network, _ *Document, p *Proofs) { p.Rounds = p.Rounds[:len(p.Rounds)-1] }, "the proofs end"},
		"a round too many":           {func(_ *network.Network, _ *Document, p *Proofs) { p.Rounds = append(p.Rounds, p.Rounds[0]) }, "rounds"},
		"a delivery":                 {func(_ *network.Network, d *Document, _ *Proofs) { d.Needs[1].Delivered *= 1.5 }, "needs[1].delivered"},
		"a run that does not exist":  {func(_ *network.Network, d *Document, _ *Proofs) { d.Runs = append(d.Runs, d.Runs[0]) }, "runs"},
		"hours moved to another":     {func(_ *network.Network, d *Document, _ *Proofs) { d.Work[0].Agent = "people" }, "work[0].agent"},
		"a level":                    {func(_ *network.Network, d *Document, _ *Proofs) { d.Ladder[0].Levels[0] = 0.7 }, "levels"},
		"more hours than are stated": {func(_ *network.Network, _ *Document, p *Proofs) { p.Primal[len(p.Primal)-1] += 1e6 }, "breaks a bound"},
	} {
		t.Run(name, func(t *testing.T) {
			n := bakery()
			pl := planned(t, n)
			d, proofs := copied(t, pl)
			c.change(n, d, proofs)
			v := holds(t, n, d, proofs)
			if v.Holds || !strings.Contains(strings.Join(v.Failures, "\n"), c.want) {
				t.Errorf("got %+v, want a failure with %q", v, c.want)
			}
		})
	}
}

func TestProofsThatAreCutShortOrMangled(t *testing.T) {
	var file bytes.Buffer
	if err := planned(t, bakery()).Proofs.Write(&file); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	for k := range len(whole) {
		if _, err := ReadProofs(bytes.NewReader(whole[:k])); err == nil {
			t.Errorf("the first %d of %d bytes are read as proofs", k, len(whole))
		}
	}
	if _, err := ReadProofs(strings.NewReader("no proofs")); err == nil || !strings.Contains(err.Error(), "gzip") {
		t.Errorf("got %v", err)
	}
}
