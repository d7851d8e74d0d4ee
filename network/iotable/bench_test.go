package iotable

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// bigProducts is the size that BREMEN_PRODUCTS overrides: the full figure is
// 1,000,000 products with 50 coefficients each.
func bigProducts(b *testing.B, otherwise int) int {
	n, err := strconv.Atoi(os.Getenv("BREMEN_PRODUCTS"))
	if err != nil {
		return otherwise
	}
	b.Logf("%d products, %d coefficients", n, 50*n)
	return n
}

func heapMiB() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// BenchmarkSolve measures the fixed point to 1e-9 on a generated table with 50
// coefficients per product and column sums from 0.3 to 0.7.
func BenchmarkSolve(b *testing.B) {
	a, y := generate(bigProducts(b, 100_000), 50, 0.3, 0.7, 1)
	b.Logf("table: %.0f MiB", float64(a.Bytes())/(1<<20))
	for _, m := range []Method{GMRES, Neumann} {
		b.Run(string(m), func(b *testing.B) {
			for b.Loop() {
				_, stats, err := Solve(context.Background(), a, y, Options{Method: m})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(stats.Products), "products/op")
				b.ReportMetric(stats.Residual*1e9, "residual/1e-9")
			}
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			b.ReportMetric(float64(memory.Sys)/(1<<20), "MiB-process")
		})
	}
}

// BenchmarkRead measures reading a table from CSV files.
func BenchmarkRead(b *testing.B) {
	n := bigProducts(b, 20_000)
	dir := b.TempDir()
	writeGenerated(b, dir, n)
	info, err := os.Stat(filepath.Join(dir, "use.csv"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	start, table := heapMiB(), (*Table)(nil)
	for b.Loop() {
		if table, _, err = Open(context.Background(), dir); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(table.Use.Nonzeros())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcells/s")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-process")
	b.ReportMetric(heapMiB()-start, "MiB-table")
	runtime.KeepAlive(table)
}

func writeGenerated(b *testing.B, dir string, n int) {
	a, y := generate(n, 50, 0.3, 0.7, 1)
	write := func(name, header string, rows func(w *bufio.Writer)) {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			b.Fatal(err)
		}
		w := bufio.NewWriterSize(f, 1<<20)
		fmt.Fprintln(w, header)
		rows(w)
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
	write(descriptionFile, "table: big", func(w *bufio.Writer) {
		fmt.Fprint(w, `year: 2020
unit: t
figures: per-unit
sectors: {file: sectors.csv, code: code, output: output}
use: {file: use.csv, commodity: commodity, industry: industry, value: value}
final_demand: {file: final_demand.csv, commodity: commodity, value: value}
`)
	})
	write("sectors.csv", "code,output", func(w *bufio.Writer) {
		for i := range n {
			fmt.Fprintf(w, "P%07d,1\n", i)
		}
	})
	write("final_demand.csv", "commodity,value", func(w *bufio.Writer) {
		for i, v := range y {
			fmt.Fprintf(w, "P%07d,%.6g\n", i, v)
		}
	})
	write("use.csv", "commodity,industry,value", func(w *bufio.Writer) {
		var line []byte
		for i := range n {
			cols, values := a.Row(i)
			for k, c := range cols {
				line = fmt.Appendf(line[:0], "P%07d,P%07d,%.6g\n", i, c, values[k])
				if _, err := w.Write(line); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
