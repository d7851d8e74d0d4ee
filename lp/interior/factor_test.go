package interior

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// quasidefinite is a matrix with the pattern of a graph whose diagonal blocks
// of negative and of other vertices are definite.
type quasidefinite struct {
	g        *graph
	negative []bool // per vertex
	dense    *mat.SymDense
}

func drawMatrix(g *graph, r *rand.Rand) *quasidefinite {
	n := g.vertices()
	q := &quasidefinite{g: g, negative: make([]bool, n), dense: mat.NewSymDense(n, nil)}
	share := r.IntN(4)
	for v := range n {
		q.negative[v] = r.IntN(4) < share
	}
	sum := make([]float64, n) // of what stands beside the diagonal in the vertex's own block
	for v := range n {
		for _, u := range g.adj[g.start[v]:g.start[v+1]] {
			if int(u) >= v {
				continue
			}
			a := r.NormFloat64()
			q.dense.SetSym(v, int(u), a)
			if q.negative[v] == q.negative[u] {
				sum[v] += math.Abs(a)
				sum[u] += math.Abs(a)
			}
		}
	}
	for v := range n {
		d := sum[v] + 0.1 + r.Float64()
		if q.negative[v] {
			d = -d
		}
		q.dense.SetSym(v, v, d)
	}
	return q
}

// factored returns the matrix's decomposition.
func (q *quasidefinite) factored(threads int) *factor {
	sy := analyse(q.g)
	negative := make([]bool, sy.n)
	for v, is := range q.negative {
		negative[sy.inverse[v]] = is
	}
	f := newFactor(sy, negative, threads)
	q.refactor(f)
	return f
}

func (q *quasidefinite) refactor(f *factor) {
	q.put(f)
	f.decompose()
}

// put puts the matrix where it is factored.
func (q *quasidefinite) put(f *factor) {
	clear(f.val)
	for v := range f.sy.n {
		f.val[f.sy.at(int32(v), int32(v))] = q.dense.At(v, v)
		for _, u := range q.g.adj[q.g.start[v]:q.g.start[v+1]] {
			f.val[f.sy.at(int32(v), u)] = q.dense.At(v, int(u))
		}
	}
}

// product returns L·D·Lᵀ in the vertices' own order.
func (f *factor) product() *mat.Dense {
	n := f.sy.n
	l, d := mat.NewDense(n, n, nil), mat.NewDiagDense(n, slices.Clone(f.pivot))
	for s := range f.sy.nodes {
		node := &f.sy.nodes[s]
		for k := range node.width {
			col := f.val[node.at+k*len(node.rows) : node.at+(k+1)*len(node.rows)]
			l.Set(node.first+k, node.first+k, 1)
			for i := k + 1; i < len(node.rows); i++ {
				l.Set(int(node.rows[i]), node.first+k, col[i])
			}
		}
	}
	var ld, whole mat.Dense
	ld.Mul(l, d)
	whole.Mul(&ld, l.T())
	out := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			out.Set(int(f.sy.perm[i]), int(f.sy.perm[j]), whole.At(i, j))
		}
	}
	return out
}

// solved returns the solution for b in the vertices' own order.
func (f *factor) solved(b []float64) []float64 {
	x, out := make([]float64, len(b)), make([]float64, len(b))
	for v, i := range f.sy.inverse {
		x[i] = b[v]
	}
	f.solve(x)
	for v, i := range f.sy.inverse {
		out[v] = x[i]
	}
	return out
}

func TestFactor(t *testing.T) {
	t.Parallel()
	bySomeGraph(t, func(t rapid.TB, g *graph) {
		n := g.vertices()
		if n == 0 {
			return
		}
		r := rand.New(rand.NewPCG(uint64(n), uint64(len(g.adj))))
		q := drawMatrix(g, r)
		f := q.factored(1)
		if f.skipped > 0 {
			t.Errorf("%d pivots vanished", f.skipped)
		}
		for v, is := range q.negative {
			if d := f.pivot[f.sy.inverse[v]]; d < 0 != is {
				t.Errorf("pivot of vertex %d is %v, negative is %v", v, d, is)
			}
		}
		if p := f.product(); !mat.EqualApprox(p, q.dense, 1e-9) {
			t.Error("L·D·Lᵀ is another matrix")
		}
		b := make([]float64, n)
		for i := range b {
			b[i] = r.NormFloat64()
		}
		var want mat.VecDense
		if err := want.SolveVec(q.dense, mat.NewVecDense(n, b)); err != nil {
			t.Fatal(err)
		}
		if got := f.solved(b); !mat.EqualApprox(mat.NewVecDense(n, got), &want, 1e-8*(1+mat.Norm(&want, math.Inf(1)))) {
			t.Errorf("solution %v, want %v", got, mat.Formatted(&want))
		}
		first := slices.Clone(f.val)
		q.refactor(f) // nothing is left of the time before
		sameBits(t, "factor the second time", lowerOf(f, f.val), lowerOf(f, first))
	})
}

// lowerOf returns the entries of a factor's values that mean something.
func lowerOf(f *factor, val []float64) []float64 {
	var out []float64
	for s := range f.sy.nodes {
		node := &f.sy.nodes[s]
		for k := range node.width {
			out = append(out, val[node.at+k*len(node.rows)+k:node.at+(k+1)*len(node.rows)]...)
		}
	}
	return out
}

func TestChildrenAndRelativeRows(t *testing.T) {
	t.Parallel()
	bySomeGraph(t, func(t rapid.TB, g *graph) {
		sy := analyse(g)
		f := newFactor(sy, make([]bool, sy.n), 1)
		seen := 0
		for s, list := range f.children {
			if !slices.IsSorted(list) {
				t.Errorf("supernode %d: children %v do not ascend", s, list)
			}
			for _, c := range list {
				seen++
				child := &sy.nodes[c]
				if child.parent != int32(s) || len(f.relative[c]) != len(child.below()) {
					t.Fatalf("supernode %d: child %d has the parent %d and %d rows below, placed are %d", s, c, child.parent, len(child.below()), len(f.relative[c]))
				}
				for k, at := range f.relative[c] {
					if sy.nodes[s].rows[at] != child.below()[k] {
						t.Errorf("supernode %d: row %d of child %d is taken for %d", s, child.below()[k], c, sy.nodes[s].rows[at])
					}
				}
			}
		}
		roots := 0
		for s := range sy.nodes {
			if sy.nodes[s].parent < 0 {
				roots++
			}
		}
		if seen+roots != len(sy.nodes) {
			t.Errorf("%d children and %d roots of %d supernodes", seen, roots, len(sy.nodes))
		}
	})
}

// The fronts are large enough for threads to share them.
func TestFactorGivesTheSameBitsWithAnyThreadsAndKernel(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	matrices := []*quasidefinite{drawMatrix(clique(220), r), drawMatrix(scattered(500, 4, 2, 8), r)}
	var plain [][]float64
	each(t, func(t *testing.T) {
		for i, q := range matrices {
			f := q.factored(1)
			if n := f.sy.largest; n*n*narrow < parallelWork/2 {
				t.Fatalf("the largest front has %d rows only", n)
			}
			if p := f.product(); !mat.EqualApprox(p, q.dense, 1e-8) {
				t.Error("L·D·Lᵀ is another matrix")
			}
			if len(plain) == i {
				plain = append(plain, lowerOf(f, f.val))
			}
			sameBits(t, "factor", lowerOf(f, f.val), plain[i])
			for _, n := range []int{2, 3} {
				more := q.factored(n)
				sameBits(t, "factor by more threads", lowerOf(more, more.val), plain[i])
				sameBits(t, "pivots by more threads", more.pivot, f.pivot)
			}
		}
	})
}

// A pivot that vanishes, or has the wrong sign, makes its unknown zero.
func TestPivotsThatVanish(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		negative bool
		diagonal float64
		skipped  int
	}{
		{"positive", false, 2, 0},
		{"zero", false, 0, 1},
		{"of the wrong sign", false, -2, 1},
		{"negative", true, -2, 0},
		{"zero instead of negative", true, 0, 1},
		{"no number", false, math.NaN(), 1},
	} {
		f := newFactor(analyse(graphOf(1, nil)), []bool{c.negative}, 1)
		f.val[0] = c.diagonal
		f.decompose()
		want := 0.0
		if c.skipped == 0 {
			want = 3 / c.diagonal
		}
		x := []float64{3}
		f.solve(x)
		if f.skipped != c.skipped || math.Abs(x[0]-want) > 1e-100 {
			t.Errorf("%s: %d pivots vanished, solution %v; want %d, %v", c.name, f.skipped, x[0], c.skipped, want)
		}
	}
	// Two rows that are one: the second pivot vanishes, the first one's equation holds.
	q := &quasidefinite{g: graphOf(2, [][2]int{{0, 1}}), negative: make([]bool, 2), dense: mat.NewSymDense(2, []float64{4, 4, 4, 4})}
	f := q.factored(1)
	if x := f.solved([]float64{8, 8}); f.skipped != 1 || math.Abs(4*x[0]+4*x[1]-8) > 1e-12 {
		t.Errorf("%d pivots vanished, solution %v", f.skipped, x)
	}
}

// The systems of a step hold for both kinds of columns, kept and eliminated.
func TestNewton(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		p, _ := drawProgram(r)
		f := newForm(p)
		w := newNewton(f, 1)
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		for j := range w.d {
			w.d[j], w.h[j] = math.Ldexp(1, rnd.IntN(12)-6), rnd.NormFloat64()
		}
		for i := range w.e {
			w.e[i], w.g[i] = math.Ldexp(1, rnd.IntN(12)-6), rnd.NormFloat64()
		}
		w.prepare()
		if q := w.solve(); q > 1e-9 {
			r.Errorf("residual %v", q)
		}
		ax, size := make([]float64, f.m), 1.0
		f.times(w.dx, ax)
		for _, v := range slices.Concat(w.dx, w.dy) {
			size = max(size, math.Abs(v))
		}
		for j := range w.d { // with what is added to the diagonals
			if got := f.column(j, w.dy) - (w.d[j]+w.regularD)*w.dx[j]; math.Abs(got-w.h[j]) > 1e-10*size {
				r.Errorf("column %d: %v, want %v", j, got, w.h[j])
			}
		}
		for i := range w.e {
			if got := ax[i] + (w.e[i]+regularE)*w.dy[i]; math.Abs(got-w.g[i]) > 1e-10*size {
				r.Errorf("row %d: %v, want %v", i, got, w.g[i])
			}
		}
	})
}
