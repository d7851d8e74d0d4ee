package cells

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
)

// perTechnique is how many cells a technique has, as in economies of some 10^4 products.
const perTechnique = 250

// benchCells is how many cells are written and read: BREMEN_CELLS, or 10^7.
func benchCells() int {
	if n, err := strconv.Atoi(os.Getenv("BREMEN_CELLS")); err == nil {
		return n
	}
	return 10_000_000
}

var benchFormats = []string{"table.csv", "table.parquet"}

// BenchmarkWrite writes a table of techniques, items and values.
func BenchmarkWrite(b *testing.B) {
	for _, file := range benchFormats {
		b.Run(filepath.Ext(file)[1:], func(b *testing.B) {
			n := benchCells()
			codes := benchCodes(n / perTechnique)
			before, _ := usage()
			for b.Loop() {
				writeBench(b, filepath.Join(b.TempDir(), file), n, codes)
			}
			report(b, n, before)
		})
	}
}

// BenchmarkRead reads such a table into a sparse matrix.
func BenchmarkRead(b *testing.B) {
	for _, file := range benchFormats {
		b.Run(filepath.Ext(file)[1:], func(b *testing.B) {
			n, dir := benchCells(), b.TempDir()
			codes := benchCodes(n / perTechnique)
			writeBench(b, filepath.Join(dir, file), n, codes)
			numbers := NewCodes()
			for _, c := range codes {
				numbers.Add(c)
			}
			other := numbers.Reader()
			runtime.GC()
			before, _ := usage()
			for b.Loop() {
				folder := Folder{Files: os.DirFS(dir), Description: "bench", Problems: &Problems{}}
				c := NewCollector(len(codes), folder.Count(file))
				if err := folder.Rows(b.Context(), file, []string{"technique", "item", "value"}, nil, func(s Sheet) {
					j, known := s.Code(0, numbers)
					i, ok := s.Code(1, other)
					v, number := s.Number(2)
					if known && ok && number {
						c.Add(i, j, v)
					}
				}); err != nil || len(folder.Problems.List) > 0 {
					b.Fatal(err, folder.Problems)
				}
				m, err := c.Columns()
				if err != nil || len(m.Value) != len(codes)*perTechnique {
					b.Fatal(err)
				}
				var heap runtime.MemStats
				runtime.ReadMemStats(&heap)
				b.ReportMetric(float64(12*len(m.Value)+4*len(m.Start))/(1<<20), "MiB-result")
				b.ReportMetric(float64(heap.Sys)/(1<<20), "MiB-process")
			}
			report(b, n, before)
		})
	}
}

func benchCodes(n int) []string {
	codes := make([]string, n)
	for i := range codes {
		codes[i] = fmt.Sprintf("p%d", i)
	}
	return codes
}

// writeBench writes cells technique by technique, items ascending in each, the
// first ones most often: hubs.
func writeBench(b *testing.B, file string, n int, codes []string) {
	f, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	w := NewWriter(f, file, []string{"technique", "item"}, []string{"value"})
	row := make([]string, 2)
	for j, technique := range codes {
		item := -1
		for k := range perTechnique {
			at := (float64(k) + random.Float64()) / perTechnique
			item = max(item+1, int(at*at*float64(len(codes)-perTechnique)))
			row[0], row[1] = technique, codes[item]
			// Six significant digits, as tables have them.
			if err := w.Row(row, float64(1+random.IntN(999_999))/1e6); err != nil {
				b.Fatal(err, j)
			}
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/(1<<20), "MiB-file")
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// usage is what the process has used of the machine.
func usage() (seconds, mostMiB float64) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9, float64(u.Maxrss) / 1024
}

// report states the cells per second of processor time since before, which says
// more than the clock on a machine that others use too, and the most memory that the
// process has had.
func report(b *testing.B, n int, before float64) {
	seconds, most := usage()
	b.ReportMetric(float64(n)*float64(b.N)/(seconds-before)/1e6, "Mcells/cpu-s")
	b.ReportMetric(most, "MiB-most")
}
