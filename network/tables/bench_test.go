package tables

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"
	"testing/fstest"

	"bremen/network"
)

// million is a folder with a table of 10^6 needs, and what they refer to.
func million(rows int) fstest.MapFS {
	var agents, products, needs bytes.Buffer
	agents.WriteString("id,persons\n")
	products.WriteString("id,unit\n")
	needs.WriteString("agent,what,quantity,unit,per_person,periods,urgency,source\n")
	const groups = 1000
	for i := range groups {
		fmt.Fprintf(&agents, "g%04d,%d\n", i, 20+i%50)
		fmt.Fprintf(&products, "product_%04d,kg\n", i)
	}
	for i := range rows {
		fmt.Fprintf(&needs, "g%04d,product_%04d,%d.%03d,kg,yes,1-12,important,survey:%d\n", i/groups%groups, i%groups, i%17, i%1000, i%40)
	}
	return fstest.MapFS{
		"network.yaml": {Data: []byte("network: million\ncalendar: {start: 2027-01-04, periods: 12}\n")},
		"agents.csv":   {Data: agents.Bytes()}, "products.csv": {Data: products.Bytes()}, "needs.csv": {Data: needs.Bytes()},
	}
}

func BenchmarkReadMillionRows(b *testing.B) {
	const rows = 1_000_000
	folder := million(rows)
	b.SetBytes(int64(len(folder["needs.csv"].Data)))
	b.ReportAllocs()
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		n, err := ReadFS(folder)
		if err != nil || len(n.Needs) != rows {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/rows, "kept-B/row")
		runtime.KeepAlive(n)
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkParseMillionRows reads the rows alone, without defaults and validation.
func BenchmarkParseMillionRows(b *testing.B) {
	const rows = 1_000_000
	text := million(rows)["needs.csv"].Data
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r := newReader()
		f := csvFile{name: "needs.csv", table: network.TableNamed("needs"), problems: &r.problems, cells: r.cells, broken: r.broken}
		if err := f.read(bytes.NewReader(text), r.n, r.names); err != nil || len(r.n.Needs) != rows {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkWriteMillionRows(b *testing.B) {
	const rows = 1_000_000
	n, err := ReadFS(million(rows))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := WriteCSV(io.Discard, network.TableNamed("needs"), n); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkHashMillionRows(b *testing.B) {
	n, err := ReadFS(million(1_000_000))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		network.Hash(n)
	}
}

func BenchmarkReadExamples(b *testing.B) {
	folders := examples(b)
	for b.Loop() {
		for _, folder := range folders {
			if _, err := Read(folder); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkReadWorkbook100kRows(b *testing.B) {
	n, err := ReadFS(million(100_000))
	if err != nil {
		b.Fatal(err)
	}
	var book bytes.Buffer
	if err := WriteWorkbook(&book, n); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ReadWorkbook(bytes.NewReader(book.Bytes()), "x.xlsx"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
