package ladder

import (
	"context"
	"fmt"
	"io/fs"
	"reflect"
	"slices"

	"bremen/lp/block"
	"bremen/network/cells"
	"bremen/network/economy"
)

// Written says whether a folder holds a plan by a ladder.
func Written(files fs.FS) bool {
	var s struct {
		Goal string `json:"goal"`
	}
	return economy.ReadSummary(files, &s) == nil && s.Goal == goal
}

// Verification is what checking a written plan came to.
type Verification struct {
	Summary  *Summary `json:"plan"`
	Holds    bool     `json:"holds"`
	Failures []string `json:"failures"`
	Tables   int      `json:"tables"` // compared row by row
	Steps    int      `json:"steps"`  // proven again
	Broken   float64  `json:"broken"` // what was found
}

// Verify checks a written plan by a ladder, without a solver: that its files are those whose hashes it states; that it keeps to every row and bound of the economy's program
// p as far as it says; that the ladder is the economy's; for every step, that its duals prove its bound of the
// program that follows from what was fixed before, that its level is the plan's, and that what it fixed was free, is
// kept, and stood no higher than its window; and that all tables and lists say what the columns
// say. An error means that files could not be read.
func Verify(ctx context.Context, files fs.FS, e *economy.Economy, p *block.Problem, ix *economy.Index) (*Verification, error) {
	v := &Verification{Summary: &Summary{}}
	if err := economy.ReadSummary(files, v.Summary); err != nil {
		return nil, err
	}
	s := v.Summary
	var err error
	if files, v.Failures, err = economy.CheckFiles(ctx, files, s.Files); err != nil || len(v.Failures) > 0 {
		return v, err
	}
	x := make([]float64, p.Cols())
	if own := newAudit(e, p, ix, x); s.Economy != e.ID || s.Rows != own.q.Rows() || s.Columns != own.q.Cols() || s.Coefficients != own.q.NNZ() {
		v.fail("it is a plan of %q with %d rows and %d columns, not of %q with %d and %d", s.Economy, s.Rows, s.Columns, e.ID, own.q.Rows(), own.q.Cols())
		return v, nil
	}
	if !reflect.DeepEqual(s.Ladder, goals(e)) {
		v.fail("its ladder is not that of the economy")
		return v, nil
	}
	problems := &cells.Problems{}
	folder := cells.Folder{Files: files, Description: "plan.json", Problems: problems}
	x, err = economy.ReadVector(ctx, folder, "columns.parquet", p.Cols())
	if err != nil {
		return nil, err
	}
	duals, err := economy.ReadVector(ctx, folder, "duals.parquet", len(s.Steps)*p.Rows())
	if err != nil {
		return nil, err
	}
	fixings, err := readFloors(ctx, folder, e, len(s.Steps))
	if err != nil {
		return nil, err
	}
	if len(problems.List) > 0 {
		v.fail("%v", problems)
		return v, nil
	}
	plan := ix.Read(e, p, x)
	a := newAudit(e, p, ix, x)
	if err := v.prove(ctx, a, duals, fixings); err != nil {
		return nil, err
	}
	v.summary(a, plan)
	tables, wrong, err := economy.CompareTables(ctx, folder, plan.Tables(e))
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

// prove goes through the steps.
func (v *Verification) prove(ctx context.Context, a *audit, duals []float64, fixings []Fixing) error {
	rows := a.q.Rows()
	for k, stated := range v.Summary.Steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := 0
		for n < len(fixings) && fixings[n].Step == k+1 {
			n++
		}
		s := stated
		wrong := a.step(&s, duals[k*rows:][:rows], fixings[:n])
		fixings = fixings[n:]
		v.Failures = append(v.Failures, wrong...)
		for _, f := range []struct {
			what      string
			got, want float64
		}{
			{"level", s.Level, stated.Level}, {"bound", s.Bound, stated.Bound},
			{"number of free needs", float64(s.Free), float64(stated.Free)}, {"number of fixed needs", float64(s.Fixed), float64(stated.Fixed)},
		} {
			if !economy.Alike(f.got, f.want) {
				v.fail("step %d: its %s is %v, stated is %v", k+1, f.what, f.got, f.want)
			}
		}
		v.Steps++
	}
	if len(fixings) > 0 {
		v.fail("floors: %d needs are fixed by steps out of order, the first by step %d", len(fixings), fixings[0].Step)
	}
	if v.Summary.Status != statusOf(true) {
		if last := len(v.Summary.Steps) - 1; v.Summary.Status != statusOf(false) || last < 0 || v.Summary.Steps[last].Kind != Labour {
			v.fail("it is %q without having come to the top of the ladder", v.Summary.Status)
		}
	}
	return nil
}

// summary holds what is stated to what the plan says.
func (v *Verification) summary(a *audit, plan *economy.Plan) {
	s, again := v.Summary, a.summary(plan)
	v.Broken = again.Broken
	if !(v.Broken <= max(s.Broken, 1e-12)*(1+1e-6)) {
		v.fail("it breaks a row or bound by %.3g, stated is %.3g", v.Broken, s.Broken)
	}
	if !economy.Alike(again.Unit, s.Unit) {
		v.fail("its unit is %v, stated is %v", again.Unit, s.Unit)
	}
	if !slices.EqualFunc(again.Satisfactions, s.Satisfactions, economy.RegionSatisfaction.Alike) {
		v.fail("its satisfactions are not those of its columns")
	}
	if !slices.EqualFunc(again.Worst, s.Worst, func(a, b Need) bool {
		near := economy.Alike(a.Satisfaction, b.Satisfaction)
		a.Satisfaction = b.Satisfaction
		return near && a == b
	}) {
		v.fail("who is served worst is not what its columns say")
	}
	if a.scarceStep != s.ScarceStep || !slices.EqualFunc(a.scarce, s.Scarce, economy.Scarcity.Alike) {
		v.fail("what is scarce is not what its columns and duals say")
	}
}

// readFloors reads what the steps fixed.
func readFloors(ctx context.Context, folder cells.Folder, e *economy.Economy, steps int) ([]Fixing, error) {
	elements := map[Need]int{}
	for k, d := range e.Demand {
		if d > 0 {
			elements[named(e, k)] = k
		}
	}
	var out []Fixing
	err := folder.Rows(ctx, economy.TableFile(folder.Files, "floors"), slices.Concat(floorTexts, floorNumbers), nil, func(s cells.Sheet) {
		need := Need{Product: string(s.Text(0)), Urgency: string(s.Text(1)), Region: string(s.Text(2)), Period: string(s.Text(3))}
		element, known := elements[need]
		step, whole := s.Number(4)
		floor, number := s.Number(5)
		switch {
		case !known:
			s.Wrong(0, fmt.Sprintf("%q", need.Product), "a need of the economy", "")
		case !whole || !number:
		case !(step >= 1 && step <= float64(steps)) || step != float64(int(step)):
			s.Wrong(4, fmt.Sprint(step), fmt.Sprintf("the number of one of %d steps, from 1", steps), "")
		default:
			out = append(out, Fixing{int(step), element, floor})
		}
	})
	return out, err
}
