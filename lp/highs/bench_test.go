package highs

import (
	"testing"

	"bremen/lp"
	"bremen/lp/lptest"
)

func each(b *testing.B, f func(b *testing.B, engine string)) {
	for _, e := range engines() {
		b.Run(e, func(b *testing.B) { f(b, e) })
	}
}

func BenchmarkCompile(b *testing.B) {
	each(b, func(b *testing.B, e string) {
		for b.Loop() {
			s, err := New(Options{Engine: e, NoCache: true})
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
	})
}

func BenchmarkLoadCompiled(b *testing.B) {
	each(b, func(b *testing.B, e string) {
		o := Options{Engine: e, Cache: b.TempDir()}
		load := func() {
			s, err := New(o)
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
		load()
		for b.Loop() {
			load()
		}
	})
}

func BenchmarkInstance(b *testing.B) {
	each(b, func(b *testing.B, e string) {
		s := poolOf(b, e)
		for b.Loop() {
			in, err := newInstance(s.engine, s.memory)
			if err != nil {
				b.Fatal(err)
			}
			in.close()
		}
	})
}

func BenchmarkPass(b *testing.B) {
	p := lptest.Planning(100, 5, 8, 1)
	each(b, func(b *testing.B, e string) {
		s := poolOf(b, e)
		b.SetBytes(int64(12 * p.NNZ()))
		for b.Loop() {
			in, err := newInstance(s.engine, s.memory)
			if err == nil {
				err = in.pass(p)
			}
			if err != nil {
				b.Fatal(err)
			}
			in.close()
		}
	})
}

func BenchmarkSolve(b *testing.B) {
	small, _ := lptest.Random(5, 8, 1)
	for _, c := range []struct {
		name string
		p    *lp.Problem
		m    lp.Method
	}{
		{"tiny simplex", small, lp.Simplex},
		{"4k entries simplex", lptest.Planning(40, 3, 4, 1), lp.Simplex},
		{"4k entries interior", lptest.Planning(40, 3, 4, 1), lp.Interior},
		{"35k entries simplex", lptest.Planning(100, 5, 8, 1), lp.Simplex},
		{"35k entries interior", lptest.Planning(100, 5, 8, 1), lp.Interior},
	} {
		b.Run(c.name, func(b *testing.B) {
			each(b, func(b *testing.B, e string) {
				for b.Loop() {
					solve(b, poolOf(b, e), c.p, lp.Options{Method: c.m})
				}
			})
		})
	}
}

func BenchmarkSessionStep(b *testing.B) {
	s := openSession(b, lptest.Planning(40, 3, 4, 1))
	solve(b, s2{s}, nil, lp.Options{Method: lp.Simplex})
	p := s.Problem()
	for i := 0; b.Loop(); i++ {
		s.SetRow(i%p.Rows(), p.RowLower[i%p.Rows()]-1e-6, p.RowUpper[i%p.Rows()])
		solve(b, s2{s}, nil, lp.Options{Method: lp.Simplex})
	}
}
