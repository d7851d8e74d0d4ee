package economy

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"

	"bremen/lp/block"
	"bremen/network/cells"
)

// Result is a plan with its proof, or the proof that there is none.
type Result struct {
	Summary *Summary
	Col     []float64 // per column of the program; nil if there is no plan
	RowDual []float64 // per row; if there is no plan, the weights that prove it
}

// Write writes a plan: the proof, the tables of the plan in a format, and plan.json, with Summary.Files as it sets
// them; plan is nil if there is none. create is as for Economy.Write.
func (r *Result) Write(create func(file string) (io.WriteCloser, error), format Format, e *Economy, plan *Plan) error {
	w := NewPlanWriter(create, format)
	if r.Col != nil {
		w.Vector("columns", slices.Values(r.Col))
	}
	if r.RowDual != nil {
		w.Vector("rows", slices.Values(r.RowDual))
	}
	if plan != nil {
		for _, t := range plan.Tables(e) {
			w.Table(t)
		}
	}
	r.Summary.Files = w.Files()
	w.Summary(r.Summary)
	return w.Err()
}

// Verification is what checking a written plan came to.
type Verification struct {
	Summary  *Summary `json:"plan"`
	Holds    bool     `json:"holds"`
	Failures []string `json:"failures"`
	Tables   int      `json:"tables"` // compared row by row

	// What was computed anew: how far the plan breaks rows and bounds at most,
	// relative to them; its objective; the bound its duals prove; the gap.
	Worst     float64 `json:"worst"`
	Objective float64 `json:"objective"`
	Bound     float64 `json:"bound"`
	Gap       float64 `json:"gap"`
}

// Verify checks a written plan of an economy whose program is p: that its files are those whose hashes it states; that the plan keeps to
// every row and bound within the tolerance it states, that its duals prove its
// bound, and that its tables say what its columns say; or of one that says there is no
// plan, that its weights prove that. It uses no solver. An
// error means that files could not be read.
func Verify(ctx context.Context, files fs.FS, e *Economy, p *block.Problem, ix *Index) (*Verification, error) {
	v := &Verification{}
	summary := &Summary{}
	if err := ReadSummary(files, summary); err != nil {
		return nil, err
	}
	v.Summary = summary
	var err error
	if files, v.Failures, err = CheckFiles(ctx, files, summary.Files); err != nil || len(v.Failures) > 0 {
		return v, err
	}
	if summary.Economy != e.ID || summary.Rows != p.Rows() || summary.Columns != p.Cols() {
		v.fail("it is a plan of %q with %d rows and %d columns, not of %q with %d and %d", summary.Economy, summary.Rows, summary.Columns, e.ID, p.Rows(), p.Cols())
		return v, nil
	}
	problems := &cells.Problems{}
	folder := cells.Folder{Files: files, Description: summaryFile, Problems: problems}
	impossible := summary.Status == StatusInfeasible
	var x []float64
	if !impossible {
		if x, err = ReadVector(ctx, folder, columnsFile, p.Cols()); err != nil {
			return nil, err
		}
	}
	y, err := ReadVector(ctx, folder, rowsFile, p.Rows())
	if err != nil {
		return nil, err
	}
	if len(problems.List) > 0 {
		v.fail("%v", problems)
		return v, nil
	}
	if impossible {
		v.disprove(p, ix, e, y)
		v.Holds = len(v.Failures) == 0
		return v, nil
	}
	v.prove(p, ix, e, x, y)
	tables, wrong, err := CompareTables(ctx, folder, ix.Read(e, p, x).Tables(e))
	if err != nil {
		return nil, err
	}
	v.Tables, v.Failures = tables, append(v.Failures, wrong...)
	v.Holds = len(v.Failures) == 0
	return v, nil
}

func (v *Verification) fail(format string, args ...any) {
	v.Failures = append(v.Failures, fmt.Sprintf(format, args...))
}

// prove computes worst violation, objective, bound and gap, and compares with what is stated.
func (v *Verification) prove(p *block.Problem, ix *Index, e *Economy, x, y []float64) {
	s := v.Summary
	check := block.Check(p, x, y)
	v.Worst = check.Primal
	v.Objective = p.Offset
	for j, c := range p.Cost {
		v.Objective += float64(c * x[j])
	}
	again := ix.Summarise(e, p, ix.Read(e, p, x), y, v.Objective)
	again.SetBound(block.SafeBound(p, y).Value, check)
	v.Bound, v.Gap = again.Bound, again.Gap
	if !(v.Worst <= math.Max(s.Check.Primal, 1e-12)*(1+1e-6)) || s.Status == "optimal" && v.Worst > s.Tolerance {
		v.fail("it breaks a row or bound by %.3g, stated is %.3g", v.Worst, s.Check.Primal)
	}
	for _, f := range []struct {
		what      string
		got, want float64
	}{{"objective", v.Objective, s.Objective}, {"bound", v.Bound, s.Bound}, {"gap", v.Gap, s.Gap}, {"unit", ix.Unit, s.Unit}} {
		if !Alike(f.got, f.want) {
			v.fail("its %s is %v, stated is %v", f.what, f.got, f.want)
		}
	}
	if !slices.EqualFunc(again.Satisfactions, s.Satisfactions, RegionSatisfaction.Alike) {
		v.fail("its satisfactions are not those of its columns")
	}
	if !slices.EqualFunc(again.Scarce, s.Scarce, Scarcity.Alike) {
		v.fail("what is scarce is not what its columns and duals say")
	}
}

// Alike says whether two say the same, but for rounding.
func (a RegionSatisfaction) Alike(b RegionSatisfaction) bool {
	return a.Urgency == b.Urgency && a.Region == b.Region && a.Demands == b.Demands && Alike(a.Mean, b.Mean) && Alike(a.Least, b.Least)
}

// Alike says whether two say the same, but for rounding.
func (a Scarcity) Alike(b Scarcity) bool {
	return a.Kind == b.Kind && a.Code == b.Code && a.Region == b.Region && Alike(a.Used, b.Used) && Alike(a.There, b.There) && Alike(a.Price, b.Price) && Alike(a.Value, b.Value)
}

// Alike compares figures that processors may round differently in the last digits.
func Alike(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)) }
