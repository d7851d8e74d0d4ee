package economy

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"maps"
	"math"
	"path"
	"slices"

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
type PlanWriter struct {
	w     writer
	files map[string]string
}

// NewPlanWriter begins a plan with tables in a format. create is as for Economy.Write.
func NewPlanWriter(create func(file string) (io.WriteCloser, error), format Format) *PlanWriter {
	w := &PlanWriter{files: map[string]string{}}
	w.w = writer{format: format, create: func(file string) (io.WriteCloser, error) {
		f, err := create(file)
		if err != nil {
			return nil, err
		}
		return &hashed{f, sha256.New(), func(sum string) { w.files[file] = sum }}, nil
	}}
	return w
}

// hashed is a file that tells the SHA-256 of what was written to it when it is closed.
type hashed struct {
	io.WriteCloser
	sum  hash.Hash
	tell func(sum string)
}

func (h *hashed) Write(b []byte) (int, error) {
	n, err := h.WriteCloser.Write(b)
	h.sum.Write(b[:n])
	return n, err
}

func (h *hashed) Close() error {
	h.tell(hex.EncodeToString(h.sum.Sum(nil)))
	return h.WriteCloser.Close()
}

// Err returns the first error.
func (w *PlanWriter) Err() error { return w.w.err }

// Files returns the SHA-256 of the files written so far, in hexadecimal, by name.
func (w *PlanWriter) Files() map[string]string { return maps.Clone(w.files) }

// Summary writes plan.json. It comes last, as it tells the hashes of all others.
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

// CheckFiles holds the files of a written plan to the hashes that its plan.json states. It returns the
// folder with nothing in it but those, for all that is read after, and what is wrong.
func CheckFiles(ctx context.Context, files fs.FS, stated map[string]string) (only fs.FS, wrong []string, err error) {
	wrong = []string{}
	for _, name := range slices.Sorted(maps.Keys(stated)) {
		if !fs.ValidPath(name) || path.Base(name) != name || name == "." {
			wrong = append(wrong, fmt.Sprintf("%s: states the SHA-256 of %q, expected the name of a file beside it", summaryFile, name))
			continue
		}
		switch got, err := hashFile(ctx, files, name); {
		case errors.Is(err, fs.ErrNotExist):
			wrong = append(wrong, fmt.Sprintf("%s: found no such file, expected one that %s names", name, summaryFile))
		case err != nil:
			return nil, wrong, fmt.Errorf("%s: %w", name, err)
		case got != stated[name]:
			wrong = append(wrong, fmt.Sprintf("%s: its SHA-256 is %s, stated is %q", name, got, stated[name]))
		}
	}
	return listed{files, stated}, wrong, nil
}

// listed is a folder of which only files with a stated hash can be seen.
type listed struct {
	files  fs.FS
	stated map[string]string
}

func (l listed) Open(name string) (fs.File, error) {
	if _, is := l.stated[name]; !is {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return l.files.Open(name)
}

// hashFile returns the SHA-256 of a file, in hexadecimal.
func hashFile(ctx context.Context, files fs.FS, name string) (string, error) {
	f, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum, part := sha256.New(), make([]byte, 1<<16)
	for {
		n, err := f.Read(part)
		sum.Write(part[:n])
		if err == io.EOF {
			return hex.EncodeToString(sum.Sum(nil)), nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return "", err
		}
	}
}

// vectorRoom is how many figures room is made for before they are read: what a plan.json states asks for no more.
const vectorRoom = 1 << 26

// ReadVector reads a table of one figure per row, of which there have to be n.
// Mistakes go to the folder's problems.
func ReadVector(ctx context.Context, folder cells.Folder, file string, n int) ([]float64, error) {
	v := make([]float64, 0, min(n, vectorRoom))
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
