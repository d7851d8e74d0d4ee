package economy

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"math"
	"slices"

	"bremen/lp/block"
	"bremen/network/cells"
)

// Files of a written plan beside its tables: the summary, and the proof, one
// figure per column and per row of the program in its order.
const (
	summaryFile = "plan.json"
	columnsFile = "columns.parquet"
	rowsFile    = "rows.parquet"
)

// summaryMost bounds how long a plan.json may be that is read.
const summaryMost = 1 << 28

// Result is a plan with its proof, or the proof that there is none.
type Result struct {
	Summary *Summary
	Col     []float64 // per column of the program; nil if there is no plan
	RowDual []float64 // per row; if there is no plan, the weights that prove it
}

// Write writes a plan: plan.json, the proof, and the tables of the plan in a
// format; plan is nil if there is none. create is as for Economy.Write.
func (r *Result) Write(create func(file string) (io.WriteCloser, error), format Format, e *Economy, plan *Plan) error {
	w := &writer{e: e, create: create, format: format}
	w.file(summaryFile, func(out io.Writer) error {
		text, err := json.MarshalIndent(r.Summary, "", " ")
		if err == nil {
			_, err = out.Write(append(text, '\n'))
		}
		return err
	})
	for _, v := range []struct {
		name    string
		figures []float64
	}{{"columns", r.Col}, {"rows", r.RowDual}} {
		if v.figures == nil {
			continue
		}
		w.table(v.name, Parquet, nil, []string{"value"}, func(row func([]string, ...float64)) {
			for _, x := range v.figures {
				row(nil, x)
			}
		})
	}
	if plan != nil {
		for _, t := range plan.Tables(e) {
			w.table(t.Name, format, t.Texts, t.Numbers, t.Rows)
		}
	}
	return w.err
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

// Verify checks a written plan of an economy whose program is p: that the plan keeps to
// every row and bound within the tolerance it states, that its duals prove its
// bound, and that its tables say what its columns say; or of one that says there is no
// plan, that its weights prove that. It uses no solver. An
// error means that files could not be read.
func Verify(ctx context.Context, files fs.FS, e *Economy, p *block.Problem, ix *Index) (*Verification, error) {
	v := &Verification{Failures: []string{}}
	summary, err := readSummary(files)
	if err != nil {
		return nil, err
	}
	v.Summary = summary
	if summary.Economy != e.ID || summary.Rows != p.Rows() || summary.Columns != p.Cols() {
		v.fail("it is a plan of %q with %d rows and %d columns, not of %q with %d and %d", summary.Economy, summary.Rows, summary.Columns, e.ID, p.Rows(), p.Cols())
		return v, nil
	}
	problems := &cells.Problems{}
	folder := cells.Folder{Files: files, Description: summaryFile, Problems: problems}
	impossible := summary.Status == StatusInfeasible
	var x []float64
	if !impossible {
		if x, err = readVector(ctx, folder, columnsFile, p.Cols()); err != nil {
			return nil, err
		}
	}
	y, err := readVector(ctx, folder, rowsFile, p.Rows())
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
	if err := v.compare(ctx, folder, e, ix.Read(e, p, x)); err != nil {
		return nil, err
	}
	v.Holds = len(v.Failures) == 0
	return v, nil
}

func (v *Verification) fail(format string, args ...any) {
	v.Failures = append(v.Failures, fmt.Sprintf(format, args...))
}

func readSummary(files fs.FS) (*Summary, error) {
	f, err := files.Open(summaryFile)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	defer f.Close()
	var s Summary
	if err := json.NewDecoder(io.LimitReader(f, summaryMost)).Decode(&s); err != nil {
		return nil, fmt.Errorf("%s: %w", summaryFile, err)
	}
	return &s, nil
}

// readVector reads a table of one figure per row, of which there have to be n.
func readVector(ctx context.Context, folder cells.Folder, file string, n int) ([]float64, error) {
	v := make([]float64, 0, n)
	more := 0
	err := folder.Rows(ctx, file, []string{"value"}, nil, func(s cells.Sheet) {
		switch x, ok := s.Number(0); {
		case len(v) == n:
			more++
		case ok:
			v = append(v, x)
		}
	})
	if err == nil && (len(v) != n || more > 0) && len(folder.Problems.List) == 0 {
		folder.Problems.Add(cells.Problem{File: file, Found: fmt.Sprintf("%d figures", len(v)+more), Expected: fmt.Sprintf("%d", n)})
	}
	return v, err
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
		if !alike(f.got, f.want) {
			v.fail("its %s is %v, stated is %v", f.what, f.got, f.want)
		}
	}
	if !slices.EqualFunc(again.Satisfactions, s.Satisfactions, func(a, b RegionSatisfaction) bool {
		return a.Urgency == b.Urgency && a.Region == b.Region && a.Demands == b.Demands && alike(a.Mean, b.Mean) && alike(a.Least, b.Least)
	}) {
		v.fail("its satisfactions are not those of its columns")
	}
	if !slices.EqualFunc(again.Scarce, s.Scarce, func(a, b Scarcity) bool {
		return a.Kind == b.Kind && a.Code == b.Code && a.Region == b.Region && alike(a.Used, b.Used) && alike(a.There, b.There) && alike(a.Price, b.Price) && alike(a.Value, b.Value)
	}) {
		v.fail("what is scarce is not what its columns and duals say")
	}
}

// alike compares figures that processors may round differently in the last digits.
func alike(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)) }

// compare holds every table to what the columns say.
func (v *Verification) compare(ctx context.Context, folder cells.Folder, e *Economy, plan *Plan) error {
	for _, t := range plan.Tables(e) {
		file := t.Name + ".csv"
		if _, err := fs.Stat(folder.Files, file); err != nil {
			file = t.Name + ".parquet"
		}
		want, got := newDigest(), newDigest()
		t.Rows(want.row)
		columns := append(append([]string{}, t.Texts...), t.Numbers...)
		texts, numbers := make([]string, len(t.Texts)), make([]float64, len(t.Numbers))
		if err := folder.Rows(ctx, file, columns, nil, func(s cells.Sheet) {
			for k := range texts {
				texts[k] = string(s.Text(k))
			}
			for k := range numbers {
				numbers[k], _ = s.Number(len(texts) + k)
			}
			got.row(texts, numbers...)
		}); err != nil {
			return err
		}
		if n := len(folder.Problems.List); n > 0 {
			v.fail("%v", folder.Problems)
			return nil
		}
		if string(got.sum.Sum(nil)) != string(want.sum.Sum(nil)) {
			v.fail("%s: %d rows are not the %d that its columns say", file, got.rows, want.rows)
		}
		v.Tables++
	}
	return nil
}

// digest is a hash of rows.
type digest struct {
	sum  hash.Hash
	line []byte
	rows int
}

func newDigest() *digest { return &digest{sum: sha256.New()} }

func (d *digest) row(texts []string, numbers ...float64) {
	d.line = d.line[:0]
	for _, t := range texts {
		d.line = binary.AppendUvarint(d.line, uint64(len(t)))
		d.line = append(d.line, t...)
	}
	for _, v := range numbers {
		d.line = binary.LittleEndian.AppendUint64(d.line, math.Float64bits(v))
	}
	d.sum.Write(d.line)
	d.rows++
}
