package lp

import (
	"bytes"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
)

// economy is a made-up program of about ten entries a column: over periods,
// recipes take from and give to stocks that last, within capacities. It has
// nnz entries, more or less, and only capacities bound it.
func economy(nnz int, grow bool) *Problem {
	const periods, takes = 26, 8
	rng := rand.New(rand.NewPCG(1, 2))
	products := max(nnz/(periods*12), 2)
	p := &Problem{}
	if grow {
		p.Grow(2*products*periods, 2*products*periods, nnz*11/10)
	}
	for range products * periods {
		p.AddRow(0, 0) // balance
	}
	for range products * periods {
		p.AddRow(-Inf, 1000) // capacity
	}
	for t := range periods {
		for k := range products {
			p.AddColumn(rng.Float64(), 0, Inf) // a recipe
			p.Entry(t*products+k, 1)
			p.Entry((periods+t)*products+k, 1+rng.Float64())
			for range takes {
				p.Entry(t*products+rng.IntN(products), -rng.Float64()/takes)
			}
			p.AddColumn(0.01, 0, Inf) // what is kept
			p.Entry(t*products+k, -1)
			if t+1 < periods {
				p.Entry((t+1)*products+k, 0.99)
			}
		}
	}
	return p
}

const benchEntries = 1_000_000

func perEntry(b *testing.B, p *Problem) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(p.NNZ()), "ns/entry")
}

func BenchmarkBuild(b *testing.B) {
	for _, grow := range []bool{false, true} {
		name := "append"
		if grow {
			name = "grow"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var p *Problem
			for b.Loop() {
				p = economy(benchEntries, grow)
			}
			perEntry(b, p)
			arrays := 8 * (cap(p.Cost) + cap(p.Lower) + cap(p.Upper) + cap(p.Start) + cap(p.RowLower) + cap(p.RowUpper) + cap(p.Value))
			used := 8*(4*p.Cols()+2*p.Rows()+p.NNZ()) + 4*p.NNZ()
			b.ReportMetric(float64(arrays+4*cap(p.Index))/float64(used), "capacity/used")
			runtime.KeepAlive(p)
		})
	}
}

func BenchmarkCheckSolution(b *testing.B) {
	p := economy(benchEntries, true)
	s := &Solution{Col: ramp(p.Cols()), RowDual: ramp(p.Rows())}
	for b.Loop() {
		CheckSolution(p, s)
	}
	perEntry(b, p)
}

func BenchmarkImpliedBounds(b *testing.B) {
	p := economy(benchEntries, true)
	for b.Loop() {
		ImpliedBounds(p)
	}
	perEntry(b, p)
}

func BenchmarkSafeBound(b *testing.B) {
	p := economy(benchEntries, true)
	y := ramp(p.Rows())
	lower, upper := ImpliedBounds(p)
	for b.Loop() {
		SafeBound(p, y, nil, lower, upper)
	}
	perEntry(b, p)
}

func BenchmarkByRow(b *testing.B) {
	p := economy(benchEntries, true)
	for b.Loop() {
		p.ByRow()
	}
	perEntry(b, p)
}

func BenchmarkCompact(b *testing.B) {
	p := economy(benchEntries, true)
	for b.Loop() {
		p.Compact()
	}
	perEntry(b, p)
}

func BenchmarkFiles(b *testing.B) {
	p := economy(benchEntries/10, true)
	for _, f := range formats {
		var file bytes.Buffer
		if err := f.write(&file, p); err != nil {
			b.Fatal(err)
		}
		b.Run("Write"+f.name, func(b *testing.B) {
			b.SetBytes(int64(file.Len()))
			for b.Loop() {
				if err := f.write(io.Discard, p); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("Read"+f.name, func(b *testing.B) {
			b.SetBytes(int64(file.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.read(bytes.NewReader(file.Bytes()), "file"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// ramp returns figures of both signs that no simple sum cancels.
func ramp(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i%17)*0.1 - 0.3
	}
	return x
}
