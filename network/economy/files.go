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
	"iter"
	"math"

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

// PlanWriter writes the files of a plan. It keeps the first error; after it nothing is written.
type PlanWriter struct{ w writer }

// NewPlanWriter begins a plan with tables in a format. create is as for Economy.Write.
func NewPlanWriter(create func(file string) (io.WriteCloser, error), format Format) *PlanWriter {
	return &PlanWriter{writer{create: create, format: format}}
}

// Err returns the first error.
func (w *PlanWriter) Err() error { return w.w.err }

// Summary writes plan.json.
func (w *PlanWriter) Summary(s any) {
	w.w.file(summaryFile, func(out io.Writer) error {
		text, err := json.MarshalIndent(s, "", " ")
		if err == nil {
			_, err = out.Write(append(text, '\n'))
		}
		return err
	})
}

// Vector writes NAME.parquet, one figure per row.
func (w *PlanWriter) Vector(name string, v iter.Seq[float64]) {
	w.w.table(name, Parquet, nil, []string{"value"}, func(row func([]string, ...float64)) {
		for x := range v {
			row(nil, x)
		}
	})
}

// Table writes a table in the format.
func (w *PlanWriter) Table(t Table) { w.w.table(t.Name, w.w.format, t.Texts, t.Numbers, t.Rows) }

// ReadSummary reads plan.json.
func ReadSummary(files fs.FS, into any) error {
	f, err := files.Open(summaryFile)
	if err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, summaryMost)).Decode(into); err != nil {
		return fmt.Errorf("%s: %w", summaryFile, err)
	}
	return nil
}

// ReadVector reads a table of one figure per row, of which there have to be n.
// Mistakes go to the folder's problems.
func ReadVector(ctx context.Context, folder cells.Folder, file string, n int) ([]float64, error) {
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

// TableFile returns the file of a table of a plan, which is CSV or Parquet.
func TableFile(files fs.FS, name string) string {
	if _, err := fs.Stat(files, name+".csv"); err == nil {
		return name + ".csv"
	}
	return name + ".parquet"
}

// CompareTables holds the tables of a folder to what they should say. It returns how many
// were compared, and what is wrong.
func CompareTables(ctx context.Context, folder cells.Folder, tables []Table) (compared int, wrong []string, err error) {
	for _, t := range tables {
		file := TableFile(folder.Files, t.Name)
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
			return compared, wrong, err
		}
		if len(folder.Problems.List) > 0 {
			return compared, append(wrong, folder.Problems.Error()), nil
		}
		if string(got.sum.Sum(nil)) != string(want.sum.Sum(nil)) {
			wrong = append(wrong, fmt.Sprintf("%s: %d rows are not the %d that its columns say", file, got.rows, want.rows))
		}
		compared++
	}
	return compared, wrong, nil
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
